/* One person, one message: a family writes from one address, two clients share a phone, a client has two trips at once.
 * When the same step would go to the same address twice on one day, the first is enough, unless the second says something
 * that the first did not. It only reads; the ledger draws the consequence. Serves sending. */
#include <stdlib.h>

#include <pps/store_documents.h>
#include <pps/store_wishes.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "share.h"

/* ---- is it the same? (pure) ---- */

static bool same_civil(struct civil a, struct civil b)
{
    return a.day == b.day && a.minute == b.minute;
}

static bool same_words(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return str_empty(a) && str_empty(b);
    char *x = utf8_fold(a), *y = utf8_fold(b);
    bool same = str_eq(x, y);
    free(x);
    free(y);
    return same;
}

static bool is_merged(const struct share_side *side, const char *step, const char *into)
{
    for (size_t i = 0; i < side->actions->n; i++) {
        const struct action *a = &side->actions->v[i];
        if (a->cause == CAUSE_MERGED && str_eq(a->step, step) && str_eq(a->merged_into, into))
            return true;
    }
    return false;
}

/* Whether the other message carries the words of every step that was merged into mine. */
static bool carries_all(const struct share_side *mine, const struct share_side *other)
{
    const char *into = mine->action->step;
    for (size_t i = 0; i < mine->actions->n; i++) {
        const struct action *a = &mine->actions->v[i];
        if (a->cause == CAUSE_MERGED && str_eq(a->merged_into, into) &&
            !is_merged(other, a->step, into))
            return false;
    }
    return true;
}

/* Two trips with the same dates to the same place; and the reminder speaks of the date that both have now. */
static bool same_trip(const struct share_side *a, const struct share_side *b, enum anchor anchor)
{
    const struct occasion *x = a->occasion, *y = b->occasion;
    bool dated = anchor == ANCHOR_DEPARTURE || anchor == ANCHOR_RETURN;
    return x->kind == KIND_TRIP && same_words(x->title, y->title) &&
           same_civil(x->when[ANCHOR_DEPARTURE], y->when[ANCHOR_DEPARTURE]) &&
           same_civil(x->when[ANCHOR_RETURN], y->when[ANCHOR_RETURN]) &&
           (!dated || same_civil(a->action->anchor_at, b->action->anchor_at));
}

bool share_is_same(const struct step *step, const struct share_side *mine,
                   const struct share_side *other)
{
    if (step == NULL || mine->occasion->kind != other->occasion->kind || !carries_all(mine, other))
        return false;
    if (step->class == CLASS_SERVICE)
        return same_trip(mine, other, step->at.anchor);
    /* Twins have one birthday and are two people. */
    return mine->occasion->client_id == other->occasion->client_id ||
           !str_eq(step->greeting, "birthday");
}

/* ---- what is there ---- */

static enum rc load_other(const struct dispatcher *d, int64_t action_id, struct action *ret_action,
                          struct occasion *ret_occasion, struct actions *ret_actions,
                          struct err *err)
{
    enum rc rc = store_action_get(d->store, action_id, ret_action, err);
    if (rc == RC_OK)
        rc = store_occasion_get(d->store, ret_action->occasion_id, ret_occasion, err);
    if (rc == RC_OK)
        rc = store_actions_of_occasion(d->store, ret_action->occasion_id, ret_actions, err);
    return rc;
}

/* "goes to C3 as well: same number, same day". By the id: a tick shows no names, and a client who is forgotten must not
 * stand by name in the rows of another. */
static char *reason_of(const struct action *mine, const struct occasion *me,
                       const struct occasion *other)
{
    const char *what = mine->channel == CHANNEL_SMS ? "number" : "address";
    bool own = me->client_id == other->client_id;
    return xasprintf("goes %s %c%lld as well: same %s, same day", own ? "for" : "to",
                     own ? kind_letter(other->kind) : 'C',
                     (long long)(own ? other->id : other->client_id), what);
}

static enum rc compare(const struct dispatcher *d, const struct action *a,
                       const struct occasion_file *mine, int64_t other_id, char **ret_reason,
                       struct err *err)
{
    struct action action = {0};
    struct occasion occasion = {0};
    struct actions actions = {0};
    enum rc rc = load_other(d, other_id, &action, &occasion, &actions, err);
    if (rc == RC_OK) {
        struct share_side me = {a, &mine->occasion, &mine->actions};
        struct share_side it = {&action, &occasion, &actions};
        const struct step *step = playbook_step(mine->playbook, a->step);
        if (share_is_same(step, &me, &it))
            *ret_reason = reason_of(a, &mine->occasion, &occasion);
    }
    action_fini(&action);
    occasion_fini(&occasion);
    actions_fini(&actions);
    return rc;
}

/* By the card, as the message would be made now. NULL: none. New string. */
static enum rc recipient_of(const struct dispatcher *d, const struct action *a, char **ret,
                            struct err *err)
{
    struct occasion occasion;
    struct client client;
    enum rc rc = store_occasion_get(d->store, a->occasion_id, &occasion, err);
    if (rc != RC_OK)
        return rc;
    rc = store_client_get(d->store, occasion.client_id, &client, err);
    occasion_fini(&occasion);
    if (rc != RC_OK)
        return rc;
    *ret = xstrdup(a->channel == CHANNEL_EMAIL ? client.email : client.phone);
    client_fini(&client);
    return RC_OK;
}

static enum rc day_began(const struct dispatcher *d, const struct action *a, int64_t *ret,
                         struct err *err)
{
    const struct zone *zone;
    enum rc rc = action_zone(d, a, &zone, err);
    if (rc == RC_OK)
        *ret = zone_to_utc(zone, (struct civil){zone_to_local(zone, clock_now(d->clock)).day, 0});
    return rc;
}

static enum rc compare_all(const struct dispatcher *d, const struct action *a,
                           const struct twin_list *twins, struct sharing *ret, struct err *err)
{
    struct occasion_file mine;
    enum rc rc = store_occasion_file(d->store, a->occasion_id, &mine, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < twins->n && rc == RC_OK && !ret->had; i++) {
        char *reason = NULL;
        rc = compare(d, a, &mine, twins->v[i].action_id, &reason, err);
        ret->under_way = ret->under_way || (reason != NULL && twins->v[i].under_way);
        if (reason != NULL && !twins->v[i].under_way) {
            ret->had = true;
            ret->reason = reason;
            reason = NULL;
        }
        free(reason);
    }
    occasion_file_fini(&mine);
    return rc;
}

/* What somebody attached for this one is in no other: it goes, whoever had the same words. */
static enum rc brings_documents(const struct dispatcher *d, const struct action *a, bool *ret,
                                struct err *err)
{
    struct document_rows rows;
    *ret = false;
    if (a->channel != CHANNEL_EMAIL)
        return RC_OK;
    enum rc rc = store_documents(d->store, a->occasion_id, 0, &rows, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < rows.n; i++)
        *ret = *ret || (rows.v[i].bearer_id == a->id && document_fate(&rows.v[i]) == DOCUMENT_WAITS);
    document_rows_fini(&rows);
    return RC_OK;
}

enum rc share_look(const struct dispatcher *d, const struct action *a, struct sharing *ret,
                   struct err *err)
{
    struct twin_list twins = {0};
    char *recipient = NULL;
    int64_t since = 0;
    *ret = (struct sharing){0};
    enum rc rc = recipient_of(d, a, &recipient, err);
    if (rc == RC_OK && recipient != NULL)
        rc = day_began(d, a, &since, err);
    if (rc == RC_OK && recipient != NULL)
        rc = store_shared_with(d->store, a, recipient, since, &twins, err);
    bool alone = false;
    if (rc == RC_OK && twins.n > 0)
        rc = brings_documents(d, a, &alone, err);
    if (rc == RC_OK && twins.n > 0 && !alone)
        rc = compare_all(d, a, &twins, ret, err);
    free(recipient);
    twin_list_fini(&twins);
    if (rc != RC_OK)
        sharing_fini(ret);
    return rc;
}

void sharing_fini(struct sharing *s)
{
    free(s->reason);
    *s = (struct sharing){0};
}
