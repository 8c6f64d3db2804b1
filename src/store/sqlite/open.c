/* Opening a database, and making a new one. The settings are those of a program that must not lose a committed "sent":
 * rollback journal (Debian 12's SQLite has the WAL-reset bug), synchronous=EXTRA. A new database comes under its name whole
 * or not at all. */
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

enum {
    BUSY_MS = 10000,
    /* A letter with 10 MiB of attachments takes 14 in base64, and its pictures, which are small, come on top. */
    MAX_VALUE_BYTES = 20 * 1024 * 1024,
};

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
    sqlite3_limit(store->db, SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES);
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

/* SQLite's own kind of throw-away database: in memory while it is small, and then in a file of the temporary folder that
 * has no name any more, so that nothing of it is left behind, however the program ends. */
static enum rc open_copy(struct store *from, struct store **ret, struct err *err)
{
    struct store *copy = xcalloc(1, sizeof *copy);
    copy->path = xstrdup(from->path);
    copy->writable = true;
    int status = sqlite3_open_v2("", &copy->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    if (status == SQLITE_OK)
        status = db_copy_pages(copy->db, from->db);
    enum rc rc = status == SQLITE_OK ? apply_settings(copy, err)
                                     : db_error(copy, status, "copying the database", err);
    if (rc != RC_OK)
        store_close(copy);
    else
        *ret = copy;
    return rc;
}

static enum rc look_for(const char *path, struct err *err)
{
    struct stat st;
    if (lstat(path, &st) != 0)
        return errno == ENOENT || errno == ENOTDIR
                   ? err_set(err, RC_NOTFOUND, "there is no database at %s: run pps init first",
                             path)
                   : err_set(err, RC_IO, "cannot look for the database %s: %s", path,
                             strerror(errno));
    if (!S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode))
        return err_set(err, RC_IO, "%s is not a file", path);
    if (S_ISLNK(st.st_mode))
        return err_set(err, RC_IO, "%s is a link: name the database itself", path);
    char *real = real_path(path);
    enum rc rc = schema_recognise(path, real ? real : path, err);
    free(real);
    return rc;
}

static enum rc open_existing(const char *path, enum store_mode mode, struct store **ret,
                             struct err *err)
{
    bool copies = mode == STORE_COPY;
    struct store *store = NULL, *copy = NULL;
    enum rc rc = look_for(path, err);
    if (rc == RC_OK)
        rc = open_file(path, !copies && mode != STORE_READ, &store, err);
    if (rc == RC_OK && copies) {
        rc = open_copy(store, &copy, err);
        store_close(store);
        store = copy;
    }
    if (rc == RC_OK)
        rc = schema_update(store, err);
    if (rc == RC_OK && !copies)
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
    return open_existing(path, mode, ret, err);
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    store_rollback(store);
    for (int i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(store->statements[i]);
    sqlite3_close(store->db);
    playbooks_free(store);
    free(store->path);
    free(store);
}
