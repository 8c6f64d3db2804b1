/* A present that is not there when the client comes, or that lies in the drawer after they have been here, is as late as a
 * call that was not made. The director sees both in one report. Serves report --overdue. */
#include <stdlib.h>

#include <pps/agenda.h>
#include <pps/str.h>
#include <pps/view_things.h>
#include <pps/views.h>

#include "overdue_things.h"

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
        int late = (int)(desk_today(&app->desk) - thing_late_since(&app->desk, row));
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
        json_add_int(o, "days_late", desk_today(&app->desk) - thing_late_since(&app->desk, row));
        json_add_string(o, "colour", "red");
        json_add_string(o, "why", why);
        free(why);
    }
}
