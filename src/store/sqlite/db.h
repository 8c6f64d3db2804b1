/* The room's private header: the open database, its statements, and five primitives to run them.
 * A struct query collects the first error of binding; db_step and db_run report it. */
#ifndef PPS_STORE_SQLITE_DB_H
#define PPS_STORE_SQLITE_DB_H

#include <sqlite3.h>

#include <pps/store.h>

#include "sql.h"

struct store {
    sqlite3 *db;
    char *path;
    bool writable;
    sqlite3_stmt *statements[SQL_COUNT];
    struct kept_playbook *playbooks;
};

struct query {
    struct store *store;
    sqlite3_stmt *statement;
    enum sql sql;
    int bound;  /* parameters bound so far */
    int status; /* first SQLite error, or SQLITE_OK */
};

enum stepped { STEP_ROW, STEP_DONE, STEP_FAILED };

/* Starts a query; parameters are bound in the order $1, $2 … by the bind_… calls. */
struct query db_query(struct store *store, enum sql sql);
void bind_int(struct query *q, int64_t v);
void bind_id(struct query *q, int64_t id); /* 0 binds NULL */
void bind_text(struct query *q,
               const char *s); /* NULL or "" binds NULL; the text must outlive the query */
void bind_word(struct query *q, const char *s); /* also when "": for columns that are never NULL */
void bind_blob(struct query *q, const void *bytes, size_t len);
void bind_day(struct query *q, civil_day day);    /* CIVIL_NONE binds NULL */
void bind_civil(struct query *q, struct civil c); /* with its time when it has one */

/* Steps to the next row. On STEP_FAILED *rc and err are set. After STEP_DONE or STEP_FAILED the
 * statement is reset; a query abandoned after STEP_ROW is reset by db_end. */
enum stepped db_step(struct query *q, enum rc *rc, struct err *err);
void db_end(struct query *q);
/* Runs a statement that returns no rows. *ret_changes (may be NULL): rows changed. */
enum rc db_run(struct query *q, int *ret_changes, struct err *err) MUST_CHECK;
/* Runs a statement that returns one integer (RETURNING id, SELECT count(*)). RC_NOTFOUND: no row.
 */
enum rc db_one_int(struct query *q, int64_t *ret, struct err *err) MUST_CHECK;

int64_t col_int(const struct query *q, int i); /* NULL gives 0 */
char *col_text(const struct query *q, int i);  /* new string; NULL gives NULL */
const char *col_word(const struct query *q, int i); /* the same, borrowed until the next step */
const char *col_blob(const struct query *q, int i, size_t *ret_len); /* borrowed likewise; never NULL */
struct civil col_civil(const struct query *q, int i);
civil_day col_day(const struct query *q, int i);

/* Runs it to its end: the first column of each row. */
enum rc db_ids(struct query *q, struct id_list *ret, struct err *err) MUST_CHECK;

/* The status that a check of SQLite tells in words: "unable to get the page. error code=266"; SQLITE_CORRUPT for any other
 * fault that it finds. */
int db_status_of_fault(const char *fault);
/* Maps SQLite's last error to rc and a line that names the statement, never its values. */
/* ---- backup.c ---- */
/* All in one step, and so of one instant; the busy time-out of `from` counts for the whole step. The status of SQLite. */
int db_copy_pages(sqlite3 *to, sqlite3 *from);

enum rc db_error(struct store *store, int status, const char *what, struct err *err);

/* schema.c */
enum rc schema_create(struct store *store, struct err *err) MUST_CHECK;
/* Is it ours? Looked at as an immutable file, so that another program's database is not touched in any way; through
 * SQLite all the same, because closing a descriptor of our own would drop the locks of an open database. */
enum rc schema_recognise(const char *path, const char *real, struct err *err) MUST_CHECK;
/* Refuses a newer database, brings an older one up to date. */
enum rc schema_update(struct store *store, struct err *err) MUST_CHECK;
/* check.c: whether every table, index and trigger is there; RC_CORRUPT names the first that is not. */
enum rc schema_compare(struct store *store, struct err *err) MUST_CHECK;

/* playbooks.c: of a store that is closed. */
void playbooks_free(struct store *store);

/* rows.c: the column lists that several verbs share (their order is fixed by sql.c) */
void row_action(const struct query *q, int first, struct action *ret);
enum { ACTION_WIDTH = 30 }; /* columns that row_action reads: what else is asked comes after them */
enum kind row_kind(const struct query *q, int i);
void row_occasion(const struct query *q, int first, struct occasion *ret);
enum { OCCASION_WIDTH = 16 + ANCHOR_COUNT }; /* columns that row_occasion reads: what else is asked comes after them */
void row_client(const struct query *q, int first, struct client *ret);
void row_staff(const struct query *q, int first, struct staff *ret);

#endif
