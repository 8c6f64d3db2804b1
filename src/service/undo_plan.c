/* Taking back that a changed playbook was applied: what is under way has the playbook again that it had, and is planned anew
 * by that. What went out meanwhile is with the clients, and is named. Serves undo.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "time.h"
#include "undo.h"

static bool takes(const char *verb)
{
    return str_eq(verb, "plan");
}

/* Whether a step that only the other playbook has went out since: perhaps it said what this one had dropped. */
static enum rc new_step_went(const struct desk *desk, const struct occasion_file *file, int64_t was,
                             int64_t since, bool *ret, struct err *err)
{
    const struct playbook *old;
    enum rc rc = store_playbook_get(desk->store, was, &old, err);
    if (rc != RC_OK)
        return rc;
    *ret = false;
    for (size_t i = 0; i < file->actions.n; i++) {
        const struct action *a = &file->actions.v[i];
        *ret = *ret || (a->state == STATE_SENT && a->done_at > since &&
                        playbook_step(old, a->step) == NULL);
    }
    return RC_OK;
}

/* It would go at once, and perhaps its fellow has gone by the other playbook. */
static bool is_past(const struct action *a, enum action_state state, int64_t now)
{
    return !channel_is_human(a->channel) && (state == STATE_PENDING || state == STATE_CLAIMED) &&
           a->due_at <= now;
}

/* What was dropped only because its step was gone waits again, or is what else it was; the planner goes on from there. What
 * somebody has done about it since stays. */
static enum rc give_back_row(const struct desk *desk, struct occasion_file *file,
                             const struct json *row, bool spare_past, struct err *err)
{
    int64_t id = json_int_of(row, "id"), now = desk_now(desk);
    for (size_t i = 0; i < file->actions.n; i++) {
        struct action *a = &file->actions.v[i];
        if (a->id != id || a->state != STATE_CANCELLED || a->cause != CAUSE_NO_STEP)
            continue;
        enum action_state state = STATE_PENDING;
        enum cause cause = CAUSE_NONE;
        (void)state_from_name(str_or(json_string(json_get(row, "state")), ""), &state);
        (void)cause_from_name(str_or(json_string(json_get(row, "cause")), ""), &cause);
        if (spare_past && is_past(a, state, now)) {
            set_reason(a, CAUSE_SOLD_BEFORE,
                       xstrdup("its time passed while another playbook held (pps send-now)"));
            return store_action_update(desk->store, a, STATE_CANCELLED, now, err);
        }
        a->state = state == STATE_CLAIMED ? STATE_PENDING : state;
        set_reason(a, cause, xstrdup(json_string(json_get(row, "reason"))));
        return store_action_update(desk->store, a, STATE_CANCELLED, now, err);
    }
    return RC_OK;
}

static enum rc give_back_rows(const struct desk *desk, struct occasion_file *file,
                              const struct json *detail, int64_t since, struct err *err)
{
    const struct json *rows = json_get(detail, PLAN_DROPPED_ROWS);
    bool spare_past = false;
    enum rc rc =
        new_step_went(desk, file, json_int_of(detail, PLAN_WAS), since, &spare_past, err);
    for (const struct json *v = json_first(rows); v != NULL && rc == RC_OK; v = json_next(v))
        rc = give_back_row(desk, file, v, spare_past, err);
    return rc;
}

/* "; A story (A12) went out since then, and stays so": no undo brings a message back. "" when nothing did. New string. */
static char *gone_since(const struct occasion_file *file, int64_t since)
{
    struct sb sb = {0};
    for (size_t i = 0; i < file->actions.n; i++) {
        const struct action *a = &file->actions.v[i];
        const struct step *step = playbook_step(file->playbook, a->step);
        if (a->state == STATE_SENT && a->done_at > since)
            sb_addf(&sb, "%s %s (A%lld)", sb.len ? "," : "", step ? step->title : a->step,
                    (long long)a->id);
    }
    char *text =
        sb.len ? xasprintf("; went out since then, and stays so:%s", sb_str(&sb)) : xstrdup("");
    sb_fini(&sb);
    return text;
}

/* By the configuration of today it would be planned as it is; and what the log says only for people, cannot be given back. */
static enum rc check(const struct occasion_file *file, const struct json *detail, struct err *err)
{
    int64_t was = json_int_of(detail, PLAN_WAS), is = json_int_of(detail, PLAN_IS);
    char id[ID_TEXT_BYTES];
    occasion_id_format(file->occasion.kind, file->occasion.id, id);
    if (was == 0 || was == is)
        return err_set(err, RC_REJECTED,
                       "%s has the same playbook as before: put back what was changed, "
                       "playbook.json or pps.json, and pps plan --apply",
                       id);
    if (file->occasion.playbook_version != is)
        return err_set(err, RC_REJECTED,
                       "%s has another playbook since then: put the old playbook.json back, and "
                       "pps plan --apply",
                       id);
    return RC_OK;
}

static enum rc take_back(const struct desk *desk, const struct audit_entry *entry,
                         struct occasion_file *file, const struct json *detail, char **ret_what,
                         struct err *err)
{
    char id[ID_TEXT_BYTES];
    occasion_id_format(file->occasion.kind, file->occasion.id, id);
    enum rc rc = check(file, detail, err);
    if (rc != RC_OK)
        return rc;
    int64_t was = json_int_of(detail, PLAN_WAS);
    char *gone = gone_since(file, entry->at);
    if (!file->occasion.ended)
        rc = give_back_rows(desk, file, detail, entry->at, err);
    if (rc == RC_OK)
        rc = replan_with(desk, file, was, err);
    if (rc == RC_OK)
        rc = replan_others(desk, file->client.id, 1, err);
    if (rc == RC_OK)
        *ret_what =
            xasprintf("%s has playbook %lld again%s%s", id, (long long)was,
                      file->occasion.ended ? "" : ": what is still ahead was planned anew", gone);
    free(gone);
    return rc;
}

static enum rc undo_entry(const struct desk *desk, const struct audit_entry *entry, char **ret_what,
                          struct err *err)
{
    return undo_with_file(desk, entry, take_back, ret_what, err);
}

const struct undoer undo_of_plans = {.takes = takes, .undo = undo_entry};
