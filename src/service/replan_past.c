/* Another playbook for what is under way. Never blasts the past: a step that is new and whose time has gone is not for what
 * was sold before, and what waits keeps its day when its new one has gone. Serves replan.c, the undo of it, and every
 * planning. */
#include <stdlib.h>

#include <pps/replan.h>
#include <pps/str.h>

#include "time.h"

enum rc replan_drop_unknown(const struct desk *desk, const struct occasion_file *file,
                            struct err *err)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < file->actions.n && rc == RC_OK; i++) {
        struct action a;
        const struct step *step = playbook_step(file->playbook, file->actions.v[i].step);
        if (step != NULL && step->series == file->occasion.kind)
            continue;
        rc = store_action_get(desk->store, file->actions.v[i].id, &a, err);
        if (rc != RC_OK)
            return rc;
        enum action_state was = a.state;
        bool repeat = a.cause == CAUSE_NO_VERDICT || a.cause == CAUSE_RESTORED;
        if (was == STATE_PENDING || was == STATE_HELD || was == STATE_MISSED ||
            was == STATE_SUPPRESSED || (was == STATE_CLAIMED && !repeat)) {
            a.state = STATE_CANCELLED;
            a.stale = false;
            set_reason(&a, CAUSE_NO_STEP, xstrdup("dropped: no longer in the playbook"));
            rc = store_action_update(desk->store, &a, was, desk_now(desk), err);
        }
        action_fini(&a);
    }
    return rc;
}

/* The newest repetition of the same step, when it is newer than this row; NULL: none. */
static const struct action *repetition_of(const struct occasion_file *file, const struct action *a)
{
    const struct action *newest = a;
    for (size_t i = 0; i < file->actions.n; i++) {
        const struct action *b = &file->actions.v[i];
        if (str_eq(b->step, a->step) && b->occurrence > newest->occurrence)
            newest = b;
    }
    return newest == a ? NULL : newest;
}

enum rc replan_drop_repeated(const struct desk *desk, const struct occasion_file *file,
                             struct err *err)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < file->actions.n && rc == RC_OK; i++) {
        struct action a;
        const struct action *newer = repetition_of(file, &file->actions.v[i]);
        if (newer == NULL)
            continue;
        rc = store_action_get(desk->store, file->actions.v[i].id, &a, err);
        if (rc != RC_OK)
            return rc;
        enum action_state was = a.state;
        bool open = was == STATE_PENDING || was == STATE_HELD || was == STATE_MISSED;
        if (open && a.cause != CAUSE_NO_VERDICT && a.cause != CAUSE_RESTORED) {
            a.stale = false;
            bool called = a.cause == CAUSE_CALLED_EARLY; /* about the date of then: it was made */
            a.state = called ? STATE_DONE : STATE_CANCELLED;
            set_reason(&a, called ? CAUSE_NONE : CAUSE_LATE,
                       called ? NULL
                              : xasprintf("its date has moved: A%lld takes its place",
                                          (long long)newer->id));
            rc = store_action_update(desk->store, &a, was, desk_now(desk), err);
        }
        action_fini(&a);
    }
    return rc;
}

static const struct action *row_of(const struct occasion_file *file, const struct plan_item *item)
{
    for (size_t i = 0; i < file->actions.n; i++) {
        const struct action *a = &file->actions.v[i];
        if (str_eq(a->step, item->step->key) && a->occurrence == item->occurrence)
            return a;
    }
    return NULL;
}

/* It keeps the day that it had, as if somebody had chosen it: also when it is planned once more. What was missed would come
 * back by the next edit, for its time is a later one now; but only another date of the client's may bring it back. */
static enum rc keep_day(const struct desk *desk, const struct plan_item *item,
                        const struct action *row, struct err *err)
{
    struct action a;
    bool waits = row->state == STATE_PENDING || row->state == STATE_HELD;
    if (!item->comes_back && (!waits || row->due_at <= desk_now(desk)))
        return RC_OK;
    enum rc rc = store_action_get(desk->store, row->id, &a, err);
    if (rc != RC_OK)
        return rc;
    a.moved_to = a.local_due;
    a.anchor_at = item->anchor_at;
    rc = store_action_update(desk->store, &a, a.state, desk_now(desk), err);
    action_fini(&a);
    return rc;
}

static void not_for_it(const struct occasion_file *file, struct plan_item *item)
{
    bool trip = file->occasion.kind == KIND_TRIP;
    free(item->reason);
    item->reason =
        xstrdup(trip ? "not for trips that were sold before" : "not for what began before");
    item->verdict = PLAN_DROPPED;
    item->cause = CAUSE_SOLD_BEFORE;
    item->expires_at = item->fallback_at = 0;
}

static void take_out(struct plan *plan, size_t i)
{
    free(plan->items[i].reason);
    free(plan->items[i].hold_reason);
    plan->n--;
    for (; i < plan->n; i++)
        plan->items[i] = plan->items[i + 1];
}

/* What is late by the new playbook was not late by the old one, whatever its if_late says. */
static enum rc spare_the_past(const struct desk *desk, const struct occasion_file *file,
                              struct plan *plan, struct err *err)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < plan->n && rc == RC_OK;) {
        struct plan_item *item = &plan->items[i];
        const struct action *row = row_of(file, item);
        if (!item->late) {
            i++;
        } else if (row == NULL) {
            not_for_it(file, item);
            i++;
        } else {
            rc = keep_day(desk, item, row, err);
            take_out(plan, i);
        }
    }
    return rc;
}

/* ---- another playbook ---- */

/* The date from which finished work counts as planned is that of its step's anchor, also when the playbook has given the
 * step another one: otherwise it would seem that its date had moved, and what is done again then would be done again. */
static enum rc carry_anchors(const struct desk *desk, struct occasion_file *file,
                             const struct playbook *now, struct err *err)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < file->actions.n && rc == RC_OK; i++) {
        struct action *a = &file->actions.v[i];
        const struct step *old = playbook_step(file->playbook, a->step);
        const struct step *new = playbook_step(now, a->step);
        if (old == NULL || new == NULL || old->at.anchor == new->at.anchor)
            continue;
        a->anchor_at = file->occasion.when[new->at.anchor];
        rc = store_action_update(desk->store, a, a->state, desk_now(desk), err);
    }
    return rc;
}

enum rc replan_with(const struct desk *desk, struct occasion_file *file, int64_t version,
                    struct err *err)
{
    const struct playbook *playbook;
    enum rc rc = store_playbook_get(desk->store, version, &playbook, err);
    if (rc != RC_OK)
        return rc;
    rc = carry_anchors(desk, file, playbook, err);
    file->playbook = playbook;
    file->occasion.playbook_version = version;
    if (rc == RC_OK)
        rc = store_occasion_update(desk->store, &file->occasion, err);
    return rc == RC_OK ? planning_apply_after(desk, file, spare_the_past, err) : rc;
}
