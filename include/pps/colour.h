/* Yellow and red, the director's two colours, and the one line that says why. Pure.
 *
 * Yellow: to be done today. Red: it should have been done and is not; or it needs a person: failed,
 * in doubt, missed, held, a wrong number, or work for today that is nobody's. */
#ifndef PPS_COLOUR_H
#define PPS_COLOUR_H

#include <pps/model.h>

enum colour { COLOUR_NONE, COLOUR_YELLOW, COLOUR_RED };
const char *colour_name(enum colour colour); /* "" "yellow" "red" */

enum colour action_colour(const struct action *action, civil_day today, bool has_manager);
/* Whole days since it was due; 0 when it is not overdue. */
int action_days_late(const struct action *action, civil_day today);
/* One line for people: what state it is in and why. New string. */
char *action_explain(const struct action *action, civil_day today, bool has_manager);

#endif
