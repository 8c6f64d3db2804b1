/* What a correction tells, written into one line and read from it again. */
#include "support.h"

#include <stdlib.h>

#include <pps/correction.h>

static struct occasion trip_of(const char *departure, const char *back)
{
    struct occasion t = {0};
    occasion_clear_dates(&t);
    assert_int_equal(civil_parse(departure, CIVIL_NONE, &t.when[ANCHOR_DEPARTURE], NULL), RC_OK);
    assert_int_equal(civil_parse(back, CIVIL_NONE, &t.when[ANCHOR_RETURN], NULL), RC_OK);
    return t;
}

static void dates_and_what_is_new_come_back(void **state)
{
    static const unsigned sets[] = {0, ANCHOR_BIT(ANCHOR_DEPARTURE), ANCHOR_BIT(ANCHOR_RETURN),
                                    ANCHOR_BIT(ANCHOR_DEPARTURE) | ANCHOR_BIT(ANCHOR_RETURN)};
    static const char *const texts[] = {
        "departure 2026-12-12 09:15, return 2026-12-22",
        "departure 2026-12-12 09:15, return 2026-12-22; new: departure",
        "departure 2026-12-12 09:15, return 2026-12-22; new: return",
        "departure 2026-12-12 09:15, return 2026-12-22; new: departure, return"};
    struct occasion t = trip_of("2026-12-12 09:15", "2026-12-22");
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct civil date;
        char *text = correction_text(&t, sets[i], (struct civil){CIVIL_NONE, MINUTE_NONE});
        assert_string_equal(text, texts[i]);
        assert_int_equal(correction_moved(text), sets[i]);
        assert_true(correction_date(text, ANCHOR_DEPARTURE, &date));
        assert_int_equal(date.day, t.when[ANCHOR_DEPARTURE].day);
        assert_int_equal(date.minute, 9 * 60 + 15);
        assert_true(correction_date(text, ANCHOR_RETURN, &date));
        assert_int_equal(date.day, t.when[ANCHOR_RETURN].day);
        assert_int_equal(date.minute, MINUTE_NONE);
        assert_false(correction_date(text, ANCHOR_VISIT, &date));
        free(text);
    }
}

static void a_letter_states_days(void **state)
{
    struct occasion t = trip_of("2026-12-12 09:15", "2026-12-22 21:15");
    struct civil date;
    (void)state;
    char *text = correction_days(&t, ANCHOR_BIT(ANCHOR_DEPARTURE) | ANCHOR_BIT(ANCHOR_RETURN));
    assert_string_equal(text, "departure 2026-12-12, return 2026-12-22");
    free(text);
    text = correction_days(&t, ANCHOR_BIT(ANCHOR_DEPARTURE));
    assert_string_equal(text, "departure 2026-12-12");
    assert_true(correction_date(text, ANCHOR_DEPARTURE, &date));
    assert_int_equal(date.minute, MINUTE_NONE);
    assert_false(correction_date(text, ANCHOR_RETURN, &date));
    free(text);
}

/* By the clock of the message, and never after its own end. */
static void it_must_be_there_before(void **state)
{
    static const struct {
        const char *zone, *by, *expires, *deadline;
    } cases[] = {
        {"Europe/Moscow", "2026-12-10 03:40", "2026-12-10 23:00", "2026-12-10 03:40"},
        {"Asia/Kamchatka", "2026-12-10 03:40", "2026-12-10 23:00", "2026-12-10 03:40"},
        {"Europe/Moscow", "2026-12-11 03:40", "2026-12-10 23:00", "2026-12-10 23:00"},
        {"Europe/Moscow", NULL, "2026-12-10 23:00", "2026-12-10 23:00"},
    };
    struct occasion t = trip_of("2026-12-12 09:15", "2026-12-22");
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct civil by = {CIVIL_NONE, MINUTE_NONE};
        struct action a = {.expires_at = instant(cases[i].zone, cases[i].expires)};
        if (cases[i].by != NULL)
            assert_int_equal(civil_parse(cases[i].by, CIVIL_NONE, &by, NULL), RC_OK);
        a.note = correction_text(&t, ANCHOR_BIT(ANCHOR_RETURN), by);
        assert_int_equal(correction_moved(a.note), ANCHOR_BIT(ANCHOR_RETURN));
        assert_int_equal(correction_deadline(&a, zone_named(cases[i].zone)),
                         instant(cases[i].zone, cases[i].deadline));
        free(a.note);
    }
    struct action plain = {.expires_at = 7};
    assert_int_equal(correction_deadline(&plain, zone_named("UTC")), 7);
}

static void words_of_people_tell_nothing(void **state)
{
    struct civil date;
    (void)state;
    assert_int_equal(correction_moved(NULL), 0);
    assert_int_equal(correction_moved("her departure is new"), 0);
    assert_false(correction_date(NULL, ANCHOR_DEPARTURE, &date));
    assert_false(correction_date("departure soon", ANCHOR_DEPARTURE, &date));
    assert_false(correction_date("x; new: return", ANCHOR_RETURN, &date));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_and_what_is_new_come_back),
        cmocka_unit_test(a_letter_states_days),
        cmocka_unit_test(it_must_be_there_before),
        cmocka_unit_test(words_of_people_tell_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
