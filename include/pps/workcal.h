/* The agency's working calendar: which days are working days. Pure. */
#ifndef PPS_WORKCAL_H
#define PPS_WORKCAL_H

#include <stdbool.h>
#include <stddef.h>

#include <pps/civil.h>
#include <pps/err.h>

struct workcal {
    unsigned weekdays;   /* bit (1u << enum weekday) set: a working day */
    civil_day *holidays; /* sorted; days off whatever the weekday */
    size_t n_holidays;
    civil_day *extra; /* sorted; working days whatever the weekday; wins over holidays */
    size_t n_extra;
    int *yearly; /* 100 * month + day; days off every year */
    size_t n_yearly;
};

#define WORKCAL_MONDAY_TO_FRIDAY 0x1Fu

bool workcal_is_working(const struct workcal *cal, civil_day day);
/* The day itself when it is a working day, else the nearest one after / before it. When there is
 * none within 366 days (a calendar without working days) the day itself. */
civil_day workcal_later(const struct workcal *cal, civil_day day);
civil_day workcal_earlier(const struct workcal *cal, civil_day day);
/* Adds what a calendar file says, a day a line: "2027-02-22" or "22.02.2027" is a day off, "02-23" or "23.02" one in every
 * year, and "2027-02-20 working" a working day; from # on it is a remark. RC_INVALID "name:line: what is wrong". */
enum rc workcal_read(const char *text, size_t len, const char *name, struct workcal *io,
                     struct err *err) MUST_CHECK;
void workcal_fini(struct workcal *cal);

#endif
