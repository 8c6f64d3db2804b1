/* pps complaint: from the day on which one comes to the day on which it is solved, and what they come from. */
#include <stdlib.h>

#include <pps/complaint.h>
#include <pps/store_complaint.h>
#include <pps/str.h>
#include <pps/views.h>

#include "agenda.h"
#include "heard.h"

static const struct option options[] = {
    {"title", "WORDS", "add: what it is about, in a few words that the client reads in our letters"},
    {"words", "TEXT", "add: what they said; only we see it"},
    {"source", "WORD", "add: where it came from: phone (default), letter, visit, survey …"},
    {"promise", "DATE", "add, plan: by when it is to be solved"},
    {"manager", "LOGIN", "add: who is responsible; list: only this one's"},
    {"cause", "WORD", "resolve: what it came from, of the list in pps.json"},
    {"outcome", "WORD", "resolve: solved, compensated or rejected"},
    {"actions", "TEXT", "resolve: what was done about it, or, when rejected, what we found; the letter says so"},
    {"open", NULL, "list: only what is not settled"},
    {"from", "DATE", "list, causes: those that came on this day or later"},
    {"to", "DATE", "list, causes: those that came on this day or before"},
    {"by", "SPAN", "causes: month, quarter or year"},
};

/* ---- one ---- */

static bool is_open(const struct occasion *o)
{
    return o->when[ANCHOR_RESOLVED].day == CIVIL_NONE;
}

/* Until when everything else waits, when it does. */
static void say_asked(struct app *app, const struct complaint_result *r)
{
    const struct action *check = service_complaint_check(&r->file);
    char due[CIVIL_TEXT_BYTES];
    if (check == NULL)
        return;
    civil_format(check->local_due, due);
    say(app, "selling letters and greetings wait until they were asked: A%lld, %s %s\n",
        (long long)check->id, channel_word(check->channel), due);
}

/* What stands in the way of its being solved in time; the remedy with it. */
static void say_gaps(struct app *app, const struct complaint_result *r)
{
    const struct occasion *o = &r->file.occasion;
    long long id = (long long)o->id;
    if (!is_open(o)) {
        say_asked(app, r);
        return;
    }
    if (r->file.manager.id == 0 || !r->file.manager.active)
        say(app, "nobody is responsible yet: pps complaint assign P%lld LOGIN\n", id);
    char broken[PEOPLE_DATE_BYTES];
    people_moment(r->broken, broken);
    if (*broken)
        say(app, "the promised day, %s, has passed: pps complaint plan P%lld --promise DATE says "
                 "a new one\n", broken, id);
    else if (o->when[ANCHOR_PROMISED].day == CIVIL_NONE)
        say(app, "no day is promised yet: pps complaint plan P%lld --promise DATE\n", id);
}

static void show_result(struct app *app, const struct complaint_result *r)
{
    if (app->json) {
        struct json *root = occasion_document(app, "complaint", &r->file);
        follows_json(root, &r->follows);
        show_json(app, root);
        return;
    }
    char *line = occasion_line(&r->file.occasion);
    say(app, "%s, %s, manager %s\n", line, r->file.client.name,
        str_or(r->file.manager.login, "nobody"));
    free(line);
    show_heard(app, &r->file);
    show_follows(app, &r->follows);
    say_gaps(app, r);
}

/* Opens what every change needs; the caller has looked at the words. */
static enum rc open_for_change(struct app *app, struct err *err)
{
    enum rc rc = app_check_templates(app, err);
    return rc == RC_OK ? app_open_store(app, STORE_WRITE, err) : rc;
}

static enum rc check(const struct args *args, size_t n_words, const char *command,
                     const char *allowed, const char *usage, struct err *err)
{
    enum rc rc = check_options(args, command, allowed, err);
    if (rc == RC_OK && args->n_words != n_words)
        rc = err_set(err, RC_USAGE, "usage: %s %s", command, usage);
    return rc;
}

static enum rc add(struct app *app, const struct args *args, struct complaint_result *ret,
                   struct err *err)
{
    const struct complaint_entry entry = {
        .title = arg_value(args, "title"),
        .words = arg_value(args, "words"),
        .source = arg_value(args, "source"),
        .promise = arg_value(args, "promise"),
        .manager = arg_value(args, "manager"),
    };
    enum rc rc = check(args, 2, "pps complaint add", "title words source promise manager",
                       "CLIENT|TRIP --title WORDS …", err);
    if (rc == RC_OK)
        rc = open_for_change(app, err);
    return rc == RC_OK ? service_complaint_add(&app->desk, args->words[1], &entry, ret, err) : rc;
}

static enum rc assign(struct app *app, const struct args *args, struct complaint_result *ret,
                      struct err *err)
{
    enum rc rc = check(args, 3, "pps complaint assign", "", "P37 LOGIN", err);
    if (rc == RC_OK)
        rc = open_for_change(app, err);
    return rc == RC_OK
               ? service_complaint_assign(&app->desk, args->words[1], args->words[2], ret, err)
               : rc;
}

static enum rc plan(struct app *app, const struct args *args, struct complaint_result *ret,
                    struct err *err)
{
    const char *promise = arg_value(args, "promise");
    enum rc rc = check(args, 2, "pps complaint plan", "promise", "P37 --promise DATE", err);
    if (rc == RC_OK && promise == NULL)
        rc = err_set(err, RC_USAGE, "usage: pps complaint plan P37 --promise DATE");
    if (rc == RC_OK)
        rc = open_for_change(app, err);
    return rc == RC_OK ? service_complaint_plan(&app->desk, args->words[1], promise, ret, err) : rc;
}

static enum rc resolve(struct app *app, const struct args *args, struct complaint_result *ret,
                       struct err *err)
{
    const struct complaint_end end = {
        .cause = arg_value(args, "cause"),
        .outcome = arg_value(args, "outcome"),
        .actions = arg_value(args, "actions"),
    };
    enum rc rc = check(args, 2, "pps complaint resolve", "cause outcome actions",
                       "P37 --cause WORD --outcome solved|compensated|rejected --actions TEXT", err);
    if (rc == RC_OK)
        rc = open_for_change(app, err);
    return rc == RC_OK ? service_complaint_resolve(&app->desk, args->words[1], &end, ret, err) : rc;
}

static enum rc reopen(struct app *app, const struct args *args, struct complaint_result *ret,
                      struct err *err)
{
    enum rc rc = check(args, 2, "pps complaint reopen", "", "P37", err);
    if (rc == RC_OK)
        rc = open_for_change(app, err);
    return rc == RC_OK ? service_complaint_reopen(&app->desk, args->words[1], ret, err) : rc;
}

/* ---- list ---- */

/* Days past the promise; 0: in time, or settled. */
static int days_over(const struct app *app, const struct occasion *o)
{
    civil_day promised = o->when[ANCHOR_PROMISED].day, today = desk_today(&app->desk);
    return is_open(o) && promised != CIVIL_NONE && promised < today ? (int)(today - promised) : 0;
}

static bool is_red(const struct app *app, const struct complaint_row *row)
{
    return is_open(&row->occasion) && (row->manager == NULL || days_over(app, &row->occasion) > 0);
}

static void cell_state(struct app *app, struct table *table, const struct complaint_row *row)
{
    const struct occasion *o = &row->occasion;
    char at[PEOPLE_DATE_BYTES];
    int over = days_over(app, o);
    people_moment((struct civil){o->when[ANCHOR_RESOLVED].day, MINUTE_NONE}, at);
    if (!is_open(o))
        table_cellf(table, "%s %s", str_or(row->complaint.outcome, "settled"), at);
    else if (over > 0)
        table_cellf(table, "overdue, %d d", over);
    else
        table_cell(table, "open");
}

static void list_table(struct app *app, const struct complaint_list *list)
{
    static const char *const titles[] = {"id",      "came",    "client", "about", "complaint",
                                         "manager", "promise", "state",  "cause"};
    static const size_t widths[] = {0, 0, 28, 26, 40, 16, 0, 0, 20};
    struct table *table = table_new(titles, app->tty ? widths : NULL, 9);
    for (size_t i = 0; i < list->n; i++) {
        const struct complaint_row *row = &list->v[i];
        const struct occasion *o = &row->occasion;
        char came[PEOPLE_DATE_BYTES], promised[PEOPLE_DATE_BYTES];
        people_moment((struct civil){o->when[ANCHOR_OPENED].day, MINUTE_NONE}, came);
        people_moment(o->when[ANCHOR_PROMISED], promised);
        table_row(table, is_red(app, row) ? STYLE_RED : is_open(o) ? STYLE_PLAIN : STYLE_DIM);
        table_cellf(table, "P%lld", (long long)o->id);
        table_cell(table, came);
        table_cell(table, row->client_name);
        if (o->about_id != 0)
            table_cellf(table, "T%lld %s", (long long)o->about_id, str_or(row->trip_title, ""));
        else
            table_cell(table, NULL);
        table_cell(table, o->title);
        table_cell(table, row->manager ? row->manager : is_open(o) ? "(nobody)" : NULL);
        table_cell(table, *promised || !is_open(o) ? promised : "(none)");
        cell_state(app, table, row);
        table_cell(table, row->complaint.cause);
    }
    if (!app->quiet)
        table_print(table, app->out, app->colour);
    table_free(table);
}

struct sums {
    int open, overdue, settled;
    int64_t days; /* that it took, of all that are settled */
};

static struct sums sum(const struct app *app, const struct complaint_list *list)
{
    struct sums s = {0};
    for (size_t i = 0; i < list->n; i++) {
        const struct occasion *o = &list->v[i].occasion;
        s.open += is_open(o);
        s.overdue += days_over(app, o) > 0;
        if (!is_open(o)) {
            s.settled++;
            s.days += o->when[ANCHOR_RESOLVED].day - o->when[ANCHOR_OPENED].day;
        }
    }
    return s;
}

static void say_sums(struct app *app, const struct sums *s, size_t n)
{
    say(app, "complaints: %zu, open: %d, overdue: %d, settled: %d", n, s->open, s->overdue,
        s->settled);
    if (s->settled > 0) {
        int64_t tenths = (10 * s->days + s->settled / 2) / s->settled;
        say(app, " in %lld.%lld days on average", (long long)(tenths / 10),
            (long long)(tenths % 10));
    }
    say(app, "\n");
}

static void list_json(struct app *app, const struct complaint_list *list, const struct sums *s)
{
    struct json *root = view_document("complaint", 1);
    struct json *rows = json_add_array(root, "complaints");
    for (size_t i = 0; i < list->n; i++) {
        const struct complaint_row *row = &list->v[i];
        struct json *o = view_occasion(rows, NULL, &row->occasion, row->manager, app->zone);
        json_add_string(o, "client_name", row->client_name);
        json_add_string(o, "destination", row->trip_title);
        complaint_json(o, &row->complaint);
        json_add_bool(o, "open", is_open(&row->occasion));
        json_add_int(o, "days_over", days_over(app, &row->occasion));
        json_add_bool(o, "red", is_red(app, row));
    }
    json_add_int(root, "open", s->open);
    json_add_int(root, "overdue", s->overdue);
    json_add_int(root, "settled", s->settled);
    json_add_int(root, "days_to_settle", s->days);
    show_json(app, root);
}

static enum rc read_span(struct app *app, const struct args *args, civil_day *from, civil_day *to,
                         struct err *err)
{
    enum rc rc = arg_day(app, args, "from", from, err);
    return rc == RC_OK ? arg_day(app, args, "to", to, err) : rc;
}

static enum rc list(struct app *app, const struct args *args, struct err *err)
{
    struct complaint_query query = {.open_only = arg_given(args, "open")};
    struct complaint_list found;
    enum rc rc = check(args, 1, "pps complaint list", "open from to manager",
                       "[--open] [--from DATE] [--to DATE] [--manager LOGIN]", err);
    if (rc == RC_OK)
        rc = app_open_store(app, STORE_READ, err);
    if (rc == RC_OK)
        rc = agenda_manager(app, arg_value(args, "manager"), &query.manager_id, err);
    if (rc == RC_OK)
        rc = read_span(app, args, &query.from, &query.to, err);
    if (rc == RC_OK)
        rc = store_complaint_list(app->store, &query, &found, err);
    if (rc != RC_OK)
        return rc;
    const struct sums s = sum(app, &found);
    if (app->json) {
        list_json(app, &found, &s);
    } else {
        if (found.n > 0)
            list_table(app, &found);
        say_sums(app, &s, found.n);
    }
    complaint_list_fini(&found);
    return RC_OK;
}

/* ---- causes ---- */

static enum rc read_by(const struct args *args, enum complaint_span *ret, struct err *err)
{
    static const char *const names[] = {"", "month", "quarter", "year"};
    const char *text = arg_value(args, "by");
    *ret = SPAN_ALL;
    for (int i = SPAN_MONTH; i <= SPAN_YEAR && text != NULL; i++) {
        if (str_eq(text, names[i]))
            *ret = (enum complaint_span)i;
    }
    return text == NULL || *ret != SPAN_ALL
               ? RC_OK
               : err_set(err, RC_USAGE, "--by: it is month, quarter or year");
}

static void causes_table(struct app *app, const struct cause_counts *counts)
{
    static const char *const titles[] = {"when",   "cause",       "complaints", "open",
                                         "solved", "compensated", "rejected"};
    struct table *table = table_new(titles, NULL, 7);
    for (size_t i = 0; i < counts->n; i++) {
        const struct cause_count *c = &counts->v[i];
        const int numbers[] = {c->n, c->open, c->solved, c->compensated, c->rejected};
        table_row(table, STYLE_PLAIN);
        table_cell(table, c->period);
        table_cell(table, str_or(c->cause, "(not known yet)"));
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
            if (numbers[k] > 0)
                table_cellf(table, "%d", numbers[k]);
            else
                table_cell(table, NULL);
        }
    }
    if (counts->n == 0)
        say(app, "no complaints\n");
    else if (!app->quiet)
        table_print(table, app->out, app->colour);
    table_free(table);
}

static void causes_json(struct app *app, const struct cause_counts *counts)
{
    struct json *root = view_document("complaint", 1);
    struct json *rows = json_add_array(root, "causes");
    for (size_t i = 0; i < counts->n; i++) {
        const struct cause_count *c = &counts->v[i];
        struct json *o = json_add_object(rows, NULL);
        json_add_string(o, "period", *c->period ? c->period : NULL);
        json_add_string(o, "cause", c->cause);
        json_add_int(o, "complaints", c->n);
        json_add_int(o, "open", c->open);
        json_add_int(o, "solved", c->solved);
        json_add_int(o, "compensated", c->compensated);
        json_add_int(o, "rejected", c->rejected);
    }
    show_json(app, root);
}

static enum rc causes(struct app *app, const struct args *args, struct err *err)
{
    enum complaint_span by;
    civil_day from, to;
    struct cause_counts counts;
    enum rc rc = check(args, 1, "pps complaint causes", "by from to",
                       "[--by month|quarter|year] [--from DATE] [--to DATE]", err);
    if (rc == RC_OK)
        rc = read_by(args, &by, err);
    if (rc == RC_OK)
        rc = app_open_store(app, STORE_READ, err);
    if (rc == RC_OK)
        rc = read_span(app, args, &from, &to, err);
    if (rc == RC_OK)
        rc = service_complaint_causes(&app->desk, by, from, to, &counts, err);
    if (rc != RC_OK)
        return rc;
    (app->json ? causes_json : causes_table)(app, &counts);
    cause_counts_fini(&counts);
    return RC_OK;
}

/* ---- which ---- */

typedef enum rc changer(struct app *app, const struct args *args, struct complaint_result *ret,
                        struct err *err);

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    static const struct {
        const char *verb;
        changer *change;
    } changes[] = {
        {"add", add}, {"assign", assign}, {"plan", plan}, {"resolve", resolve}, {"reopen", reopen}};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct complaint_result result;
        if (!str_eq(args->words[0], changes[i].verb))
            continue;
        enum rc rc = changes[i].change(app, args, &result, err);
        if (rc != RC_OK)
            return rc;
        show_result(app, &result);
        complaint_result_fini(&result);
        return RC_OK;
    }
    if (str_eq(args->words[0], "list"))
        return list(app, args, err);
    if (str_eq(args->words[0], "causes"))
        return causes(app, args, err);
    return err_set(err, RC_USAGE,
                   "usage: pps complaint add, assign, plan, resolve, reopen, list or causes");
}

const struct command cmd_complaint = {
    .name = "complaint",
    .group = "Listening",
    .summary = "complaints: who is responsible, what is promised, what came of it",
    .usage = "add CLIENT|TRIP --title WORDS | assign P37 LOGIN | plan P37 --promise DATE | resolve "
             "P37 … | reopen P37 | list | causes",
    .details =
        "While a complaint is open, selling letters and greetings of that client wait; and they go "
        "on waiting until\n"
        "the client was asked, a week after it was solved, whether it really is. Then those that "
        "still make sense go;\n"
        "after a rejected complaint nothing that sells is sent about that trip any more. The title "
        "and the actions stand\n"
        "in letters to the client: write them so that they may read them. When the promised day "
        "moves after they heard\n"
        "from us, a call to tell them is on today's list. It is red when nobody is responsible for "
        "it, and from the day\n"
        "after the promised one until it is resolved; opened again when that has passed, it needs a "
        "new day. pps undo P37 takes back the last step. The "
        "causes to choose from\n"
        "stand in pps.json (complaint_causes).",
    .examples =
        "  pps complaint add T34 --title \"шум в номере\" --promise 25.12.2026 --manager olga\n"
        "  pps complaint assign P37 anna\n"
        "  pps complaint plan P37 --promise +3d\n"
        "  pps complaint resolve P37 --cause отель --outcome compensated --actions \"вернули за "
        "две "
        "ночи\"\n"
        "  pps complaint list --open\n"
        "  pps complaint causes --by quarter",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 3,
    .needs = NEEDS_CONFIG,
    .run = run,
};
