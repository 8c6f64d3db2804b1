/* pps add-trip: a further sale to a client who is known. */
#include <pps/str.h>

#include "lost_show.h"

static const struct option options[] = {
    {"purchase", "DATE", "the day of the sale (default: today)"},
    {"departure", "DATE", "with the hour of take-off when known"},
    {"return", "DATE", "with the hour of landing when known"},
    {"destination", "WORDS", "\"Турция, Анталья\""},
    {"departure-tz", "ZONE", "where the trip starts, when not at home: Asia/Vladivostok"},
    {"product", "WORD", "what was sold: one of the products in the playbook"},
    {"party", "N+N", "who travels, adults and children: 2+1, or 2"},
    {"manager", "LOGIN", "whose sale it is (default: who enters it)"},
    {"note", "WORDS", "for the card; never in a message"},
    {"allow-duplicate", NULL, "enter it although they travel then already"},
};

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct sale sale = {
        .purchase = str_or(arg_value(args, "purchase"), "today"),
        .departure = arg_value(args, "departure"),
        .return_ = arg_value(args, "return"),
        .destination = arg_value(args, "destination"),
        .departure_tz = arg_value(args, "departure-tz"),
        .product = arg_value(args, "product"),
        .party = arg_value(args, "party"),
        .manager = arg_value(args, "manager"),
        .trip_note = arg_value(args, "note"),
        .allow_duplicate = arg_given(args, "allow-duplicate"),
    };
    struct enrolment e;
    enum rc rc = lookup_client(&app->desk, args->words[0], &sale.client_id, err);
    if (rc == RC_OK)
        rc = service_enrol(&app->desk, &sale, &e, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        struct json *root = occasion_document(app, "add-trip", &e.file);
        json_add_string(root, "note", e.note);
        won_back_document(root, &e.won_back);
        show_json(app, root);
    } else {
        show_client(app, &e.file.client);
        show_occasion(app, &e.file);
        show_won_back(app, &e.won_back, e.won_late);
        if (e.note != NULL)
            remark(app, "note: %s", e.note);
    }
    enrolment_fini(&e);
    return RC_OK;
}

const struct command cmd_add_trip = {
    .name = "add-trip",
    .group = "Selling",
    .summary = "enter a further sale to a known client",
    .usage = "CLIENT --departure DATE --return DATE [--destination …] …",
    .details = "CLIENT is C12, an external id, a phone number, or words of the name that fit one "
               "client only.",
    .examples =
        "  pps add-trip C12 --departure 10.02.2027 --return 20.02.2027 --destination Дубай\n"
        "  pps add-trip Иванова --departure +30d --return +37d",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_WORDS,
    .run = run,
};
