/* What the planner has to know of what clients told us, beyond the answer about the trip itself: a client who was not happy
 * with one trip is not sold to by the letters of another. Decides nothing. Serves circumstances.c. */
#include <pps/store_feedback.h>
#include <pps/str.h>

#include "heard.h"

unsigned facts_of_work(const struct occasion_file *file)
{
    unsigned facts = 0;
    if (file->occasion.when[ANCHOR_PROMISED].day != CIVIL_NONE)
        facts |= FACT_BIT(FACT_PROMISED);
    if (file->manager.id != 0 && file->manager.active)
        facts |= FACT_BIT(FACT_ASSIGNED);
    return facts;
}

/* The day on which the client last bought: for a trip its own purchase, for anything else that of their last trip. */
static enum rc last_bought(const struct desk *desk, const struct occasion *o, civil_day *ret,
                           struct err *err)
{
    struct occasion_list all;
    *ret = o->when[ANCHOR_PURCHASE].day;
    if (o->kind == KIND_TRIP)
        return RC_OK;
    enum rc rc = store_occasions_of_client(desk->store, o->client_id, &all, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < all.n; i++) {
        civil_day bought = all.v[i].when[ANCHOR_PURCHASE].day;
        if (all.v[i].kind == KIND_TRIP && !all.v[i].ended && bought > *ret)
            *ret = bought;
    }
    occasion_list_fini(&all);
    return RC_OK;
}

/* Whoever buys again after a bad answer begins anew. */
enum rc facts_of_later_feedback(const struct desk *desk, const struct occasion *o, unsigned *io,
                                struct err *err)
{
    struct feedback f;
    struct civil answered;
    civil_day bought;
    enum rc rc = store_feedback_last_of_client(desk->store, o->client_id, &f, &answered, err);
    if (rc != RC_OK)
        return rc == RC_NOTFOUND ? RC_OK : rc;
    if (o->kind == KIND_FEEDBACK) { /* it goes by its own answer; but who is not happy now is asked for nothing */
        if (f.occasion_id != o->id && feedback_is_unhappy(&f))
            *io &= ~FACT_BIT(FACT_PROMOTER);
        feedback_fini(&f);
        return RC_OK;
    }
    rc = last_bought(desk, o, &bought, err);
    if (rc == RC_OK && feedback_is_unhappy(&f) && answered.day >= bought)
        *io = (*io | FACT_BIT(FACT_UNHAPPY)) & ~FACT_BIT(FACT_PROMOTER);
    feedback_fini(&f);
    return rc;
}
