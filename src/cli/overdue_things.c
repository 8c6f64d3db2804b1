/* A present that is not there when the client comes, or that lies in the drawer after they have been here, is as late as a
 * call that was not made. The director sees both in one report. Serves report --overdue. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/view_things.h>
#include <pps/views.h>

#include "overdue_things.h"

/* The visit is over; a day or two for whoever forgot is no reason for red. */
enum { HAND_OVER_DAYS = 2 };

static civil_day day_of(struct app *app, int64_t at)
{
    return zone_to_local(app->zone, at).day;
}

/* The day since which it is late; CIVIL_NONE: it is not. What was promised after the visit waits for the next one. */
static civil_day late_since(struct app *app, const struct thing_row *row)
{
    const struct thing *t = &row->thing;
    civil_day today = desk_today(&app->desk), promised = day_of(app, t->created_at);
    bool visited = row->visited_at != 0 && t->created_at <= row->visited_at;
    if (!thing_is_open(t) || row->visit.day == CIVIL_NONE || promised > row->visit.day ||
        (row->visited_at != 0 && !visited))
        return CIVIL_NONE;
    if (t->ready_at == 0)
        return row->visit.day <= today ? row->visit.day : CIVIL_NONE;
    civil_day end = visited ? day_of(app, row->visited_at) + HAND_OVER_DAYS : CIVIL_NONE;
    return visited && end <= today ? end : CIVIL_NONE;
}

enum rc overdue_things(struct app *app, int64_t owner_id, struct thing_rows *ret, struct err *err)
{
    struct thing_query query = {
        .owner_id = owner_id, .open_only = true, .from = CIVIL_NONE, .to = desk_today(&app->desk)};
    enum rc rc = store_things(app->store, &query, ret, err);
    size_t kept = 0;
    for (size_t i = 0; rc == RC_OK && i < ret->n; i++) {
        struct thing_row row = ret->v[i];
        if (late_since(app, &row) == CIVIL_NONE)
            continue;
        ret->v[i] = ret->v[kept]; /* the rest stays behind, and is freed below */
        ret->v[kept++] = row;
    }
    if (rc != RC_OK)
        return rc;
    struct thing_rows rest = {.v = ret->n > kept ? xcalloc(ret->n - kept, sizeof *rest.v) : NULL};
    for (size_t i = kept; i < ret->n; i++)
        rest.v[rest.n++] = ret->v[i];
    ret->n = kept;
    thing_rows_fini(&rest);
    return RC_OK;
}

static char *why_of(const struct thing *t)
{
    long long id = (long long)t->id;
    return t->ready_at == 0 ? xasprintf("not ready for the visit (pps gift ready G%lld)", id)
                            : xasprintf("not handed over at the visit (pps gift hand G%lld)", id);
}

void overdue_things_table(struct app *app, const struct thing_rows *rows)
{
    static const char *const names[] = {"manager", "thing", "late",   "visit",
                                        "kind",    "title", "client", "why"};
    static const size_t widths[] = {16, 0, 0, 0, 0, 40, 28, 60};
    struct table *table = table_new(names, app->tty ? widths : NULL, 8);
    for (size_t i = 0; i < rows->n; i++) {
        const struct thing_row *row = &rows->v[i];
        char visit[CIVIL_TEXT_BYTES], *why = why_of(&row->thing);
        int late = (int)(desk_today(&app->desk) - late_since(app, row));
        civil_format(row->visit, visit);
        table_row(table, STYLE_RED);
        table_cell(table, str_or(row->owner, "(nobody)"));
        table_cellf(table, "G%lld", (long long)row->thing.id);
        if (late > 0)
            table_cellf(table, "%d d", late);
        else
            table_cell(table, "today");
        table_cell(table, visit);
        table_cell(table, thing_kind_name(row->thing.kind));
        table_cell(table, row->thing.title);
        table_cellf(table, "C%lld %s", (long long)row->thing.client_id, row->client_name);
        table_cell(table, why);
        free(why);
    }
    table_print(table, app->out, app->colour);
    table_free(table);
}

void overdue_things_json(struct app *app, struct json *root, const struct thing_rows *rows)
{
    struct json *list = json_add_array(root, "things");
    for (size_t i = 0; i < rows->n; i++) {
        const struct thing_row *row = &rows->v[i];
        char *why = why_of(&row->thing);
        struct json *o = view_thing(list, NULL, &row->thing, row->owner, app->zone);
        json_add_string(o, "client_name", row->client_name);
        view_visit(o, row->visit);
        json_add_int(o, "days_late", desk_today(&app->desk) - late_since(app, row));
        json_add_string(o, "colour", "red");
        json_add_string(o, "why", why);
        free(why);
    }
}
