/* pps pause: leave a client in peace for a while. */
#include <pps/str.h>
#include <pps/views.h>

#include "wishes.h"

static const struct option options[] = {
    {"until", "DATE", "the first day on which they may hear from us again (default: in 14 days)"},
    {"reason", "WORDS", "why, for the card"},
};

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct pause_outcome o;
    char n[COUNT_WORDS_BYTES];
    enum rc rc = service_pause(&app->desk, args->words[0], arg_value(args, "until"),
                               arg_value(args, "reason"), &o, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        struct json *root = view_document("pause", 1);
        view_client(root, "client", &o.client, app->zone);
        json_add_int(root, "waiting", o.waiting);
        show_json(app, root);
    } else {
        show_client(app, &o.client);
        say(app, "waiting until then: %s; what is about their trips still goes\n",
            message_count(o.waiting, n));
        say(app, "pps resume C%lld ends the pause\n", (long long)o.client.id);
    }
    pause_outcome_fini(&o);
    return RC_OK;
}

const struct command cmd_pause = {
    .name = "pause",
    .group = "What clients want",
    .summary = "leave a client in peace until a day",
    .usage = "CLIENT [--until DATE] [--reason WORDS]",
    .details = "What can wait waits: marketing. What is about their trips goes all the same. When "
               "the day comes, what\n"
               "is still of use goes.",
    .examples = "  pps pause C12\n"
                "  pps pause Иванова --until 12.01.2027 --reason \"в больнице\"",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_WRITING,
    .run = run,
};
