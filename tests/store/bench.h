/* A new database in a scratch folder, and the shortest way to put a client, a trip and actions into
 * it. */
#ifndef TESTS_STORE_BENCH_H
#define TESTS_STORE_BENCH_H

#include <sqlite3.h>

#include "support.h"

#include <pps/store.h>

enum { NOW = 1796000000 };

struct bench {
    char *dir, *path;
    struct store *store;
};

static inline int setup(void **state)
{
    struct bench *b = xcalloc(1, sizeof *b);
    struct err err;
    b->dir = new_folder();
    b->path = file_join(b->dir, "pps.db");
    assert_ok(store_open(b->path, STORE_CREATE, &b->store, &err));
    *state = b;
    return 0;
}

static inline int teardown(void **state)
{
    struct bench *b = *state;
    store_close(b->store);
    remove_folder(b->dir);
    free(b->path);
    free(b);
    return 0;
}

static inline void raw(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    char *why = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", sql, why);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static inline int64_t add_staff(struct bench *b, const char *login, const char *name,
                                enum role role)
{
    struct staff s = {.login = (char *)(uintptr_t)login,
                      .name = (char *)(uintptr_t)name,
                      .role = role,
                      .active = true};
    int64_t id = 0;
    struct err err;
    assert_ok(store_staff_add(b->store, &s, &id, &err));
    return id;
}

static inline int64_t add_client(struct bench *b, const char *name, const char *phone,
                                 const char *email)
{
    struct client c = {.name = (char *)(uintptr_t)name,
                       .phone = (char *)(uintptr_t)phone,
                       .email = (char *)(uintptr_t)email,
                       .created_at = NOW};
    int64_t id = 0;
    struct err err;
    assert_ok(store_client_add(b->store, &c, &id, &err));
    return id;
}

static inline int64_t add_trip(struct bench *b, int64_t client, const char *departure,
                               const char *back, int64_t manager)
{
    struct occasion t = {.client_id = client, .manager_id = manager, .created_at = NOW};
    occasion_clear_dates(&t);
    t.when[ANCHOR_PURCHASE].day = day("2026-11-01");
    t.when[ANCHOR_DEPARTURE] = when(departure);
    t.when[ANCHOR_RETURN] = when(back);
    struct err err;
    int64_t id = 0;
    static const char playbook[] = "{\"steps\": [{\"key\": \"a\", \"channel\": \"call\", \"at\": "
                                   "{\"anchor\": \"purchase\"}}]}";
    assert_ok(store_playbook_put(b->store, playbook, NOW, &t.playbook_version, &err));
    assert_ok(store_occasion_add(b->store, &t, &id, &err));
    return id;
}

static inline struct action sms_due(int64_t occasion, const char *step, const char *due)
{
    static char tz[] = "UTC";
    return (struct action){.occasion_id = occasion,
                           .step = (char *)(uintptr_t)step,
                           .channel = CHANNEL_SMS,
                           .planned_channel = CHANNEL_SMS,
                           .local_due = when(due),
                           .tz = tz,
                           .due_at = instant("UTC", due),
                           .expires_at = instant("UTC", due) + 3600,
                           .next_attempt_at = instant("UTC", due),
                           .anchor_at = {CIVIL_NONE, MINUTE_NONE},
                           .moved_to = {CIVIL_NONE, MINUTE_NONE}};
}

static inline int64_t add_action(struct bench *b, const struct action *a)
{
    struct err err;
    int64_t id = 0;
    assert_ok(store_action_add(b->store, a, NOW, &id, &err));
    return id;
}

static inline int64_t add_call(struct bench *b, int64_t occasion, const char *step, const char *due)
{
    struct action a = sms_due(occasion, step, due);
    a.channel = a.planned_channel = CHANNEL_CALL;
    a.expires_at = 0;
    return add_action(b, &a);
}

static inline void set_state(struct bench *b, int64_t id, const char *way, const char *reason)
{
    /* Through every state on the way, as the state machine wants it. */
    char *copy = xstrdup(way), *save = NULL;
    for (char *to = strtok_r(copy, " ", &save); to != NULL; to = strtok_r(NULL, " ", &save)) {
        char *sql = xasprintf("UPDATE action SET state = '%s', reason = '%s' WHERE id = %lld", to,
                              reason, (long long)id);
        raw(b->path, sql);
        free(sql);
    }
    free(copy);
}

#endif
