/* What is not ready for the visits of today and the next two days: gifts, cards, albums, a line a visit. A manager who
 * reads the list of the day still has the time to see to it. Serves today. */
#include <stdlib.h>

#include <pps/agenda.h>
#include <pps/str.h>
#include <pps/things.h>
#include <pps/view_things.h>

#include "heard.h"
#include "prepare.h"

/* Things of one client for one visit stand in one line. */
static bool same_visit(const struct thing_row *a, const struct thing_row *b)
{
    return a->thing.client_id == b->thing.client_id && a->visit.day == b->visit.day &&
           a->visit.minute == b->visit.minute;
}

static const char *owner_of(const struct thing_row *row)
{
    return str_or(row->owner, "nobody");
}

/* Whether this owner was named for an earlier thing of the same visit, from row i on. */
static bool is_named(const struct thing_rows *rows, size_t i, size_t k)
{
    for (size_t j = i; j < k; j++) {
        if (same_visit(&rows->v[j], &rows->v[k]) &&
            str_eq(owner_of(&rows->v[j]), owner_of(&rows->v[k])))
            return true;
    }
    return false;
}

static void add_line(struct app *app, struct table *table, const struct thing_rows *rows, size_t i,
                     bool *taken)
{
    struct sb things = {0}, who = {0};
    const struct thing_row *first = &rows->v[i];
    char visit[PEOPLE_DATE_BYTES];
    for (size_t k = i; k < rows->n; k++) {
        const struct thing *t = &rows->v[k].thing;
        if (!same_visit(first, &rows->v[k]))
            continue;
        taken[k] = true;
        sb_addf(&things, "%sG%lld %s", things.len ? ", " : "", (long long)t->id,
                thing_kind_name(t->kind));
        if (!is_named(rows, i, k))
            sb_addf(&who, "%s%s", who.len ? ", " : "", owner_of(&rows->v[k]));
    }
    people_moment(first->visit, visit);
    table_row(table, first->visit.day == desk_today(&app->desk) ? STYLE_RED : STYLE_YELLOW);
    table_cell(table, visit);
    table_cell(table, first->client_name);
    table_cell(table, sb_str(&things));
    table_cell(table, sb_str(&who));
    sb_fini(&things);
    sb_fini(&who);
}

static void show_table(struct app *app, const struct thing_rows *rows)
{
    static const char *const titles[] = {"visit", "client", "not ready yet", "who prepares it"};
    static const size_t widths[] = {0, 28, 50, 26};
    struct table *table = table_new(titles, app->tty ? widths : NULL, 4);
    bool *taken = xcalloc(rows->n, sizeof *taken);
    for (size_t i = 0; i < rows->n; i++) {
        if (!taken[i])
            add_line(app, table, rows, i, taken);
    }
    fprintf(app->out, "\n");
    table_print(table, app->out, app->colour);
    say(app, "pps gift ready G%lld says that it is there\n", (long long)rows->v[0].thing.id);
    free(taken);
    table_free(table);
}

static void add_json(struct app *app, struct json *root, const struct thing_rows *rows)
{
    struct json *list = json_add_array(root, "to_prepare");
    for (size_t i = 0; i < rows->n; i++) {
        const struct thing_row *row = &rows->v[i];
        struct json *o = view_thing(list, NULL, &row->thing, row->owner, app->zone);
        json_add_string(o, "client_name", row->client_name);
        view_visit(o, row->visit);
    }
}

enum rc show_to_prepare(struct app *app, int64_t manager_id, struct json *root, struct err *err)
{
    struct thing_rows rows;
    enum rc rc = service_things_to_prepare(&app->desk, manager_id, &rows, err);
    if (rc != RC_OK)
        return rc;
    if (root != NULL)
        add_json(app, root, &rows);
    else if (rows.n > 0 && !app->quiet)
        show_table(app, &rows);
    thing_rows_fini(&rows);
    return RC_OK;
}
