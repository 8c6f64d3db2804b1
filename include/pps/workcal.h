/* The agency's working calendar: which days are working days. Pure. */
#ifndef PPS_WORKCAL_H
#define PPS_WORKCAL_H

#include <stdbool.h>
#include <stddef.h>

#include <pps/civil.h>

struct workcal {
    unsigned weekdays;   /* bit (1u << enum weekday) set: a working day */
    civil_day *holidays; /* sorted; days off whatever the weekday */
    size_t n_holidays;
    civil_day *extra; /* sorted; working days whatever the weekday; wins over holidays */
    size_t n_extra;
};

#define WORKCAL_MONDAY_TO_FRIDAY 0x1Fu

bool workcal_is_working(const struct workcal *cal, civil_day day);
/* The day itself when it is a working day, else the nearest one after / before it. When there is
 * none within 366 days (a calendar without working days) the day itself. */
civil_day workcal_later(const struct workcal *cal, civil_day day);
civil_day workcal_earlier(const struct workcal *cal, civil_day day);
void workcal_fini(struct workcal *cal);

#endif
