/* Yellow, red, or nothing: the whole table of states, days and kinds of work; how late; and the one
 * line that says why. */
#include "support.h"

#include <pps/colour.h>

enum { TODAY = 20797 };
static const struct work_day today = {.now = {TODAY, 12 * 60}, .ends = 20 * 60};

static struct action on_day(enum channel channel, enum action_state state, int day_offset)
{
    return (struct action){
        .channel = channel, .state = state, .local_due = {TODAY + day_offset, 10 * 60}};
}

static void colours_have_names(void **state)
{
    (void)state;
    assert_string_equal(colour_name(COLOUR_NONE), "");
    assert_string_equal(colour_name(COLOUR_YELLOW), "yellow");
    assert_string_equal(colour_name(COLOUR_RED), "red");
}

/* Rows: a state. Columns: due yesterday, today, tomorrow. */
static void the_colour_of_every_state(void **state)
{
    (void)state;
    static const struct {
        enum action_state state;
        enum colour yesterday, today, tomorrow;
        int days_late; /* when due yesterday */
    } rows[] = {
        {STATE_PENDING, COLOUR_RED, COLOUR_YELLOW, COLOUR_NONE, 1},
        {STATE_CLAIMED, COLOUR_RED, COLOUR_YELLOW, COLOUR_NONE, 1},
        {STATE_AT_RISK, COLOUR_RED, COLOUR_YELLOW, COLOUR_NONE, 1},
        {STATE_SENT, COLOUR_NONE, COLOUR_NONE, COLOUR_NONE, 0},
        {STATE_IN_DOUBT, COLOUR_RED, COLOUR_RED, COLOUR_RED, 1},
        {STATE_FAILED, COLOUR_RED, COLOUR_RED, COLOUR_RED, 1},
        {STATE_MISSED, COLOUR_RED, COLOUR_RED, COLOUR_RED, 1},
        {STATE_HELD, COLOUR_RED, COLOUR_RED, COLOUR_RED, 1},
        {STATE_CANCELLED, COLOUR_NONE, COLOUR_NONE, COLOUR_NONE, 0},
        {STATE_SUPPRESSED, COLOUR_NONE, COLOUR_NONE, COLOUR_NONE, 0},
        {STATE_DONE, COLOUR_NONE, COLOUR_NONE, COLOUR_NONE, 0},
        {STATE_SKIPPED, COLOUR_NONE, COLOUR_NONE, COLOUR_NONE, 0},
    };
    assert_int_equal(COUNT(rows), STATE_COUNT);
    static const enum channel channels[] = {CHANNEL_EMAIL, CHANNEL_SMS, CHANNEL_CALL,
                                            CHANNEL_VISIT};
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t c = 0; c < COUNT(channels); c++) {
            struct action late = on_day(channels[c], rows[i].state, -1);
            struct action now = on_day(channels[c], rows[i].state, 0);
            struct action ahead = on_day(channels[c], rows[i].state, 1);
            assert_int_equal(action_colour(&late, &today, true), rows[i].yesterday);
            assert_int_equal(action_colour(&now, &today, true), rows[i].today);
            assert_int_equal(action_colour(&ahead, &today, true), rows[i].tomorrow);
            assert_int_equal(action_days_late(&late, &today), rows[i].days_late);
            assert_int_equal(action_days_late(&now, &today), 0);
            assert_int_equal(action_days_late(&ahead, &today), 0);
        }
    }
}

static void days_late_are_counted_whole(void **state)
{
    (void)state;
    struct action a = on_day(CHANNEL_CALL, STATE_PENDING, -40);
    assert_int_equal(action_days_late(&a, &today), 40);
    a.local_due.minute = 23 * 60 + 59;
    assert_int_equal(action_days_late(&a, &today), 40);
}

/* Nobody will do it: red today already; a message needs nobody. */
static void work_of_nobody_is_red_on_its_day(void **state)
{
    (void)state;
    static const struct {
        enum channel channel;
        int day_offset;
        enum colour colour;
    } cases[] = {
        {CHANNEL_CALL, 0, COLOUR_RED},     {CHANNEL_VISIT, 0, COLOUR_RED},
        {CHANNEL_CALL, 1, COLOUR_NONE},    {CHANNEL_CALL, -1, COLOUR_RED},
        {CHANNEL_EMAIL, 0, COLOUR_YELLOW}, {CHANNEL_SMS, 0, COLOUR_YELLOW},
        {CHANNEL_SMS, 1, COLOUR_NONE},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct action a = on_day(cases[i].channel, STATE_PENDING, cases[i].day_offset);
        assert_int_equal(action_colour(&a, &today, false), cases[i].colour);
    }
    struct action done = on_day(CHANNEL_CALL, STATE_DONE, 0);
    assert_int_equal(action_colour(&done, &today, false), COLOUR_NONE);
}

static void a_wrong_number_is_red_at_once(void **state)
{
    (void)state;
    struct action a = on_day(CHANNEL_CALL, STATE_PENDING, 5);
    a.cause = CAUSE_WRONG_NUMBER;
    assert_int_equal(action_colour(&a, &today, true), COLOUR_RED);
    a.state = STATE_DONE;
    assert_int_equal(action_colour(&a, &today, true), COLOUR_NONE);
    a = on_day(CHANNEL_CALL, STATE_PENDING, 5);
    a.cause = CAUSE_NO_ANSWER;
    assert_int_equal(action_colour(&a, &today, true), COLOUR_NONE);
}

static void the_line_that_says_why(void **state)
{
    (void)state;
    static const struct {
        enum channel channel;
        enum action_state state;
        int day_offset;
        bool nobody;
        const char *reason, *outcome, *done_by, *line;
    } cases[] = {
        {CHANNEL_EMAIL, STATE_PENDING, 3, false, NULL, NULL, NULL, "will go by itself"},
        {CHANNEL_SMS, STATE_PENDING, 0, false, NULL, NULL, NULL,
         "goes with the next tick when its hour has come"},
        {CHANNEL_SMS, STATE_PENDING, -1, false, NULL, NULL, NULL,
         "due but not sent: does the tick run?"},
        {CHANNEL_SMS, STATE_PENDING, -1, true, NULL, NULL, NULL,
         "due but not sent: does the tick run?"},
        {CHANNEL_CALL, STATE_PENDING, 1, false, NULL, NULL, NULL, "planned"},
        {CHANNEL_CALL, STATE_PENDING, 1, true, NULL, NULL, NULL, "planned"},
        {CHANNEL_CALL, STATE_PENDING, 0, false, NULL, NULL, NULL, "to be done today"},
        {CHANNEL_CALL, STATE_PENDING, 0, true, NULL, NULL, NULL,
         "nobody's work: give the trip a manager"},
        {CHANNEL_VISIT, STATE_PENDING, -2, false, NULL, NULL, NULL, "not ticked"},
        {CHANNEL_VISIT, STATE_PENDING, -2, true, NULL, NULL, NULL,
         "nobody's work: give the trip a manager"},
        {CHANNEL_SMS, STATE_PENDING, 0, false, "the server is busy", NULL, NULL,
         "goes with the next tick when its hour has come (the server is busy)"},
        {CHANNEL_EMAIL, STATE_CLAIMED, 0, false, NULL, NULL, NULL,
         "is being sent, or a tick was interrupted: the next one settles it"},
        {CHANNEL_EMAIL, STATE_AT_RISK, 5, false, NULL, NULL, NULL,
         "is being sent, or a tick was interrupted: the next one settles it"},
        {CHANNEL_EMAIL, STATE_SENT, 0, false, NULL, NULL, NULL, "sent"},
        {CHANNEL_SMS, STATE_SENT, 0, false, "the call was not ticked", NULL, NULL,
         "sent (the call was not ticked)"},
        {CHANNEL_SMS, STATE_IN_DOUBT, 0, false, "timeout", NULL, NULL,
         "in doubt: it may have been sent (timeout)"},
        {CHANNEL_SMS, STATE_FAILED, 0, false, "550 no such user", NULL, NULL,
         "refused for good (550 no such user)"},
        {CHANNEL_SMS, STATE_MISSED, 0, false, NULL, NULL, NULL, "missed: its time passed unsent"},
        {CHANNEL_SMS, STATE_HELD, 0, false, "no name", NULL, NULL, "held (no name)"},
        {CHANNEL_SMS, STATE_CANCELLED, 0, false, "merged into thank-you", NULL, NULL,
         "not to be done (merged into thank-you)"},
        {CHANNEL_SMS, STATE_SUPPRESSED, 0, false, NULL, NULL, NULL, "not wanted"},
        {CHANNEL_CALL, STATE_SKIPPED, 0, false, "they asked so", NULL, NULL,
         "skipped (they asked so)"},
        {CHANNEL_CALL, STATE_DONE, 0, false, NULL, NULL, NULL, "done"},
        {CHANNEL_CALL, STATE_DONE, 0, false, NULL, "reached", NULL, "done: reached"},
        {CHANNEL_CALL, STATE_DONE, 0, false, NULL, "reached", "anna", "done: reached, by anna"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct action a = on_day(cases[i].channel, cases[i].state, cases[i].day_offset);
        a.reason = (char *)(uintptr_t)cases[i].reason;
        a.outcome = (char *)(uintptr_t)cases[i].outcome;
        a.done_by = (char *)(uintptr_t)cases[i].done_by;
        char *line = action_explain(&a, &today, !cases[i].nobody);
        assert_string_equal(line, cases[i].line);
        free(line);
    }
    /* A message that is being tried again needs no question about the tick. */
    struct action again = on_day(CHANNEL_EMAIL, STATE_PENDING, -1);
    again.cause = CAUSE_RETRY;
    char *line = action_explain(&again, &today, true);
    assert_string_equal(line, "due but not sent yet");
    free(line);
}

/* What waits for a person's word is that person's work; nobody's is red on its day. */
static void what_waits_for_a_word_is_work(void **state)
{
    (void)state;
    static const enum cause words[] = {CAUSE_APPROVAL, CAUSE_HELD_BY_PERSON};
    for (size_t i = 0; i < COUNT(words); i++) {
        struct action late = on_day(CHANNEL_EMAIL, STATE_HELD, -1);
        struct action now = on_day(CHANNEL_EMAIL, STATE_HELD, 0);
        struct action ahead = on_day(CHANNEL_EMAIL, STATE_HELD, 1);
        late.cause = now.cause = ahead.cause = words[i];
        assert_int_equal(action_colour(&late, &today, true), COLOUR_RED);
        assert_int_equal(action_colour(&now, &today, true), COLOUR_YELLOW);
        assert_int_equal(action_colour(&now, &today, false), COLOUR_RED);
        assert_int_equal(action_colour(&ahead, &today, false), COLOUR_NONE);
    }
    struct action peace = on_day(CHANNEL_EMAIL, STATE_HELD, -1);
    peace.cause = CAUSE_PAUSED;
    assert_int_equal(action_colour(&peace, &today, false), COLOUR_NONE);
}

static void who_does_not_pick_up_is_red_at_once(void **state)
{
    (void)state;
    struct action a = on_day(CHANNEL_CALL, STATE_PENDING, 1);
    a.cause = CAUSE_UNREACHABLE;
    assert_int_equal(action_colour(&a, &today, true), COLOUR_RED);
    a.cause = CAUSE_NO_ANSWER;
    assert_int_equal(action_colour(&a, &today, true), COLOUR_NONE);
    a.cause = CAUSE_NOT_DELIVERED;
    a.local_due.day = TODAY;
    assert_int_equal(action_colour(&a, &today, true), COLOUR_YELLOW);
}

static void assert_line(const struct action *a, const char *wanted)
{
    char *line = action_explain(a, &today, true);
    assert_string_equal(line, wanted);
    free(line);
}

static void words_and_what_was_saved(void **state)
{
    (void)state;
    static char held[] = "held by anna", fell[] = "not called by 2026-12-09 16:00, so it goes by SMS";
    static char settled[] = "settled as sent by anna";
    struct action a = on_day(CHANNEL_EMAIL, STATE_HELD, 1);
    a.id = 9;
    a.cause = CAUSE_APPROVAL;
    assert_line(&a, "waits for approval (pps approve A9)");
    a.cause = CAUSE_HELD_BY_PERSON;
    a.reason = held;
    assert_line(&a, "held by anna (pps release A9)");
    a = on_day(CHANNEL_SMS, STATE_SENT, 0);
    a.planned_channel = CHANNEL_CALL;
    a.reason = fell;
    assert_line(&a, "saved by SMS: not called by 2026-12-09 16:00");
    a.reason = settled;
    assert_line(&a, "saved by SMS: not called in time");
    a.planned_channel = CHANNEL_SMS;
    assert_line(&a, "sent (settled as sent by anna)");
    a = on_day(CHANNEL_CALL, STATE_PENDING, 3);
    a.cause = CAUSE_UNREACHABLE;
    assert_line(&a, "nobody picks up");
}

/* Thursday. Columns: the last day on which it is in time. */
static void nobody_is_late_with_what_they_could_not_do(void **state)
{
    (void)state;
    enum { THU = 20811, FRI, SAT, MON = 20815 };
    const struct workcal week = {.weekdays = WORKCAL_MONDAY_TO_FRIDAY};
    const struct work_day day = {.now = {MON, 9 * 60}, .ends = 19 * 60, .calendar = &week};
    static const struct {
        enum kind kind;
        enum channel channel;
        civil_day due;
        int16_t minute;
        bool event, chosen;
        int64_t ends; /* so many seconds after it is due; 0: never */
        civil_day last;
        bool let_go;
    } rows[] = {
        {KIND_TRIP, CHANNEL_CALL, THU, 600, false, false, 0, THU, false},
        {KIND_TRIP, CHANNEL_CALL, THU, 1195, false, false, 0, FRI, false},
        {KIND_TRIP, CHANNEL_CALL, SAT, 600, false, false, 0, MON, false},
        {KIND_TRIP, CHANNEL_CALL, SAT, 600, false, true, 0, SAT, false},
        {KIND_TRIP, CHANNEL_CALL, SAT, 600, false, false, 1, SAT, false},
        {KIND_TRIP, CHANNEL_CALL, SAT, 600, false, false, 3 * 86400, MON, false},
        {KIND_TRIP, CHANNEL_CALL, SAT, 600, false, false, 2 * 86400, SAT, false}, /* Monday, 10:00 */
        {KIND_TRIP, CHANNEL_CALL, THU, 1195, false, false, 86400, FRI, false},
        {KIND_TRIP, CHANNEL_CALL, THU, 1195, false, false, 12 * 3600, THU, false},
        {KIND_TRIP, CHANNEL_VISIT, SAT, 600, false, false, 0, SAT, false},
        {KIND_TRIP, CHANNEL_EMAIL, SAT, 600, false, false, 0, SAT, false},
        {KIND_FEEDBACK, CHANNEL_CALL, THU, 1195, true, false, 0, FRI, false},
        {KIND_FEEDBACK, CHANNEL_CALL, FRI, 1170, true, false, 0, MON, false},
        {KIND_COMPLAINT, CHANNEL_TASK, SAT, 600, true, false, 0, MON, false},
        {KIND_TRIP, CHANNEL_CALL, THU, 600, false, false, 0, FRI, true},
        {KIND_TRIP, CHANNEL_CALL, FRI, 600, false, false, 1, MON, true},
        {KIND_TRIP, CHANNEL_VISIT, THU, 600, false, false, 0, THU, true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct civil none = {CIVIL_NONE, MINUTE_NONE}, due = {rows[i].due, rows[i].minute};
        struct action a = {.kind = rows[i].kind,
                           .channel = rows[i].channel,
                           .state = STATE_PENDING,
                           .local_due = due,
                           .anchor_at = rows[i].event ? due : none,
                           .moved_to = rows[i].chosen ? due : none,
                           .expires_at = rows[i].ends,
                           .was_due_at = rows[i].let_go};
        assert_int_equal(action_last_day(&a, &day), rows[i].last);
        assert_int_equal(action_days_late(&a, &day), MON - rows[i].last);
        assert_int_equal(action_colour(&a, &day, true),
                         rows[i].last < MON ? COLOUR_RED : COLOUR_YELLOW);
    }
}

static void what_waits_for_a_pause_is_not_late(void **state)
{
    (void)state;
    struct action a = on_day(CHANNEL_CALL, STATE_PENDING, -3);
    a.cause = CAUSE_PAUSED;
    assert_true(work_is_kept(&a));
    assert_int_equal(action_colour(&a, &today, true), COLOUR_NONE);
    assert_int_equal(action_days_late(&a, &today), 0);
    assert_string_equal(action_state_shown(&a), "held");
}

static void what_is_let_go_is_due_now(void **state)
{
    (void)state;
    struct err err;
    const struct zone *zone;
    assert_ok(zone_find("Europe/Moscow", &zone, &err));
    struct action a = {.due_at = 1000, .local_due = zone_to_local(zone, 1000), .moved_to = {0, 600}};
    work_let_go(&a, zone, 900); /* its day is still to come */
    assert_int_equal(a.due_at, 1000);
    assert_int_equal(a.was_due_at, 0);
    work_let_go(&a, zone, 1000000);
    assert_int_equal(a.due_at, 1000000);
    assert_int_equal(a.local_due.day, zone_to_local(zone, 1000000).day);
    assert_int_equal(a.moved_to.day, CIVIL_NONE);
    assert_int_equal(a.was_due_at, 1000);
    work_let_go(&a, zone, 2000000); /* kept back a second time */
    assert_int_equal(a.due_at, 2000000);
    assert_int_equal(a.was_due_at, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_let_go_is_due_now),
        cmocka_unit_test(colours_have_names),
        cmocka_unit_test(the_colour_of_every_state),
        cmocka_unit_test(days_late_are_counted_whole),
        cmocka_unit_test(work_of_nobody_is_red_on_its_day),
        cmocka_unit_test(a_wrong_number_is_red_at_once),
        cmocka_unit_test(the_line_that_says_why),
        cmocka_unit_test(what_waits_for_a_word_is_work),
        cmocka_unit_test(who_does_not_pick_up_is_red_at_once),
        cmocka_unit_test(words_and_what_was_saved),
        cmocka_unit_test(nobody_is_late_with_what_they_could_not_do),
        cmocka_unit_test(what_waits_for_a_pause_is_not_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
