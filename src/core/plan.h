/* The room's private header: what the parts of the planner share. timeline.c decides the moments; late.c what becomes of
 * a step when there is none; conditions.c what speaks for it, against it, and what keeps it back. */
#ifndef PPS_CORE_PLAN_H
#define PPS_CORE_PLAN_H

#include <pps/timeline.h>

/* The hour of a step without one when its day is not today: when the agency opens. */
enum { PLAN_MORNING = 9 * 60 };

/* Between what a step may be done. */
struct plan_window {
    struct civil today;
    int64_t not_before, not_after; /* INT64_MIN, INT64_MAX: no bound */
};

/* When it would be due, and until when it may go. */
struct plan_moment {
    struct civil local;
    int64_t due, expires; /* expires 0: never */
    const struct plan_span *after; /* it waits for the end of this journey; NULL: of none */
};

/* ---- timeline.c ---- */

civil_day plan_clamp_day(int64_t day);
/* Until when a message that is due on `day` may still go. */
int64_t plan_expiry(const struct plan_input *in, const struct step *step, civil_day day,
                    const struct plan_window *w);

/* ---- late.c ---- */

/* The regular moments are gone: the step's own policy decides. */
void plan_apply_late_policy(const struct plan_input *in, const struct plan_window *w,
                            const struct plan_moment *regular, const struct plan *plan,
                            struct plan_item *item);

/* ---- away.c ---- */

/* The journey for whose end a step waits that is due on `day`; NULL: it need not wait. */
const struct plan_span *plan_journey_on(const struct plan_input *in, const struct step *step,
                                        civil_day day);
/* Why it is so late: "when they are back: they travel 14.01.2027 - 20.01.2027". New string. */
char *plan_journey_words(const struct plan_span *span);

/* ---- conditions.c ---- */

/* What was planned of a step before; NULL: nothing. */
const struct plan_past *plan_past_of(const struct plan_input *in, const char *key);

/* It is not to be done. Takes reason. */
void plan_drop(struct plan_item *item, enum cause cause, char *reason);

/* By which way: the step's own, or the first of `otherwise` by which the client can be reached and may be written to.
 * False: by none, and *ret is the step's own. */
bool plan_pick_channel(const struct plan_input *in, const struct step *step, enum channel *ret);
/* "the client has no e-mail address": why the step's own way is not taken. */
const char *plan_no_way(const struct plan_input *in, const struct step *step);

/* Whether what is known speaks against the step; the item is dropped then. Its due_at is set. */
bool plan_is_excluded(const struct plan_input *in, struct plan_item *item);
/* Whether the client does not want it; the item is suppressed then. has_way: plan_pick_channel found one. */
bool plan_is_unwanted(const struct plan_input *in, struct plan_item *item, bool has_way);
/* Whether the message that stands in for a call may go: the client can get it and wants it, and nothing keeps it back. */
bool plan_may_fall_back(const struct plan_input *in, const struct plan_item *item);
/* Last: what could be done now, but is not to, is held: a message, or a call that invites. */
void plan_apply_hold(const struct plan_input *in, struct plan_item *item);

#endif
