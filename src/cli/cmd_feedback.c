/* pps feedback: what clients tell us of their trips: one answer, the export of a survey service, and the list with its
 * averages. */
#include <stdlib.h>

#include <pps/feedback.h>
#include <pps/file.h>
#include <pps/store_feedback.h>
#include <pps/str.h>
#include <pps/utf8.h>
#include <pps/views.h>

#include "agenda.h"
#include "heard.h"

static const struct option options[] = {
    {"csat", "1-5", "add, edit: the grade"},
    {"nps", "0-10", "add, edit: would they recommend us?"},
    {"plus", "WORDS", "add, edit: what we should do to get five plus"},
    {"words", "TEXT", "add, edit: whatever else they said"},
    {"source", "WORD", "where it came from: phone (default), visit, survey, letter …"},
    {"at", "WHEN", "add, edit: when they answered (default: now)"},
    {"id", "NUMBER", "add: the survey service's number of the answer: it is not taken twice"},
    {"about-sale", NULL, "add: the trip has not begun, and the answer is about how it was sold"},
    {"map", "FIELD=HEADING,…", "import: which column holds what: \"csat=Оценка,nps=4\""},
    {"dry-run", NULL, "import: look, and change nothing"},
    {"skip-bad", NULL, "import: take the good lines although others are refused"},
    {"from", "DATE", "list: answers of this day or later"},
    {"to", "DATE", "list: answers of this day or before"},
    {"manager", "LOGIN", "list: about this manager's trips"},
    {"unhappy", NULL, "list: only those who are not happy"},
};

/* ---- add ---- */

static void show_added(struct app *app, const struct feedback_result *r)
{
    if (app->json) {
        struct json *root = occasion_document(app, "feedback", &r->file);
        follows_json(root, &r->follows);
        show_json(app, root);
        return;
    }
    char *line = occasion_line(&r->file.occasion);
    say(app, "%s, %s\n", line, r->file.client.name);
    free(line);
    show_heard(app, &r->file);
    show_follows(app, &r->follows);
}

/* What an answer can be entered with, and changed. */
#define ANSWER_OPTIONS "csat nps plus words source at"

static struct feedback_entry typed_answer(const struct args *args)
{
    return (struct feedback_entry){
        .csat = arg_value(args, "csat"),
        .nps = arg_value(args, "nps"),
        .plus = arg_value(args, "plus"),
        .words = arg_value(args, "words"),
        .source = arg_value(args, "source"),
        .at = arg_value(args, "at"),
        .external_id = arg_value(args, "id"),
        .about_sale = arg_given(args, "about-sale"),
    };
}

static enum rc add(struct app *app, const struct args *args, struct err *err)
{
    const struct feedback_entry entry = typed_answer(args);
    struct feedback_result result;
    enum rc rc = check_options(args, "pps feedback add", ANSWER_OPTIONS " id about-sale", err);
    if (rc == RC_OK && args->n_words != 2)
        rc = err_set(err, RC_USAGE, "usage: pps feedback add CLIENT|TRIP --csat 1-5 --nps 0-10 …");
    if (rc == RC_OK)
        rc = app_check_templates(app, err);
    if (rc == RC_OK)
        rc = app_open_store(app, STORE_WRITE, err);
    if (rc == RC_OK)
        rc = service_feedback_add(&app->desk, args->words[1], &entry, &result, err);
    if (rc != RC_OK)
        return rc;
    show_added(app, &result);
    feedback_result_fini(&result);
    return RC_OK;
}

static enum rc edit(struct app *app, const struct args *args, struct err *err)
{
    const struct feedback_entry entry = typed_answer(args);
    struct feedback_result result;
    int64_t id;
    size_t given = 0;
    for (size_t i = 0; i < args->n_options; i++)
        given += args->values[i] != NULL;
    enum rc rc = check_options(args, "pps feedback edit", ANSWER_OPTIONS, err);
    if (rc == RC_OK && (args->n_words != 2 || given == 0))
        rc = err_set(err, RC_USAGE,
                     "usage: pps feedback edit CLIENT|F36 [--csat 1-5] [--nps 0-10] "
                     "[--words TEXT] …");
    if (rc == RC_OK)
        rc = app_check_templates(app, err);
    if (rc == RC_OK)
        rc = app_open_store(app, STORE_WRITE, err);
    if (rc == RC_OK)
        rc = lookup_kind(&app->desk, KIND_FEEDBACK, args->words[1], &id, err);
    if (rc == RC_OK)
        rc = service_feedback_edit(&app->desk, id, &entry, &result, err);
    if (rc != RC_OK)
        return rc;
    show_added(app, &result);
    feedback_result_fini(&result);
    return RC_OK;
}

/* ---- import ---- */

static const char *const fates[] = {
    [IMPORT_TAKEN] = "taken",
    [IMPORT_THERE] = "there already",
    [IMPORT_REFUSED] = "refused",
};

static const char *fate_of(const struct import_result *r, const struct import_line *l)
{
    return l->fate == IMPORT_TAKEN && !r->written ? "good" : fates[l->fate];
}

static void import_json(struct app *app, const struct import_result *r)
{
    struct json *root = view_document("feedback", 1);
    struct json *lines = json_add_array(root, "lines");
    for (size_t i = 0; i < r->n; i++) {
        const struct import_line *l = &r->v[i];
        struct json *o = json_add_object(lines, NULL);
        json_add_int(o, "line", (int64_t)l->line);
        json_add_string(o, "result", l->fate == IMPORT_THERE ? "there" : fates[l->fate]);
        view_id(o, "client", 'C', l->client_id);
        bool has_number = l->fate == IMPORT_THERE || r->written;
        view_id(o, "feedback", 'F', has_number ? l->occasion_id : 0);
        json_add_string(o, "why", l->why);
    }
    json_add_string(root, "columns", r->columns);
    json_add_string(root, "encoding", r->encoding);
    json_add_int(root, "taken", (int64_t)r->taken);
    json_add_int(root, "there", (int64_t)r->there);
    json_add_int(root, "refused", (int64_t)r->refused);
    json_add_int(root, "unhappy", (int64_t)r->unhappy);
    json_add_int(root, "promoters", (int64_t)r->promoters);
    json_add_bool(root, "written", r->written);
    show_json(app, root);
}

/* What was taken is shown only when asked for: a person looks for what was not. */
static void import_table(struct app *app, const struct import_result *r)
{
    static const char *const titles[] = {"line", "client", "", ""};
    struct table *table = table_new(titles, NULL, 4);
    for (size_t i = 0; i < r->n; i++) {
        const struct import_line *l = &r->v[i];
        if (l->fate == IMPORT_TAKEN && !app->verbose && !l->unhappy)
            continue;
        bool bad = l->fate == IMPORT_REFUSED;
        table_row(table, bad ? STYLE_RED : l->fate == IMPORT_THERE ? STYLE_DIM : STYLE_PLAIN);
        table_cellf(table, "%zu", l->line);
        if (l->client_id != 0)
            table_cellf(table, "C%lld %s", (long long)l->client_id, str_or(l->client, ""));
        else
            table_cell(table, NULL);
        table_cell(table, fate_of(r, l));
        if (bad)
            table_cell(table, l->why);
        else if (l->fate == IMPORT_THERE || r->written)
            table_cellf(table, "F%lld%s", (long long)l->occasion_id,
                        l->unhappy ? ": they are not happy" : "");
        else
            table_cell(table, l->unhappy ? "they are not happy" : NULL);
    }
    if (table_rows(table) > 0 && !app->quiet)
        table_print(table, app->out, app->colour);
    table_free(table);
}

static void import_sum(struct app *app, const struct import_result *r)
{
    say(app, "columns: %s (%s)\n", r->columns, r->encoding);
    say(app, "answers: %zu; %s: %zu, there already: %zu, refused: %zu\n", r->n,
        r->written ? "taken" : "good", r->taken, r->there, r->refused);
    if (r->unhappy > 0 || r->promoters > 0)
        say(app, "not happy: %zu, would recommend us: %zu\n", r->unhappy, r->promoters);
    if (r->written && r->taken > 0)
        say(app, "pps undo takes the import back\n");
}

static void show_import(struct app *app, const struct import_result *r, bool dry_run)
{
    if (app->json) {
        import_json(app, r);
    } else {
        import_table(app, r);
        import_sum(app, r);
        if (dry_run)
            say(app, "nothing was changed: this was a trial\n");
    }
    if (!r->written && r->refused > 0 && !dry_run)
        hint(app, "nothing was taken: mend what is refused, or take the rest with --skip-bad");
}

/* With --quiet the table is not there to say why the status is what it is. */
static void say_refused(const struct app *app, const struct import_result *r)
{
    const struct import_line *first = r->v;
    if (!app->quiet || app->json)
        return;
    while (first->fate != IMPORT_REFUSED)
        first++;
    char *why = utf8_printable(first->why, true);
    fprintf(stderr, "pps: %zu of %zu answers are refused, the first in line %zu: %s\n", r->refused,
            r->n, first->line, why);
    free(why);
}

static enum rc import(struct app *app, const struct args *args, struct err *err)
{
    enum { MAX_BYTES = 32 * 1024 * 1024, EX_DATAERR = 65 };
    const struct import_options opts = {
        .map = arg_value(args, "map"),
        .source = arg_value(args, "source"),
        .dry_run = arg_given(args, "dry-run"),
        .skip_bad = arg_given(args, "skip-bad"),
    };
    struct import_result result;
    char *bytes = NULL;
    size_t len = 0;
    enum rc rc = check_options(args, "pps feedback import", "map dry-run skip-bad source", err);
    if (rc == RC_OK && args->n_words != 2)
        rc = err_set(err, RC_USAGE, "usage: pps feedback import FILE.csv [--dry-run] …");
    if (rc == RC_OK)
        rc = app_check_templates(app, err);
    if (rc == RC_OK)
        rc = file_read_stream(args->words[1], MAX_BYTES, &bytes, &len, err);
    if (rc == RC_OK)
        rc = app_open_store(app, STORE_WRITE, err);
    if (rc == RC_OK)
        rc = service_feedback_import(&app->desk, bytes, len, args->words[1], &opts, &result, err);
    free(bytes);
    if (rc != RC_OK)
        return rc;
    show_import(app, &result, opts.dry_run);
    if (result.refused > 0 && !opts.skip_bad) {
        say_refused(app, &result);
        app->exit_status = EX_DATAERR;
    }
    import_result_fini(&result);
    return RC_OK;
}

/* ---- list ---- */

static struct tally figures_of(const struct feedback_list *list)
{
    struct tally t = {{0}};
    for (size_t i = 0; i < list->n; i++) {
        const struct feedback *f = &list->v[i].feedback;
        t.n[FIGURE_ANSWERS]++;
        t.n[FIGURE_CSAT] += f->csat != NO_GRADE;
        t.n[FIGURE_CSAT_SUM] += f->csat != NO_GRADE ? f->csat : 0;
        t.n[FIGURE_NPS] += f->nps != NO_GRADE;
        t.n[FIGURE_PROMOTERS] += f->nps >= 9;
        t.n[FIGURE_DETRACTORS] += f->nps != NO_GRADE && f->nps <= 6;
        t.n[FIGURE_UNHAPPY] += feedback_is_unhappy(f);
    }
    return t;
}

static void say_figures(struct app *app, const struct tally *t)
{
    const int64_t *n = t->n;
    int64_t nps, percent;
    say(app, "answers: %lld, not happy: %lld\n", (long long)n[FIGURE_ANSWERS],
        (long long)n[FIGURE_UNHAPPY]);
    if (n[FIGURE_CSAT] > 0) {
        long long tenths = (long long)rounded_ratio(10, n[FIGURE_CSAT_SUM], n[FIGURE_CSAT]);
        say(app, "CSAT: %lld.%lld on average of %lld\n", tenths / 10, tenths % 10,
            (long long)n[FIGURE_CSAT]);
    }
    if (tally_ratio(t, RATIO_NPS, &nps))
        say(app, "NPS: %lld (%lld of %lld would recommend us, %lld would not)\n", (long long)nps,
            (long long)n[FIGURE_PROMOTERS], (long long)n[FIGURE_NPS],
            (long long)n[FIGURE_DETRACTORS]);
    if (tally_ratio(t, RATIO_ANSWERED, &percent))
        say(app, "trips that returned: %lld, with an answer: %lld (%lld %%)\n",
            (long long)n[FIGURE_RETURNED], (long long)n[FIGURE_RETURNED_ANSWERED],
            (long long)percent);
}

static void list_table(struct app *app, const struct feedback_list *list)
{
    static const char *const titles[] = {"id",  "answered", "client",  "about",     "CSAT",
                                         "NPS", "source",   "manager", "five plus", "words"};
    static const size_t widths[] = {0, 0, 28, 26, 0, 0, 12, 16, 40, 60};
    struct table *table = table_new(titles, app->tty ? widths : NULL, 10);
    for (size_t i = 0; i < list->n; i++) {
        const struct feedback_row *row = &list->v[i];
        const struct feedback *f = &row->feedback;
        char at[PEOPLE_DATE_BYTES];
        people_moment(row->occasion.when[ANCHOR_ANSWERED], at);
        table_row(table, feedback_is_unhappy(f) ? STYLE_RED : STYLE_PLAIN);
        table_cellf(table, "F%lld", (long long)row->occasion.id);
        table_cell(table, at);
        table_cell(table, row->client_name);
        table_cellf(table, "T%lld %s", (long long)row->occasion.about_id,
                    str_or(row->trip_title, ""));
        const int grades[] = {f->csat, f->nps};
        for (int g = 0; g < 2; g++) {
            if (grades[g] != NO_GRADE)
                table_cellf(table, "%d", grades[g]);
            else
                table_cell(table, NULL);
        }
        table_cell(table, f->source);
        table_cell(table, row->manager);
        table_cell(table, f->plus);
        table_cell(table, f->words);
    }
    if (!app->quiet)
        table_print(table, app->out, app->colour);
    table_free(table);
}

static void list_json(struct app *app, const struct feedback_list *list, const struct tally *t)
{
    struct json *root = view_document("feedback", 1);
    struct json *rows = json_add_array(root, "feedback");
    for (size_t i = 0; i < list->n; i++) {
        const struct feedback_row *row = &list->v[i];
        struct json *o = view_occasion(rows, NULL, &row->occasion, row->manager, app->zone);
        json_add_string(o, "client_name", row->client_name);
        json_add_string(o, "destination", row->trip_title);
        feedback_json(o, &row->feedback);
    }
    json_add_int(root, "unhappy", t->n[FIGURE_UNHAPPY]);
    view_ratio(root, t, RATIO_CSAT);
    view_ratio(root, t, RATIO_NPS);
    json_add_int(root, "promoters", t->n[FIGURE_PROMOTERS]);
    json_add_int(root, "detractors", t->n[FIGURE_DETRACTORS]);
    json_add_int(root, "trips_returned", t->n[FIGURE_RETURNED]);
    json_add_int(root, "trips_answered", t->n[FIGURE_RETURNED_ANSWERED]);
    show_json(app, root);
}

static enum rc read_query(struct app *app, const struct args *args, struct feedback_query *ret,
                          struct err *err)
{
    *ret = (struct feedback_query){.unhappy_only = arg_given(args, "unhappy")};
    enum rc rc = agenda_manager(app, arg_value(args, "manager"), &ret->manager_id, err);
    if (rc == RC_OK)
        rc = arg_day(app, args, "from", &ret->from, err);
    return rc == RC_OK ? arg_day(app, args, "to", &ret->to, err) : rc;
}

/* The list, and what there is to count; trips that are still away do not count. */
static enum rc look_up(struct app *app, const struct args *args, struct feedback_list *ret,
                       struct tally *ret_figures, struct err *err)
{
    struct feedback_query query;
    enum rc rc = read_query(app, args, &query, err);
    if (rc == RC_OK)
        rc = store_feedback_list(app->store, &query, ret, err);
    if (rc != RC_OK)
        return rc;
    civil_day today = desk_today(&app->desk);
    *ret_figures = figures_of(ret);
    if (query.to == CIVIL_NONE || query.to > today)
        query.to = today;
    return store_trips_returned(app->store, &query, &ret_figures->n[FIGURE_RETURNED],
                                &ret_figures->n[FIGURE_RETURNED_ANSWERED], err);
}

static enum rc list(struct app *app, const struct args *args, struct err *err)
{
    struct feedback_list found = {0};
    struct tally figures;
    enum rc rc = check_options(args, "pps feedback list", "from to manager unhappy", err);
    if (rc == RC_OK && args->n_words != 1)
        rc = err_set(err, RC_USAGE, "usage: pps feedback list [--from DATE] [--to DATE] …");
    if (rc == RC_OK)
        rc = app_open_store(app, STORE_READ, err);
    if (rc == RC_OK)
        rc = look_up(app, args, &found, &figures, err);
    if (rc == RC_OK && app->json) {
        list_json(app, &found, &figures);
    } else if (rc == RC_OK) {
        if (found.n > 0)
            list_table(app, &found);
        say_figures(app, &figures);
    }
    feedback_list_fini(&found);
    return rc;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    const char *verb = args->words[0];
    if (str_eq(verb, "add"))
        return add(app, args, err);
    if (str_eq(verb, "edit"))
        return edit(app, args, err);
    if (str_eq(verb, "import"))
        return import(app, args, err);
    if (str_eq(verb, "list"))
        return list(app, args, err);
    return err_set(err, RC_USAGE,
                   "usage: pps feedback add, pps feedback edit, pps feedback import, pps feedback list");
}

const struct command cmd_feedback = {
    .name = "feedback",
    .group = "Listening",
    .summary = "what clients say of their trips, and what follows from it",
    .usage = "add CLIENT|TRIP --csat 1-5 --nps 0-10 … | edit CLIENT|F36 … | import FILE.csv … | list …",
    .details =
        "A client who is not happy (NPS up to 6, CSAT up to 3) is called by the end of the next "
        "working day, and selling\n"
        "letters stay away; whoever would recommend us (NPS 9 or 10) is asked to two days later, "
        "unless a letter that asks\n"
        "is near anyway. Several answers in a few days are thanked for once. An answer is about the trip that is "
        "named, else about the\n"
        "last one that had begun; one that has not begun needs --about-sale. import takes the export of "
        "a survey\n"
        "service, all of it or nothing; the same file twice changes nothing. The columns that it knows: docs/feedback.md.\n"
        "edit puts right what was mistyped (\"\" empties): what follows from the answer is then as "
        "if it had been entered so,\n"
        "but nothing goes twice. pps undo F36 takes back the last edit, and in the end the answer; "
        "pps undo after an import\n"
        "all of it.",
    .examples = "  pps feedback add T34 --csat 5 --nps 10 --plus \"встречать с цветами\"\n"
                "  pps feedback add Иванова --nps 4 --words \"шумный номер\" --at yesterday\n"
                "  pps feedback edit F36 --nps 9\n"
                "  pps feedback import answers.csv --dry-run\n"
                "  pps feedback import answers.csv --map \"csat=Как вам отель?,phone=3\"\n"
                "  pps feedback list --from 01.12.2026 --unhappy",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 2,
    .needs = NEEDS_CONFIG,
    .run = run,
};
