/* One list of actions with their people, as a table and as JSON. Serves today and report. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/contact.h>
#include <pps/str.h>
#include <pps/utf8.h>
#include <pps/views.h>

#include "agenda.h"
#include "when.h"

void heed_json(struct json *o, const struct heed *heed)
{
    char day[CIVIL_TEXT_BYTES], id[ID_TEXT_BYTES];
    civil_format_day(heed->paused_until, day);
    id_format('P', heed->complaint_id, id);
    json_add_string(o, "paused_until", heed->paused_until != CIVIL_NONE ? day : NULL);
    json_add_string(o, "open_complaint", heed->complaint_id != 0 ? id : NULL);
    json_add_bool(o, "no_messages", heed->no_messages);
}

void agenda_json(struct app *app, struct json *root, const struct agenda *agenda)
{
    struct json *rows = json_add_array(root, "rows");
    for (size_t i = 0; i < agenda->n; i++) {
        const struct agenda_row *row = &agenda->v[i];
        struct json *o =
            view_action(rows, NULL, &row->action, row->client_id, row->manager, app->zone);
        char *why = agenda_explain(&app->desk, row);
        bool a_trip = row->kind == KIND_TRIP;
        json_add_string(o, "client_name", row->client_name);
        json_add_string(o, "phone", row->client_phone);
        json_add_string(o, "email", row->client_email);
        json_add_string(o, "destination", a_trip ? row->title : NULL);
        json_add_string(o, "title", row->title);
        json_add_int(o, "days_late", agenda_days_late(&app->desk, row));
        json_add_string(o, "colour", str_or(colour_name(agenda_colour(&app->desk, row)), NULL));
        json_add_string(o, "why", why);
        heed_json(o, &row->heed);
        json_add_string(o, "also", row->also);
        when_json(app, o, &row->action, row->client_tz);
        free(why);
    }
}

/* "10.12", and as long as it is ahead, the hour: "10.12 06:40". Whoever calls about it is asked for it. */
static void departure_words(struct civil departure, civil_day today, char buf[CIVIL_TEXT_BYTES])
{
    enum { DAY_AND_MONTH = 5 };
    *buf = '\0';
    if (departure.day == CIVIL_NONE)
        return;
    civil_format_people(departure.day, buf);
    buf[DAY_AND_MONTH] = '\0';
    if (departure.minute != MINUTE_NONE && departure.day >= today)
        (void)snprintf(buf + DAY_AND_MONTH, CIVIL_TEXT_BYTES - DAY_AND_MONTH, " %02d:%02d",
                       departure.minute / 60, departure.minute % 60);
}

void agenda_table(struct app *app, const struct agenda *agenda)
{
    static const char *const names[] = {"manager", "action", "late",  "due",   "by",
                                        "step",    "client", "phone", "about", "why"};
    static const size_t widths[] = {16, 0, 0, 0, 0, 26, 28, 0, 26, 70};
    civil_day today = desk_today(&app->desk);
    struct table *table = table_new(names, app->tty ? widths : NULL, 10);
    for (size_t i = 0; i < agenda->n; i++) {
        const struct agenda_row *row = &agenda->v[i];
        const struct action *a = &row->action;
        char departure[CIVIL_TEXT_BYTES], phone[32] = "", id[ID_TEXT_BYTES];
        char *due = when_due(app, a, row->client_tz);
        int late = agenda_days_late(&app->desk, row);
        departure_words(row->departure, today, departure);
        if (row->client_phone != NULL)
            phone_format(row->client_phone, phone);
        table_row(table, colour_style(agenda_colour(&app->desk, row)));
        table_cell(table, str_or(row->manager, "(nobody)"));
        table_cellf(table, "A%lld", (long long)a->id);
        if (late > 0)
            table_cellf(table, "%d d", late);
        else
            table_cell(table, NULL);
        table_cell(table, due);
        free(due);
        table_cell(table, channel_word(a->channel));
        table_cell(table, step_title(&app->desk, row, NULL));
        table_cell(table, row->client_name);
        table_cell(table, phone);
        occasion_id_format(a->kind, a->occasion_id, id);
        table_cellf(table, "%s %s%s%s", id, departure, *departure ? " " : "",
                    str_or(row->title, a->kind == KIND_TRIP ? "" : kind_words(a->kind)));
        char *why = agenda_explain(&app->desk, row), *heed = heed_words(&row->heed);
        table_cellf(table, "%s%s%s%s%s", str_or(heed, ""), heed ? ": " : "", why,
                    row->also ? "; also for " : "", str_or(row->also, ""));
        free(heed);
        free(why);
    }
    table_print(table, app->out, app->colour);
    table_free(table);
}

enum rc agenda_manager(struct app *app, const char *login, int64_t *ret_id, struct err *err)
{
    struct staff staff;
    *ret_id = 0;
    if (login == NULL)
        return RC_OK;
    enum rc rc = store_staff_by_login(app->store, login, &staff, err);
    if (rc != RC_OK)
        return rc == RC_NOTFOUND ? err_prefix(err, rc, "--manager") : rc;
    *ret_id = staff.id;
    staff_fini(&staff);
    return RC_OK;
}

/* ---- what every report ends with ---- */

/* What the next tick would be held by, or fail of; NULL: nothing. New string. */
static char *what_holds(struct app *app)
{
    struct dispatcher d = app_dispatcher(app);
    struct err err = {0};
    enum hold hold = HOLD_NONE;
    if (app_check_templates(app, &err) != RC_OK || dispatch_look(&d, &hold, &err) != RC_OK)
        return xstrdup(err.message);
    return hold == HOLD_NONE ? NULL : xstrdup(hold_reason(hold));
}

/* "3 open trips are nobody's: T4, T7, T9: …": what is said, and with root the numbers. */
static enum rc find_nobodys(struct app *app, struct json *root, char **ret, struct err *err)
{
    enum { SHOWN = 5 };
    struct nobodys found;
    struct sb sb = {0};
    enum rc rc = service_nobodys(&app->desk, &found, err);
    if (rc != RC_OK)
        return rc;
    size_t n = found.trips.n;
    struct json *ids = root ? json_add_array(root, "nobodys") : NULL;
    for (size_t i = 0; i < n; i++) {
        char id[ID_TEXT_BYTES];
        id_format('T', found.trips.v[i], id);
        if (ids != NULL)
            json_add_string(ids, NULL, id);
        if (i < SHOWN)
            sb_addf(&sb, "%s%s", i > 0 ? ", " : "", id);
    }
    if (n > SHOWN)
        sb_addf(&sb, " and %zu more", n - SHOWN);
    if (found.left != NULL)
        sb_addf(&sb, ": pps staff leave %s --to LOGIN, or", found.left);
    if (n > 0)
        *ret = xasprintf("%zu open %s nobody's: %s%s pps edit-trip T%lld --manager LOGIN", n,
                         n == 1 ? "trip is" : "trips are", sb_str(&sb), found.left ? "" : ":",
                         (long long)found.trips.v[0]);
    sb_fini(&sb);
    nobodys_fini(&found);
    return RC_OK;
}

enum rc agenda_alarms(struct app *app, const char *login, struct json *root, struct alarms *ret,
                      struct err *err)
{
    struct alarms alarms = {0};
    int64_t manager_id;
    enum rc rc = agenda_manager(app, login, &manager_id, err);
    if (rc == RC_OK)
        rc = service_count_doubts(&app->desk, manager_id, &alarms.in_doubt, err);
    if (rc == RC_OK && login != NULL && root != NULL)
        (void)json_add_array(root, "nobodys"); /* those of one manager are somebody's */
    else if (rc == RC_OK && login == NULL)
        rc = find_nobodys(app, root, &alarms.nobodys, err);
    if (rc != RC_OK)
        return rc;
    alarms.playbook = service_playbook_fault(&app->desk);
    alarms.hold = what_holds(app);
    alarms.doubt_command =
        login ? xasprintf("pps doubt --manager %s", login) : xstrdup("pps doubt");
    if (root != NULL) {
        json_add_string(root, "playbook", alarms.playbook);
        json_add_int(root, "in_doubt", alarms.in_doubt);
        json_add_string(root, "hold", alarms.hold);
    }
    *ret = alarms;
    return RC_OK;
}

bool alarms_any(const struct alarms *alarms)
{
    return alarms->playbook != NULL || alarms->in_doubt > 0 || alarms->hold != NULL ||
           alarms->nobodys != NULL;
}

/* Takes `line`. */
static void print_alarm(struct app *app, char *line)
{
    if (!app->json && !app->quiet) {
        fputs(style_begin(STYLE_RED, app->colour), app->out);
        say(app, "%s", line); /* it may name files, whatever they are called */
        fprintf(app->out, "%s\n", style_end(STYLE_RED, app->colour));
    }
    free(line);
}

void alarms_print_first(struct app *app, const struct alarms *alarms)
{
    if (alarms->playbook != NULL)
        print_alarm(app, xasprintf("no sale can be entered, and nothing is planned anew: %s",
                                   alarms->playbook));
}

void alarms_print(struct app *app, const struct alarms *alarms)
{
    if (alarms->nobodys != NULL)
        print_alarm(app, xstrdup(alarms->nobodys));
    if (alarms->in_doubt > 0)
        print_alarm(app, xasprintf("%lld in doubt: %s", (long long)alarms->in_doubt,
                                   alarms->doubt_command));
    if (alarms->hold != NULL)
        print_alarm(app, xasprintf("nothing goes out: %s", alarms->hold));
}

void alarms_fini(struct alarms *alarms)
{
    free(alarms->playbook);
    free(alarms->nobodys);
    free(alarms->hold);
    free(alarms->doubt_command);
    *alarms = (struct alarms){0};
}

/* What it could not use, in words. */
static void add_gateways(struct json *root, const struct tick_mark *mark, struct last_tick *last)
{
    static const enum channel channels[] = {CHANNEL_EMAIL, CHANNEL_SMS};
    struct json *down = root ? json_add_object(root, "down") : NULL;
    for (size_t i = 0; i < 2; i++) {
        if (mark->down[i] == NULL)
            continue;
        last->down[i] = xasprintf("%s does not go out: %s", channel_word(channels[i]), mark->down[i]);
        if (down != NULL)
            json_add_string(down, channel_name(channels[i]), mark->down[i]);
    }
}

static char *unseen_line(struct app *app, const struct tick_mark *mark)
{
    char last[CIVIL_TEXT_BYTES], since[CIVIL_TEXT_BYTES];
    civil_format(zone_to_local(app->zone, mark->at), last);
    civil_format(zone_to_local(app->zone, mark->unseen), since);
    return xasprintf("last tick: %s; letters and SMS have waited for the next one since %s: run pps "
                     "tick, and see why cron does not",
                     last, since);
}

enum rc agenda_last_tick(struct app *app, struct json *root, struct last_tick *ret, struct err *err)
{
    struct tick_mark mark;
    char text[CIVIL_TEXT_BYTES];
    *ret = (struct last_tick){0};
    enum rc rc = service_tick_mark(&app->desk, &mark, err);
    if (rc != RC_OK)
        return rc;
    int64_t age = desk_now(&app->desk) - mark.at;
    if (root != NULL)
        view_instant(root, "last_tick", mark.at, app->zone);
    civil_format(zone_to_local(app->zone, mark.at), text);
    ret->unseen = mark.unseen != 0;
    ret->stale = mark.stale || ret->unseen;
    if (root != NULL)
        view_instant(root, "unseen_since", mark.unseen, app->zone);
    if (mark.at == 0)
        ret->line = xstrdup("the tick has never run: nothing is sent until cron runs pps tick");
    else if (mark.stale)
        ret->line = xasprintf("last tick: %s, %lld %s ago: nothing is sent while it does not run",
                              text, (long long)(age < 48 * 3600 ? age / 3600 : age / 86400),
                              age < 48 * 3600 ? "hours" : "days");
    else if (ret->unseen)
        ret->line = unseen_line(app, &mark);
    else
        ret->line = xasprintf("last tick: %s", text);
    add_gateways(root, &mark, ret);
    tick_mark_fini(&mark);
    return RC_OK;
}

void last_tick_print(struct app *app, const struct last_tick *last)
{
    const char *const lines[] = {last->line, last->down[0], last->down[1]};
    for (size_t i = 0; i < 3 && !app->quiet && !app->json; i++) {
        enum style style = i > 0 || last->stale ? STYLE_RED : STYLE_DIM;
        if (lines[i] == NULL)
            continue;
        char *safe = utf8_printable(lines[i], true); /* a server said it */
        fprintf(app->out, "%s%s%s\n", style_begin(style, app->colour), safe,
                style_end(style, app->colour));
        free(safe);
    }
}

void last_tick_fini(struct last_tick *last)
{
    free(last->line);
    free(last->down[0]);
    free(last->down[1]);
    *last = (struct last_tick){0};
}
