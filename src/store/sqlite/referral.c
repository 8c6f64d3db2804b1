/* Referrals: who brought whom, and what they get for it. Serves the services that record and reward them, and the card. */
#include <stdlib.h>

#include <pps/store_referral.h>
#include <pps/str.h>

#include "db.h"

void referral_row_fini(struct referral_row *row)
{
    referral_fini(&row->referral);
    free(row->by_name);
    free(row->new_name);
    *row = (struct referral_row){0};
}

void referral_list_fini(struct referral_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        referral_row_fini(&list->v[i]);
    free(list->v);
    *list = (struct referral_list){0};
}

static struct referral_row read_row(const struct query *q)
{
    return (struct referral_row){
        .referral = {.id = col_int(q, 0),
                     .by_client_id = col_int(q, 1),
                     .new_client_id = col_int(q, 2),
                     .at = col_int(q, 3),
                     .reward = col_text(q, 4),
                     .rewarded_at = col_int(q, 5),
                     .rewarded_by = col_text(q, 6)},
        .by_name = col_text(q, 7),
        .new_name = col_text(q, 8),
    };
}

enum rc store_referral_add(struct store *store, const struct referral *r, int64_t *ret_id,
                           struct err *err)
{
    struct query q = db_query(store, SQL_REFERRAL_ADD);
    bind_int(&q, r->by_client_id);
    bind_int(&q, r->new_client_id);
    bind_int(&q, r->at);
    bind_text(&q, r->reward);
    return db_one_int(&q, ret_id, err);
}

enum rc store_referral_update(struct store *store, const struct referral *r, struct err *err)
{
    struct query q = db_query(store, SQL_REFERRAL_UPDATE);
    bind_text(&q, r->reward);
    bind_id(&q, r->rewarded_at);
    bind_text(&q, r->rewarded_by);
    bind_int(&q, r->id);
    return db_run(&q, NULL, err);
}

enum rc store_referral_drop(struct store *store, int64_t id, int64_t now, struct err *err)
{
    struct query q = db_query(store, SQL_REFERRAL_DROP);
    bind_int(&q, now);
    bind_int(&q, id);
    return db_run(&q, NULL, err);
}

enum rc store_referral_get(struct store *store, int64_t id, struct referral_row *ret,
                           struct err *err)
{
    struct query q = db_query(store, SQL_REFERRAL_GET);
    bind_int(&q, id);
    enum rc rc = RC_NOTFOUND;
    if (db_step(&q, &rc, err) != STEP_ROW)
        return rc != RC_NOTFOUND
                   ? rc
                   : err_set(err, rc, "there is no referral R%lld: pps referral list shows all",
                             (long long)id);
    *ret = read_row(&q);
    db_end(&q);
    return RC_OK;
}

static enum rc read_rows(struct query *q, struct referral_list *ret, struct err *err)
{
    struct referral_list list = {0};
    enum rc rc = RC_OK;
    while (db_step(q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        list.v[list.n++] = read_row(q);
    }
    if (rc != RC_OK)
        referral_list_fini(&list);
    else
        *ret = list;
    return rc;
}

enum rc store_referrals_of_client(struct store *store, int64_t client_id, struct referral_list *ret,
                                  struct err *err)
{
    struct query q = db_query(store, SQL_REFERRALS_OF_CLIENT);
    bind_int(&q, client_id);
    return read_rows(&q, ret, err);
}

enum rc store_referral_list(struct store *store, bool open_only, struct referral_list *ret,
                            struct err *err)
{
    struct query q = db_query(store, SQL_REFERRAL_LIST);
    bind_int(&q, open_only);
    return read_rows(&q, ret, err);
}
