/* pps release: what somebody holds back may go. */
#include <stdlib.h>

#include <pps/str.h>

#include "when.h"

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct action action;
    enum rc rc = service_release(&app->desk, args->words[0], &action, err);
    if (rc != RC_OK)
        return rc;
    bool now = action.due_at <= desk_now(&app->desk);
    char *when = now ? xstrdup("with the next tick") : when_line(app, &action);
    char *words = action.state == STATE_HELD
                      ? xasprintf("released, but held all the same: %s", str_or(action.reason, ""))
                      : xasprintf("released, goes %s", when);
    when_show(app, "release", &action, words);
    free(words);
    free(when);
    action_fini(&action);
    return RC_OK;
}

const struct command cmd_release = {
    .name = "release",
    .group = "Steering",
    .summary = "let a message go that somebody holds back",
    .usage = "ACTION",
    .details =
        "It goes at its hour; when that has passed, with the next tick. pps send-now sends it "
        "before.",
    .examples = "  pps release A159\n"
                "  pps release T34/loyalty",
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_WRITING,
    .run = run,
};
