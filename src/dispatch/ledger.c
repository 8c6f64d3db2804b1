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

#include <pps/store_documents.h>
#include <pps/str.h>

#include "share.h"

/* The bytes, and which documents are in them: so that a manager is told the truth about a voucher; and which days it states,
 * so that it can be corrected. */
static enum rc keep(struct ledger *l, const struct frozen_message *msg, struct err *err)
{
    enum rc rc = store_message_put(l->d->store, msg, err);
    if (rc == RC_OK && msg->told != NULL) {
        rc = store_message_tells(l->d->store, msg->action_id, msg->told, err);
        free(l->action.note);
        l->action.note = xstrdup(msg->told);
    }
    for (size_t i = 0; i < msg->documents.n && rc == RC_OK; i++)
        rc = store_message_carries(l->d->store, msg->action_id, msg->documents.v[i], err);
    return rc;
}

static enum rc frozen_or_new(struct ledger *l, struct frozen_message *ret, enum cause *ret_cause,
                             struct err *err)
{
    struct err ignored = {0};
    enum rc rc = store_message_get(l->d->store, l->action.id, ret, &ignored);
    if (rc == RC_NOTFOUND) {
        rc = prepare_message(l->d, &l->action, ret, ret_cause, err);
        if (rc == RC_OK) {
            rc = keep(l, ret, err);
            if (rc != RC_OK)
                frozen_message_fini(ret);
        }
        return rc;
    }
    if (rc == RC_OK && ret->channel != l->action.channel) {
        frozen_message_fini(ret);
        return err_set(err, RC_INVALID,
                       "it is to go by %s, and its message was made for another way",
                       channel_word(l->action.channel));
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

/* Inside a transaction, of the action in hand. What is in doubt is settled by itself, whoever had the same. */
static enum rc leave_out_if_had(struct ledger *l, bool *ret_wait, struct err *err)
{
    struct sharing sharing;
    if (l->doubtful)
        return RC_OK;
    enum rc rc = share_look(l->d, &l->action, &sharing, err);
    if (rc != RC_OK)
        return rc;
    *ret_wait = sharing.under_way && !sharing.had;
    if (sharing.had) {
        l->action.state = STATE_CANCELLED;
        action_reason(&l->action, CAUSE_SHARED, sharing.reason);
        rc = store_action_update(l->d->store, &l->action, STATE_PENDING, clock_now(l->d->clock),
                                 err);
        if (rc == RC_OK)
            rc = ledger_audit(l->d, tick_outcome_name(TICK_SHARED), &l->action, l->action.reason,
                              err);
        l->shared = rc == RC_OK;
    }
    sharing_fini(&sharing);
    return rc;
}

enum rc ledger_share(struct ledger *l, int64_t action_id, struct err *err)
{
    bool wait = false;
    l->shared = false;
    enum rc rc = store_begin(l->d->store, err);
    if (rc != RC_OK)
        return rc;
    action_fini(&l->action);
    rc = store_action_get(l->d->store, action_id, &l->action, err);
    if (rc == RC_OK && l->action.state == STATE_PENDING)
        rc = look_for_doubt(l, err);
    if (rc == RC_OK && l->action.state == STATE_PENDING)
        rc = leave_out_if_had(l, &wait, err);
    rc = store_finish(l->d->store, rc, err);
    l->shared = l->shared && rc == RC_OK;
    return rc;
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
    bool wait = false;
    rc = look_for_doubt(l, err);
    if (rc == RC_OK && !again)
        rc = leave_out_if_had(l, &wait, err);
    if (rc != RC_OK || l->shared || wait)
        return rc;
    struct err why = {0};
    enum cause cause = CAUSE_TEMPLATE;
    rc = frozen_or_new(l, msg, &cause, &why);
    if (!again && (rc == RC_INVALID || rc == RC_NOTFOUND)) {
        *ret_held = true;
        rc = ledger_hold_this(l, cause, why.message, err);
        (void)err_set(err, RC_OK, "%s", why.message);
        return rc;
    }
    if (rc != RC_OK)
        return err_set(err, rc, "%s", why.message);
    rc = (again ? store_claim_again : store_claim)(store, action_id, l->tick_id,
                                                   clock_now(l->d->clock), &l->attempt_id, err);
    sentlog_key(msg->idem_key, l->key);
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
    l->recorded = l->handed_over = l->shared = false;
    enum rc rc = store_begin(l->d->store, err);
    if (rc != RC_OK)
        return rc;
    rc = claim(l, action_id, ret, ret_claimed, ret_held, err);
    if (rc == RC_OK && !*ret_claimed && !*ret_held && !l->shared) {
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
    struct occasion occasion;
    enum rc rc = store_occasion_get(l->d->store, l->action.occasion_id, &occasion, err);
    if (rc != RC_OK)
        return rc;
    struct log_line line = {
        .kind = LOG_RISK,
        .place = l->here,
        .at = clock_now(l->d->clock),
        .action_id = l->action.id,
        .occasion_id = occasion.id,
        .occasion_kind = occasion.kind,
        .occasion_created_at = occasion.created_at,
        .occurrence = l->action.occurrence,
        .channel = l->action.channel,
    };
    (void)snprintf(line.step, sizeof line.step, "%s", l->action.step);
    memcpy(line.key, l->key, sizeof line.key);
    occasion_fini(&occasion);
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
    /* Looked at after the line is there: a tick that comes later sees the line, one that came before may have taken this
     * claim for a dead one's. */
    if (rc == RC_OK && !lock_is_there(l->lock))
        rc = err_set(err, RC_IO, "the lock %s was removed while the tick ran", l->d->lock_path);
    l->handed_over = rc == RC_OK; /* only now may it go */
    return rc;
}

bool ledger_before_risk(void *ledger)
{
    struct ledger *l = ledger;
    struct err err = {0};
    return !in_trouble(l, before_risk(l, &err), &err) && l->handed_over;
}

/* Whether the log has the answer now. That it has not is no reason to lose it: the database will. */
bool ledger_note_said(struct ledger *l, const struct delivery *dv)
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
        return false;
    size_t n = strspn(dv->provider_id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                       "0123456789._:-");
    (void)snprintf(line.provider_id, sizeof line.provider_id, "%.*s", (int)n, dv->provider_id);
    return sentlog_add(&l->log, &line, &ignored) == RC_OK;
}

static enum rc record(struct ledger *l, const struct judgement *j, struct err *err)
{
    struct verdict v = j->verdict;
    bool past = l->action.cause == CAUSE_RETRY || l->action.cause == CAUSE_CROWDED || l->doubtful;
    const char *kept = past ? NULL : l->action.reason;
    bool asked = v.state == STATE_PENDING && v.cause == CAUSE_NOT_DELIVERED;
    v.reason = j->outcome == TICK_SENT ? kept : asked ? l->action.reason : j->reason;
    enum rc rc =
        store_verdict(l->d->store, l->action.id, l->attempt_id, &v, clock_now(l->d->clock), err);
    /* "Accepted" settles the tries before it as well. */
    if (rc == RC_OK && l->doubtful && v.state == STATE_SENT)
        rc = store_settle(l->d->store, l->action.id, "sent", NULL, err);
    return rc == RC_OK
               ? ledger_audit(l->d, tick_outcome_name(j->outcome), &l->action, j->reason, err)
               : rc;
}

/* The answer is in the sent log already: when the database cannot take it, the next tick takes it from there. */
static enum rc keep_for_next_tick(struct ledger *l, bool noted, enum rc rc, struct err *err)
{
    struct err ignored;
    if (!noted || !l->handed_over || sentlog_sync(&l->log, &ignored) != RC_OK)
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
    bool noted = ledger_note_said(l, dv);
    enum rc rc = store_begin(l->d->store, err);
    if (rc == RC_OK)
        rc = store_finish(l->d->store, record(l, j, err), err);
    return rc == RC_OK ? rc : keep_for_next_tick(l, noted, rc, err);
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
enum rc ledger_ask_log(const struct ledger *l, int64_t seq, struct delivery *ret, struct err *err)
{
    enum log_knows knows;
    struct log_line line;
    enum rc rc = sentlog_find(l->d->sent_path, l->here.instance, seq, &knows, &line, err);
    if (rc != RC_OK)
        return rc;
    *ret = (struct delivery){.class = DELIVERY_IN_DOUBT};
    const char *reason = "the tick died while waiting for the answer";
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
    enum rc rc = ledger_ask_log(l, left->seq, &dv, err);
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
