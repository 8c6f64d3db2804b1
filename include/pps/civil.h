/* Civil dates: days of the proleptic Gregorian calendar without a zone. Pure arithmetic.
 *
 * Range: 1970-01-01 .. 2199-12-31; everything outside is an error at the door, never a wrap. */
#ifndef PPS_CIVIL_H
#define PPS_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

#include <pps/err.h>

/* Days since 1970-01-01. */
typedef int32_t civil_day;
#define CIVIL_MIN ((civil_day)0)
#define CIVIL_MAX ((civil_day)84005) /* 2199-12-31 */
#define CIVIL_NONE ((civil_day)-1)   /* "no date" */
#define MINUTE_NONE ((int16_t)-1)    /* "no time of day" */

enum weekday { MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY };

/* A date, perhaps with a time of day: what people write down. */
struct civil {
    civil_day day;  /* CIVIL_NONE: nothing is written */
    int16_t minute; /* minute of the day 0..1439, or MINUTE_NONE */
};

struct ymd {
    int year, month, day; /* 1970..2199, 1..12, 1..31 */
};

/* false when there is no such day (31 February) or the year is out of range. */
bool civil_from_ymd(struct ymd ymd, civil_day *ret_day);
struct ymd civil_to_ymd(civil_day day);
enum weekday civil_weekday(civil_day day);
int civil_days_in_month(int year, int month); /* 28..31 */

/* Reads what people type: 2026-12-10, 10.12.2026, today, tomorrow, yesterday, +3d, -3d, each with
 * an optional time of day (2026-12-10T06:40, "10.12.2026 06:40"). White space around is ignored.
 * today is what the relative forms count from. Errors: RC_INVALID with the text quoted, what is
 * wrong with it (no such day, year outside 1970-2199, not a date) and the forms that work. */
enum rc civil_parse(const char *text, civil_day today, struct civil *ret,
                    struct err *err) MUST_CHECK;

/* How long ago, as people type it: "3y" or "18m", years or months before today (of a day that the month does not have, its
 * last), or a day as civil_parse reads it, without an hour. RC_INVALID. */
enum rc civil_parse_ago(const char *text, civil_day today, civil_day *ret, struct err *err) MUST_CHECK;

/* "HH:MM", 00:00..23:59. */
enum rc minute_parse(const char *text, int16_t *ret_minute, struct err *err) MUST_CHECK;

/* "2026-12-10" / "2026-12-10 06:40" (the time only when there is one). */
#define CIVIL_TEXT_BYTES 24
void civil_format(struct civil c, char buf[CIVIL_TEXT_BYTES]);
void civil_format_day(civil_day day, char buf[CIVIL_TEXT_BYTES]);
/* "10.12.2026" as tables show it to people. */
void civil_format_people(civil_day day, char buf[CIVIL_TEXT_BYTES]);

#endif
