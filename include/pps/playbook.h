/* The playbook: the timeline of the method as data. Pure: text in, values out.
 * docs/playbook.md describes the format for the people who edit it. */
#ifndef PPS_PLAYBOOK_H
#define PPS_PLAYBOOK_H

#include <stdbool.h>
#include <stddef.h>

#include <pps/err.h>
#include <pps/model.h>

/* A moment relative to one of the dates of an occasion. */
struct moment {
    bool set;
    enum anchor anchor;
    int days;        /* -366..366 */
    int16_t minute;  /* local time of day; MINUTE_NONE: at once / the agency's morning */
    bool has_offset; /* `minutes` was given: when the trip knows the hour of the anchor, the moment
                        is */
    int offset;      /* that hour plus `minutes`, and days and time are not used */
};

enum late_policy { LATE_SKIP, LATE_SEND_NOW, LATE_MERGE };
enum shift { SHIFT_NONE, SHIFT_LATER, SHIFT_EARLIER };
enum step_class { CLASS_SERVICE, CLASS_MARKETING };
/* What becomes of its message when no answer came and the gateway cannot tell. */
enum doubt_policy {
    DOUBT_ASK, /* a person decides */
    DOUBT_RESEND, /* the same bytes once more, while there is time: a second copy is better than none */
    DOUBT_ASSUME_SENT /* taken for sent: none is better than a second copy */
};

/* What is known of a client and an occasion when it is planned; steps may depend on it. */
enum fact {
    FACT_COMPLAINT,    /* a complaint of theirs is open */
    FACT_UNHAPPY,      /* their last answer about this trip, or a later one: NPS up to 6 or CSAT up to 3 */
    FACT_PROMOTER,     /* NPS 9 or 10, and not unhappy */
    FACT_RATED,        /* they have answered at all */
    FACT_PROMISED,     /* a day is promised by which it is to be solved */
    FACT_ASSIGNED,     /* somebody who has not left is responsible for what this is about */
    FACT_FIRST_TRIP,   /* they had none before */
    FACT_BOUGHT_AGAIN, /* a later trip of theirs is sold */
    FACT_TRAVELLING,   /* the day of the step lies in another trip of theirs */
    FACT_REMINDED,     /* a reminder of dates that have changed since had gone out */
    FACT_SOLVED,       /* the complaint that this is about is solved */
    FACT_ASKED_IN_WRITING, /* unhappy, and the call about it goes as a letter */
    FACT_REFUSED,      /* called or invited about this, they did not want to */
    FACT_COUNT
};
const char *fact_name(enum fact fact);  /* "complaint" "unhappy" … */
const char *fact_words(enum fact fact); /* "a complaint is open" … */
#define FACT_BIT(fact) (1u << (fact))

struct step {
    char *key;
    enum kind series; /* which occasions it belongs to */
    char *title;      /* for tables */
    struct step_words {
        char *lang, *words;
    } *titles; /* the same in other languages, for the list of the morning */
    size_t n_titles;
    char *column; /* short heading of the checklist's column */
    enum channel channel;
    enum channel otherwise[CHANNEL_COUNT]; /* tried in order when the client cannot be reached */
    size_t n_otherwise;
    struct moment at;    /* when it is due */
    struct moment or_at; /* tried when `at` does not fit between the bounds */
    struct moment not_before, not_after;
    int grace_days; /* how late it may still go: until grace_minute, so many days after it was due
                     */
    int16_t grace_minute; /* default 21:00 */
    bool expires;         /* people's work need not */
    enum late_policy if_late;
    char *merge_into;
    enum shift working_day;
    bool has_fallback;
    enum channel fallback_channel;
    struct moment fallback_at; /* the cut-off */
    enum role signed_by;
    enum step_class class;
    enum priority priority;        /* default: service; for marketing, loyalty */
    enum doubt_policy if_in_doubt; /* default: ask; for marketing, assume sent */
    unsigned only_if, unless;      /* FACT_BITs: all of them must hold; none of them may */
    bool approve;                  /* waits for a person's word when its day has come; */
    char **approve_products;       /* or does so only for trips of these products */
    size_t n_approve_products;
    bool again_if_moved; /* done once more when its date moves after it was done */
    unsigned letter_tells; /* ANCHOR_BITs of the dates whose days its letter states */
    bool waits_travelling; /* not while the client travels: it waits for the day after the return */
    bool departure_zone; /* its hours are those of the place where the trip starts */
    int tries;           /* of a call: how often it is tried; 1 to 9 */
    char *invites_to;    /* key of a step that is not asked for again when the client has refused this one */
    int once_days;       /* not to a client who has had it within so many days; 0: always */
    char *same_as;       /* key of a step that counts as this one for once_days; NULL: none */
    char *greeting;      /* of the series "greeting": "birthday", or the key of a holiday */
    struct product_days {
        char *product;
        int days;
    } *by_product; /* instead of at.days, for trips of such a product */
    size_t n_by_product;
};

/* A day on which clients are greeted: the same every year, or listed, because it moves. */
struct holiday {
    char *key;
    char *month_day;  /* "12-31", or NULL */
    civil_day *dates; /* in order */
    size_t n_dates;
};

struct playbook {
    char *name;
    struct step *steps;
    size_t n_steps;
    struct holiday *holidays;
    size_t n_holidays;
};

/* Errors: RC_INVALID "name:line:column: what is wrong". */
enum rc playbook_parse(const char *text, size_t len, const char *name, struct playbook *ret,
                       struct err *err) MUST_CHECK;
void playbook_fini(struct playbook *playbook);
/* The step's title for people who read this language. Borrowed. */
const char *step_title_in(const struct step *step, const char *lang);
/* Whether occasions of this kind have such a date. */
bool kind_has_anchor(enum kind kind, enum anchor anchor);
const struct step *playbook_step(const struct playbook *playbook, const char *key); /* or NULL */

#endif
