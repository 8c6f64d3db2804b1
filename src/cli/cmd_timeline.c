/* pps timeline: everything that is planned for a trip and what became of it. */
#include "app.h"

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    int64_t id;
    struct occasion_file file;
    enum rc rc = lookup_occasion(&app->desk, args->words[0], &id, err);
    if (rc == RC_OK)
        rc = store_occasion_file(app->store, id, &file, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        show_json(app, occasion_document(app, "timeline", &file));
    } else {
        show_client(app, &file.client);
        show_occasion(app, &file);
    }
    occasion_file_fini(&file);
    return RC_OK;
}

const struct command cmd_timeline = {
    .name = "timeline",
    .group = "Looking",
    .summary = "what is planned for a trip (or a complaint …), and what became of it",
    .usage = "TRIP|OCCASION",
    .details = "TRIP is T34, or a client who has one current trip only. L35 is a lost sale, F36 feedback,\n"
               "P37 a complaint, Y38 a greeting.",
    .examples = "  pps timeline T34\n"
                "  pps timeline Иванова --json",
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_A_LOOK,
    .run = run,
};
