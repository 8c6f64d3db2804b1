/* The hours of calls. A call is made by a person at the agency, in its calling hours, and rings at the client's, who may be
 * asleep there: an hour is good when both clocks say so. Who does not pick up in the morning may do so in the evening.
 * Serves the planner and the ticking off of calls. */
#include <stdbool.h>

#include <pps/calls.h>

enum { SLOT = 15, SLOT_SEC = SLOT * 60, AT_LEAST_SEC = 3600, LOOK_DAYS = 31 };

static bool is_in(struct decent_hours hours, int16_t minute)
{
    return minute >= hours.from && minute < hours.to;
}

static bool is_good(const struct calling *c, int64_t at)
{
    return is_in(c->hours, zone_to_local(c->agency, at).minute) &&
           is_in(c->decent, zone_to_local(c->client, at).minute);
}

static int64_t distance(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

int64_t calls_good_hour(const struct calling *c, int64_t at)
{
    int64_t best = at;
    bool found = false;
    if (c->hours.to == 0 || is_good(c, at))
        return at;
    struct civil local = zone_to_local(c->agency, at);
    for (int minute = c->hours.from; minute < c->hours.to; minute += SLOT) {
        local.minute = (int16_t)minute;
        int64_t slot = zone_to_utc(c->agency, local);
        if (is_good(c, slot) && (!found || distance(slot, at) < distance(best, at))) {
            best = slot;
            found = true;
        }
    }
    return best;
}

/* The good hours of one day. */
struct span {
    int64_t from, to;
};

static bool span_of(const struct calling *c, civil_day day, struct span *ret)
{
    struct decent_hours hours = c->hours;
    bool found = false;
    if (hours.to == 0)
        hours = c->decent;
    for (int minute = hours.from; minute < hours.to; minute += SLOT) {
        int64_t slot = zone_to_utc(c->agency, (struct civil){day, (int16_t)minute});
        if (!is_in(c->decent, zone_to_local(c->client, slot).minute))
            continue;
        if (!found)
            ret->from = slot;
        ret->to = slot + SLOT_SEC;
        found = true;
    }
    return found;
}

/* A quarter of an hour some way into them. */
static int64_t into(const struct span *span, int fortieths)
{
    int64_t at = (span->to - span->from) * fortieths / 40;
    return span->from + at / SLOT_SEC * SLOT_SEC;
}

enum { EARLY = 4, LATE = 30 }; /* a tenth, and three quarters of the day's good hours */

static int64_t on_next_working_day(const struct calling *c, civil_day today, int where)
{
    civil_day day = today;
    struct span span;
    for (int i = 0; i < LOOK_DAYS && day < CIVIL_MAX; i++) {
        day = workcal_later(c->calendar, day + 1);
        if (span_of(c, day, &span))
            return into(&span, where);
    }
    return 0;
}

/* What is left before the end is halved, so that there is time for the machine, or for one more try. */
static int64_t before_end(const struct calling *c, int64_t now, int64_t end)
{
    int64_t at = (now + (end - now) / 2) / SLOT_SEC * SLOT_SEC;
    bool good = c->hours.to == 0 || is_good(c, at);
    return at >= now + SLOT_SEC && good ? at : 0;
}

int64_t calls_next_try(const struct calling *c, int64_t now, int64_t end)
{
    civil_day today = zone_to_local(c->agency, now).day;
    struct span span;
    int64_t at = 0;
    bool early = span_of(c, today, &span) && now < span.from + (span.to - span.from) / 2;
    if (early)
        at = into(&span, LATE);
    if (!early || at < now + AT_LEAST_SEC)
        at = on_next_working_day(c, today, early ? LATE : EARLY);
    return at != 0 && at < end ? at : before_end(c, now, end);
}
