/* Tables of sales: what becomes of each, step by step, to the minute. For the tests of the planner.
 *
 * Each case says what was sold and when it was entered, and lists the steps that it is about, one a
 * line:
 *   key: channel DUE until EXPIRY else FALLBACK-CHANNEL CUT-OFF | what people are told
 *   key: why: what people are told                              (not to be done)
 * Times carry the zone's offset, so that each can be checked by hand. The properties that hold for
 * every plan (plan_rules.h) are checked on every case. */
#ifndef TESTS_PLAN_SALES_H
#define TESTS_PLAN_SALES_H

#include "plan_rules.h"

struct sale {
    const char *about;
    const char *purchase, *departure, *return_, *entered; /* entered: on the wall of the zone */
    const char *expected;
    const char *zone;     /* NULL: Europe/Moscow */
    const char *agency;   /* the agency's zone; NULL: the same */
    const char *contacts; /* NULL: "phone e-mail" */
    const char *visit;
    const char *settled[3];
    enum { WEEKDAYS, NEW_YEAR, CLOSED } calendar;
};

/* NEW_YEAR: 31 December and 1 to 10 January are off, Saturday 26 December works. CLOSED: nobody works
 * from 12 December for forty days. */
static inline struct workcal calendar_of(const struct sale *s)
{
    static civil_day holidays[11], closed[40], extra[1];
    struct workcal cal = {.weekdays = WORKCAL_MONDAY_TO_FRIDAY};
    for (int i = 0; i < (int)COUNT(holidays); i++)
        holidays[i] = day("2026-12-31") + i;
    for (int i = 0; i < (int)COUNT(closed); i++)
        closed[i] = day("2026-12-12") + i;
    extra[0] = day("2026-12-26");
    if (s->calendar == NEW_YEAR) {
        cal.holidays = holidays;
        cal.n_holidays = COUNT(holidays);
        cal.extra = extra;
        cal.n_extra = COUNT(extra);
    } else if (s->calendar == CLOSED) {
        cal.holidays = closed;
        cal.n_holidays = COUNT(closed);
    }
    return cal;
}

/* It has been done, as far as the planner has to know. */
static inline struct plan_past over(const char *step)
{
    return (struct plan_past){.step = step,
                              .over = true,
                              .anchor_at = {CIVIL_NONE, MINUTE_NONE},
                              .moved_to = {CIVIL_NONE, MINUTE_NONE}};
}

static inline struct plan_input input_of(const struct sale *s, const struct playbook *playbook,
                                         const struct workcal *calendar)
{
    const struct zone *zone = zone_named(str_or(s->zone, "Europe/Moscow"));
    static struct plan_past past[COUNT(s->settled)];
    const char *contacts = str_or(s->contacts, "phone e-mail");
    struct plan_input in = {
        .playbook = playbook,
        .zone = zone,
        .calendar = calendar,
        .agency_today = zone_to_local(s->agency ? zone_named(s->agency) : zone,
                                      zone_to_utc(zone, when(s->entered)))
                            .day,
        .has_phone = strstr(contacts, "phone") != NULL,
        .has_email = strstr(contacts, "e-mail") != NULL,
        .now = zone_to_utc(zone, when(s->entered)),
        .paused_until = CIVIL_NONE,
        .past = past,
    };
    for (int i = 0; i < ANCHOR_COUNT; i++)
        in.when[i] = (struct civil){CIVIL_NONE, MINUTE_NONE};
    in.when[ANCHOR_PURCHASE].day = day(s->purchase);
    in.when[ANCHOR_DEPARTURE] = when(s->departure);
    in.when[ANCHOR_RETURN] = when(s->return_);
    in.when[ANCHOR_VISIT] = when(s->visit);
    for (; in.n_past < COUNT(s->settled) && s->settled[in.n_past] != NULL; in.n_past++)
        past[in.n_past] = over(s->settled[in.n_past]);
    struct err err;
    assert_ok(plan_check_dates(in.when[ANCHOR_PURCHASE].day, in.when[ANCHOR_DEPARTURE],
                               in.when[ANCHOR_RETURN], &err));
    return in;
}

/* Every line of expected must be a line of the plan. */
static inline void compare(const struct sale *s, const struct plan *plan, const struct zone *zone)
{
    char *got = plan_text(plan, zone), *wanted = xstrdup(s->expected), *save = NULL;
    int lines = 0;
    for (char *line = strtok_r(wanted, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        char *whole = xasprintf("%s\n", line);
        const char *at = strstr(got, whole);
        if (at == NULL || (at != got && at[-1] != '\n')) {
            print_error("%s: wanted\n    %s  got\n", s->about, whole);
            show_plan(plan, zone);
            fail();
        }
        free(whole);
        lines++;
    }
    assert_true(lines > 0);
    free(got);
    free(wanted);
}

static inline void run_sales(const struct sale *sales, size_t n)
{
    struct playbook playbook = shipped_playbook();
    for (size_t i = 0; i < n; i++) {
        struct workcal calendar = calendar_of(&sales[i]);
        struct plan_input in = input_of(&sales[i], &playbook, &calendar);
        struct plan plan;
        plan_make(&in, &plan);
        compare(&sales[i], &plan, in.zone);
        check_shipped(&in, &plan, sales[i].about);
        plan_fini(&plan);
    }
    playbook_fini(&playbook);
}

#define WAITS "office-visit: waiting: waits until the visit is agreed\n"

#endif
