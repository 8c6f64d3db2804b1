/* The store's verbs for complaints. See <pps/store.h> for the rules of all verbs. */
#ifndef PPS_STORE_COMPLAINT_H
#define PPS_STORE_COMPLAINT_H

#include <pps/store.h>

/* The row that belongs to an occasion of this kind, which is there already. */
enum rc store_complaint_put(struct store *store, const struct complaint *complaint,
                            struct err *err) MUST_CHECK;
enum rc store_complaint_update(struct store *store, const struct complaint *complaint,
                               struct err *err) MUST_CHECK;

struct complaint_row {
    struct occasion occasion;
    struct complaint complaint;
    char *client_name;
    char *trip_title; /* of the trip that it is about */
    char *manager;    /* login of who is responsible and has not left; NULL: nobody */
};
struct complaint_list {
    struct complaint_row *v;
    size_t n, cap;
};
void complaint_list_fini(struct complaint_list *list);
struct complaint_query {
    bool open_only;
    civil_day from, to; /* the days on which they came, both included; CIVIL_NONE: no bound */
    int64_t manager_id; /* 0: everybody's */
};
/* The open ones first, then by the day on which they came. */
enum rc store_complaint_list(struct store *store, const struct complaint_query *query,
                             struct complaint_list *ret, struct err *err) MUST_CHECK;

/* Clients of whom a message, or work that is due by today, is held by a complaint, and who have none that is not solved. */
enum rc store_list_settled(struct store *store, civil_day today, struct id_list *ret,
                           struct err *err) MUST_CHECK;

#endif
