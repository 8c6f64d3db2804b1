/* Whose day is it: birthdays with those of 29 February, holidays, and what a playbook has for them. */
#include "support.h"

#include <pps/greeting.h>

static void birthdays_have_their_day(void **state)
{
    (void)state;
    static const struct {
        const char *day;
        enum feb29 rule;
        int n;
        const char *kept[2];
    } cases[] = {
        {"2026-12-09", FEB29_ON_FEB28, 1, {"12-09", "12-09"}},
        {"2027-02-28", FEB29_ON_FEB28, 2, {"02-28", "02-29"}},
        {"2027-02-28", FEB29_ON_MAR1, 1, {"02-28", "02-28"}},
        {"2027-03-01", FEB29_ON_MAR1, 2, {"03-01", "02-29"}},
        {"2027-03-01", FEB29_ON_FEB28, 1, {"03-01", "03-01"}},
        {"2028-02-28", FEB29_ON_FEB28, 1, {"02-28", "02-28"}},
        {"2028-02-29", FEB29_ON_FEB28, 1, {"02-29", "02-29"}},
        {"2028-02-29", FEB29_ON_MAR1, 1, {"02-29", "02-29"}},
        {"2028-03-01", FEB29_ON_MAR1, 1, {"03-01", "03-01"}},
        {"2100-02-28", FEB29_ON_FEB28, 2, {"02-28", "02-29"}},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char kept[2][MONTH_DAY_BYTES];
        assert_int_equal(birthdays_kept_on(day(cases[i].day), cases[i].rule, kept), cases[i].n);
        assert_string_equal(kept[0], cases[i].kept[0]);
        assert_string_equal(kept[1], cases[i].kept[1]);
    }
}

/* Whoever is born on whatever day is greeted once in each year, on the day that birthday_in_year says. */
static void everybody_has_one_birthday_a_year(void **state)
{
    (void)state;
    for (int year = 2026; year <= 2029; year++) {
        for (int rule = FEB29_ON_FEB28; rule <= FEB29_ON_MAR1; rule++) {
            for (civil_day born = day("1988-01-01"); born <= day("1988-12-31"); born++) {
                char text[CIVIL_TEXT_BYTES], kept[2][MONTH_DAY_BYTES];
                civil_day on = CIVIL_NONE, first = CIVIL_NONE;
                int times = 0;
                civil_format_day(born, text);
                assert_true(birthday_in_year(text, year, (enum feb29)rule, &on));
                assert_true(civil_from_ymd((struct ymd){year, 1, 1}, &first));
                for (civil_day d = first; civil_to_ymd(d).year == year; d++) {
                    int n = birthdays_kept_on(d, (enum feb29)rule, kept);
                    for (int k = 0; k < n; k++) {
                        if (str_eq(kept[k], text + 5)) {
                            times++;
                            assert_int_equal(d, on);
                        }
                    }
                }
                assert_int_equal(times, 1);
            }
        }
    }
}

static void what_is_no_birthday_has_no_day(void **state)
{
    (void)state;
    static const char *const texts[] = {NULL, "", "1985", "1985-13-01", "1985-02-30"};
    civil_day on = 7;
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_false(birthday_in_year(texts[i], 2027, FEB29_ON_FEB28, &on));
    assert_int_equal(on, 7);
    assert_false(birthday_in_year("1985-01-01", 2200, FEB29_ON_FEB28, &on));
}

static void parse(const char *text, struct playbook *ret)
{
    struct err err;
    assert_ok(playbook_parse(text, strlen(text), "playbook.json", ret, &err));
}

static void holidays_fall_on_their_days(void **state)
{
    (void)state;
    struct playbook p;
    parse(
        "{\"steps\": [{\"key\": \"a\", \"channel\": \"task\", \"at\": {\"anchor\": \"purchase\"}}],"
        "\"holidays\": {\"new-year\": \"12-31\", \"easter\": [\"2027-05-02\", \"2028-04-16\"],"
        "\"leap\": \"02-29\"}}",
        &p);
    static const struct {
        size_t holiday;
        const char *day;
        bool falls;
    } cases[] = {
        {0, "2026-12-31", true},  {0, "2027-12-31", true}, {0, "2026-12-30", false},
        {1, "2027-05-02", true},  {1, "2028-04-16", true}, {1, "2028-05-02", false},
        {1, "2026-05-02", false}, {2, "2028-02-29", true}, {2, "2027-02-28", false},
        {2, "2027-03-01", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (holiday_falls_on(&p.holidays[cases[i].holiday], day(cases[i].day)) != cases[i].falls)
            fail_msg("%s on %s", p.holidays[cases[i].holiday].key, cases[i].day);
    }
    playbook_fini(&p);
}

static void a_greeting_knows_its_ways(void **state)
{
    (void)state;
    struct playbook p;
    struct greeting_ways ways;
    parse("{\"steps\": ["
          "{\"key\": \"a\", \"channel\": \"email\", \"otherwise\": [\"sms\"], \"series\": "
          "\"greeting\","
          " \"greeting\": \"birthday\", \"at\": {\"anchor\": \"day\"}, \"grace\": {\"days\": 1}},"
          "{\"key\": \"b\", \"channel\": \"task\", \"series\": \"greeting\", \"greeting\": \"x\","
          " \"at\": {\"anchor\": \"day\", \"days\": -3}},"
          "{\"key\": \"c\", \"channel\": \"email\", \"series\": \"greeting\", \"greeting\": \"x\","
          " \"at\": {\"anchor\": \"day\"}, \"grace\": {\"days\": 2, \"time\": \"20:00\"}},"
          "{\"key\": \"d\", \"channel\": \"call\", \"at\": {\"anchor\": \"return\"}}],"
          "\"holidays\": {\"x\": \"01-01\", \"y\": \"01-02\"}}",
          &p);
    assert_true(greeting_ways(&p, "birthday", &ways));
    assert_true(ways.email && ways.phone && !ways.any);
    assert_int_equal(ways.grace_days, 1);
    assert_int_equal(ways.grace_minute, 21 * 60);
    assert_int_equal(ways.lead_days, 0);
    assert_true(greeting_ways(&p, "x", &ways));
    assert_true(ways.email && !ways.phone && ways.any);
    assert_int_equal(ways.grace_days, 2);
    assert_int_equal(ways.grace_minute, 20 * 60);
    assert_int_equal(ways.lead_days, 3);
    assert_false(greeting_ways(&p, "y", &ways));
    assert_false(greeting_ways(&p, "z", &ways));
    playbook_fini(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(birthdays_have_their_day),
        cmocka_unit_test(everybody_has_one_birthday_a_year),
        cmocka_unit_test(what_is_no_birthday_has_no_day),
        cmocka_unit_test(holidays_fall_on_their_days),
        cmocka_unit_test(a_greeting_knows_its_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
