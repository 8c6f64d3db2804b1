/* What people have said about a step: the client has refused what it invites to, somebody holds it back; and by whose clock
 * it is done. A call is made by a person at the agency, so it is planned, shown and coloured by the agency's clock and
 * calendar, at an hour that is decent where the client lives. Pure. Serves the planner (timeline.c). */
#include <stdlib.h>

#include <pps/calls.h>
#include <pps/str.h>

#include "said.h"

/* Whether two steps ask the client for the same thing. */
static bool asks_the_same(const struct step *refused, const struct step *step)
{
    return refused->invites_to != NULL && refused != step &&
           (str_eq(refused->invites_to, step->key) ||
            str_eq(refused->invites_to, step->invites_to));
}

bool plan_is_declined(const struct plan_input *in, struct plan_item *item)
{
    for (size_t i = 0; i < in->n_past; i++) {
        const struct step *refused = playbook_step(in->playbook, in->past[i].step);
        if (!in->past[i].refused || refused == NULL || !asks_the_same(refused, item->step))
            continue;
        char *why = xasprintf("the client has refused it (%s)", refused->title);
        /* A visit that was agreed all the same is agreed. */
        if (item->anchor_at.day == CIVIL_NONE) {
            item->verdict = PLAN_WAITING;
            item->reason = why;
            return true;
        }
        if (str_eq(refused->invites_to, item->step->key)) {
            free(why);
            return false;
        }
        plan_drop(item, CAUSE_DECLINED, why);
        return true;
    }
    return false;
}

void plan_keep_held(const struct plan_input *in, struct plan_item *item)
{
    const struct plan_past *past = plan_past_of(in, item->step->key);
    bool active = item->verdict == PLAN_ACTIVE || item->verdict == PLAN_HELD;
    if (past == NULL || past->over || !past->held || channel_is_human(item->channel))
        return;
    item->hold = CAUSE_HELD_BY_PERSON;
    free(item->hold_reason);
    item->hold_reason = xstrdup("somebody holds it back");
    if (!active)
        return;
    item->verdict = PLAN_HELD;
    item->cause = item->hold;
    free(item->reason);
    item->reason = xstrdup(item->hold_reason);
}

const struct zone *plan_zone_of(const struct plan_input *in, const struct step *step)
{
    enum channel channel;
    (void)plan_pick_channel(in, step, &channel);
    if (channel_is_human(channel) && in->agency_zone != NULL)
        return in->agency_zone;
    return step->departure_zone && in->departure_zone != NULL ? in->departure_zone : in->zone;
}

const struct zone *plan_zone_of_date(const struct plan_input *in, enum anchor anchor)
{
    bool journey = anchor == ANCHOR_DEPARTURE || anchor == ANCHOR_RETURN;
    if (anchor == ANCHOR_DEPARTURE && in->departure_zone != NULL)
        return in->departure_zone;
    if (journey)
        return in->home_zone != NULL ? in->home_zone : in->zone;
    return in->agency_zone != NULL ? in->agency_zone : in->zone;
}

void plan_fit_hours(const struct plan_input *in, enum channel channel, struct plan_moment *io)
{
    if (channel != CHANNEL_CALL || in->agency_zone == NULL)
        return;
    struct calling calling = {
        .agency = in->agency_zone,
        .client = in->home_zone != NULL ? in->home_zone : in->agency_zone,
        .calendar = in->calendar,
        .hours = in->calling,
        .decent = in->ringing,
    };
    int64_t due = calls_good_hour(&calling, io->due);
    if (due != io->due) {
        io->due = due;
        io->local = zone_to_local(in->zone, due);
    }
}
