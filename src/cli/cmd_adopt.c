/* pps adopt: this copy of the database, in this place, is the one that works from now on. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/views.h>

#include "app.h"

static const struct option options[] = {
    {"dry-run", NULL, "list what would go out with the next tick; adopt nothing"},
};

/* What goes with the next tick, one line each. */
struct listener {
    struct app *app;
    struct sb lines;
    struct json *rows;    /* with --json */
    int64_t recovered_at; /* 0: no backup was put back */
    bool again;           /* one is for a sale that was entered after that, which may be one of before */
};

/* Was it entered after a backup had been put back? */
static bool is_entered_since(const struct listener *l, const struct action *a)
{
    struct occasion occasion;
    struct err ignored;
    if (l->recovered_at == 0 ||
        store_occasion_get(l->app->store, a->occasion_id, &occasion, &ignored) != RC_OK)
        return false;
    bool since = occasion.created_at >= l->recovered_at;
    occasion_fini(&occasion);
    return since;
}

static void on_event(void *ctx, const struct tick_event *event)
{
    struct listener *l = ctx;
    const struct action *a = event->action;
    if (event->outcome != TICK_SENT)
        return;
    if (l->rows != NULL)
        (void)show_action(l->app, l->rows, NULL, a);
    bool since = is_entered_since(l, a);
    l->again = l->again || since;
    char *line = action_line(l->app, a);
    sb_addf(&l->lines, "  %s, by %s%s\n", line, channel_word(a->channel),
            since ? " (entered since the backup was put back)" : "");
    free(line);
}

/* What no guard can find out about those that go, and the remedy; NULL: everything is known. */
static const char *not_known(const struct listener *l, enum hold was)
{
    if (l->lines.len == 0)
        return NULL;
    switch (was) {
    case HOLD_MOVED:
        return "what another copy of this database has sent is not known here: let none run, and pps skip what "
               "it has sent";
    case HOLD_NO_LOG:
    case HOLD_LOG_OLDER:
        return "without its sent log nobody knows what was sent after this copy was made: if it is a backup, that "
               "would go twice; pps skip what has gone";
    case HOLD_RECOVERED:
        return l->again ? "a sale that was entered again thanks its client again: pps skip what had gone before"
                        : NULL;
    default:
        return NULL;
    }
}

/* So that nobody is surprised by what goes out next. */
static void say_next(const struct listener *l, enum hold was, const struct tick_summary *next, bool dry)
{
    struct app *app = l->app;
    const char *caution = not_known(l, was);
    int n = next->counts[TICK_SENT];
    bool listed = dry || app->verbose;
    if (next->hold != HOLD_NONE)
        say(app, "nothing goes out yet: %s\n", hold_reason(next->hold));
    else if (n == 0)
        say(app, "no message goes with the next tick\n");
    else
        say(app, "%d %s with the next tick:%s\n", n, n == 1 ? "message goes" : "messages go",
            listed   ? ""
            : n == 1 ? " pps tick --dry-run lists it"
                     : " pps tick --dry-run lists them");
    if (listed)
        say(app, "%s", sb_str(&l->lines));
    if (caution != NULL)
        say(app, "%s\n", caution);
}

/* dry: before it is adopted. */
static enum rc foresee(struct listener *l, bool dry, struct tick_summary *ret, struct err *err)
{
    struct app *app = l->app;
    struct desk desk = app->desk;
    struct dispatcher d = app_dispatcher(app);
    d.actor = NULL;
    d.as_adopted = dry;
    d.on_event = on_event;
    d.event_ctx = l;
    enum rc rc = store_open(app->db_path, STORE_COPY, &desk.store, err);
    if (rc != RC_OK)
        return rc;
    rc = app_foresee(app, d, &desk, ret, err);
    store_close(desk.store);
    return rc;
}

static void add_result(const struct listener *l, struct json *root, enum hold was, bool dry,
                       const struct tick_summary *next)
{
    json_add_string(root, "db", l->app->db_path);
    json_add_bool(root, "dry_run", dry);
    json_add_string(root, "was", str_or(hold_reason(was), NULL));
    if (next != NULL)
        json_add_int(root, "next_tick_sends", next->counts[TICK_SENT]);
    else
        json_add_null(root, "next_tick_sends");
    json_add_string(root, "hold", next != NULL ? str_or(hold_reason(next->hold), NULL) : NULL);
    json_add_string(root, "not_known", not_known(l, was));
}

static void tell(struct listener *l, enum hold was, bool dry)
{
    struct app *app = l->app;
    struct tick_summary next = {0};
    struct err why;
    struct json *root = app->json ? view_document("adopt", 1) : NULL;
    l->rows = root ? json_add_array(root, "next") : NULL;
    say(app, "%s %s the database that works from now on%s\n", app->db_path, dry ? "would be" : "is",
        was == HOLD_NONE ? ", as it was before" : "");
    if (dry && was != HOLD_NONE)
        say(app, "now: %s\n", hold_reason(was));
    bool foreseen = foresee(l, dry, &next, &why) == RC_OK;
    if (foreseen)
        say_next(l, was, &next, dry);
    else /* it is adopted all the same, and the tick will say so, too */
        remark(app, "note: what the next tick does cannot be foreseen: %s", why.message);
    if (root != NULL) {
        add_result(l, root, was, dry, foreseen ? &next : NULL);
        show_json(app, root);
    }
}

static enum rc read_recovered_at(struct app *app, int64_t *ret, struct err *err)
{
    char *text = NULL;
    enum rc rc = store_setting_get(app->store, SETTING_RECOVERED_AT, &text, err);
    *ret = str_empty(text) ? 0 : strtoll(text, NULL, 10);
    free(text);
    return rc;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct listener listener = {.app = app};
    bool dry = arg_given(args, "dry-run");
    struct dispatcher d = app_dispatcher(app);
    enum hold was = HOLD_NONE;
    enum rc rc = store_check(app->store, err); /* a damaged one is not to be worked with */
    if (rc == RC_OK)
        rc = read_recovered_at(app, &listener.recovered_at, err);
    if (rc == RC_OK)
        rc = dispatch_look(&d, &was, err);
    if (rc == RC_OK)
        rc = dry ? dispatch_may_adopt(was, err) : dispatch_adopt(&d, err);
    if (rc != RC_OK)
        return rc;
    tell(&listener, was, dry);
    sb_fini(&listener.lines);
    return RC_OK;
}

const struct command cmd_adopt = {
    .name = "adopt",
    .group = "Control",
    .summary = "after a move: this database, here, is the one that works from now on",
    .usage = "[--dry-run]",
    .details = "A tick sends nothing when the database was copied or moved, so that two copies "
               "never send the same. Say\n"
               "this where the one copy stands that is to work, and let no other one run. For an "
               "older copy, a backup that\n"
               "was put back, it is pps recover. What was sent elsewhere, or is missing from the sent log, pps "
               "cannot know:\n--dry-run lists what would go, before it is too late to say pps skip.",
    .examples = "  pps adopt --dry-run\n"
                "  pps adopt\n"
                "  pps adopt --db /srv/pps/pps.db",
    OPTIONS(options),
    .needs = NEEDS_WRITING,
    .run = run,
};
