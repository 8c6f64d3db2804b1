/* A test: the message of a step, made as for the client and sent to somebody else, now, through the real gateway. Nothing
 * that is counted, limited or guarded by knows of it: no action and no attempt is touched. Only the audit log has a line,
 * and it is there before the message can be. Serves pps send-test. */
#include <stdlib.h>
#include <string.h>

#include <pps/dispatch.h>
#include <pps/preview.h>
#include <pps/str.h>

#include "internal.h"

enum { TEST_LASTS_SEC = 3600, TAIL_DIGITS = 2 };
/* An SMS has no subject; no brackets, because in GSM 03.38 they count twice. */
#define SMS_TEST_MARK "Test: "

void test_sent_fini(struct test_sent *sent)
{
    previews_fini(&sent->previews);
    free(sent->to);
    free(sent->bytes);
    *sent = (struct test_sent){0};
}

/* ---- to whom ---- */

static enum rc read_address(const struct desk *desk, const char *typed, enum channel *ret_channel,
                            char **ret, struct err *err)
{
    *ret_channel = strchr(typed, '@') != NULL ? CHANNEL_EMAIL : CHANNEL_SMS;
    enum rc rc = *ret_channel == CHANNEL_EMAIL ? field_email(typed, ret, err)
                                               : field_phone(desk, typed, ret, err);
    if (rc == RC_OK && *ret == NULL)
        rc = err_set(err, RC_USAGE, "--to: an e-mail address, or a phone number for an SMS");
    return rc;
}

static enum rc refuse_client(const struct desk *desk, const char *to, enum channel channel,
                             struct err *err)
{
    struct client_list list;
    bool email = channel == CHANNEL_EMAIL;
    enum rc rc =
        store_client_by_contact(desk->store, email ? NULL : to, email ? to : NULL, &list, err);
    if (rc != RC_OK)
        return rc;
    if (list.n > 0)
        rc = err_set(err, RC_REJECTED,
                     "%s is the %s of a client, C%lld %s: name your own, or say --yes if they are "
                     "to get the test",
                     to, email ? "address" : "number", (long long)list.v[0].id, list.v[0].name);
    client_list_fini(&list);
    return rc;
}

/* Where it went, in words that are nobody's address: the log is kept for ever. New string. */
static char *whereto(const struct desk *desk, const char *to, enum channel channel)
{
    struct staff_list all;
    char *words = NULL;
    if (store_staff_list(desk->store, &all, NULL) == RC_OK) {
        for (size_t i = 0; i < all.n && words == NULL; i++) {
            if (str_eq(channel == CHANNEL_EMAIL ? all.v[i].email : all.v[i].phone, to))
                words = xasprintf("to %s", all.v[i].login);
        }
        staff_list_fini(&all);
    }
    if (words != NULL)
        return words;
    return channel == CHANNEL_EMAIL
               ? xasprintf("to somebody at %s", strrchr(to, '@') + 1)
               : xasprintf("to a number that ends in %s", to + strlen(to) - TAIL_DIGITS);
}

/* ---- what ---- */

static const struct preview_piece *piece_by(const struct preview *p, enum channel channel)
{
    for (size_t i = 0; i < p->n_pieces; i++) {
        if (p->pieces[i].channel == channel)
            return &p->pieces[i];
    }
    return NULL;
}

static enum rc no_such_message(const struct preview *p, struct err *err)
{
    const char *step = p->action.step;
    for (size_t i = 0; i < p->n_pieces; i++) {
        enum channel by = p->pieces[i].channel;
        if (!channel_is_human(by))
            return err_set(err, RC_INVALID, "%s goes by %s: --to needs %s", step, channel_word(by),
                           by == CHANNEL_EMAIL ? "an e-mail address" : "a phone number");
    }
    return err_set(err, RC_INVALID, "%s is a %s and sends nothing: pps preview %s shows its words",
                   step, channel_word(p->pieces[0].channel), step);
}

static enum rc make_bytes(const struct desk *desk, const char *token, struct test_sent *t,
                          struct err *err)
{
    const struct preview_piece *p = t->piece;
    if (p->channel != CHANNEL_EMAIL) {
        t->bytes = xasprintf(SMS_TEST_MARK "%s", p->text);
        t->len = strlen(t->bytes);
        return RC_OK;
    }
    const char *at = strrchr(desk->config->email.from, '@');
    char *id = xasprintf("test.%s@%s", token, at != NULL ? at + 1 : "pps.invalid");
    const struct mail_test test = {
        .to = t->to,
        .message_id = id,
        .date = desk_now(desk),
        .utc_offset = zone_offset(desk->zone, desk_now(desk)),
    };
    enum rc rc = mail_as_test(p->bytes, p->len, &test, &t->bytes, &t->len, err);
    free(id);
    return rc;
}

/* ---- sending ---- */

struct sending {
    const struct desk *desk;
    const struct test_wish *wish;
    const struct test_sent *t;
    enum rc rc; /* of the line in the log */
    struct err err;
};

static enum rc log_line(const struct sending *s, struct err *err)
{
    const struct preview *p = &s->t->previews.v[0];
    char *where = whereto(s->desk, s->t->to, s->t->piece->channel);
    char *words = xasprintf("%s, %s", p->action.step, where);
    struct json *detail = json_new_object();
    json_add_string(detail, "words", words);
    char *text = undo_detail_text(detail);
    enum rc rc = audit(s->desk, "send-test", s->t->previews.client.id, s->t->previews.occasion.id,
                       p->action.id, text, err);
    free(text);
    free(words);
    free(where);
    return rc;
}

/* Nothing goes out of which the log does not know. */
static bool before_risk(void *ctx)
{
    struct sending *s = ctx;
    s->rc = store_begin(s->desk->store, &s->err);
    if (s->rc == RC_OK)
        s->rc = store_finish(s->desk->store, log_line(s, &s->err), &s->err);
    return s->rc == RC_OK;
}

static void accepted(void *ctx, const struct delivery *delivery)
{
    (void)ctx;
    (void)delivery;
}

static bool stopping(void *ctx)
{
    const struct sending *s = ctx;
    return s->wish->stopping != NULL && s->wish->stopping(s->wish->ctx);
}

static enum rc verdict(const struct sending *s, const struct delivery *d, struct err *err)
{
    if (d->class == DELIVERY_SENT)
        return RC_OK;
    if (s->rc != RC_OK)
        return err_set(err, s->rc, "%s; the test was not sent", s->err.message);
    if (d->class == DELIVERY_IN_DOUBT)
        return err_set(err, RC_UNAVAILABLE,
                       "the test may have arrived, nobody knows (%s): look there before you send "
                       "another",
                       d->reason);
    if (d->class == DELIVERY_STOPPED)
        return err_set(err, RC_BUSY, "the test was not sent: it was broken off");
    bool refused = d->class == DELIVERY_REFUSED_TEMP || d->class == DELIVERY_REFUSED_PERM;
    return err_set(err, d->class == DELIVERY_CONFIG ? RC_CONFIG : RC_UNAVAILABLE,
                   "the test was %s: %s", refused ? "refused" : "not sent", d->reason);
}

static enum rc deliver(const struct desk *desk, const struct test_wish *wish, const char *token,
                       struct test_sent *t, struct err *err)
{
    struct gateway *gateway;
    struct sending s = {.desk = desk, .wish = wish, .t = t};
    bool email = t->piece->channel == CHANNEL_EMAIL;
    enum rc rc = wish->open_gateway(wish->ctx, t->piece->channel, &gateway, err);
    if (rc != RC_OK)
        return rc;
    char *step = xasprintf("test-%s-%.8s", t->previews.v[0].action.step, token);
    char *subject =
        email ? xasprintf(MAIL_TEST_MARK "%s", str_or(t->piece->mail.subject, "")) : NULL;
    const struct parcel parcel = {
        .step = step, /* the name of a file in the outbox: no other test has it */
        .recipient = t->to,
        .subject = subject,
        .bytes = t->bytes,
        .len = t->len,
        .idem_key = token,
        .date = desk_now(desk),
        .expires_at = desk_now(desk) + TEST_LASTS_SEC,
        .now = desk_now(desk),
    };
    const struct delivery_hooks hooks = {before_risk, accepted, stopping, &s};
    t->delivery = gateway_deliver(gateway, &parcel, &hooks);
    gateway_free(gateway);
    free(subject);
    free(step);
    return verdict(&s, &t->delivery, err);
}

static enum rc send(const struct desk *desk, const struct test_wish *wish, struct test_sent *t,
                    struct err *err)
{
    enum channel channel;
    enum rc rc = read_address(desk, wish->to, &channel, &t->to, err);
    if (rc == RC_OK && !wish->to_client)
        rc = refuse_client(desk, t->to, channel, err);
    if (rc == RC_OK)
        rc = service_preview(desk, &wish->what, &t->previews, err);
    if (rc != RC_OK)
        return rc;
    t->piece = piece_by(&t->previews.v[0], channel);
    if (t->piece == NULL)
        return no_such_message(&t->previews.v[0], err);
    char token[33];
    dispatch_token(token);
    rc = make_bytes(desk, token, t, err);
    return rc == RC_OK && !wish->dry ? deliver(desk, wish, token, t, err) : rc;
}

enum rc service_send_test(const struct desk *desk, const struct test_wish *wish,
                          struct test_sent *ret, struct err *err)
{
    struct test_sent t = {0};
    enum rc rc = send(desk, wish, &t, err);
    if (rc == RC_OK)
        *ret = t;
    else
        test_sent_fini(&t);
    return rc;
}
