/* One run of the tick: lock, guards, recovery, what is in doubt, what time changes, what is to be sent, and the mark that the
 * tick ran. The engine's heart is the order of these; the guarantees are in ledger.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "internal.h"

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

/* ---- guards ---- */

static enum rc check_guards(struct run *r, struct err *err)
{
    const struct dispatcher *d = r->d;
    struct place *here = &r->ledger.here;
    struct log_line last;
    bool log_exists = false;
    enum rc rc = guard_look_around(d, here, &last, &log_exists, &r->summary->hold, err);
    if (rc != RC_OK || r->summary->hold != HOLD_NONE || r->dry)
        return rc;
    rc = guard_name_instance(d, here, err);
    if (rc == RC_OK)
        rc = envelope_ensure_key(d, &r->token_key, err);
    return rc == RC_OK ? guard_open_log(d, here, !log_exists, &r->ledger.log, err) : rc;
}

/* A tick that died between its commit and its line left the log one behind. It catches up, so that the next such death is
 * not taken for an older log; after recovery, which learns from the missing line. */
static enum rc catch_up(struct run *r, struct err *err)
{
    struct log_line last;
    bool exists;
    if (r->dry)
        return RC_OK;
    enum rc rc = sentlog_last(r->d->sent_path, &last, &exists, err);
    if (rc != RC_OK || (exists && last.place.seq == r->ledger.here.seq))
        return rc;
    struct log_line line = {
        .kind = LOG_HERE, .place = r->ledger.here, .at = clock_now(r->d->clock)};
    return sentlog_add(&r->ledger.log, &line, err);
}

/* ---- what time changes ---- */

/* Too late for the message as well: it is missed, and reported as that below. */
static void report_fell_back(struct run *r, const struct action *a)
{
    if (a->cause == CAUSE_NOT_TICKED && a->expires_at > clock_now(r->d->clock))
        run_report(r, TICK_FELL_BACK, a, a->reason);
}

static enum rc fall_back_all(struct run *r, struct err *err)
{
    struct id_list ids;
    enum rc rc =
        store_list_to_fall_back(r->d->store, clock_now(r->d->clock), TICK_BATCH, &ids, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < ids.n && rc == RC_OK; i++) {
        rc = ledger_fall_back(&r->ledger, ids.v[i], err);
        /* A call that cannot become its message stays a person's work, and turns red as such. */
        if (ledger_others_go_on(&r->ledger, rc)) {
            rc = run_goes_on(r, rc, ids.v[i], err);
            continue;
        }
        if (rc == RC_OK && !r->ledger.unchanged)
            report_fell_back(r, &r->ledger.action);
        for (size_t j = 0; rc == RC_OK && j < r->ledger.joined.n; j++)
            report_fell_back(r, &r->ledger.joined.v[j]);
    }
    id_list_fini(&ids);
    return rc;
}

static enum rc expire_all(struct run *r, struct err *err)
{
    struct id_list ids;
    enum rc rc = store_list_expired(r->d->store, clock_now(r->d->clock), TICK_BATCH, &ids, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < ids.n && rc == RC_OK; i++) {
        rc = ledger_expire(&r->ledger, ids.v[i], err);
        const struct action *a = &r->ledger.action;
        if (rc == RC_OK && !r->ledger.unchanged)
            run_report(r, a->state == STATE_MISSED ? TICK_MISSED : TICK_DROPPED, a, a->reason);
        rc = run_goes_on(r, rc, ids.v[i], err);
    }
    id_list_fini(&ids);
    return rc;
}

/* Missed although its time is still ahead: the clock was wrong when it was missed. */
static enum rc revive_all(struct run *r, struct err *err)
{
    struct id_list ids;
    enum rc rc =
        store_list_missed_ahead(r->d->store, clock_now(r->d->clock), TICK_BATCH, &ids, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; rc == RC_OK && i < ids.n; i++) {
        rc = ledger_revive(&r->ledger, ids.v[i], err);
        rc = run_goes_on(r, rc, ids.v[i], err);
    }
    id_list_fini(&ids);
    return rc;
}

static enum rc release_one(struct run *r, int64_t id, struct err *err)
{
    struct action a;
    struct frozen_message msg;
    enum cause cause;
    enum rc rc = store_action_get(r->d->store, id, &a, err);
    if (rc != RC_OK)
        return rc;
    rc = prepare_message(r->d, &a, &msg, &cause, err);
    action_fini(&a);
    if (ledger_others_go_on(&r->ledger, rc))
        return RC_OK; /* it stays held, and is red */
    if (rc != RC_OK)
        return rc;
    frozen_message_fini(&msg);
    return run_goes_on(r, ledger_release(&r->ledger, id, err), id, err);
}

/* What was held for its words is looked at again: the template may be mended by now. */
static enum rc release_all(struct run *r, struct err *err)
{
    struct id_list ids;
    enum rc rc = store_list_held(r->d->store, clock_now(r->d->clock), TICK_BATCH, &ids, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < ids.n && rc == RC_OK; i++)
        rc = run_goes_on(r, release_one(r, ids.v[i], err), ids.v[i], err);
    id_list_fini(&ids);
    return rc;
}

/* ---- sending ---- */

/* A channel on which this tick sent nothing and whose last try failed is worth a word, also when there were too few
 * messages to close it: otherwise a dead server would be silent until the rows turn red. */
static void look_back_at_channels(struct run *r)
{
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        if (!r->summary->channel_down[i] && r->failures[i] > 0 && r->sent[i] == 0)
            send_close_channel(r, (enum channel)i, r->last_failure[i]);
    }
}

/* A message that cannot even be tried is held for a person; the others are not held up by it. */
static enum rc send_or_hold(struct run *r, int64_t id, struct err *err)
{
    struct err why = {0};
    enum rc rc = send_one(r, id, &why);
    if (!ledger_others_go_on(&r->ledger, rc))
        return rc == RC_OK ? rc : err_set(err, rc, "%s", why.message);
    rc = ledger_hold(&r->ledger, id, why.message, err);
    if (rc == RC_OK && !r->ledger.unchanged)
        run_report(r, TICK_HELD, &r->ledger.action, why.message);
    return run_goes_on(r, rc, id, err);
}

static enum rc send_all(struct run *r, struct err *err)
{
    struct id_list ids;
    enum rc rc = store_list_to_send(r->d->store, clock_now(r->d->clock), TICK_BATCH, &ids, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < ids.n && rc == RC_OK; i++) {
        if (run_stopping(r) || run_out_of_time(r))
            break;
        if (!guard_has_space(r->d)) {
            r->summary->hold = HOLD_NO_SPACE;
            break;
        }
        rc = send_or_hold(r, ids.v[i], err);
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
            rc = guard_mark_clock(r->d, err);
        if (rc == RC_OK)
            rc = guard_mark_gateways(r->d, false, err);
        if (rc == RC_OK)
            rc = mark_channel(r, CHANNEL_EMAIL, err);
        if (rc == RC_OK)
            rc = mark_channel(r, CHANNEL_SMS, err);
        rc = store_finish(store, rc, err);
    }
    free(at);
    return rc;
}

static enum rc replan(struct run *r, struct err *err)
{
    enum rc rc = r->d->replan != NULL ? r->d->replan(r->d->replan_ctx, err) : RC_OK;
    return ledger_others_go_on(&r->ledger, rc)
               ? troubles_note(&r->summary->stuck, rc, "what time changes", err)
               : rc;
}

static enum rc all_in_order(struct run *r, struct err *err)
{
    typedef enum rc part(struct run *, struct err *);
    static part *const parts[] = {recover,       replan,     catch_up,    settle_all, revive_all,
                                  fall_back_all, expire_all, release_all, send_all,
                                  digest_all};
    enum rc rc = daily_check(r->d, err);
    if (rc == RC_OK)
        rc = check_guards(r, err);
    if (rc != RC_OK || r->summary->hold != HOLD_NONE)
        return rc;
    for (size_t i = 0; i < sizeof parts / sizeof *parts && rc == RC_OK; i++)
        rc = parts[i](r, err);
    return rc == RC_OK ? mark_run(r, err) : rc;
}

static void run_fini(struct run *r)
{
    for (int i = 0; i < CHANNEL_COUNT; i++)
        gateway_free(r->gateways[i]);
    action_fini(&r->ledger.action);
    actions_fini(&r->ledger.joined);
    sentlog_close(&r->ledger.log);
    free(r->token_key);
}

/* lock: -1 in a dry run. */
static enum rc run_all(const struct dispatcher *d, int lock, bool dry, struct tick_summary *ret,
                       struct err *err)
{
    struct run r = {
        .d = d,
        .summary = ret,
        .ledger = {.d = d, .lock = lock, .log.fd = -1, .stuck = &ret->stuck},
        .started_ms = clock_ticking_ms(),
        .dry = dry,
    };
    for (int i = 0; i < CHANNEL_COUNT; i++)
        r.handed_over[i] = -1;
    random_hex(r.ledger.tick_id, 32);
    enum rc rc = all_in_order(&r, err);
    run_fini(&r);
    return rc;
}

enum rc dispatch_dry_run(const struct dispatcher *d, struct tick_summary *ret, struct err *err)
{
    *ret = (struct tick_summary){0};
    return run_all(d, -1, true, ret, err);
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
    rc = run_all(d, lock, false, ret, err);
    lock_release(lock);
    return rc;
}
