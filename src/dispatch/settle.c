/* What is in doubt: messages that were handed over, and no answer came. In this order: the gateway is asked what became of
 * it; a gateway that knows repetitions gets the same once more; the playbook says what to do; a person decides. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "internal.h"

enum {
    BATCH = 200,
    ASK_AGAIN_SEC = 300, /* between two questions, and between two "never heard of it" that count */
    NEVER_SEC = 1 << 30, /* for a person: the tick does not look again */
};

/* Everything that the decision needs. */
struct case_in_doubt {
    struct action action;
    struct doubt doubt;
    int64_t unknown_at;
    struct frozen_message msg; /* bytes NULL: this copy of the database never had them */
};

static void read_attempts(const struct attempt_list *tries, struct case_in_doubt *c)
{
    for (size_t i = 0; i < tries->n; i++) {
        const struct attempt *t = &tries->v[i];
        if (!str_eq(t->outcome, "in_doubt"))
            continue;
        c->doubt.tries++;
        if (t->settled != NULL)
            continue;
        if (c->doubt.since == 0 || t->risk_at < c->doubt.since)
            c->doubt.since = t->risk_at;
        c->unknown_at = t->unknown_at; /* what was said before the last try says nothing of it */
    }
}

static enum rc read_case(struct run *r, int64_t id, struct case_in_doubt *c, struct err *err)
{
    struct store *store = r->d->store;
    struct occasion_file file;
    struct attempt_list tries;
    *c = (struct case_in_doubt){0};
    enum rc rc = store_action_get(store, id, &c->action, err);
    if (rc == RC_OK)
        rc = store_attempts(store, id, &tries, err);
    if (rc != RC_OK)
        return rc;
    read_attempts(&tries, c);
    attempt_list_fini(&tries);
    struct err none;
    rc = store_message_get(store, id, &c->msg, &none);
    if (rc != RC_OK && rc != RC_NOTFOUND)
        return err_set(err, rc, "%s", none.message);
    rc = store_occasion_file(store, c->action.occasion_id, &file, err);
    if (rc != RC_OK)
        return rc;
    const struct step *step = playbook_step(file.playbook, c->action.step);
    /* Whether it was handed over at all is not known after a restore, so that the playbook's guess does not fit. */
    c->doubt.policy = step && c->action.cause != CAUSE_RESTORED ? step->if_in_doubt : DOUBT_ASK;
    c->doubt.changed = c->action.stale || file.occasion.ended || c->msg.bytes == NULL;
    c->doubt.expires_at = c->action.expires_at;
    occasion_file_fini(&file);
    return RC_OK;
}

static enum rc settle(struct run *r, const struct case_in_doubt *c, const char *settled,
                      enum cause cause, const char *provider_id, const char *reason,
                      struct err *err)
{
    enum rc rc = ledger_settle(&r->ledger, c->action.id, settled, cause, provider_id, reason, err);
    const struct action *a = &r->ledger.action;
    if (rc == RC_OK && !r->ledger.unchanged)
        run_report(r, TICK_SETTLED, a, a->state == STATE_CANCELLED ? a->reason : reason);
    return rc;
}

static enum rc look_again(struct run *r, const struct case_in_doubt *c, int64_t in_sec,
                          bool unknown, struct err *err)
{
    return ledger_still_in_doubt(&r->ledger, c->action.id, clock_now(r->d->clock) + in_sec, unknown,
                                 err);
}

/* "Never heard of it" counts when it is said twice, with time between: lists of messages lag behind. */
static enum rc not_known(struct run *r, struct case_in_doubt *c, struct err *err)
{
    int64_t now = clock_now(r->d->clock);
    if (c->unknown_at == 0 || now < c->unknown_at + ASK_AGAIN_SEC)
        return look_again(r, c, ASK_AGAIN_SEC, true, err);
    return settle(r, c, "not_sent", CAUSE_RETRY, NULL,
                  "the gateway has never heard of it: it goes again", err);
}

static enum rc ask(struct run *r, struct case_in_doubt *c, struct err *err)
{
    struct parcel parcel = send_parcel(&c->msg, &c->action, clock_now(r->d->clock));
    struct delivery_hooks hooks = {.stopping = send_stopping, .ctx = r};
    struct inquiry found = gateway_ask(r->gateways[c->action.channel], &parcel, &hooks);
    switch (found.finding) {
    case FINDING_SENT:
        return settle(r, c, "sent", CAUSE_NONE, found.provider_id, found.reason, err);
    case FINDING_UNKNOWN:
        return not_known(r, c, err);
    case FINDING_NO_ANSWER:
        return look_again(r, c, ASK_AGAIN_SEC, false, err);
    case FINDING_CANNOT_TELL:
        break;
    }
    c->doubt.cannot_tell = true;
    return RC_OK;
}

static enum rc repeat(struct run *r, const struct case_in_doubt *c, struct err *err)
{
    struct frozen_message msg;
    bool claimed, held;
    int64_t at;
    char *reason;
    enum rc rc = turn_of_repeat(r, &c->action, &at, &reason, err);
    free(reason);
    if (rc != RC_OK)
        return rc;
    if (at > clock_now(r->d->clock) || !guard_has_space(r->d))
        return look_again(r, c, ASK_AGAIN_SEC, false, err);
    if (!turn_of_channel(r, c->action.channel))
        return RC_OK;
    rc = ledger_claim(&r->ledger, c->action.id, &msg, &claimed, &held, err);
    if (rc != RC_OK || !claimed)
        return rc;
    rc = send_claimed(r, &msg, err);
    frozen_message_fini(&msg);
    return rc;
}

static enum rc settle_case(struct run *r, struct case_in_doubt *c, struct err *err)
{
    int64_t now = clock_now(r->d->clock);
    /* Without its very words and key nothing can be asked, and a repetition would be another message. After a restore what
     * is stale here is not what was handed over. */
    bool other = c->action.cause == CAUSE_RESTORED && c->action.stale;
    struct gateway *gateway = r->gateways[c->action.channel]; /* NULL in a dry run: it has no files to look at */
    if (c->msg.bytes != NULL && !other && gateway != NULL)
        c->doubt.powers = gateway_powers(gateway);
    enum doubt_way way = doubt_way(&c->doubt, now);
    if (way == WAY_ASK && r->dry)
        return RC_OK; /* nobody can foresee what it would answer */
    if (way == WAY_ASK) {
        enum rc rc = ask(r, c, err);
        if (rc != RC_OK || !c->doubt.cannot_tell)
            return rc;
        way = doubt_way(&c->doubt, now);
    }
    switch (way) {
    case WAY_REPEAT:
        return repeat(r, c, err);
    case WAY_TAKE_AS_SENT:
        return settle(r, c, "assumed", CAUSE_ASSUMED, NULL,
                      "no answer came; the playbook takes it for sent", err);
    case WAY_PERSON:
        return look_again(r, c, NEVER_SEC, false, err);
    default:
        return look_again(r, c, ASK_AGAIN_SEC, false, err);
    }
}

static enum rc settle_one(struct run *r, int64_t id, struct err *err)
{
    struct case_in_doubt c;
    enum rc rc = read_case(r, id, &c, err);
    /* While the way out is closed nothing can be asked, and nothing is decided. */
    if (rc == RC_OK && send_ready(r, c.action.channel))
        rc = settle_case(r, &c, err);
    frozen_message_fini(&c.msg);
    action_fini(&c.action);
    return rc;
}

enum rc settle_all(struct run *r, struct err *err)
{
    struct id_list ids;
    enum rc rc = store_list_doubts(r->d->store, clock_now(r->d->clock), BATCH, &ids, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < ids.n && rc == RC_OK && !run_stopping(r) && !run_out_of_time(r); i++) {
        rc = settle_one(r, ids.v[i], err);
        if (!ledger_others_go_on(&r->ledger, rc))
            continue;
        /* What is wrong with this one is not the others' fault; it stays in doubt, and does not stand before them. */
        rc = ledger_still_in_doubt(&r->ledger, ids.v[i], clock_now(r->d->clock) + ASK_AGAIN_SEC,
                                   false, err);
        rc = run_goes_on(r, rc, ids.v[i], err);
    }
    id_list_fini(&ids);
    return rc;
}
