/* The figures of a period: rounding, what is worked out of counts, and when people's work was in time. */
#include "support.h"

#include <pps/figures.h>

enum { MONDAY_14 = 20801 }; /* 14 December 2026 */
static const struct workcal week = {.weekdays = WORKCAL_MONDAY_TO_FRIDAY};
static const struct work_day on_friday = {
    .now = {MONDAY_14 + 4, 12 * 60}, .ends = 20 * 60, .calendar = &week};

static void figures_have_names_of_their_own(void **state)
{
    (void)state;
    for (int i = 0; i < FIGURE_COUNT; i++) {
        assert_non_null(figure_name((enum figure)i));
        for (int k = 0; k < i; k++)
            assert_string_not_equal(figure_name((enum figure)i), figure_name((enum figure)k));
    }
    for (int i = 0; i < RATIO_COUNT; i++)
        assert_non_null(ratio_name((enum ratio)i));
}

static void halves_are_rounded_away_from_zero(void **state)
{
    (void)state;
    static const int64_t rows[][4] = {{100, 1, 8, 13},   {100, 1, 3, 33},  {100, 2, 3, 67},   {100, 0, 7, 0},
                                      {100, -1, 8, -13}, {100, -1, 3, -33}, {100, -7, 7, -100}, {10, 23, 5, 46}};
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(rounded_ratio(rows[i][0], rows[i][1], rows[i][2]), rows[i][3]);
}

static void out_of_nothing_nothing_is_worked_out(void **state)
{
    (void)state;
    struct tally none = {{0}}, some = {{0}};
    int64_t n = 17;
    assert_true(tally_is_empty(&none));
    for (int i = 0; i < RATIO_COUNT; i++)
        assert_false(tally_ratio(&none, (enum ratio)i, &n));
    assert_int_equal(n, 17);
    some.n[FIGURE_NPS] = 3;
    some.n[FIGURE_PROMOTERS] = 1;
    some.n[FIGURE_DETRACTORS] = 2;
    assert_true(tally_ratio(&some, RATIO_NPS, &n));
    assert_int_equal(n, -33);
    tally_add(&none, &some);
    tally_add(&none, &some);
    assert_int_equal(none.n[FIGURE_NPS], 6);
    assert_false(tally_is_empty(&none));
}

/* Each row is one piece of work, and the figures that it adds to besides "work"; FIGURE_COUNT: it is not counted. */
static void work_is_in_time_late_left_or_saved(void **state)
{
    (void)state;
    static const struct {
        enum channel channel;
        enum action_state state;
        enum cause cause;
        int due, minute, done; /* days of the week, 0: Monday */
        enum kind kind;
        bool event;
        enum figure figure;
        int late;
    } rows[] = {
        {CHANNEL_CALL, STATE_DONE, CAUSE_NONE, 0, 600, 0, KIND_TRIP, false, FIGURE_WORK_ON_TIME, 0},
        {CHANNEL_CALL, STATE_DONE, CAUSE_NONE, 2, 600, 0, KIND_TRIP, false, FIGURE_WORK_ON_TIME, 0},
        {CHANNEL_CALL, STATE_DONE, CAUSE_NONE, 0, 600, 1, KIND_TRIP, false, FIGURE_WORK_LATE, 1},
        {CHANNEL_CALL, STATE_DONE, CAUSE_NONE, 0, 20 * 60, 1, KIND_TRIP, false, FIGURE_WORK_ON_TIME, 0},
        {CHANNEL_CALL, STATE_DONE, CAUSE_NONE, -2, 600, 0, KIND_TRIP, false, FIGURE_WORK_ON_TIME, 0}, /* Saturday */
        {CHANNEL_CALL, STATE_DONE, CAUSE_NONE, -2, 600, 1, KIND_TRIP, false, FIGURE_WORK_LATE, 1},
        {CHANNEL_VISIT, STATE_DONE, CAUSE_NONE, -2, 600, 0, KIND_TRIP, false, FIGURE_WORK_LATE, 2},
        {CHANNEL_CALL, STATE_DONE, CAUSE_NONE, 0, 600, 1, KIND_FEEDBACK, true, FIGURE_WORK_ON_TIME, 0},
        {CHANNEL_TASK, STATE_DONE, CAUSE_NONE, -3, 600, 0, KIND_COMPLAINT, true, FIGURE_WORK_ON_TIME, 0}, /* Friday */
        {CHANNEL_TASK, STATE_DONE, CAUSE_NONE, -3, 600, 1, KIND_COMPLAINT, true, FIGURE_WORK_LATE, 1},
        {CHANNEL_CALL, STATE_PENDING, CAUSE_NONE, 3, 600, 0, KIND_TRIP, false, FIGURE_WORK_LEFT, 0},
        {CHANNEL_CALL, STATE_PENDING, CAUSE_NONE, 4, 600, 0, KIND_TRIP, false, FIGURE_COUNT, 0}, /* still today */
        {CHANNEL_CALL, STATE_PENDING, CAUSE_PAUSED, 0, 600, 0, KIND_TRIP, false, FIGURE_COUNT, 0},
        {CHANNEL_CALL, STATE_PENDING, CAUSE_COMPLAINT, 0, 600, 0, KIND_TRIP, false, FIGURE_COUNT, 0},
        {CHANNEL_CALL, STATE_PENDING, CAUSE_EXPIRED, 0, 600, 0, KIND_TRIP, false, FIGURE_WORK_LEFT, 0},
        {CHANNEL_CALL, STATE_SKIPPED, CAUSE_NONE, 0, 600, 0, KIND_TRIP, false, FIGURE_COUNT, 0},
        {CHANNEL_CALL, STATE_CANCELLED, CAUSE_ENDED, 0, 600, 0, KIND_TRIP, false, FIGURE_COUNT, 0},
        {CHANNEL_SMS, STATE_SENT, CAUSE_NOT_TICKED, 0, 600, 0, KIND_TRIP, false, FIGURE_WORK_SAVED, 0},
        {CHANNEL_SMS, STATE_MISSED, CAUSE_EXPIRED, 0, 600, 0, KIND_TRIP, false, FIGURE_WORK_LEFT, 0},
        {CHANNEL_SMS, STATE_FAILED, CAUSE_REFUSED, 0, 600, 0, KIND_TRIP, false, FIGURE_WORK_LEFT, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        civil_day due = MONDAY_14 + rows[i].due;
        struct action a = {.channel = rows[i].channel, .state = rows[i].state,
                           .cause = rows[i].cause, .kind = rows[i].kind};
        struct tally t = {{0}};
        a.local_due = (struct civil){due, (int16_t)rows[i].minute};
        a.anchor_at = (struct civil){due, rows[i].event ? (int16_t)540 : MINUTE_NONE};
        a.moved_to = (struct civil){CIVIL_NONE, MINUTE_NONE};
        tally_work(&t, &a, MONDAY_14 + rows[i].done, &on_friday);
        int64_t counted = rows[i].figure != FIGURE_COUNT;
        if (t.n[FIGURE_WORK] != counted || t.n[FIGURE_DAYS_LATE] != rows[i].late ||
            (counted && t.n[rows[i].figure] != 1))
            fail_msg("row %zu: work %lld, late by %lld", i, (long long)t.n[FIGURE_WORK],
                     (long long)t.n[FIGURE_DAYS_LATE]);
        assert_int_equal(t.n[FIGURE_WORK_ON_TIME] + t.n[FIGURE_WORK_LATE] + t.n[FIGURE_WORK_LEFT] +
                             t.n[FIGURE_WORK_SAVED],
                         counted);
    }
}

/* A day that somebody chose is not put off by a weekend. */
static void a_chosen_day_is_the_last_day(void **state)
{
    (void)state;
    struct action a = {.channel = CHANNEL_CALL, .state = STATE_DONE, .local_due = {MONDAY_14 - 2, 600}};
    struct tally t = {{0}};
    a.moved_to = a.local_due;
    tally_work(&t, &a, MONDAY_14, &on_friday);
    assert_int_equal(t.n[FIGURE_DAYS_LATE], 2);
}

static void everybody_has_one_tally(void **state)
{
    (void)state;
    struct staff_tallies all = {0};
    for (int i = 0; i < 300; i++)
        tally_of(&all, i % 3)->n[FIGURE_SALES]++;
    assert_int_equal(all.n, 3);
    for (size_t i = 0; i < all.n; i++)
        assert_int_equal(all.v[i].tally.n[FIGURE_SALES], 100);
    staff_tallies_fini(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_have_names_of_their_own),
        cmocka_unit_test(halves_are_rounded_away_from_zero),
        cmocka_unit_test(out_of_nothing_nothing_is_worked_out),
        cmocka_unit_test(work_is_in_time_late_left_or_saved),
        cmocka_unit_test(a_chosen_day_is_the_last_day),
        cmocka_unit_test(everybody_has_one_tally),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
