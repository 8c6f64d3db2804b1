/* pps forget: everything that says who a client is, and every word of theirs, is overwritten. What it prints is the act. */
#include <stdlib.h>

#include <pps/views.h>

#include "forgetting.h"

static const struct option options[] = {
    {"dry-run", NULL, "show what would be erased; change nothing"},
    {"yes", NULL, "do it without asking"},
};

static const char *const kind_words_of[FORGOT_KINDS] = {
    [FORGOT_STOPPED] = "steps still to be done, or red, are ended",
    [FORGOT_MESSAGES] = "letters and SMS, word for word",
    [FORGOT_DOCUMENTS] = "documents",
    [FORGOT_REMARKS] = "notes and reasons of single steps",
    [FORGOT_FEEDBACK] = "answers (the grades stay)",
    [FORGOT_COMPLAINTS] = "complaints (the cause stays)",
    [FORGOT_LOST] = "lost sales (the reason stays)",
    [FORGOT_THINGS] = "gifts and other things (kind and cost stay)",
    [FORGOT_REFERRALS] = "rewards for whom they brought",
    [FORGOT_CONSENTS] = "words about being written to",
    [FORGOT_FACTS] = "facts",
    [FORGOT_MARKS] = "marks",
    [FORGOT_LOG] = "remarks in the log",
};
/* ---- the act ---- */

static void say_alike(struct app *app, const struct forgotten *f)
{
    for (size_t i = 0; i < f->alike.n; i++)
        say(app, "C%lld has the same phone or e-mail, and stays as it is: pps show C%lld\n",
            (long long)f->alike.v[i], (long long)f->alike.v[i]);
}

static void say_act(struct app *app, const struct forgotten *f, const struct outbox_files *files, bool dry)
{
    char at[CIVIL_TEXT_BYTES];
    civil_format(zone_to_local(app->zone, f->at), at);
    if (dry)
        say(app, "C%lld would be forgotten; nothing is changed yet\n", (long long)f->client_id);
    else
        say(app, "C%lld is forgotten: %s, by %s; it cannot be undone\n", (long long)f->client_id,
            at, app->actor);
    say(app, "%s: the card, and\n", dry ? "to be erased" : "erased");
    for (int k = 0; k < FORGOT_KINDS; k++) {
        if (f->counts[k] > 0)
            say(app, "  %4lld  %s\n", (long long)f->counts[k], kind_words_of[k]);
    }
    if (files->removed > 0)
        say(app, "  %4d  files of the outbox\n", files->removed);
    forgetting_say_remains(app);
    say_alike(app, f);
    forgetting_say_elsewhere(app);
}

static void act_json(struct app *app, const struct forgotten *f, const struct outbox_files *files, bool dry)
{
    struct json *root = view_document("forget", 1);
    view_id(root, "client", 'C', f->client_id);
    json_add_bool(root, "dry_run", dry);
    view_instant(root, "at", f->at, app->zone);
    json_add_string(root, "by", app->actor);
    struct json *erased = json_add_object(root, "erased");
    for (int k = 0; k < FORGOT_KINDS; k++)
        json_add_int(erased, forgotten_kind_name((enum forgotten_kind)k), f->counts[k]);
    json_add_int(erased, "files", files->removed);
    struct json *alike = json_add_array(root, "alike");
    for (size_t i = 0; i < f->alike.n; i++)
        view_id(alike, NULL, 'C', f->alike.v[i]);
    forgetting_add_limits(root);
    show_json(app, root);
}

static void show_act(struct app *app, struct forgotten *f, struct outbox_files *files, bool dry)
{
    (app->json ? act_json : say_act)(app, f, files, dry);
    outbox_remark(app, files);
    forgotten_fini(f);
}

static enum rc try_out(struct app *app, int64_t id, struct err *err)
{
    struct forgotten f;
    struct outbox_files files = {0};
    enum rc rc = service_forget(&app->desk, id, FORGET_WHATEVER, true, &f, err);
    if (rc != RC_OK)
        return rc;
    outbox_forget(app, &f.handed, true, &files);
    show_act(app, &f, &files, true);
    return RC_OK;
}

/* No tick may put anything into the outbox meanwhile, or write into the sent log. */
static enum rc carry_out(struct app *app, int64_t id, struct err *err)
{
    struct forgotten f;
    struct outbox_files files = {0};
    int lock = -1;
    struct dispatcher d = app_dispatcher(app);
    enum rc rc = dispatch_lock(&d, &lock, err);
    if (rc == RC_OK)
        rc = forget_client(app, id, FORGET_WHATEVER, &f, &files, err);
    dispatch_unlock(lock);
    if (rc == RC_OK)
        show_act(app, &f, &files, false);
    else
        sb_fini(&files.left);
    return rc;
}

/* On a terminal the client is named first: a slip of the finger could not be taken back. */
static enum rc ask(struct app *app, int64_t id, bool *ret_yes, struct err *err)
{
    struct client c;
    char *answer;
    enum rc rc = store_client_get(app->store, id, &c, err);
    if (rc != RC_OK)
        return rc;
    char *question = xasprintf("Forget C%lld %s? It cannot be undone (yes, or Enter for no)",
                               (long long)id, c.name);
    rc = ask_line(app, question, &answer, err);
    free(question);
    client_fini(&c);
    if (rc != RC_OK)
        return rc;
    *ret_yes = str_eq(answer, "yes");
    free(answer);
    return RC_OK;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    int64_t id;
    bool dry = arg_given(args, "dry-run"), yes = dry || arg_given(args, "yes");
    enum rc rc = lookup_client(&app->desk, args->words[0], &id, err);
    if (rc == RC_OK && !yes && !app->interactive)
        return err_set(err, RC_USAGE,
                       "it cannot be undone: pps forget C%lld --dry-run shows what goes, and --yes does it",
                       (long long)id);
    if (rc == RC_OK && !yes)
        rc = ask(app, id, &yes, err);
    if (rc != RC_OK)
        return rc;
    if (!yes) {
        say(app, "nothing was changed\n");
        return RC_OK;
    }
    return dry ? try_out(app, id, err) : carry_out(app, id, err);
}

const struct command cmd_forget = {
    .name = "forget",
    .group = "Clients",
    .summary = "forget a client: everything that says who they are, and every word of theirs, is erased",
    .usage = "CLIENT [--dry-run] [--yes]",
    .details =
        "What is left is that something was sent, called or bought, and when; and a \"no\" stays with its address, so\n"
        "that nobody writes there again. Whatever is still open about them ends. It cannot be undone, so pps asks;\n"
        "where nobody can answer, --yes is needed. Not while a trip is not over, a tick runs, or a message is in doubt. When\n"
        "an older backup is put back, pps recover forgets them again.\n"
        "What it prints is the act, without personal data: keep it. It also names what pps cannot reach, such as backups.",
    .examples = "  pps export C12 --output c12.json\n"
                "  pps forget C12 --dry-run\n"
                "  pps forget C12",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_WRITING,
    .run = run,
};
