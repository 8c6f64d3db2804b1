/* The delivery engine: one run of the tick. Safe to run at any time, any number of times, and to be
 * killed at any instant; see docs/delivery.md for the states and transactions. */
#ifndef PPS_DISPATCH_H
#define PPS_DISPATCH_H

#include <stdbool.h>
#include <stdint.h>

#include <pps/clock.h>
#include <pps/config.h>
#include <pps/err.h>
#include <pps/gateway.h>
#include <pps/message.h>
#include <pps/model.h>
#include <pps/store.h>
#include <pps/zone.h>

enum tick_outcome {
    TICK_SENT,
    TICK_RETRY,     /* not now; it will be tried again */
    TICK_FAILED,    /* refused for good */
    TICK_MISSED,    /* its time passed unsent */
    TICK_IN_DOUBT,  /* sent, and no verdict came */
    TICK_HELD,      /* the template cannot be rendered */
    TICK_FELL_BACK, /* a call that was not ticked becomes its message */
    TICK_WITHDRAWN, /* cancelled or moved while it was about to go */
    TICK_SETTLED,   /* it was in doubt, and what became of it is known now, or decided */
    TICK_SHARED,    /* left out: the same went to the same address for somebody else */
    TICK_DROPPED,   /* a pause or a complaint kept it back until its time had passed */
    TICK_OUTCOMES
};
const char *tick_outcome_name(enum tick_outcome outcome); /* "sent" "retry" … */

/* One action that the tick touched; in a dry run, as it is then in the copy. */
struct tick_event {
    enum tick_outcome outcome;
    const struct action *action;
    const char *reason; /* "" when there is nothing to say */
    int64_t handed_over_at; /* of dispatch_recover: as the sent log has it; 0: not known */
};

/* A client whom a copy that was put back has on a card, and who was forgotten after it was made. */
struct forgotten_since {
    int64_t client_id;
    int64_t at;   /* when */
    bool certain; /* false: it was begun, and nobody knows whether it was done; nothing was erased */
};

/* Why a tick does nothing at all: something around the database is not as it was. */
enum hold {
    HOLD_NONE,
    HOLD_OLDER,       /* the database is an older copy than its sent log */
    HOLD_MOVED,       /* it stands on another machine, or is another file */
    HOLD_OTHER_LOG,   /* the sent log is another database's */
    HOLD_RECOVERED,   /* a backup was put back, and nobody has said yet that it is complete again */
    HOLD_NO_LOG,      /* there is none, though messages were sent */
    HOLD_LOG_OLDER,   /* it is an older one */
    HOLD_CLOCK_BACK,  /* the clock was set back */
    HOLD_CLOCK_AHEAD, /* it was set ahead */
    HOLD_NO_GATEWAY,  /* the configuration names none any more */
    HOLD_NO_SPACE     /* the disk is almost full */
};
const char *hold_reason(enum hold hold); /* one line for people, with what to do; "" for none */

struct dispatcher {
    struct store *store;
    const struct config *config;
    const struct clock *clock;
    const struct zone *zone; /* the agency's */
    const char *templates_dir;
    const char *actor; /* for the audit: who adopts or recovers; NULL: the tick itself */
    const char *db_path, *lock_path;
    const char *sent_path; /* the sent log, beside the database */
    bool accept_clock;     /* a person says that the clock is right */
    bool as_adopted;       /* dispatch_dry_run only: as if dispatch_adopt had been called */
    int max_runtime_sec;   /* no new message is begun after it; 0: no limit */
    /* Plans anew what was changed after it had been handed over, and waits again; NULL: nothing to do. Called when nothing
     * holds the tick. */
    enum rc (*replan)(void *ctx, struct err *err);
    void *replan_ctx;
    /* Whether the program has been asked to end: no new message is begun, and one that is not past its point of no
     * return is broken off. NULL: never. */
    bool (*stopping)(void *ctx);
    void *stopping_ctx;
    /* Opens the way out of a channel, once a tick at most and only when something is to be sent. */
    enum rc (*open_gateway)(void *ctx, enum channel channel, struct gateway **ret, struct err *err);
    void *gateway_ctx;
    void (*on_event)(void *ctx, const struct tick_event *event);
    /* Writes the list of the morning for a colleague, in the last part of the tick. *ret_nothing: they have nothing to do, and
     * get none. RC_INVALID, RC_NOTFOUND: its words cannot be made. NULL: there are no lists. */
    enum rc (*write_digest)(void *ctx, const struct staff *colleague, struct rendered *ret,
                            bool *ret_nothing, struct err *err);
    void *digest_ctx;
    /* What became of a list; it is no action of a client, and counted apart. TICK_HELD: its words cannot be made now. NULL:
     * nobody listens. */
    void (*on_digest)(void *ctx, enum tick_outcome outcome, const struct staff *colleague,
                      const char *reason);
    /* For dispatch_recover, which needs it: forgets a client inside its transaction, whatever the copy still has open about
     * them. In a dry run the transaction is taken back. */
    enum rc (*forget)(void *ctx, int64_t client_id, struct err *err);
    void *forget_ctx;
    void (*on_forgotten)(void *ctx, const struct forgotten_since *who); /* NULL: nobody listens */
    void *event_ctx; /* of all listeners */
};

struct tick_summary {
    bool another_runs; /* another tick holds the lock: nothing was done */
    int64_t other_pid;
    int counts[TICK_OUTCOMES];
    int digests[TICK_OUTCOMES]; /* of the lists of the morning */
    int digests_waiting;        /* of those, what waits for its gateway */
    enum hold hold; /* not HOLD_NONE: nothing was done from there on */
    bool stopped;   /* it was asked to end */
    int recovered;  /* what a dead tick had in hand, found at the start */
    int waiting;    /* due, but their channel is down: left for the next tick */
    bool channel_down[CHANNEL_COUNT];
    struct err why_down[CHANNEL_COUNT];
    bool out_of_time;
    struct troubles stuck; /* what the database refused to change: it stays as it is, and the others went on */
};

/* RC_OK also when messages failed or a guard holds everything: see the summary. Otherwise (RC_IO, RC_BUSY …) the tick stopped
 * in the middle; what was done is in the database and in the summary. */
enum rc dispatch_tick(const struct dispatcher *d, struct tick_summary *ret,
                      struct err *err) MUST_CHECK;
/* What a tick would do now: it does it, but sends nothing and touches neither lock nor sent log. d->store must be a copy
 * that nobody needs afterwards (STORE_COPY), and d->replan must work on that copy; the paths are those of the real database.
 * Of open_gateway it asks only whether there is a way out; *ret may be NULL. */
enum rc dispatch_dry_run(const struct dispatcher *d, struct tick_summary *ret,
                         struct err *err) MUST_CHECK;
/* The message of an action, made as a tick makes it, at the hour of d->clock; nothing is written, and nothing is frozen. It
 * is for other eyes than the client's: nothing in it acts for them. The action need not be in the database: its occasion,
 * step and channel count. RC_INVALID, RC_NOTFOUND: a tick would hold it, with the same line. */
struct words_wish {
    const char *lang; /* NULL: the client's */
    bool to_nobody;   /* it does not go, and is shown to who has no address for it, too */
};
struct message_words {
    struct frozen_message message; /* its identity is of no use: a tick gives another; recipient NULL: to nobody */
    char *preheader;               /* NULL: it is no letter; "": there is none */
};
enum rc dispatch_words(const struct dispatcher *d, const struct action *action,
                       const struct words_wish *wish, struct message_words *ret,
                       struct err *err) MUST_CHECK;
void message_words_fini(struct message_words *words);
/* 32 hexadecimal digits that nobody can guess and nothing else has: for what is sent, but is no message of an action. */
void dispatch_token(char ret[33]);
/* The tick's lock, for work that no tick may see half done; RC_BUSY while one runs. dispatch_recover and dispatch_adopt take
 * it by themselves. */
enum rc dispatch_lock(const struct dispatcher *d, int *ret_lock, struct err *err) MUST_CHECK;
void dispatch_unlock(int lock);
/* Would a tick be held, and why? Changes nothing, and needs no lock. */
enum rc dispatch_look(const struct dispatcher *d, enum hold *ret, struct err *err) MUST_CHECK;

/* That a client is going to be forgotten, on the disk before the database is changed, and that it was done: by it
 * dispatch_recover knows of it. Under dispatch_lock, each in no transaction; a line that was torn is no line. */
enum rc dispatch_note_forgetting(const struct dispatcher *d, int64_t client_id, struct err *err) MUST_CHECK;
enum rc dispatch_note_forgotten(const struct dispatcher *d, int64_t client_id, struct err *err) MUST_CHECK;

/* After every command that may have written: remembers beside the database how far it is, so that an older copy is noticed
 * even when nothing was sent since. Never fails; what cannot be remembered is only noticed later. */
void dispatch_note_seen(const struct dispatcher *d);

/* A person says that this copy, in this place, is the one that works from now on. RC_REJECTED when it is an older copy
 * (that is what dispatch_recover is for), RC_BUSY while a tick runs. */
enum rc dispatch_adopt(const struct dispatcher *d, struct err *err) MUST_CHECK;
/* What dispatch_look has found, is it for adopt? RC_REJECTED as above. */
enum rc dispatch_may_adopt(enum hold hold, struct err *err) MUST_CHECK;

/* After an older copy of the database was put back: what the sent log says was sent meanwhile is marked as sent, and what
 * it cannot answer for becomes in doubt; who was forgotten meanwhile is forgotten again. What else people did meanwhile is
 * not in any log: the tick is held until they have done
 * it again and adopted the database. */
struct recovery {
    int sent;     /* marked as sent */
    int in_doubt; /* may have been sent */
    int unknown;  /* sent for trips that this copy does not know */
    int forgotten; /* clients who had been forgotten since, and are again */
    int perhaps_forgotten;
    bool
        by_log; /* false: no sent log knows all that was sent since, and everything due before now is in doubt */
    bool part_log;       /* there was one that knows a part of it */
    bool other_log;      /* there was one of another database */
    int64_t known_until; /* the last that this copy knows of, of what people and ticks did */
};
/* on_event of the dispatcher is called for each; those that are unknown come with the reason "unknown" and an action
 * that has its id, trip and step as they were then, and due_at: when its trip was entered. dry: writes nothing. */
enum rc dispatch_recover(const struct dispatcher *d, bool dry, struct recovery *ret,
                         struct err *err) MUST_CHECK;
/* The setting that keeps when this was last done: what was made by ticks before it, and has gone, is not to be made again. */
#define SETTING_RECOVERED_AT "recovered_at"

#endif
