/* Letters after a lost sale that were left out because of who would have signed, sent or answered them, and other marketing
 * that waits for the same reason. Somebody gives the role, or an address, to another person, or the series is over, and they
 * may go after all: every tick looks, for a pps.json that was edited, and days that pass, tell nobody. Serves
 * before_tick.c. */
#include <stdlib.h>

#include <pps/str.h>

#include "lost.h"

enum {
    LOOK_BACK_SEC = 30 * 86400,               /* older ones are too late anyway, */
    LOOK_AHEAD_SEC = LOST_SERIES_DAYS * 86400 /* and next season's have time */
};

static enum rc may_be_signed(const struct desk *desk, const struct occasion *o, enum role role,
                             bool *ret, struct err *err)
{
    struct staff signer;
    bool refused = true;
    enum rc rc = signer_of(desk, o, role, &signer, err);
    if (rc == RC_OK)
        rc = may_not_sign(desk, o, signer.id ? &signer : NULL, &refused, err);
    staff_fini(&signer);
    *ret = rc == RC_OK && !refused;
    return rc;
}

/* Whether one of those that were left out would be planned now. */
static enum rc is_mended(const struct desk *desk, const struct occasion_file *f, bool *ret,
                         struct err *err)
{
    enum rc rc = RC_OK;
    *ret = false;
    for (size_t i = 0; i < f->actions.n && rc == RC_OK && !*ret; i++) {
        const struct action *a = &f->actions.v[i];
        const struct step *step = playbook_step(f->playbook, a->step);
        bool left_out = (a->state == STATE_CANCELLED && a->cause == CAUSE_SIGNER) ||
                        (a->state == STATE_HELD && a->cause == CAUSE_LOST_SALE);
        if (left_out && step != NULL)
            rc = may_be_signed(desk, &f->occasion, step->signed_by, ret, err);
    }
    return rc;
}

static enum rc sign_one(const struct desk *desk, int64_t occasion_id, struct err *err)
{
    struct occasion_file file;
    bool mended;
    enum rc rc = store_occasion_file(desk->store, occasion_id, &file, err);
    if (rc != RC_OK)
        return rc;
    rc = is_mended(desk, &file, &mended, err);
    if (rc == RC_OK && mended)
        rc = store_begin(desk->store, err);
    if (rc == RC_OK && mended)
        rc = store_finish(desk->store, planning_of_occasion(desk, occasion_id, NULL, NULL, err),
                          err);
    occasion_file_fini(&file);
    return rc;
}

enum rc lost_sign_again(const struct desk *desk, struct err *err)
{
    struct id_list list;
    enum rc rc = store_lost_unsigned(desk->store, desk_now(desk) - LOOK_BACK_SEC,
                                     desk_now(desk) + LOOK_AHEAD_SEC, &list, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < list.n && rc == RC_OK; i++) {
        rc = sign_one(desk, list.v[i], err);
        rc = occasion_goes_on(desk, rc, list.v[i], err);
    }
    id_list_fini(&list);
    return rc;
}
