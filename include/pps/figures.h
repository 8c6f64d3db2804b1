/* The figures of a period, as counts that can be added, and what is worked out of them. Pure arithmetic; what each of
 * them counts, and by which day, stands in docs/figures.md. */
#ifndef PPS_FIGURES_H
#define PPS_FIGURES_H

#include <pps/colour.h>

enum figure {
    FIGURE_WORK,         /* calls, visits and tasks that were due, and of which it is clear what came of them: */
    FIGURE_WORK_ON_TIME, /* ticked off in time, */
    FIGURE_WORK_LATE,    /* ticked off late, */
    FIGURE_WORK_LEFT,    /* late, and still not done, */
    FIGURE_WORK_SAVED,   /* or not done, and a message went instead */
    FIGURE_DAYS_LATE,    /* of those that were ticked off late, all together */
    FIGURE_SALES,
    FIGURE_SALES_AGAIN, /* to somebody who had bought before */
    FIGURE_RETURNED,    /* trips that came to their end, */
    FIGURE_RETURNED_ANSWERED, /* and have an answer */
    FIGURE_ANSWERS,
    FIGURE_UNHAPPY,
    FIGURE_CSAT, /* answers with that grade, */
    FIGURE_CSAT_SUM,
    FIGURE_NPS, /* and with that one */
    FIGURE_PROMOTERS,
    FIGURE_DETRACTORS,
    FIGURE_EMAIL_SENT,
    FIGURE_EMAIL_FAILED,
    FIGURE_EMAIL_MISSED,
    FIGURE_EMAIL_IN_DOUBT,
    FIGURE_SMS_SENT,
    FIGURE_SMS_FAILED,
    FIGURE_SMS_MISSED,
    FIGURE_SMS_IN_DOUBT,
    FIGURE_REFERRALS,
    FIGURE_REWARDS_OWED, /* now */
    FIGURE_LOST,
    FIGURE_WON_BACK,
    FIGURE_YEAR_AFTER, /* clients whose year after a trip ended, */
    FIGURE_GONE,       /* and who had not bought again in it */
    FIGURE_COMPLAINTS,
    FIGURE_SOLVED,
    FIGURE_DAYS_TO_SOLVE,   /* of those that were solved, all together */
    FIGURE_COMPLAINTS_OPEN, /* now */
    FIGURE_COMPLAINTS_LATE, /* now past the promised day */
    FIGURE_COUNT
};
const char *figure_name(enum figure figure); /* for programs: "work_on_time" … */
/* Of this moment, and not of a period: what was so a month ago is not known. */
bool figure_is_of_now(enum figure figure);

struct tally {
    int64_t n[FIGURE_COUNT];
};
void tally_add(struct tally *to, const struct tally *more);
bool tally_is_empty(const struct tally *tally);

/* What is worked out of the counts: percents, the NPS (-100 to 100), and means in hundredths. */
enum ratio {
    RATIO_ON_TIME,
    RATIO_DAYS_LATE,
    RATIO_AGAIN,
    RATIO_ANSWERED,
    RATIO_CSAT,
    RATIO_NPS,
    RATIO_WON_BACK,
    RATIO_GONE,
    RATIO_DAYS_TO_SOLVE,
    RATIO_COUNT
};
const char *ratio_name(enum ratio ratio); /* for programs: "on_time_percent", "csat_hundredths" … */
/* Rounded to the nearest, halves away from zero. false: there is nothing to work it out of. */
bool tally_ratio(const struct tally *tally, enum ratio ratio, int64_t *ret);
/* scale * part / whole, rounded likewise; whole is above 0. */
int64_t rounded_ratio(int64_t scale, int64_t part, int64_t whole);

/* Counts one piece of people's work, or what became of it: `day` is now, `done` the day on which it was ticked off.
 * What may still be done in time, waits by itself, or is not to be done is not counted. */
void tally_work(struct tally *tally, const struct action *action, civil_day done,
                const struct work_day *day);

/* By person; staff id 0: nobody's. */
struct staff_tally {
    int64_t staff_id;
    struct tally tally;
};
struct staff_tallies {
    struct staff_tally *v;
    size_t n, cap;
};
/* That of this person, added when there is none yet; valid until the next one is added. */
struct tally *tally_of(struct staff_tallies *tallies, int64_t staff_id);
void staff_tallies_fini(struct staff_tallies *tallies);

#endif
