/* The working calendar: weekends, holidays, moved working days, and calendars without any. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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

static void a_calendar_file_is_read(void **state)
{
    (void)state;
    static const char text[] = "\xEF\xBB\xBF# the year 2027\r\n"
                               "02-23  # every year\n08.03\n\n 22.02.2027 \n"
                               "2027-02-20 working\n29.02";
    static const struct {
        const char *day;
        bool working;
    } cases[] = {
        {"2027-02-19", true},  {"2027-02-20", true},  {"2027-02-21", false}, {"2027-02-22", false},
        {"2027-02-23", false}, {"2027-02-24", true},  {"2027-03-08", false}, {"2028-02-23", false},
        {"2028-02-22", true},  {"2028-02-29", false}, {"2029-02-28", true},
    };
    struct workcal cal = {.weekdays = WORKCAL_MONDAY_TO_FRIDAY};
    assert_int_equal(workcal_read(text, sizeof text - 1, "days.txt", &cal, NULL), RC_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(workcal_is_working(&cal, day_of(cases[i].day)), cases[i].working);
    workcal_fini(&cal);
}

static void a_slip_in_a_calendar_file_is_named(void **state)
{
    (void)state;
    static const char form[] = "a day is written 2027-02-22, 22.02.2027, or 02-23 for every year";
    static const struct {
        const char *text, *error;
    } cases[] = {
        {"02-23\n31.02.2027\n", "days.txt:2: "},
        {"30.02", "days.txt:1: "},
        {"13-01", "days.txt:1: "},
        {"tomorrow", "days.txt:1: "},
        {"2027-02-22 10:00", "days.txt:1: after a date stands nothing, or \"working\""},
        {"2027-02-22T10:00", "days.txt:1: "},
        {"\n\n02-20 working", "days.txt:3: a working day needs its year"},
        {"2027-02-20 off", "days.txt:1: after a date stands nothing, or \"working\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct workcal cal = {.weekdays = WORKCAL_MONDAY_TO_FRIDAY};
        struct err err;
        char expected[160];
        size_t len = strlen(cases[i].error);
        bool whole = cases[i].error[len - 1] != ' ';
        (void)snprintf(expected, sizeof expected, "%s%s", cases[i].error, whole ? "" : form);
        assert_int_equal(workcal_read(cases[i].text, strlen(cases[i].text), "days.txt", &cal, &err),
                         RC_INVALID);
        assert_string_equal(err.message, expected);
        workcal_fini(&cal);
    }
}

static void what_is_no_text_is_refused(void **state)
{
    (void)state;
    static const char zeros[2] = {0}, utf16[] = "\xFF\xFE"
                                                "0\0008\0.\0000\0003\0\n";
    const struct {
        const char *text;
        size_t len;
    } cases[] = {{zeros, sizeof zeros}, {utf16, sizeof utf16}, {"08.03\n\0009.03", 12}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct workcal cal = {.weekdays = WORKCAL_MONDAY_TO_FRIDAY};
        struct err err;
        assert_int_equal(workcal_read(cases[i].text, cases[i].len, "days.txt", &cal, &err),
                         RC_INVALID);
        assert_string_equal(err.message,
                            "days.txt is no plain text: save it again as text in UTF-8");
        workcal_fini(&cal);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nearest_working_day_is_found),
        cmocka_unit_test(each_weekday_has_its_own_bit),
        cmocka_unit_test(without_working_days_nothing_moves),
        cmocka_unit_test(the_search_stays_in_the_calendar),
        cmocka_unit_test(a_calendar_file_is_read),
        cmocka_unit_test(a_slip_in_a_calendar_file_is_named),
        cmocka_unit_test(what_is_no_text_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
