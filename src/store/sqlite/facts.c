/* Facts worth remembering and marks of a client. */
#include <stdlib.h>

#include <pps/store_things.h>
#include <pps/str.h>

#include "db.h"

enum rc store_client_facts(struct store *store, int64_t client_id, struct client_facts *ret,
                           struct err *err)
{
    struct client_facts list = {0};
    struct query q = db_query(store, SQL_CLIENT_FACTS);
    bind_int(&q, client_id);
    enum rc rc = RC_OK;
    while (db_step(&q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        list.v[list.n++] = (struct client_fact){.key = col_text(&q, 0), .value = col_text(&q, 1)};
    }
    if (rc != RC_OK)
        client_facts_fini(&list);
    else
        *ret = list;
    return rc;
}

enum rc store_client_fact_set(struct store *store, int64_t client_id, const char *key,
                              const char *value, struct err *err)
{
    struct query q = db_query(store, SQL_CLIENT_FACT_SET);
    bind_int(&q, client_id);
    bind_text(&q, key);
    bind_text(&q, value);
    return db_run(&q, NULL, err);
}

enum rc store_client_fact_remove(struct store *store, int64_t client_id, const char *key,
                                 struct err *err)
{
    struct query q = db_query(store, SQL_CLIENT_FACT_REMOVE);
    bind_int(&q, client_id);
    bind_text(&q, key);
    return db_run(&q, NULL, err);
}

enum rc store_client_marks(struct store *store, int64_t client_id, unsigned *ret, struct err *err)
{
    unsigned marks = 0;
    struct query q = db_query(store, SQL_CLIENT_MARKS);
    bind_int(&q, client_id);
    enum rc rc = RC_OK;
    while (db_step(&q, &rc, err) == STEP_ROW) {
        enum client_mark mark;
        char *name = col_text(&q, 0);
        if (client_mark_from_name(name, &mark))
            marks |= MARK_BIT(mark);
        free(name);
    }
    if (rc == RC_OK)
        *ret = marks;
    return rc;
}

enum rc store_client_mark(struct store *store, int64_t client_id, enum client_mark mark, bool on,
                          struct err *err)
{
    struct query q = db_query(store, on ? SQL_CLIENT_MARK_ADD : SQL_CLIENT_MARK_REMOVE);
    bind_int(&q, client_id);
    bind_text(&q, client_mark_name(mark));
    return db_run(&q, NULL, err);
}
