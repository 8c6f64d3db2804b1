/* What is known of a client besides their card, as the planner asks for it: what they have had, want, and told us. */
#include <stdlib.h>

#include <pps/str.h>

#include "db.h"

void had_list_fini(struct had_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->v[i].step);
    free(list->v);
    *list = (struct had_list){0};
}

enum rc store_steps_had(struct store *store, int64_t client_id, int64_t occasion_id,
                        struct had_list *ret, struct err *err)
{
    struct had_list list = {0};
    struct query q = db_query(store, SQL_STEPS_HAD);
    bind_int(&q, client_id);
    bind_int(&q, occasion_id);
    enum rc rc = RC_OK;
    while (db_step(&q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        struct plan_had had = {.step = col_text(&q, 0),
                               .at = col_int(&q, 1),
                               .ahead = col_int(&q, 2) != 0,
                               .occasion_id = col_int(&q, 4)};
        char *kind = col_text(&q, 3);
        (void)kind_from_name(kind, &had.kind);
        free(kind);
        list.v[list.n++] = had;
    }
    if (rc != RC_OK)
        had_list_fini(&list);
    else
        *ret = list;
    return rc;
}

enum rc store_consent_last(struct store *store, enum channel channel, const char *address,
                           bool marketing, enum given *ret, struct err *err)
{
    int64_t given = 0;
    struct query q = db_query(store, SQL_CONSENT_LAST);
    bind_text(&q, channel_name(channel));
    bind_text(&q, address);
    bind_text(&q, marketing ? "marketing" : "service");
    enum rc rc = db_one_int(&q, &given, err);
    *ret = rc != RC_OK || given < 0 ? GIVEN_NOT_SAID : given > 0 ? GIVEN_YES : GIVEN_NO;
    return rc == RC_NOTFOUND ? RC_OK : rc;
}

static int col_grade(const struct query *q, int i)
{
    return sqlite3_column_type(q->statement, i) == SQLITE_NULL ? NO_GRADE : (int)col_int(q, i);
}

static enum rc feedback_row(struct store *store, enum sql sql, int64_t id, struct feedback *ret,
                            struct err *err)
{
    struct query q = db_query(store, sql);
    bind_int(&q, id);
    enum rc rc = RC_NOTFOUND;
    if (db_step(&q, &rc, err) != STEP_ROW)
        return rc;
    *ret = (struct feedback){
        .occasion_id = col_int(&q, 0),
        .csat = col_grade(&q, 1),
        .nps = col_grade(&q, 2),
        .plus = col_text(&q, 3),
        .words = col_text(&q, 4),
        .source = col_text(&q, 5),
        .external_id = col_text(&q, 6),
    };
    db_end(&q);
    return RC_OK;
}

enum rc store_feedback_last(struct store *store, int64_t trip_id, struct feedback *ret,
                            struct err *err)
{
    return feedback_row(store, SQL_FEEDBACK_LAST, trip_id, ret, err);
}

enum rc store_feedback_get(struct store *store, int64_t occasion_id, struct feedback *ret,
                           struct err *err)
{
    return feedback_row(store, SQL_FEEDBACK_GET, occasion_id, ret, err);
}
