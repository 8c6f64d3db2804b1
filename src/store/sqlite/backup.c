/* A copy of the database, taken while people work. It is made under a temporary name, checked, and only then gets its
 * own: what stands there is whole. Serves pps backup.
 *
 * Everything is copied in one step and so under one read lock: the copy is of one instant, writers wait for it as they
 * wait for one another. So that they wait for the pages only, the copy is synced after the lock is given back; it has no
 * journal of its own, because until it is checked it is worth nothing. */
#include <dirent.h>
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

#define DRAFT ".pps-backup-"
#define RANDOM "XXXXXX" /* mkostemp replaces it */
enum { STALE_SEC = 24 * 60 * 60 };

struct copy {
    struct store *source;
    const char *path;              /* as people named it, for errors */
    char *folder, *target, *draft; /* without links, which SQLite does not follow */
    int fd;                        /* of the draft; -1: there is none */
};

static enum rc cannot_write(const struct copy *c, struct err *err)
{
    return err_set(err, RC_IO, "cannot write the copy %s: %s", c->path, strerror(errno));
}

static enum rc damaged(const struct copy *c, const char *why, struct err *err)
{
    return err_set(err, RC_CORRUPT, "the database %s is damaged, there is no copy: %s",
                   c->source->path, why);
}

/* ---- before: the place, the draft ---- */

static enum rc find_folder(struct copy *c, struct err *err)
{
    char *folder = file_dirname(c->path);
    const char *slash = strrchr(c->path, '/');
    enum rc rc = RC_OK;
    c->folder = realpath(folder, NULL);
    if (c->folder == NULL && errno == ENOENT)
        rc = err_set(err, RC_IO, "there is no folder %s: create it first", folder);
    else if (c->folder == NULL)
        rc = err_set(err, RC_IO, "cannot use the folder %s: %s", folder, strerror(errno));
    if (rc == RC_OK) {
        c->target = file_join(c->folder, slash ? slash + 1 : c->path);
        c->draft = file_join(c->folder, DRAFT RANDOM);
    }
    free(folder);
    return rc;
}

/* A journal without its database would be taken for the copy's, and its pages be written into it. */
static enum rc is_free(const struct copy *c, struct err *err)
{
    static const char *const parts[] = {"-journal", "-wal"};
    static const char *const own[] = {"-journal", "-wal",       "-shm", ".sent",
                                      ".lock",    ".restoring", ".new"};
    struct stat st;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        /* As SQLite sees it: its full name, without links. */
        char *name = xasprintf("%s%s", sqlite3_db_filename(c->source->db, "main"), own[i]);
        bool ours = str_eq(name, c->target);
        free(name);
        if (ours)
            return err_set(err, RC_EXISTS,
                           "%s is a name that the database itself uses: take another", c->path);
    }
    if (lstat(c->target, &st) == 0)
        return err_set(err, RC_EXISTS, "%s exists already: nothing was changed", c->path);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char *part = xasprintf("%s%s", c->target, parts[i]);
        bool there = lstat(part, &st) == 0;
        free(part);
        if (there)
            return err_set(err, RC_EXISTS,
                           "%s%s is there, of a database that is gone: move it away first", c->path,
                           parts[i]);
    }
    return RC_OK;
}

static bool is_draft(const char *name)
{
    return str_starts(name, DRAFT) && strlen(name) == strlen(DRAFT RANDOM);
}

/* Removes the drafts of backups that were killed. Their age is counted from our own draft, which was made just now, by
 * the clock of the file system. What cannot be removed is no reason to make no copy. */
static void sweep(const struct copy *c)
{
    struct stat ours, st;
    DIR *dir = opendir(c->folder);
    if (dir == NULL)
        return;
    const struct dirent *entry;
    while (fstat(c->fd, &ours) == 0 && (entry = readdir(dir)) != NULL) {
        if (is_draft(entry->d_name) &&
            fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
            ours.st_mtime - st.st_mtime > STALE_SEC)
            (void)unlinkat(dirfd(dir), entry->d_name, 0);
    }
    closedir(dir);
}

static enum rc make_draft(struct copy *c, struct err *err)
{
    c->fd = mkostemp(c->draft, O_CLOEXEC); /* exclusive, 0600 */
    if (c->fd < 0)
        return err_set(err, RC_IO, "cannot create the copy %s: %s", c->path, strerror(errno));
    sweep(c);
    return RC_OK;
}

/* ---- copying ---- */

static enum rc copy_error(const struct copy *c, int status, struct err *err)
{
    const char *text = sqlite3_errstr(status);
    switch (status & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return db_error(c->source, status, "backup", err);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return damaged(c, text, err);
    case SQLITE_FULL:
        return err_set(err, RC_IO, "no space is left for the copy %s", c->path);
    default:
        break;
    }
    if (status == SQLITE_IOERR_READ || status == SQLITE_IOERR_SHORT_READ)
        return err_set(err, RC_IO, "cannot read the database %s: %s", c->source->path, text);
    return err_set(err, RC_IO, "cannot write the copy %s: %s", c->path, text);
}

int db_copy_pages(sqlite3 *to, sqlite3 *from)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (backup == NULL)
        return sqlite3_extended_errcode(to);
    int status = sqlite3_backup_step(backup, -1);
    int finished = sqlite3_backup_finish(backup);
    return status == SQLITE_DONE ? finished : status;
}

static enum rc fill(const struct copy *c, struct err *err)
{
    sqlite3 *db = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW;
    int status = sqlite3_open_v2(c->draft, &db, flags, NULL);
    if (status == SQLITE_OK)
        status = sqlite3_exec(db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", NULL, NULL,
                              NULL);
    if (status == SQLITE_OK)
        status = db_copy_pages(db, c->source->db);
    /* Where somebody has given the database a write-ahead log, the copy must not ask for one. */
    if (status == SQLITE_OK)
        status = sqlite3_exec(db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    sqlite3_close(db);
    return status == SQLITE_OK ? RC_OK : copy_error(c, status, err);
}

/* ---- checking ---- */

/* What SQLite finds wrong first, or NULL when the database is whole. New string. */
static char *first_fault(sqlite3 *db)
{
    sqlite3_stmt *statement = NULL;
    char *fault = NULL;
    int status = sqlite3_prepare_v2(db, "PRAGMA integrity_check(1)", -1, &statement, NULL);
    if (status == SQLITE_OK)
        status = sqlite3_step(statement);
    const char *text =
        status == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0) : NULL;
    const char *heading_end = text ? strchr(text, '\n') : NULL; /* "*** in database main ***" */
    if (!str_eq(text, "ok"))
        fault = xstrdup(heading_end ? heading_end + 1 : str_or(text, sqlite3_errmsg(db)));
    sqlite3_finalize(statement);
    return fault;
}

/* The copy is bad: because the database is, or because it did not arrive as it was read? */
static enum rc blame(const struct copy *c, const char *fault, struct err *err)
{
    char *before = first_fault(c->source->db);
    enum rc rc = before ? damaged(c, before, err)
                        : err_set(err, RC_IO,
                                  "the copy %s does not come out whole (%s): look after its disk",
                                  c->path, fault);
    free(before);
    return rc;
}

static enum rc check(const struct copy *c, struct err *err)
{
    struct store copy = {.path = c->source->path}; /* what is wrong with it came from there */
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW;
    int status = sqlite3_open_v2(c->draft, &copy.db, flags, NULL);
    if (status == SQLITE_OK)
        status = sqlite3_exec(copy.db,
                              "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
                              "PRAGMA mmap_size = 0",
                              NULL, NULL, NULL);
    char *fault = status == SQLITE_OK ? first_fault(copy.db) : NULL;
    enum rc rc = status != SQLITE_OK ? copy_error(c, status, err)
                 : fault             ? blame(c, fault, err)
                                     : schema_update(&copy, err);
    if (rc == RC_OK)
        rc = schema_compare(&copy, err);
    free(fault);
    sqlite3_close(copy.db);
    return rc;
}

/* ---- giving it its name ---- */

/* Not every file system knows the one way, and not every one (of memory sticks) the other. */
static int rename_new(const char *from, const char *to)
{
    int status = renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
    if (status != 0 && (errno == EINVAL || errno == ENOSYS)) {
        status = link(from, to);
        if (status == 0)
            (void)unlink(from);
    }
    return status;
}

/* A file system that cannot sync a folder says EINVAL, and then there is nothing to be done about it. */
static enum rc sync_folder(const struct copy *c, struct err *err)
{
    int fd = open(c->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum rc rc = RC_OK;
    if (fd < 0 || (fsync(fd) != 0 && errno != EINVAL))
        rc = cannot_write(c, err);
    if (fd >= 0)
        close(fd);
    return rc;
}

static enum rc publish(const struct copy *c, int64_t *ret_bytes, struct err *err)
{
    struct stat st;
    if (fsync(c->fd) != 0 || fstat(c->fd, &st) != 0)
        return cannot_write(c, err);
    if (rename_new(c->draft, c->target) != 0)
        return errno == EEXIST
                   ? err_set(err, RC_EXISTS, "%s exists already: nothing was changed", c->path)
                   : cannot_write(c, err);
    enum rc rc = sync_folder(c, err);
    if (rc != RC_OK)
        (void)unlink(c->target);
    else
        *ret_bytes = st.st_size;
    return rc;
}

enum rc store_backup(struct store *store, const char *path, int64_t *ret_bytes, struct err *err)
{
    struct copy c = {.source = store, .path = path, .fd = -1};
    enum rc rc = find_folder(&c, err);
    if (rc == RC_OK)
        rc = is_free(&c, err);
    if (rc == RC_OK)
        rc = make_draft(&c, err);
    if (rc == RC_OK)
        rc = fill(&c, err);
    if (rc == RC_OK)
        rc = check(&c, err);
    if (rc == RC_OK)
        rc = publish(&c, ret_bytes, err);
    if (c.fd >= 0 && rc != RC_OK)
        (void)unlink(c.draft);
    if (c.fd >= 0)
        close(c.fd);
    free(c.draft);
    free(c.target);
    free(c.folder);
    return rc;
}
