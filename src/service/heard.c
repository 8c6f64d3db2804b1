/* What the planner has to know of what clients told us, beyond the answer about the trip itself: a client who was not happy
 * with one trip is not sold to by the letters of another. Decides nothing. Serves circumstances.c. */
#include <pps/str.h>

#include "around.h"
#include "heard.h"

unsigned facts_of_work(const struct occasion_file *file)
{
    unsigned facts = 0;
    if (file->occasion.when[ANCHOR_PROMISED].day != CIVIL_NONE)
        facts |= FACT_BIT(FACT_PROMISED);
    if (file->manager.id != 0 && file->manager.active)
        facts |= FACT_BIT(FACT_ASSIGNED);
    return facts;
}

/* The day on which the client last bought: for a trip its own purchase, for anything else that of their last trip. */
static civil_day last_bought(const struct occasion *o, const struct occasion_list *all)
{
    civil_day last = o->when[ANCHOR_PURCHASE].day;
    for (size_t i = 0; i < all->n && o->kind != KIND_TRIP; i++) {
        civil_day bought = all->v[i].when[ANCHOR_PURCHASE].day;
        if (all->v[i].kind == KIND_TRIP && !all->v[i].ended && bought > last)
            last = bought;
    }
    return last;
}

static bool may_go_by_email(const struct step *step)
{
    for (size_t i = 0; i < step->n_otherwise; i++) {
        if (step->otherwise[i] == CHANNEL_EMAIL)
            return true;
    }
    return false;
}

/* The row of a step went out as a letter. */
static bool went_by_email(const struct actions *all, const char *step)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct action *a = &all->v[i];
        if (str_eq(a->step, step) && a->state == STATE_SENT && a->channel == CHANNEL_EMAIL)
            return true;
    }
    return false;
}

void facts_of_asking(const struct occasion_file *file, bool has_phone, unsigned *io)
{
    const struct playbook *playbook = file->playbook;
    for (size_t i = 0; i < playbook->n_steps && (*io & FACT_BIT(FACT_UNHAPPY)) != 0; i++) {
        const struct step *step = &playbook->steps[i];
        bool asks = step->series == file->occasion.kind && step->channel == CHANNEL_CALL &&
                    (step->only_if & FACT_BIT(FACT_UNHAPPY)) != 0;
        bool in_writing = !has_phone && file->client.email != NULL && may_go_by_email(step);
        if (asks && (in_writing || went_by_email(&file->actions, step->key)))
            *io |= FACT_BIT(FACT_ASKED_IN_WRITING);
    }
}

/* Whoever buys again after a bad answer begins anew. */
void facts_of_later_feedback(const struct occasion *o, const struct around *around, unsigned *io)
{
    const struct feedback *last = &around->last;
    if (!around->has_answered || !feedback_is_unhappy(last))
        return;
    if (o->kind == KIND_FEEDBACK) { /* it goes by its own answer; but who is not happy now is asked for nothing */
        if (last->occasion_id != o->id)
            *io &= ~FACT_BIT(FACT_PROMOTER);
    } else if (around->answered.day >= last_bought(o, &around->all)) {
        *io = (*io | FACT_BIT(FACT_UNHAPPY)) & ~FACT_BIT(FACT_PROMOTER);
    }
}
