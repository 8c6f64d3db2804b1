/* What people want, and who does the work: the use cases behind consent, unsubscribe, pause, resume, note, and staff leave
 * and return. Each is one transaction with its line in the audit log; each plans anew what it touches. */
#ifndef PPS_WISHES_H
#define PPS_WISHES_H

#include <pps/service.h>
#include <pps/store_wishes.h>

/* ---- whose address is it? ---- */

/* A client with their addresses, or an address that was typed, whoever has it. */
struct addressee {
    struct client client; /* id 0: an address was typed */
    char *email, *phone;  /* NULL: none */
    struct client_list
        holders; /* the clients that have one of these addresses, the one above not among them */
};
void addressee_fini(struct addressee *addressee);
/* An e-mail address, a phone number, or whatever lookup_client takes. */
enum rc service_addressee(const struct desk *desk, const char *words, struct addressee *ret,
                          struct err *err) MUST_CHECK;

/* ---- consent ---- */

/* A word of theirs, as typed. */
struct word {
    const char *verb;        /* for the log: "consent", "unsubscribe" */
    const char *channel;     /* "email", "sms" or "all"; NULL: all there are */
    bool service, marketing; /* what it is about */
    bool given;
    const char *source; /* where it comes from */
};
struct word_outcome {
    struct addressee addressee;
    struct consent_list recorded; /* the new rows */
    int stopped;                  /* so many messages that waited will not go now */
    int back;                     /* so many that were stopped will go after all */
    struct id_list on_their_way;  /* handed over just now: they may still arrive */
};
void word_outcome_fini(struct word_outcome *outcome);
enum rc service_word(const struct desk *desk, const char *who, const struct word *word,
                     struct word_outcome *ret, struct err *err) MUST_CHECK;

/* ---- pauses and notes ---- */

enum { PAUSE_DAYS = 14, REPLIED_DAYS = 7 };

/* What a pause keeps back, or lets go again. */
struct kept {
    int messages, calls; /* calls: with visits and whatever else people do */
};
struct pause_outcome {
    struct client client;           /* as it is now */
    civil_day was_until;            /* of a pause that was longer or shorter before; CIVIL_NONE: there was none */
    char *was_reason;               /* the same; NULL: none, or it is still the reason */
    struct kept waiting;            /* is kept back by it */
    struct kept back;               /* goes again */
    struct id_list ended;           /* lost sales whose series has ended */
    int64_t occasion_id, action_id; /* of a note: what it is about; 0: the client */
};
void pause_outcome_fini(struct pause_outcome *outcome);
/* until NULL: PAUSE_DAYS from today; RC_REJECTED when they are paused already. With a day the pause that there is gets it,
 * and keeps its reason unless there is a new one. */
enum rc service_pause(const struct desk *desk, const char *who, const char *until,
                      const char *reason, struct pause_outcome *ret, struct err *err) MUST_CHECK;
enum rc service_resume(const struct desk *desk, const char *who, struct pause_outcome *ret,
                       struct err *err) MUST_CHECK;
/* Before every tick: what a pause that is over has kept back goes on, if there is still time for it. */
enum rc service_end_pauses(const struct desk *desk, struct err *err) MUST_CHECK;
/* what: a client, an occasion (T34 …) or an action. replied: they have answered and a person takes over, so marketing
 * pauses for REPLIED_DAYS, and an open series about a lost sale ends. */
enum rc service_note(const struct desk *desk, const char *what, const char *words, bool replied,
                     struct pause_outcome *ret, struct err *err) MUST_CHECK;

/* ---- staff ---- */

/* A lost sale that does not go to whoever takes over, because they failed to sell. */
struct other_heir {
    char *login; /* who has it now; NULL: nobody */
    int n;
};
struct handover {
    struct staff who, to;  /* to.id 0: nobody */
    struct other_heir *others;
    size_t n_others, cap_others;
    int moved[KIND_COUNT]; /* occasions by kind, those of `others` as well */
    int things;
    bool last_of_role; /* nobody of their role is left, and letters are signed by it */
};
void handover_fini(struct handover *handover);
/* to NULL: what was theirs is nobody's. Who has left already needs a `to`: it takes what is nobody's since. */
enum rc service_staff_leave(const struct desk *desk, const char *login, const char *to,
                            struct handover *ret, struct err *err) MUST_CHECK;
enum rc service_staff_return(const struct desk *desk, const char *login, struct staff *ret,
                             struct err *err) MUST_CHECK;

#endif
