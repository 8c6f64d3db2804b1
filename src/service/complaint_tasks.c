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

/* What the complaint lacks as long as the task is open; FACT_COUNT: `pps done` closes it. */
static enum fact lacks(const struct case_file *f)
{
    const struct step *step = f->step;
    if (f->occasion.kind != KIND_COMPLAINT || f->action.channel != CHANNEL_TASK || step == NULL)
        return FACT_COUNT;
    if ((step->unless & FACT_BIT(FACT_ASSIGNED)) != 0)
        return FACT_ASSIGNED;
    if ((step->unless & FACT_BIT(FACT_PROMISED)) != 0)
        return FACT_PROMISED;
    bool answers = step->at.anchor == ANCHOR_PROMISED && step->at.days >= 0;
    return answers && (step->unless & FACT_BIT(FACT_SOLVED)) != 0 ? FACT_SOLVED : FACT_COUNT;
}

/* New string; NULL: `pps done` closes it. */
static char *command_of(const struct case_file *f)
{
    enum fact lacking = lacks(f);
    long long id = (long long)f->occasion.id;
    if (lacking == FACT_COUNT)
        return NULL;
    return lacking == FACT_ASSIGNED   ? xasprintf("pps complaint assign P%lld LOGIN", id)
           : lacking == FACT_PROMISED ? xasprintf("pps complaint plan P%lld --promise DATE", id)
                                      : xasprintf("pps complaint resolve P%lld --cause … --outcome … "
                                                  "--actions …",
                                                  id);
}

char *complaint_overdue_words(const struct case_file *f, civil_day today)
{
    enum fact lacking = lacks(f);
    long long id = (long long)f->occasion.id;
    char day[CIVIL_TEXT_BYTES];
    if (lacking == FACT_COUNT || f->action.state != STATE_PENDING || f->action.local_due.day >= today)
        return NULL;
    if (lacking == FACT_ASSIGNED)
        return xasprintf("nobody is responsible: pps complaint assign P%lld LOGIN", id);
    if (lacking == FACT_PROMISED)
        return xasprintf("no day is promised: pps complaint plan P%lld --promise DATE", id);
    civil_format_people(f->occasion.when[ANCHOR_PROMISED].day, day);
    return xasprintf("promised %s, not solved: pps complaint resolve P%lld …", day, id);
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
    for (size_t i = 0; i < file.playbook->n_steps; i++)
        *ret = *ret || asks_for_day(&file.playbook->steps[i]);
    for (size_t i = 0; i < file.actions.n; i++) {
        const struct action *a = &file.actions.v[i];
        if (a->state == STATE_SKIPPED && asks_for_day(playbook_step(file.playbook, a->step)))
            *ret = false;
    }
    occasion_file_fini(&file);
    return RC_OK;
}
