/* pps send-now: a message need not wait for its day. */
#include <stdlib.h>

#include <pps/str.h>

#include "when.h"

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct action action;
    enum rc rc = service_send_now(&app->desk, args->words[0], &action, err);
    if (rc != RC_OK)
        return rc;
    bool now = action.due_at <= desk_now(&app->desk);
    char *when = when_line(app, &action);
    char *words = now ? xstrdup("goes with the next tick")
                      : xasprintf("goes %s, when the hour is decent there", when);
    when_show(app, "send-now", &action, words);
    free(words);
    free(when);
    action_fini(&action);
    return RC_OK;
}

const struct command cmd_send_now = {
    .name = "send-now",
    .group = "Steering",
    .summary = "send a message before its day, or one that is held",
    .usage = "ACTION",
    .details =
        "The next tick sends it; an SMS at night waits for the morning where the client lives. What "
        "waits for\n"
        "approval is approved by it. Not while a complaint is open, or the client is to be left in "
        "peace, or wants none.",
    .examples = "  pps send-now A160\n"
                "  pps send-now T34/tell-friends",
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_WRITING,
    .run = run,
};
