/* The store's verbs for lost sales: what there is of one beyond its occasion. */
#ifndef PPS_STORE_LOST_H
#define PPS_STORE_LOST_H

#include <pps/store.h>

/* RC_NOTFOUND: the occasion is no lost sale. */
enum rc store_lost_get(struct store *store, int64_t occasion_id, struct lost *ret,
                       struct err *err) MUST_CHECK;
/* Adds the row of an occasion that is there already. */
enum rc store_lost_put(struct store *store, const struct lost *lost, struct err *err) MUST_CHECK;
/* Writes the whole row back; RC_NOTFOUND as above. */
enum rc store_lost_update(struct store *store, const struct lost *lost, struct err *err) MUST_CHECK;

#endif
