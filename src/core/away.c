/* What is not sent while the client travels. Nobody on a beach wants to hear that they could come again, or what we did wrong
 * when they bought elsewhere: such a step waits for the day after the return. Pure. Serves the planner (timeline.c). */
#include <stdlib.h>

#include <pps/str.h>

#include "plan.h"

static const struct plan_span *span_on(const struct plan_input *in, civil_day day)
{
    for (size_t i = 0; i < in->n_away; i++) {
        if (in->away[i].from <= day && day <= in->away[i].to)
            return &in->away[i];
    }
    return NULL;
}

const struct plan_span *plan_journey_on(const struct plan_input *in, const struct step *step,
                                        civil_day day)
{
    const struct plan_span *last = NULL, *span;
    if (!step->waits_travelling)
        return NULL;
    /* One journey may begin before the other has ended; each turn ends on a later day. */
    while ((span = span_on(in, day)) != NULL) {
        last = span;
        if (span->to >= CIVIL_MAX)
            break;
        day = span->to + 1;
    }
    return last;
}

char *plan_journey_words(const struct plan_span *span)
{
    char from[CIVIL_TEXT_BYTES], to[CIVIL_TEXT_BYTES];
    civil_format_people(span->from, from);
    civil_format_people(span->to, to);
    return xasprintf("when they are back: they travel %s - %s", from, to);
}
