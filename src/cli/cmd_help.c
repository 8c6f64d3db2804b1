/* pps help: the list of commands, or one of them explained. */
#include <pps/str.h>

#include "app.h"

static const struct option options[] = {
    {"man", NULL, "print the generated part of the manual page"},
};

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    if (arg_given(args, "man")) {
        help_print_man(app);
        return RC_OK;
    }
    if (args->n_words == 0) {
        help_print(app);
        return RC_OK;
    }
    const struct command *command = command_find(args->words[0], err);
    if (command == NULL)
        return RC_USAGE;
    help_print_command(app, command);
    return RC_OK;
}

const struct command cmd_help = {
    .name = "help",
    .group = "Setting up",
    .summary = "list the commands, or explain one",
    .usage = "[COMMAND]",
    .examples = "  pps help\n"
                "  pps help add-client",
    OPTIONS(options),
    .max_words = 1,
    .needs = NEEDS_NOTHING,
    .run = run,
};
