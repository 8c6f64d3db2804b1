/* Things, facts and marks in the database; and all that is known of a client, read in one go. */
#include "bench.h"

#include <pps/store_things.h>

static int64_t add_thing(struct bench *b, int64_t client, int64_t trip, enum thing_kind kind,
                         const char *title, int64_t cost)
{
    struct thing t = {.client_id = client,
                      .occasion_id = trip,
                      .kind = kind,
                      .title = (char *)(uintptr_t)title,
                      .cost = cost,
                      .created_at = instant("UTC", "2026-12-01 12:00")};
    int64_t id = 0;
    struct err err;
    assert_ok(store_thing_add(b->store, &t, &id, &err));
    return id;
}

static void a_thing_is_read_back(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t client = add_client(b, "Мария", "+7903", NULL);
    int64_t anna = add_staff(b, "anna", "Анна", ROLE_MANAGER);
    int64_t trip = add_trip(b, client, "2026-12-10", "2026-12-20", anna);
    struct thing t = {.client_id = client,
                      .occasion_id = trip,
                      .owner_id = anna,
                      .kind = THING_ALBUM,
                      .title = (char *)(uintptr_t) "Анталья",
                      .note = (char *)(uintptr_t) "24 снимка",
                      .cost = 150050,
                      .created_at = NOW};
    assert_ok(store_thing_add(b->store, &t, &t.id, &err));
    t.ready_at = NOW + 1;
    t.handed_at = NOW + 2;
    t.dropped_at = NOW + 3;
    t.note = NULL;
    struct thing got;
    assert_ok(store_thing_get(b->store, t.id, &got, &err));
    assert_string_equal(got.note, "24 снимка");
    assert_int_equal(got.ready_at + got.handed_at + got.dropped_at, 0);
    thing_fini(&got);
    assert_ok(store_thing_update(b->store, &t, &err));
    assert_ok(store_thing_get(b->store, t.id, &got, &err));
    assert_int_equal(got.client_id, client);
    assert_int_equal(got.occasion_id, trip);
    assert_int_equal(got.owner_id, anna);
    assert_int_equal(got.kind, THING_ALBUM);
    assert_string_equal(got.title, "Анталья");
    assert_null(got.note);
    assert_int_equal(got.cost, 150050);
    assert_int_equal(got.ready_at, NOW + 1);
    assert_int_equal(got.handed_at, NOW + 2);
    assert_int_equal(got.dropped_at, NOW + 3);
    assert_int_equal(got.created_at, NOW);
    thing_fini(&got);
    assert_ok(store_thing_get(b->store, add_thing(b, client, 0, THING_CARD, "x", -1), &got, &err));
    assert_int_equal(got.cost, -1);
    assert_int_equal(got.occasion_id, 0);
    thing_fini(&got);
    assert_ok(store_thing_get(b->store, add_thing(b, client, 0, THING_CARD, "x", 0), &got, &err));
    assert_int_equal(got.cost, 0);
    thing_fini(&got);
    assert_fails(store_thing_get(b->store, 99, &got, &err), RC_NOTFOUND,
                 "there is no G99: pps gift list shows them");
}

/* "1 2": the ids, in order. */
static void expect_list(struct bench *b, const char *about, struct thing_query query,
                        const char *expected)
{
    struct thing_rows rows;
    struct err err;
    assert_ok(store_things(b->store, &query, &rows, &err));
    struct sb sb = {0};
    for (size_t i = 0; i < rows.n; i++)
        sb_addf(&sb, "%s%lld", i ? " " : "", (long long)rows.v[i].thing.id);
    if (!str_eq(sb_str(&sb), expected))
        fail_msg("%s: %s, wanted %s", about, sb_str(&sb), expected);
    sb_fini(&sb);
    thing_rows_fini(&rows);
    assert_null(rows.v);
}

#define ANY .from = CIVIL_NONE, .to = CIVIL_NONE

static void lists_of_things(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t maria = add_client(b, "Мария", "+7903", NULL),
            ivan = add_client(b, "Иван", "+7904", NULL);
    int64_t anna = add_staff(b, "anna", "Анна", ROLE_MANAGER);
    int64_t t1 = add_trip(b, maria, "2026-12-10", "2026-12-20", anna);
    int64_t t2 = add_trip(b, maria, "2027-02-10", "2027-02-20", anna);
    int64_t t3 = add_trip(b, ivan, "2026-12-10", "2026-12-19", anna);
    assert_int_equal(add_thing(b, maria, t1, THING_GIFT, "no visit", 100), 1);
    assert_int_equal(add_thing(b, maria, t2, THING_GIFT, "late visit", 100), 2);
    assert_int_equal(add_thing(b, ivan, t3, THING_ALBUM, "early visit", 100), 3);
    assert_int_equal(add_thing(b, maria, 0, THING_CARD, "whatever visit", 100), 4);
    assert_int_equal(add_thing(b, ivan, t3, THING_PHOTO, "theirs", -1), 5);
    assert_int_equal(add_thing(b, ivan, t3, THING_CARD, "ready", 100), 6);
    assert_int_equal(add_thing(b, ivan, t3, THING_GIFT, "handed over", 100), 7);
    assert_int_equal(add_thing(b, ivan, t3, THING_GIFT, "dropped", 100), 8);
    raw(b->path, "UPDATE thing SET ready_at = 1 WHERE id IN (6, 7);"
                 "UPDATE thing SET handed_at = 1 WHERE id = 7;"
                 "UPDATE thing SET dropped_at = 1 WHERE id = 8;"
                 "UPDATE thing SET owner_id = 1 WHERE id = 3;"
                 "UPDATE occasion SET visit = '2027-02-25 15:00' WHERE id = 2;"
                 "UPDATE occasion SET visit = '2026-12-22' WHERE id = 3");
    expect_list(b, "all", (struct thing_query){ANY}, "3 5 6 7 8 2 4 1");
    expect_list(b, "open", (struct thing_query){.open_only = true, ANY}, "3 6 2 4 1");
    expect_list(b, "of one", (struct thing_query){.client_id = maria, ANY}, "2 4 1");
    expect_list(b, "of an owner", (struct thing_query){.owner_id = anna, ANY}, "3");
    expect_list(b, "of a kind", (struct thing_query){.open_only = true, .kind = "photo", ANY}, "5");
    struct thing_query coming = {
        .open_only = true, .to_prepare = true, .from = CIVIL_NONE, .to = day("2026-12-21")};
    expect_list(b, "nothing comes so soon", coming, "");
    coming.to = day("2026-12-22");
    expect_list(b, "the day itself counts", coming, "3");
    coming.to = day("2027-02-25");
    expect_list(b, "and with an hour", coming, "3 2 4");
    coming.from = day("2026-12-23");
    expect_list(b, "from a day on", coming, "2 4");
    /* What belongs to no trip goes with the first visit since it was promised. */
    raw(b->path, "UPDATE occasion SET visit = '2026-11-30' WHERE id = 1");
    expect_list(b, "before it was promised", coming, "2 4");
    raw(b->path, "UPDATE occasion SET visit = '2026-12-01' WHERE id = 1");
    expect_list(b, "on the day", coming, "2");
    raw(b->path, "UPDATE occasion SET ended = 1 WHERE id IN (1, 2)");
    expect_list(b, "a cancelled trip has no visit", coming, "");
    struct thing_rows rows;
    struct thing_query one = {.client_id = ivan, .kind = "album", ANY};
    assert_ok(store_things(b->store, &one, &rows, &err));
    assert_string_equal(rows.v[0].client_name, "Иван");
    assert_string_equal(rows.v[0].owner, "anna");
    assert_null(rows.v[0].destination);
    assert_int_equal(rows.v[0].visit.day, day("2026-12-22"));
    assert_int_equal(rows.v[0].visit.minute, MINUTE_NONE);
    thing_rows_fini(&rows);
    raw(b->path, "UPDATE staff SET active = 0; UPDATE occasion SET title = 'Рим' WHERE id = 3");
    assert_ok(store_things(b->store, &one, &rows, &err));
    assert_null(rows.v[0].owner);
    assert_string_equal(rows.v[0].destination, "Рим");
    thing_rows_fini(&rows);
}

static void facts_and_marks(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t maria = add_client(b, "Мария", "+7903", NULL),
            ivan = add_client(b, "Иван", "+7904", NULL);
    struct client_facts facts;
    assert_ok(store_client_fact_set(b->store, maria, "собака", "Рекс", &err));
    assert_ok(store_client_fact_set(b->store, maria, "hotel", "Rixos", &err));
    assert_ok(store_client_fact_set(b->store, maria, "собака", "Бим", &err));
    assert_ok(store_client_fact_remove(b->store, maria, "cat", &err));
    assert_ok(store_client_facts(b->store, maria, &facts, &err));
    assert_int_equal(facts.n, 2);
    assert_string_equal(facts.v[0].key, "hotel");
    assert_string_equal(client_facts_get(&facts, "собака"), "Бим");
    assert_null(client_facts_get(&facts, "cat"));
    client_facts_fini(&facts);
    assert_ok(store_client_facts(b->store, ivan, &facts, &err));
    assert_int_equal(facts.n, 0);
    client_facts_fini(&facts);
    assert_ok(store_client_fact_remove(b->store, maria, "hotel", &err));
    assert_ok(store_client_facts(b->store, maria, &facts, &err));
    assert_int_equal(facts.n, 1);
    client_facts_fini(&facts);

    unsigned marks = 99;
    assert_ok(store_client_marks(b->store, maria, &marks, &err));
    assert_int_equal(marks, 0);
    for (int i = 0; i < 2; i++) /* twice is as good as once */
        assert_ok(store_client_mark(b->store, maria, MARK_LOYAL, true, &err));
    assert_ok(store_client_mark(b->store, maria, MARK_PROMISING, true, &err));
    assert_ok(store_client_marks(b->store, maria, &marks, &err));
    assert_int_equal(marks, MARK_BIT(MARK_LOYAL) | MARK_BIT(MARK_PROMISING));
    assert_ok(store_client_mark(b->store, maria, MARK_LOYAL, false, &err));
    assert_ok(store_client_marks(b->store, maria, &marks, &err));
    assert_int_equal(marks, MARK_BIT(MARK_PROMISING));
    assert_ok(store_client_marks(b->store, ivan, &marks, &err));
    assert_int_equal(marks, 0);
}

/* "2 rated promoter open": what store_known says about an occasion. */
static void expect_known(struct bench *b, const char *about, int64_t occasion, const char *expected)
{
    struct err err;
    struct occasion o;
    struct known k;
    assert_ok(store_occasion_get(b->store, occasion, &o, &err));
    assert_ok(store_known(b->store, o.client_id, &o, &k, &err));
    char *got = xasprintf("%d%s%s%s%s", k.trip_number, k.rated ? " rated" : "",
                          k.promoter ? " promoter" : "", k.unhappy ? " unhappy" : "",
                          k.complaint_open ? " open" : "");
    if (!str_eq(got, expected))
        fail_msg("%s: %s, wanted %s", about, got, expected);
    free(got);
    known_fini(&k);
    occasion_fini(&o);
}

static void all_that_is_known(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t maria = add_client(b, "Мария", "+7903", NULL),
            ivan = add_client(b, "Иван", "+7904", NULL);
    int64_t second = add_trip(b, maria, "2026-12-10 06:40", "2026-12-20", 0);
    int64_t first = add_trip(b, maria, "2026-11-10", "2026-11-20", 0);
    int64_t cancelled = add_trip(b, maria, "2026-11-20", "2026-11-25", 0);
    int64_t same_day = add_trip(b, maria, "2026-12-10", "2026-12-20", 0);
    int64_t his = add_trip(b, ivan, "2026-11-05", "2026-11-09", 0);
    raw(b->path, "UPDATE occasion SET ended = 1 WHERE id = 3");
    expect_known(b, "the first", first, "1");
    expect_known(b, "the second, whatever the order of entry", second, "2");
    expect_known(b, "two on one day", same_day, "3");
    expect_known(b, "one that is cancelled", cancelled, "2");
    expect_known(b, "of another client", his, "1");

    raw(b->path,
        "INSERT INTO occasion (client_id, kind, answered, about_id, playbook_version, created_at) "
        "VALUES (1, 'feedback', '2026-12-22 10:00', 1, 1, 1);"
        "INSERT INTO feedback (occasion_id, nps, source) VALUES (6, 9, 'phone')");
    expect_known(b, "an answer", second, "2 rated promoter");
    expect_known(b, "about another trip", first, "1");
    expect_known(b, "what follows from the answer", 6, "2 rated promoter");
    raw(b->path, "UPDATE feedback SET csat = 2");
    expect_known(b, "unhappy", second, "2 rated unhappy");

    raw(b->path,
        "INSERT INTO occasion (client_id, kind, title, opened, playbook_version, created_at) "
        "VALUES (1, 'complaint', 'x', '2026-12-22 10:00', 1, 1)");
    expect_known(b, "a complaint", first, "1 open");
    expect_known(b, "of somebody else", his, "1");
    expect_known(b, "a complaint about no trip", 7, "0 open");
    raw(b->path, "UPDATE occasion SET resolved = '2026-12-23 10:00' WHERE id = 7");
    expect_known(b, "resolved", first, "1");

    struct known k;
    assert_ok(store_client_fact_set(b->store, maria, "dog", "Рекс", &err));
    assert_ok(store_client_mark(b->store, maria, MARK_LOYAL, true, &err));
    (void)add_thing(b, maria, 0, THING_GIFT, "чай", -1);
    (void)add_thing(b, ivan, 0, THING_GIFT, "не ей", -1);
    assert_ok(store_known(b->store, maria, NULL, &k, &err));
    assert_int_equal(k.facts.n, 1);
    assert_int_equal(k.marks, MARK_BIT(MARK_LOYAL));
    assert_int_equal(k.things.n, 1);
    assert_string_equal(k.things.v[0].title, "чай");
    assert_int_equal(k.trip_number, 0);
    known_fini(&k);
    assert_null(k.things.v);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(a_thing_is_read_back),
        CASE(lists_of_things),
        CASE(facts_and_marks),
        CASE(all_that_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
