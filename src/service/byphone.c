/* The visit to the office that nobody makes: the client cannot come, and impressions, the loyalty programme and the
 * recommendation are talked over by phone; or it is simply not to be. While no day is agreed the visit has no row, so it
 * gets one here, in order to end. Serves ticking off, skip and undo. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "byphone.h"

/* Nothing but the day is missing. */
static bool waits_for_day(const struct occasion *o, const struct step *step)
{
    return step != NULL && step->series == o->kind && step->channel == CHANNEL_VISIT &&
           o->when[step->at.anchor].day == CIVIL_NONE && !o->ended;
}

static enum rc add_visit(const struct desk *desk, const struct occasion_file *file,
                         const struct step *step, struct err *err)
{
    int64_t now = desk_now(desk), id;
    struct action a = {
        .occasion_id = file->occasion.id,
        .step = step->key,
        .channel = CHANNEL_VISIT,
        .planned_channel = CHANNEL_VISIT,
        .state = STATE_PENDING,
        .local_due = zone_to_local(desk->zone, now),
        .due_at = now,
        .next_attempt_at = now,
        .priority = step->priority,
        .anchor_at = {CIVIL_NONE, MINUTE_NONE},
        .moved_to = {CIVIL_NONE, MINUTE_NONE},
    };
    a.tz = xstrdup(zone_name(desk->zone));
    enum rc rc = store_action_add(desk->store, &a, now, &id, err);
    free(a.tz);
    return rc;
}

/* The row of a day that was taken back waits as one that never was. */
static enum rc take_up(const struct desk *desk, const struct occasion_file *file,
                       const struct step *step, struct err *err)
{
    struct action a;
    struct err none;
    enum rc rc = store_action_by_step(desk->store, file->occasion.id, step->key, 0, &a, &none);
    if (rc == RC_NOTFOUND)
        return add_visit(desk, file, step, err);
    if (rc != RC_OK)
        return err_set(err, rc, "%s", none.message);
    bool waits = a.state == STATE_CANCELLED && a.cause == CAUSE_LATE;
    if (waits) {
        a.state = STATE_PENDING;
        a.local_due = zone_to_local(desk->zone, desk_now(desk));
        a.due_at = desk_now(desk);
        set_reason(&a, CAUSE_NONE, NULL);
        rc = store_action_update(desk->store, &a, STATE_CANCELLED, desk_now(desk), err);
    }
    action_fini(&a);
    return rc;
}

enum rc visit_take_up(const struct desk *desk, const char *words, struct err *err)
{
    const char *slash = strchr(words, '/');
    struct occasion_file file;
    int64_t occasion_id;
    if (slash == NULL)
        return RC_OK;
    char *before = xstrndup(words, (size_t)(slash - words));
    struct err unknown;
    enum rc rc = lookup_occasion(desk, before, &occasion_id, &unknown);
    free(before);
    if (rc != RC_OK)
        return RC_OK; /* said by whoever looks for the action */
    rc = store_occasion_file(desk->store, occasion_id, &file, err);
    if (rc != RC_OK)
        return rc;
    const struct step *step = playbook_step(file.playbook, slash + 1);
    if (waits_for_day(&file.occasion, step))
        rc = take_up(desk, &file, step, err);
    occasion_file_fini(&file);
    return rc;
}

static enum rc close_visit(const struct desk *desk, struct action *a, struct err *err)
{
    enum rc rc = require_open(desk, a, err);
    if (rc != RC_OK)
        return rc;
    a->state = STATE_DONE;
    a->done_at = desk_now(desk);
    free(a->done_by);
    a->done_by = xstrdup(desk->actor);
    free(a->outcome);
    a->outcome = xstrdup(BY_PHONE);
    set_reason(a, CAUSE_NONE, NULL);
    return store_action_update(desk->store, a, STATE_PENDING, desk_now(desk), err);
}

static const struct step *visit_of(const struct playbook *playbook, const struct step *call)
{
    const char *key = call != NULL ? call->invites_to : NULL;
    const struct step *visit = key != NULL ? playbook_step(playbook, key) : NULL;
    return visit != NULL && visit->channel == CHANNEL_VISIT ? visit : NULL;
}

enum rc visit_refuse_call(const struct case_file *f, struct err *err)
{
    bool others = false; /* a playbook without such a call says nothing about who agrees on the day */
    for (size_t i = 0; i < f->playbook->n_steps; i++)
        others = others || visit_of(f->playbook, &f->playbook->steps[i]) != NULL;
    if (f->action.channel != CHANNEL_CALL || f->occasion.kind != KIND_TRIP || !others ||
        visit_of(f->playbook, f->step) != NULL)
        return RC_OK;
    return err_set(err, RC_USAGE,
                   "--visit belongs to a call that invites to a visit: pps edit-trip T%lld --visit "
                   "\"DATE HOUR\" notes a day all the same",
                   (long long)f->occasion.id);
}

enum rc visit_by_phone(const struct desk *desk, const struct case_file *call, int64_t *ret_id,
                       struct err *err)
{
    const struct step *visit = visit_of(call->playbook, call->step);
    if (visit == NULL)
        return err_set(err, RC_USAGE, "--by-phone belongs to a call that invites to a visit");
    char id[ID_TEXT_BYTES];
    struct action a;
    occasion_id_format(call->occasion.kind, call->occasion.id, id);
    char *words = xasprintf("%s/%s", id, visit->key);
    enum rc rc = visit_take_up(desk, words, err);
    if (rc == RC_OK)
        rc = lookup_action(desk, words, &a, err);
    free(words);
    if (rc != RC_OK)
        return rc;
    *ret_id = a.id;
    rc = close_visit(desk, &a, err);
    action_fini(&a);
    return rc;
}

enum rc visit_reopen(const struct desk *desk, int64_t action_id, struct err *err)
{
    struct action a;
    enum rc rc = store_action_get(desk->store, action_id, &a, err);
    if (rc != RC_OK)
        return rc;
    if (a.state == STATE_DONE && str_eq(a.outcome, BY_PHONE)) {
        a.state = STATE_PENDING;
        a.done_at = 0;
        free(a.done_by);
        free(a.outcome);
        a.done_by = a.outcome = NULL;
        rc = store_action_update(desk->store, &a, STATE_DONE, desk_now(desk), err);
    }
    action_fini(&a);
    return rc;
}

enum rc visit_trip(const struct occasion *o, int64_t *ret_id, struct err *err)
{
    char id[ID_TEXT_BYTES];
    *ret_id = o->kind == KIND_TRIP ? o->id : o->about_id;
    occasion_id_format(o->kind, o->id, id);
    return *ret_id != 0 ? RC_OK
                        : err_set(err, RC_REJECTED,
                                  "--visit: %s is about no trip; pps edit-trip T… --visit notes "
                                  "the day",
                                  id);
}
