/* Planning all of a client in one round, which reads what they have in common once, is planning one occasion after the
 * other, each of which reads all of it: shown with clients made up at random, whose trips, answers, complaints and lost
 * sales go on for some weeks. */
#include "bench.h"

#include <pps/service.h>

#include "../../src/service/internal.h"

enum { CLIENTS = 8, ROUNDS = 4, DAY_SEC = 86400 };

/* ---- numbers that are the same in both databases ---- */

static uint32_t drawn(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % below;
}

static struct civil days_from_now(int32_t days)
{
    struct civil c = zone_to_local(zone_named("Europe/Moscow"), NOW);
    c.day += days;
    return c;
}

/* ---- a client ---- */

static int64_t add_occasion(struct bench *b, uint32_t *seed, enum kind kind, int64_t about,
                            int64_t version)
{
    static char title[] = "Кипр";
    struct occasion o = {.client_id = 1,
                         .kind = kind,
                         .title = title,
                         .about_id = kind == KIND_FEEDBACK || kind == KIND_COMPLAINT ? about : 0,
                         .manager_id = 1 + drawn(seed, 2),
                         .playbook_version = version,
                         .ended = drawn(seed, 12) == 0,
                         .created_at = NOW};
    int32_t first = (int32_t)drawn(seed, 60) - 40;
    int64_t id = 0;
    struct err err;
    occasion_clear_dates(&o);
    o.when[ANCHOR_DEPARTURE] = days_from_now(first);
    if (kind == KIND_TRIP) {
        o.when[ANCHOR_PURCHASE] = (struct civil){days_from_now(first - 20).day, MINUTE_NONE};
        o.when[ANCHOR_RETURN] = days_from_now(first + 7);
    } else if (kind == KIND_LOST) {
        o.when[ANCHOR_LEARNED] = days_from_now(first);
    } else {
        o.when[ANCHOR_DEPARTURE].day = CIVIL_NONE;
        o.when[kind == KIND_FEEDBACK ? ANCHOR_ANSWERED : ANCHOR_OPENED] = days_from_now(first);
        if (kind == KIND_COMPLAINT && drawn(seed, 2) == 0)
            o.when[ANCHOR_RESOLVED] = days_from_now(first + 2);
    }
    assert_ok(store_occasion_add(b->store, &o, &id, &err));
    return id;
}

/* What the kinds have in tables of their own. */
static void add_words(struct bench *b, uint32_t *seed, enum kind kind, int64_t id)
{
    long long n = (long long)id;
    char *sql = kind == KIND_FEEDBACK
                    ? xasprintf("INSERT INTO feedback (occasion_id, csat, nps, source) VALUES "
                                "(%lld, %u, %u, 'phone')",
                                n, 1 + drawn(seed, 5), drawn(seed, 11))
                : kind == KIND_COMPLAINT
                    ? xasprintf("INSERT INTO complaint (occasion_id, source, outcome) VALUES "
                                "(%lld, 'phone', %s)",
                                n, drawn(seed, 2) ? "'rejected'" : "'solved'")
                : kind == KIND_LOST ? xasprintf("INSERT INTO lost (occasion_id, reason, lost_by) "
                                                "VALUES (%lld, 'price', %u)",
                                                n, 1 + drawn(seed, 3))
                                    : NULL;
    if (sql != NULL)
        raw(b->path, sql);
    free(sql);
}

static void make_client(struct bench *b, uint32_t seed)
{
    static const enum kind kinds[] = {KIND_TRIP, KIND_FEEDBACK, KIND_FEEDBACK, KIND_COMPLAINT,
                                      KIND_LOST};
    char *body;
    int64_t version;
    struct err err;
    /* The states are set as the rounds want them. */
    raw(b->path, "DROP TRIGGER action_state_machine");
    (void)add_staff(b, "anna", "Анна", ROLE_MANAGER);
    (void)add_staff(b, "olga", "Ольга", ROLE_DIRECTOR);
    (void)add_staff(b, "vera", "Вера", ROLE_SERVICE);
    (void)add_client(b, "Мария", "+79031234567", drawn(&seed, 4) ? "m@example.org" : NULL);
    body = read_text("templates/playbook.json", NULL);
    assert_ok(store_playbook_put(b->store, body, NOW, &version, &err));
    free(body);
    int64_t trip = add_occasion(b, &seed, KIND_TRIP, 0, version);
    for (uint32_t n = 2 + drawn(&seed, 14); n > 0; n--) {
        enum kind kind = kinds[drawn(&seed, COUNT(kinds))];
        int64_t id = add_occasion(b, &seed, kind, trip, version);
        add_words(b, &seed, kind, id);
        trip = kind == KIND_TRIP ? id : trip;
    }
}

/* ---- time goes on ---- */

/* Most of what is due has happened, some has not. By the number of the action, so that it is the same in both. */
static void live_on(struct bench *b, uint32_t seed, int64_t now)
{
    char *sql = xasprintf(
        "UPDATE action SET state = CASE "
        "WHEN channel IN ('call', 'visit', 'task') THEN CASE (id * 7 + %u) %% 5 WHEN 0 THEN "
        "'pending' "
        "WHEN 1 THEN 'skipped' ELSE 'done' END "
        "ELSE CASE (id * 5 + %u) %% 7 WHEN 0 THEN 'pending' WHEN 1 THEN 'missed' WHEN 2 THEN "
        "'failed' ELSE 'sent' END END, done_at = due_at, "
        "outcome = CASE (id + %u) %% 4 WHEN 0 THEN 'refused' ELSE 'reached' END "
        "WHERE state = 'pending' AND due_at <= %lld",
        (unsigned)seed, (unsigned)seed, (unsigned)seed, (long long)now);
    raw(b->path, sql);
    free(sql);
}

/* ---- both ways ---- */

static void in_one_round(const struct desk *desk)
{
    struct err err;
    assert_ok(store_begin(desk->store, &err));
    assert_ok(planning_of_client(desk, 1, NULL, NULL, &err));
    assert_ok(store_commit(desk->store, &err));
}

static int by_turn(const void *a, const void *b)
{
    const struct occasion *x = a, *y = b;
    bool first = x->kind == KIND_COMPLAINT, second = y->kind == KIND_COMPLAINT;
    return first != second ? second - first : (x->id > y->id) - (x->id < y->id);
}

static void one_by_one(const struct desk *desk)
{
    struct occasion_list all;
    struct err err;
    assert_ok(store_begin(desk->store, &err));
    assert_ok(store_occasions_of_client(desk->store, 1, &all, &err));
    qsort(all.v, all.n, sizeof *all.v, by_turn);
    for (size_t i = 0; i < all.n; i++)
        assert_ok(planning_of_occasion(desk, all.v[i].id, NULL, NULL, &err));
    assert_ok(store_commit(desk->store, &err));
    occasion_list_fini(&all);
}

/* ---- the rows ---- */

static char *rows_of(const char *path)
{
    struct sb sb = {0};
    sqlite3 *db = NULL;
    sqlite3_stmt *s = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT * FROM action ORDER BY id", -1, &s, NULL),
                     SQLITE_OK);
    while (sqlite3_step(s) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(s); i++)
            sb_addf(&sb, "%s|", str_or((const char *)sqlite3_column_text(s, i), ""));
        sb_add(&sb, "\n");
    }
    sqlite3_finalize(s);
    sqlite3_close(db);
    return sb_take(&sb);
}

static void assert_same(const struct bench *a, const struct bench *b, uint32_t seed, int round)
{
    char *x = rows_of(a->path), *y = rows_of(b->path);
    size_t at = 0, line = 0;
    while (x[at] != '\0' && x[at] == y[at]) {
        at++;
        line = x[at - 1] == '\n' ? at : line;
    }
    if (x[at] != y[at])
        fail_msg("client %u, round %d:\n  in one round  %.*s\n  one by one    %.*s", (unsigned)seed,
                 round, (int)strcspn(x + line, "\n"), x + line, (int)strcspn(y + line, "\n"),
                 y + line);
    free(x);
    free(y);
}

static void one_client(const struct config *config, uint32_t seed)
{
    struct bench *one, *other;
    void *state;
    (void)setup(&state);
    one = state;
    (void)setup(&state);
    other = state;
    make_client(one, seed);
    make_client(other, seed);
    for (int round = 0; round < ROUNDS; round++) {
        int64_t now = NOW + (int64_t)round * 5 * DAY_SEC;
        struct clock clock = clock_fixed(now);
        struct desk desk = {.config = config,
                            .clock = &clock,
                            .zone = zone_named("Europe/Moscow"),
                            .actor = "anna",
                            .templates_dir = "templates"};
        live_on(one, seed, now);
        live_on(other, seed, now);
        desk.store = one->store;
        in_one_round(&desk);
        desk.store = other->store;
        one_by_one(&desk);
        assert_same(one, other, seed, round);
    }
    state = one;
    (void)teardown(&state);
    state = other;
    (void)teardown(&state);
}

static void a_round_is_one_after_the_other(void **state)
{
    struct config config;
    struct err err;
    (void)state;
    assert_ok(config_parse(NULL, 0, "pps.json", &config, &err));
    for (uint32_t seed = 1; seed <= CLIENTS; seed++)
        one_client(&config, seed);
    config_fini(&config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_round_is_one_after_the_other)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
