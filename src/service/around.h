/* Private to the room: what is around an occasion, and the same for all that are planned for its client. */
#ifndef PPS_SERVICE_AROUND_H
#define PPS_SERVICE_AROUND_H

#include "internal.h"

/* Read once for a round of planning: to plan a client must not take the square of what they have told us. What the planning
 * of one occasion changes for the others, around_planned reads again. */
struct around {
    int64_t client_id;
    struct occasion_list all;
    struct had_list had;    /* of all of them */
    struct id_list lasting; /* lost sales that are not over */
    bool has_answered;
    struct feedback last; /* what they have answered last, and when */
    struct civil answered;
    bool knows_settling; /* whether somebody has looked: */
    bool settling; /* a complaint is called solved, and they are still to be asked whether it is */
};
enum rc around_read(const struct desk *desk, int64_t client_id, struct around *ret,
                    struct err *err) MUST_CHECK;
void around_fini(struct around *around);
/* One of them was planned anew. */
enum rc around_planned(const struct desk *desk, struct around *around,
                       const struct occasion *planned, struct err *err) MUST_CHECK;
/* Lost sales of a client that are not over. */
enum rc around_lasting(const struct desk *desk, int64_t client_id, struct id_list *ret,
                       struct err *err) MUST_CHECK;
/* The numbers of those that are not over: what is planned for an older one counts as had by the newer ones. Complaints come
 * first: what is planned of them keeps back what is planned of the others. */
void around_order(const struct around *around, struct id_list *ret);

/* ---- circumstances.c: what the planner has to know ---- */
struct circumstances {
    struct plan_input in; /* refers to the file, to what is around it, and to what follows */
    struct plan_past *past;
    size_t n_past;
    struct plan_had *had; /* their words are the ones of `around` */
    size_t n_had;
    struct plan_span *away;
};
/* The file, and what is around it, must outlive it. */
enum rc circumstances_of(const struct desk *desk, const struct occasion_file *file,
                         struct around *around, struct circumstances *ret,
                         struct err *err) MUST_CHECK;
void circumstances_fini(struct circumstances *circumstances);

/* ---- heard.c ---- */
/* Whoever was not happy after this was sold, with whatever of ours, is not sold to by it either. Adds to *io. */
void facts_of_later_feedback(const struct occasion *occasion, const struct around *around,
                             unsigned *io);

/* ---- settled.c ---- */
/* Sets what the planner has to know of complaints that are solved. */
enum rc complaints_settled(const struct desk *desk, const struct occasion *here,
                           struct around *around, struct plan_input *in,
                           struct err *err) MUST_CHECK;

#endif
