/* The checklist: a row per trip, a column per step with its date and its tick. Yellow when
 * something is due today, red when something is overdue and not ticked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <pps/agenda.h>
#include <pps/str.h>
#include <pps/utf8.h>
#include <pps/views.h>

#include "checklist.h"
#include "when.h"

/* How long a trip stays in sight after the return when nothing is to be done about it, and how soon before that it
 * comes back. */
enum { SEEN_AFTER_RETURN_DAYS = 14, SEEN_BEFORE_DUE_DAYS = 7, FIXED_COLUMNS = 6, MAX_COLUMNS = 96 };

struct columns {
    char *keys[MAX_COLUMNS], *titles[MAX_COLUMNS];
    size_t n;
};

static void add_columns(struct columns *c, const struct playbook *p)
{
    for (size_t i = 0; i < p->n_steps; i++) {
        bool there = p->steps[i].series != KIND_TRIP || str_empty(p->steps[i].column);
        for (size_t j = 0; j < c->n && !there; j++)
            there = str_eq(c->keys[j], p->steps[i].key);
        if (there || c->n == MAX_COLUMNS)
            continue;
        c->keys[c->n] = xstrdup(p->steps[i].key);
        c->titles[c->n++] = xstrdup(p->steps[i].column);
    }
}

static void columns_fini(struct columns *c)
{
    for (size_t i = 0; i < c->n; i++) {
        free(c->keys[i]);
        free(c->titles[i]);
    }
}

static const struct action *last_of_step(const struct actions *all, const char *step)
{
    const struct action *found = NULL;
    for (size_t i = 0; i < all->n; i++) {
        if (str_eq(all->v[i].step, step) && (!found || all->v[i].occurrence > found->occurrence))
            found = &all->v[i];
    }
    return found;
}

/* The sign of a step: ✓ done or sent, SMS saved by the message, ! red, • due today, = held back, "" planned. */
static const char *step_sign(const struct action *a, enum colour colour)
{
    if (a->state == STATE_SENT || a->state == STATE_DONE)
        return a->cause == CAUSE_NOT_TICKED ? "SMS" : "✓";
    if (a->state == STATE_PENDING && a->cause == CAUSE_CALLED_EARLY)
        return "✓"; /* they were called; a message follows */
    if (colour != COLOUR_NONE)
        return colour == COLOUR_RED ? "!" : "•";
    return a->state == STATE_HELD || work_is_kept(a) ? "=" : "";
}

/* "10.12"; "10.01.27" when it is not this year. */
static void short_date(struct app *app, civil_day day, char buf[CIVIL_TEXT_BYTES])
{
    enum { DAY_AND_MONTH = 5, CENTURY = 6, YEAR = 8 }; /* where they are in "10.01.2027" */
    civil_format_people(day, buf);
    if (civil_to_ymd(day).year == civil_to_ymd(desk_today(&app->desk)).year)
        buf[DAY_AND_MONTH] = '\0';
    else
        memmove(buf + CENTURY, buf + YEAR, strlen(buf + YEAR) + 1);
}

/* "10.12 ✓": the date and the sign; in the narrow table the sign alone, "." for what is planned. */
static void step_cell(struct app *app, struct table *table, const struct occasion_file *f,
                      const char *step, bool narrow)
{
    const struct action *a = last_of_step(&f->actions, step);
    char day[CIVIL_TEXT_BYTES];
    if (a == NULL) {
        table_cell(table, NULL);
        return;
    }
    if (a->state == STATE_CANCELLED || a->state == STATE_SKIPPED || a->state == STATE_SUPPRESSED) {
        table_cell(table, a->cause == CAUSE_MERGED && !narrow ? "merged" : "-");
        return;
    }
    enum colour colour = colour_now(&app->desk, a, f->occasion.manager_id != 0);
    const char *sign = step_sign(a, colour);
    if (narrow) {
        table_cell(table, str_or(sign, "."));
        return;
    }
    bool over = a->state == STATE_SENT || a->state == STATE_DONE;
    short_date(app, over ? zone_to_local(app->zone, a->done_at).day : a->local_due.day, day);
    table_cellf(table, "%s%s%s", day, *sign ? " " : "", sign);
}

static enum colour trip_colour(struct app *app, const struct occasion_file *f)
{
    enum colour worst = COLOUR_NONE;
    for (size_t i = 0; i < f->actions.n; i++) {
        enum colour c = colour_now(&app->desk, &f->actions.v[i], f->occasion.manager_id != 0);
        if (c > worst)
            worst = c;
    }
    return worst;
}

static struct table *make_table(struct app *app, const struct occasion_file *files, size_t n,
                                bool narrow)
{
    static const char *const fixed[FIXED_COLUMNS] = {"trip",    "client",  "destination",
                                                     "departs", "returns", "manager"};
    const char *names[FIXED_COLUMNS + MAX_COLUMNS];
    size_t widths[FIXED_COLUMNS + MAX_COLUMNS] = {0, narrow ? 12 : 22, 16, 0, 0, 10};
    char heads[MAX_COLUMNS][16];
    struct columns columns = {.n = 0};
    for (size_t i = 0; i < n; i++)
        add_columns(&columns, files[i].playbook);
    memcpy(names, fixed, sizeof fixed);
    for (size_t i = 0; i < columns.n; i++) {
        size_t bytes = utf8_prefix_bytes(columns.titles[i], 3);
        (void)snprintf(heads[i], sizeof heads[i], "%.*s", (int)(bytes < 15 ? bytes : 15),
                       columns.titles[i]);
        names[FIXED_COLUMNS + i] = narrow ? heads[i] : columns.titles[i];
    }
    struct table *table = table_new(names, widths, FIXED_COLUMNS + columns.n);
    for (size_t i = 0; i < n; i++) {
        const struct occasion_file *f = &files[i];
        char from[CIVIL_TEXT_BYTES], to[CIVIL_TEXT_BYTES];
        short_date(app, f->occasion.when[ANCHOR_DEPARTURE].day, from);
        short_date(app, f->occasion.when[ANCHOR_RETURN].day, to);
        enum colour colour = trip_colour(app, f);
        table_row(table, colour_style(colour));
        table_cellf(table, "T%lld%s", (long long)f->occasion.id,
                    colour == COLOUR_RED      ? " !"
                    : colour == COLOUR_YELLOW ? " •"
                                              : "");
        table_cell(table, f->client.name);
        table_cell(table, narrow ? NULL : f->occasion.title);
        table_cell(table, from);
        table_cell(table, narrow ? NULL : to);
        table_cell(table, narrow ? NULL : str_or(f->manager.login, "(nobody)"));
        for (size_t c = 0; c < columns.n; c++)
            step_cell(app, table, f, columns.keys[c], narrow);
    }
    columns_fini(&columns);
    return table;
}

static void print_counts(struct app *app, const struct occasion_file *files, size_t n)
{
    int red = 0, yellow = 0;
    for (size_t i = 0; i < n; i++) {
        enum colour colour = trip_colour(app, &files[i]);
        red += colour == COLOUR_RED;
        yellow += colour == COLOUR_YELLOW;
    }
    say(app, "trips: %zu, red %d, yellow %d\n", n, red, yellow);
}

/* Everything when there is room; on a narrow terminal one sign a step, so that a row stays one line. */
static void print_table(struct app *app, const struct occasion_file *files, size_t n)
{
    struct winsize size = {0};
    struct table *table = make_table(app, files, n, false);
    bool narrow = app->tty && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
                  size.ws_col > 0 && table_width(table) > size.ws_col;
    if (narrow) {
        table_free(table);
        table = make_table(app, files, n, true);
    }
    print_counts(app, files, n);
    table_print(table, app->out, app->colour);
    say(app,
        "\n✓ done or sent   SMS not called, the SMS went   • due today   ! overdue or in trouble\n"
        "= held back   - not to be done   %s\n",
        narrow ? ". planned" : "merged: said in another message   a date alone: planned");
    table_free(table);
}

static void add_json(struct app *app, struct json *root, const struct occasion_file *files, size_t n)
{
    struct json *rows = json_add_array(root, "rows");
    for (size_t i = 0; i < n; i++) {
        const struct occasion_file *f = &files[i];
        struct json *o = json_add_object(rows, NULL);
        view_client(o, "client", &f->client, app->zone);
        show_trip(app, o, "trip", &f->occasion, f->manager.login);
        json_add_string(o, "colour", str_or(colour_name(trip_colour(app, f)), NULL));
        struct json *steps = json_add_array(o, "steps");
        for (size_t a = 0; a < f->actions.n; a++) {
            const struct action *action = &f->actions.v[a];
            struct json *s =
                view_action(steps, NULL, action, f->client.id, f->manager.login, app->zone);
            json_add_int(s, "days_late", days_late_now(&app->desk, action));
            json_add_string(
                s, "colour",
                str_or(colour_name(colour_now(&app->desk, action, f->occasion.manager_id != 0)), NULL));
        }
    }
}

enum rc checklist_show(struct app *app, struct checklist_query *query, struct json *root,
                       bool *ret_red, struct err *err)
{
    struct occasion_list occasions;
    query->since = desk_today(&app->desk) - SEEN_AFTER_RETURN_DAYS;
    if (query->since < CIVIL_MIN)
        query->since = CIVIL_MIN;
    query->soon = desk_today(&app->desk) + SEEN_BEFORE_DUE_DAYS;
    if (query->soon > CIVIL_MAX)
        query->soon = CIVIL_MAX;
    enum rc rc = store_checklist(app->store, query, &occasions, err);
    if (rc != RC_OK)
        return rc;
    struct occasion_file *files = xcalloc(occasions.n, sizeof *files);
    size_t n = 0;
    for (; n < occasions.n && rc == RC_OK; n++)
        rc = store_occasion_file(app->store, occasions.v[n].id, &files[n], err);
    if (rc == RC_OK) {
        for (size_t i = 0; i < n; i++)
            *ret_red = *ret_red || trip_colour(app, &files[i]) == COLOUR_RED;
        if (app->json)
            add_json(app, root, files, n);
        else if (n == 0)
            say(app, "no trips\n");
        else if (!app->quiet)
            print_table(app, files, n);
    }
    for (size_t i = 0; i < n; i++)
        occasion_file_fini(&files[i]);
    free(files);
    occasion_list_fini(&occasions);
    return rc;
}
