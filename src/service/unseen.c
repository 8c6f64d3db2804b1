/* The dead-man's switch, sooner: something has become due, and no tick has come to see it. A machine that is switched
 * off for the night or the weekend is no alarm, so only the agency's own hours on its working days count; where nothing
 * becomes due, no tick is missed. Serves agenda.c. */
#include <pps/store_time.h>

#include "unseen.h"

enum { SEEN_WITHIN_SEC = 2 * 3600, LOOK_DAYS = 31, WHOLE_DAY = 24 * 60 };

/* How long the agency was at work between two moments; not counted beyond `enough`. */
static int64_t seconds_at_work(const struct desk *desk, int64_t from, int64_t to, int64_t enough)
{
    const struct decent_hours *hours = &desk->config->calls.hours;
    int16_t opens = hours->to != 0 ? hours->from : 0;
    int16_t closes = hours->to != 0 ? hours->to : WHOLE_DAY - 1;
    civil_day first = zone_to_local(desk->zone, from).day;
    civil_day last = zone_to_local(desk->zone, to).day;
    int64_t sum = 0;
    for (civil_day day = first; day <= last && day < first + LOOK_DAYS && sum < enough; day++) {
        if (!workcal_is_working(&desk->config->calendar, day))
            continue;
        int64_t begin = zone_to_utc(desk->zone, (struct civil){day, opens});
        int64_t end = zone_to_utc(desk->zone, (struct civil){day, closes});
        begin = begin > from ? begin : from;
        end = end < to ? end : to;
        sum += end > begin ? end - begin : 0;
    }
    return sum;
}

enum rc unseen_since(const struct desk *desk, int64_t last_tick_at, int64_t *ret, struct err *err)
{
    int64_t now = desk_now(desk), since;
    *ret = 0;
    enum rc rc = store_due_unseen(desk->store, last_tick_at, now, &since, err);
    if (rc == RC_OK && since != 0 &&
        seconds_at_work(desk, since, now, SEEN_WITHIN_SEC) >= SEEN_WITHIN_SEC)
        *ret = since;
    return rc;
}
