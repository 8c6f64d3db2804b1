/* Planning: dates + playbook + zone + working calendar -> actions. A pure function.
 *
 * For each step, in the playbook's order:
 *   0. the conditions: `only_if`, `unless`, `once_days`, and whether it may be signed;
 *   1. the channel: the step's own, or the first of `otherwise` by which the client can be reached and may be written to;
 *   2. the window: not before `not_before`, not after `not_after`, and no later than its grace;
 *   3. the moment: `at`, moved up to the window's start and to a working day; else `or_at`;
 *   4. when the moment has gone, or none fits: `if_late` says skip, send now, or merge;
 *   5. what stands in the way for now: a complaint, a pause, a word that a person has to give.
 * The same input always gives the same plan. */
#ifndef PPS_TIMELINE_H
#define PPS_TIMELINE_H

#include <pps/decent.h>
#include <pps/model.h>
#include <pps/playbook.h>
#include <pps/workcal.h>
#include <pps/zone.h>

enum plan_verdict {
    PLAN_ACTIVE,  /* to be done at due_at */
    PLAN_DROPPED, /* not to be done; reason says why */
    PLAN_MERGED,  /* its words go into merged_into */
    PLAN_WAITING, /* its anchor has no date yet (the visit is not agreed) */
    PLAN_HELD,       /* to be done, but not now: a complaint is open, or a person has to approve it */
    PLAN_SUPPRESSED, /* a message that the client does not want */
};

struct plan_item {
    const struct step *step; /* of the given playbook */
    const struct zone *zone; /* of local_due */
    int occurrence;          /* 0, or the number of a repetition */
    struct civil anchor_at;  /* the date from which it was planned */
    enum plan_verdict verdict;
    enum channel channel;
    struct civil local_due;
    int64_t due_at, expires_at; /* expires_at 0: never */
    enum channel fallback_channel;
    int64_t fallback_at; /* 0: none */
    int64_t not_after;   /* the end of its window; INT64_MAX: none */
    int64_t
        end; /* until when it makes sense by its step, whatever day a person chose; INT64_MAX: none, 0: nobody asked */
    bool postponed;      /* entered late: it was given a day of its own */
    bool moved;          /* a person put it off until then */
    enum cause hold; /* what keeps a message back, also one that is due already; CAUSE_NONE: nothing */
    char *hold_reason;   /* in words; NULL: nothing */
    bool late;           /* its regular moment was gone: decided by the step's if_late */
    bool comes_back;     /* it was missed, and its new hour, which has begun, lies after the one that was missed */
    enum cause cause;
    char *reason; /* one line for people; NULL when there is nothing to say */
};

struct plan {
    struct plan_item *items;
    size_t n;
};

/* What was planned of a step before: the last time, if it was planned more than once. */
struct plan_past {
    const char *step;
    int occurrence;
    bool over;              /* sent, done, decided: left alone, but for what is done again when its date moves */
    struct civil anchor_at; /* the date from which it was planned; day CIVIL_NONE: not known */
    struct civil moved_to;  /* a person put it off until then; day CIVIL_NONE: nobody did */
    bool approved;          /* a person has allowed it */
    bool known; /* open again, for dates that the client has been told before */
    bool held;              /* a person holds it back */
    bool refused;           /* the client has refused it */
    int64_t missed_due;     /* its time has passed unsent, and this is when it was due; 0: it was not missed */
};

/* Another trip of the client, or the one that was lost: from the departure to the return. */
struct plan_span {
    civil_day from, to;
};

/* The journeys that keep back what is about `here`: their other trips, and, of a lost sale, where they went instead of with
 * us. `all` are the n occasions of the client; ret has room for n + 1. How many there are. */
size_t plan_away(const struct occasion *here, const struct occasion *all, size_t n,
                 struct plan_span *ret);
/* The first day from `day` on that is in none of these journeys. */
civil_day plan_home_from(const struct plan_span *away, size_t n, civil_day day);

/* A step that the client has had about another occasion, and when. */
struct plan_had {
    char *step;
    int64_t at;
    bool ahead; /* they will have it, about this occasion: */
    enum kind kind;
    int64_t occasion_id;
};

struct plan_input {
    const struct playbook *playbook;
    enum kind kind;
    const struct zone *zone;
    const struct zone *departure_zone; /* where the trip starts; NULL: at home */
    /* The agency's own clock, by which people work; NULL: the same as `zone`. `calling` are its hours for calls (to 0: any),
     * `ringing` those at which a telephone may ring at the client's. */
    const struct zone *agency_zone;
    struct decent_hours calling, ringing;
    const struct zone *home_zone; /* where the client lives while `zone` is that of one step; plan_make sets it */
    const struct workcal *calendar;
    civil_day agency_today; /* in the agency's zone, which is the one of the purchase */
    struct civil when[ANCHOR_COUNT]; /* day CIVIL_NONE: no such date yet */
    bool has_phone, has_email;              /* by which the client can be reached */
    bool no_sms;                            /* the phone takes none */
    bool phone_wrong; /* there is a number, but it is somebody else's: only for the words */
    unsigned facts;           /* FACT_BITs */
    bool settling;            /* a complaint is called solved, and they are still to be asked whether it is */
    bool turned_down;         /* a complaint about this trip was rejected */
    unsigned denied[2];       /* by enum step_class: 1 << channel for each by which the client is not to be written to */
    unsigned unasked;         /* 1 << channel for each that is denied to marketing only because nobody has asked them */
    civil_day paused_until;   /* CIVIL_NONE: no pause */
    unsigned refused_signers; /* 1 << role for each whose holder may not sign to this client */
    unsigned waiting_signers; /* the same, for marketing, as long as the series after a lost sale lasts: */
    int64_t lost_id;          /* that one; 0: none */
    const char *product;
    const char *greeting; /* of a greeting: for which occasion; "birthday" … */
    const struct plan_span *away;
    size_t n_away;
    int64_t now;
    const struct plan_past *past;
    size_t n_past;
    const struct plan_had *had;
    size_t n_had;
};

/* Why a message is dropped that something kept back (`cause`, in words `reason`) until its time had passed. New string. */
char *plan_kept_words(enum cause cause, const char *reason);
/* Checks the dates (departure not before purchase nor more than three years after it, return not before departure nor more
 * than a year after it): RC_INVALID. */
enum rc plan_check_dates(civil_day purchase, struct civil departure, struct civil return_,
                         struct err *err) MUST_CHECK;
/* What is over is not in the result, but for what is done again. The dates must have passed plan_check_dates. */
void plan_make(const struct plan_input *in, struct plan *ret);
void plan_fini(struct plan *plan);

#endif
