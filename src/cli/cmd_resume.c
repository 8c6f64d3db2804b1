/* pps resume: the end of a pause. */
#include <pps/views.h>

#include "wishes.h"

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct pause_outcome o;
    char n[COUNT_WORDS_BYTES];
    enum rc rc = service_resume(&app->desk, args->words[0], &o, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        struct json *root = view_document("resume", 1);
        view_client(root, "client", &o.client, app->zone);
        kept_json(root, "back", &o.back);
        show_json(app, root);
    } else {
        show_client(app, &o.client);
        say(app, "not paused any more; what waited and goes now, each in its time: %s\n",
            kept_words(&o.back, n));
    }
    pause_outcome_fini(&o);
    return RC_OK;
}

const struct command cmd_resume = {
    .name = "resume",
    .group = "What clients want",
    .summary = "end a pause before its day",
    .usage = "CLIENT",
    .details =
        "What waited goes when its time comes, or with the next tick, if there is still time "
        "for it.",
    .examples = "  pps resume C12",
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_WRITING,
    .run = run,
};
