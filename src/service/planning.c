/* Plan -> rows. The planner (core/timeline) says what should be; this file fetches what is in the database, has each row
 * follow its plan (follow.c), and writes the difference. */
#include <stdlib.h>
#include <string.h>

#include <pps/file.h>
#include <pps/str.h>

#include "around.h"
#include "follow.h"
#include "time.h"

enum { PLAYBOOK_MAX_BYTES = 256 * 1024 };

/* ---- playbooks ---- */

enum rc planning_read_current(const struct desk *desk, const struct playbook **ret, char **ret_text,
                              struct err *err)
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
    if (rc == RC_OK)
        rc = store_playbook_read(desk->store, text, len, name, ret, err);
    if (rc == RC_INVALID)
        rc = RC_CONFIG;
    if (rc == RC_OK)
        *ret_text = text;
    else
        free(text);
    free(path);
    return rc;
}

enum rc planning_current_playbook(const struct desk *desk, int64_t *ret_version, struct err *err)
{
    const struct playbook *playbook;
    char *text;
    enum rc rc = planning_read_current(desk, &playbook, &text, err);
    if (rc != RC_OK)
        return rc;
    rc = store_playbook_put(desk->store, text, desk_now(desk), ret_version, err);
    free(text);
    return rc == RC_OK ? replan_note_consent(desk, true, err) : rc;
}

/* ---- a plan against the rows ---- */

/* What is done again, and instead of which a message went because the client does not want to be called, is no call now:
 * its message goes once more. */
static bool is_declined(const struct occasion_file *file, const struct action *a)
{
    bool again = a->state == STATE_PENDING && a->channel == CHANNEL_CALL && a->fallback_at != 0;
    for (size_t i = 0; i < file->actions.n && again; i++) {
        const struct action *last = &file->actions.v[i];
        if (str_eq(last->step, a->step) && last->occurrence == a->occurrence - 1)
            return str_eq(last->outcome, "refused") && !channel_is_human(last->channel);
    }
    return false;
}

/* Under the number that the store has given it. */
static enum rc decline(const struct desk *desk, int64_t id, struct err *err)
{
    struct action a;
    enum rc rc = store_action_get(desk->store, id, &a, err);
    if (rc != RC_OK)
        return rc;
    set_declined(&a);
    rc = store_action_update(desk->store, &a, a.state, desk_now(desk), err);
    action_fini(&a);
    return rc;
}

static enum rc add_row(const struct desk *desk, const struct occasion_file *file,
                       const struct plan_item *item, struct err *err)
{
    int64_t now = desk_now(desk), id;
    struct action a = {.occasion_id = file->occasion.id,
                       .step = xstrdup(item->step->key),
                       .occurrence = item->occurrence,
                       .anchor_at = {CIVIL_NONE, MINUTE_NONE},
                       .moved_to = {CIVIL_NONE, MINUTE_NONE}};
    row_take_plan(item, &a);
    enum rc rc = store_action_add(desk->store, &a, now, &id, err);
    if (rc == RC_OK && is_declined(file, &a))
        rc = decline(desk, id, err);
    action_fini(&a);
    return rc;
}

static enum rc write_item(const struct desk *desk, const struct occasion_file *file,
                          const struct plan_item *item, struct err *err)
{
    int64_t now = desk_now(desk);
    struct action a;
    enum rc rc = store_action_by_step(desk->store, file->occasion.id, item->step->key,
                                      item->occurrence, &a, err);
    if (rc == RC_NOTFOUND)
        return item->verdict == PLAN_WAITING ? RC_OK : add_row(desk, file, item, err);
    if (rc != RC_OK)
        return rc;
    enum action_state was = a.state;
    if (item->verdict == PLAN_WAITING && was == STATE_CANCELLED && a.cause == CAUSE_CONDITION) {
        rc = RC_OK; /* why it was taken back says more */
    } else if (item->verdict == PLAN_WAITING) {
        /* The agreed date was taken back: the row waits with it. */
        a.state = STATE_CANCELLED;
        a.cause = CAUSE_LATE;
        free(a.reason);
        a.reason = xstrdup(item->reason);
        rc = store_action_update(desk->store, &a, was, now, err);
    } else if (row_follow(item, now, &a)) {
        a.stale = false;
        rc = store_action_update(desk->store, &a, was, now, err);
        if (rc == RC_OK)
            rc = store_message_forget(desk->store, a.id, err);
    }
    action_fini(&a);
    return rc;
}

/* What the sent log knew better than an older copy went for a date that nobody knew then: it is the one that people have
 * entered since. From now on another date is another one. */
static enum rc date_restored(const struct desk *desk, const struct occasion_file *file,
                             struct err *err)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < file->actions.n && rc == RC_OK; i++) {
        struct action *a = &file->actions.v[i];
        const struct step *step = playbook_step(file->playbook, a->step);
        bool went = a->state == STATE_SENT || a->state == STATE_IN_DOUBT;
        if (!went || a->cause != CAUSE_RESTORED || a->anchor_at.day != CIVIL_NONE || step == NULL)
            continue;
        a->anchor_at = file->occasion.when[step->at.anchor];
        if (a->anchor_at.day != CIVIL_NONE)
            rc = store_action_update(desk->store, a, a->state, desk_now(desk), err);
    }
    return rc;
}

static enum rc plan_and_write(const struct desk *desk, const struct occasion_file *file,
                              struct around *around, planning_look *look, struct err *err)
{
    struct circumstances circumstances;
    struct plan plan;
    enum rc rc = circumstances_of(desk, file, around, &circumstances, err);
    if (rc != RC_OK)
        return rc;
    plan_make(&circumstances.in, &plan);
    if (look != NULL)
        rc = look(desk, file, &plan, err);
    for (size_t i = 0; i < plan.n && rc == RC_OK; i++)
        rc = write_item(desk, file, &plan.items[i], err);
    if (rc == RC_OK)
        rc = date_restored(desk, file, err);
    if (rc == RC_OK)
        rc = replan_drop_unknown(desk, file, err);
    if (rc == RC_OK)
        rc = replan_drop_repeated(desk, file, err);
    plan_fini(&plan);
    circumstances_fini(&circumstances);
    return rc;
}

enum rc planning_apply_after(const struct desk *desk, const struct occasion_file *file,
                             planning_look *look, struct err *err)
{
    struct around around;
    if (file->occasion.ended)
        return RC_OK; /* nothing is planned for it */
    enum rc rc = store_actions_mark_stale(desk->store, file->occasion.id, err);
    if (rc == RC_OK)
        rc = around_read(desk, file->client.id, &around, err);
    if (rc != RC_OK)
        return rc;
    rc = plan_and_write(desk, file, &around, look, err);
    around_fini(&around);
    return rc == RC_OK ? calls_settle(desk, file->client.phone, err) : rc;
}

enum rc planning_apply(const struct desk *desk, const struct occasion_file *file, struct err *err)
{
    return planning_apply_after(desk, file, NULL, err);
}

/* ---- one action ---- */

/* The item of one action; NULL: the plan leaves it alone. */
static const struct plan_item *item_of(const struct plan *plan, const struct action *a)
{
    for (size_t i = 0; i < plan->n; i++) {
        if (str_eq(plan->items[i].step->key, a->step) && plan->items[i].occurrence == a->occurrence)
            return &plan->items[i];
    }
    return NULL;
}

static enum rc plan_one(const struct desk *desk, const struct action *a, bool write, bool alone,
                        int64_t *ret_end, struct err *err)
{
    struct occasion_file file;
    struct around around = {0};
    struct circumstances circumstances;
    struct plan plan;
    enum rc rc = store_occasion_file(desk->store, a->occasion_id, &file, err);
    if (rc != RC_OK)
        return rc;
    rc = around_read(desk, file.client.id, &around, err);
    if (rc == RC_OK)
        rc = circumstances_of(desk, &file, &around, &circumstances, err);
    if (rc == RC_OK) {
        plan_make(&circumstances.in, &plan);
        const struct plan_item *item = item_of(&plan, a);
        *ret_end = item != NULL && item->end != 0 ? item->end : INT64_MAX;
        if (write && item != NULL)
            rc = write_item(desk, &file, item, err);
        if (rc == RC_OK && write && !alone)
            rc = calls_settle(desk, file.client.phone, err);
        plan_fini(&plan);
        circumstances_fini(&circumstances);
    }
    around_fini(&around);
    occasion_file_fini(&file);
    return rc;
}

enum rc planning_end_of(const struct desk *desk, const struct action *a, int64_t *ret_end,
                        struct err *err)
{
    return plan_one(desk, a, false, true, ret_end, err);
}

enum rc planning_of_action(const struct desk *desk, const struct action *a, int64_t *ret_end,
                           struct err *err)
{
    return plan_one(desk, a, true, false, ret_end, err);
}

enum rc planning_of_call(const struct desk *desk, const struct action *a, struct err *err)
{
    int64_t end;
    return plan_one(desk, a, true, true, &end, err);
}

enum rc planning_of_occasion(const struct desk *desk, int64_t occasion_id, planning_step *step,
                             const void *ctx, struct err *err)
{
    struct occasion_file file;
    enum rc rc = store_occasion_file(desk->store, occasion_id, &file, err);
    if (rc != RC_OK)
        return rc;
    if (step != NULL && !file.occasion.ended)
        rc = step(desk, &file, ctx, err);
    if (rc == RC_OK)
        rc = planning_apply(desk, &file, err);
    occasion_file_fini(&file);
    return rc;
}

/* ---- all that is planned for a client ---- */

/* A round over all of them: `mark` takes what is with the client already, perhaps, for changed. */
struct round {
    bool mark;
    planning_step *step;
    const void *ctx;
};

static enum rc plan_next(const struct desk *desk, const struct round *round, struct around *around,
                         struct occasion_file *file, struct err *err)
{
    enum rc rc = round->step != NULL ? round->step(desk, file, round->ctx, err) : RC_OK;
    if (rc == RC_OK && round->mark)
        rc = store_actions_mark_stale(desk->store, file->occasion.id, err);
    if (rc == RC_OK)
        rc = plan_and_write(desk, file, around, NULL, err);
    if (rc == RC_OK && file->occasion.kind == KIND_TRIP) /* only their calls are for several */
        rc = calls_settle(desk, file->client.phone, err);
    return rc == RC_OK ? around_planned(desk, around, &file->occasion, err) : rc;
}

static enum rc plan_round(const struct desk *desk, int64_t client_id, const struct round *round,
                          struct err *err)
{
    struct around around;
    struct id_list ids;
    enum rc rc = around_read(desk, client_id, &around, err);
    if (rc != RC_OK)
        return rc;
    around_order(&around, &ids);
    for (size_t i = 0; i < ids.n && rc == RC_OK; i++) {
        struct occasion_file file;
        rc = store_occasion_file(desk->store, ids.v[i], &file, err);
        if (rc != RC_OK)
            break;
        rc = plan_next(desk, round, &around, &file, err);
        occasion_file_fini(&file);
    }
    if (rc == RC_OK && ids.n > 0) /* a number that has changed, if no trip is planned */
        rc = calls_settle_of(desk, client_id, err);
    id_list_fini(&ids);
    around_fini(&around);
    return rc;
}

enum rc planning_of_client(const struct desk *desk, int64_t client_id, planning_step *step,
                           const void *ctx, struct err *err)
{
    const struct round round = {true, step, ctx};
    return plan_round(desk, client_id, &round, err);
}

enum rc planning_of_all(const struct desk *desk, int64_t client_id, struct err *err)
{
    const struct round round = {false, NULL, NULL};
    return plan_round(desk, client_id, &round, err);
}
