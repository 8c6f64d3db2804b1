/* Plan -> rows. The planner (core/timeline) says what should be; this file compares it with what is
 * in the database and writes the difference, so that finished work stays, waiting work moves, and
 * nothing that was overdue loses its colour because somebody corrected a phone number. */
#include <stdlib.h>
#include <string.h>

#include <pps/file.h>
#include <pps/str.h>

#include "internal.h"

enum { PLAYBOOK_MAX_BYTES = 256 * 1024 };

/* ---- playbooks ---- */

enum rc planning_current_playbook(const struct desk *desk, int64_t *ret_version, struct err *err)
{
    char *path = file_join(desk->templates_dir, "playbook.json");
    char *text = NULL;
    size_t len = 0;
    const char *name = path;
    enum rc rc = file_read(path, PLAYBOOK_MAX_BYTES, &text, &len, err);
    if (rc == RC_NOTFOUND) {
        const struct embedded_file *built_in = embedded_find("templates/playbook.json");
        name = built_in->name;
        text = xstrdup(built_in->text);
        len = built_in->len;
        rc = RC_OK;
    }
    struct playbook playbook;
    if (rc == RC_OK)
        rc = playbook_parse(text, len, name, &playbook, err);
    if (rc == RC_INVALID)
        rc = RC_CONFIG;
    if (rc == RC_OK) {
        playbook_fini(&playbook);
        rc = store_playbook_put(desk->store, text, desk_now(desk), ret_version, err);
    }
    free(text);
    free(path);
    return rc;
}

/* ---- what is over ---- */

static const struct action *find_action(const struct actions *actions, const char *step)
{
    for (size_t i = 0; i < actions->n; i++) {
        if (actions->v[i].occurrence == 0 && str_eq(actions->v[i].step, step))
            return &actions->v[i];
    }
    return NULL;
}

static bool is_over(const struct actions *all, const struct action *a)
{
    switch (a->state) {
    case STATE_CLAIMED: /* a repeat: the first is with the client, perhaps */
        return a->cause == CAUSE_NO_VERDICT || a->cause == CAUSE_RESTORED;
    case STATE_PENDING:
    case STATE_HELD:
    case STATE_MISSED:
        return false;
    case STATE_CANCELLED:
        if (a->cause == CAUSE_BY_PERSON)
            return true;
        if (a->cause == CAUSE_MERGED && a->merged_into != NULL) {
            /* Its words have gone out with the other message. */
            const struct action *into = find_action(all, a->merged_into);
            return into != NULL && is_over(all, into) && into->state != STATE_CANCELLED;
        }
        return false;
    default:
        return true;
    }
}

/* ---- one planned item against one row ---- */

static void take_plan(const struct plan_item *item, const char *tz, struct action *a)
{
    a->channel = item->channel;
    a->planned_channel = item->channel;
    a->local_due = item->local_due;
    free(a->tz);
    a->tz = xstrdup(tz);
    a->due_at = item->due_at;
    a->expires_at = item->expires_at;
    a->next_attempt_at = item->due_at;
    a->priority = item->step->priority;
    a->fallback_channel = item->fallback_channel;
    a->fallback_at = item->fallback_at;
    a->cause = item->cause;
    free(a->reason);
    a->reason = xstrdup(item->reason);
    free(a->merged_into);
    a->merged_into = item->verdict == PLAN_MERGED ? xstrdup(item->step->merge_into) : NULL;
    a->state = item->verdict == PLAN_ACTIVE ? STATE_PENDING : STATE_CANCELLED;
}

/* Work that is due already stays due: only what its new dates forbid or allow is brought up to date. */
static void keep_due(const struct plan_item *item, struct action *a)
{
    bool active = item->verdict == PLAN_ACTIVE;
    if (a->cause == CAUSE_NOT_TICKED && a->channel != item->channel)
        return; /* a call that became its message stays one */
    if (a->channel != item->channel && (active || !channel_is_human(a->channel))) {
        a->channel = item->channel;
        a->planned_channel = item->channel;
        if (active)
            a->expires_at = item->expires_at;
    }
    if (channel_is_human(a->channel)) {
        a->fallback_channel = item->fallback_channel;
        a->fallback_at = active ? item->fallback_at : 0;
        a->expires_at = active ? item->expires_at : 0;
        return;
    }
    a->fallback_at = 0; /* it is a message itself, perhaps since now */
    if (a->expires_at > item->not_after)
        a->expires_at = item->not_after;
}

/* Was its time here, and is there still time for it? A letter that is held, or that waited when its trip was
 * cancelled by mistake, is not dropped as "late": it was on time. A call that should have been made is red until
 * somebody ticks it off, whatever is edited meanwhile. */
static bool stays_due(const struct plan_item *item, const struct action *a, int64_t now)
{
    bool no_way = item->verdict == PLAN_DROPPED && item->cause == CAUSE_NO_CONTACT;
    if ((!item->late && !no_way) || a->due_at > now)
        return false;
    if (a->state == STATE_PENDING && channel_is_human(a->channel))
        return true;
    if (no_way)
        return false;
    bool waits = a->state == STATE_PENDING || a->state == STATE_CLAIMED || a->state == STATE_HELD ||
                 (a->state == STATE_CANCELLED && a->cause == CAUSE_TRIP_CANCELLED);
    bool has_time = channel_is_human(a->channel) || a->expires_at == 0 || now < a->expires_at;
    return waits && has_time && now < item->not_after;
}

static void clear_reason(struct action *a)
{
    a->cause = CAUSE_NONE;
    free(a->reason);
    a->reason = NULL;
}

/* Its time passed while no tick ran: the next tick calls it missed. An edit must not turn it into something that was
 * never to be done. */
static bool is_missed_already(const struct plan_item *item, const struct action *a, int64_t now)
{
    return a->state == STATE_PENDING && !channel_is_human(a->channel) && a->expires_at != 0 &&
           a->expires_at <= now && (item->late || item->verdict != PLAN_ACTIVE);
}

/* What becomes of an existing row; false when it stays exactly as it is. */
static bool merge_row(const struct plan_item *item, const char *tz, int64_t now, struct action *a)
{
    if (a->cause == CAUSE_WRONG_NUMBER)
        return false; /* red until the right number is found */
    if (stays_due(item, a, now)) {
        keep_due(item, a);
        if (a->state != STATE_PENDING && a->state != STATE_CLAIMED) {
            a->next_attempt_at = now;
            clear_reason(a);
        }
        a->state = STATE_PENDING;
        return true;
    }
    if (is_missed_already(item, a, now))
        return false;
    if (a->state == STATE_MISSED && (item->verdict != PLAN_ACTIVE || item->late))
        return false; /* still missed: it comes back only when its time is ahead again */
    if (a->state == STATE_CANCELLED && item->verdict == PLAN_DROPPED && a->cause == item->cause &&
        a->due_at == item->due_at)
        return false; /* dropped as before: the reason of the first time is the true one */
    if (a->state == STATE_MISSED || a->state == STATE_CANCELLED || a->state == STATE_HELD)
        a->attempts = 0;
    bool has_its_day = item->postponed && a->state == STATE_PENDING && a->due_at > now &&
                       a->due_at <= item->due_at;
    struct civil day = a->local_due;
    int64_t due_at = a->due_at, next_attempt_at = a->next_attempt_at;
    take_plan(item, tz, a);
    if (has_its_day) { /* an edit does not push it on */
        a->local_due = day;
        a->due_at = due_at;
        a->next_attempt_at = next_attempt_at;
    }
    return true;
}

static enum rc add_row(const struct desk *desk, const struct trip_file *file,
                       const struct plan_item *item, const char *tz, struct err *err)
{
    int64_t now = desk_now(desk), id;
    struct action a = {.trip_id = file->trip.id, .step = xstrdup(item->step->key)};
    take_plan(item, tz, &a);
    enum rc rc = store_action_add(desk->store, &a, now, &id, err);
    action_fini(&a);
    return rc;
}

static enum rc write_item(const struct desk *desk, const struct trip_file *file,
                          const struct plan_item *item, const char *tz, struct err *err)
{
    int64_t now = desk_now(desk);
    struct action a;
    enum rc rc = store_action_by_step(desk->store, file->trip.id, item->step->key, 0, &a, err);
    if (rc == RC_NOTFOUND)
        return item->verdict == PLAN_WAITING ? RC_OK : add_row(desk, file, item, tz, err);
    if (rc != RC_OK)
        return rc;
    enum action_state was = a.state;
    if (item->verdict == PLAN_WAITING) {
        /* The agreed date was taken back: the row waits with it. */
        a.state = STATE_CANCELLED;
        a.cause = CAUSE_LATE;
        free(a.reason);
        a.reason = xstrdup(item->reason);
        rc = store_action_update(desk->store, &a, was, now, err);
    } else if (merge_row(item, tz, now, &a)) {
        a.stale = false;
        rc = store_action_update(desk->store, &a, was, now, err);
        if (rc == RC_OK)
            rc = store_message_forget(desk->store, a.id, err);
    }
    action_fini(&a);
    return rc;
}

enum rc planning_apply(const struct desk *desk, const struct trip_file *file, struct err *err)
{
    const struct zone *zone;
    if (file->trip.cancelled)
        return RC_OK; /* nothing is planned for it */
    enum rc rc = client_zone(desk, &file->client, &zone, err);
    if (rc == RC_OK)
        rc = store_actions_mark_stale(desk->store, file->trip.id, err);
    if (rc != RC_OK)
        return rc;
    const char **settled = xcalloc(file->actions.n, sizeof *settled);
    size_t n_settled = 0;
    for (size_t i = 0; i < file->actions.n; i++) {
        if (is_over(&file->actions, &file->actions.v[i]))
            settled[n_settled++] = file->actions.v[i].step;
    }
    struct plan_input in = {
        .playbook = &file->playbook,
        .zone = zone,
        .calendar = &desk->config->calendar,
        .agency_today = desk_today(desk),
        .purchase = file->trip.purchase,
        .departure = file->trip.departure,
        .return_ = file->trip.return_,
        .visit = file->trip.visit,
        .has_phone = file->client.phone != NULL && !file->client.phone_wrong,
        .phone_wrong = file->client.phone_wrong,
        .has_email = file->client.email != NULL,
        .now = desk_now(desk),
        .settled = settled,
        .n_settled = n_settled,
    };
    struct plan plan;
    plan_make(&in, &plan);
    for (size_t i = 0; i < plan.n && rc == RC_OK; i++)
        rc = write_item(desk, file, &plan.items[i], zone_name(zone), err);
    plan_fini(&plan);
    free(settled);
    return rc;
}

enum rc planning_of_trip(const struct desk *desk, int64_t trip_id, planning_step *step,
                         const void *ctx, struct err *err)
{
    struct trip_file file;
    enum rc rc = store_trip_file(desk->store, trip_id, &file, err);
    if (rc != RC_OK)
        return rc;
    if (step != NULL && !file.trip.cancelled)
        rc = step(desk, &file, ctx, err);
    if (rc == RC_OK)
        rc = planning_apply(desk, &file, err);
    trip_file_fini(&file);
    return rc;
}

enum rc planning_of_client(const struct desk *desk, int64_t client_id, planning_step *step,
                           const void *ctx, struct err *err)
{
    struct trip_list trips;
    enum rc rc = store_trips_of_client(desk->store, client_id, &trips, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < trips.n && rc == RC_OK; i++)
        rc = planning_of_trip(desk, trips.v[i].id, step, ctx, err);
    trip_list_fini(&trips);
    return rc;
}

/* Each trip in a transaction of its own: one that cannot be planned, because its client's time zone is not known here, waits
 * as it is, and does not stop the others. */
enum rc service_replan_stale(const struct desk *desk, struct err *err)
{
    struct id_list trips;
    enum rc rc = store_list_stale_trips(desk->store, &trips, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < trips.n && rc == RC_OK; i++) {
        rc = store_begin(desk->store, err);
        if (rc == RC_OK)
            rc =
                store_finish(desk->store, planning_of_trip(desk, trips.v[i], NULL, NULL, err), err);
        if (rc == RC_INVALID || rc == RC_NOTFOUND || rc == RC_CONFIG)
            rc = RC_OK;
    }
    id_list_fini(&trips);
    return rc;
}
