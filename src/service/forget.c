/* A client is forgotten: everything of theirs that is open ends, and every word goes, in one transaction. It cannot be taken
 * back, and a card that was forgotten stays empty. Serves pps forget, pps purge, and pps recover, after an older copy has
 * brought a client back. */
#include <stdlib.h>

#include <pps/forgetting.h>
#include <pps/gateway.h>
#include <pps/str.h>

#include "internal.h"

void forgotten_fini(struct forgotten *f)
{
    id_list_fini(&f->alike);
    word_list_fini(&f->handed);
    *f = (struct forgotten){0};
}

static enum rc refuse_forgotten(const struct client *c, struct err *err)
{
    if (!client_is_forgotten(c))
        return RC_OK;
    return err_set(err, RC_REJECTED,
                   "C%lld was forgotten, and that cannot be taken back: pps add-client enters whoever comes again",
                   (long long)c->id);
}

enum rc require_known(const struct desk *desk, int64_t client_id, struct err *err)
{
    struct client c;
    enum rc rc = store_client_get(desk->store, client_id, &c, err);
    if (rc != RC_OK)
        return rc;
    rc = refuse_forgotten(&c, err);
    client_fini(&c);
    return rc;
}

/* What is to be done about whatever stands in the way of forgetting a client. */
typedef enum rc clear_way(const struct desk *desk, int64_t client_id, struct err *err);

static enum rc refuse_too_early(const struct desk *desk, int64_t client_id, struct err *err)
{
    struct forget_obstacle o;
    enum rc rc = store_forget_obstacle(desk->store, client_id, desk_today(desk), &o, err);
    if (rc != RC_OK)
        return rc;
    if (o.action_id != 0 && o.in_doubt)
        return err_set(err, RC_REJECTED,
                       "nobody knows whether A%lld has reached them: pps doubt resolve A%lld decides it, then say it again",
                       (long long)o.action_id, (long long)o.action_id);
    if (o.action_id != 0)
        return err_set(err, RC_REJECTED, "A%lld is on its way to them just now: say it again in a minute",
                       (long long)o.action_id);
    if (o.trip_id != 0 && o.ahead)
        return err_set(err, RC_REJECTED,
                       "T%lld is still ahead: pps cancel-trip T%lld, or say it again after the return",
                       (long long)o.trip_id, (long long)o.trip_id);
    if (o.trip_id != 0)
        return err_set(err, RC_REJECTED,
                       "T%lld is not over: say it again after the return (or pps cancel-trip T%lld)",
                       (long long)o.trip_id, (long long)o.trip_id);
    return RC_OK;
}

/* Who was chosen from a list may have called since it was made. */
static enum rc refuse_heard_since(const struct desk *desk, int64_t client_id, int64_t known_entry,
                                  struct err *err)
{
    int64_t n = 0;
    enum rc rc = known_entry == FORGET_WHATEVER
                     ? RC_OK
                     : store_forget_since(desk->store, client_id, known_entry, &n, err);
    if (rc == RC_OK && n > 0)
        rc = err_set(err, RC_REJECTED, "something was entered about them just now: pps log C%lld",
                     (long long)client_id);
    return rc;
}

static enum rc cancel(const struct desk *desk, int64_t trip_id, struct err *err)
{
    static const char why[] = "the client was forgotten";
    struct occasion trip;
    int stopped;
    enum rc rc = store_occasion_get(desk->store, trip_id, &trip, err);
    if (rc != RC_OK)
        return rc;
    rc = occasion_end(desk, &trip, why, why, &stopped, err);
    if (rc == RC_OK)
        rc = audit(desk, "cancel-trip", trip.client_id, trip_id, 0, why, err);
    occasion_fini(&trip);
    return rc;
}

/* Nothing stood in the way when they were forgotten: what an older copy still has open was settled since. */
static enum rc settle_what_is_open(const struct desk *desk, int64_t client_id, struct err *err)
{
    for (;;) {
        struct forget_obstacle o;
        enum rc rc = store_forget_obstacle(desk->store, client_id, desk_today(desk), &o, err);
        if (rc == RC_OK && o.action_id != 0 && o.in_doubt)
            rc = doubt_drop(desk, o.action_id, err);
        else if (rc == RC_OK && o.action_id == 0 && o.trip_id != 0)
            rc = cancel(desk, o.trip_id, err);
        else
            return rc == RC_OK ? refuse_too_early(desk, client_id, err) : rc;
        if (rc != RC_OK)
            return rc;
    }
}

static enum rc find_alike(const struct desk *desk, const struct client *c, struct id_list *ret,
                          struct err *err)
{
    struct client_list list;
    enum rc rc = store_client_by_contact(desk->store, c->phone, c->email, &list, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < list.n; i++) {
        if (list.v[i].id == c->id)
            continue;
        vec_reserve(&ret->v, ret->n, &ret->cap, sizeof *ret->v);
        ret->v[ret->n++] = list.v[i].id;
    }
    client_list_fini(&list);
    return RC_OK;
}

static void add_name(void *ctx, const struct frozen_name *m)
{
    struct word_list *list = ctx;
    char *name = gateway_outbox_name(m->channel, m->frozen_at, m->action_id, m->step);
    for (size_t i = 0; i < list->n; i++) {
        if (str_eq(list->v[i], name)) {
            free(name);
            return;
        }
    }
    list->v = xrealloc(list->v, (list->n + 1) * sizeof *list->v);
    list->v[list->n++] = name;
}

/* What the gateways have called their messages; and what an outbox would, for a tick that died over one said nothing. */
static enum rc find_handed(const struct desk *desk, int64_t client_id, struct word_list *ret,
                           struct err *err)
{
    enum rc rc = store_forget_evidence(desk->store, client_id, ret, err);
    return rc == RC_OK ? store_forget_frozen(desk->store, client_id, add_name, ret, err) : rc;
}

/* The act, as the log keeps it: how many of what, and nothing else. New string. */
static char *act_text(const struct forgotten *f)
{
    struct json *o = json_new_object();
    json_add_string(o, "words", "everything that says who they are was erased");
    for (int k = 0; k < FORGOT_KINDS; k++) {
        if (f->counts[k] > 0)
            json_add_int(o, forgotten_kind_name((enum forgotten_kind)k), f->counts[k]);
    }
    char *text = json_print(o, false);
    json_free(o);
    return text;
}

/* What was written to them under a number that others have, too: calls for all of them are made for the others now. */
static enum rc erase(const struct desk *desk, const struct client *c, struct forgotten *f,
                     struct err *err)
{
    enum rc rc = store_forget(desk->store, c->id, f->at, f->counts, err);
    if (rc == RC_OK)
        rc = calls_settle(desk, c->phone, err);
    if (rc == RC_OK) {
        char *act = act_text(f);
        rc = audit_anyway(desk, FORGET_VERB, c->id, 0, 0, act, err);
        free(act);
    }
    return rc;
}

static enum rc forget(const struct desk *desk, int64_t client_id, clear_way *clear,
                      struct forgotten *f, struct err *err)
{
    struct client c;
    enum rc rc = store_client_get(desk->store, client_id, &c, err);
    if (rc != RC_OK)
        return rc;
    rc = refuse_forgotten(&c, err);
    if (rc == RC_OK)
        rc = clear(desk, client_id, err);
    if (rc == RC_OK)
        rc = find_alike(desk, &c, &f->alike, err);
    if (rc == RC_OK)
        rc = find_handed(desk, client_id, &f->handed, err);
    if (rc == RC_OK)
        rc = erase(desk, &c, f, err);
    client_fini(&c);
    return rc;
}

/* A dry run does it all and takes it back, so that it cannot tell of anything else. */
enum rc service_forget(const struct desk *desk, int64_t client_id, int64_t known_entry, bool dry,
                       struct forgotten *ret, struct err *err)
{
    struct forgotten f = {.client_id = client_id, .at = desk_now(desk)};
    enum rc rc = store_forget_begin(desk->store, err);
    if (rc == RC_OK)
        rc = store_begin(desk->store, err);
    if (rc == RC_OK) {
        rc = refuse_heard_since(desk, client_id, known_entry, err);
        if (rc == RC_OK)
            rc = forget(desk, client_id, refuse_too_early, &f, err);
        if (rc == RC_OK && dry)
            store_rollback(desk->store);
        else
            rc = store_finish(desk->store, rc, err);
    }
    if (rc == RC_OK)
        *ret = f;
    else
        forgotten_fini(&f);
    return rc;
}

enum rc service_forget_again(const struct desk *desk, int64_t client_id, struct forgotten *ret,
                             struct err *err)
{
    struct forgotten f = {.client_id = client_id, .at = desk_now(desk)};
    enum rc rc = forget(desk, client_id, settle_what_is_open, &f, err);
    if (rc == RC_OK)
        *ret = f;
    else
        forgotten_fini(&f);
    return rc;
}

enum rc service_forget_asked(const struct desk *desk, int64_t client_id, struct err *err)
{
    enum rc rc = store_begin(desk->store, err);
    return rc == RC_OK ? store_finish(desk->store, audit(desk, "forget-asked", client_id, 0, 0, NULL, err), err)
                       : rc;
}
