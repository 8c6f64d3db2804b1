/* pps send-test: a letter or an SMS as a client would get it, sent to oneself. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/views.h>

#include "previews.h"

static const struct option options[] = {
    {"trip", "TRIP", "of whose trip: T34, a client; P37, L35 … for what is no trip"},
    {"to", "ADDRESS", "where to: an e-mail address, or a phone number for an SMS"},
    {"lang", "CODE", "in this language, whatever the client's"},
    {"date", "DAY", "as if it went on this day (default: on its own)"},
    {"dry-run", NULL, "only show it"},
    {"yes", NULL, "although the address is a client's"},
};

static enum rc check(struct app *app, const struct args *args, struct test_wish *w, struct err *err)
{
    int64_t id;
    *w = (struct test_wish){
        .what = {.about = arg_value(args, "trip"),
                 .step = args->words[0],
                 .lang = arg_value(args, "lang"),
                 .db_path = app->db_path},
        .to = arg_value(args, "to"),
        .to_client = arg_given(args, "yes"),
        .dry = arg_given(args, "dry-run"),
        .open_gateway = app_open_gateway,
        .stopping = ending_is_asked,
        .ctx = app,
    };
    if (w->to == NULL)
        return err_set(err, RC_USAGE, "say where to: --to ADDRESS");
    if (w->what.about == NULL && strchr(w->what.step, '/') == NULL &&
        !id_parse_exact(w->what.step, 'A', &id))
        return err_set(err, RC_USAGE, "say of which trip: pps send-test %.60s --trip T34 --to %s",
                       w->what.step, "ADDRESS");
    return arg_day(app, args, "date", &w->what.day, err);
}

static void show(struct app *app, const struct test_sent *t, bool dry)
{
    const struct preview_piece *piece = t->piece;
    bool email = piece->channel == CHANNEL_EMAIL;
    if (app->json) {
        struct json *root = view_document("send-test", 1);
        json_add_bool(root, "dry_run", dry);
        json_add_string(root, "step", t->previews.v[0].action.step);
        json_add_string(root, "channel", channel_name(piece->channel));
        json_add_string(root, "to", t->to);
        json_add_bool(root, "made_up", t->previews.made_up);
        json_add_string(root, "reply", dry ? NULL : t->delivery.reason);
        show_json(app, root);
        return;
    }
    if (dry)
        say(app, "to %s:\n\n", t->to);
    if (dry && email)
        say(app, "Subject: " MAIL_TEST_MARK "%s\n\n%s\n", str_or(piece->mail.subject, ""),
            str_or(piece->mail.text, ""));
    else if (dry)
        say(app, "%s\n", t->bytes);
    char *name = xasprintf("%s of %s", t->previews.v[0].title, t->previews.client.name);
    say(app, "%s: %s %s %s (%s)\n", name, dry ? "this test would go, as" : "a test went, as",
        email ? "an e-mail, to" : "an SMS, to", t->to,
        dry ? "nothing was sent" : t->delivery.reason);
    if (t->previews.made_up)
        say(app, "what it is about is made up: nobody has said it\n");
    free(name);
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct test_wish wish;
    struct test_sent sent;
    enum rc rc = app_check_templates(app, err);
    bool dry = arg_given(args, "dry-run");
    if (rc == RC_OK)
        rc = app_open_store(app, dry ? STORE_READ : STORE_WRITE, err);
    if (rc == RC_OK)
        rc = check(app, args, &wish, err);
    if (rc != RC_OK)
        return rc;
    ending_watch();
    rc = service_send_test(&app->desk, &wish, &sent, err);
    if (rc != RC_OK)
        return rc;
    show(app, &sent, dry);
    test_sent_fini(&sent);
    return RC_OK;
}

const struct command cmd_send_test = {
    .name = "send-test",
    .group = "Looking",
    .summary = "send yourself what a client would get, marked as a test",
    .usage = "STEP --trip TRIP --to ADDRESS [--lang CODE] [--date DAY] [--dry-run]",
    .details =
        "It goes at once, through the real gateway, to ADDRESS only. Its subject begins with "
        "[Test] (an SMS with\n"
        "Test:), and links that act for the client in the mail program are left out of its "
        "headers. It counts for nothing:\n"
        "what the client gets, and when, stays as it is. The log keeps who sent a test of what, "
        "without the address.",
    .examples = "  pps send-test thank-you --trip T34 --to olga@example.com\n"
                "  pps send-test A156 --to \"8 903 765-43-21\"\n"
                "  pps send-test packing --trip T34 --to olga@example.com --lang bg --dry-run",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_CONFIG,
    .run = run,
};
