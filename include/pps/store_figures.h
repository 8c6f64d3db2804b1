/* The store's verbs for the figures of a period. See <pps/store.h> for the rules of all verbs. */
#ifndef PPS_STORE_FIGURES_H
#define PPS_STORE_FIGURES_H

#include <pps/figures.h>
#include <pps/store.h>

struct figures_query {
    civil_day from, to;    /* both included; not after 2199-12-30 */
    int64_t from_at, to_at; /* the instants at which the first begins and the last is over */
};
/* Adds what the database can count by itself: everything but people's work and lost sales. */
enum rc store_figures(struct store *store, const struct figures_query *query,
                      struct staff_tallies *io, struct err *err) MUST_CHECK;
/* Adds what is of this moment. */
enum rc store_figures_now(struct store *store, civil_day today, struct staff_tallies *io,
                          struct err *err) MUST_CHECK;

/* People's work, or a message that took its place, and whose it is: who ticked it off, else the manager of its
 * occasion; 0: nobody's. Of the action only what tells whether it was in time; it has no strings. */
struct work_row {
    int64_t staff_id;
    struct action action;
};
struct work_rows {
    struct work_row *v;
    size_t n, cap;
};
void work_rows_fini(struct work_rows *rows);
/* What was due in these days; not what was left out or dropped. */
enum rc store_work_due(struct store *store, const struct figures_query *query,
                       struct work_rows *ret, struct err *err) MUST_CHECK;

/* When the first trip, lost sale … was entered; 0: none is there. */
enum rc store_first_entry(struct store *store, int64_t *ret, struct err *err) MUST_CHECK;

#endif
