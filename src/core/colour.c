/* Yellow and red: the rule of the checklist and the overdue report in one place. Pure. */
#include <string.h>

#include <pps/colour.h>
#include <pps/str.h>

static const char *const colour_names[] = {"", "yellow", "red"};

const char *colour_name(enum colour colour)
{
    return colour_names[colour];
}

static bool is_open(enum action_state state)
{
    return state == STATE_PENDING || state == STATE_CLAIMED || state == STATE_AT_RISK;
}

static bool needs_a_person(enum action_state state)
{
    return state == STATE_IN_DOUBT || state == STATE_FAILED || state == STATE_MISSED ||
           state == STATE_HELD;
}

/* What the plan keeps back is nobody's fault; what waits for a person's word is their work. */
static bool waits_for_word(const struct action *a)
{
    return a->state == STATE_HELD &&
           (a->cause == CAUSE_APPROVAL || a->cause == CAUSE_HELD_BY_PERSON);
}

static enum colour held_colour(const struct action *a, civil_day today, bool has_manager)
{
    if (a->cause == CAUSE_COMPLAINT || a->cause == CAUSE_PAUSED || a->cause == CAUSE_LOST_SALE)
        return COLOUR_NONE;
    if (!waits_for_word(a) || a->local_due.day < today)
        return COLOUR_RED;
    if (a->local_due.day > today)
        return COLOUR_NONE;
    return has_manager ? COLOUR_YELLOW : COLOUR_RED;
}

/* A call that nobody made while it made sense. It can still be ticked off, so it is not closed as a message would be. */
static bool is_missed_call(const struct action *a)
{
    return a->state == STATE_PENDING && a->cause == CAUSE_EXPIRED && channel_is_human(a->channel);
}

bool work_is_kept(const struct action *a)
{
    return a->state == STATE_PENDING && channel_is_human(a->channel) &&
           (a->cause == CAUSE_PAUSED || a->cause == CAUSE_COMPLAINT);
}

void work_let_go(struct action *a, const struct zone *zone, int64_t now)
{
    if (a->due_at > now)
        return;
    if (a->was_due_at == 0)
        a->was_due_at = a->due_at;
    a->due_at = now;
    a->local_due = zone_to_local(zone, now);
    a->moved_to = (struct civil){CIVIL_NONE, MINUTE_NONE}; /* a day that has passed */
}

const char *action_state_shown(const struct action *a)
{
    if (work_is_kept(a))
        return state_name(STATE_HELD);
    return state_name(is_missed_call(a) ? STATE_MISSED : a->state);
}

/* They do not want to be called, or were called already, and the message that goes has its own hour. */
static bool waits_for_message(const struct action *a)
{
    bool said = a->cause == CAUSE_DECLINED || a->cause == CAUSE_CALLED_EARLY;
    return a->state == STATE_PENDING && said && a->fallback_at != 0;
}

/* It came up by itself, and was to be done at once. */
static bool is_of_an_event(const struct action *a)
{
    return (a->kind == KIND_FEEDBACK || a->kind == KIND_COMPLAINT) &&
           a->anchor_at.minute != MINUTE_NONE && a->anchor_at.day == a->local_due.day;
}

/* Whether it makes sense until the working hours of that day are over. */
static bool lasts_through(const struct action *a, civil_day last, const struct work_day *day)
{
    enum { DAY_MINUTES = 24 * 60 };
    if (a->expires_at == 0)
        return true;
    int64_t due = (int64_t)a->local_due.day * DAY_MINUTES + a->local_due.minute;
    return due + (a->expires_at - a->due_at) / 60 >= (int64_t)last * DAY_MINUTES + day->ends;
}

civil_day action_last_day(const struct action *a, const struct work_day *day)
{
    civil_day due = a->local_due.day, last = due;
    bool open_or_done = a->state == STATE_PENDING || a->state == STATE_DONE;
    bool work = open_or_done && (a->channel == CHANNEL_CALL || a->channel == CHANNEL_TASK);
    bool let_go = a->was_due_at != 0;
    bool urgent = a->fallback_at != 0 || a->moved_to.day != CIVIL_NONE;
    if (!work || day->calendar == NULL || (urgent && !let_go))
        return due;
    if (is_of_an_event(a) || let_go ||
        (workcal_is_working(day->calendar, due) && a->local_due.minute >= day->ends))
        last++;
    last = workcal_later(day->calendar, last);
    return let_go || lasts_through(a, last, day) ? last : due;
}

static bool is_late(const struct action *a, const struct work_day *day)
{
    return action_last_day(a, day) < day->now.day;
}

enum colour action_colour(const struct action *a, const struct work_day *day, bool has_manager)
{
    civil_day today = day->now.day;
    bool asked = a->state == STATE_PENDING && a->cause == CAUSE_NOT_DELIVERED;
    if (asked && a->local_due.day == today && day->now.minute >= day->ends)
        return COLOUR_RED;
    if (waits_for_message(a) || work_is_kept(a))
        return COLOUR_NONE;
    if (a->state == STATE_HELD)
        return held_colour(a, today, has_manager);
    if (needs_a_person(a->state))
        return COLOUR_RED;
    if (!is_open(a->state))
        return COLOUR_NONE;
    if (a->cause == CAUSE_WRONG_NUMBER || a->cause == CAUSE_UNREACHABLE || is_missed_call(a) ||
        (a->cause == CAUSE_DECLINED && channel_is_human(a->channel)) || is_late(a, day))
        return COLOUR_RED;
    if (a->local_due.day > today)
        return COLOUR_NONE;
    return channel_is_human(a->channel) && !has_manager ? COLOUR_RED : COLOUR_YELLOW;
}

int action_days_late(const struct action *a, const struct work_day *day)
{
    bool counts = (is_open(a->state) && !work_is_kept(a)) || needs_a_person(a->state);
    return counts && is_late(a, day) ? (int)(day->now.day - action_last_day(a, day)) : 0;
}

static const char *open_words(const struct action *a, const struct work_day *day, bool has_manager)
{
    bool human = channel_is_human(a->channel);
    if (a->state != STATE_PENDING)
        return "is being sent, or a tick was interrupted: the next one settles it";
    if (a->cause == CAUSE_UNREACHABLE)
        return "nobody picks up";
    if (is_missed_call(a))
        return "missed";
    if (work_is_kept(a))
        return "held";
    if (human && a->cause == CAUSE_DECLINED)
        return a->fallback_at != 0 ? "not to be called" : "write to them, or pps skip it";
    if (human && a->cause == CAUSE_CALLED_EARLY)
        return "called; the message goes as well";
    if (a->local_due.day > day->now.day)
        return human ? "planned" : "will go by itself";
    if (human && !has_manager)
        return a->kind == KIND_COMPLAINT ? "nobody is responsible: pps complaint assign"
                                         : "nobody's work: give the trip a manager";
    if (is_late(a, day))
        return human                     ? "not ticked"
               : a->cause == CAUSE_RETRY ? "due but not sent yet"
                                         : "due but not sent: does the tick run?";
    return human ? "to be done today" : "goes with the next tick when its hour has come";
}

/* What it waits for, with the command that says it. */
static char *word_needed(const struct action *a)
{
    long long id = (long long)a->id;
    if (a->cause == CAUSE_APPROVAL)
        return xasprintf("waits for approval (pps approve A%lld)", id);
    return xasprintf("%s (pps release A%lld)", str_or(a->reason, "held by a person"), id);
}

/* "saved by SMS: not called by 16:00": the machine did what nobody had done in time. */
static char *saved_words(const struct action *a)
{
    bool told = a->reason != NULL && (str_starts(a->reason, "not called by ") ||
                                      str_starts(a->reason, "nobody picked up by "));
    bool refused = str_eq(a->outcome, "refused");
    const char *why = refused ? "they did not want to be called"
                      : told  ? a->reason
                              : "not called in time";
    bool too = str_eq(a->outcome, "reached"); /* else there would have been no message */
    return xasprintf("%s by %s: %.*s%s", refused ? "sent" : "saved", channel_word(a->channel),
                     (int)strcspn(why, ","), why, too ? "; called as well" : "");
}

char *action_explain(const struct action *a, const struct work_day *day, bool has_manager)
{
    static const char *const words[STATE_COUNT] = {
        [STATE_SENT] = "sent",
        [STATE_IN_DOUBT] = "in doubt: it may have been sent",
        [STATE_FAILED] = "refused for good",
        [STATE_MISSED] = "missed: its time passed unsent",
        [STATE_HELD] = "held",
        [STATE_CANCELLED] = "not to be done",
        [STATE_SUPPRESSED] = "not wanted",
        [STATE_DONE] = "done",
        [STATE_SKIPPED] = "skipped",
    };
    if (a->state == STATE_PENDING && a->cause == CAUSE_CROWDED && !str_empty(a->reason))
        return xstrdup(a->reason); /* "waits for another day: …" */
    if (waits_for_word(a))
        return word_needed(a);
    if (a->state == STATE_SENT && channel_is_human(a->planned_channel))
        return saved_words(a);
    const char *what = is_open(a->state) ? open_words(a, day, has_manager) : words[a->state];
    if (a->state == STATE_DONE && !str_empty(a->outcome) && a->channel == CHANNEL_VISIT &&
        str_eq(a->outcome, "by-phone"))
        return xasprintf("talked over by phone instead, by %s", str_or(a->done_by, "somebody"));
    if (a->state == STATE_DONE && !str_empty(a->outcome))
        return xasprintf("done: %s%s%s", a->outcome, str_empty(a->done_by) ? "" : ", by ",
                         str_or(a->done_by, ""));
    return str_empty(a->reason) ? xstrdup(what) : xasprintf("%s (%s)", what, a->reason);
}
