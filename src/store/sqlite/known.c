/* All that is known of a client and of what an occasion is about, read in one go, so that whoever writes to a client and
 * whoever looks at the card see the same; and what they have had, as the planner asks for it. Serves the delivery engine
 * for letters, the services for scripts and plans, and the card. */
#include <stdlib.h>

#include <pps/store_lost.h>
#include <pps/store_things.h>
#include <pps/str.h>

#include "db.h"

void had_list_fini(struct had_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->v[i].step);
    free(list->v);
    *list = (struct had_list){0};
}

enum rc store_steps_had(struct store *store, int64_t client_id, int64_t occasion_id,
                        struct had_list *ret, struct err *err)
{
    struct had_list list = {0};
    struct query q = db_query(store, occasion_id == 0 ? SQL_STEPS_HAD : SQL_STEPS_HAD_OF);
    bind_int(&q, occasion_id == 0 ? client_id : occasion_id);
    enum rc rc = RC_OK;
    while (db_step(&q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        struct plan_had had = {.step = col_text(&q, 0),
                               .at = col_int(&q, 1),
                               .ahead = col_int(&q, 2) != 0,
                               .occasion_id = col_int(&q, 4)};
        char *kind = col_text(&q, 3);
        (void)kind_from_name(kind, &had.kind);
        free(kind);
        list.v[list.n++] = had;
    }
    if (rc != RC_OK)
        had_list_fini(&list);
    else
        *ret = list;
    return rc;
}

/* ---- what an occasion is about ---- */

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
    case KIND_FEEDBACK:
        return store_feedback_about(store, o, &d->feedback, err);
    case KIND_COMPLAINT:
        return store_complaint_get(store, o->id, &d->complaint, err);
    case KIND_LOST:
        return lost_details(store, o->id, d, err);
    default:
        return RC_OK;
    }
}

static enum rc read_about(struct store *store, const struct occasion *o, struct details *d,
                          struct err *err)
{
    int64_t trip = o->kind == KIND_TRIP ? o->id : o->about_id;
    struct err none = {0};
    enum rc rc = own_details(store, o, d, &none);
    if (rc == RC_NOTFOUND) /* nobody has said anything */
        rc = RC_OK;
    if (rc == RC_OK && trip != 0)
        rc = store_occasion_get(store, trip, &d->trip, &none);
    return rc == RC_OK ? rc : err_set(err, rc, "%s", none.message);
}

/* ---- all of it ---- */

/* Which of the client's trips it is about, and whether a complaint of theirs is open. */
static enum rc read_occasions(struct store *store, int64_t client_id, int64_t trip_id,
                              struct known *k, struct err *err)
{
    struct occasion_list all;
    enum rc rc = store_occasions_of_client(store, client_id, &all, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < all.n; i++) {
        const struct occasion *o = &all.v[i];
        if (o->kind == KIND_TRIP && o->id == trip_id)
            k->trip_number = trips_before(all.v, all.n, o) + 1;
        if (o->kind == KIND_COMPLAINT && !o->ended && o->when[ANCHOR_RESOLVED].day == CIVIL_NONE)
            k->complaint_open = true;
    }
    occasion_list_fini(&all);
    return RC_OK;
}

static enum rc read_answer(struct store *store, const struct occasion *about, struct known *k,
                           struct err *err)
{
    struct feedback f;
    enum rc rc = store_feedback_about(store, about, &f, err);
    if (rc != RC_OK)
        return rc == RC_NOTFOUND ? RC_OK : rc;
    k->rated = true;
    k->unhappy = feedback_is_unhappy(&f);
    k->promoter = feedback_is_promoter(&f);
    feedback_fini(&f);
    return RC_OK;
}

enum rc store_known(struct store *store, int64_t client_id, const struct occasion *about,
                    struct known *ret, struct err *err)
{
    struct known k = {0};
    int64_t trip_id = 0;
    if (about != NULL)
        trip_id = about->kind == KIND_TRIP ? about->id : about->about_id;
    enum rc rc = store_client_facts(store, client_id, &k.facts, err);
    if (rc == RC_OK)
        rc = store_client_marks(store, client_id, &k.marks, err);
    if (rc == RC_OK)
        rc = store_things_of_client(store, client_id, &k.things, err);
    if (rc == RC_OK)
        rc = read_occasions(store, client_id, trip_id, &k, err);
    if (rc == RC_OK && about != NULL)
        rc = read_answer(store, about, &k, err);
    if (rc == RC_OK && about != NULL)
        rc = read_about(store, about, &k.about, err);
    if (rc != RC_OK)
        known_fini(&k);
    else
        *ret = k;
    return rc;
}
