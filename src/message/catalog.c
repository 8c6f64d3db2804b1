/* Finds and reads template texts. The only file of this room that touches the disk, and only for
 * reading; step keys and languages come from data, so they are checked before they become part of a
 * path. Must not know what is in a template. Serves letter, sms, script and the checks. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/file.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "catalog.h"

static const struct {
    const char *folder, *suffix;
} shelves[SHELF_COUNT] = {
    [CHANNEL_EMAIL] = {"letters", ".md"}, [CHANNEL_SMS] = {"sms", ".txt"},
    [CHANNEL_CALL] = {"scripts", ".md"},  [CHANNEL_VISIT] = {"scripts", ".md"},
    [CHANNEL_TASK] = {"scripts", ".md"},  [SHELF_DIGESTS] = {"digests", ".md"},
};

void template_text_fini(struct template_text *text)
{
    free(text->name);
    free(text->text);
    free(text->lang);
    *text = (struct template_text){0};
}

/* Lower-case letters, digits and '-': cannot leave a folder, cannot be hidden. */
static bool is_key(const char *s, size_t max)
{
    size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return n > 0 && s[n] == '\0' && n <= max;
}

bool catalog_is_key(const char *key)
{
    return key != NULL && is_key(key, 64);
}

static enum rc check_key(const char *what, const char *key, size_t max, struct err *err)
{
    if (key != NULL && is_key(key, max))
        return RC_OK;
    char *shown = utf8_printable(str_or(key, ""), true);
    enum rc rc = err_set(err, RC_INVALID, "\"%s\" is not a %s: only a-z, 0-9 and - may be in it",
                         shown, what);
    free(shown);
    return rc;
}

/* --- reading ---------------------------------------------------------------------------------- */

bool template_may_hold(uint32_t cp)
{
    enum { LEFT_TO_RIGHT = 0x200E, RIGHT_TO_LEFT = 0x200F, ARABIC = 0x61C };
    return !utf8_is_unsafe(cp) || cp == '\r' || cp == LEFT_TO_RIGHT || cp == RIGHT_TO_LEFT ||
           cp == ARABIC;
}

/* What Notepad calls Unicode: with its mark, or with every other byte of the first letters empty. */
static bool is_utf16(const char *text, size_t len)
{
    return len >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0 ||
                        (text[0] == '\0') != (text[1] == '\0'));
}

static enum rc check_text(const char *name, const char *text, size_t len, struct err *err)
{
    size_t i = 0, step = 1, line, column;
    uint32_t cp = ' ';
    if (len > TEMPLATE_MAX_BYTES)
        return err_set(err, RC_INVALID, "%s is larger than %zu bytes", name, TEMPLATE_MAX_BYTES);
    if (is_utf16(text, len))
        return err_set(err, RC_INVALID, "%s:1:1: the text is saved as UTF-16: save it as UTF-8",
                       name);
    while (i < len && (step = utf8_decode(text + i, len - i, &cp)) > 0 && template_may_hold(cp))
        i += step;
    if (i >= len)
        return RC_OK;
    template_place(text, i, &line, &column);
    if (step == 0)
        return err_set(err, RC_INVALID, "%s:%zu:%zu: the text is not UTF-8 here: save it as UTF-8",
                       name, line, column);
    return err_set(
        err, RC_INVALID,
        "%s:%zu:%zu: a sign that nobody sees (U+%04X): delete what stands here, and type it "
        "by hand",
        name, line, column, (unsigned)cp);
}

/* What Notepad leaves: a byte order mark and CR LF. Old files may have bare CR. */
static char *normalised(const char *text, size_t len)
{
    struct sb out = {0};
    size_t i = len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    for (; i < len; i++) {
        if (text[i] != '\r')
            sb_addc(&out, text[i]);
        else if (i + 1 == len || text[i + 1] != '\n')
            sb_addc(&out, '\n');
    }
    return sb_take(&out);
}

enum rc catalog_read(const char *dir, const char *path, size_t max_bytes, char **ret_name,
                     char **ret_text, size_t *ret_len, struct err *err)
{
    *ret_name = file_join(dir, path);
    /* what is not there may be built in, wherever its folder leads */
    enum rc rc = file_exists(*ret_name) ? file_stays_inside(dir, *ret_name, err) : RC_OK;
    return rc == RC_OK ? file_read(*ret_name, max_bytes, ret_text, ret_len, err) : rc;
}

/* path is below the folder of templates. Takes nothing; ret->lang is not set here. */
static enum rc read_path(const char *dir, const char *path, struct template_text *ret,
                         struct err *err)
{
    char *name = NULL, *text = NULL;
    size_t len = 0;
    const char *bytes = NULL;
    struct err why = {0}; /* err stays untouched when the built-in text is taken instead */
    enum rc rc = dir == NULL
                     ? RC_NOTFOUND
                     : catalog_read(dir, path, TEMPLATE_MAX_BYTES, &name, &text, &len, &why);
    if (rc == RC_OK) {
        bytes = text;
    } else if (rc != RC_NOTFOUND) {
        rc = err_set(err, rc, "%s", why.message);
    } else {
        char *source_path = xasprintf("templates/%s", path);
        const struct embedded_file *built_in = embedded_find(source_path);
        free(source_path);
        if (built_in != NULL) {
            free(name);
            name = xasprintf("built-in %s", path);
            bytes = built_in->text;
            len = built_in->len;
            rc = RC_OK;
        }
    }
    if (rc == RC_OK)
        rc = check_text(name, bytes, len, err);
    if (rc == RC_OK) {
        *ret = (struct template_text){.name = name, .text = normalised(bytes, len)};
        name = NULL;
    }
    free(name);
    free(text);
    return rc;
}

/* --- places ----------------------------------------------------------------------------------- */

void template_place(const char *text, size_t at, size_t *ret_line, size_t *ret_column)
{
    *ret_line = *ret_column = 1;
    for (size_t i = 0; i < at && text[i] != '\0'; i++) {
        if (text[i] == '\n') {
            (*ret_line)++;
            *ret_column = 1;
        } else if (((unsigned char)text[i] & 0xC0) != 0x80) {
            (*ret_column)++;
        }
    }
}

/* --- languages -------------------------------------------------------------------------------- */

struct langs {
    char **v;
    size_t n, cap;
};

static void add_lang(struct langs *langs, const char *lang, size_t len)
{
    char *copy = xstrndup(lang, len);
    bool fits = is_key(copy, TEMPLATE_MAX_LANG);
    for (size_t i = 0; i < langs->n; i++)
        fits = fits && strcmp(langs->v[i], copy) != 0;
    if (!fits) {
        free(copy);
        return;
    }
    vec_reserve(&langs->v, langs->n, &langs->cap, sizeof *langs->v);
    langs->v[langs->n++] = copy;
}

static void langs_fini(struct langs *langs)
{
    for (size_t i = 0; i < langs->n; i++)
        free(langs->v[i]);
    free(langs->v);
}

static int compare_langs(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Every language that has a folder on this shelf, sorted: the order of a directory is no order. */
static void list_langs(const char *dir, const char *folder, struct langs *langs)
{
    char *path = dir == NULL ? NULL : file_join(dir, folder);
    DIR *d = path == NULL ? NULL : opendir(path);
    const struct dirent *entry;
    while (d != NULL && (entry = readdir(d)) != NULL)
        add_lang(langs, entry->d_name, strlen(entry->d_name));
    if (d != NULL)
        closedir(d);
    free(path);
    char *prefix = xasprintf("templates/%s/", folder);
    for (size_t i = 0; i < embedded_files_count; i++) {
        if (!str_starts(embedded_files[i].name, prefix))
            continue;
        const char *lang = embedded_files[i].name + strlen(prefix);
        add_lang(langs, lang, strcspn(lang, "/"));
    }
    free(prefix);
    if (langs->n > 1)
        qsort(langs->v, langs->n, sizeof *langs->v, compare_langs);
}

/* --- finding ---------------------------------------------------------------------------------- */

static enum rc try_lang(const char *dir, unsigned shelf, const char *file, const char *lang,
                        struct template_text *ret, struct err *err)
{
    char *path = xasprintf("%s/%s/%s%s", shelves[shelf].folder, lang, file, shelves[shelf].suffix);
    enum rc rc = read_path(dir, path, ret, err);
    if (rc == RC_OK)
        ret->lang = xstrdup(lang);
    else if (rc == RC_NOTFOUND)
        rc = err_set(err, rc, "there is no template %s%s%s", path, dir == NULL ? "" : " in ",
                     dir == NULL ? "" : dir);
    free(path);
    return rc;
}

enum rc catalog_find_exact(const char *dir, unsigned shelf, const char *step, const char *lang,
                           struct template_text *ret, struct err *err)
{
    enum rc rc = check_key("step key", step, 64, err);
    if (rc == RC_OK)
        rc = check_key("language", lang, TEMPLATE_MAX_LANG, err);
    return rc == RC_OK ? try_lang(dir, shelf, step, lang, ret, err) : rc;
}

enum rc catalog_find(const char *dir, unsigned shelf, const char *step, const char *const *wanted,
                     size_t n_wanted, struct template_text *ret, struct err *err)
{
    enum rc rc = check_key("step key", step, 64, err);
    struct langs order = {0}, all = {0};
    for (size_t i = 0; i < n_wanted && rc == RC_OK; i++) {
        if (wanted[i] == NULL)
            continue;
        rc = check_key("language", wanted[i], TEMPLATE_MAX_LANG, err);
        if (rc == RC_OK)
            add_lang(&order, wanted[i], strlen(wanted[i]));
    }
    if (rc != RC_OK)
        goto out;
    add_lang(&order, "en", 2);
    list_langs(dir, shelves[shelf].folder, &all);
    for (size_t i = 0; i < all.n; i++)
        add_lang(&order, all.v[i], strlen(all.v[i]));
    struct err first = {0}, why = {0};
    rc = RC_NOTFOUND;
    for (size_t i = 0; i < order.n && rc == RC_NOTFOUND; i++) {
        rc = try_lang(dir, shelf, step, order.v[i], ret, &why);
        if (i == 0)
            first = why; /* names the file in the language that was wanted most */
    }
    if (rc != RC_OK)
        err_set(err, rc, "%s", rc == RC_NOTFOUND ? first.message : why.message);
out:
    langs_fini(&order);
    langs_fini(&all);
    return rc;
}

enum rc catalog_find_partial(const char *dir, unsigned shelf, const char *name, const char *lang,
                             struct template_text *ret, struct err *err)
{
    enum rc rc = check_key("name of a part", name, 64, err);
    if (rc != RC_OK)
        return rc;
    char *file = xasprintf("partials/%s", name);
    rc = try_lang(dir, shelf, file, lang, ret, err);
    free(file);
    return rc;
}

enum rc catalog_find_layout(const char *dir, const char *file, struct template_text *ret,
                            struct err *err)
{
    char *path = xasprintf("layout/%s", file);
    enum rc rc = read_path(dir, path, ret, err);
    if (rc == RC_NOTFOUND)
        rc = err_set(err, rc, "there is no template %s", path);
    free(path);
    return rc;
}
