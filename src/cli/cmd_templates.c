/* pps templates: the built-in words in one's own hands. What is there, take it out, what did I change, what has an upgrade
 * changed, put it back. The comparing is diff(1). */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pps/file.h>
#include <pps/str.h>
#include <pps/templates.h>
#include <pps/views.h>

#include "program.h"

static const struct option options[] = {
    {"dir", "FOLDER", "not the folder that pps.json names, but this one"},
    {"lang", "CODE", "export: only this language"},
    {"force", NULL, "export: also over what you have changed (it is kept as NAME~)"},
    {"undo", NULL, "reset: take back the last reset of these files"},
};

static enum rc allow(const struct args *args, const char *word, const char *option, struct err *err)
{
    for (size_t i = 0; i < args->n_options; i++) {
        const char *name = args->options[i].name;
        if (args->values[i] != NULL && !str_eq(name, "dir") &&
            !(option != NULL && strstr(option, name) != NULL))
            return err_set(err, RC_USAGE, "--%s does not belong to pps templates %s", name, word);
    }
    return RC_OK;
}

/* DIR as the only word after the verb, or --dir. */
static enum rc folder_of(const struct app *app, const struct args *args, const char **ret,
                         struct err *err)
{
    const char *option = arg_value(args, "dir");
    const char *word = args->n_words > 1 ? args->words[1] : NULL;
    if (args->n_words > 2 || (option != NULL && word != NULL))
        return err_set(err, RC_USAGE, "usage: pps templates %s [FOLDER]", args->words[0]);
    *ret = word ? word : option ? option : app->templates_dir;
    return str_empty(*ret) ? err_set(err, RC_USAGE, "the folder is empty") : RC_OK;
}

static enum rc must_be_there(const char *dir, struct err *err)
{
    if (file_exists(dir))
        return RC_OK;
    return err_set(err, RC_NOTFOUND, "there is no folder %s: pps templates export makes it", dir);
}

/* ---- the list ---- */

static void list_json(struct app *app, const char *dir, const struct template_files *files)
{
    struct json *root = view_document("templates", 1);
    json_add_string(root, "folder", dir);
    struct json *list = json_add_array(root, "files");
    for (size_t i = 0; i < files->n; i++) {
        struct json *o = json_add_object(list, NULL);
        json_add_string(o, "name", files->v[i].name);
        json_add_string(o, "state", template_state_name(files->v[i].state));
    }
    show_json(app, root);
}

static void list_table(struct app *app, const char *dir, const struct template_files *files)
{
    static const char *const titles[] = {"template", "which is used"};
    struct table *table = table_new(titles, NULL, 2);
    size_t newer = 0, yours = 0;
    for (size_t i = 0; i < files->n; i++) {
        enum template_state state = files->v[i].state;
        bool is_newer = state == TEMPLATE_SHIPPED_CHANGED || state == TEMPLATE_BOTH_CHANGED;
        table_row(table, is_newer                     ? STYLE_YELLOW
                         : state == TEMPLATE_BUILT_IN ? STYLE_DIM
                                                      : STYLE_PLAIN);
        table_cell(table, files->v[i].name);
        table_cell(table, template_state_words(state));
        newer += is_newer;
        yours += state != TEMPLATE_BUILT_IN;
    }
    if (!app->quiet)
        table_print(table, app->out, app->colour);
    table_free(table);
    say(app, "%zu templates, %zu of them in %s\n", files->n, yours, dir);
    if (newer > 0)
        say(app, "%zu built-in %s newer than yours: pps templates diff shows what has changed\n",
            newer, newer == 1 ? "one is" : "ones are");
}

static enum rc list(struct app *app, const struct args *args, struct err *err)
{
    const char *dir = arg_value(args, "dir");
    struct template_files files;
    dir = dir ? dir : app->templates_dir;
    enum rc rc = allow(args, "list", NULL, err);
    if (rc == RC_OK)
        rc = templates_list(dir, &files, err);
    if (rc != RC_OK)
        return rc;
    if (app->json)
        list_json(app, dir, &files);
    else
        list_table(app, dir, &files);
    template_files_fini(&files);
    return RC_OK;
}

/* ---- export ---- */

/* Whether pps looks there already, and if not, what makes it look. */
static void say_use(struct app *app, const char *dir)
{
    char *asked = realpath(dir, NULL), *used = realpath(app->templates_dir, NULL);
    bool in_use = asked != NULL && str_eq(asked, used);
    if (in_use)
        say(app, "%s is the folder that is used: edit the files there, then pps doctor\n", dir);
    else
        say(app, "to use them, write into %s: \"templates\": \"%s\"\n", app->config_path,
            str_or(asked, dir));
    free(asked);
    free(used);
}

static void say_names(struct app *app, const struct template_files *files, const char *words,
                      const char *hint)
{
    for (size_t i = 0; i < files->n; i++)
        say(app, "%s: %s\n", files->v[i].name, words);
    if (files->n > 0)
        say(app, "%s\n", hint);
}

static void export_json(struct app *app, const char *dir, const struct templates_exported *e)
{
    struct json *root = view_document("templates", 1);
    json_add_string(root, "folder", dir);
    json_add_int(root, "written", e->written);
    json_add_int(root, "updated", e->updated);
    json_add_int(root, "same", e->same);
    const struct {
        const char *key;
        const struct template_files *files;
    } lists[] = {{"kept", &e->kept}, {"replaced", &e->replaced}};
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
        struct json *list = json_add_array(root, lists[k].key);
        for (size_t i = 0; i < lists[k].files->n; i++)
            json_add_string(list, NULL, lists[k].files->v[i].name);
    }
    show_json(app, root);
}

static enum rc run_export(struct app *app, const struct args *args, struct err *err)
{
    const struct templates_export how = {.lang = arg_value(args, "lang"),
                                         .force = arg_given(args, "force")};
    struct templates_exported e;
    const char *dir;
    enum rc rc = allow(args, "export", "lang force", err);
    if (rc == RC_OK)
        rc = folder_of(app, args, &dir, err);
    if (rc == RC_OK)
        rc = templates_export(dir, &how, &e, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        export_json(app, dir, &e);
    } else {
        say_names(app, &e.kept, "you have changed it, left as it is",
                  "pps templates diff shows your changes; --force writes over them");
        say_names(app, &e.replaced, "written anew, yours is kept as NAME~",
                  "pps templates reset --undo NAME puts yours back");
        say(app, "%s: %d written, %d brought up to date, %d as built in, %zu left\n", dir,
            e.written, e.updated, e.same, e.kept.n);
        say_use(app, dir);
    }
    templates_exported_fini(&e);
    return RC_OK;
}

/* ---- diff ---- */

/* What stands in `a` and what in `b`, by diff -u; "" when they are the same. New string. */
static enum rc compare(const char *a_name, const struct template_copy *a, const char *b_name,
                       const struct template_copy *b, char **ret, struct err *err)
{
    enum { TROUBLE = 2 };
    const char *argv[] = {"diff", "-u",        "--label",   a_name, "--label",
                          b_name, "/dev/fd/3", "/dev/fd/4", NULL};
    int fds[2] = {program_text(a->text, a->len), program_text(b->text, b->len)};
    int status = TROUBLE;
    char *out = NULL;
    enum rc rc = fds[0] < 0 || fds[1] < 0 ? err_set(err, RC_IO, "cannot hand two texts to diff")
                                          : program_run(argv, fds, 2, &out, &status, err);
    for (int i = 0; i < 2; i++) {
        if (fds[i] >= 0)
            close(fds[i]);
    }
    if (rc == RC_NOTFOUND)
        return err_set(err, RC_UNAVAILABLE, "there is no program diff: install diffutils");
    if (rc == RC_OK && status >= TROUBLE)
        rc = err_set(err, RC_IO, "diff could not compare %s", b_name);
    if (rc == RC_OK)
        *ret = out;
    else
        free(out);
    return rc;
}

struct difference {
    char *yours, *theirs; /* NULL: there is none, or what it came from is not kept */
};

static void difference_fini(struct difference *d)
{
    free(d->yours);
    free(d->theirs);
}

static enum rc differences(const struct template_file *f, const char *dir, struct difference *ret,
                           struct err *err)
{
    *ret = (struct difference){0};
    char *yours = file_join(dir, f->name), *built_in = xasprintf("built-in %s", f->name);
    char *was = xasprintf("built-in %s, as exported", f->name);
    bool both = f->state == TEMPLATE_BOTH_CHANGED, newer = f->state == TEMPLATE_SHIPPED_CHANGED;
    bool has_base = f->base.text != NULL;
    enum rc rc = RC_OK;
    if (f->state == TEMPLATE_CHANGED || (both && !has_base))
        rc = compare(built_in, &f->shipped, yours, &f->yours, &ret->yours, err);
    else if (both)
        rc = compare(was, &f->base, yours, &f->yours, &ret->yours, err);
    if (rc == RC_OK && newer) /* yours is what was exported */
        rc = compare(was, &f->yours, built_in, &f->shipped, &ret->theirs, err);
    if (rc == RC_OK && both && has_base)
        rc = compare(was, &f->base, built_in, &f->shipped, &ret->theirs, err);
    free(was);
    free(built_in);
    free(yours);
    if (rc != RC_OK)
        difference_fini(ret);
    return rc;
}

static void say_difference(struct app *app, const struct template_file *f,
                           const struct difference *d)
{
    static const char *const heads[TEMPLATE_STATES] = {
        [TEMPLATE_CHANGED] = "you have changed it",
        [TEMPLATE_SHIPPED_CHANGED] = "the built-in one has changed, yours has not",
        [TEMPLATE_BOTH_CHANGED] = "you have changed it, and so has the built-in one",
        [TEMPLATE_NOT_SHIPPED] = "it is not built in any more: keep it or delete it",
    };
    bool newer = f->state == TEMPLATE_SHIPPED_CHANGED || f->state == TEMPLATE_BOTH_CHANGED;
    say(app, "%s: %s", f->name, heads[f->state]);
    if (newer)
        say(app, "; pps templates reset %s takes the new one", f->name);
    say(app, "\n");
    if (d->yours != NULL)
        say(app, "%s", d->yours);
    if (d->theirs != NULL)
        say(app, "%s", d->theirs);
    say(app, "\n");
}

static enum rc diff_one(struct app *app, const struct template_file *f, const char *dir,
                        struct json *list, struct err *err)
{
    struct difference d;
    enum rc rc = differences(f, dir, &d, err);
    if (rc != RC_OK)
        return rc;
    if (list != NULL) {
        struct json *o = json_add_object(list, NULL);
        json_add_string(o, "name", f->name);
        json_add_string(o, "state", template_state_name(f->state));
        json_add_string(o, "yours", d.yours);
        json_add_string(o, "built_in", d.theirs);
    } else {
        say_difference(app, f, &d);
    }
    difference_fini(&d);
    return RC_OK;
}

static bool differs(const struct template_file *f)
{
    return f->state == TEMPLATE_CHANGED || f->state == TEMPLATE_SHIPPED_CHANGED ||
           f->state == TEMPLATE_BOTH_CHANGED || f->state == TEMPLATE_NOT_SHIPPED;
}

/* A folder, or the name of a template in the one that is used. */
static enum rc what_to_compare(const struct app *app, const struct args *args, const char **ret_dir,
                               const char **ret_name, struct err *err)
{
    enum rc rc = folder_of(app, args, ret_dir, err);
    if (rc != RC_OK)
        return rc;
    char *as_folder = file_join(*ret_dir, "");
    bool named = args->n_words > 1 && !file_exists(as_folder);
    free(as_folder);
    *ret_name = named ? *ret_dir : NULL;
    if (named)
        *ret_dir = app->templates_dir;
    return must_be_there(*ret_dir, err);
}

static enum rc diff(struct app *app, const struct args *args, struct err *err)
{
    struct template_files files = {0};
    const struct template_file *one = NULL;
    const char *dir, *name;
    size_t n = 0;
    enum rc rc = allow(args, "diff", NULL, err);
    if (rc == RC_OK)
        rc = what_to_compare(app, args, &dir, &name, err);
    if (rc == RC_OK)
        rc = templates_list(dir, &files, err);
    if (rc == RC_OK && name != NULL)
        rc = templates_find(&files, dir, name, &one, err);
    if (rc != RC_OK) {
        template_files_fini(&files);
        return rc;
    }
    struct json *root = app->json ? view_document("templates", 1) : NULL;
    if (root != NULL)
        json_add_string(root, "folder", dir);
    struct json *list = root != NULL ? json_add_array(root, "files") : NULL;
    for (size_t i = 0; i < files.n && rc == RC_OK; i++) {
        if ((one == NULL || one == &files.v[i]) && differs(&files.v[i])) {
            rc = diff_one(app, &files.v[i], dir, list, err);
            n++;
        }
    }
    if (rc == RC_OK && root != NULL)
        show_json(app, root);
    else if (rc == RC_OK && n == 0)
        say(app, "%s: nothing differs from what is built in\n", one != NULL ? one->name : dir);
    if (rc != RC_OK)
        json_free(root);
    template_files_fini(&files);
    return rc;
}

/* ---- reset ---- */

static void reset_words(struct app *app, const struct template_files *files, bool back)
{
    for (size_t i = 0; i < files->n; i++) {
        const struct template_file *f = &files->v[i];
        if (back)
            say(app, "%s: as it was before (the same once more takes that back)\n", f->name);
        else if (f->state == TEMPLATE_AS_SHIPPED)
            say(app, "%s: is as built in already\n", f->name);
        else if (f->state == TEMPLATE_BUILT_IN)
            say(app, "%s: written, as built in\n", f->name);
        else
            say(app,
                "%s: as built in; yours is kept as %s~ (pps templates reset --undo %s takes it "
                "back)\n",
                f->name, f->name, f->name);
    }
}

static enum rc reset(struct app *app, const struct args *args, struct err *err)
{
    const char *dir = arg_value(args, "dir");
    bool back = arg_given(args, "undo");
    struct template_files files;
    enum rc rc = allow(args, "reset", "undo", err);
    dir = dir ? dir : app->templates_dir;
    if (rc == RC_OK && args->n_words < 2)
        rc = err_set(err, RC_USAGE, "usage: pps templates reset [--undo] NAME …");
    if (rc == RC_OK)
        rc = must_be_there(dir, err);
    if (rc == RC_OK)
        rc = templates_reset(dir, args->words + 1, args->n_words - 1, back, &files, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        struct json *root = view_document("templates", 1);
        json_add_string(root, "folder", dir);
        struct json *list = json_add_array(root, "files");
        for (size_t i = 0; i < files.n; i++)
            json_add_string(list, NULL, files.v[i].name);
        show_json(app, root);
    } else {
        reset_words(app, &files, back);
    }
    template_files_fini(&files);
    return RC_OK;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    static const struct {
        const char *word;
        enum rc (*run)(struct app *app, const struct args *args, struct err *err);
    } verbs[] = {{"list", list}, {"export", run_export}, {"diff", diff}, {"reset", reset}};
    if (args->n_words == 0)
        return list(app, args, err);
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (str_eq(args->words[0], verbs[i].word))
            return verbs[i].run(app, args, err);
    }
    return err_set(err, RC_USAGE, "usage: pps templates [list], export, diff or reset …");
}

const struct command cmd_templates = {
    .name = "templates",
    .group = "Setting up",
    .summary = "the words of letters, SMS and calls: take them out, compare, put back",
    .usage = "[list] | export [FOLDER] [--lang CODE] [--force] | diff [FOLDER|NAME] | reset NAME …",
    .details =
        "Without a word: which templates there are, and whether the built-in one is used or yours. "
        "export writes the\n"
        "built-in ones into the folder that pps.json names (or FOLDER), never over what you have "
        "changed, and keeps a\n"
        "hidden copy of each. By that diff tells, also after an upgrade, what you have changed and "
        "what the program has.\n"
        "reset puts the built-in one back; yours is kept as NAME~, and --undo brings it back.",
    .examples = "  pps templates\n"
                "  pps templates export\n"
                "  pps templates export /srv/pps/words --lang ru\n"
                "  pps templates diff\n"
                "  pps templates diff letters/ru/packing.md\n"
                "  pps templates reset letters/ru/packing.md\n"
                "  pps templates reset --undo letters/ru/packing.md",
    OPTIONS(options),
    .max_words = 200,
    .needs = NEEDS_CONFIG,
    .run = run,
};
