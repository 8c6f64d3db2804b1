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

static struct civil anchor_date(const struct plan_input *in, enum anchor anchor)
{
    switch (anchor) {
    case ANCHOR_PURCHASE:
        return (struct civil){in->purchase, MINUTE_NONE};
    case ANCHOR_DEPARTURE:
        return in->departure;
    case ANCHOR_RETURN:
        return in->return_;
    default:
        return in->visit;
    }
}

static civil_day clamp_day(int64_t day)
{
    return (civil_day)(day < CIVIL_MIN ? CIVIL_MIN : day > CIVIL_MAX ? CIVIL_MAX : day);
}

/* The local date and time of a moment; false when its anchor has no date. */
static bool moment_local(const struct plan_input *in, const struct moment *m, struct civil *ret)
{
    struct civil base = anchor_date(in, m->anchor);
    if (base.day == CIVIL_NONE)
        return false;
    if (m->has_offset && base.minute != MINUTE_NONE) {
        /* Three hours before the take-off are three hours, also in the night when the clock changes. */
        int64_t at = zone_to_utc(in->zone, base) + (int64_t)m->offset * 60;
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

static bool pick_channel(const struct plan_input *in, const struct step *step, enum channel *ret)
{
    for (size_t i = 0; i <= step->n_otherwise; i++) {
        enum channel c = i == 0 ? step->channel : step->otherwise[i - 1];
        bool reachable = c == CHANNEL_EMAIL   ? in->has_email
                         : c == CHANNEL_VISIT ? true
                                              : in->has_phone;
        if (reachable) {
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

static bool is_settled(const struct plan_input *in, const char *key)
{
    for (size_t i = 0; i < in->n_settled; i++) {
        if (str_eq(in->settled[i], key))
            return true;
    }
    return false;
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
    int32_t entered = in->agency_today - in->purchase, lead = in->departure.day - in->purchase;
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

static void plan_step(const struct plan_input *in, struct plan *plan, struct plan_item *item)
{
    const struct step *step = item->step;
    struct civil anchor = anchor_date(in, step->at.anchor);
    if (anchor.day == CIVIL_NONE) {
        item->verdict = PLAN_WAITING;
        item->reason =
            xasprintf("waits until the date of the %s is agreed", anchor_name(step->at.anchor));
        return;
    }
    bool reachable = pick_channel(in, step, &item->channel);
    struct window w = window_of(in, step);
    struct candidate regular = {0}, other;
    bool fits = try_moment(in, step, item->channel, &step->at, &w, &regular);
    item->local_due = regular.local;
    item->due_at = regular.due;
    item->not_after = w.not_after;
    if (!reachable) {
        drop(item, CAUSE_NO_CONTACT, xasprintf("dropped: %s", no_way(in, step->channel)));
        return;
    }
    struct candidate chosen = regular;
    bool short_of_time = fits && !channel_is_human(item->channel) && regular.expires != 0 &&
                         regular.expires - regular.due < SHORTEST_SEC;
    if ((!fits || short_of_time) && try_moment(in, step, item->channel, &step->or_at, &w, &other)) {
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
}

void plan_make(const struct plan_input *in, struct plan *ret)
{
    struct plan plan = {.items = xcalloc(in->playbook->n_steps, sizeof *plan.items)};
    for (size_t i = 0; i < in->playbook->n_steps; i++) {
        const struct step *step = &in->playbook->steps[i];
        if (is_settled(in, step->key))
            continue;
        struct plan_item *item = &plan.items[plan.n++];
        *item = (struct plan_item){.step = step, .channel = step->channel};
        plan_step(in, &plan, item);
    }
    *ret = plan;
}

void plan_fini(struct plan *plan)
{
    for (size_t i = 0; i < plan->n; i++)
        free(plan->items[i].reason);
    free(plan->items);
    *plan = (struct plan){0};
}
