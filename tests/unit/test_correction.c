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
        char *text = correction_text(&t, sets[i]);
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
        cmocka_unit_test(words_of_people_tell_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
