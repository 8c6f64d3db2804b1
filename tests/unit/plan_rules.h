/* Plans as text, and the properties that hold for every plan of the shipped playbook, in numbers of
 * their own: the planner is not asked what it meant. For the tests of the planner. */
#ifndef TESTS_PLAN_RULES_H
#define TESTS_PLAN_RULES_H

#include <pps/timeline.h>

#include "support.h"

/* ---- plans as text ---- */

static inline void add_instant(struct sb *sb, const struct zone *zone, int64_t at)
{
    int32_t offset = zone_offset(zone, at);
    int64_t local = at + offset;
    char text[CIVIL_TEXT_BYTES];
    civil_format((struct civil){(civil_day)(local / 86400), (int16_t)(local % 86400 / 60)}, text);
    sb_add(sb, text);
    if (local % 60 != 0)
        sb_addf(sb, ":%02d", (int)(local % 60));
    sb_addf(sb, "%+03d:%02d", (int)(offset / 3600), abs((int)offset) % 3600 / 60);
}

static inline char *item_text(const struct plan_item *item, const struct zone *zone)
{
    struct sb sb = {0};
    sb_addf(&sb, "%s: ", item->step->key);
    if (item->verdict == PLAN_WAITING) {
        sb_addf(&sb, "waiting: %s", str_or(item->reason, "no reason"));
        return sb_take(&sb);
    }
    if (item->verdict != PLAN_ACTIVE && item->verdict != PLAN_HELD) {
        sb_addf(&sb, "%s: %s", cause_name(item->cause), str_or(item->reason, "no reason"));
        return sb_take(&sb);
    }
    if (item->verdict == PLAN_HELD)
        sb_addf(&sb, "held by %s: ", cause_name(item->cause));
    if (item->occurrence > 0)
        sb_addf(&sb, "again %d: ", item->occurrence);
    sb_addf(&sb, "%s ", channel_name(item->channel));
    add_instant(&sb, zone, item->due_at);
    if (item->expires_at != 0) {
        sb_add(&sb, " until ");
        add_instant(&sb, zone, item->expires_at);
    }
    if (item->fallback_at != 0) {
        sb_addf(&sb, " else %s ", channel_name(item->fallback_channel));
        add_instant(&sb, zone, item->fallback_at);
    }
    if (item->reason != NULL)
        sb_addf(&sb, " | %s", item->reason);
    return sb_take(&sb);
}

static inline char *plan_text(const struct plan *plan, const struct zone *zone)
{
    struct sb sb = {0};
    for (size_t i = 0; i < plan->n; i++) {
        char *line = item_text(&plan->items[i], zone);
        sb_addf(&sb, "%s\n", line);
        free(line);
    }
    return sb_take(&sb);
}

/* ---- what holds for every plan ---- */

struct check {
    const struct plan_input *in;
    const struct plan *plan;
    const char *about; /* which case this is */
};

/* Line by line, because cmocka cuts what is longer than a kilobyte. */
static inline void show_plan(const struct plan *plan, const struct zone *zone)
{
    for (size_t i = 0; i < plan->n; i++) {
        char *line = item_text(&plan->items[i], zone);
        print_error("    %s\n", line);
        free(line);
    }
}

static inline _Noreturn void broken(const struct check *c, const char *key, const char *rule)
{
    print_error("%s: %s: %s\n", c->about, key, rule);
    show_plan(c->plan, c->in->zone);
    fail();
    abort();
}

#define HOLDS(condition, key, rule)                                                                \
    do {                                                                                           \
        if (!(condition))                                                                          \
            broken(c, key, rule);                                                                  \
    } while (0)

static const struct plan_item *planned(const struct check *c, const char *key)
{
    for (size_t i = 0; i < c->plan->n; i++) {
        if (str_eq(c->plan->items[i].step->key, key))
            return &c->plan->items[i];
    }
    return NULL;
}

static inline bool is_active(const struct plan_item *item)
{
    return item != NULL && item->verdict == PLAN_ACTIVE;
}

static inline const struct plan_past *last_time(const struct plan_input *in, const char *key)
{
    for (size_t i = 0; i < in->n_past; i++) {
        if (str_eq(in->past[i].step, key))
            return &in->past[i];
    }
    return NULL;
}

static inline bool is_settled(const struct plan_input *in, const char *key)
{
    const struct plan_past *past = last_time(in, key);
    return past != NULL && past->over;
}

static inline bool is_same_date(struct civil a, struct civil b)
{
    return a.day == b.day && a.minute == b.minute;
}

/* What is over is done once more only if its step says so, and its date is not the one it was done for. */
static inline bool may_be_again(const struct plan_input *in, const struct step *step)
{
    const struct plan_past *past = last_time(in, step->key);
    return step->again_if_moved && past->anchor_at.day != CIVIL_NONE &&
           in->when[step->at.anchor].day != CIVIL_NONE &&
           !is_same_date(past->anchor_at, in->when[step->at.anchor]);
}

static inline bool belongs(const struct plan_input *in, const struct step *step)
{
    if (step->series != in->kind)
        return false;
    return step->greeting == NULL || str_eq(step->greeting, in->greeting);
}

/* ---- what is known ---- */

static inline bool is_away(const struct plan_input *in, civil_day on)
{
    for (size_t i = 0; i < in->n_away; i++) {
        if (on >= in->away[i].from && on <= in->away[i].to)
            return true;
    }
    return false;
}

static inline bool fact_holds(const struct plan_input *in, int fact, civil_day on)
{
    return (in->facts >> fact & 1) != 0 || (fact == FACT_TRAVELLING && is_away(in, on));
}

/* Whether the facts of that day let the step be done. */
static inline bool facts_allow(const struct plan_input *in, const struct step *step, civil_day on)
{
    for (int fact = 0; fact < FACT_COUNT; fact++) {
        bool holds = fact_holds(in, fact, on);
        if ((step->only_if >> fact & 1) != 0 && !holds)
            return false;
        if ((step->unless >> fact & 1) != 0 && holds)
            return false;
    }
    return true;
}

static inline bool had_near(const struct plan_input *in, const struct step *step, int64_t at)
{
    for (size_t i = 0; i < in->n_had; i++) {
        if ((str_eq(in->had[i].step, step->key) || str_eq(in->had[i].step, step->same_as)) &&
            llabs((long long)(in->had[i].at - at)) < 86400LL * step->once_days)
            return true;
    }
    return false;
}

static inline bool can_reach(const struct plan_input *in, enum channel channel)
{
    return channel == CHANNEL_EMAIL                            ? in->has_email
           : channel == CHANNEL_SMS || channel == CHANNEL_CALL ? in->has_phone
                                                               : true;
}

static inline bool is_forbidden(const struct plan_input *in, const struct step *step,
                                enum channel channel)
{
    return (in->denied[step->class] >> channel & 1) != 0;
}

static inline bool waits_for_a_word(const struct plan_input *in, const struct step *step)
{
    const struct plan_past *past = last_time(in, step->key);
    bool asked = step->approve;
    for (size_t i = 0; i < step->n_approve_products; i++)
        asked = asked || str_eq(step->approve_products[i], in->product);
    return asked && (past == NULL || past->over || !past->approved);
}

/* What must keep a message back that would go on that day. */
static inline enum cause hold_wanted(const struct plan_input *in, const struct plan_item *item)
{
    bool selling = item->step->class == CLASS_MARKETING;
    bool inviting = selling || item->step->invites_to != NULL;
    if (inviting && fact_holds(in, FACT_COMPLAINT, 0))
        return CAUSE_COMPLAINT;
    if (inviting && in->paused_until != CIVIL_NONE && item->local_due.day < in->paused_until)
        return CAUSE_PAUSED;
    if (channel_is_human(item->channel))
        return CAUSE_NONE;
    if (selling && (in->waiting_signers >> item->step->signed_by & 1) != 0)
        return CAUSE_LOST_SALE;
    return waits_for_a_word(in, item->step) ? CAUSE_APPROVAL : CAUSE_NONE;
}

/* The instant of a day of the trip at HH:MM, counted without the planner. */
static inline int64_t at_minute(const struct plan_input *in, civil_day base, int days, int minute)
{
    return zone_to_utc(in->zone, (struct civil){base + days, (int16_t)minute});
}

static inline void check_dropped(const struct check *c, const struct plan_item *item)
{
    const struct plan_input *in = c->in;
    const struct step *step = item->step;
    const char *key = step->key, *why = str_or(item->reason, "");
    HOLDS(str_starts(why, "dropped: ") || str_starts(why, "only if "), key,
          "dropped without a word");
    bool allowed = facts_allow(in, step, item->local_due.day);
    switch (item->cause) {
    case CAUSE_LATE:
        HOLDS(allowed, key, "dropped as late, yet it was not to be done at all");
        break;
    case CAUSE_NO_CONTACT:
        HOLDS(!can_reach(in, step->channel), key, "no contact, yet there is one");
        break;
    case CAUSE_CONDITION:
        HOLDS(!allowed, key, "no condition speaks against it");
        break;
    case CAUSE_HAD_IT:
        HOLDS(had_near(in, step, item->due_at), key, "they have not had it");
        break;
    case CAUSE_NO_CONSENT: /* a call that invites: they want nothing by any way */
        HOLDS(channel_is_human(item->channel) &&
                  (step->class == CLASS_MARKETING || step->invites_to != NULL),
              key, "only invitations are no more to be made");
        HOLDS((!in->has_email || in->denied[CLASS_SERVICE] >> CHANNEL_EMAIL & 1) &&
                  (!in->has_phone || in->denied[CLASS_SERVICE] >> CHANNEL_SMS & 1),
              key, "they have not said no to everything");
        break;
    case CAUSE_SIGNER:
        HOLDS((in->refused_signers >> step->signed_by & 1) != 0, key, "they may sign it");
        break;
    default:
        broken(c, key, "dropped without a cause");
    }
}

static inline void check_merged(const struct check *c, const struct plan_item *item)
{
    const char *key = item->step->key;
    const struct plan_item *into = planned(c, item->step->merge_into);
    HOLDS(item->cause == CAUSE_MERGED, key, "no cause");
    HOLDS(is_active(into) && !channel_is_human(into->channel), key, "merged into nothing");
    HOLDS(str_starts(str_or(item->reason, ""), "merged into "), key, "merged without a word");
}

static inline void check_suppressed(const struct check *c, const struct plan_item *item)
{
    const struct plan_input *in = c->in;
    const char *key = item->step->key;
    HOLDS(item->cause == CAUSE_NO_CONSENT, key, "suppressed without a cause");
    HOLDS(str_starts(str_or(item->reason, ""), "the client wants no "), key,
          "suppressed without a word");
    HOLDS(is_forbidden(in, item->step, item->channel) && can_reach(in, item->channel), key,
          "suppressed, yet nobody forbade it");
    if (item->step->class == CLASS_SERVICE) {
        for (size_t i = 0; i < item->step->n_otherwise; i++) {
            enum channel other = item->step->otherwise[i];
            HOLDS(!can_reach(in, other) || is_forbidden(in, item->step, other), key,
                  "there was another way");
        }
    }
}

/* It is to be done, now or when nothing keeps it back any more. */
static inline void check_wanted(const struct check *c, const struct plan_item *item)
{
    const struct plan_input *in = c->in;
    const struct step *step = item->step;
    HOLDS(facts_allow(in, step, item->local_due.day) || item->late || step->or_at.set, step->key,
          "a condition speaks against it");
    HOLDS(item->late || item->moved || channel_is_human(item->channel) ||
              !step->waits_travelling || !is_away(in, item->local_due.day),
          step->key, "they travel that day");
    HOLDS(item->late || step->or_at.set || !had_near(in, step, item->due_at), step->key,
          "they have had it lately");
    HOLDS(!is_forbidden(in, step, item->channel), step->key, "the client does not want it");
    HOLDS(item->fallback_at == 0 || !is_forbidden(in, step, item->fallback_channel), step->key,
          "the client does not want what stands in for the call");
    HOLDS(channel_is_human(item->channel) || (in->refused_signers >> step->signed_by & 1) == 0,
          step->key, "signed by who may not");
    if (item->verdict == PLAN_HELD) {
        HOLDS(item->hold != CAUSE_NONE && item->cause == item->hold, step->key, "held by nothing");
        HOLDS(item->hold_reason != NULL && str_eq(item->reason, item->hold_reason), step->key,
              "held without a word");
    } else {
        HOLDS(item->cause == CAUSE_NONE && item->hold == CAUSE_NONE, step->key,
              "to be done, yet held");
    }
    HOLDS(item->hold == hold_wanted(in, item), step->key, "held by something else");
}

static inline void check_item(const struct check *c, const struct plan_item *item)
{
    const struct plan_input *in = c->in;
    const char *key = item->step->key;
    const struct plan_past *past = last_time(in, key);
    bool human = channel_is_human(item->channel), again = is_settled(in, key);
    HOLDS(!again || may_be_again(in, item->step), key, "a settled step is planned again");
    HOLDS(item->occurrence == (past == NULL ? 0 : past->occurrence + again), key,
          "not the number of this time");
    HOLDS(is_same_date(item->anchor_at, in->when[item->step->at.anchor]), key,
          "not planned from its date");
    if (item->verdict != PLAN_ACTIVE && item->verdict != PLAN_HELD) {
        HOLDS(!again, key, "done again, yet not to be done");
        HOLDS(item->expires_at == 0 && item->fallback_at == 0, key, "not to be done, yet not over");
    }
    switch (item->verdict) {
    case PLAN_WAITING:
        HOLDS(in->when[item->step->at.anchor].day == CIVIL_NONE, key, "waits for nothing");
        HOLDS(str_starts(str_or(item->reason, ""), "waits"), key, "waits without a word");
        return;
    case PLAN_DROPPED:
        check_dropped(c, item);
        return;
    case PLAN_MERGED:
        check_merged(c, item);
        return;
    case PLAN_SUPPRESSED:
        check_suppressed(c, item);
        return;
    default:
        check_wanted(c, item);
    }
    bool moved = past != NULL && !past->over && past->moved_to.day != CIVIL_NONE;
    bool missed = past != NULL && !past->over && past->missed_due != 0;
    HOLDS(item->due_at >= in->now || moved || item->comes_back, key, "due in the past");
    HOLDS(!item->comes_back || (missed && item->due_at > past->missed_due), key,
          "comes back without having been missed, or not later");
    HOLDS(item->due_at < item->not_after, key, "due after its bound");
    HOLDS(can_reach(in, item->channel) || (item->channel == CHANNEL_CALL && in->phone_wrong), key,
          "the client cannot be reached by its channel");
    struct civil local = zone_to_local(item->zone, item->due_at);
    HOLDS(local.day == item->local_due.day && local.minute == item->local_due.minute, key,
          "what people see is not when it is due");
    if (!human || item->fallback_at != 0) {
        HOLDS(item->due_at < item->expires_at, key, "a message without time to go");
        HOLDS(item->expires_at <= item->not_after, key, "still alive after its bound");
    } else {
        bool journey =
            item->step->not_after.set && item->step->not_after.anchor == ANCHOR_DEPARTURE;
        bool ends = journey || (item->verdict == PLAN_HELD && item->not_after != INT64_MAX);
        HOLDS(item->expires_at == (ends ? item->not_after : 0), key,
              "only people's work about the journey, or held, has an end, its bound");
    }
    if (item->fallback_at != 0) {
        HOLDS(human && !channel_is_human(item->fallback_channel), key, "what falls back is a call");
        HOLDS(item->fallback_at >= item->due_at, key, "falls back before it is due");
        HOLDS(item->fallback_at < item->expires_at, key, "falls back when it is too late");
    }
}

/* A message goes at most so many days after it was due, until the hour that its step names. */
static inline void check_grace(const struct check *c, const struct plan_item *item)
{
    if (!is_active(item) || channel_is_human(item->channel))
        return;
    const struct step *step = item->step;
    struct civil last = {item->local_due.day + step->grace_days, step->grace_minute};
    int64_t end = zone_to_utc(item->zone, last);
    HOLDS(item->expires_at <= end, step->key, "stale: it outlives its grace");
}

/* The rules of docs/method and edge-cases for the shipped steps, in numbers of their own. */
static inline void check_method(const struct check *c)
{
    const struct plan_input *in = c->in;
    civil_day dep = in->when[ANCHOR_DEPARTURE].day, back = in->when[ANCHOR_RETURN].day;
    civil_day today = zone_to_local(in->zone, in->now).day;
    bool hour = in->when[ANCHOR_DEPARTURE].minute != MINUTE_NONE;
    int64_t take_off = at_minute(in, dep, 0, hour ? in->when[ANCHOR_DEPARTURE].minute : 23 * 60);
    const struct plan_item *item = planned(c, "thank-you");
    if (item != NULL && in->now < take_off)
        HOLDS(is_active(item), "thank-you", "nobody thanked for the purchase");
    if (is_active(item))
        HOLDS(item->expires_at <= take_off, "thank-you", "after the take-off");

    static const char *const before_trip[] = {"packing", "challenge"};
    for (size_t i = 0; i < COUNT(before_trip); i++) {
        item = planned(c, before_trip[i]);
        if (is_active(item))
            HOLDS(item->expires_at <= at_minute(in, dep, -1, 20 * 60), before_trip[i],
                  "later than the evening before the trip");
    }
    item = planned(c, "packing");
    if (is_active(item))
        HOLDS(item->due_at >= at_minute(in, dep, -14, 10 * 60), "packing", "far too early");

    int64_t leaves_home = hour ? take_off - 3 * 3600 : at_minute(in, dep, 0, 13 * 60);
    item = planned(c, "preflight");
    if (item != NULL && in->now + 3600 < leaves_home)
        HOLDS(is_active(item), "preflight", "no reminder of the flight");
    if (is_active(item)) {
        HOLDS(item->due_at < leaves_home + 3600, "preflight", "they have left home");
        HOLDS(item->local_due.day >= today && item->local_due.day <= dep, "preflight", "wrong day");
        if (item->channel == CHANNEL_CALL) {
            HOLDS(item->local_due.day == today ||
                      workcal_is_working(in->calendar, item->local_due.day),
                  "preflight", "nobody works on that day");
            HOLDS(item->fallback_at >= at_minute(in, dep, -1, 16 * 60), "preflight",
                  "the machine takes it before the cut-off");
        }
    }

    item = planned(c, "bon-voyage");
    if (is_active(item)) {
        int64_t latest = hour ? take_off : at_minute(in, dep, 0, 13 * 60);
        HOLDS(item->expires_at <= latest, "bon-voyage", "after the take-off");
        HOLDS(item->due_at >= at_minute(in, dep, -1, 19 * 60), "bon-voyage", "too early");
    }

    item = planned(c, "welcome-back");
    if (is_active(item)) {
        HOLDS(item->local_due.day == back, "welcome-back", "not on the day of the return");
        HOLDS(zone_to_local(in->zone, item->expires_at).day == back, "welcome-back",
              "may go on the next day");
        if (hour)
            HOLDS(item->due_at > take_off, "welcome-back", "before they have left");
    }

    static const char *const after_trip[] = {"welcome-home", "office-call", "loyalty",
                                             "referral-story", "tell-friends"};
    for (size_t i = 0; i < COUNT(after_trip); i++) {
        item = planned(c, after_trip[i]);
        if (is_active(item))
            HOLDS(item->local_due.day > back, after_trip[i], "before they are home");
    }
    item = planned(c, "office-call");
    if (is_active(item) && item->channel == CHANNEL_CALL && !item->late)
        HOLDS(workcal_is_working(in->calendar, item->local_due.day) ||
                  workcal_later(in->calendar, item->local_due.day) > back + 21,
              "office-call", "nobody works on that day");
}

/* Three weeks after the return nothing is begun any more, but an agreed visit stays. */
static inline void check_over(const struct check *c)
{
    if (c->in->now < at_minute(c->in, c->in->when[ANCHOR_RETURN].day, 22, 0))
        return;
    for (size_t i = 0; i < c->plan->n; i++) {
        const struct plan_item *item = &c->plan->items[i];
        bool between_trips = item->step->at.days > 21; /* but never late */
        if (item->step->at.anchor != ANCHOR_VISIT)
            HOLDS(!is_active(item) || (between_trips && !item->late), item->step->key,
                  "begun though the trip is long over");
    }
}

static inline bool same_item(const struct plan_item *a, const struct plan_item *b)
{
    return a->step == b->step && a->verdict == b->verdict && a->channel == b->channel &&
           a->zone == b->zone && a->occurrence == b->occurrence &&
           is_same_date(a->anchor_at, b->anchor_at) && a->hold == b->hold &&
           str_eq(a->hold_reason, b->hold_reason) && a->local_due.day == b->local_due.day &&
           a->local_due.minute == b->local_due.minute && a->due_at == b->due_at &&
           a->expires_at == b->expires_at && a->fallback_channel == b->fallback_channel &&
           a->fallback_at == b->fallback_at && a->not_after == b->not_after &&
           a->postponed == b->postponed && a->late == b->late && a->cause == b->cause &&
           str_eq(a->reason, b->reason);
}

static inline void check_plan(const struct plan_input *in, const struct plan *plan,
                              const char *about)
{
    const struct check check = {in, plan, about}, *c = &check;
    size_t next = 0;
    for (size_t i = 0; i < in->playbook->n_steps; i++) {
        const struct step *step = &in->playbook->steps[i];
        bool is_next = next < plan->n && plan->items[next].step == step;
        if (!belongs(in, step) || (is_settled(in, step->key) && !is_next))
            continue;
        HOLDS(next < plan->n && plan->items[next].step == step, step->key, "not in its place");
        check_item(c, &plan->items[next++]);
    }
    HOLDS(next == plan->n, "plan", "more items than steps");
    struct plan again;
    plan_make(in, &again);
    HOLDS(again.n == plan->n, "plan", "the same input gave another plan");
    for (size_t i = 0; i < plan->n; i++)
        HOLDS(same_item(&plan->items[i], &again.items[i]), plan->items[i].step->key,
              "the same input gave another plan");
    plan_fini(&again);
}

static inline void check_shipped(const struct plan_input *in, const struct plan *plan,
                                 const char *about)
{
    const struct check c = {in, plan, about};
    check_plan(in, plan, about);
    for (size_t i = 0; i < plan->n; i++)
        check_grace(&c, &plan->items[i]);
    check_method(&c);
    check_over(&c);
}

#endif
