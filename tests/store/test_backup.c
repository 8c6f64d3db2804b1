/* Copies of a database: whole, of one instant, alone in their file, and nothing at the target when anything goes wrong.
 * What a kill or a full disk leaves behind is tested with the program itself (tests/cli/backup.bats). */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "bench.h"

#include "../../src/store/sqlite/db.h"

enum { DAY_SEC = 24 * 60 * 60 };

static char *beside(const struct bench *b, const char *name)
{
    return file_join(b->dir, name);
}

static void put(struct store *store, const char *key, const char *value)
{
    struct err err;
    assert_ok(store_begin(store, &err));
    assert_ok(store_setting_set(store, key, value, &err));
    assert_ok(store_commit(store, &err));
}

static void assert_setting(struct store *store, const char *key, const char *wanted)
{
    struct err err;
    char *value = NULL;
    assert_ok(store_setting_get(store, key, &value, &err));
    if (!str_eq(value, wanted))
        fail_msg("%s is %s, not %s", key, str_or(value, "absent"), str_or(wanted, "absent"));
    free(value);
}

static size_t files_in(const char *folder)
{
    size_t n = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (const struct dirent *e; (e = readdir(dir)) != NULL;)
        n += !str_eq(e->d_name, ".") && !str_eq(e->d_name, "..");
    closedir(dir);
    return n;
}

/* A folder for copies alone, so that what is left over is seen. */
static char *new_place(struct bench *b)
{
    struct err err;
    char *place = beside(b, "copies");
    assert_ok(file_mkdirs(place, &err));
    return place;
}

/* Opens a copy as pps does, when it is the only file of its folder. */
static struct store *open_copy(const char *place, const char *path)
{
    struct err err;
    struct stat st;
    struct store *copy = NULL;
    assert_int_equal(files_in(place), 1);
    assert_int_equal(lstat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(st.st_nlink, 1);
    assert_ok(store_open(path, STORE_READ, &copy, &err));
    assert_ok(store_check(copy, &err));
    assert_int_equal(files_in(place), 1);
    return copy;
}

/* ---- a copy ---- */

static void a_copy_is_whole_private_and_alone(void **state)
{
    struct bench *b = *state;
    struct err err;
    char *place = new_place(b), *path = file_join(place, "copy.db");
    struct stat st;
    int64_t bytes = 0;
    put(b->store, "k", "v");
    mode_t was = umask(0);
    assert_ok(store_backup(b->store, path, &bytes, &err));
    umask(was);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(bytes, st.st_size);
    struct store *copy = open_copy(place, path);
    assert_setting(copy, "k", "v");
    store_close(copy);
    /* It lives on like any other database; and so does the first. */
    put(b->store, "k", "w");
    copy = NULL;
    assert_ok(store_open(path, STORE_WRITE, &copy, &err));
    assert_setting(copy, "k", "v");
    put(copy, "k", "x");
    store_close(copy);
    assert_setting(b->store, "k", "w");
    free(path);
    free(place);
}

/* Whoever moves a database into write-ahead mode takes it out again with the next command that writes; a copy of it must
 * not need the log. */
static void a_copy_has_no_write_ahead_log(void **state)
{
    struct bench *b = *state;
    struct err err;
    char *place = new_place(b), *path = file_join(place, "copy.db");
    int64_t bytes = 0;
    raw(b->path, "PRAGMA journal_mode = WAL");
    put(b->store, "k", "in the log");
    assert_ok(store_backup(b->store, path, &bytes, &err));
    char *header = read_text(path, NULL);
    assert_memory_equal(header + 18, "\1\1", 2);
    free(header);
    struct store *copy = open_copy(place, path);
    assert_setting(copy, "k", "in the log");
    store_close(copy);
    free(path);
    free(place);
}

static void a_folder_may_be_reached_through_a_link(void **state)
{
    struct bench *b = *state;
    struct err err;
    char *place = new_place(b), *link_path = beside(b, "link");
    char *path = file_join(place, "copy.db"), *through = file_join(link_path, "copy.db");
    int64_t bytes = 0;
    assert_int_equal(symlink("copies", link_path), 0);
    assert_ok(store_backup(b->store, through, &bytes, &err));
    store_close(open_copy(place, path));
    free(through);
    free(path);
    free(link_path);
    free(place);
}

/* ---- the target ---- */

static void assert_not_replaced(struct bench *b, const char *place, const char *name,
                                const char *line)
{
    struct err err;
    int64_t bytes = -1;
    size_t before = files_in(place);
    char *path = file_join(place, name), *wanted = xasprintf("%s%s", path, line);
    assert_fails(store_backup(b->store, path, &bytes, &err), RC_EXISTS, wanted);
    assert_int_equal(bytes, -1);
    assert_int_equal(files_in(place), before);
    free(wanted);
    free(path);
}

static void what_is_there_stays(void **state)
{
    struct bench *b = *state;
    struct err err;
    char *place = new_place(b);
    char *file = file_join(place, "file"), *sub = file_join(place, "folder"),
         *dangling = file_join(place, "dangling"), *fifo = file_join(place, "fifo"),
         *journal = file_join(place, "gone-journal"), *wal = file_join(place, "lost-wal");
    assert_ok(file_write(file, "mine", 4, true, &err));
    assert_ok(file_write(journal, "pages", 5, true, &err));
    assert_ok(file_write(wal, "pages", 5, true, &err));
    assert_ok(file_mkdirs(sub, &err));
    assert_int_equal(symlink("nowhere", dangling), 0);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    static const char *const names[] = {"file", "folder", "dangling", "fifo", "", "."};
    for (size_t i = 0; i < COUNT(names); i++)
        assert_not_replaced(b, place, names[i], " exists already: nothing was changed");
    assert_not_replaced(b, place, "gone",
                        "-journal is there, of a database that is gone: move it away first");
    assert_not_replaced(b, place, "lost",
                        "-wal is there, of a database that is gone: move it away first");
    char *text = read_text(file, NULL);
    assert_string_equal(text, "mine");
    free(text);
    char *const paths[] = {place, file, sub, dangling, fifo, journal, wal};
    for (size_t i = 0; i < COUNT(paths); i++)
        free(paths[i]);
}

static void folders_that_cannot_be_used(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t bytes;
    char *none = beside(b, "none"), *in_none = file_join(none, "copy.db");
    char *in_file = file_join(b->path, "copy.db");
    char *line = xasprintf("there is no folder %s: create it first", none);
    assert_fails(store_backup(b->store, in_none, &bytes, &err), RC_IO, line);
    assert_false(file_exists(none));
    free(line);
    line = xasprintf("cannot create the copy %s: Not a directory", in_file);
    assert_fails(store_backup(b->store, in_file, &bytes, &err), RC_IO, line);
    free(line);
    free(in_file);
    free(in_none);
    free(none);
}

/* ---- others at work ---- */

static void what_is_not_committed_is_not_in_it(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct store *reader = NULL;
    char *place = new_place(b), *path = file_join(place, "copy.db");
    int64_t bytes;
    put(b->store, "k", "before");
    assert_ok(store_open(b->path, STORE_READ, &reader, &err));
    assert_ok(store_begin(b->store, &err));
    assert_ok(store_setting_set(b->store, "k", "after", &err));
    sqlite3_busy_timeout(reader->db, 0); /* it need not wait */
    assert_ok(store_backup(reader, path, &bytes, &err));
    assert_ok(store_commit(b->store, &err));
    struct store *copy = open_copy(place, path);
    assert_setting(copy, "k", "before");
    store_close(copy);
    store_close(reader);
    free(path);
    free(place);
}

static int commit_then_try_again(void *other, int times)
{
    (void)times;
    return sqlite3_exec(((struct store *)other)->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
}

/* Another process is between its first and its last page: the copy waits, and has all of them. */
static void it_waits_for_a_commit(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct store *reader = NULL;
    char *place = new_place(b), *path = file_join(place, "copy.db");
    int64_t bytes;
    assert_ok(store_open(b->path, STORE_READ, &reader, &err));
    assert_int_equal(sqlite3_exec(b->store->db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
    assert_ok(store_setting_set(b->store, "k", "after", &err));
    sqlite3_busy_handler(reader->db, commit_then_try_again, b->store);
    assert_ok(store_backup(reader, path, &bytes, &err));
    struct store *copy = open_copy(place, path);
    assert_setting(copy, "k", "after");
    store_close(copy);
    store_close(reader);
    free(path);
    free(place);
}

static void it_does_not_wait_for_ever(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct store *reader = NULL;
    char *place = new_place(b), *path = file_join(place, "copy.db");
    char *line = xasprintf("another pps is writing to %s: try again in a moment", b->path);
    int64_t bytes = -1;
    assert_ok(store_open(b->path, STORE_READ, &reader, &err));
    assert_int_equal(sqlite3_exec(b->store->db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_busy_timeout(reader->db, 20);
    assert_fails(store_backup(reader, path, &bytes, &err), RC_BUSY, line);
    assert_int_equal(files_in(place), 0);
    store_rollback(b->store);
    assert_ok(store_backup(reader, path, &bytes, &err));
    store_close(reader);
    free(line);
    free(path);
    free(place);
}

/* For every byte that comes it commits a pair of equal numbers, one higher each time, and answers with a byte. */
static _Noreturn void write_as_told(const char *path, int line)
{
    struct store *store = NULL;
    struct err err;
    char byte;
    enum rc rc = store_open(path, STORE_WRITE, &store, &err);
    for (int i = 1; rc == RC_OK && read(line, &byte, 1) == 1; i++) {
        char *value = xasprintf("%d", i);
        rc = store_begin(store, &err);
        if (rc == RC_OK)
            rc = store_setting_set(store, "one", value, &err);
        if (rc == RC_OK)
            rc = store_setting_set(store, "two", value, &err);
        if (rc == RC_OK)
            rc = store_commit(store, &err);
        if (rc == RC_OK && write(line, "", 1) != 1)
            rc = RC_IO;
        free(value);
    }
    _exit(rc == RC_OK ? 0 : 1);
}

static int number(struct store *store, const char *key)
{
    struct err err;
    char *value = NULL;
    assert_ok(store_setting_get(store, key, &value, &err));
    int n = value ? atoi(value) : 0;
    free(value);
    return n;
}

static void hear(int line, int bytes)
{
    char byte;
    for (int i = 0; i < bytes; i++)
        assert_int_equal(read(line, &byte, 1), 1);
}

/* While it is made, a writer goes on: each copy is of one instant, after what was committed before it, and nobody is
 * turned away. */
static void a_writer_goes_on_beside_it(void **state)
{
    enum { COPIES = 8, COMMITS = 6 };
    struct bench *b = *state;
    struct err err;
    int ends[2], status = 0;
    store_close(b->store); /* a database is not carried into another process */
    b->store = NULL;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        write_as_told(b->path, ends[1]);
    }
    close(ends[1]);
    assert_ok(store_open(b->path, STORE_READ, &b->store, &err));
    for (int i = 0; i < COPIES; i++) {
        struct store *copy = NULL;
        int64_t bytes;
        char *name = xasprintf("copy%d.db", i), *path = beside(b, name);
        assert_int_equal(write(ends[0], "......", COMMITS), COMMITS);
        hear(ends[0], 1);
        assert_ok(store_backup(b->store, path, &bytes, &err));
        hear(ends[0], COMMITS - 1);
        assert_ok(store_open(path, STORE_READ, &copy, &err));
        assert_int_equal(number(copy, "one"), number(copy, "two"));
        assert_in_range(number(copy, "one"), i * COMMITS + 1, (i + 1) * COMMITS);
        store_close(copy);
        free(path);
        free(name);
    }
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* ---- what may go wrong ---- */

static int64_t root_page(struct bench *b, const char *name)
{
    sqlite3_stmt *s = NULL;
    assert_int_equal(sqlite3_prepare_v2(b->store->db,
                                        "SELECT rootpage FROM sqlite_schema WHERE name = $1", -1,
                                        &s, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_bind_text(s, 1, name, -1, SQLITE_STATIC), SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    int64_t page = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return page;
}

static void assert_no_copy(struct bench *b, enum rc rc, const char *beginning)
{
    struct err err = {0};
    int64_t bytes = -1;
    char *place = new_place(b), *path = file_join(place, "copy.db");
    enum rc got = store_backup(b->store, path, &bytes, &err);
    if (got != rc || !str_starts(err.message, beginning))
        fail_msg("rc %d: %s", (int)got, err.message);
    assert_null(strchr(err.message, '\n'));
    assert_int_equal(bytes, -1);
    assert_int_equal(files_in(place), 0);
    free(path);
    free(place);
}

static void a_damaged_database_is_not_kept(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t page = root_page(b, "client_phone");
    add_client(b, "Мария", "+79031234567", NULL);
    store_close(b->store);
    b->store = NULL;
    size_t len;
    char *bytes = read_text(b->path, &len);
    char *line = xasprintf("the database %s is damaged, there is no copy: ", b->path);
    /* An index that has lost its rows: each page is sound by itself. */
    char *empty = xcalloc(1, 4096);
    memcpy(empty, "\x0a\0\0\0\0\x10\0\0", 8);
    char *worse = xcalloc(1, len);
    memcpy(worse, bytes, len);
    memcpy(worse + (page - 1) * 4096, empty, 4096);
    assert_ok(file_write(b->path, worse, len, false, &err));
    assert_ok(store_open(b->path, STORE_READ, &b->store, &err));
    assert_no_copy(b, RC_CORRUPT, line);
    store_close(b->store);
    /* A page that is no page. */
    memset(worse + (page - 1) * 4096, 'X', 4096);
    assert_ok(file_write(b->path, worse, len, false, &err));
    assert_ok(store_open(b->path, STORE_READ, &b->store, &err));
    assert_no_copy(b, RC_CORRUPT, line);
    free(worse);
    free(empty);
    free(line);
    free(bytes);
}

/* Another program, or a newer one of ours, has taken the database over since it was opened. */
static void what_is_not_ours_any_more_is_not_kept(void **state)
{
    struct bench *b = *state;
    char *line = xasprintf("the database %s was made by a newer pps", b->path);
    raw(b->path, "PRAGMA user_version = 99");
    assert_no_copy(b, RC_CONFIG, line);
    free(line);
    line = xasprintf("%s is not a database of pps", b->path);
    raw(b->path, "PRAGMA application_id = 252006675");
    assert_no_copy(b, RC_CORRUPT, line);
    free(line);
}

/* The database is cut short while it is open: found in copying, not in checking. */
static void a_database_that_shrinks_is_not_kept(void **state)
{
    struct bench *b = *state;
    char *line = xasprintf("the database %s is damaged, there is no copy: ", b->path);
    put(b->store, "k", "v");
    assert_int_equal(truncate(b->path, 5 * 4096), 0);
    assert_no_copy(b, RC_CORRUPT, line);
    free(line);
}

/* In a process of its own: no file may grow beyond ten pages. */
static int confined_child(const char *db, const char *to)
{
    const struct rlimit ten_pages = {10 * 4096, 10 * 4096};
    struct store *store = NULL;
    struct err err = {0};
    int64_t bytes;
    signal(SIGXFSZ, SIG_IGN);
    if (store_open(db, STORE_READ, &store, &err) != RC_OK ||
        setrlimit(RLIMIT_FSIZE, &ten_pages) != 0)
        return 10;
    enum rc rc = store_backup(store, to, &bytes, &err);
    store_close(store);
    char *line = xasprintf("cannot write the copy %s: disk I/O error", to);
    bool told = str_eq(err.message, line);
    free(line);
    return rc != RC_IO ? 11 : told ? 0 : 12;
}

static void a_copy_that_cannot_be_written_is_not_kept(void **state)
{
    struct bench *b = *state;
    int status = 0;
    char *place = new_place(b), *path = file_join(place, "copy.db");
    store_close(b->store);
    b->store = NULL;
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(confined_child(b->path, path));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(files_in(place), 0);
    free(path);
    free(place);
}

/* ---- what killed backups leave ---- */

static void age(const char *place, const char *name, time_t seconds)
{
    struct stat st;
    struct err err;
    char *path = file_join(place, name);
    if (lstat(path, &st) != 0)
        assert_ok(file_write(path, "half", 4, true, &err));
    assert_int_equal(lstat(path, &st), 0);
    const struct timespec to[2] = {{.tv_sec = st.st_mtime - seconds},
                                   {.tv_sec = st.st_mtime - seconds}};
    assert_int_equal(utimensat(AT_FDCWD, path, to, AT_SYMLINK_NOFOLLOW), 0);
    free(path);
}

static void old_drafts_are_swept_and_nothing_else(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct stat st;
    int64_t bytes;
    char *place = new_place(b), *path = file_join(place, "copy.db");
    char *link_path = file_join(place, ".pps-backup-linked"),
         *sub = file_join(place, ".pps-backup-folder");
    static const char *const gone[] = {".pps-backup-Ab12yZ", ".pps-backup-000000"};
    static const char *const stay[] = {".pps-backup-short",  ".pps-backup-toolong",
                                       "pps-backup-Ab12yZ",  ".pps-backup-",
                                       ".pps-Backup-Ab12yZ", "x.pps-backup-Ab12yZ"};
    for (size_t i = 0; i < COUNT(gone); i++)
        age(place, gone[i], DAY_SEC + 60);
    for (size_t i = 0; i < COUNT(stay); i++)
        age(place, stay[i], 10 * DAY_SEC);
    age(place, ".pps-backup-Young1", DAY_SEC - 60);
    assert_int_equal(symlink("../pps.db", link_path), 0);
    age(place, ".pps-backup-linked", 10 * DAY_SEC);
    assert_ok(file_mkdirs(sub, &err));
    age(place, ".pps-backup-folder", 10 * DAY_SEC);
    assert_ok(store_backup(b->store, path, &bytes, &err));
    for (size_t i = 0; i < COUNT(gone); i++) {
        char *each = file_join(place, gone[i]);
        assert_int_not_equal(lstat(each, &st), 0);
        free(each);
    }
    assert_int_equal(files_in(place), COUNT(stay) + 4); /* young, link, folder, and the copy */
    free(sub);
    free(link_path);
    free(path);
    free(place);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(a_copy_is_whole_private_and_alone),
        CASE(a_copy_has_no_write_ahead_log),
        CASE(a_folder_may_be_reached_through_a_link),
        CASE(what_is_there_stays),
        CASE(folders_that_cannot_be_used),
        CASE(what_is_not_committed_is_not_in_it),
        CASE(it_waits_for_a_commit),
        CASE(it_does_not_wait_for_ever),
        CASE(a_writer_goes_on_beside_it),
        CASE(a_damaged_database_is_not_kept),
        CASE(what_is_not_ours_any_more_is_not_kept),
        CASE(a_database_that_shrinks_is_not_kept),
        CASE(a_copy_that_cannot_be_written_is_not_kept),
        CASE(old_drafts_are_swept_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
