/* The working calendar: whether a day is a working day and where the nearest one is. It only
 * answers about the calendar it is given; who moves to a working day is the timeline's decision. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/workcal.h>

enum { SEARCH_DAYS = 366 };

static int compare_days(const void *a, const void *b)
{
    const civil_day *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static bool contains(const civil_day *days, size_t n, civil_day day)
{
    return n > 0 && bsearch(&day, days, n, sizeof *days, compare_days) != NULL;
}

static bool is_yearly(const struct workcal *cal, civil_day day)
{
    struct ymd d = civil_to_ymd(day);
    for (size_t i = 0; i < cal->n_yearly; i++) {
        if (cal->yearly[i] == 100 * d.month + d.day)
            return true;
    }
    return false;
}

bool workcal_is_working(const struct workcal *cal, civil_day day)
{
    if (contains(cal->extra, cal->n_extra, day))
        return true;
    if (contains(cal->holidays, cal->n_holidays, day) || is_yearly(cal, day))
        return false;
    return (cal->weekdays >> civil_weekday(day) & 1u) != 0;
}

static civil_day nearest(const struct workcal *cal, civil_day day, int step)
{
    for (int i = 0; i <= SEARCH_DAYS; i++) {
        civil_day candidate = day + i * step;
        if (candidate < CIVIL_MIN || candidate > CIVIL_MAX)
            break;
        if (workcal_is_working(cal, candidate))
            return candidate;
    }
    return day;
}

civil_day workcal_later(const struct workcal *cal, civil_day day)
{
    return nearest(cal, day, +1);
}

civil_day workcal_earlier(const struct workcal *cal, civil_day day)
{
    return nearest(cal, day, -1);
}

/* ---- a calendar file ---- */

/* -1: they are none. */
static int two_digits(const char *text)
{
    bool fine = strspn(text, "0123456789") >= 2;
    return fine ? (text[0] - '0') * 10 + text[1] - '0' : -1;
}

/* "02-23" or "23.02"; 29 February is a day of some years. */
static bool parse_yearly(const char *text, int *ret)
{
    enum { LEAP_YEAR = 2028, LENGTH = 5 };
    civil_day ignored;
    bool iso = strlen(text) == LENGTH && text[2] == '-';
    bool german = strlen(text) == LENGTH && text[2] == '.';
    if (!iso && !german)
        return false;
    int first = two_digits(text), second = two_digits(text + 3);
    int month = iso ? first : second, day = iso ? second : first;
    if (first < 0 || second < 0 || !civil_from_ymd((struct ymd){LEAP_YEAR, month, day}, &ignored))
        return false;
    *ret = 100 * month + day;
    return true;
}

static void insert_day(civil_day **days, size_t *n, civil_day day)
{
    *days = xrealloc(*days, (*n + 1) * sizeof **days);
    (*days)[(*n)++] = day;
    qsort(*days, *n, sizeof **days, compare_days);
}

/* One line without its remark and the blanks around it. */
static enum rc read_line(char *line, struct workcal *io, struct err *err)
{
    char *word = strpbrk(line, " \t");
    int yearly;
    struct civil day;
    struct err why;
    if (word != NULL) {
        *word++ = '\0';
        word += strspn(word, " \t");
        if (!str_eq(word, "working"))
            return err_set(err, RC_INVALID, "after a date stands nothing, or \"working\"");
    }
    if (parse_yearly(line, &yearly)) {
        if (word != NULL)
            return err_set(err, RC_INVALID, "a working day needs its year");
        io->yearly = xrealloc(io->yearly, (io->n_yearly + 1) * sizeof *io->yearly);
        io->yearly[io->n_yearly++] = yearly;
        return RC_OK;
    }
    bool relative = strpbrk(line, "+abcdefghijklmnopqrstuvwxyz") != NULL;
    if (relative || civil_parse(line, CIVIL_NONE, &day, &why) != RC_OK || day.minute != MINUTE_NONE)
        return err_set(err, RC_INVALID,
                       "a day is written 2027-02-22, 22.02.2027, or 02-23 for every year");
    if (word != NULL)
        insert_day(&io->extra, &io->n_extra, day.day);
    else
        insert_day(&io->holidays, &io->n_holidays, day.day);
    return RC_OK;
}

enum rc workcal_read(const char *text, size_t len, const char *name, struct workcal *io,
                     struct err *err)
{
    /* Behind a zero nothing would be read, and nobody told. Remarks may be in whatever letters people write them. */
    if (len > 0 && memchr(text, '\0', len) != NULL)
        return err_set(err, RC_INVALID, "%s is no plain text: save it again as text in UTF-8",
                       name);
    bool bom = len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0;
    char *copy = xstrndup(text + (bom ? 3 : 0), len - (bom ? 3 : 0)), *next = copy;
    enum rc rc = RC_OK;
    for (int n = 1; next != NULL && rc == RC_OK; n++) {
        char *line = next, *end_of_line = strchr(line, '\n');
        next = end_of_line != NULL ? end_of_line + 1 : NULL;
        if (end_of_line != NULL)
            *end_of_line = '\0';
        line[strcspn(line, "#\r")] = '\0';
        line += strspn(line, " \t");
        for (size_t end = strlen(line); end > 0 && strchr(" \t", line[end - 1]) != NULL;)
            line[--end] = '\0';
        if (*line != '\0')
            rc = read_line(line, io, err);
        if (rc != RC_OK)
            rc = err_prefix(err, rc, "%s:%d", name, n);
    }
    free(copy);
    return rc;
}

void workcal_fini(struct workcal *cal)
{
    if (cal == NULL)
        return;
    free(cal->holidays);
    free(cal->extra);
    free(cal->yearly);
    *cal = (struct workcal){0};
}
