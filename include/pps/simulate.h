/* What the coming weeks will bring: the agency is played on from its database as it is now, on a copy, with the same planner
 * and the same engine, and with files for every message. Nothing of the real database is touched. */
#ifndef PPS_SIMULATE_H
#define PPS_SIMULATE_H

#include <pps/service.h>

struct simulation {
    civil_day from, to; /* days of the agency, both included; the days until `from` are played, too, but not counted */
    const char *work;   /* an empty folder of ours for the copy; the caller removes it */
    const char *outbox; /* where the messages go */
    bool
        nobody_calls; /* people's work is left undone; else it is ticked off in the hour in which it is due */
    void (*on_day)(void *ctx, civil_day day); /* before each day; NULL: nobody listens */
    bool (*stopping)(void *ctx);              /* whether to break off; NULL: never */
    void *ctx;
};

struct simulated_day {
    civil_day day;
    int sent[CHANNEL_COUNT]; /* messages handed over; people's work ticked off */
    int sms_parts;
    int fell_back; /* of the messages: those that went instead of a call */
    int missed, held, failed;
    int digests; /* lists of the morning, to colleagues */
};

struct simulated {
    struct simulated_day *v; /* days on which something happened, in order */
    size_t n, cap;
    int undecided; /* tasks of complaints that are due by the end and that only people can decide; 0 when nobody calls */
};

/* RC_INVALID: `to` is before `from`, or more than 400 days from today. */
enum rc service_simulate_check(const struct desk *desk, const struct simulation *simulation,
                               struct err *err) MUST_CHECK;
/* The same; RC_BUSY: broken off. */
enum rc service_simulate(const struct desk *desk, const struct simulation *simulation,
                         struct simulated *ret, struct err *err) MUST_CHECK;
void simulated_fini(struct simulated *simulated);

#endif
