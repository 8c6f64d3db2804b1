/* What a tick would do now: the same lists, guards and turns, and no hand on anything. */
#include <stdlib.h>

#include <pps/str.h>

#include "share.h"

typedef enum rc lister(struct store *, int64_t, size_t, struct id_list *, struct err *);

/* What is said to go counts for the turns of what comes after it, as it would if it had gone. */
static enum rc count(struct run *r, const struct action *a, struct err *err)
{
    struct occasion occasion;
    enum rc rc = store_occasion_get(r->d->store, a->occasion_id, &occasion, err);
    if (rc != RC_OK)
        return rc;
    if (a->priority != PRIORITY_URGENT) {
        vec_reserve(&r->foreseen.v, r->foreseen.n, &r->foreseen.cap, sizeof *r->foreseen.v);
        r->foreseen.v[r->foreseen.n++] = occasion.client_id;
    }
    occasion_fini(&occasion);
    if (r->handed_over[a->channel] >= 0)
        r->handed_over[a->channel]++;
    return share_foresee(r->d, &r->foreseen_messages, a, err);
}

static enum rc would_leave_out(struct run *r, const struct action *a, bool *ret, struct err *err)
{
    struct sharing sharing;
    enum rc rc = share_look_ahead(r->d, &r->foreseen_messages, a, &sharing, err);
    *ret = rc == RC_OK && sharing.had;
    if (*ret)
        run_report(r, TICK_SHARED, a, sharing.reason);
    sharing_fini(&sharing);
    return rc;
}

/* A message whose time has come: it goes, or it waits, or it is held for its words. */
static enum rc would_go(struct run *r, const struct action *a, enum tick_outcome outcome,
                        struct err *err)
{
    struct frozen_message msg;
    struct err why = {0};
    enum cause cause;
    char *waits = NULL;
    int64_t at = 0;
    bool left_out = false;
    enum rc rc = would_leave_out(r, a, &left_out, &why);
    if (rc == RC_OK && !left_out)
        rc = turn_of(r, a, &at, &waits, &why);
    free(waits);
    if (left_out)
        return RC_OK;
    if (ledger_others_go_on(&r->ledger, rc)) {
        run_report(r, TICK_HELD, a, why.message);
        return RC_OK;
    }
    if (rc != RC_OK)
        return err_set(err, rc, "%s", why.message);
    if (at > clock_now(r->d->clock))
        return RC_OK;
    if (prepare_message(r->d, a, &msg, &cause, &why) != RC_OK) {
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
        struct err why;
        /* A call that cannot become its message stays a person's work. */
        if (outcome == TICK_FELL_BACK && becomes_message(r->d, &a, &why) != RC_OK) {
            action_fini(&a);
            continue;
        }
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
    foreseen_fini(&r.foreseen_messages);
    return rc;
}
