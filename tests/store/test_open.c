/* Opening a database and refusing everything else untouched; transactions, and two programs at
 * once. */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "bench.h"

#include "../../src/store/sqlite/db.h"

static mode_t mode_of(const char *path)
{
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return st.st_mode & 07777;
}

/* ---- opening ---- */

static void a_new_database_is_private_and_never_overwrites(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct store *store = NULL;
    char *path = file_join(b->dir, "new.db"), *journal = file_join(b->dir, "new.db-journal");
    mode_t was = umask(0);
    assert_ok(store_open(path, STORE_CREATE, &store, &err));
    assert_ok(store_begin(store, &err));
    assert_ok(store_setting_set(store, "k", "v", &err));
    assert_ok(store_commit(store, &err));
    umask(was);
    assert_int_equal(mode_of(path), 0600);
    assert_int_equal(mode_of(journal), 0600);
    store_close(store);
    store_close(NULL);

    store = NULL;
    char *line = xasprintf("%s exists already: nothing was changed", path);
    assert_fails(store_open(path, STORE_CREATE, &store, &err), RC_EXISTS, line);
    assert_null(store);
    free(line);
    assert_ok(store_open(path, STORE_READ, &store, &err));
    char *value = NULL;
    assert_ok(store_setting_get(store, "k", &value, &err));
    assert_string_equal(value, "v");
    free(value);
    store_close(store);

    /* Nor does it take a file that is no database for a free place. */
    char *text = file_join(b->dir, "text");
    assert_ok(file_write(text, "", 0, true, &err));
    assert_fails(store_open(text, STORE_CREATE, &store, &err), RC_EXISTS, NULL);
    free(text);
    free(journal);
    free(path);
}

/* Opens in both modes and expects this refusal (before and after the path in the line) and the very
 * same bytes. */
static void assert_refused(const char *path, enum rc rc, const char *before_path,
                           const char *after_path)
{
    struct err err;
    size_t before_len, after_len;
    char *before = read_text(path, &before_len);
    char *line = xasprintf("%s%s%s", before_path, path, after_path);
    static const enum store_mode modes[] = {STORE_READ, STORE_WRITE};
    for (size_t i = 0; i < COUNT(modes); i++) {
        struct store *store = NULL;
        assert_fails(store_open(path, modes[i], &store, &err), rc, line);
        assert_null(store);
        char *after = read_text(path, &after_len);
        if (before_len != after_len || memcmp(before, after, before_len) != 0)
            fail_msg("%s was changed", path);
        free(after);
    }
    free(line);
    free(before);
}

static void what_is_not_ours_is_refused_untouched(void **state)
{
    struct bench *b = *state;
    struct err err;
    char *path = file_join(b->dir, "x.db");
#define NOT_OURS "", " is not a database of pps: it was left untouched"
    static const char text[] = "Это не база данных, а письмо; и достаточно длинное, чтобы быть "
                               "больше заголовка базы: сто байт и ещё несколько.";
    assert_ok(file_write(path, text, strlen(text), false, &err));
    assert_refused(path, RC_CORRUPT, "", " is not a database");
    assert_ok(file_write(path, "short", 5, false, &err));
    assert_refused(path, RC_CORRUPT, "", " is not a database");
    assert_ok(file_write(path, "", 0, false, &err));
    assert_refused(path, RC_CORRUPT, NOT_OURS);
    assert_int_equal(unlink(path), 0);

    /* Another program's, in both kinds of journal. */
    raw(path, "CREATE TABLE t (a); INSERT INTO t VALUES (1)");
    assert_refused(path, RC_CORRUPT, NOT_OURS);
    raw(path, "PRAGMA application_id = 252006675"); /* Fossil's */
    assert_refused(path, RC_CORRUPT, NOT_OURS);
    raw(path, "PRAGMA journal_mode = WAL; INSERT INTO t VALUES (2)");
    assert_refused(path, RC_CORRUPT, NOT_OURS);

    /* And with a write-ahead log that its program has left behind. */
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "INSERT INTO t VALUES (3)", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    char *wal = xasprintf("%s-wal", path), *shm = xasprintf("%s-shm", path);
    (void)unlink(shm); /* as after a restart or on another machine */
    size_t before, after;
    free(read_text(wal, &before));
    assert_refused(path, RC_CORRUPT, NOT_OURS);
    free(read_text(wal, &after));
    assert_int_equal(after, before);
    assert_false(file_exists(shm)); /* nor is anything put beside it */
    free(shm);
    free(wal);
    free(path);
}

static void a_newer_database_is_refused_untouched(void **state)
{
    struct bench *b = *state;
    store_close(b->store);
    b->store = NULL;
    int newer = store_schema_version() + 1;
    char *sql = xasprintf("PRAGMA user_version = %d", newer);
    char *line =
        xasprintf(" was made by a newer pps (schema %d, this program knows %d): upgrade pps; "
                  "it was left untouched",
                  newer, store_schema_version());
    raw(b->path, sql);
    assert_refused(b->path, RC_CONFIG, "the database ", line);
    raw(b->path, "PRAGMA journal_mode = WAL");
    assert_refused(b->path, RC_CONFIG, "the database ", line);
    free(line);
    free(sql);
}

static void an_older_database_waits_for_a_writer(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct store *store = NULL;
    store_close(b->store);
    b->store = NULL;
    raw(b->path, "PRAGMA user_version = 0");
    char *line =
        xasprintf("the database %s is of an older version (schema 0): run pps tick once to "
                  "bring it up to date",
                  b->path);
    assert_fails(store_open(b->path, STORE_READ, &store, &err), RC_CONFIG, line);
    assert_null(store);
    free(line);
}

/* Begins to write a newer version and dies in the middle: what was there is in the journal. */
static _Noreturn void die_while_upgrading(const char *path)
{
    sqlite3 *db = NULL;
    if (sqlite3_open(path, &db) == SQLITE_OK)
        (void)sqlite3_exec(db,
                           "PRAGMA cache_size = 1; BEGIN; PRAGMA user_version = 99;"
                           "CREATE TABLE t (a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT "
                           "i + 1 FROM n WHERE i < 2000) INSERT INTO t SELECT zeroblob(500) FROM n",
                           NULL, NULL, NULL);
    _exit(0);
}

static char version_in_file(const char *path)
{
    size_t len;
    char *bytes = read_text(path, &len);
    assert_true(len > 100);
    char version = bytes[63]; /* the last byte of the header's user version */
    free(bytes);
    return version;
}

/* A commit that was torn by a power cut: the header says 99 already, the journal says that it never
 * was. */
static void a_version_that_was_never_committed_does_not_count(void **state)
{
    struct bench *b = *state;
    struct err err;
    store_close(b->store);
    b->store = NULL;
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        die_while_upgrading(b->path);
    assert_int_equal(waitpid(child, NULL, 0), child);
    int fd = open(b->path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(fd, "\x63", 1, 63), 1);
    assert_int_equal(close(fd), 0);
    assert_int_equal(version_in_file(b->path), 99);
    assert_ok(store_open(b->path, STORE_WRITE, &b->store, &err));
    assert_ok(store_check(b->store, &err));
    assert_int_equal(version_in_file(b->path), store_schema_version());
}

static void files_that_cannot_be_opened(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct store *store = NULL;
    char *missing = file_join(b->dir, "missing.db");
    char *line = xasprintf("there is no database at %s: run pps init first", missing);
    assert_fails(store_open(missing, STORE_READ, &store, &err), RC_NOTFOUND, line);
    assert_fails(store_open(missing, STORE_WRITE, &store, &err), RC_NOTFOUND, line);
    assert_false(file_exists(missing)); /* looking does not create */
    free(line);
    free(missing);

    char *nowhere = file_join(b->dir, "no/such/folder.db");
    line = xasprintf("cannot create the database %s: No such file or directory", nowhere);
    assert_fails(store_open(nowhere, STORE_CREATE, &store, &err), RC_IO, line);
    free(line);
    assert_fails(store_open(nowhere, STORE_WRITE, &store, &err), RC_NOTFOUND, NULL);
    free(nowhere);

    assert_fails(store_open(b->dir, STORE_WRITE, &store, &err), RC_IO, NULL);
    assert_null(store);
}

/* A folder may be reached through a link (a home folder often is); the file itself may not be one,
 * because its journal would stand beside the link. */
static void links(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct store *store = NULL;
    char *folder = file_join(b->dir, "folder"), *link_path = file_join(b->dir, "link");
    assert_ok(file_mkdirs(folder, &err));
    assert_int_equal(symlink("folder", link_path), 0);
    char *through = file_join(link_path, "pps.db"), *real = file_join(folder, "pps.db");
    assert_ok(store_open(through, STORE_CREATE, &store, &err));
    store_close(store);
    assert_ok(store_open(through, STORE_WRITE, &store, &err));
    store_close(store);
    assert_int_equal(mode_of(real), 0600);

    store = NULL;
    char *file_link = file_join(b->dir, "file-link.db");
    assert_int_equal(symlink("folder/pps.db", file_link), 0);
    assert_fails(store_open(file_link, STORE_WRITE, &store, &err), RC_IO, NULL);
    assert_fails(store_open(file_link, STORE_CREATE, &store, &err), RC_EXISTS, NULL);
    assert_null(store);
    free(file_link);
    free(real);
    free(through);
    free(link_path);
    free(folder);
}

static void a_damaged_database_is_told(void **state)
{
    struct bench *b = *state;
    struct err err;
    assert_ok(store_check(b->store, &err));
    store_close(b->store);
    b->store = NULL;
    size_t len;
    char *bytes = read_text(b->path, &len);
    assert_true(len > 8192);
    memset(bytes + 4096, 'X', 64); /* the head of the second page */
    assert_ok(file_write(b->path, bytes, len, false, &err));
    free(bytes);
    struct store *store = NULL;
    enum rc rc = store_open(b->path, STORE_READ, &store, &err);
    if (rc == RC_OK)
        rc = store_check(store, &err);
    assert_int_equal(rc, RC_CORRUPT);
    char *line = xasprintf("the database %s is damaged", b->path);
    assert_true(str_starts(err.message, line));
    free(line);
    store_close(store);
}

/* In a process of its own, because root may write everywhere. */
static int read_only_child(const char *path)
{
    struct err err = {0};
    struct store *store = NULL;
    char *value = NULL;
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        return 10;
    if (store_open(path, STORE_READ, &store, &err) != RC_OK)
        return 11;
    if (store_setting_get(store, "k", &value, &err) != RC_OK || !str_eq(value, "v"))
        return 12;
    free(value);
    store_close(store);
    store = NULL;
    enum rc rc = store_open(path, STORE_WRITE, &store, &err);
    if (rc == RC_OK)
        rc = store_begin(store, &err);
    if (rc == RC_OK)
        rc = store_setting_set(store, "k", "w", &err);
    store_close(store);
    char *line = xasprintf("cannot write the database %s: ", path);
    bool told = str_starts(err.message, line);
    free(line);
    return rc != RC_IO ? 13 : told ? 0 : 14;
}

static void a_read_only_database_can_be_read(void **state)
{
    (void)state;
    struct err err;
    struct store *store = NULL;
    char *dir = xstrdup("/tmp/pps-test-XXXXXX"); /* the runner's own folder is closed to others */
    assert_non_null(mkdtemp(dir));
    char *path = file_join(dir, "pps.db"), *journal = file_join(dir, "pps.db-journal");
    assert_ok(store_open(path, STORE_CREATE, &store, &err));
    assert_ok(store_begin(store, &err));
    assert_ok(store_setting_set(store, "k", "v", &err));
    assert_ok(store_commit(store, &err));
    store_close(store);
    if (geteuid() == 0) {
        assert_int_equal(chown(dir, 65534, 65534), 0);
        assert_int_equal(chown(path, 65534, 65534), 0);
        assert_int_equal(chown(journal, 65534, 65534), 0);
    }
    assert_int_equal(chmod(path, 0400), 0);
    assert_int_equal(chmod(journal, 0400), 0);
    assert_int_equal(chmod(dir, 0500), 0);
    size_t before_len, after_len;
    char *before = read_text(path, &before_len);
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(read_only_child(path));
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    char *after = read_text(path, &after_len);
    assert_int_equal(after_len, before_len);
    assert_memory_equal(after, before, before_len);
    free(after);
    free(before);
    assert_int_equal(chmod(dir, 0700), 0);
    free(journal);
    free(path);
    remove_folder(dir);
}

/* ---- transactions ---- */

static void what_is_not_committed_is_gone(void **state)
{
    struct bench *b = *state;
    struct err err;
    char *value = NULL;
    assert_ok(store_begin(b->store, &err));
    assert_ok(store_setting_set(b->store, "k", "v", &err));
    store_rollback(b->store);
    store_rollback(b->store); /* fine outside a transaction */
    assert_ok(store_setting_get(b->store, "k", &value, &err));
    assert_null(value);

    assert_ok(store_begin(b->store, &err));
    assert_ok(store_setting_set(b->store, "k", "v", &err));
    store_close(b->store);
    assert_ok(store_open(b->path, STORE_WRITE, &b->store, &err));
    assert_ok(store_setting_get(b->store, "k", &value, &err));
    assert_null(value);
}

/* Two at once: the second waits, then is told to try again, and nothing is lost. */
static void the_second_writer_waits_and_is_told(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct store *second = NULL;
    assert_ok(store_open(b->path, STORE_WRITE, &second, &err));
    sqlite3_stmt *s = NULL;
    assert_int_equal(sqlite3_prepare_v2(second->db, "PRAGMA busy_timeout", -1, &s, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    assert_in_range(sqlite3_column_int(s, 0), 5000, 30000); /* patient, but not for ever */
    sqlite3_finalize(s);
    sqlite3_busy_timeout(second->db, 20);

    char *line = xasprintf("another pps is writing to %s: try again in a moment", b->path);
    assert_ok(store_begin(b->store, &err));
    assert_fails(store_begin(second, &err), RC_BUSY, line);
    assert_ok(store_setting_set(b->store, "k", "first", &err));
    char *value = NULL;
    assert_ok(store_setting_get(second, "k", &value, &err)); /* reading goes on */
    assert_null(value);
    assert_ok(store_commit(b->store, &err));
    assert_ok(store_begin(second, &err));
    free(line);
    assert_ok(store_setting_get(second, "k", &value, &err));
    assert_string_equal(value, "first");
    free(value);
    store_close(second);
}

/* Whether another process would find SQLite's RESERVED lock free. */
static bool others_may_write(const char *path)
{
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct flock lock = {.l_type = F_WRLCK, .l_start = 0x40000001, .l_len = 1};
        int fd = open(path, O_RDWR);
        int status = fd < 0 ? -1 : fcntl(fd, F_GETLK, &lock);
        _exit(status != 0 ? 3 : lock.l_type == F_UNLCK ? 1 : 2);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 3);
    return WEXITSTATUS(status) == 1;
}

/* The locks are the process's, and the kernel drops them when it closes any descriptor of the file
 * (sqlite.org/howtocorrupt.html, 2.2). */
static void opening_again_does_not_drop_the_lock(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct store *second = NULL;
    assert_true(others_may_write(b->path));
    assert_ok(store_begin(b->store, &err));
    assert_false(others_may_write(b->path));
    assert_ok(store_open(b->path, STORE_READ, &second, &err));
    assert_false(others_may_write(b->path));
    store_close(second);
    assert_false(others_may_write(b->path));
    assert_ok(store_commit(b->store, &err));
    assert_true(others_may_write(b->path));
}

/* What SQLite says to another connection that does this. */
static int said_to_another(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    int status = sqlite3_exec(db, sql, NULL, NULL, NULL);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return status;
}

static void what_is_read_is_of_one_instant(void **state)
{
    static const char change[] = "UPDATE setting SET value = 'second' WHERE key = 'k'";
    struct bench *b = *state;
    struct err err;
    char *value;
    assert_ok(store_begin(b->store, &err));
    assert_ok(store_setting_set(b->store, "k", "first", &err));
    assert_ok(store_commit(b->store, &err));
    assert_ok(store_begin_reading(b->store, &err));
    for (int i = 0; i < 2; i++) {
        assert_ok(store_setting_get(b->store, "k", &value, &err));
        assert_string_equal(value, "first");
        free(value);
        assert_int_equal(said_to_another(b->path, change), SQLITE_BUSY);
    }
    store_rollback(b->store);
    assert_int_equal(said_to_another(b->path, change), SQLITE_OK);
    assert_ok(store_setting_get(b->store, "k", &value, &err));
    assert_string_equal(value, "second");
    free(value);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(a_new_database_is_private_and_never_overwrites),
        CASE(what_is_not_ours_is_refused_untouched),
        CASE(a_newer_database_is_refused_untouched),
        CASE(an_older_database_waits_for_a_writer),
        CASE(a_version_that_was_never_committed_does_not_count),
        CASE(files_that_cannot_be_opened),
        CASE(links),
        CASE(a_damaged_database_is_told),
        CASE(a_read_only_database_can_be_read),
        CASE(what_is_not_committed_is_gone),
        CASE(the_second_writer_waits_and_is_told),
        CASE(opening_again_does_not_drop_the_lock),
        CASE(what_is_read_is_of_one_instant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
