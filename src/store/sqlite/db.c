/* The open database: settings, transactions, errors, and the primitives by which every verb of the
 * store runs its statement. The settings are those of a program that must not lose a committed
 * "sent": rollback journal (Debian 12's SQLite has the WAL-reset bug), synchronous=EXTRA, BEGIN
 * IMMEDIATE. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pps/file.h>
#include <pps/str.h>

#include "db.h"

enum { BUSY_MS = 10000 };

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
    case SQLITE_CORRUPT:
        return err_set(err, RC_CORRUPT, "the database %s is damaged (%s): restore a backup",
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
        if (strstr(text, "no such ") != NULL || strstr(text, "file format") != NULL ||
            strstr(text, "malformed") != NULL)
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

/* ---- opening ---- */

static enum rc apply_settings(struct store *store, struct err *err)
{
    static const char *const pragmas[] = {
        "PRAGMA trusted_schema = OFF", "PRAGMA cell_size_check = ON", "PRAGMA mmap_size = 0",
        "PRAGMA foreign_keys = ON",    "PRAGMA secure_delete = ON",   "PRAGMA synchronous = EXTRA",
        "PRAGMA temp_store = MEMORY",
    };
    sqlite3_busy_timeout(store->db, BUSY_MS);
    sqlite3_extended_result_codes(store->db, 1);
    (void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_limit(store->db, SQLITE_LIMIT_LENGTH, 4 * 1024 * 1024);
    sqlite3_limit(store->db, SQLITE_LIMIT_SQL_LENGTH, 100 * 1024);
    sqlite3_limit(store->db, SQLITE_LIMIT_ATTACHED, 0);
    for (size_t i = 0; i < sizeof pragmas / sizeof *pragmas; i++) {
        int status = sqlite3_exec(store->db, pragmas[i], NULL, NULL, NULL);
        if (status != SQLITE_OK)
            return db_error(store, status, pragmas[i], err);
    }
    return RC_OK;
}

/* This may write to the file, so it comes only when the file is known to be ours. */
static enum rc set_journal(struct store *store, struct err *err)
{
    if (!store->writable)
        return RC_OK;
    /* The journal keeps its space, so that the next small commit needs none; one huge transaction shall not keep it for ever. */
    int status = sqlite3_exec(store->db,
                              "PRAGMA journal_mode = PERSIST; PRAGMA journal_size_limit = 1048576",
                              NULL, NULL, NULL);
    return status == SQLITE_OK ? RC_OK : db_error(store, status, "journal mode", err);
}

/* The folder may be reached through links, the file itself may not be one: its journal would stand beside the link. NULL
 * when there is no such folder. */
static char *real_path(const char *path)
{
    char *dir = file_dirname(path), *real = realpath(dir, NULL);
    const char *slash = strrchr(path, '/');
    char *full = real ? file_join(real, slash ? slash + 1 : path) : NULL;
    free(real);
    free(dir);
    return full;
}

/* The file must be made by us, private from its first instant; SQLite would use the umask. */
static enum rc create_file(const char *tmp, const char *path, struct err *err)
{
    int fd = open(tmp, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_set(err, RC_IO, "cannot create the database %s: %s", path, strerror(errno));
    close(fd);
    return RC_OK;
}

/* Opens a file that exists and is known to be ours (or is being made). */
static enum rc open_file(const char *path, bool writable, struct store **ret, struct err *err)
{
    struct store *store = xcalloc(1, sizeof *store);
    store->path = xstrdup(path);
    store->writable = writable;
    int flags = !writable && access(path, W_OK) != 0 ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    char *real = real_path(path);
    int status =
        sqlite3_open_v2(real ? real : path, &store->db, flags | SQLITE_OPEN_NOFOLLOW, NULL);
    free(real);
    enum rc rc =
        status == SQLITE_OK ? apply_settings(store, err) : db_error(store, status, "opening", err);
    if (rc != RC_OK)
        store_close(store);
    else
        *ret = store;
    return rc;
}

static enum rc open_existing(const char *path, bool writable, struct store **ret, struct err *err)
{
    struct stat st;
    struct store *store = NULL;
    if (lstat(path, &st) != 0)
        return err_set(err, RC_NOTFOUND, "there is no database at %s: run pps init first", path);
    if (!S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode))
        return err_set(err, RC_IO, "%s is not a file", path);
    if (S_ISLNK(st.st_mode))
        return err_set(err, RC_IO, "%s is a link: name the database itself", path);
    char *real = real_path(path);
    enum rc rc = schema_recognise(path, real ? real : path, err);
    free(real);
    if (rc == RC_OK)
        rc = open_file(path, writable, &store, err);
    if (rc == RC_OK)
        rc = schema_update(store, err);
    if (rc == RC_OK)
        rc = set_journal(store, err);
    if (rc != RC_OK)
        store_close(store);
    else
        *ret = store;
    return rc;
}

/* Made beside its place and moved there whole, so that a death in the middle leaves no half database in the way. */
static enum rc create_beside(const char *path, const char *tmp, struct err *err)
{
    struct store *store = NULL;
    enum rc rc = create_file(tmp, path, err);
    if (rc == RC_OK)
        rc = open_file(tmp, true, &store, err);
    if (rc == RC_OK)
        rc = schema_create(store, err);
    store_close(store);
    if (rc == RC_OK && link(tmp, path) != 0)
        rc = errno == EEXIST
                 ? err_set(err, RC_EXISTS, "%s exists already: nothing was changed", path)
                 : err_set(err, RC_IO, "cannot create the database %s: %s", path, strerror(errno));
    return rc;
}

static enum rc create(const char *path, struct err *err)
{
    struct stat st;
    if (lstat(path, &st) == 0)
        return err_set(err, RC_EXISTS, "%s exists already: nothing was changed", path);
    char *tmp = xasprintf("%s.new", path), *journal = xasprintf("%s.new-journal", path);
    (void)unlink(tmp); /* of an init that was killed */
    (void)unlink(journal);
    enum rc rc = create_beside(path, tmp, err);
    (void)unlink(tmp);
    (void)unlink(journal);
    free(journal);
    free(tmp);
    return rc;
}

enum rc store_open(const char *path, enum store_mode mode, struct store **ret, struct err *err)
{
    if (mode == STORE_CREATE) {
        enum rc rc = create(path, err);
        if (rc != RC_OK)
            return rc;
    }
    return open_existing(path, mode != STORE_READ, ret, err);
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    store_rollback(store);
    for (int i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(store->statements[i]);
    sqlite3_close(store->db);
    free(store->path);
    free(store);
}

/* ---- transactions ---- */

enum rc store_begin(struct store *store, struct err *err)
{
    int status = sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    return status == SQLITE_OK ? RC_OK : db_error(store, status, "begin", err);
}

enum rc store_commit(struct store *store, struct err *err)
{
    int status = sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
    if (status == SQLITE_OK)
        return RC_OK;
    enum rc rc = db_error(store, status, "commit", err);
    store_rollback(store);
    return rc == RC_IO ? err_prefix(err, rc, "look whether it was saved before you enter it again")
                       : rc;
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

char *col_text(const struct query *q, int i)
{
    return xstrdup((const char *)sqlite3_column_text(q->statement, i));
}

struct civil col_civil(const struct query *q, int i)
{
    struct civil c = {CIVIL_NONE, MINUTE_NONE};
    const char *text = (const char *)sqlite3_column_text(q->statement, i);
    if (text != NULL && civil_parse(text, CIVIL_NONE, &c, NULL) != RC_OK)
        c = (struct civil){CIVIL_NONE, MINUTE_NONE};
    return c;
}

civil_day col_day(const struct query *q, int i)
{
    return col_civil(q, i).day;
}
