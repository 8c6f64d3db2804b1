/* The schema's life: made from the embedded schema.sql, recognised by its application id, brought
 * up to date by a table of migrations, each in one transaction together with its version.
 *
 * The promise: a database of any earlier version is brought up to date by the first command that
 * writes; a newer one is refused and left untouched. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/file.h>
#include <pps/str.h>
#include <pps/token.h>

#include "db.h"

enum {
    APPLICATION_ID = 0x70707331, /* "pps1" */
    SCHEMA_VERSION = 5,
};

struct migration {
    int to;           /* the version that it leads to */
    const char *file; /* its SQL, built into the program */
};

/* In order. Every change of schema.sql after the first release adds one here; a test compares a
 * migrated database with a fresh one. */
static const struct migration migrations[] = {
    {2, "src/store/sqlite/migrations/2.sql"},
    {3, "src/store/sqlite/migrations/3.sql"},
    {4, "src/store/sqlite/migrations/4.sql"},
    {5, "src/store/sqlite/migrations/5.sql"},
};

int store_schema_version(void)
{
    return SCHEMA_VERSION;
}

static enum rc exec(struct store *store, const char *sql, const char *what, struct err *err)
{
    int status = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    return status == SQLITE_OK ? RC_OK : db_error(store, status, what, err);
}

static enum rc read_pragma(struct store *store, const char *sql, int64_t *ret, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    int status = sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL);
    if (status == SQLITE_OK)
        status = sqlite3_step(statement);
    if (status == SQLITE_ROW)
        *ret = sqlite3_column_int64(statement, 0);
    enum rc rc = status == SQLITE_ROW ? RC_OK : db_error(store, status, "reading the header", err);
    sqlite3_finalize(statement);
    return rc;
}

static enum rc not_ours(const char *path, struct err *err)
{
    return err_set(err, RC_CORRUPT, "%s is not a database of pps: it was left untouched", path);
}

/* file:…?immutable=1 with everything escaped that a URI would take for its own. */
static char *immutable_uri(const char *path)
{
    const char *plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-";
    struct sb sb = {0};
    sb_add(&sb, "file:");
    for (const char *c = path; *c != '\0'; c++) {
        if (strchr(plain, *c) != NULL)
            sb_addc(&sb, *c);
        else
            sb_addf(&sb, "%%%02X", (unsigned char)*c);
    }
    sb_add(&sb, "?immutable=1");
    return sb_take(&sb);
}

enum rc schema_recognise(const char *path, const char *real, struct err *err)
{
    struct store peek = {.path = xstrdup(path)};
    int64_t id = 0;
    char *uri = immutable_uri(real);
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOFOLLOW;
    int status = sqlite3_open_v2(uri, &peek.db, flags, NULL);
    enum rc rc = status == SQLITE_OK ? read_pragma(&peek, "PRAGMA application_id", &id, err)
                                     : db_error(&peek, status, "opening", err);
    if (rc == RC_OK && id != APPLICATION_ID)
        rc = not_ours(path, err);
    /* A writer that was killed has left pages that make sense only with its journal, which a look at the bare file
     * does not apply. Opening it properly will, and decides. */
    else if ((sqlite3_errcode(peek.db) & 0xFF) == SQLITE_CORRUPT)
        rc = RC_OK;
    sqlite3_close(peek.db);
    free(peek.path);
    free(uri);
    return rc;
}

enum rc schema_create(struct store *store, struct err *err)
{
    const struct embedded_file *schema = embedded_find("schema.sql");
    char header[96];
    (void)snprintf(header, sizeof header, "PRAGMA application_id = %d; PRAGMA user_version = %d",
                   APPLICATION_ID, SCHEMA_VERSION);
    enum rc rc = store_begin(store, err);
    if (rc == RC_OK)
        rc = exec(store, schema->text, "schema.sql", err);
    if (rc == RC_OK)
        rc = exec(store, header, "the header", err);
    /* Kept by every copy: by it the sent log knows whose it is. Older databases get theirs at a tick. */
    if (rc == RC_OK)
        rc = exec(store, "INSERT INTO setting VALUES ('instance_id', lower(hex(randomblob(16))))",
                  "the instance", err);
    if (rc == RC_OK)
        rc = exec(store, "INSERT INTO setting VALUES ('" TOKEN_KEY_SETTING "', lower(hex(randomblob(32))))",
                  "the key of the tokens", err);
    if (rc == RC_OK)
        rc = store_commit(store, err);
    return rc;
}

static enum rc step_up(struct store *store, const struct migration *migration, struct err *err)
{
    char bump[64];
    int64_t broken = 0;
    (void)snprintf(bump, sizeof bump, "PRAGMA user_version = %d", migration->to);
    enum rc rc = store_begin(store, err);
    if (rc != RC_OK)
        return rc;
    rc = exec(store, embedded_find(migration->file)->text, migration->file, err);
    if (rc == RC_OK)
        rc = read_pragma(store, "SELECT count(*) FROM pragma_foreign_key_check", &broken, err);
    if (rc == RC_OK && broken > 0)
        rc = err_set(err, RC_CORRUPT,
                     "the database %s is damaged (%lld rows point nowhere): restore a backup",
                     store->path, (long long)broken);
    if (rc == RC_OK)
        rc = exec(store, bump, "a migration", err);
    return store_finish(store, rc, err);
}

static enum rc migrate(struct store *store, int64_t from, struct err *err)
{
    if (from < 1)
        return err_set(err, RC_CORRUPT,
                       "the database %s has the version %lld, which never was: restore a backup",
                       store->path, (long long)from);
    /* A table that is made anew is referred to by others while it is not there. Has no effect inside a transaction. */
    enum rc rc = exec(store, "PRAGMA foreign_keys = OFF", "a migration", err);
    for (size_t i = 0; i < sizeof migrations / sizeof *migrations && rc == RC_OK; i++) {
        if (migrations[i].to > from)
            rc = step_up(store, &migrations[i], err);
    }
    return rc == RC_OK ? exec(store, "PRAGMA foreign_keys = ON", "a migration", err) : rc;
}

enum rc schema_update(struct store *store, struct err *err)
{
    int64_t version = 0, id = 0;
    enum rc rc = read_pragma(store, "PRAGMA application_id", &id, err);
    if (rc == RC_OK && id != APPLICATION_ID)
        return not_ours(store->path, err);
    if (rc == RC_OK)
        rc = read_pragma(store, "PRAGMA user_version", &version, err);
    if (rc != RC_OK || version == SCHEMA_VERSION)
        return rc;
    if (version > SCHEMA_VERSION)
        return err_set(
            err, RC_CONFIG,
            "the database %s was made by a newer pps (schema %lld, this program knows %d): "
            "upgrade pps; it was left untouched",
            store->path, (long long)version, SCHEMA_VERSION);
    if (!store->writable)
        return err_set(err, RC_CONFIG,
                       "the database %s is of an older version (schema %lld): run pps tick once to "
                       "bring it up to date",
                       store->path, (long long)version);
    return migrate(store, version, err);
}
