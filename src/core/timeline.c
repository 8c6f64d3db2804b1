/* The planner: dates + playbook + zone + working calendar -> actions, as a pure function. It
 * decides when, by which channel, or why not; it never reads the clock and never speaks to the
 * database. What is known of a client has its say in conditions.c, and what becomes of a step when its
 * moment has gone is in late.c. Serves the services that enrol a sale or move its dates, and `pps why`. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/timeline.h>

#include "plan.h"
#include "said.h"

/* A message that may go for less than this would be missed by a tick that runs now and then: its second moment is
 * better. */
enum { SHORTEST_SEC = 30 * 60 };

/* What whoever calls has at least, before the machine takes over. */
enum { CALL_SEC = 3600 };

/* A slip of the year would send everything after it years later, and tell the client of thirteen thousand nights. */
static enum rc check_years(civil_day purchase, civil_day departure, civil_day return_, struct err *err)
{
    enum { LONGEST_WAIT = 3 * 366, LONGEST_TRIP = 366 };
    char a[CIVIL_TEXT_BYTES], b[CIVIL_TEXT_BYTES];
    bool far = departure - purchase > LONGEST_WAIT, long_ = return_ - departure > LONGEST_TRIP;
    civil_format_day(far ? departure : return_, a);
    civil_format_day(far ? purchase : departure, b);
    if (far)
        return err_set(err, RC_INVALID,
                       "the departure (%s) is more than three years after the purchase (%s): is the year right?", a, b);
    if (long_)
        return err_set(err, RC_INVALID, "the return (%s) is more than a year after the departure (%s): is the year right?",
                       a, b);
    return RC_OK;
}

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
    return check_years(purchase, departure.day, return_.day, err);
}

civil_day plan_clamp_day(int64_t day)
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
        int64_t at =
            zone_to_utc(plan_zone_of_date(in, m->anchor), base) + (int64_t)m->offset * 60;
        *ret = zone_to_local(in->zone, at > 0 ? at : 0);
        return true;
    }
    ret->day = plan_clamp_day((int64_t)base.day + m->days);
    ret->minute = m->minute;
    return true;
}

/* The bounds of a call, and the message that takes its place, are about the client's journey: they go by their clock. */
static struct plan_input as_client_sees_it(const struct plan_input *in, enum channel channel)
{
    struct plan_input there = *in;
    if (channel_is_human(channel) && in->home_zone != NULL)
        there.zone = in->home_zone;
    return there;
}

static struct plan_window window_of(const struct plan_input *in, const struct step *step,
                                    enum channel channel)
{
    struct plan_input there = as_client_sees_it(in, channel);
    struct plan_window w = {zone_to_local(in->zone, in->now), INT64_MIN, INT64_MAX};
    struct civil local;
    if (step->not_before.set && moment_local(&there, &step->not_before, &local))
        w.not_before = zone_to_utc(there.zone, local);
    if (step->not_after.set && moment_local(&there, &step->not_after, &local))
        w.not_after = zone_to_utc(there.zone, local);
    return w;
}

/* Until when a message that is due on `day` may still go. */
int64_t plan_expiry(const struct plan_input *in, const struct step *step, civil_day day,
                    const struct plan_window *w)
{
    if (!step->expires)
        return 0;
    struct civil last = {plan_clamp_day((int64_t)day + step->grace_days), step->grace_minute};
    int64_t expires = zone_to_utc(in->zone, last);
    return expires < w->not_after ? expires : w->not_after;
}

/* Moves a call to a working day: later, but not out of its window (then the office is closed for too long, and the
 * plain day must do); or earlier, but not before today. */
static civil_day working_day(const struct plan_input *in, const struct step *step,
                             struct civil local, const struct plan_window *w)
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

/* Works out when a step would be due if `m` is its moment; true when that is still ahead (or now)
 * and fits. */
static bool try_moment(const struct plan_input *in, const struct step *step, enum channel channel,
                       const struct moment *m, const struct plan_window *w, struct plan_moment *ret)
{
    struct civil local;
    if (!m->set || !moment_local(in, m, &local))
        return false;
    ret->after = plan_journey_on(in, step, local.day);
    if (ret->after != NULL)
        local.day = plan_clamp_day((int64_t)ret->after->to + 1);
    if (channel_is_human(channel))
        local.day = working_day(in, step, local, w);
    /* "At once" on the day of the sale is now, also where the client's calendar shows another day. */
    bool at_once =
        m->minute == MINUTE_NONE && (local.day == w->today.day || local.day == in->agency_today);
    if (at_once)
        local = w->today;
    else if (local.minute == MINUTE_NONE)
        local.minute = PLAN_MORNING;
    int64_t due = at_once ? in->now : zone_to_utc(in->zone, local);
    if (due < w->not_before) {
        due = w->not_before;
        local = zone_to_local(in->zone, due);
    }
    ret->local = local;
    ret->due = due;
    if (!at_once)
        plan_fit_hours(in, channel, ret);
    ret->expires = plan_expiry(in, step, ret->local.day, w);
    bool open = channel_is_human(channel)
                    ? ret->due < w->not_after
                    : ret->due < (ret->expires ? ret->expires : w->not_after);
    return ret->due >= in->now && open;
}

/* What is done again has a date now that is not the one of the last time. */
static bool is_again(const struct plan_input *in, const struct step *step,
                     const struct plan_past *past)
{
    struct civil now = in->when[step->at.anchor], then = past->anchor_at;
    return step->again_if_moved && then.day != CIVIL_NONE && now.day != CIVIL_NONE &&
           (then.day != now.day || then.minute != now.minute);
}

/* Whether a message may go out then: with as much time left for it as there was for the call, and at an hour at which it
 * may ring. */
static bool may_ring_at(const struct plan_input *in, const struct zone *there,
                        const struct plan_window *w, int64_t at)
{
    int16_t minute = zone_to_local(there, at).minute;
    bool decent = in->ringing.to == 0 || (minute >= in->ringing.from && minute < in->ringing.to);
    return at <= w->not_after - CALL_SEC && decent;
}

static void plan_fallback(const struct plan_input *in, const struct plan_window *w,
                          struct plan_item *item)
{
    const struct step *step = item->step;
    if (!step->has_fallback || !channel_is_human(item->channel))
        return;
    struct plan_input there = as_client_sees_it(in, item->channel);
    struct civil cutoff;
    if (!plan_may_fall_back(in, item) || !moment_local(&there, &step->fallback_at, &cutoff))
        return;
    item->fallback_channel = step->fallback_channel;
    item->fallback_at = zone_to_utc(there.zone, cutoff);
    bool chosen = item->moved || (there.zone != in->zone && !item->late);
    int64_t after_call = item->due_at + CALL_SEC;
    bool sold_now = item->late && plan_past_of(in, step->key) == NULL &&
                    item->fallback_at < after_call && may_ring_at(in, there.zone, w, after_call);
    if (sold_now || (chosen && item->fallback_at <= item->due_at))
        item->fallback_at = after_call; /* sold about the cut-off, or a call at an hour that was chosen */
    if (item->fallback_at < item->due_at)
        item->fallback_at = item->due_at; /* the flight leaves no hour: the machine takes it at once */
    if (item->fallback_at >= w->not_after)
        item->fallback_at = 0;
    else /* the words stay good until the bound, however early the call was due */
        item->expires_at = w->not_after == INT64_MAX ? item->expires_at : w->not_after;
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

/* An hour that was agreed before the dates moved is of no use when the new ones have the message go by then. */
static bool is_cut_off(const struct plan_input *in, const struct plan_item *item,
                       const struct plan_past *past, int64_t due)
{
    struct civil then = past->anchor_at, now = item->anchor_at, cutoff;
    bool same = then.day == now.day && then.minute == now.minute;
    if (then.day == CIVIL_NONE || same || !item->step->has_fallback || !channel_is_human(item->channel))
        return false;
    struct plan_input there = as_client_sees_it(in, item->channel);
    return moment_local(&there, &item->step->fallback_at, &cutoff) && due >= zone_to_utc(there.zone, cutoff);
}

/* A person's word on the day counts more than the rule, as long as it is in time. */
static bool try_moved(const struct plan_input *in, const struct plan_item *item,
                      const struct plan_window *w, struct plan_moment *ret)
{
    const struct plan_past *past = plan_past_of(in, item->step->key);
    if (past == NULL || past->over || past->moved_to.day == CIVIL_NONE)
        return false;
    struct plan_moment m = {.due = zone_to_utc(in->zone, past->moved_to)};
    m.local = zone_to_local(in->zone, m.due); /* in the night when the clock is set ahead its hour may be missing */
    m.expires = plan_expiry(in, item->step, m.local.day, w);
    int64_t end = channel_is_human(item->channel) || m.expires == 0 ? w->not_after : m.expires;
    if (m.due >= end || is_cut_off(in, item, past, m.due))
        return false;
    *ret = m;
    return true;
}

/* When it is due. *ret_regular: its own moment, also when that has gone; false: no moment fits. */
static bool find_moment(const struct plan_input *in, const struct plan_item *item,
                        const struct plan_window *w, struct plan_moment *ret_regular,
                        struct plan_moment *ret)
{
    const struct step *step = item->step;
    struct moment at = moment_of(in, step);
    struct plan_moment regular = {0};
    bool fits = try_moment(in, step, item->channel, &at, w, &regular);
    bool moved = try_moved(in, item, w, &regular);
    *ret_regular = *ret = regular;
    if (moved)
        return true;
    bool short_of_time = !channel_is_human(item->channel) && regular.expires != 0 &&
                         regular.expires - regular.due < SHORTEST_SEC;
    struct plan_moment other;
    if ((!fits || short_of_time) && try_moment(in, step, item->channel, &step->or_at, w, &other)) {
        *ret = other;
        fits = true;
    }
    return fits;
}

static void take_moment(const struct plan_input *in, const struct plan_moment *m,
                        struct plan_item *item)
{
    item->verdict = PLAN_ACTIVE;
    item->local_due = m->local;
    item->due_at = m->due;
    item->expires_at = m->expires;
    item->late = m->due < in->now; /* put off by a person until then: it waits, and is due already */
    char *after = m->after != NULL ? plan_journey_words(m->after) : NULL;
    if (item->channel != item->step->channel)
        item->reason = xasprintf("by %s: %s%s%s", channel_word(item->channel),
                                 plan_no_way(in, item->step), after ? "; " : "", str_or(after, ""));
    else if (after != NULL)
        item->reason = xstrdup(after);
    free(after);
}

/* A call about the journey makes no sense when that has begun; any other stays until somebody deals with it. */
static bool loses_its_sense(const struct step *step)
{
    return step->not_after.set && step->not_after.anchor == ANCHOR_DEPARTURE;
}

/* What belongs to everything that is to be done. */
static void complete(const struct plan_input *in, const struct plan_window *w,
                     struct plan_item *item)
{
    if (item->channel == CHANNEL_CALL && !in->has_phone && item->reason == NULL)
        item->reason = xstrdup("the client's number is wrong: find the right one");
    plan_fallback(in, w, item);
    /* People's work goes red and stays so, unless nobody can do it any more. */
    if (channel_is_human(item->channel) && item->fallback_at == 0)
        item->expires_at = loses_its_sense(item->step) && w->not_after != INT64_MAX ? w->not_after : 0;
}

/* What was missed has another hour now, because its date moved ahead: it has begun, and there is time left to go. */
static bool comes_back(const struct plan_input *in, const struct plan_item *item,
                       const struct plan_window *w, const struct plan_moment *regular)
{
    const struct plan_past *past = plan_past_of(in, item->step->key);
    if (past == NULL || past->over || past->missed_due == 0)
        return false;
    bool later = past->missed_due < regular->due && regular->due <= in->now;
    bool ends = !channel_is_human(item->channel) && regular->expires != 0;
    return later && in->now < (ends ? regular->expires : w->not_after);
}

/* Until when it makes sense: a letter as long as its own day and its grace have it, not that of another day that somebody
 * chose; else one could put it off for ever. People's work to the end of its window. */
static int64_t end_of(const struct plan_input *in, const struct plan_item *item,
                      const struct plan_window *w)
{
    struct moment at = moment_of(in, item->step);
    struct plan_moment regular = {0}, other = {0};
    if (channel_is_human(item->channel))
        return w->not_after;
    (void)try_moment(in, item->step, item->channel, &at, w, &regular);
    (void)try_moment(in, item->step, item->channel, &item->step->or_at, w, &other);
    int64_t end = regular.expires > other.expires ? regular.expires : other.expires;
    return end != 0 ? end : w->not_after;
}

/* Whether it is a person's word that decides when it is due. */
static bool is_moved(const struct plan_input *in, const struct plan_item *item,
                     const struct plan_window *w)
{
    struct plan_moment ignored;
    return try_moved(in, item, w, &ignored);
}

static void plan_step(const struct plan_input *in, struct plan *plan, struct plan_item *item)
{
    const struct step *step = item->step;
    if (plan_is_declined(in, item))
        return;
    if (item->anchor_at.day == CIVIL_NONE) {
        item->verdict = PLAN_WAITING;
        item->reason = xstrdup(anchor_waits(step->at.anchor));
        return;
    }
    bool reachable = plan_pick_channel(in, step, &item->channel);
    struct plan_window w = window_of(in, step, item->channel);
    struct plan_moment regular, chosen;
    bool fits = find_moment(in, item, &w, &regular, &chosen);
    item->moved = is_moved(in, item, &w);
    item->local_due = regular.local;
    item->due_at = regular.due;
    item->not_after = w.not_after;
    item->end = end_of(in, item, &w);
    if (plan_is_excluded(in, item) || plan_is_unwanted(in, item, reachable))
        return;
    if (!reachable) {
        plan_drop(item, CAUSE_NO_CONTACT, xasprintf("dropped: %s", plan_no_way(in, step)));
        return;
    }
    item->comes_back = !fits && comes_back(in, item, &w, &regular);
    if (fits || item->comes_back)
        take_moment(in, fits ? &chosen : &regular, item);
    else
        plan_apply_late_policy(in, &w, &regular, plan, item);
    if (item->verdict == PLAN_ACTIVE)
        complete(in, &w, item);
    plan_apply_hold(in, item);
    plan_keep_held(in, item);
}

/* Who was not asked has not said no. */
static void say_unasked(const struct plan_input *in, struct plan_item *item)
{
    if (item->cause != CAUSE_NO_CONSENT || item->step->class != CLASS_MARKETING ||
        (in->unasked & 1u << item->channel) == 0)
        return;
    free(item->reason);
    item->reason = xasprintf("the client has not allowed marketing by %s yet",
                             channel_word(item->channel));
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
    item->late = false; /* a call that was opened meanwhile, and is due, goes too */
    plan_drop(item, CAUSE_HAD_IT, xstrdup("dropped: it was done for these dates already"));
}

static bool has_correction(const struct playbook *playbook)
{
    for (size_t i = 0; i < playbook->n_steps; i++) {
        if (playbook->steps[i].series == KIND_TRIP && playbook->steps[i].at.anchor == ANCHOR_MOVED)
            return true;
    }
    return false;
}

/* When its hour for the new dates has passed already, the correction is what tells them: the reminder does not go once
 * more beside it. A call stays a call, but for those who do not want any. */
static void leave_to_correction(const struct plan_input *in, const struct plan_past *past,
                                struct plan_item *item)
{
    bool unwanted = past != NULL && past->refused && item->fallback_at != 0;
    bool reminds = in->kind == KIND_TRIP && item->step->at.anchor != ANCHOR_MOVED;
    if (item->occurrence == 0 || !item->late || !reminds || !has_correction(in->playbook))
        return;
    if (!channel_is_human(item->channel) || unwanted) {
        free(item->reason);
        plan_drop(item, CAUSE_LATE, xstrdup("dropped: the correction tells the new dates"));
    } else if (item->fallback_at != 0) {
        item->fallback_at = 0; /* its end stays: until then somebody may still call */
    }
}

void plan_make(const struct plan_input *in, struct plan *ret)
{
    struct plan plan = {.items = xcalloc(in->playbook->n_steps, sizeof *plan.items)};
    for (size_t i = 0; i < in->playbook->n_steps; i++) {
        const struct step *step = &in->playbook->steps[i];
        const struct plan_past *past = plan_past_of(in, step->key);
        bool over = past != NULL && past->over;
        if (!is_of(in, step) || (over && !is_again(in, step, past)))
            continue;
        struct plan_input here = *in; /* its hours may be those of another place */
        here.home_zone = in->zone;
        here.zone = plan_zone_of(in, step);
        struct plan_item *item = &plan.items[plan.n++];
        *item = (struct plan_item){.step = step,
                                   .zone = here.zone,
                                   .occurrence = past == NULL ? 0 : past->occurrence + over,
                                   .anchor_at = in->when[step->at.anchor],
                                   .channel = step->channel};
        plan_step(&here, &plan, item);
        if (past != NULL && !over && past->known)
            drop_known(item);
        say_unasked(&here, item);
        leave_to_correction(in, past, item);
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
