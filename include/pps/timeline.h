/* Planning: dates + playbook + zone + working calendar -> actions. A pure function.
 *
 * For each step, in the playbook's order:
 *   1. the channel: the step's own, or the first of `otherwise` by which the client can be reached;
 *   2. the window: not before `not_before`, not after `not_after`, and no later than its grace;
 *   3. the moment: `at`, moved up to the window's start and to a working day; else `or_at`;
 *   4. when the moment has gone, or none fits: `if_late` says skip, send now, or merge.
 * The same input always gives the same plan. */
#ifndef PPS_TIMELINE_H
#define PPS_TIMELINE_H

#include <pps/model.h>
#include <pps/playbook.h>
#include <pps/workcal.h>
#include <pps/zone.h>

enum plan_verdict {
    PLAN_ACTIVE,  /* to be done at due_at */
    PLAN_DROPPED, /* not to be done; reason says why */
    PLAN_MERGED,  /* its words go into merged_into */
    PLAN_WAITING  /* its anchor has no date yet (the visit is not agreed) */
};

struct plan_item {
    const struct step *step; /* of the given playbook */
    enum plan_verdict verdict;
    enum channel channel;
    struct civil local_due;
    int64_t due_at, expires_at; /* expires_at 0: never */
    enum channel fallback_channel;
    int64_t fallback_at; /* 0: none */
    int64_t not_after;   /* the end of its window; INT64_MAX: none */
    bool postponed;      /* entered late: it was given a day of its own */
    bool late;           /* its regular moment was gone: decided by the step's if_late */
    enum cause cause;
    char *reason; /* one line for people; NULL when there is nothing to say */
};

struct plan {
    struct plan_item *items;
    size_t n;
};

struct plan_input {
    const struct playbook *playbook;
    const struct zone *zone;
    const struct workcal *calendar;
    civil_day agency_today; /* in the agency's zone, which is the one of the purchase */
    struct civil when[ANCHOR_COUNT]; /* day CIVIL_NONE: no such date yet */
    bool has_phone, has_email;              /* by which the client can be reached */
    bool phone_wrong; /* there is a number, but it is somebody else's: only for the words */
    int64_t now;
    /* Steps that are over (sent, done): the planner leaves them alone and merges nothing into them.
     */
    const char *const *settled;
    size_t n_settled;
};

/* Checks the dates (departure not before purchase, return not before departure): RC_INVALID. */
enum rc plan_check_dates(civil_day purchase, struct civil departure, struct civil return_,
                         struct err *err) MUST_CHECK;
/* Settled steps are not in the result. The dates must have passed plan_check_dates. */
void plan_make(const struct plan_input *in, struct plan *ret);
void plan_fini(struct plan *plan);

#endif
