/* What people have said about a step, as far as the planner has to know it (said.c), and by whose clock it is done. */
#ifndef PPS_CORE_SAID_H
#define PPS_CORE_SAID_H

#include "plan.h"

/* The client has refused what this step invites to; the item is not to be done then. */
bool plan_is_declined(const struct plan_input *in, struct plan_item *item);
/* A person holds a message back, whatever else would. After plan_apply_hold. */
void plan_keep_held(const struct plan_input *in, struct plan_item *item);
/* By whose clock a step is done: people's work by the agency's, what belongs to the departure by that of the place. */
const struct zone *plan_zone_of(const struct plan_input *in, const struct step *step);
/* By whose clock the hour of a date was written down: the hours of a journey are those of the places, the others the
 * agency's. */
const struct zone *plan_zone_of_date(const struct plan_input *in, enum anchor anchor);
/* Calls that do not fit the hours of both sides are moved to one that does, the same day. */
void plan_fit_hours(const struct plan_input *in, enum channel channel, struct plan_moment *io);

#endif
