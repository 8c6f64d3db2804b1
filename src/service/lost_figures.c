/* What the lost sales come to: reasons counted, who lost what, and how many came back. Only a sale counts as a return: one
 * that was cancelled is none, nor is a promise; and who was never reached was not asked back. Reads nothing by itself; serves
 * pps lost --list and --reasons. */
#include <stdlib.h>
#include <string.h>

#include <pps/figures.h>
#include <pps/lost_sales.h>
#include <pps/str.h>

static bool came_back(const struct lost_row *row)
{
    return str_eq(row->lost.outcome, "won") && row->lost.trip_id != 0 && !row->trip_cancelled;
}

static bool said_so(const struct lost_row *row)
{
    return str_eq(row->lost.outcome, "won") && row->lost.trip_id == 0;
}

/* Nothing went, nobody called, and nothing of the series is left. */
static bool is_unreached(const struct lost_row *row)
{
    return row->lost.outcome == NULL && !row->runs && !row->reached;
}

const char *lost_outcome_name(const struct lost_row *row)
{
    if (str_eq(row->lost.outcome, "won"))
        return came_back(row) ? "won" : said_so(row) ? "said" : "cancelled";
    if (row->lost.outcome != NULL)
        return row->lost.outcome;
    if (row->runs)
        return "running";
    if (str_eq(row->talk, "reached") || str_eq(row->talk, "refused"))
        return row->talk;
    if (is_unreached(row))
        return "unreached";
    return row->waits ? "waiting" : "silent";
}

char *lost_outcome_words(const struct lost_row *row)
{
    const char *name = lost_outcome_name(row);
    if (str_eq(name, "won"))
        return xasprintf("came back with T%lld", (long long)row->lost.trip_id);
    if (str_eq(name, "cancelled"))
        return xasprintf("came back, and cancelled T%lld", (long long)row->lost.trip_id);
    return xstrdup(str_eq(name, "running")   ? "the series runs"
                   : str_eq(name, "reached") ? "somebody talked to them"
                   : str_eq(name, "refused") ? "they do not want to talk"
                   : str_eq(name, "waiting") ? "waiting for an answer"
                   : str_eq(name, "silent")  ? "no answer"
                   : str_eq(name, "said")    ? "said they will buy"
                   : str_eq(name, "unreached") ? "never reached"
                                             : name);
}

static int64_t *count_of(struct lost_tally *t, const char *reason, int64_t **ret_back)
{
    size_t i = 0;
    while (i < t->n_reasons && !str_eq(t->reasons[i].reason, reason))
        i++;
    if (i == t->n_reasons) {
        vec_reserve(&t->reasons, t->n_reasons, &t->cap, sizeof *t->reasons);
        t->reasons[t->n_reasons++] = (struct lost_count){.reason = reason};
    }
    *ret_back = &t->reasons[i].came_back;
    return &t->reasons[i].lost;
}

static void count(struct lost_tally *t, const struct lost_row *row)
{
    int64_t *back, *lost = count_of(t, row->lost.reason, &back);
    ++*lost;
    t->lost++;
    t->said += said_so(row);
    t->unreached += is_unreached(row);
    if (came_back(row)) {
        ++*back;
        t->came_back++;
    }
}

static struct lost_tally *person(struct lost_figures *f, const char *login)
{
    for (size_t i = 0; i < f->n_people; i++) {
        if (str_eq(f->people[i].login, login))
            return &f->people[i];
    }
    vec_reserve(&f->people, f->n_people, &f->cap, sizeof *f->people);
    f->people[f->n_people] = (struct lost_tally){.login = login};
    return &f->people[f->n_people++];
}

static int by_number(int64_t a, int64_t b, const char *x, const char *y)
{
    if (a != b)
        return a > b ? -1 : 1;
    return strcmp(str_or(x, ""), str_or(y, ""));
}

static int compare_counts(const void *a, const void *b)
{
    const struct lost_count *x = a, *y = b;
    return by_number(x->lost, y->lost, x->reason, y->reason);
}

static int compare_people(const void *a, const void *b)
{
    const struct lost_tally *x = a, *y = b;
    return by_number(x->lost, y->lost, x->login, y->login);
}

static void sort_reasons(struct lost_tally *t)
{
    if (t->n_reasons > 0)
        qsort(t->reasons, t->n_reasons, sizeof *t->reasons, compare_counts);
}

void lost_figures_of(const struct lost_list *list, struct lost_figures *ret)
{
    struct lost_figures f = {0};
    for (size_t i = 0; i < list->n; i++) {
        count(&f.all, &list->v[i]);
        count(person(&f, list->v[i].lost_by), &list->v[i]);
    }
    sort_reasons(&f.all);
    for (size_t i = 0; i < f.n_people; i++)
        sort_reasons(&f.people[i]);
    if (f.n_people > 0)
        qsort(f.people, f.n_people, sizeof *f.people, compare_people);
    *ret = f;
}

void lost_figures_fini(struct lost_figures *f)
{
    free(f->all.reasons);
    for (size_t i = 0; i < f->n_people; i++)
        free(f->people[i].reasons);
    free(f->people);
    *f = (struct lost_figures){0};
}

int lost_percent(const struct lost_tally *t)
{
    return t->lost == 0 ? -1 : (int)rounded_ratio(100, t->came_back, t->lost);
}
