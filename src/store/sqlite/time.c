/* What changes because time has passed: whose birthday or holiday it is, whose pause is over, and which occasions were
 * planned with a playbook that is not the one of today. Serves the parts that run before every tick, and pps plan. */
#include <stdlib.h>

#include <pps/store_time.h>
#include <pps/str.h>

#include "db.h"

static struct query greet_query(struct store *store, const struct greet_query *query)
{
    bool born = query->birthdays[0] != NULL;
    struct query q = db_query(store, born ? SQL_LIST_BIRTHDAYS : SQL_LIST_HOLIDAY);
    bind_int(&q, query->after);
    bind_int(&q, query->any);
    bind_int(&q, query->email);
    bind_int(&q, query->phone);
    bind_day(&q, query->trip_since);
    bind_text(&q, query->key);
    bind_day(&q, query->day);
    if (born) {
        bind_text(&q, query->birthdays[0]);
        bind_text(&q, query->birthdays[1]);
    }
    bind_int(&q, (int64_t)query->limit);
    return q;
}

enum rc store_list_to_greet(struct store *store, const struct greet_query *query,
                            struct to_greet_list *ret, struct err *err)
{
    struct to_greet_list list = {0};
    enum rc rc = RC_OK;
    struct query q = greet_query(store, query);
    while (db_step(&q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        list.v[list.n++] = (struct to_greet){col_int(&q, 0), col_int(&q, 1)};
    }
    if (rc != RC_OK)
        to_greet_list_fini(&list);
    else
        *ret = list;
    return rc;
}

void to_greet_list_fini(struct to_greet_list *list)
{
    free(list->v);
    *list = (struct to_greet_list){0};
}

enum rc store_list_outdated(struct store *store, const struct outdated_query *query,
                            struct outdated_list *ret, struct err *err)
{
    struct outdated_list list = {0};
    enum rc rc = RC_OK;
    struct query q = db_query(store, SQL_LIST_OUTDATED);
    bind_int(&q, query->version);
    bind_int(&q, query->after_client);
    bind_day(&q, query->since);
    bind_day(&q, query->from);
    bind_int(&q, (int64_t)query->limit);
    while (db_step(&q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        list.v[list.n++] = (struct outdated){col_int(&q, 0), col_int(&q, 1)};
    }
    if (rc != RC_OK)
        outdated_list_fini(&list);
    else
        *ret = list;
    return rc;
}

void outdated_list_fini(struct outdated_list *list)
{
    free(list->v);
    *list = (struct outdated_list){0};
}

/* A tick that has worked for hours and is not at its end has seen what was due before it last handed something over. */
enum rc store_due_unseen(struct store *store, int64_t seen_at, int64_t now, int64_t *ret,
                         struct err *err)
{
    struct query last = db_query(store, SQL_LAST_HANDED_OVER);
    int64_t handed_over;
    enum rc rc = db_one_int(&last, &handed_over, err);
    if (rc != RC_OK)
        return rc;
    struct query q = db_query(store, SQL_DUE_UNSEEN);
    bind_int(&q, handed_over > seen_at ? handed_over : seen_at);
    bind_int(&q, now);
    return db_one_int(&q, ret, err);
}
