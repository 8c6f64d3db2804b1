/* Help and the generated part of the manual page, both from the command and option tables. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/utf8.h>
#include <pps/version.h>

#include "app.h"

enum { COLUMNS = 80, NAME_COLUMNS = 14, OPTION_COLUMNS = 26 };

/* A line ends where our source ended one after a sentence, or before what is set in. Elsewhere it went on. */
static bool keeps_break(const char *text, const char *newline)
{
    return newline > text && (strchr(".?!:", newline[-1]) != NULL || newline[1] == ' ');
}

/* Words, no line wider than a terminal of 80 columns. The line has `at` columns already; those that follow begin at
 * `indent`. */
static void print_wrapped(FILE *out, const char *text, size_t at, size_t indent)
{
    bool begun = false; /* a word stands in this line */
    for (const char *p = text; *p != '\0';) {
        size_t n = strcspn(p, " \n");
        char *word = xstrndup(p, n);
        size_t width = utf8_width(word);
        if (begun && at + 1 + width > COLUMNS) {
            fprintf(out, "\n%*s", (int)indent, "");
            at = indent;
            begun = false;
        }
        fprintf(out, "%s%s", begun && n > 0 ? " " : "", word);
        at += width + (begun && n > 0);
        begun = begun || n > 0;
        free(word);
        p += n;
        if (*p == '\n' && keeps_break(text, p)) {
            fprintf(out, "\n%*s", (int)indent, "");
            at = indent;
            begun = false;
        }
        p += *p != '\0';
    }
    fputc('\n', out);
}

/* A name or an option, and what it is for, in two columns. */
static void print_row(FILE *out, const char *left, size_t columns, const char *right)
{
    size_t width = utf8_width(left);
    size_t pad = width < columns ? columns - width : 1;
    fprintf(out, "  %s%*s", left, (int)pad, "");
    print_wrapped(out, right, 2 + width + pad, 2 + columns);
}

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
        print_row(app->out, c->name, NAME_COLUMNS, c->summary);
    }
    fprintf(app->out, "\nPPS_DB, PPS_CONFIG and PPS_USER in the environment stand for --db, --config\n"
                      "and --as.\n\npps COMMAND --help explains one and gives examples; pps help WORD looks for a\n"
                      "word; man pps has it all.\n");
}

/* Whether one of the command's texts has the word in it, in whatever case. */
static bool speaks_of(const char *text, const char *folded)
{
    char *low = utf8_fold(str_or(text, ""));
    bool found = strstr(low, folded) != NULL;
    free(low);
    return found;
}

static bool is_about(const struct command *c, const char *word, const char *folded)
{
    return command_is_meant(c, word) || speaks_of(c->name, folded) || speaks_of(c->summary, folded);
}

static bool mentions(const struct command *c, const char *word, const char *folded)
{
    (void)word;
    bool found = speaks_of(c->details, folded) || speaks_of(c->usage, folded);
    for (size_t i = 0; i < c->n_options && !found; i++)
        found = speaks_of(c->options[i].name, folded) || speaks_of(c->options[i].help, folded);
    return found;
}

bool help_search(struct app *app, const char *word)
{
    static bool (*const tests[])(const struct command *c, const char *word, const char *folded) = {
        is_about, mentions};
    bool found = false;
    char *folded = utf8_fold(word);
    for (size_t t = 0; *folded != '\0' && t < sizeof tests / sizeof *tests && !found; t++) {
        for (size_t i = 0; i < n_commands; i++) {
            if (!tests[t](commands[i], word, folded))
                continue;
            if (!found)
                fprintf(app->out, "There is no command of this name. These have to do with it:\n\n");
            found = true;
            print_row(app->out, commands[i]->name, NAME_COLUMNS, commands[i]->summary);
        }
    }
    free(folded);
    return found;
}

static void print_options(struct app *app, const struct option *options, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char *left = xasprintf("--%s%s%s", options[i].name, options[i].arg ? " " : "",
                               str_or(options[i].arg, ""));
        print_row(app->out, left, OPTION_COLUMNS, options[i].help);
        free(left);
    }
}

void help_print_command(struct app *app, const struct command *c)
{
    static const char begin[] = "usage: pps ";
    size_t set_in = sizeof begin + strlen(c->name);
    fprintf(app->out, "pps %s: ", c->name);
    print_wrapped(app->out, c->summary, sizeof "pps : " - 1 + strlen(c->name), 2);
    fprintf(app->out, "\n%s%s%s", begin, c->name, *c->usage ? " " : "");
    print_wrapped(app->out, c->usage, set_in, set_in);
    if (c->details != NULL) {
        fputc('\n', app->out);
        print_wrapped(app->out, c->details, 0, 0);
    }
    if (c->n_options > 0) {
        fprintf(app->out, "\n");
        print_options(app, c->options, c->n_options);
    }
    fprintf(app->out, "\nexamples:\n%s\n", c->examples);
    fprintf(app->out, "\nfor every command: --db FILE, --config FILE, --now WHEN, --as LOGIN, --json,\n"
                      "--quiet, --verbose, --color WHEN (see man pps)\n");
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
