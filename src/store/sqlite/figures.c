/* The figures of a period, counted by the database: each statement gives a row a person. Serves
 * pps report --summary. */
#include <stdlib.h>

#include <pps/store_figures.h>
#include <pps/store_lost.h>
#include <pps/str.h>

#include "db.h"

enum { YEAR = 365, MOST_FIGURES = 7 };

/* What $1 and $2 of a statement are. */
enum bounds { OF_DAYS, OF_DAYS_A_YEAR_AGO, OF_INSTANTS, OF_NOTHING, OF_TODAY };

struct part {
    enum sql sql;
    enum bounds bounds;
    enum figure figures[MOST_FIGURES]; /* of the columns after the person's */
    int n;
};

static const struct part of_period[] = {
    {SQL_FIGURES_SALES, OF_DAYS, {FIGURE_SALES, FIGURE_SALES_AGAIN}, 2},
    {SQL_FIGURES_RETURNED, OF_DAYS, {FIGURE_RETURNED, FIGURE_RETURNED_ANSWERED}, 2},
    {SQL_FIGURES_ANSWERS, OF_DAYS,
     {FIGURE_ANSWERS, FIGURE_UNHAPPY, FIGURE_CSAT, FIGURE_CSAT_SUM, FIGURE_NPS, FIGURE_PROMOTERS,
      FIGURE_DETRACTORS}, 7},
    {SQL_FIGURES_SENT, OF_INSTANTS, {FIGURE_EMAIL_SENT, FIGURE_SMS_SENT}, 2},
    {SQL_FIGURES_UNSENT, OF_DAYS,
     {FIGURE_EMAIL_FAILED, FIGURE_EMAIL_MISSED, FIGURE_EMAIL_IN_DOUBT, FIGURE_SMS_FAILED, FIGURE_SMS_MISSED,
      FIGURE_SMS_IN_DOUBT}, 6},
    {SQL_FIGURES_REFERRALS, OF_INSTANTS, {FIGURE_REFERRALS}, 1},
    {SQL_FIGURES_YEAR_AFTER, OF_DAYS_A_YEAR_AGO, {FIGURE_YEAR_AFTER, FIGURE_GONE}, 2},
    {SQL_FIGURES_OPENED, OF_DAYS, {FIGURE_COMPLAINTS}, 1},
    {SQL_FIGURES_SOLVED, OF_DAYS, {FIGURE_SOLVED, FIGURE_DAYS_TO_SOLVE}, 2},
};
static const struct part of_now[] = {
    {SQL_FIGURES_REWARDS, OF_NOTHING, {FIGURE_REWARDS_OWED}, 1},
    {SQL_FIGURES_UNSOLVED, OF_TODAY, {FIGURE_COMPLAINTS_OPEN, FIGURE_COMPLAINTS_LATE}, 2},
};

/* "Until the 10th" is "before the 11th", because many of the dates carry hours. */
static void bind_days(struct query *q, const struct figures_query *query, civil_day back)
{
    bind_day(q, query->from < back ? CIVIL_MIN : query->from - back);
    bind_day(q, query->to + 1 < back ? CIVIL_MIN : query->to + 1 - back);
}

static void bind_bounds(struct query *q, const struct figures_query *query, enum bounds bounds)
{
    if (bounds == OF_DAYS || bounds == OF_DAYS_A_YEAR_AGO) {
        bind_days(q, query, bounds == OF_DAYS ? 0 : YEAR);
    } else if (bounds == OF_INSTANTS) {
        bind_int(q, query->from_at);
        bind_int(q, query->to_at);
    } else if (bounds == OF_TODAY) {
        bind_day(q, query->from);
    }
}

static enum rc count(struct store *store, const struct part *parts, size_t n,
                     const struct figures_query *query, struct staff_tallies *io, struct err *err)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < n && rc == RC_OK; i++) {
        struct query q = db_query(store, parts[i].sql);
        bind_bounds(&q, query, parts[i].bounds);
        while (db_step(&q, &rc, err) == STEP_ROW) {
            struct tally *t = tally_of(io, col_int(&q, 0));
            for (int k = 0; k < parts[i].n; k++)
                t->n[parts[i].figures[k]] += col_int(&q, k + 1);
        }
    }
    return rc;
}

enum rc store_figures(struct store *store, const struct figures_query *query,
                      struct staff_tallies *io, struct err *err)
{
    return count(store, of_period, sizeof of_period / sizeof *of_period, query, io, err);
}

enum rc store_figures_now(struct store *store, civil_day today, struct staff_tallies *io,
                          struct err *err)
{
    const struct figures_query query = {.from = today};
    return count(store, of_now, sizeof of_now / sizeof *of_now, &query, io, err);
}

/* ---- people's work ---- */

static struct work_row read_work(const struct query *q)
{
    struct work_row row = {.staff_id = col_int(q, 0)};
    struct action *a = &row.action;
    (void)channel_from_name(col_word(q, 1), &a->channel);
    (void)state_from_name(col_word(q, 2), &a->state);
    (void)cause_from_name(col_word(q, 3), &a->cause);
    a->local_due = col_civil(q, 4);
    a->expires_at = col_int(q, 5);
    a->fallback_at = col_int(q, 6);
    a->anchor_at = col_civil(q, 7);
    a->moved_to = col_civil(q, 8);
    a->done_at = col_int(q, 9);
    a->kind = row_kind(q, 10);
    a->was_due_at = col_int(q, 11);
    a->due_at = col_int(q, 12);
    return row;
}

enum rc store_work_due(struct store *store, const struct figures_query *query,
                       struct work_rows *ret, struct err *err)
{
    struct work_rows rows = {0};
    struct query q = db_query(store, SQL_WORK_DUE);
    bind_days(&q, query, 0);
    bind_text(&q, LOST_BY_MISTAKE);
    enum rc rc = RC_OK;
    while (db_step(&q, &rc, err) == STEP_ROW) {
        vec_reserve(&rows.v, rows.n, &rows.cap, sizeof *rows.v);
        rows.v[rows.n++] = read_work(&q);
    }
    if (rc != RC_OK)
        work_rows_fini(&rows);
    else
        *ret = rows;
    return rc;
}

void work_rows_fini(struct work_rows *rows)
{
    free(rows->v);
    *rows = (struct work_rows){0};
}

enum rc store_first_entry(struct store *store, int64_t *ret, struct err *err)
{
    struct query q = db_query(store, SQL_FIRST_ENTRY);
    enum rc rc = db_one_int(&q, ret, err);
    if (rc != RC_NOTFOUND)
        return rc;
    *ret = 0;
    return RC_OK;
}
