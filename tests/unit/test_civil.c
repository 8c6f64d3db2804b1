/* Civil dates: arithmetic over the whole calendar, what people type, and how dates are written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <pps/civil.h>

static civil_day day_of(int year, int month, int day)
{
    civil_day d = CIVIL_NONE;
    assert_true(civil_from_ymd((struct ymd){year, month, day}, &d));
    return d;
}

static void every_day_round_trips(void **state)
{
    (void)state;
    struct ymd want = {1970, 1, 1};
    int weekday = THURSDAY; /* 1970-01-01 */
    for (civil_day day = CIVIL_MIN; day <= CIVIL_MAX; day++) {
        struct ymd got = civil_to_ymd(day);
        assert_int_equal(got.year, want.year);
        assert_int_equal(got.month, want.month);
        assert_int_equal(got.day, want.day);
        assert_int_equal(civil_weekday(day), weekday);
        assert_int_equal(day_of(want.year, want.month, want.day), day);
        weekday = (weekday + 1) % 7;
        if (++want.day > civil_days_in_month(want.year, want.month)) {
            want.day = 1;
            if (++want.month > 12) {
                want.month = 1;
                want.year++;
            }
        }
    }
    assert_int_equal(want.year, 2200); /* the range ends where the header says */
}

static void known_days_have_known_numbers(void **state)
{
    (void)state;
    static const struct {
        struct ymd ymd;
        civil_day day;
        enum weekday weekday;
    } cases[] = {
        {{1970, 1, 1}, 0, THURSDAY},       {{2000, 2, 29}, 11016, TUESDAY},
        {{2026, 12, 10}, 20797, THURSDAY}, {{2100, 3, 1}, 47541, MONDAY},
        {{2199, 12, 31}, 84005, TUESDAY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        civil_day day;
        assert_true(civil_from_ymd(cases[i].ymd, &day));
        assert_int_equal(day, cases[i].day);
        assert_int_equal(civil_weekday(day), cases[i].weekday);
    }
}

static void february_follows_the_gregorian_rule(void **state)
{
    (void)state;
    static const struct {
        int year, days;
    } cases[] = {{1970, 28}, {1972, 29}, {2000, 29}, {2027, 28}, {2028, 29}, {2100, 28}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(civil_days_in_month(cases[i].year, 2), cases[i].days);
}

static void no_such_day_is_refused(void **state)
{
    (void)state;
    static const struct ymd cases[] = {
        {2027, 2, 29}, {2027, 2, 31}, {2026, 4, 31},  {2026, 0, 1}, {2026, 13, 1},
        {2026, 1, 0},  {2026, 1, 32}, {1969, 12, 31}, {2200, 1, 1}, {2026, 1, -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        civil_day day = 77;
        assert_false(civil_from_ymd(cases[i], &day));
        assert_int_equal(day, 77);
    }
}

static void dates_are_read_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want; /* today is 2026-11-21 */
    } cases[] = {
        {"2026-12-10", "2026-12-10"},
        {"10.12.2026", "2026-12-10"},
        {"1.2.2027", "2027-02-01"},
        {"01.2.2027", "2027-02-01"},
        {"  2026-12-10\t\n", "2026-12-10"},
        {"today", "2026-11-21"},
        {"tomorrow", "2026-11-22"},
        {"yesterday", "2026-11-20"},
        {"+3d", "2026-11-24"},
        {"-3d", "2026-11-18"},
        {"+2w", "2026-12-05"},
        {"-1w", "2026-11-14"},
        {"+0d", "2026-11-21"},
        {"+400d", "2027-12-26"},
        {"2026-12-10T06:40", "2026-12-10 06:40"},
        {"2026-12-10t06:40", "2026-12-10 06:40"},
        {"2026-12-10 06:40", "2026-12-10 06:40"},
        {"10.12.2026 6:40", "2026-12-10 06:40"},
        {"10.12.2026   06:40", "2026-12-10 06:40"},
        {"2026-12-10T06:40:00", "2026-12-10 06:40"},
        {"today 23:59", "2026-11-21 23:59"},
        {"tomorrow 00:00", "2026-11-22 00:00"},
        {"+3d 9:05", "2026-11-24 09:05"},
        {"29.02.2028", "2028-02-29"},
        {"1970-01-01", "1970-01-01"},
        {"2199-12-31 23:59", "2199-12-31 23:59"},
    };
    civil_day today = day_of(2026, 11, 21);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = {.message = "untouched"};
        struct civil got;
        char text[CIVIL_TEXT_BYTES];
        assert_int_equal(civil_parse(cases[i].text, today, &got, &err), RC_OK);
        civil_format(got, text);
        assert_string_equal(text, cases[i].want);
        assert_string_equal(err.message, "untouched");
    }
}

#define FORMS "write 2026-12-10, 10.12.2026, today, tomorrow or +3d"
#define TIME "is not a time of day: write 06:40 (00:00 to 23:59)"

static void a_wrong_date_is_named_and_the_remedy_told(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"31.02.2027", "\"31.02.2027\": there is no 31 February 2027"},
        {"29.02.2027", "\"29.02.2027\": there is no 29 February 2027"},
        {"2026-04-31", "\"2026-04-31\": there is no 31 April 2026"},
        {"2026-04-00", "\"2026-04-00\": there is no 0 April 2026"},
        {"2027-13-01", "\"2027-13-01\": there is no month 13"},
        {"12.31.2026", "\"12.31.2026\": there is no month 31"},
        {"1969-12-31", "\"1969-12-31\": the year must be between 1970 and 2199"},
        {"01.01.2200", "\"01.01.2200\": the year must be between 1970 and 2199"},
        {"soon", "\"soon\" is not a date: " FORMS},
        {"", "\"\" is not a date: " FORMS},
        {"10.12.26", "\"10.12.26\" is not a date: write the year in four digits, as in 10.12.2026"},
        {"2026/12/10", "\"2026/12/10\" is not a date: " FORMS},
        {"20261210", "\"20261210\" is not a date: " FORMS},
        {"2026-1-5", "\"2026-1-5\" is not a date: " FORMS},
        {"12026-12-10", "\"12026-12-10\" is not a date: " FORMS},
        {"2026-12-100", "\"2026-12-100\" is not a date: " FORMS},
        {"2026-12-10x", "\"2026-12-10x\" is not a date: " FORMS},
        {"todays", "\"todays\" is not a date: " FORMS},
        {"todayT06:40", "\"todayT06:40\" is not a date: " FORMS},
        {"+3", "\"+3\" is not a date: " FORMS},
        {"+d", "\"+d\" is not a date: " FORMS},
        {"3d", "\"3d\" is not a date: " FORMS},
        {"+3m", "\"+3m\" is not a date: " FORMS},
        {"+1000000000000d", "\"+1000000000000d\" is not a date: " FORMS},
        {"+99999d", "\"+99999d\": the date is not between the years 1970 and 2199"},
        {"-999999w", "\"-999999w\": the date is not between the years 1970 and 2199"},
        {"2026-12-10 foo", "\"2026-12-10 foo\": \"foo\" " TIME},
        {"2026-12-10T", "\"2026-12-10T\": \"\" " TIME},
        {"2026-12-10 24:00", "\"2026-12-10 24:00\": \"24:00\" " TIME},
        {"2026-12-10 06:60", "\"2026-12-10 06:60\": \"06:60\" " TIME},
        {"2026-12-10 06:4", "\"2026-12-10 06:4\": \"06:4\" " TIME},
        {"2026-12-10 06:40:30", "\"2026-12-10 06:40:30\": \"06:40:30\" " TIME},
        {"2026-12-10T06:40Z", "\"2026-12-10T06:40Z\": \"06:40Z\" " TIME},
        {"2026-12-10 06:40 x", "\"2026-12-10 06:40 x\": \"06:40 x\" " TIME},
        {"\x1B[2J", "\"\uFFFD[2J\" is not a date: " FORMS},
        {"a\nb", "\"a b\" is not a date: " FORMS},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = {0};
        struct civil got = {.day = 77, .minute = 7};
        assert_int_equal(civil_parse(cases[i].text, 20000, &got, &err), RC_INVALID);
        assert_string_equal(err.message, cases[i].message);
        assert_int_equal(got.day, 77);
        assert_int_equal(got.minute, 7);
    }
}

static void a_long_text_is_quoted_in_part(void **state)
{
    (void)state;
    char text[501];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    struct err err = {0};
    struct civil got;
    assert_int_equal(civil_parse(text, 20000, &got, &err), RC_INVALID);
    assert_true(strlen(err.message) < 160);
    assert_int_equal(civil_parse(NULL, 20000, &got, NULL), RC_INVALID);
}

static void relative_days_stay_in_the_calendar(void **state)
{
    (void)state;
    struct civil got;
    assert_int_equal(civil_parse("yesterday", CIVIL_MIN, &got, NULL), RC_INVALID);
    assert_int_equal(civil_parse("tomorrow", CIVIL_MAX, &got, NULL), RC_INVALID);
    assert_int_equal(civil_parse("-1d", CIVIL_MIN + 1, &got, NULL), RC_OK);
    assert_int_equal(got.day, CIVIL_MIN);
    assert_int_equal(got.minute, MINUTE_NONE);
}

static void ages_are_counted_back_from_today(void **state)
{
    (void)state;
    static const struct {
        const char *today, *text, *day; /* day NULL: it is none */
    } cases[] = {
        {"2026-12-01", "3y", "2023-12-01"},    {"2026-12-01", "18m", "2025-06-01"},
        {"2026-12-01", " 1y ", "2025-12-01"},  {"2026-12-01", "12m", "2025-12-01"},
        {"2028-02-29", "1y", "2027-02-28"},    {"2028-02-29", "4y", "2024-02-29"},
        {"2026-03-31", "1m", "2026-02-28"},    {"2026-01-15", "1m", "2025-12-15"},
        {"2026-12-01", "0y", "2026-12-01"},    {"2026-12-01", "2023-05-06", "2023-05-06"},
        {"2026-12-01", "56y", "1970-12-01"},   {"2026-12-01", "06.05.2023", "2023-05-06"},
        {"2026-12-01", "57y", NULL},           {"2026-12-01", "9999m", NULL},
        {"2026-12-01", "3", NULL},             {"2026-12-01", "y", NULL},
        {"2026-12-01", "3yy", NULL},           {"2026-12-01", "", NULL},
        {"2026-12-01", "three years", NULL},   {"2026-12-01", "2023-05-06 10:00", NULL},
        {"2026-12-01", "-3y", NULL},           {"2026-12-01", "99999y", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct civil today;
        civil_day got = CIVIL_NONE;
        char text[CIVIL_TEXT_BYTES];
        assert_int_equal(civil_parse(cases[i].today, 0, &today, NULL), RC_OK);
        enum rc rc = civil_parse_ago(cases[i].text, today.day, &got, NULL);
        assert_int_equal(rc, cases[i].day != NULL ? RC_OK : RC_INVALID);
        civil_format_day(got, text);
        assert_string_equal(text, cases[i].day != NULL ? cases[i].day : "");
    }
    assert_int_equal(civil_parse_ago(NULL, 20000, &(civil_day){0}, NULL), RC_INVALID);
}

static void every_minute_of_the_day_is_read(void **state)
{
    (void)state;
    for (int minute = 0; minute < 1440; minute++) {
        char text[32];
        int16_t got = MINUTE_NONE;
        (void)snprintf(text, sizeof text, "%02d:%02d", minute / 60, minute % 60);
        assert_int_equal(minute_parse(text, &got, NULL), RC_OK);
        assert_int_equal(got, minute);
    }
}

static void a_wrong_time_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {"24:00",  "12:60",    "noon",  "",       "12",   "12:5",
                                        "012:00", "12:30:00", "-1:00", "12:30x", "12 30"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = {0};
        int16_t got = 7;
        char want[128];
        assert_int_equal(minute_parse(cases[i], &got, &err), RC_INVALID);
        (void)snprintf(want, sizeof want, "\"%s\" " TIME, cases[i]);
        assert_string_equal(err.message, want);
        assert_int_equal(got, 7);
    }
}

static void dates_are_written_for_machines_and_people(void **state)
{
    (void)state;
    char text[CIVIL_TEXT_BYTES];
    civil_day day = day_of(2026, 2, 1);
    civil_format_day(day, text);
    assert_string_equal(text, "2026-02-01");
    civil_format((struct civil){day, MINUTE_NONE}, text);
    assert_string_equal(text, "2026-02-01");
    civil_format((struct civil){day, 65}, text);
    assert_string_equal(text, "2026-02-01 01:05");
    civil_format_people(day, text);
    assert_string_equal(text, "01.02.2026");
    civil_format_day(CIVIL_NONE, text);
    assert_string_equal(text, "");
    civil_format_people(CIVIL_NONE, text);
    assert_string_equal(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_round_trips),
        cmocka_unit_test(known_days_have_known_numbers),
        cmocka_unit_test(february_follows_the_gregorian_rule),
        cmocka_unit_test(no_such_day_is_refused),
        cmocka_unit_test(dates_are_read_as_people_write_them),
        cmocka_unit_test(a_wrong_date_is_named_and_the_remedy_told),
        cmocka_unit_test(a_long_text_is_quoted_in_part),
        cmocka_unit_test(relative_days_stay_in_the_calendar),
        cmocka_unit_test(ages_are_counted_back_from_today),
        cmocka_unit_test(every_minute_of_the_day_is_read),
        cmocka_unit_test(a_wrong_time_is_refused),
        cmocka_unit_test(dates_are_written_for_machines_and_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
