/* Decent hours. A phone on a night table is the wrong place for a greeting, and the right one for a flight that has moved.
 * Pure. */
#include <pps/decent.h>

int64_t decent_instant(const struct zone *zone, struct decent_hours hours, int64_t now)
{
    struct civil local = zone_to_local(zone, now);
    if (local.minute >= hours.from && local.minute < hours.to)
        return now;
    struct civil opens = {local.day + (local.minute >= hours.to), hours.from};
    int64_t at = opens.day > CIVIL_MAX ? now : zone_to_utc(zone, opens);
    return at > now ? at : now;
}

int64_t decent_turn(const struct zone *zone, struct decent_hours hours, int64_t now, int64_t by)
{
    int64_t decent = decent_instant(zone, hours, now);
    return decent < by ? decent : now;
}
