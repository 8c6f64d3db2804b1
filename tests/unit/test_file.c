/* Files: read whole, written whole or not at all, private from their first instant; and secrets,
 * which must be private already. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "support.h"

static char *folder;

static int setup(void **state)
{
    (void)state;
    folder = new_folder();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    remove_folder(folder);
    return 0;
}

static void put(const char *path, const char *bytes, size_t len, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), len);
    assert_int_equal(fchmod(fd, mode), 0);
    assert_int_equal(close(fd), 0);
}

static mode_t mode_of(const char *path)
{
    struct stat st;
    assert_int_equal(lstat(path, &st), 0);
    return st.st_mode & 07777;
}

/* How many names a folder holds. */
static int names_in(const char *dir)
{
    char *command = xasprintf("ls -A '%s' | wc -l", dir);
    FILE *p = popen(command, "r");
    int n = -1;
    assert_non_null(p);
    assert_int_equal(fscanf(p, "%d", &n), 1);
    assert_int_equal(pclose(p), 0);
    free(command);
    return n;
}

static void reading_whole(void **state)
{
    (void)state;
    struct err err;
    char *path = file_join(folder, "x"), *text = NULL;
    size_t len = 7;
    put(path, "я\0b", 4, 0644);
    assert_ok(file_read(path, 4, &text, &len, &err));
    assert_int_equal(len, 4);
    assert_memory_equal(text, "я\0b", 5); /* and a NUL after it */
    free(text);

    put(path, "", 0, 0644);
    assert_ok(file_read(path, 0, &text, &len, &err));
    assert_int_equal(len, 0);
    assert_string_equal(text, "");
    free(text);

    char *big = xcalloc(1, 100001);
    memset(big, 'a', 100000);
    put(path, big, 100000, 0644);
    assert_ok(file_read(path, 100000, &text, &len, &err));
    assert_string_equal(text, big);
    free(text);
    free(big);
    text = NULL;
    char *line = xasprintf("%s is larger than 99999 bytes", path);
    assert_fails(file_read(path, 99999, &text, &len, &err), RC_INVALID, line);
    free(line);
    assert_null(text);

    char *missing = file_join(folder, "missing");
    line = xasprintf("cannot open %s: No such file or directory", missing);
    assert_fails(file_read(missing, 10, &text, &len, &err), RC_NOTFOUND, line);
    free(line);
    char *below = file_join(path, "y"); /* a file is no folder */
    assert_fails(file_read(below, 10, &text, &len, &err), RC_NOTFOUND, NULL);
    line = xasprintf("cannot read %s: Is a directory", folder);
    assert_fails(file_read(folder, 10, &text, &len, &err), RC_IO, line);
    free(line);
    assert_null(text);
    free(below);
    free(missing);
    free(path);
}

/* `--config <(…)` is a pipe: it is read to its end, however slowly that comes. */
static void a_pipe_is_read_to_its_end(void **state)
{
    (void)state;
    struct err err;
    char *path = file_join(folder, "pipe"), *text = NULL;
    size_t len = 0;
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(file_read(path, 100, &text, &len, &err), RC_IO); /* where nobody may wait */
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        alarm(20);
        int fd = open(path, O_WRONLY); /* waits for the reader */
        _exit(fd >= 0 && write(fd, "one\n", 4) == 4 && write(fd, "two\n", 4) == 4 ? 0 : 1);
    }
    alarm(20);
    assert_ok(file_read_stream(path, 100, &text, &len, &err));
    alarm(0);
    assert_string_equal(text, "one\ntwo\n");
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    free(text);
    free(path);
}

static void writing_whole(void **state)
{
    (void)state;
    struct err err;
    char *dir = file_join(folder, "w"), *path;
    assert_ok(file_mkdirs(dir, &err));
    path = file_join(dir, "x");
    mode_t was = umask(0);
    assert_ok(file_write(path, "one\0two", 7, true, &err));
    umask(was);
    assert_int_equal(mode_of(path), 0600);
    size_t len;
    char *text = read_text(path, &len);
    assert_int_equal(len, 7);
    assert_memory_equal(text, "one\0two", 7);
    free(text);

    /* Exclusive: what is there stays as it is. */
    char *line = xasprintf("%s exists already", path);
    assert_fails(file_write(path, "three", 5, true, &err), RC_EXISTS, line);
    free(line);
    text = read_text(path, &len);
    assert_int_equal(len, 7);
    free(text);

    /* Otherwise: replaced as a whole, even when the old one was open to everybody. */
    assert_int_equal(chmod(path, 0644), 0);
    assert_ok(file_write(path, "", 0, false, &err));
    text = read_text(path, &len);
    assert_int_equal(len, 0);
    free(text);
    assert_int_equal(mode_of(path), 0600);

    /* A symbolic link is replaced, not followed. */
    char *link_path = file_join(dir, "link");
    assert_int_equal(symlink("x", link_path), 0);
    assert_fails(file_write(link_path, "y", 1, true, &err), RC_EXISTS, NULL);
    assert_ok(file_write(link_path, "y", 1, false, &err));
    text = read_text(path, &len);
    assert_int_equal(len, 0);
    free(text);
    assert_int_equal(names_in(dir), 2); /* nothing temporary is left, also after failures */

    char *nowhere = file_join(folder, "nowhere/x");
    assert_fails(file_write(nowhere, "y", 1, false, &err), RC_IO, NULL);
    assert_true(str_starts(err.message, "cannot create "));
    char *sub = file_join(dir, "sub");
    assert_ok(file_mkdirs(sub, &err));
    line = xasprintf("cannot replace %s: Is a directory", sub);
    assert_fails(file_write(sub, "y", 1, false, &err), RC_IO, line);
    assert_int_equal(names_in(dir), 3);
    free(line);
    free(sub);
    free(nowhere);
    free(link_path);
    free(path);
    free(dir);
}

static void secrets(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        mode_t mode;
        const char *secret, *fault; /* one of the two */
    } cases[] = {
        {"hunter2", 7, 0600, "hunter2", NULL},
        {"hunter2\n", 8, 0600, "hunter2", NULL},
        {"hunter2\r\n", 9, 0400, "hunter2", NULL},
        {" пароль с пробелами ", 36, 0600, " пароль с пробелами ", NULL},
        {"hunter2\n\n", 9, 0600, "hunter2", NULL},
        {"", 0, 0600, NULL, "must hold one line"},
        {"\n", 1, 0600, NULL, "must hold one line"},
        {"one\ntwo\n", 8, 0600, NULL, "must hold one line"},
        {"hun\0ter2", 8, 0600, NULL, "must hold one line"},
        {"hunter2", 7, 0640, NULL, "can be read by others: run chmod 600 "},
        {"hunter2", 7, 0604, NULL, "can be read by others: run chmod 600 "},
        {"hunter2", 7, 0620, NULL, "can be read by others: run chmod 600 "},
        {"hunter2", 7, 0601, NULL, "can be read by others: run chmod 600 "},
    };
    struct err err;
    char *path = file_join(folder, "secret");
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *secret = NULL;
        put(path, cases[i].bytes, cases[i].len, cases[i].mode);
        if (cases[i].secret != NULL) {
            assert_ok(file_read_secret(path, &secret, &err));
            assert_string_equal(secret, cases[i].secret);
            free(secret);
        } else {
            bool names_twice = str_ends(cases[i].fault, " ");
            char *line =
                xasprintf("secret file %s %s%s", path, cases[i].fault, names_twice ? path : "");
            assert_fails(file_read_secret(path, &secret, &err), RC_CONFIG, line);
            assert_null(secret);
            assert_null(strstr(err.message, "hunter"));
            free(line);
        }
        assert_int_equal(unlink(path), 0);
    }
    char *secret = NULL;
    char *line = xasprintf("secret file: cannot open %s: No such file or directory", path);
    assert_fails(file_read_secret(path, &secret, &err), RC_CONFIG, line);
    free(line);
    line = xasprintf("secret file %s is not a regular file", folder);
    assert_fails(file_read_secret(folder, &secret, &err), RC_CONFIG, line);
    free(line);
    char *big = xcalloc(1, 5000);
    memset(big, 'a', 4999);
    put(path, big, 4999, 0600);
    line = xasprintf("%s is larger than 4096 bytes", path);
    assert_fails(file_read_secret(path, &secret, &err), RC_CONFIG, line);
    assert_int_equal(unlink(path), 0);
    free(line);
    free(big);

    /* A named pipe is refused, not waited for: the alarm ends the test if it is. */
    assert_int_equal(mkfifo(path, 0600), 0);
    line = xasprintf("secret file %s is not a regular file", path);
    alarm(20);
    assert_fails(file_read_secret(path, &secret, &err), RC_CONFIG, line);
    alarm(0);
    assert_null(secret);
    free(line);
    free(path);
}

static void folders(void **state)
{
    (void)state;
    struct err err;
    char *deep = file_join(folder, "a/b//c/"), *a = file_join(folder, "a"),
         *b = file_join(folder, "a/b");
    mode_t was = umask(0);
    assert_ok(file_mkdirs(deep, &err));
    umask(was);
    assert_true(file_exists(deep));
    assert_int_equal(mode_of(a), 0700);
    assert_int_equal(mode_of(b), 0700);
    assert_ok(file_mkdirs(deep, &err)); /* there already */
    assert_ok(file_mkdirs("/", &err));
    assert_fails(file_mkdirs("", &err), RC_IO,
                 "cannot create the folder : No such file or directory");

    char *file = file_join(folder, "a/file"), *below = file_join(file, "x");
    put(file, "x", 1, 0600);
    char *line = xasprintf("cannot create the folder %s: File exists", file);
    assert_fails(file_mkdirs(file, &err), RC_IO, line);
    free(line);
    assert_fails(file_mkdirs(below, &err), RC_IO, NULL);
    assert_false(file_exists(below));
    free(below);
    free(file);
    free(b);
    free(a);
    free(deep);
}

static void paths(void **state)
{
    (void)state;
    static const struct {
        const char *dir, *name, *joined;
    } joins[] = {
        {"a", "b", "a/b"},     {"a/", "b", "a/b"}, {"/", "b", "/b"},
        {".", "b/c", "./b/c"}, {"a", "/b", "/b"},
    };
    for (size_t i = 0; i < COUNT(joins); i++) {
        char *joined = file_join(joins[i].dir, joins[i].name);
        assert_string_equal(joined, joins[i].joined);
        free(joined);
    }
    static const struct {
        const char *path, *dir;
    } dirs[] = {
        {"a", "."}, {"a/b", "a"}, {"/a", "/"}, {"/", "/"}, {"a/b/c", "a/b"}, {"", "."},
    };
    for (size_t i = 0; i < COUNT(dirs); i++) {
        char *dir = file_dirname(dirs[i].path);
        assert_string_equal(dir, dirs[i].dir);
        free(dir);
    }
    assert_false(file_exists("/nonexistent/x"));
    assert_true(file_exists(folder));
}

/* Everything that is built in is the file of the source tree, byte by byte. */
static void built_in_files_are_the_files(void **state)
{
    (void)state;
    assert_true(embedded_files_count > 20);
    for (size_t i = 0; i < embedded_files_count; i++) {
        const struct embedded_file *f = &embedded_files[i];
        size_t len;
        char *text = read_text(f->name, &len);
        assert_int_equal(f->len, len);
        assert_memory_equal(f->text, text, len + 1);
        assert_ptr_equal(embedded_find(f->name), f);
        free(text);
    }
    assert_non_null(embedded_find("schema.sql"));
    assert_null(embedded_find("templates/../schema.sql"));
    assert_null(embedded_find(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_whole),
        cmocka_unit_test(a_pipe_is_read_to_its_end),
        cmocka_unit_test(writing_whole),
        cmocka_unit_test(secrets),
        cmocka_unit_test(folders),
        cmocka_unit_test(paths),
        cmocka_unit_test(built_in_files_are_the_files),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
