/* What the parts of one run share: telling what happened, and whether it is time to end. */
#include <stdlib.h>

#include <pps/str.h>

#include "internal.h"

void run_report(struct run *r, enum tick_outcome outcome, const struct action *action,
                const char *reason)
{
    r->summary->counts[outcome]++;
    if (r->d->on_event != NULL) {
        struct tick_event event = {outcome, action, str_or(reason, ""), 0};
        r->d->on_event(r->d->event_ctx, &event);
    }
}

enum rc run_goes_on(struct run *r, enum rc rc, int64_t action_id, const struct err *err)
{
    struct action a;
    struct err none;
    char id[ID_TEXT_BYTES], of[ID_TEXT_BYTES];
    if (!ledger_others_go_on(&r->ledger, rc))
        return rc;
    id_format('A', action_id, id);
    if (store_action_get(r->d->store, action_id, &a, &none) != RC_OK)
        return troubles_note(&r->summary->stuck, rc, id, err);
    occasion_id_format(a.kind, a.occasion_id, of);
    char *whose = xasprintf("%s %s of %s", id, a.step, of);
    rc = troubles_note(&r->summary->stuck, rc, whose, err);
    free(whose);
    action_fini(&a);
    return rc;
}

bool run_stopping(struct run *r)
{
    if (!r->summary->stopped && r->d->stopping != NULL)
        r->summary->stopped = r->d->stopping(r->d->stopping_ctx);
    return r->summary->stopped;
}

bool run_out_of_time(struct run *r)
{
    int64_t limit = (int64_t)r->d->max_runtime_sec * 1000;
    if (limit > 0 && clock_ticking_ms() - r->started_ms >= limit)
        r->summary->out_of_time = true;
    return r->summary->out_of_time;
}
