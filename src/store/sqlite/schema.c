/* The schema's life: made from the embedded schema.sql, recognised by its application id, brought
 * up to date by a table of migrations, each in one transaction together with its version.
 *
 * The promise: a database of any earlier version is brought up to date by the first command that
 * writes; a newer one is refused and left untouched. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pps/file.h>
#include <pps/str.h>

#include "db.h"

enum {
    APPLICATION_ID = 0x70707331, /* "pps1" */
    SCHEMA_VERSION = 1,
};

struct migration {
    int to; /* the version that it leads to */
    const char *sql;
};

/* In order. Every change of schema.sql after the first release adds one here; a test compares a
 * migrated database with a fresh one. */
static const struct migration migrations[] = {
    {0, NULL}, /* no version has been superseded yet */
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

/* A big-endian number in the header of a database file (sqlite.org/fileformat2.html#the_database_header). */
static int64_t header_number(const unsigned char *at)
{
    return (int64_t)at[0] << 24 | (int64_t)at[1] << 16 | (int64_t)at[2] << 8 | at[3];
}

enum rc schema_recognise(const char *path, int64_t *ret_version, struct err *err)
{
    enum { HEADER_BYTES = 100, VERSION_AT = 60, APPLICATION_AT = 68 };
    unsigned char h[HEADER_BYTES];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return err_set(err, RC_IO, "cannot open the database %s: %s", path, strerror(errno));
    ssize_t n = read(fd, h, sizeof h);
    int why = errno;
    close(fd);
    if (n < 0)
        return err_set(err, RC_IO, "cannot read the database %s: %s", path, strerror(why));
    if (n > 0 && (n < HEADER_BYTES || memcmp(h, "SQLite format 3", 16) != 0))
        return err_set(err, RC_CORRUPT, "%s is not a database", path);
    if (n == 0 || header_number(h + APPLICATION_AT) != APPLICATION_ID)
        return err_set(err, RC_CORRUPT, "%s is not a database of pps: it was left untouched", path);
    *ret_version = header_number(h + VERSION_AT);
    if (*ret_version > SCHEMA_VERSION)
        return err_set(
            err, RC_CONFIG,
            "the database %s was made by a newer pps (schema %lld, this program knows %d): "
            "upgrade pps; it was left untouched",
            path, (long long)*ret_version, SCHEMA_VERSION);
    return RC_OK;
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
    if (rc == RC_OK)
        rc = store_commit(store, err);
    return rc;
}

static enum rc migrate(struct store *store, int64_t from, struct err *err)
{
    for (size_t i = 0; i < sizeof migrations / sizeof *migrations; i++) {
        if (migrations[i].to <= from)
            continue;
        char bump[64];
        (void)snprintf(bump, sizeof bump, "PRAGMA user_version = %d", migrations[i].to);
        enum rc rc = store_begin(store, err);
        if (rc == RC_OK)
            rc = exec(store, migrations[i].sql, "a migration", err);
        if (rc == RC_OK)
            rc = exec(store, bump, "a migration", err);
        if (rc == RC_OK)
            rc = store_commit(store, err);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

enum rc schema_update(struct store *store, int64_t version, struct err *err)
{
    if (version == SCHEMA_VERSION)
        return RC_OK;
    if (!store->writable)
        return err_set(err, RC_CONFIG,
                       "the database %s is of an older version (schema %lld): run pps tick once to "
                       "bring it up to date",
                       store->path, (long long)version);
    return migrate(store, version, err);
}

enum rc store_check(struct store *store, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    int status = sqlite3_prepare_v2(store->db, "PRAGMA quick_check(1)", -1, &statement, NULL);
    if (status == SQLITE_OK)
        status = sqlite3_step(statement);
    enum rc rc = RC_OK;
    const char *text =
        status == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0) : NULL;
    if (status != SQLITE_ROW)
        rc = db_error(store, status, "quick_check", err);
    else if (!str_eq(text, "ok"))
        rc = err_set(err, RC_CORRUPT, "the database %s is damaged: %s", store->path,
                     str_or(text, "unknown"));
    sqlite3_finalize(statement);
    return rc;
}
