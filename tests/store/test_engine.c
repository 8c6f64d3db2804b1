/* The engine's verbs: what the tick finds, the claim (T1), the point of no return (T2), the verdicts
 * (T3 to T5), recovery after a death at any instant, and what people do in between. What a person
 * said after the claim always stands. */
#include "bench.h"

enum { DUE = NOW, ENDS = NOW + 3600 };

static int64_t one_trip(struct bench *b)
{
    return add_trip(b, add_client(b, "Мария", "+79031234567", NULL), "2026-12-10", "2026-12-20", 0);
}

/* A pending SMS that is due at DUE and ends at ENDS. */
static int64_t one_sms(struct bench *b, int64_t trip, const char *step)
{
    struct action a = sms_due(trip, step, "2026-12-01 10:00");
    a.due_at = a.next_attempt_at = DUE;
    a.expires_at = ENDS;
    return add_action(b, &a);
}

static struct action get(struct bench *b, int64_t id)
{
    struct action a = {0};
    struct err err;
    assert_ok(store_action_get(b->store, id, &a, &err));
    return a;
}

static enum action_state state_of(struct bench *b, int64_t id)
{
    struct action a = get(b, id);
    enum action_state state = a.state;
    action_fini(&a);
    return state;
}

static int64_t number(struct bench *b, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *s = NULL;
    assert_int_equal(sqlite3_open_v2(b->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    sqlite3_close(db);
    return n;
}

/* One attempt of an action, as "outcome/risk/done": '-' where nothing is recorded. */
static void assert_attempt(struct bench *b, int64_t id, const char *wanted)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *s = NULL;
    assert_int_equal(sqlite3_open_v2(b->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    char *sql = xasprintf("SELECT coalesce(outcome, '-') || '/' || coalesce(risk_at - %d, '-') || "
                          "'/' || coalesce(done_at - %d, '-') FROM attempt WHERE id = %lld",
                          (int)NOW, (int)NOW, (long long)id);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(s, 0), wanted);
    sqlite3_finalize(s);
    sqlite3_close(db);
    free(sql);
}

/* ---- the verbs in transactions of their own, as the ledger runs them ---- */

static int64_t claim(struct bench *b, int64_t id, int64_t now)
{
    struct err err;
    int64_t attempt = -1;
    assert_ok(store_begin(b->store, &err));
    assert_ok(store_claim(b->store, id, "tick-1", now, &attempt, &err));
    assert_ok(store_commit(b->store, &err));
    return attempt;
}

static bool at_risk(struct bench *b, int64_t id, int64_t attempt, int64_t now)
{
    struct err err;
    int64_t seq = -1;
    assert_ok(store_begin(b->store, &err));
    assert_ok(store_at_risk(b->store, id, attempt, now, &seq, &err));
    assert_ok(store_commit(b->store, &err));
    return seq > 0;
}

static const struct verdict SENT = {
    .state = STATE_SENT, .outcome = "sent", .code = 250, .provider_id = "q7", .reply = "250 ok"};
static const struct verdict TEMP = {.state = STATE_PENDING,
                                    .cause = CAUSE_RETRY,
                                    .reason = "mailbox busy",
                                    .outcome = "refused_temp",
                                    .code = 450,
                                    .next_attempt_at = NOW + 300,
                                    .counts = true};
static const struct verdict PERM = {.state = STATE_FAILED,
                                    .cause = CAUSE_REFUSED,
                                    .reason = "no such user",
                                    .outcome = "refused_perm",
                                    .code = 550,
                                    .counts = true};
static const struct verdict DOUBT = {
    .state = STATE_IN_DOUBT, .cause = CAUSE_NO_VERDICT, .reason = "timeout", .outcome = "in_doubt"};
static const struct verdict TOO_LATE = {.state = STATE_MISSED,
                                        .cause = CAUSE_EXPIRED,
                                        .reason = "no time is left",
                                        .outcome = "refused_temp",
                                        .counts = true};
static const struct verdict NOT_SENT = {.state = STATE_PENDING,
                                        .cause = CAUSE_RETRY,
                                        .reason = "withdrawn",
                                        .outcome = "not_sent",
                                        .next_attempt_at = NOW + 300,
                                        .counts = true};

static void verdict(struct bench *b, int64_t id, int64_t attempt, const struct verdict *v,
                    int64_t now)
{
    struct err err;
    assert_ok(store_begin(b->store, &err));
    assert_ok(store_verdict(b->store, id, attempt, v, now, &err));
    assert_ok(store_commit(b->store, &err));
}

/* ---- what the tick finds ---- */

typedef enum rc lister(struct store *, int64_t, size_t, struct id_list *, struct err *);

/* The steps of what is found, in order. */
static void assert_found(struct bench *b, lister *list, int64_t now, size_t limit,
                         const char *wanted)
{
    struct id_list ids = {0};
    struct err err;
    assert_ok(list(b->store, now, limit, &ids, &err));
    struct sb sb = {0};
    for (size_t i = 0; i < ids.n; i++) {
        struct action a = get(b, ids.v[i]);
        sb_addf(&sb, "%s%s", i ? " " : "", a.step);
        action_fini(&a);
    }
    assert_string_equal(sb_str(&sb), wanted);
    sb_fini(&sb);
    id_list_fini(&ids);
    assert_null(ids.v);
}

static void the_tick_finds_what_is_due(void **state)
{
    struct bench *b = *state;
    int64_t trip = one_trip(b);
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
        struct action a = sms_due(trip, rows[i].step, "2026-12-01 10:00");
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
        struct action a = sms_due(trip, calls[i].step, "2026-12-01 10:00");
        a.channel = a.planned_channel = CHANNEL_CALL;
        a.due_at = a.next_attempt_at = DUE - 3600;
        a.expires_at = calls[i].fallback_at ? DUE - 1 : 0;
        a.fallback_channel = CHANNEL_SMS;
        a.fallback_at = calls[i].fallback_at;
        (void)add_action(b, &a);
    }
    struct action done = sms_due(trip, "call-done", "2026-12-01 10:00");
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

/* ---- T1 ---- */

static void a_claim_takes_only_what_may_go(void **state)
{
    struct bench *b = *state;
    int64_t trip = one_trip(b);
    int64_t id = one_sms(b, trip, "a");
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

    int64_t last_moment = one_sms(b, trip, "last");
    assert_true(claim(b, last_moment, ENDS - 1) > 0);

    int64_t call = add_call(b, trip, "call", "2020-01-01 10:00");
    assert_int_equal(claim(b, call, DUE), 0); /* people's work */

    static const char *const ways[] = {"held", "cancelled", "missed", "suppressed"};
    for (size_t i = 0; i < COUNT(ways); i++) {
        int64_t other = one_sms(b, trip, ways[i]);
        set_state(b, other, ways[i], "");
        assert_int_equal(claim(b, other, DUE), 0);
    }
    int64_t of_cancelled = one_sms(b, trip, "b");
    raw(b->path, "UPDATE trip SET cancelled = 1");
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
        {"the trip was cancelled", "UPDATE trip SET cancelled = 1", DUE + 5, STATE_CLAIMED},
        {"the action was cancelled", "UPDATE action SET state = 'cancelled'", DUE + 5,
         STATE_CANCELLED},
        {"it was moved", "UPDATE action SET state = 'pending', next_attempt_at = 5", DUE + 5,
         STATE_PENDING},
        {"the attempt was closed", "UPDATE attempt SET outcome = 'not_sent'", DUE + 5,
         STATE_CLAIMED},
    };
    int64_t trip = one_trip(b);
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t id = one_sms(b, trip, cases[i].about);
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
        raw(b->path, "UPDATE trip SET cancelled = 0; DELETE FROM attempt; DELETE FROM action");
    }
}

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
    int64_t trip = one_trip(b);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char step[] = {(char)('a' + i), '\0'};
        const struct verdict *v = cases[i].verdict;
        int64_t id = one_sms(b, trip, step), attempt = claim(b, id, DUE);
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
    int64_t trip = one_trip(b);
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t id = one_sms(b, trip, cases[i].about), attempt = claim(b, id, DUE);
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

/* ---- people ---- */

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
    int64_t trip = one_trip(b), ids[COUNT(rows)];
    for (size_t i = 0; i < COUNT(rows); i++) {
        char step[] = {(char)('a' + i), '\0'};
        ids[i] = one_sms(b, trip, step);
        if (rows[i].way != NULL)
            set_state(b, ids[i], rows[i].way, "before");
    }
    int64_t call = add_call(b, trip, "call", "2026-12-09 10:00");
    int64_t ticked = add_call(b, trip, "ticked", "2026-12-09 10:00");
    set_state(b, ticked, "done", "");
    int64_t other = one_sms(b, one_trip(b), "a");
    int count = -1;
    assert_ok(store_begin(b->store, &err));
    assert_ok(store_actions_cancel_trip(b->store, trip, "they are ill", NOW, &count, &err));
    assert_ok(store_commit(b->store, &err));
    assert_int_equal(count, 4); /* pending, claimed, held, and the call */
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct action a = get(b, ids[i]);
        assert_int_equal(a.state, rows[i].after);
        bool now = rows[i].after == STATE_CANCELLED && !str_eq(rows[i].way, "cancelled");
        assert_int_equal(a.cause, now ? CAUSE_TRIP_CANCELLED : CAUSE_NONE);
        if (now)
            assert_string_equal(a.reason, "they are ill");
        action_fini(&a);
    }
    assert_int_equal(state_of(b, call), STATE_CANCELLED);
    assert_int_equal(state_of(b, ticked), STATE_DONE);
    assert_int_equal(state_of(b, other), STATE_PENDING);
    assert_found(b, store_list_to_send, DUE, 100, "a");
}

/* A message that is at risk when its trip is changed may not be tried again as it is: its trip is
 * planned anew first. */
static void what_was_changed_on_the_wire_waits_for_a_new_plan(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t trip = one_trip(b), other_trip = one_trip(b);
    int64_t waiting = one_sms(b, trip, "waiting");
    int64_t crossed = one_sms(b, trip, "crossed"), attempt = claim(b, crossed, DUE);
    int64_t other = one_sms(b, other_trip, "other"), other_attempt = claim(b, other, DUE);
    assert_true(at_risk(b, crossed, attempt, DUE + 1));
    assert_true(at_risk(b, other, other_attempt, DUE + 1));
    struct id_list trips = {0};
    assert_ok(store_actions_mark_stale(b->store, trip, &err));
    assert_ok(store_list_stale_trips(b->store, &trips, &err));
    assert_int_equal(trips.n, 0); /* the verdict is still to come */
    verdict(b, crossed, attempt, &TEMP, DUE + 2);
    verdict(b, other, other_attempt, &TEMP, DUE + 2);
    assert_ok(store_list_stale_trips(b->store, &trips, &err));
    assert_int_equal(trips.n, 1);
    assert_int_equal(trips.v[0], trip);
    id_list_fini(&trips);
    assert_int_equal(claim(b, crossed, NOW + 300), 0);
    assert_true(claim(b, waiting, DUE + 3) > 0); /* was not on the wire */
    assert_true(claim(b, other, NOW + 300) > 0);

    /* Planned anew, and so no longer stale. */
    struct action a = get(b, crossed);
    assert_true(a.stale);
    a.stale = false;
    assert_ok(store_action_update(b->store, &a, STATE_PENDING, DUE + 4, &err));
    action_fini(&a);
    assert_ok(store_list_stale_trips(b->store, &trips, &err));
    assert_int_equal(trips.n, 0);
    assert_true(claim(b, crossed, NOW + 300) > 0);
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
        {&TEMP, STATE_CANCELLED, CAUSE_TRIP_CANCELLED},
        {&SENT, STATE_SENT, CAUSE_NONE},
        {&PERM, STATE_FAILED, CAUSE_REFUSED},
        {&DOUBT, STATE_IN_DOUBT, CAUSE_NO_VERDICT},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t id = one_sms(b, one_trip(b), "a"), attempt = claim(b, id, DUE);
        assert_true(at_risk(b, id, attempt, DUE + 1));
        raw(b->path, "UPDATE trip SET cancelled = 1");
        verdict(b, id, attempt, cases[i].verdict, DUE + 9);
        struct action a = get(b, id);
        assert_int_equal(a.state, cases[i].after);
        assert_int_equal(a.cause, cases[i].cause);
        action_fini(&a);
        char *closed = xasprintf("%s/1/9", cases[i].verdict->outcome);
        assert_attempt(b, attempt, closed);
        free(closed);
        raw(b->path, "UPDATE trip SET cancelled = 0");
    }
}

/* ---- recovery ---- */

static void recovery_after_a_death(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t trip = one_trip(b);
    int64_t waiting = one_sms(b, trip, "waiting");
    int64_t claimed = one_sms(b, trip, "claimed"), attempt_1 = claim(b, claimed, DUE);
    int64_t crossed = one_sms(b, trip, "crossed"), attempt_2 = claim(b, crossed, DUE);
    assert_true(at_risk(b, crossed, attempt_2, DUE + 1));
    int64_t sent = one_sms(b, trip, "sent"), attempt_3 = claim(b, sent, DUE);
    assert_true(at_risk(b, sent, attempt_3, DUE + 1));
    verdict(b, sent, attempt_3, &SENT, DUE + 2);
    /* Cancelled by a person while the tick was dying: the attempt is open, the action is not. */
    int64_t withdrawn = one_sms(b, trip, "withdrawn"), attempt_4 = claim(b, withdrawn, DUE);
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

/* ---- frozen messages ---- */

static void a_message_is_frozen_once(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t trip = one_trip(b), id = one_sms(b, trip, "a"), other = one_sms(b, trip, "b");
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
    int64_t trip = one_trip(b);
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t id = one_sms(b, trip, cases[i].step), attempt = 0;
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

/* ---- two at once ---- */

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

static void service_goes_before_greetings(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct id_list ids;
    int64_t trip = one_trip(b), wanted[PRIORITY_COUNT];
    for (int p = PRIORITY_COUNT - 1; p >= 0;
         p--) { /* the least important first, and with the nearest end */
        char step[16];
        (void)snprintf(step, sizeof step, "step-%d", p);
        struct action a = sms_due(trip, step, "2026-12-01 10:00");
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

/* ---- a repeat of what is in doubt ---- */

static int64_t claim_again(struct bench *b, int64_t id, int64_t now)
{
    struct err err;
    int64_t attempt = -1;
    assert_ok(store_begin(b->store, &err));
    assert_ok(store_claim_again(b->store, id, "tick-2", now, &attempt, &err));
    assert_ok(store_commit(b->store, &err));
    return attempt;
}

static int64_t one_in_doubt(struct bench *b, int64_t trip, const char *step)
{
    int64_t id = one_sms(b, trip, step), attempt = claim(b, id, DUE);
    assert_true(at_risk(b, id, attempt, DUE + 1));
    verdict(b, id, attempt, &DOUBT, DUE + 2);
    return id;
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
    assert_ok(store_settle(b->store, id, NULL, NULL, &err));
    assert_ok(store_attempts(b->store, id, &tries, &err));
    assert_string_equal(tries.v[0].settled, "sent"); /* only the last is taken back */
    assert_null(tries.v[1].settled);
    attempt_list_fini(&tries);
    assert_ok(store_commit(b->store, &err));
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

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(the_tick_finds_what_is_due),
        CASE(service_goes_before_greetings),
        CASE(a_claim_takes_only_what_may_go),
        CASE(a_claim_that_is_not_committed_did_not_happen),
        CASE(the_point_of_no_return),
        CASE(no_return_is_refused_when_something_changed),
        CASE(each_verdict_is_recorded),
        CASE(a_repeat_is_claimed_only_when_nothing_has_changed),
        CASE(handing_over_is_counted),
        CASE(what_is_known_of_a_doubt),
        CASE(doubts_are_found_when_they_are_to_be_looked_at),
        CASE(messages_of_a_day_are_counted),
        CASE(tries_are_counted_and_numbered),
        CASE(what_a_person_said_after_the_claim_stands),
        CASE(a_verdict_is_given_once),
        CASE(cancelling_a_trip_silences_it_at_once),
        CASE(what_was_changed_on_the_wire_waits_for_a_new_plan),
        CASE(a_cancelled_trip_is_not_tried_again),
        CASE(recovery_after_a_death),
        CASE(a_message_is_frozen_once),
        CASE(a_message_is_forgotten_only_when_it_was_not_sent),
        CASE(two_ticks_claim_one_action),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
