/* Compiled time zones: reads the bytes of a TZif file and answers for the offset at an instant.
 * Pure: it opens no file and keeps nothing. Serves zone.c. The file is trusted no more than any
 * input: every count is held against the length.
 *
 * Why not a calendar library: libical 3.0.16 rebuilds each zone from a few recurrence rules and
 * thereby errs for 74 of the 312 zones between 1971 and 2199, Africa/Cairo after 2037 among them.
 */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "tzif.h"

#define DAY 86400
#define OFFSET_LIMIT (26 * 3600) /* RFC 8536 §3.2: less than 26 hours */
enum { HEADER_BYTES = 44, TRANSITIONS_MAX = 20000 };

struct header {
    size_t ut, std, leap, times, types, chars;
    const char *body;
};

static int64_t big_endian(const char *p, size_t bytes)
{
    uint64_t v = 0;
    for (size_t i = 0; i < bytes; i++)
        v = v << 8 | (unsigned char)p[i];
    return bytes == 4 ? (int64_t)(int32_t)(uint32_t)v : (int64_t)v;
}

static bool read_header(const char *p, const char *end, struct header *h)
{
    if (end - p < HEADER_BYTES || memcmp(p, "TZif", 4) != 0 || p[4] < '2')
        return false;
    size_t *const counts[] = {&h->ut, &h->std, &h->leap, &h->times, &h->types, &h->chars};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        int64_t count = big_endian(p + 20 + 4 * i, 4);
        if (count < 0 || count > TRANSITIONS_MAX)
            return false;
        *counts[i] = (size_t)count;
    }
    h->body = p + HEADER_BYTES;
    return true;
}

/* The end of a data block whose instants take time_bytes; NULL when it is not all there. */
static const char *block_end(const struct header *h, size_t time_bytes, const char *end)
{
    size_t bytes = h->times * (time_bytes + 1) + h->types * 6 + h->chars +
                   h->leap * (time_bytes + 4) + h->std + h->ut;
    return bytes <= (size_t)(end - h->body) ? h->body + bytes : NULL;
}

/* ---- The rule at the end: "EET-2EEST,M3.5.0/3,M10.5.0/4" ---- */

static bool take(const char **p, char c)
{
    if (**p != c)
        return false;
    ++*p;
    return true;
}

static bool number(const char **p, int max, int *ret)
{
    int v = 0;
    const char *q = *p;
    for (; *q >= '0' && *q <= '9' && v <= max; q++)
        v = v * 10 + (*q - '0');
    if (q == *p || v > max)
        return false;
    *p = q;
    *ret = v;
    return true;
}

/* [+-]h[h[h]][:mm[:ss]] in seconds. */
static bool clock_text(const char **p, int hours_max, int32_t *ret)
{
    int sign = **p == '-' ? -1 : 1;
    int h, m = 0, s = 0;
    if (**p == '-' || **p == '+')
        ++*p;
    if (!number(p, hours_max, &h))
        return false;
    if (take(p, ':') && (!number(p, 59, &m) || (take(p, ':') && !number(p, 59, &s))))
        return false;
    *ret = sign * (h * 3600 + m * 60 + s);
    return true;
}

static bool designation(const char **p)
{
    const char *start = *p;
    if (**p == '<') {
        const char *close = strchr(*p, '>');
        if (close == NULL)
            return false;
        *p = close + 1;
        return true;
    }
    while ((**p >= 'A' && **p <= 'Z') || (**p >= 'a' && **p <= 'z'))
        ++*p;
    return *p - start >= 3;
}

static bool change_text(const char **p, struct tzif_change *ret)
{
    struct tzif_change c = {.seconds = 2 * 3600};
    if (take(p, 'M')) {
        if (!number(p, 12, &c.month) || !take(p, '.') || !number(p, 5, &c.week) || !take(p, '.') ||
            !number(p, 6, &c.weekday) || c.month < 1 || c.week < 1)
            return false;
    } else {
        c.form = take(p, 'J') ? TZIF_JULIAN : TZIF_DAY_OF_YEAR;
        if (!number(p, 365, &c.day) || (c.form == TZIF_JULIAN && c.day < 1))
            return false;
    }
    if (take(p, '/') && !clock_text(p, 167, &c.seconds))
        return false;
    *ret = c;
    return true;
}

/* text is the footer without its newlines; "" means that no rule is known. */
static bool read_rule(const char *text, struct tzif_rule *ret)
{
    struct tzif_rule rule = {.present = *text != '\0'};
    const char *p = text;
    int32_t west;
    if (rule.present) {
        if (!designation(&p) || !clock_text(&p, 24, &west))
            return false;
        rule.standard = -west;
        rule.has_summer = *p != '\0';
    }
    if (rule.has_summer) {
        if (!designation(&p))
            return false;
        rule.summer = rule.standard + 3600;
        if (*p != ',') {
            if (!clock_text(&p, 24, &west))
                return false;
            rule.summer = -west;
        }
        if (!take(&p, ',') || !change_text(&p, &rule.to_summer) || !take(&p, ',') ||
            !change_text(&p, &rule.to_standard))
            return false;
    }
    *ret = rule;
    return *p == '\0';
}

/* Days from 1970-01-01 to the first of January, for any year. */
static int64_t days_before(int64_t year)
{
    int64_t y = year - 1;
    return (year - 1970) * 365 + y / 4 - y / 100 + y / 400 - 477;
}

static bool is_leap(int64_t year)
{
    return days_before(year + 1) - days_before(year) == 366;
}

/* When a change happens in a year, in seconds since 1970 by the clock that it ends. */
static int64_t change_at(const struct tzif_change *c, int64_t year)
{
    static const int first_of_month[] = {0,   31,  59,  90,  120, 151, 181,
                                         212, 243, 273, 304, 334, 365};
    int64_t day = days_before(year);
    bool leap = is_leap(year);
    if (c->form == TZIF_MONTH_WEEK) {
        int length =
            first_of_month[c->month] - first_of_month[c->month - 1] + (c->month == 2 && leap);
        day += first_of_month[c->month - 1] + (c->month > 2 && leap);
        int first_weekday = (int)((day + 4) % 7); /* 1970-01-01 was a Thursday, Sunday is 0 */
        int in_month = (c->weekday - first_weekday + 7) % 7 + 7 * (c->week - 1);
        day += in_month >= length ? in_month - 7 : in_month;
    } else if (c->form == TZIF_JULIAN) {
        day += c->day - 1 + (c->day > 59 && leap);
    } else {
        day += c->day;
    }
    return day * DAY + c->seconds;
}

static int32_t rule_offset(const struct tzif_rule *rule, int64_t utc)
{
    if (!rule->has_summer)
        return rule->standard;
    int64_t days = (utc + rule->standard) / DAY;
    int64_t year = 1970 + days / 366;
    while (days_before(year + 1) <= days)
        year++;
    int64_t summer = change_at(&rule->to_summer, year) - rule->standard;
    int64_t standard = change_at(&rule->to_standard, year) - rule->summer;
    bool is_summer =
        summer < standard ? utc >= summer && utc < standard : utc >= summer || utc < standard;
    return is_summer ? rule->summer : rule->standard;
}

/* ---- The table ---- */

/* Copies instants and offsets out of the block; false when something in it cannot be. */
static bool read_table(const struct header *h, struct tzif *tz)
{
    const char *indexes = h->body + h->times * 8;
    const char *types = indexes + h->times;
    for (size_t i = 0; i < h->types; i++) {
        int64_t offset = big_endian(types + i * 6, 4);
        if (offset <= -OFFSET_LIMIT || offset >= OFFSET_LIMIT)
            return false;
    }
    tz->before = (int32_t)big_endian(types, 4);
    for (size_t i = 0; i < h->times; i++) {
        size_t type = (unsigned char)indexes[i];
        tz->at[i] = big_endian(h->body + i * 8, 8);
        if (type >= h->types || (i > 0 && tz->at[i] <= tz->at[i - 1]))
            return false;
        tz->offset[i] = (int32_t)big_endian(types + type * 6, 4);
    }
    tz->n = h->times;
    return true;
}

static bool read_footer(const char *p, const char *end, struct tzif_rule *ret)
{
    if (p == end || *p != '\n')
        return false;
    const char *close = memchr(p + 1, '\n', (size_t)(end - p - 1));
    if (close == NULL)
        return false;
    char *text = xstrndup(p + 1, (size_t)(close - p - 1));
    bool fine = read_rule(text, ret);
    free(text);
    return fine;
}

bool tzif_parse(const char *bytes, size_t n, struct tzif *ret)
{
    const char *end = bytes + n;
    struct header h;
    if (!read_header(bytes, end, &h))
        return false;
    const char *second = block_end(&h, 4, end); /* the first block is for readers of 32 bits */
    if (second == NULL || !read_header(second, end, &h))
        return false;
    const char *footer = block_end(&h, 8, end);
    if (footer == NULL || h.types == 0 || h.leap != 0)
        return false;
    struct tzif tz = {.at = xcalloc(h.times, sizeof *tz.at),
                      .offset = xcalloc(h.times, sizeof *tz.offset)};
    if (!read_table(&h, &tz) || !read_footer(footer, end, &tz.rule)) {
        tzif_fini(&tz);
        return false;
    }
    *ret = tz;
    return true;
}

int32_t tzif_offset(const struct tzif *tz, int64_t utc)
{
    size_t low = 0, high = tz->n; /* how many transitions are not after utc */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tz->at[middle] <= utc)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == tz->n && tz->rule.present)
        return rule_offset(&tz->rule, utc);
    return low == 0 ? tz->before : tz->offset[low - 1];
}

void tzif_fini(struct tzif *tz)
{
    if (tz == NULL)
        return;
    free(tz->at);
    free(tz->offset);
    *tz = (struct tzif){0};
}
