/* pps snooze: another day or hour for a call, a visit, or a message that waits. */
#include <stdlib.h>

#include "when.h"

static const struct option options[] = {
    {"to", "WHEN", "the day and the hour: \"+2d 15:00\", \"18.12.2026\", 15:00"},
};

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct action action;
    const char *to = arg_value(args, "to");
    if (to == NULL)
        return err_set(err, RC_USAGE, "snooze until when? Add --to, as in --to \"+1d 15:00\"");
    enum rc rc = service_snooze(&app->desk, args->words[0], to, &action, err);
    if (rc != RC_OK)
        return rc;
    char *when = when_line(app, &action);
    when_show(app, "snooze", &action, when);
    free(when);
    action_fini(&action);
    return RC_OK;
}

const struct command cmd_snooze = {
    .name = "snooze",
    .group = "Steering",
    .summary = "put a call, a visit or a message off to another day or hour",
    .usage = "ACTION --to WHEN",
    .details = "The hour stays when none is given. People's work goes by the agency's clock, "
               "messages by the "
               "client's,\n"
               "and only at an hour that is decent there. What makes no sense any more by then is "
               "refused: a letter\n"
               "whose own day and grace are over, work whose step has ended.",
    .examples = "  pps snooze A157 --to \"+2d 15:00\"\n"
                "  pps snooze T34/welcome-home --to 23.12.2026",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_WRITING,
    .run = run,
};
