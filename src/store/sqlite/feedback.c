/* What clients tell us: the row beside the occasion, the answer by which an occasion goes, and the lists and counts that the director looks at. */
#include <stdlib.h>

#include <pps/store_feedback.h>
#include <pps/str.h>

#include "db.h"

static void bind_grade(struct query *q, int grade)
{
    if (grade == NO_GRADE)
        bind_text(q, NULL);
    else
        bind_int(q, grade);
}

static int col_grade(const struct query *q, int i)
{
    return sqlite3_column_type(q->statement, i) == SQLITE_NULL ? NO_GRADE : (int)col_int(q, i);
}

enum rc store_feedback_put(struct store *store, const struct feedback *f, struct err *err)
{
    struct query q = db_query(store, SQL_FEEDBACK_PUT);
    bind_int(&q, f->occasion_id);
    bind_grade(&q, f->csat);
    bind_grade(&q, f->nps);
    bind_text(&q, f->plus);
    bind_text(&q, f->words);
    bind_text(&q, f->source);
    bind_text(&q, f->external_id);
    return db_run(&q, NULL, err);
}

enum rc store_feedback_update(struct store *store, const struct feedback *f, struct err *err)
{
    struct query q = db_query(store, SQL_FEEDBACK_UPDATE);
    bind_grade(&q, f->csat);
    bind_grade(&q, f->nps);
    bind_text(&q, f->plus);
    bind_text(&q, f->words);
    bind_text(&q, f->source);
    bind_int(&q, f->occasion_id);
    return db_run(&q, NULL, err);
}

enum rc store_feedback_forget_number(struct store *store, int64_t occasion_id, struct err *err)
{
    struct query q = db_query(store, SQL_FEEDBACK_FORGET_NUMBER);
    bind_int(&q, occasion_id);
    return db_run(&q, NULL, err);
}

enum rc store_feedback_by_number(struct store *store, const char *external_id,
                                 int64_t *ret_occasion_id, struct err *err)
{
    struct query q = db_query(store, SQL_FEEDBACK_BY_NUMBER);
    bind_text(&q, external_id);
    return db_one_int(&q, ret_occasion_id, err);
}

/* csat, nps, plus, words, source, external_id, from column `first` on. */
static struct feedback row_feedback(const struct query *q, int first, int64_t occasion_id)
{
    return (struct feedback){
        .occasion_id = occasion_id,
        .csat = col_grade(q, first),
        .nps = col_grade(q, first + 1),
        .plus = col_text(q, first + 2),
        .words = col_text(q, first + 3),
        .source = col_text(q, first + 4),
        .external_id = col_text(q, first + 5),
    };
}

/* One answer, or none. */
static enum rc one_answer(struct store *store, enum sql sql, int64_t id, struct feedback *ret,
                          struct err *err)
{
    struct query q = db_query(store, sql);
    bind_int(&q, id);
    enum rc rc = RC_NOTFOUND;
    if (db_step(&q, &rc, err) != STEP_ROW)
        return rc;
    *ret = row_feedback(&q, 1, col_int(&q, 0));
    db_end(&q);
    return RC_OK;
}

enum rc store_feedback_last(struct store *store, int64_t trip_id, struct feedback *ret,
                            struct err *err)
{
    return one_answer(store, SQL_FEEDBACK_LAST, trip_id, ret, err);
}

enum rc store_feedback_get(struct store *store, int64_t occasion_id, struct feedback *ret,
                           struct err *err)
{
    return one_answer(store, SQL_FEEDBACK_GET, occasion_id, ret, err);
}

enum rc store_feedback_about(struct store *store, const struct occasion *o, struct feedback *ret,
                             struct err *err)
{
    if (o->kind == KIND_FEEDBACK)
        return store_feedback_get(store, o->id, ret, err);
    return store_feedback_last(store, o->kind == KIND_TRIP ? o->id : o->about_id, ret, err);
}

enum rc store_feedback_last_of_client(struct store *store, int64_t client_id, struct feedback *ret,
                                      struct civil *ret_answered, struct err *err)
{
    struct query q = db_query(store, SQL_FEEDBACK_LAST_OF_CLIENT);
    bind_int(&q, client_id);
    enum rc rc = RC_NOTFOUND;
    if (db_step(&q, &rc, err) != STEP_ROW)
        return rc;
    *ret = row_feedback(&q, 1, col_int(&q, 0));
    *ret_answered = col_civil(&q, 7);
    db_end(&q);
    return RC_OK;
}

/* "Until the 10th" is "before the 11th", because the dates carry hours. */
static void bind_until(struct query *q, civil_day to)
{
    bind_day(q, to == CIVIL_NONE || to == CIVIL_MAX ? CIVIL_NONE : to + 1);
}

static enum rc feedback_rows(struct query *q, struct feedback_list *ret, struct err *err)
{
    enum { AFTER_OCCASION = OCCASION_WIDTH, AFTER_FEEDBACK = AFTER_OCCASION + 6 };
    struct feedback_list list = {0};
    enum rc rc = RC_OK;
    while (db_step(q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        struct feedback_row *row = &list.v[list.n++];
        row_occasion(q, 0, &row->occasion);
        row->feedback = row_feedback(q, AFTER_OCCASION, row->occasion.id);
        row->client_name = col_text(q, AFTER_FEEDBACK);
        row->trip_title = col_text(q, AFTER_FEEDBACK + 1);
        row->manager = col_text(q, AFTER_FEEDBACK + 2);
    }
    if (rc != RC_OK)
        feedback_list_fini(&list);
    else
        *ret = list;
    return rc;
}

enum rc store_feedback_alike(struct store *store, int64_t trip_id, const struct feedback *f,
                             struct feedback_list *ret, struct err *err)
{
    struct query q = db_query(store, SQL_FEEDBACK_ALIKE);
    bind_int(&q, trip_id);
    bind_grade(&q, f->csat);
    bind_grade(&q, f->nps);
    bind_text(&q, f->external_id);
    return feedback_rows(&q, ret, err);
}

enum rc store_feedback_list(struct store *store, const struct feedback_query *query,
                            struct feedback_list *ret, struct err *err)
{
    struct query q = db_query(store, SQL_FEEDBACK_LIST);
    bind_day(&q, query->from);
    bind_until(&q, query->to);
    bind_id(&q, query->manager_id);
    bind_int(&q, query->unhappy_only);
    return feedback_rows(&q, ret, err);
}

void feedback_list_fini(struct feedback_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        struct feedback_row *row = &list->v[i];
        occasion_fini(&row->occasion);
        feedback_fini(&row->feedback);
        free(row->client_name);
        free(row->trip_title);
        free(row->manager);
    }
    free(list->v);
    *list = (struct feedback_list){0};
}

enum rc store_trips_returned(struct store *store, const struct feedback_query *query,
                             int64_t *ret_returned, int64_t *ret_answered, struct err *err)
{
    struct query q = db_query(store, SQL_TRIPS_RETURNED);
    bind_day(&q, query->from);
    bind_until(&q, query->to);
    bind_id(&q, query->manager_id);
    enum rc rc = RC_OK;
    if (db_step(&q, &rc, err) != STEP_ROW)
        return rc;
    *ret_returned = col_int(&q, 0);
    *ret_answered = col_int(&q, 1);
    db_end(&q);
    return RC_OK;
}
