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

static void row_entry(const struct query *q, struct audit_entry *ret)
{
    *ret = (struct audit_entry){
        .id = col_int(q, 0),
        .at = col_int(q, 1),
        .actor = col_text(q, 2),
        .verb = col_text(q, 3),
        .client_id = col_int(q, 4),
        .occasion_id = col_int(q, 5),
        .action_id = col_int(q, 6),
        .detail = col_text(q, 7),
        .kind = row_kind(q, 8),
    };
}

enum rc store_audit_get(struct store *store, int64_t id, struct audit_entry *ret, struct err *err)
{
    struct query q = db_query(store, SQL_AUDIT_GET);
    bind_int(&q, id);
    enum rc rc = RC_NOTFOUND;
    if (db_step(&q, &rc, err) != STEP_ROW)
        return rc != RC_NOTFOUND ? rc
                                 : err_set(err, rc, "the log has no entry %lld", (long long)id);
    row_entry(&q, ret);
    db_end(&q);
    return RC_OK;
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
    bind_int(&q, query->after);
    bind_int(&q, (int64_t)query->limit);
    enum rc rc = RC_OK;
    while (db_step(&q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        row_entry(&q, &list.v[list.n++]);
    }
    if (rc != RC_OK)
        audit_list_fini(&list);
    else
        *ret = list;
    return rc;
}

void audit_entry_fini(struct audit_entry *entry)
{
    free(entry->actor);
    free(entry->verb);
    free(entry->detail);
    *entry = (struct audit_entry){0};
}

void audit_list_fini(struct audit_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        audit_entry_fini(&list->v[i]);
    free(list->v);
    *list = (struct audit_list){0};
}
