/* What became of a try: the verdicts (T3 to T5), what they change when people were faster, and recovery
 * after a death at any instant. */
#include "engine.h"

/* ---- T3 to T5 ---- */

static void each_verdict_is_recorded(void **state)
{
    struct bench *b = *state;
    static const struct {
        const struct verdict *verdict;
        bool crossed; /* the point of no return */
        int attempts;
        int64_t next;
        const char *attempt;
    } cases[] = {
        {&SENT, true, 0, DUE, "sent/1/9"},
        {&TEMP, true, 1, NOW + 300, "refused_temp/1/9"},
        {&TEMP, false, 1, NOW + 300, "refused_temp/-/9"},
        {&PERM, true, 1, DUE, "refused_perm/1/9"},
        {&PERM, false, 1, DUE, "refused_perm/-/9"},
        {&TOO_LATE, true, 1, DUE, "refused_temp/1/9"},
        {&TOO_LATE, false, 1, DUE, "refused_temp/-/9"},
        {&DOUBT, true, 0, DUE, "in_doubt/1/9"},
        {&NOT_SENT, false, 1, NOW + 300, "not_sent/-/9"},
    };
    int64_t occasion = one_trip(b);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char step[] = {(char)('a' + i), '\0'};
        const struct verdict *v = cases[i].verdict;
        int64_t id = one_sms(b, occasion, step), attempt = claim(b, id, DUE);
        if (cases[i].crossed)
            assert_true(at_risk(b, id, attempt, DUE + 1));
        verdict(b, id, attempt, v, DUE + 9);
        struct action a = get(b, id);
        assert_int_equal(a.state, v->state);
        assert_int_equal(a.cause, v->cause);
        assert_true(str_eq(a.reason, v->reason));
        assert_int_equal(a.attempts, cases[i].attempts);
        assert_int_equal(a.next_attempt_at, cases[i].next);
        assert_int_equal(a.done_at, v->state == STATE_SENT ? DUE + 9 : 0);
        action_fini(&a);
        assert_attempt(b, attempt, cases[i].attempt);
    }
    assert_int_equal(number(b, "SELECT count(*) FROM attempt WHERE code = 250 AND provider_id = "
                               "'q7' AND reply = '250 ok'"),
                     1);
}

static void tries_are_counted_and_numbered(void **state)
{
    struct bench *b = *state;
    int64_t id = one_sms(b, one_trip(b), "a"), now = DUE;
    for (int n = 1; n <= 3; n++) {
        int64_t attempt = claim(b, id, now);
        assert_true(attempt > 0);
        struct verdict v = TEMP;
        v.next_attempt_at = now + 300;
        verdict(b, id, attempt, &v, now);
        struct action a = get(b, id);
        assert_int_equal(a.attempts, n);
        action_fini(&a);
        assert_int_equal(claim(b, id, now + 299), 0); /* not yet */
        now += 300;
    }
    int64_t attempt = claim(b, id, now);
    assert_true(at_risk(b, id, attempt, now));
    verdict(b, id, attempt, &SENT, now);
    assert_int_equal(number(b, "SELECT max(n) FROM attempt"), 4);
    assert_int_equal(number(b, "SELECT count(DISTINCT n) FROM attempt"), 4);
    assert_int_equal(claim(b, id, now + 1), 0); /* sent: never again */
    struct action a = get(b, id);
    assert_int_equal(a.attempts, 3);
    action_fini(&a);
}

static void a_verdict_is_given_once(void **state)
{
    struct bench *b = *state;
    int64_t id = one_sms(b, one_trip(b), "a"), attempt = claim(b, id, DUE);
    assert_true(at_risk(b, id, attempt, DUE + 1));
    verdict(b, id, attempt, &SENT, DUE + 2);
    verdict(b, id, attempt, &DOUBT, DUE + 3); /* the connection broke after the "250" */
    assert_int_equal(state_of(b, id), STATE_SENT);
    assert_attempt(b, attempt, "sent/1/2");
}

/* ---- cancellations ---- */

static void cancelling_a_trip_silences_it_at_once(void **state)
{
    struct bench *b = *state;
    struct err err;
    static const struct {
        const char *way;
        enum action_state after;
    } rows[] = {
        {NULL, STATE_CANCELLED},
        {"claimed", STATE_CANCELLED},
        {"held", STATE_CANCELLED},
        {"claimed at_risk", STATE_AT_RISK}, /* the verdict is still to come */
        {"claimed at_risk sent", STATE_SENT},
        {"claimed at_risk in_doubt", STATE_IN_DOUBT},
        {"claimed failed", STATE_FAILED},
        {"missed", STATE_MISSED},
        {"suppressed", STATE_SUPPRESSED},
        {"cancelled", STATE_CANCELLED},
    };
    int64_t occasion = one_trip(b), ids[COUNT(rows)];
    for (size_t i = 0; i < COUNT(rows); i++) {
        char step[] = {(char)('a' + i), '\0'};
        ids[i] = one_sms(b, occasion, step);
        if (rows[i].way != NULL)
            set_state(b, ids[i], rows[i].way, "before");
    }
    int64_t call = add_call(b, occasion, "call", "2026-12-09 10:00");
    int64_t ticked = add_call(b, occasion, "ticked", "2026-12-09 10:00");
    set_state(b, ticked, "done", "");
    int64_t other = one_sms(b, one_trip(b), "a");
    int count = -1;
    assert_ok(store_begin(b->store, &err));
    assert_ok(store_actions_end(b->store, occasion, "they are ill", NOW, &count, &err));
    assert_ok(store_commit(b->store, &err));
    assert_int_equal(count, 4); /* pending, claimed, held, and the call */
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct action a = get(b, ids[i]);
        assert_int_equal(a.state, rows[i].after);
        bool now = rows[i].after == STATE_CANCELLED && !str_eq(rows[i].way, "cancelled");
        assert_int_equal(a.cause, now ? CAUSE_ENDED : CAUSE_NONE);
        if (now)
            assert_string_equal(a.reason, "they are ill");
        action_fini(&a);
    }
    assert_int_equal(state_of(b, call), STATE_CANCELLED);
    assert_int_equal(state_of(b, ticked), STATE_DONE);
    assert_int_equal(state_of(b, other), STATE_PENDING);
    assert_found(b, store_list_to_send, DUE, 100, "a");
}

/* Refused for now, and the trip was cancelled while it was on the wire: it is over. Any other
 * verdict is what it is. */
static void a_cancelled_trip_is_not_tried_again(void **state)
{
    struct bench *b = *state;
    static const struct {
        const struct verdict *verdict;
        enum action_state after;
        enum cause cause;
    } cases[] = {
        {&TEMP, STATE_CANCELLED, CAUSE_ENDED},
        {&SENT, STATE_SENT, CAUSE_NONE},
        {&PERM, STATE_FAILED, CAUSE_REFUSED},
        {&DOUBT, STATE_IN_DOUBT, CAUSE_NO_VERDICT},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t id = one_sms(b, one_trip(b), "a"), attempt = claim(b, id, DUE);
        assert_true(at_risk(b, id, attempt, DUE + 1));
        raw(b->path, "UPDATE occasion SET ended = 1");
        verdict(b, id, attempt, cases[i].verdict, DUE + 9);
        struct action a = get(b, id);
        assert_int_equal(a.state, cases[i].after);
        assert_int_equal(a.cause, cases[i].cause);
        action_fini(&a);
        char *closed = xasprintf("%s/1/9", cases[i].verdict->outcome);
        assert_attempt(b, attempt, closed);
        free(closed);
        raw(b->path, "UPDATE occasion SET ended = 0");
    }
}

/* ---- recovery ---- */

static void recovery_after_a_death(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t occasion = one_trip(b);
    int64_t waiting = one_sms(b, occasion, "waiting");
    int64_t claimed = one_sms(b, occasion, "claimed"), attempt_1 = claim(b, claimed, DUE);
    int64_t crossed = one_sms(b, occasion, "crossed"), attempt_2 = claim(b, crossed, DUE);
    assert_true(at_risk(b, crossed, attempt_2, DUE + 1));
    int64_t sent = one_sms(b, occasion, "sent"), attempt_3 = claim(b, sent, DUE);
    assert_true(at_risk(b, sent, attempt_3, DUE + 1));
    verdict(b, sent, attempt_3, &SENT, DUE + 2);
    /* Cancelled by a person while the tick was dying: the attempt is open, the action is not. */
    int64_t withdrawn = one_sms(b, occasion, "withdrawn"), attempt_4 = claim(b, withdrawn, DUE);
    set_state(b, withdrawn, "cancelled", "theirs");

    int back = -1;
    assert_ok(store_begin(b->store, &err));
    assert_ok(store_recover_claimed(b->store, DUE + 50, &back, &err));
    assert_ok(store_commit(b->store, &err));
    assert_int_equal(back, 1);
    assert_int_equal(state_of(b, waiting), STATE_PENDING);
    assert_int_equal(state_of(b, claimed), STATE_PENDING);
    assert_int_equal(state_of(b, sent), STATE_SENT);
    assert_int_equal(state_of(b, withdrawn), STATE_CANCELLED);
    assert_attempt(b, attempt_1, "not_sent/-/50");
    assert_attempt(b, attempt_3, "sent/1/2");
    assert_attempt(b, attempt_4, "not_sent/-/50");

    /* What was at risk is only listed: whether it went is for the sent log to say. */
    struct at_risk_list left;
    assert_int_equal(state_of(b, crossed), STATE_AT_RISK);
    assert_ok(store_list_at_risk(b->store, &left, &err));
    assert_int_equal(left.n, 1);
    assert_int_equal(left.v[0].action_id, crossed);
    assert_int_equal(left.v[0].attempt_id, attempt_2);
    assert_int_equal(left.v[0].seq, 1);
    at_risk_list_fini(&left);
    verdict(b, crossed, attempt_2, &DOUBT, DUE + 50);
    assert_attempt(b, attempt_2, "in_doubt/1/50");

    /* A second time there is nothing to do, and what is waiting can be claimed again. */
    assert_ok(store_recover_claimed(b->store, DUE + 60, &back, &err));
    assert_int_equal(back, 0);
    assert_ok(store_list_at_risk(b->store, &left, &err));
    assert_int_equal(left.n, 0);
    at_risk_list_fini(&left);
    assert_int_equal(claim(b, crossed, DUE + 60), 0); /* in doubt waits for a person */
    int64_t again = claim(b, claimed, DUE + 60);
    assert_true(again > attempt_1);
    struct action a = get(b, claimed);
    assert_int_equal(a.attempts, 0); /* a death is not a try */
    action_fini(&a);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(each_verdict_is_recorded),
        CASE(tries_are_counted_and_numbered),
        CASE(a_verdict_is_given_once),
        CASE(cancelling_a_trip_silences_it_at_once),
        CASE(a_cancelled_trip_is_not_tried_again),
        CASE(recovery_after_a_death),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
