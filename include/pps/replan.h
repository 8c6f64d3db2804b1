/* The agency has changed its playbook: what follows for everything that is under way. */
#ifndef PPS_REPLAN_H
#define PPS_REPLAN_H

#include <pps/service.h>

enum replan_kind { REPLAN_MADE, REPLAN_MOVED, REPLAN_DROPPED };
const char *replan_word(enum replan_kind kind); /* "new" "moved" "dropped" */

/* One action that changes. */
struct replan_change {
    enum replan_kind kind;
    int64_t occasion_id;
    enum kind occasion_kind;
    char *client_name, *step, *title;
    enum channel was_by, by;
    struct civil was, is; /* when it was due, and is; day CIVIL_NONE: not */
    char *reason;         /* in words; NULL: none */
};
/* The same counted, by step; in the order of the playbook, then those that are not in it any more. */
struct replan_step {
    char *key, *title;
    int64_t made, made_today, moved, moved_today, dropped, same;
};
/* Left as it is, with its playbook. */
struct replan_left {
    int64_t occasion_id;
    enum kind occasion_kind;
    char *why;
};
struct replan {
    int64_t occasions[KIND_COUNT]; /* planned anew */
    struct replan_step *steps;
    size_t n_steps, cap_steps;
    struct replan_change *changes; /* only when each was asked for */
    size_t n_changes, cap_changes;
    struct replan_left *left;
    size_t n_left, cap_left;
};
int64_t replan_total(const struct replan *replan); /* of all kinds */
void replan_fini(struct replan *replan);

struct replan_order {
    bool apply;     /* false: only look; the database stays as it is */
    bool each;      /* fill `changes` */
    civil_day from; /* only what has its day on this one or later; CIVIL_NONE: everything */
    void (*progress)(void *ctx, int64_t done); /* now and then; NULL: nobody wants to know */
    void *ctx;
};
/* Plans every open occasion of another playbook anew by the one of today, in transactions of bounded size: what is done
 * stays done when it is broken off, and the next call goes on. Nothing that is new is late: its time is ahead, or it is not
 * for what began before. */
enum rc service_replan(const struct desk *desk, const struct replan_order *order,
                       struct replan *ret, struct err *err) MUST_CHECK;

/* Whether consent.marketing was changed since everything was planned: service_replan brings all that is open up to date. */
enum rc service_plan_is_older(const struct desk *desk, bool *ret, struct err *err) MUST_CHECK;

#endif
