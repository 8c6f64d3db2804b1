/* Lost sales beyond their dates: why, who lost it, and how the series ended. Serves the services that enter, win back and
 * close them, and the planner's question who may not sign. */
#include <stdlib.h>

#include <pps/lost.h>
#include <pps/store_lost.h>
#include <pps/str.h>

#include "db.h"

enum { SERIES_SEC = LOST_SERIES_DAYS * 86400 };

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

enum rc store_lost_by(struct store *store, int64_t occasion_id, struct staff *ret, struct err *err)
{
    struct staff nobody = {0};
    int64_t id = 0;
    struct query q = db_query(store, SQL_LOST_BY);
    bind_int(&q, occasion_id);
    enum rc rc = db_one_int(&q, &id, err);
    *ret = nobody;
    if (rc != RC_OK || id == 0)
        return rc == RC_NOTFOUND ? RC_OK : rc;
    return store_staff_get(store, id, ret, err);
}

/* ---- lists ---- */

static void lost_row_fini(struct lost_row *row)
{
    lost_fini(&row->lost);
    free(row->client_name);
    free(row->title);
    free(row->lost_by);
    free(row->talk);
}

void lost_list_fini(struct lost_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        lost_row_fini(&list->v[i]);
    free(list->v);
    *list = (struct lost_list){0};
}

static struct lost_row read_row(const struct query *q)
{
    return (struct lost_row){
        .lost = {.occasion_id = col_int(q, 0),
                 .reason = col_text(q, 1),
                 .words = col_text(q, 2),
                 .lost_by = col_int(q, 3),
                 .outcome = col_text(q, 4),
                 .trip_id = col_int(q, 5)},
        .client_id = col_int(q, 6),
        .client_name = col_text(q, 7),
        .learned = col_civil(q, 8),
        .title = col_text(q, 9),
        .lost_by = col_text(q, 10),
        .ended = col_int(q, 11) != 0,
        .runs = col_int(q, 12) != 0,
        .trip_cancelled = col_int(q, 13) != 0,
        .waits = col_int(q, 14) != 0,
        .talk = col_text(q, 15),
        .reached = col_int(q, 16) != 0,
    };
}

enum rc store_lost_list(struct store *store, const struct lost_query *query, struct lost_list *ret,
                        struct err *err)
{
    struct lost_list list = {0};
    struct query q = db_query(store, SQL_LOST_LIST);
    bind_int(&q, SERIES_SEC);
    bind_int(&q, query->since);
    bind_day(&q, query->from);
    /* They carry the hour, so "until the 10th" is "before the 11th". */
    bind_day(&q, query->to == CIVIL_NONE || query->to == CIVIL_MAX ? CIVIL_NONE : query->to + 1);
    bind_id(&q, query->lost_by);
    bind_text(&q, LOST_BY_MISTAKE);
    enum rc rc = RC_OK;
    while (db_step(&q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        list.v[list.n++] = read_row(&q);
    }
    if (rc != RC_OK)
        lost_list_fini(&list);
    else
        *ret = list;
    return rc;
}

enum rc store_lost_open(struct store *store, int64_t client_id, const char *phone,
                        const char *email, struct id_list *ret, struct err *err)
{
    struct query q = db_query(store, SQL_LOST_OPEN);
    bind_int(&q, client_id);
    bind_text(&q, phone);
    bind_text(&q, email);
    return db_ids(&q, ret, err);
}

enum rc store_lost_ended(struct store *store, int64_t client_id, const char *phone,
                         const char *email, civil_day since, struct id_list *ret, struct err *err)
{
    struct query q = db_query(store, SQL_LOST_ENDED);
    bind_int(&q, client_id);
    bind_text(&q, phone);
    bind_text(&q, email);
    bind_day(&q, since);
    return db_ids(&q, ret, err);
}

enum rc store_lost_lasting(struct store *store, int64_t client_id, int64_t since,
                           struct id_list *ret, struct err *err)
{
    struct query q = db_query(store, SQL_LOST_LASTING);
    bind_int(&q, client_id);
    bind_int(&q, since);
    bind_int(&q, SERIES_SEC);
    return db_ids(&q, ret, err);
}

enum rc store_lost_unsigned(struct store *store, int64_t since, int64_t until, struct id_list *ret,
                            struct err *err)
{
    struct query q = db_query(store, SQL_LOST_UNSIGNED);
    bind_int(&q, since);
    bind_int(&q, until);
    return db_ids(&q, ret, err);
}

enum rc store_lost_runs(struct store *store, int64_t occasion_id, bool *ret, struct err *err)
{
    int64_t n = 0;
    struct query q = db_query(store, SQL_LOST_RUNS);
    bind_int(&q, SERIES_SEC);
    bind_int(&q, occasion_id);
    enum rc rc = db_one_int(&q, &n, err);
    *ret = n > 0;
    return rc;
}
