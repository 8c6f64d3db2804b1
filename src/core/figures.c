/* The figures of a period: how counts add up, what is worked out of them, and when work was done in time. Serves
 * pps report --summary and pps feedback list. */
#include <stdlib.h>

#include <pps/figures.h>
#include <pps/str.h>

static const char *const names[FIGURE_COUNT] = {
    [FIGURE_WORK] = "work",
    [FIGURE_WORK_ON_TIME] = "work_on_time",
    [FIGURE_WORK_LATE] = "work_late",
    [FIGURE_WORK_LEFT] = "work_not_done",
    [FIGURE_WORK_SAVED] = "work_saved",
    [FIGURE_DAYS_LATE] = "days_late",
    [FIGURE_SALES] = "sales",
    [FIGURE_SALES_AGAIN] = "sales_again",
    [FIGURE_RETURNED] = "trips_returned",
    [FIGURE_RETURNED_ANSWERED] = "trips_answered",
    [FIGURE_ANSWERS] = "answers",
    [FIGURE_UNHAPPY] = "unhappy",
    [FIGURE_CSAT] = "csat_answers",
    [FIGURE_CSAT_SUM] = "csat_sum",
    [FIGURE_NPS] = "nps_answers",
    [FIGURE_PROMOTERS] = "promoters",
    [FIGURE_DETRACTORS] = "detractors",
    [FIGURE_EMAIL_SENT] = "email_sent",
    [FIGURE_EMAIL_FAILED] = "email_failed",
    [FIGURE_EMAIL_MISSED] = "email_missed",
    [FIGURE_EMAIL_IN_DOUBT] = "email_in_doubt",
    [FIGURE_SMS_SENT] = "sms_sent",
    [FIGURE_SMS_FAILED] = "sms_failed",
    [FIGURE_SMS_MISSED] = "sms_missed",
    [FIGURE_SMS_IN_DOUBT] = "sms_in_doubt",
    [FIGURE_REFERRALS] = "referrals",
    [FIGURE_REWARDS_OWED] = "rewards_owed",
    [FIGURE_LOST] = "lost",
    [FIGURE_WON_BACK] = "won_back",
    [FIGURE_YEAR_AFTER] = "year_after",
    [FIGURE_GONE] = "gone",
    [FIGURE_COMPLAINTS] = "complaints",
    [FIGURE_SOLVED] = "complaints_solved",
    [FIGURE_DAYS_TO_SOLVE] = "days_to_solve",
    [FIGURE_COMPLAINTS_OPEN] = "complaints_open",
    [FIGURE_COMPLAINTS_LATE] = "complaints_late",
};

const char *figure_name(enum figure figure)
{
    return names[figure];
}

bool figure_is_of_now(enum figure figure)
{
    return figure == FIGURE_REWARDS_OWED || figure == FIGURE_COMPLAINTS_OPEN ||
           figure == FIGURE_COMPLAINTS_LATE;
}

/* ---- sums ---- */

void tally_add(struct tally *to, const struct tally *more)
{
    for (int i = 0; i < FIGURE_COUNT; i++)
        to->n[i] += more->n[i];
}

bool tally_is_empty(const struct tally *t)
{
    int i = 0;
    while (i < FIGURE_COUNT && t->n[i] == 0)
        i++;
    return i == FIGURE_COUNT;
}

struct tally *tally_of(struct staff_tallies *all, int64_t staff_id)
{
    for (size_t i = 0; i < all->n; i++) {
        if (all->v[i].staff_id == staff_id)
            return &all->v[i].tally;
    }
    vec_reserve(&all->v, all->n, &all->cap, sizeof *all->v);
    all->v[all->n] = (struct staff_tally){.staff_id = staff_id};
    return &all->v[all->n++].tally;
}

void staff_tallies_fini(struct staff_tallies *all)
{
    free(all->v);
    *all = (struct staff_tallies){0};
}

/* ---- what is worked out ---- */

static const struct {
    const char *name;
    enum figure part, whole;
} ratios[RATIO_COUNT] = {
    [RATIO_ON_TIME] = {"on_time_percent", FIGURE_WORK_ON_TIME, FIGURE_WORK},
    [RATIO_DAYS_LATE] = {"days_late_hundredths", FIGURE_DAYS_LATE, FIGURE_WORK_LATE},
    [RATIO_AGAIN] = {"sales_again_percent", FIGURE_SALES_AGAIN, FIGURE_SALES},
    [RATIO_ANSWERED] = {"answered_percent", FIGURE_RETURNED_ANSWERED, FIGURE_RETURNED},
    [RATIO_CSAT] = {"csat_hundredths", FIGURE_CSAT_SUM, FIGURE_CSAT},
    [RATIO_NPS] = {"nps", FIGURE_PROMOTERS, FIGURE_NPS},
    [RATIO_WON_BACK] = {"won_back_percent", FIGURE_WON_BACK, FIGURE_LOST},
    [RATIO_GONE] = {"gone_percent", FIGURE_GONE, FIGURE_YEAR_AFTER},
    [RATIO_DAYS_TO_SOLVE] = {"days_to_solve_hundredths", FIGURE_DAYS_TO_SOLVE, FIGURE_SOLVED},
};

const char *ratio_name(enum ratio ratio)
{
    return ratios[ratio].name;
}

int64_t rounded_ratio(int64_t scale, int64_t part, int64_t whole)
{
    int64_t twice = 2 * scale * part;
    return (twice + (part < 0 ? -whole : whole)) / (2 * whole);
}

bool tally_ratio(const struct tally *t, enum ratio ratio, int64_t *ret)
{
    int64_t whole = t->n[ratios[ratio].whole], part = t->n[ratios[ratio].part];
    if (whole <= 0)
        return false;
    if (ratio == RATIO_NPS) /* those who would not recommend us speak against those who would */
        part -= t->n[FIGURE_DETRACTORS];
    *ret = rounded_ratio(100, part, whole);
    return true;
}

/* ---- people's work ---- */

static void tally_done(struct tally *t, const struct action *a, civil_day done,
                       const struct work_day *day)
{
    civil_day last = action_last_day(a, day);
    t->n[FIGURE_WORK]++;
    t->n[done > last ? FIGURE_WORK_LATE : FIGURE_WORK_ON_TIME]++;
    t->n[FIGURE_DAYS_LATE] += done > last ? done - last : 0;
}

void tally_work(struct tally *t, const struct action *a, civil_day done, const struct work_day *day)
{
    bool human = channel_is_human(a->channel);
    if (a->state == STATE_DONE) {
        tally_done(t, a, done, day);
    } else if (!human && a->state == STATE_SENT) {
        t->n[FIGURE_WORK]++;
        t->n[FIGURE_WORK_SAVED]++;
    } else if (!human ? a->state == STATE_FAILED || a->state == STATE_MISSED || a->state == STATE_IN_DOUBT
                      : action_colour(a, day, true) == COLOUR_RED && action_days_late(a, day) > 0) {
        t->n[FIGURE_WORK]++;
        t->n[FIGURE_WORK_LEFT]++;
    }
}
