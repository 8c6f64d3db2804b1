/* Things for clients: one, those of a client, and the lists that people prepare visits by. */
#include <stdlib.h>

#include <pps/store_things.h>
#include <pps/str.h>

#include "db.h"

enum { THING_COLUMNS = 12 };

static void row_thing(const struct query *q, struct thing *ret)
{
    bool has_cost = sqlite3_column_type(q->statement, 5) != SQLITE_NULL;
    *ret = (struct thing){
        .id = col_int(q, 0),
        .client_id = col_int(q, 1),
        .occasion_id = col_int(q, 2),
        .title = col_text(q, 4),
        .cost = has_cost ? col_int(q, 5) : -1,
        .owner_id = col_int(q, 6),
        .ready_at = col_int(q, 7),
        .handed_at = col_int(q, 8),
        .dropped_at = col_int(q, 9),
        .note = col_text(q, 10),
        .created_at = col_int(q, 11),
    };
    /* Held to its CHECK: an unknown word can only be damage, which store_check finds. */
    const char *kind = col_word(q, 3);
    if (kind != NULL)
        (void)thing_kind_from_name(kind, &ret->kind);
}

enum rc store_thing_add(struct store *store, const struct thing *thing, int64_t *ret_id,
                        struct err *err)
{
    struct query q = db_query(store, SQL_THING_ADD);
    bind_int(&q, thing->client_id);
    bind_id(&q, thing->occasion_id);
    bind_text(&q, thing_kind_name(thing->kind));
    bind_text(&q, thing->title);
    if (thing->cost >= 0)
        bind_int(&q, thing->cost);
    else
        bind_text(&q, NULL);
    bind_id(&q, thing->owner_id);
    bind_text(&q, thing->note);
    bind_int(&q, thing->created_at);
    return db_one_int(&q, ret_id, err);
}

enum rc store_thing_get(struct store *store, int64_t id, struct thing *ret, struct err *err)
{
    struct query q = db_query(store, SQL_THING_GET);
    bind_int(&q, id);
    enum rc rc = RC_NOTFOUND;
    if (db_step(&q, &rc, err) != STEP_ROW)
        return rc != RC_NOTFOUND
                   ? rc
                   : err_set(err, rc, "there is no G%lld: pps gift list shows them", (long long)id);
    row_thing(&q, ret);
    db_end(&q);
    return RC_OK;
}

enum rc store_thing_update(struct store *store, const struct thing *thing, struct err *err)
{
    struct query q = db_query(store, SQL_THING_UPDATE);
    bind_id(&q, thing->ready_at); /* 0: not yet, which is NULL */
    bind_id(&q, thing->handed_at);
    bind_id(&q, thing->dropped_at);
    bind_text(&q, thing->note);
    bind_int(&q, thing->id);
    return db_run(&q, NULL, err);
}

enum rc store_things_of_client(struct store *store, int64_t client_id, struct things *ret,
                               struct err *err)
{
    struct things list = {0};
    struct query q = db_query(store, SQL_THINGS_OF_CLIENT);
    bind_int(&q, client_id);
    enum rc rc = RC_OK;
    while (db_step(&q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        row_thing(&q, &list.v[list.n++]);
    }
    if (rc != RC_OK)
        things_fini(&list);
    else
        *ret = list;
    return rc;
}

void thing_row_fini(struct thing_row *row)
{
    thing_fini(&row->thing);
    free(row->client_name);
    free(row->destination);
    free(row->owner);
    *row = (struct thing_row){0};
}

void thing_rows_fini(struct thing_rows *rows)
{
    for (size_t i = 0; i < rows->n; i++)
        thing_row_fini(&rows->v[i]);
    free(rows->v);
    *rows = (struct thing_rows){0};
}

enum rc store_things(struct store *store, const struct thing_query *query, struct thing_rows *ret,
                     struct err *err)
{
    struct thing_rows list = {0};
    struct query q = db_query(store, SQL_THINGS);
    bind_id(&q, query->client_id);
    bind_id(&q, query->owner_id);
    bind_int(&q, query->open_only);
    bind_int(&q, query->to_prepare);
    bind_day(&q, query->from);
    /* Visits carry hours, so "until the 10th" is "before the 11th". */
    bind_day(&q, query->to == CIVIL_NONE || query->to == CIVIL_MAX ? CIVIL_NONE : query->to + 1);
    bind_text(&q, query->kind);
    enum rc rc = RC_OK;
    while (db_step(&q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        struct thing_row *row = &list.v[list.n++];
        row_thing(&q, &row->thing);
        row->client_name = col_text(&q, THING_COLUMNS);
        row->destination = col_text(&q, THING_COLUMNS + 1);
        row->owner = col_text(&q, THING_COLUMNS + 2);
        row->visit = col_civil(&q, THING_COLUMNS + 3);
        row->visited_at = col_int(&q, THING_COLUMNS + 4);
        row->cancelled = col_int(&q, THING_COLUMNS + 5) != 0;
    }
    if (rc != RC_OK)
        thing_rows_fini(&list);
    else
        *ret = list;
    return rc;
}
