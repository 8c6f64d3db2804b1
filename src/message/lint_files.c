/* The agency's folder of templates as a folder: what lies there, and what of it nobody will ever read, because its name is
 * misspelt or its step is gone. Serves lint.c. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include <pps/file.h>
#include <pps/language.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "lint.h"

#define DIGESTS "digests"

static const struct shelf {
    const char *folder, *suffix;
} shelves[] = {{"letters", ".md"}, {"sms", ".txt"}, {"scripts", ".md"}, {DIGESTS, ".md"}};
enum { SHELVES = sizeof shelves / sizeof *shelves };

/* ---- listing ---- */

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void lint_list_folder(const char *path, struct lint_names *ret)
{
    DIR *d = opendir(path);
    const struct dirent *entry;
    while (d != NULL && (entry = readdir(d)) != NULL) {
        if (entry->d_name[0] != '.' && !str_ends(entry->d_name, "~"))
            lint_names_add(ret, entry->d_name);
    }
    if (d != NULL)
        closedir(d);
    if (ret->n > 1)
        qsort(ret->v, ret->n, sizeof *ret->v, compare_names);
}

static bool is_lang(const char *name)
{
    return strlen(name) == 2 && strspn(name, "abcdefghijklmnopqrstuvwxyz") == 2 &&
           language_meant(name) == NULL;
}

void lint_own_langs(const struct lint_input *in, struct lint_names *ret)
{
    for (size_t i = 0; i < SHELVES && in->templates_dir != NULL; i++) {
        struct lint_names entries = {0};
        char *path = file_join(in->templates_dir, shelves[i].folder);
        lint_list_folder(path, &entries);
        for (size_t k = 0; k < entries.n; k++) {
            if (is_lang(entries.v[k]))
                lint_names_add(ret, entries.v[k]);
        }
        lint_names_fini(&entries);
        free(path);
    }
}

/* ---- strangers ---- */

static bool goes_by(const struct step *step, const struct shelf *shelf)
{
    enum channel ways[LINT_MAX_WAYS];
    size_t n = lint_ways(step, ways);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(lint_folder(ways[i]), shelf->folder) == 0)
            return true;
    }
    return false;
}

static void check_step_file(struct lint *l, const struct shelf *shelf, const char *path,
                            const char *key)
{
    const struct playbook *p = l->in->playbook;
    const struct step *step = playbook_step(p, key);
    if (step != NULL && goes_by(step, shelf))
        return;
    if (step != NULL) {
        lint_find(l, false, path, 1, 1,
                  "is never used: by the playbook \"%s\" goes another way; take the file away, or "
                  "change the playbook",
                  key);
        return;
    }
    const char **keys = xcalloc(p->n_steps + 1, sizeof *keys);
    for (size_t i = 0; i < p->n_steps; i++)
        keys[i] = p->steps[i].key;
    const char *nearest = str_nearest(key, keys, p->n_steps);
    if (nearest != NULL)
        lint_find(l, false, path, 1, 1,
                  "is never used: the playbook has no step \"%s\"; did you mean \"%s\"?", key,
                  nearest);
    else
        lint_find(l, false, path, 1, 1,
                  "is never used: the playbook has no step \"%s\"; take the file away, or add the "
                  "step",
                  key);
    free(keys);
}

/* A file whose name should be KEY and the suffix of its shelf; the key without it, or NULL when that is told. New string. */
static char *key_of(struct lint *l, const struct shelf *shelf, const char *path, const char *name)
{
    size_t len = strlen(name), end = strlen(shelf->suffix);
    char *key = str_ends(name, shelf->suffix) ? xstrndup(name, len - end) : NULL;
    if (key != NULL && catalog_is_key(key))
        return key;
    lint_find(l, false, path, 1, 1,
              "is never used: such a name is of small letters, digits and dashes, and ends in %s",
              shelf->suffix);
    free(key);
    return NULL;
}

static void check_partials(struct lint *l, const struct shelf *shelf, const char *folder)
{
    struct lint_names entries = {0};
    lint_list_folder(folder, &entries);
    for (size_t i = 0; i < entries.n; i++) {
        char *path = file_join(folder, entries.v[i]);
        char *key = key_of(l, shelf, path, entries.v[i]);
        if (key != NULL && !lint_names_has(&l->partials, path))
            lint_find(l, false, path, 1, 1,
                      "is never used: no template includes it with {{> %s}}; take the file away",
                      key);
        free(key);
        free(path);
    }
    lint_names_fini(&entries);
}

/* There are two lists of the morning, whatever the playbook says. */
static void check_digest(struct lint *l, const char *path, const char *name)
{
    if (strcmp(name, "manager.md") != 0 && strcmp(name, "director.md") != 0)
        lint_find(l, false, path, 1, 1,
                  "is never used: the lists of the morning are manager.md and director.md");
}

static void check_lang(struct lint *l, const struct shelf *shelf, const char *folder)
{
    struct lint_names entries = {0};
    lint_list_folder(folder, &entries);
    for (size_t i = 0; i < entries.n; i++) {
        char *path = file_join(folder, entries.v[i]);
        if (strcmp(entries.v[i], "partials") == 0) {
            check_partials(l, shelf, path);
        } else if (strcmp(shelf->folder, DIGESTS) == 0) {
            check_digest(l, path, entries.v[i]);
        } else {
            char *key = key_of(l, shelf, path, entries.v[i]);
            if (key != NULL)
                check_step_file(l, shelf, path, key);
            free(key);
        }
        free(path);
    }
    lint_names_fini(&entries);
}

static void check_shelf(struct lint *l, const struct shelf *shelf, const char *folder)
{
    struct lint_names entries = {0};
    lint_list_folder(folder, &entries);
    for (size_t i = 0; i < entries.n; i++) {
        char *path = file_join(folder, entries.v[i]);
        const char *meant = language_meant(entries.v[i]);
        if (is_lang(entries.v[i]))
            check_lang(l, shelf, path);
        else if (meant != NULL)
            lint_find(l, false, path, 1, 1,
                      "is never used: \"%s\" is a country; did you mean \"%s\"?", entries.v[i],
                      meant);
        else
            lint_find(l, false, path, 1, 1,
                      "is never used: here lie folders of languages, such as ru or en");
        free(path);
    }
    lint_names_fini(&entries);
}

static bool is_picture(const char *name)
{
    static const char *const ends[] = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".heic"};
    char *folded = utf8_fold(name);
    bool is = false;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        is = is || str_ends(folded, ends[i]);
    free(folded);
    return is;
}

static void check_layout(struct lint *l, const char *folder)
{
    struct lint_names entries = {0};
    lint_list_folder(folder, &entries);
    for (size_t i = 0; i < entries.n; i++) {
        if (strcmp(entries.v[i], "letter.html") == 0 || strcmp(entries.v[i], "letter.txt") == 0)
            continue;
        char *path = file_join(folder, entries.v[i]);
        if (is_picture(entries.v[i]))
            lint_find(l, false, path, 1, 1, "is never seen: put it into the folder pictures");
        else
            lint_find(l, false, path, 1, 1,
                      "is never used: the frame of letters is letter.html and letter.txt");
        free(path);
    }
    lint_names_fini(&entries);
}

/* Whether it is called as a template is. */
static bool is_of_step(const struct playbook *p, const char *name)
{
    for (size_t i = 0; i < SHELVES; i++) {
        if (!str_ends(name, shelves[i].suffix))
            continue;
        char *key = xstrndup(name, strlen(name) - strlen(shelves[i].suffix));
        bool is = playbook_step(p, key) != NULL;
        free(key);
        if (is)
            return true;
    }
    return false;
}

/* A folder of ours that is misspelt, and a file that is not in its own; anything else is the agency's own business. */
static void check_top(struct lint *l, const char *path, const char *name)
{
    static const char *const known[] = {"letters",  "sms",      "scripts",     "layout",
                                        "gateways", "pictures", "attachments", "playbook.json",
                                        DIGESTS};
    enum { KNOWN = sizeof known / sizeof *known };
    for (size_t i = 0; i < KNOWN; i++) {
        if (strcmp(known[i], name) == 0)
            return;
    }
    const char *nearest = str_nearest(name, known, KNOWN);
    if (nearest != NULL)
        lint_find(l, false, path, 1, 1, "is never used: did you mean \"%s\"?", nearest);
    else if (is_picture(name))
        lint_find(l, false, path, 1, 1, "is never seen: put it into the folder pictures");
    else if (is_of_step(l->in->playbook, name))
        lint_find(l, false, path, 1, 1,
                  "is never used: put it into the folder of its language, such as letters/ru or "
                  "sms/ru");
}

void lint_strangers(struct lint *l)
{
    const char *dir = l->in->templates_dir;
    struct lint_names entries = {0};
    if (dir == NULL)
        return;
    lint_list_folder(dir, &entries);
    for (size_t i = 0; i < entries.n; i++) {
        char *path = file_join(dir, entries.v[i]);
        check_top(l, path, entries.v[i]);
        if (strcmp(entries.v[i], "layout") == 0)
            check_layout(l, path);
        for (size_t k = 0; k < SHELVES; k++) {
            if (strcmp(entries.v[i], shelves[k].folder) == 0)
                check_shelf(l, &shelves[k], path);
        }
        free(path);
    }
    lint_names_fini(&entries);
}
