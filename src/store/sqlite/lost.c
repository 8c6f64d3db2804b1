/* Lost sales beyond their dates: why, who lost it, and how the series ended. Serves the services that enter, win back and
 * close them, and the planner's question who may not sign. */
#include <pps/store_lost.h>

#include "db.h"

static enum rc no_lost(int64_t occasion_id, struct err *err)
{
    return err_set(err, RC_NOTFOUND, "L%lld is no lost sale", (long long)occasion_id);
}

enum rc store_lost_get(struct store *store, int64_t occasion_id, struct lost *ret, struct err *err)
{
    struct query q = db_query(store, SQL_LOST_GET);
    bind_int(&q, occasion_id);
    enum rc rc = RC_NOTFOUND;
    if (db_step(&q, &rc, err) != STEP_ROW)
        return rc != RC_NOTFOUND ? rc : no_lost(occasion_id, err);
    *ret = (struct lost){
        .occasion_id = col_int(&q, 0),
        .reason = col_text(&q, 1),
        .words = col_text(&q, 2),
        .lost_by = col_int(&q, 3),
        .outcome = col_text(&q, 4),
        .trip_id = col_int(&q, 5),
    };
    db_end(&q);
    return RC_OK;
}

static void bind_rest(struct query *q, const struct lost *lost)
{
    bind_text(q, lost->reason);
    bind_text(q, lost->words);
    bind_id(q, lost->lost_by);
    bind_text(q, lost->outcome);
    bind_id(q, lost->trip_id);
}

enum rc store_lost_put(struct store *store, const struct lost *lost, struct err *err)
{
    struct query q = db_query(store, SQL_LOST_PUT);
    bind_int(&q, lost->occasion_id);
    bind_rest(&q, lost);
    return db_run(&q, NULL, err);
}

enum rc store_lost_update(struct store *store, const struct lost *lost, struct err *err)
{
    struct query q = db_query(store, SQL_LOST_UPDATE);
    bind_rest(&q, lost);
    bind_int(&q, lost->occasion_id);
    int changes = 0;
    enum rc rc = db_run(&q, &changes, err);
    return rc == RC_OK && changes == 0 ? no_lost(lost->occasion_id, err) : rc;
}
