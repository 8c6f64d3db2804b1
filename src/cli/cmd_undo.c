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
    .summary = "take back what was done last: a tick-off, a cancelled trip, a client's word …",
    .usage = "[ACTION|OCCASION|GIFT|REFERRAL|CLIENT|ADDRESS|LOGIN]",
    .details =
        "Without a word it takes back your own last work, and nothing older: when that cannot be taken back, it says so.\n"
        "Of a command over several things (pps skip A1 A2) it takes back all. What a colleague has changed since then, or\n"
        "taken back already, is left alone. OCCASION: the last change of a trip (T34), or its end; the last step of a lost\n"
        "sale (L35), an answer (F36) or a complaint (P37), and in the end its entry; ADDRESS: what was said about an e-mail\n"
        "address or a number; CLIENT: what was last recorded of their wishes; LOGIN: that this person has left.",
    .examples = "  pps undo\n"
                "  pps undo A156\n"
                "  pps undo T34\n"
                "  pps undo G7\n"
                "  pps undo C12\n"
                "  pps undo anna",
    .max_words = 1,
    .needs = NEEDS_WRITING,
    .run = run,
};
