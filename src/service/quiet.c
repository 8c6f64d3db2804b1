/* Of whom nothing was heard for long: who may be forgotten, and who stays although it is as long ago, because something is
 * still open with them. Serves pps purge. */
#include <stdlib.h>

#include <pps/forgetting.h>
#include <pps/str.h>

#include "internal.h"

void quiet_list_fini(struct quiet_list *list)
{
    free(list->v);
    *list = (struct quiet_list){0};
}

struct looking {
    const struct desk *desk;
    civil_day before;
    struct quiet_list list;
    size_t cap;
};

static void look(void *ctx, const struct trace *t)
{
    struct looking *l = ctx;
    civil_day day = t->at != 0 ? zone_to_local(l->desk->zone, t->at).day : CIVIL_NONE;
    bool by_day = t->day != CIVIL_NONE && (day == CIVIL_NONE || t->day >= day);
    struct quiet_client c = {.client_id = t->client_id,
                             .last = by_day ? t->day : day,
                             .what = by_day ? t->day_kind : t->at_kind};
    if (c.last >= l->before)
        return;
    vec_reserve(&l->list.v, l->list.n, &l->cap, sizeof *l->list.v);
    l->list.v[l->list.n++] = c;
}

/* Both lists are by client. */
static void mark_loose(struct quiet_list *list, const struct loose_ends *ends)
{
    size_t e = 0;
    for (size_t i = 0; i < list->n; i++) {
        struct quiet_client *c = &list->v[i];
        while (e < ends->n && ends->v[e].client_id < c->client_id)
            e++;
        if (e < ends->n && ends->v[e].client_id == c->client_id)
            c->loose = ends->v[e];
    }
}

static enum rc last_entry(const struct desk *desk, int64_t *ret, struct err *err)
{
    struct audit_list last;
    struct audit_query query = {.limit = 1};
    enum rc rc = store_audit_list(desk->store, &query, &last, err);
    if (rc != RC_OK)
        return rc;
    *ret = last.n > 0 ? last.v[0].id : 0;
    audit_list_fini(&last);
    return RC_OK;
}

enum rc service_quiet(const struct desk *desk, civil_day before, struct quiet_list *ret, struct err *err)
{
    struct looking l = {.desk = desk, .before = before};
    struct loose_ends ends = {0};
    enum rc rc = last_entry(desk, &l.list.known_entry, err); /* first: what comes while we look is heard of later */
    if (rc == RC_OK)
        rc = store_traces(desk->store, look, &l, err);
    if (rc == RC_OK)
        rc = store_loose_ends(desk->store, before, desk_today(desk), &ends, err);
    if (rc == RC_OK) {
        mark_loose(&l.list, &ends);
        *ret = l.list;
    } else {
        quiet_list_fini(&l.list);
    }
    loose_ends_fini(&ends);
    return rc;
}
