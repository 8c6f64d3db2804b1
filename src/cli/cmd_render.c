/* pps render: any template with any data, for whoever writes templates and wants to see what becomes of a
 * text. It needs no agency: no database, no configuration. Prints exactly what came of it. */
#include <stdlib.h>
#include <string.h>

#include <pps/file.h>
#include <pps/message.h>
#include <pps/str.h>
#include <pps/views.h>

#include "app.h"

#define MAX_BYTES ((size_t)1 << 20)

static const struct option options[] = {
    {"data", "JSON",
     "what the names stand for: '{\"name\": \"Мария\"}', @FILE, or - (standard input)"},
    {"kind", "KIND", "html, markdown or plain, instead of what FILE's ending says (.html, .md)"},
    {"html", NULL, "of Markdown: print the HTML that comes of it"},
    {"lenient", NULL, "as the public specification: what is unknown or empty prints nothing"},
};

static const struct {
    const char *name, *suffix;
} kinds[] = {
    [TEMPLATE_PLAIN] = {"plain", ".txt"},
    [TEMPLATE_MARKDOWN] = {"markdown", ".md"},
    [TEMPLATE_HTML] = {"html", ".html"},
};
enum { N_KINDS = sizeof kinds / sizeof *kinds };

static bool is_stdin(const char *path)
{
    return path != NULL && strcmp(path, "-") == 0;
}

static enum rc read_input(const char *path, char **ret, size_t *ret_len, struct err *err)
{
    return file_read_stream(is_stdin(path) ? "/dev/stdin" : path, MAX_BYTES, ret, ret_len, err);
}

static enum rc find_kind(const char *path, const char *word, enum template_kind *ret,
                         struct err *err)
{
    *ret = TEMPLATE_PLAIN;
    for (size_t i = 0; i < N_KINDS; i++) {
        if (word == NULL ? str_ends(path, kinds[i].suffix) : strcmp(word, kinds[i].name) == 0) {
            *ret = (enum template_kind)i;
            return RC_OK;
        }
    }
    return word == NULL
               ? RC_OK
               : err_set(err, RC_USAGE, "--kind: \"%.60s\" is not html, markdown or plain", word);
}

static enum rc read_data(const char *given, struct json_doc **ret, struct err *err)
{
    char *text = NULL;
    size_t len = 0;
    const char *name = given != NULL && given[0] == '@' ? given + 1 : "--data";
    enum rc rc = RC_OK;
    if (is_stdin(given) || (given != NULL && given[0] == '@')) {
        rc = read_input(is_stdin(given) ? given : name, &text, &len, err);
    } else {
        text = xstrdup(given == NULL ? "{}" : given);
        len = strlen(text);
    }
    if (rc == RC_OK)
        rc = json_parse(text, len, name, false, ret, err);
    free(text);
    if (rc == RC_OK)
        json_keep_numbers(*ret);
    return rc;
}

/* ---- what {{> name}} includes ---- */

struct parts {
    char *dir;
    const char *suffix;
};

static enum rc read_part(void *ctx, const char *name, char **ret_name, char **ret_text,
                         struct err *err)
{
    const struct parts *parts = ctx;
    size_t len = 0;
    if (name[0] == '.' || strchr(name, '/') != NULL)
        return err_set(err, RC_INVALID,
                       "the name of a part has no / in it and does not begin with a dot");
    char *path = xasprintf("%s/partials/%s%s", parts->dir, name, parts->suffix);
    enum rc rc = file_read(path, MAX_BYTES, ret_text, &len, err);
    if (rc == RC_OK)
        *ret_name = xstrdup(str_starts(path, "./") ? path + 2 : path);
    free(path);
    return rc;
}

/* ---- the command ---- */

static enum rc render(struct app *app, const struct template_input *in, struct err *err)
{
    char *text = NULL;
    size_t len = 0;
    enum rc rc = message_render_template(in, &text, &len, err);
    if (rc == RC_OK && app->json) {
        struct json *root = view_document("render", 1);
        json_add_string(root, "text", text);
        show_json(app, root);
    } else if (rc == RC_OK) {
        (void)fwrite(text, 1, len, app->out);
    }
    free(text);
    return rc;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    const char *path = args->words[0], *data = arg_value(args, "data");
    struct json_doc *doc = NULL;
    char *text = NULL;
    struct template_input in = {.name = is_stdin(path) ? "standard input" : path,
                                .to_html = arg_given(args, "html"),
                                .lenient = arg_given(args, "lenient"),
                                .part = read_part};
    enum rc rc = find_kind(path, arg_value(args, "kind"), &in.kind, err);
    if (rc == RC_OK && is_stdin(path) && is_stdin(data))
        rc = err_set(err, RC_USAGE, "template and data cannot both come from standard input");
    if (rc == RC_OK && in.to_html && in.kind != TEMPLATE_MARKDOWN)
        rc = err_set(err, RC_USAGE, "--html is for Markdown: add --kind markdown");
    if (rc == RC_OK)
        rc = read_data(data, &doc, err);
    if (rc == RC_OK)
        rc = read_input(path, &text, &in.len, err);
    if (rc == RC_OK) {
        struct parts parts = {.dir = file_dirname(path), .suffix = kinds[in.kind].suffix};
        in.text = text;
        in.data = json_root(doc);
        in.part_ctx = &parts;
        rc = render(app, &in, err);
        free(parts.dir);
    }
    json_doc_free(doc);
    free(text);
    return rc;
}

const struct command cmd_render = {
    .name = "render",
    .group = "Setting up",
    .summary = "fill any template with any data",
    .usage = "FILE [--data JSON|@FILE|-]",
    .details = "For trying out what the template language does; docs/templates.md explains it. The "
               "names are\n"
               "those in the data, and nothing else: no client, no agency. FILE may be - (standard "
               "input).\n"
               "{{> tips}} is partials/tips in the folder of FILE, with the same ending (.html, "
               ".md; else .txt).\n"
               "What is unknown or empty is an error with its place, as in a letter; --lenient "
               "lets it pass.",
    .examples = "  pps render hello.txt --data '{\"name\": \"Мария\"}'\n"
                "  pps render templates/letters/ru/partials/tips.md --html --data @tips.json\n"
                "  echo '{{#days}}{{.}} {{/days}}' | pps render - --data '{\"days\": [1, 2, 3]}'",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_NOTHING,
    .run = run,
};
