/* Until a message is out of our hands: what the tick finds, the claim (T1), the point of no return
 * (T2), and the frozen words. What people change in between always stands. The verdicts are in
 * test_verdict.c, what is in doubt in test_doubt.c. */
#include "engine.h"

/* ---- what the tick finds ---- */

static void the_tick_finds_what_is_due(void **state)
{
    struct bench *b = *state;
    int64_t occasion = one_trip(b);
    static const struct {
        const char *step;
        int64_t next, ends;
        const char *way; /* through these states; NULL: pending */
    } rows[] = {
        {"due", DUE, ENDS, NULL},
        {"more-urgent", DUE, ENDS - 60, NULL},
        {"long-waiting", DUE - 5000, ENDS + 60, NULL},
        {"a-second-ahead", DUE + 1, ENDS, NULL},
        {"just-over", DUE - 3600, DUE, NULL},
        {"long-over", DUE - 7200, DUE - 1, NULL},
        {"one-second-left", DUE - 3600, DUE + 1, NULL},
        {"held", DUE, ENDS, "held"},
        {"cancelled", DUE, ENDS, "cancelled"},
        {"claimed", DUE, ENDS, "claimed"},
        {"sent", DUE - 3600, DUE - 1, "claimed at_risk sent"},
        {"missed", DUE - 3600, DUE - 1, "missed"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct action a = sms_due(occasion, rows[i].step, "2026-12-01 10:00");
        a.channel = i % 2 ? CHANNEL_EMAIL : CHANNEL_SMS;
        a.due_at = a.next_attempt_at = rows[i].next;
        a.expires_at = rows[i].ends;
        int64_t id = add_action(b, &a);
        if (rows[i].way != NULL)
            set_state(b, id, rows[i].way, "");
    }
    /* A call is found by its cut-off only; its end is no expiry. */
    static const struct {
        const char *step;
        int64_t fallback_at;
    } calls[] = {
        {"call-now", DUE}, {"call-before", DUE - 9}, {"call-soon", DUE + 1}, {"call-without", 0}};
    for (size_t i = 0; i < COUNT(calls); i++) {
        struct action a = sms_due(occasion, calls[i].step, "2026-12-01 10:00");
        a.channel = a.planned_channel = CHANNEL_CALL;
        a.due_at = a.next_attempt_at = DUE - 3600;
        a.expires_at = calls[i].fallback_at ? DUE - 1 : 0;
        a.fallback_channel = CHANNEL_SMS;
        a.fallback_at = calls[i].fallback_at;
        (void)add_action(b, &a);
    }
    struct action done = sms_due(occasion, "call-done", "2026-12-01 10:00");
    done.channel = done.planned_channel = CHANNEL_CALL;
    done.fallback_channel = CHANNEL_SMS;
    done.fallback_at = DUE - 5;
    set_state(b, add_action(b, &done), "done", "");

    assert_found(b, store_list_expired, DUE, 100, "long-over just-over");
    assert_found(b, store_list_expired, DUE, 1, "long-over");
    assert_found(b, store_list_to_fall_back, DUE, 100, "call-before call-now");
    assert_found(b, store_list_to_fall_back, DUE, 1, "call-before");
    /* The earliest end first; what is over by now is expired before this list is made. */
    assert_found(b, store_list_to_send, DUE, 100,
                 "long-over just-over one-second-left more-urgent due long-waiting");
    assert_found(b, store_list_to_send, DUE, 3, "long-over just-over one-second-left");
    assert_found(b, store_list_to_send, DUE - 5001, 100, "long-over");
    assert_found(b, store_list_to_send, 0, 100, "");
}

static void service_goes_before_greetings(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct id_list ids;
    int64_t occasion = one_trip(b), wanted[PRIORITY_COUNT];
    for (int p = PRIORITY_COUNT - 1; p >= 0;
         p--) { /* the least important first, and with the nearest end */
        char step[16];
        (void)snprintf(step, sizeof step, "step-%d", p);
        struct action a = sms_due(occasion, step, "2026-12-01 10:00");
        a.priority = (enum priority)p;
        a.due_at = a.next_attempt_at = DUE;
        a.expires_at = ENDS - p;
        wanted[p] = add_action(b, &a);
    }
    assert_ok(store_list_to_send(b->store, DUE, 10, &ids, &err));
    assert_int_equal(ids.n, PRIORITY_COUNT);
    for (size_t i = 0; i < ids.n; i++)
        assert_int_equal(ids.v[i], wanted[i]);
    id_list_fini(&ids);
}

/* ---- T1 ---- */

static void a_claim_takes_only_what_may_go(void **state)
{
    struct bench *b = *state;
    int64_t occasion = one_trip(b);
    int64_t id = one_sms(b, occasion, "a");
    assert_int_equal(claim(b, id, DUE - 1), 0);    /* not due */
    assert_int_equal(claim(b, id, ENDS), 0);       /* over */
    assert_int_equal(claim(b, id, ENDS + 100), 0); /* long over */
    assert_int_equal(claim(b, 99, DUE), 0);        /* nothing */
    assert_int_equal(state_of(b, id), STATE_PENDING);
    assert_int_equal(number(b, "SELECT count(*) FROM attempt"), 0);

    int64_t attempt = claim(b, id, DUE);
    assert_true(attempt > 0);
    assert_int_equal(state_of(b, id), STATE_CLAIMED);
    assert_attempt(b, attempt, "-/-/-");
    assert_int_equal(number(b, "SELECT count(*) FROM attempt WHERE tick_id = 'tick-1' AND n = 1"),
                     1);
    assert_int_equal(claim(b, id, DUE), 0); /* taken */

    int64_t last_moment = one_sms(b, occasion, "last");
    assert_true(claim(b, last_moment, ENDS - 1) > 0);

    int64_t call = add_call(b, occasion, "call", "2020-01-01 10:00");
    assert_int_equal(claim(b, call, DUE), 0); /* people's work */

    static const char *const ways[] = {"held", "cancelled", "missed", "suppressed"};
    for (size_t i = 0; i < COUNT(ways); i++) {
        int64_t other = one_sms(b, occasion, ways[i]);
        set_state(b, other, ways[i], "");
        assert_int_equal(claim(b, other, DUE), 0);
    }
    int64_t of_cancelled = one_sms(b, occasion, "b");
    raw(b->path, "UPDATE occasion SET ended = 1");
    assert_int_equal(claim(b, of_cancelled, DUE), 0);
    assert_int_equal(state_of(b, of_cancelled), STATE_PENDING);
}

static void a_claim_that_is_not_committed_did_not_happen(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t id = one_sms(b, one_trip(b), "a"), attempt = 0;
    assert_ok(store_begin(b->store, &err));
    assert_ok(store_claim(b->store, id, "tick-1", DUE, &attempt, &err));
    assert_true(attempt > 0);
    store_rollback(b->store);
    assert_int_equal(state_of(b, id), STATE_PENDING);
    assert_int_equal(number(b, "SELECT count(*) FROM attempt"), 0);
    assert_true(claim(b, id, DUE) > 0);
}

/* Whoever claims first has it; the other finds nothing, and no attempt too many is opened. */
static void two_ticks_claim_one_action(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t id = one_sms(b, one_trip(b), "a"), first = 0, second = -1;
    struct store *other = NULL;
    assert_ok(store_open(b->path, STORE_WRITE, &other, &err));
    struct id_list ids = {0};
    assert_ok(store_list_to_send(other, DUE, 10, &ids, &err)); /* both have seen it */
    assert_int_equal(ids.n, 1);
    id_list_fini(&ids);
    first = claim(b, id, DUE);
    assert_true(first > 0);
    assert_ok(store_begin(other, &err));
    assert_ok(store_claim(other, id, "tick-2", DUE, &second, &err));
    assert_ok(store_commit(other, &err));
    assert_int_equal(second, 0);
    /* Nor can the other cross the line with an attempt that is not its own. */
    int64_t seq = -1;
    assert_ok(store_begin(other, &err));
    assert_ok(store_at_risk(other, id, second, DUE, &seq, &err));
    assert_ok(store_commit(other, &err));
    assert_int_equal(seq, 0);
    assert_int_equal(state_of(b, id), STATE_CLAIMED);
    assert_int_equal(number(b, "SELECT count(*) FROM attempt"), 1);
    store_close(other);
}

/* ---- T2 ---- */

static void the_point_of_no_return(void **state)
{
    struct bench *b = *state;
    int64_t id = one_sms(b, one_trip(b), "a");
    int64_t attempt = claim(b, id, DUE);
    assert_false(at_risk(b, id, attempt + 1, DUE + 5)); /* another's attempt */
    assert_int_equal(state_of(b, id), STATE_CLAIMED);
    assert_true(at_risk(b, id, attempt, DUE + 5));
    assert_int_equal(state_of(b, id), STATE_AT_RISK);
    assert_attempt(b, attempt, "-/5/-");
    assert_false(at_risk(b, id, attempt, DUE + 6)); /* crossed once */
    assert_attempt(b, attempt, "-/5/-");
}

static void no_return_is_refused_when_something_changed(void **state)
{
    struct bench *b = *state;
    static const struct {
        const char *about, *change; /* SQL between T1 and T2 */
        int64_t now;
        enum action_state after;
    } cases[] = {
        {"nothing changed", NULL, DUE + 5, STATE_AT_RISK},
        {"the last second", NULL, ENDS - 1, STATE_AT_RISK},
        {"its time is over", NULL, ENDS, STATE_CLAIMED},
        {"its end was moved up", "UPDATE action SET expires_at = expires_at - 3600 + 5", DUE + 5,
         STATE_CLAIMED},
        {"the trip was cancelled", "UPDATE occasion SET ended = 1", DUE + 5, STATE_CLAIMED},
        {"the action was cancelled", "UPDATE action SET state = 'cancelled'", DUE + 5,
         STATE_CANCELLED},
        {"it was moved", "UPDATE action SET state = 'pending', next_attempt_at = 5", DUE + 5,
         STATE_PENDING},
        {"the attempt was closed", "UPDATE attempt SET outcome = 'not_sent'", DUE + 5,
         STATE_CLAIMED},
    };
    int64_t occasion = one_trip(b);
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t id = one_sms(b, occasion, cases[i].about);
        int64_t attempt = claim(b, id, DUE);
        assert_true(attempt > 0);
        if (cases[i].change != NULL)
            raw(b->path, cases[i].change);
        bool yes = at_risk(b, id, attempt, cases[i].now);
        if (yes != (cases[i].after == STATE_AT_RISK))
            fail_msg("%s", cases[i].about);
        assert_int_equal(state_of(b, id), cases[i].after);
        char *sql = xasprintf("SELECT count(*) FROM attempt WHERE id = %lld AND risk_at IS NOT "
                              "NULL",
                              (long long)attempt);
        assert_int_equal(number(b, sql), yes);
        free(sql);
        raw(b->path, "UPDATE occasion SET ended = 0; DELETE FROM attempt; DELETE FROM action");
    }
}

/* A message that is at risk when its trip is changed may not be tried again as it is: its trip is
 * planned anew first. */
static void what_was_changed_on_the_wire_waits_for_a_new_plan(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t occasion = one_trip(b), other_trip = one_trip(b);
    int64_t waiting = one_sms(b, occasion, "waiting");
    int64_t crossed = one_sms(b, occasion, "crossed"), attempt = claim(b, crossed, DUE);
    int64_t other = one_sms(b, other_trip, "other"), other_attempt = claim(b, other, DUE);
    assert_true(at_risk(b, crossed, attempt, DUE + 1));
    assert_true(at_risk(b, other, other_attempt, DUE + 1));
    struct id_list occasions = {0};
    assert_ok(store_actions_mark_stale(b->store, occasion, &err));
    assert_ok(store_list_stale(b->store, &occasions, &err));
    assert_int_equal(occasions.n, 0); /* the verdict is still to come */
    verdict(b, crossed, attempt, &TEMP, DUE + 2);
    verdict(b, other, other_attempt, &TEMP, DUE + 2);
    assert_ok(store_list_stale(b->store, &occasions, &err));
    assert_int_equal(occasions.n, 1);
    assert_int_equal(occasions.v[0], occasion);
    id_list_fini(&occasions);
    assert_int_equal(claim(b, crossed, NOW + 300), 0);
    assert_true(claim(b, waiting, DUE + 3) > 0); /* was not on the wire */
    assert_true(claim(b, other, NOW + 300) > 0);

    /* Planned anew, and so no longer stale. */
    struct action a = get(b, crossed);
    assert_true(a.stale);
    a.stale = false;
    assert_ok(store_action_update(b->store, &a, STATE_PENDING, DUE + 4, &err));
    action_fini(&a);
    assert_ok(store_list_stale(b->store, &occasions, &err));
    assert_int_equal(occasions.n, 0);
    assert_true(claim(b, crossed, NOW + 300) > 0);
}

static void what_a_person_said_after_the_claim_stands(void **state)
{
    struct bench *b = *state;
    static const struct {
        const char *about, *change;
        const struct verdict *verdict;
        enum action_state after;
    } cases[] = {
        {"cancelled, then not sent", "UPDATE action SET state = 'cancelled', reason = 'theirs'",
         &NOT_SENT, STATE_CANCELLED},
        {"cancelled, then refused", "UPDATE action SET state = 'cancelled', reason = 'theirs'",
         &PERM, STATE_CANCELLED},
        {"moved, then not sent", "UPDATE action SET state = 'pending', reason = 'theirs'",
         &NOT_SENT, STATE_PENDING},
        {"moved, then too late", "UPDATE action SET state = 'pending', reason = 'theirs'",
         &TOO_LATE, STATE_PENDING},
    };
    int64_t occasion = one_trip(b);
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t id = one_sms(b, occasion, cases[i].about), attempt = claim(b, id, DUE);
        raw(b->path, cases[i].change);
        assert_false(at_risk(b, id, attempt, DUE + 1));
        verdict(b, id, attempt, cases[i].verdict, DUE + 9);
        struct action a = get(b, id);
        assert_int_equal(a.state, cases[i].after);
        assert_string_equal(a.reason, "theirs");
        assert_int_equal(a.attempts, 0);
        assert_int_equal(a.next_attempt_at, DUE);
        action_fini(&a);
        /* The attempt is closed all the same, so that the next one can be opened. */
        char *closed = xasprintf("%s/-/9", cases[i].verdict->outcome);
        assert_attempt(b, attempt, closed);
        free(closed);
        if (cases[i].after == STATE_PENDING)
            assert_true(claim(b, id, DUE + 10) > 0);
        raw(b->path, "DELETE FROM attempt; DELETE FROM action");
    }
}

/* ---- frozen messages ---- */

static void a_message_is_frozen_once(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t occasion = one_trip(b), id = one_sms(b, occasion, "a"), other = one_sms(b, occasion, "b");
    static char bytes[] = "line\r\n\0я\xFF";
    char to[] = "maria@b.example", subject[] = "Спасибо", mid[] = "m1@pps", key[] = "k1";
    struct frozen_message m = {.action_id = id,
                               .channel = CHANNEL_EMAIL,
                               .recipient = to,
                               .subject = subject,
                               .bytes = bytes,
                               .len = sizeof bytes - 1,
                               .message_id = mid,
                               .idem_key = key,
                               .frozen_at = NOW};
    struct frozen_message got = {0};
    char *line = xasprintf("the message of A%lld is not made yet", (long long)id);
    assert_fails(store_message_get(b->store, id, &got, &err), RC_NOTFOUND, line);
    free(line);
    assert_ok(store_message_put(b->store, &m, &err));
    assert_ok(store_message_get(b->store, id, &got, &err));
    assert_int_equal(got.action_id, id);
    assert_int_equal(got.channel, CHANNEL_EMAIL);
    assert_string_equal(got.recipient, to);
    assert_string_equal(got.subject, subject);
    assert_int_equal(got.len, sizeof bytes - 1);
    assert_memory_equal(got.bytes, bytes, sizeof bytes);
    assert_string_equal(got.message_id, mid);
    assert_string_equal(got.idem_key, key);
    assert_int_equal(got.frozen_at, NOW);
    frozen_message_fini(&got);
    assert_null(got.bytes);

    assert_fails(store_message_put(b->store, &m, &err), RC_EXISTS, NULL);
    m.action_id = other;
    assert_fails(store_message_put(b->store, &m, &err), RC_EXISTS, NULL); /* the same ids */
    char mid2[] = "m2@pps", key2[] = "k2";
    m.message_id = mid2;
    m.idem_key = key2;
    m.channel = CHANNEL_SMS;
    m.subject = NULL;
    m.len = 0;
    assert_ok(store_message_put(b->store, &m, &err));
    assert_ok(store_message_get(b->store, other, &got, &err));
    assert_int_equal(got.channel, CHANNEL_SMS);
    assert_null(got.subject);
    assert_int_equal(got.len, 0);
    assert_string_equal(got.bytes, "");
    frozen_message_fini(&got);
}

/* A message is made anew only when it is certain that nobody has the old one. */
static void a_message_is_forgotten_only_when_it_was_not_sent(void **state)
{
    struct bench *b = *state;
    struct err err;
    enum how { UNTRIED, OPEN, CROSSED, REFUSED, REFUSED_AFTER_RISK, DOUBTED, GONE };
    static const struct {
        const char *step;
        enum how how;
        bool forgotten;
    } cases[] = {
        {"untried", UNTRIED, true},
        {"claimed", OPEN, true}, /* T2 will find that it is no longer claimed */
        {"crossed", CROSSED, false},
        {"refused", REFUSED, true},
        {"refused-after-risk", REFUSED_AFTER_RISK, true},
        {"doubted", DOUBTED, false},
        {"gone", GONE, false},
    };
    int64_t occasion = one_trip(b);
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t id = one_sms(b, occasion, cases[i].step), attempt = 0;
        char step[32], to[] = "+7903", bytes[] = "x";
        (void)snprintf(step, sizeof step, "%s", cases[i].step);
        struct frozen_message m = {.action_id = id,
                                   .channel = CHANNEL_SMS,
                                   .recipient = to,
                                   .bytes = bytes,
                                   .len = 1,
                                   .message_id = step,
                                   .idem_key = step};
        assert_ok(store_message_put(b->store, &m, &err));
        if (cases[i].how != UNTRIED)
            attempt = claim(b, id, DUE);
        if (cases[i].how > OPEN && cases[i].how != REFUSED)
            assert_true(at_risk(b, id, attempt, DUE + 1));
        if (cases[i].how >= REFUSED)
            verdict(b, id, attempt,
                    cases[i].how == DOUBTED ? &DOUBT
                    : cases[i].how == GONE  ? &SENT
                                            : &TEMP,
                    DUE + 2);
        assert_ok(store_message_forget(b->store, id, &err));
        struct frozen_message got = {0};
        enum rc rc = store_message_get(b->store, id, &got, &err);
        if ((rc == RC_NOTFOUND) != cases[i].forgotten)
            fail_msg("%s: rc %d", cases[i].step, (int)rc);
        frozen_message_fini(&got);
        /* One doubt among many tries is enough to keep it. */
        if (cases[i].how == DOUBTED) {
            set_state(b, id, "pending", "tried again by a person");
            attempt = claim(b, id, DUE + 3);
            verdict(b, id, attempt, &TEMP, DUE + 4);
            assert_ok(store_message_forget(b->store, id, &err));
            assert_ok(store_message_get(b->store, id, &got, &err));
            frozen_message_fini(&got);
        }
    }
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(the_tick_finds_what_is_due),
        CASE(service_goes_before_greetings),
        CASE(a_claim_takes_only_what_may_go),
        CASE(a_claim_that_is_not_committed_did_not_happen),
        CASE(two_ticks_claim_one_action),
        CASE(the_point_of_no_return),
        CASE(no_return_is_refused_when_something_changed),
        CASE(what_was_changed_on_the_wire_waits_for_a_new_plan),
        CASE(what_a_person_said_after_the_claim_stands),
        CASE(a_message_is_frozen_once),
        CASE(a_message_is_forgotten_only_when_it_was_not_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
