/* For people, after the database was moved or an older copy was put back: adopt says that this one works from now on;
 * recover first takes from the sent log what was sent meanwhile. Both hold the lock of the tick, and both are one
 * transaction and then one line in the log, so that a death in between changes nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/store_forget.h>
#include <pps/str.h>

#include "internal.h"

enum rc dispatch_lock(const struct dispatcher *d, int *ret_lock, struct err *err)
{
    int64_t pid = 0;
    enum rc rc = lock_take(d->lock_path, ret_lock, &pid, err);
    if (rc == RC_OK && *ret_lock < 0)
        rc = err_set(err, RC_BUSY, "a tick is running (process %lld): wait until it ends",
                     (long long)pid);
    return rc;
}

void dispatch_unlock(int lock)
{
    lock_release(lock);
}

static enum rc write_down_here(const struct dispatcher *d, const struct place *here,
                               struct err *err)
{
    struct sentlog log = {.fd = -1};
    enum rc rc = guard_open_log(d, here, true, &log, err);
    sentlog_close(&log);
    return rc;
}

/* ---- adopt ---- */

enum rc dispatch_may_adopt(enum hold hold, struct err *err)
{
    bool may = hold != HOLD_OLDER && hold != HOLD_OTHER_LOG;
    return may ? RC_OK : err_set(err, RC_REJECTED, "%s", hold_reason(hold));
}

static enum rc adopt(const struct dispatcher *d, struct err *err)
{
    struct place here;
    struct log_line last;
    bool exists;
    enum hold hold;
    enum rc rc = guard_look(d, &here, &last, &exists, &hold, err);
    if (rc != RC_OK)
        return rc;
    rc = dispatch_may_adopt(hold, err);
    if (rc != RC_OK)
        return rc;
    rc = guard_name_instance(d, &here, err);
    if (rc == RC_OK)
        rc = store_begin(d->store, err);
    if (rc != RC_OK)
        return rc;
    rc = ledger_audit(d, "adopt", NULL, hold_reason(hold), err);
    if (rc == RC_OK && (hold == HOLD_NO_LOG || hold == HOLD_LOG_OLDER))
        rc = guard_fork(d, &here, err);
    if (rc == RC_OK)
        rc = guard_mark_gateways(d, true, err);
    if (rc == RC_OK)
        rc = store_setting_set(d->store, GUARD_RECOVERED, "", err);
    rc = store_finish(d->store, rc, err);
    return rc == RC_OK ? write_down_here(d, &here, err) : rc;
}

enum rc dispatch_adopt(const struct dispatcher *d, struct err *err)
{
    int lock = -1;
    enum rc rc = dispatch_lock(d, &lock, err);
    if (rc == RC_OK)
        rc = adopt(d, err);
    lock_release(lock);
    return rc;
}

/* ---- recover ---- */

struct restoring {
    const struct dispatcher *d;
    struct recovery *result;
    const struct forgotten_lines *forgotten;
    bool dry;
};

static void tell(const struct restoring *x, enum tick_outcome outcome, const struct action *a,
                 const char *reason, int64_t handed_over_at)
{
    struct tick_event event = {outcome, a, reason, handed_over_at};
    if (x->d->on_event != NULL)
        x->d->on_event(x->d->event_ctx, &event);
}

/* Is what this copy has frozen what was handed over? Otherwise neither may the gateway be asked about it, nor may it be
 * repeated: it is another message. */
static enum rc look_at_message(const struct restoring *x, const struct log_line *risk,
                               struct action *a, struct err *err)
{
    struct frozen_message msg;
    struct err none;
    char key[LOG_KEY_BYTES];
    enum rc rc = store_message_get(x->d->store, a->id, &msg, &none);
    if (rc == RC_NOTFOUND)
        return RC_OK;
    if (rc != RC_OK)
        return err_set(err, rc, "%s", none.message);
    sentlog_key(msg.idem_key, key);
    a->stale = a->stale || !str_eq(key, risk->key);
    frozen_message_fini(&msg);
    return RC_OK;
}

/* One more try of which nobody knows what became. */
static enum rc still_in_doubt(const struct restoring *x, struct action *a,
                              const struct log_line *risk, const char *reason, struct err *err)
{
    a->cause = CAUSE_RESTORED;
    enum rc rc = store_action_update(x->d->store, a, STATE_IN_DOUBT, clock_now(x->d->clock), err);
    return rc == RC_OK
               ? store_import_attempt(x->d->store, a->id, risk->at, risk->place.seq, reason, err)
               : rc;
}

/* A copy may hold it in any state in which it had not gone yet; the way to "in doubt" leads through "pending". risk: what
 * is known of the handing over. */
static enum rc into_doubt(const struct restoring *x, struct action *a, const struct log_line *risk,
                          const char *reason, struct err *err)
{
    int64_t now = clock_now(x->d->clock);
    enum action_state was = a->state;
    enum rc rc = look_at_message(x, risk, a, err);
    if (rc != RC_OK)
        return rc;
    if (was == STATE_IN_DOUBT)
        return still_in_doubt(x, a, risk, reason, err);
    if (a->expires_at == 0) /* one that had been dropped has none, and a message must have one */
        a->expires_at = now;
    if (was != STATE_PENDING) {
        a->state = STATE_PENDING;
        rc = store_action_update(x->d->store, a, was, now, err);
    }
    a->state = STATE_IN_DOUBT;
    a->cause = CAUSE_RESTORED;
    a->channel = risk->channel;
    a->fallback_at = 0;
    a->next_attempt_at = now;
    free(a->reason);
    a->reason = xstrdup(reason);
    if (rc == RC_OK)
        rc = store_action_update(x->d->store, a, STATE_PENDING, now, err);
    if (rc == RC_OK)
        rc = store_import_attempt(x->d->store, a->id, risk->at, risk->place.seq, reason, err);
    return rc == RC_OK ? ledger_audit(x->d, "in_doubt", a, reason, err) : rc;
}

/* What the gateway called it is kept, too: of an outbox the name of the file, which goes when the client is forgotten. */
static enum rc into_sent(const struct restoring *x, struct action *a, const struct sent_since *s,
                         struct err *err)
{
    int64_t now = clock_now(x->d->clock);
    a->state = STATE_SENT;
    a->done_at = s->risk.at;
    free(a->reason);
    a->reason = xstrdup("known from the sent log");
    enum rc rc = store_settle(x->d->store, a->id, "sent",
                              str_empty(s->provider_id) ? NULL : s->provider_id, err);
    if (rc == RC_OK)
        rc = store_action_update(x->d->store, a, STATE_IN_DOUBT, now, err);
    return rc == RC_OK ? ledger_audit(x->d, "sent", a, a->reason, err) : rc;
}

/* The copy knows what this was about, but not that it was planned: the change that brought it is younger. The date from which
 * it was planned is open; people make the change once more, and the plan leaves what has gone as it is. */
static enum rc add_then(const struct restoring *x, const struct log_line *risk, struct action *ret,
                        struct err *err)
{
    const struct dispatcher *d = x->d;
    *ret = (struct action){.occasion_id = risk->occasion_id,
                           .kind = risk->occasion_kind,
                           .step = xstrdup(risk->step),
                           .occurrence = risk->occurrence,
                           .channel = risk->channel,
                           .planned_channel = risk->channel,
                           .state = STATE_PENDING,
                           .local_due = zone_to_local(d->zone, risk->at),
                           .tz = xstrdup(zone_name(d->zone)),
                           .due_at = risk->at,
                           .next_attempt_at = risk->at,
                           .expires_at = clock_now(d->clock),
                           .anchor_at = {CIVIL_NONE, MINUTE_NONE},
                           .moved_to = {CIVIL_NONE, MINUTE_NONE}};
    return store_action_add(d->store, ret, clock_now(d->clock), &ret->id, err);
}

/* The action that was handed over, and whether this copy believes that it has not gone. Numbers are given anew after a
 * restore: the occasion, known by when it was entered, and the step tell. */
static enum rc find_unsent(const struct restoring *x, const struct log_line *risk,
                           struct action *ret, bool *ret_known, bool *ret_unsent, struct err *err)
{
    struct occasion occasion;
    struct err none;
    *ret_known = *ret_unsent = false;
    enum rc rc = store_occasion_get(x->d->store, risk->occasion_id, &occasion, &none);
    if (rc == RC_NOTFOUND)
        return RC_OK;
    if (rc != RC_OK)
        return err_set(err, rc, "%s", none.message);
    *ret_known =
        occasion.kind == risk->occasion_kind && occasion.created_at == risk->occasion_created_at;
    occasion_fini(&occasion);
    if (!*ret_known)
        return RC_OK;
    rc = store_action_by_step(x->d->store, risk->occasion_id, risk->step, risk->occurrence, ret,
                              &none);
    if (rc == RC_NOTFOUND)
        rc = add_then(x, risk, ret, err);
    else if (rc != RC_OK)
        rc = err_set(err, rc, "%s", none.message);
    *ret_unsent = rc == RC_OK && ret->state != STATE_SENT;
    return rc;
}

static enum rc take_over(const struct restoring *x, const struct sent_since *s, struct err *err)
{
    struct action a = {0};
    enum delivery_class became = since_outcome(s);
    bool known, unsent, sent = became == DELIVERY_SENT;
    if (!sent && became != DELIVERY_IN_DOUBT)
        return RC_OK; /* refused: it may go as if nothing had been */
    enum rc rc = find_unsent(x, &s->risk, &a, &known, &unsent, err);
    if (rc == RC_OK && !known) {
        struct action then = {.id = s->risk.action_id,
                              .due_at = s->risk.occasion_created_at,
                              .occasion_id = s->risk.occasion_id,
                              .kind = s->risk.occasion_kind,
                              .step = (char *)(uintptr_t)s->risk.step,
                              .channel = s->risk.channel};
        x->result->unknown++;
        tell(x, sent ? TICK_SENT : TICK_IN_DOUBT, &then, "unknown", s->risk.at);
    } else if (rc == RC_OK && unsent) {
        const char *reason =
            "handed over before this copy was put back; the sent log has no answer";
        *(sent ? &x->result->sent : &x->result->in_doubt) += 1;
        if (!x->dry)
            rc = into_doubt(x, &a, &s->risk,
                            sent ? "handed over before this copy was put back" : reason, err);
        if (rc == RC_OK && sent && !x->dry)
            rc = into_sent(x, &a, s, err);
        if (rc == RC_OK)
            tell(x, sent ? TICK_SENT : TICK_IN_DOUBT, &a, sent ? "" : reason, s->risk.at);
    }
    action_fini(&a);
    return rc;
}

/* Without a log nobody knows what went since the copy was made: everything that was due is in doubt. */
static enum rc doubt_list(const struct restoring *x, struct id_list *ids, struct err *err)
{
    const char *reason = "a backup was put back without its sent log";
    int64_t now = clock_now(x->d->clock);
    enum rc rc = RC_OK;
    for (size_t i = 0; i < ids->n && rc == RC_OK; i++) {
        struct action a;
        rc = store_action_get(x->d->store, ids->v[i], &a, err);
        if (rc != RC_OK)
            break;
        const struct log_line guess = {
            .at = a.due_at < now ? a.due_at : now,
            .channel = channel_is_human(a.channel) ? a.fallback_channel : a.channel,
        };
        x->result->in_doubt++;
        if (!x->dry)
            rc = into_doubt(x, &a, &guess, reason, err);
        if (rc == RC_OK)
            tell(x, TICK_IN_DOUBT, &a, reason, 0);
        action_fini(&a);
    }
    id_list_fini(ids);
    return rc;
}

enum { ALL = 1 << 20 };

static enum rc doubt_everything_due(const struct restoring *x, struct err *err)
{
    struct id_list ids;
    int64_t now = clock_now(x->d->clock);
    enum rc rc = store_list_to_fall_back(x->d->store, now, ALL, &ids, err);
    if (rc == RC_OK)
        rc = doubt_list(x, &ids, err);
    if (rc == RC_OK)
        rc = store_list_held(x->d->store, now, ALL, &ids, err);
    if (rc == RC_OK)
        rc = doubt_list(x, &ids, err);
    if (rc == RC_OK)
        rc = store_list_to_send(x->d->store, now, ALL, &ids, err);
    return rc == RC_OK ? doubt_list(x, &ids, err) : rc;
}

/* The copy may have been made while a tick ran: what it had claimed is as it was, and what it had at risk is in doubt
 * until the log says more. */
static enum rc end_what_ran(const struct restoring *x, const struct since *since, struct err *err)
{
    int64_t now = clock_now(x->d->clock);
    static const struct verdict doubt = {.state = STATE_IN_DOUBT,
                                         .cause = CAUSE_RESTORED,
                                         .reason = "the copy was made while it was handed over",
                                         .outcome = "in_doubt",
                                         .reply = "the copy was made while it was handed over"};
    int n;
    enum rc rc = store_recover_claimed(x->d->store, now, &n, err);
    for (size_t i = 0; i < since->left.n && rc == RC_OK; i++) {
        const struct at_risk *left = &since->left.v[i];
        rc = store_verdict(x->d->store, left->action_id, left->attempt_id, &doubt, now, err);
    }
    return rc;
}

/* Whatever is in doubt may have been tried again since: nothing about it is to be done by itself. */
static enum rc doubt_doubts(const struct restoring *x, struct err *err)
{
    struct id_list ids;
    enum rc rc = store_list_doubts(x->d->store, INT64_MAX, ALL, &ids, err);
    return rc == RC_OK ? doubt_list(x, &ids, err) : rc;
}

/* After what was sent to them is known, since nothing is written about them any more; and before whatever is due gets in
 * doubt, since nothing of theirs is due. */
static enum rc forget_again(const struct restoring *x, struct err *err)
{
    const struct dispatcher *d = x->d;
    enum rc rc = RC_OK;
    for (size_t i = 0; i < x->forgotten->n && rc == RC_OK; i++) {
        const struct log_line *line = &x->forgotten->v[i];
        struct forgotten_since who = {line->client_id, line->at, line->kind == LOG_FORGOT};
        *(who.certain ? &x->result->forgotten : &x->result->perhaps_forgotten) += 1;
        if (who.certain)
            rc = d->forget(d->forget_ctx, who.client_id, err);
        if (rc == RC_OK && d->on_forgotten != NULL)
            d->on_forgotten(d->event_ctx, &who);
    }
    return rc;
}

static enum rc write_all(const struct restoring *x, const struct since *since, struct err *err)
{
    enum rc rc = end_what_ran(x, since, err);
    for (size_t i = 0; i < since->n && rc == RC_OK; i++)
        rc = take_over(x, since->v[i], err);
    if (rc == RC_OK)
        rc = forget_again(x, err);
    if (rc == RC_OK && !x->result->by_log)
        rc = doubt_doubts(x, err);
    if (rc == RC_OK && !x->result->by_log)
        rc = doubt_everything_due(x, err);
    if (rc == RC_OK && !x->dry && since->highest > since->here->seq)
        rc = store_seq_at_least(x->d->store, since->highest, err);
    char *until = xasprintf("%lld", (long long)x->result->known_until);
    if (rc == RC_OK && !x->dry)
        rc = store_setting_set(x->d->store, GUARD_RECOVERED, until, err);
    free(until);
    char *now = xasprintf("%lld", (long long)clock_now(x->d->clock));
    if (rc == RC_OK && !x->dry)
        rc = store_setting_set(x->d->store, SETTING_RECOVERED_AT, now, err);
    free(now);
    return rc == RC_OK && !x->dry ? ledger_audit(x->d, "recover", NULL, NULL, err) : rc;
}

/* When this copy was made, or shortly before: the last line of its log. A second recover keeps what the first found. */
static enum rc known_until(const struct restoring *x, struct err *err)
{
    struct audit_list list;
    struct audit_query last = {.limit = 1};
    char *before = NULL;
    enum rc rc = store_setting_get(x->d->store, GUARD_RECOVERED, &before, err);
    if (rc == RC_OK && !str_empty(before))
        x->result->known_until = strtoll(before, NULL, 10);
    else if (rc == RC_OK)
        rc = store_audit_list(x->d->store, &last, &list, err);
    if (rc == RC_OK && str_empty(before)) {
        x->result->known_until = list.n > 0 ? list.v[0].at : 0;
        audit_list_fini(&list);
    }
    free(before);
    return rc;
}

static enum rc restore(struct restoring *x, struct err *err)
{
    struct place here;
    enum rc rc = store_check(x->d->store, err);
    struct since since = {0};
    struct forgotten_lines forgotten = {0};
    x->forgotten = &forgotten;
    if (rc == RC_OK)
        rc = guard_here(x->d, &here, err);
    if (rc == RC_OK)
        rc = since_read(x->d, &here, &since, err);
    x->result->by_log = since.ours && since.reaches && !since.forked;
    x->result->part_log = since.ours && !x->result->by_log;
    x->result->other_log = since.any && !since.ours;
    if (rc == RC_OK)
        rc = known_until(x, err);
    if (rc == RC_OK)
        rc = forgotten_read(x->d, &since, x->result->known_until, &forgotten, err);
    if (rc == RC_OK && !x->dry)
        rc = guard_name_instance(x->d, &here, err);
    if (rc == RC_OK && forgotten.n > 0)
        rc = store_forget_begin(x->d->store, err);
    if (rc == RC_OK)
        rc = store_begin(x->d->store, err);
    if (rc == RC_OK) {
        rc = write_all(x, &since, err);
        if (rc == RC_OK && !x->dry && !x->result->by_log)
            rc = guard_fork(x->d, &here, err);
        if (x->dry)
            store_rollback(x->d->store);
        else
            rc = store_finish(x->d->store, rc, err);
    }
    if (rc == RC_OK && !x->dry) {
        here.seq = since.highest;
        rc = write_down_here(x->d, &here, err);
        seen_start_anew(x->d);
    }
    forgotten_lines_fini(&forgotten);
    since_fini(&since);
    return rc;
}

enum rc dispatch_recover(const struct dispatcher *d, bool dry, struct recovery *ret,
                         struct err *err)
{
    int lock = -1;
    *ret = (struct recovery){0};
    struct restoring x = {.d = d, .result = ret, .dry = dry};
    enum rc rc = dispatch_lock(d, &lock, err);
    if (rc == RC_OK)
        rc = restore(&x, err);
    lock_release(lock);
    return rc;
}
