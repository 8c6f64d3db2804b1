/* pps won: the series after a lost sale ends. */
#include <stdlib.h>

#include <pps/str.h>

#include "lost_show.h"

static const struct option options[] = {
    {"outcome", "WORD", "won (default): they came back; answered; stopped"},
    {"trip", "TRIP", "with what they came back"},
    {"note", "WORDS", "what they said"},
};

static enum rc answer(struct app *app, int64_t id, int stopped, struct err *err)
{
    struct occasion_file file;
    enum rc rc = store_occasion_file(app->store, id, &file, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        struct json *root = occasion_document(app, "won", &file);
        json_add_int(root, "stopped", stopped);
        show_json(app, root);
    } else {
        char *line = occasion_line(&file.occasion);
        say(app, "C%lld %s\n%s\n", (long long)file.client.id, file.client.name, line);
        show_loss(app, &file.occasion);
        say(app, "%d waiting step%s stopped; pps undo L%lld takes it back\n", stopped,
            stopped == 1 ? " is" : "s are", (long long)id);
        free(line);
    }
    occasion_file_fini(&file);
    return RC_OK;
}

/* A word alone is no return. */
static void say_said(struct app *app, const struct won_entry *entry, int64_t id)
{
    bool said = entry->trip == NULL && str_eq(str_or(entry->outcome, "won"), "won");
    if (said && !app->json)
        say(app, "their next sale counts as the return, or pps won L%lld --trip TRIP\n", (long long)id);
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct won_entry entry = {
        .outcome = arg_value(args, "outcome"),
        .trip = arg_value(args, "trip"),
        .note = arg_value(args, "note"),
    };
    int64_t id;
    int stopped = 0;
    enum rc rc = lookup_kind(&app->desk, KIND_LOST, args->words[0], &id, err);
    if (rc == RC_OK)
        rc = service_won(&app->desk, id, &entry, &stopped, err);
    if (rc == RC_OK)
        rc = answer(app, id, stopped, err);
    if (rc == RC_OK)
        say_said(app, &entry, id);
    return rc;
}

const struct command cmd_won = {
    .name = "won",
    .group = "Selling",
    .summary = "a lost client came back, answered, or is to be left in peace: the series ends",
    .usage = "CLIENT|L35 [--trip T34] [--outcome WORD] [--note WORDS]",
    .details = "Silence at once. A new sale does this by itself, also when they had answered before "
               "and the series was\n"
               "over: for a year after it was lost, a sale counts as their return. Without one they have only said "
               "that they will\n"
               "buy, and the figures say so.",
    .examples = "  pps won L35 --trip T40\n"
                "  pps won Иванова --outcome answered --note \"обиделись на долгий ответ\"\n"
                "  pps undo L35",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_WRITING,
    .run = run,
};
