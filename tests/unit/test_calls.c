/* The hours of calls: inside the agency's calling hours and decent at the client's; and when the next try comes. */
#include "support.h"

#include <pps/calls.h>

static struct calling calling_to(const char *client, const struct workcal *calendar)
{
    return (struct calling){.agency = zone_named("Europe/Moscow"),
                            .client = zone_named(client),
                            .calendar = calendar,
                            .hours = {10 * 60, 20 * 60},
                            .decent = {8 * 60, 21 * 60 + 30}};
}

static int64_t moscow(const char *text)
{
    return instant("Europe/Moscow", text);
}

static void assert_moscow(int64_t at, const char *text, const char *about)
{
    char found[CIVIL_TEXT_BYTES] = "none";
    if (at != 0)
        civil_format(zone_to_local(zone_named("Europe/Moscow"), at), found);
    if (strcmp(found, text) != 0)
        fail_msg("%s: %s, not %s", about, found, text);
}

static const struct workcal weekdays = {.weekdays = WORKCAL_MONDAY_TO_FRIDAY};

static void a_good_hour_is_good_for_both(void **state)
{
    (void)state;
    static const struct {
        const char *about, *client, *at, *good;
    } rows[] = {
        {"at home", "Europe/Moscow", "2026-12-09 10:00", "2026-12-09 10:00"},
        {"before the agency opens", "Europe/Moscow", "2026-12-09 08:10", "2026-12-09 10:00"},
        {"the end is too late", "Europe/Moscow", "2026-12-09 20:00", "2026-12-09 19:45"},
        {"evening there, morning here", "Asia/Kamchatka", "2026-12-09 10:00", "2026-12-09 10:00"},
        {"night there", "Asia/Kamchatka", "2026-12-09 17:00", "2026-12-09 12:15"},
        {"they sleep until the afternoon", "America/New_York", "2026-12-09 10:00",
         "2026-12-09 16:00"},
        {"half an hour of the day is good", "Pacific/Honolulu", "2026-12-09 15:00",
         "2026-12-09 10:15"},
        {"a zone with half hours", "Asia/Kolkata", "2026-12-09 19:30", "2026-12-09 18:45"},
        {"the clock changes there that night", "America/New_York", "2026-11-01 10:00",
         "2026-11-01 16:00"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct calling c = calling_to(rows[i].client, &weekdays);
        assert_moscow(calls_good_hour(&c, moscow(rows[i].at)), rows[i].good, rows[i].about);
    }
    struct calling any = calling_to("Asia/Kamchatka", &weekdays);
    any.hours = (struct decent_hours){0, 0};
    assert_moscow(calls_good_hour(&any, moscow("2026-12-09 17:00")), "2026-12-09 17:00",
                  "without hours any is good");
    struct calling never = calling_to("Asia/Kamchatka", &weekdays);
    never.hours = (struct decent_hours){14 * 60, 18 * 60};
    assert_moscow(calls_good_hour(&never, moscow("2026-12-09 15:00")), "2026-12-09 15:00",
                  "no hour fits: the plan's own must do");
}

static void the_next_try_comes_at_another_time_of_the_day(void **state)
{
    (void)state;
    static const struct {
        const char *about, *client, *now, *end, *next;
    } rows[] = {
        {"morning: the same evening", "Europe/Moscow", "2026-12-09 10:05", NULL,
         "2026-12-09 17:30"},
        {"before the hours", "Europe/Moscow", "2026-12-09 08:00", NULL, "2026-12-09 17:30"},
        {"just before the half", "Europe/Moscow", "2026-12-09 14:59", NULL, "2026-12-09 17:30"},
        {"afternoon: the next morning", "Europe/Moscow", "2026-12-09 15:00", NULL,
         "2026-12-10 11:00"},
        {"after the hours", "Europe/Moscow", "2026-12-09 21:00", NULL, "2026-12-10 11:00"},
        {"Friday: Monday", "Europe/Moscow", "2026-12-11 18:00", NULL, "2026-12-14 11:00"},
        {"Saturday morning, somebody works: the same day", "Europe/Moscow", "2026-12-12 11:00",
         NULL, "2026-12-12 17:30"},
        {"a cut-off in between: the middle of what is left", "Europe/Moscow", "2026-12-09 12:00",
         "2026-12-09 16:00", "2026-12-09 14:00"},
        {"a short while is left", "Europe/Moscow", "2026-12-09 15:10", "2026-12-09 16:00",
         "2026-12-09 15:30"},
        {"too little is left", "Europe/Moscow", "2026-12-09 15:45", "2026-12-09 16:00", "none"},
        {"nothing is left", "Europe/Moscow", "2026-12-09 16:30", "2026-12-09 16:00", "none"},
        {"the end is after the next try", "Europe/Moscow", "2026-12-09 10:05", "2026-12-09 18:00",
         "2026-12-09 17:30"},
        {"their evening is our noon", "Asia/Kamchatka", "2026-12-09 10:10", NULL,
         "2026-12-09 11:45"},
        {"their night has come: tomorrow at another hour", "Asia/Kamchatka", "2026-12-09 12:00",
         NULL, "2026-12-10 10:15"},
        {"their morning is our evening", "America/New_York", "2026-12-09 16:10", NULL,
         "2026-12-09 19:00"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct calling c = calling_to(rows[i].client, &weekdays);
        int64_t end = rows[i].end == NULL ? INT64_MAX : moscow(rows[i].end);
        assert_moscow(calls_next_try(&c, moscow(rows[i].now), end), rows[i].next, rows[i].about);
    }
}

static void days_off_are_left_out(void **state)
{
    (void)state;
    static civil_day holidays[2];
    holidays[0] = day("2026-12-10");
    holidays[1] = day("2026-12-11");
    struct workcal cal = {
        .weekdays = WORKCAL_MONDAY_TO_FRIDAY, .holidays = holidays, .n_holidays = 2};
    struct calling c = calling_to("Europe/Moscow", &cal);
    assert_moscow(calls_next_try(&c, moscow("2026-12-09 16:00"), INT64_MAX), "2026-12-14 11:00",
                  "two holidays and a weekend");
}

/* Whatever the clocks: the next try is later, before the end, on a day of work or today, and at an hour that is good for
 * both when the day has one. */
static void whatever_the_clocks(void **state)
{
    (void)state;
    static const char *const zones[] = {"Europe/Moscow",    "Asia/Kamchatka", "America/New_York",
                                        "Pacific/Honolulu", "Asia/Kolkata",   "Pacific/Auckland"};
    for (size_t z = 0; z < COUNT(zones); z++) {
        struct calling c = calling_to(zones[z], &weekdays);
        for (int64_t now = moscow("2026-10-23 00:00"); now < moscow("2026-11-03 00:00");
             now += 41 * 60) {
            int64_t next = calls_next_try(&c, now, INT64_MAX);
            struct civil local = zone_to_local(c.agency, next),
                         today = zone_to_local(c.agency, now);
            assert_true(next > now);
            assert_true(local.day == today.day || workcal_is_working(&weekdays, local.day));
            assert_int_equal(calls_good_hour(&c, next), next);
            int64_t end = now + 5 * 3600, before = calls_next_try(&c, now, end);
            assert_true(before == 0 || (before > now && before < end));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_hour_is_good_for_both),
        cmocka_unit_test(the_next_try_comes_at_another_time_of_the_day),
        cmocka_unit_test(days_off_are_left_out),
        cmocka_unit_test(whatever_the_clocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
