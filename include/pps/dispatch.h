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
    TICK_OUTCOMES
};
const char *tick_outcome_name(enum tick_outcome outcome); /* "sent" "retry" … */

/* One action that the tick touched (or, in a dry run, would touch). */
struct tick_event {
    enum tick_outcome outcome;
    const struct action *action;
    const char *reason; /* "" when there is nothing to say */
};

struct dispatcher {
    struct store *store;
    const struct config *config;
    const struct clock *clock;
    const struct zone *zone; /* the agency's */
    const char *templates_dir;
    const char *lock_path;
    int max_runtime_sec; /* no new message is begun after it; 0: no limit */
    /* Opens the way out of a channel, once a tick at most and only when something is to be sent. */
    enum rc (*open_gateway)(void *ctx, enum channel channel, struct gateway **ret, struct err *err);
    void *gateway_ctx;
    void (*on_event)(void *ctx, const struct tick_event *event);
    void *event_ctx;
};

struct tick_summary {
    bool another_runs; /* another tick holds the lock: nothing was done */
    int64_t other_pid;
    int counts[TICK_OUTCOMES];
    int recovered; /* of in_doubt and claimed ones, found at the start */
    int waiting;   /* due, but their channel is down: left for the next tick */
    bool channel_down[CHANNEL_COUNT];
    struct err why_down[CHANNEL_COUNT];
    bool out_of_time;
};

/* RC_OK also when messages failed: see the summary. Otherwise (RC_IO, RC_BUSY …) the tick stopped
 * in the middle; what was done is in the database and in the summary. */
enum rc dispatch_tick(const struct dispatcher *d, struct tick_summary *ret,
                      struct err *err) MUST_CHECK;
/* What a tick would do now; writes nothing, sends nothing, takes no lock. */
enum rc dispatch_dry_run(const struct dispatcher *d, struct tick_summary *ret,
                         struct err *err) MUST_CHECK;

#endif
