/* A delivery -> the verdict that is recorded. Pure: the table of delivery classes, the rule that a message is tried again
 * only when the next try still comes before its expiry, and what can be done about one that is in doubt. */
#include <stdio.h>

#include <pps/retry.h>
#include <pps/str.h>

#include "internal.h"

static const char *const outcome_names[TICK_OUTCOMES] = {
    [TICK_SENT] = "sent",           [TICK_RETRY] = "retry",         [TICK_FAILED] = "failed",
    [TICK_MISSED] = "missed",       [TICK_IN_DOUBT] = "in_doubt",   [TICK_HELD] = "held",
    [TICK_FELL_BACK] = "fell_back", [TICK_WITHDRAWN] = "withdrawn", [TICK_SETTLED] = "settled",
    [TICK_SHARED] = "shared",       [TICK_DROPPED] = "dropped",
};

const char *tick_outcome_name(enum tick_outcome outcome)
{
    return outcome_names[outcome];
}

/* A message that stands for a call which somebody is asked to make keeps saying so; its tries are not those of the call. */
static bool is_asked_for(const struct action *a)
{
    return a->cause == CAUSE_NOT_DELIVERED;
}

static void try_again(const struct delivery *dv, const struct action *a, int64_t now,
                      uint32_t noise, struct judgement *j)
{
    int32_t delay = retry_delay_sec(a->attempts + 1, noise);
    if (dv->retry_after_sec > delay)
        delay = dv->retry_after_sec;
    j->verdict.counts = !is_asked_for(a);
    if (now + delay >= a->expires_at) {
        j->outcome = TICK_MISSED;
        j->verdict.state = STATE_MISSED;
        j->verdict.cause = CAUSE_EXPIRED;
        (void)snprintf(j->reason, sizeof j->reason, "no time is left for another try: %s",
                       dv->reason);
        return;
    }
    j->outcome = TICK_RETRY;
    j->verdict.state = STATE_PENDING;
    j->verdict.cause = is_asked_for(a) ? a->cause : CAUSE_RETRY;
    j->verdict.next_attempt_at = now + delay;
}

enum {
    LOOK_AFTER_SEC = 60,
    RESEND_AFTER_SEC = 900,
    ASK_FOR_SEC = 86400,
    ASK_BEFORE_REPEAT_SEC = 600, /* one that knows repetitions need not be asked for long */
    REPEAT_MARGIN_SEC = 120,
};

/* Whatever became of this try, the one before it may have been accepted: it stays in doubt until something was. */
static void keep_in_doubt(const struct action *a, int64_t now, uint32_t noise, struct judgement *j)
{
    if (j->outcome == TICK_SENT)
        return;
    j->outcome = TICK_IN_DOUBT;
    j->verdict.state = STATE_IN_DOUBT;
    j->verdict.cause = CAUSE_NO_VERDICT;
    j->verdict.next_attempt_at = now + retry_delay_sec(a->attempts + 1, noise);
}

void judge(const struct delivery *dv, const struct action *a, bool doubtful, int64_t now,
           uint32_t noise, struct judgement *j)
{
    *j = (struct judgement){.verdict = {.code = dv->code}};
    (void)snprintf(j->reason, sizeof j->reason, "%s", dv->reason);
    switch (dv->class) {
    case DELIVERY_SENT:
        j->outcome = TICK_SENT;
        j->verdict.state = STATE_SENT;
        j->verdict.cause =
            !channel_is_human(a->planned_channel) ? CAUSE_NONE
            : str_eq(a->outcome, "reached")       ? CAUSE_CALLED_EARLY
                                                  : CAUSE_NOT_TICKED;
        j->verdict.outcome = "sent";
        break;
    case DELIVERY_REFUSED_TEMP:
        j->verdict.outcome = "refused_temp";
        try_again(dv, a, now, noise, j);
        break;
    case DELIVERY_NOT_SENT:
        j->verdict.outcome = "not_sent";
        try_again(dv, a, now, noise, j);
        break;
    case DELIVERY_CONFIG:
        /* The fault is ours, not the message's: it waits, and the try does not count. */
        j->outcome = TICK_RETRY;
        j->verdict.state = STATE_PENDING;
        j->verdict.cause = is_asked_for(a) ? a->cause : CAUSE_RETRY;
        j->verdict.outcome = "not_sent";
        j->stop_channel = true;
        break;
    case DELIVERY_STOPPED:
        /* Not its fault either: the next tick takes it up at once. */
        j->outcome = TICK_RETRY;
        j->verdict.state = STATE_PENDING;
        j->verdict.cause = a->cause;
        j->verdict.outcome = "not_sent";
        break;
    case DELIVERY_REFUSED_PERM:
        j->outcome = TICK_FAILED;
        j->verdict.state = STATE_FAILED;
        j->verdict.cause = CAUSE_REFUSED;
        j->verdict.outcome = "refused_perm";
        j->verdict.counts = true;
        break;
    case DELIVERY_IN_DOUBT:
        j->outcome = TICK_IN_DOUBT;
        j->verdict.state = STATE_IN_DOUBT;
        j->verdict.cause = CAUSE_NO_VERDICT;
        j->verdict.outcome = "in_doubt";
        j->verdict.next_attempt_at = now + LOOK_AFTER_SEC;
        break;
    }
    if (doubtful)
        keep_in_doubt(a, now, noise, j);
    j->verdict.provider_id = dv->provider_id;
    j->verdict.reply = dv->reason;
    j->verdict.reason = j->reason;
}

enum doubt_way doubt_way(const struct doubt *x, int64_t now)
{
    bool may_go = !x->changed && now < x->expires_at;
    if (now < x->since + LOOK_AFTER_SEC)
        return WAY_WAIT;
    bool may_repeat = may_go && now + REPEAT_MARGIN_SEC < x->since + x->powers.repeat_sec;
    int64_t ask_for = may_repeat ? ASK_BEFORE_REPEAT_SEC : ASK_FOR_SEC;
    if (x->powers.asks && !x->cannot_tell && now < x->since + ask_for)
        return WAY_ASK;
    if (may_repeat)
        return WAY_REPEAT;
    if (x->policy == DOUBT_ASSUME_SENT)
        return WAY_TAKE_AS_SENT;
    if (x->policy == DOUBT_RESEND && may_go && x->tries == 1)
        return now < x->since + RESEND_AFTER_SEC ? WAY_WAIT : WAY_REPEAT;
    return WAY_PERSON;
}
