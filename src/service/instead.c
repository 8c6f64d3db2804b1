/* When the machine cannot help: a message has gone nowhere, perhaps after nobody had called and its SMS was refused: then
 * somebody has to call after all, while there is time. The same action becomes the call, so that it is done when the call is.
 * One that is still tried stays with the machine as well: the call keeps its cut-off, so the next tick tries the message
 * again, and whichever succeeds first ends the other. And a call that nobody made while it made sense is missed.
 * Serves the tick, which calls it when it has done its own work, and the ticking off of calls. */
#include <stdlib.h>

#include <pps/colour.h>
#include <pps/steer.h>
#include <pps/str.h>

#include "instead.h"
#include "time.h"

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
    if (str_eq(a->outcome, "refused"))
        return false; /* they do not want to be called */
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

/* ---- what is still tried ---- */

enum { ASK_AFTER_SEC = 3600, HOURS_LEFT_SEC = 90 * 60 };

/* Whether so little is left of today's calling hours that nobody should wait for another try. */
static bool hours_are_short(const struct desk *desk)
{
    struct civil end = {desk_today(desk), desk->config->calls.hours.to};
    return end.minute != 0 && desk_now(desk) + HOURS_LEFT_SEC > zone_to_utc(desk->zone, end);
}

/* An hour after it should have gone; or at its first failed try, when the calling hours are almost over. */
static enum rc is_time_to_ask(const struct desk *desk, const struct case_file *f, bool *ret,
                              struct err *err)
{
    const struct action *a = &f->action;
    const struct zone *theirs;
    int64_t now = desk_now(desk), its = a->fallback_at != 0 ? a->fallback_at : a->due_at;
    enum rc rc = client_zone(desk, &f->client, &theirs, err);
    if (rc != RC_OK)
        return rc;
    if (a->channel == CHANNEL_SMS)
        its = decent_instant(theirs, desk->config->sms.hours, its);
    /* One that waits for a decent hour there waits in vain only when its time is over by then. */
    bool too_late = a->expires_at != 0 && a->next_attempt_at >= a->expires_at;
    bool in_vain = a->cause == CAUSE_RETRY || a->cause == CAUSE_CROWDED || a->next_attempt_at <= now;
    *ret = too_late || (in_vain && (now >= its + ASK_AFTER_SEC || hours_are_short(desk)));
    return RC_OK;
}

static void becomes_todays_call(const struct desk *desk, struct action *a)
{
    int64_t now = desk_now(desk);
    char cutoff[CIVIL_TEXT_BYTES];
    civil_format(zone_to_local(desk->zone, a->fallback_at ? a->fallback_at : now), cutoff);
    set_reason(a, CAUSE_NOT_DELIVERED,
               xasprintf("not called by %s, and the %s does not get through: call now, it is still "
                         "tried",
                         cutoff, channel_word(a->channel)));
    a->local_due = zone_to_local(desk->zone, now);
    free(a->tz);
    a->tz = xstrdup(zone_name(desk->zone));
    a->due_at = now;
    a->moved_to = (struct civil){CIVIL_NONE, MINUTE_NONE};
    a->attempts = 0;
    if (a->fallback_at == 0) {
        a->fallback_at = now;
        a->fallback_channel = a->channel;
    }
}

/* The call keeps its cut-off, which has passed: every tick tries the message again, with bytes of its own day. */
static enum rc ask_one(const struct desk *desk, struct case_file *f, bool *ret_new, struct err *err)
{
    struct action *a = &f->action;
    bool ask = a->cause == CAUSE_NOT_DELIVERED;
    *ret_new = false;
    if (f->client.phone == NULL || f->client.phone_wrong || str_eq(a->outcome, "refused"))
        return RC_OK;
    enum rc rc = ask ? RC_OK : is_time_to_ask(desk, f, ret_new, err);
    if (rc != RC_OK || (!ask && !*ret_new))
        return rc;
    if (*ret_new)
        becomes_todays_call(desk, a);
    a->channel = CHANNEL_CALL;
    rc = store_action_update(desk->store, a, STATE_PENDING, desk_now(desk), err);
    if (rc == RC_OK)
        rc = store_message_forget(desk->store, a->id, err);
    if (rc == RC_OK && *ret_new)
        rc = audit(desk, "call-instead", f->client.id, f->occasion.id, a->id, a->reason, err);
    return rc;
}

static enum rc look_at_tried(const struct desk *desk, int64_t id, struct actions *list,
                             struct err *err)
{
    struct case_file f;
    char name[ID_TEXT_BYTES];
    bool is_new = false;
    id_format('A', id, name);
    enum rc rc = case_open(desk, name, &f, err);
    if (rc != RC_OK)
        return rc;
    rc = ask_one(desk, &f, &is_new, err);
    if (rc == RC_OK && is_new) {
        vec_reserve(&list->v, list->n, &list->cap, sizeof *list->v);
        list->v[list->n++] = f.action;
        f.action = (struct action){0};
    }
    case_fini(&f);
    return troubles_note(desk->troubles, rc, name, err); /* a zone that is not known here */
}

typedef enum rc look(const struct desk *desk, int64_t id, struct actions *list, struct err *err);

static enum rc look_at_all(const struct desk *desk, const struct id_list *ids, look *fn,
                           struct actions *list, struct err *err)
{
    enum rc rc = ids->n > 0 ? store_begin(desk->store, err) : RC_OK;
    if (rc != RC_OK || ids->n == 0)
        return rc;
    for (size_t i = 0; i < ids->n && rc == RC_OK; i++)
        rc = fn(desk, ids->v[i], list, err);
    return store_finish(desk->store, rc, err);
}

enum rc service_call_instead(const struct desk *desk, struct actions *ret, struct err *err)
{
    struct desk machine = *desk; /* nobody does it, whoever started the tick */
    machine.actor = "tick";
    struct id_list ids = {0};
    struct actions list = {0};
    enum rc rc = store_list_undelivered(desk->store, desk_now(desk), &ids, err);
    if (rc == RC_OK)
        rc = look_at_all(&machine, &ids, look_at_one, &list, err);
    id_list_fini(&ids);
    if (rc == RC_OK)
        rc = store_list_standing_in(desk->store, desk_now(desk), &ids, err);
    if (rc == RC_OK)
        rc = look_at_all(&machine, &ids, look_at_tried, &list, err);
    id_list_fini(&ids);
    if (rc == RC_OK)
        *ret = list;
    else
        actions_fini(&list);
    return rc;
}

/* ---- people are faster ---- */

enum rc take_call_back(const struct desk *desk, struct action *a, struct err *err)
{
    int64_t now = desk_now(desk);
    bool repeat = a->cause == CAUSE_NO_VERDICT || a->cause == CAUSE_RESTORED;
    bool in_hand = a->state == STATE_CLAIMED && !repeat;
    enum rc rc = RC_OK;
    if (a->planned_channel != CHANNEL_CALL || channel_is_human(a->channel) ||
        (a->state != STATE_PENDING && !in_hand))
        return RC_OK;
    enum action_state was = a->state;
    if (in_hand) { /* as for a cancellation: the tick finds it gone before its point of no return */
        a->state = STATE_CANCELLED;
        rc = store_action_update(desk->store, a, was, now, err);
        was = a->state;
    }
    a->state = STATE_PENDING;
    a->channel = CHANNEL_CALL;
    a->local_due = zone_to_local(desk->zone, a->due_at);
    free(a->tz);
    a->tz = xstrdup(zone_name(desk->zone));
    if (rc == RC_OK)
        rc = store_action_update(desk->store, a, was, now, err);
    return rc == RC_OK ? store_message_forget(desk->store, a->id, err) : rc;
}

/* ---- too late for anybody ---- */

static const char *why_missed(enum cause cause)
{
    switch (cause) {
    case CAUSE_NOT_DELIVERED:
        return "its SMS did not get through, and nobody called";
    case CAUSE_NO_ANSWER:
    case CAUSE_UNREACHABLE:
        return "nobody picked up";
    case CAUSE_WRONG_NUMBER:
        return "the number was wrong";
    case CAUSE_CALL_BACK:
        return "they asked to be called later, and nobody did";
    default:
        return "nobody called in time";
    }
}

static enum rc lose_sense(const struct desk *desk, int64_t id, struct actions *list, struct err *err)
{
    struct action a;
    (void)list;
    enum rc rc = store_action_get(desk->store, id, &a, err);
    if (rc != RC_OK)
        return rc;
    char name[ID_TEXT_BYTES];
    id_format('A', id, name);
    bool kept = work_is_kept(&a);
    if (kept) { /* nobody was to make it: it is no fault of theirs, as with a message */
        a.state = STATE_CANCELLED;
        set_reason(&a, a.cause, plan_kept_words(a.cause, a.reason));
    } else {
        set_reason(&a, CAUSE_EXPIRED, xstrdup(why_missed(a.cause)));
    }
    rc = store_action_update(desk->store, &a, STATE_PENDING, desk_now(desk), err);
    bool refused = rc_is_its_own(rc);
    rc = troubles_note(desk->troubles, rc, name, err);
    if (rc == RC_OK && !refused)
        rc = audit(desk, kept ? "dropped" : "missed", 0, a.occasion_id, a.id, a.reason, err);
    action_fini(&a);
    return rc;
}

enum rc calls_lose_sense(const struct desk *desk, struct err *err)
{
    struct id_list ids = {0};
    enum rc rc = store_list_senseless(desk->store, desk_now(desk), desk_today(desk), &ids, err);
    if (rc == RC_OK)
        rc = look_at_all(desk, &ids, lose_sense, NULL, err);
    id_list_fini(&ids);
    return rc;
}
