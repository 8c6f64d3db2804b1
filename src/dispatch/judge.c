/* A delivery -> the verdict that is recorded. Pure: the table of delivery classes, and the rule
 * that a message is tried again only when the next try still comes before its expiry. */
#include <stdio.h>

#include <pps/retry.h>
#include <pps/str.h>

#include "internal.h"

static const char *const outcome_names[TICK_OUTCOMES] = {
    [TICK_SENT] = "sent",           [TICK_RETRY] = "retry",         [TICK_FAILED] = "failed",
    [TICK_MISSED] = "missed",       [TICK_IN_DOUBT] = "in_doubt",   [TICK_HELD] = "held",
    [TICK_FELL_BACK] = "fell_back", [TICK_WITHDRAWN] = "withdrawn",
};

const char *tick_outcome_name(enum tick_outcome outcome)
{
    return outcome_names[outcome];
}

static void try_again(const struct delivery *dv, const struct action *a, int64_t now,
                      uint32_t noise, struct judgement *j)
{
    int32_t delay = retry_delay_sec(a->attempts + 1, noise);
    if (dv->retry_after_sec > delay)
        delay = dv->retry_after_sec;
    j->verdict.counts = true;
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
    j->verdict.cause = CAUSE_RETRY;
    j->verdict.next_attempt_at = now + delay;
}

void judge(const struct delivery *dv, const struct action *a, int64_t now, uint32_t noise,
           struct judgement *j)
{
    *j = (struct judgement){.verdict = {.code = dv->code}};
    (void)snprintf(j->reason, sizeof j->reason, "%s", dv->reason);
    switch (dv->class) {
    case DELIVERY_SENT:
        j->outcome = TICK_SENT;
        j->verdict.state = STATE_SENT;
        j->verdict.cause = a->cause == CAUSE_NOT_TICKED ? CAUSE_NOT_TICKED : CAUSE_NONE;
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
        j->verdict.cause = CAUSE_RETRY;
        j->verdict.outcome = "not_sent";
        j->stop_channel = true;
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
        break;
    }
    j->verdict.provider_id = dv->provider_id;
    j->verdict.reply = dv->reason;
    j->verdict.reason = j->reason;
}
