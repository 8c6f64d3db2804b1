/* The figures of a period: which days they are of, and where each comes from. Most are counted by the database,
 * people's work by the rule of core/colour, lost sales by that of lost_figures.c. Serves pps report --summary. */
#include <stdlib.h>
#include <string.h>

#include <pps/agenda.h>
#include <pps/lost_sales.h>
#include <pps/store_figures.h>
#include <pps/str.h>
#include <pps/summary.h>

/* ---- which days ---- */

/* The last day of the calendar is left out, so that there is always a day after the period. */
static civil_day within(civil_day day)
{
    return day < CIVIL_MIN ? CIVIL_MIN : day >= CIVIL_MAX ? CIVIL_MAX - 1 : day;
}

static enum rc find_period(const struct desk *desk, const struct summary_query *query,
                           struct summary_period *ret, struct err *err)
{
    char from[CIVIL_TEXT_BYTES], to[CIVIL_TEXT_BYTES];
    civil_day today = within(desk_today(desk));
    civil_day last = query->to == CIVIL_NONE || query->to > today ? today : query->to;
    civil_day first = query->from != CIVIL_NONE ? query->from : within(last - SUMMARY_DAYS + 1);
    civil_format_people(first, from);
    if (first > today)
        return err_set(err, RC_INVALID, "--from: %s is still to come, there is nothing to count yet", from);
    civil_format_people(last, to);
    if (first > last)
        return err_set(err, RC_INVALID, "--from %s is after --to %s: exchange them", from, to);
    *ret = (struct summary_period){.from = first, .to = last};
    return RC_OK;
}

/* What was before anything was entered here is not "none", but not known. */
static enum rc find_before(const struct desk *desk, const struct summary_period *now,
                           struct summary_period *ret, bool *ret_has, struct err *err)
{
    civil_day days = now->to - now->from + 1;
    int64_t first = 0;
    enum rc rc = store_first_entry(desk->store, &first, err);
    *ret = (struct summary_period){.from = now->from - days, .to = now->from - 1};
    *ret_has = rc == RC_OK && ret->from >= CIVIL_MIN && first != 0 &&
               zone_to_local(desk->zone, first).day <= ret->from;
    return rc;
}

/* ---- gathering ---- */

static enum rc count_work(const struct desk *desk, const struct figures_query *days,
                          struct staff_tallies *io, struct err *err)
{
    const struct work_day day = work_day_of(desk, desk->zone);
    struct work_rows rows = {0};
    enum rc rc = store_work_due(desk->store, days, &rows, err);
    for (size_t i = 0; i < rows.n; i++) {
        const struct action *a = &rows.v[i].action;
        civil_day done = zone_to_local(desk->zone, a->done_at).day;
        tally_work(tally_of(io, rows.v[i].staff_id), a, done, &day);
    }
    work_rows_fini(&rows);
    return rc;
}

static int64_t id_of(const struct staff_list *staff, const char *login)
{
    for (size_t i = 0; i < staff->n; i++) {
        if (str_eq(staff->v[i].login, login))
            return staff->v[i].id;
    }
    return 0;
}

static enum rc count_lost(const struct desk *desk, const struct figures_query *days,
                          const struct staff_list *staff, struct staff_tallies *io, struct err *err)
{
    const struct lost_query query = {.from = days->from, .to = days->to};
    struct lost_list list = {0};
    enum rc rc = store_lost_list(desk->store, &query, &list, err);
    if (rc != RC_OK)
        return rc;
    struct lost_figures figures;
    lost_figures_of(&list, &figures);
    for (size_t i = 0; i < figures.n_people; i++) {
        struct tally *t = tally_of(io, id_of(staff, figures.people[i].login));
        t->n[FIGURE_LOST] += figures.people[i].lost;
        t->n[FIGURE_WON_BACK] += figures.people[i].came_back;
    }
    lost_figures_fini(&figures);
    lost_list_fini(&list);
    return RC_OK;
}

static enum rc gather(const struct desk *desk, const struct summary_period *period,
                      const struct staff_list *staff, struct staff_tallies *io, struct err *err)
{
    const struct figures_query days = {
        .from = period->from,
        .to = period->to,
        .from_at = zone_to_utc(desk->zone, (struct civil){period->from, 0}),
        .to_at = zone_to_utc(desk->zone, (struct civil){period->to + 1, 0}),
    };
    enum rc rc = store_figures(desk->store, &days, io, err);
    if (rc == RC_OK)
        rc = count_work(desk, &days, io, err);
    return rc == RC_OK ? count_lost(desk, &days, staff, io, err) : rc;
}

/* ---- what is shown ---- */

static struct tally sum_of(const struct staff_tallies *all, int64_t manager_id)
{
    struct tally sum = {{0}};
    for (size_t i = 0; i < all->n; i++) {
        if (manager_id == 0 || all->v[i].staff_id == manager_id)
            tally_add(&sum, &all->v[i].tally);
    }
    return sum;
}

static int compare_people(const void *a, const void *b)
{
    const struct summary_person *x = a, *y = b;
    if (x->login == NULL || y->login == NULL)
        return (x->login == NULL) - (y->login == NULL);
    return strcmp(x->login, y->login);
}

static void name_people(struct summary *s, const struct staff_tallies *all,
                        const struct staff_list *staff)
{
    for (size_t i = 0; i < all->n; i++) {
        const char *login = NULL;
        for (size_t k = 0; k < staff->n; k++) {
            if (staff->v[k].id == all->v[i].staff_id)
                login = staff->v[k].login;
        }
        if (tally_is_empty(&all->v[i].tally))
            continue;
        vec_reserve(&s->people, s->n, &s->cap, sizeof *s->people);
        s->people[s->n++] = (struct summary_person){.login = xstrdup(login), .tally = all->v[i].tally};
    }
    if (s->n > 0)
        qsort(s->people, s->n, sizeof *s->people, compare_people);
}

static enum rc fill(const struct desk *desk, const struct summary_query *query,
                    const struct staff_list *staff, struct summary *s, struct err *err)
{
    struct staff_tallies now = {0}, before = {0};
    enum rc rc = gather(desk, &s->now, staff, &now, err);
    if (rc == RC_OK)
        rc = store_figures_now(desk->store, desk_today(desk), &now, err);
    if (rc == RC_OK && s->has_before)
        rc = gather(desk, &s->before, staff, &before, err);
    if (rc == RC_OK) {
        s->now.tally = sum_of(&now, query->manager_id);
        s->before.tally = sum_of(&before, query->manager_id);
        if (query->manager_id == 0)
            name_people(s, &now, staff);
    }
    staff_tallies_fini(&now);
    staff_tallies_fini(&before);
    return rc;
}

enum rc service_summary(const struct desk *desk, const struct summary_query *query,
                        struct summary *ret, struct err *err)
{
    struct summary s = {0};
    struct staff_list staff = {0};
    enum rc rc = find_period(desk, query, &s.now, err);
    if (rc == RC_OK)
        rc = find_before(desk, &s.now, &s.before, &s.has_before, err);
    if (rc == RC_OK)
        rc = store_staff_list(desk->store, &staff, err);
    if (rc == RC_OK)
        rc = fill(desk, query, &staff, &s, err);
    staff_list_fini(&staff);
    if (rc == RC_OK)
        *ret = s;
    else
        summary_fini(&s);
    return rc;
}

void summary_fini(struct summary *s)
{
    for (size_t i = 0; i < s->n; i++)
        free(s->people[i].login);
    free(s->people);
    *s = (struct summary){0};
}
