/* Taking back the end of an occasion: a trip is a trip again, and what is still ahead of it is planned anew. Serves
 * undo.c. */
#include <stdlib.h>

#include <pps/str.h>

#include "lost.h"
#include "undo.h"

static bool takes(const char *verb)
{
    return str_eq(verb, "cancel-trip") || is_lost_verb(verb);
}

/* Whoever travels after all is not asked back: what was entered as lost since then has ended, as with a sale. */
static enum rc revive(const struct desk *desk, struct occasion *o, struct id_list *ret_won,
                      struct err *err)
{
    bool travels = o->kind == KIND_TRIP && o->when[ANCHOR_RETURN].day >= desk_today(desk);
    enum rc rc = o->kind != KIND_TRIP ? lost_reopen(desk, o, err)
                 : travels            ? lost_win_back(desk, o->client_id, ret_won, err)
                                      : RC_OK;
    if (rc == RC_OK)
        rc = occasion_revive(desk, o, err);
    return rc == RC_OK && travels ? lost_note_trip(desk, ret_won, o->id, err) : rc;
}

static char *words_of(const char *id, bool trip, const struct id_list *won)
{
    struct sb sb = {0};
    sb_addf(&sb, "%s %s again: what is still ahead was planned anew", id,
            trip ? "is a trip" : "goes on");
    for (size_t i = 0; i < won->n; i++)
        sb_addf(&sb, "%s L%lld", i == 0 ? "; they came back, which ends" : ",",
                (long long)won->v[i]);
    return sb_take(&sb);
}

static enum rc undo_entry(const struct desk *desk, const struct audit_entry *entry, char **ret_what,
                          struct err *err)
{
    struct occasion occasion;
    struct id_list won = {0};
    enum rc rc = store_occasion_get(desk->store, entry->occasion_id, &occasion, err);
    if (rc != RC_OK)
        return rc;
    char id[ID_TEXT_BYTES];
    bool trip = occasion.kind == KIND_TRIP;
    occasion_id_format(occasion.kind, occasion.id, id);
    if (!occasion.ended)
        rc = err_set(err, RC_REJECTED, "%s is not %s", id, trip ? "cancelled" : "over");
    if (rc == RC_OK)
        rc = revive(desk, &occasion, &won, err);
    if (rc == RC_OK)
        rc = planning_of_occasion(desk, occasion.id, NULL, NULL, err);
    if (rc == RC_OK)
        rc = planning_of_all(desk, occasion.client_id, err);
    if (rc == RC_OK)
        *ret_what = words_of(id, trip, &won);
    id_list_fini(&won);
    occasion_fini(&occasion);
    return rc;
}

const struct undoer undo_of_ends = {.takes = takes, .undo = undo_entry};
