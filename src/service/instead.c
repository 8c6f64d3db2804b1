/* What did not get through. "You fly tomorrow" was to be a call; nobody ticked it, and its SMS was refused: then somebody
 * has to call after all, while there is time. The same action becomes the call, so that it is done when the call is.
 * Serves the tick, which calls it when it has done its own work. */
#include <stdlib.h>

#include <pps/steer.h>
#include <pps/str.h>

#include "internal.h"

static bool lists_call(const struct step *step)
{
    bool call = step->channel == CHANNEL_CALL;
    for (size_t i = 0; i < step->n_otherwise; i++)
        call = call || step->otherwise[i] == CHANNEL_CALL;
    return call;
}

/* What would be called about anyway; and of the rest what is about the journey, is due these days, and may be a call by the
 * playbook. A wish for a happy journey never is. */
static bool may_be_call(const struct desk *desk, const struct case_file *f)
{
    const struct action *a = &f->action;
    civil_day today = desk_today(desk);
    if (f->client.phone == NULL || f->client.phone_wrong || f->step == NULL)
        return false;
    if (channel_is_human(a->planned_channel))
        return true;
    bool these_days = a->local_due.day >= today && a->local_due.day <= today + 1;
    return these_days && f->step->class == CLASS_SERVICE && lists_call(f->step);
}

/* It goes back into waiting first: what is settled keeps its way. */
static enum rc become_call(const struct desk *desk, const struct case_file *f, struct action *a,
                           struct err *err)
{
    int64_t now = desk_now(desk);
    enum action_state was = a->state;
    char *before = xstrdup(str_or(a->reason, "it was refused"));
    a->state = STATE_PENDING;
    set_reason(a, CAUSE_NOT_DELIVERED, xstrdup("the SMS did not get through: call"));
    enum rc rc = store_action_update(desk->store, a, was, now, err);
    a->channel = a->planned_channel = CHANNEL_CALL;
    a->local_due = zone_to_local(desk->zone, now);
    free(a->tz);
    a->tz = xstrdup(zone_name(desk->zone));
    a->due_at = a->next_attempt_at = now;
    a->fallback_at = 0;
    a->attempts = 0;
    if (rc == RC_OK)
        rc = store_action_update(desk->store, a, STATE_PENDING, now, err);
    if (rc == RC_OK)
        rc = store_message_forget(desk->store, a->id, err);
    if (rc == RC_OK)
        rc = audit(desk, "call-instead", f->client.id, f->occasion.id, a->id, before, err);
    free(before);
    return rc;
}

/* One number is called once: what another call stands for is no call that anybody has to know of. */
static enum rc add_open(const struct desk *desk, int64_t id, struct actions *list, struct err *err)
{
    struct action a;
    enum rc rc = store_action_get(desk->store, id, &a, err);
    if (rc != RC_OK)
        return rc;
    if (a.state != STATE_PENDING) {
        action_fini(&a);
        return RC_OK;
    }
    vec_reserve(&list->v, list->n, &list->cap, sizeof *list->v);
    list->v[list->n++] = a;
    return RC_OK;
}

static enum rc look_at_one(const struct desk *desk, int64_t id, struct actions *list,
                           struct err *err)
{
    struct case_file f;
    char name[ID_TEXT_BYTES];
    id_format('A', id, name);
    enum rc rc = case_open(desk, name, &f, err);
    if (rc != RC_OK)
        return rc;
    bool call = may_be_call(desk, &f);
    if (call)
        rc = become_call(desk, &f, &f.action, err);
    if (rc == RC_OK && call)
        rc = calls_settle(desk, f.client.phone, err);
    if (rc == RC_OK && call)
        rc = add_open(desk, id, list, err);
    case_fini(&f);
    return rc;
}

enum rc service_call_instead(const struct desk *desk, struct actions *ret, struct err *err)
{
    struct desk machine = *desk; /* nobody does it, whoever started the tick */
    machine.actor = "tick";
    struct id_list ids;
    struct actions list = {0};
    enum rc rc = store_list_undelivered(desk->store, desk_now(desk), &ids, err);
    if (rc != RC_OK)
        return rc;
    if (ids.n > 0)
        rc = store_begin(desk->store, err);
    if (ids.n > 0 && rc == RC_OK) {
        for (size_t i = 0; i < ids.n && rc == RC_OK; i++)
            rc = look_at_one(&machine, ids.v[i], &list, err);
        rc = store_finish(desk->store, rc, err);
    }
    id_list_fini(&ids);
    if (rc == RC_OK)
        *ret = list;
    else
        actions_fini(&list);
    return rc;
}
