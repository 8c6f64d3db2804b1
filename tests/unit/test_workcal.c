/* The working calendar: weekends, holidays, moved working days, and calendars without any. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pps/workcal.h>

static civil_day day_of(const char *text)
{
    struct civil c;
    assert_int_equal(civil_parse(text, 0, &c, NULL), RC_OK);
    return c.day;
}

/* New Year of 2027 in Russia: 1 to 8 January are off, Saturday 20 February works, and 8 March
 * stands in both lists. */
static struct workcal new_year(void)
{
    struct workcal cal = {.weekdays = WORKCAL_MONDAY_TO_FRIDAY, .n_holidays = 9, .n_extra = 2};
    cal.holidays = calloc(cal.n_holidays, sizeof *cal.holidays);
    cal.extra = calloc(cal.n_extra, sizeof *cal.extra);
    for (size_t i = 0; i < 8; i++)
        cal.holidays[i] = day_of("2027-01-01") + (civil_day)i;
    cal.holidays[8] = day_of("2027-03-08");
    cal.extra[0] = day_of("2027-02-20");
    cal.extra[1] = day_of("2027-03-08");
    return cal;
}

static void the_nearest_working_day_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *day;
        bool working;
        const char *later, *earlier;
    } cases[] = {
        {"2026-12-10", true, "2026-12-10", "2026-12-10"},  /* Thursday */
        {"2026-12-12", false, "2026-12-14", "2026-12-11"}, /* Saturday */
        {"2026-12-13", false, "2026-12-14", "2026-12-11"}, /* Sunday */
        {"2027-01-01", false, "2027-01-11", "2026-12-31"}, /* eight days off, then a weekend */
        {"2027-01-09", false, "2027-01-11", "2026-12-31"},
        {"2027-02-20", true, "2027-02-20", "2027-02-20"}, /* a Saturday that works */
        {"2027-02-21", false, "2027-02-22", "2027-02-20"},
        {"2027-03-08", true, "2027-03-08", "2027-03-08"}, /* extra wins over a holiday */
    };
    struct workcal cal = new_year();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        civil_day day = day_of(cases[i].day);
        assert_int_equal(workcal_is_working(&cal, day), cases[i].working);
        assert_int_equal(workcal_later(&cal, day), day_of(cases[i].later));
        assert_int_equal(workcal_earlier(&cal, day), day_of(cases[i].earlier));
    }
    workcal_fini(&cal);
    assert_null(cal.holidays);
    workcal_fini(&cal);
    workcal_fini(NULL);
}

static void each_weekday_has_its_own_bit(void **state)
{
    (void)state;
    civil_day monday = day_of("2026-12-07");
    for (int works = MONDAY; works <= SUNDAY; works++) {
        struct workcal cal = {.weekdays = 1u << works};
        for (int asked = MONDAY; asked <= SUNDAY; asked++)
            assert_int_equal(workcal_is_working(&cal, monday + asked), works == asked);
        assert_int_equal(workcal_later(&cal, monday), monday + works);
    }
}

static void without_working_days_nothing_moves(void **state)
{
    (void)state;
    struct workcal cal = {0};
    civil_day day = day_of("2026-12-10");
    assert_int_equal(workcal_later(&cal, day), day);
    assert_int_equal(workcal_earlier(&cal, day), day);
    civil_day extra[] = {day + 366};
    cal = (struct workcal){.extra = extra, .n_extra = 1};
    assert_int_equal(workcal_later(&cal, day), day + 366);
    assert_int_equal(workcal_later(&cal, day - 1), day - 1); /* 367 days away */
    assert_int_equal(workcal_earlier(&cal, day + 2 * 366), day + 366);
}

static void the_search_stays_in_the_calendar(void **state)
{
    (void)state;
    struct workcal cal = {.weekdays =
                              1u << MONDAY}; /* 2199-12-31 is a Tuesday, 1970-01-01 a Thursday */
    assert_int_equal(workcal_later(&cal, CIVIL_MAX), CIVIL_MAX);
    assert_int_equal(workcal_earlier(&cal, CIVIL_MIN), CIVIL_MIN);
    assert_int_equal(workcal_earlier(&cal, CIVIL_MAX), CIVIL_MAX - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nearest_working_day_is_found),
        cmocka_unit_test(each_weekday_has_its_own_bit),
        cmocka_unit_test(without_working_days_nothing_moves),
        cmocka_unit_test(the_search_stays_in_the_calendar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
