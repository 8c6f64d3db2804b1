/* pps help: the list of commands, or one of them explained. */
#include <pps/views.h>

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
    if (args->n_words == 0 && app->json) {
        struct json *root = view_document("help", 1);
        struct json *rows = json_add_array(root, "commands");
        for (size_t i = 0; i < n_commands; i++) {
            struct json *o = json_add_object(rows, NULL);
            json_add_string(o, "name", commands[i]->name);
            json_add_string(o, "group", commands[i]->group);
            json_add_string(o, "summary", commands[i]->summary);
            json_add_string(o, "usage", commands[i]->usage);
        }
        show_json(app, root);
        return RC_OK;
    }
    if (args->n_words == 0) {
        help_print(app);
        return RC_OK;
    }
    const char *word = args->words[0];
    const struct command *command = command_find(word, err);
    if (command != NULL)
        help_print_command(app, command);
    return command != NULL || help_search(app, word) ? RC_OK : RC_USAGE;
}

const struct command cmd_help = {
    .name = "help",
    .group = "Setting up",
    .summary = "list the commands, explain one, or look for a word",
    .usage = "[COMMAND|WORD]",
    .details = "A word that is no command is looked for in the names of the commands, in what they are for, and in "
               "what people\ncall them; failing that, in what they explain.",
    .examples = "  pps help\n"
                "  pps help add-client\n"
                "  pps help birthday",
    OPTIONS(options),
    .max_words = 1,
    .needs = NEEDS_NOTHING,
    .run = run,
};
