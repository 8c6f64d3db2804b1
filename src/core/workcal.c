/* The working calendar: whether a day is a working day and where the nearest one is. It only
 * answers about the calendar it is given; who moves to a working day is the timeline's decision. */
#include <stdlib.h>

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

bool workcal_is_working(const struct workcal *cal, civil_day day)
{
    if (contains(cal->extra, cal->n_extra, day))
        return true;
    if (contains(cal->holidays, cal->n_holidays, day))
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

void workcal_fini(struct workcal *cal)
{
    if (cal == NULL)
        return;
    free(cal->holidays);
    free(cal->extra);
    *cal = (struct workcal){0};
}
