/* The figures of a period for whoever has ten seconds: first those that matter, beside the same of as many days before,
 * then a row a person, then the rest. What is not there is not said: a line without anything in it is left out. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/views.h>

#include "summary.h"

/* ---- cells: new strings, or NULL when there is nothing to say ---- */

static char *percent_of(const struct tally *t, enum ratio ratio, enum figure whole)
{
    int64_t percent;
    if (!tally_ratio(t, ratio, &percent))
        return NULL;
    return xasprintf("%lld %% of %lld", (long long)percent, (long long)t->n[whole]);
}

/* "2.3 on average of 12" */
static char *mean_of(const struct tally *t, enum figure part, enum figure whole)
{
    if (t->n[whole] == 0)
        return NULL;
    long long tenths = (long long)rounded_ratio(10, t->n[part], t->n[whole]);
    return xasprintf("%lld.%lld on average of %lld", tenths / 10, tenths % 10, (long long)t->n[whole]);
}

static char *count_of(const struct tally *t, enum figure figure)
{
    return t->n[figure] == 0 ? NULL : xasprintf("%lld", (long long)t->n[figure]);
}

/* Puts ", 3 refused" behind what is there, when there are any. */
static void also(struct sb *sb, int64_t n, const char *what)
{
    if (n != 0)
        sb_addf(sb, "%s%lld %s", sb->len > 0 ? ", " : "", (long long)n, what);
}

static char *on_time_cell(const struct tally *t)
{
    return percent_of(t, RATIO_ON_TIME, FIGURE_WORK);
}

static char *days_late_cell(const struct tally *t)
{
    return mean_of(t, FIGURE_DAYS_LATE, FIGURE_WORK_LATE);
}

static char *left_cell(const struct tally *t)
{
    return count_of(t, FIGURE_WORK_LEFT);
}

static char *saved_cell(const struct tally *t)
{
    return count_of(t, FIGURE_WORK_SAVED);
}

static char *nps_cell(const struct tally *t)
{
    int64_t nps;
    if (!tally_ratio(t, RATIO_NPS, &nps))
        return NULL;
    return xasprintf("%lld from %lld", (long long)nps, (long long)t->n[FIGURE_NPS]);
}

static char *csat_cell(const struct tally *t)
{
    return mean_of(t, FIGURE_CSAT_SUM, FIGURE_CSAT);
}

/* "12, 3 again (25 %)"; "12" when there were none of them. */
static char *part_of(const struct tally *t, enum figure whole, enum figure part, const char *what)
{
    long long n = t->n[part], of = t->n[whole];
    if (of == 0)
        return NULL;
    return n == 0 ? xasprintf("%lld", of)
                  : xasprintf("%lld, %lld %s (%lld %%)", of, n, what, (long long)rounded_ratio(100, n, of));
}

static char *sales_cell(const struct tally *t)
{
    return part_of(t, FIGURE_SALES, FIGURE_SALES_AGAIN, "again");
}

static char *answers_cell(const struct tally *t)
{
    struct sb sb = {0};
    if (t->n[FIGURE_ANSWERS] == 0)
        return NULL;
    sb_addf(&sb, "%lld", (long long)t->n[FIGURE_ANSWERS]);
    also(&sb, t->n[FIGURE_UNHAPPY], "not happy");
    return sb_take(&sb);
}

static char *answered_cell(const struct tally *t)
{
    return percent_of(t, RATIO_ANSWERED, FIGURE_RETURNED);
}

static char *sent_cell(const struct tally *t)
{
    struct sb sb = {0};
    also(&sb, t->n[FIGURE_EMAIL_SENT], t->n[FIGURE_EMAIL_SENT] == 1 ? "letter" : "letters");
    also(&sb, t->n[FIGURE_SMS_SENT], "SMS");
    return sb.len > 0 ? sb_take(&sb) : NULL;
}

static char *unsent_cell(const struct tally *t)
{
    struct sb sb = {0};
    also(&sb, t->n[FIGURE_EMAIL_FAILED] + t->n[FIGURE_SMS_FAILED], "refused");
    also(&sb, t->n[FIGURE_EMAIL_MISSED] + t->n[FIGURE_SMS_MISSED], "missed");
    return sb.len > 0 ? sb_take(&sb) : NULL;
}

static char *doubt_cell(const struct tally *t)
{
    int64_t n = t->n[FIGURE_EMAIL_IN_DOUBT] + t->n[FIGURE_SMS_IN_DOUBT];
    return n == 0 ? NULL : xasprintf("%lld", (long long)n);
}

static char *referrals_cell(const struct tally *t)
{
    struct sb sb = {0};
    also(&sb, t->n[FIGURE_REFERRALS], "new");
    also(&sb, t->n[FIGURE_REWARDS_OWED], "owed a reward now");
    return sb.len > 0 ? sb_take(&sb) : NULL;
}

static char *lost_cell(const struct tally *t)
{
    return part_of(t, FIGURE_LOST, FIGURE_WON_BACK, "came back");
}

static char *gone_cell(const struct tally *t)
{
    return percent_of(t, RATIO_GONE, FIGURE_YEAR_AFTER);
}

static char *complaints_cell(const struct tally *t)
{
    struct sb sb = {0};
    also(&sb, t->n[FIGURE_COMPLAINTS], "new");
    also(&sb, t->n[FIGURE_SOLVED], "solved");
    return sb.len > 0 ? sb_take(&sb) : NULL;
}

static char *solving_cell(const struct tally *t)
{
    return mean_of(t, FIGURE_DAYS_TO_SOLVE, FIGURE_SOLVED);
}

static char *unsolved_cell(const struct tally *t)
{
    struct sb sb = {0};
    also(&sb, t->n[FIGURE_COMPLAINTS_OPEN], "now");
    also(&sb, t->n[FIGURE_COMPLAINTS_LATE], "past the day");
    return sb.len > 0 ? sb_take(&sb) : NULL;
}

/* ---- tables ---- */

struct line {
    const char *title;
    char *(*cell)(const struct tally *tally);
};

static const struct line first[] = {
    {"done on time", on_time_cell}, {"days late", days_late_cell}, {"not done yet", left_cell},
    {"saved by SMS", saved_cell},   {"NPS", nps_cell},             {"CSAT", csat_cell},
    {"sales", sales_cell},
};
static const struct line rest[] = {
    {"answers", answers_cell},
    {"trips answered", answered_cell},
    {"sent", sent_cell},
    {"not delivered", unsent_cell},
    {"in doubt", doubt_cell},
    {"recommended", referrals_cell},
    {"lost sales", lost_cell},
    {"gone in a year", gone_cell},
    {"complaints", complaints_cell},
    {"days to solve", solving_cell},
    {"not solved", unsolved_cell},
};

static char *period_text(const struct summary_period *p)
{
    char from[CIVIL_TEXT_BYTES], to[CIVIL_TEXT_BYTES];
    civil_format_people(p->from, from);
    civil_format_people(p->to, to);
    return p->from == p->to ? xstrdup(from) : xasprintf("%s-%s", from, to);
}

/* Returns whether there was anything to print; `gap`: with an empty line before it. */
static bool lines_print(struct app *app, const struct summary *s, const char *whose,
                        const struct line *lines, size_t n, bool gap)
{
    char *now = period_text(&s->now), *before = s->has_before ? period_text(&s->before) : NULL;
    const char *const titles[] = {whose, now, str_or(before, "")};
    struct table *table = table_new(titles, NULL, 3);
    for (size_t i = 0; i < n; i++) {
        char *cells[] = {lines[i].cell(&s->now.tally),
                         s->has_before ? lines[i].cell(&s->before.tally) : NULL};
        if (cells[0] != NULL || cells[1] != NULL) {
            table_row(table, STYLE_PLAIN);
            table_cell(table, lines[i].title);
            table_cell(table, str_or(cells[0], "-"));
            table_cell(table, s->has_before ? str_or(cells[1], "-") : NULL);
        }
        free(cells[0]);
        free(cells[1]);
    }
    bool any = table_rows(table) > 0;
    if (any) {
        say(app, "%s", gap ? "\n" : "");
        table_print(table, app->out, app->colour);
    }
    table_free(table);
    free(now);
    free(before);
    return any;
}

static char *mean_late(const struct tally *t)
{
    if (t->n[FIGURE_WORK_LATE] == 0)
        return NULL;
    long long tenths = (long long)rounded_ratio(10, t->n[FIGURE_DAYS_LATE], t->n[FIGURE_WORK_LATE]);
    return xasprintf("%lld.%lld", tenths / 10, tenths % 10);
}

static char *nps_alone(const struct tally *t)
{
    int64_t nps;
    return tally_ratio(t, RATIO_NPS, &nps) ? xasprintf("%lld", (long long)nps) : NULL;
}

/* An empty cell where there is nothing: who had no answers has no NPS. No row for whom no column has anything to say:
 * nobody's complaint counts above and below, and nowhere here. */
static void person_row(struct table *table, const struct summary_person *p)
{
    const struct tally *t = &p->tally;
    char *cells[] = {
        on_time_cell(t),
        mean_late(t),
        count_of(t, FIGURE_WORK_LEFT),
        count_of(t, FIGURE_WORK_SAVED),
        nps_alone(t),
        count_of(t, FIGURE_SALES),
        count_of(t, FIGURE_SALES_AGAIN),
        count_of(t, FIGURE_REFERRALS),
        count_of(t, FIGURE_LOST),
    };
    const size_t n = sizeof cells / sizeof *cells;
    bool any = false;
    for (size_t i = 0; i < n; i++)
        any = any || cells[i] != NULL;
    if (any) {
        table_row(table, STYLE_PLAIN);
        table_cell(table, str_or(p->login, "(nobody)"));
    }
    for (size_t i = 0; i < n; i++) {
        if (any)
            table_cell(table, cells[i]);
        free(cells[i]);
    }
}

static bool people_print(struct app *app, const struct summary *s, bool gap)
{
    static const char *const titles[] = {"manager", "on time", "late", "left", "saved",
                                         "NPS",     "sales",   "again", "rec.", "lost"};
    struct table *table = table_new(titles, NULL, sizeof titles / sizeof *titles);
    for (size_t i = 0; i < s->n; i++)
        person_row(table, &s->people[i]);
    bool any = table_rows(table) > 1; /* one person's row would say the same once more */
    if (any) {
        say(app, "%s", gap ? "\n" : "");
        table_print(table, app->out, app->colour);
    }
    table_free(table);
    return any;
}

static void print(struct app *app, const struct summary *s, const char *manager)
{
    const char *whose = str_or(manager, "everybody");
    bool any = lines_print(app, s, whose, first, sizeof first / sizeof *first, false);
    any = people_print(app, s, any) || any;
    any = lines_print(app, s, whose, rest, sizeof rest / sizeof *rest, any) || any;
    if (!any) {
        char *period = period_text(&s->now);
        say(app, "%s: there is nothing to count yet%s%s\n", period, manager ? " of " : "",
            str_or(manager, ""));
        free(period);
    }
}

/* ---- JSON ---- */

static void tally_json(struct json *parent, const struct tally *t, bool of_now)
{
    struct json *o = json_add_object(parent, "figures");
    for (int i = 0; i < FIGURE_COUNT; i++) {
        if (figure_is_of_now((enum figure)i) && !of_now)
            json_add_null(o, figure_name((enum figure)i));
        else
            json_add_int(o, figure_name((enum figure)i), t->n[i]);
    }
    for (int i = 0; i < RATIO_COUNT; i++)
        view_ratio(o, t, (enum ratio)i);
}

static void period_json(struct json *root, const char *key, const struct summary_period *p, bool of_now)
{
    char from[CIVIL_TEXT_BYTES], to[CIVIL_TEXT_BYTES];
    struct json *o = json_add_object(root, key);
    civil_format_day(p->from, from);
    civil_format_day(p->to, to);
    json_add_string(o, "from", from);
    json_add_string(o, "to", to);
    tally_json(o, &p->tally, of_now);
}

static void add_json(struct json *root, const struct summary *s, const char *manager)
{
    json_add_string(root, "manager", manager);
    period_json(root, "period", &s->now, true);
    if (s->has_before)
        period_json(root, "before", &s->before, false);
    else
        json_add_null(root, "before");
    struct json *people = json_add_array(root, "managers");
    for (size_t i = 0; i < s->n; i++) {
        struct json *o = json_add_object(people, NULL);
        json_add_string(o, "manager", s->people[i].login);
        tally_json(o, &s->people[i].tally, true);
    }
}

enum rc summary_show(struct app *app, const struct summary_query *query, const char *manager,
                     struct json *root, struct err *err)
{
    struct summary s;
    enum rc rc = service_summary(&app->desk, query, &s, err);
    if (rc != RC_OK)
        return rc;
    if (app->json)
        add_json(root, &s, manager);
    else if (!app->quiet)
        print(app, &s, manager);
    summary_fini(&s);
    return RC_OK;
}
