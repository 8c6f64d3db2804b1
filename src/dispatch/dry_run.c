/* A dry run: a whole tick over a copy of the database that is thrown away, with every decision made where a real tick makes
 * it. Only what cannot be taken back is left out: no message is handed over (each counts as accepted), no gateway is asked,
 * and neither the lock nor the sent log is touched. Serves `pps tick --dry-run` and adopt. */
#include "internal.h"

/* T2 without the sent log: nothing is handed over, so that there is nothing to remember. *ret_goes: it may go. */
static enum rc pass_point_of_no_return(struct ledger *l, bool *ret_goes, struct err *err)
{
    int64_t seq = 0, now = clock_now(l->d->clock);
    enum rc rc = store_begin(l->d->store, err);
    if (rc == RC_OK) {
        rc = store_at_risk(l->d->store, l->action.id, l->attempt_id, now, &seq, err);
        rc = store_finish(l->d->store, rc, err);
    }
    *ret_goes = rc == RC_OK && seq != 0;
    return rc;
}

struct delivery dry_deliver(struct run *r)
{
    struct ledger *l = &r->ledger;
    l->trouble = pass_point_of_no_return(l, &l->handed_over, &l->trouble_err);
    return (struct delivery){.class = l->handed_over ? DELIVERY_SENT : DELIVERY_STOPPED};
}
