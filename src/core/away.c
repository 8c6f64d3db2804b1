/* What is not sent while the client travels. Nobody on a beach wants to hear that they could come again, or what we did wrong
 * when they bought elsewhere: such a step waits for the day after the return. Pure. Serves the planner (timeline.c). */
#include <stdlib.h>

#include <pps/str.h>

#include "plan.h"

/* When they come back may be unknown: of those who went with somebody else. */
static void add_journey(const struct occasion *o, struct plan_span *spans, size_t *n)
{
    civil_day from = o->when[ANCHOR_DEPARTURE].day, to = o->when[ANCHOR_RETURN].day;
    if (from != CIVIL_NONE)
        spans[(*n)++] = (struct plan_span){from, to == CIVIL_NONE ? from : to};
}

size_t plan_away(const struct occasion *here, const struct occasion *all, size_t n_all,
                 struct plan_span *ret)
{
    size_t n = 0;
    if (here->kind == KIND_LOST)
        add_journey(here, ret, &n);
    for (size_t i = 0; i < n_all; i++) {
        const struct occasion *o = &all[i];
        if (o->kind == KIND_TRIP && !o->ended && o->id != here->id)
            add_journey(o, ret, &n);
    }
    return n;
}

static const struct plan_span *span_on(const struct plan_span *away, size_t n, civil_day day)
{
    for (size_t i = 0; i < n; i++) {
        if (away[i].from <= day && day <= away[i].to)
            return &away[i];
    }
    return NULL;
}

/* The journey that goes on then, or, when another one begins before it has ended, the last of them. */
static const struct plan_span *last_of(const struct plan_span *away, size_t n, civil_day day)
{
    const struct plan_span *last = NULL, *span;
    while ((span = span_on(away, n, day)) != NULL) { /* each turn ends on a later day */
        last = span;
        if (span->to >= CIVIL_MAX)
            break;
        day = span->to + 1;
    }
    return last;
}

civil_day plan_home_from(const struct plan_span *away, size_t n, civil_day day)
{
    const struct plan_span *last = last_of(away, n, day);
    return last == NULL ? day : last->to >= CIVIL_MAX ? CIVIL_MAX : last->to + 1;
}

const struct plan_span *plan_journey_on(const struct plan_input *in, const struct step *step,
                                        civil_day day)
{
    return step->waits_travelling ? last_of(in->away, in->n_away, day) : NULL;
}

char *plan_journey_words(const struct plan_span *span)
{
    char from[CIVIL_TEXT_BYTES], to[CIVIL_TEXT_BYTES];
    civil_format_people(span->from, from);
    civil_format_people(span->to, to);
    return xasprintf("when they are back: they travel %s - %s", from, to);
}
