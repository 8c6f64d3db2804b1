/* The ledger: the transactions T1 to T5 of the delivery engine, and the only part of it that
 * writes. Each is short; none is open while the network is used; T2 and T3 are made inside the
 * gateway's callbacks.
 *
 *   T1 claim      pending -> claimed, with the frozen message and an open attempt
 *   T2 risk       claimed -> at_risk, only if nothing was cancelled or expired; durable on return
 *   T3 accepted   at_risk -> sent, the moment the other side says so
 *   T4 refused    -> pending, failed or missed
 *   T5 no verdict at_risk -> in_doubt */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "internal.h"

static enum rc audit(const struct dispatcher *d, const char *verb, const struct action *a,
                     const char *detail, struct err *err)
{
    char actor[] = "tick";
    struct audit_entry entry = {
        .at = clock_now(d->clock),
        .actor = actor,
        .verb = (char *)(uintptr_t)verb,
        .trip_id = a->trip_id,
        .action_id = a->id,
        .detail = (char *)(uintptr_t)detail,
    };
    return store_audit_add(d->store, &entry, err);
}

static void set_reason(struct action *a, enum cause cause, const char *reason)
{
    a->cause = cause;
    free(a->reason);
    a->reason = xstrdup(reason);
}

/* The message cannot be made: a person must look; nothing is sent with a hole in it. */
static enum rc hold(struct ledger *l, const char *why, struct err *err)
{
    struct action *a = &l->action;
    set_reason(a, CAUSE_TEMPLATE, why);
    a->state = STATE_HELD;
    enum rc rc = store_action_update(l->d->store, a, STATE_PENDING, clock_now(l->d->clock), err);
    return rc == RC_OK ? audit(l->d, "held", a, why, err) : rc;
}

static enum rc frozen_or_new(struct ledger *l, struct frozen_message *ret, struct err *err)
{
    struct err ignored = {0};
    enum rc rc = store_message_get(l->d->store, l->action.id, ret, &ignored);
    if (rc == RC_NOTFOUND) {
        rc = prepare_message(l->d, &l->action, ret, err);
        if (rc == RC_OK) {
            rc = store_message_put(l->d->store, ret, err);
            if (rc != RC_OK)
                frozen_message_fini(ret);
        }
        return rc;
    }
    return rc == RC_OK ? rc : err_set(err, rc, "%s", ignored.message);
}

static enum rc claim(struct ledger *l, int64_t action_id, struct frozen_message *msg,
                     bool *ret_claimed, bool *ret_held, struct err *err)
{
    struct store *store = l->d->store;
    action_fini(&l->action);
    enum rc rc = store_action_get(store, action_id, &l->action, err);
    if (rc != RC_OK || l->action.state != STATE_PENDING)
        return rc;
    struct err why = {0};
    rc = frozen_or_new(l, msg, &why);
    if (rc == RC_INVALID || rc == RC_NOTFOUND) {
        *ret_held = true;
        rc = hold(l, why.message, err);
        (void)err_set(err, RC_OK, "%s", why.message);
        return rc;
    }
    if (rc != RC_OK)
        return err_set(err, rc, "%s", why.message);
    rc = store_claim(store, action_id, l->tick_id, clock_now(l->d->clock), &l->attempt_id, err);
    if (rc != RC_OK || l->attempt_id == 0)
        frozen_message_fini(msg);
    else
        *ret_claimed = true;
    return rc;
}

enum rc ledger_claim(struct ledger *l, int64_t action_id, struct frozen_message *ret,
                     bool *ret_claimed, bool *ret_held, struct err *err)
{
    *ret_claimed = *ret_held = false;
    l->attempt_id = 0;
    l->recorded = false;
    enum rc rc = store_begin(l->d->store, err);
    if (rc != RC_OK)
        return rc;
    rc = claim(l, action_id, ret, ret_claimed, ret_held, err);
    if (rc == RC_OK && !*ret_claimed && !*ret_held) {
        /* Nothing is to be kept, not even the message that was made for it. */
        store_rollback(l->d->store);
        return RC_OK;
    }
    rc = store_finish(l->d->store, rc, err);
    if (rc != RC_OK && *ret_claimed) {
        frozen_message_fini(ret);
        *ret_claimed = false;
    }
    return rc;
}

static bool in_trouble(struct ledger *l, enum rc rc, const struct err *err)
{
    if (rc == RC_OK)
        return false;
    l->trouble = rc;
    l->trouble_err = *err;
    return true;
}

bool ledger_before_risk(void *ledger)
{
    struct ledger *l = ledger;
    struct err err = {0};
    bool yes = false;
    enum rc rc = store_begin(l->d->store, &err);
    if (rc == RC_OK) {
        rc = store_at_risk(l->d->store, l->action.id, l->attempt_id, clock_now(l->d->clock), &yes,
                           &err);
        rc = store_finish(l->d->store, rc, &err);
    }
    return !in_trouble(l, rc, &err) && yes;
}

static enum rc record(struct ledger *l, const struct judgement *j, struct err *err)
{
    struct verdict v = j->verdict;
    const char *kept = l->action.cause == CAUSE_RETRY ? NULL : l->action.reason;
    v.reason = j->outcome == TICK_SENT ? kept : j->reason;
    enum rc rc =
        store_verdict(l->d->store, l->action.id, l->attempt_id, &v, clock_now(l->d->clock), err);
    return rc == RC_OK ? audit(l->d, tick_outcome_name(j->outcome), &l->action, j->reason, err)
                       : rc;
}

enum rc ledger_record(struct ledger *l, const struct judgement *j, struct err *err)
{
    enum rc rc = store_begin(l->d->store, err);
    return rc == RC_OK ? store_finish(l->d->store, record(l, j, err), err) : rc;
}

void ledger_accepted(void *ledger, const struct delivery *delivery)
{
    struct ledger *l = ledger;
    struct err err = {0};
    struct judgement j;
    if (l->recorded)
        return;
    judge(delivery, &l->action, clock_now(l->d->clock), 0, &j);
    l->recorded = !in_trouble(l, ledger_record(l, &j, &err), &err);
}

/* ---- what time itself changes ---- */

typedef enum rc change(struct ledger *l, struct action *a, struct err *err);

/* Runs one change on one action, if it is still in this state, in a transaction of its own. */
static enum rc change_one(struct ledger *l, int64_t action_id, enum action_state state, change *fn,
                          struct err *err)
{
    enum rc rc = store_begin(l->d->store, err);
    if (rc != RC_OK)
        return rc;
    action_fini(&l->action);
    l->unchanged = true;
    rc = store_action_get(l->d->store, action_id, &l->action, err);
    if (rc == RC_OK && l->action.state == state)
        rc = fn(l, &l->action, err);
    return store_finish(l->d->store, rc, err);
}

static enum rc expire(struct ledger *l, struct action *a, struct err *err)
{
    int64_t now = clock_now(l->d->clock);
    l->unchanged = channel_is_human(a->channel) || a->expires_at == 0 || a->expires_at > now;
    if (l->unchanged)
        return RC_OK; /* somebody moved it since it was listed */
    bool tried = a->attempts > 0 || a->cause == CAUSE_RETRY;
    char *why = !tried ? xstrdup("in its time no tick ran, or its gateway was down")
                       : xasprintf("no try got through: %s", str_or(a->reason, "no reply"));
    set_reason(a, CAUSE_EXPIRED, why);
    free(why);
    a->state = STATE_MISSED;
    enum rc rc = store_action_update(l->d->store, a, STATE_PENDING, now, err);
    return rc == RC_OK ? audit(l->d, tick_outcome_name(TICK_MISSED), a, a->reason, err) : rc;
}

enum rc ledger_expire(struct ledger *l, int64_t action_id, struct err *err)
{
    return change_one(l, action_id, STATE_PENDING, expire, err);
}

static enum rc release(struct ledger *l, struct action *a, struct err *err)
{
    if (a->cause != CAUSE_TEMPLATE)
        return RC_OK;
    set_reason(a, CAUSE_NONE, NULL);
    a->state = STATE_PENDING;
    enum rc rc = store_action_update(l->d->store, a, STATE_HELD, clock_now(l->d->clock), err);
    return rc == RC_OK ? audit(l->d, "released", a, "its template is mended", err) : rc;
}

enum rc ledger_release(struct ledger *l, int64_t action_id, struct err *err)
{
    return change_one(l, action_id, STATE_HELD, release, err);
}

static enum rc postpone(struct ledger *l, struct action *a, struct err *err)
{
    a->next_attempt_at = l->postponed_until;
    return store_action_update(l->d->store, a, STATE_PENDING, clock_now(l->d->clock), err);
}

enum rc ledger_postpone(struct ledger *l, int64_t action_id, int64_t until, struct err *err)
{
    l->postponed_until = until;
    return change_one(l, action_id, STATE_PENDING, postpone, err);
}

static enum rc fall_back(struct ledger *l, struct action *a, struct err *err)
{
    int64_t now = clock_now(l->d->clock);
    char cutoff[CIVIL_TEXT_BYTES];
    const struct zone *zone;
    l->unchanged = a->fallback_at == 0 || a->fallback_at > now;
    if (l->unchanged)
        return RC_OK; /* somebody moved it since it was listed */
    enum rc rc = zone_find(a->tz, &zone, err);
    if (rc != RC_OK)
        return rc;
    civil_format(zone_to_local(zone, a->fallback_at), cutoff);
    char *why = xasprintf("the call was not ticked by %s, so it goes by %s", cutoff,
                          a->fallback_channel == CHANNEL_SMS ? "SMS" : "e-mail");
    set_reason(a, CAUSE_NOT_TICKED, why);
    free(why);
    a->channel = a->fallback_channel;
    a->fallback_at = 0;
    a->next_attempt_at = now;
    a->attempts = 0;
    rc = store_action_update(l->d->store, a, STATE_PENDING, now, err);
    return rc == RC_OK ? audit(l->d, tick_outcome_name(TICK_FELL_BACK), a, a->reason, err) : rc;
}

enum rc ledger_fall_back(struct ledger *l, int64_t action_id, struct err *err)
{
    return change_one(l, action_id, STATE_PENDING, fall_back, err);
}
