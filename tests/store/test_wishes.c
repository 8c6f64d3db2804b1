/* What people want, as the store keeps it: words about an address, of which the last one counts; what is kept back; pauses
 * that are over; lost sales; whose work is whose; and what another of the same address was given. */
#include "engine.h"

#include <pps/store_lost.h>
#include <pps/store_wishes.h>

static char maria[] = "Maria@example.com", source[] = "по телефону", anna[] = "anna";

static int64_t say(struct bench *b, enum channel channel, char *address, bool marketing,
                   enum given given)
{
    struct consent c = {.at = NOW,
                        .channel = channel,
                        .address = address,
                        .marketing = marketing,
                        .given = given,
                        .source = source,
                        .actor = anna};
    int64_t id = 0;
    struct err err;
    assert_ok(store_consent_add(b->store, &c, &id, &err));
    return id;
}

static enum given last(struct bench *b, enum channel channel, const char *address, bool marketing)
{
    enum given given;
    struct err err;
    assert_ok(store_consent_last(b->store, channel, address, marketing, &given, &err));
    return given;
}

static void the_last_word_counts(void **state)
{
    struct bench *b = *state;
    struct err err;
    assert_int_equal(last(b, CHANNEL_EMAIL, maria, true), GIVEN_NOT_SAID);
    int64_t no = say(b, CHANNEL_EMAIL, maria, true, GIVEN_NO);
    assert_int_equal(last(b, CHANNEL_EMAIL, maria, true), GIVEN_NO);
    assert_int_equal(last(b, CHANNEL_EMAIL, "maria@EXAMPLE.com", true), GIVEN_NO);
    assert_int_equal(last(b, CHANNEL_EMAIL, maria, false), GIVEN_NOT_SAID);
    assert_int_equal(last(b, CHANNEL_SMS, maria, true), GIVEN_NOT_SAID);
    (void)say(b, CHANNEL_EMAIL, maria, true, GIVEN_YES);
    assert_int_equal(last(b, CHANNEL_EMAIL, maria, true), GIVEN_YES);
    (void)say(b, CHANNEL_EMAIL, maria, true, GIVEN_NOT_SAID);
    assert_int_equal(last(b, CHANNEL_EMAIL, maria, true), GIVEN_NOT_SAID);

    struct consent c = {0};
    assert_ok(store_consent_get(b->store, no, &c, &err));
    assert_string_equal(c.address, "maria@example.com");
    assert_string_equal(c.source, source);
    assert_string_equal(c.actor, anna);
    assert_int_equal(c.at, NOW);
    assert_int_equal(c.channel, CHANNEL_EMAIL);
    assert_int_equal(c.given, GIVEN_NO);
    assert_true(c.marketing);
    assert_int_equal(c.client_id, 0);
    consent_fini(&c);
    assert_fails(store_consent_get(b->store, 99, &c, &err), RC_NOTFOUND,
                 "that word is not in the database");
}

static void words_of_addresses(void **state)
{
    struct bench *b = *state;
    struct err err;
    char phone[] = "+79031234567", other[] = "x@example.com";
    int64_t first = say(b, CHANNEL_EMAIL, maria, true, GIVEN_NO);
    int64_t second = say(b, CHANNEL_SMS, phone, false, GIVEN_YES);
    (void)say(b, CHANNEL_EMAIL, other, true, GIVEN_NO);
    static const struct {
        const char *email, *phone;
        size_t n;
    } cases[] = {{maria, "+79031234567", 2},
                 {NULL, "+79031234567", 1},
                 {maria, NULL, 1},
                 {NULL, NULL, 0},
                 {"+79031234567", maria, 0}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct consent_list list = {0};
        assert_ok(store_consent_list(b->store, cases[i].email, cases[i].phone, &list, &err));
        assert_int_equal(list.n, cases[i].n);
        if (list.n == 2) { /* the newest first */
            assert_int_equal(list.v[0].id, second);
            assert_int_equal(list.v[1].id, first);
        }
        consent_list_fini(&list);
    }
}

static void pauses_that_are_over(void **state)
{
    struct bench *b = *state;
    struct err err;
    static const char *const until[] = {"2026-12-01", "2026-12-02", "2026-12-03"};
    for (size_t i = 0; i < COUNT(until); i++) {
        struct client c = {0};
        int64_t id = add_client(b, "Мария", "+79031234567", NULL);
        assert_ok(store_client_get(b->store, id, &c, &err));
        c.paused_until = day(until[i]);
        assert_ok(store_client_update(b->store, &c, &err));
        client_fini(&c);
    }
    struct id_list ids = {0};
    assert_ok(store_list_pauses_over(b->store, day("2026-12-02"), &ids, &err));
    assert_int_equal(ids.n, 2);
    assert_int_equal(ids.v[0], 1);
    assert_int_equal(ids.v[1], 2);
    id_list_fini(&ids);
}

static void what_is_kept_back(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t trip = one_trip(b);
    int64_t a = one_sms(b, trip, "a"), c = one_sms(b, trip, "c");
    (void)one_sms(b, trip, "d");
    raw(b->path, "UPDATE action SET state = 'suppressed', cause = 'no_consent' WHERE step = 'a';"
                 "UPDATE action SET state = 'held', cause = 'paused' WHERE step = 'c'");
    static const struct {
        enum action_state state;
        enum cause cause;
        int wanted;
    } cases[] = {{STATE_SUPPRESSED, CAUSE_NO_CONSENT, 'a'},
                 {STATE_HELD, CAUSE_PAUSED, 'c'},
                 {STATE_HELD, CAUSE_NONE, 'c'},
                 {STATE_HELD, CAUSE_COMPLAINT, 0},
                 {STATE_SUPPRESSED, CAUSE_PAUSED, 0}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct id_list ids = {0};
        assert_ok(store_list_kept_back(b->store, 1, cases[i].state, cases[i].cause, &ids, &err));
        assert_int_equal(ids.n, cases[i].wanted != 0);
        if (ids.n > 0)
            assert_int_equal(ids.v[0], cases[i].wanted == 'a' ? a : c);
        id_list_fini(&ids);
        assert_ok(store_list_kept_back(b->store, 2, cases[i].state, cases[i].cause, &ids, &err));
        assert_int_equal(ids.n, 0);
        id_list_fini(&ids);
    }
}

static void lost_sales(void **state)
{
    struct bench *b = *state;
    struct err err;
    char price[] = "price", words[] = "дорого", won[] = "won";
    int64_t who = add_staff(b, "anna", "Анна", ROLE_MANAGER);
    int64_t trip = one_trip(b), id = 0;
    struct occasion o = {
        .client_id = 1, .kind = KIND_LOST, .playbook_version = 1, .created_at = NOW};
    occasion_clear_dates(&o);
    o.when[ANCHOR_LEARNED] = when("2026-12-01 10:00");
    assert_ok(store_occasion_add(b->store, &o, &id, &err));
    struct lost lost = {.occasion_id = id, .reason = price}, got = {0};
    assert_fails(store_lost_get(b->store, id, &got, &err), RC_NOTFOUND, "L2 is no lost sale");
    assert_fails(store_lost_update(b->store, &lost, &err), RC_NOTFOUND, "L2 is no lost sale");
    assert_ok(store_lost_put(b->store, &lost, &err));
    assert_ok(store_lost_get(b->store, id, &got, &err));
    assert_string_equal(got.reason, price);
    assert_null(got.words);
    assert_null(got.outcome);
    assert_int_equal(got.lost_by, 0);
    assert_int_equal(got.trip_id, 0);
    lost_fini(&got);
    lost = (struct lost){id, price, words, who, won, trip};
    assert_ok(store_lost_update(b->store, &lost, &err));
    assert_ok(store_lost_get(b->store, id, &got, &err));
    assert_string_equal(got.words, words);
    assert_string_equal(got.outcome, won);
    assert_int_equal(got.lost_by, who);
    assert_int_equal(got.trip_id, trip);
    lost_fini(&got);
    assert_fails(store_lost_put(b->store, &lost, &err), RC_EXISTS, NULL);
}

/* The work of the first manager, as "T1 P4 …". */
static void assert_work(struct bench *b, const char *today, const char *wanted)
{
    struct work_list work = {0};
    struct err err;
    struct sb sb = {0};
    assert_ok(store_list_work_of(b->store, 1, day(today), &work, &err));
    for (size_t i = 0; i < work.n; i++)
        sb_addf(&sb, "%s%c%lld", i ? " " : "", kind_letter(work.v[i].kind),
                (long long)work.v[i].id);
    assert_string_equal(sb_str(&sb), wanted);
    sb_fini(&sb);
    work_list_fini(&work);
}

static void whose_work_is_whose(void **state)
{
    struct bench *b = *state;
    int64_t who = add_staff(b, "anna", "Анна", ROLE_MANAGER);
    int64_t other = add_staff(b, "boris", "Борис", ROLE_MANAGER);
    int64_t client = add_client(b, "Мария", "+79031234567", NULL);
    (void)add_trip(b, client, "2026-12-10", "2026-12-20 23:00", who);
    (void)add_trip(b, client, "2026-12-10", "2026-12-20", other);
    int64_t called = add_trip(b, client, "2026-11-10", "2026-11-20", who);
    (void)add_call(b, called, "a", "2026-11-22 10:00");
    assert_work(b, "2026-12-20", "T1 T3"); /* until the day of the return, or with anything open */
    assert_work(b, "2026-12-21", "T3");
    raw(b->path, "UPDATE action SET state = 'done'");
    assert_work(b, "2026-12-21", "");
    raw(b->path, "INSERT INTO occasion (id, client_id, kind, title, opened, manager_id, "
                 "playbook_version, created_at) VALUES (9, 1, 'complaint', 'x', "
                 "'2026-12-01 10:00', 1, 1, 0)");
    assert_work(b, "2026-12-21", "P9");
    raw(b->path, "UPDATE occasion SET resolved = '2026-12-02 10:00' WHERE id = 9");
    assert_work(b, "2026-12-21", "");
    raw(b->path, "UPDATE occasion SET ended = 1 WHERE id = 1");
    assert_work(b, "2026-12-01", "");
}

static void things_of(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t who = add_staff(b, "anna", "Анна", ROLE_MANAGER);
    int64_t other = add_staff(b, "boris", "Борис", ROLE_MANAGER);
    (void)add_client(b, "Мария", "+79031234567", NULL);
    raw(b->path, "INSERT INTO thing (id, client_id, kind, title, owner_id, handed_at, dropped_at, "
                 "created_at) VALUES (1, 1, 'gift', 'x', 1, NULL, NULL, 0), "
                 "(2, 1, 'gift', 'x', 1, 5, NULL, 0), (3, 1, 'gift', 'x', 1, NULL, 5, 0), "
                 "(4, 1, 'gift', 'x', 2, NULL, NULL, 0)");
    struct id_list ids = {0};
    assert_ok(store_list_things_of(b->store, who, &ids, &err));
    assert_int_equal(ids.n, 1);
    assert_int_equal(ids.v[0], 1);
    id_list_fini(&ids);
    bool done = false;
    assert_ok(store_thing_owner(b->store, 1, who, 0, &done, &err));
    assert_true(done);
    assert_ok(store_thing_owner(b->store, 1, who, other, &done, &err));
    assert_false(done);
    assert_ok(store_thing_owner(b->store, 1, 0, other, &done, &err));
    assert_true(done);
    assert_int_equal(number(b, "SELECT owner_id FROM thing WHERE id = 1"), other);
}

/* ---- one person, one message ---- */

static char to[] = "+79031234567";

static int64_t freeze(struct bench *b, int64_t action)
{
    char *id = xasprintf("m%lld", (long long)action), words[] = "слова";
    struct frozen_message m = {.action_id = action,
                               .channel = CHANNEL_SMS,
                               .recipient = to,
                               .bytes = words,
                               .len = 5,
                               .message_id = id,
                               .idem_key = id,
                               .frozen_at = NOW};
    struct err err;
    assert_ok(store_message_put(b->store, &m, &err));
    free(id);
    return action;
}

/* The twins of an SMS of another trip with this step, as "2" or "2?" when it is under way. */
static void assert_twins(struct bench *b, int64_t mine, int64_t since, const char *wanted)
{
    struct twin_list twins = {0};
    struct err err;
    struct sb sb = {0};
    struct action a = get(b, mine);
    assert_ok(store_shared_with(b->store, &a, to, since, &twins, &err));
    for (size_t i = 0; i < twins.n; i++)
        sb_addf(&sb, "%s%lld%s", i ? " " : "", (long long)twins.v[i].action_id,
                twins.v[i].under_way ? "?" : "");
    assert_string_equal(sb_str(&sb), wanted);
    sb_fini(&sb);
    twin_list_fini(&twins);
    action_fini(&a);
}

static void what_the_same_number_was_given(void **state)
{
    struct bench *b = *state;
    int64_t first = one_trip(b), second = add_trip(b, 1, "2026-12-10", "2026-12-20", 0);
    int64_t mine = one_sms(b, second, "a");
    int64_t its = freeze(b, one_sms(b, first, "a"));
    int64_t own = freeze(b, one_sms(b, second, "b"));
    int64_t other_step = freeze(b, one_sms(b, first, "b"));
    assert_int_equal(its, 2);
    assert_twins(b, mine, NOW, "");
    int64_t attempt = claim(b, its, DUE);
    assert_twins(b, mine, NOW, "2?");
    assert_true(at_risk(b, its, attempt, DUE));
    assert_twins(b, mine, NOW, "2?");
    verdict(b, its, attempt, &TEMP, DUE);
    assert_twins(b, mine, NOW, ""); /* certainly not accepted */
    attempt = claim(b, its, DUE + 400);
    assert_true(at_risk(b, its, attempt, DUE + 400));
    verdict(b, its, attempt, &SENT, DUE + 400);
    assert_twins(b, mine, NOW, "2");
    assert_twins(b, mine, DUE + 400, "2");
    assert_twins(b, mine, DUE + 401, ""); /* yesterday */
    assert_twins(b, own, NOW, "");        /* another step */
    assert_twins(b, its, NOW, "");        /* itself */
    attempt = claim(b, other_step, DUE);
    assert_true(at_risk(b, other_step, attempt, DUE));
    verdict(b, other_step, attempt, &DOUBT, DUE);
    assert_twins(b, own, NOW, "4"); /* perhaps accepted */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_last_word_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(words_of_addresses, setup, teardown),
        cmocka_unit_test_setup_teardown(pauses_that_are_over, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_kept_back, setup, teardown),
        cmocka_unit_test_setup_teardown(lost_sales, setup, teardown),
        cmocka_unit_test_setup_teardown(whose_work_is_whose, setup, teardown),
        cmocka_unit_test_setup_teardown(things_of, setup, teardown),
        cmocka_unit_test_setup_teardown(what_the_same_number_was_given, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
