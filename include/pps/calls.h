/* When people call people: in the agency's calling hours, and at a decent hour where the client lives. Pure. */
#ifndef PPS_CALLS_H
#define PPS_CALLS_H

#include <stdint.h>

#include <pps/decent.h>
#include <pps/workcal.h>
#include <pps/zone.h>

struct calling {
    const struct zone *agency, *client;
    const struct workcal *calendar; /* the agency's */
    struct decent_hours hours;      /* by the agency's clock; to 0: any hour is good */
    struct decent_hours decent;     /* by the client's clock */
};

/* `at` when the hour is good, else the good hour of the same day that is nearest to it; `at` when that day has none. The day
 * is the agency's. */
int64_t calls_good_hour(const struct calling *calling, int64_t at);
/* Nobody picked up at `now`: the next try at another time of the day. In the first half of the day's good hours: late the
 * same day; else early on the next working day. It comes before `end` (INT64_MAX: no end), then in the middle of what is
 * left. 0: no time is left for another try. */
int64_t calls_next_try(const struct calling *calling, int64_t now, int64_t end);

#endif
