/* What becomes of a row when its occasion is planned anew. */
#ifndef PPS_SERVICE_FOLLOW_H
#define PPS_SERVICE_FOLLOW_H

#include <pps/model.h>
#include <pps/timeline.h>

/* The row as the plan has it, whatever it was; of a new row. */
void row_take_plan(const struct plan_item *item, struct action *a);
/* The row follows the plan as far as what has happened to it allows; whether it changed. */
bool row_follow(const struct plan_item *item, int64_t now, struct action *a);

/* A call that the client does not want: its message goes instead. It has one. */
void set_declined(struct action *a);

#endif
