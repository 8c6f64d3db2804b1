/* The ledger's small changes, each one transaction on one action that is looked at again inside it: what time itself
 * changes, what waits for its turn, and what is found out about a message in doubt. */
#include <stdlib.h>
#include <string.h>

#include <pps/store_wishes.h>
#include <pps/str.h>

#include "internal.h"

enum rc ledger_audit(const struct dispatcher *d, const char *verb, const struct action *a,
                     const char *detail, struct err *err)
{
    char tick[] = "tick";
    struct audit_entry entry = {
        .at = clock_now(d->clock),
        .actor = d->actor ? (char *)(uintptr_t)d->actor : tick,
        .verb = (char *)(uintptr_t)verb,
        .occasion_id = a ? a->occasion_id : 0,
        .action_id = a ? a->id : 0,
        .detail = (char *)(uintptr_t)detail,
    };
    return store_audit_add(d->store, &entry, err);
}

void action_reason(struct action *a, enum cause cause, const char *reason)
{
    a->cause = cause;
    free(a->reason);
    a->reason = xstrdup(reason);
}

bool ledger_others_go_on(const struct ledger *l, enum rc rc)
{
    return rc_is_its_own(rc) && l->trouble == RC_OK;
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
                : a->cause == CAUSE_NOT_DELIVERED ? xstrdup("no try got through, and nobody called")
                 : !tried ? xstrdup("in its time no tick ran, or its gateway was down")
                         : xasprintf("no try got through: %s", str_or(a->reason, "no reply"));
    action_reason(a, CAUSE_EXPIRED, why);
    free(why);
    a->state = STATE_MISSED;
    enum rc rc = store_action_update(l->d->store, a, STATE_PENDING, now, err);
    return rc == RC_OK ? ledger_audit(l->d, tick_outcome_name(TICK_MISSED), a, a->reason, err) : rc;
}

/* Nobody has missed anything when a complaint was open all the time; who did not say their word in time has. */
static enum rc expire_held(struct ledger *l, struct action *a, struct err *err)
{
    int64_t now = clock_now(l->d->clock);
    bool approval = a->cause == CAUSE_APPROVAL, word = approval || a->cause == CAUSE_HELD_BY_PERSON;
    l->unchanged = a->expires_at == 0 || a->expires_at > now ||
                   !(word || a->cause == CAUSE_COMPLAINT || a->cause == CAUSE_PAUSED ||
                     a->cause == CAUSE_LOST_SALE);
    if (l->unchanged)
        return RC_OK;
    char *why = approval ? xstrdup("nobody approved it in its time")
                : word   ? xasprintf("nobody released it in its time: %s", str_or(a->reason, "it was held"))
                         : plan_kept_words(a->cause, a->reason);
    action_reason(a, word ? CAUSE_EXPIRED : a->cause, why);
    free(why);
    a->state = word ? STATE_MISSED : STATE_CANCELLED;
    enum tick_outcome outcome = word ? TICK_MISSED : TICK_DROPPED;
    enum rc rc = store_action_update(l->d->store, a, STATE_HELD, now, err);
    return rc == RC_OK ? ledger_audit(l->d, tick_outcome_name(outcome), a, a->reason, err) : rc;
}

enum rc ledger_expire(struct ledger *l, int64_t action_id, struct err *err)
{
    enum rc rc = change_one(l, action_id, STATE_PENDING, expire, err);
    if (rc != RC_OK || !l->unchanged || l->action.state != STATE_HELD)
        return rc;
    return change_one(l, action_id, STATE_HELD, expire_held, err);
}

static enum rc revive(struct ledger *l, struct action *a, struct err *err)
{
    action_reason(a, CAUSE_NONE, NULL);
    a->state = STATE_PENDING;
    a->attempts = 0;
    a->next_attempt_at = a->due_at;
    enum rc rc = store_action_update(l->d->store, a, STATE_MISSED, clock_now(l->d->clock), err);
    /* What was changed while it was missed was not put into the message that it had. */
    if (rc == RC_OK)
        rc = store_message_forget(l->d->store, a->id, err);
    return rc == RC_OK ? ledger_audit(l->d, "revived", a, "its time is still ahead", err) : rc;
}

enum rc ledger_revive(struct ledger *l, int64_t action_id, struct err *err)
{
    return change_one(l, action_id, STATE_MISSED, revive, err);
}

enum rc ledger_hold_this(struct ledger *l, enum cause cause, const char *why, struct err *err)
{
    struct action *a = &l->action;
    action_reason(a, cause, why);
    a->state = STATE_HELD;
    enum rc rc = store_action_update(l->d->store, a, STATE_PENDING, clock_now(l->d->clock), err);
    return rc == RC_OK ? ledger_audit(l->d, tick_outcome_name(TICK_HELD), a, why, err) : rc;
}

enum rc ledger_hold(struct ledger *l, int64_t action_id, const char *why, struct err *err)
{
    enum rc rc = begin_change(l, action_id, STATE_PENDING, err);
    l->unchanged = l->unchanged || channel_is_human(l->action.channel);
    if (rc == RC_OK && !l->unchanged)
        rc = ledger_hold_this(l, CAUSE_TEMPLATE, why, err);
    return store_finish(l->d->store, rc, err);
}

static enum rc release(struct ledger *l, struct action *a, struct err *err)
{
    const char *why = a->cause == CAUSE_SIGNER ? "who failed to sell stands in it no more"
                                               : "its template is mended";
    if (a->cause != CAUSE_TEMPLATE && a->cause != CAUSE_SIGNER)
        return RC_OK;
    action_reason(a, CAUSE_NONE, NULL);
    a->state = STATE_PENDING;
    enum rc rc = store_action_update(l->d->store, a, STATE_HELD, clock_now(l->d->clock), err);
    if (rc == RC_OK)
        rc = store_message_forget(l->d->store, a->id, err);
    return rc == RC_OK ? ledger_audit(l->d, "released", a, why, err) : rc;
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
            action_reason(&l->action, CAUSE_CROWDED, reason);
        rc = store_action_update(l->d->store, &l->action, STATE_PENDING, clock_now(l->d->clock),
                                 err);
    }
    return store_finish(l->d->store, rc, err);
}

/* Its message is tried once more while somebody is asked to call: it stays that call, with its words, its day and its
 * tries, and nobody is told of each try. */
static enum rc try_again_as_message(struct ledger *l, struct action *a, struct err *err)
{
    int64_t now = clock_now(l->d->clock);
    struct civil day = a->local_due;
    char *tz = xstrdup(a->tz);
    enum rc rc = becomes_message(l->d, a, err);
    a->local_due = day;
    free(a->tz);
    a->tz = tz;
    return rc == RC_OK ? store_action_update(l->d->store, a, STATE_PENDING, now, err) : rc;
}

static char *why_by_message(const struct zone *zone, const struct action *a)
{
    char cutoff[CIVIL_TEXT_BYTES];
    const char *way = a->fallback_channel == CHANNEL_SMS ? "SMS" : "e-mail";
    if (a->cause == CAUSE_DECLINED)
        return xasprintf("they did not want to be called, so it goes by %s", way);
    if (a->cause == CAUSE_CALLED_EARLY)
        return xasprintf("%s; %s", str_or(a->reason, "called early"), way);
    civil_format(zone_to_local(zone, a->fallback_at), cutoff);
    if (a->cause == CAUSE_NO_ANSWER && a->attempts > 0)
        return xasprintf("nobody picked up by %s (%d %s), so it goes by %s", cutoff, a->attempts,
                         a->attempts == 1 ? "try" : "tries", way);
    return xasprintf("not called by %s, so it goes by %s", cutoff, way);
}

/* The call becomes its message. fallback_at stays: it tells since when the message stands for the call. */
static enum rc fall_back_this(struct ledger *l, struct action *a, struct err *err)
{
    int64_t now = clock_now(l->d->clock);
    enum action_state was = a->state;
    const struct zone *zone;
    enum rc rc = becomes_message(l->d, a, err);
    if (rc == RC_OK)
        rc = action_zone(l->d, a, &zone, err); /* that of the message, as everything that is told of it */
    if (rc != RC_OK)
        return rc;
    char *why = why_by_message(zone, a);
    action_reason(a, a->cause == CAUSE_CALLED_EARLY ? a->cause : CAUSE_NOT_TICKED, why);
    free(why);
    a->state = STATE_PENDING;
    a->next_attempt_at = a->fallback_at > now ? a->fallback_at : now;
    a->attempts = 0;
    free(a->merged_into);
    a->merged_into = NULL;
    rc = store_action_update(l->d->store, a, was, now, err);
    return rc == RC_OK ? ledger_audit(l->d, tick_outcome_name(TICK_FELL_BACK), a, a->reason, err)
                       : rc;
}

/* What the call was to be made for besides has its own message again. Those that say the same are left out when their turn
 * comes (share.c). One whose client's zone is not known stays as it is. */
static enum rc fall_back_joined(struct ledger *l, int64_t action_id, struct err *err)
{
    struct id_list ids;
    enum rc rc = store_calls_joined(l->d->store, action_id, &ids, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < ids.n && rc == RC_OK; i++) {
        vec_reserve(&l->joined.v, l->joined.n, &l->joined.cap, sizeof *l->joined.v);
        struct action *a = &l->joined.v[l->joined.n];
        rc = store_action_get(l->d->store, ids.v[i], a, err);
        if (rc != RC_OK)
            break;
        bool has_message = a->fallback_at != 0;
        if (has_message)
            rc = fall_back_this(l, a, err);
        if (rc == RC_OK && has_message)
            l->joined.n++;
        else
            action_fini(a);
        char name[ID_TEXT_BYTES];
        id_format('A', ids.v[i], name);
        rc = troubles_note(l->stuck, rc, name, err);
    }
    id_list_fini(&ids);
    return rc;
}

static enum rc fall_back(struct ledger *l, struct action *a, struct err *err)
{
    int64_t now = clock_now(l->d->clock);
    bool again = a->cause == CAUSE_NOT_DELIVERED;
    l->unchanged = a->fallback_at == 0 || a->fallback_at > now || !channel_is_human(a->channel) ||
                   (again && a->next_attempt_at > now && a->expires_at > now);
    if (l->unchanged)
        return RC_OK; /* somebody moved it since it was listed */
    if (again) {
        l->unchanged = true; /* as far as people are told */
        return try_again_as_message(l, a, err);
    }
    enum rc rc = fall_back_this(l, a, err);
    return rc == RC_OK ? fall_back_joined(l, a->id, err) : rc;
}

enum rc ledger_fall_back(struct ledger *l, int64_t action_id, struct err *err)
{
    actions_fini(&l->joined);
    return change_one(l, action_id, STATE_PENDING, fall_back, err);
}

/* ---- what is in doubt ---- */

/* What the action becomes. As after any other try, what would wait for another one is over with its trip. */
static enum rc take_finding(struct ledger *l, const char *settled, enum cause cause,
                            const char *reason, struct err *err)
{
    struct occasion occasion;
    struct action *a = &l->action;
    int64_t now = clock_now(l->d->clock);
    bool sent = !str_eq(settled, "not_sent");
    enum rc rc = store_occasion_get(l->d->store, a->occasion_id, &occasion, err);
    if (rc != RC_OK)
        return rc;
    bool over = !sent && occasion.ended;
    occasion_fini(&occasion);
    a->state = sent ? STATE_SENT : over ? STATE_CANCELLED : STATE_PENDING;
    a->done_at = sent ? now : 0;
    a->next_attempt_at = now;
    action_reason(a, over ? CAUSE_ENDED : cause,
                  over ? "it was not sent, and the trip is cancelled" : reason);
    return RC_OK;
}

enum rc ledger_settle(struct ledger *l, int64_t action_id, const char *settled, enum cause cause,
                      const char *provider_id, const char *reason, struct err *err)
{
    int64_t now = clock_now(l->d->clock);
    enum rc rc = begin_change(l, action_id, STATE_IN_DOUBT, err);
    if (rc == RC_OK && !l->unchanged) {
        struct action *a = &l->action;
        rc = take_finding(l, settled, cause, reason, err);
        if (rc == RC_OK)
            rc = store_settle(l->d->store, action_id, settled, provider_id, err);
        if (rc == RC_OK)
            rc = store_action_update(l->d->store, a, STATE_IN_DOUBT, now, err);
        if (rc == RC_OK)
            rc = ledger_audit(l->d, tick_outcome_name(TICK_SETTLED), a, a->reason, err);
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
