/* The open database: transactions (BEGIN IMMEDIATE), errors, and the primitives by which every verb of the store runs its
 * statement. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "db.h"

enum rc db_error(struct store *store, int status, const char *what, struct err *err)
{
    const char *text = store->db ? sqlite3_errmsg(store->db) : sqlite3_errstr(status);
    if (status == SQLITE_CONSTRAINT_UNIQUE || status == SQLITE_CONSTRAINT_PRIMARYKEY)
        return err_set(err, RC_EXISTS, "it is there already (%s): nothing was changed", text);
    switch (status & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_set(err, RC_BUSY, "another pps is writing to %s: try again in a moment",
                       store->path);
    case SQLITE_CORRUPT: /* as SQLite also says when the disk could not read it */
        return err_set(err, RC_CORRUPT,
                       "the database %s is damaged (%s), or its disk is: look with pps doctor; if "
                       "it says the same, restore a backup",
                       store->path, text);
    case SQLITE_NOTADB:
        return err_set(err, RC_CORRUPT, "%s is not a database", store->path);
    case SQLITE_CONSTRAINT:
        return err_set(err, RC_REJECTED,
                       "nothing was changed: the database refuses %s (%s); please report this",
                       what, text);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
        return err_set(err, RC_IO, "cannot write the database %s: %s", store->path, text);
    case SQLITE_FULL:
        return err_set(err, RC_IO, "no space is left for the database %s", store->path);
    case SQLITE_TOOBIG:
        return err_set(err, RC_INVALID, "a value is too long for the database");
    case SQLITE_ERROR:
        /* Our statements fit our schema, which tests/store/test_statements.c proves: they met
         * another one. Only the order of transactions is our own affair. */
        if (strstr(text, " transaction") == NULL)
            return err_set(err, RC_CORRUPT, "the database %s is damaged (%s): restore a backup",
                           store->path, text);
        return err_set(err, RC_INTERNAL, "bug: %s: %s", what, text);
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
        return err_set(err, RC_INTERNAL, "bug: %s: %s", what, text);
    default:
        return err_set(err, RC_IO, "the database %s: %s", store->path, text);
    }
}

/* ---- transactions ---- */

static enum rc begin(struct store *store, const char *sql, struct err *err)
{
    int status = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    return status == SQLITE_OK ? RC_OK : db_error(store, status, "begin", err);
}

enum rc store_begin(struct store *store, struct err *err)
{
    return begin(store, "BEGIN IMMEDIATE", err);
}

enum rc store_begin_reading(struct store *store, struct err *err)
{
    return begin(store, "BEGIN", err);
}

enum rc store_commit(struct store *store, struct err *err)
{
    int status = sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
    if (status == SQLITE_OK)
        return RC_OK;
    enum rc rc = db_error(store, status, "commit", err);
    store_rollback(store);
    return rc == RC_IO ? err_prefix(err, rc, "it is not certain whether this was saved") : rc;
}

enum rc store_finish(struct store *store, enum rc rc, struct err *err)
{
    if (rc == RC_OK)
        return store_commit(store, err);
    store_rollback(store);
    return rc;
}

void store_rollback(struct store *store)
{
    if (store->db != NULL && !sqlite3_get_autocommit(store->db))
        (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}

/* ---- queries ---- */

struct query db_query(struct store *store, enum sql sql)
{
    struct query q = {.store = store, .sql = sql};
    if (store->statements[sql] == NULL)
        q.status = sqlite3_prepare_v3(store->db, sql_texts[sql], -1, SQLITE_PREPARE_PERSISTENT,
                                      &store->statements[sql], NULL);
    q.statement = store->statements[sql];
    if (q.statement != NULL)
        (void)sqlite3_clear_bindings(q.statement);
    return q;
}

static void note(struct query *q, int status)
{
    if (q->status == SQLITE_OK)
        q->status = status;
}

void bind_int(struct query *q, int64_t v)
{
    if (q->statement != NULL)
        note(q, sqlite3_bind_int64(q->statement, ++q->bound, v));
}

static void bind_null(struct query *q)
{
    if (q->statement != NULL)
        note(q, sqlite3_bind_null(q->statement, ++q->bound));
}

void bind_id(struct query *q, int64_t id)
{
    if (id == 0)
        bind_null(q);
    else
        bind_int(q, id);
}

void bind_text(struct query *q, const char *s)
{
    if (str_empty(s))
        bind_null(q);
    else if (q->statement != NULL)
        note(q, sqlite3_bind_text(q->statement, ++q->bound, s, -1, SQLITE_STATIC));
}

void bind_word(struct query *q, const char *s)
{
    if (q->statement != NULL)
        note(q, sqlite3_bind_text(q->statement, ++q->bound, s, -1, SQLITE_STATIC));
}

void bind_blob(struct query *q, const void *bytes, size_t len)
{
    if (q->statement != NULL)
        note(q, sqlite3_bind_blob64(q->statement, ++q->bound, bytes, len, SQLITE_STATIC));
}

static void bind_short(struct query *q, const char *s)
{
    if (q->statement != NULL)
        note(q, sqlite3_bind_text(q->statement, ++q->bound, s, -1, SQLITE_TRANSIENT));
}

void bind_day(struct query *q, civil_day day)
{
    bind_civil(q, (struct civil){day, MINUTE_NONE});
}

void bind_civil(struct query *q, struct civil c)
{
    if (c.day == CIVIL_NONE) {
        bind_null(q);
        return;
    }
    char text[CIVIL_TEXT_BYTES];
    civil_format(c, text);
    bind_short(q, text);
}

enum stepped db_step(struct query *q, enum rc *rc, struct err *err)
{
    int status = q->status != SQLITE_OK ? q->status : sqlite3_step(q->statement);
    if (status == SQLITE_ROW)
        return STEP_ROW;
    if (status != SQLITE_DONE)
        *rc = db_error(q->store, status, sql_names[q->sql], err);
    db_end(q);
    return status == SQLITE_DONE ? STEP_DONE : STEP_FAILED;
}

void db_end(struct query *q)
{
    if (q->statement != NULL) {
        (void)sqlite3_reset(q->statement);
        (void)sqlite3_clear_bindings(q->statement);
    }
}

enum rc db_run(struct query *q, int *ret_changes, struct err *err)
{
    enum rc rc = RC_OK;
    while (db_step(q, &rc, err) == STEP_ROW)
        continue;
    if (rc == RC_OK && ret_changes != NULL)
        *ret_changes = sqlite3_changes(q->store->db);
    return rc;
}

enum rc db_one_int(struct query *q, int64_t *ret, struct err *err)
{
    enum rc rc = RC_NOTFOUND;
    if (db_step(q, &rc, err) != STEP_ROW)
        return rc;
    int64_t value = col_int(q, 0);
    /* RETURNING: the change counts only when the statement has run to its end. */
    rc = RC_OK;
    while (db_step(q, &rc, err) == STEP_ROW)
        continue;
    if (rc == RC_OK)
        *ret = value;
    return rc;
}

/* ---- columns ---- */

int64_t col_int(const struct query *q, int i)
{
    return sqlite3_column_int64(q->statement, i);
}

/* SQLite gives NULL for a NULL, and also when it had no memory for the value: then a client would seem to have no address. */
const char *col_word(const struct query *q, int i)
{
    bool there = sqlite3_column_type(q->statement, i) != SQLITE_NULL;
    const char *text = (const char *)sqlite3_column_text(q->statement, i);
    if (there && text == NULL)
        out_of_memory();
    return text;
}

char *col_text(const struct query *q, int i)
{
    return xstrdup(col_word(q, i));
}

const char *col_blob(const struct query *q, int i, size_t *ret_len)
{
    const char *bytes = sqlite3_column_blob(q->statement, i);
    *ret_len = (size_t)sqlite3_column_bytes(q->statement, i);
    if (bytes == NULL && *ret_len > 0)
        out_of_memory();
    return bytes != NULL ? bytes : "";
}

struct civil col_civil(const struct query *q, int i)
{
    struct civil c = {CIVIL_NONE, MINUTE_NONE};
    const char *text = col_word(q, i);
    if (text != NULL && civil_parse(text, CIVIL_NONE, &c, NULL) != RC_OK)
        c = (struct civil){CIVIL_NONE, MINUTE_NONE};
    return c;
}

civil_day col_day(const struct query *q, int i)
{
    return col_civil(q, i).day;
}

enum rc db_ids(struct query *q, struct id_list *ret, struct err *err)
{
    struct id_list list = {0};
    enum rc rc = RC_OK;
    while (db_step(q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        list.v[list.n++] = col_int(q, 0);
    }
    if (rc != RC_OK)
        id_list_fini(&list);
    else
        *ret = list;
    return rc;
}
