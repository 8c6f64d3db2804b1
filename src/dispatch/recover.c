/* What a dead tick left. Whoever holds the lock knows that every tick before it is dead. What it had claimed was certainly
 * not handed over; about what it had at risk the sent log is asked. */
#include "internal.h"

static enum rc recover_claimed(struct run *r, struct err *err)
{
    int n = 0;
    enum rc rc = store_begin(r->d->store, err);
    if (rc == RC_OK) {
        rc = store_recover_claimed(r->d->store, clock_now(r->d->clock), &n, err);
        rc = store_finish(r->d->store, rc, err);
    }
    r->summary->recovered += n;
    return rc;
}

static enum rc recover_at_risk(struct run *r, struct err *err)
{
    struct at_risk_list list;
    enum rc rc = store_list_at_risk(r->d->store, &list, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < list.n && rc == RC_OK; i++) {
        rc = ledger_recover(&r->ledger, &list.v[i], err);
        r->summary->recovered++;
        struct action after;
        if (rc == RC_OK)
            rc = store_action_get(r->d->store, list.v[i].action_id, &after, err);
        if (rc == RC_OK) {
            if (after.state == STATE_IN_DOUBT)
                run_report(r, TICK_IN_DOUBT, &after, after.reason);
            action_fini(&after);
        }
        /* It stays at risk, and is never sent again before this is mended. */
        rc = run_goes_on(r, rc, list.v[i].action_id, err);
    }
    at_risk_list_fini(&list);
    return rc;
}

enum rc recover(struct run *r, struct err *err)
{
    if (r->dry && lock_is_held(r->d->lock_path))
        return RC_OK; /* that tick lives, and has it in hand */
    enum rc rc = recover_claimed(r, err);
    if (rc == RC_OK)
        rc = recover_at_risk(r, err);
    return rc == RC_OK ? digest_recover(r, err) : rc;
}
