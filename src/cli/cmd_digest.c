/* pps digest: the list of the morning that goes to colleagues by e-mail. Who gets it, what became of the last one, and what
 * would stand in it now. It sends nothing: the tick does, and once a day. */
#include <stdlib.h>
#include <string.h>

#include <pps/digests.h>
#include <pps/mail_view.h>
#include <pps/str.h>
#include <pps/views.h>

#include "previews.h"
#include "program.h"

static const struct option options[] = {
    {"as-html", "FILE", "write the letter as HTML to a new file; - prints it"},
    {"open", NULL, "the same, opened in a browser"},
    {"eml", "FILE", "write the whole e-mail to a new file; - prints it"},
};

/* ---- who gets it ---- */

/* When it came to that; 0: not yet. */
static int64_t moment_of(const struct digest_fate *fate)
{
    return fate->done_at != 0 ? fate->done_at : fate->risk_at;
}

static char *last_words(const struct app *app, const struct digest_reader *reader)
{
    static const char *const words[] = {
        [DIGEST_WAITING] = "not gone yet",
        [DIGEST_AT_RISK] = "is being sent",
        [DIGEST_SENT] = "sent",
        [DIGEST_NOTHING] = "nothing to do, so none",
        [DIGEST_FAILED] = "refused for good",
        [DIGEST_IN_DOUBT] = "in doubt, not sent again",
    };
    const struct digest_fate *last = &reader->last;
    char day[CIVIL_TEXT_BYTES], at[CIVIL_TEXT_BYTES] = "";
    if (!reader->any)
        return xstrdup(reader->gets ? "none yet" : "has no e-mail address");
    civil_format_people(last->day, day);
    if (last->state == DIGEST_SENT)
        civil_format(zone_to_local(app->zone, moment_of(last)), at);
    return xasprintf("%s: %s%s%s%s%s", day, words[last->state], *at ? " at " : "",
                     *at ? at + sizeof "YYYY-MM-DD" : "", last->reply ? ": " : "",
                     str_or(last->reply, ""));
}

static void show_table(struct app *app, const struct digest_readers *readers)
{
    static const char *const names[] = {"login", "name", "list", "e-mail", "the last one"};
    static const size_t widths[] = {0, 28, 0, 34, 80};
    struct table *table = table_new(names, app->tty ? widths : NULL, 5);
    for (size_t i = 0; i < readers->n; i++) {
        const struct digest_reader *reader = &readers->v[i];
        char *last = last_words(app, reader);
        bool red = reader->any &&
                   (reader->last.state == DIGEST_FAILED || reader->last.state == DIGEST_IN_DOUBT);
        table_row(table, red ? STYLE_RED : reader->gets ? STYLE_PLAIN : STYLE_DIM);
        table_cell(table, reader->staff.login);
        table_cell(table, reader->staff.name);
        table_cell(table,
                   reader->staff.role == ROLE_DIRECTOR ? "everything red" : "their own work");
        table_cell(table, reader->staff.email);
        table_cell(table, last);
        free(last);
    }
    if (!app->quiet)
        table_print(table, app->out, app->colour);
    table_free(table);
}

static void tell_hour(struct app *app)
{
    int16_t at = app->config.digest.at;
    if (at == MINUTE_NONE)
        say(app, "no lists are sent: set \"digest\": {\"at\": \"08:30\"} in %s\n",
            app->config_path);
    else
        say(app,
            "on working days the first tick from %02d:%02d on sends them, and none after "
            "%02d:%02d\n",
            at / 60, at % 60, DIGEST_END_MINUTE / 60, DIGEST_END_MINUTE % 60);
}

static void add_last(const struct app *app, struct json *o, const struct digest_reader *reader)
{
    const struct digest_fate *last = &reader->last;
    char day[CIVIL_TEXT_BYTES];
    if (!reader->any) {
        json_add_null(o, "last");
        return;
    }
    struct json *l = json_add_object(o, "last");
    civil_format_day(last->day, day);
    json_add_string(l, "day", day);
    json_add_string(l, "state", digest_state_name(last->state));
    view_instant(l, "at", moment_of(last), app->zone);
    json_add_int(l, "tries", last->tries);
    json_add_string(l, "why", last->reply);
}

static void show_json_list(struct app *app, const struct digest_readers *readers)
{
    struct json *root = view_document("digest", 1);
    int16_t at = app->config.digest.at;
    char *hour = at != MINUTE_NONE ? xasprintf("%02d:%02d", at / 60, at % 60) : NULL;
    json_add_string(root, "hour", hour);
    struct json *people = json_add_array(root, "people");
    for (size_t i = 0; i < readers->n; i++) {
        const struct digest_reader *reader = &readers->v[i];
        struct json *o = json_add_object(people, NULL);
        json_add_string(o, "login", reader->staff.login);
        json_add_string(o, "name", reader->staff.name);
        json_add_string(o, "role", role_name(reader->staff.role));
        json_add_string(o, "email", reader->staff.email);
        add_last(app, o, reader);
    }
    show_json(app, root);
    free(hour);
}

static enum rc show_readers(struct app *app, struct err *err)
{
    struct digest_readers readers;
    enum rc rc = service_digest_readers(&app->desk, &readers, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        show_json_list(app, &readers);
    } else {
        if (readers.n > 0)
            show_table(app, &readers);
        tell_hour(app);
    }
    digest_readers_fini(&readers);
    return RC_OK;
}

/* ---- what stands in it ---- */

static enum rc write_files(struct app *app, const struct args *args, const struct rendered *mail,
                           const struct mail_view *view, struct err *err)
{
    const char *html = arg_value(args, "as-html"), *eml = arg_value(args, "eml");
    const char *page = str_or(view->html, "");
    enum rc rc = RC_OK;
    if (eml != NULL)
        rc = previews_put(app, eml, mail->bytes, mail->len, err);
    if (rc == RC_OK && html != NULL)
        rc = previews_put(app, html, page, strlen(page), err);
    if (rc == RC_OK && arg_given(args, "open"))
        rc = open_page(app, page, err);
    return rc;
}

static void show_letter(struct app *app, const struct args *args, const struct rendered *mail,
                        const struct mail_view *view)
{
    if (app->json) {
        struct json *root = view_document("digest", 1);
        json_add_string(root, "to", mail->recipient);
        json_add_string(root, "subject", mail->subject);
        json_add_string(root, "text", view->text);
        json_add_string(root, "html", view->html);
        show_json(app, root);
    } else if (!arg_given(args, "as-html") && !arg_given(args, "eml") && !arg_given(args, "open")) {
        previews_say_mail(app, view, mail->preheader);
    }
}

static enum rc show_list_of(struct app *app, const struct args *args, const struct staff *who,
                            struct err *err)
{
    struct rendered mail = {0};
    struct mail_view view = {0};
    bool nothing = false;
    if (str_empty(who->email))
        return err_set(err, RC_REJECTED, "%s has no e-mail address: pps staff edit %s --email …",
                       who->login, who->login);
    enum rc rc = service_digest(&app->desk, who, &mail, &nothing, err);
    if (rc != RC_OK)
        return rc;
    if (nothing) {
        struct json *root = app->json ? view_document("digest", 1) : NULL;
        if (root != NULL) {
            json_add_null(root, "to");
            show_json(app, root);
        }
        say(app, "%s has nothing to do, and would get no list\n", who->login);
        return RC_OK;
    }
    rc = mail_view_read(mail.bytes, mail.len, &view, err);
    if (rc == RC_OK)
        rc = write_files(app, args, &mail, &view, err);
    if (rc == RC_OK)
        show_letter(app, args, &mail, &view);
    mail_view_fini(&view);
    rendered_fini(&mail);
    return rc;
}

static enum rc check(const struct app *app, const struct args *args, struct err *err)
{
    bool files = arg_given(args, "as-html") || arg_given(args, "eml") || arg_given(args, "open");
    bool prints = str_eq(arg_value(args, "as-html"), "-") || str_eq(arg_value(args, "eml"), "-");
    if (files && args->n_words == 0)
        return err_set(err, RC_USAGE, "say whose list: pps digest LOGIN --open");
    if (app->json && prints)
        return err_set(err, RC_USAGE, "--json prints a document: name a file instead of -");
    return RC_OK;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct staff who;
    enum rc rc = check(app, args, err);
    if (rc != RC_OK)
        return rc;
    if (args->n_words == 0)
        return show_readers(app, err);
    rc = app_check_templates(app, err);
    if (rc == RC_OK)
        rc = store_staff_by_login(app->store, args->words[0], &who, err);
    if (rc != RC_OK)
        return rc;
    rc = who.active ? show_list_of(app, args, &who, err)
                    : err_set(err, RC_REJECTED, "%s has left, and gets no list", who.login);
    staff_fini(&who);
    return rc;
}

const struct command cmd_digest = {
    .name = "digest",
    .group = "Control",
    .summary = "the list of the morning: who gets it by e-mail, and what stands in it",
    .usage = "[LOGIN [--as-html FILE|--open|--eml FILE]]",
    .details =
        "On working days the first tick from \"digest.at\" of pps.json on sends each colleague "
        "what they have to do\n"
        "and what is red of theirs, and directors everything red, also when there is nothing: a "
        "day without that letter\n"
        "means that the tick stands still. Without LOGIN: who gets it, and what became of the last "
        "one. With LOGIN: what\n"
        "would stand in theirs now. Nothing is sent or changed.",
    .examples = "  pps digest\n"
                "  pps digest anna\n"
                "  pps digest olga --open",
    OPTIONS(options),
    .max_words = 1,
    .needs = NEEDS_READING,
    .run = run,
};
