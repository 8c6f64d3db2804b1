/* Whether the database is whole: its pages, and all of schema.sql. Serves the first tick of a day, doctor, backups and what
 * is made of them. */
#include <stdlib.h>
#include <string.h>

#include <pps/file.h>
#include <pps/str.h>

#include "db.h"

/* Rules that were lost or changed would be missed by nobody: the database works on, and refuses nothing. Tables that a
 * migration has changed read otherwise than new ones, so that only their names are compared. */
static enum rc copy_rules(sqlite3 *model, struct store *store, struct err *err)
{
    sqlite3_stmt *from = NULL, *to = NULL;
    int status =
        sqlite3_prepare_v2(store->db, "SELECT type, name, sql FROM sqlite_schema", -1, &from, NULL);
    if (status == SQLITE_OK)
        status =
            sqlite3_prepare_v2(model, "INSERT INTO temp.found VALUES (?1, ?2, ?3)", -1, &to, NULL);
    while (status == SQLITE_OK && (status = sqlite3_step(from)) == SQLITE_ROW) {
        status = SQLITE_OK;
        for (int i = 0; i < 3 && status == SQLITE_OK; i++)
            status = sqlite3_bind_value(to, i + 1, sqlite3_column_value(from, i));
        if (status == SQLITE_OK)
            status = sqlite3_step(to) == SQLITE_DONE ? sqlite3_reset(to) : SQLITE_NOMEM;
    }
    enum rc rc = status == SQLITE_DONE ? RC_OK : db_error(store, status, "reading the schema", err);
    sqlite3_finalize(to);
    sqlite3_finalize(from);
    return rc;
}

static enum rc first_missing(sqlite3 *model, const struct store *store, struct err *err)
{
    sqlite3_stmt *missing = NULL;
    enum rc rc = RC_OK;
    int status =
        sqlite3_prepare_v2(model,
                           "SELECT type, name FROM sqlite_schema s WHERE NOT EXISTS (SELECT 1 "
                           "FROM temp.found f WHERE f.type = s.type AND f.name = s.name "
                           "AND (s.type = 'table' OR f.sql IS s.sql)) ORDER BY rowid",
                           -1, &missing, NULL);
    if (status == SQLITE_OK)
        status = sqlite3_step(missing);
    if (status == SQLITE_ROW)
        rc = err_set(err, RC_CORRUPT,
                     "the database %s is damaged: its %s %s is missing or was changed: restore a "
                     "backup",
                     store->path, (const char *)sqlite3_column_text(missing, 0),
                     (const char *)sqlite3_column_text(missing, 1));
    else if (status != SQLITE_DONE)
        rc = err_set(err, RC_IO, "cannot compare the schema: %s", sqlite3_errstr(status));
    sqlite3_finalize(missing);
    return rc;
}

enum rc schema_compare(struct store *store, struct err *err)
{
    sqlite3 *model = NULL;
    int status = sqlite3_open(":memory:", &model);
    if (status == SQLITE_OK)
        status = sqlite3_exec(model, embedded_find("schema.sql")->text, NULL, NULL, NULL);
    if (status == SQLITE_OK)
        status = sqlite3_exec(model, "CREATE TEMP TABLE found (type, name, sql)", NULL, NULL, NULL);
    enum rc rc = status == SQLITE_OK
                     ? copy_rules(model, store, err)
                     : err_set(err, RC_IO, "cannot make the schema: %s", sqlite3_errstr(status));
    if (rc == RC_OK)
        rc = first_missing(model, store, err);
    sqlite3_close(model);
    return rc;
}

int db_status_of_fault(const char *fault)
{
    static const char word[] = "error code=";
    const char *code = strstr(fault, word);
    return code != NULL ? (int)strtol(code + strlen(word), NULL, 10) : SQLITE_CORRUPT;
}

/* A page that could not be had, for want of memory or because the disk failed, says nothing about what it holds. */
static bool could_not_read(int status)
{
    return (status & 0xFF) == SQLITE_NOMEM || (status & 0xFF) == SQLITE_IOERR;
}

static enum rc check(struct store *store, struct err *err)
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
    else if (text == NULL)
        rc = db_error(store, SQLITE_NOMEM, "quick_check", err);
    else if (could_not_read(db_status_of_fault(text)))
        rc = err_set(err, RC_IO, "cannot read the database %s: %s", store->path,
                     sqlite3_errstr(db_status_of_fault(text)));
    else if (!str_eq(text, "ok"))
        rc = err_set(err, RC_CORRUPT, "the database %s is damaged: %s", store->path, text);
    sqlite3_finalize(statement);
    return rc == RC_OK ? schema_compare(store, err) : rc;
}

/* A page that could not be had for a moment may look like one that is damaged: what is damaged is so twice. */
enum rc store_check(struct store *store, struct err *err)
{
    struct err ignored;
    enum rc rc = check(store, &ignored);
    return rc == RC_OK ? rc : check(store, err);
}
