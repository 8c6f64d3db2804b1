/* The rules of what is to be done and what is red, beyond the colour of one action: promises that were broken, presents that
 * are not there, documents that stay behind, a tick that stands still. The director sees the same in the report and in the
 * letter of the morning because both ask here. Serves pps today and report, doctor, and digest.c. */
#include <stdlib.h>

#include <pps/agenda.h>
#include <pps/colour.h>
#include <pps/store_documents.h>
#include <pps/store_wishes.h>
#include <pps/str.h>

#include "heard.h"
#include "time.h"
#include "unseen.h"
#include "wishes.h"

enum {
    STALE_AFTER_SEC =
        26 * 3600,   /* a tick that did not run for so long is itself red: nothing would be sent */
    COMING_DAYS = 2, /* whoever reads the list of the day still has the time to see to it */
    HAND_OVER_DAYS = 2 /* the visit is over; a day or two for whoever forgot is no reason for red */
};

/* ---- rows ---- */

struct work_day work_day_of(const struct desk *desk, const struct zone *zone)
{
    int16_t end = desk->config->calls.hours.to;
    return (struct work_day){.now = zone_to_local(zone, desk_now(desk)),
                             .ends = end != 0 ? end : 24 * 60,
                             .calendar = &desk->config->calendar};
}

enum colour colour_now(const struct desk *desk, const struct action *a, bool has_manager)
{
    const struct work_day day = work_day_of(desk, desk->zone);
    return action_colour(a, &day, has_manager);
}

int days_late_now(const struct desk *desk, const struct action *a)
{
    const struct work_day day = work_day_of(desk, desk->zone);
    return action_days_late(a, &day);
}

bool agenda_is_unanswered(const struct agenda_row *row)
{
    return row->kind == KIND_COMPLAINT &&
           (row->action.state == STATE_DONE || row->action.state == STATE_SKIPPED);
}

enum colour agenda_colour(const struct desk *desk, const struct agenda_row *row)
{
    if (agenda_is_unanswered(row))
        return COLOUR_RED;
    return colour_now(desk, &row->action, row->manager != NULL);
}

int agenda_days_late(const struct desk *desk, const struct agenda_row *row)
{
    civil_day today = desk_today(desk);
    bool late = agenda_is_unanswered(row) && row->action.local_due.day < today;
    return late ? (int)(today - row->action.local_due.day) : days_late_now(desk, &row->action);
}

/* What the overdue task of a complaint waits for; NULL: it is none, or a tick closes it. New string. */
static char *complaint_words(const struct desk *desk, const struct agenda_row *row)
{
    struct case_file file;
    struct err ignored;
    char id[ID_TEXT_BYTES];
    id_format('A', row->action.id, id);
    if (row->kind != KIND_COMPLAINT || row->action.channel != CHANNEL_TASK ||
        case_open(desk, id, &file, &ignored) != RC_OK)
        return NULL;
    char *words = complaint_overdue_words(&file, desk_today(desk));
    case_fini(&file);
    return words;
}

char *agenda_explain(const struct desk *desk, const struct agenda_row *row)
{
    char *overdue = complaint_words(desk, row);
    if (overdue != NULL)
        return overdue;
    const struct work_day day = work_day_of(desk, desk->zone);
    char *why = action_explain(&row->action, &day, row->manager != NULL);
    if (!agenda_is_unanswered(row))
        return why;
    char *words = xasprintf("not answered yet: pps complaint resolve P%lld … (%s)",
                            (long long)row->action.occasion_id, str_or(row->action.reason, why));
    free(why);
    return words;
}

void agenda_keep_red(const struct desk *desk, struct agenda *agenda)
{
    size_t kept = 0;
    for (size_t i = 0; i < agenda->n; i++) {
        if (agenda_colour(desk, &agenda->v[i]) == COLOUR_RED) {
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

const char *step_title(const struct desk *desk, const struct agenda_row *row, const char *lang)
{
    const struct playbook *playbook;
    const struct step *step = NULL;
    struct err ignored; /* then the step's key must do */
    if (store_playbook_get(desk->store, row->playbook_version, &playbook, &ignored) == RC_OK)
        step = playbook_step(playbook, row->action.step);
    return step != NULL ? step_title_in(step, lang) : row->action.step;
}

/* ---- things ---- */

static civil_day day_of(const struct desk *desk, int64_t at)
{
    return zone_to_local(desk->zone, at).day;
}

/* What was promised after the visit waits for the next one. */
civil_day thing_late_since(const struct desk *desk, const struct thing_row *row)
{
    const struct thing *t = &row->thing;
    civil_day today = desk_today(desk), promised = day_of(desk, t->created_at);
    bool visited = row->visited_at != 0 && t->created_at <= row->visited_at;
    if (!thing_is_open(t) || row->visit.day == CIVIL_NONE || promised > row->visit.day ||
        (row->visited_at != 0 && !visited))
        return CIVIL_NONE;
    if (t->ready_at == 0)
        return row->visit.day <= today ? row->visit.day : CIVIL_NONE;
    civil_day end = visited ? day_of(desk, row->visited_at) + HAND_OVER_DAYS : CIVIL_NONE;
    return visited && end <= today ? end : CIVIL_NONE;
}

typedef bool thing_test(const struct desk *desk, const struct thing_row *row, int64_t staff_id);

/* Those of a query for which the test holds. */
static enum rc things_that(const struct desk *desk, const struct thing_query *query,
                           thing_test *holds, int64_t staff_id, struct thing_rows *ret,
                           struct err *err)
{
    enum rc rc = store_things(desk->store, query, ret, err);
    size_t kept = 0;
    for (size_t i = 0; rc == RC_OK && i < ret->n; i++) {
        if (holds(desk, &ret->v[i], staff_id))
            ret->v[kept++] = ret->v[i];
        else
            thing_row_fini(&ret->v[i]);
    }
    if (rc == RC_OK)
        ret->n = kept;
    return rc;
}

static bool is_late(const struct desk *desk, const struct thing_row *row, int64_t staff_id)
{
    (void)staff_id;
    return thing_late_since(desk, row) != CIVIL_NONE;
}

enum rc service_things_late(const struct desk *desk, int64_t owner_id, struct thing_rows *ret,
                            struct err *err)
{
    const struct thing_query query = {
        .owner_id = owner_id, .open_only = true, .from = CIVIL_NONE, .to = desk_today(desk)};
    return things_that(desk, &query, is_late, owner_id, ret, err);
}

static bool is_theirs(const struct desk *desk, const struct thing_row *row, int64_t manager_id)
{
    const struct thing *t = &row->thing;
    struct occasion trip;
    struct err ignored;
    if (manager_id == 0 || t->owner_id == manager_id)
        return true;
    if (t->occasion_id == 0 ||
        store_occasion_get(desk->store, t->occasion_id, &trip, &ignored) != RC_OK)
        return false;
    bool theirs = trip.manager_id == manager_id;
    occasion_fini(&trip);
    return theirs;
}

enum rc service_things_to_prepare(const struct desk *desk, int64_t manager_id,
                                  struct thing_rows *ret, struct err *err)
{
    civil_day today = desk_today(desk);
    const struct thing_query query = {
        .open_only = true, .to_prepare = true, .from = today, .to = today + COMING_DAYS};
    return things_that(desk, &query, is_theirs, manager_id, ret, err);
}

/* ---- documents ---- */

/* A letter that failed or was missed is red itself, and whoever sees to it sees to what goes with it. */
static bool is_told_already(const struct document_row *row)
{
    return row->bearer_id != 0 && (row->bearer == STATE_FAILED || row->bearer == STATE_MISSED);
}

enum rc service_documents_left(const struct desk *desk, int64_t manager_id,
                               struct document_rows *ret, struct err *err)
{
    enum rc rc = store_documents(desk->store, 0, manager_id, ret, err);
    size_t kept = 0;
    for (size_t i = 0; rc == RC_OK && i < ret->n; i++) {
        if (document_fate(&ret->v[i]) == DOCUMENT_STAYS && !is_told_already(&ret->v[i]))
            ret->v[kept++] = ret->v[i];
        else
            document_row_fini(&ret->v[i]);
    }
    if (rc == RC_OK)
        ret->n = kept;
    return rc;
}

/* ---- the playbook ---- */

char *service_playbook_fault(const struct desk *desk)
{
    const struct playbook *playbook;
    struct err err;
    char *text;
    if (planning_read_current(desk, &playbook, &text, &err) != RC_OK)
        return xstrdup(err.message);
    free(text);
    return NULL;
}

/* ---- nobody's trips ---- */

static enum rc has_people(const struct desk *desk, bool *ret, struct err *err)
{
    struct staff_list all;
    enum rc rc = store_staff_list(desk->store, &all, err);
    if (rc != RC_OK)
        return rc;
    *ret = all.n > 0;
    staff_list_fini(&all);
    return RC_OK;
}

enum rc service_nobodys(const struct desk *desk, struct nobodys *ret, struct err *err)
{
    struct nobodys found = {0};
    bool people;
    enum rc rc = has_people(desk, &people, err);
    if (rc == RC_OK && people)
        rc = store_list_trips_of_nobody(desk->store, desk_today(desk), &found.trips, err);
    for (size_t i = 0; i < found.trips.n && rc == RC_OK && found.left == NULL; i++)
        rc = handover_who_left(desk, found.trips.v[i], &found.left, err);
    if (rc == RC_OK)
        *ret = found;
    else
        nobodys_fini(&found);
    return rc;
}

void nobodys_fini(struct nobodys *nobodys)
{
    id_list_fini(&nobodys->trips);
    free(nobodys->left);
    *nobodys = (struct nobodys){0};
}

/* ---- the tick ---- */

static enum rc look_at_gateways(const struct desk *desk, struct tick_mark *mark, struct err *err)
{
    static const enum channel channels[] = {CHANNEL_EMAIL, CHANNEL_SMS};
    for (size_t i = 0; i < 2; i++) {
        char *key = xasprintf("gateway_%s", channel_name(channels[i]));
        enum rc rc = store_setting_get(desk->store, key, &mark->down[i], err);
        free(key);
        if (rc != RC_OK)
            return rc;
        if (str_eq(mark->down[i], "ok")) {
            free(mark->down[i]);
            mark->down[i] = NULL;
        }
    }
    return RC_OK;
}

enum rc service_tick_mark(const struct desk *desk, struct tick_mark *ret, struct err *err)
{
    char *value;
    struct tick_mark mark = {0};
    enum rc rc = store_setting_get(desk->store, "last_tick_at", &value, err);
    if (rc != RC_OK)
        return rc;
    mark.at = value ? strtoll(value, NULL, 10) : 0;
    mark.stale = mark.at == 0 || desk_now(desk) - mark.at > STALE_AFTER_SEC;
    free(value);
    rc = look_at_gateways(desk, &mark, err);
    if (rc == RC_OK)
        rc = unseen_since(desk, mark.at, &mark.unseen, err);
    if (rc == RC_OK)
        *ret = mark;
    else
        tick_mark_fini(&mark);
    return rc;
}

void tick_mark_fini(struct tick_mark *mark)
{
    free(mark->down[0]);
    free(mark->down[1]);
    *mark = (struct tick_mark){0};
}
