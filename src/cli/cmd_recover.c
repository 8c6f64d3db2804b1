/* pps recover: after a backup was put back. What was sent since it was made is taken over from the sent log, so that
 * nothing goes twice. With --from it puts the backup back as well. */
#include <stdlib.h>
#include <unistd.h>

#include <pps/file.h>
#include <pps/str.h>
#include <pps/views.h>

#include "forgetting.h"

static const struct option options[] = {
    {"from", "BACKUP", "put this backup into the place of the database first"},
    {"dry-run", NULL, "show what would be taken over; change nothing"},
};

/* ---- what is told ---- */

struct listener {
    struct app *app;
    struct store *before; /* the database whose place the backup takes; NULL: none that can be read */
    struct json *known, *unknown, *forgotten, *perhaps; /* with --json */
    bool lines;                   /* one line for each that is known, too */
    bool dry;
    struct outbox_files files;
};

/* Whose it was, where the database of before can still tell. That may be any database, so that the occasion has to be the
 * same: entered in the same second. New string; NULL: nobody knows. */
static char *whose(const struct listener *l, const struct action *a)
{
    struct occasion_file f;
    struct err ignored;
    if (l->before == NULL || store_occasion_file(l->before, a->occasion_id, &f, &ignored) != RC_OK)
        return NULL;
    bool same = f.occasion.kind == a->kind && f.occasion.created_at == a->due_at;
    char *name = same ? xstrdup(f.client.name) : NULL;
    occasion_file_fini(&f);
    return name;
}

/* Nobody may miss these: they are sales that the backup does not hold. */
static void tell_unknown(const struct listener *l, const struct tick_event *event)
{
    struct app *app = l->app;
    const struct action *a = event->action;
    bool sent = event->outcome == TICK_SENT;
    char at[CIVIL_TEXT_BYTES], entered[CIVIL_TEXT_BYTES], id[ID_TEXT_BYTES];
    occasion_id_format(a->kind, a->occasion_id, id);
    civil_format(zone_to_local(app->zone, event->handed_over_at), at);
    civil_format(zone_to_local(app->zone, a->due_at), entered);
    char *name = whose(l, a);
    char *line =
        xasprintf("%s %s%s%s, for a %s that this backup does not know (%s then, entered "
                  "%s): %s by %s: enter that %s again, and skip this step",
                  sent ? "sent" : "perhaps sent", at, name ? " to " : "", str_or(name, ""),
                  kind_words(a->kind), id, entered, a->step, channel_word(a->channel),
                  a->kind == KIND_TRIP ? "sale" : kind_words(a->kind));
    if (l->unknown != NULL) {
        struct json *o = json_add_object(l->unknown, NULL);
        view_occasion_id(o, "occasion", a->kind, a->occasion_id);
        view_id(o, "trip", 'T', a->kind == KIND_TRIP ? a->occasion_id : 0);
        json_add_string(o, "client_name", name);
        json_add_string(o, "step", a->step);
        json_add_string(o, "channel", channel_name(a->channel));
        view_instant(o, "handed_over", event->handed_over_at, app->zone);
        view_instant(o, "entered", a->due_at, app->zone);
        json_add_string(o, "result", sent ? "sent" : "in_doubt");
    } else if (app->quiet) {
        say_to(stderr, "pps: %s\n", line);
    } else {
        say(app, "%s\n", line);
    }
    free(name);
    free(line);
}

static void on_event(void *ctx, const struct tick_event *event)
{
    const struct listener *l = ctx;
    const struct action *a = event->action;
    bool sent = event->outcome == TICK_SENT;
    if (str_eq(event->reason, "unknown")) {
        tell_unknown(l, event);
        return;
    }
    if (l->known != NULL) {
        struct json *o = show_action(l->app, l->known, NULL, a);
        view_instant(o, "handed_over", event->handed_over_at, l->app->zone);
        json_add_string(o, "result", sent ? "sent" : "in_doubt");
    }
    if (!l->lines)
        return;
    char *line = action_line(l->app, a), at[CIVIL_TEXT_BYTES] = "";
    static const char *const words[2][2] = {{"is in doubt", "counts as sent"},
                                            {"would be in doubt", "would count as sent"}};
    if (event->handed_over_at != 0)
        civil_format(zone_to_local(l->app->zone, event->handed_over_at), at);
    say(l->app, "%s%s%s: %s%s%s%s\n", line, *at ? ", " : "", at, words[l->dry][sent],
        *event->reason ? " (" : "", event->reason, *event->reason ? ")" : "");
    free(line);
}

/* Nobody may miss these either: only a person can know. */
static void tell_perhaps_forgotten(const struct listener *l, const struct forgotten_since *who, const char *at)
{
    struct app *app = l->app;
    struct client c;
    struct err ignored;
    bool known = store_client_get(app->store, who->client_id, &c, &ignored) == RC_OK;
    const char *name = known ? c.name : "";
    char *line = xasprintf("perhaps forgotten %s: C%lld %s: pps forget was broken off, or could not end; if they are to be "
                           "forgotten: pps forget C%lld", at, (long long)who->client_id, name, (long long)who->client_id);
    if (l->perhaps != NULL) {
        struct json *o = json_add_object(l->perhaps, NULL);
        view_id(o, "client", 'C', who->client_id);
        json_add_string(o, "client_name", name);
        view_instant(o, "at", who->at, app->zone);
    } else if (app->quiet) {
        say_to(stderr, "pps: %s\n", line);
    } else {
        say(app, "%s\n", line);
    }
    free(line);
    if (known)
        client_fini(&c);
}

static void on_forgotten(void *ctx, const struct forgotten_since *who)
{
    const struct listener *l = ctx;
    char at[CIVIL_TEXT_BYTES];
    civil_format(zone_to_local(l->app->zone, who->at), at);
    if (!who->certain) {
        tell_perhaps_forgotten(l, who, at);
        return;
    }
    if (l->forgotten != NULL) {
        struct json *o = json_add_object(l->forgotten, NULL);
        view_id(o, "client", 'C', who->client_id);
        view_instant(o, "at", who->at, l->app->zone);
    }
    say(l->app, "C%lld was forgotten %s: %s again\n", (long long)who->client_id, at,
        l->dry ? "would be forgotten" : "forgotten");
}

/* Letters in the outbox may have come back with the backup. */
static enum rc forget_again(void *ctx, int64_t client_id, struct err *err)
{
    struct listener *l = ctx;
    struct forgotten f;
    enum rc rc = service_forget_again(&l->app->desk, client_id, &f, err);
    if (rc != RC_OK)
        return rc;
    outbox_forget(l->app, &f.handed, l->dry, &l->files);
    forgotten_fini(&f);
    return RC_OK;
}

static void say_next(struct app *app, const struct recovery *r, const char *aside)
{
    char until[CIVIL_TEXT_BYTES];
    civil_format(zone_to_local(app->zone, r->known_until), until);
    char *known = r->known_until == 0 ? xstrdup("This copy knows of nothing that was done")
                                      : xasprintf("The last that was done in this copy is of %s", until);
    say(app,
        "nothing goes out yet. %s; what was done after it is for you to do again:\n"
        "  1. enter sales, cancellations, changes and calls again; pps skip what is named above\n",
        known);
    free(known);
    if (aside != NULL)
        say(app, "     (pps --db %s log shows what they were, if that file is whole)\n", aside);
    if (r->in_doubt > 0)
        say(app, "  2. pps doubt shows what is in doubt, and asks for a decision\n");
    say(app, "  %d. pps adopt lets the tick go on\n", r->in_doubt > 0 ? 3 : 2);
}

static void say_result(struct app *app, const struct recovery *r, bool dry, const char *aside)
{
    if (r->other_log)
        say(app, "the sent log here is another database's: is this the right backup?\n");
    if (!r->by_log)
        say(app, "%s: whatever was due by now %s in doubt\n",
            r->part_log ? "the sent log does not know all that was sent after this copy was made"
                        : "there is no sent log of this database",
            dry ? "would be" : "is");
    if (r->sent + r->in_doubt + r->unknown == 0)
        say(app, r->by_log ? "nothing was sent after this copy was made\n" : "nothing was due\n");
    else
        say(app, "%d sent since, %d in doubt, %d of unknown trips\n", r->sent, r->in_doubt,
            r->unknown);
    if (r->forgotten > 0)
        say(app, "%d %s again\n", r->forgotten, dry ? "would be forgotten" : "forgotten");
    if (!r->by_log)
        say(app, "whoever was forgotten after this copy was made %s: say pps forget again, by the acts that you kept\n",
            r->part_log ? "may be in it again" : "is in it again");
    if (!dry)
        say_next(app, r, aside);
}

static void add_result(struct json *root, const struct recovery *r, bool dry, const char *aside,
                       const struct zone *zone)
{
    json_add_bool(root, "dry_run", dry);
    json_add_bool(root, "by_log", r->by_log);
    struct json *counts = json_add_object(root, "counts");
    json_add_int(counts, "sent", r->sent);
    json_add_int(counts, "in_doubt", r->in_doubt);
    json_add_int(counts, "unknown", r->unknown);
    json_add_int(counts, "forgotten", r->forgotten);
    json_add_int(counts, "perhaps_forgotten", r->perhaps_forgotten);
    json_add_string(root, "aside", aside);
    view_instant(root, "known_until", r->known_until, zone);
}

/* Only to be looked into, and as a copy: it stays as it was found, with its journal. One that cannot be read, which may be
 * why the backup is put back, tells nothing. */
static struct store *open_before(const char *path)
{
    struct store *store;
    struct err ignored;
    return path != NULL && store_open(path, STORE_COPY, &store, &ignored) == RC_OK ? store : NULL;
}

/* The store is open. before: the database whose place the backup takes; NULL: none. */
static enum rc recover(struct app *app, bool dry, const char *before, struct err *err)
{
    const char *aside = dry ? NULL : before; /* only then is it not where it was */
    struct json *root = app->json ? view_document("recover", 1) : NULL;
    struct listener listener = {
        .app = app,
        .before = open_before(before),
        .known = root ? json_add_array(root, "actions") : NULL,
        .unknown = root ? json_add_array(root, "unknown") : NULL,
        .forgotten = root ? json_add_array(root, "forgotten") : NULL,
        .perhaps = root ? json_add_array(root, "perhaps_forgotten") : NULL,
        .lines = dry || app->verbose,
        .dry = dry,
    };
    struct dispatcher d = app_dispatcher(app);
    d.on_event = on_event;
    d.on_forgotten = on_forgotten;
    d.event_ctx = &listener;
    d.forget = forget_again;
    d.forget_ctx = &listener;
    struct recovery result;
    enum rc rc = dispatch_recover(&d, dry, &result, err);
    store_close(listener.before);
    outbox_remark(app, &listener.files);
    if (rc == RC_OK && root != NULL) {
        add_result(root, &result, dry, aside, app->zone);
        show_json(app, root);
    } else {
        json_free(root);
    }
    if (rc == RC_OK)
        say_result(app, &result, dry, aside);
    return rc;
}

/* ---- --from ---- */

/* "…/pps.db.before-recover-2026-12-10-090000" */
static char *aside_name(struct app *app)
{
    int64_t now = clock_now(&app->clock);
    struct civil local = zone_to_local(app->zone, now);
    char day[CIVIL_TEXT_BYTES];
    civil_format_day(local.day, day);
    return xasprintf("%s.before-recover-%s-%02d%02d%02d", app->db_path, day, local.minute / 60,
                     local.minute % 60, (int)(now % 60));
}

/* What is done with a copy of the backup while its store is open. place: the database whose place it will take. */
typedef enum rc with_copy(struct app *app, const char *place, struct err *err);

/* Brings the copy up to date, when the backup is an older one; the backup itself stays as it is. Our caller holds the
 * lock, since the copy has one name only: nobody else may make or move it. What is done with it takes a lock, too, and
 * gets one of the copy's own. What one that was killed leaves of both, the next one makes anew. */
static enum rc on_copy(struct app *app, const char *backup, with_copy *fn, struct err *err)
{
    char *place = app->db_path, *lock = app->lock_path;
    char *copy = xasprintf("%s.restoring", place), *own = xasprintf("%s.lock", copy);
    enum rc rc = store_copy_backup(backup, copy, err);
    if (rc == RC_OK) {
        app->db_path = copy;
        app->lock_path = own;
        rc = app_open_store(app, STORE_WRITE, err);
        if (rc == RC_OK)
            rc = fn(app, place, err);
        store_close(app->store);
        app->store = NULL;
        app->db_path = place;
        app->lock_path = lock;
        store_remove_copy(copy);
    }
    (void)unlink(own);
    free(own);
    free(copy);
    return rc;
}

static enum rc show_what_would_be(struct app *app, const char *place, struct err *err)
{
    return recover(app, true, place, err);
}

static enum rc try_out(struct app *app, const char *backup, struct err *err)
{
    int lock = -1;
    struct dispatcher d = app_dispatcher(app);
    enum rc rc = dispatch_lock(&d, &lock, err);
    if (rc == RC_OK)
        rc = on_copy(app, backup, show_what_would_be, err);
    dispatch_unlock(lock);
    return rc;
}

/* Before anything is moved: can it be recovered from, and is it a backup of the database whose sent log is here? */
static enum rc examine(struct app *app, const char *place, struct err *err)
{
    (void)place;
    struct listener nobody = {.app = app, .dry = true};
    struct dispatcher d = app_dispatcher(app);
    d.forget = forget_again;
    d.forget_ctx = &nobody;
    struct recovery result;
    enum rc rc = dispatch_recover(&d, true, &result, err);
    if (rc != RC_OK)
        return err_prefix(err, rc, "the backup is of no use, nothing was changed");
    if (result.other_log)
        rc = err_set(
            err, RC_REJECTED,
            "the sent log %s belongs to another database: if this is the right backup, move "
            "that log away first",
            app->sent_path);
    return rc;
}

/* The database that was there, or what else of one: each by the name of a file that is there. */
static void say_kept(struct app *app, const char *aside)
{
    static const char *const parts[] = {"", "-journal", "-wal"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char *path = xasprintf("%s%s", aside, parts[i]);
        bool there = file_exists(path);
        if (there)
            say(app, "what was there before is kept as %s\n", path);
        free(path);
        if (there)
            return;
    }
}

static enum rc put_back(struct app *app, const char *backup, struct err *err)
{
    bool kept = false;
    int lock = -1;
    char *aside = aside_name(app);
    struct dispatcher d = app_dispatcher(app);
    enum rc rc = app_check_owner(app, err); /* the backup in its place would be ours */
    if (rc == RC_OK)
        rc = dispatch_lock(&d, &lock, err);
    if (rc == RC_OK)
        rc = on_copy(app, backup, examine, err);
    if (rc == RC_OK)
        rc = store_restore(backup, app->db_path, aside, &kept, err);
    dispatch_unlock(lock); /* a tick that slips in is held: the database is another file now */
    if (rc == RC_OK) {
        if (kept)
            say_kept(app, aside);
        kept = kept && file_exists(aside); /* a journal alone tells nobody anything */
        rc = app_open_store(app, STORE_WRITE, err);
        if (rc == RC_OK)
            rc = recover(app, false, kept ? aside : NULL, err);
        if (rc != RC_OK)
            rc = err_prefix(err, rc,
                            "the backup is in its place, but nothing goes out until "
                            "pps recover has been run");
    }
    free(aside);
    return rc;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    const char *backup = arg_value(args, "from");
    bool dry = arg_given(args, "dry-run");
    if (backup != NULL && *backup == '\0')
        return err_set(err, RC_USAGE, "--from needs a value: --from BACKUP");
    if (backup != NULL)
        return dry ? try_out(app, backup, err) : put_back(app, backup, err);
    enum rc rc = app_open_store(app, STORE_WRITE, err);
    return rc == RC_OK ? recover(app, dry, NULL, err) : rc;
}

const struct command cmd_recover = {
    .name = "recover",
    .group = "Control",
    .summary = "after a backup was put back: what was sent since is not sent again",
    .usage = "[--from BACKUP] [--dry-run]",
    .details =
        "Reads in the sent log beside the database (pps.db.sent) what was sent after the backup "
        "was made, and marks it\n"
        "as sent; what the log has no answer for is in doubt. Without that log, whatever was due "
        "by now is in doubt.\n"
        "With --from the present database, damaged or not, is given another name first, and a copy "
        "of the backup takes\n"
        "its place; nothing is deleted. What people did since the backup is in no log, so that "
        "nothing "
        "goes out until they\nhave done it again and said pps adopt. Each that counts as sent is "
        "listed with --verbose, and "
        "with --dry-run. What was sent for a sale that the backup\ndoes not know is always listed; with --from "
        "also the client's name, if the present database can still be read.\n"
        "Who was forgotten after the backup was made is forgotten again, by the same log; without it nobody knows who that was.",
    .examples = "  pps recover --from /var/backups/pps/pps-21.db --dry-run\n"
                "  pps recover --from /var/backups/pps/pps-21.db\n"
                "  pps recover",
    OPTIONS(options),
    .needs = NEEDS_CONFIG,
    .run = run,
};
