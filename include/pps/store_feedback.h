/* The store's verbs for what clients tell us about their trips. See <pps/store.h> for the rules of all verbs. */
#ifndef PPS_STORE_FEEDBACK_H
#define PPS_STORE_FEEDBACK_H

#include <pps/store.h>

/* The row that belongs to an occasion of this kind, which is there already. */
enum rc store_feedback_put(struct store *store, const struct feedback *feedback,
                           struct err *err) MUST_CHECK;
/* Writes the whole row back, but for the survey service's number. */
enum rc store_feedback_update(struct store *store, const struct feedback *feedback,
                              struct err *err) MUST_CHECK;
/* The survey service's number of an answer that was taken back: the answer may come once more. */
enum rc store_feedback_forget_number(struct store *store, int64_t occasion_id,
                                     struct err *err) MUST_CHECK;
/* RC_NOTFOUND, without words: no answer has this number. */
enum rc store_feedback_by_number(struct store *store, const char *external_id,
                                 int64_t *ret_occasion_id, struct err *err) MUST_CHECK;
/* The last answer of a client, whatever it is about, and when it came; RC_NOTFOUND, without words: there is none. */
enum rc store_feedback_last_of_client(struct store *store, int64_t client_id, struct feedback *ret,
                                      struct civil *ret_answered, struct err *err) MUST_CHECK;

struct feedback_row {
    struct occasion occasion;
    struct feedback feedback;
    char *client_name;
    char *trip_title; /* of the trip that it is about */
    char *manager;    /* login; NULL: nobody */
};
struct feedback_list {
    struct feedback_row *v;
    size_t n, cap;
};
void feedback_list_fini(struct feedback_list *list);
/* Answers about the trip with the same grades as this one, the oldest first; when this one has a number of the survey
 * service, only those that have none: two numbers are two answers. */
enum rc store_feedback_alike(struct store *store, int64_t trip_id, const struct feedback *feedback,
                             struct feedback_list *ret, struct err *err) MUST_CHECK;

struct feedback_query {
    civil_day from, to; /* the days on which they came, both included; CIVIL_NONE: no bound */
    int64_t manager_id; /* 0: everybody's */
    bool unhappy_only;
};
/* The newest first. */
enum rc store_feedback_list(struct store *store, const struct feedback_query *query,
                            struct feedback_list *ret, struct err *err) MUST_CHECK;
/* The trips that returned in those days (until `to`, which must be set), and how many of them have an answer. */
enum rc store_trips_returned(struct store *store, const struct feedback_query *query,
                             int64_t *ret_returned, int64_t *ret_answered,
                             struct err *err) MUST_CHECK;

#endif
