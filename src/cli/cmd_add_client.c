/* pps add-client: a sale. Client, trip and timeline in one transaction; on a terminal without
 * options it asks. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/views.h>

#include "ask.h"
#include "lost_show.h"

static const struct option options[] = {
    {"name", "NAME", "as on the card: \"Мария Иванова\""},
    {"salutation", "NAME", "how letters address them: \"Мария Ивановна\""},
    {"gender", "WORD", "female, male or unknown (default: what the name tells beyond doubt)"},
    {"phone", "NUMBER", "in any usual form: \"8 903 123-45-67\""},
    {"email", "ADDRESS", "phone, e-mail, or both"},
    {"purchase", "DATE", "the day of the sale (default: today)"},
    {"departure", "DATE", "with the hour of take-off when known"},
    {"return", "DATE", "with the hour of landing when known"},
    {"destination", "WORDS", "\"Турция, Анталья\""},
    {"departure-tz", "ZONE", "where the trip starts, when not at home: Asia/Vladivostok"},
    {"product", "WORD", "what was sold: one of the products in the playbook"},
    {"party", "N+N", "who travels, adults and children: 2+1, or 2"},
    {"manager", "LOGIN", "whose client it is (default: who enters it)"},
    {"lang", "CODE", "language of the letters: ru, en … (default: the agency's)"},
    {"tz", "ZONE", "where the client lives (default: the agency's)"},
    {"birthday", "DATE", "1985-03-12 or 12.03.1985"},
    {"note", "WORDS", "for the card; never in a message"},
    {"external-id", "ID", "their id in another system; must be unique"},
    {"referred-by", "CLIENT", "who brought them: C12, a phone number or words of the name"},
    {"allow-duplicate", NULL, "enter it although this sale, or this client, seems to be there already"},
};

static const struct question questions[] = {
    {"name", "Name (as on the card)", true},
    {"salutation", "How letters address them (Enter: by the name)", false},
    {"phone", "Phone", false},
    {"email", "E-mail", false},
    {"purchase", "Date of the purchase (Enter: today)", false},
    {"departure", "Departure (10.12.2026, or with the hour: 10.12.2026 06:40)", true},
    {"return", "Return (with the hour of landing when known)", true},
    {"destination", "Destination", false},
    {"note", "Note for the card", false},
};
enum { QUESTIONS = sizeof questions / sizeof *questions };

static enum rc ask_sale(struct app *app, char *answers[QUESTIONS], struct sale *sale,
                        struct err *err)
{
    const char **into[QUESTIONS] = {&sale->name,    &sale->salutation,  &sale->phone,
                                    &sale->email,   &sale->purchase,    &sale->departure,
                                    &sale->return_, &sale->destination, &sale->client_note};
    for (size_t i = 0; i < QUESTIONS; i++) {
        enum rc rc = ask_until_right(app, &questions[i], sale_check_field, &answers[i], err);
        if (rc != RC_OK)
            return rc;
        *into[i] = *answers[i] ? answers[i] : NULL;
    }
    if (sale->purchase == NULL)
        sale->purchase = "today";
    return RC_OK;
}

/* A fault that shows only when all answers stand together must not cost the manager the answers: they are asked
 * again with what was said before. A sale that seems to be there already is a question, not an error. */
static enum rc ask_and_enrol(struct app *app, char *answers[QUESTIONS], struct sale *sale,
                             struct enrolment *ret, struct err *err)
{
    for (;;) {
        enum rc rc = ask_sale(app, answers, sale, err);
        if (rc != RC_OK)
            return rc;
        rc = service_enrol(&app->desk, sale, ret, err);
        if (rc == RC_EXISTS) {
            char *yes;
            say_to(app->out, "  %s\n", err->message);
            rc = ask_line(app, "Enter it all the same? (yes, or Enter for no)", &yes, err);
            if (rc != RC_OK)
                return rc;
            sale->allow_duplicate = str_eq(yes, "yes");
            free(yes);
            if (!sale->allow_duplicate)
                return err_set(err, RC_EXISTS, "the sale was there already: nothing was added");
            rc = service_enrol(&app->desk, sale, ret, err);
        }
        if (rc != RC_INVALID)
            return rc;
        say_to(app->out, "  %s\n  Enter keeps what stands in brackets.\n", err->message);
    }
}

static void show_enrolment(struct app *app, const struct enrolment *e)
{
    if (app->json) {
        struct json *root = occasion_document(app, "add-client", &e->file);
        json_add_string(root, "note", e->note);
        won_back_document(root, &e->won_back);
        show_json(app, root);
        return;
    }
    show_client(app, &e->file.client);
    show_occasion(app, &e->file);
    show_won_back(app, &e->won_back, e->won_late);
    if (e->note != NULL)
        remark(app, "note: %s", e->note);
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct sale sale = {
        .name = arg_value(args, "name"),
        .salutation = arg_value(args, "salutation"),
        .gender = arg_value(args, "gender"),
        .phone = arg_value(args, "phone"),
        .email = arg_value(args, "email"),
        .purchase = arg_value(args, "purchase"),
        .departure = arg_value(args, "departure"),
        .return_ = arg_value(args, "return"),
        .destination = arg_value(args, "destination"),
        .departure_tz = arg_value(args, "departure-tz"),
        .product = arg_value(args, "product"),
        .party = arg_value(args, "party"),
        .manager = arg_value(args, "manager"),
        .lang = arg_value(args, "lang"),
        .tz = arg_value(args, "tz"),
        .birthday = arg_value(args, "birthday"),
        .client_note = arg_value(args, "note"),
        .external_id = arg_value(args, "external-id"),
        .referred_by = arg_value(args, "referred-by"),
        .allow_duplicate = arg_given(args, "allow-duplicate"),
    };
    char *answers[QUESTIONS] = {NULL};
    struct enrolment e;
    enum rc rc = sale.manager ? sale_check_field(&app->desk, "manager", sale.manager, err) : RC_OK;
    if (rc != RC_OK)
        return rc;
    bool nothing_given = sale.name == NULL && sale.departure == NULL && sale.return_ == NULL;
    if (nothing_given && app->interactive && !app->json) {
        rc = ask_and_enrol(app, answers, &sale, &e, err);
    } else if (sale.name == NULL) {
        rc = err_set(err, RC_USAGE, "a client needs a name: --name \"Мария Иванова\"");
    } else {
        if (sale.purchase == NULL)
            sale.purchase = "today";
        rc = service_enrol(&app->desk, &sale, &e, err);
    }
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
    .needs = NEEDS_WORDS,
    .run = run,
};
