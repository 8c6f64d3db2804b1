/* Complaints: the row beside the occasion, and the list of them. */
#include <stdlib.h>

#include <pps/store_complaint.h>
#include <pps/str.h>

#include "db.h"

static enum rc write_row(struct store *store, enum sql sql, const struct complaint *c,
                         struct err *err)
{
    struct query q = db_query(store, sql);
    bind_text(&q, c->source);
    bind_text(&q, c->words);
    bind_text(&q, c->cause);
    bind_text(&q, c->actions);
    bind_text(&q, c->outcome);
    bind_int(&q, c->occasion_id);
    return db_run(&q, NULL, err);
}

enum rc store_complaint_get(struct store *store, int64_t occasion_id, struct complaint *ret,
                            struct err *err)
{
    struct query q = db_query(store, SQL_COMPLAINT_GET);
    bind_int(&q, occasion_id);
    enum rc rc = RC_NOTFOUND;
    if (db_step(&q, &rc, err) != STEP_ROW)
        return rc;
    *ret = (struct complaint){
        .occasion_id = col_int(&q, 0),
        .source = col_text(&q, 1),
        .words = col_text(&q, 2),
        .cause = col_text(&q, 3),
        .actions = col_text(&q, 4),
        .outcome = col_text(&q, 5),
    };
    db_end(&q);
    return RC_OK;
}

enum rc store_complaint_put(struct store *store, const struct complaint *c, struct err *err)
{
    return write_row(store, SQL_COMPLAINT_PUT, c, err);
}

enum rc store_complaint_update(struct store *store, const struct complaint *c, struct err *err)
{
    return write_row(store, SQL_COMPLAINT_UPDATE, c, err);
}

static void read_row(const struct query *q, struct complaint_row *row)
{
    enum { AFTER_OCCASION = OCCASION_WIDTH };
    *row = (struct complaint_row){0};
    row_occasion(q, 0, &row->occasion);
    row->complaint = (struct complaint){
        .occasion_id = row->occasion.id,
        .source = col_text(q, AFTER_OCCASION),
        .words = col_text(q, AFTER_OCCASION + 1),
        .cause = col_text(q, AFTER_OCCASION + 2),
        .actions = col_text(q, AFTER_OCCASION + 3),
        .outcome = col_text(q, AFTER_OCCASION + 4),
    };
    row->client_name = col_text(q, AFTER_OCCASION + 5);
    row->trip_title = col_text(q, AFTER_OCCASION + 6);
    row->manager = col_text(q, AFTER_OCCASION + 7);
}

enum rc store_complaint_list(struct store *store, const struct complaint_query *query,
                             struct complaint_list *ret, struct err *err)
{
    struct complaint_list list = {0};
    struct query q = db_query(store, SQL_COMPLAINT_LIST);
    bind_int(&q, query->open_only);
    bind_day(&q, query->from);
    /* "Until the 10th" is "before the 11th", because the dates carry hours. */
    bind_day(&q, query->to == CIVIL_NONE || query->to == CIVIL_MAX ? CIVIL_NONE : query->to + 1);
    bind_id(&q, query->manager_id);
    enum rc rc = RC_OK;
    while (db_step(&q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        read_row(&q, &list.v[list.n++]);
    }
    if (rc != RC_OK)
        complaint_list_fini(&list);
    else
        *ret = list;
    return rc;
}

void complaint_list_fini(struct complaint_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        struct complaint_row *row = &list->v[i];
        occasion_fini(&row->occasion);
        complaint_fini(&row->complaint);
        free(row->client_name);
        free(row->trip_title);
        free(row->manager);
    }
    free(list->v);
    *list = (struct complaint_list){0};
}

enum rc store_list_settled(struct store *store, civil_day today, struct id_list *ret, struct err *err)
{
    struct query q = db_query(store, SQL_LIST_SETTLED);
    bind_day(&q, today + 1);
    return db_ids(&q, ret, err);
}
