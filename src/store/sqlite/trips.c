/* Trips: alone, with everything around them, and those that stand on the checklist. */
#include <stdlib.h>

#include <pps/str.h>

#include "db.h"

static void bind_trip_middle(struct query *q, const struct trip *trip)
{
    bind_text(q, trip->destination);
    bind_day(q, trip->purchase);
    bind_civil(q, trip->departure);
    bind_civil(q, trip->return_);
    bind_civil(q, trip->visit);
    bind_id(q, trip->manager_id);
    bind_int(q, trip->playbook_version);
    bind_text(q, trip->note);
    bind_int(q, trip->cancelled);
    bind_text(q, trip->cancel_reason);
}

enum rc store_trip_add(struct store *store, const struct trip *trip, int64_t *ret_id,
                       struct err *err)
{
    struct query q = db_query(store, SQL_TRIP_ADD);
    bind_int(&q, trip->client_id);
    bind_trip_middle(&q, trip);
    bind_int(&q, trip->created_at);
    return db_one_int(&q, ret_id, err);
}

enum rc store_trip_update(struct store *store, const struct trip *trip, struct err *err)
{
    struct query q = db_query(store, SQL_TRIP_UPDATE);
    bind_trip_middle(&q, trip);
    bind_int(&q, trip->id);
    return db_run(&q, NULL, err);
}

enum rc store_trip_get(struct store *store, int64_t id, struct trip *ret, struct err *err)
{
    struct query q = db_query(store, SQL_TRIP_GET);
    bind_int(&q, id);
    enum rc rc = RC_NOTFOUND;
    if (db_step(&q, &rc, err) != STEP_ROW)
        return rc != RC_NOTFOUND
                   ? rc
                   : err_set(err, rc, "there is no trip T%lld: look for it with pps find",
                             (long long)id);
    row_trip(&q, 0, ret);
    db_end(&q);
    return RC_OK;
}

static enum rc trip_rows(struct query *q, struct trip_list *ret, struct err *err)
{
    struct trip_list list = {0};
    enum rc rc = RC_OK;
    while (db_step(q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        row_trip(q, 0, &list.v[list.n++]);
    }
    if (rc != RC_OK)
        trip_list_fini(&list);
    else
        *ret = list;
    return rc;
}

void trip_list_fini(struct trip_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        trip_fini(&list->v[i]);
    free(list->v);
    *list = (struct trip_list){0};
}

enum rc store_trips_of_client(struct store *store, int64_t client_id, struct trip_list *ret,
                              struct err *err)
{
    struct query q = db_query(store, SQL_TRIPS_OF_CLIENT);
    bind_int(&q, client_id);
    return trip_rows(&q, ret, err);
}

enum rc store_checklist_trips(struct store *store, const struct checklist_query *query,
                              struct trip_list *ret, struct err *err)
{
    struct query q = db_query(store, SQL_TRIPS_CHECKLIST);
    bind_day(&q, query->since);
    bind_id(&q, query->manager_id);
    bind_day(&q, query->from);
    /* Departures carry hours, so "until the 10th" is "before the 11th". */
    bind_day(&q, query->to == CIVIL_NONE || query->to == CIVIL_MAX ? CIVIL_NONE : query->to + 1);
    return trip_rows(&q, ret, err);
}

enum rc store_trip_file(struct store *store, int64_t trip_id, struct trip_file *ret,
                        struct err *err)
{
    struct trip_file f = {0};
    enum rc rc = store_trip_get(store, trip_id, &f.trip, err);
    if (rc == RC_OK)
        rc = store_client_get(store, f.trip.client_id, &f.client, err);
    if (rc == RC_OK && f.trip.manager_id != 0)
        rc = store_staff_get(store, f.trip.manager_id, &f.manager, err);
    if (rc == RC_OK)
        rc = store_playbook_get(store, f.trip.playbook_version, &f.playbook, err);
    if (rc == RC_OK)
        rc = store_actions_of_trip(store, trip_id, &f.actions, err);
    if (rc != RC_OK)
        trip_file_fini(&f);
    else
        *ret = f;
    return rc;
}

void trip_file_fini(struct trip_file *f)
{
    trip_fini(&f->trip);
    client_fini(&f->client);
    staff_fini(&f->manager);
    playbook_fini(&f->playbook);
    actions_fini(&f->actions);
}
