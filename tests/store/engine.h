/* Messages that are due, and the engine's verbs, for the tests of what the tick does with the
 * store. */
#ifndef TESTS_STORE_ENGINE_H
#define TESTS_STORE_ENGINE_H

#include "bench.h"

enum { DUE = NOW, ENDS = NOW + 3600 };

static inline int64_t one_trip(struct bench *b)
{
    return add_trip(b, add_client(b, "Мария", "+79031234567", NULL), "2026-12-10", "2026-12-20", 0);
}

/* A pending SMS that is due at DUE and ends at ENDS. */
static inline int64_t one_sms(struct bench *b, int64_t occasion, const char *step)
{
    struct action a = sms_due(occasion, step, "2026-12-01 10:00");
    a.due_at = a.next_attempt_at = DUE;
    a.expires_at = ENDS;
    return add_action(b, &a);
}

static inline struct action get(struct bench *b, int64_t id)
{
    struct action a = {0};
    struct err err;
    assert_ok(store_action_get(b->store, id, &a, &err));
    return a;
}

static inline enum action_state state_of(struct bench *b, int64_t id)
{
    struct action a = get(b, id);
    enum action_state state = a.state;
    action_fini(&a);
    return state;
}

static inline int64_t number(struct bench *b, const char *sql)
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
static inline void assert_attempt(struct bench *b, int64_t id, const char *wanted)
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

static inline int64_t claim(struct bench *b, int64_t id, int64_t now)
{
    struct err err;
    int64_t attempt = -1;
    assert_ok(store_begin(b->store, &err));
    assert_ok(store_claim(b->store, id, "tick-1", now, &attempt, &err));
    assert_ok(store_commit(b->store, &err));
    return attempt;
}

static inline bool at_risk(struct bench *b, int64_t id, int64_t attempt, int64_t now)
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

static inline void verdict(struct bench *b, int64_t id, int64_t attempt, const struct verdict *v,
                           int64_t now)
{
    struct err err;
    assert_ok(store_begin(b->store, &err));
    assert_ok(store_verdict(b->store, id, attempt, v, now, &err));
    assert_ok(store_commit(b->store, &err));
}

/* ---- what is found ---- */

typedef enum rc lister(struct store *, int64_t, size_t, struct id_list *, struct err *);

/* The steps of what is found, in order. */
static inline void assert_found(struct bench *b, lister *list, int64_t now, size_t limit,
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

#endif
