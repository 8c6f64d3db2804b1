/* pps skip: a step that is not to be done, or one that is red and was dealt with otherwise. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/views.h>

#include "app.h"

static const struct option options[] = {
    {"note", "WORDS", "why"},
};

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct action action;
    enum rc rc = service_skip(&app->desk, args->words[0], arg_value(args, "note"), &action, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        struct json *root = view_document("skip", 1);
        (void)show_action(app, root, "action", &action);
        show_json(app, root);
    } else {
        char *line = action_line(app, &action);
        say(app, "%s: will not be done (pps undo A%lld takes it back)\n", line,
            (long long)action.id);
        free(line);
    }
    action_fini(&action);
    return RC_OK;
}

const struct command cmd_skip = {
    .name = "skip",
    .group = "Every day",
    .summary = "leave a step out, or take a red one off the list",
    .usage = "ACTION [--note WORDS]",
    .details = "Works for calls, visits and messages that wait, and takes off the red list what "
               "was missed,\n"
               "refused, held or is in doubt (it is not sent again).",
    .examples = "  pps skip A157 --note \"клиент просил не писать\"\n"
                "  pps skip T34/challenge",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_WRITING,
    .run = run,
};
