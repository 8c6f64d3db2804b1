/* Time zones: between what a clock on a wall shows and UTC. The offsets come from the system's
 * tzdata.
 *
 * Rules for the two odd hours of the year:
 *   gap     (02:30 when the clock jumps from 02 to 03): the moment as far after the jump, 03:30;
 *   overlap (02:30 happens twice): the first of the two. */
#ifndef PPS_ZONE_H
#define PPS_ZONE_H

#include <stdint.h>

#include <pps/civil.h>
#include <pps/err.h>

struct zone; /* lives as long as the program; never freed, never changed */

/* name is an IANA name ("Europe/Moscow") or "UTC". RC_INVALID when unknown, with a suggestion, or
 * when its file is damaged; RC_IO when the system has no tzdata at all, or the zone cannot be read. */
enum rc zone_find(const char *name, const struct zone **ret_zone, struct err *err) MUST_CHECK;
const char *zone_name(const struct zone *zone);
/* The same as long as the zone's law is the same, as far as the tzdata knows it. */
uint64_t zone_print(const struct zone *zone);
/* Which tzdata the system has, "2025b"; "" when it does not say. */
#define ZONE_VERSION_BYTES 32
void zone_version(char buf[ZONE_VERSION_BYTES]);

/* UTC seconds of a local date and time. local.day must be a date; a missing time means 00:00. */
int64_t zone_to_utc(const struct zone *zone, struct civil local);
/* The local date and time (minutes) at an instant; instants are within 1970..2199. In the hours at
 * both ends where the wall shows 1969 or 2200: the first or the last minute of the calendar. */
struct civil zone_to_local(const struct zone *zone, int64_t utc);
/* Seconds east of UTC at an instant. */
int32_t zone_offset(const struct zone *zone, int64_t utc);

/* RFC 3339 with the zone's offset: "2026-12-10T06:40:00+03:00". */
#define INSTANT_TEXT_BYTES 32
void instant_format(const struct zone *zone, int64_t utc, char buf[INSTANT_TEXT_BYTES]);

/* What --now takes: RFC 3339 ("2026-12-10T06:40:00Z", with seconds and offset optional), or any
 * form of civil_parse in the zone; a date alone means noon of that day. */
enum rc instant_parse(const char *text, const struct zone *zone, civil_day today, int64_t *ret_utc,
                      struct err *err) MUST_CHECK;

#endif
