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

static enum rc undo_entry(const struct desk *desk, const struct audit_entry *entry, char **ret_what,
                        struct err *err)
{
    struct occasion occasion;
    enum rc rc = store_occasion_get(desk->store, entry->occasion_id, &occasion, err);
    if (rc != RC_OK)
        return rc;
    char id[ID_TEXT_BYTES];
    bool trip = occasion.kind == KIND_TRIP;
    occasion_id_format(occasion.kind, occasion.id, id);
    if (!occasion.ended)
        rc = err_set(err, RC_REJECTED, "%s is not %s", id, trip ? "cancelled" : "over");
    if (rc == RC_OK && occasion.kind == KIND_LOST)
        rc = lost_reopen(desk, &occasion, err);
    if (rc == RC_OK)
        rc = occasion_revive(desk, &occasion, err);
    if (rc == RC_OK)
        rc = planning_of_occasion(desk, occasion.id, NULL, NULL, err);
    if (rc == RC_OK)
        rc = planning_of_all(desk, occasion.client_id, err);
    if (rc == RC_OK)
        *ret_what = xasprintf("%s %s again: what is still ahead was planned anew", id,
                              trip ? "is a trip" : "goes on");
    occasion_fini(&occasion);
    return rc;
}

const struct undoer undo_of_ends = {.takes = takes, .undo = undo_entry};
