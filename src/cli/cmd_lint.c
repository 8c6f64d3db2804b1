/* pps lint: looks at every template and says what would hold a message, cost money, or be read as a mistake. It changes nothing
 * and sends nothing. Serves who writes the words, and scripts that watch over a folder of templates. */
#include <stdlib.h>
#include <sys/stat.h>

#include <pps/str.h>
#include <pps/utf8.h>
#include <pps/views.h>

#include "app.h"

static const struct option options[] = {
    {"lang", "LANGS", "look at these languages, too, as if clients read them: ru,en,bg"},
    {"strict", NULL, "warnings count as errors"},
};

static void print_finding(struct app *app, const struct lint_finding *f)
{
    char *file = utf8_printable(f->file, true), *what = utf8_printable(f->what, true);
    enum style style = f->is_error ? STYLE_RED : STYLE_YELLOW;
    fprintf(app->out, "%s:%zu:%zu: %s%s%s: %s\n", file, f->line, f->column,
            style_begin(style, app->colour), f->is_error ? "error" : "warning",
            style_end(style, app->colour), what);
    free(file);
    free(what);
}

static void tell_json(struct app *app, const struct lint_findings *findings, size_t checked)
{
    struct json *root = view_document("lint", 1);
    size_t errors = lint_errors(findings);
    struct json *rows = json_add_array(root, "findings");
    for (size_t i = 0; i < findings->n; i++) {
        const struct lint_finding *f = &findings->v[i];
        struct json *o = json_add_object(rows, NULL);
        json_add_string(o, "file", f->file);
        json_add_int(o, "line", (int64_t)f->line);
        json_add_int(o, "column", (int64_t)f->column);
        json_add_string(o, "kind", f->is_error ? "error" : "warning");
        json_add_string(o, "text", f->what);
    }
    json_add_int(root, "templates", (int64_t)checked);
    json_add_int(root, "errors", (int64_t)errors);
    json_add_int(root, "warnings", (int64_t)(findings->n - errors));
    show_json(app, root);
}

/* "3 errors, 1 warning". New string. */
static char *counted(size_t errors, size_t warnings)
{
    struct sb sb = {0};
    if (errors > 0)
        sb_addf(&sb, "%zu error%s", errors, errors == 1 ? "" : "s");
    if (warnings > 0)
        sb_addf(&sb, "%s%zu warning%s", errors > 0 ? ", " : "", warnings, warnings == 1 ? "" : "s");
    return sb_take(&sb);
}

/* None when no step has any words, or the playbook cannot be read. New string. */
static char *templates(size_t n)
{
    if (n == 0)
        return xstrdup("the playbook");
    return xasprintf("%zu template%s", n, n == 1 ? "" : "s");
}

static enum rc check_folder(const struct app *app, const char *dir, struct err *err)
{
    struct stat st;
    if (dir == NULL)
        return app_check_templates(app, err);
    if (stat(dir, &st) != 0 || !S_ISDIR(st.st_mode))
        return err_set(err, RC_NOTFOUND, "there is no folder %s: name the one with the templates",
                       dir);
    return RC_OK;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    const char *dir = args->n_words > 0 ? args->words[0] : NULL;
    struct lint_findings findings = {0};
    size_t checked = 0;
    enum rc rc = check_folder(app, dir, err);
    if (rc == RC_OK)
        rc = app_lint(app, dir, arg_value(args, "lang"), &findings, &checked, err);
    if (rc != RC_OK)
        return rc;
    size_t errors = lint_errors(&findings), warnings = findings.n - errors;
    if (app->json)
        tell_json(app, &findings, checked);
    for (size_t i = 0; i < findings.n && !app->json; i++) {
        if (!app->quiet || findings.v[i].is_error)
            print_finding(app, &findings.v[i]);
    }
    char *counts = counted(errors, warnings), *looked_at = templates(checked);
    if (errors > 0 || (warnings > 0 && arg_given(args, "strict")))
        rc = err_set(err, RC_INVALID, "%s in %s: see above", counts, looked_at);
    else
        say(app, "%s: %s\n", looked_at, warnings > 0 ? counts : "nothing to mend");
    free(looked_at);
    free(counts);
    lint_findings_fini(&findings);
    return rc;
}

const struct command cmd_lint = {
    .name = "lint",
    .group = "Control",
    .summary = "look through all letters, SMS and scripts for mistakes",
    .usage = "[DIR] [--lang LANGS] [--strict]",
    .details =
        "Looks at what can go out by the playbook: the templates in DIR (without it those of "
        "pps.json), and the built-in\n"
        "ones that they do not replace, in the languages of the agency and of its clients. Each "
        "finding is a line\n"
        "FILE:LINE:COLUMN: error or warning: what, and what to do. An error would hold a message. "
        "Exit status 65 when\n"
        "there is one.",
    .examples = "  pps lint\n"
                "  pps lint new-templates --lang ru,en,bg --strict\n"
                "  pps lint --json",
    OPTIONS(options),
    .max_words = 1,
    .needs = NEEDS_CONFIG,
    .run = run,
};
