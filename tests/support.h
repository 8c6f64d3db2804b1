/* What several unit and store tests need: dates and instants read from text, scratch folders, the
 * playbook of the shipped templates, and assertions that show the error line when they fail. Tests
 * run from the root of the source tree. */
#ifndef TESTS_SUPPORT_H
#define TESTS_SUPPORT_H

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <pps/file.h>
#include <pps/model.h>
#include <pps/playbook.h>
#include <pps/str.h>
#include <pps/zone.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The call succeeds; otherwise its error line is shown. Needs `struct err err` in scope. */
#define assert_ok(call)                                                                            \
    do {                                                                                           \
        err = (struct err){0};                                                                     \
        enum rc assert_ok_rc = (call);                                                             \
        if (assert_ok_rc != RC_OK)                                                                 \
            fail_msg("%s: rc %d: %s", #call, (int)assert_ok_rc, err.message);                      \
    } while (0)

/* The call fails with this rc and exactly this line (NULL: any line that is not empty). */
#define assert_fails(call, wanted_rc, wanted_line)                                                 \
    do {                                                                                           \
        const char *assert_fails_line = (wanted_line);                                             \
        err = (struct err){0};                                                                     \
        enum rc assert_fails_rc = (call);                                                          \
        if (assert_fails_line != NULL && strcmp(err.message, assert_fails_line) != 0)              \
            fail_msg("%s\n  said   %s\n  wanted %s", #call, err.message, assert_fails_line);       \
        if (assert_fails_rc != (wanted_rc))                                                        \
            fail_msg("%s: rc %d, wanted %d: %s", #call, (int)assert_fails_rc, (int)(wanted_rc),    \
                     err.message);                                                                 \
        assert_string_not_equal(err.message, "");                                                  \
    } while (0)

static inline struct civil when(const char *text)
{
    struct civil c = {CIVIL_NONE, MINUTE_NONE};
    struct err err = {0};
    if (text != NULL)
        assert_ok(civil_parse(text, CIVIL_NONE, &c, &err));
    return c;
}

static inline civil_day day(const char *text)
{
    return when(text).day;
}

static inline const struct zone *zone_named(const char *name)
{
    const struct zone *zone = NULL;
    struct err err;
    assert_ok(zone_find(name, &zone, &err));
    return zone;
}

/* UTC seconds of a time on the wall in a zone. */
static inline int64_t instant(const char *zone, const char *text)
{
    return zone_to_utc(zone_named(zone), when(text));
}

/* A scratch folder, removed by remove_folder; the runner says where (TMPDIR). */
static inline char *new_folder(void)
{
    char *dir = file_join(str_or(getenv("TMPDIR"), "/tmp"), "pps-test-XXXXXX");
    assert_non_null(mkdtemp(dir));
    return dir;
}

static inline int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)kind, (void)at;
    return remove(path);
}

static inline void remove_folder(char *dir)
{
    assert_int_equal(nftw(dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS), 0);
    free(dir);
}

static inline char *read_text(const char *path, size_t *ret_len)
{
    char *text = NULL;
    size_t len = 0;
    struct err err;
    assert_ok(file_read(path, 1 << 24, &text, &len, &err));
    if (ret_len != NULL)
        *ret_len = len;
    return text;
}

/* Takes the mark ^ out of a text (in place) and says where it stood: "name:line:column: what".
 * Columns count characters. Without a mark: just `what`. */
static inline char *place_of_mark(char *text, const char *name, const char *what)
{
    char *mark = strchr(text, '^');
    if (mark == NULL)
        return xstrdup(what);
    int line = 1, column = 1;
    for (const char *p = text; p < mark; p++) {
        column += ((unsigned char)*p & 0xC0) != 0x80;
        if (*p == '\n') {
            line++;
            column = 1;
        }
    }
    memmove(mark, mark + 1, strlen(mark));
    return xasprintf("%s:%d:%d: %s", name, line, column, what);
}

static inline struct playbook shipped_playbook(void)
{
    struct playbook playbook = {0};
    struct err err;
    size_t len;
    char *text = read_text("templates/playbook.json", &len);
    assert_ok(playbook_parse(text, len, "playbook.json", &playbook, &err));
    free(text);
    return playbook;
}

#endif
