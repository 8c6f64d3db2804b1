/* One message on its way: its channel, its turn, its claim, its delivery, and what that says about the channel. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "share.h"

enum { STOP_AFTER_FAILURES = 3 }; /* consecutive ones on a channel: it is down, not the messages */

/* ---- the channel ---- */

void send_close_channel(struct run *r, enum channel channel, const char *why)
{
    r->summary->channel_down[channel] = true;
    (void)err_set(&r->summary->why_down[channel], RC_OK, "%s", why);
}

bool send_ready(struct run *r, enum channel channel)
{
    if (r->summary->channel_down[channel])
        return false;
    if (r->gateways[channel] != NULL)
        return true;
    struct err err = {0};
    if (r->d->open_gateway(r->d->gateway_ctx, channel, &r->gateways[channel], &err) == RC_OK)
        return true;
    send_close_channel(r, channel, err.message);
    return false;
}

/* A channel that fails again and again is down; the messages behind it wait for the next tick. */
static void watch_channel(struct run *r, enum channel channel, const struct delivery *dv,
                          const struct judgement *j)
{
    bool failed = dv->class == DELIVERY_NOT_SENT || dv->class == DELIVERY_REFUSED_TEMP ||
                  dv->class == DELIVERY_IN_DOUBT;
    r->failures[channel] = failed ? r->failures[channel] + 1 : 0;
    r->sent[channel] += dv->class == DELIVERY_SENT;
    if (failed)
        memcpy(r->last_failure[channel], dv->reason, sizeof r->last_failure[channel]);
    if (j->stop_channel || r->failures[channel] >= STOP_AFTER_FAILURES)
        send_close_channel(r, channel, dv->reason);
}

static void count_handed_over(struct run *r, enum channel channel)
{
    r->last_ms[channel] = clock_ticking_ms();
    if (r->ledger.handed_over && r->handed_over[channel] >= 0)
        r->handed_over[channel]++;
}

/* ---- the message ---- */

struct parcel send_parcel(const struct frozen_message *msg, const struct action *action,
                          int64_t now)
{
    return (struct parcel){
        .action_id = action->id,
        .step = action->step,
        .recipient = msg->recipient,
        .subject = msg->subject,
        .bytes = msg->bytes,
        .len = msg->len,
        .idem_key = msg->idem_key,
        .date = msg->frozen_at,
        .expires_at = action->expires_at,
        .now = now,
    };
}

bool send_stopping(void *ctx)
{
    return run_stopping(ctx);
}

/* The hooks reach the run through its first member that they need. */
static bool before_risk(void *ctx)
{
    return ledger_before_risk(&((struct run *)ctx)->ledger);
}

static void accepted(void *ctx, const struct delivery *delivery)
{
    ledger_accepted(&((struct run *)ctx)->ledger, delivery);
}

/* What the row says now; when it is not what was recorded, somebody was faster, and their word stands. */
static enum rc report_end(struct run *r, enum channel channel, const struct delivery *dv,
                          const struct judgement *j, struct err *err)
{
    struct action after;
    enum rc rc = store_action_get(r->d->store, r->ledger.action.id, &after, err);
    if (rc != RC_OK)
        return rc;
    if (after.state != j->verdict.state)
        run_report(r, TICK_WITHDRAWN, &after, after.reason);
    else if (dv->class != DELIVERY_STOPPED) {
        watch_channel(r, channel, dv, j);
        run_report(r, j->outcome, &after, j->outcome == TICK_SENT ? after.reason : j->reason);
    }
    action_fini(&after);
    return RC_OK;
}

enum rc send_claimed(struct run *r, const struct frozen_message *msg, struct err *err)
{
    struct ledger *l = &r->ledger;
    struct parcel parcel = send_parcel(msg, &l->action, clock_now(r->d->clock));
    struct delivery_hooks hooks = {before_risk, accepted, send_stopping, r};
    char *sender = envelope_sender(r->d, r->token_key, msg->action_id);
    parcel.sender = sender;
    struct delivery dv =
        r->dry ? dry_deliver(r) : gateway_deliver(r->gateways[msg->channel], &parcel, &hooks);
    free(sender);
    count_handed_over(r, msg->channel);
    struct judgement j;
    if (l->trouble != RC_OK) {
        /* Nothing was handed over; the row says so if it can, and the tick ends all the same. */
        struct err ignored;
        if (dv.class == DELIVERY_STOPPED)
            (void)!ledger_record(l, &dv, &j, &ignored);
        return err_set(err, l->trouble, "%s", l->trouble_err.message);
    }
    enum rc rc = ledger_record(l, &dv, &j, err);
    return rc == RC_OK ? report_end(r, msg->channel, &dv, &j, err) : rc;
}

static enum rc claim_and_send(struct run *r, int64_t action_id, struct err *err)
{
    struct frozen_message msg;
    struct err why = {0};
    bool claimed, held;
    enum rc rc = ledger_claim(&r->ledger, action_id, &msg, &claimed, &held, &why);
    if (rc != RC_OK)
        return err_set(err, rc, "%s", why.message);
    if (held)
        run_report(r, TICK_HELD, &r->ledger.action, why.message);
    if (r->ledger.shared)
        run_report(r, TICK_SHARED, &r->ledger.action, r->ledger.action.reason);
    if (!claimed)
        return RC_OK;
    rc = send_claimed(r, &msg, err);
    frozen_message_fini(&msg);
    return rc;
}

/* Looked at before its turn: what somebody else at this address had today does not wait for another day. T1 looks again. */
static enum rc leave_out(struct run *r, const struct action *a, bool *ret_left_out, struct err *err)
{
    struct sharing sharing;
    *ret_left_out = false;
    enum rc rc = share_look(r->d, a, &sharing, err);
    if (rc != RC_OK || !sharing.had)
        return rc;
    sharing_fini(&sharing);
    rc = ledger_share(&r->ledger, a->id, err);
    *ret_left_out = r->ledger.shared;
    if (*ret_left_out)
        run_report(r, TICK_SHARED, &r->ledger.action, r->ledger.action.reason);
    return rc;
}

enum rc send_one(struct run *r, int64_t action_id, struct err *err)
{
    struct action peek;
    int64_t at = 0;
    char *reason = NULL;
    bool left_out = false;
    enum rc rc = store_action_get(r->d->store, action_id, &peek, err);
    if (rc != RC_OK)
        return rc;
    enum channel channel = peek.channel;
    rc = leave_out(r, &peek, &left_out, err);
    if (rc == RC_OK && !left_out)
        rc = turn_of(r, &peek, &at, &reason, err);
    action_fini(&peek);
    if (left_out)
        return rc;
    if (rc == RC_OK && at > clock_now(r->d->clock)) {
        rc = ledger_postpone(&r->ledger, action_id, at, reason, err);
    } else if (rc == RC_OK) {
        if (!send_ready(r, channel))
            r->summary->waiting++;
        else if (turn_of_channel(r, channel))
            rc = claim_and_send(r, action_id, err);
    }
    free(reason);
    return rc;
}
