/* One person gets one call: five travellers with one number are rung once about their flight, and whoever is called speaks
 * for all. Which of several calls is made, and which of them it is made for. What somebody has tried or put off already
 * stays a call of its own, who did not want to be called has spoken for nobody who came later, and nobody's message is given
 * up for a call that may come later than it. Pure. Serves the planning of calls (service/onecall.c). */
#include <pps/calls.h>
#include <pps/str.h>

/* Until the call is ticked off, the message of its cut-off goes for both. About the same flight it says the same; about
 * another one it must not come later. */
static bool keeps_message(const struct call_row *call, const struct call_row *mine)
{
    if (mine->cut_off == 0)
        return true;
    return call->cut_off != 0 && (str_eq(call->trip, mine->trip) || call->cut_off <= mine->cut_off);
}

static bool same_day(const struct call_row *call, const struct call_row *mine, civil_day today)
{
    bool linked = mine->joined == call->id;
    if (call->day == mine->day || (linked && call->put_off))
        return true;
    /* Both stand on the list of today, and are about the same day. */
    return call->day <= today && mine->day <= today && call->anchor == mine->anchor;
}

/* Whether `call` is made for `mine` as well. */
static bool covers(const struct call_row *call, const struct call_row *mine, civil_day today)
{
    if (call == mine || !str_eq(call->step, mine->step))
        return false;
    if (call->over || call->refused) /* it was made for those who were there then */
        return mine->joined == call->id;
    return call->wrong == mine->wrong && same_day(call, mine, today) && keeps_message(call, mine);
}

/* What was made for it so far, then what was tried already, then the oldest. */
static int rank(const struct call_row *call, const struct call_row *mine)
{
    return mine->joined == call->id ? 2 : call->tried ? 1 : 0;
}

void calls_join(struct call_row *rows, size_t n, civil_day today)
{
    for (size_t i = 0; i < n; i++) {
        struct call_row *mine = &rows[i];
        const struct call_row *best = NULL;
        mine->into = 0;
        bool own = mine->over || mine->tried || mine->refused;
        for (size_t j = 0; j < n && !own; j++) {
            const struct call_row *call = &rows[j];
            bool stands = call->over || call->tried || call->refused || (j < i && call->into == 0);
            if (stands && covers(call, mine, today) &&
                (best == NULL || rank(call, mine) > rank(best, mine)))
                best = call;
        }
        if (best != NULL)
            mine->into = best->id;
    }
}
