/* What all occasions have in common, whatever they are about: how one begins, how it ends, and that everything else about
 * its client is planned anew then. Serves the use cases that sell, lose, hear and greet. */
#include <stdlib.h>

#include <pps/store_lost.h>
#include <pps/str.h>

#include "internal.h"

enum rc occasion_begin(const struct desk *desk, struct occasion *o, const char *verb,
                       const char *detail, struct err *err)
{
    enum rc rc = planning_current_playbook(desk, &o->playbook_version, err);
    if (rc == RC_OK)
        rc = store_occasion_add(desk->store, o, &o->id, err);
    return rc == RC_OK ? audit(desk, verb, o->client_id, o->id, 0, detail, err) : rc;
}

enum rc occasion_end(const struct desk *desk, struct occasion *o, const char *reason,
                     const char *why, int *ret_stopped, struct err *err)
{
    o->ended = true;
    free(o->end_reason);
    o->end_reason = xstrdup(reason);
    enum rc rc = store_occasion_update(desk->store, o, err);
    if (rc == RC_OK)
        rc = store_actions_end(desk->store, o->id, why, desk_now(desk), ret_stopped, err);
    /* A call that was to be made for others, too, is theirs now. */
    return rc == RC_OK && o->kind == KIND_TRIP ? calls_settle_of(desk, o->client_id, err) : rc;
}

enum rc occasion_revive(const struct desk *desk, struct occasion *o, struct err *err)
{
    o->ended = false;
    free(o->end_reason);
    o->end_reason = NULL;
    return store_occasion_update(desk->store, o, err);
}

enum rc say_ended(const struct occasion *o, struct err *err)
{
    char id[ID_TEXT_BYTES];
    occasion_id_format(o->kind, o->id, id);
    if (o->kind == KIND_FEEDBACK || o->kind == KIND_COMPLAINT ||
        (o->kind == KIND_LOST && str_eq(o->end_reason, LOST_BY_MISTAKE)))
        return err_set(err, RC_REJECTED, "%s was taken back: enter it once more", id);
    if (o->kind == KIND_GREETING)
        return err_set(err, RC_REJECTED, "%s is over: nothing of it can be changed any more", id);
    return err_set(err, RC_REJECTED, "%s is %s: pps undo %s brings it back first", id,
                   o->kind == KIND_TRIP ? "cancelled" : "over", id);
}
