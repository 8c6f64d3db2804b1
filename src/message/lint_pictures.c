/* The folder of pictures: a logo or a face that cannot be shown holds every letter in which it would stand, and a file whose
 * name is misspelt is never seen. Serves lint.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/file.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "enclosure.h"
#include "lint.h"

static const char logo[] = "logo";

/* ---- those that have to be right ---- */

/* login NULL: the logo. */
static void check_face(struct lint *l, const char *login)
{
    const char *dir = l->in->templates_dir;
    struct enclosures list = {0};
    struct picture picture;
    char *file = NULL;
    struct err err = {0};
    enum rc rc =
        picture_find(&list, dir, str_or(login, logo), "pps.invalid", &picture, &file, &err);
    enclosures_fini(&list);
    if (file != NULL)
        lint_names_add(&l->pictures, file);
    if (rc != RC_OK && file != NULL) {
        char *name = xasprintf("pictures/%s", file), *path = file_join(dir, name);
        struct err longer;
        if (login == NULL)
            l->bad_logo = xstrdup(err.message);
        err_set(&longer, rc,
                login == NULL ? "%s; until then every letter is held"
                              : "%s; until then every letter that %s signs is held",
                err.message, login);
        lint_find_err(l, true, &longer, path, NULL);
        free(path);
        free(name);
    }
    free(file);
}

void lint_faces(struct lint *l)
{
    check_face(l, NULL);
    for (size_t i = 0; i < l->in->n_logins; i++)
        check_face(l, l->in->logins[i]);
}

/* ---- those that nobody sees ---- */

/* What `name` without its ending may have been meant for; NULL: nothing that we know. */
static const char *meant(const struct lint *l, const char *stem)
{
    const char **known = xcalloc(l->in->n_logins + 1, sizeof *known);
    char *folded = utf8_fold(stem);
    known[0] = logo;
    for (size_t i = 0; i < l->in->n_logins; i++)
        known[i + 1] = l->in->logins[i];
    const char *found = str_nearest(folded, known, l->in->n_logins + 1);
    for (size_t i = 0; i <= l->in->n_logins; i++) {
        if (strcmp(known[i], folded) == 0)
            found = known[i];
    }
    free(folded);
    free(known);
    return found;
}

/* "png" for "Logo.PNG", "jpg" for what has no ending that a picture may have. */
static const char *ending_of(const char *name)
{
    static const char *const endings[] = {"png", "jpg", "jpeg", "gif"};
    const char *dot = strrchr(name, '.');
    char *folded = utf8_fold(dot != NULL ? dot + 1 : "");
    const char *found = NULL;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        found = strcmp(folded, endings[i]) == 0 ? endings[i] : found;
    free(folded);
    return found;
}

static void check_unseen(struct lint *l, const char *path, const char *name)
{
    const char *dot = strrchr(name, '.');
    char *stem = xstrndup(name, dot != NULL ? (size_t)(dot - name) : strlen(name));
    const char *who = meant(l, stem), *ending = ending_of(name);
    char *better = who != NULL ? xasprintf("%s.%s", who, ending != NULL ? ending : "png") : NULL;
    if (ending == NULL)
        lint_find(l, false, path, 1, 1,
                  "is never seen: a picture is PNG, JPEG or GIF, and its name ends in .png, .jpg "
                  "or .gif");
    else if (better != NULL && strcmp(better, name) != 0)
        lint_find(l, false, path, 1, 1, "is never seen: did you mean \"%s\"?", better);
    else if (better != NULL)
        lint_find(
            l, false, path, 1, 1,
            "is never seen: there is another picture of this name, which is taken; take one away");
    else if (l->in->n_logins > 0) /* else we do not know who signs */
        lint_find(l, false, path, 1, 1,
                  "is never seen: no letter shows it, and nobody who signs has the login \"%s\"",
                  stem);
    free(better);
    free(stem);
}

void lint_unseen(struct lint *l)
{
    struct lint_names entries = {0};
    if (l->in->templates_dir == NULL)
        return;
    char *folder = file_join(l->in->templates_dir, "pictures");
    lint_list_folder(folder, &entries);
    for (size_t i = 0; i < entries.n; i++) {
        char *path = file_join(folder, entries.v[i]);
        if (!lint_names_has(&l->pictures, entries.v[i]))
            check_unseen(l, path, entries.v[i]);
        free(path);
    }
    lint_names_fini(&entries);
    free(folder);
}
