/* The lists of pps lost: who was lost, when, why, by whom and what became of it; and the figures that a director wants. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/views.h>

#include "lost_show.h"

/* ---- the list ---- */

static void list_json(struct app *app, const struct lost_list *list)
{
    struct json *root = view_document("lost", 1);
    struct json *rows = json_add_array(root, "rows");
    for (size_t i = 0; i < list->n; i++) {
        const struct lost_row *row = &list->v[i];
        char learned[CIVIL_TEXT_BYTES];
        civil_format_day(row->learned.day, learned);
        struct json *v = json_add_object(rows, NULL);
        view_occasion_id(v, "id", KIND_LOST, row->lost.occasion_id);
        view_id(v, "client", 'C', row->client_id);
        json_add_string(v, "client_name", row->client_name);
        json_add_string(v, "learned", learned);
        json_add_string(v, "destination", row->title);
        json_add_string(v, "reason", row->lost.reason);
        json_add_string(v, "words", row->lost.words);
        json_add_string(v, "lost_by", row->lost_by);
        json_add_string(v, "outcome", lost_outcome_name(row));
        view_id(v, "trip", 'T', row->lost.trip_id);
    }
    show_json(app, root);
}

void show_lost_list(struct app *app, const struct lost_list *list)
{
    static const char *const titles[] = {"id",     "heard of", "client",  "",
                                         "reason", "words",    "lost by", "what became of it"};
    static const size_t widths[] = {0, 0, 0, 30, 0, 30, 0, 0};
    if (app->json) {
        list_json(app, list);
        return;
    }
    if (list->n == 0) {
        say(app, "no lost sale\n");
        return;
    }
    struct table *table = table_new(titles, widths, 8);
    for (size_t i = 0; i < list->n; i++) {
        const struct lost_row *row = &list->v[i];
        char learned[CIVIL_TEXT_BYTES], *became = lost_outcome_words(row);
        civil_format_people(row->learned.day, learned);
        bool won = str_eq(lost_outcome_name(row), "won");
        table_row(table, won ? STYLE_GREEN : STYLE_PLAIN);
        table_cellf(table, "L%lld", (long long)row->lost.occasion_id);
        table_cell(table, learned);
        table_cellf(table, "C%lld", (long long)row->client_id);
        table_cell(table, row->client_name);
        table_cell(table, row->lost.reason);
        table_cell(table, row->lost.words);
        table_cell(table, str_or(row->lost_by, "nobody"));
        table_cell(table, became);
        free(became);
    }
    if (!app->quiet)
        table_print(table, app->out, app->colour);
    table_free(table);
}

/* ---- the figures ---- */

static void reasons_json(struct json *parent, const struct lost_tally *t)
{
    struct json *list = json_add_array(parent, "reasons");
    for (size_t i = 0; i < t->n_reasons; i++) {
        struct json *v = json_add_object(list, NULL);
        json_add_string(v, "reason", t->reasons[i].reason);
        json_add_int(v, "lost", t->reasons[i].lost);
        json_add_int(v, "came_back", t->reasons[i].came_back);
    }
}

static void tally_json(struct json *v, const struct lost_tally *t)
{
    json_add_int(v, "lost", t->lost);
    json_add_int(v, "came_back", t->came_back);
    json_add_int(v, "said", t->said);
    json_add_int(v, "unreached", t->unreached);
    if (t->lost > 0)
        json_add_int(v, "percent", lost_percent(t));
    else
        json_add_null(v, "percent");
    reasons_json(v, t);
}

static void figures_json(struct app *app, const struct lost_figures *f)
{
    struct json *root = view_document("lost", 1);
    tally_json(root, &f->all);
    struct json *people = json_add_array(root, "managers");
    for (size_t i = 0; i < f->n_people; i++) {
        struct json *v = json_add_object(people, NULL);
        json_add_string(v, "manager", f->people[i].login);
        tally_json(v, &f->people[i]);
    }
    show_json(app, root);
}

static void reasons_table(struct app *app, const struct lost_tally *t)
{
    static const char *const titles[] = {"reason", "lost", "came back"};
    struct table *table = table_new(titles, NULL, 3);
    for (size_t i = 0; i < t->n_reasons; i++) {
        table_row(table, STYLE_PLAIN);
        table_cell(table, t->reasons[i].reason);
        table_cellf(table, "%lld", (long long)t->reasons[i].lost);
        table_cellf(table, "%lld", (long long)t->reasons[i].came_back);
    }
    table_print(table, app->out, app->colour);
    table_free(table);
}

static char *reasons_line(const struct lost_tally *t)
{
    struct sb sb = {0};
    for (size_t i = 0; i < t->n_reasons; i++)
        sb_addf(&sb, "%s%s %lld", i ? ", " : "", t->reasons[i].reason,
                (long long)t->reasons[i].lost);
    return sb_take(&sb);
}

static void people_table(struct app *app, const struct lost_figures *f)
{
    static const char *const titles[] = {"lost by", "lost", "came back", "why"};
    struct table *table = table_new(titles, NULL, 4);
    for (size_t i = 0; i < f->n_people; i++) {
        char *why = reasons_line(&f->people[i]);
        table_row(table, STYLE_PLAIN);
        table_cell(table, str_or(f->people[i].login, "nobody"));
        table_cellf(table, "%lld", (long long)f->people[i].lost);
        table_cellf(table, "%lld", (long long)f->people[i].came_back);
        table_cell(table, why);
        free(why);
    }
    table_print(table, app->out, app->colour);
    table_free(table);
}

void show_lost_figures(struct app *app, const struct lost_list *list)
{
    struct lost_figures f;
    lost_figures_of(list, &f);
    if (app->json) {
        figures_json(app, &f);
    } else if (list->n == 0) {
        say(app, "no lost sale\n");
    } else if (!app->quiet) {
        reasons_table(app, &f.all);
        say(app, "\n");
        people_table(app, &f);
        say(app, "\ncame back: %lld of %lld, %d %%\n", (long long)f.all.came_back,
            (long long)f.all.lost, lost_percent(&f.all));
        if (f.all.said > 0)
            say(app, "said they will buy: %lld\n", (long long)f.all.said);
        if (f.all.unreached > 0)
            say(app, "never reached: %lld\n", (long long)f.all.unreached);
    }
    lost_figures_fini(&f);
}
