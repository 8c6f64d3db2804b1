/* The use cases around a client: things for them, facts worth remembering, marks. As all services each is one
 * transaction with its line in the audit log. */
#ifndef PPS_THINGS_H
#define PPS_THINGS_H

#include <pps/service.h>
#include <pps/store_things.h>

/* ---- things ---- */

/* As typed; everything is checked here. NULL = not given. */
struct thing_entry {
    const char *whom; /* a trip, or a client: then the only current trip, when there is just one */
    const char *kind, *title, *cost, *note;
    const char
        *owner; /* login; NULL: the trip's manager, else the actor when they are on the staff */
    bool allow_duplicate; /* a second one of the same kind and title is meant */
};
/* RC_EXISTS: there is such a thing for the same trip, or one for the client that was not handed over yet. */
enum rc service_thing_add(const struct desk *desk, const struct thing_entry *entry,
                          struct thing *ret, struct err *err) MUST_CHECK;

enum thing_move { THING_READY, THING_HAND, THING_DROP };
/* ids as typed, "G7"; all are moved, or none. What is handed over need not have been called ready. note (NULL: as it was)
 * takes the place of theirs. */
enum rc service_things_move(const struct desk *desk, const char *const *ids, size_t n,
                            enum thing_move move, const char *note, struct things *ret,
                            struct err *err) MUST_CHECK;
/* What waits to be handed over to the client of an occasion, of whatever trip. */
enum rc service_things_to_hand(const struct desk *desk, int64_t occasion_id, struct things *ret,
                               struct err *err) MUST_CHECK;

/* With what stands around it. RC_NOTFOUND. */
enum rc service_thing_row(const struct desk *desk, int64_t id, struct thing_row *ret,
                          struct err *err) MUST_CHECK;
/* What the log has of one thing, the newest first, also what was taken back; actor NULL: by anybody. RC_NOTFOUND: there is
 * no such thing. */
enum rc service_thing_log(const struct desk *desk, int64_t id, const char *actor, size_t limit,
                          struct audit_list *ret, struct err *err) MUST_CHECK;

/* ---- facts ---- */

/* The key as it is kept: folded. RC_INVALID. New string. */
enum rc fact_key(const char *text, char **ret, struct err *err) MUST_CHECK;
struct fact_change {
    char *key, *value; /* value NULL: it is removed */
    char *was;         /* NULL: it was not known */
    bool changed;
};
void fact_change_fini(struct fact_change *change);
/* value NULL: remove it; RC_NOTFOUND when there is none. */
enum rc service_fact_set(const struct desk *desk, int64_t client_id, const char *key,
                         const char *value, struct fact_change *ret, struct err *err) MUST_CHECK;

/* ---- marks ---- */

/* *ret_marks: the client's MARK_BITs afterwards; *ret_changed: whether it was otherwise before. */
enum rc service_mark(const struct desk *desk, int64_t client_id, const char *mark, bool on,
                     unsigned *ret_marks, bool *ret_changed, struct err *err) MUST_CHECK;
const char *mark_list(void); /* for help and errors */

#endif
