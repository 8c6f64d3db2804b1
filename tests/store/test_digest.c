/* The lists of the morning in the database: one of a person and day goes once, whatever asks for it; what became of it is
 * final; and its number is one of the row of all that is handed over, so that an older copy is known by it. */
#include "bench.h"

#include <sqlite3.h>

#include <pps/store_digest.h>

enum { DAY = 20780 };

static int64_t risk(struct bench *b, int64_t staff, civil_day day)
{
    int64_t seq = -1;
    struct err err;
    assert_ok(store_begin(b->store, &err));
    assert_ok(store_digest_at_risk(b->store, staff, day, NOW, &seq, &err));
    assert_ok(store_commit(b->store, &err));
    return seq;
}

static enum rc put(struct bench *b, const struct digest_fate *fate)
{
    struct err err;
    assert_ok(store_begin(b->store, &err));
    enum rc rc = store_digest_put(b->store, fate, &err);
    return store_finish(b->store, rc, &err);
}

static struct digest_fate get(struct bench *b, int64_t staff, civil_day day)
{
    struct digest_fate fate;
    struct err err;
    assert_ok(store_digest_get(b->store, staff, day, &fate, &err));
    return fate;
}

static void nothing_is_known_at_first(void **state)
{
    struct bench *b = *state;
    struct err err = {0};
    struct digest_fate fate;
    int64_t anna = add_staff(b, "anna", "Анна", ROLE_MANAGER);
    assert_int_equal(store_digest_get(b->store, anna, DAY, &fate, &err), RC_NOTFOUND);
    assert_string_equal(err.message, "");
}

static void it_goes_once(void **state)
{
    struct bench *b = *state;
    int64_t anna = add_staff(b, "anna", "Анна", ROLE_MANAGER);
    int64_t first = risk(b, anna, DAY);
    assert_true(first > 0);
    assert_int_equal(risk(b, anna, DAY), 0); /* a second tick */
    const struct digest_fate sent = {
        .staff_id = anna, .day = DAY, .state = DIGEST_SENT, .done_at = NOW + 1};
    assert_int_equal(put(b, &sent), RC_OK);
    assert_int_equal(risk(b, anna, DAY), 0);
    struct digest_fate now = get(b, anna, DAY);
    assert_int_equal(now.state, DIGEST_SENT);
    assert_int_equal(now.risk_at, NOW);
    assert_int_equal(now.done_at, NOW + 1);
    assert_int_equal(now.seq, first);
    assert_null(now.reply);
    assert_int_equal(risk(b, anna, DAY + 1), first + 1); /* another day is another list */
}

static void what_was_certainly_refused_goes_again(void **state)
{
    struct bench *b = *state;
    int64_t anna = add_staff(b, "anna", "Анна", ROLE_MANAGER);
    int64_t first = risk(b, anna, DAY);
    const struct digest_fate waits = {.staff_id = anna,
                                      .day = DAY,
                                      .state = DIGEST_WAITING,
                                      .tries = 1,
                                      .next_at = NOW + 300,
                                      .reply = (char *)(uintptr_t) "450 later"};
    assert_int_equal(put(b, &waits), RC_OK);
    struct digest_fate now = get(b, anna, DAY);
    assert_int_equal(now.next_at, NOW + 300);
    assert_int_equal(now.tries, 1);
    assert_string_equal(now.reply, "450 later");
    digest_fate_fini(&now);
    assert_int_equal(risk(b, anna, DAY), first + 1);
}

static void what_became_of_it_is_final(void **state)
{
    static const enum digest_state ends[] = {DIGEST_SENT, DIGEST_NOTHING, DIGEST_FAILED,
                                             DIGEST_IN_DOUBT};
    struct bench *b = *state;
    int64_t anna = add_staff(b, "anna", "Анна", ROLE_MANAGER);
    for (size_t i = 0; i < COUNT(ends); i++) {
        const struct digest_fate end = {
            .staff_id = anna, .day = DAY + (civil_day)i, .state = ends[i], .done_at = NOW};
        struct digest_fate other = end;
        other.state = DIGEST_WAITING;
        assert_int_equal(put(b, &end), RC_OK);
        assert_int_equal(put(b, &other), RC_REJECTED);
        assert_int_equal(risk(b, anna, end.day), 0);
        assert_int_equal(get(b, anna, end.day).state, ends[i]);
    }
}

static void the_number_is_one_of_all_that_is_handed_over(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t seq = 0, anna = add_staff(b, "anna", "Анна", ROLE_MANAGER);
    assert_ok(store_begin(b->store, &err));
    assert_ok(store_seq_at_least(b->store, 41, &err));
    assert_ok(store_commit(b->store, &err));
    assert_int_equal(risk(b, anna, DAY), 42);
    assert_ok(store_seq(b->store, &seq, &err));
    assert_int_equal(seq, 42);
}

static void the_lists_of_lists(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct digest_fates fates;
    int64_t anna = add_staff(b, "anna", "Анна", ROLE_MANAGER);
    int64_t olga = add_staff(b, "olga", "Ольга", ROLE_DIRECTOR);
    const struct digest_fate old = {.staff_id = olga, .day = DAY, .state = DIGEST_SENT};
    assert_int_equal(put(b, &old), RC_OK);
    (void)risk(b, olga, DAY + 1);
    (void)risk(b, anna, DAY);
    assert_ok(store_digests_at_risk(b->store, &fates, &err));
    assert_int_equal(fates.n, 2);
    assert_int_equal(fates.v[0].staff_id, olga); /* in the order in which they went */
    assert_int_equal(fates.v[1].staff_id, anna);
    digest_fates_fini(&fates);
    assert_ok(store_digests_last(b->store, &fates, &err));
    assert_int_equal(fates.n, 2);
    assert_int_equal(fates.v[0].staff_id, anna);
    assert_int_equal(fates.v[1].day, DAY + 1);
    digest_fates_fini(&fates);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_is_known_at_first, setup, teardown),
        cmocka_unit_test_setup_teardown(it_goes_once, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_certainly_refused_goes_again, setup, teardown),
        cmocka_unit_test_setup_teardown(what_became_of_it_is_final, setup, teardown),
        cmocka_unit_test_setup_teardown(the_number_is_one_of_all_that_is_handed_over, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_lists_of_lists, setup, teardown),
    };
    return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
