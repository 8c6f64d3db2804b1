/* One person gets one call: the calls of one step that ring at one number on one day are merged into one of them, and
 * become calls again when it does not stand for them any more. Those about answers are, whatever their days: who was
 * not happy twice is listened to once. core/onecall.c says which; this file reads the calls of a number and writes
 * the difference. Serves every planning, and whatever else changes who has a number or what became of a call. */
#include <stdlib.h>
#include <string.h>

#include <pps/calls.h>
#include <pps/colour.h>
#include <pps/store_wishes.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "internal.h"

/* ---- rows of the database -> rows of the decision ---- */

/* The same flight there and back says the same. New string. */
static char *trip_words(const struct number_call *call)
{
    char departure[CIVIL_TEXT_BYTES], back[CIVIL_TEXT_BYTES];
    char *place = utf8_fold(str_or(call->title, ""));
    civil_format(call->departure, departure);
    civil_format(call->return_, back);
    char *words = xasprintf("%s %s %s", departure, back, place);
    free(place);
    return words;
}

static bool is_merged(const struct action *a)
{
    return a->state == STATE_CANCELLED && a->cause == CAUSE_ONE_CALL;
}

/* Also one that was made days before, and whose message is still to go. */
static bool is_made(const struct action *a)
{
    return a->state == STATE_DONE ||
           (a->state == STATE_PENDING && a->cause == CAUSE_CALLED_EARLY);
}

/* Ticked off or skipped: whoever it stood for needs no other. */
static bool is_over(const struct action *a)
{
    return is_made(a) || a->state == STATE_SKIPPED;
}

static bool is_tried(const struct action *a)
{
    return a->state == STATE_PENDING &&
           (a->attempts > 0 || a->moved_to.day != CIVIL_NONE || a->cause == CAUSE_NO_ANSWER ||
            a->cause == CAUSE_CALL_BACK || a->cause == CAUSE_UNREACHABLE ||
            a->cause == CAUSE_WRONG_NUMBER);
}

static int64_t joined_to(const struct action *a)
{
    int64_t id = 0;
    if (a->merged_into == NULL || !id_parse_exact(a->merged_into, 'A', &id))
        return 0;
    return id;
}

static struct call_row row_of(const struct number_call *call)
{
    const struct action *a = &call->action;
    bool of_the_day = a->kind == KIND_TRIP;
    return (struct call_row){
        .id = a->id,
        .step = a->step,
        .trip = trip_words(call),
        .day = of_the_day ? a->local_due.day : 0,
        .anchor = a->anchor_at.day,
        .cut_off = a->fallback_at,
        .joined = joined_to(a),
        .over = is_over(a),
        .tried = is_tried(a),
        .refused = (a->state == STATE_PENDING && a->cause == CAUSE_DECLINED) || work_is_kept(a),
        .put_off = a->moved_to.day != CIVIL_NONE,
        .wrong = call->wrong,
    };
}

static void decide(const struct desk *desk, const struct number_calls *calls, int64_t *ret_into)
{
    struct call_row *rows = xcalloc(calls->n, sizeof *rows);
    for (size_t i = 0; i < calls->n; i++)
        rows[i] = row_of(&calls->v[i]);
    calls_join(rows, calls->n, desk_today(desk));
    for (size_t i = 0; i < calls->n; i++) {
        ret_into[i] = rows[i].into;
        free((char *)(uintptr_t)rows[i].trip);
    }
    free(rows);
}

/* ---- the difference ---- */

/* When the call was made that stands for this one; 0: not yet, or it was skipped. */
static int64_t made_at(const struct action *call)
{
    return is_made(call) ? call->done_at : 0;
}

static enum rc merge(const struct desk *desk, struct action *a, const struct action *into,
                     struct err *err)
{
    enum action_state was = a->state;
    char name[ID_TEXT_BYTES], about[ID_TEXT_BYTES];
    id_format('A', into->id, name);
    occasion_id_format(into->kind, into->occasion_id, about);
    if (is_merged(a) && str_eq(a->merged_into, name) && a->done_at == made_at(into))
        return RC_OK;
    free(a->merged_into);
    a->merged_into = xstrdup(name);
    a->state = STATE_CANCELLED;
    a->done_at = made_at(into);
    set_reason(a, CAUSE_ONE_CALL,
               xasprintf("asked in %s (%s): same number", name, about));
    return store_action_update(desk->store, a, was, desk_now(desk), err);
}

/* It stood for this one when it was made, whatever number this client has now. */
static enum rc stays_merged(const struct desk *desk, const struct action *a, bool *ret,
                            struct err *err)
{
    struct action call;
    *ret = false;
    if (a->done_at == 0)
        return RC_OK;
    enum rc rc = store_action_get(desk->store, joined_to(a), &call, err);
    if (rc != RC_OK)
        return rc == RC_NOTFOUND ? RC_OK : rc;
    *ret = is_made(&call);
    action_fini(&call);
    return RC_OK;
}

/* It is made itself. *ret_again: it was not, until now, and has been planned anew. */
static enum rc part(const struct desk *desk, struct action *a, bool *ret_again, struct err *err)
{
    bool stays = false;
    enum rc rc = is_merged(a) ? stays_merged(desk, a, &stays, err) : RC_OK;
    if (rc != RC_OK || stays || a->merged_into == NULL)
        return rc;
    *ret_again = is_merged(a);
    free(a->merged_into);
    a->merged_into = NULL;
    a->done_at = 0;
    rc = store_action_update(desk->store, a, a->state, desk_now(desk), err);
    return rc == RC_OK && *ret_again ? planning_of_call(desk, a, err) : rc;
}

static struct action *with_id(const struct number_calls *calls, int64_t id)
{
    size_t i = 0;
    while (calls->v[i].action.id != id)
        i++;
    return &calls->v[i].action;
}

/* *ret_again: something was planned anew, so that the decision is to be made once more. */
static enum rc settle_once(const struct desk *desk, const char *phone, bool *ret_again,
                           struct err *err)
{
    struct number_calls calls;
    *ret_again = false;
    enum rc rc = store_calls_of_number(desk->store, phone, &calls, err);
    if (rc != RC_OK)
        return rc;
    int64_t *into = xcalloc(calls.n, sizeof *into);
    decide(desk, &calls, into);
    for (size_t i = 0; i < calls.n && rc == RC_OK; i++) {
        struct action *a = &calls.v[i].action;
        bool again = false;
        if (into[i] != 0)
            rc = merge(desk, a, with_id(&calls, into[i]), err);
        else if (!is_over(a))
            rc = part(desk, a, &again, err);
        *ret_again = *ret_again || again;
    }
    free(into);
    number_calls_fini(&calls);
    return rc;
}

enum rc calls_settle(const struct desk *desk, const char *phone, struct err *err)
{
    bool again = phone != NULL;
    enum rc rc = RC_OK;
    while (again && rc == RC_OK)
        rc = settle_once(desk, phone, &again, err);
    return rc;
}

enum rc calls_settle_of(const struct desk *desk, int64_t client_id, struct err *err)
{
    struct client client;
    enum rc rc = store_client_get(desk->store, client_id, &client, err);
    if (rc != RC_OK)
        return rc;
    rc = calls_settle(desk, client.phone, err);
    client_fini(&client);
    return rc;
}
