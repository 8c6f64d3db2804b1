/* What an occasion is about beyond its own row: the trip, what was said, what was lost. One verb that gathers it for
 * those who put it into words: the delivery engine for letters, the services for scripts. */
#include <stdlib.h>

#include <pps/str.h>

#include "db.h"

enum rc store_complaint_get(struct store *store, int64_t occasion_id, struct complaint *ret,
                            struct err *err)
{
    struct query q = db_query(store, SQL_COMPLAINT_GET);
    bind_int(&q, occasion_id);
    enum rc rc = RC_NOTFOUND;
    if (db_step(&q, &rc, err) != STEP_ROW)
        return rc;
    *ret = (struct complaint){
        .occasion_id = col_int(&q, 0),
        .source = col_text(&q, 1),
        .words = col_text(&q, 2),
        .cause = col_text(&q, 3),
        .actions = col_text(&q, 4),
        .outcome = col_text(&q, 5),
    };
    db_end(&q);
    return RC_OK;
}

static enum rc lost_details(struct store *store, int64_t occasion_id, struct details *d,
                            struct err *err)
{
    struct staff loser;
    enum rc rc = store_lost_get(store, occasion_id, &d->lost, err);
    if (rc != RC_OK || d->lost.lost_by == 0)
        return rc;
    rc = store_staff_get(store, d->lost.lost_by, &loser, err);
    if (rc != RC_OK)
        return rc;
    d->lost_by = xstrdup(loser.name);
    staff_fini(&loser);
    return RC_OK;
}

static enum rc own_details(struct store *store, const struct occasion *o, struct details *d,
                           struct err *err)
{
    switch (o->kind) {
    case KIND_TRIP:
        return store_feedback_last(store, o->id, &d->feedback, err);
    case KIND_FEEDBACK:
        return store_feedback_get(store, o->id, &d->feedback, err);
    case KIND_COMPLAINT:
        return store_complaint_get(store, o->id, &d->complaint, err);
    case KIND_LOST:
        return lost_details(store, o->id, d, err);
    default:
        return RC_OK;
    }
}

enum rc store_details(struct store *store, const struct occasion *o, struct details *ret,
                      struct err *err)
{
    struct details d = {0};
    int64_t trip = o->kind == KIND_TRIP ? o->id : o->about_id;
    struct err none = {0};
    enum rc rc = own_details(store, o, &d, &none);
    if (rc == RC_NOTFOUND) /* nobody has said anything */
        rc = RC_OK;
    if (rc == RC_OK && trip != 0)
        rc = store_occasion_get(store, trip, &d.trip, &none);
    if (rc != RC_OK) {
        details_fini(&d);
        return err_set(err, rc, "%s", none.message);
    }
    *ret = d;
    return RC_OK;
}
