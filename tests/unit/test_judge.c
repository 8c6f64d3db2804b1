/* A delivery becomes a verdict: the table of delivery classes, the words that are recorded, and the
 * rule that a message is tried again only when the next try still comes before its expiry. */
#include "support.h"

#include "../../src/dispatch/internal.h"

enum { NOW = 1796000000 };

static struct delivery delivery_of(enum delivery_class class, int code, const char *reason)
{
    struct delivery dv = {.class = class, .code = code};
    (void)snprintf(dv.reason, sizeof dv.reason, "%s", reason);
    (void)snprintf(dv.provider_id, sizeof dv.provider_id, "id-7");
    return dv;
}

static void every_class_has_its_verdict(void **state)
{
    (void)state;
    static const struct {
        enum delivery_class class;
        enum tick_outcome outcome;
        enum action_state state;
        enum cause cause;
        const char *recorded;
        bool counts, stop_channel, again;
    } rows[] = {
        {DELIVERY_SENT, TICK_SENT, STATE_SENT, CAUSE_NONE, "sent", false, false, false},
        {DELIVERY_REFUSED_TEMP, TICK_RETRY, STATE_PENDING, CAUSE_RETRY, "refused_temp", true, false,
         true},
        {DELIVERY_NOT_SENT, TICK_RETRY, STATE_PENDING, CAUSE_RETRY, "not_sent", true, false, true},
        /* Our own fault: it waits for the next tick and does not count. */
        {DELIVERY_CONFIG, TICK_RETRY, STATE_PENDING, CAUSE_RETRY, "not_sent", false, true, false},
        {DELIVERY_REFUSED_PERM, TICK_FAILED, STATE_FAILED, CAUSE_REFUSED, "refused_perm", true,
         false, false},
        {DELIVERY_IN_DOUBT, TICK_IN_DOUBT, STATE_IN_DOUBT, CAUSE_NO_VERDICT, "in_doubt", false,
         false, false},
        /* We broke off ourselves: the next tick takes it up as if nothing had been. */
        {DELIVERY_STOPPED, TICK_RETRY, STATE_PENDING, CAUSE_NONE, "not_sent", false, false, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct delivery dv = delivery_of(rows[i].class, 451, "the server said so");
        struct action a = {.attempts = 0, .expires_at = NOW + 86400};
        struct judgement j;
        memset(&j, 0x5A, sizeof j);
        judge(&dv, &a, false, NOW, 60, &j);
        assert_int_equal(j.outcome, rows[i].outcome);
        assert_int_equal(j.verdict.state, rows[i].state);
        assert_int_equal(j.verdict.cause, rows[i].cause);
        assert_string_equal(j.verdict.outcome, rows[i].recorded);
        assert_int_equal(j.verdict.counts, rows[i].counts);
        assert_int_equal(j.stop_channel, rows[i].stop_channel);
        assert_int_equal(j.verdict.next_attempt_at, rows[i].again                        ? NOW + 300
                                                    : rows[i].class == DELIVERY_IN_DOUBT ? NOW + 60
                                                                                         : 0);
        assert_int_equal(j.verdict.code, 451);
        assert_string_equal(j.verdict.provider_id, "id-7");
        assert_string_equal(j.verdict.reply, "the server said so");
        assert_string_equal(j.reason, "the server said so");
        assert_ptr_equal(j.verdict.reason, j.reason);
    }
}

static void a_call_that_became_a_message_stays_known_as_one(void **state)
{
    (void)state;
    struct delivery dv = delivery_of(DELIVERY_SENT, 250, "");
    struct action a = {.cause = CAUSE_NOT_TICKED, .expires_at = NOW + 60};
    struct judgement j;
    a.planned_channel = CHANNEL_CALL;
    judge(&dv, &a, false, NOW, 0, &j);
    assert_int_equal(j.verdict.cause, CAUSE_NOT_TICKED);
    a.cause = CAUSE_RETRY; /* also when it went only with the second try */
    judge(&dv, &a, false, NOW, 0, &j);
    assert_int_equal(j.verdict.cause, CAUSE_NOT_TICKED);
    a.planned_channel = CHANNEL_SMS;
    judge(&dv, &a, false, NOW, 0, &j);
    assert_int_equal(j.verdict.cause, CAUSE_NONE);
}

/* The pause grows with the tries; the provider's own wish counts when it is longer. */
static void the_pause_before_the_next_try(void **state)
{
    (void)state;
    static const struct {
        int attempts;
        int32_t retry_after;
        uint32_t noise;
        int64_t next;
    } cases[] = {
        {0, 0, 60, NOW + 300},     {1, 0, 120, NOW + 600},  {2, 0, 240, NOW + 1200},
        {3, 0, 480, NOW + 2400},   {4, 0, 720, NOW + 3600}, {50, 0, 720, NOW + 3600},
        {0, 0, 0, NOW + 240},      {0, 299, 60, NOW + 300}, {0, 301, 60, NOW + 301},
        {0, 7200, 60, NOW + 7200}, {0, -5, 60, NOW + 300},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (int temp = 0; temp < 2; temp++) {
            struct delivery dv =
                delivery_of(temp ? DELIVERY_REFUSED_TEMP : DELIVERY_NOT_SENT, 0, "busy");
            dv.retry_after_sec = cases[i].retry_after;
            struct action a = {.attempts = cases[i].attempts, .expires_at = NOW + 86400};
            struct judgement j;
            judge(&dv, &a, false, NOW, cases[i].noise, &j);
            assert_int_equal(j.verdict.next_attempt_at, cases[i].next);
        }
    }
}

static void no_try_is_planned_that_would_come_too_late(void **state)
{
    (void)state;
    static const struct {
        int64_t left;
        int32_t retry_after;
        bool missed;
    } cases[] = {
        {301, 0, false}, {300, 0, true},     {1, 0, true},        {0, 0, true},
        {-60, 0, true},  {3600, 3600, true}, {3601, 3600, false}, {86400, 86401, true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct delivery dv = delivery_of(DELIVERY_REFUSED_TEMP, 450, "mailbox busy");
        dv.retry_after_sec = cases[i].retry_after;
        struct action a = {.expires_at = NOW + cases[i].left};
        struct judgement j;
        judge(&dv, &a, false, NOW, 60, &j);
        assert_int_equal(j.outcome, cases[i].missed ? TICK_MISSED : TICK_RETRY);
        assert_int_equal(j.verdict.state, cases[i].missed ? STATE_MISSED : STATE_PENDING);
        assert_int_equal(j.verdict.cause, cases[i].missed ? CAUSE_EXPIRED : CAUSE_RETRY);
        assert_string_equal(j.verdict.outcome, "refused_temp"); /* the attempt's own verdict */
        assert_true(j.verdict.counts);
        if (cases[i].missed) {
            assert_int_equal(j.verdict.next_attempt_at, 0);
            assert_string_equal(j.verdict.reason, "no time is left for another try: mailbox busy");
        }
    }
}

static void the_longest_reason_fits(void **state)
{
    (void)state;
    char longest[256];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    struct delivery dv = delivery_of(DELIVERY_NOT_SENT, 0, longest);
    struct action a = {.expires_at = NOW};
    struct judgement j;
    judge(&dv, &a, false, NOW, 0, &j);
    char *wanted = xasprintf("no time is left for another try: %s", longest);
    assert_string_equal(j.reason, wanted);
    free(wanted);
}

static void outcomes_have_names(void **state)
{
    (void)state;
    static const char *const names[TICK_OUTCOMES] = {
        [TICK_SENT] = "sent",           [TICK_RETRY] = "retry",         [TICK_FAILED] = "failed",
        [TICK_MISSED] = "missed",       [TICK_IN_DOUBT] = "in_doubt",   [TICK_HELD] = "held",
        [TICK_FELL_BACK] = "fell_back", [TICK_WITHDRAWN] = "withdrawn", [TICK_SETTLED] = "settled",
        [TICK_SHARED] = "shared",       [TICK_DROPPED] = "dropped",
    };
    for (int i = 0; i < TICK_OUTCOMES; i++)
        assert_string_equal(tick_outcome_name((enum tick_outcome)i), names[i]);
}

/* What became of the first try is unknown, so only "accepted" says anything about the message. */
static void a_repeat_that_does_not_get_through_settles_nothing(void **state)
{
    (void)state;
    for (int c = DELIVERY_SENT; c <= DELIVERY_IN_DOUBT; c++) {
        struct delivery dv = delivery_of((enum delivery_class)c, 550, "no");
        struct action a = {.attempts = 0, .expires_at = NOW + 100};
        struct judgement j;
        judge(&dv, &a, true, NOW, 60, &j);
        assert_int_equal(j.outcome, c == DELIVERY_SENT ? TICK_SENT : TICK_IN_DOUBT);
        assert_int_equal(j.verdict.state, c == DELIVERY_SENT ? STATE_SENT : STATE_IN_DOUBT);
        assert_int_equal(j.stop_channel, c == DELIVERY_CONFIG);
        if (c != DELIVERY_SENT)
            assert_true(j.verdict.next_attempt_at > NOW);
    }
}

static void what_can_be_done_about_a_doubt(void **state)
{
    (void)state;
    const int64_t min = 60, day = 86400;
    static const struct gateway_powers none = {0}, asks = {.asks = true},
                                       repeats = {.repeat_sec = 3600},
                                       both = {.asks = true, .repeat_sec = 3600};
    const struct {
        struct gateway_powers powers;
        bool cannot_tell, changed;
        enum doubt_policy policy;
        int tries;
        int64_t age, left; /* seconds since the first try, until it is of no use */
        enum doubt_way way;
    } rows[] = {
        /* Answers and lists lag behind: nothing in the first minute. */
        {none, false, false, DOUBT_ASSUME_SENT, 1, 59, day, WAY_WAIT},
        {asks, false, false, DOUBT_ASK, 1, 59, day, WAY_WAIT},
        /* The gateway is asked, for a day. */
        {asks, false, false, DOUBT_ASK, 1, min, day, WAY_ASK},
        {both, false, false, DOUBT_ASSUME_SENT, 1, min, day, WAY_ASK},
        {asks, false, true, DOUBT_ASK, 1, min, -1, WAY_ASK},
        {asks, false, false, DOUBT_ASK, 1, day - 1, day, WAY_ASK},
        {asks, false, false, DOUBT_ASK, 1, day, day, WAY_PERSON},
        {asks, true, false, DOUBT_ASK, 1, min, day, WAY_PERSON},
        /* One that knows repetitions gets the same again, inside its time and that of the message. */
        {repeats, false, false, DOUBT_ASK, 1, min, day, WAY_REPEAT},
        {repeats, false, false, DOUBT_ASK, 9, min, day, WAY_REPEAT},
        {both, true, false, DOUBT_ASK, 1, min, day, WAY_REPEAT},
        {both, false, false, DOUBT_ASK, 1, 599, day, WAY_ASK},
        {both, false, false, DOUBT_ASK, 1, 600, day, WAY_REPEAT},
        {both, false, false, DOUBT_ASK, 1, 3600, day, WAY_ASK}, /* too late to repeat, not to ask */
        {repeats, false, false, DOUBT_ASK, 1, 3600 - 121, day, WAY_REPEAT},
        {repeats, false, false, DOUBT_ASK, 1, 3600 - 120, day, WAY_PERSON},
        {repeats, false, false, DOUBT_ASK, 1, min, 0, WAY_PERSON},
        {repeats, false, true, DOUBT_ASK, 1, min, day, WAY_PERSON},
        /* Then the playbook. */
        {none, false, false, DOUBT_ASK, 1, min, day, WAY_PERSON},
        {none, false, false, DOUBT_ASSUME_SENT, 1, min, day, WAY_TAKE_AS_SENT},
        {none, false, true, DOUBT_ASSUME_SENT, 1, min, -5, WAY_TAKE_AS_SENT},
        {none, false, false, DOUBT_RESEND, 1, 899, day, WAY_WAIT},
        {none, false, false, DOUBT_RESEND, 1, 900, day, WAY_REPEAT},
        {none, false, false, DOUBT_RESEND, 1, 900, 1, WAY_REPEAT},
        {none, false, false, DOUBT_RESEND, 1, 900, 0, WAY_PERSON},
        {none, false, true, DOUBT_RESEND, 1, 900, day, WAY_PERSON},
        {none, false, false, DOUBT_RESEND, 2, 900, day, WAY_PERSON}, /* once */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct doubt doubt = {
            .powers = rows[i].powers,
            .cannot_tell = rows[i].cannot_tell,
            .policy = rows[i].policy,
            .tries = rows[i].tries,
            .since = NOW - rows[i].age,
            .expires_at = NOW + rows[i].left,
            .changed = rows[i].changed,
        };
        if (doubt_way(&doubt, NOW) != rows[i].way)
            fail_msg("row %zu: %d, not %d", i, doubt_way(&doubt, NOW), rows[i].way);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_class_has_its_verdict),
        cmocka_unit_test(a_call_that_became_a_message_stays_known_as_one),
        cmocka_unit_test(the_pause_before_the_next_try),
        cmocka_unit_test(no_try_is_planned_that_would_come_too_late),
        cmocka_unit_test(the_longest_reason_fits),
        cmocka_unit_test(outcomes_have_names),
        cmocka_unit_test(a_repeat_that_does_not_get_through_settles_nothing),
        cmocka_unit_test(what_can_be_done_about_a_doubt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
