/* Civil dates: calendar arithmetic, what people type for a date, and how dates are written. It
 * knows no zone and no clock: "today" is a parameter. Serves every room that speaks of days. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/civil.h>
#include <pps/str.h>
#include <pps/utf8.h>

#define FORMS "write 2026-12-10, 10.12.2026, today, tomorrow or +3d"
#define YEAR_MIN 1970
#define YEAR_MAX 2199

static const char *const month_names[] = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December",
};

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int civil_days_in_month(int year, int month)
{
    static const signed char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days from 1970-01-01 to the first day of the year. */
static int days_before_year(int year)
{
    int y = year - 1;
    return (year - YEAR_MIN) * 365 + (y / 4 - y / 100 + y / 400) -
           (1969 / 4 - 1969 / 100 + 1969 / 400);
}

bool civil_from_ymd(struct ymd ymd, civil_day *ret_day)
{
    if (ymd.year < YEAR_MIN || ymd.year > YEAR_MAX || ymd.month < 1 || ymd.month > 12 ||
        ymd.day < 1 || ymd.day > civil_days_in_month(ymd.year, ymd.month))
        return false;
    civil_day day = days_before_year(ymd.year) + ymd.day - 1;
    for (int month = 1; month < ymd.month; month++)
        day += civil_days_in_month(ymd.year, month);
    *ret_day = day;
    return true;
}

struct ymd civil_to_ymd(civil_day day)
{
    struct ymd ymd = {.year = YEAR_MIN + day / 366, .month = 1};
    while (days_before_year(ymd.year + 1) <= day)
        ymd.year++;
    int rest = day - days_before_year(ymd.year);
    while (rest >= civil_days_in_month(ymd.year, ymd.month))
        rest -= civil_days_in_month(ymd.year, ymd.month++);
    ymd.day = rest + 1;
    return ymd;
}

enum weekday civil_weekday(civil_day day)
{
    return (enum weekday)(((day + THURSDAY) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

/* ---- Reading ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Moves *p over at least min and at most max digits; -1, and *p stays, when they are not there. */
static int take_number(const char **p, int min, int max)
{
    int value = 0, n = 0;
    while (n < max && is_digit((*p)[n]))
        value = value * 10 + ((*p)[n++] - '0');
    if (n < min || is_digit((*p)[n]))
        return -1;
    *p += n;
    return value;
}

static bool take_char(const char **p, char c)
{
    if (**p != c)
        return false;
    ++*p;
    return true;
}

/* H:MM or HH:MM, and ":00" after it when seconds may stand there; the whole text. */
static bool scan_time(const char *p, bool seconds, int16_t *ret_minute)
{
    int hour = take_number(&p, 1, 2);
    if (hour < 0 || hour > 23 || !take_char(&p, ':'))
        return false;
    int minute = take_number(&p, 2, 2);
    if (minute < 0 || minute > 59)
        return false;
    if (seconds && strcmp(p, ":00") == 0)
        p += 3;
    if (*p != '\0')
        return false;
    *ret_minute = (int16_t)(hour * 60 + minute);
    return true;
}

/* RC_INVALID: `"text"` and what is wrong with it. text may hold anything. */
static enum rc bad(struct err *err, const char *text, const char *fault)
{
    char *quoted = utf8_quote(text);
    (void)err_set(err, RC_INVALID, "%s%s", quoted, fault);
    free(quoted);
    return RC_INVALID;
}

enum rc minute_parse(const char *text, int16_t *ret_minute, struct err *err)
{
    char *copy = str_trim(xstrdup(str_or(text, "")));
    int16_t minute;
    enum rc rc = RC_OK;
    if (scan_time(copy, false, &minute))
        *ret_minute = minute;
    else
        rc = bad(err, copy, " is not a time of day: write 06:40 (00:00 to 23:59)");
    free(copy);
    return rc;
}

/* Says why the numbers are no day of our calendar. */
static enum rc check_ymd(const char *text, struct ymd ymd, civil_day *ret, struct err *err)
{
    char fault[80];
    if (civil_from_ymd(ymd, ret))
        return RC_OK;
    if (ymd.year < YEAR_MIN || ymd.year > YEAR_MAX)
        return bad(err, text, ": the year must be between 1970 and 2199");
    if (ymd.month < 1 || ymd.month > 12)
        (void)snprintf(fault, sizeof fault, ": there is no month %d", ymd.month);
    else
        (void)snprintf(fault, sizeof fault, ": there is no %d %s %d", ymd.day,
                       month_names[ymd.month - 1], ymd.year);
    return bad(err, text, fault);
}

static bool scan_iso(const char **p, struct ymd *ret)
{
    const char *q = *p;
    struct ymd ymd;
    if ((ymd.year = take_number(&q, 4, 4)) < 0 || !take_char(&q, '-') ||
        (ymd.month = take_number(&q, 2, 2)) < 0 || !take_char(&q, '-') ||
        (ymd.day = take_number(&q, 2, 2)) < 0)
        return false;
    *p = q;
    *ret = ymd;
    return true;
}

static bool scan_dotted(const char **p, struct ymd *ret)
{
    const char *q = *p;
    struct ymd ymd;
    if ((ymd.day = take_number(&q, 1, 2)) < 0 || !take_char(&q, '.') ||
        (ymd.month = take_number(&q, 1, 2)) < 0 || !take_char(&q, '.') ||
        (ymd.year = take_number(&q, 4, 4)) < 0)
        return false;
    *p = q;
    *ret = ymd;
    return true;
}

/* today, tomorrow, yesterday, +3d, -3d, +2w: days from today. Six digits cannot overflow and are
 * more than the calendar holds. */
static bool scan_relative(const char **p, int *ret_days)
{
    static const struct {
        const char *word;
        int days;
    } words[] = {{"today", 0}, {"tomorrow", 1}, {"yesterday", -1}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_starts(*p, words[i].word)) {
            *p += strlen(words[i].word);
            *ret_days = words[i].days;
            return true;
        }
    }
    const char *q = *p;
    int sign = *q == '-' ? -1 : 1;
    if (*q != '+' && *q != '-')
        return false;
    q++;
    int n = take_number(&q, 1, 6);
    int unit = *q == 'd' ? 1 : *q == 'w' ? 7 : 0;
    if (n < 0 || unit == 0)
        return false;
    *p = q + 1;
    *ret_days = sign * n * unit;
    return true;
}

/* The day at *p, which is left after it; *ret_digits when it was written in digits. */
static enum rc parse_day(const char *text, const char **p, civil_day today, civil_day *ret,
                         bool *ret_digits, struct err *err)
{
    struct ymd ymd;
    *ret_digits = scan_iso(p, &ymd) || scan_dotted(p, &ymd);
    if (*ret_digits)
        return check_ymd(text, ymd, ret, err);
    int days;
    if (!scan_relative(p, &days)) {
        const char *q = text;
        bool short_year = take_number(&q, 1, 2) >= 0 && take_char(&q, '.') &&
                          take_number(&q, 1, 2) >= 0 && take_char(&q, '.') &&
                          take_number(&q, 2, 2) >= 0;
        return bad(err, text,
                   short_year ? " is not a date: write the year in four digits, as in 10.12.2026"
                              : " is not a date: " FORMS);
    }
    civil_day day = today + days;
    if (day < CIVIL_MIN || day > CIVIL_MAX)
        return bad(err, text, ": the date is not between the years 1970 and 2199");
    *ret = day;
    return RC_OK;
}

/* What follows the day: nothing, or a 'T' (after digits) or spaces and a time. */
static enum rc parse_rest(const char *text, const char *rest, bool digits, int16_t *ret_minute,
                          struct err *err)
{
    if (*rest == '\0')
        return RC_OK;
    const char *time = rest;
    if (digits && (*rest == 'T' || *rest == 't'))
        time++;
    else
        time += strspn(rest, " \t");
    if (time == rest)
        return bad(err, text, " is not a date: " FORMS);
    if (scan_time(time, true, ret_minute))
        return RC_OK;
    char *quoted = utf8_quote(time);
    char *fault = xasprintf(": %s is not a time of day: write 06:40 (00:00 to 23:59)", quoted);
    enum rc rc = bad(err, text, fault);
    free(fault);
    free(quoted);
    return rc;
}

enum rc civil_parse(const char *text, civil_day today, struct civil *ret, struct err *err)
{
    char *copy = str_trim(xstrdup(str_or(text, "")));
    const char *p = copy;
    struct civil civil = {.day = CIVIL_NONE, .minute = MINUTE_NONE};
    bool digits;
    enum rc rc = parse_day(copy, &p, today, &civil.day, &digits, err);
    if (rc == RC_OK)
        rc = parse_rest(copy, p, digits, &civil.minute, err);
    if (rc == RC_OK)
        *ret = civil;
    free(copy);
    return rc;
}

static bool months_before(civil_day today, int months, civil_day *ret)
{
    struct ymd ymd = civil_to_ymd(today);
    int month = ymd.year * 12 + ymd.month - 1 - months;
    if (month < YEAR_MIN * 12)
        return false;
    ymd.year = month / 12;
    ymd.month = month % 12 + 1;
    int days = civil_days_in_month(ymd.year, ymd.month);
    ymd.day = ymd.day > days ? days : ymd.day;
    return civil_from_ymd(ymd, ret);
}

enum rc civil_parse_ago(const char *text, civil_day today, civil_day *ret, struct err *err)
{
    char *copy = str_trim(xstrdup(str_or(text, "")));
    const char *p = copy;
    struct civil day;
    int n = take_number(&p, 1, 4);
    int months = n < 0 || p[0] == '\0' || p[1] != '\0' ? 0 : *p == 'y' ? 12 : *p == 'm';
    enum rc rc = RC_OK;
    if (months > 0 && !months_before(today, n * months, ret))
        rc = bad(err, copy, " is before 1970");
    else if (months == 0 && civil_parse(copy, today, &day, NULL) != RC_OK)
        rc = bad(err, copy, " is neither an age nor a date: write 3y, 18m (months) or 2026-12-10");
    else if (months == 0 && day.minute != MINUTE_NONE)
        rc = bad(err, copy, ": a day without an hour");
    else if (months == 0)
        *ret = day.day;
    free(copy);
    return rc;
}

/* ---- Writing ---- */

void civil_format_day(civil_day day, char buf[CIVIL_TEXT_BYTES])
{
    civil_format((struct civil){.day = day, .minute = MINUTE_NONE}, buf);
}

void civil_format(struct civil c, char buf[CIVIL_TEXT_BYTES])
{
    buf[0] = '\0';
    if (c.day < CIVIL_MIN || c.day > CIVIL_MAX)
        return;
    struct ymd d = civil_to_ymd(c.day);
    int n = snprintf(buf, CIVIL_TEXT_BYTES, "%04d-%02d-%02d", d.year, d.month, d.day);
    if (c.minute >= 0)
        (void)snprintf(buf + n, CIVIL_TEXT_BYTES - (size_t)n, " %02d:%02d", c.minute / 60,
                       c.minute % 60);
}

void civil_format_people(civil_day day, char buf[CIVIL_TEXT_BYTES])
{
    buf[0] = '\0';
    if (day < CIVIL_MIN || day > CIVIL_MAX)
        return;
    struct ymd d = civil_to_ymd(day);
    (void)snprintf(buf, CIVIL_TEXT_BYTES, "%02d.%02d.%04d", d.day, d.month, d.year);
}
