/* pps plan: the playbook was edited. What would follow for everything that is under way, counted; and with --apply it does. */
#include <stdlib.h>

#include <pps/replan.h>
#include <pps/str.h>
#include <pps/views.h>

#include "app.h"

static const struct option options[] = {
    {"apply", NULL, "do it; without this nothing is changed"},
    {"from", "DATE", "only what has its day from then on: trips by departure"},
};

/* ---- while it runs ---- */

enum { PATIENCE_MS = 1000 };

struct waiting {
    struct app *app;
    int64_t began_ms;
    bool shown;
};

/* Whoever sits there for more than a second is told how far it is. */
static void show_progress(void *ctx, int64_t done)
{
    struct waiting *w = ctx;
    bool wanted = w->app->tty && !w->app->quiet && !w->app->json;
    if (!wanted || clock_ticking_ms() - w->began_ms < PATIENCE_MS)
        return;
    fprintf(stderr, "\rlooked through %lld …", (long long)done);
    w->shown = true;
}

/* ---- for people ---- */

struct sums {
    int64_t made, made_today, moved, moved_today, dropped, same;
};

static struct sums sum_up(const struct replan *r)
{
    struct sums s = {0};
    for (size_t i = 0; i < r->n_steps; i++) {
        const struct replan_step *step = &r->steps[i];
        s.made += step->made;
        s.made_today += step->made_today;
        s.moved += step->moved;
        s.moved_today += step->moved_today;
        s.dropped += step->dropped;
        s.same += step->same;
    }
    return s;
}

/* "11 trips, 1 lost sale" */
static char *kinds_text(const struct replan *r)
{
    struct sb sb = {0};
    for (int i = 0; i < KIND_COUNT; i++) {
        long long n = (long long)r->occasions[i];
        const char *plural = n == 1 || i == KIND_FEEDBACK ? "" : "s";
        if (n > 0)
            sb_addf(&sb, "%s%lld %s%s", sb.len ? ", " : "", n, kind_words((enum kind)i), plural);
    }
    return sb_take(&sb);
}

static void print_steps(struct app *app, const struct replan *r)
{
    static const char *const titles[] = {"step", "new", "moved", "dropped", "unchanged"};
    struct table *table = table_new(titles, NULL, 5);
    for (size_t i = 0; i < r->n_steps; i++) {
        const struct replan_step *s = &r->steps[i];
        if (s->made + s->moved + s->dropped + s->same == 0)
            continue;
        table_row(table, s->made + s->moved + s->dropped == 0 ? STYLE_DIM : STYLE_PLAIN);
        table_cell(table, s->title);
        table_cellf(table, "%lld", (long long)s->made);
        table_cellf(table, "%lld", (long long)s->moved);
        table_cellf(table, "%lld", (long long)s->dropped);
        table_cellf(table, "%lld", (long long)s->same);
    }
    if (table_rows(table) > 0 && !app->quiet)
        table_print(table, app->out, app->colour);
    table_free(table);
}

static void cell_due(struct table *table, struct civil due, enum channel by)
{
    char at[CIVIL_TEXT_BYTES];
    if (due.day == CIVIL_NONE) {
        table_cell(table, "-");
        return;
    }
    civil_format(due, at);
    table_cellf(table, "%s %s", at, channel_word(by));
}

static void print_changes(struct app *app, const struct replan *r)
{
    static const char *const titles[] = {"of", "client", "step", "change", "was", "is", ""};
    if (r->n_changes == 0 || app->quiet)
        return;
    struct table *table = table_new(titles, NULL, 7);
    for (size_t i = 0; i < r->n_changes; i++) {
        const struct replan_change *c = &r->changes[i];
        char id[ID_TEXT_BYTES];
        occasion_id_format(c->occasion_kind, c->occasion_id, id);
        table_row(table, STYLE_PLAIN);
        table_cell(table, id);
        table_cell(table, c->client_name);
        table_cell(table, c->title);
        table_cell(table, replan_word(c->kind));
        cell_due(table, c->was, c->was_by);
        cell_due(table, c->is, c->by);
        table_cell(table, c->reason);
    }
    table_print(table, app->out, app->colour);
    table_free(table);
    fputc('\n', app->out);
}

static void print_left(struct app *app, const struct replan *r)
{
    for (size_t i = 0; i < r->n_left; i++) {
        char id[ID_TEXT_BYTES];
        occasion_id_format(r->left[i].occasion_kind, r->left[i].occasion_id, id);
        say(app, "%s stays as it is: %s\n", id, r->left[i].why);
    }
}

static void add_part(struct sb *sb, int64_t n, const char *done, int64_t today)
{
    if (n == 0)
        return;
    sb_addf(sb, "; %s %lld", done, (long long)n);
    if (today > 0)
        sb_addf(sb, ", %lld of them to today", (long long)today);
}

/* "3 trips: will create 9 actions, 0 due today; move 4; leave 6 as they are" */
static void print_sum(struct app *app, const struct replan *r, bool apply)
{
    struct sums s = sum_up(r);
    struct sb sb = {0};
    char *kinds = kinds_text(r);
    sb_addf(&sb, "%s: %s %lld action%s, %lld due today", kinds, apply ? "created" : "will create",
            (long long)s.made, s.made == 1 ? "" : "s", (long long)s.made_today);
    add_part(&sb, s.moved, apply ? "moved" : "move", s.moved_today);
    add_part(&sb, s.dropped, apply ? "dropped" : "drop", 0);
    if (s.same > 0)
        sb_addf(&sb, "; %s %lld as they %s", apply ? "left" : "leave", (long long)s.same,
                apply ? "were" : "are");
    say(app, "%s\n%s", sb_str(&sb), apply ? "" : "nothing was changed: pps plan --apply does it\n");
    sb_fini(&sb);
    free(kinds);
}

static void print(struct app *app, const struct replan *r, bool apply)
{
    if (replan_total(r) == 0) {
        print_left(app, r);
        say(app, "%s is planned with the playbook of today\n",
            r->n_left > 0 ? "everything else that is open" : "everything that is open");
        return;
    }
    print_changes(app, r);
    print_steps(app, r);
    print_left(app, r);
    print_sum(app, r, apply);
}

/* ---- for programs ---- */

static void add_due(struct json *o, const char *key, struct civil due)
{
    char at[CIVIL_TEXT_BYTES];
    if (due.day == CIVIL_NONE) {
        json_add_null(o, key);
        return;
    }
    civil_format(due, at);
    at[10] = 'T';
    json_add_string(o, key, at);
}

static void add_steps(struct json *root, const struct replan *r)
{
    struct json *list = json_add_array(root, "steps");
    for (size_t i = 0; i < r->n_steps; i++) {
        const struct replan_step *s = &r->steps[i];
        struct json *o = json_add_object(list, NULL);
        json_add_string(o, "step", s->key);
        json_add_string(o, "title", s->title);
        json_add_int(o, "new", s->made);
        json_add_int(o, "new_today", s->made_today);
        json_add_int(o, "moved", s->moved);
        json_add_int(o, "moved_today", s->moved_today);
        json_add_int(o, "dropped", s->dropped);
        json_add_int(o, "unchanged", s->same);
    }
}

static void add_changes(struct json *root, const struct replan *r)
{
    struct json *list = json_add_array(root, "changes");
    for (size_t i = 0; i < r->n_changes; i++) {
        const struct replan_change *c = &r->changes[i];
        struct json *o = json_add_object(list, NULL);
        json_add_string(o, "change", replan_word(c->kind));
        view_occasion_id(o, "occasion", c->occasion_kind, c->occasion_id);
        json_add_string(o, "client_name", c->client_name);
        json_add_string(o, "step", c->step);
        add_due(o, "was_due", c->was);
        json_add_string(o, "was_by", c->kind == REPLAN_MADE ? NULL : channel_name(c->was_by));
        add_due(o, "due_local", c->is);
        json_add_string(o, "channel", c->kind == REPLAN_DROPPED ? NULL : channel_name(c->by));
        json_add_string(o, "reason", c->reason);
    }
}

static void print_json(struct app *app, const struct replan *r, bool apply)
{
    struct sums s = sum_up(r);
    struct json *root = view_document("plan", 1);
    json_add_bool(root, "applied", apply);
    json_add_int(root, "occasions", replan_total(r));
    json_add_int(root, "new", s.made);
    json_add_int(root, "new_today", s.made_today);
    json_add_int(root, "moved", s.moved);
    json_add_int(root, "moved_today", s.moved_today);
    json_add_int(root, "dropped", s.dropped);
    json_add_int(root, "unchanged", s.same);
    add_steps(root, r);
    add_changes(root, r);
    struct json *left = json_add_array(root, "left");
    for (size_t i = 0; i < r->n_left; i++) {
        struct json *o = json_add_object(left, NULL);
        view_occasion_id(o, "occasion", r->left[i].occasion_kind, r->left[i].occasion_id);
        json_add_string(o, "why", r->left[i].why);
    }
    show_json(app, root);
}

/* ---- */

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    civil_day from;
    struct waiting waiting = {app, clock_ticking_ms(), false};
    struct replan replan;
    enum rc rc = arg_day(app, args, "from", &from, err);
    if (rc != RC_OK)
        return rc;
    struct replan_order order = {.apply = arg_given(args, "apply"),
                                 .each = app->verbose,
                                 .from = from,
                                 .progress = show_progress,
                                 .ctx = &waiting};
    rc = service_replan(&app->desk, &order, &replan, err);
    if (waiting.shown)
        fputc('\n', stderr);
    if (rc != RC_OK)
        return rc;
    if (app->json)
        print_json(app, &replan, order.apply);
    else
        print(app, &replan, order.apply);
    replan_fini(&replan);
    return RC_OK;
}

const struct command cmd_plan = {
    .name = "plan",
    .group = "Control",
    .summary = "the playbook was edited: what changes for everything that is open",
    .usage = "[--apply] [--from DATE]",
    .details = "What is under way keeps the playbook with which it was planned. This shows what "
               "the edited one would\n"
               "change, by step; with --verbose each action. With --apply it is done; broken off, "
               "it goes on the next time.\n"
               "What is sent or done stays. A step that is new comes only where its time is still "
               "ahead; what waits, and\n"
               "would have had its turn already, keeps its day. pps undo gives each trip its "
               "playbook of before; put the old\n"
               "playbook.json back, too, for what is sold from now on. The same when "
               "consent.marketing in pps.json was changed:\n"
               "then put back and apply that.",
    .examples = "  pps plan\n"
                "  pps plan --verbose --from +14d\n"
                "  pps plan --apply",
    OPTIONS(options),
    .needs = NEEDS_WORDS,
    .run = run,
};
