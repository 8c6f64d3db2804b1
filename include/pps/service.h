/* Services: the use cases. Each is one transaction, with its line in the audit log; each either
 * happens wholly or not at all. */
#ifndef PPS_SERVICE_H
#define PPS_SERVICE_H

#include <pps/clock.h>
#include <pps/colour.h>
#include <pps/config.h>
#include <pps/err.h>
#include <pps/model.h>
#include <pps/playbook.h>
#include <pps/store.h>
#include <pps/timeline.h>
#include <pps/zone.h>

/* Everything a use case needs; built by cli/, borrowed by all. */
struct desk {
    struct store *store;
    const struct config *config;
    const struct clock *clock;
    const struct zone *zone;   /* the agency's */
    const char *actor;         /* who acts: a login */
    const char *templates_dir; /* the agency's templates */
    int64_t batch; /* one command over several things, which undo takes back as a whole; 0: over one (desk_for_several) */
    struct troubles *troubles; /* of what is done for many, as before a tick; NULL: nobody has to be told */
};

int64_t desk_now(const struct desk *desk);
civil_day desk_today(const struct desk *desk); /* in the agency's zone */

/* ---- looking things up by what people type ---- */

/* "C12", an external id, a token of a letter, a phone number, or words of the name that fit exactly one client.
 * RC_NOTFOUND; RC_INVALID with the candidates when several fit. */
enum rc lookup_client(const struct desk *desk, const char *words, int64_t *ret_id,
                      struct err *err) MUST_CHECK;
/* The login of a person, new string; NULL: nobody. */
char *lookup_login(const struct desk *desk, int64_t staff_id);
/* "T34", or whatever lookup_client takes when that client has exactly one trip that is not over. */
enum rc lookup_trip(const struct desk *desk, const char *words, int64_t *ret_id,
                    struct err *err) MUST_CHECK;
/* What a token of ours says (<pps/token.h>) that came back in words: a link, an address, the subject of an answer. */
struct token_said {
    bool there;    /* words hold something of that form */
    bool returned; /* it is from the envelope of a letter, which could not be delivered */
    int64_t client_id;
    struct action action; /* of a letter that came back; else id 0 */
};
/* RC_INVALID when it is no token of this agency. */
enum rc lookup_token(const struct desk *desk, const char *words, struct token_said *ret,
                     struct err *err) MUST_CHECK;
void token_said_fini(struct token_said *said);
/* The same for any kind: "L35", "P37" … */
enum rc lookup_kind(const struct desk *desk, enum kind kind, const char *words, int64_t *ret_id,
                    struct err *err) MUST_CHECK;
/* "T34", "L35", "P37" …; a client stands for their trip. */
enum rc lookup_occasion(const struct desk *desk, const char *words, int64_t *ret_id,
                        struct err *err) MUST_CHECK;
/* "A156" or "T34/preflight"; also what a returned letter's envelope holds. */
enum rc lookup_action(const struct desk *desk, const char *words, struct action *ret,
                      struct err *err) MUST_CHECK;

/* An action with everything around it. */
struct case_file {
    struct action action;
    struct occasion occasion;
    struct client client;
    struct staff manager; /* id 0: nobody */
    const struct playbook *playbook; /* the store's own */
    const struct step *step; /* NULL when the playbook's version does not know it */
};
enum rc case_open(const struct desk *desk, const char *words, struct case_file *ret,
                  struct err *err) MUST_CHECK;
void case_fini(struct case_file *file);

/* The zone a client lives in. */
enum rc client_zone(const struct desk *desk, const struct client *client, const struct zone **ret,
                    struct err *err) MUST_CHECK;

/* ---- a sale ---- */

/* As typed; everything is checked here. NULL = not given. */
struct sale {
    int64_t
        client_id; /* add-trip: an existing client, and the client's fields below are not used */
    const char *name, *salutation, *phone, *email, *lang, *tz, *birthday, *client_note,
        *external_id;
    const char *gender; /* "female" "male" "unknown" */
    const char *purchase, *departure, *return_, *destination, *trip_note;
    const char *departure_tz, *product;
    const char *party; /* "2+1": adults and children */
    const char *manager;  /* login; NULL: the actor when they are on the staff */
    const char *referred_by; /* of a new client: who brought them; words for lookup_client */
    bool allow_duplicate; /* enter it although it looks like one that is there */
};
struct enrolment {
    struct occasion_file file;
    struct id_list won_back; /* lost sales that this one ends: they came back */
    size_t won_late;         /* so many of these, the last ones, had ended before */
    char *note; /* something the manager should know ("C3 has the same phone"), or NULL */
};
enum rc service_enrol(const struct desk *desk, const struct sale *sale, struct enrolment *ret,
                      struct err *err) MUST_CHECK;
void enrolment_fini(struct enrolment *enrolment);
/* Checks one answer by the rules of service_enrol, so that a question on a terminal can be asked
 * again at once. field is the option's name: "name", "phone", "departure" … An empty answer passes.
 */
enum rc sale_check_field(const struct desk *desk, const char *field, const char *text,
                         struct err *err) MUST_CHECK;

/* ---- changes ---- */

/* NULL = leave it; "" = empty it (where it may be empty). */
struct trip_change {
    const char *purchase, *departure, *return_, *destination, *note, *manager, *visit;
    const char *departure_tz, *product, *party;
    const char *sold_by; /* may have left; a new manager on the day of the sale sold it, too */
};
enum rc service_edit_trip(const struct desk *desk, int64_t occasion_id,
                          const struct trip_change *change, struct err *err) MUST_CHECK;
struct client_change {
    const char *name, *salutation, *phone, *email, *lang, *tz, *birthday, *note, *external_id;
    const char *gender;
};
enum rc service_edit_client(const struct desk *desk, int64_t client_id,
                            const struct client_change *change, struct err *err) MUST_CHECK;
/* When who reads `lang` reads no Cyrillic, and nobody has said how the client's name, or the trip's destination, reads in
 * other letters: what letters make of it, for whoever entered it. lang NULL: the agency's; client, trip NULL: it is not
 * asked. NULL: nothing is made up; else a new string. */
char *service_reader_note(const struct desk *desk, const char *lang, const struct client *client,
                          const struct occasion *trip);
/* What has to be planned anew because time has passed: before every tick. */
enum rc service_before_tick(const struct desk *desk, struct err *err) MUST_CHECK;
/* *ret_stopped: how many waiting actions were cancelled. */
enum rc service_cancel_trip(const struct desk *desk, int64_t occasion_id, const char *reason,
                            int *ret_stopped, struct err *err) MUST_CHECK;
/* By what the client was told last when they leave, on a day that is still ahead; NULL: by nothing. Borrowed. */
const struct action *service_told_departure(const struct desk *desk,
                                            const struct occasion_file *file);

/* ---- ticking off ---- */

struct tick_off {
    const char *outcome; /* NULL: reached / came */
    const char *note;
    const char *visit; /* the date agreed for the visit */
    const char *at;    /* later: when they want to be called */
    bool by_phone;     /* what the call invites to was talked over in it: no visit */
};
/* What came of ticking off. */
enum ticked {
    TICKED_OFF,  /* the work is closed */
    TICKED_OPEN, /* "no-answer" and the like leave it open */
    TICKED_AGAIN /* the same said of the same try: noted, and no other try counts */
};
enum rc service_done(const struct desk *desk, const char *action, const struct tick_off *tick_off,
                     struct action *ret, enum ticked *ret_ticked, struct err *err) MUST_CHECK;
/* All that are named, or none (RC_USAGE: one is named twice). ret: as they are now, in the order of their names. */
enum rc service_skip(const struct desk *desk, const char *const *names, size_t n, const char *note,
                     struct actions *ret, struct err *err) MUST_CHECK;
/* With NULL all that one command did to several things is taken back, a line of *ret_what for each.
 * Takes back the last done, skip or answer to a doubt of an action ("A156", "T34/…"), the cancellation
 * of a trip ("T34"), the last step of a thing ("G7"), or, with NULL, the actor's own last one of these. *ret_what says what was taken
 * back. */
enum rc service_undo(const struct desk *desk, const char *what, char **ret_what,
                     struct err *err) MUST_CHECK;
/* The outcomes that people may give, for help and errors: "reached, no-answer, …". */
const char *outcome_list(void);

/* ---- what is in doubt ---- */

/* A message in doubt, with everything that a person needs to decide. */
struct doubt_file {
    struct case_file file;
    struct attempt_list tries;
    struct frozen_message message; /* message_id NULL: this copy of the database does not hold it */
    int64_t since; /* when the first try of which nothing is known was handed over; 0: not known */
};
struct doubt_list {
    struct doubt_file *v;
    size_t n, cap;
};
void doubt_list_fini(struct doubt_list *list);
/* All of them, or those of one manager's trips (0: all); what is of use for the shortest time comes first. */
enum rc service_doubts(const struct desk *desk, int64_t manager_id, struct doubt_list *ret,
                       struct err *err) MUST_CHECK;
/* Those that are named. RC_REJECTED when one is not in doubt. */
enum rc service_doubts_named(const struct desk *desk, const char *const *names, size_t n,
                             struct doubt_list *ret, struct err *err) MUST_CHECK;
enum rc service_count_doubts(const struct desk *desk, int64_t manager_id, int64_t *ret,
                             struct err *err) MUST_CHECK;
/* RC_REJECTED, and why, when it may not be sent again: its time has passed, or its trip is cancelled. */
enum rc doubt_may_resend(const struct desk *desk, const struct case_file *file,
                         struct err *err) MUST_CHECK;

/* What a person found out, or decides. */
enum answer {
    ANSWER_SENT,   /* it was accepted */
    ANSWER_RESEND, /* it was not, or a second copy is better than none: the next tick sends it */
    ANSWER_DROP    /* it is not to be sent, whatever became of it */
};
struct resolution {
    enum answer answer;
    const char *note;
};
enum { RESOLVE_MAX = 50 };
/* Answers for all that are named (at most RESOLVE_MAX), or for none. RC_REJECTED when one is not in doubt or may not be
 * sent again. ret: the actions as they are now, in the order of their names. */
enum rc service_resolve(const struct desk *desk, const char *const *names, size_t n,
                        const struct resolution *resolution, struct actions *ret,
                        struct err *err) MUST_CHECK;

/* ---- staff ---- */
/* As typed; NULL = not given, "" = empty it (where it may be empty). */
struct staff_entry {
    const char *name, *role, *position, *email, *phone;
};
enum rc service_staff_add(const struct desk *desk, const char *login,
                          const struct staff_entry *entry, struct staff *ret,
                          struct err *err) MUST_CHECK;
enum rc service_staff_edit(const struct desk *desk, const char *login,
                           const struct staff_entry *entry, struct staff *ret,
                           struct err *err) MUST_CHECK;

/* ---- words ---- */
/* The script of a call or visit, filled in. New string. */
enum rc service_script(const struct desk *desk, const struct case_file *file, char **ret_text,
                       struct err *err) MUST_CHECK;
/* Whether the client has a complaint open, or was not happy: then its script invites to nothing. */
enum rc service_is_sad(const struct desk *desk, const struct case_file *file, bool *ret,
                       struct err *err) MUST_CHECK;
/* Why an action is in its state: when it is due and by which rule, and what stands in its way. New
 * string of several short lines. words may also name a step that has no action yet
 * ("T3/office-visit"). */
enum rc service_why(const struct desk *desk, const char *words, char **ret_text,
                    struct err *err) MUST_CHECK;

#endif
