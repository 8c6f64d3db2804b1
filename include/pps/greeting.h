/* Which day is whose: birthdays and the holidays of the playbook. Pure. */
#ifndef PPS_GREETING_H
#define PPS_GREETING_H

#include <stdbool.h>

#include <pps/civil.h>
#include <pps/playbook.h>

/* When a birthday of 29 February is kept in the years that have none. */
enum feb29 { FEB29_ON_FEB28, FEB29_ON_MAR1 };

#define GREETING_BIRTHDAY "birthday"

/* The birthdays, as "MM-DD", that are kept on this day: one, or two with 29 February. Returns how many; both are set. */
enum { MONTH_DAY_BYTES = 6 };
int birthdays_kept_on(civil_day day, enum feb29 rule, char ret[2][MONTH_DAY_BYTES]);
/* The day of a year on which somebody born on "YYYY-MM-DD" is greeted; false when that is no date. */
bool birthday_in_year(const char *birthday, int year, enum feb29 rule, civil_day *ret);

bool holiday_falls_on(const struct holiday *holiday, civil_day day);

/* How the steps of one greeting can reach a client. */
struct greeting_ways {
    bool email, phone;    /* it helps to have an address, a number */
    bool any;             /* or nothing is needed: it is the agency's own work */
    int grace_days;       /* how late it may come at most: so many days after the day, */
    int16_t grace_minute; /* until then */
    int lead_days;        /* how many days before the day its first step is due; 0: none is */
};
/* False when the playbook has no step for this greeting. */
bool greeting_ways(const struct playbook *playbook, const char *key, struct greeting_ways *ret);

#endif
