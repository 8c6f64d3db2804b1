/* The audit log: who did what and when. Append-only, by the database's own rule. */
#include <stdlib.h>

#include <pps/str.h>

#include "db.h"

enum rc store_audit_add(struct store *store, const struct audit_entry *entry, struct err *err)
{
    struct query q = db_query(store, SQL_AUDIT_ADD);
    bind_int(&q, entry->at);
    bind_text(&q, entry->actor);
    bind_text(&q, entry->verb);
    bind_id(&q, entry->client_id);
    bind_id(&q, entry->occasion_id);
    bind_id(&q, entry->action_id);
    bind_text(&q, entry->detail);
    return db_run(&q, NULL, err);
}

enum rc store_audit_list(struct store *store, const struct audit_query *query,
                         struct audit_list *ret, struct err *err)
{
    struct audit_list list = {0};
    struct query q = db_query(store, SQL_AUDIT_LIST);
    bind_id(&q, query->client_id);
    bind_id(&q, query->occasion_id);
    bind_id(&q, query->action_id);
    bind_text(&q, query->actor);
    bind_text(&q, query->verb);
    bind_int(&q, (int64_t)query->limit);
    enum rc rc = RC_OK;
    while (db_step(&q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        list.v[list.n++] = (struct audit_entry){
            .id = col_int(&q, 0),
            .at = col_int(&q, 1),
            .actor = col_text(&q, 2),
            .verb = col_text(&q, 3),
            .client_id = col_int(&q, 4),
            .occasion_id = col_int(&q, 5),
            .action_id = col_int(&q, 6),
            .detail = col_text(&q, 7),
        };
    }
    if (rc != RC_OK)
        audit_list_fini(&list);
    else
        *ret = list;
    return rc;
}

void audit_list_fini(struct audit_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        free(list->v[i].actor);
        free(list->v[i].verb);
        free(list->v[i].detail);
    }
    free(list->v);
    *list = (struct audit_list){0};
}
