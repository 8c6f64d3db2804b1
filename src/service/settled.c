/* What a complaint means for everything else that is planned for its client. While it is open nothing is sold to them; that
 * it is called solved is not the end of it, for a week later they are asked whether it really is: until then it all goes on
 * waiting. And whoever was told no is not asked to praise that trip. Serves circumstances.c, and the part of a tick that
 * looks whose waiting is over. */
#include <pps/complaint.h>
#include <pps/store_complaint.h>
#include <pps/str.h>

#include "around.h"
#include "heard.h"
#include "time.h"

static bool is_solved(const struct occasion *o)
{
    return o->kind == KIND_COMPLAINT && !o->ended && o->when[ANCHOR_RESOLVED].day != CIVIL_NONE;
}

/* The step that asks, some days after it was solved, whether it really is. */
static bool is_check(const struct step *step)
{
    return step != NULL && step->series == KIND_COMPLAINT && step->at.anchor == ANCHOR_RESOLVED &&
           step->at.days > 0;
}

static bool is_open(const struct action *a)
{
    return a->state == STATE_PENDING || a->state == STATE_CLAIMED || a->state == STATE_AT_RISK ||
           a->state == STATE_HELD;
}

bool service_asks_if_solved(const struct case_file *file)
{
    return is_solved(&file->occasion) && is_check(file->step);
}

const struct action *service_complaint_check(const struct occasion_file *file)
{
    for (size_t i = 0; i < file->actions.n && is_solved(&file->occasion); i++) {
        const struct action *a = &file->actions.v[i];
        if (is_open(a) && is_check(playbook_step(file->playbook, a->step)))
            return a;
    }
    return NULL;
}

/* Whether they are still to be asked. A call that nobody makes does not keep everything back for ever. */
static enum rc is_settling(const struct desk *desk, const struct occasion *o, bool *io,
                           struct err *err)
{
    struct occasion_file file;
    int64_t end = INT64_MAX;
    enum rc rc = store_occasion_file(desk->store, o->id, &file, err);
    if (rc != RC_OK)
        return rc;
    const struct action *check = service_complaint_check(&file);
    if (check != NULL)
        rc = planning_end_of(desk, check, &end, err);
    if (rc == RC_OK && check != NULL)
        *io = *io || desk_now(desk) < end;
    occasion_file_fini(&file);
    return rc;
}

static enum rc was_rejected(const struct desk *desk, const struct occasion *o, bool *io,
                            struct err *err)
{
    struct complaint c;
    enum rc rc = store_complaint_get(desk->store, o->id, &c, err);
    if (rc != RC_OK)
        return rc;
    *io = *io || str_eq(c.outcome, "rejected");
    complaint_fini(&c);
    return rc;
}

/* Complaints are planned before everything else, so that it is the same for all of that. */
static enum rc look_settling(const struct desk *desk, struct around *around, struct err *err)
{
    enum rc rc = RC_OK;
    around->settling = false;
    for (size_t i = 0; i < around->all.n && rc == RC_OK; i++) {
        if (is_solved(&around->all.v[i]))
            rc = is_settling(desk, &around->all.v[i], &around->settling, err);
    }
    around->knows_settling = rc == RC_OK;
    return rc;
}

enum rc complaints_settled(const struct desk *desk, const struct occasion *here,
                           struct around *around, struct plan_input *in, struct err *err)
{
    int64_t trip = here->kind == KIND_TRIP       ? here->id
                   : here->kind == KIND_FEEDBACK ? here->about_id
                                                 : 0;
    enum rc rc = RC_OK;
    if (here->kind == KIND_COMPLAINT)
        return RC_OK;
    if (!around->knows_settling)
        rc = look_settling(desk, around, err);
    in->settling = around->settling;
    for (size_t i = 0; i < around->all.n && rc == RC_OK && trip != 0; i++) {
        const struct occasion *o = &around->all.v[i];
        if (is_solved(o) && o->about_id == trip)
            rc = was_rejected(desk, o, &in->turned_down, err);
    }
    return rc;
}

/* ---- before a tick ---- */

static enum rc release_one(const struct desk *desk, int64_t client_id, struct err *err)
{
    struct occasion_list all;
    bool settling = false;
    enum rc rc = store_occasions_of_client(desk->store, client_id, &all, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < all.n && rc == RC_OK; i++) {
        if (is_solved(&all.v[i]))
            rc = is_settling(desk, &all.v[i], &settling, err);
    }
    occasion_list_fini(&all);
    return rc == RC_OK && !settling ? planning_of_client(desk, client_id, NULL, NULL, err) : rc;
}

/* Asked by a letter that went by itself, or not asked in all the time there was: nobody did anything, and yet it is over. */
enum rc complaints_release(const struct desk *desk, struct err *err)
{
    struct id_list clients;
    enum rc rc = store_list_settled(desk->store, desk_today(desk), &clients, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < clients.n && rc == RC_OK; i++) {
        rc = store_begin(desk->store, err);
        if (rc == RC_OK)
            rc = store_finish(desk->store, release_one(desk, clients.v[i], err), err);
        rc = client_goes_on(desk, rc, clients.v[i], err);
    }
    id_list_fini(&clients);
    return rc;
}
