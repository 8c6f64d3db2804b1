/* Decent hours: when an SMS may ring at the client's. Pure. */
#ifndef PPS_DECENT_H
#define PPS_DECENT_H

#include <stdint.h>

#include <pps/zone.h>

struct decent_hours {
    int16_t from,
        to; /* minutes of the day in the client's zone, from < to; `to` itself is too late */
};

/* now when the hour is decent there, else the next instant at which it is. */
int64_t decent_instant(const struct zone *zone, struct decent_hours hours, int64_t now);
/* The same for what must be there before `by`: now, whatever the hour, when the next decent one would be too late. */
int64_t decent_turn(const struct zone *zone, struct decent_hours hours, int64_t now, int64_t by);

#endif
