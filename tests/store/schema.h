/* A new database with one client and one trip, and SQLite spoken to directly, as a careless program or
 * a person with a shell would. For the tests of the schema. */
#ifndef TESTS_STORE_SCHEMA_H
#define TESTS_STORE_SCHEMA_H

#include <sqlite3.h>

#include "support.h"

#include <pps/store.h>

struct bench {
    char *dir, *path;
    sqlite3 *db;
};

static inline void must(struct bench *b, const char *sql)
{
    char *why = NULL;
    if (sqlite3_exec(b->db, sql, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", sql, why);
}

static inline int64_t number(struct bench *b, const char *sql)
{
    sqlite3_stmt *s = NULL;
    assert_int_equal(sqlite3_prepare_v2(b->db, sql, -1, &s, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return n;
}

/* A new database with one client, one trip and its playbook. */
static inline int setup(void **state)
{
    struct bench *b = xcalloc(1, sizeof *b);
    struct store *store = NULL;
    struct err err;
    b->dir = new_folder();
    b->path = file_join(b->dir, "pps.db");
    assert_ok(store_open(b->path, STORE_CREATE, &store, &err));
    store_close(store);
    assert_int_equal(sqlite3_open(b->path, &b->db), SQLITE_OK);
    must(b, "PRAGMA foreign_keys = ON; PRAGMA synchronous = OFF");
    must(b, "INSERT INTO playbook VALUES (1, '{}', 0);"
            "INSERT INTO client (id, name, phone, search, created_at)"
            " VALUES (1, 'Мария', '+79031234567', 'мария', 0);"
            "INSERT INTO occasion (id, client_id, kind, purchase, departure, return, "
            "playbook_version, created_at) VALUES (1, 1, 'trip', '2026-12-01', '2026-12-10 06:40', '2026-12-20', 1, 0)");
    *state = b;
    return 0;
}

static inline int teardown(void **state)
{
    struct bench *b = *state;
    assert_int_equal(sqlite3_close(b->db), SQLITE_OK);
    remove_folder(b->dir);
    free(b->path);
    free(b);
    return 0;
}

#endif
