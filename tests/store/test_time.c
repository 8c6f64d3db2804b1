/* What the passing of time brings: whom to greet, whose pause is over, what was planned with an older playbook. */
#include "bench.h"

#include <pps/store_time.h>

/* "1 3:2": clients, with the manager of their last trip where there is one. */
static char *greeted(struct bench *b, const struct greet_query *query)
{
    struct to_greet_list list;
    struct err err;
    struct sb sb = {0};
    assert_ok(store_list_to_greet(b->store, query, &list, &err));
    for (size_t i = 0; i < list.n; i++) {
        sb_addf(&sb, "%s%lld", i ? " " : "", (long long)list.v[i].client_id);
        if (list.v[i].manager_id != 0)
            sb_addf(&sb, ":%lld", (long long)list.v[i].manager_id);
    }
    to_greet_list_fini(&list);
    return sb_take(&sb);
}

static void assert_greeted(struct bench *b, const struct greet_query *query, const char *wanted)
{
    char *got = greeted(b, query);
    assert_string_equal(got, wanted);
    free(got);
}

static void add_greeting(struct bench *b, int64_t client, const char *key, const char *on)
{
    struct occasion o = {.client_id = client,
                         .kind = KIND_GREETING,
                         .title = (char *)(uintptr_t)key,
                         .playbook_version = 1,
                         .created_at = NOW};
    int64_t id;
    struct err err;
    occasion_clear_dates(&o);
    o.when[ANCHOR_DAY] = when(on);
    assert_ok(store_occasion_add(b->store, &o, &id, &err));
}

/* 1: both ways; 2: e-mail; 3: phone; 4: a wrong number; 5: no trip; 6: a cancelled one; 7: another day, an old trip. */
static void add_people(struct bench *b)
{
    int64_t anna = add_staff(b, "anna", "Анна", ROLE_MANAGER);
    int64_t boris = add_staff(b, "boris", "Борис", ROLE_MANAGER);
    (void)add_client(b, "a", "+79031111101", "a@b.example");
    (void)add_client(b, "b", NULL, "b@b.example");
    (void)add_client(b, "c", "+79031111103", NULL);
    (void)add_client(b, "d", "+79031111104", NULL);
    (void)add_client(b, "e", "+79031111105", "e@b.example");
    (void)add_client(b, "f", "+79031111106", "f@b.example");
    (void)add_client(b, "g", "+79031111107", "g@b.example");
    for (int64_t client = 1; client <= 4; client++)
        (void)add_trip(b, client, "2026-12-10", "2026-12-20", client == 1 ? anna : 0);
    (void)add_trip(b, 1, "2027-01-10", "2027-01-20", boris);
    (void)add_trip(b, 6, "2026-12-11", "2026-12-20", anna);
    (void)add_trip(b, 7, "2026-12-12", "2026-12-21", 0);
    raw(b->path, "UPDATE client SET birthday = '1990-05-02' WHERE id < 7;"
                 "UPDATE client SET birthday = '1990-05-03' WHERE id = 7;"
                 "UPDATE client SET phone_wrong = 1 WHERE id = 4;"
                 "UPDATE occasion SET ended = 1 WHERE client_id = 6;"
                 "UPDATE occasion SET purchase = '2020-01-01', departure = '2020-01-02', "
                 "return = '2020-01-09' WHERE client_id = 7");
}

static void birthdays(void **state)
{
    struct bench *b = *state;
    add_people(b);
    struct greet_query q = {.key = "birthday",
                            .day = day("2027-05-02"),
                            .birthdays = {"05-02", "05-02"},
                            .email = true,
                            .phone = true,
                            .trip_since = CIVIL_NONE,
                            .limit = 10};
    assert_greeted(b, &q, "1:2 2 3");
    q.phone = false;
    assert_greeted(b, &q, "1:2 2");
    q.any = true;
    assert_greeted(b, &q, "1:2 2 3 4");
    q.limit = 2;
    assert_greeted(b, &q, "1:2 2");
    q.after = 2;
    assert_greeted(b, &q, "3 4");
    q.after = 0;
    q.limit = 10;
    q.birthdays[1] = "05-03";
    assert_greeted(b, &q, "1:2 2 3 4 7");
    raw(b->path, "UPDATE staff SET active = 0 WHERE login = 'boris';"
                 "UPDATE client SET birthday = '2027-05-02' WHERE id = 2"); /* born that day */
    assert_greeted(b, &q, "1:1 3 4 7");
    /* Once in a year, whatever day it was. */
    add_greeting(b, 1, "birthday", "2027-03-01");
    add_greeting(b, 3, "birthday", "2026-05-02");
    add_greeting(b, 4, "new-year", "2027-05-02");
    assert_greeted(b, &q, "3 4 7");
}

static void holidays(void **state)
{
    struct bench *b = *state;
    add_people(b);
    struct greet_query q = {.key = "new-year",
                            .day = day("2026-12-31"),
                            .email = true,
                            .phone = true,
                            .trip_since = day("2023-12-31"),
                            .limit = 10};
    assert_greeted(b, &q, "1:2 2 3");
    q.trip_since = day("2020-01-09");
    assert_greeted(b, &q, "1:2 2 3 7");
    q.trip_since = day("2020-01-10");
    assert_greeted(b, &q, "1:2 2 3");
    add_greeting(b, 2, "new-year", "2026-12-31");
    assert_greeted(b, &q, "1:2 3");
    q.after = 1;
    assert_greeted(b, &q, "3");
}

static void a_greeting_is_once_a_year(void **state)
{
    struct bench *b = *state;
    add_people(b);
    add_greeting(b, 1, "birthday", "2027-05-02");
    add_greeting(b, 1, "birthday", "2028-05-02");
    add_greeting(b, 1, "new-year", "2027-05-02");
    add_greeting(b, 2, "birthday", "2027-05-02");
    struct occasion o = {.client_id = 1,
                         .kind = KIND_GREETING,
                         .title = (char *)(uintptr_t) "birthday",
                         .playbook_version = 1,
                         .created_at = NOW};
    int64_t id;
    struct err err;
    occasion_clear_dates(&o);
    o.when[ANCHOR_DAY] = when("2027-05-01");
    assert_int_equal(store_occasion_add(b->store, &o, &id, &err), RC_EXISTS);
}

static char *outdated(struct bench *b, const struct outdated_query *query)
{
    struct outdated_list list;
    struct err err;
    struct sb sb = {0};
    assert_ok(store_list_outdated(b->store, query, &list, &err));
    for (size_t i = 0; i < list.n; i++)
        sb_addf(&sb, "%s%lld/%lld", i ? " " : "", (long long)list.v[i].client_id,
                (long long)list.v[i].occasion_id);
    outdated_list_fini(&list);
    return sb_take(&sb);
}

static void planned_with_an_older_playbook(void **state)
{
    struct bench *b = *state;
    int64_t one = add_client(b, "a", NULL, "a@b.example"),
            two = add_client(b, "b", NULL, "b@b.example");
    (void)add_trip(b, two, "2026-12-10", "2026-12-20", 0);         /* 1 */
    (void)add_trip(b, one, "2027-02-10", "2027-02-20", 0);         /* 2 */
    (void)add_trip(b, one, "2026-12-10", "2026-12-20", 0);         /* 3: ended */
    int64_t old = add_trip(b, one, "2026-12-10", "2026-12-20", 0); /* 4: long ago, something open */
    int64_t done = add_trip(b, one, "2026-12-10", "2026-12-20", 0); /* 5: long ago */
    add_greeting(b, one, "birthday", "2026-12-12");                 /* 6 */
    (void)add_call(b, old, "a", "2020-01-20 10:00");
    set_state(b, add_call(b, done, "a", "2020-01-20 10:00"), "done", "");
    raw(b->path,
        "UPDATE occasion SET ended = 1 WHERE id = 3; UPDATE occasion SET purchase = "
        "'2020-01-01', departure = '2020-01-02', return = '2020-01-09' WHERE id IN (4, 5)");
    static const struct {
        struct outdated_query query;
        const char *since, *from, *wanted;
    } cases[] = {
        {{.version = 2, .limit = 10}, "2025-01-01", NULL, "1/2 1/4 1/6 2/1"},
        {{.version = 1, .limit = 10}, "2025-01-01", NULL, ""},
        {{.version = 2, .limit = 10}, "2020-01-09", NULL, "1/2 1/4 1/5 1/6 2/1"},
        {{.version = 2, .limit = 2}, "2025-01-01", NULL, "1/2 1/4"},
        {{.version = 2, .limit = 10, .after_client = 1}, "2025-01-01", NULL, "2/1"},
        {{.version = 2, .limit = 10}, "2025-01-01", "2026-12-11", "1/2 1/6"},
        {{.version = 2, .limit = 10}, "2025-01-01", "2027-02-10", "1/2"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct outdated_query q = cases[i].query;
        q.since = day(cases[i].since);
        q.from = day(cases[i].from);
        char *got = outdated(b, &q);
        assert_string_equal(got, cases[i].wanted);
        free(got);
    }
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(birthdays),
        CASE(holidays),
        CASE(a_greeting_is_once_a_year),
        CASE(planned_with_an_older_playbook),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
