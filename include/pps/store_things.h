/* The store's verbs for what is known of a client: facts, marks, things. As in <pps/store.h>, writing verbs only inside
 * a transaction. */
#ifndef PPS_STORE_THINGS_H
#define PPS_STORE_THINGS_H

#include <pps/known.h>
#include <pps/store.h>

/* ---- things ---- */
enum rc store_thing_add(struct store *store, const struct thing *thing, int64_t *ret_id,
                        struct err *err) MUST_CHECK;
enum rc store_thing_get(struct store *store, int64_t id, struct thing *ret,
                        struct err *err) MUST_CHECK; /* RC_NOTFOUND */
/* Writes what may change: the three instants and the note. */
enum rc store_thing_update(struct store *store, const struct thing *thing,
                           struct err *err) MUST_CHECK;
enum rc store_things_of_client(struct store *store, int64_t client_id, struct things *ret,
                               struct err *err) MUST_CHECK;

/* A thing with what stands around it. */
struct thing_row {
    struct thing thing;
    char *client_name;
    char *destination;  /* of its trip, when it belongs to one */
    bool cancelled;     /* its trip */
    char *owner;        /* login; NULL: nobody, or somebody who has left */
    struct civil visit; /* at which it is handed over; day CIVIL_NONE: none is agreed */
    int64_t visited_at; /* when that was ticked off; 0: not yet */
};
void thing_row_fini(struct thing_row *row);
struct thing_rows {
    struct thing_row *v;
    size_t n, cap;
};
void thing_rows_fini(struct thing_rows *rows);
struct thing_query {
    int64_t client_id, owner_id; /* 0: everybody's */
    const char *kind;   /* NULL: all, but photos, which nobody gives, only without open_only */
    bool open_only;     /* neither handed over nor dropped */
    bool to_prepare;    /* not ready, and a visit is agreed */
    civil_day from, to; /* days of the visit; CIVIL_NONE: no bound */
};
/* By visit, those without one last. */
enum rc store_things(struct store *store, const struct thing_query *query, struct thing_rows *ret,
                     struct err *err) MUST_CHECK;

/* ---- facts and marks ---- */
enum rc store_client_facts(struct store *store, int64_t client_id, struct client_facts *ret,
                           struct err *err) MUST_CHECK; /* by key */
enum rc store_client_fact_set(struct store *store, int64_t client_id, const char *key,
                              const char *value, struct err *err) MUST_CHECK;
enum rc
store_client_fact_remove(struct store *store, int64_t client_id, const char *key,
                         struct err *err) MUST_CHECK; /* one that is not there: nothing happens */
enum rc store_client_marks(struct store *store, int64_t client_id, unsigned *ret,
                           struct err *err) MUST_CHECK; /* MARK_BITs */
enum rc store_client_mark(struct store *store, int64_t client_id, enum client_mark mark, bool on,
                          struct err *err) MUST_CHECK;

/* ---- all of it ---- */
/* about may be NULL: then nothing is known of trip_number and of answers. known_fini the result. */
enum rc store_known(struct store *store, int64_t client_id, const struct occasion *about,
                    struct known *ret, struct err *err) MUST_CHECK;

#endif
