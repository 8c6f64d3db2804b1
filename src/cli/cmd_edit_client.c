/* pps edit-client: correct the card. A new address or number is used for everything that is still
 * to be sent. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/views.h>

#include "app.h"

static const struct option options[] = {
    {"name", "NAME", "as on the card"},
    {"salutation", "NAME", "how letters address them; \"\" for: by the name"},
    {"gender", "WORD", "female, male or unknown; \"\" for: what the name tells beyond doubt"},
    {"phone", "NUMBER", "\"\" removes it"},
    {"email", "ADDRESS", "\"\" removes it"},
    {"lang", "CODE", "language of the letters; \"\" for the agency's"},
    {"tz", "ZONE", "where the client lives; \"\" for the agency's"},
    {"birthday", "DATE", "1985-03-12 or 12.03.1985"},
    {"note", "WORDS", "for the card; never in a message"},
    {"external-id", "ID", "their id in another system"},
};

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct client_change change = {
        .name = arg_value(args, "name"),
        .salutation = arg_value(args, "salutation"),
        .gender = arg_value(args, "gender"),
        .phone = arg_value(args, "phone"),
        .email = arg_value(args, "email"),
        .lang = arg_value(args, "lang"),
        .tz = arg_value(args, "tz"),
        .birthday = arg_value(args, "birthday"),
        .note = arg_value(args, "note"),
        .external_id = arg_value(args, "external-id"),
    };
    bool any = false;
    for (size_t i = 0; i < args->n_options; i++)
        any = any || args->values[i] != NULL;
    if (!any)
        return err_set(err, RC_USAGE,
                       "say what to change: pps edit-client --help lists the options");
    int64_t id;
    struct client client;
    enum rc rc = lookup_client(&app->desk, args->words[0], &id, err);
    if (rc == RC_OK)
        rc = service_edit_client(&app->desk, id, &change, err);
    if (rc == RC_OK)
        rc = store_client_get(app->store, id, &client, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        struct json *root = view_document("edit-client", 1);
        view_client(root, "client", &client, app->zone);
        show_json(app, root);
    } else {
        bool read = change.name != NULL || change.salutation != NULL || change.lang != NULL;
        char *note = read ? service_reader_note(&app->desk, client.lang, &client, NULL) : NULL;
        show_client(app, &client);
        if (note != NULL)
            remark(app, "note: %s", note);
        free(note);
    }
    client_fini(&client);
    return RC_OK;
}

const struct command cmd_edit_client = {
    .name = "edit-client",
    .group = "Selling",
    .summary = "correct a client's card",
    .usage = "CLIENT [--phone NUMBER] [--email ADDRESS] …",
    .details = "What is still to be sent goes to the new address; steps that had no way to the "
               "client find one.",
    .examples =
        "  pps edit-client C12 --phone \"+359 888 123 456\"\n"
        "  pps edit-client Иванова --email maria@example.com --salutation \"Мария Ивановна\"",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_WRITING,
    .run = run,
};
