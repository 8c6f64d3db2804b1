/* The ledger: the transactions T1 to T5 of the delivery engine, and the only part of it that
 * writes. Each is short; none is open while the network is used; T2 and T3 are made inside the
 * gateway's callbacks. What the sent log must know is written there first: the handing over before the point of no return,
 * the answer before its transaction.
 *
 *   T1 claim      pending -> claimed, with the frozen message and an open attempt
 *   T2 risk       claimed -> at_risk, only if nothing was cancelled or expired; durable on return
 *   T3 accepted   at_risk -> sent, the moment the other side says so
 *   T4 refused    -> pending, failed or missed
 *   T5 no verdict at_risk -> in_doubt */
#include <stdio.h>
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

/* An attempt of which nobody knows what became makes every further one a repeat. */
static enum rc look_for_doubt(struct ledger *l, struct err *err)
{
    struct attempt_list tries;
    enum rc rc = store_attempts(l->d->store, l->action.id, &tries, err);
    l->doubtful = false;
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < tries.n; i++)
        l->doubtful =
            l->doubtful || (str_eq(tries.v[i].outcome, "in_doubt") && tries.v[i].settled == NULL);
    attempt_list_fini(&tries);
    return RC_OK;
}

static enum rc claim(struct ledger *l, int64_t action_id, struct frozen_message *msg,
                     bool *ret_claimed, bool *ret_held, struct err *err)
{
    struct store *store = l->d->store;
    action_fini(&l->action);
    enum rc rc = store_action_get(store, action_id, &l->action, err);
    bool again = l->action.state == STATE_IN_DOUBT;
    if (rc != RC_OK || (l->action.state != STATE_PENDING && !again))
        return rc;
    rc = look_for_doubt(l, err);
    if (rc != RC_OK)
        return rc;
    struct err why = {0};
    rc = frozen_or_new(l, msg, &why);
    if (!again && (rc == RC_INVALID || rc == RC_NOTFOUND)) {
        *ret_held = true;
        rc = hold(l, why.message, err);
        (void)err_set(err, RC_OK, "%s", why.message);
        return rc;
    }
    if (rc != RC_OK)
        return err_set(err, rc, "%s", why.message);
    rc = (again ? store_claim_again : store_claim)(store, action_id, l->tick_id,
                                                   clock_now(l->d->clock), &l->attempt_id, err);
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
    l->attempt_id = l->seq = 0;
    l->recorded = l->handed_over = false;
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

/* The line of the sent log for the attempt under way. */
static enum rc note_risk(struct ledger *l, struct err *err)
{
    struct trip trip;
    enum rc rc = store_trip_get(l->d->store, l->action.trip_id, &trip, err);
    if (rc != RC_OK)
        return rc;
    struct log_line line = {
        .kind = LOG_RISK,
        .place = l->here,
        .at = clock_now(l->d->clock),
        .action_id = l->action.id,
        .trip_id = trip.id,
        .trip_created_at = trip.created_at,
        .occurrence = l->action.occurrence,
        .channel = l->action.channel,
    };
    (void)snprintf(line.step, sizeof line.step, "%s", l->action.step);
    trip_fini(&trip);
    return sentlog_add(&l->log, &line, err);
}

static enum rc before_risk(struct ledger *l, struct err *err)
{
    if (!guard_same_file(l->d, &l->here))
        return err_set(err, RC_IO, "the database was moved or replaced while the tick ran: %s",
                       l->d->db_path);
    enum rc rc = store_begin(l->d->store, err);
    if (rc != RC_OK)
        return rc;
    int64_t seq = 0;
    rc = store_at_risk(l->d->store, l->action.id, l->attempt_id, clock_now(l->d->clock), &seq, err);
    rc = store_finish(l->d->store, rc, err);
    if (rc != RC_OK || seq == 0)
        return rc;
    l->here.seq = l->seq = seq;
    rc = note_risk(l, err);
    l->handed_over = rc == RC_OK; /* only now may it go */
    return rc;
}

bool ledger_before_risk(void *ledger)
{
    struct ledger *l = ledger;
    struct err err = {0};
    return !in_trouble(l, before_risk(l, &err), &err) && l->handed_over;
}

/* That this cannot be written is no reason to lose the answer: the database will have it. */
static void note_said(struct ledger *l, const struct delivery *dv)
{
    struct err ignored;
    struct log_line line = {
        .kind = LOG_SAID,
        .place = l->here,
        .at = clock_now(l->d->clock),
        .class = dv->class,
        .code = dv->code,
    };
    if (l->seq == 0)
        return;
    size_t n = strspn(dv->provider_id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                       "0123456789._:-");
    (void)snprintf(line.provider_id, sizeof line.provider_id, "%.*s", (int)n, dv->provider_id);
    if (sentlog_add(&l->log, &line, &ignored) != RC_OK)
        return;
}

static enum rc record(struct ledger *l, const struct judgement *j, struct err *err)
{
    struct verdict v = j->verdict;
    const char *kept = l->action.cause == CAUSE_RETRY || l->doubtful ? NULL : l->action.reason;
    v.reason = j->outcome == TICK_SENT ? kept : j->reason;
    enum rc rc =
        store_verdict(l->d->store, l->action.id, l->attempt_id, &v, clock_now(l->d->clock), err);
    /* "Accepted" settles the tries before it as well. */
    if (rc == RC_OK && l->doubtful && v.state == STATE_SENT)
        rc = store_settle(l->d->store, l->action.id, "sent", NULL, err);
    return rc == RC_OK ? audit(l->d, tick_outcome_name(j->outcome), &l->action, j->reason, err)
                       : rc;
}

/* The answer is in the sent log already: when the database cannot take it, the next tick takes it from there. */
static enum rc keep_for_next_tick(struct ledger *l, enum rc rc, struct err *err)
{
    struct err ignored;
    if (!l->handed_over || sentlog_sync(&l->log, &ignored) != RC_OK)
        return rc;
    return err_prefix(
        err, RC_BUSY,
        "the answer to A%lld is kept in the sent log, and the next tick takes it over",
        (long long)l->action.id);
}

static enum rc record_once(struct ledger *l, const struct delivery *dv, struct judgement *j,
                           struct err *err)
{
    int64_t now = clock_now(l->d->clock);
    uint32_t noise = (uint32_t)((l->action.id + l->action.attempts) * 2654435761u);
    judge(dv, &l->action, l->doubtful, now, noise, j);
    if (l->recorded)
        return RC_OK;
    note_said(l, dv);
    enum rc rc = store_begin(l->d->store, err);
    if (rc == RC_OK)
        rc = store_finish(l->d->store, record(l, j, err), err);
    return rc == RC_OK ? rc : keep_for_next_tick(l, rc, err);
}

enum rc ledger_record(struct ledger *l, const struct delivery *delivery, struct judgement *ret,
                      struct err *err)
{
    return record_once(l, delivery, ret, err);
}

void ledger_accepted(void *ledger, const struct delivery *delivery)
{
    struct ledger *l = ledger;
    struct err err = {0};
    struct judgement j;
    l->recorded = !in_trouble(l, record_once(l, delivery, &j, &err), &err);
}

/* ---- what a dead tick left ---- */

/* What became of it, as far as the log knows. */
static enum rc ask_log(const struct ledger *l, int64_t seq, struct delivery *ret, struct err *err)
{
    enum log_knows knows;
    struct log_line line;
    enum rc rc = sentlog_find(l->d->sent_path, l->here.instance, seq, &knows, &line, err);
    if (rc != RC_OK)
        return rc;
    *ret = (struct delivery){.class = DELIVERY_IN_DOUBT};
    const char *reason = "the tick died while waiting for the answer; it may have been sent";
    if (knows == LOG_KNOWS_NOT) {
        ret->class = DELIVERY_STOPPED;
        reason = "the tick died just before it was handed over";
    } else if (knows == LOG_KNOWS_SAID) {
        ret->class = line.class;
        ret->code = line.code;
        memcpy(ret->provider_id, line.provider_id, sizeof ret->provider_id);
        reason = "the tick died before it had noted the answer, which the sent log has";
    }
    (void)snprintf(ret->reason, sizeof ret->reason, "%s", reason);
    return RC_OK;
}

enum rc ledger_recover(struct ledger *l, const struct at_risk *left, struct err *err)
{
    struct delivery dv;
    struct judgement j;
    enum rc rc = ask_log(l, left->seq, &dv, err);
    if (rc == RC_OK)
        rc = store_begin(l->d->store, err);
    if (rc != RC_OK)
        return rc;
    action_fini(&l->action);
    rc = store_action_get(l->d->store, left->action_id, &l->action, err);
    if (rc == RC_OK)
        rc = look_for_doubt(l, err);
    if (rc == RC_OK) {
        l->attempt_id = left->attempt_id;
        judge(&dv, &l->action, l->doubtful, clock_now(l->d->clock), 0, &j);
        rc = record(l, &j, err);
    }
    return store_finish(l->d->store, rc, err);
}

/* ---- what time itself changes ---- */

/* Opens a transaction and reads one action; unchanged is true when it is not in this state any more. */
static enum rc begin_change(struct ledger *l, int64_t action_id, enum action_state state,
                            struct err *err)
{
    action_fini(&l->action);
    l->unchanged = true;
    enum rc rc = store_begin(l->d->store, err);
    if (rc == RC_OK)
        rc = store_action_get(l->d->store, action_id, &l->action, err);
    if (rc == RC_OK)
        l->unchanged = l->action.state != state;
    return rc;
}

typedef enum rc change(struct ledger *l, struct action *a, struct err *err);

/* Runs one change on one action, if it is still in this state, in a transaction of its own. */
static enum rc change_one(struct ledger *l, int64_t action_id, enum action_state state, change *fn,
                          struct err *err)
{
    enum rc rc = begin_change(l, action_id, state, err);
    if (rc == RC_OK && !l->unchanged)
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
    char *why = a->cause == CAUSE_CROWDED ? xasprintf("its turn did not come: %s",
                                                      str_or(a->reason, "the days were full"))
                : !tried ? xstrdup("in its time no tick ran, or its gateway was down")
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

enum rc ledger_postpone(struct ledger *l, int64_t action_id, int64_t until, const char *reason,
                        struct err *err)
{
    enum rc rc = begin_change(l, action_id, STATE_PENDING, err);
    if (rc == RC_OK && !l->unchanged) {
        l->action.next_attempt_at = until;
        if (reason != NULL)
            set_reason(&l->action, CAUSE_CROWDED, reason);
        rc = store_action_update(l->d->store, &l->action, STATE_PENDING, clock_now(l->d->clock),
                                 err);
    }
    return store_finish(l->d->store, rc, err);
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

/* ---- what is in doubt ---- */

enum rc ledger_settle(struct ledger *l, int64_t action_id, const char *settled, enum cause cause,
                      const char *provider_id, const char *reason, struct err *err)
{
    int64_t now = clock_now(l->d->clock);
    enum rc rc = begin_change(l, action_id, STATE_IN_DOUBT, err);
    if (rc == RC_OK && !l->unchanged) {
        struct action *a = &l->action;
        bool sent = !str_eq(settled, "not_sent");
        a->state = sent ? STATE_SENT : STATE_PENDING;
        a->done_at = sent ? now : 0;
        a->next_attempt_at = now;
        set_reason(a, cause, reason);
        rc = store_settle(l->d->store, action_id, settled, provider_id, err);
        if (rc == RC_OK)
            rc = store_action_update(l->d->store, a, STATE_IN_DOUBT, now, err);
        if (rc == RC_OK)
            rc = audit(l->d, tick_outcome_name(TICK_SETTLED), a, reason, err);
    }
    return store_finish(l->d->store, rc, err);
}

enum rc ledger_still_in_doubt(struct ledger *l, int64_t action_id, int64_t at, bool unknown,
                              struct err *err)
{
    int64_t now = clock_now(l->d->clock);
    enum rc rc = begin_change(l, action_id, STATE_IN_DOUBT, err);
    if (rc == RC_OK && !l->unchanged) {
        l->action.next_attempt_at = at;
        rc = store_action_update(l->d->store, &l->action, STATE_IN_DOUBT, now, err);
        if (rc == RC_OK && unknown)
            rc = store_unknown(l->d->store, action_id, now, err);
    }
    return store_finish(l->d->store, rc, err);
}
