/* The planner: dates + playbook + zone + working calendar -> actions, as a pure function. It
 * decides when, by which channel, or why not; it never reads the clock and never speaks to the
 * database. Serves the services that enrol a sale or move its dates, and `pps why`. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/timeline.h>

/* The hour of a step without one when its day is not today: when the agency opens. */
enum { MORNING = 9 * 60 };

/* A message that may go for less than this would be missed by a tick that runs now and then: its second moment is
 * better. */
enum { SHORTEST_SEC = 30 * 60 };

enum rc plan_check_dates(civil_day purchase, struct civil departure, struct civil return_,
                         struct err *err)
{
    char a[CIVIL_TEXT_BYTES], b[CIVIL_TEXT_BYTES];
    if (departure.day < purchase) {
        civil_format_day(departure.day, a);
        civil_format_day(purchase, b);
        return err_set(err, RC_INVALID, "the departure (%s) is before the purchase (%s)", a, b);
    }
    bool same_day_backwards = return_.day == departure.day && return_.minute != MINUTE_NONE &&
                              departure.minute != MINUTE_NONE && return_.minute <= departure.minute;
    if (return_.day < departure.day || same_day_backwards) {
        civil_format(return_, a);
        civil_format(departure, b);
        return err_set(err, RC_INVALID, "the return (%s) is before the departure (%s)", a, b);
    }
    return RC_OK;
}

static civil_day clamp_day(int64_t day)
{
    return (civil_day)(day < CIVIL_MIN ? CIVIL_MIN : day > CIVIL_MAX ? CIVIL_MAX : day);
}

/* The local date and time of a moment; false when its anchor has no date. */
static bool moment_local(const struct plan_input *in, const struct moment *m, struct civil *ret)
{
    struct civil base = in->when[m->anchor];
    if (base.day == CIVIL_NONE)
        return false;
    if (m->has_offset && base.minute != MINUTE_NONE) {
        /* Three hours before the take-off are three hours, also in the night when the clock changes; and the hour of the
         * take-off is that of the place. */
        const struct zone *zone = m->anchor == ANCHOR_DEPARTURE && in->departure_zone != NULL
                                      ? in->departure_zone
                                      : in->zone;
        int64_t at = zone_to_utc(zone, base) + (int64_t)m->offset * 60;
        *ret = zone_to_local(in->zone, at > 0 ? at : 0);
        return true;
    }
    ret->day = clamp_day((int64_t)base.day + m->days);
    ret->minute = m->minute;
    return true;
}

/* Everything about one step while it is being decided. */
struct window {
    struct civil today;
    int64_t not_before, not_after; /* INT64_MIN / INT64_MAX: no bound */
};

static struct window window_of(const struct plan_input *in, const struct step *step)
{
    struct window w = {zone_to_local(in->zone, in->now), INT64_MIN, INT64_MAX};
    struct civil local;
    if (step->not_before.set && moment_local(in, &step->not_before, &local))
        w.not_before = zone_to_utc(in->zone, local);
    if (step->not_after.set && moment_local(in, &step->not_after, &local))
        w.not_after = zone_to_utc(in->zone, local);
    return w;
}

/* Until when a message that is due on `day` may still go. */
static int64_t expiry_of(const struct plan_input *in, const struct step *step, civil_day day,
                         const struct window *w)
{
    if (!step->expires)
        return 0;
    struct civil last = {clamp_day((int64_t)day + step->grace_days), step->grace_minute};
    int64_t expires = zone_to_utc(in->zone, last);
    return expires < w->not_after ? expires : w->not_after;
}

/* Moves a call to a working day: later, but not out of its window (then the office is closed for too long, and the
 * plain day must do); or earlier, but not before today. */
static civil_day working_day(const struct plan_input *in, const struct step *step,
                             struct civil local, const struct window *w)
{
    if (step->working_day == SHIFT_LATER) {
        struct civil later = {workcal_later(in->calendar, local.day), local.minute};
        return zone_to_utc(in->zone, later) < w->not_after ? later.day : local.day;
    }
    if (step->working_day == SHIFT_EARLIER && local.day > w->today.day) {
        civil_day earlier = workcal_earlier(in->calendar, local.day);
        return earlier < w->today.day ? w->today.day : earlier;
    }
    return local.day;
}

struct candidate {
    struct civil local;
    int64_t due, expires;
};

/* Works out when a step would be due if `m` is its moment; true when that is still ahead (or now)
 * and fits. */
static bool try_moment(const struct plan_input *in, const struct step *step, enum channel channel,
                       const struct moment *m, const struct window *w, struct candidate *ret)
{
    struct civil local;
    if (!m->set || !moment_local(in, m, &local))
        return false;
    if (channel_is_human(channel))
        local.day = working_day(in, step, local, w);
    /* "At once" on the day of the sale is now, also where the client's calendar shows another day. */
    bool at_once =
        m->minute == MINUTE_NONE && (local.day == w->today.day || local.day == in->agency_today);
    if (at_once)
        local = w->today;
    else if (local.minute == MINUTE_NONE)
        local.minute = MORNING;
    int64_t due = at_once ? in->now : zone_to_utc(in->zone, local);
    if (due < w->not_before) {
        due = w->not_before;
        local = zone_to_local(in->zone, due);
    }
    ret->local = local;
    ret->due = due;
    ret->expires = expiry_of(in, step, local.day, w);
    bool open = channel_is_human(channel) ? due < w->not_after
                                          : due < (ret->expires ? ret->expires : w->not_after);
    return due >= in->now && open;
}

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
    case CHANNEL_CALL:
        return in->has_phone;
    default:
        return true;
    }
}

static bool pick_channel(const struct plan_input *in, const struct step *step, enum channel *ret)
{
    for (size_t i = 0; i <= step->n_otherwise; i++) {
        enum channel c = i == 0 ? step->channel : step->otherwise[i - 1];
        if (is_reachable(in, c) && !is_denied(in, step, c)) {
            *ret = c;
            return true;
        }
    }
    /* A call stays a call while the number is wrong: somebody has to find the right one. */
    *ret = CHANNEL_CALL;
    return in->phone_wrong && step->channel == CHANNEL_CALL;
}

/* "the client has no e-mail address": why the step's own channel is not taken. */
static const char *no_way(const struct plan_input *in, enum channel channel)
{
    return channel == CHANNEL_EMAIL ? "the client has no e-mail address"
           : in->phone_wrong        ? "the client's number is wrong"
                                    : "the client has no phone number";
}

static const struct plan_past *past_of(const struct plan_input *in, const char *key)
{
    for (size_t i = 0; i < in->n_past; i++) {
        if (str_eq(in->past[i].step, key))
            return &in->past[i];
    }
    return NULL;
}

/* What is done again has a date now that is not the one of the last time. */
static bool is_again(const struct plan_input *in, const struct step *step,
                     const struct plan_past *past)
{
    struct civil now = in->when[step->at.anchor], then = past->anchor_at;
    return step->again_if_moved && then.day != CIVIL_NONE && now.day != CIVIL_NONE &&
           (then.day != now.day || then.minute != now.minute);
}

static struct plan_item *find_item(struct plan *plan, const char *key)
{
    for (size_t i = 0; i < plan->n; i++) {
        if (str_eq(plan->items[i].step->key, key))
            return &plan->items[i];
    }
    return NULL;
}

static void drop(struct plan_item *item, enum cause cause, char *reason)
{
    item->verdict = PLAN_DROPPED;
    item->cause = cause;
    item->reason = reason;
    item->expires_at = 0;
}

/* Why no regular moment is left, in words: "bought 1 day before the departure". */
static char *lateness(const struct plan_input *in, const struct step *step,
                      const struct candidate *c)
{
    char due[CIVIL_TEXT_BYTES];
    civil_format(c->local, due);
    civil_day purchase = in->when[ANCHOR_PURCHASE].day;
    int32_t entered = in->agency_today - purchase;
    int32_t lead = in->when[ANCHOR_DEPARTURE].day - purchase;
    bool before_trip = step->at.anchor == ANCHOR_PURCHASE || step->at.anchor == ANCHOR_DEPARTURE;
    if (before_trip && lead <= 3 && entered <= 0)
        return lead == 0   ? xstrdup("bought on the day of the departure")
               : lead == 1 ? xstrdup("bought 1 day before the departure")
                           : xasprintf("bought %d days before the departure", (int)lead);
    if (c->due < in->now)
        return xasprintf("its time (%s) had passed when it was planned", due);
    return xasprintf("no time is left for it (%s would be too late)", due);
}

/* A sale that was entered late, with the departure still some days ahead: what would be merged gets a day of its own
 * instead, two days from now, so that nobody reads "you leave very soon" a week before. */
static bool postpone(const struct plan_input *in, const struct window *w, struct plan_item *item)
{
    enum { DAYS = 2, AT_LEAST_AHEAD_SEC = 3 * 86400 };
    const struct step *step = item->step;
    struct civil local = {clamp_day((int64_t)w->today.day + DAYS),
                          step->at.minute == MINUTE_NONE ? MORNING : step->at.minute};
    int64_t due = zone_to_utc(in->zone, local);
    if (w->not_after == INT64_MAX || due + AT_LEAST_AHEAD_SEC > w->not_after)
        return false;
    item->verdict = PLAN_ACTIVE;
    item->postponed = true;
    item->local_due = local;
    item->due_at = due;
    item->expires_at = expiry_of(in, step, local.day, w);
    return true;
}

/* The regular moments are gone: the step's own policy decides. */
static void apply_late_policy(const struct plan_input *in, const struct window *w,
                              const struct candidate *regular, struct plan *plan,
                              struct plan_item *item)
{
    const struct step *step = item->step;
    char *why = lateness(in, step, regular);
    item->late = true;
    if (step->if_late == LATE_MERGE && regular->due < in->now && postpone(in, w, item)) {
        item->reason = xasprintf("later than usual: %s", why);
        goto out;
    }
    if (step->if_late == LATE_MERGE) {
        const struct plan_item *into = find_item(plan, step->merge_into);
        if (into != NULL && into->verdict == PLAN_ACTIVE && !channel_is_human(into->channel)) {
            item->verdict = PLAN_MERGED;
            item->cause = CAUSE_MERGED;
            item->reason = xasprintf("merged into %s: %s", step->merge_into, why);
            goto out;
        }
    }
    /* What is never in time is dropped rather than done weeks before its time. */
    bool never = step->if_late == LATE_SEND_NOW && regular->due > in->now;
    if (step->if_late == LATE_SKIP || never || in->now >= w->not_after) {
        drop(item, CAUSE_LATE, xasprintf("dropped: %s", why));
        goto out;
    }
    item->verdict = PLAN_ACTIVE;
    item->local_due = w->today;
    item->due_at = in->now;
    item->expires_at = expiry_of(in, step, w->today.day, w);
    if (item->expires_at != 0 && item->expires_at <= in->now) /* late in the evening, no grace */
        item->expires_at = w->not_after == INT64_MAX ? in->now + 86400 : w->not_after;
    item->reason = xasprintf("at once: %s", why);
out:
    free(why);
}

static void plan_fallback(const struct plan_input *in, const struct window *w,
                          struct plan_item *item)
{
    const struct step *step = item->step;
    if (!step->has_fallback || !channel_is_human(item->channel))
        return;
    bool reachable = step->fallback_channel == CHANNEL_EMAIL ? in->has_email : in->has_phone;
    struct civil cutoff;
    if (!reachable || !moment_local(in, &step->fallback_at, &cutoff))
        return;
    item->fallback_channel = step->fallback_channel;
    item->fallback_at = zone_to_utc(in->zone, cutoff);
    if (item->fallback_at < item->due_at)
        item->fallback_at = item->due_at; /* sold after the cut-off: the machine takes it at once */
    if (item->fallback_at >= w->not_after)
        item->fallback_at = 0;
    else /* the words stay good until the bound, however early the call was due */
        item->expires_at = w->not_after == INT64_MAX ? item->expires_at : w->not_after;
}

/* ---- conditions ---- */

static bool had_lately(const struct plan_input *in, const struct plan_item *item)
{
    const struct step *step = item->step;
    for (size_t i = 0; i < in->n_had && step->once_days > 0; i++) {
        int64_t apart = item->due_at - in->had[i].at;
        if (str_eq(in->had[i].step, step->key) &&
            (apart < 0 ? -apart : apart) < (int64_t)step->once_days * 86400)
            return true;
    }
    return false;
}

/* Whether what is known speaks against the step; the item is dropped then. */
static bool is_excluded(const struct plan_input *in, struct plan_item *item)
{
    const struct step *step = item->step;
    for (int i = 0; i < FACT_COUNT; i++) {
        unsigned bit = FACT_BIT(i), holds = in->facts & bit;
        if ((step->unless & bit) != 0 && holds != 0) {
            drop(item, CAUSE_CONDITION, xasprintf("dropped: %s", fact_words((enum fact)i)));
            return true;
        }
        if ((step->only_if & bit) != 0 && holds == 0) {
            drop(item, CAUSE_CONDITION, xasprintf("only if %s", fact_words((enum fact)i)));
            return true;
        }
    }
    if (had_lately(in, item)) {
        drop(item, CAUSE_HAD_IT,
             xasprintf("dropped: the client has had it within %d days", step->once_days));
        return true;
    }
    if ((in->refused_signers & 1u << step->signed_by) != 0 && !channel_is_human(step->channel)) {
        drop(item, CAUSE_SIGNER,
             xasprintf("dropped: the %s failed to sell and may not sign it",
                       role_name(step->signed_by)));
        return true;
    }
    return false;
}

/* "Stop" is not answered by another way. What is about their trip finds one if it can. */
static bool is_unwanted(const struct plan_input *in, struct plan_item *item, bool has_way)
{
    const struct step *step = item->step;
    bool denied = is_reachable(in, step->channel) && is_denied(in, step, step->channel);
    if (!denied || (has_way && step->class == CLASS_SERVICE))
        return false;
    item->channel = step->channel;
    item->verdict = PLAN_SUPPRESSED;
    item->cause = CAUSE_NO_CONSENT;
    item->reason = xasprintf("the client wants no %s by %s",
                             step->class == CLASS_SERVICE ? "messages" : "marketing",
                             channel_word(step->channel));
    return true;
}

/* What keeps a message back that could go otherwise; CAUSE_NONE: nothing. */
static enum cause hold_of(const struct plan_input *in, const struct plan_item *item)
{
    const struct plan_past *past = past_of(in, item->step->key);
    bool marketing = item->step->class == CLASS_MARKETING;
    if (channel_is_human(item->channel))
        return CAUSE_NONE;
    if (marketing && (in->facts & FACT_BIT(FACT_COMPLAINT)) != 0)
        return CAUSE_COMPLAINT;
    civil_day today = zone_to_local(in->zone, in->now).day;
    if (marketing && item->local_due.day < in->paused_until && today < in->paused_until)
        return CAUSE_PAUSED;
    if (item->step->approve && (past == NULL || !past->approved))
        return CAUSE_APPROVAL;
    return CAUSE_NONE;
}

static char *hold_words(const struct plan_input *in, enum cause hold)
{
    char until[CIVIL_TEXT_BYTES];
    switch (hold) {
    case CAUSE_COMPLAINT:
        return xstrdup("waits until the complaint is solved");
    case CAUSE_PAUSED:
        civil_format_day(in->paused_until, until);
        return xasprintf("paused until %s", until);
    case CAUSE_APPROVAL:
        return xstrdup("waits for approval");
    default:
        return NULL;
    }
}

static void apply_hold(const struct plan_input *in, struct plan_item *item)
{
    item->hold = hold_of(in, item);
    item->hold_reason = hold_words(in, item->hold);
    if (item->hold == CAUSE_NONE || item->verdict != PLAN_ACTIVE)
        return;
    item->verdict = PLAN_HELD;
    item->cause = item->hold;
    free(item->reason);
    item->reason = xstrdup(item->hold_reason);
}

/* ---- one step ---- */

/* "At" of this step, for the product that was sold. */
static struct moment moment_of(const struct plan_input *in, const struct step *step)
{
    struct moment m = step->at;
    for (size_t i = 0; i < step->n_by_product; i++) {
        if (str_eq(step->by_product[i].product, in->product))
            m.days = step->by_product[i].days;
    }
    return m;
}

/* A person's word on the day counts more than the rule, as long as it is in time. */
static bool try_moved(const struct plan_input *in, const struct step *step, const struct window *w,
                      struct candidate *ret)
{
    const struct plan_past *past = past_of(in, step->key);
    if (past == NULL || past->over || past->moved_to.day == CIVIL_NONE)
        return false;
    *ret = (struct candidate){.local = past->moved_to, .due = zone_to_utc(in->zone, past->moved_to)};
    ret->expires = expiry_of(in, step, ret->local.day, w);
    return true;
}

static void plan_step(const struct plan_input *in, struct plan *plan, struct plan_item *item)
{
    const struct step *step = item->step;
    struct moment at = moment_of(in, step);
    if (item->anchor_at.day == CIVIL_NONE) {
        item->verdict = PLAN_WAITING;
        item->reason = xstrdup(anchor_waits(step->at.anchor));
        return;
    }
    bool reachable = pick_channel(in, step, &item->channel);
    struct window w = window_of(in, step);
    struct candidate regular = {0}, other;
    bool fits = try_moment(in, step, item->channel, &at, &w, &regular);
    bool moved = try_moved(in, step, &w, &regular);
    fits = fits || moved;
    item->local_due = regular.local;
    item->due_at = regular.due;
    item->not_after = w.not_after;
    if (is_excluded(in, item) || is_unwanted(in, item, reachable))
        return;
    if (!reachable) {
        drop(item, CAUSE_NO_CONTACT, xasprintf("dropped: %s", no_way(in, step->channel)));
        return;
    }
    struct candidate chosen = regular;
    bool short_of_time = fits && !channel_is_human(item->channel) && regular.expires != 0 &&
                         regular.expires - regular.due < SHORTEST_SEC;
    if ((!fits || short_of_time) && !moved &&
        try_moment(in, step, item->channel, &step->or_at, &w, &other)) {
        chosen = other;
        fits = true;
    }
    if (!fits) {
        apply_late_policy(in, &w, &regular, plan, item);
    } else {
        item->verdict = PLAN_ACTIVE;
        item->local_due = chosen.local;
        item->due_at = chosen.due;
        item->expires_at = chosen.expires;
        if (item->channel != step->channel)
            item->reason =
                xasprintf("by %s: %s", channel_word(item->channel), no_way(in, step->channel));
    }
    if (item->verdict == PLAN_ACTIVE && item->channel == CHANNEL_CALL && !in->has_phone &&
        item->reason == NULL)
        item->reason = xstrdup("the client's number is wrong: find the right one");
    if (item->verdict == PLAN_ACTIVE) {
        plan_fallback(in, &w, item);
        /* People's work never expires: it goes red. Only its fallback message has an end. */
        if (channel_is_human(item->channel) && item->fallback_at == 0)
            item->expires_at = 0;
    }
    apply_hold(in, item);
}

/* One more time for a step that is over: only when it is really to be done. */
static bool is_wanted_again(const struct plan_item *item)
{
    return item->verdict == PLAN_ACTIVE || item->verdict == PLAN_HELD;
}

/* Whether the step belongs to this occasion: of a greeting's series, only its own. */
static bool is_of(const struct plan_input *in, const struct step *step)
{
    return step->series == in->kind &&
           (in->kind != KIND_GREETING || str_eq(step->greeting, in->greeting));
}

/* The dates moved back to what the client has been told: it is not done once more. */
static void drop_known(struct plan_item *item)
{
    free(item->reason);
    drop(item, CAUSE_HAD_IT, xstrdup("dropped: it was done for these dates already"));
}

void plan_make(const struct plan_input *in, struct plan *ret)
{
    struct plan plan = {.items = xcalloc(in->playbook->n_steps, sizeof *plan.items)};
    for (size_t i = 0; i < in->playbook->n_steps; i++) {
        const struct step *step = &in->playbook->steps[i];
        const struct plan_past *past = past_of(in, step->key);
        bool over = past != NULL && past->over;
        if (!is_of(in, step) || (over && !is_again(in, step, past)))
            continue;
        struct plan_input here = *in; /* its hours may be those of another place */
        if (step->departure_zone && in->departure_zone != NULL)
            here.zone = in->departure_zone;
        struct plan_item *item = &plan.items[plan.n++];
        *item = (struct plan_item){.step = step,
                                   .zone = here.zone,
                                   .occurrence = past == NULL ? 0 : past->occurrence + over,
                                   .anchor_at = in->when[step->at.anchor],
                                   .channel = step->channel};
        plan_step(&here, &plan, item);
        if (past != NULL && !over && past->known)
            drop_known(item);
        if (over && !is_wanted_again(item)) {
            free(item->reason);
            free(item->hold_reason);
            plan.n--;
        }
    }
    *ret = plan;
}

void plan_fini(struct plan *plan)
{
    for (size_t i = 0; i < plan->n; i++) {
        free(plan->items[i].reason);
        free(plan->items[i].hold_reason);
    }
    free(plan->items);
    *plan = (struct plan){0};
}
