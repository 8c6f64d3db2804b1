/* A backup into the place of the database. It is copied beside that place and checked there, so that the backup itself
 * is left alone; then what stood there is given another name, and the copy takes its place in one step. At every instant
 * what stood there is whole under one of its names, and no journal lies beside a database that is not its own. Serves
 * pps recover. */
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

enum { BUSY_MS = 10000, CHUNK_BYTES = 64 * 1024 };

/* What may lie beside a database and belongs to it alone. */
static const char *const parts[] = {"-journal", "-wal", "-shm"};
enum { PARTS = sizeof parts / sizeof *parts };

static bool is_there(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

static enum rc sync_folder(const char *path, struct err *err)
{
    char *folder = file_dirname(path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum rc rc = RC_OK;
    if (fd < 0 || (fsync(fd) != 0 && errno != EINVAL)) /* some file systems cannot, and need not */
        rc = err_set(err, RC_IO, "cannot sync the folder %s: %s", folder, strerror(errno));
    if (fd >= 0)
        close(fd);
    free(folder);
    return rc;
}

/* ---- copying ---- */

static enum rc copy_bytes(int from, int to, const char *backup, const char *copy, struct err *err)
{
    char *buf = xmalloc(CHUNK_BYTES);
    enum rc rc = RC_OK;
    for (;;) {
        ssize_t n = read(from, buf, CHUNK_BYTES);
        if (n < 0)
            rc = err_set(err, RC_IO, "cannot read %s: %s", backup, strerror(errno));
        if (n <= 0)
            break;
        for (ssize_t done = 0, w; done < n && rc == RC_OK; done += w) {
            w = write(to, buf + done, (size_t)(n - done));
            if (w < 0) {
                rc = err_set(err, RC_IO, "cannot write %s: %s", copy, strerror(errno));
                w = 0;
            }
        }
        if (rc != RC_OK)
            break;
    }
    if (rc == RC_OK && fsync(to) != 0)
        rc = err_set(err, RC_IO, "cannot write %s: %s", copy, strerror(errno));
    free(buf);
    return rc;
}

static enum rc copy_file(const char *backup, const char *copy, struct err *err)
{
    enum rc rc = RC_OK;
    struct stat st;
    int from = open(backup, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), to = -1;
    if (from < 0)
        return err_set(err, RC_IO, "cannot open %s: %s", backup, strerror(errno));
    if (fstat(from, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(from);
        return err_set(err, RC_IO, "%s is not a file", backup);
    }
    (void)unlink(copy); /* of one that was killed */
    to = open(copy, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (to < 0)
        rc = err_set(err, RC_IO, "cannot create %s: %s", copy, strerror(errno));
    else
        rc = copy_bytes(from, to, backup, copy, err);
    close(from);
    if (to >= 0)
        close(to);
    return rc;
}

/* The journal of a writer that died belongs to the copy: without it the pages make no sense. The database comes last,
 * because closing it gives up the read lock. */
static enum rc copy_all(const char *backup, const char *copy, struct err *err)
{
    enum rc rc = RC_OK;
    for (int i = 0; i < PARTS && rc == RC_OK; i++) {
        char *from = xasprintf("%s%s", backup, parts[i]), *to = xasprintf("%s%s", copy, parts[i]);
        (void)unlink(to);
        if (is_there(from) && !str_eq(parts[i], "-shm")) /* which SQLite makes anew */
            rc = copy_file(from, to, err);
        free(to);
        free(from);
    }
    return rc == RC_OK ? copy_file(backup, copy, err) : rc;
}

static void remove_copy(const char *copy)
{
    (void)unlink(copy);
    for (int i = 0; i < PARTS; i++) {
        char *part = xasprintf("%s%s", copy, parts[i]);
        (void)unlink(part);
        free(part);
    }
}

static enum rc busy(const char *path, struct err *err)
{
    return err_set(err, RC_BUSY, "another program is using %s: try again in a moment", path);
}

static bool is_damage(int status)
{
    return (status & 0xFF) == SQLITE_CORRUPT || (status & 0xFF) == SQLITE_NOTADB;
}

/* SQLite calls a file damaged, too, of which the disk cannot read a part. Asked only where no lock of ours is on it. */
static bool can_be_read(const char *path)
{
    char *buf = xmalloc(CHUNK_BYTES);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    ssize_t n = -1;
    while (fd >= 0 && (n = read(fd, buf, CHUNK_BYTES)) > 0)
        ;
    if (fd >= 0)
        close(fd);
    free(buf);
    return n == 0;
}

/* Opens the file and begins what keeps others from writing to it; returns SQLite's status. After a failure *ret is NULL
 * when there was no memory for it; it may always be closed. */
static int hold(const char *path, int flags, const char *sql, sqlite3 **ret)
{
    int status = sqlite3_open_v2(path, ret, flags, NULL);
    if (status != SQLITE_OK)
        return status;
    sqlite3_busy_timeout(*ret, BUSY_MS);
    return sqlite3_exec(*ret, sql, NULL, NULL, NULL);
}

/* A read lock, so that nobody writes to the backup while it is copied. None can be had of one that is damaged, which the
 * check of the copy will tell, nor of one whose writer died: that one's journal cannot be brought in by a reader. Neither
 * has a writer any more. */
static enum rc copy_still(const char *backup, const char *copy, struct err *err)
{
    sqlite3 *held = NULL;
    int status =
        hold(backup, SQLITE_OPEN_READONLY, "BEGIN; SELECT count(*) FROM sqlite_schema", &held);
    enum rc rc;
    if (status == SQLITE_OK || status == SQLITE_READONLY || is_damage(status))
        rc = copy_all(backup, copy, err);
    else if (status == SQLITE_BUSY)
        rc = busy(backup, err);
    else
        rc = err_set(err, RC_IO, "cannot read the backup %s: %s; nothing was changed", backup,
                     sqlite3_errstr(status));
    sqlite3_close(held);
    return rc;
}

/* ---- checking ---- */

static enum rc damaged(const char *backup, const char *why, struct err *err)
{
    return err_set(err, RC_CORRUPT, "the backup %s is damaged, nothing was changed: %s", backup,
                   why);
}

/* A disk that fails, or no memory, says nothing about the backup. The copy is ours alone: what locks we have on it do
 * not matter. */
static enum rc check_failed(int status, const char *text, const char *backup, const char *copy,
                            struct err *err)
{
    bool says_damage =
        is_damage(status) || (status & 0xFF) == SQLITE_ERROR; /* a schema of nonsense */
    if (says_damage && can_be_read(copy))
        return damaged(backup, text, err);
    return err_set(err, RC_IO, "cannot check the backup %s, nothing was changed: %s", backup,
                   says_damage ? sqlite3_errstr(SQLITE_IOERR) : text);
}

/* The first value that a statement gives, as text, new string; NULL when it fails, with SQLite's status. */
static char *first_value(sqlite3 *db, const char *sql, int *ret_status)
{
    sqlite3_stmt *statement = NULL;
    const char *text = NULL;
    int status = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (status == SQLITE_OK)
        status = sqlite3_step(statement);
    if (status == SQLITE_ROW)
        text = (const char *)sqlite3_column_text(statement, 0);
    if (status == SQLITE_ROW && text == NULL)
        status = sqlite3_errcode(db) == SQLITE_NOMEM ? SQLITE_NOMEM : SQLITE_ERROR;
    char *value = text ? xstrdup(text) : NULL;
    *ret_status = status;
    sqlite3_finalize(statement);
    return value;
}

static enum rc check_content(sqlite3 *db, const char *backup, const char *copy, struct err *err)
{
    int status;
    char *version = NULL, *fault = first_value(db, "PRAGMA integrity_check(1)", &status);
    if (fault != NULL)
        version = first_value(db, "PRAGMA user_version", &status);
    const char *end = fault ? strchr(fault, '\n') : NULL; /* of "*** in database main ***" */
    enum rc rc = RC_OK;
    if (version == NULL)
        rc = check_failed(status, sqlite3_errmsg(db), backup, copy, err);
    else if (!str_eq(fault, "ok"))
        rc = check_failed(db_status_of_fault(fault), end ? end + 1 : fault, backup, copy, err);
    else if (strtol(version, NULL, 10) > store_schema_version())
        rc = err_set(err, RC_CONFIG,
                     "the backup %s was made by a newer pps (schema %s, this program knows %d): "
                     "upgrade pps; nothing was changed",
                     backup, version, store_schema_version());
    free(version);
    free(fault);
    return rc;
}

/* Opening it brings its journal in. */
static enum rc check_copy(const char *backup, const char *copy, struct err *err)
{
    sqlite3 *db = NULL;
    char *real = realpath(copy, NULL);
    enum rc rc = real ? schema_recognise(backup, real, err)
                      : err_set(err, RC_IO, "cannot read %s: %s", copy, strerror(errno));
    free(real);
    if (rc != RC_OK)
        return rc;
    int status = sqlite3_open_v2(copy, &db, SQLITE_OPEN_READWRITE, NULL);
    if (status == SQLITE_OK)
        status = sqlite3_exec(db,
                              "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
                              "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA",
                              NULL, NULL, NULL);
    rc = status == SQLITE_OK ? check_content(db, backup, copy, err)
                             : check_failed(status, sqlite3_errmsg(db), backup, copy, err);
    sqlite3_close(db);
    return rc;
}

enum rc store_copy_backup(const char *backup, const char *copy, struct err *err)
{
    struct stat st;
    if (stat(backup, &st) != 0)
        return err_set(err, RC_NOTFOUND, "there is no backup at %s", backup);
    if (!S_ISREG(st.st_mode))
        return err_set(err, RC_IO, "%s is not a file", backup);
    enum rc rc = copy_still(backup, copy, err);
    if (rc == RC_OK)
        rc = check_copy(backup, copy, err);
    if (rc != RC_OK)
        remove_copy(copy);
    return rc;
}

void store_remove_copy(const char *copy)
{
    remove_copy(copy);
}

/* ---- into its place ---- */

/* Nobody may be in the middle of writing to what is put aside: its journal would get the name of the new one's. Nobody
 * can be writing to one that is damaged or not there; whatever else SQLite says, somebody may be. */
static enum rc keep_others_out(const char *path, sqlite3 **ret, struct err *err)
{
    struct stat st;
    sqlite3 *db = NULL;
    *ret = NULL;
    if (lstat(path, &st) != 0 && errno == ENOENT)
        return RC_OK;
    int status =
        hold(path, SQLITE_OPEN_READWRITE, "PRAGMA journal_mode = PERSIST; BEGIN EXCLUSIVE", &db);
    if (status == SQLITE_OK) {
        *ret = db;
        return RC_OK;
    }
    sqlite3_close(db);
    if (is_damage(status) && can_be_read(path))
        return RC_OK;
    if (status == SQLITE_BUSY)
        return busy(path, err);
    return err_set(
        err, RC_IO,
        "cannot tell whether somebody is writing to %s (%s), nothing was changed: if nobody "
        "is, move it away first",
        path, sqlite3_errstr(status));
}

static enum rc give_name(const char *path, const char *aside, bool *ret_given, struct err *err)
{
    if (!is_there(path))
        return RC_OK;
    if (link(path, aside) != 0)
        return err_set(err, errno == EEXIST ? RC_EXISTS : RC_IO,
                       "cannot keep %s as %s: %s; nothing was changed", path, aside,
                       strerror(errno));
    *ret_given = true;
    return RC_OK;
}

/* The second name for the database and all that belongs to it; all or none. */
static enum rc put_aside(const char *path, const char *aside, bool *ret_any, struct err *err)
{
    bool given[PARTS + 1] = {false};
    enum rc rc = give_name(path, aside, &given[PARTS], err);
    *ret_any = given[PARTS];
    for (int i = 0; i < PARTS && rc == RC_OK; i++) {
        char *from = xasprintf("%s%s", path, parts[i]), *to = xasprintf("%s%s", aside, parts[i]);
        rc = give_name(from, to, &given[i], err);
        *ret_any = *ret_any || given[i];
        free(to);
        free(from);
    }
    if (rc == RC_OK)
        return sync_folder(path, err);
    if (given[PARTS])
        (void)unlink(aside);
    for (int i = 0; i < PARTS; i++) {
        char *to = xasprintf("%s%s", aside, parts[i]);
        if (given[i])
            (void)unlink(to);
        free(to);
    }
    return rc;
}

/* Its journal must be gone before the new one is there. */
static enum rc take_place(const char *copy, const char *path, struct err *err)
{
    for (int i = 0; i < PARTS; i++) {
        char *part = xasprintf("%s%s", path, parts[i]);
        bool gone = unlink(part) == 0 || errno == ENOENT;
        free(part);
        if (!gone)
            return err_set(err, RC_IO, "cannot move %s%s: %s", path, parts[i], strerror(errno));
    }
    enum rc rc = sync_folder(path, err);
    if (rc == RC_OK && rename(copy, path) != 0)
        rc = err_set(err, RC_IO, "cannot replace %s: %s", path, strerror(errno));
    return rc == RC_OK ? sync_folder(path, err) : rc;
}

static enum rc check_place(const char *backup, const char *path, struct err *err)
{
    struct stat theirs, ours;
    if (lstat(path, &ours) != 0)
        return RC_OK;
    if (S_ISLNK(ours.st_mode))
        return err_set(err, RC_IO, "%s is a link: name the database itself", path);
    if (stat(backup, &theirs) == 0 && theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino)
        return err_set(err, RC_INVALID, "%s is the database itself, and no backup of it", backup);
    return RC_OK;
}

enum rc store_restore(const char *backup, const char *path, const char *aside, bool *ret_aside,
                      struct err *err)
{
    char *copy = xasprintf("%s.restoring", path);
    sqlite3 *held = NULL;
    *ret_aside = false;
    enum rc rc = check_place(backup, path, err);
    if (rc == RC_OK)
        rc = store_copy_backup(backup, copy, err);
    if (rc == RC_OK) {
        rc = keep_others_out(path, &held, err);
        if (rc == RC_OK)
            rc = put_aside(path, aside, ret_aside, err);
        if (rc == RC_OK)
            rc = take_place(copy, path, err);
        sqlite3_close(held);
        remove_copy(copy);
    }
    free(copy);
    return rc;
}
