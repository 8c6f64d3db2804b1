/* pps hold: a message waits until somebody releases it. */
#include <stdlib.h>

#include <pps/str.h>

#include "when.h"

static const struct option options[] = {
    {"note", "WORDS", "why"},
};

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct action action;
    enum rc rc = service_hold(&app->desk, args->words[0], arg_value(args, "note"), &action, err);
    if (rc != RC_OK)
        return rc;
    char *words = xasprintf("held until pps release A%lld", (long long)action.id);
    when_show(app, "hold", &action, words);
    free(words);
    action_fini(&action);
    return RC_OK;
}

const struct command cmd_hold = {
    .name = "hold",
    .group = "Steering",
    .summary = "hold a letter or an SMS back until it is released",
    .usage = "ACTION [--note WORDS]",
    .details =
        "On its day it stands yellow in today, later red; when its time passes it is missed. "
        "Calls and visits\n"
        "are put off with pps snooze.",
    .examples = "  pps hold A159 --note \"ждём ответа директора\"\n"
                "  pps hold T34/loyalty",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_WRITING,
    .run = run,
};
