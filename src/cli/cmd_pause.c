/* pps pause: leave a client in peace for a while. */
#include <pps/str.h>
#include <pps/views.h>

#include "wishes.h"

static const struct option options[] = {
    {"until", "DATE", "the first day on which they may hear from us again (default: in 14 days)"},
    {"reason", "WORDS", "why, for the card"},
};

/* "until 20.12.2026 before (в больнице), until 25.12.2026 now": a pause that there was is changed, not forgotten. */
static void say_before(struct app *app, const struct pause_outcome *o)
{
    char was[CIVIL_TEXT_BYTES], now[CIVIL_TEXT_BYTES];
    if (o->was_until == CIVIL_NONE)
        return;
    civil_format_people(o->was_until, was);
    civil_format_people(o->client.paused_until, now);
    say(app, "the pause was until %s%s%s%s, and is until %s now\n", was, o->was_reason ? " (" : "",
        str_or(o->was_reason, ""), o->was_reason ? ")" : "", now);
}

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
        char was[CIVIL_TEXT_BYTES] = "";
        if (o.was_until != CIVIL_NONE)
            civil_format_day(o.was_until, was);
        json_add_string(root, "was_until", *was ? was : NULL);
        kept_json(root, "waiting", &o.waiting);
        show_json(app, root);
    } else {
        show_client(app, &o.client);
        say_before(app, &o);
        say(app, "waiting until then: %s; what is about their trips still goes\n",
            kept_words(&o.waiting, n));
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
               "is still of use goes. --until gives a pause that runs another end; its reason stays "
               "unless a new one is given.",
    .examples = "  pps pause C12\n"
                "  pps pause Иванова --until 12.01.2027 --reason \"в больнице\"",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_WRITING,
    .run = run,
};
