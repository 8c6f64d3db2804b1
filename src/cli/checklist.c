/* The checklist: a row per trip, a column per step with its date and its tick. Yellow when
 * something is due today, red when something is overdue and not ticked. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/views.h>

#include "checklist.h"

/* How long a trip that is wholly done stays in sight after the return. */
enum { SEEN_AFTER_RETURN_DAYS = 14, FIXED_COLUMNS = 6, MAX_COLUMNS = 96 };

struct columns {
    char *keys[MAX_COLUMNS], *titles[MAX_COLUMNS];
    size_t n;
};

static void add_columns(struct columns *c, const struct playbook *p)
{
    for (size_t i = 0; i < p->n_steps; i++) {
        bool there = false;
        for (size_t j = 0; j < c->n && !there; j++)
            there = str_eq(c->keys[j], p->steps[i].key);
        if (there || c->n == MAX_COLUMNS)
            continue;
        c->keys[c->n] = xstrdup(p->steps[i].key);
        c->titles[c->n++] = xstrdup(p->steps[i].column);
    }
}

static void columns_fini(struct columns *c)
{
    for (size_t i = 0; i < c->n; i++) {
        free(c->keys[i]);
        free(c->titles[i]);
    }
}

static const struct action *last_of_step(const struct actions *all, const char *step)
{
    const struct action *found = NULL;
    for (size_t i = 0; i < all->n; i++) {
        if (str_eq(all->v[i].step, step) && (!found || all->v[i].occurrence > found->occurrence))
            found = &all->v[i];
    }
    return found;
}

/* "10.12 v": the date and the tick. Signs: v done or sent, s saved by SMS, ! red, * due today, -
 * not to be done. */
static void step_cell(struct app *app, struct table *table, const struct trip_file *f,
                      const char *step)
{
    const struct action *a = last_of_step(&f->actions, step);
    char day[CIVIL_TEXT_BYTES];
    if (a == NULL) {
        table_cell(table, NULL);
        return;
    }
    if (a->state == STATE_CANCELLED || a->state == STATE_SKIPPED || a->state == STATE_SUPPRESSED) {
        table_cell(table, a->cause == CAUSE_MERGED ? "merged" : "-");
        return;
    }
    enum colour colour = action_colour(a, desk_today(&app->desk), f->trip.manager_id != 0);
    civil_day shown = a->local_due.day;
    const char *sign = "";
    if (a->state == STATE_SENT || a->state == STATE_DONE) {
        shown = zone_to_local(app->zone, a->done_at).day;
        sign = a->cause == CAUSE_NOT_TICKED ? " SMS" : " ✓";
    } else if (colour != COLOUR_NONE) {
        sign = colour == COLOUR_RED ? " !" : " •";
    }
    civil_format_people(shown, day);
    table_cellf(table, "%.5s%s", day, sign);
}

static enum colour trip_colour(struct app *app, const struct trip_file *f)
{
    enum colour worst = COLOUR_NONE;
    for (size_t i = 0; i < f->actions.n; i++) {
        enum colour c =
            action_colour(&f->actions.v[i], desk_today(&app->desk), f->trip.manager_id != 0);
        if (c > worst)
            worst = c;
    }
    return worst;
}

static void print_table(struct app *app, const struct trip_file *files, size_t n)
{
    static const char *const fixed[FIXED_COLUMNS] = {"trip",    "client",  "destination",
                                                     "departs", "returns", "manager"};
    const char *names[FIXED_COLUMNS + MAX_COLUMNS];
    size_t widths[FIXED_COLUMNS + MAX_COLUMNS] = {0, 22, 16, 0, 0, 10};
    struct columns columns = {.n = 0};
    for (size_t i = 0; i < n; i++)
        add_columns(&columns, &files[i].playbook);
    memcpy(names, fixed, sizeof fixed);
    for (size_t i = 0; i < columns.n; i++)
        names[FIXED_COLUMNS + i] = columns.titles[i];
    struct table *table = table_new(names, widths, FIXED_COLUMNS + columns.n);
    for (size_t i = 0; i < n; i++) {
        const struct trip_file *f = &files[i];
        char from[CIVIL_TEXT_BYTES], to[CIVIL_TEXT_BYTES];
        civil_format_people(f->trip.departure.day, from);
        civil_format_people(f->trip.return_.day, to);
        enum colour colour = trip_colour(app, f);
        table_row(table, colour_style(colour));
        table_cellf(table, "T%lld%s", (long long)f->trip.id,
                    colour == COLOUR_RED      ? " !"
                    : colour == COLOUR_YELLOW ? " •"
                                              : "");
        table_cell(table, f->client.name);
        table_cell(table, f->trip.destination);
        table_cellf(table, "%.5s", from);
        table_cellf(table, "%.5s", to);
        table_cell(table, str_or(f->manager.login, "(nobody)"));
        for (size_t c = 0; c < columns.n; c++)
            step_cell(app, table, f, columns.keys[c]);
    }
    table_print(table, app->out, app->colour);
    say(app, "\n✓ done or sent   SMS not called, the SMS went   • due today   ! overdue or in "
             "trouble   - not to be "
             "done\n");
    table_free(table);
    columns_fini(&columns);
}

static void add_json(struct app *app, struct json *root, const struct trip_file *files, size_t n)
{
    struct json *rows = json_add_array(root, "rows");
    for (size_t i = 0; i < n; i++) {
        const struct trip_file *f = &files[i];
        struct json *o = json_add_object(rows, NULL);
        view_client(o, "client", &f->client, app->zone);
        view_trip(o, "trip", &f->trip, f->manager.login, app->zone);
        json_add_string(o, "colour", str_or(colour_name(trip_colour(app, f)), NULL));
        struct json *steps = json_add_array(o, "steps");
        for (size_t a = 0; a < f->actions.n; a++) {
            const struct action *action = &f->actions.v[a];
            civil_day today = desk_today(&app->desk);
            struct json *s =
                view_action(steps, NULL, action, f->client.id, f->manager.login, app->zone);
            json_add_int(s, "days_late", action_days_late(action, today));
            json_add_string(
                s, "colour",
                str_or(colour_name(action_colour(action, today, f->trip.manager_id != 0)), NULL));
        }
    }
}

enum rc checklist_show(struct app *app, struct checklist_query *query, struct json *root,
                       bool *ret_red, struct err *err)
{
    struct trip_list trips;
    query->since = desk_today(&app->desk) - SEEN_AFTER_RETURN_DAYS;
    if (query->since < CIVIL_MIN)
        query->since = CIVIL_MIN;
    enum rc rc = store_checklist_trips(app->store, query, &trips, err);
    if (rc != RC_OK)
        return rc;
    struct trip_file *files = xcalloc(trips.n, sizeof *files);
    size_t n = 0;
    for (; n < trips.n && rc == RC_OK; n++)
        rc = store_trip_file(app->store, trips.v[n].id, &files[n], err);
    if (rc == RC_OK) {
        for (size_t i = 0; i < n; i++)
            *ret_red = *ret_red || trip_colour(app, &files[i]) == COLOUR_RED;
        if (app->json)
            add_json(app, root, files, n);
        else if (n == 0)
            say(app, "no trips\n");
        else if (!app->quiet)
            print_table(app, files, n);
    }
    for (size_t i = 0; i < n; i++)
        trip_file_fini(&files[i]);
    free(files);
    trip_list_fini(&trips);
    return rc;
}
