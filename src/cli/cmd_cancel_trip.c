/* pps cancel-trip: silence at once. */
#include <stdlib.h>

#include <pps/str.h>

#include "app.h"

static const struct option options[] = {
    {"reason", "WORDS", "why, for the card"},
};

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    int64_t id;
    int stopped = 0;
    struct trip_file file;
    enum rc rc = lookup_trip(&app->desk, args->words[0], &id, err);
    if (rc == RC_OK)
        rc = service_cancel_trip(&app->desk, id, arg_value(args, "reason"), &stopped, err);
    if (rc == RC_OK)
        rc = store_trip_file(app->store, id, &file, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        struct json *root = trip_document(app, "cancel-trip", &file);
        json_add_int(root, "stopped", stopped);
        show_json(app, root);
    } else {
        char *line = trip_line(&file.trip);
        say(app, "%s\n%d waiting steps are stopped; pps undo T%lld takes it back\n", line, stopped,
            (long long)id);
        free(line);
    }
    trip_file_fini(&file);
    return RC_OK;
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
