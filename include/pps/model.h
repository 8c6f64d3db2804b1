/* The nouns of the domain, as plain values that every room may hold. Each struct owns its strings
 * (NULL = not known); _fini frees them. Ids are database row ids; 0 = none. Instants are UTC
 * seconds since 1970, 0 = none. */
#ifndef PPS_MODEL_H
#define PPS_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pps/civil.h>

enum channel { CHANNEL_EMAIL, CHANNEL_SMS, CHANNEL_CALL, CHANNEL_VISIT, CHANNEL_COUNT };
const char *channel_name(enum channel channel); /* "email" "sms" "call" "visit" */
const char *channel_word(enum channel channel); /* for people: "e-mail" "SMS" "call" "visit" */
bool channel_from_name(const char *name, enum channel *ret);
bool channel_is_human(enum channel channel); /* done by people: call, visit */

/* States of an action. Messages: pending … suppressed; people's work: pending done skipped
 * cancelled. */
enum action_state {
    STATE_PENDING,    /* planned, or waiting for the next try */
    STATE_CLAIMED,    /* a live tick owns it; nothing irrevocable is on the wire */
    STATE_AT_RISK,    /* the point of no return may have been crossed */
    STATE_SENT,       /* accepted, with evidence */
    STATE_IN_DOUBT,   /* crossed the point of no return, no verdict */
    STATE_FAILED,     /* refused for good */
    STATE_MISSED,     /* its time passed unsent */
    STATE_HELD,       /* waits for a person */
    STATE_CANCELLED,  /* not to be done: trip cancelled, dropped, merged, skipped */
    STATE_SUPPRESSED, /* no consent */
    STATE_DONE,       /* ticked off by a person */
    STATE_SKIPPED,    /* a person decided not to do it */
    STATE_COUNT
};
const char *state_name(enum action_state state);
bool state_from_name(const char *name, enum action_state *ret);

/* Why an action is in its state, for programs; action.reason says it to people. */
enum cause {
    CAUSE_NONE,
    CAUSE_MERGED,         /* planner: its words went into another step's message */
    CAUSE_LATE,           /* planner: no moment is left for it */
    CAUSE_NO_CONTACT,     /* planner: nothing to reach the client by */
    CAUSE_TRIP_CANCELLED, /* the trip was cancelled */
    CAUSE_BY_PERSON,      /* somebody skipped it */
    CAUSE_NOT_TICKED,     /* the call was not ticked by its cut-off; the message goes instead */
    CAUSE_EXPIRED,        /* its time passed */
    CAUSE_REFUSED,        /* the gateway refused it for good */
    CAUSE_RETRY,          /* the last try did not get through; it will be tried again */
    CAUSE_TEMPLATE,       /* the template cannot be rendered */
    CAUSE_NO_VERDICT,     /* sent, and no answer came */
    CAUSE_NO_ANSWER,      /* the client did not pick up */
    CAUSE_WRONG_NUMBER,   /* the number is not the client's */
    CAUSE_CROWDED,        /* the client had messages enough that day; it waits for another */
    CAUSE_ASSUMED,        /* no answer came, and the playbook takes it for sent */
    CAUSE_RESTORED,       /* an older database was put back: it may have been sent since */
    CAUSE_COUNT
};
const char *cause_name(enum cause cause); /* "" for none, "merged", "late" … */
bool cause_from_name(const char *name, enum cause *ret);

enum role { ROLE_MANAGER, ROLE_DIRECTOR, ROLE_SERVICE, ROLE_COUNT };
const char *role_name(enum role role); /* "manager" "director" "service" */
bool role_from_name(const char *name, enum role *ret);

/* Whose turn it is when a client may not get everything on one day. */
enum priority {
    PRIORITY_SERVICE, /* about the trip itself */
    PRIORITY_SURVEY,
    PRIORITY_LOYALTY,
    PRIORITY_GREETING,
    PRIORITY_COUNT
};

struct staff {
    int64_t id;
    char *login; /* what --manager and --as take: "anna" */
    char *name;
    char *position; /* under the signature: "директор" */
    char *email, *phone;
    enum role role;
    bool active;
};
void staff_fini(struct staff *staff);

struct client {
    int64_t id;
    char *name;       /* as on the card: "Мария Иванова" */
    char *salutation; /* how letters address them: "Мария Ивановна"; NULL: the name */
    char *phone;      /* E.164 */
    bool phone_wrong; /* somebody else answered it: not used until it is corrected */
    char *email;
    char *lang;     /* "ru", "en", "bg" …; NULL: the agency's */
    char *tz;       /* IANA name; NULL: the agency's */
    char *birthday; /* "YYYY-MM-DD"; text, because most lie before 1970 */
    char *note;
    char *external_id;
    int64_t created_at;
};
void client_fini(struct client *client);
/* Whether nothing that a person can enter differs; ids and the time of entry do not count. */
bool client_equal(const struct client *a, const struct client *b);

struct trip {
    int64_t id, client_id;
    char *destination;
    civil_day purchase;
    struct civil departure, return_; /* with the hour of take-off and landing when known */
    struct civil visit;              /* the date agreed for the office visit */
    int64_t manager_id;
    int64_t playbook_version;
    char *note;
    bool cancelled;
    char *cancel_reason;
    int64_t created_at;
};
void trip_fini(struct trip *trip);
bool trip_equal(const struct trip *a, const struct trip *b); /* like client_equal */

struct action {
    int64_t id, trip_id;
    char *step;
    int occurrence;
    enum channel channel, planned_channel;
    enum action_state state;
    enum cause cause;
    char *reason;
    struct civil local_due; /* in tz */
    char *tz;
    int64_t due_at, expires_at, next_attempt_at; /* expires_at 0: never */
    enum channel fallback_channel;               /* meaningful when fallback_at is not 0 */
    int64_t fallback_at;
    char *merged_into;
    int attempts;
    char *outcome, *note, *done_by;
    int64_t done_at; /* ticked off, or accepted by the gateway */
    enum priority priority;
    bool stale; /* its trip or client was changed after it was handed over */
};
void action_fini(struct action *action);
struct actions {
    struct action *v;
    size_t n, cap;
};
void actions_fini(struct actions *actions);

/* Ids as people see and type them: C12, T34, A156. */
#define ID_TEXT_BYTES 24
void id_format(char letter, int64_t id, char buf[ID_TEXT_BYTES]);
/* Accepts "A156", "a156", the same with the Cyrillic letter that looks alike, and "156". */
bool id_parse(const char *text, char letter, int64_t *ret_id);
/* The same, but the letter must be there. */
bool id_parse_exact(const char *text, char letter, int64_t *ret_id);

#endif
