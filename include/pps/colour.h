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
/* The same at an hour of `now`: a call that is asked for because its message does not get through is red when the calling
 * hours of its day, which end at the minute calls_end, are over. */
enum colour action_colour_at(const struct action *action, struct civil now, int16_t calls_end,
                             bool has_manager);
/* Whole days since it was due; 0 when it is not overdue. */
int action_days_late(const struct action *action, civil_day today);
/* "missed" for a call that nobody made while it made sense, and else the name of its state: what people are shown. */
const char *action_state_shown(const struct action *action);
/* One line for people: what state it is in and why. New string. */
char *action_explain(const struct action *action, civil_day today, bool has_manager);

#endif
