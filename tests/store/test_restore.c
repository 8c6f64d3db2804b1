/* A backup that is put back while the system fails: no disk that can be read, no memory, a file that cannot be looked at.
 * Then that is said, and nothing was touched. Where all goes well, and what is no backup: tests/cli/recover.bats and
 * recover_from.bats. */
#include <errno.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "bench.h"

/* From the n-th time on (1: the first) that a file is read whose name ends so, the disk fails; n is 0: never. */
static struct {
    const char *suffix;
    int n, times, error;
} disk;

static bool disk_fails(int fd)
{
    char link[32], name[512];
    if (disk.n == 0)
        return false;
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, name, sizeof name - 1);
    name[n > 0 ? n : 0] = '\0';
    if (!str_ends(name, disk.suffix) || ++disk.times < disk.n)
        return false;
    errno = disk.error;
    return true;
}

/* Instead of the C library's, for us and for SQLite. */
ssize_t read(int fd, void *buf, size_t n)
{
    return disk_fails(fd) ? -1 : (ssize_t)syscall(SYS_read, fd, buf, n);
}

ssize_t pread(int fd, void *buf, size_t n, off_t at)
{
    return disk_fails(fd) ? -1 : (ssize_t)syscall(SYS_pread64, fd, buf, n, at);
}

ssize_t pread64(int fd, void *buf, size_t n, off64_t at)
{
    return pread(fd, buf, n, at);
}

/* The n-th piece of memory that SQLite asks for (1: the first) is not there; 0: all are. */
static struct {
    sqlite3_mem_methods real;
    int n, times;
} memory;

static bool memory_fails(void)
{
    return memory.n > 0 && ++memory.times == memory.n;
}

static void *failing_malloc(int bytes)
{
    return memory_fails() ? NULL : memory.real.xMalloc(bytes);
}

static void *failing_realloc(void *old, int bytes)
{
    return memory_fails() ? NULL : memory.real.xRealloc(old, bytes);
}

static int let_memory_fail(void **state)
{
    (void)state;
    sqlite3_mem_methods ours;
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory.real) != SQLITE_OK)
        return -1;
    ours = memory.real;
    ours.xMalloc = failing_malloc;
    ours.xRealloc = failing_realloc;
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &ours) == SQLITE_OK ? 0 : -1;
}

static void set(struct store *store, const char *value)
{
    struct err err;
    assert_ok(store_begin(store, &err));
    assert_ok(store_setting_set(store, "k", value, &err));
    assert_ok(store_commit(store, &err));
}

/* A backup with something in it; the database is closed. */
static char *old_backup(struct bench *b)
{
    struct err err;
    int64_t bytes;
    char *backup = file_join(b->dir, "backup.db");
    set(b->store, "then");
    assert_ok(store_backup(b->store, backup, &bytes, &err));
    set(b->store, "now");
    store_close(b->store);
    b->store = NULL;
    return backup;
}

/* It was said that the system failed, and not that a file is damaged; nothing was moved, nothing is left. */
static void assert_untouched(struct bench *b, enum rc rc, const struct err *err, ino_t was)
{
    struct stat st;
    char *aside = file_join(b->dir, "aside.db"), *copy = xasprintf("%s.restoring", b->path);
    if (rc != RC_IO || strstr(err->message, "damaged") != NULL)
        fail_msg("rc %d: %s", (int)rc, err->message);
    assert_int_equal(stat(b->path, &st), 0);
    assert_true(st.st_ino == was);
    assert_int_not_equal(lstat(aside, &st), 0);
    assert_int_not_equal(lstat(copy, &st), 0);
    free(copy);
    free(aside);
}

/* The backup is in its place and whole, and what was there is put back for the next round. */
static void assert_restored(struct bench *b, const char *aside, bool kept)
{
    struct err err;
    struct store *store = NULL;
    char *value = NULL;
    assert_true(kept);
    assert_ok(store_open(b->path, STORE_READ, &store, &err));
    assert_ok(store_setting_get(store, "k", &value, &err));
    assert_string_equal(value, "then");
    free(value);
    store_close(store);
    assert_int_equal(rename(aside, b->path), 0);
}

/* Returns how many reads of the file it takes to put the backup back. Not each of them is needed: once nobody else can
 * write, a look whether somebody did is not. */
static int fail_at_every_read(struct bench *b, const char *backup, const char *file, int error)
{
    struct stat st;
    int failures = 0, times = 0;
    char *aside = file_join(b->dir, "aside.db");
    assert_int_equal(stat(b->path, &st), 0);
    disk.suffix = file;
    disk.error = error;
    for (int n = 1; n <= times + 1; n++) {
        struct err err = {0};
        bool kept = false;
        disk.times = 0;
        disk.n = n;
        enum rc rc = store_restore(backup, b->path, aside, &kept, &err);
        disk.n = 0;
        times = disk.times;
        assert_true(rc != RC_OK || n > 1);
        failures += rc != RC_OK;
        if (rc == RC_OK)
            assert_restored(b, aside, kept);
        else
            assert_untouched(b, rc, &err, st.st_ino);
    }
    free(aside);
    return failures;
}

/* EIO is what SQLite takes for damage; other errors it tells as they are. */
static void a_disk_that_cannot_read_is_no_damaged_file(void **state)
{
    struct bench *b = *state;
    static const char *const files[] = {"/pps.db", "/backup.db", "/pps.db.restoring"};
    static const int errors[] = {EIO, ESTALE};
    char *backup = old_backup(b);
    for (size_t i = 0; i < COUNT(files) * COUNT(errors); i++) {
        const char *file = files[i / COUNT(errors)];
        int error = errors[i % COUNT(errors)];
        int failures = fail_at_every_read(b, backup, file, error);
        print_message("%s: %s at %d reads\n", file, strerror(error), failures);
        assert_true(failures > 0);
    }
    free(backup);
}

/* Without some pieces of memory SQLite can do; then the backup is in its place, and whole. */
static void no_memory_is_no_damaged_file(void **state)
{
    struct bench *b = *state;
    struct stat st;
    int failures = 0;
    char *backup = old_backup(b), *aside = file_join(b->dir, "aside.db");
    assert_int_equal(stat(b->path, &st), 0);
    for (int n = 1;; n += 1 + n / 40) { /* the first ones each */
        struct err err = {0};
        bool kept = false;
        memory.times = 0;
        memory.n = n;
        enum rc rc = store_restore(backup, b->path, aside, &kept, &err);
        memory.n = 0;
        failures += rc != RC_OK;
        if (rc != RC_OK) {
            assert_untouched(b, rc, &err, st.st_ino);
            continue;
        }
        assert_restored(b, aside, kept);
        if (memory.times < n)
            break;
    }
    print_message("%d times without memory\n", failures);
    assert_true(failures > 100);
    free(aside);
    free(backup);
}

/* A folder in the database's place: SQLite cannot say whether somebody writes to it. */
static void what_cannot_be_looked_at_is_not_replaced(void **state)
{
    struct bench *b = *state;
    struct err err = {0};
    struct stat st;
    bool kept = false;
    char *backup = old_backup(b), *aside = file_join(b->dir, "aside.db");
    char *journal = xasprintf("%s-journal", b->path);
    (void)unlink(journal);
    assert_int_equal(unlink(b->path), 0);
    assert_ok(file_mkdirs(b->path, &err));
    char *line = xasprintf("cannot tell whether somebody is writing to %s (unable to open database "
                           "file), nothing was changed: if nobody is, move it away first",
                           b->path);
    assert_fails(store_restore(backup, b->path, aside, &kept, &err), RC_IO, line);
    assert_int_equal(stat(b->path, &st), 0);
    assert_true(S_ISDIR(st.st_mode));
    assert_int_not_equal(lstat(aside, &st), 0);
    assert_int_equal(rmdir(b->path), 0);
    assert_ok(store_restore(backup, b->path, aside, &kept, &err)); /* there is nothing to be used */
    assert_false(kept);
    free(line);
    free(journal);
    free(aside);
    free(backup);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(a_disk_that_cannot_read_is_no_damaged_file),
        CASE(no_memory_is_no_damaged_file),
        CASE(what_cannot_be_looked_at_is_not_replaced),
    };
    return cmocka_run_group_tests(tests, let_memory_fail, NULL);
}
