/* Facts worth remembering and marks of a client; and all that is known of one, for a message or for the card, read in one
 * go, so that whoever writes to a client and whoever looks at the card see the same. */
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

/* ---- all of it ---- */

static enum rc read_numbers(struct store *store, int64_t client_id, int64_t trip_id,
                            struct known *k, struct err *err)
{
    struct query q = db_query(store, SQL_KNOWN_OF_OCCASION);
    bind_id(&q, trip_id);
    bind_int(&q, client_id);
    enum rc rc = RC_OK;
    if (db_step(&q, &rc, err) != STEP_ROW)
        return rc;
    k->trip_number = (int)col_int(&q, 0);
    k->complaint_open = col_int(&q, 1) > 0;
    db_end(&q);
    return RC_OK;
}

static enum rc read_answer(struct store *store, int64_t trip_id, struct known *k, struct err *err)
{
    struct feedback f;
    if (trip_id == 0)
        return RC_OK;
    enum rc rc = store_feedback_last(store, trip_id, &f, err);
    if (rc != RC_OK)
        return rc == RC_NOTFOUND ? RC_OK : rc;
    k->rated = true;
    k->unhappy = feedback_is_unhappy(&f);
    k->promoter = feedback_is_promoter(&f);
    feedback_fini(&f);
    return RC_OK;
}

enum rc store_known(struct store *store, int64_t client_id, const struct occasion *about,
                    struct known *ret, struct err *err)
{
    struct known k = {0};
    int64_t trip_id = 0;
    if (about != NULL)
        trip_id = about->kind == KIND_TRIP ? about->id : about->about_id;
    enum rc rc = store_client_facts(store, client_id, &k.facts, err);
    if (rc == RC_OK)
        rc = store_client_marks(store, client_id, &k.marks, err);
    if (rc == RC_OK)
        rc = store_things_of_client(store, client_id, &k.things, err);
    if (rc == RC_OK)
        rc = read_numbers(store, client_id, trip_id, &k, err);
    if (rc == RC_OK)
        rc = read_answer(store, trip_id, &k, err);
    if (rc != RC_OK)
        known_fini(&k);
    else
        *ret = k;
    return rc;
}
