/* Yellow and red: the rule of the checklist and the overdue report in one place. Pure. */
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

enum colour action_colour(const struct action *a, civil_day today, bool has_manager)
{
    if (needs_a_person(a->state))
        return COLOUR_RED;
    if (!is_open(a->state))
        return COLOUR_NONE;
    if (a->cause == CAUSE_WRONG_NUMBER || a->local_due.day < today)
        return COLOUR_RED;
    if (a->local_due.day > today)
        return COLOUR_NONE;
    return channel_is_human(a->channel) && !has_manager ? COLOUR_RED : COLOUR_YELLOW;
}

int action_days_late(const struct action *a, civil_day today)
{
    bool counts = is_open(a->state) || needs_a_person(a->state);
    return counts && a->local_due.day < today ? (int)(today - a->local_due.day) : 0;
}

static const char *open_words(const struct action *a, civil_day today, bool has_manager)
{
    bool human = channel_is_human(a->channel);
    if (a->state != STATE_PENDING)
        return "is being sent, or a tick was interrupted: the next one settles it";
    if (a->local_due.day > today)
        return human ? "planned" : "will go by itself";
    if (human && !has_manager)
        return "nobody's work: give the trip a manager";
    if (a->local_due.day < today)
        return human                     ? "not ticked"
               : a->cause == CAUSE_RETRY ? "due but not sent yet"
                                         : "due but not sent: does the tick run?";
    return human ? "to be done today" : "goes with the next tick when its hour has come";
}

char *action_explain(const struct action *a, civil_day today, bool has_manager)
{
    static const char *const words[STATE_COUNT] = {
        [STATE_SENT] = "sent",
        [STATE_IN_DOUBT] = "in doubt: it may have been sent",
        [STATE_FAILED] = "refused for good",
        [STATE_MISSED] = "missed: its time passed unsent",
        [STATE_HELD] = "held",
        [STATE_CANCELLED] = "not to be done",
        [STATE_SUPPRESSED] = "no consent",
        [STATE_DONE] = "done",
        [STATE_SKIPPED] = "skipped",
    };
    if (a->state == STATE_PENDING && a->cause == CAUSE_CROWDED && !str_empty(a->reason))
        return xstrdup(a->reason); /* "waits for another day: …" */
    const char *what = is_open(a->state) ? open_words(a, today, has_manager) : words[a->state];
    if (a->state == STATE_DONE && !str_empty(a->outcome))
        return xasprintf("done: %s%s%s", a->outcome, str_empty(a->done_by) ? "" : ", by ",
                         str_or(a->done_by, ""));
    return str_empty(a->reason) ? xstrdup(what) : xasprintf("%s (%s)", what, a->reason);
}
