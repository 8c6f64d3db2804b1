/* pps skip: steps that are not to be done, or that are red and were dealt with otherwise. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/views.h>

#include "app.h"

static const struct option options[] = {
    {"note", "WORDS", "why"},
};

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct actions done;
    enum rc rc =
        service_skip(&app->desk, args->words, args->n_words, arg_value(args, "note"), &done, err);
    if (rc != RC_OK)
        return rc;
    struct json *root = app->json ? view_document("skip", 1) : NULL;
    if (root != NULL)
        (void)show_action(app, root, "action", &done.v[0]);
    struct json *list = root ? json_add_array(root, "actions") : NULL;
    for (size_t i = 0; i < done.n; i++) {
        const struct action *a = &done.v[i];
        char *line = action_line(app, a);
        if (list != NULL)
            (void)show_action(app, list, NULL, a);
        say(app, "%s: will not be done (pps undo A%lld takes it back)\n", line, (long long)a->id);
        free(line);
    }
    if (root != NULL)
        show_json(app, root);
    actions_fini(&done);
    return RC_OK;
}

const struct command cmd_skip = {
    .name = "skip",
    .group = "Every day",
    .summary = "leave steps out, or take red ones off the list",
    .usage = "ACTION … [--note WORDS]",
    .details = "Works for calls, visits and messages that wait, and takes off the red list what "
               "was missed,\n"
               "refused, held or is in doubt (it is not sent again). Several at once: all of them, "
               "or none. A\nvisit can be left out before a day is agreed: T34/office-visit.",
    .examples = "  pps skip A157 --note \"клиент просил не писать\"\n"
                "  pps skip T34/challenge T34/referral-story",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 50,
    .needs = NEEDS_WRITING,
    .run = run,
};
