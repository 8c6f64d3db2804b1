/* pps preview: what exactly a client would get, before they get it. Changes nothing. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/views.h>

#include "previews.h"
#include "program.h"

static const struct option options[] = {
    {"trip", "TRIP", "of whose trip: T34, a client; P37, L35 … for what is no trip"},
    {"all", NULL, "every step of it"},
    {"as-html", "FILE", "write the letter as HTML, or the page of --all, to a new file; - prints it"},
    {"open", NULL, "the same, opened in a browser"},
    {"eml", "FILE", "write the whole e-mail as it goes to a new file; - prints it"},
    {"lang", "CODE", "in this language, whatever the client's"},
    {"date", "DAY", "as if it went on this day (default: on its own)"},
    {"sent", NULL, "the words that went, or may have gone, not as they would be now"},
};

static enum rc check(struct app *app, const struct args *args, struct preview_wish *w,
                     struct err *err)
{
    const char *html = arg_value(args, "as-html"), *eml = arg_value(args, "eml");
    bool all = arg_given(args, "all");
    int places = (html != NULL) + (eml != NULL) + arg_given(args, "open");
    *w = (struct preview_wish){.about = arg_value(args, "trip"),
                               .step = args->n_words > 0 ? args->words[0] : NULL,
                               .lang = arg_value(args, "lang"),
                               .sent = arg_given(args, "sent"),
                               .db_path = app->db_path};
    if (all == (w->step != NULL))
        return err_set(err, RC_USAGE,
                       "usage: pps preview STEP --trip TRIP, or pps preview --all --trip TRIP");
    if (all && (w->about == NULL || eml != NULL || w->sent))
        return w->about == NULL ? err_set(err, RC_USAGE, "say of which trip: --trip T34")
                                : err_set(err, RC_USAGE, "--%s is for one step, not for --all",
                                          eml != NULL ? "eml" : "sent");
    if (places > 1) /* the second could fail when the first is written */
        return err_set(err, RC_USAGE, "one of --as-html, --open and --eml at a time");
    int64_t id;
    if (w->step != NULL && w->about == NULL && strchr(w->step, '/') == NULL &&
        !id_parse_exact(w->step, 'A', &id))
        return err_set(err, RC_USAGE, "say of which trip: pps preview %.60s --trip T34", w->step);
    if (app->json && (str_eq(html, "-") || str_eq(eml, "-")))
        return err_set(err, RC_USAGE, "--json prints a document: name a file instead of -");
    return arg_day(app, args, "date", &w->day, err);
}

static const struct preview_piece *letter_of(const struct previews *all)
{
    const struct preview *p = &all->v[0];
    for (size_t i = 0; i < p->n_pieces; i++) {
        if (p->pieces[i].channel == CHANNEL_EMAIL)
            return &p->pieces[i];
    }
    return NULL;
}

static enum rc write_eml(struct app *app, const char *path, const struct previews *all,
                         struct err *err)
{
    const struct preview_piece *letter = letter_of(all);
    if (letter == NULL)
        return err_set(err, RC_INVALID, "%s goes by %s: --eml is for letters",
                       all->v[0].action.step, channel_word(all->v[0].pieces[0].channel));
    return previews_put(app, path, letter->bytes, letter->len, err);
}

/* A letter alone is shown as its reader has it; everything else on a page of ours. */
static char *html_of(const struct app *app, const struct previews *all, bool every)
{
    const struct preview_piece *letter = every ? NULL : letter_of(all);
    return letter != NULL && letter->mail.html != NULL ? xstrdup(letter->mail.html)
                                                       : previews_page(app, all);
}

static enum rc write_file(struct app *app, const struct args *args, const struct previews *all,
                          struct err *err)
{
    const char *path = arg_value(args, "as-html"), *eml = arg_value(args, "eml");
    char *html = eml != NULL ? NULL : html_of(app, all, arg_given(args, "all"));
    enum rc rc = eml != NULL    ? write_eml(app, eml, all, err)
                 : path != NULL ? previews_put(app, path, html, strlen(html), err)
                                : open_page(app, html, err);
    if (rc == RC_OK && all->made_up) /* a letter alone does not say it */
        hint(app, "what this is about is made up: nobody has said it");
    free(html);
    return rc;
}

/* What cannot be made stands in its place; scripts learn of it by the exit status. */
static void note_troubles(struct app *app, const struct previews *all)
{
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++) {
        for (size_t k = 0; k < all->v[i].n_pieces && all->v[i].goes; k++)
            n += all->v[i].pieces[k].rc != RC_OK;
    }
    if (n > 0) {
        remark(app, "the words of %zu %s cannot be made: pps doctor may say more", n,
               n == 1 ? "message" : "messages");
        app->exit_status = 1;
    }
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct preview_wish wish;
    struct previews all;
    enum rc rc = check(app, args, &wish, err);
    if (rc == RC_OK)
        rc = app_check_templates(app, err);
    if (rc == RC_OK)
        rc = service_preview(&app->desk, &wish, &all, err);
    if (rc != RC_OK)
        return rc;
    bool file = arg_given(args, "as-html") || arg_given(args, "eml") || arg_given(args, "open");
    if (file)
        rc = write_file(app, args, &all, err);
    if (rc == RC_OK && app->json) {
        struct json *root = view_document("preview", 1);
        previews_json(app, root, &all);
        show_json(app, root);
    } else if (rc == RC_OK && !file) {
        previews_say(app, &all, wish.sent);
    }
    if (rc == RC_OK)
        note_troubles(app, &all);
    previews_fini(&all);
    return rc;
}

const struct command cmd_preview = {
    .name = "preview",
    .group = "Looking",
    .summary = "what exactly a client would get: the letter, the SMS, the words of a call",
    .usage = "STEP --trip TRIP [--as-html FILE|--open|--eml FILE] … | --all --trip TRIP …",
    .details =
        "STEP is a key of the playbook (packing), or A156. The words are those of the day on which "
        "the step is due;\n"
        "a step that is not planned for this trip is shown, too, with the reason. So is what there "
        "is no occasion for yet:\n"
        "a greeting of the client, and the steps after a lost sale, an answer or a complaint, "
        "about "
        "one that is made up\n"
        "and is marked so. Nothing is sent, counted or changed. What a tick could not send is an "
        "error here, with the\n"
        "same words. The link by which the client stops such letters is left out: it acts for "
        "them, "
        "whoever opens it.\n"
        "--sent shows what has gone, and of a message in doubt what may have gone; its state says "
        "which. In --eml\n"
        "that is the letter itself, with the link. Files are written whole, for their owner only; "
        "pictures of a\n"
        "letter are inside them.",
    .examples = "  pps preview packing --trip T34\n"
                "  pps preview A156 --lang bg --open\n"
                "  pps preview thank-you --trip T34 --eml letter.eml\n"
                "  pps preview thank-you --trip T34 --sent\n"
                "  pps preview --all --trip T34 --as-html trip.html\n"
                "  pps preview complaint-thanks --trip P37\n"
                "  pps preview birthday --trip C12",
    OPTIONS(options),
    .max_words = 1,
    .needs = NEEDS_READING,
    .run = run,
};
