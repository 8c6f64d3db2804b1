/* Tasks of a complaint that a tick alone does not close: somebody is responsible when it is assigned, a day is promised when
 * it is entered, and the client has an answer when it is resolved. Ticked off without that, they would be gone from every list
 * and the complaint with them. Serves done, skip and the list of the day. */
#include <stdlib.h>

#include <pps/complaint.h>
#include <pps/str.h>

#include "heard.h"

static bool asks_for_day(const struct step *step)
{
    return step != NULL && step->series == KIND_COMPLAINT && step->channel == CHANNEL_TASK &&
           (step->unless & FACT_BIT(FACT_PROMISED)) != 0;
}

/* New string; NULL: `pps done` closes it. */
static char *command_of(const struct case_file *f)
{
    const struct step *step = f->step;
    long long id = (long long)f->occasion.id;
    if (f->occasion.kind != KIND_COMPLAINT || f->action.channel != CHANNEL_TASK || step == NULL)
        return NULL;
    if ((step->unless & FACT_BIT(FACT_ASSIGNED)) != 0)
        return xasprintf("pps complaint assign P%lld LOGIN", id);
    if ((step->unless & FACT_BIT(FACT_PROMISED)) != 0)
        return xasprintf("pps complaint plan P%lld --promise DATE", id);
    bool answers = step->at.anchor == ANCHOR_PROMISED && step->at.days >= 0;
    if (answers && (step->unless & FACT_BIT(FACT_SOLVED)) != 0)
        return xasprintf("pps complaint resolve P%lld --cause … --outcome … --actions …", id);
    return NULL;
}

enum rc complaint_refuse_tick(const struct case_file *f, struct err *err)
{
    long long id = (long long)f->action.id;
    char *command = command_of(f);
    if (command == NULL)
        return RC_OK;
    enum rc rc = err_set(err, RC_REJECTED,
                         "A%lld is not done by a tick: %s does it (pps skip A%lld --note … if it "
                         "is not to be done)",
                         id, command, id);
    free(command);
    return rc;
}

enum rc complaint_refuse_skip(const struct case_file *f, struct err *err)
{
    long long id = (long long)f->action.id;
    char *command = command_of(f);
    if (command == NULL)
        return RC_OK;
    enum rc rc = err_set(err, RC_USAGE, "say why: pps skip A%lld --note …; or %s", id, command);
    free(command);
    return rc;
}

enum rc service_complaint_command(const struct desk *desk, int64_t action_id, char **ret,
                                  struct err *err)
{
    struct case_file f;
    char id[ID_TEXT_BYTES];
    id_format('A', action_id, id);
    enum rc rc = case_open(desk, id, &f, err);
    if (rc != RC_OK)
        return rc;
    *ret = command_of(&f);
    case_fini(&f);
    return RC_OK;
}

enum rc complaint_asks_day(const struct desk *desk, int64_t occasion_id, bool *ret, struct err *err)
{
    struct occasion_file file;
    enum rc rc = store_occasion_file(desk->store, occasion_id, &file, err);
    if (rc != RC_OK)
        return rc;
    *ret = false;
    for (size_t i = 0; i < file.playbook.n_steps; i++)
        *ret = *ret || asks_for_day(&file.playbook.steps[i]);
    for (size_t i = 0; i < file.actions.n; i++) {
        const struct action *a = &file.actions.v[i];
        if (a->state == STATE_SKIPPED && asks_for_day(playbook_step(&file.playbook, a->step)))
            *ret = false;
    }
    occasion_file_fini(&file);
    return RC_OK;
}
