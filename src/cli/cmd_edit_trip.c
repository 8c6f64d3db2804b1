/* pps edit-trip: dates move, and unsent steps move with them. */
#include <stdlib.h>

#include <pps/str.h>

#include "moved.h"
#include "when.h"

static const struct option options[] = {
    {"purchase", "DATE", "the day of the sale"},
    {"departure", "DATE", "with the hour of take-off when known"},
    {"return", "DATE", "with the hour of landing when known"},
    {"visit", "DATE", "the agreed visit to the office; \"\" when it is off"},
    {"destination", "WORDS", "\"Турция, Анталья\""},
    {"departure-tz", "ZONE", "where the trip starts, when not at home: Asia/Vladivostok"},
    {"product", "WORD", "what was sold: one of the products in the playbook"},
    {"party", "N+N", "who travels, adults and children: 2+1, or 2; \"\" when it is not known"},
    {"manager", "LOGIN", "whose trip it is from now on; \"\" for nobody's"},
    {"sold-by", "LOGIN", "who sold it, for the figures; it stays when others take the trip over"},
    {"note", "WORDS", "for the card; never in a message"},
};

static void tell_reader(struct app *app, const struct occasion_file *file)
{
    char *note = service_reader_note(&app->desk, file->client.lang, NULL, &file->occasion);
    if (note != NULL)
        remark(app, "note: %s", note);
    free(note);
}

static enum rc answer(struct app *app, int64_t id, const struct occasion *before,
                      const struct trip_change *change, struct err *err)
{
    struct occasion_file file;
    enum rc rc = store_occasion_file(app->store, id, &file, err);
    if (rc != RC_OK)
        return rc;
    char *odd =
        change->visit != NULL ? when_unusual(app, id, file.occasion.when[ANCHOR_VISIT]) : NULL;
    if (app->json) {
        struct json *root = occasion_document(app, "edit-trip", &file);
        moved_json(root, before, &file);
        json_add_string(root, "remark", odd);
        show_json(app, root);
    } else {
        show_occasion(app, &file);
        show_moved(app, before, &file);
        if (odd != NULL)
            remark(app, "note: the visit: %s; was it agreed so?", odd);
        if (change->destination != NULL)
            tell_reader(app, &file);
    }
    free(odd);
    occasion_file_fini(&file);
    return RC_OK;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct trip_change change = {
        .purchase = arg_value(args, "purchase"),
        .departure = arg_value(args, "departure"),
        .return_ = arg_value(args, "return"),
        .visit = arg_value(args, "visit"),
        .destination = arg_value(args, "destination"),
        .departure_tz = arg_value(args, "departure-tz"),
        .product = arg_value(args, "product"),
        .party = arg_value(args, "party"),
        .manager = arg_value(args, "manager"),
        .sold_by = arg_value(args, "sold-by"),
        .note = arg_value(args, "note"),
    };
    bool any = false;
    for (size_t i = 0; i < args->n_options; i++)
        any = any || args->values[i] != NULL;
    if (!any)
        return err_set(err, RC_USAGE, "say what to change: pps edit-trip --help lists the options");
    int64_t id;
    struct occasion before = {0};
    enum rc rc = lookup_trip(&app->desk, args->words[0], &id, err);
    if (rc == RC_OK)
        rc = store_occasion_get(app->store, id, &before, err);
    if (rc == RC_OK)
        rc = service_edit_trip(&app->desk, id, &change, err);
    if (rc == RC_OK)
        rc = answer(app, id, &before, &change, err);
    occasion_fini(&before);
    return rc;
}

const struct command cmd_edit_trip = {
    .name = "edit-trip",
    .group = "Selling",
    .summary = "change a trip's dates; what was not sent yet moves along",
    .usage = "TRIP [--departure DATE] [--return DATE] …",
    .details = "What was sent or done stays; what was missed and may go again comes back. When they had been told the old\n"
               "dates, a correction goes, and the call is open again. pps undo TRIP takes the change back; who was\n"
               "told of it meanwhile is told once more.\n"
               "Another manager on the day of the sale has sold it, too; later they only take the trip over.\n"
               "TRIP is T34, or a client who has one current trip only.",
    .examples = "  pps edit-trip T34 --departure \"12.12.2026 09:15\" --return 22.12.2026\n"
                "  pps edit-trip T34 --manager boris",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_WRITING,
    .run = run,
};
