/* Lost sales and referrals in the store: what is written is read back, the lists hold what they should and nothing else, and
 * the database itself refuses what cannot be. */
#include "bench.h"

#include <pps/store_lost.h>
#include <pps/store_referral.h>

static int64_t add_lost(struct bench *b, int64_t client, const char *learned, const char *reason,
                        int64_t by)
{
    int64_t trip = add_trip(b, client, "2026-12-10", "2026-12-20", 0);
    struct occasion o = {0};
    struct err err;
    int64_t id = 0;
    assert_ok(store_occasion_get(b->store, trip, &o, &err)); /* for its playbook */
    struct occasion l = {.client_id = client,
                         .kind = KIND_LOST,
                         .playbook_version = o.playbook_version,
                         .created_at = NOW};
    occasion_fini(&o);
    occasion_clear_dates(&l);
    l.when[ANCHOR_LEARNED] = when(learned);
    assert_ok(store_occasion_add(b->store, &l, &id, &err));
    struct lost lost = {.occasion_id = id, .reason = (char *)(uintptr_t)reason, .lost_by = by};
    assert_ok(store_lost_put(b->store, &lost, &err));
    return id;
}

static void end(struct bench *b, int64_t id)
{
    char *sql = xasprintf("UPDATE occasion SET ended = 1 WHERE id = %lld", (long long)id);
    raw(b->path, sql);
    free(sql);
}

static void a_lost_sale(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct lost got;
    struct staff by;
    int64_t anna = add_staff(b, "anna", "Анна", ROLE_MANAGER);
    int64_t client = add_client(b, "Иван", "+79031234567", NULL);
    int64_t trip = add_trip(b, client, "2027-02-10", "2027-02-20", 0);
    int64_t id = add_lost(b, client, "2026-12-01 14:00", "цена", anna);

    assert_ok(store_lost_get(b->store, id, &got, &err));
    assert_string_equal(got.reason, "цена");
    assert_null(got.words);
    assert_null(got.outcome);
    assert_int_equal(got.lost_by, anna);
    assert_int_equal(got.trip_id, 0);
    got.outcome = xstrdup("won");
    got.words = xstrdup("дорого");
    got.trip_id = trip;
    got.lost_by = 0;
    assert_ok(store_lost_by(b->store, id, &by, &err));
    assert_int_equal(by.id, anna);
    assert_string_equal(by.login, "anna");
    staff_fini(&by);
    assert_ok(store_lost_update(b->store, &got, &err));
    lost_fini(&got);
    assert_ok(store_lost_get(b->store, id, &got, &err));
    assert_string_equal(got.outcome, "won");
    assert_string_equal(got.words, "дорого");
    assert_int_equal(got.trip_id, trip);
    lost_fini(&got);
    assert_ok(store_lost_by(b->store, id, &by, &err));
    assert_int_equal(by.id, 0);
    assert_ok(store_lost_by(b->store, trip, &by, &err));
    assert_int_equal(by.id, 0);

    char *line = xasprintf("L%lld is no lost sale", (long long)trip);
    assert_fails(store_lost_get(b->store, trip, &got, &err), RC_NOTFOUND, line);
    struct lost none = {.occasion_id = trip, .reason = (char *)(uintptr_t) "x"};
    assert_fails(store_lost_update(b->store, &none, &err), RC_NOTFOUND, line);
    free(line);
}

/* The numbers of a list, with blanks. */
static char *ids(const struct lost_list *list)
{
    struct sb sb = {0};
    for (size_t i = 0; i < list->n; i++)
        sb_addf(&sb, "%s%lld", i ? " " : "", (long long)list->v[i].lost.occasion_id);
    return sb_take(&sb);
}

static void assert_lists(struct bench *b, struct lost_query query, const char *wanted)
{
    struct lost_list list;
    struct err err;
    assert_ok(store_lost_list(b->store, &query, &list, &err));
    char *found = ids(&list);
    assert_string_equal(found, wanted);
    free(found);
    lost_list_fini(&list);
}

static void lists_go_by_the_day_and_by_who_lost(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t anna = add_staff(b, "anna", "Анна", ROLE_MANAGER);
    int64_t boris = add_staff(b, "boris", "Борис", ROLE_MANAGER);
    int64_t c = add_client(b, "Иван", "+79031234567", NULL);
    int64_t third = add_lost(b, c, "2026-12-03 00:00", "цена", 0);
    int64_t first = add_lost(b, c, "2026-12-01 23:59", "цена", anna);
    int64_t second = add_lost(b, c, "2026-12-02 23:59", "отель", boris);
    char *all = xasprintf("%lld %lld %lld", (long long)first, (long long)second, (long long)third);
    char *two = xasprintf("%lld", (long long)second);
    civil_day d = day("2026-12-02");
    assert_lists(b, (struct lost_query){CIVIL_NONE, CIVIL_NONE, 0, 0}, all);
    assert_lists(b, (struct lost_query){d, d, 0, 0}, two);
    assert_lists(b, (struct lost_query){CIVIL_NONE, CIVIL_NONE, boris, 0}, two);
    assert_lists(b, (struct lost_query){CIVIL_NONE, CIVIL_MAX, boris, 0}, two);
    free(all);
    free(two);

    struct lost_list list;
    int64_t call = add_call(b, first, "a", "2026-12-08 11:00");
    end(b, third);
    assert_ok(
        store_lost_list(b->store, &(struct lost_query){CIVIL_NONE, CIVIL_NONE, 0, 0}, &list, &err));
    assert_string_equal(list.v[0].client_name, "Иван");
    assert_string_equal(list.v[0].lost_by, "anna");
    assert_int_equal(list.v[0].learned.day, day("2026-12-01"));
    assert_true(list.v[0].runs);
    assert_false(list.v[1].runs); /* nothing is ahead */
    assert_false(list.v[1].ended);
    assert_true(list.v[2].ended);
    assert_null(list.v[2].lost_by);
    lost_list_fini(&list);
    bool runs = false;
    assert_ok(store_lost_runs(b->store, first, &runs, &err));
    assert_true(runs);
    set_state(b, call, "done", "");
    assert_ok(store_lost_runs(b->store, first, &runs, &err));
    assert_false(runs);
}

static void what_waits_for_next_season_does_not_keep_the_series_running(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct lost_list list;
    struct id_list lasting;
    bool runs = true;
    int64_t c = add_client(b, "Иван", "+79031234567", NULL);
    int64_t id = add_lost(b, c, "2026-12-01 14:00", "цена", 0);
    (void)add_call(b, id, "a", "2027-10-19 11:00");
    assert_ok(store_lost_runs(b->store, id, &runs, &err));
    assert_false(runs);
    assert_ok(
        store_lost_list(b->store, &(struct lost_query){CIVIL_NONE, CIVIL_NONE, 0, 0}, &list, &err));
    assert_false(list.v[0].runs);
    lost_list_fini(&list);
    assert_ok(store_lost_lasting(b->store, c, NOW, &lasting, &err));
    assert_int_equal(lasting.n, 0);

    (void)add_call(b, id, "b", "2027-03-01 11:00");
    assert_ok(store_lost_runs(b->store, id, &runs, &err));
    assert_true(runs);
    assert_ok(store_lost_lasting(b->store, c, NOW, &lasting, &err));
    assert_int_equal(lasting.n, 1);
    id_list_fini(&lasting);
}

static void assert_open(struct bench *b, int64_t client, const char *phone, const char *email,
                        const char *wanted)
{
    struct id_list list;
    struct err err;
    struct sb sb = {0};
    assert_ok(store_lost_open(b->store, client, phone, email, &list, &err));
    for (size_t i = 0; i < list.n; i++)
        sb_addf(&sb, "%s%lld", i ? " " : "", (long long)list.v[i]);
    assert_string_equal(sb_str(&sb), wanted);
    sb_fini(&sb);
    id_list_fini(&list);
}

static void what_is_open_is_found_by_client_number_and_address(void **state)
{
    struct bench *b = *state;
    int64_t ivan = add_client(b, "Иван", "+79031234567", "ivan@example.com");
    int64_t inna = add_client(b, "Инна", NULL, "inna@example.com");
    int64_t other = add_client(b, "Ян", "+79030000000", NULL);
    int64_t l1 = add_lost(b, ivan, "2026-12-01 10:00", "цена", 0);
    int64_t l2 = add_lost(b, inna, "2026-12-01 10:00", "цена", 0);
    int64_t over = add_lost(b, inna, "2026-11-01 10:00", "цена", 0);
    end(b, over);
    char *one = xasprintf("%lld", (long long)l1);
    char *both = xasprintf("%lld %lld", (long long)l1, (long long)l2);
    assert_open(b, ivan, NULL, NULL, one);
    assert_open(b, other, "+79031234567", NULL, one);
    assert_open(b, other, "+79031234567", "inna@example.com", both);
    assert_open(b, other, "+79030000000", NULL, "");
    assert_open(b, other, NULL, NULL, ""); /* who has no address is not everybody without one */
    free(one);
    free(both);
}

static void referrals(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct referral_row row;
    struct referral_list list;
    int64_t maria = add_client(b, "Мария", "+79031234567", NULL);
    int64_t ivan = add_client(b, "Иван", NULL, "ivan@example.com");
    int64_t eva = add_client(b, "Ева", NULL, "eva@example.com");
    struct referral r = {.by_client_id = maria, .new_client_id = ivan, .at = NOW};
    int64_t first = 0, second = 0, third = 0;
    assert_ok(store_referral_add(b->store, &r, &first, &err));
    assert_fails(store_referral_add(b->store, &r, &third, &err), RC_EXISTS, NULL);
    r.new_client_id = maria;
    assert_fails(store_referral_add(b->store, &r, &third, &err), RC_REJECTED, NULL);
    r.new_client_id = eva;
    assert_ok(store_referral_add(b->store, &r, &second, &err));

    assert_ok(store_referral_get(b->store, first, &row, &err));
    assert_string_equal(row.by_name, "Мария");
    assert_string_equal(row.new_name, "Иван");
    assert_null(row.referral.reward);
    assert_int_equal(row.referral.at, NOW);
    row.referral.reward = xstrdup("альбом");
    row.referral.rewarded_at = NOW + 5;
    row.referral.rewarded_by = xstrdup("anna");
    assert_ok(store_referral_update(b->store, &row.referral, &err));
    referral_row_fini(&row);
    assert_ok(store_referral_get(b->store, first, &row, &err));
    assert_string_equal(row.referral.reward, "альбом");
    assert_int_equal(row.referral.rewarded_at, NOW + 5);
    assert_string_equal(row.referral.rewarded_by, "anna");
    referral_row_fini(&row);

    assert_ok(store_referral_list(b->store, true, &list, &err));
    assert_int_equal(list.n, 1);
    assert_int_equal(list.v[0].referral.id, second);
    referral_list_fini(&list);
    assert_ok(store_referrals_of_client(b->store, maria, &list, &err));
    assert_int_equal(list.n, 2);
    referral_list_fini(&list);

    /* What is taken back is nowhere, its client can be brought once more, and its number is not used again. */
    assert_ok(store_referral_drop(b->store, second, NOW, &err));
    assert_fails(store_referral_get(b->store, second, &row, &err), RC_NOTFOUND,
                 "there is no referral R2: pps referral list shows all");
    assert_ok(store_referrals_of_client(b->store, eva, &list, &err));
    assert_int_equal(list.n, 0);
    referral_list_fini(&list);
    assert_ok(store_referral_list(b->store, false, &list, &err));
    assert_int_equal(list.n, 1);
    referral_list_fini(&list);
    assert_ok(store_referral_add(b->store, &r, &third, &err));
    assert_int_equal(third, 3);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(a_lost_sale),
        CASE(lists_go_by_the_day_and_by_who_lost),
        CASE(what_waits_for_next_season_does_not_keep_the_series_running),
        CASE(what_is_open_is_found_by_client_number_and_address),
        CASE(referrals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
