/* When no regular moment is left for a step, or none is left in time: its own policy decides, and the reason is put
 * into words. Pure. Serves the planner (timeline.c). */
#include <stdlib.h>

#include <pps/str.h>

#include "plan.h"

static const struct plan_item *find_item(const struct plan *plan, const char *key)
{
    for (size_t i = 0; i < plan->n; i++) {
        if (str_eq(plan->items[i].step->key, key))
            return &plan->items[i];
    }
    return NULL;
}

/* Why no regular moment is left, in words: "bought 1 day before the departure". */
static char *lateness(const struct plan_input *in, const struct step *step,
                      const struct plan_moment *c)
{
    char due[CIVIL_TEXT_BYTES];
    civil_format(c->local, due);
    civil_day purchase = in->when[ANCHOR_PURCHASE].day;
    int32_t entered = in->agency_today - purchase;
    int32_t lead = in->when[ANCHOR_DEPARTURE].day - purchase;
    bool before_trip = step->at.anchor == ANCHOR_PURCHASE || step->at.anchor == ANCHOR_DEPARTURE;
    if (before_trip && lead <= 3 && entered <= 0)
        return lead == 0   ? xstrdup("bought on the day of the departure")
               : lead == 1 ? xstrdup("bought 1 day before the departure")
                           : xasprintf("bought %d days before the departure", (int)lead);
    if (c->due < in->now)
        return xasprintf("its time (%s) had passed when it was planned", due);
    return xasprintf("no time is left for it (%s would be too late)", due);
}

/* A sale that was entered late, with the departure still some days ahead: what would be merged gets a day of its own
 * instead, two days from now, so that nobody reads "you leave very soon" a week before. */
static bool postpone(const struct plan_input *in, const struct plan_window *w,
                     struct plan_item *item)
{
    enum { DAYS = 2, AT_LEAST_AHEAD_SEC = 3 * 86400 };
    const struct step *step = item->step;
    struct civil local = {plan_clamp_day((int64_t)w->today.day + DAYS),
                          step->at.minute == MINUTE_NONE ? PLAN_MORNING : step->at.minute};
    int64_t due = zone_to_utc(in->zone, local);
    if (w->not_after == INT64_MAX || due + AT_LEAST_AHEAD_SEC > w->not_after)
        return false;
    item->verdict = PLAN_ACTIVE;
    item->postponed = true;
    item->local_due = local;
    item->due_at = due;
    item->expires_at = plan_expiry(in, step, local.day, w);
    return true;
}

/* The regular moments are gone: the step's own policy decides. */
void plan_apply_late_policy(const struct plan_input *in, const struct plan_window *w,
                            const struct plan_moment *regular, const struct plan *plan,
                            struct plan_item *item)
{
    const struct step *step = item->step;
    char *why = lateness(in, step, regular);
    item->late = true;
    if (step->if_late == LATE_MERGE && regular->due < in->now && postpone(in, w, item)) {
        item->reason = xasprintf("later than usual: %s", why);
        goto out;
    }
    if (step->if_late == LATE_MERGE) {
        const struct plan_item *into = find_item(plan, step->merge_into);
        if (into != NULL && into->verdict == PLAN_ACTIVE && !channel_is_human(into->channel)) {
            item->verdict = PLAN_MERGED;
            item->cause = CAUSE_MERGED;
            item->reason = xasprintf("merged into %s: %s", step->merge_into, why);
            goto out;
        }
    }
    /* What is never in time is dropped rather than done weeks before its time. */
    bool never = step->if_late == LATE_SEND_NOW && regular->due > in->now;
    if (step->if_late == LATE_SKIP || never || in->now >= w->not_after) {
        plan_drop(item, CAUSE_LATE, xasprintf("dropped: %s", why));
        goto out;
    }
    item->verdict = PLAN_ACTIVE;
    item->local_due = w->today;
    item->due_at = in->now;
    item->expires_at = plan_expiry(in, step, w->today.day, w);
    if (item->expires_at != 0 && item->expires_at <= in->now) /* late in the evening, no grace */
        item->expires_at = w->not_after == INT64_MAX ? in->now + 86400 : w->not_after;
    item->reason = xasprintf("at once: %s", why);
out:
    free(why);
}
