/* What people say about an action is kept with it; what waits for their word, what was saved, and what did not get
 * through is found. */
#include "bench.h"

static char *steps_of(struct bench *b, const struct agenda_query *query)
{
    struct agenda agenda = {0};
    struct err err;
    assert_ok(store_agenda(b->store, query, &agenda, &err));
    struct sb sb = {0};
    for (size_t i = 0; i < agenda.n; i++)
        sb_addf(&sb, "%s%s", i ? " " : "", agenda.v[i].action.step);
    agenda_fini(&agenda);
    return sb_take(&sb);
}

static void assert_steps(struct bench *b, const struct agenda_query *query, const char *wanted)
{
    char *steps = steps_of(b, query);
    assert_string_equal(steps, wanted);
    free(steps);
}

static void what_people_said_is_kept(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t trip =
        add_trip(b, add_client(b, "Мария", "+79031234567", NULL), "2026-12-10", "2026-12-20", 0);
    struct action a = sms_due(trip, "step", "2026-12-09 12:00");
    a.held_at = NOW;
    a.moved_to = when("2026-12-09 15:30");
    int64_t id = add_action(b, &a);
    assert_ok(store_action_get(b->store, id, &a, &err));
    assert_int_equal(a.held_at, NOW);
    assert_int_equal(a.approved_at, 0);
    assert_int_equal(a.moved_to.day, day("2026-12-09"));
    assert_int_equal(a.moved_to.minute, 15 * 60 + 30);
    a.held_at = 0;
    a.approved_at = NOW + 1;
    a.moved_to = (struct civil){CIVIL_NONE, MINUTE_NONE};
    assert_ok(store_action_update(b->store, &a, STATE_PENDING, NOW, &err));
    action_fini(&a);
    assert_ok(store_action_get(b->store, id, &a, &err));
    assert_int_equal(a.held_at, 0);
    assert_int_equal(a.approved_at, NOW + 1);
    assert_int_equal(a.moved_to.day, CIVIL_NONE);
    action_fini(&a);
}

static int64_t held(struct bench *b, int64_t trip, const char *step, const char *due,
                    enum cause cause)
{
    struct action a = sms_due(trip, step, due);
    a.state = STATE_HELD;
    a.cause = cause;
    return add_action(b, &a);
}

/* It is work for whoever must say the word, on its day and after it; what the plan keeps back is nobody's. */
static void what_waits_for_a_word_is_in_the_list_of_the_day(void **state)
{
    struct bench *b = *state;
    int64_t trip =
        add_trip(b, add_client(b, "Мария", "+79031234567", NULL), "2026-12-10", "2026-12-20", 0);
    (void)held(b, trip, "asked-yesterday", "2026-12-08 12:00", CAUSE_APPROVAL);
    (void)held(b, trip, "asked-today", "2026-12-09 12:00", CAUSE_APPROVAL);
    (void)held(b, trip, "asked-tomorrow", "2026-12-10 00:00", CAUSE_APPROVAL);
    (void)held(b, trip, "held-today", "2026-12-09 13:00", CAUSE_HELD_BY_PERSON);
    (void)held(b, trip, "held-tomorrow", "2026-12-10 13:00", CAUSE_HELD_BY_PERSON);
    (void)held(b, trip, "peace", "2026-12-09 14:00", CAUSE_PAUSED);
    (void)held(b, trip, "complaint", "2026-12-08 14:00", CAUSE_COMPLAINT);
    (void)held(b, trip, "words", "2026-12-20 15:00", CAUSE_TEMPLATE);
    struct agenda_query query = {.today = day("2026-12-09"), .human_only = true};
    assert_steps(b, &query, "asked-yesterday asked-today held-today");
    query.human_only = false;
    assert_steps(b, &query, "asked-yesterday asked-today held-today words");
    query.red_only = true;
    assert_steps(b, &query, "asked-yesterday words");
}

static void what_was_saved_is_found(void **state)
{
    struct bench *b = *state;
    int64_t trip =
        add_trip(b, add_client(b, "Мария", "+79031234567", NULL), "2026-12-10", "2026-12-20", 0);
    static const struct {
        const char *step, *due;
        enum action_state state;
        enum cause cause;
    } rows[] = {
        {"saved", "2026-12-09 10:00", STATE_SENT, CAUSE_NOT_TICKED},
        {"saved-yesterday", "2026-12-08 10:00", STATE_SENT, CAUSE_NOT_TICKED},
        {"sent", "2026-12-09 10:00", STATE_SENT, CAUSE_NONE},
        {"refused", "2026-12-09 10:00", STATE_FAILED, CAUSE_REFUSED},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct action a = sms_due(trip, rows[i].step, rows[i].due);
        a.state = rows[i].state;
        a.cause = rows[i].cause;
        (void)add_action(b, &a);
    }
    struct agenda_query query = {.today = day("2026-12-09")};
    assert_steps(b, &query, "refused");
    query.saved = true;
    assert_steps(b, &query, "saved refused");
    query.manager_id = 7;
    assert_steps(b, &query, "");
}

static void what_did_not_get_through_is_found(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct id_list ids;
    int64_t client = add_client(b, "Мария", "+79031234567", NULL);
    int64_t trip = add_trip(b, client, "2026-12-10", "2026-12-20", 0);
    int64_t over = add_trip(b, client, "2026-12-11", "2026-12-21", 0);
    raw(b->path, "UPDATE occasion SET ended = 1 WHERE departure = '2026-12-11'");
    struct action a = sms_due(trip, "failed", "2026-12-09 12:00");
    a.state = STATE_FAILED;
    int64_t failed = add_action(b, &a);
    a = sms_due(trip, "missed", "2026-12-09 12:00");
    a.state = STATE_MISSED;
    int64_t missed = add_action(b, &a);
    a = sms_due(trip, "waits", "2026-12-09 12:00");
    (void)add_action(b, &a);
    a = sms_due(trip, "letter", "2026-12-09 12:00");
    a.channel = a.planned_channel = CHANNEL_EMAIL;
    a.state = STATE_FAILED;
    (void)add_action(b, &a);
    a = sms_due(over, "of-cancelled", "2026-12-09 12:00");
    a.state = STATE_FAILED;
    (void)add_action(b, &a);
    assert_ok(store_list_undelivered(b->store, instant("UTC", "2026-12-09 12:30"), &ids, &err));
    assert_int_equal(ids.n, 2);
    assert_int_equal(ids.v[0], failed);
    assert_int_equal(ids.v[1], missed);
    id_list_fini(&ids);
    assert_ok(store_list_undelivered(b->store, instant("UTC", "2026-12-09 13:00"), &ids, &err));
    assert_int_equal(ids.n, 0);
    id_list_fini(&ids);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_people_said_is_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(what_waits_for_a_word_is_in_the_list_of_the_day, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_was_saved_is_found, setup, teardown),
        cmocka_unit_test_setup_teardown(what_did_not_get_through_is_found, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
