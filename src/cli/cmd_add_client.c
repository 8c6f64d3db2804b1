/* pps add-client: a sale. Client, trip and timeline in one transaction; on a terminal without
 * options it asks. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/views.h>

#include "app.h"

static const struct option options[] = {
    {"name", "NAME", "as on the card: \"Мария Иванова\""},
    {"salutation", "NAME", "how letters address them: \"Мария Ивановна\""},
    {"phone", "NUMBER", "in any usual form: \"8 903 123-45-67\""},
    {"email", "ADDRESS", "phone, e-mail, or both"},
    {"purchase", "DATE", "the day of the sale (default: today)"},
    {"departure", "DATE", "with the hour of take-off when known"},
    {"return", "DATE", "with the hour of landing when known"},
    {"destination", "WORDS", "\"Турция, Анталья\""},
    {"manager", "LOGIN", "whose client it is (default: who enters it)"},
    {"lang", "CODE", "language of the letters: ru, en … (default: the agency's)"},
    {"tz", "ZONE", "where the client lives (default: the agency's)"},
    {"birthday", "DATE", "1985-03-12 or 12.03.1985"},
    {"note", "WORDS", "for the card; never in a message"},
    {"external-id", "ID", "their id in another system; must be unique"},
    {"allow-duplicate", NULL, "enter it although this sale seems to be there already"},
};

struct question {
    const char *option, *text;
    bool required;
};

static const struct question questions[] = {
    {"name", "Name (as on the card)", true},
    {"salutation", "How letters address them (Enter: by the name)", false},
    {"phone", "Phone", false},
    {"email", "E-mail", false},
    {"purchase", "Date of the purchase (Enter: today)", false},
    {"departure", "Departure (10.12.2026, or with the hour: 10.12.2026 06:40)", true},
    {"return", "Return", true},
    {"destination", "Destination", false},
    {"note", "Note for the card", false},
};
enum { QUESTIONS = sizeof questions / sizeof *questions };

/* Asks until the answer passes; the rule is the same as for options. */
static enum rc ask_until_right(struct app *app, const struct question *q, char **ret,
                               struct err *err)
{
    for (;;) {
        struct err why = {0};
        enum rc rc = ask_line(app, q->text, ret, err);
        if (rc != RC_OK)
            return rc;
        if (q->required && **ret == '\0')
            (void)err_set(&why, RC_INVALID, "this is needed");
        else if (sale_check_field(&app->desk, q->option, *ret, &why) == RC_OK)
            return RC_OK;
        fprintf(app->out, "  %s\n", why.message);
        free(*ret);
        *ret = NULL;
    }
}

static enum rc ask_sale(struct app *app, char *answers[QUESTIONS], struct sale *sale,
                        struct err *err)
{
    const char **into[QUESTIONS] = {&sale->name,    &sale->salutation,  &sale->phone,
                                    &sale->email,   &sale->purchase,    &sale->departure,
                                    &sale->return_, &sale->destination, &sale->client_note};
    for (size_t i = 0; i < QUESTIONS; i++) {
        enum rc rc = ask_until_right(app, &questions[i], &answers[i], err);
        if (rc != RC_OK)
            return rc;
        *into[i] = *answers[i] ? answers[i] : NULL;
    }
    return RC_OK;
}

static void show_enrolment(struct app *app, const struct enrolment *e)
{
    if (app->json) {
        struct json *root = trip_document(app, "add-client", &e->file);
        json_add_string(root, "note", e->note);
        show_json(app, root);
        return;
    }
    show_client(app, &e->file.client);
    show_trip(app, &e->file);
    if (e->note != NULL)
        remark(app, "note: %s", e->note);
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct sale sale = {
        .name = arg_value(args, "name"),
        .salutation = arg_value(args, "salutation"),
        .phone = arg_value(args, "phone"),
        .email = arg_value(args, "email"),
        .purchase = arg_value(args, "purchase"),
        .departure = arg_value(args, "departure"),
        .return_ = arg_value(args, "return"),
        .destination = arg_value(args, "destination"),
        .manager = arg_value(args, "manager"),
        .lang = arg_value(args, "lang"),
        .tz = arg_value(args, "tz"),
        .birthday = arg_value(args, "birthday"),
        .client_note = arg_value(args, "note"),
        .external_id = arg_value(args, "external-id"),
        .allow_duplicate = arg_given(args, "allow-duplicate"),
    };
    char *answers[QUESTIONS] = {NULL};
    enum rc rc = RC_OK;
    bool nothing_given = sale.name == NULL && sale.departure == NULL && sale.return_ == NULL;
    if (nothing_given && app->interactive && !app->json)
        rc = ask_sale(app, answers, &sale, err);
    else if (sale.name == NULL)
        rc = err_set(err, RC_USAGE, "a client needs a name: --name \"Мария Иванова\"");
    if (sale.purchase == NULL)
        sale.purchase = "today";
    struct enrolment e;
    if (rc == RC_OK)
        rc = service_enrol(&app->desk, &sale, &e, err);
    if (rc == RC_OK) {
        show_enrolment(app, &e);
        enrolment_fini(&e);
    }
    for (size_t i = 0; i < QUESTIONS; i++)
        free(answers[i]);
    return rc;
}

const struct command cmd_add_client = {
    .name = "add-client",
    .group = "Selling",
    .summary = "enter a sale: a client, the trip, and everything that follows from its dates",
    .usage = "--name NAME --departure DATE --return DATE [--phone …] [--email …] …",
    .details = "On a terminal, pps add-client alone asks for what it needs. The answer shows the "
               "whole timeline,\n"
               "and says which steps were merged or dropped and why.",
    .examples = "  pps add-client --name \"Мария Иванова\" --phone \"8 903 123-45-67\" \\\n"
                "      --email maria@example.com --purchase 2026-12-01 \\\n"
                "      --departure \"10.12.2026 06:40\" --return 20.12.2026 --destination Анталья\n"
                "  pps add-client --name \"John Smith\" --email john@example.com --lang en \\\n"
                "      --departure +1d --return +8d",
    OPTIONS(options),
    .needs = NEEDS_WRITING,
    .run = run,
};
