/* pps why: the reason of a state. */
#include <stdlib.h>

#include <pps/views.h>

#include "app.h"

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    char *text;
    enum rc rc = service_why(&app->desk, args->words[0], &text, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        struct json *root = view_document("why", 1);
        json_add_string(root, "why", text);
        struct case_file file;
        struct err ignored;
        if (case_open(&app->desk, args->words[0], &file, &ignored) == RC_OK) {
            (void)view_action(root, "action", &file.action, file.client.id, file.manager.login,
                              app->zone);
            case_fini(&file);
        }
        show_json(app, root);
    } else {
        say(app, "%s", text);
    }
    free(text);
    return RC_OK;
}

const struct command cmd_why = {
    .name = "why",
    .group = "Looking",
    .summary = "why a step is due, held, missed, merged or dropped, and who stepped in",
    .usage = "ACTION",
    .examples = "  pps why A156\n"
                "  pps why T34/packing",
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_A_LOOK,
    .run = run,
};
