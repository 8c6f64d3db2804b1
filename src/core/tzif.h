/* A compiled time zone (TZif, RFC 8536, version 2 and later): its offset from UTC at every instant.
 */
#ifndef PPS_CORE_TZIF_H
#define PPS_CORE_TZIF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One of the two yearly changes of a rule, as in "M3.5.0/2" (RFC 8536 §3.3, POSIX TZ). */
struct tzif_change {
    enum { TZIF_MONTH_WEEK, TZIF_JULIAN, TZIF_DAY_OF_YEAR } form;
    int month, week, weekday; /* M: week 5 is the last one, weekday 0 is Sunday */
    int day;                  /* J1..365, never 29 February; or 0..365 */
    int32_t seconds;          /* of the day, by the clock that the change ends; -167 h .. 167 h */
};

/* What holds after the last transition of the table, for ever. */
struct tzif_rule {
    bool present, has_summer;
    int32_t standard, summer; /* seconds east of UTC */
    struct tzif_change to_summer, to_standard;
};

struct tzif {
    int64_t *at;     /* instants of the transitions, ascending */
    int32_t *offset; /* what holds from at[i] on */
    size_t n;
    int32_t before; /* what holds before the first */
    struct tzif_rule rule;
};

/* Reads the bytes of a file. false, and nothing to free, when they are not a zone that this module
 * can answer for: damaged, version 1 only, or counting leap seconds. */
bool tzif_parse(const char *bytes, size_t n, struct tzif *ret);
int32_t tzif_offset(const struct tzif *tz, int64_t utc);
void tzif_fini(struct tzif *tz);

#endif
