/* pps simulate: what the coming weeks bring, played on a copy: how many letters, SMS and calls a day, and, when a folder is
 * named, every message as it would be. */
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pps/file.h>
#include <pps/simulate.h>
#include <pps/str.h>
#include <pps/views.h>

#include "app.h"

enum { DEFAULT_DAYS = 30 };

static const struct option options[] = {
    {"from", "DATE", "the first day (default: today)"},
    {"to", "DATE", "the last day (default: 30 days later)"},
    {"output", "FOLDER", "keep the messages there; it must be empty or not there yet"},
    {"nobody-calls", NULL, "as if nobody ticked off a call: what goes by SMS then"},
};

/* ---- folders ---- */

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st;
    (void)kind;
    (void)ftw;
    return remove(path);
}

static void remove_folder(const char *path)
{
    enum { OPEN_FOLDERS = 8 };
    (void)nftw(path, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}

static enum rc make_work_folder(char **ret, struct err *err)
{
    const char *tmp = getenv("TMPDIR");
    char *path = xasprintf("%s/pps-simulate-XXXXXX", str_empty(tmp) ? "/tmp" : tmp);
    if (mkdtemp(path) == NULL) {
        enum rc rc = err_set(err, RC_IO, "cannot make a folder for the copy in %s",
                             str_empty(tmp) ? "/tmp" : tmp);
        free(path);
        return rc;
    }
    *ret = path;
    return RC_OK;
}

/* The folder as the system knows it, also when it is not there yet. New string. */
static char *real_folder(const char *path)
{
    char *real = realpath(path, NULL);
    if (real != NULL)
        return real;
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/')
        len--;
    char *plain = xstrndup(path, len), *dir = file_dirname(plain);
    const char *slash = strrchr(plain, '/');
    bool top = str_eq(dir, plain) || str_eq(plain, ".");
    char *above = top ? xstrdup(dir) : real_folder(dir);
    real = top ? xstrdup(plain) : file_join(above, slash != NULL ? slash + 1 : plain);
    free(above);
    free(dir);
    free(plain);
    return real;
}

static bool is_within(const char *path, const char *folder)
{
    size_t len = strlen(folder);
    return strncmp(path, folder, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

/* What is only played must not lie where the next tick looks for what it has sent. rmdir succeeds only for an empty
 * folder. */
static enum rc check_output(const struct app *app, const char *folder, struct err *err)
{
    char *mine = real_folder(folder), *theirs = real_folder(app->outbox_dir);
    bool is_outbox = is_within(mine, theirs);
    free(mine);
    free(theirs);
    if (is_outbox)
        return err_set(err, RC_INVALID, "%s is the agency's own outbox: name another folder",
                       folder);
    if (file_exists(folder) && rmdir(folder) != 0)
        return err_set(err, RC_EXISTS, "%s is there already and not empty: name another folder",
                       folder);
    return file_mkdirs(folder, err);
}

/* ---- dates ---- */

static enum rc read_days(struct app *app, const struct args *args, struct simulation *s,
                         struct err *err)
{
    enum rc rc = arg_day(app, args, "from", &s->from, err);
    if (rc == RC_OK)
        rc = arg_day(app, args, "to", &s->to, err);
    if (rc == RC_OK && s->from == CIVIL_NONE)
        s->from = desk_today(&app->desk);
    if (rc == RC_OK && s->to == CIVIL_NONE)
        s->to = s->from + DEFAULT_DAYS;
    if (rc == RC_OK && s->from < desk_today(&app->desk))
        rc = err_set(err, RC_INVALID, "--from: what was is no simulation: pps log tells of it");
    return rc == RC_OK ? service_simulate_check(&app->desk, s, err) : rc;
}

/* ---- telling ---- */

/* One line that is overwritten, on a terminal only. */
static void on_day(void *ctx, civil_day day)
{
    const struct app *app = ctx;
    char text[CIVIL_TEXT_BYTES];
    civil_format_people(day, text);
    if (app->interactive && !app->quiet && !app->json)
        fprintf(stderr, "\r%s ", text);
}

static struct simulated_day total_of(const struct simulated *days)
{
    struct simulated_day sum = {0};
    for (size_t i = 0; i < days->n; i++) {
        const struct simulated_day *d = &days->v[i];
        for (int c = 0; c < CHANNEL_COUNT; c++)
            sum.sent[c] += d->sent[c];
        sum.sms_parts += d->sms_parts;
        sum.fell_back += d->fell_back;
        sum.missed += d->missed;
        sum.held += d->held;
        sum.failed += d->failed;
        sum.digests += d->digests;
    }
    return sum;
}

/* n: columns after the day; the last one is left out where colleagues get no lists. */
static void add_row(struct table *table, size_t n, enum style style, const char *day,
                    const struct simulated_day *d)
{
    const int cells[] = {d->sent[CHANNEL_EMAIL],
                         d->sent[CHANNEL_SMS],
                         d->sms_parts,
                         d->sent[CHANNEL_CALL],
                         d->sent[CHANNEL_VISIT],
                         d->sent[CHANNEL_TASK],
                         d->fell_back,
                         d->missed,
                         d->held,
                         d->failed,
                         d->digests};
    table_row(table, style);
    table_cell(table, day);
    for (size_t i = 0; i < n && i < sizeof cells / sizeof *cells; i++) {
        if (cells[i] > 0)
            table_cellf(table, "%d", cells[i]);
        else
            table_cell(table, NULL);
    }
}

static void tell(struct app *app, const struct simulation *s, const struct simulated *days,
                 const char *kept)
{
    static const char *const names[] = {"day",    "e-mail", "SMS",    "parts",
                                        "calls",  "visits", "tasks",  "SMS for call",
                                        "missed", "held",   "refused",
                                        "lists"};
    bool lists = app->config.digest.at != MINUTE_NONE;
    size_t columns = sizeof names / sizeof *names - !lists;
    char from[CIVIL_TEXT_BYTES], to[CIVIL_TEXT_BYTES], day[CIVIL_TEXT_BYTES];
    struct table *table = table_new(names, NULL, columns);
    struct simulated_day total = total_of(days);
    for (size_t i = 0; i < days->n; i++) {
        civil_format_day(days->v[i].day, day);
        add_row(table, columns - 1, days->v[i].missed + days->v[i].failed > 0 ? STYLE_RED : STYLE_PLAIN, day,
                &days->v[i]);
    }
    add_row(table, columns - 1, STYLE_PLAIN, "together", &total);
    if (!app->quiet)
        table_print(table, app->out, app->colour);
    table_free(table);
    civil_format_people(s->from, from);
    civil_format_people(s->to, to);
    say(app, "%s - %s, played on a copy: nothing was sent, nothing was changed; %s\n", from, to,
        s->nobody_calls ? "nobody ticked off a call" : "every call and visit was ticked off");
    if (days->undecided > 0)
        say(app, "%d task%s of complaints %s for people to decide, and what waits for that waited on: pps complaint list "
                 "--open\n",
            days->undecided, days->undecided == 1 ? "" : "s", days->undecided == 1 ? "was left" : "were left");
    char cost[SMS_COST_BYTES];
    sms_cost_format(&app->config.sms.price, total.sms_parts, cost);
    if (*cost)
        say(app, "the SMS cost about %s\n", cost);
    if (kept != NULL)
        say(app, "the messages are in %s\n", kept);
}

static void add_counts(struct json *o, const struct simulated_day *d)
{
    static const char *const keys[CHANNEL_COUNT] = {"emails", "sms", "calls", "visits", "tasks"};
    for (int c = 0; c < CHANNEL_COUNT; c++)
        json_add_int(o, keys[c], d->sent[c]);
    json_add_int(o, "sms_parts", d->sms_parts);
    json_add_int(o, "fell_back", d->fell_back);
    json_add_int(o, "missed", d->missed);
    json_add_int(o, "held", d->held);
    json_add_int(o, "failed", d->failed);
    json_add_int(o, "digests", d->digests);
}

static void tell_json(struct app *app, const struct simulation *s, const struct simulated *days)
{
    char day[CIVIL_TEXT_BYTES];
    struct json *root = view_document("simulate", 1);
    civil_format_day(s->from, day);
    json_add_string(root, "from", day);
    civil_format_day(s->to, day);
    json_add_string(root, "to", day);
    struct json *list = json_add_array(root, "days");
    for (size_t i = 0; i < days->n; i++) {
        struct json *o = json_add_object(list, NULL);
        civil_format_day(days->v[i].day, day);
        json_add_string(o, "day", day);
        add_counts(o, &days->v[i]);
    }
    struct simulated_day total = total_of(days);
    struct json *sum = json_add_object(root, "total");
    add_counts(sum, &total);
    view_sms_cost(sum, &app->config.sms.price, total.sms_parts);
    json_add_int(root, "undecided", days->undecided);
    show_json(app, root);
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    const char *output = arg_value(args, "output");
    struct simulation s = {.nobody_calls = arg_given(args, "nobody-calls"),
                           .on_day = on_day,
                           .stopping = ending_is_asked,
                           .ctx = app};
    struct simulated days = {0};
    char *work = NULL, *outbox = NULL;
    enum rc rc = read_days(app, args, &s, err);
    if (rc == RC_OK)
        rc = app_check_templates(app, err);
    if (rc == RC_OK && output != NULL)
        rc = check_output(app, output, err);
    if (rc == RC_OK)
        rc = make_work_folder(&work, err);
    if (rc != RC_OK)
        return rc;
    ending_watch();
    outbox = output ? xstrdup(output) : file_join(work, "outbox");
    s.work = work;
    s.outbox = outbox;
    rc = service_simulate(&app->desk, &s, &days, err);
    remove_folder(work);
    if (app->interactive && !app->quiet && !app->json)
        fprintf(stderr, "\r            \r");
    if (rc == RC_OK && app->json)
        tell_json(app, &s, &days);
    else if (rc == RC_OK)
        tell(app, &s, &days, output);
    simulated_fini(&days);
    free(outbox);
    free(work);
    return rc;
}

const struct command cmd_simulate = {
    .name = "simulate",
    .group = "Control",
    .summary = "what the coming weeks bring: letters, SMS and calls a day",
    .usage = "[--from DATE] [--to DATE] [--output FOLDER] [--nobody-calls]",
    .details =
        "Takes a copy of the database through those days, with a tick every half an hour. "
        "Nothing is sent\n"
        "and nothing is changed. \"parts\" is what SMS are charged by. The last day is at most "
        "400 days from today.\n"
        "What people have to decide about a complaint, as the day to promise or what came of it, is left as it is, "
        "and so\n"
        "is what waits for that.",
    .examples = "  pps simulate\n"
                "  pps simulate --from 01.12.2026 --to 31.12.2026 --nobody-calls\n"
                "  pps simulate --to +7d --output next-week",
    OPTIONS(options),
    .needs = NEEDS_READING,
    .run = run,
};
