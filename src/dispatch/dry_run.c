/* What a tick would do now: the same lists, guards and turns, and no hand on anything. */
#include <stdlib.h>

#include <pps/str.h>

#include "internal.h"

typedef enum rc lister(struct store *, int64_t, size_t, struct id_list *, struct err *);

/* What is said to go counts for the turns of what comes after it, as it would if it had gone. */
static enum rc count(struct run *r, const struct action *a, struct err *err)
{
    struct trip trip;
    enum rc rc = store_trip_get(r->d->store, a->trip_id, &trip, err);
    if (rc != RC_OK)
        return rc;
    vec_reserve(&r->foreseen.v, r->foreseen.n, &r->foreseen.cap, sizeof *r->foreseen.v);
    r->foreseen.v[r->foreseen.n++] = trip.client_id;
    trip_fini(&trip);
    if (r->handed_over[a->channel] >= 0)
        r->handed_over[a->channel]++;
    return RC_OK;
}

/* A message whose time has come: it goes, or it waits, or it is held for its words. */
static enum rc would_go(struct run *r, const struct action *a, enum tick_outcome outcome,
                        struct err *err)
{
    struct frozen_message msg;
    struct err why = {0};
    char *waits = NULL;
    int64_t at = 0;
    enum rc rc = turn_of(r, a, &at, &waits, &why);
    free(waits);
    if (ledger_others_go_on(&r->ledger, rc)) {
        run_report(r, TICK_HELD, a, why.message);
        return RC_OK;
    }
    if (rc != RC_OK)
        return err_set(err, rc, "%s", why.message);
    if (at > clock_now(r->d->clock))
        return RC_OK;
    if (prepare_message(r->d, a, &msg, &why) != RC_OK) {
        run_report(r, TICK_HELD, a, why.message);
        return RC_OK;
    }
    frozen_message_fini(&msg);
    run_report(r, outcome, a, "");
    return count(r, a, err);
}

static enum rc would(struct run *r, lister *list, enum tick_outcome outcome, struct err *err)
{
    struct id_list ids = {0};
    int64_t now = clock_now(r->d->clock);
    enum rc rc = list(r->d->store, now, TICK_BATCH, &ids, err);
    for (size_t i = 0; rc == RC_OK && i < ids.n; i++) {
        struct action a;
        rc = store_action_get(r->d->store, ids.v[i], &a, err);
        if (rc != RC_OK)
            break;
        bool expired = a.expires_at != 0 && a.expires_at <= now;
        if (outcome == TICK_FELL_BACK)
            a.channel = a.fallback_channel;
        if (outcome == TICK_MISSED)
            run_report(r, TICK_MISSED, &a, "");
        else if (!expired)
            rc = would_go(r, &a, outcome, err);
        action_fini(&a);
    }
    id_list_fini(&ids);
    return rc;
}

enum rc dispatch_dry_run(const struct dispatcher *d, struct tick_summary *ret, struct err *err)
{
    *ret = (struct tick_summary){0};
    struct run r = {.d = d, .summary = ret, .ledger.d = d};
    struct log_line last;
    bool log_exists;
    for (int i = 0; i < CHANNEL_COUNT; i++)
        r.handed_over[i] = -1;
    enum rc rc = guard_look_around(d, &r.ledger.here, &last, &log_exists, &ret->hold, err);
    if (rc != RC_OK || ret->hold != HOLD_NONE)
        return rc;
    rc = would(&r, store_list_to_fall_back, TICK_FELL_BACK, err);
    if (rc == RC_OK)
        rc = would(&r, store_list_expired, TICK_MISSED, err);
    if (rc == RC_OK)
        rc = would(&r, store_list_to_send, TICK_SENT, err);
    id_list_fini(&r.foreseen);
    return rc;
}
