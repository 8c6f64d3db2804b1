/* One planned item against the row that is there: what becomes of the row. Finished work stays, waiting work moves, and
 * nothing that was overdue loses its colour because somebody corrected a phone number. Reads no database and writes none.
 * Serves planning.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/colour.h>
#include <pps/str.h>

#include "follow.h"
#include "internal.h"

static enum action_state state_of(enum plan_verdict verdict)
{
    switch (verdict) {
    case PLAN_ACTIVE:
        return STATE_PENDING;
    case PLAN_HELD:
        return STATE_HELD;
    case PLAN_SUPPRESSED:
        return STATE_SUPPRESSED;
    default:
        return STATE_CANCELLED;
    }
}

void row_take_plan(const struct plan_item *item, struct action *a)
{
    a->channel = item->channel;
    a->planned_channel = item->channel;
    a->local_due = item->local_due;
    free(a->tz);
    a->tz = xstrdup(zone_name(item->zone));
    a->anchor_at = item->anchor_at;
    a->due_at = item->due_at;
    a->was_due_at = 0;
    a->expires_at = item->expires_at;
    a->next_attempt_at = item->due_at;
    a->priority = item->step->priority;
    a->fallback_channel = item->fallback_channel;
    a->fallback_at = item->fallback_at;
    a->cause = item->cause;
    free(a->reason);
    a->reason = xstrdup(item->reason);
    free(a->merged_into);
    a->merged_into = item->verdict == PLAN_MERGED ? xstrdup(item->step->merge_into) : NULL;
    a->state = state_of(item->verdict);
    if (a->state == STATE_HELD && channel_is_human(a->channel))
        a->state = STATE_PENDING; /* whoever calls all the same may tick it off */
}

void set_declined(struct action *a)
{
    free(a->outcome);
    a->outcome = xstrdup("refused");
    set_reason(a, CAUSE_DECLINED, xasprintf("they do not want to be called: the %s goes instead",
                                            channel_word(a->fallback_channel)));
}

static void clear_reason(struct action *a)
{
    a->cause = CAUSE_NONE;
    free(a->reason);
    a->reason = NULL;
}

/* Whether it was planned from the date that it has now. */
static bool same_anchor(const struct plan_item *item, const struct action *a)
{
    struct civil then = a->anchor_at, now = item->anchor_at;
    return then.day == CIVIL_NONE || (then.day == now.day && then.minute == now.minute);
}

/* The planner has no moment left for a call. Its end is still its end: the next tick says that it was missed. */
static void keep_end(const struct plan_item *item, struct action *a)
{
    if (a->expires_at > item->not_after)
        a->expires_at = item->not_after; /* the journey begins earlier now */
    bool cut_off = item->cause == CAUSE_NO_CONTACT || a->expires_at <= a->fallback_at;
    if (cut_off)
        a->fallback_at = 0; /* no message can stand in for it */
}

/* Work that is due already stays due: only what its new dates forbid or allow is brought up to date. */
static void keep_due(const struct plan_item *item, struct action *a)
{
    bool active = item->verdict == PLAN_ACTIVE;
    bool fell_back = a->cause == CAUSE_NOT_TICKED ||
                     (a->cause == CAUSE_CALLED_EARLY && !channel_is_human(a->channel));
    if (fell_back && a->channel != item->channel) {
        if (!active || item->fallback_at != 0)
            return; /* a call that became its message stays one, */
        clear_reason(a); /* but for a message that may not go any more: somebody has to call */
    }
    if (a->channel != item->channel && (active || !channel_is_human(a->channel))) {
        a->channel = item->channel;
        a->planned_channel = item->channel;
        a->local_due = zone_to_local(item->zone, a->due_at); /* people and messages have clocks of their own */
        free(a->tz);
        a->tz = xstrdup(zone_name(item->zone));
        if (active)
            a->expires_at = item->expires_at;
    }
    if (channel_is_human(a->channel)) {
        /* Its cut-off does not move because something else was edited. */
        bool waits = active && item->late && same_anchor(item, a) && item->fallback_at != 0 &&
                     a->fallback_at != 0 && a->fallback_at < item->not_after;
        if (!active) {
            keep_end(item, a);
            return;
        }
        a->fallback_channel = item->fallback_channel;
        a->fallback_at = waits ? a->fallback_at : item->fallback_at;
        a->expires_at = item->expires_at;
        return;
    }
    a->fallback_at = 0; /* it is a message itself, perhaps since now */
    if (a->expires_at > item->not_after)
        a->expires_at = item->not_after;
}

/* A call that should have been made by now, and gets a later day only because it is planned anew today: what "earlier" had
 * put on Friday would come back for Saturday. It was late, and is. */
static bool is_overdue(const struct plan_item *item, const struct action *a, int64_t now)
{
    return a->state == STATE_PENDING && channel_is_human(a->channel) &&
           a->channel == item->channel && a->due_at <= now && item->due_at > now &&
           item->verdict == PLAN_ACTIVE && !item->moved && a->moved_to.day == CIVIL_NONE &&
           same_anchor(item, a);
}

/* Was its time here, and is there still time for it? A letter that is held, or that waited when its trip was
 * cancelled by mistake, is not dropped as "late": it was on time. A call that should have been made is red until
 * somebody ticks it off, whatever is edited meanwhile. */
static bool stays_due(const struct plan_item *item, const struct action *a, int64_t now)
{
    bool no_way = item->verdict == PLAN_DROPPED && item->cause == CAUSE_NO_CONTACT;
    if (is_overdue(item, a, now))
        return true;
    if ((!item->late && !no_way) || a->due_at > now)
        return false;
    if (a->state == STATE_PENDING && channel_is_human(a->channel))
        return !work_is_kept(a) || now < item->not_after;
    if (no_way)
        return false;
    bool waits = a->state == STATE_PENDING || a->state == STATE_CLAIMED || a->state == STATE_HELD ||
                 (a->state == STATE_CANCELLED &&
                  (a->cause == CAUSE_ENDED || a->cause == CAUSE_ONE_CALL));
    bool has_time = channel_is_human(a->channel) || a->expires_at == 0 || now < a->expires_at;
    return waits && has_time && now < item->not_after;
}

static void hold_back(const struct plan_item *item, struct action *a)
{
    bool human = channel_is_human(a->channel);
    a->state = human ? STATE_PENDING : STATE_HELD;
    a->cause = item->hold;
    free(a->reason);
    a->reason = xstrdup(item->hold_reason);
    if (human) {
        a->expires_at = item->expires_at;
        a->fallback_at = 0;
    }
}

/* Its time passed while no tick ran: the next tick calls it missed. An edit must not turn it into something that was
 * never to be done. */
static bool is_missed_already(const struct plan_item *item, const struct action *a, int64_t now)
{
    return a->state == STATE_PENDING && !channel_is_human(a->channel) && a->expires_at != 0 &&
           a->expires_at <= now && !item->comes_back &&
           (item->late || item->verdict != PLAN_ACTIVE);
}

/* What was missed comes back when its time is ahead again, or when its new hour has begun and there is time left. */
static bool stays_missed(const struct plan_item *item, const struct action *a)
{
    bool wanted = item->verdict == PLAN_ACTIVE || item->verdict == PLAN_HELD;
    return a->state == STATE_MISSED && (!wanted || (item->late && !item->comes_back));
}

/* The playbook got this step when its time had passed: only another date makes it right for this occasion. */
static bool is_too_old_for(const struct plan_item *item, const struct action *a)
{
    return a->cause == CAUSE_SOLD_BEFORE && (item->late || item->verdict == PLAN_DROPPED) &&
           a->anchor_at.day == item->anchor_at.day && a->anchor_at.minute == item->anchor_at.minute;
}

/* A pause, or a complaint, has kept it back until its end had come. It does not go after that, nor is it missed, and this
 * stays the reason, whatever is planned later: only a new date, by which its time is ahead again, brings it back. */
static bool is_kept_too_long(const struct plan_item *item, const struct action *a, int64_t now)
{
    bool kept = work_is_kept(a) || ((a->state == STATE_HELD || a->state == STATE_CANCELLED) &&
                                    (a->cause == CAUSE_PAUSED || a->cause == CAUSE_COMPLAINT));
    bool wanted = item->verdict == PLAN_ACTIVE || item->verdict == PLAN_HELD;
    return kept && a->expires_at != 0 && a->expires_at <= now && (item->late || !wanted);
}

/* False: it is dropped already. */
static bool drop_kept(struct action *a)
{
    if (a->state == STATE_CANCELLED)
        return false;
    a->state = STATE_CANCELLED;
    set_reason(a, a->cause, plan_kept_words(a->cause, a->reason));
    return true;
}

/* What people have tried, and what they were told, is true until the date moves from which the work is planned. */
static bool is_tried(const struct action *a)
{
    return a->state == STATE_PENDING && channel_is_human(a->channel) &&
           (a->cause == CAUSE_NO_ANSWER || a->cause == CAUSE_CALL_BACK ||
            a->cause == CAUSE_DECLINED || a->cause == CAUSE_CALLED_EARLY);
}

/* Nothing but another date, or another number, helps: a person has to find a way. */
static bool is_stuck(const struct action *a)
{
    return a->state == STATE_PENDING && channel_is_human(a->channel) &&
           (a->cause == CAUSE_UNREACHABLE || a->cause == CAUSE_NOT_DELIVERED ||
            a->cause == CAUSE_EXPIRED);
}

/* A new date is a new beginning: nobody has tried to call about it, and no other day was chosen for it. Two things were said
 * about the calls themselves, and hold: that the client does not want any, and the hour at which they want it. */
static void begin_anew(const struct plan_item *item, struct action *a)
{
    bool declined = is_tried(a) && a->cause == CAUSE_DECLINED;
    bool agreed = is_tried(a) && a->cause == CAUSE_CALL_BACK && item->moved;
    if (same_anchor(item, a) || declined || agreed)
        return;
    a->moved_to = (struct civil){CIVIL_NONE, MINUTE_NONE};
    if (is_tried(a) || is_stuck(a)) {
        a->attempts = 0;
        clear_reason(a);
        free(a->outcome); /* what they said was said about the old date */
        a->outcome = NULL;
    }
}

/* The words of whoever holds it, or has tried, say more than those of the plan. */
static bool keeps_words(const struct plan_item *item, const struct action *before)
{
    bool held = before->state == STATE_HELD && before->cause == CAUSE_HELD_BY_PERSON;
    return before->reason != NULL &&
           ((held && item->verdict == PLAN_HELD && item->hold == CAUSE_HELD_BY_PERSON) ||
            (is_tried(before) && item->verdict == PLAN_ACTIVE));
}

/* Another day, if somebody has chosen one; and else it stays as it is. */
static bool move_only(const struct plan_item *item, struct action *a)
{
    bool moves = item->moved && item->verdict == PLAN_ACTIVE && channel_is_human(a->channel) &&
                 item->due_at != a->due_at;
    if (moves) {
        a->local_due = item->local_due;
        a->due_at = a->next_attempt_at = item->due_at;
        free(a->tz);
        a->tz = xstrdup(zone_name(item->zone));
    }
    return moves;
}

/* The call that is made for this one, as long as it is about the same date; NULL: none. New string. */
static char *made_for_it(const struct plan_item *item, const struct action *a)
{
    return a->cause == CAUSE_ONE_CALL && same_anchor(item, a) ? xstrdup(a->merged_into) : NULL;
}

static bool merge_planned(const struct plan_item *item, int64_t now, struct action *a);

/* They were called early, and no message can go any more: then the call was all there was to do. */
static void close_called(struct action *a)
{
    if (a->state != STATE_PENDING || a->cause != CAUSE_CALLED_EARLY || a->fallback_at != 0 ||
        !channel_is_human(a->channel))
        return;
    a->state = STATE_DONE;
    clear_reason(a);
}

/* What becomes of an existing row; false when it stays exactly as it is. */
bool row_follow(const struct plan_item *item, int64_t now, struct action *a)
{
    begin_anew(item, a);
    if (a->cause == CAUSE_WRONG_NUMBER || (is_stuck(a) && item->hold == CAUSE_NONE))
        return move_only(item, a); /* red until the right number is found, or a way to them */
    enum cause cause = a->cause;
    char *words = keeps_words(item, a) ? xstrdup(a->reason) : NULL;
    char *call = made_for_it(item, a);
    bool changed = merge_planned(item, now, a);
    if (words != NULL && changed) {
        a->cause = cause;
        free(a->reason);
        a->reason = words;
    } else {
        free(words);
    }
    if (call != NULL && changed && a->state == STATE_PENDING && a->channel == CHANNEL_CALL) {
        free(a->merged_into);
        a->merged_into = call; /* calls_settle says whether it still is */
    } else {
        free(call);
    }
    close_called(a);
    return changed;
}

/* What a complaint has kept back, and a call that waited for the end of a pause, is due when it may go on. */
static void goes_on(const struct plan_item *item, struct action *a, int64_t now)
{
    bool message = a->state == STATE_HELD && a->cause == CAUSE_COMPLAINT;
    if ((!message && !work_is_kept(a)) || item->hold == a->cause)
        return;
    work_let_go(a, item->zone, now);
}

/* A word of the client, or about them, keeps from going what waited. When it was due and until when it could go stays known:
 * the word may be taken back. */
static bool keeps_moment(const struct plan_item *item, const struct action *a)
{
    bool kept_from = (item->verdict == PLAN_DROPPED && item->cause == CAUSE_CONDITION) ||
                     item->verdict == PLAN_SUPPRESSED;
    bool waited = a->state == STATE_PENDING || a->state == STATE_HELD || a->state == STATE_CLAIMED;
    bool was_kept =
        (a->state == STATE_CANCELLED && (a->cause == CAUSE_CONDITION || a->cause == CAUSE_ENDED)) ||
        a->state == STATE_SUPPRESSED;
    bool same_clock = item->channel == a->channel && str_eq(zone_name(item->zone), a->tz);
    bool has_moment = a->expires_at != 0 || channel_is_human(a->channel);
    return kept_from && same_anchor(item, a) && same_clock && (waited || (was_kept && has_moment));
}

static bool merge_planned(const struct plan_item *item, int64_t now, struct action *a)
{
    if (stays_due(item, a, now)) {
        keep_due(item, a);
        goes_on(item, a, now);
        if ((a->state != STATE_PENDING && a->state != STATE_CLAIMED) || work_is_kept(a)) {
            a->next_attempt_at = now;
            clear_reason(a);
        }
        a->state = STATE_PENDING;
        if (item->hold != CAUSE_NONE)
            hold_back(item, a);
        return true;
    }
    if (is_missed_already(item, a, now) || is_too_old_for(item, a) || stays_missed(item, a))
        return false;
    if (is_kept_too_long(item, a, now))
        return drop_kept(a);
    if (a->state == STATE_CANCELLED && item->verdict == PLAN_DROPPED && a->cause == item->cause &&
        a->due_at == item->due_at)
        return false; /* dropped as before: the reason of the first time is the true one */
    if (a->state == STATE_MISSED || a->state == STATE_CANCELLED || a->state == STATE_HELD)
        a->attempts = 0;
    bool has_its_day = item->postponed && a->state == STATE_PENDING && a->due_at > now &&
                       a->due_at <= item->due_at;
    bool kept = keeps_moment(item, a);
    struct civil day = a->local_due;
    int64_t due_at = a->due_at, was_due_at = a->was_due_at;
    int64_t next_attempt_at = a->next_attempt_at, expires_at = a->expires_at;
    row_take_plan(item, a);
    if (kept) {
        a->local_due = day;
        a->due_at = due_at;
        a->was_due_at = was_due_at;
        a->expires_at = expires_at;
    }
    if (has_its_day) { /* an edit does not push it on */
        a->local_due = day;
        a->due_at = due_at;
        a->next_attempt_at = next_attempt_at;
    }
    return true;
}
