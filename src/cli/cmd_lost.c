/* pps lost: somebody did not buy from us. One command starts the series that asks them back; on a terminal without options
 * it asks. The same command lists them, and counts. */
#include <stdlib.h>

#include <pps/str.h>

#include "agenda.h"
#include "ask.h"
#include "heard.h"
#include "lost_show.h"

static const struct option options[] = {
    {"name", "NAME", "somebody who is not on a card yet"},
    {"salutation", "NAME", "how letters address them"},
    {"gender", "WORD", "female, male or unknown (default: what the name tells beyond doubt)"},
    {"phone", "NUMBER", "in any usual form: \"8 903 123-45-67\""},
    {"email", "ADDRESS", "phone, e-mail, or both"},
    {"lang", "CODE", "language of the letters: ru, en … (default: the agency's)"},
    {"tz", "ZONE", "where the client lives (default: the agency's)"},
    {"note", "WORDS", "for the card; never in a message"},
    {"external-id", "ID", "their id in another system; must be unique"},
    {"allow-duplicate", NULL, "although somebody of this name is there, or somebody who travels has the number"},
    {"reason", "WORD", "one of the list: lost_reasons in pps.json"},
    {"words", "WORDS", "the same in their words, or yours"},
    {"travel-from", "DATE", "when they travel, if you know it"},
    {"travel-to", "DATE", "when they are back"},
    {"destination", "WORDS", "where they go"},
    {"manager", "LOGIN", "who failed to sell (default: who enters it); with --list, theirs only"},
    {"call-by", "LOGIN", "who talks to them (default: the service director, else the director)"},
    {"no-call", NULL, "letters only"},
    {"list", NULL, "who was lost, why, by whom, and what became of it"},
    {"reasons", NULL, "reasons counted, who lost what, how many came back"},
    {"from", "DATE", "with --list and --reasons: heard of on this day or later"},
    {"to", "DATE", "the same: on this day or before"},
};

/* ---- lists ---- */

/* What belongs to a list does not go with an entry, and the other way round. */
static enum rc check_kind(const struct args *args, bool lists, struct err *err)
{
    static const char *const of_lists[] = {"list", "reasons", "from", "to"};
    for (size_t i = 0; i < args->n_options; i++) {
        const char *name = args->options[i].name;
        bool its_own = false;
        for (size_t k = 0; k < sizeof of_lists / sizeof *of_lists; k++)
            its_own = its_own || str_eq(name, of_lists[k]);
        if (args->values[i] == NULL || str_eq(name, "manager") || its_own == lists)
            continue;
        return lists ? err_set(err, RC_USAGE, "--%s does not go with --list and --reasons", name)
                     : err_set(err, RC_USAGE, "--%s goes with --list or --reasons only", name);
    }
    if (lists && args->n_words > 0)
        return err_set(err, RC_USAGE,
                       "usage: pps lost --list|--reasons [--from DATE] [--to DATE] "
                       "[--manager LOGIN]");
    return RC_OK;
}

static enum rc show_lists(struct app *app, const struct args *args, struct err *err)
{
    struct lost_query query = {
        .since = desk_now(&app->desk) - (int64_t)LOST_ANSWER_DAYS * 86400};
    struct lost_list list;
    enum rc rc = arg_day(app, args, "from", &query.from, err);
    if (rc == RC_OK)
        rc = arg_day(app, args, "to", &query.to, err);
    if (rc == RC_OK)
        rc = agenda_manager(app, arg_value(args, "manager"), &query.lost_by, err);
    if (rc == RC_OK)
        rc = store_lost_list(app->store, &query, &list, err);
    if (rc != RC_OK)
        return rc;
    if (arg_given(args, "reasons"))
        show_lost_figures(app, &list);
    else
        show_lost_list(app, &list);
    lost_list_fini(&list);
    return RC_OK;
}

/* ---- one of them ---- */

enum { CLIENT, NAME, SALUTATION, PHONE, EMAIL, REASON, WORDS, DESTINATION, FROM, TO, QUESTIONS };

/* Who is known needs no card. */
static bool is_of_card(int question)
{
    return question >= NAME && question <= EMAIL;
}

static enum rc ask_entry(struct app *app, char *answers[QUESTIONS], struct lost_entry *e,
                         struct err *err)
{
    char *list = word_list_text(&app->config.lost_reasons), *reason = xasprintf("Why? (%s)", list);
    const struct question questions[QUESTIONS] = {
        [CLIENT] = {"client", "Client (C12, phone or name; Enter: somebody new)", false},
        [NAME] = {"name", "Name (as on the card)", true},
        [SALUTATION] = {"salutation", "How letters address them (Enter: by the name)", false},
        [PHONE] = {"phone", "Phone", false},
        [EMAIL] = {"email", "E-mail", false},
        [REASON] = {"reason", reason, true},
        [WORDS] = {"words", "In their words (Enter: nothing)", false},
        [DESTINATION] = {"destination", "Where do they go?", false},
        [FROM] = {"travel-from", "When do they leave?", false},
        [TO] = {"travel-to", "When are they back?", false},
    };
    const char **into[QUESTIONS] = {
        NULL,       &e->person.name, &e->person.salutation, &e->person.phone, &e->person.email,
        &e->reason, &e->words,       &e->destination,       &e->travel_from,  &e->travel_to};
    enum rc rc = RC_OK;
    for (int i = 0; i < QUESTIONS && rc == RC_OK; i++) {
        if (is_of_card(i) && e->client_id != 0)
            continue;
        rc = ask_until_right(app, &questions[i], lost_check_field, &answers[i], err);
        if (rc == RC_OK && i == CLIENT && *answers[i])
            rc = lookup_client(&app->desk, answers[i], &e->client_id, err);
        if (rc == RC_OK && i != CLIENT)
            *into[i] = *answers[i] ? answers[i] : NULL;
    }
    free(reason);
    free(list);
    return rc;
}

/* A fault that shows only when all answers stand together must not cost the answers: they are asked again. */
static enum rc ask_and_enter(struct app *app, struct lost_entry *e, struct lost_result *ret,
                             struct err *err)
{
    char *answers[QUESTIONS] = {NULL};
    enum rc rc;
    for (;;) {
        e->client_id = 0;
        rc = ask_entry(app, answers, e, err);
        if (rc == RC_OK)
            rc = service_lost(&app->desk, e, ret, err);
        if (rc != RC_INVALID)
            break;
        say_to(app->out, "  %s\n  Enter keeps what stands in brackets.\n", err->message);
    }
    for (int i = 0; i < QUESTIONS; i++)
        free(answers[i]);
    return rc;
}

static enum rc enter(struct app *app, const struct args *args, struct lost_entry *e,
                     struct lost_result *ret, struct err *err)
{
    bool nothing = args->n_words == 0 && e->person.name == NULL && e->reason == NULL;
    if (nothing && app->interactive && !app->json)
        return ask_and_enter(app, e, ret, err);
    if (args->n_words > 0 && e->person.name != NULL)
        return err_set(err, RC_USAGE, "either a client who is known, or --name for a new one");
    if (args->n_words == 0 && e->person.name == NULL)
        return err_set(err, RC_USAGE,
                       "who did not buy? pps lost CLIENT --reason WORD, or --name NAME for "
                       "somebody new");
    enum rc rc =
        args->n_words ? lookup_client(&app->desk, args->words[0], &e->client_id, err) : RC_OK;
    return rc == RC_OK ? service_lost(&app->desk, e, ret, err) : rc;
}

static void show_result(struct app *app, const struct lost_result *r)
{
    if (app->json) {
        struct json *root = occasion_document(app, "lost", &r->file);
        json_add_string(root, "note", r->note);
        show_json(app, root);
        return;
    }
    show_client(app, &r->file.client);
    show_occasion(app, &r->file);
    if (r->note != NULL)
        remark(app, "note: %s", r->note);
}

/* ---- what was mistyped ---- */

static enum rc edit(struct app *app, const struct args *args, struct err *err)
{
    static const char may[] = "reason words destination travel-from travel-to manager call-by";
    const struct lost_change change = {
        .reason = arg_value(args, "reason"),
        .words = arg_value(args, "words"),
        .destination = arg_value(args, "destination"),
        .travel_from = arg_value(args, "travel-from"),
        .travel_to = arg_value(args, "travel-to"),
        .lost_by = arg_value(args, "manager"),
        .call_by = arg_value(args, "call-by"),
    };
    struct lost_result r;
    int64_t id;
    size_t given = 0;
    for (size_t i = 0; i < args->n_options; i++)
        given += args->values[i] != NULL;
    enum rc rc = check_options(args, "pps lost edit", may, err);
    if (rc == RC_OK && (args->n_words != 2 || given == 0))
        rc = err_set(err, RC_USAGE,
                     "usage: pps lost edit CLIENT|L35 [--reason WORD] [--words WORDS] "
                     "[--travel-from DATE] [--call-by LOGIN] …");
    if (rc == RC_OK)
        rc = lookup_kind(&app->desk, KIND_LOST, args->words[1], &id, err);
    if (rc == RC_OK)
        rc = service_lost_edit(&app->desk, id, &change, &r, err);
    if (rc != RC_OK)
        return rc;
    show_result(app, &r);
    lost_result_fini(&r);
    return RC_OK;
}

/* More words than one belong to an edit only. */
static enum rc check_words(const struct args *args, struct err *err)
{
    if (args->n_words < 2)
        return RC_OK;
    return err_set(err, RC_USAGE,
                   "one client at a time (a name of several words stands in quotation marks), or "
                   "pps lost edit L35 …");
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct lost_entry e = {
        .person = {.name = arg_value(args, "name"),
                   .salutation = arg_value(args, "salutation"),
                   .gender = arg_value(args, "gender"),
                   .phone = arg_value(args, "phone"),
                   .email = arg_value(args, "email"),
                   .lang = arg_value(args, "lang"),
                   .tz = arg_value(args, "tz"),
                   .client_note = arg_value(args, "note"),
                   .external_id = arg_value(args, "external-id"),
                   .allow_duplicate = arg_given(args, "allow-duplicate")},
        .reason = arg_value(args, "reason"),
        .words = arg_value(args, "words"),
        .destination = arg_value(args, "destination"),
        .travel_from = arg_value(args, "travel-from"),
        .travel_to = arg_value(args, "travel-to"),
        .lost_by = arg_value(args, "manager"),
        .call_by = arg_value(args, "call-by"),
        .no_call = arg_given(args, "no-call"),
    };
    bool lists = arg_given(args, "list") || arg_given(args, "reasons");
    struct lost_result r;
    if (args->n_words > 0 && str_eq(args->words[0], "edit"))
        return edit(app, args, err);
    enum rc rc = check_kind(args, lists, err);
    if (rc == RC_OK)
        rc = check_words(args, err);
    if (rc == RC_OK && lists)
        return show_lists(app, args, err);
    if (rc == RC_OK)
        rc = enter(app, args, &e, &r, err);
    if (rc != RC_OK)
        return rc;
    show_result(app, &r);
    lost_result_fini(&r);
    return RC_OK;
}

const struct command cmd_lost = {
    .name = "lost",
    .group = "Selling",
    .summary = "they bought elsewhere, or fell silent: the letters that ask them back",
    .usage = "CLIENT|--name NAME --reason WORD … | edit CLIENT|L35 … | --list | --reasons",
    .details =
        "Two letters of the service director and a call by somebody else; next season, one more "
        "letter. Who failed to\n"
        "sell signs nothing, sends nothing, and gets no answer. It ends when they buy, or by pps won. "
        "On a terminal, pps lost\n"
        "alone asks.\n"
        "edit puts right what was mistyped: --reason, --words, --destination, --travel-from, "
        "--travel-to, --manager,\n"
        "--call-by; \"\" empties. What is still ahead is planned anew, and nothing goes twice. pps "
        "undo L35 takes back the\n"
        "last change, and in the end the whole entry: nothing more goes, and it is counted nowhere.",
    .examples = "  pps lost C12 --reason цена --words \"нашли на 10 тысяч дешевле\"\n"
                "  pps lost --name \"Мария Иванова\" --email maria@example.com --reason молчат \\\n"
                "      --travel-from 10.02.2027 --travel-to 20.02.2027 --no-call\n"
                "  pps lost edit L35 --reason отель --travel-from 10.03.2027 --travel-to 20.03.2027\n"
                "  pps undo L35\n"
                "  pps lost --list --from 01.01.2027 --manager anna\n"
                "  pps lost --reasons",
    OPTIONS(options),
    .max_words = 2,
    .needs = NEEDS_WORDS,
    .run = run,
};
