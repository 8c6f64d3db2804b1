/* Whose day is it? Birthdays, with the rule for those of 29 February, and the holidays of the playbook; and whether there
 * is anything to be done on them. Pure. Serves the greetings that the tick prepares (service/greetings.c). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/greeting.h>
#include <pps/str.h>

static bool is_leap(int year)
{
    return civil_days_in_month(year, 2) == 29;
}

int birthdays_kept_on(civil_day day, enum feb29 rule, char ret[2][MONTH_DAY_BYTES])
{
    struct ymd d = civil_to_ymd(day);
    bool kept = !is_leap(d.year) &&
                (rule == FEB29_ON_FEB28 ? d.month == 2 && d.day == 28 : d.month == 3 && d.day == 1);
    for (int i = 0; i < 2; i++)
        (void)snprintf(ret[i], MONTH_DAY_BYTES, "%02u-%02u", (unsigned)d.month % 100,
                       (unsigned)d.day % 100);
    if (kept)
        strcpy(ret[1], "02-29");
    return kept ? 2 : 1;
}

bool birthday_in_year(const char *birthday, int year, enum feb29 rule, civil_day *ret)
{
    if (birthday == NULL || strlen(birthday) != 10)
        return false;
    struct ymd d = {year, (int)strtol(birthday + 5, NULL, 10), (int)strtol(birthday + 8, NULL, 10)};
    if (d.month == 2 && d.day == 29 && !is_leap(year)) {
        d.month = rule == FEB29_ON_FEB28 ? 2 : 3;
        d.day = rule == FEB29_ON_FEB28 ? 28 : 1;
    }
    return civil_from_ymd(d, ret);
}

bool holiday_falls_on(const struct holiday *h, civil_day day)
{
    char text[CIVIL_TEXT_BYTES];
    civil_format_day(day, text);
    if (h->month_day != NULL)
        return str_eq(text + 5, h->month_day);
    for (size_t i = 0; i < h->n_dates; i++) {
        if (h->dates[i] == day)
            return true;
    }
    return false;
}

static void add_way(struct greeting_ways *ways, enum channel channel)
{
    ways->email = ways->email || channel == CHANNEL_EMAIL;
    ways->phone = ways->phone || channel == CHANNEL_SMS || channel == CHANNEL_CALL;
    ways->any = ways->any || channel == CHANNEL_VISIT || channel == CHANNEL_TASK;
}

bool greeting_ways(const struct playbook *p, const char *key, struct greeting_ways *ret)
{
    struct greeting_ways ways = {0};
    bool found = false;
    for (size_t i = 0; i < p->n_steps; i++) {
        const struct step *step = &p->steps[i];
        if (step->series != KIND_GREETING || !str_eq(step->greeting, key))
            continue;
        found = true;
        add_way(&ways, step->channel);
        for (size_t j = 0; j < step->n_otherwise; j++)
            add_way(&ways, step->otherwise[j]);
        bool longer =
            step->grace_days > ways.grace_days ||
            (step->grace_days == ways.grace_days && step->grace_minute > ways.grace_minute);
        if (longer) {
            ways.grace_days = step->grace_days;
            ways.grace_minute = step->grace_minute;
        }
        if (-step->at.days > ways.lead_days)
            ways.lead_days = -step->at.days;
    }
    if (found)
        *ret = ways;
    return found;
}
