/* The lists of the morning, after everything that goes to clients: on working days, from the hour that pps.json names until
 * they are of no use any more, once for each colleague whatever runs how often. The order is that of messages: what cannot
 * be taken back is committed and noted in the sent log before it, and the answer after it; certain refusals are tried again,
 * an unknown end is kept as it is and never repeated. A list is written anew for each try. Serves tick.c and recover.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/retry.h>
#include <pps/store_digest.h>
#include <pps/str.h>

#include "internal.h"

/* One list on its way. */
struct errand {
    struct run *run;
    const struct staff *colleague;
    struct digest_fate fate;
    bool recorded; /* what became of it is committed */
};

static int64_t now_of(const struct errand *e)
{
    return clock_now(e->run->d->clock);
}

static void report(const struct errand *e, enum tick_outcome outcome)
{
    const struct dispatcher *d = e->run->d;
    e->run->summary->digests[outcome]++;
    if (d->on_digest != NULL)
        d->on_digest(d->event_ctx, outcome, e->colleague, str_or(e->fate.reply, ""));
}

/* ---- what became of it ---- */

static void set_reply(struct digest_fate *fate, const char *reply)
{
    free(fate->reply);
    fate->reply = str_empty(reply) ? NULL : xstrdup(reply);
}

static void wait_after(struct digest_fate *fate, const struct delivery *dv, int64_t now)
{
    bool ours = dv->class == DELIVERY_CONFIG || dv->class == DELIVERY_STOPPED;
    uint32_t noise = (uint32_t)(fate->staff_id * 2654435761u);
    fate->state = DIGEST_WAITING;
    fate->tries += !ours;
    fate->next_at = ours ? now : now + retry_delay_sec(fate->tries, noise);
}

/* A delivery -> the end of the errand, or its next try. */
static enum tick_outcome judge_digest(struct digest_fate *fate, const struct delivery *dv,
                                      int64_t now)
{
    enum tick_outcome outcome = TICK_RETRY;
    set_reply(fate, dv->class == DELIVERY_SENT ? NULL : dv->reason);
    switch (dv->class) {
    case DELIVERY_SENT:
        fate->state = DIGEST_SENT;
        outcome = TICK_SENT;
        break;
    case DELIVERY_REFUSED_PERM:
        fate->state = DIGEST_FAILED;
        outcome = TICK_FAILED;
        break;
    case DELIVERY_IN_DOUBT:
        fate->state = DIGEST_IN_DOUBT;
        outcome = TICK_IN_DOUBT;
        break;
    case DELIVERY_REFUSED_TEMP:
    case DELIVERY_CONFIG:
    case DELIVERY_NOT_SENT:
    case DELIVERY_STOPPED:
        wait_after(fate, dv, now);
        return outcome;
    }
    fate->next_at = 0;
    fate->done_at = now;
    return outcome;
}

static enum rc put(const struct errand *e, const char *word, struct err *err)
{
    const struct dispatcher *d = e->run->d;
    char *detail = xasprintf("%s %s", word, e->colleague->login);
    enum rc rc = store_begin(d->store, err);
    if (rc == RC_OK) {
        rc = store_digest_put(d->store, &e->fate, err);
        if (rc == RC_OK && e->fate.state != DIGEST_WAITING && e->fate.state != DIGEST_NOTHING)
            rc = ledger_audit(d, "digest", NULL, detail, err);
        rc = store_finish(d->store, rc, err);
    }
    free(detail);
    return rc;
}

static enum rc record(struct errand *e, const struct delivery *dv, struct err *err)
{
    static const char *const words[TICK_OUTCOMES] = {
        [TICK_SENT] = "sent to", [TICK_FAILED] = "refused:", [TICK_IN_DOUBT] = "in doubt:"};
    if (e->recorded)
        return RC_OK;
    enum tick_outcome outcome = judge_digest(&e->fate, dv, now_of(e));
    enum rc rc = put(e, str_or(words[outcome], "waits:"), err);
    e->recorded = rc == RC_OK;
    if (e->recorded)
        report(e, outcome);
    return rc;
}

/* ---- the gateway's hooks ---- */

/* Whether they still are who the list was written for: people leave, and addresses change, while another is on its way. */
static enum rc is_still_theirs(const struct errand *e, bool *ret, struct err *err)
{
    struct staff now;
    const struct staff *then = e->colleague;
    enum rc rc = store_staff_get(e->run->d->store, then->id, &now, err);
    if (rc != RC_OK)
        return rc;
    *ret = now.active && now.role == then->role && str_eq(now.email, then->email);
    staff_fini(&now);
    return RC_OK;
}

/* T2, with the line in the sent log: an older copy of the database knows by its number that it is one. */
static enum rc pass_point_of_no_return(struct errand *e, bool *ret_goes, struct err *err)
{
    struct ledger *l = &e->run->ledger;
    const struct dispatcher *d = e->run->d;
    struct civil now = zone_to_local(d->zone, now_of(e));
    *ret_goes = false;
    if (now.day != e->fate.day || now.minute >= DIGEST_END_MINUTE)
        return RC_OK; /* a tick that was frozen until the list was of no use */
    if (!guard_same_file(d, &l->here))
        return err_set(err, RC_IO, "the database was moved or replaced while the tick ran: %s",
                       d->db_path);
    bool theirs = false;
    enum rc rc = store_begin(d->store, err);
    if (rc != RC_OK)
        return rc;
    rc = is_still_theirs(e, &theirs, err);
    if (rc == RC_OK && theirs)
        rc = store_digest_at_risk(d->store, e->fate.staff_id, e->fate.day, now_of(e), &e->fate.seq,
                                  err);
    rc = store_finish(d->store, rc, err);
    if (rc != RC_OK || e->fate.seq == 0)
        return rc;
    l->here.seq = l->seq = e->fate.seq;
    const struct log_line line = {.kind = LOG_HERE, .place = l->here, .at = now_of(e)};
    rc = sentlog_add(&l->log, &line, err);
    if (rc == RC_OK && !lock_is_there(l->lock))
        rc = err_set(err, RC_IO, "the lock %s was removed while the tick ran", d->lock_path);
    *ret_goes = rc == RC_OK;
    return rc;
}

static bool in_trouble(struct errand *e, enum rc rc, const struct err *err)
{
    struct ledger *l = &e->run->ledger;
    if (rc == RC_OK)
        return false;
    l->trouble = rc;
    l->trouble_err = *err;
    return true;
}

static bool before_risk(void *ctx)
{
    struct errand *e = ctx;
    struct err err = {0};
    bool goes;
    return !in_trouble(e, pass_point_of_no_return(e, &goes, &err), &err) && goes;
}

static void accepted(void *ctx, const struct delivery *dv)
{
    struct errand *e = ctx;
    struct err err = {0};
    (void)ledger_note_said(&e->run->ledger, dv);
    (void)in_trouble(e, record(e, dv, &err), &err);
}

static bool stopping(void *ctx)
{
    return run_stopping(((struct errand *)ctx)->run);
}

/* ---- one list ---- */

static struct delivery hand_over(struct errand *e, const struct rendered *mail)
{
    const struct dispatcher *d = e->run->d;
    char day[CIVIL_TEXT_BYTES];
    civil_format_day(e->fate.day, day);
    char *name = xasprintf("digest-%s", e->colleague->login);
    char *key = xasprintf("digest-%s-%s", e->colleague->login, day);
    const struct parcel parcel = {
        .step = name,
        .recipient = mail->recipient,
        .subject = mail->subject,
        .bytes = mail->bytes,
        .len = mail->len,
        .idem_key = key,
        .date = now_of(e),
        .expires_at = zone_to_utc(d->zone, (struct civil){e->fate.day, DIGEST_END_MINUTE}),
        .now = now_of(e),
    };
    const struct delivery_hooks hooks = {before_risk, accepted, stopping, e};
    struct delivery dv = gateway_deliver(e->run->gateways[CHANNEL_EMAIL], &parcel, &hooks);
    free(key);
    free(name);
    return dv;
}

/* The others would find the same door closed, or wait as long for a server that has fallen silent. */
static void watch_channel(struct run *r, const struct delivery *dv)
{
    r->last_ms[CHANNEL_EMAIL] = clock_ticking_ms();
    r->sent[CHANNEL_EMAIL] += dv->class == DELIVERY_SENT;
    if (dv->class == DELIVERY_NOT_SENT || dv->class == DELIVERY_CONFIG ||
        dv->class == DELIVERY_IN_DOUBT)
        send_close_channel(r, CHANNEL_EMAIL, dv->reason);
}

static enum rc send(struct errand *e, const struct rendered *mail, struct err *err)
{
    struct run *r = e->run;
    struct ledger *l = &r->ledger;
    struct delivery dv = {.class = DELIVERY_SENT};
    if (r->dry)
        return record(e, &dv, err);
    l->seq = 0;
    dv = hand_over(e, mail);
    if (l->trouble != RC_OK) {
        /* Nothing was handed over; the row says so if it can, and the tick ends all the same. */
        struct err ignored;
        if (dv.class == DELIVERY_STOPPED)
            (void)!record(e, &dv, &ignored);
        return err_set(err, l->trouble, "%s", l->trouble_err.message);
    }
    if (!e->recorded && e->fate.seq != 0)
        (void)ledger_note_said(l, &dv);
    enum rc rc = record(e, &dv, err);
    watch_channel(r, &dv);
    return rc;
}

/* Nothing of it can be sent; what is wrong is kept, and the next tick looks again. */
static enum rc cannot_write(struct errand *e, const char *why, struct err *err)
{
    bool known = str_eq(e->fate.reply, why);
    set_reply(&e->fate, why);
    e->fate.next_at = now_of(e);
    enum rc rc = known ? RC_OK : put(e, "waits:", err);
    if (rc == RC_OK)
        report(e, TICK_HELD);
    return rc;
}

/* A backup was put back today, after the list may have gone: this copy cannot know. */
static enum rc went_elsewhere(const struct errand *e, bool *ret, struct err *err)
{
    char *at = NULL;
    const struct dispatcher *d = e->run->d;
    enum rc rc = store_setting_get(d->store, SETTING_RECOVERED_AT, &at, err);
    struct civil when = {CIVIL_NONE, MINUTE_NONE};
    if (rc == RC_OK && at != NULL)
        when = zone_to_local(d->zone, strtoll(at, NULL, 10));
    *ret = when.day == e->fate.day && when.minute >= d->config->digest.at;
    free(at);
    return rc;
}

static enum rc write_and_send(struct errand *e, struct err *err)
{
    const struct dispatcher *d = e->run->d;
    struct rendered mail = {0};
    struct err why = {0};
    bool nothing = false;
    enum rc rc = d->write_digest(d->digest_ctx, e->colleague, &mail, &nothing, &why);
    if (rc == RC_INVALID || rc == RC_NOTFOUND)
        return cannot_write(e, why.message, err);
    if (rc != RC_OK)
        return err_set(err, rc, "%s", why.message);
    if (nothing) {
        e->fate.state = DIGEST_NOTHING;
        e->fate.done_at = now_of(e);
        set_reply(&e->fate, NULL);
        return put(e, "nothing for", err);
    }
    if (!send_ready(e->run, CHANNEL_EMAIL))
        e->run->summary->digests_waiting++;
    else if (turn_of_channel(e->run, CHANNEL_EMAIL))
        rc = send(e, &mail, err);
    rendered_fini(&mail);
    return rc;
}

static enum rc see_to(struct errand *e, struct err *err)
{
    bool elsewhere = false;
    struct err none = {0};
    int64_t staff_id = e->colleague->id;
    civil_day day = e->fate.day;
    enum rc rc = store_digest_get(e->run->d->store, staff_id, day, &e->fate, &none);
    if (rc == RC_NOTFOUND)
        e->fate = (struct digest_fate){.staff_id = staff_id, .day = day, .state = DIGEST_WAITING};
    else if (rc != RC_OK)
        return err_set(err, rc, "%s", none.message);
    e->fate.seq = 0; /* of an earlier try */
    if (e->fate.state != DIGEST_WAITING || e->fate.next_at > now_of(e))
        return RC_OK;
    rc = went_elsewhere(e, &elsewhere, err);
    if (rc == RC_OK && elsewhere) {
        const struct delivery unknown = {
            .class = DELIVERY_IN_DOUBT,
            .reason = "a backup was put back after the hour at which it goes"};
        return record(e, &unknown, err);
    }
    return rc == RC_OK ? write_and_send(e, err) : rc;
}

/* ---- all of them ---- */

static bool is_time(const struct dispatcher *d, civil_day *ret_day)
{
    struct civil now = zone_to_local(d->zone, clock_now(d->clock));
    int16_t at = d->config->digest.at;
    *ret_day = now.day;
    return d->write_digest != NULL && at != MINUTE_NONE && now.minute >= at &&
           now.minute < DIGEST_END_MINUTE && workcal_is_working(&d->config->calendar, now.day);
}

static bool must_end(struct run *r)
{
    return run_stopping(r) || run_out_of_time(r) || r->summary->hold != HOLD_NONE ||
           !guard_has_space(r->d);
}

enum rc digest_all(struct run *r, struct err *err)
{
    struct staff_list people;
    civil_day day;
    if (!is_time(r->d, &day))
        return RC_OK;
    enum rc rc = store_staff_list(r->d->store, &people, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < people.n && rc == RC_OK && !must_end(r); i++) {
        struct errand e = {.run = r, .colleague = &people.v[i], .fate.day = day};
        if (!e.colleague->active || str_empty(e.colleague->email))
            continue;
        rc = see_to(&e, err);
        digest_fate_fini(&e.fate);
        if (ledger_others_go_on(&r->ledger, rc)) {
            char *whose = xasprintf("the list of the morning for %s", e.colleague->login);
            rc = troubles_note(&r->summary->stuck, rc, whose, err);
            free(whose);
        }
    }
    staff_list_fini(&people);
    return rc;
}

/* ---- what a dead tick left ---- */

static enum rc recover_one(struct run *r, struct digest_fate *fate, struct err *err)
{
    struct staff colleague;
    struct delivery dv;
    enum rc rc = ledger_ask_log(&r->ledger, fate->seq, &dv, err);
    if (rc == RC_OK)
        rc = store_staff_get(r->d->store, fate->staff_id, &colleague, err);
    if (rc != RC_OK)
        return rc;
    struct errand e = {.run = r, .colleague = &colleague, .fate = *fate};
    rc = record(&e, &dv, err);
    *fate = e.fate;
    r->summary->recovered += rc == RC_OK;
    staff_fini(&colleague);
    return rc;
}

enum rc digest_recover(struct run *r, struct err *err)
{
    struct digest_fates left;
    enum rc rc = store_digests_at_risk(r->d->store, &left, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < left.n && rc == RC_OK; i++)
        rc = recover_one(r, &left.v[i], err);
    digest_fates_fini(&left);
    return rc;
}
