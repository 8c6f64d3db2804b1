/* pps cancel-trip: silence at once. */
#include <stdlib.h>

#include <pps/str.h>

#include "app.h"

static const struct option options[] = {
    {"reason", "WORDS", "why, for the card"},
};

/* What a tick has just handed over cannot be called back. */
static enum rc tell_of_flight(struct app *app, int64_t id, struct err *err)
{
    struct actions actions;
    enum rc rc = store_actions_of_trip(app->store, id, &actions, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < actions.n; i++) {
        if (actions.v[i].state == STATE_AT_RISK)
            remark(app, "A%lld %s is on its way just now and may still arrive",
                   (long long)actions.v[i].id, channel_word(actions.v[i].channel));
    }
    actions_fini(&actions);
    return RC_OK;
}

/* Reads no more than it says: the trip is cancelled, and a playbook that cannot be read must not make it look otherwise. */
static enum rc answer(struct app *app, int64_t id, int stopped, struct err *err)
{
    struct trip trip;
    enum rc rc = store_trip_get(app->store, id, &trip, err);
    if (rc != RC_OK)
        return rc;
    char *line = trip_line(&trip);
    say(app, "%s\n%d waiting steps are stopped; pps undo T%lld takes it back\n", line, stopped,
        (long long)id);
    free(line);
    trip_fini(&trip);
    return tell_of_flight(app, id, err);
}

static enum rc answer_json(struct app *app, int64_t id, int stopped, struct err *err)
{
    struct trip_file file;
    enum rc rc = store_trip_file(app->store, id, &file, err);
    if (rc != RC_OK)
        return rc;
    struct json *root = trip_document(app, "cancel-trip", &file);
    json_add_int(root, "stopped", stopped);
    show_json(app, root);
    trip_file_fini(&file);
    return RC_OK;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    int64_t id;
    int stopped = 0;
    enum rc rc = lookup_trip(&app->desk, args->words[0], &id, err);
    if (rc == RC_OK)
        rc = service_cancel_trip(&app->desk, id, arg_value(args, "reason"), &stopped, err);
    if (rc != RC_OK)
        return rc;
    return (app->json ? answer_json : answer)(app, id, stopped, err);
}

const struct command cmd_cancel_trip = {
    .name = "cancel-trip",
    .group = "Selling",
    .summary = "cancel a trip: nothing more is sent, from this instant",
    .usage = "TRIP [--reason WORDS]",
    .examples = "  pps cancel-trip T34 --reason \"заболел ребёнок\"\n"
                "  pps undo T34",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_WRITING,
    .run = run,
};
