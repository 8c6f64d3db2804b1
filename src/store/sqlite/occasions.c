/* Occasions: alone, with everything around them, and those that stand on the checklist. */
#include <stdlib.h>

#include <pps/str.h>

#include "db.h"

static void bind_occasion(struct query *q, const struct occasion *o)
{
    bind_text(q, o->title);
    for (int i = 0; i < ANCHOR_COUNT; i++)
        bind_civil(q, o->when[i]);
    bind_text(q, o->departure_tz);
    bind_text(q, o->product);
    bind_id(q, o->about_id);
    bind_id(q, o->manager_id);
    bind_int(q, o->playbook_version);
    bind_text(q, o->note);
    bind_int(q, o->ended);
    bind_text(q, o->end_reason);
    bind_id(q, o->adults);
    if (o->adults > 0)
        bind_int(q, o->children);
    else
        bind_text(q, NULL);
    bind_id(q, o->sold_by);
}

enum rc store_occasion_add(struct store *store, const struct occasion *occasion, int64_t *ret_id,
                           struct err *err)
{
    struct query q = db_query(store, SQL_OCCASION_ADD);
    bind_occasion(&q, occasion);
    bind_int(&q, occasion->client_id);
    bind_text(&q, kind_name(occasion->kind));
    bind_int(&q, occasion->created_at);
    return db_one_int(&q, ret_id, err);
}

enum rc store_occasion_update(struct store *store, const struct occasion *occasion, struct err *err)
{
    struct query q = db_query(store, SQL_OCCASION_UPDATE);
    bind_occasion(&q, occasion);
    bind_int(&q, occasion->id);
    return db_run(&q, NULL, err);
}

enum rc store_occasion_get(struct store *store, int64_t id, struct occasion *ret, struct err *err)
{
    struct query q = db_query(store, SQL_OCCASION_GET);
    bind_int(&q, id);
    enum rc rc = RC_NOTFOUND;
    if (db_step(&q, &rc, err) != STEP_ROW)
        return rc != RC_NOTFOUND
                   ? rc
                   : err_set(err, rc,
                             "there is nothing with the number %lld: look for it with pps find",
                             (long long)id);
    row_occasion(&q, 0, ret);
    db_end(&q);
    return RC_OK;
}

static enum rc occasion_rows(struct query *q, struct occasion_list *ret, struct err *err)
{
    struct occasion_list list = {0};
    enum rc rc = RC_OK;
    while (db_step(q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        row_occasion(q, 0, &list.v[list.n++]);
    }
    if (rc != RC_OK)
        occasion_list_fini(&list);
    else
        *ret = list;
    return rc;
}

void occasion_list_fini(struct occasion_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        occasion_fini(&list->v[i]);
    free(list->v);
    *list = (struct occasion_list){0};
}

enum rc store_occasions_of_client(struct store *store, int64_t client_id, struct occasion_list *ret,
                                  struct err *err)
{
    struct query q = db_query(store, SQL_OCCASIONS_OF_CLIENT);
    bind_int(&q, client_id);
    return occasion_rows(&q, ret, err);
}

enum rc store_trips_of_client(struct store *store, int64_t client_id, struct occasion_list *ret,
                              struct err *err)
{
    struct query q = db_query(store, SQL_TRIPS_OF_CLIENT);
    bind_int(&q, client_id);
    return occasion_rows(&q, ret, err);
}

enum rc store_checklist(struct store *store, const struct checklist_query *query,
                        struct occasion_list *ret, struct err *err)
{
    struct query q = db_query(store, SQL_OCCASIONS_CHECKLIST);
    bind_day(&q, query->soon);
    bind_day(&q, query->since);
    bind_id(&q, query->manager_id);
    bind_day(&q, query->from);
    /* Departures carry hours, so "until the 10th" is "before the 11th". */
    bind_day(&q, query->to == CIVIL_NONE || query->to == CIVIL_MAX ? CIVIL_NONE : query->to + 1);
    return occasion_rows(&q, ret, err);
}

enum rc store_occasion_file(struct store *store, int64_t occasion_id, struct occasion_file *ret,
                            struct err *err)
{
    struct occasion_file f = {0};
    enum rc rc = store_occasion_get(store, occasion_id, &f.occasion, err);
    if (rc == RC_OK)
        rc = store_client_get(store, f.occasion.client_id, &f.client, err);
    if (rc == RC_OK && f.occasion.manager_id != 0)
        rc = store_staff_get(store, f.occasion.manager_id, &f.manager, err);
    if (rc == RC_OK)
        rc = store_playbook_get(store, f.occasion.playbook_version, &f.playbook, err);
    if (rc == RC_OK)
        rc = store_actions_of_occasion(store, occasion_id, &f.actions, err);
    if (rc != RC_OK)
        occasion_file_fini(&f);
    else
        *ret = f;
    return rc;
}

void occasion_file_fini(struct occasion_file *f)
{
    occasion_fini(&f->occasion);
    client_fini(&f->client);
    staff_fini(&f->manager);
    actions_fini(&f->actions);
}
