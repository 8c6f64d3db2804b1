/* Yellow and red, the director's two colours, and the one line that says why. Pure.
 *
 * Yellow: to be done today. Red: it should have been done and is not; or it needs a person: failed,
 * in doubt, missed, held, a wrong number, or work for today that is nobody's. */
#ifndef PPS_COLOUR_H
#define PPS_COLOUR_H

#include <pps/model.h>
#include <pps/workcal.h>
#include <pps/zone.h>

enum colour { COLOUR_NONE, COLOUR_YELLOW, COLOUR_RED };
const char *colour_name(enum colour colour); /* "" "yellow" "red" */

/* Now, by the clock of who works, and when they do. */
struct work_day {
    struct civil now;
    int16_t ends;                   /* the minute at which the hours for calls are over */
    const struct workcal *calendar; /* NULL: every day is a working day */
};
/* The last day on which it is in time, or was: the day on which it is due. But nobody is late with what they could not do: people's
 * work that is due on a day off, or when the working day is over, has the next working day; and what an event has brought
 * up, an answer or a complaint, has the working day after it: who looks at the list each morning sees it then. Work that
 * makes no sense any more by then, or with a message that takes its place, is not put off, and neither is a day that somebody
 * chose. What was kept back
 * beyond its day has the working day after the one on which it was let go, like an event. */
civil_day action_last_day(const struct action *action, const struct work_day *day);
/* A call that is asked for because its message does not get through is red when the hours for calls of its day are over. */
enum colour action_colour(const struct action *action, const struct work_day *day, bool has_manager);
/* Whole days since the last day on which it was in time; 0 when it is not overdue. */
int action_days_late(const struct action *action, const struct work_day *day);
/* People's work that the plan keeps back for now, as it holds messages: a call that invites, while the client is left in
 * peace or has complained. It stays open, for whoever makes it all the same. */
bool work_is_kept(const struct action *action);
/* It goes on, or is done all the same: it is due now, by this clock, and nobody is late with it; when it was due before
 * stays known. Nothing when its moment is still to come. */
void work_let_go(struct action *action, const struct zone *zone, int64_t now);
/* "missed" for a call that nobody made while it made sense, "held" for work that is kept back, and else the name of its
 * state: what people are shown. */
const char *action_state_shown(const struct action *action);
/* One line for people: what state it is in and why. New string. */
char *action_explain(const struct action *action, const struct work_day *day, bool has_manager);

#endif
