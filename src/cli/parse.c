/* The command line: exact names only, options before or after the command, one table for parsing,
 * help and manual. Every slip gets a line that names it and, where one is near, the name that was
 * meant. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "app.h"

const struct option global_options[] = {
    {"db", "FILE", "the database (PPS_DB)"},
    {"config", "FILE", "the configuration (PPS_CONFIG)"},
    {"now", "WHEN", "act as if it were WHEN; a date alone means noon (PPS_NOW)"},
    {"as", "LOGIN", "who acts (PPS_USER)"},
    {"json", NULL, "print one JSON document"},
    {"quiet", NULL, "print nothing but errors, and what somebody must look at"},
    {"verbose", NULL, "print more"},
    {"color", "WHEN", "auto, always or never (NO_COLOR)"},
    {"help", NULL, "explain the command"},
    {"version", NULL, "print the version"},
};
const size_t n_global_options = sizeof global_options / sizeof *global_options;

enum { MAX_ARGS = 256 };

const char *arg_value(const struct args *args, const char *name)
{
    for (size_t i = 0; i < args->n_options; i++) {
        if (strcmp(args->options[i].name, name) == 0)
            return args->values[i];
    }
    abort(); /* the command asks for an option that is not in its table */
}

bool arg_given(const struct args *args, const char *name)
{
    return arg_value(args, name) != NULL;
}

enum rc arg_day(struct app *app, const struct args *args, const char *name, civil_day *ret,
                struct err *err)
{
    const char *text = arg_value(args, name);
    struct civil c = {CIVIL_NONE, MINUTE_NONE};
    enum rc rc = text != NULL ? civil_parse(text, desk_today(&app->desk), &c, err) : RC_OK;
    if (rc != RC_OK)
        return err_prefix(err, rc, "--%s", name);
    if (c.minute != MINUTE_NONE)
        return err_set(err, RC_USAGE, "--%s: a day without an hour", name);
    *ret = c.day;
    return RC_OK;
}

void args_fini(struct args *args)
{
    free(args->values);
    free(args->words);
    *args = (struct args){0};
}

static bool find_option(const struct option *table, size_t n, const char *name, size_t len,
                        size_t *ret)
{
    for (size_t i = 0; i < n; i++) {
        if (strlen(table[i].name) == len && strncmp(table[i].name, name, len) == 0) {
            *ret = i;
            return true;
        }
    }
    return false;
}

static enum rc unknown_option(const struct command *command, const char *arg, size_t len,
                              struct err *err)
{
    const char *names[64];
    size_t n = 0;
    for (size_t i = 0; i < n_global_options; i++)
        names[n++] = global_options[i].name;
    for (size_t i = 0; command != NULL && i < command->n_options && n < 64; i++)
        names[n++] = command->options[i].name;
    char *word = xstrndup(arg, len);
    char *safe = utf8_printable(word, true);
    const char *near = option_meant(word, names, n);
    enum rc rc =
        near ? err_set(err, RC_USAGE, "unknown option --%.60s: did you mean --%s?", safe, near)
             : err_set(err, RC_USAGE, "unknown option --%.60s: see pps %s%s--help", safe,
                       command ? command->name : "", command ? " " : "");
    free(safe);
    free(word);
    return rc;
}

static enum rc one_dash(const char *arg, struct err *err)
{
    char *safe = utf8_printable(arg, true);
    enum rc rc = err_set(err, RC_USAGE, "unknown option %.60s: options begin with two dashes, see pps --help", safe);
    free(safe);
    return rc;
}

/* One scan of argv: options of `table` are stored, words collected. */
struct scan {
    int argc;
    char **argv;
    const struct command *command; /* NULL while it is not known yet */
    const char **globals;
    struct args *args;
};

/* Parses argv[i] (an option); *io_i is moved over its value. */
static enum rc take_option(struct scan *s, int *io_i, struct err *err)
{
    const char *name = s->argv[*io_i] + 2;
    const char *equals = strchr(name, '=');
    size_t len = equals ? (size_t)(equals - name) : strlen(name);
    size_t at;
    const struct option *option;
    const char **slot;
    if (find_option(global_options, n_global_options, name, len, &at)) {
        option = &global_options[at];
        slot = &s->globals[at];
    } else if (s->command != NULL &&
               find_option(s->command->options, s->command->n_options, name, len, &at)) {
        option = &s->command->options[at];
        slot = &s->args->values[at];
    } else {
        return unknown_option(s->command, name, len, err);
    }
    if (*slot != NULL)
        return err_set(err, RC_USAGE, "--%s is given twice", option->name);
    if (option->arg == NULL) {
        if (equals)
            return err_set(err, RC_USAGE, "--%s takes no value", option->name);
        *slot = "";
        return RC_OK;
    }
    if (equals) {
        *slot = equals + 1;
        return RC_OK;
    }
    if (*io_i + 1 >= s->argc)
        return err_set(err, RC_USAGE, "--%s needs a value: --%s %s", option->name, option->name,
                       option->arg);
    *slot = s->argv[++*io_i];
    return RC_OK;
}

/* The command is the first word; options before it may take values, so they are stepped over by
 * both tables. */
static enum rc find_command(int argc, char **argv, const struct command **ret, struct err *err)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0)
            break;
        if (strncmp(argv[i], "--", 2) != 0) {
            if (argv[i][0] == '-')
                return one_dash(argv[i], err);
            *ret = command_find(argv[i], err);
            return *ret ? RC_OK : RC_USAGE;
        }
        size_t at;
        if (strchr(argv[i], '=') == NULL &&
            find_option(global_options, n_global_options, argv[i] + 2, strlen(argv[i] + 2), &at) &&
            global_options[at].arg != NULL)
            i++;
    }
    *ret = NULL;
    return RC_OK;
}

static enum rc apply_globals(struct app *app, const char *const *globals, bool *ret_help,
                             bool *ret_version, struct err *err)
{
    const char **const texts[] = {&app->option_db, &app->option_config, &app->option_now,
                                  &app->option_as};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (globals[i] == NULL)
            continue;
        if (*globals[i] == '\0')
            return err_set(err, RC_USAGE, "--%s needs a value", global_options[i].name);
        *texts[i] = globals[i];
    }
    app->json = globals[4] != NULL;
    app->quiet = globals[5] != NULL;
    app->verbose = globals[6] != NULL;
    app->option_color = globals[7];
    *ret_help = globals[8] != NULL;
    *ret_version = globals[9] != NULL;
    if (app->quiet && app->verbose)
        return err_set(err, RC_USAGE, "--quiet and --verbose contradict each other");
    if (app->option_color != NULL && !str_eq(app->option_color, "auto") &&
        !str_eq(app->option_color, "always") && !str_eq(app->option_color, "never"))
        return err_set(err, RC_USAGE, "--color: it is auto, always or never");
    return RC_OK;
}

static enum rc check_words(const struct command *command, const struct args *args, struct err *err)
{
    if (args->n_words < command->min_words)
        return err_set(err, RC_USAGE, "usage: pps %s %s", command->name, command->usage);
    if (args->n_words > command->max_words) {
        char *safe = utf8_printable(args->words[command->max_words], true);
        enum rc rc = err_set(err, RC_USAGE, "\"%.60s\" is one word too many: pps %s %s", safe,
                             command->name, command->usage);
        free(safe);
        return rc;
    }
    return RC_OK;
}

static enum rc scan_all(struct scan *s, struct err *err)
{
    bool only_words = false, command_seen = false;
    for (int i = 1; i < s->argc; i++) {
        const char *arg = s->argv[i];
        if (!only_words && strcmp(arg, "--") == 0) {
            only_words = true;
            continue;
        }
        if (!only_words && strncmp(arg, "--", 2) == 0) {
            enum rc rc = take_option(s, &i, err);
            if (rc != RC_OK)
                return rc;
            continue;
        }
        if (!only_words && arg[0] == '-' && arg[1] != '\0' && s->command != NULL && command_seen)
            return one_dash(arg, err);
        if (!command_seen && s->command != NULL) {
            command_seen = true;
            continue;
        }
        s->args->words[s->args->n_words++] = arg;
    }
    return RC_OK;
}

enum rc parse_command_line(struct app *app, int argc, char **argv,
                           const struct command **ret_command, struct args *ret_args,
                           bool *ret_help, struct err *err)
{
    const struct command *command;
    const char *globals[sizeof global_options / sizeof *global_options] = {NULL};
    if (argc > MAX_ARGS)
        return err_set(err, RC_USAGE, "too many words on the command line");
    for (int i = 1; i < argc; i++) {
        if (strlen(argv[i]) > 64 * 1024)
            return err_set(err, RC_USAGE, "word %d of the command line is too long", i);
    }
    enum rc rc = find_command(argc, argv, &command, err);
    if (rc != RC_OK)
        return rc;
    struct args args = {
        .options = command ? command->options : NULL,
        .n_options = command ? command->n_options : 0,
        .words = xcalloc((size_t)argc, sizeof *args.words),
    };
    args.values = xcalloc(args.n_options, sizeof *args.values);
    struct scan scan = {argc, argv, command, globals, &args};
    bool version = false;
    rc = scan_all(&scan, err);
    if (rc == RC_OK)
        rc = apply_globals(app, globals, ret_help, &version, err);
    if (rc == RC_OK && version)
        command = command_find("version", err);
    else if (rc == RC_OK && command != NULL && !*ret_help)
        rc = check_words(command, &args, err);
    if (rc != RC_OK) {
        args_fini(&args);
        return rc;
    }
    *ret_command = command;
    *ret_args = args;
    return RC_OK;
}
