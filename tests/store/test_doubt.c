/* What was handed over: how it is counted, what is known of it when it is in doubt, and when it may be
 * repeated. */
#include "engine.h"

static int64_t one_in_doubt(struct bench *b, int64_t trip, const char *step)
{
    int64_t id = one_sms(b, trip, step), attempt = claim(b, id, DUE);
    assert_true(at_risk(b, id, attempt, DUE + 1));
    verdict(b, id, attempt, &DOUBT, DUE + 2);
    return id;
}

/* ---- counting ---- */

static void handing_over_is_counted(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t trip = one_trip(b), seq = -1;
    assert_ok(store_seq(b->store, &seq, &err));
    assert_int_equal(seq, 0);
    (void)one_in_doubt(b, trip, "a");
    int64_t second = one_sms(b, trip, "b"), attempt = claim(b, second, DUE);
    assert_true(at_risk(b, second, attempt, DUE + 1));
    verdict(b, second, attempt, &SENT, DUE + 2);
    int64_t third = one_sms(b, trip, "c");
    attempt = claim(b, third, DUE);
    verdict(b, third, attempt, &TEMP, DUE + 2); /* never handed over */
    assert_ok(store_seq(b->store, &seq, &err));
    assert_int_equal(seq, 2);
    assert_int_equal(number(b, "SELECT max(seq) FROM attempt"), 2);
    assert_int_equal(number(b, "SELECT count(*) FROM attempt WHERE seq IS NULL"), 1);
    assert_ok(store_begin(b->store, &err));
    assert_ok(store_seq_at_least(b->store, 9, &err));
    assert_ok(store_commit(b->store, &err));
    attempt = claim(b, third, NOW + 300);
    assert_true(at_risk(b, third, attempt, NOW + 301));
    assert_int_equal(number(b, "SELECT max(seq) FROM attempt"), 10);
}

static void messages_of_a_day_are_counted(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t trip = one_trip(b), n = -1;
    const char *texts[] = {"a", "b", "c"};
    const struct verdict *ends[] = {&SENT, &DOUBT, &PERM};
    for (size_t i = 0; i < 3; i++) {
        int64_t id = one_sms(b, trip, texts[i]), attempt = claim(b, id, DUE);
        char *key = xasprintf("key-%s", texts[i]), to[] = "+79031234567";
        struct frozen_message m = {.action_id = id,
                                   .channel = CHANNEL_SMS,
                                   .recipient = to,
                                   .bytes = key,
                                   .len = 1,
                                   .message_id = key,
                                   .idem_key = key};
        assert_ok(store_begin(b->store, &err));
        assert_ok(store_message_put(b->store, &m, &err));
        assert_ok(store_commit(b->store, &err));
        assert_true(at_risk(b, id, attempt, DUE + (int64_t)i));
        verdict(b, id, attempt, ends[i], DUE + 5);
        free(key);
    }
    /* What was refused has not reached anybody. */
    assert_ok(store_handed_over_to(b->store, "+79031234567", NULL, DUE, &n, &err));
    assert_int_equal(n, 2);
    assert_ok(store_handed_over_to(b->store, "+79031234567", "x@y.example", DUE + 1, &n, &err));
    assert_int_equal(n, 1);
    assert_ok(store_handed_over_to(b->store, "+79030000000", NULL, DUE, &n, &err));
    assert_int_equal(n, 0);
    assert_ok(store_handed_over_on(b->store, CHANNEL_SMS, DUE, &n, &err));
    assert_int_equal(n, 2);
    assert_ok(store_handed_over_on(b->store, CHANNEL_EMAIL, DUE, &n, &err));
    assert_int_equal(n, 0);
}

/* ---- what is in doubt ---- */

static void what_is_known_of_a_doubt(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct attempt_list tries;
    int64_t id = one_in_doubt(b, one_trip(b), "a");
    assert_ok(store_begin(b->store, &err));
    assert_ok(store_unknown(b->store, id, DUE + 60, &err));
    assert_ok(store_unknown(b->store, id, DUE + 360, &err)); /* the first time counts */
    assert_ok(store_import_attempt(b->store, id, DUE + 400, 7, "known from elsewhere", &err));
    assert_ok(store_attempts(b->store, id, &tries, &err));
    assert_int_equal(tries.n, 2);
    assert_int_equal(tries.v[0].unknown_at, DUE + 60);
    assert_int_equal(tries.v[0].risk_at, DUE + 1);
    assert_string_equal(tries.v[0].outcome, "in_doubt");
    assert_null(tries.v[0].settled);
    assert_int_equal(tries.v[1].n, 2);
    assert_int_equal(tries.v[1].seq, 7);
    assert_string_equal(tries.v[1].reply, "known from elsewhere");
    attempt_list_fini(&tries);
    assert_ok(store_settle(b->store, id, "sent", "id-9", &err));
    assert_ok(store_settle(b->store, id, "not_sent", "id-10", &err)); /* it is settled */
    assert_ok(store_attempts(b->store, id, &tries, &err));
    assert_string_equal(tries.v[0].settled, "sent");
    assert_string_equal(tries.v[0].provider_id, "id-9");
    attempt_list_fini(&tries);
    assert_ok(store_unsettle(b->store, id, 0, 0, &err));
    assert_ok(store_attempts(b->store, id, &tries, &err));
    assert_string_equal(tries.v[0].settled, "sent"); /* only the last is taken back */
    assert_null(tries.v[1].settled);
    attempt_list_fini(&tries);
    assert_ok(store_commit(b->store, &err));
}

/* What is noted with the four tries of an action, one letter each: s, n, a, d, or '-'. */
static void assert_settled(struct bench *b, int64_t id, const char *wanted)
{
    struct err err;
    struct attempt_list tries;
    char found[5] = "";
    assert_ok(store_attempts(b->store, id, &tries, &err));
    assert_int_equal(tries.n, 4);
    for (size_t i = 0; i < 4; i++)
        found[i] = tries.v[i].settled ? tries.v[i].settled[0] : '-';
    attempt_list_fini(&tries);
    assert_string_equal(found, wanted);
}

static void an_answer_is_taken_back_from_the_tries_that_it_settled(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct attempt_list tries;
    int64_t trip = one_trip(b), id = one_in_doubt(b, trip, "a"), ids[4];
    int64_t other = one_in_doubt(b, trip, "b");
    assert_ok(store_begin(b->store, &err));
    assert_ok(store_settle(b->store, other, "sent", NULL, &err));
    assert_ok(store_settle(b->store, id, "not_sent", NULL, &err));
    assert_ok(store_import_attempt(b->store, id, DUE + 100, 7, "x", &err));
    assert_ok(store_import_attempt(b->store, id, DUE + 200, 8, "x", &err));
    assert_ok(store_settle(b->store, id, "dropped", NULL, &err));
    assert_ok(store_import_attempt(b->store, id, DUE + 300, 9, "x", &err));
    assert_ok(store_settle(b->store, id, "sent", NULL, &err));
    assert_settled(b, id, "ndds");
    assert_ok(store_attempts(b->store, id, &tries, &err));
    for (size_t i = 0; i < 4; i++)
        ids[i] = tries.v[i].id;
    attempt_list_fini(&tries);
    assert_ok(store_unsettle(b->store, id, ids[1], ids[2], &err));
    assert_settled(b, id, "n--s");
    assert_ok(store_settle(b->store, id, "dropped", NULL, &err));
    assert_ok(store_unsettle(b->store, id, ids[1], 0, &err));
    assert_settled(b, id, "n---");
    assert_ok(store_unsettle(b->store, id, 0, 0, &err));
    assert_settled(b, id, "----");
    assert_ok(store_attempts(b->store, other, &tries, &err));
    assert_string_equal(tries.v[0].settled, "sent"); /* another action's */
    attempt_list_fini(&tries);
    assert_ok(store_commit(b->store, &err));
}

static void zones_of_open_work_are_listed(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct zone_use_list zones;
    int64_t id = one_sms(b, one_trip(b), "a");
    (void)one_sms(b, one_trip(b), "a");
    raw(b->path, "UPDATE action SET tz = 'Europe/Paris'");
    assert_ok(store_zones_of_open_work(b->store, &zones, &err));
    assert_int_equal(zones.n, 1);
    assert_string_equal(zones.v[0].tz, "Europe/Paris");
    assert_false(zones.v[0].of_client);
    assert_int_equal(zones.v[0].client_id, 1);
    assert_int_equal(zones.v[0].clients, 2);
    zone_use_list_fini(&zones);
    raw(b->path, "UPDATE client SET tz = 'Europe/Paris' WHERE id = 1");
    assert_ok(store_zones_of_open_work(b->store, &zones, &err));
    assert_int_equal(zones.n, 2);
    assert_false(zones.v[0].of_client);
    assert_int_equal(zones.v[0].client_id, 2);
    assert_int_equal(zones.v[0].clients, 1);
    assert_true(zones.v[1].of_client);
    assert_int_equal(zones.v[1].client_id, 1);
    assert_int_equal(zones.v[1].clients, 1);
    zone_use_list_fini(&zones);
    /* Held and in doubt are open; cancelled is not. */
    set_state(b, id, "held", "template");
    assert_ok(store_zones_of_open_work(b->store, &zones, &err));
    assert_int_equal(zones.n, 2);
    zone_use_list_fini(&zones);
    set_state(b, id, "cancelled", "by_person");
    assert_ok(store_zones_of_open_work(b->store, &zones, &err));
    assert_int_equal(zones.n, 1);
    assert_int_equal(zones.v[0].client_id, 2);
    zone_use_list_fini(&zones);
}

static void doubts_are_found_when_they_are_to_be_looked_at(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct id_list ids;
    struct verdict doubt = DOUBT;
    doubt.next_attempt_at = DUE + 60;
    int64_t id = one_sms(b, one_trip(b), "a"), attempt = claim(b, id, DUE);
    assert_true(at_risk(b, id, attempt, DUE + 1));
    verdict(b, id, attempt, &doubt, DUE + 2);
    assert_ok(store_list_doubts(b->store, DUE + 59, 10, &ids, &err));
    assert_int_equal(ids.n, 0);
    id_list_fini(&ids);
    assert_ok(store_list_doubts(b->store, DUE + 60, 10, &ids, &err));
    assert_int_equal(ids.n, 1);
    assert_int_equal(ids.v[0], id);
    id_list_fini(&ids);
}

/* ---- repeats ---- */

static int64_t claim_again(struct bench *b, int64_t id, int64_t now)
{
    struct err err;
    int64_t attempt = -1;
    assert_ok(store_begin(b->store, &err));
    assert_ok(store_claim_again(b->store, id, "tick-2", now, &attempt, &err));
    assert_ok(store_commit(b->store, &err));
    return attempt;
}

static void a_repeat_is_claimed_only_when_nothing_has_changed(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t trip = one_trip(b), id = one_in_doubt(b, trip, "a");
    struct action a = get(b, id);
    int64_t end = a.expires_at;
    action_fini(&a);
    assert_int_equal(claim(b, id, DUE + 100), 0); /* an ordinary claim never takes it */
    assert_int_equal(claim_again(b, id, end), 0);
    raw(b->path, "UPDATE trip SET cancelled = 1");
    assert_int_equal(claim_again(b, id, DUE + 100), 0);
    raw(b->path, "UPDATE trip SET cancelled = 0");
    assert_ok(store_begin(b->store, &err));
    assert_ok(store_actions_mark_stale(b->store, trip, &err));
    assert_ok(store_commit(b->store, &err));
    assert_int_equal(claim_again(b, id, DUE + 100), 0);
    raw(b->path, "UPDATE action SET stale = 0");
    assert_true(claim_again(b, id, DUE + 100) > 0);
    assert_int_equal(state_of(b, id), STATE_CLAIMED);
    /* A tick that dies here leaves the doubt that there was. */
    int back = 0;
    assert_ok(store_begin(b->store, &err));
    assert_ok(store_recover_claimed(b->store, DUE + 200, &back, &err));
    assert_ok(store_commit(b->store, &err));
    assert_int_equal(back, 1);
    assert_int_equal(state_of(b, id), STATE_IN_DOUBT);
    /* Once a person has said that it was not sent, it waits like any other. */
    assert_ok(store_begin(b->store, &err));
    assert_ok(store_settle(b->store, id, "not_sent", NULL, &err));
    assert_ok(store_commit(b->store, &err));
    set_state(b, id, "pending", "");
    assert_true(claim(b, id, DUE + 300) > 0);
    assert_ok(store_begin(b->store, &err));
    assert_ok(store_recover_claimed(b->store, DUE + 400, &back, &err));
    assert_ok(store_commit(b->store, &err));
    assert_int_equal(state_of(b, id), STATE_PENDING);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(handing_over_is_counted),
        CASE(messages_of_a_day_are_counted),
        CASE(what_is_known_of_a_doubt),
        CASE(an_answer_is_taken_back_from_the_tries_that_it_settled),
        CASE(zones_of_open_work_are_listed),
        CASE(doubts_are_found_when_they_are_to_be_looked_at),
        CASE(a_repeat_is_claimed_only_when_nothing_has_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
