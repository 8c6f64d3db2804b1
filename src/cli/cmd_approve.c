/* pps approve: messages that wait for a person's word may go. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/views.h>

#include "when.h"

static void show(struct app *app, const struct action *a)
{
    char *line = action_line(app, a);
    bool now = a->due_at <= desk_now(&app->desk);
    char *when = now ? xstrdup("with the next tick") : when_line(app, a);
    if (a->state == STATE_HELD)
        say(app, "%s: approved, but held all the same: %s (pps undo A%lld takes it back)\n", line,
            str_or(a->reason, "waits"), (long long)a->id);
    else
        say(app, "%s: approved, goes %s (pps undo A%lld takes it back)\n", line, when,
            (long long)a->id);
    free(when);
    free(line);
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct actions done;
    enum rc rc = service_approve(&app->desk, args->words, args->n_words, &done, err);
    if (rc != RC_OK)
        return rc;
    struct json *root = app->json ? view_document("approve", 1) : NULL;
    struct json *list = root ? json_add_array(root, "actions") : NULL;
    for (size_t i = 0; i < done.n; i++) {
        if (list != NULL)
            (void)show_action(app, list, NULL, &done.v[i]);
        else
            show(app, &done.v[i]);
    }
    if (root != NULL)
        show_json(app, root);
    actions_fini(&done);
    return RC_OK;
}

const struct command cmd_approve = {
    .name = "approve",
    .group = "Steering",
    .summary = "let messages go that wait for a person's word",
    .usage = "ACTION …",
    .details =
        "They go at their hour; pps send-now sends one before, pps snooze moves one to another "
        "day, pps skip\n"
        "leaves it out. Several at once: all of them, or none.",
    .examples = "  pps approve A161\n"
                "  pps approve A161 A174 A180",
    .min_words = 1,
    .max_words = 50,
    .needs = NEEDS_WRITING,
    .run = run,
};
