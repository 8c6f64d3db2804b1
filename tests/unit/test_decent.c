/* Decent hours: when an SMS may ring, else when it may next. */
#include "support.h"

#include <pps/decent.h>

static void the_next_decent_hour(void **state)
{
    (void)state;
    static const struct {
        const char *zone, *now, *at;
    } cases[] = {
        {"Europe/Moscow", "2026-12-09 08:00", NULL}, /* now */
        {"Europe/Moscow", "2026-12-09 14:00", NULL},
        {"Europe/Moscow", "2026-12-09 21:29", NULL},
        {"Europe/Moscow", "2026-12-09 21:30", "2026-12-10 08:00"},
        {"Europe/Moscow", "2026-12-09 23:59", "2026-12-10 08:00"},
        {"Europe/Moscow", "2026-12-31 22:00", "2027-01-01 08:00"},
        {"Europe/Moscow", "2026-12-10 00:00", "2026-12-10 08:00"},
        {"Europe/Moscow", "2026-12-10 07:59", "2026-12-10 08:00"},
        /* In the nights in which the clocks are changed. */
        {"Europe/Berlin", "2027-03-27 22:00", "2027-03-28 08:00"},
        {"Europe/Berlin", "2027-03-28 01:30", "2027-03-28 08:00"},
        {"Europe/Berlin", "2027-10-30 22:00", "2027-10-31 08:00"},
        {"Europe/Berlin", "2027-10-31 02:30", "2027-10-31 08:00"},
        {"Asia/Kamchatka", "2026-12-09 03:00", "2026-12-09 08:00"},
        {"UTC", "2199-12-31 23:00", NULL}, /* no later day is left */
    };
    struct decent_hours hours = {.from = 8 * 60, .to = 21 * 60 + 30};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct zone *zone = zone_named(cases[i].zone);
        int64_t now = instant(cases[i].zone, cases[i].now);
        for (int second = 0; second < 60; second += 59) {
            int64_t wanted = cases[i].at ? instant(cases[i].zone, cases[i].at) : now + second;
            if (decent_instant(zone, hours, now + second) != wanted)
                fail_msg("%s %s: %lld, wanted %lld", cases[i].zone, cases[i].now,
                         (long long)decent_instant(zone, hours, now + second), (long long)wanted);
        }
    }
}

/* Around the clock, and one minute a day. */
static void odd_hours(void **state)
{
    (void)state;
    struct decent_hours always = {.from = 0, .to = 24 * 60 - 1}, minute = {.from = 720, .to = 721};
    const struct zone *utc = zone_named("UTC");
    assert_int_equal(decent_instant(utc, always, 0), 0);
    assert_int_equal(decent_instant(utc, always, 86399), 86400);
    assert_int_equal(decent_instant(utc, minute, 0), 43200);
    assert_int_equal(decent_instant(utc, minute, 43259), 43259);
    assert_int_equal(decent_instant(utc, minute, 43260), 86400 + 43200);
}

/* What must be there earlier does not wait for the morning. */
static void what_would_be_too_late(void **state)
{
    (void)state;
    struct decent_hours hours = {.from = 8 * 60, .to = 21 * 60 + 30};
    const struct zone *zone = zone_named("Europe/Moscow");
    int64_t night = instant("Europe/Moscow", "2026-12-09 22:00");
    int64_t morning = instant("Europe/Moscow", "2026-12-10 08:00");
    assert_int_equal(decent_turn(zone, hours, night, morning + 1), morning);
    assert_int_equal(decent_turn(zone, hours, night, morning), night);
    assert_int_equal(decent_turn(zone, hours, night, night - 1), night);
    assert_int_equal(decent_turn(zone, hours, morning, night), morning);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_next_decent_hour),
        cmocka_unit_test(odd_hours),
        cmocka_unit_test(what_would_be_too_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
