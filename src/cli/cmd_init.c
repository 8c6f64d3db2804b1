/* pps init: the database, the configuration and the templates that one may edit. What exists is
 * never overwritten. */
#include <stdlib.h>
#include <string.h>

#include <pps/contact.h>
#include <pps/file.h>
#include <pps/str.h>
#include <pps/templates.h>
#include <pps/utf8.h>
#include <pps/views.h>

#include "app.h"

static const struct option options[] = {
    {"agency", "NAME", "the agency's name, as it stands under letters"},
    {"email", "ADDRESS", "the agency's address: From: of every letter"},
    {"phone", "NUMBER", "the agency's phone number, for letters"},
    {"lang", "CODE", "language of clients without one of their own (default ru)"},
    {"tz", "ZONE", "the agency's time zone (default Europe/Moscow)"},
    {"country", "CODE", "what a phone number without + means (default RU)"},
};

/* A JSON string literal of s. */
static char *quoted(const char *s)
{
    struct json *list = json_new_array();
    json_add_string(list, NULL, s);
    char *text = json_print(list, false);
    json_free(list);
    size_t len = strlen(text);
    char *inner = xstrndup(text + 1, len - 2);
    free(text);
    return inner;
}

/* The first configuration: what was given, and the rest as comments that show the way. */
static char *config_text(const struct args *args)
{
    char *name = quoted(str_or(arg_value(args, "agency"), "Travel agency"));
    char *phone = quoted(str_or(arg_value(args, "phone"), ""));
    char *email = quoted(str_or(arg_value(args, "email"), "info@pps.invalid"));
    char *lang = quoted(str_or(arg_value(args, "lang"), "ru"));
    char *tz = quoted(str_or(arg_value(args, "tz"), "Europe/Moscow"));
    char *country = quoted(str_or(arg_value(args, "country"), "RU"));
    char *text = xasprintf(
        "// The configuration of pps. Every key has a default; man pps and docs/config.md describe "
        "them all.\n"
        "{\n"
        "  \"agency\": {\n"
        "    \"name\": %s,\n"
        "    \"phone\": %s,\n"
        "    \"lang\": %s,\n"
        "    \"tz\": %s,\n"
        "    \"country\": %s\n"
        "    // \"site\", \"address\", \"hashtag\", \"survey_url\": used by letters when they are "
        "there\n"
        "    // \"color\": \"#0b5cad\": of the letters; a logo is the file templates/pictures/logo.png\n"
        "  },\n"
        "  \"calendar\": {\n"
        "    \"working_days\": [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"],\n"
        "    \"holidays\": []\n"
        "  },\n"
        "  // When colleagues get their list of the morning by e-mail, such as \"08:30\"; \"\": never\n"
        "  \"digest\": {\"at\": \"\"},\n"
        "  // Until a gateway is named, letters and SMS are written as files into the folder "
        "outbox.\n"
        "  \"email\": {\n"
        "    \"gateway\": \"outbox\",\n"
        "    \"from\": %s\n"
        "    // \"unsubscribe_to\", \"unsubscribe_url\": where a reader of selling letters stops them\n"
        "    // \"gateway\": \"smtp\",\n"
        "    // \"smtp\": {\"host\": \"smtp.example.com\", \"security\": \"tls\",\n"
        "    //          \"user\": \"info@example.com\", \"password_file\": \"smtp.secret\"}\n"
        "  },\n"
        "  \"sms\": {\n"
        "    \"gateway\": \"outbox\"\n"
        "    // \"gateway\": \"http\",\n"
        "    // \"http\": {\"preset\": \"kannel\", \"url\": \"http://127.0.0.1:13013\", \"user\": "
        "\"pps\",\n"
        "    //          \"password_file\": \"sms.secret\", \"sender\": \"Agency\"}\n"
        "  }\n"
        "}\n",
        name, phone, lang, tz, country, email);
    free(name);
    free(phone);
    free(email);
    free(lang);
    free(tz);
    free(country);
    return text;
}

static enum rc write_new(const char *path, const char *text, size_t len, bool *ret_written,
                         struct err *err)
{
    char *dir = file_dirname(path);
    enum rc rc = file_mkdirs(dir, err);
    free(dir);
    if (rc == RC_OK)
        rc = file_write(path, text, len, true, err);
    *ret_written = rc == RC_OK;
    return rc == RC_EXISTS ? RC_OK : rc;
}

/* The options become lines of pps.json, but a fault in one is named as the option that it is. */
static enum rc check_options(const struct args *args, struct err *err)
{
    const struct zone *zone;
    const char *tz = arg_value(args, "tz"), *email = arg_value(args, "email");
    char *address = NULL;
    enum rc rc = RC_OK;
    for (size_t i = 0; i < args->n_options; i++) {
        const char *value = args->values[i];
        if (value != NULL && utf8_valid_until(value, strlen(value)) != strlen(value))
            return err_set(err, RC_INVALID,
                           "--%s is not valid UTF-8: is the terminal set to UTF-8?",
                           args->options[i].name);
        char *safe = value ? utf8_printable(value, true) : NULL;
        bool clean = str_eq(value, safe);
        free(safe);
        if (!clean)
            return err_set(err, RC_INVALID,
                           "--%s contains a control character: type it again by hand",
                           args->options[i].name);
    }
    if (tz != NULL && (rc = zone_find(tz, &zone, err)) != RC_OK)
        return err_prefix(err, rc, "--tz");
    if (email != NULL && (rc = email_parse(email, &address, err)) != RC_OK)
        return err_prefix(err, rc, "--email");
    free(address);
    return rc;
}

static enum rc write_config(struct app *app, const struct args *args, bool *ret_written,
                            struct err *err)
{
    char *text = config_text(args);
    struct config check;
    /* Wrong options are found before anything is written. */
    enum rc rc = config_parse(text, strlen(text), "pps init", &check, err);
    if (rc == RC_OK) {
        config_fini(&check);
        rc = write_new(app->config_path, text, strlen(text), ret_written, err);
    } else {
        rc = RC_INVALID;
    }
    free(text);
    return rc;
}

/* With the playbook and the presets, which an agency edits as well. */
static enum rc write_templates(struct app *app, int *ret_count, struct err *err)
{
    const struct templates_export how = {.everything = true};
    struct templates_exported exported;
    enum rc rc = templates_export(app->templates_dir, &how, &exported, err);
    if (rc != RC_OK)
        return rc;
    *ret_count = exported.written;
    templates_exported_fini(&exported);
    return RC_OK;
}

static enum rc create_database(struct app *app, struct err *err)
{
    char *dir = file_dirname(app->db_path);
    enum rc rc = file_mkdirs(dir, err);
    free(dir);
    if (rc == RC_OK)
        rc = app_open_store(app, STORE_CREATE, err);
    return rc;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    bool config_written = false;
    int templates = 0;
    if (file_exists(app->db_path))
        return err_set(err, RC_EXISTS, "there is a database at %s already: nothing was changed",
                       app->db_path);
    /* With it a new database would be taken for an older copy of the one that is gone. */
    if (file_exists(app->sent_path))
        return err_set(err, RC_EXISTS,
                       "%s is there without its database; if that was lost: pps recover --from "
                       "BACKUP; if it was thrown away, throw this away, too",
                       app->sent_path);
    enum rc rc = check_options(args, err);
    if (rc == RC_OK)
        rc = write_config(app, args, &config_written, err);
    bool any = false;
    for (size_t i = 0; i < args->n_options; i++)
        any = any || args->values[i] != NULL;
    if (rc == RC_OK && any && !config_written)
        remark(app, "note: %s was there already, so the options were not used", app->config_path);
    if (rc == RC_OK)
        rc = app_load_config(app, err);
    if (rc == RC_OK)
        rc = write_templates(app, &templates, err);
    if (rc == RC_OK)
        rc = create_database(app, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        struct json *root = view_document("init", 1);
        json_add_string(root, "db", app->db_path);
        json_add_string(root, "config", app->config_path);
        json_add_string(root, "templates", app->templates_dir);
        json_add_string(root, "outbox", app->outbox_dir);
        show_json(app, root);
        return RC_OK;
    }
    say(app, "database       %s\n", app->db_path);
    say(app, "configuration  %s%s\n", app->config_path,
        config_written ? "" : " (was there, left as it is)");
    say(app, "templates      %s (%d files)\n", app->templates_dir, templates);
    if (app->config.email.gateway == MAIL_OUTBOX || app->config.sms.gateway == SMS_OUTBOX)
        say(app, "letters and SMS go into %s until the configuration names a gateway\n",
            app->outbox_dir);
    say(app, "next: pps staff add LOGIN --name NAME, then pps add-client\n");
    return RC_OK;
}

const struct command cmd_init = {
    .name = "init",
    .group = "Setting up",
    .summary = "create the database, the configuration and editable templates",
    .usage = "[--agency NAME] [--email ADDRESS] [--tz ZONE] …",
    .details = "Without --db they go where the desktop standard puts them (~/.local/share/pps, "
               "~/.config/pps);\n"
               "with --db FILE the configuration and the templates lie beside the database.\n"
               "Nothing that exists is overwritten.",
    .examples = "  pps init --agency \"Тёплые страны\" --email info@example.com\n"
                "  pps init --db /srv/pps/pps.db --lang bg --tz Europe/Sofia --country BG",
    OPTIONS(options),
    .needs = NEEDS_NOTHING,
    .run = run,
};
