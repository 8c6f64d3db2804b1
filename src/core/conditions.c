/* What is known of a client, and what people have said, has its say here: by which way a step can go, the conditions of
 * the playbook, consent, and what keeps a message back for now. Pure. Serves the planner (timeline.c), which decides
 * the moments. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "plan.h"

const struct plan_past *plan_past_of(const struct plan_input *in, const char *key)
{
    for (size_t i = 0; i < in->n_past; i++) {
        if (str_eq(in->past[i].step, key))
            return &in->past[i];
    }
    return NULL;
}

void plan_drop(struct plan_item *item, enum cause cause, char *reason)
{
    item->verdict = PLAN_DROPPED;
    item->cause = cause;
    item->reason = reason;
    item->expires_at = 0;
}

/* ---- the way ---- */

static bool is_denied(const struct plan_input *in, const struct step *step, enum channel channel)
{
    return (in->denied[step->class] & 1u << channel) != 0;
}

static bool is_reachable(const struct plan_input *in, enum channel channel)
{
    switch (channel) {
    case CHANNEL_EMAIL:
        return in->has_email;
    case CHANNEL_SMS:
        return in->has_phone && !in->no_sms;
    case CHANNEL_CALL:
        return in->has_phone;
    default:
        return true;
    }
}

bool plan_pick_channel(const struct plan_input *in, const struct step *step, enum channel *ret)
{
    for (size_t i = 0; i <= step->n_otherwise; i++) {
        enum channel c = i == 0 ? step->channel : step->otherwise[i - 1];
        if (is_reachable(in, c) && !is_denied(in, step, c)) {
            *ret = c;
            return true;
        }
    }
    /* A call stays a call while the number is wrong: somebody has to find the right one. */
    *ret = step->channel;
    return in->phone_wrong && step->channel == CHANNEL_CALL;
}

static const char *unwanted_words(const struct step *step, enum channel channel)
{
    bool email = channel == CHANNEL_EMAIL;
    if (step->class == CLASS_MARKETING)
        return email ? "the client wants no marketing by e-mail"
                     : "the client wants no marketing by SMS";
    return email ? "the client wants no messages by e-mail" : "the client wants no messages by SMS";
}

const char *plan_no_way(const struct plan_input *in, const struct step *step)
{
    if (is_reachable(in, step->channel) && is_denied(in, step, step->channel))
        return unwanted_words(step, step->channel);
    return step->channel == CHANNEL_EMAIL ? "the client has no e-mail address"
           : in->phone_wrong              ? "the client's number is wrong"
           : in->has_phone                ? "the client's number takes no SMS"
                                          : "the client has no phone number";
}

/* ---- the playbook's conditions ---- */

/* NULL: they have not. What they have had already says more than what they will. */
static const struct plan_had *had_lately(const struct plan_input *in, const struct plan_item *item)
{
    const struct step *step = item->step;
    const struct plan_had *found = NULL;
    for (size_t i = 0; i < in->n_had && step->once_days > 0; i++) {
        const struct plan_had *had = &in->had[i];
        int64_t apart = item->due_at - had->at;
        bool same = str_eq(had->step, step->key) || str_eq(had->step, step->same_as);
        if (same && (apart < 0 ? -apart : apart) < (int64_t)step->once_days * 86400 &&
            (found == NULL || !had->ahead))
            found = had;
    }
    return found;
}

static char *had_words(const struct plan_had *had, const struct step *step)
{
    char id[ID_TEXT_BYTES];
    if (!had->ahead)
        return xasprintf("dropped: the client has had it within %d days", step->once_days);
    occasion_id_format(had->kind, had->occasion_id, id);
    return xasprintf("dropped: it comes with %s, and not twice within %d days", id,
                     step->once_days);
}

static bool is_refused_signer(const struct plan_input *in, const struct step *step)
{
    return (in->refused_signers & 1u << step->signed_by) != 0;
}

/* What is known, seen from the day on which the step is due. */
static unsigned facts_of(const struct plan_input *in, const struct plan_item *item)
{
    unsigned facts = in->facts;
    for (size_t i = 0; i < in->n_away; i++) {
        if (in->away[i].from <= item->local_due.day && item->local_due.day <= in->away[i].to)
            facts |= FACT_BIT(FACT_TRAVELLING);
    }
    return facts;
}

bool plan_is_excluded(const struct plan_input *in, struct plan_item *item)
{
    const struct step *step = item->step;
    unsigned facts = facts_of(in, item);
    for (int i = 0; i < FACT_COUNT; i++) {
        unsigned bit = FACT_BIT(i), holds = facts & bit;
        if ((step->unless & bit) != 0 && holds != 0) {
            plan_drop(item, CAUSE_CONDITION, xasprintf("dropped: %s", fact_words((enum fact)i)));
            return true;
        }
        if ((step->only_if & bit) != 0 && holds == 0) {
            plan_drop(item, CAUSE_CONDITION, xasprintf("only if %s", fact_words((enum fact)i)));
            return true;
        }
    }
    if (in->turned_down && step->class == CLASS_MARKETING) {
        plan_drop(item, CAUSE_CONDITION,
                  xstrdup("dropped: the complaint about this trip was rejected"));
        return true;
    }
    const struct plan_had *had = had_lately(in, item);
    if (had != NULL) {
        plan_drop(item, CAUSE_HAD_IT, had_words(had, step));
        return true;
    }
    if (is_refused_signer(in, step) && !channel_is_human(item->channel)) {
        plan_drop(item, CAUSE_SIGNER,
                  xasprintf("dropped: the %s failed to sell and may not sign it",
                            role_name(step->signed_by)));
        return true;
    }
    return false;
}

/* ---- consent ---- */

/* The first way that would have been taken if the client wanted it. */
static bool first_denied(const struct plan_input *in, const struct plan_item *item, bool has_way,
                         enum channel *ret)
{
    const struct step *step = item->step;
    for (size_t i = 0; i <= step->n_otherwise; i++) {
        *ret = i == 0 ? step->channel : step->otherwise[i - 1];
        if (has_way && *ret == item->channel)
            return false;
        if (is_reachable(in, *ret) && is_denied(in, step, *ret))
            return true;
    }
    return false;
}

/* What sells, or invites: it is not for who has complained, wants to be left in peace, or wants to hear nothing. */
static bool is_invitation(const struct step *step)
{
    return step->class == CLASS_MARKETING || step->invites_to != NULL;
}

/* They have said "no messages at all", by every way that there is to them. */
static bool wants_nothing(const struct plan_input *in)
{
    const enum channel ways[] = {CHANNEL_EMAIL, CHANNEL_SMS};
    const bool there[] = {in->has_email, in->has_phone};
    bool any = false;
    for (size_t i = 0; i < 2; i++) {
        if (there[i] && (in->denied[CLASS_SERVICE] & 1u << ways[i]) == 0)
            return false;
        any = any || there[i];
    }
    return any;
}

/* "Stop" is not answered by another way. What is about their trip finds one if it can. */
bool plan_is_unwanted(const struct plan_input *in, struct plan_item *item, bool has_way)
{
    const struct step *step = item->step;
    enum channel denied;
    if (has_way && channel_is_human(item->channel) && is_invitation(step) && wants_nothing(in)) {
        plan_drop(item, CAUSE_NO_CONSENT,
                  xstrdup("dropped: the client wants no messages at all, and so no invitation"));
        return true;
    }
    if ((has_way && step->class == CLASS_SERVICE) || !first_denied(in, item, has_way, &denied))
        return false;
    item->channel = denied;
    item->verdict = PLAN_SUPPRESSED;
    item->cause = CAUSE_NO_CONSENT;
    item->reason = xstrdup(unwanted_words(step, denied));
    return true;
}

/* ---- what keeps it back ---- */

static bool needs_approval(const struct plan_input *in, const struct step *step)
{
    for (size_t i = 0; i < step->n_approve_products; i++) {
        if (str_eq(step->approve_products[i], in->product))
            return true;
    }
    return step->approve;
}

/* What keeps back what could be done otherwise; CAUSE_NONE: nothing. */
static enum cause hold_of(const struct plan_input *in, const struct plan_item *item)
{
    const struct plan_past *past = plan_past_of(in, item->step->key);
    bool marketing = item->step->class == CLASS_MARKETING, invites = is_invitation(item->step);
    if (invites && (in->settling || (in->facts & FACT_BIT(FACT_COMPLAINT)) != 0))
        return CAUSE_COMPLAINT;
    /* What was due before and has waited goes when the pause is over. */
    civil_day today = zone_to_local(in->zone, in->now).day;
    if (invites && in->paused_until != CIVIL_NONE && today < in->paused_until &&
        item->local_due.day < in->paused_until)
        return CAUSE_PAUSED;
    if (marketing && (in->waiting_signers & 1u << item->step->signed_by) != 0)
        return CAUSE_LOST_SALE;
    if (needs_approval(in, item->step) && (past == NULL || past->over || !past->approved))
        return CAUSE_APPROVAL;
    return CAUSE_NONE;
}

static char *hold_words(const struct plan_input *in, enum cause hold)
{
    char until[CIVIL_TEXT_BYTES];
    switch (hold) {
    case CAUSE_COMPLAINT:
        return (in->facts & FACT_BIT(FACT_COMPLAINT)) != 0
                   ? xstrdup("waits until the complaint is solved")
                   : xstrdup("waits until they were asked whether the complaint is really solved");
    case CAUSE_PAUSED:
        civil_format_day(in->paused_until, until);
        return xasprintf("paused until %s", until);
    case CAUSE_LOST_SALE:
        return xasprintf("waits until L%lld is over: who would sign it failed to sell to them",
                         (long long)in->lost_id);
    case CAUSE_APPROVAL:
        return xstrdup("waits for approval");
    default:
        return NULL;
    }
}

/* By then a complaint may be solved, and only asked about: the words of the beginning are not those of the end. */
char *plan_kept_words(enum cause cause, const char *reason)
{
    if (cause == CAUSE_COMPLAINT)
        return xstrdup("dropped: its time passed while a complaint kept it back");
    if (cause == CAUSE_LOST_SALE)
        return xstrdup("dropped: its time passed while a lost sale kept it back");
    return xasprintf("dropped: %s", str_or(reason, "its time passed"));
}

bool plan_may_fall_back(const struct plan_input *in, const struct plan_item *item)
{
    const struct step *step = item->step;
    enum channel channel = step->fallback_channel;
    return is_reachable(in, channel) && !is_denied(in, step, channel) &&
           !is_refused_signer(in, step) && hold_of(in, item) == CAUSE_NONE;
}

/* Who signs is of no matter to a call, and nobody approves one. */
static bool may_be_held(enum cause hold, enum channel channel)
{
    return !channel_is_human(channel) || hold == CAUSE_COMPLAINT || hold == CAUSE_PAUSED;
}

void plan_apply_hold(const struct plan_input *in, struct plan_item *item)
{
    enum cause hold = hold_of(in, item);
    if (!may_be_held(hold, item->channel))
        return;
    item->hold = hold;
    item->hold_reason = hold_words(in, item->hold);
    if (item->hold == CAUSE_NONE || item->verdict != PLAN_ACTIVE)
        return;
    item->verdict = PLAN_HELD;
    item->cause = item->hold;
    if (channel_is_human(item->channel)) /* people's work has no end of its own; what is held has that of its window */
        item->expires_at = item->not_after == INT64_MAX ? 0 : item->not_after;
    free(item->reason);
    item->reason = xstrdup(item->hold_reason);
}
