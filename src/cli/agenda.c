/* One list of actions with their people, as a table and as JSON. Serves today and report. */
#include <stdlib.h>
#include <string.h>

#include <pps/contact.h>
#include <pps/str.h>
#include <pps/views.h>

#include "agenda.h"
#include "when.h"

/* A tick that did not run for so long is itself red: nothing would be sent. */
enum { STALE_AFTER_SEC = 26 * 3600 };

/* The task was ticked off or skipped, and the client still has no answer on the day after the promised one. */
static bool is_broken_promise(const struct agenda_row *row)
{
    return row->kind == KIND_COMPLAINT &&
           (row->action.state == STATE_DONE || row->action.state == STATE_SKIPPED);
}

enum colour agenda_colour(struct app *app, const struct agenda_row *row)
{
    if (is_broken_promise(row))
        return COLOUR_RED;
    return when_colour(app, &row->action, row->manager != NULL);
}

static int days_late(const struct agenda_row *row, civil_day today)
{
    bool late = is_broken_promise(row) && row->action.local_due.day < today;
    return late ? (int)(today - row->action.local_due.day) : action_days_late(&row->action, today);
}

/* New string. */
static char *explain(const struct agenda_row *row, civil_day today)
{
    char *why = action_explain(&row->action, today, row->manager != NULL);
    if (!is_broken_promise(row))
        return why;
    char *words = xasprintf("not answered yet: pps complaint resolve P%lld … (%s)",
                            (long long)row->action.occasion_id, str_or(row->action.reason, why));
    free(why);
    return words;
}

void agenda_keep_red(struct app *app, struct agenda *agenda)
{
    size_t kept = 0;
    for (size_t i = 0; i < agenda->n; i++) {
        if (agenda_colour(app, &agenda->v[i]) == COLOUR_RED) {
            struct agenda_row row = agenda->v[i];
            agenda->v[i] = agenda->v[kept];
            agenda->v[kept++] = row;
        }
    }
    /* The rest is moved behind the end and freed with the list. */
    for (size_t i = kept; i < agenda->n; i++) {
        struct agenda rest = {.v = xmalloc(sizeof *rest.v), .n = 1, .cap = 1};
        rest.v[0] = agenda->v[i];
        agenda_fini(&rest);
    }
    agenda->n = kept;
}

/* Steps have titles in the playbook that the trip was planned with; each version is read once. */
struct titles {
    struct playbook *v;
    int64_t *versions;
    size_t n, cap, versions_cap;
};

static const char *title_of(struct app *app, struct titles *t, const struct agenda_row *row)
{
    size_t i = 0;
    while (i < t->n && t->versions[i] != row->playbook_version)
        i++;
    if (i == t->n) {
        vec_reserve(&t->v, t->n, &t->cap, sizeof *t->v);
        vec_reserve(&t->versions, t->n, &t->versions_cap, sizeof *t->versions);
        t->v[i] = (struct playbook){0};
        t->versions[i] = row->playbook_version;
        t->n++;
        struct err ignored;
        if (store_playbook_get(app->store, row->playbook_version, &t->v[i], &ignored) != RC_OK)
            t->v[i] = (struct playbook){0}; /* then the step's key must do */
    }
    const struct step *step = playbook_step(&t->v[i], row->action.step);
    return step ? step->title : row->action.step;
}

static void titles_fini(struct titles *t)
{
    for (size_t i = 0; i < t->n; i++)
        playbook_fini(&t->v[i]);
    free(t->v);
    free(t->versions);
}

void agenda_json(struct app *app, struct json *root, const struct agenda *agenda)
{
    civil_day today = desk_today(&app->desk);
    struct json *rows = json_add_array(root, "rows");
    for (size_t i = 0; i < agenda->n; i++) {
        const struct agenda_row *row = &agenda->v[i];
        struct json *o =
            view_action(rows, NULL, &row->action, row->client_id, row->manager, app->zone);
        char *why = explain(row, today);
        bool a_trip = row->kind == KIND_TRIP;
        json_add_string(o, "client_name", row->client_name);
        json_add_string(o, "phone", row->client_phone);
        json_add_string(o, "email", row->client_email);
        json_add_string(o, "destination", a_trip ? row->title : NULL);
        json_add_string(o, "title", row->title);
        json_add_int(o, "days_late", days_late(row, today));
        json_add_string(o, "colour", str_or(colour_name(agenda_colour(app, row)), NULL));
        json_add_string(o, "why", why);
        json_add_string(o, "also", row->also);
        when_json(app, o, &row->action, row->client_tz);
        free(why);
    }
}

void agenda_table(struct app *app, const struct agenda *agenda)
{
    static const char *const names[] = {"manager", "action", "late",  "due",   "by",
                                        "step",    "client", "phone", "about", "why"};
    static const size_t widths[] = {16, 0, 0, 0, 0, 26, 28, 0, 26, 70};
    civil_day today = desk_today(&app->desk);
    struct table *table = table_new(names, app->tty ? widths : NULL, 10);
    struct titles titles = {0};
    for (size_t i = 0; i < agenda->n; i++) {
        const struct agenda_row *row = &agenda->v[i];
        const struct action *a = &row->action;
        char departure[CIVIL_TEXT_BYTES] = "", phone[32] = "", id[ID_TEXT_BYTES];
        char *due = when_due(app, a, row->client_tz);
        int late = days_late(row, today);
        if (row->departure.day != CIVIL_NONE)
            civil_format_people(row->departure.day, departure);
        if (row->client_phone != NULL)
            phone_format(row->client_phone, phone);
        table_row(table, colour_style(agenda_colour(app, row)));
        table_cell(table, str_or(row->manager, "(nobody)"));
        table_cellf(table, "A%lld", (long long)a->id);
        if (late > 0)
            table_cellf(table, "%d d", late);
        else
            table_cell(table, NULL);
        table_cell(table, due);
        free(due);
        table_cell(table, channel_word(a->channel));
        table_cell(table, title_of(app, &titles, row));
        table_cell(table, row->client_name);
        table_cell(table, phone);
        occasion_id_format(a->kind, a->occasion_id, id);
        table_cellf(table, "%s %.5s%s%s", id, departure, *departure ? " " : "",
                    str_or(row->title, a->kind == KIND_TRIP ? "" : kind_words(a->kind)));
        char *why = explain(row, today);
        table_cellf(table, "%s%s%s", why, row->also ? "; also for " : "", str_or(row->also, ""));
        free(why);
    }
    table_print(table, app->out, app->colour);
    titles_fini(&titles);
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
    if (dispatch_look(&d, &hold, &err) != RC_OK)
        return xstrdup(err.message);
    return hold == HOLD_NONE ? NULL : xstrdup(hold_reason(hold));
}

enum rc agenda_alarms(struct app *app, const char *login, struct json *root, struct alarms *ret,
                      struct err *err)
{
    struct alarms alarms = {0};
    int64_t manager_id;
    enum rc rc = agenda_manager(app, login, &manager_id, err);
    if (rc == RC_OK)
        rc = service_count_doubts(&app->desk, manager_id, &alarms.in_doubt, err);
    if (rc != RC_OK)
        return rc;
    alarms.hold = what_holds(app);
    alarms.doubt_command =
        login ? xasprintf("pps doubt --manager %s", login) : xstrdup("pps doubt");
    if (root != NULL) {
        json_add_int(root, "in_doubt", alarms.in_doubt);
        json_add_string(root, "hold", alarms.hold);
    }
    *ret = alarms;
    return RC_OK;
}

bool alarms_any(const struct alarms *alarms)
{
    return alarms->in_doubt > 0 || alarms->hold != NULL;
}

void alarms_print(struct app *app, const struct alarms *alarms)
{
    const char *begin = style_begin(STYLE_RED, app->colour);
    const char *end = style_end(STYLE_RED, app->colour);
    if (app->quiet || app->json)
        return;
    if (alarms->in_doubt > 0)
        fprintf(app->out, "%s%lld in doubt: %s%s\n", begin, (long long)alarms->in_doubt,
                alarms->doubt_command, end);
    if (alarms->hold != NULL)
        fprintf(app->out, "%snothing goes out: %s%s\n", begin, alarms->hold, end);
}

void alarms_fini(struct alarms *alarms)
{
    free(alarms->hold);
    free(alarms->doubt_command);
    *alarms = (struct alarms){0};
}

static enum rc add_gateways(struct app *app, struct json *root, struct last_tick *last,
                            struct err *err)
{
    static const enum channel channels[] = {CHANNEL_EMAIL, CHANNEL_SMS};
    struct json *down = root ? json_add_object(root, "down") : NULL;
    for (size_t i = 0; i < 2; i++) {
        char *key = xasprintf("gateway_%s", channel_name(channels[i])), *why = NULL;
        enum rc rc = store_setting_get(app->store, key, &why, err);
        free(key);
        if (rc != RC_OK)
            return rc;
        if (why != NULL && !str_eq(why, "ok")) {
            last->down[i] = xasprintf("%s does not go out: %s", channel_word(channels[i]), why);
            if (down != NULL)
                json_add_string(down, channel_name(channels[i]), why);
        }
        free(why);
    }
    return RC_OK;
}

enum rc agenda_last_tick(struct app *app, struct json *root, struct last_tick *ret, struct err *err)
{
    char *value;
    *ret = (struct last_tick){0};
    enum rc rc = store_setting_get(app->store, "last_tick_at", &value, err);
    if (rc != RC_OK)
        return rc;
    int64_t at = value ? strtoll(value, NULL, 10) : 0, age = desk_now(&app->desk) - at;
    free(value);
    if (root != NULL)
        view_instant(root, "last_tick", at, app->zone);
    char text[CIVIL_TEXT_BYTES];
    civil_format(zone_to_local(app->zone, at), text);
    ret->stale = at == 0 || age > STALE_AFTER_SEC;
    if (at == 0)
        ret->line = xstrdup("the tick has never run: nothing is sent until cron runs pps tick");
    else if (ret->stale)
        ret->line = xasprintf("last tick: %s, %lld %s ago: nothing is sent while it does not run",
                              text, (long long)(age < 48 * 3600 ? age / 3600 : age / 86400),
                              age < 48 * 3600 ? "hours" : "days");
    else
        ret->line = xasprintf("last tick: %s", text);
    rc = add_gateways(app, root, ret, err);
    if (rc != RC_OK)
        last_tick_fini(ret);
    return rc;
}

void last_tick_fini(struct last_tick *last)
{
    free(last->line);
    free(last->down[0]);
    free(last->down[1]);
    *last = (struct last_tick){0};
}
