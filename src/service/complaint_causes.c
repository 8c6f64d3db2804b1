/* What complaints come from, counted: by month, quarter or year. Serves `pps complaint causes`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/complaint.h>
#include <pps/store_complaint.h>
#include <pps/str.h>

#include "internal.h"

static void name_period(enum complaint_span by, civil_day day, char buf[PERIOD_BYTES])
{
    struct ymd d = civil_to_ymd(day);
    buf[0] = '\0';
    if (by == SPAN_MONTH)
        (void)snprintf(buf, PERIOD_BYTES, "%04d-%02d", d.year, d.month);
    else if (by == SPAN_QUARTER)
        (void)snprintf(buf, PERIOD_BYTES, "%04d Q%d", d.year, (d.month + 2) / 3);
    else if (by == SPAN_YEAR)
        (void)snprintf(buf, PERIOD_BYTES, "%04d", d.year);
}

static struct cause_count *find(struct cause_counts *counts, const char *period, const char *cause)
{
    for (size_t i = 0; i < counts->n; i++) {
        if (str_eq(counts->v[i].period, period) && str_eq(counts->v[i].cause, cause))
            return &counts->v[i];
    }
    vec_reserve(&counts->v, counts->n, &counts->cap, sizeof *counts->v);
    struct cause_count *c = &counts->v[counts->n++];
    *c = (struct cause_count){.cause = xstrdup(cause)};
    memcpy(c->period, period, sizeof c->period);
    return c;
}

static void count(struct cause_counts *counts, enum complaint_span by,
                  const struct complaint_row *row)
{
    char period[PERIOD_BYTES] = "";
    name_period(by, row->occasion.when[ANCHOR_OPENED].day, period);
    struct cause_count *c = find(counts, period, row->complaint.cause);
    c->n++;
    c->open += row->occasion.when[ANCHOR_RESOLVED].day == CIVIL_NONE;
    c->solved += str_eq(row->complaint.outcome, "solved");
    c->compensated += str_eq(row->complaint.outcome, "compensated");
    c->rejected += str_eq(row->complaint.outcome, "rejected");
}

static int by_weight(const void *x, const void *y)
{
    const struct cause_count *a = x, *b = y;
    int period = strcmp(b->period, a->period);
    if (period != 0)
        return period;
    return a->n != b->n ? b->n - a->n : strcmp(str_or(a->cause, ""), str_or(b->cause, ""));
}

enum rc service_complaint_causes(const struct desk *desk, enum complaint_span by, civil_day from,
                                 civil_day to, struct cause_counts *ret, struct err *err)
{
    struct complaint_query query = {.from = from, .to = to};
    struct complaint_list list;
    struct cause_counts counts = {0};
    enum rc rc = store_complaint_list(desk->store, &query, &list, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < list.n; i++)
        count(&counts, by, &list.v[i]);
    complaint_list_fini(&list);
    if (counts.n > 0)
        qsort(counts.v, counts.n, sizeof *counts.v, by_weight);
    *ret = counts;
    return RC_OK;
}

void cause_counts_fini(struct cause_counts *counts)
{
    for (size_t i = 0; i < counts->n; i++)
        free(counts->v[i].cause);
    free(counts->v);
    *counts = (struct cause_counts){0};
}
