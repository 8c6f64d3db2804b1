/* Help and the generated part of the manual page, both from the command and option tables. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/version.h>

#include "app.h"

enum { NAME_COLUMNS = 14, OPTION_COLUMNS = 26 };

void help_print(struct app *app)
{
    fprintf(app->out, "pps takes care of a travel agency's clients after the sale.\n\n"
                      "usage: pps COMMAND [OPTIONS]\n");
    const char *group = "";
    for (size_t i = 0; i < n_commands; i++) {
        const struct command *c = commands[i];
        if (strcmp(c->group, group) != 0)
            fprintf(app->out, "\n%s%s%s\n", style_begin(STYLE_BOLD, app->colour), c->group,
                    style_end(STYLE_BOLD, app->colour));
        group = c->group;
        fprintf(app->out, "  %-*s%s\n", NAME_COLUMNS, c->name, c->summary);
    }
    fprintf(app->out,
            "\npps COMMAND --help explains one and gives examples; man pps has it all.\n");
}

static void print_options(struct app *app, const struct option *options, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char *left = xasprintf("--%s%s%s", options[i].name, options[i].arg ? " " : "",
                               str_or(options[i].arg, ""));
        fprintf(app->out, "  %-*s%s\n", OPTION_COLUMNS, left, options[i].help);
        free(left);
    }
}

void help_print_command(struct app *app, const struct command *c)
{
    fprintf(app->out, "pps %s: %s\n\nusage: pps %s%s%s\n", c->name, c->summary, c->name,
            *c->usage ? " " : "", c->usage);
    if (c->details != NULL)
        fprintf(app->out, "\n%s\n", c->details);
    if (c->n_options > 0) {
        fprintf(app->out, "\n");
        print_options(app, c->options, c->n_options);
    }
    fprintf(app->out, "\nexamples:\n%s\n", c->examples);
    fprintf(
        app->out,
        "\nfor every command: --db FILE, --config FILE, --now WHEN, --as LOGIN, --json, --quiet,\n"
        "--verbose, --color WHEN (see man pps)\n");
}

/* ---- the manual page ---- */

/* Whether a sentence ends before the space at p: mdoc(7) wants each on a line of its own. */
static bool sentence_ends(const char *text, const char *p)
{
    const char *end = p;
    while (end > text && strchr(")\"", end[-1]) != NULL)
        end--;
    return *p == ' ' && end > text && strchr(".!?", end[-1]) != NULL;
}

/* Escapes what roff would take for its own. In words (not in a literal block) each sentence begins
 * a line. */
static void roff(FILE *out, const char *text, bool words)
{
    bool line_start = true;
    for (const char *p = text; *p != '\0'; p++) {
        if (words && sentence_ends(text, p)) {
            fputc('\n', out);
            line_start = true;
            continue;
        }
        if (line_start && (*p == '.' || *p == '\''))
            fputs("\\&", out);
        if (*p == '\\')
            fputs("\\e", out);
        else if (*p == '-')
            fputs("\\-", out);
        else
            fputc(*p, out);
        line_start = *p == '\n';
    }
}

static void man_options(FILE *out, const struct option *options, size_t n)
{
    fputs(".Bl -tag -width Ds\n", out);
    for (size_t i = 0; i < n; i++) {
        fputs(".It Fl \\-", out);
        roff(out, options[i].name, false);
        if (options[i].arg != NULL)
            fprintf(out, " Ar %s", options[i].arg);
        fputc('\n', out);
        roff(out, options[i].help, true);
        fputc('\n', out);
    }
    fputs(".El\n", out);
}

static void man_literal(FILE *out, const char *text)
{
    fputs(".Bd -literal -offset indent\n", out);
    roff(out, text, false);
    fputs("\n.Ed\n", out);
}

static void man_command(FILE *out, const struct command *c)
{
    char *usage = xasprintf("pps %s%s%s", c->name, *c->usage ? " " : "", c->usage);
    fprintf(out, ".Ss pps %s\n", c->name);
    roff(out, c->summary, true);
    fputs(".\n", out);
    man_literal(out, usage);
    if (c->details != NULL) {
        fputs(".Pp\n", out);
        roff(out, c->details, true);
        fputc('\n', out);
    }
    if (c->n_options > 0)
        man_options(out, c->options, c->n_options);
    fputs(".Pp\nExamples:\n", out);
    man_literal(out, c->examples);
    free(usage);
}

void help_print_man(struct app *app)
{
    fputs(".Ss Options of every command\n", app->out);
    man_options(app->out, global_options, n_global_options);
    for (size_t i = 0; i < n_commands; i++)
        man_command(app->out, commands[i]);
}
