/* pps purge: every client with whom nothing has happened for years is forgotten, one by one, each as by pps forget. */
#include <stdlib.h>

#include <pps/views.h>

#include "forgetting.h"

static const struct option options[] = {
    {"older-than", "AGE", "how long ago the last that happened is at least: 3y, 18m (months) or a day"},
    {"dry-run", NULL, "list who would be forgotten, and who stays and why; change nothing"},
    {"yes", NULL, "do it without asking"},
};

static const char *const trace_words[TRACE_KINDS] = {
    [TRACE_ENTERED] = "entered",       [TRACE_SALE] = "a sale",
    [TRACE_TRIP] = "back from a trip", [TRACE_LOST] = "a lost sale",
    [TRACE_ANSWER] = "an answer",      [TRACE_COMPLAINT] = "a complaint",
    [TRACE_TALK] = "work ticked off",  [TRACE_WORD] = "a word about being written to",
    [TRACE_THING] = "a gift or thing", [TRACE_REFERRAL] = "a recommendation",
    [TRACE_CARD] = "the card changed, or a note",
};

/* ---- whom ---- */

struct purge {
    struct app *app;
    civil_day before;
    bool dry;
    struct quiet_list list;
    size_t to_go;
    struct json *forgotten, *stay; /* with --json */
    int done, refused;
    bool stopped;
    struct outbox_files files;
    int64_t began_ms;
    bool progress_shown;
};

static bool stays(const struct quiet_client *c)
{
    return c->loose.kind != LOOSE_NONE;
}

/* New string. */
static char *why_stays(const struct loose_end *end)
{
    long long id = (long long)end->id;
    switch (end->kind) {
    case LOOSE_UNSURE:
        return xasprintf("A%lld is under way or in doubt: pps doubt", id);
    case LOOSE_WORK:
        return xasprintf("A%lld is still to be done, or red: pps why A%lld", id, id);
    case LOOSE_COMPLAINT:
        return xasprintf("P%lld is not solved", id);
    case LOOSE_REWARD:
        return xasprintf("a reward is owed for R%lld: pps referral reward R%lld", id, id);
    case LOOSE_THING:
        return xasprintf("G%lld is still to be handed over: pps gift hand G%lld, or drop", id, id);
    case LOOSE_PAUSE:
        return xasprintf("nothing is to be sent until a day that is ahead: pps resume C%lld", id);
    case LOOSE_NONE:
        break;
    }
    return xstrdup("");
}

/* Where nothing was changed the name belongs to it, and nowhere else. New string; NULL: no such card any more. */
static char *name_of(const struct purge *p, int64_t client_id)
{
    struct client c;
    struct err ignored;
    if (store_client_get(p->app->store, client_id, &c, &ignored) != RC_OK)
        return NULL;
    char *name = xstrdup(c.name);
    client_fini(&c);
    return name;
}

/* why NULL: forgotten, or to be. */
static void show_one(struct purge *p, const struct quiet_client *c, const char *why)
{
    char last[CIVIL_TEXT_BYTES];
    char *name = p->dry || why != NULL ? name_of(p, c->client_id) : NULL;
    civil_format_day(c->last, last);
    if (p->app->json) {
        struct json *o = json_add_object(why != NULL ? p->stay : p->forgotten, NULL);
        view_id(o, "client", 'C', c->client_id);
        json_add_string(o, "client_name", name);
        json_add_string(o, "last", last);
        json_add_string(o, "what", trace_words[c->what]);
        if (why != NULL)
            json_add_string(o, "why", why);
    } else {
        say(p->app, "C%lld%s%s%s: last %s, %s%s%s\n", (long long)c->client_id, name ? " " : "", str_or(name, ""),
            why != NULL ? " stays" : p->dry ? "" : " is forgotten", last, trace_words[c->what],
            why != NULL ? "; " : "", str_or(why, ""));
    }
    free(name);
}

static void show_who_stays(struct purge *p)
{
    for (size_t i = 0; i < p->list.n; i++) {
        if (!stays(&p->list.v[i]))
            continue;
        char *why = why_stays(&p->list.v[i].loose);
        show_one(p, &p->list.v[i], why);
        free(why);
    }
}

/* ---- the act ---- */

/* Whoever sits there for more than a second is told how far it is. */
static void show_progress(struct purge *p)
{
    enum { PATIENCE_MS = 1000 };
    bool wanted = p->app->interactive && !p->app->quiet;
    if (!wanted || clock_ticking_ms() - p->began_ms < PATIENCE_MS)
        return;
    fprintf(stderr, "\r%d of %zu …", p->done, p->to_go);
    p->progress_shown = true;
}

/* Something has begun about them since the list was made: then they stay. */
static enum rc forget_one(struct purge *p, const struct quiet_client *c, struct err *err)
{
    struct forgotten f;
    struct err why;
    enum rc rc = forget_client(p->app, c->client_id, p->list.known_entry, &f, &p->files, &why);
    if (rc == RC_REJECTED) {
        p->refused++;
        show_one(p, c, why.message);
        return RC_OK;
    }
    if (rc != RC_OK)
        return err_set(err, rc, "C%lld: %s", (long long)c->client_id, why.message);
    forgotten_fini(&f);
    p->done++;
    show_one(p, c, NULL);
    show_progress(p);
    return RC_OK;
}

static enum rc forget_all(struct purge *p, struct err *err)
{
    enum rc rc = RC_OK;
    ending_watch();
    for (size_t i = 0; i < p->list.n && rc == RC_OK && !p->stopped; i++) {
        if (stays(&p->list.v[i]))
            continue;
        p->stopped = ending_is_asked(NULL);
        if (!p->stopped)
            rc = forget_one(p, &p->list.v[i], err);
    }
    if (p->progress_shown)
        fputc('\n', stderr);
    return rc;
}

static size_t left_over(const struct purge *p)
{
    return p->to_go - (size_t)p->done - (size_t)p->refused;
}

static void say_sum(struct purge *p)
{
    struct app *app = p->app;
    char before[CIVIL_TEXT_BYTES], at[CIVIL_TEXT_BYTES];
    size_t stay = p->list.n - p->to_go + (size_t)p->refused;
    civil_format_day(p->before, before);
    civil_format(zone_to_local(app->zone, clock_now(&app->clock)), at);
    if (p->dry)
        say(app, "%zu would be forgotten: nothing has happened with them since %s; %zu would stay\n", p->to_go, before,
            stay);
    else
        say(app, "%d forgotten, of whom nothing was heard since %s: %s, by %s; %zu stay\n", p->done, before, at,
            app->actor, stay);
    if (p->files.removed > 0)
        say(app, "%d files of the outbox are deleted\n", p->files.removed);
    if (!p->dry && left_over(p) > 0)
        say(app, "%zu %s left for the next time: say it again\n", left_over(p), left_over(p) == 1 ? "is" : "are");
    if (p->done > 0) {
        forgetting_say_remains(app);
        forgetting_say_elsewhere(app);
    }
}

static void show_sum_json(struct purge *p, struct json *root)
{
    struct app *app = p->app;
    char before[CIVIL_TEXT_BYTES];
    civil_format_day(p->before, before);
    json_add_bool(root, "dry_run", p->dry);
    json_add_string(root, "before", before);
    view_instant(root, "at", clock_now(&app->clock), app->zone);
    json_add_string(root, "by", app->actor);
    struct json *counts = json_add_object(root, "counts");
    json_add_int(counts, "forgotten", p->dry ? (int64_t)p->to_go : p->done);
    json_add_int(counts, "stay", (int64_t)(p->list.n - p->to_go) + p->refused);
    json_add_int(counts, "left", p->dry ? 0 : (int64_t)left_over(p));
    json_add_int(counts, "files", p->files.removed);
    forgetting_add_limits(root);
}

static void list_all(struct purge *p)
{
    for (size_t i = 0; i < p->list.n; i++) {
        if (!stays(&p->list.v[i]))
            show_one(p, &p->list.v[i], NULL);
    }
}

/* What was done is shown whatever ended it. */
static enum rc carry_out(struct purge *p, struct err *err)
{
    struct app *app = p->app;
    struct dispatcher d = app_dispatcher(app);
    struct json *root = app->json ? view_document("purge", 1) : NULL;
    int lock = -1;
    p->forgotten = root ? json_add_array(root, "forgotten") : NULL;
    p->stay = root ? json_add_array(root, "stay") : NULL;
    p->began_ms = clock_ticking_ms();
    enum rc rc = p->dry ? RC_OK : dispatch_lock(&d, &lock, err);
    if (rc != RC_OK) {
        json_free(root);
        return rc;
    }
    if (p->dry)
        list_all(p);
    else
        rc = forget_all(p, err);
    dispatch_unlock(lock);
    show_who_stays(p);
    if (root != NULL) {
        show_sum_json(p, root);
        show_json(app, root);
    } else {
        say_sum(p);
    }
    outbox_remark(app, &p->files);
    if (rc == RC_OK && p->stopped)
        app->exit_status = 75;
    return rc;
}

static enum rc ask(struct purge *p, bool *ret_yes, struct err *err)
{
    char *answer, before[CIVIL_TEXT_BYTES];
    civil_format_day(p->before, before);
    char *question = xasprintf("Forget %zu %s with whom nothing has happened since %s? It cannot be undone "
                               "(yes, or Enter for no)", p->to_go, p->to_go == 1 ? "client" : "clients", before);
    enum rc rc = ask_line(p->app, question, &answer, err);
    free(question);
    if (rc != RC_OK)
        return rc;
    *ret_yes = str_eq(answer, "yes");
    free(answer);
    return RC_OK;
}

/* A slip, 3m for 3y, must not cost the clients of this season. */
static enum rc read_age(struct app *app, const struct args *args, civil_day *ret, struct err *err)
{
    const char *age = arg_value(args, "older-than");
    civil_day today = desk_today(&app->desk), year_ago;
    if (age == NULL)
        return err_set(err, RC_USAGE, "say how long ago: pps purge --older-than 3y");
    enum rc rc = civil_parse_ago(age, today, ret, err);
    if (rc != RC_OK)
        return err_prefix(err, rc, "--older-than");
    rc = civil_parse_ago("1y", today, &year_ago, err);
    if (rc == RC_OK && *ret > year_ago)
        rc = err_set(err, RC_USAGE, "--older-than %s: at least a year (1y); pps forget is for a single client", age);
    return rc;
}

static enum rc purge(struct purge *p, bool yes, struct err *err)
{
    enum rc rc = service_quiet(&p->app->desk, p->before, &p->list, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < p->list.n; i++)
        p->to_go += !stays(&p->list.v[i]);
    if (p->to_go > 0 && !yes && !p->app->interactive)
        return err_set(err, RC_USAGE,
                       "it cannot be undone, and %zu would be forgotten: --dry-run lists whom, and --yes does it",
                       p->to_go);
    bool go = p->to_go == 0 || yes;
    if (!go)
        rc = ask(p, &go, err);
    if (rc != RC_OK)
        return rc;
    if (go)
        return carry_out(p, err);
    say(p->app, "nothing was changed\n");
    return RC_OK;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct purge p = {.app = app, .dry = arg_given(args, "dry-run")};
    enum rc rc = read_age(app, args, &p.before, err);
    if (rc == RC_OK)
        rc = purge(&p, p.dry || arg_given(args, "yes"), err);
    sb_fini(&p.files.left);
    quiet_list_fini(&p.list);
    return rc;
}

const struct command cmd_purge = {
    .name = "purge",
    .group = "Clients",
    .summary = "forget every client with whom nothing has happened for years",
    .usage = "--older-than AGE [--dry-run] [--yes]",
    .details =
        "Each is forgotten as by pps forget, and it cannot be undone. Nothing with them is younger than AGE: no trip, sale,\n"
        "answer, complaint, lost sale, call, visit, thing, recommendation, note or change of the card. What goes by itself,\n"
        "greetings among it, does not count. Whoever has anything open stays, and is listed with the reason. A \"no\" stays\n"
        "with its address. Whoever is forgotten gets no greetings any more, and is a stranger when they come again: think\n"
        "of those who travel every four years before you choose AGE, which is a year at least. It may be broken off at any\n"
        "time (Ctrl-C): each client is forgotten or as before, and the next time does the rest. No tick runs meanwhile.",
    .examples = "  pps purge --older-than 5y --dry-run\n"
                "  pps purge --older-than 5y\n"
                "  pps purge --older-than 2023-01-01 --yes",
    OPTIONS(options),
    .needs = NEEDS_WRITING,
    .run = run,
};
