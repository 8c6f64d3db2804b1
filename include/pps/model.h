/* The nouns of the domain, as plain values that every room may hold. Each struct owns its strings
 * (NULL = not known); _fini frees them. Ids are database row ids; 0 = none. Instants are UTC
 * seconds since 1970, 0 = none. */
#ifndef PPS_MODEL_H
#define PPS_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pps/civil.h>

enum channel {
    CHANNEL_EMAIL,
    CHANNEL_SMS,
    CHANNEL_CALL,
    CHANNEL_VISIT,
    CHANNEL_TASK, /* work of the agency's own, without the client */
    CHANNEL_COUNT
};
const char *channel_name(enum channel channel); /* "email" "sms" "call" "visit" "task" */
const char *channel_word(enum channel channel); /* for people: "e-mail" "SMS" "call" … */
bool channel_from_name(const char *name, enum channel *ret);
bool channel_is_human(enum channel channel); /* done by people: call, visit, task */

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
const char *state_name(enum action_state state);  /* for programs */
const char *state_words(enum action_state state); /* for people */
bool state_from_name(const char *name, enum action_state *ret);

/* Why an action is in its state, for programs; action.reason says it to people. */
enum cause {
    CAUSE_NONE,
    CAUSE_MERGED,       /* planner: its words went into another step's message */
    CAUSE_LATE,         /* planner: no moment is left for it */
    CAUSE_NO_CONTACT,   /* planner: nothing to reach the client by */
    CAUSE_ENDED,        /* its trip was cancelled, its series has ended */
    CAUSE_BY_PERSON,    /* somebody skipped it */
    CAUSE_NOT_TICKED,   /* the call was not ticked by its cut-off; the message goes instead */
    CAUSE_EXPIRED,      /* its time passed */
    CAUSE_REFUSED,      /* the gateway refused it for good */
    CAUSE_RETRY,        /* the last try did not get through; it will be tried again */
    CAUSE_TEMPLATE,     /* the template cannot be rendered */
    CAUSE_NO_VERDICT,   /* sent, and no answer came */
    CAUSE_NO_ANSWER,    /* the client did not pick up */
    CAUSE_WRONG_NUMBER, /* the number is not the client's */
    CAUSE_CROWDED,      /* the client had messages enough that day; it waits for another */
    CAUSE_ASSUMED,      /* no answer came, and the playbook takes it for sent */
    CAUSE_CONDITION,    /* planner: what is known of the client speaks against it */
    CAUSE_HAD_IT,       /* planner: the client has had it lately */
    CAUSE_SIGNER,       /* planner: whoever would sign it failed to sell to this client */
    CAUSE_NO_CONSENT,   /* the client does not want it */
    CAUSE_COMPLAINT,    /* a complaint of the client is open */
    CAUSE_PAUSED,       /* somebody has asked that the client be left in peace for a while */
    CAUSE_APPROVAL,     /* it waits for a person's word */
    CAUSE_SHARED,       /* the same message went to the same address for somebody else */
    CAUSE_ONE_CALL,     /* another call to the same number asks for this one, too */
    CAUSE_RESTORED,     /* an older database was put back: it may have been sent since */
    CAUSE_SOLD_BEFORE, /* its time had passed when the playbook got this step */
    CAUSE_NO_STEP,     /* the playbook has this step no more */
    CAUSE_HELD_BY_PERSON, /* somebody holds it back until they release it */
    CAUSE_CALL_BACK, /* the client asked to be called later */
    CAUSE_UNREACHABLE, /* called as often as the playbook says, and nobody picked up */
    CAUSE_NOT_DELIVERED, /* its message did not get through: somebody has to call */
    CAUSE_DECLINED, /* planner: the client has refused what it invites to */
    CAUSE_LOST_SALE, /* whoever would sign it failed to sell to this client, and that is not over yet */
    CAUSE_CALLED_EARLY, /* they were reached days before the departure: the message of the day before goes as well */
    CAUSE_COUNT
};
const char *cause_name(enum cause cause); /* "" for none, "merged", "late" … */
bool cause_from_name(const char *name, enum cause *ret);

enum role { ROLE_MANAGER, ROLE_DIRECTOR, ROLE_SERVICE, ROLE_COUNT };
const char *role_name(enum role role); /* "manager" "director" "service" */
bool role_from_name(const char *name, enum role *ret);

/* Whose turn it is when a client may not get everything on one day. */
enum priority {
    PRIORITY_URGENT = -1, /* cannot wait: the client gets it whatever else they had, and it takes nothing's place */
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

/* How letters may address somebody. NOT_SAID: a name may tell; UNKNOWN: a person says that nobody knows, so that no name is
 * asked. */
enum gender { GENDER_NOT_SAID, GENDER_FEMALE, GENDER_MALE, GENDER_UNKNOWN, GENDER_COUNT };
const char *gender_name(enum gender gender); /* "female" "male" "unknown"; NULL: not said */
bool gender_from_name(const char *name, enum gender *ret);

struct client {
    int64_t id;
    char *name;       /* as on the card: "Мария Иванова" */
    char *salutation; /* how letters address them: "Мария Ивановна"; NULL: the name */
    enum gender gender; /* as a person entered it */
    char *phone;      /* E.164 */
    bool phone_wrong; /* somebody else answered it: not used until it is corrected */
    char *email;
    char *lang;     /* "ru", "en", "bg" …; NULL: the agency's */
    char *tz;       /* IANA name; NULL: the agency's */
    char *birthday; /* "YYYY-MM-DD"; text, because most lie before 1970 */
    char *note;
    char *external_id;
    civil_day
        paused_until; /* nothing that can wait goes out before this day; CIVIL_NONE: no pause */
    char *pause_reason;
    int64_t created_at;
};
void client_fini(struct client *client);
/* Whether nothing that a person can enter differs; ids and the time of entry do not count. */
bool client_equal(const struct client *a, const struct client *b);

/* What we turn to a client about. */
enum kind {
    KIND_TRIP,      /* a sold trip: the main series */
    KIND_LOST,      /* they bought elsewhere: the second series */
    KIND_FEEDBACK,  /* they have told us how it was */
    KIND_COMPLAINT, /* something went wrong */
    KIND_GREETING,  /* a birthday or a holiday, once a year */
    KIND_COUNT
};
const char *kind_name(enum kind kind);  /* "trip" "lost" "feedback" "complaint" "greeting" */
char kind_letter(enum kind kind);       /* T34, L35, F36, P37, Y38: one row of numbers for all */
const char *kind_words(enum kind kind); /* "trip", "lost sale", "feedback" … */
bool kind_from_name(const char *name, enum kind *ret);

/* The dates from which steps are planned; each kind has its own. */
enum anchor {
    ANCHOR_PURCHASE,  /* a trip: sold, */
    ANCHOR_DEPARTURE, /* with the hour of take-off when known, */
    ANCHOR_RETURN,    /* with the hour of landing when known, */
    ANCHOR_VISIT,     /* the agreed visit to the office, */
    ANCHOR_MOVED,     /* its dates were changed after a reminder of the old ones had gone out */
    ANCHOR_LEARNED,   /* a lost sale: when we heard of it */
    ANCHOR_ANSWERED,  /* feedback: when it came */
    ANCHOR_OPENED,    /* a complaint: when it came, */
    ANCHOR_PROMISED,  /* by when it is to be solved, */
    ANCHOR_RESOLVED,  /* and when it was */
    ANCHOR_DAY,       /* a greeting */
    ANCHOR_COUNT
};
const char *anchor_name(enum anchor anchor);
bool anchor_from_name(const char *name, enum anchor *ret);
const char *anchor_waits(
    enum anchor anchor); /* "waits until the visit is agreed", while there is no such date */

/* A row of this and its actions are what a series of letters, SMS, calls and visits comes from. */
struct occasion {
    int64_t id, client_id;
    enum kind kind;
    char *
        title; /* a trip's destination, what a complaint is about, the key of a greeting; or NULL */
    struct civil when[ANCHOR_COUNT]; /* day CIVIL_NONE: no such date, or not yet */
    char *departure_tz;              /* where a trip starts, when not at home; IANA name */
    char *product;                   /* what was sold: one of the configuration's products */
    int adults, children;            /* who travels; adults 0: not known */
    int64_t about_id;                /* the trip that feedback or a complaint is about; 0: none */
    int64_t manager_id;              /* whose work it is; 0: nobody's */
    int64_t sold_by;                 /* a trip: who sold it, whoever has it since; 0: not known */
    int64_t playbook_version;
    char *note;
    bool ended; /* nothing more is done about it: cancelled, won back … */
    char *end_reason;
    int64_t created_at;
};
void occasion_clear_dates(struct occasion *occasion); /* all to "no such date" */
void occasion_fini(struct occasion *occasion);
civil_day occasion_day(
    const struct occasion *occasion); /* the one by which people know it: a trip's departure … */
bool occasion_equal(const struct occasion *a, const struct occasion *b); /* like client_equal */

/* What a client told us about a trip. */
enum { NO_GRADE = -1 };
struct feedback {
    int64_t occasion_id;
    int csat, nps; /* 1 to 5, 0 to 10; NO_GRADE: not given */
    char *plus;    /* "what should we do to get five plus?" */
    char *words;
    char *source;
    char *external_id;
};
void feedback_fini(struct feedback *feedback);
bool feedback_is_unhappy(const struct feedback *feedback);  /* NPS up to 6, or CSAT up to 3 */
bool feedback_is_promoter(const struct feedback *feedback); /* NPS 9 or 10, and not unhappy */

/* A lost sale beyond its dates. */
struct lost {
    int64_t occasion_id;
    char *reason, *words;
    int64_t lost_by; /* who failed to sell; 0: nobody in particular */
    char *outcome;   /* "won" "answered" "stopped"; NULL: the series runs, or ran out */
    int64_t trip_id; /* with what they came back; 0: nothing yet */
};
void lost_fini(struct lost *lost);

/* A complaint beyond its dates. */
struct complaint {
    int64_t occasion_id;
    char *source, *words, *cause, *actions, *outcome;
};
void complaint_fini(struct complaint *complaint);

/* What people allowed or forbade. */
enum given { GIVEN_NOT_SAID, GIVEN_YES, GIVEN_NO };
struct consent {
    int64_t id, at;
    enum channel channel; /* e-mail or SMS */
    char *address;
    bool marketing; /* false: service */
    enum given given; /* GIVEN_NOT_SAID: the only word there was is taken back */
    char *source, *actor;
    int64_t client_id; /* 0: not known */
};
void consent_fini(struct consent *consent);

/* Something for a client. */
enum thing_kind { THING_GIFT, THING_CARD, THING_ALBUM, THING_PHOTO, THING_KINDS };
const char *thing_kind_name(enum thing_kind kind); /* "gift" "card" "album" "photo" */
bool thing_kind_from_name(const char *name, enum thing_kind *ret);
struct thing {
    int64_t id, client_id, occasion_id, owner_id;
    enum thing_kind kind;
    char *title, *note;
    int64_t cost; /* hundredths of the agency's currency; -1: not known */
    int64_t ready_at, handed_at, dropped_at, created_at;
};
void thing_fini(struct thing *thing);

/* A file that goes with a letter. Its bytes are not in here: store_document_bytes. */
struct document {
    int64_t id, occasion_id;
    char *step; /* of the letter */
    char *name; /* as the client sees it */
    char *type; /* "application/pdf" */
    int64_t size; /* bytes */
    int64_t added_at, dropped_at;
};
void document_fini(struct document *document);

/* Who brought whom. */
struct referral {
    int64_t id, by_client_id, new_client_id, at, rewarded_at;
    char *reward, *rewarded_by;
};
void referral_fini(struct referral *referral);

struct action {
    int64_t id, occasion_id;
    enum kind kind; /* of its occasion */
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
    bool stale;             /* its occasion or client was changed after it was handed over */
    struct civil anchor_at; /* the date from which it was planned */
    struct civil moved_to;  /* a person put it off until then, in tz; day CIVIL_NONE: no */
    int64_t approved_at;    /* a person allowed what waits for approval; 0: no */
    int64_t held_at;        /* a person holds it back since then; 0: nobody does */
    int64_t was_due_at;     /* when it was due before it was kept back; 0: nothing kept it from its day: work_let_go */
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
/* Those of occasions: T34, L35 … */
void occasion_id_format(enum kind kind, int64_t id, char buf[ID_TEXT_BYTES]);
bool occasion_id_parse(const char *text, enum kind *ret_kind, int64_t *ret_id);

#endif
