/* What all that is planned for one client goes by: their other occasions, what they have had, what they answered last, which
 * lost sales are not over. Read once for a round of planning, and kept true while one after the other is planned. Serves
 * planning.c and circumstances.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/lost.h>
#include <pps/store_feedback.h>
#include <pps/store_lost.h>
#include <pps/str.h>

#include "around.h"

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

enum rc around_lasting(const struct desk *desk, int64_t client_id, struct id_list *ret,
                       struct err *err)
{
    int64_t since = desk_now(desk) - (int64_t)LOST_ANSWER_DAYS * 86400;
    return store_lost_lasting(desk->store, client_id, since, ret, err);
}

static enum rc read_lasting(const struct desk *desk, struct around *a, struct err *err)
{
    id_list_fini(&a->lasting);
    return around_lasting(desk, a->client_id, &a->lasting, err);
}

static enum rc read_had(const struct desk *desk, struct around *a, struct err *err)
{
    had_list_fini(&a->had);
    return store_steps_had(desk->store, a->client_id, 0, &a->had, err);
}

enum rc around_read(const struct desk *desk, int64_t client_id, struct around *ret, struct err *err)
{
    struct around a = {.client_id = client_id};
    enum rc rc = store_occasions_of_client(desk->store, client_id, &a.all, err);
    if (rc == RC_OK)
        rc = read_had(desk, &a, err);
    if (rc == RC_OK)
        rc = read_lasting(desk, &a, err);
    if (rc == RC_OK) {
        rc = store_feedback_last_of_client(desk->store, client_id, &a.last, &a.answered, err);
        a.has_answered = rc == RC_OK;
        rc = rc == RC_NOTFOUND ? RC_OK : rc;
    }
    if (rc == RC_OK)
        *ret = a;
    else
        around_fini(&a);
    return rc;
}

void around_fini(struct around *a)
{
    occasion_list_fini(&a->all);
    had_list_fini(&a->had);
    id_list_fini(&a->lasting);
    feedback_fini(&a->last);
    *a = (struct around){0};
}

/* Puts what is had of one occasion now into the place of what was. */
static void replace_had(struct around *a, int64_t occasion_id, struct had_list *now)
{
    size_t cap = a->had.n + now->n, i = 0;
    struct had_list all = {.v = xcalloc(cap, sizeof *all.v), .cap = cap};
    for (; i < a->had.n && a->had.v[i].occasion_id < occasion_id; i++)
        all.v[all.n++] = a->had.v[i];
    for (size_t k = 0; k < now->n; k++)
        all.v[all.n++] = now->v[k];
    for (; i < a->had.n && a->had.v[i].occasion_id == occasion_id; i++)
        free(a->had.v[i].step);
    for (; i < a->had.n; i++)
        all.v[all.n++] = a->had.v[i];
    free(a->had.v);
    free(now->v);
    a->had = all;
    *now = (struct had_list){0};
}

/* The calls of a trip may be made for other trips as well, or not any more: then those have changed, too. */
enum rc around_planned(const struct desk *desk, struct around *a, const struct occasion *o,
                       struct err *err)
{
    struct had_list now;
    if (o->kind == KIND_TRIP)
        return read_had(desk, a, err);
    enum rc rc = store_steps_had(desk->store, a->client_id, o->id, &now, err);
    if (rc != RC_OK)
        return rc;
    replace_had(a, o->id, &now);
    if (o->kind == KIND_COMPLAINT)
        a->knows_settling = false;
    return o->kind == KIND_LOST ? read_lasting(desk, a, err) : RC_OK;
}

void around_order(const struct around *a, struct id_list *ret)
{
    struct id_list ids = {0};
    for (int complaints = 1; complaints >= 0; complaints--) {
        size_t first = ids.n;
        for (size_t i = 0; i < a->all.n; i++) {
            const struct occasion *o = &a->all.v[i];
            if (o->ended || (o->kind == KIND_COMPLAINT) != complaints)
                continue;
            vec_reserve(&ids.v, ids.n, &ids.cap, sizeof *ids.v);
            ids.v[ids.n++] = o->id;
        }
        if (ids.n > first)
            qsort(ids.v + first, ids.n - first, sizeof *ids.v, by_number);
    }
    *ret = ids;
}
