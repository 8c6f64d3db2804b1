/* One run of the tick: lock, recovery, what time changes, what is to be sent, and the mark that the
 * tick ran. The engine's heart is the order of these; the guarantees are in ledger.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "internal.h"

enum {
    BATCH = 1000,            /* actions taken up by one tick; the rest goes with the next */
    STOP_AFTER_FAILURES = 3, /* consecutive ones on a channel: it is down, not the messages */
};

struct run {
    const struct dispatcher *d;
    struct tick_summary *summary;
    struct ledger ledger;
    struct gateway *gateways[CHANNEL_COUNT];
    int failures[CHANNEL_COUNT]; /* in a row */
    int sent[CHANNEL_COUNT];
    char last_failure[CHANNEL_COUNT][sizeof((struct delivery *)0)->reason];
    int64_t started;
};

static void report(struct run *r, enum tick_outcome outcome, const struct action *action,
                   const char *reason)
{
    r->summary->counts[outcome]++;
    if (r->d->on_event != NULL) {
        struct tick_event event = {outcome, action, str_or(reason, "")};
        r->d->on_event(r->d->event_ctx, &event);
    }
}

static void channel_is_down(struct run *r, enum channel channel, const char *why)
{
    r->summary->channel_down[channel] = true;
    (void)err_set(&r->summary->why_down[channel], RC_OK, "%s", why);
}

static bool gateway_ready(struct run *r, enum channel channel)
{
    if (r->summary->channel_down[channel])
        return false;
    if (r->gateways[channel] != NULL)
        return true;
    struct err err = {0};
    if (r->d->open_gateway(r->d->gateway_ctx, channel, &r->gateways[channel], &err) == RC_OK)
        return true;
    channel_is_down(r, channel, err.message);
    return false;
}

/* Once a day the tick looks whether the database is whole, before it trusts what it reads there. */
static enum rc daily_check(const struct dispatcher *d, struct err *err)
{
    char today[CIVIL_TEXT_BYTES], *checked = NULL;
    civil_format_day(zone_to_local(d->zone, clock_now(d->clock)).day, today);
    enum rc rc = store_setting_get(d->store, "last_check", &checked, err);
    bool due = !str_eq(checked, today);
    free(checked);
    if (rc != RC_OK || !due)
        return rc;
    rc = store_check(d->store, err);
    if (rc == RC_OK)
        rc = store_begin(d->store, err);
    if (rc != RC_OK)
        return rc;
    return store_finish(d->store, store_setting_set(d->store, "last_check", today, err), err);
}

static enum rc recover(struct run *r, struct err *err)
{
    int pending = 0, in_doubt = 0;
    enum rc rc = store_begin(r->d->store, err);
    if (rc != RC_OK)
        return rc;
    rc = store_recover(r->d->store, clock_now(r->d->clock), &pending, &in_doubt, err);
    rc = store_finish(r->d->store, rc, err);
    r->summary->recovered = pending + in_doubt;
    return rc;
}

/* ---- what time changes ---- */

static enum rc fall_back_all(struct run *r, struct err *err)
{
    struct id_list ids;
    enum rc rc = store_list_to_fall_back(r->d->store, clock_now(r->d->clock), BATCH, &ids, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < ids.n && rc == RC_OK; i++) {
        rc = ledger_fall_back(&r->ledger, ids.v[i], err);
        /* Too late for the message as well: it is missed, and reported as that below. */
        bool too_late = r->ledger.action.expires_at <= clock_now(r->d->clock);
        if (rc == RC_OK && !too_late && !r->ledger.unchanged)
            report(r, TICK_FELL_BACK, &r->ledger.action, r->ledger.action.reason);
    }
    id_list_fini(&ids);
    return rc;
}

static enum rc expire_all(struct run *r, struct err *err)
{
    struct id_list ids;
    enum rc rc = store_list_expired(r->d->store, clock_now(r->d->clock), BATCH, &ids, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < ids.n && rc == RC_OK; i++) {
        rc = ledger_expire(&r->ledger, ids.v[i], err);
        if (rc == RC_OK && !r->ledger.unchanged)
            report(r, TICK_MISSED, &r->ledger.action, r->ledger.action.reason);
    }
    id_list_fini(&ids);
    return rc;
}

/* What was held for its words is looked at again: the template may be mended by now. */
static enum rc release_all(struct run *r, struct err *err)
{
    struct id_list ids;
    enum rc rc = store_list_held(r->d->store, clock_now(r->d->clock), BATCH, &ids, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < ids.n && rc == RC_OK; i++) {
        struct action a;
        struct frozen_message msg;
        struct err still = {0};
        rc = store_action_get(r->d->store, ids.v[i], &a, err);
        if (rc != RC_OK)
            break;
        bool mended = prepare_message(r->d, &a, &msg, &still) == RC_OK;
        action_fini(&a);
        if (!mended)
            continue;
        frozen_message_fini(&msg);
        rc = ledger_release(&r->ledger, ids.v[i], err);
    }
    id_list_fini(&ids);
    return rc;
}

/* ---- sending ---- */

/* An SMS that would ring at night waits for the morning, unless it would then be too late. */
static enum rc decent_time(const struct run *r, const struct action *a, int64_t *ret_at,
                           struct err *err)
{
    const struct zone *zone;
    int64_t now = clock_now(r->d->clock);
    *ret_at = now;
    if (a->channel != CHANNEL_SMS)
        return RC_OK;
    enum rc rc = zone_find(a->tz, &zone, err);
    if (rc != RC_OK)
        return rc;
    int64_t at = decent_instant(zone, r->d->config->sms.hours, now);
    if (at < a->expires_at)
        *ret_at = at;
    return RC_OK;
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
        channel_is_down(r, channel, dv->reason);
}

static enum rc deliver(struct run *r, const struct frozen_message *msg, struct err *err)
{
    struct ledger *l = &r->ledger;
    int64_t now = clock_now(r->d->clock);
    struct parcel parcel = {
        .action_id = l->action.id,
        .step = l->action.step,
        .recipient = msg->recipient,
        .subject = msg->subject,
        .bytes = msg->bytes,
        .len = msg->len,
        .idem_key = msg->idem_key,
        .date = msg->frozen_at,
        .expires_at = l->action.expires_at,
        .now = now,
    };
    struct delivery_hooks hooks = {ledger_before_risk, ledger_accepted, l};
    struct delivery dv = gateway_deliver(r->gateways[msg->channel], &parcel, &hooks);
    if (l->trouble != RC_OK)
        return err_set(err, l->trouble, "%s", l->trouble_err.message);
    struct judgement j;
    uint32_t noise = (uint32_t)(l->action.id * 2654435761u);
    judge(&dv, &l->action, clock_now(r->d->clock), noise, &j);
    if (!l->recorded) {
        enum rc rc = ledger_record(l, &j, err);
        if (rc != RC_OK)
            return rc;
    }
    struct action after;
    enum rc rc = store_action_get(r->d->store, l->action.id, &after, err);
    if (rc != RC_OK)
        return rc;
    if (after.state != j.verdict.state) {
        /* T2 said no: somebody's later word stands. */
        report(r, TICK_WITHDRAWN, &after, after.reason);
    } else {
        watch_channel(r, msg->channel, &dv, &j);
        report(r, j.outcome, &after, j.outcome == TICK_SENT ? after.reason : j.reason);
    }
    action_fini(&after);
    return RC_OK;
}

static enum rc send_one(struct run *r, int64_t action_id, struct err *err)
{
    struct action peek;
    int64_t at = 0;
    enum rc rc = store_action_get(r->d->store, action_id, &peek, err);
    if (rc != RC_OK)
        return rc;
    rc = decent_time(r, &peek, &at, err);
    enum channel channel = peek.channel;
    action_fini(&peek);
    if (rc != RC_OK)
        return rc;
    if (at > clock_now(r->d->clock))
        return ledger_postpone(&r->ledger, action_id, at, err);
    if (!gateway_ready(r, channel)) {
        r->summary->waiting++;
        return RC_OK;
    }
    struct frozen_message msg;
    struct err why = {0};
    bool claimed, held;
    rc = ledger_claim(&r->ledger, action_id, &msg, &claimed, &held, &why);
    if (rc != RC_OK)
        return err_set(err, rc, "%s", why.message);
    if (held)
        report(r, TICK_HELD, &r->ledger.action, why.message);
    if (!claimed)
        return RC_OK;
    rc = deliver(r, &msg, err);
    frozen_message_fini(&msg);
    return rc;
}

/* A channel on which this tick sent nothing and whose last try failed is worth a word, also when there were too few
 * messages to close it: otherwise a dead server would be silent until the rows turn red. */
static void look_back_at_channels(struct run *r)
{
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        if (!r->summary->channel_down[i] && r->failures[i] > 0 && r->sent[i] == 0)
            channel_is_down(r, (enum channel)i, r->last_failure[i]);
    }
}

static enum rc send_all(struct run *r, struct err *err)
{
    struct id_list ids;
    enum rc rc = store_list_to_send(r->d->store, clock_now(r->d->clock), BATCH, &ids, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < ids.n && rc == RC_OK; i++) {
        if (r->d->max_runtime_sec > 0 &&
            clock_now(r->d->clock) - r->started >= r->d->max_runtime_sec) {
            r->summary->out_of_time = true;
            break;
        }
        rc = send_one(r, ids.v[i], err);
    }
    look_back_at_channels(r);
    id_list_fini(&ids);
    return rc;
}

/* What reports say of a channel: that it works, or why it does not, until it works again. */
static enum rc mark_channel(const struct run *r, enum channel channel, struct err *err)
{
    char *key = xasprintf("gateway_%s", channel_name(channel));
    enum rc rc = RC_OK;
    if (r->summary->channel_down[channel])
        rc = store_setting_set(r->d->store, key,
                               str_or(r->summary->why_down[channel].message, "down"), err);
    else if (r->sent[channel] > 0)
        rc = store_setting_set(r->d->store, key, "ok", err);
    free(key);
    return rc;
}

/* The dead-man's switch of the reports: when did a tick last run to its end, and could it send? */
static enum rc mark_run(const struct run *r, struct err *err)
{
    struct store *store = r->d->store;
    char *at = xasprintf("%lld", (long long)clock_now(r->d->clock));
    enum rc rc = store_begin(store, err);
    if (rc == RC_OK) {
        rc = store_setting_set(store, "last_tick_at", at, err);
        if (rc == RC_OK)
            rc = mark_channel(r, CHANNEL_EMAIL, err);
        if (rc == RC_OK)
            rc = mark_channel(r, CHANNEL_SMS, err);
        rc = store_finish(store, rc, err);
    }
    free(at);
    return rc;
}

enum rc dispatch_tick(const struct dispatcher *d, struct tick_summary *ret, struct err *err)
{
    int lock = -1;
    *ret = (struct tick_summary){0};
    enum rc rc = lock_take(d->lock_path, &lock, &ret->other_pid, err);
    if (rc != RC_OK)
        return rc;
    if (lock < 0) {
        ret->another_runs = true;
        return RC_OK;
    }
    struct run r = {.d = d, .summary = ret, .ledger.d = d, .started = clock_now(d->clock)};
    random_hex(r.ledger.tick_id, 32);
    rc = daily_check(d, err);
    if (rc == RC_OK)
        rc = recover(&r, err);
    if (rc == RC_OK)
        rc = fall_back_all(&r, err);
    if (rc == RC_OK)
        rc = expire_all(&r, err);
    if (rc == RC_OK)
        rc = release_all(&r, err);
    if (rc == RC_OK)
        rc = send_all(&r, err);
    if (rc == RC_OK)
        rc = mark_run(&r, err);
    for (int i = 0; i < CHANNEL_COUNT; i++)
        gateway_free(r.gateways[i]);
    action_fini(&r.ledger.action);
    lock_release(lock);
    return rc;
}

/* ---- dry run ---- */

typedef enum rc lister(struct store *, int64_t, size_t, struct id_list *, struct err *);

static enum rc would(struct run *r, lister *list, enum tick_outcome outcome, struct err *err)
{
    struct id_list ids = {0};
    int64_t now = clock_now(r->d->clock);
    enum rc rc = list(r->d->store, now, BATCH, &ids, err);
    for (size_t i = 0; rc == RC_OK && i < ids.n; i++) {
        struct action a;
        rc = store_action_get(r->d->store, ids.v[i], &a, err);
        if (rc != RC_OK)
            break;
        enum tick_outcome what = outcome;
        struct err why = {0};
        bool expired = a.expires_at != 0 && a.expires_at <= now;
        int64_t at = now;
        if (outcome == TICK_FELL_BACK)
            a.channel = a.fallback_channel;
        if (outcome != TICK_MISSED)
            rc = decent_time(r, &a, &at, err);
        if (outcome != TICK_MISSED && !expired) {
            struct frozen_message msg;
            if (prepare_message(r->d, &a, &msg, &why) == RC_OK)
                frozen_message_fini(&msg);
            else
                what = TICK_HELD;
        }
        if (outcome == TICK_MISSED || (!expired && at <= now))
            report(r, what, &a, what == TICK_HELD ? why.message : "");
        action_fini(&a);
    }
    id_list_fini(&ids);
    return rc;
}

enum rc dispatch_dry_run(const struct dispatcher *d, struct tick_summary *ret, struct err *err)
{
    *ret = (struct tick_summary){0};
    struct run r = {.d = d, .summary = ret, .ledger.d = d};
    enum rc rc = would(&r, store_list_to_fall_back, TICK_FELL_BACK, err);
    if (rc == RC_OK)
        rc = would(&r, store_list_expired, TICK_MISSED, err);
    if (rc == RC_OK)
        rc = would(&r, store_list_to_send, TICK_SENT, err);
    return rc;
}
