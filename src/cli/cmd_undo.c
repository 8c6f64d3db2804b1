/* pps undo: takes back the last tick-off, skip, cancellation or answer to a doubt. */
#include <stdlib.h>

#include <pps/views.h>

#include "app.h"

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    char *what;
    enum rc rc = service_undo(&app->desk, args->n_words ? args->words[0] : NULL, &what, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        struct json *root = view_document("undo", 1);
        json_add_string(root, "undone", what);
        show_json(app, root);
    } else {
        say(app, "%s\n", what);
    }
    free(what);
    return RC_OK;
}

const struct command cmd_undo = {
    .name = "undo",
    .group = "Every day",
    .summary = "take back a done, a skip, a snooze or hold, a cancelled trip, an answer to a doubt",
    .usage = "[ACTION|TRIP]",
    .details =
        "Without a word it takes back your own last done, skip, snooze, hold, release, send-now, approve, "
        "cancel-trip\nor doubt resolve.",
    .examples = "  pps undo\n"
                "  pps undo A156\n"
                "  pps undo T34",
    .max_words = 1,
    .needs = NEEDS_WRITING,
    .run = run,
};
