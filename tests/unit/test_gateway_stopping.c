/* The program is asked to end while a message is on its way: before the point of no return the
 * transfer is broken off, wherever it stands; after it the verdict is waited for. */
#include <netdb.h>
#include <poll.h>
#include <stdatomic.h>

#include "smtp_fixture.h"

#define SMS_SERVER "tests/fake/http_server.py"
#define PRESET                                                                                     \
    "{\"name\":\"Fake\",\"method\":\"GET\",\"path\":\"/a\",\"max_parts\":3,"                       \
    "\"query\":{\"to\":\"{phone}\",\"text\":\"{text}\"},"                                          \
    "\"answers\":[{\"http\":[200],\"body_prefix\":\"OK\",\"verdict\":\"accepted\"}]}"

enum { SOON_SEC = 5 }; /* "about once a second", on a busy machine */

/* So long that they cannot be what ends a transfer. */
static const struct smtp_deadlines long_deadlines = {
    .connect_sec = 60, .silence_sec = 60, .verdict_sec = 60, .quit_sec = 1, .total_sec = 120};

static struct gateway *mail_account(const struct peer *peer, const char *host)
{
    struct gateway *gateway = account(peer, SMTP_PLAIN, false, host, false);
    gateway_smtp_set_deadlines(gateway, &long_deadlines);
    return gateway;
}

static struct gateway *text_account(const struct peer *peer, const char *scheme, const char *host)
{
    char *url = xasprintf("%s://%s:%d", scheme, host, peer->port);
    struct gateway *gateway = sms_account(peer, url, PRESET, false, 3);
    free(url);
    return gateway;
}

static struct delivery deliver_text(struct gateway *gateway, struct witness *w)
{
    struct parcel parcel = {
        .recipient = "+79031234567", .bytes = "Hello", .len = 5, .idem_key = "k", .now = 1};
    struct delivery_hooks hooks = hooks_of(w);
    return gateway_deliver(gateway, &parcel, &hooks);
}

static struct delivery deliver_letter(struct gateway *gateway, struct witness *w)
{
    return deliver_bytes(gateway, w, LETTER, sizeof LETTER - 1);
}

/* Delivers through the gateway, frees it, and asserts that the end came soon and cost nothing. */
static struct delivery assert_broken_off(struct gateway *gateway, struct witness *w,
                                         struct delivery (*deliver)(struct gateway *,
                                                                    struct witness *))
{
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    struct delivery d = deliver(gateway, w);
    clock_gettime(CLOCK_MONOTONIC, &to);
    gateway_free(gateway);
    if (d.class != DELIVERY_STOPPED || w->events[0] != '\0' || to.tv_sec - from.tv_sec > SOON_SEC)
        fail_msg("%s [%s] %s after %ld seconds", delivery_class_name(d.class), w->events, d.reason,
                 (long)(to.tv_sec - from.tv_sec));
    return d;
}

/* ---- before anything is done ---- */

static void nothing_is_begun(void **state)
{
    (void)state;
    struct peer peer;
    struct witness letter = {.stop = stop_at_once}, text = {.stop = stop_at_once};
    peer_init(&peer);
    peer_start(&peer, SMTP_SERVER, (const char *[]){NULL});
    (void)assert_broken_off(mail_account(&peer, "127.0.0.1"), &letter, deliver_letter);
    (void)assert_broken_off(text_account(&peer, "http", "localhost"), &text, deliver_text);
    peer_stop(&peer);
    assert_string_equal(peer.log, ""); /* not even a connection */
    assert_int_equal(letter.looks, 1);
    assert_int_equal(text.looks, 1);
    peer_fini(&peer);
}

/* ---- before the point of no return ---- */

static void a_silent_mail_server_is_left(void **state)
{
    (void)state;
    static const struct {
        const char *step, *logged;
        int code;
    } cases[] = {
        {"connect=hang", "{\"hang\": \"connect\"}", 0},
        {"mail=hang", "{\"hang\": \"mail\"}", 250},
        {"data=hang", "{\"hang\": \"data\"}", 250},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct peer peer;
        struct witness w = {.stop = stop_when_logged, .peer = &peer, .logged = cases[i].logged};
        peer_init(&peer);
        peer_start(&peer, SMTP_SERVER, (const char *[]){cases[i].step, NULL});
        struct delivery d = assert_broken_off(mail_account(&peer, "127.0.0.1"), &w, deliver_letter);
        peer_stop(&peer);
        assert_int_equal(d.code, cases[i].code);
        assert_string_equal(d.reason, "stopped before the last byte of the letter");
        assert_false(peer_saw(&peer, "\"accepted\""));
        peer_fini(&peer);
    }
}

/* A mail server says nothing to a client that begins with TLS, and waits. */
static void a_silent_handshake_is_left(void **state)
{
    (void)state;
    struct peer peer;
    struct witness w = {
        .stop = stop_when_logged, .peer = &peer, .logged = "{\"hang\": \"connect\"}"};
    peer_init(&peer);
    peer_start(&peer, SMTP_SERVER, (const char *[]){"connect=hang", NULL});
    struct delivery d =
        assert_broken_off(text_account(&peer, "https", "localhost"), &w, deliver_text);
    peer_stop(&peer);
    assert_int_equal(d.code, 0);
    assert_string_equal(d.reason, "stopped before the request");
    peer_fini(&peer);
}

static void a_connection_that_does_not_come_about_is_left(void **state)
{
    (void)state;
    struct full full;
    struct peer peer;
    struct witness letter = {.stop = stop_at_the_second_look};
    struct witness text = {.stop = stop_at_the_second_look};
    full_start(&full, &peer);
    (void)assert_broken_off(mail_account(&peer, "127.0.0.1"), &letter, deliver_letter);
    (void)assert_broken_off(text_account(&peer, "http", "127.0.0.1"), &text, deliver_text);
    assert_int_equal(letter.looks, 2);
    assert_int_equal(text.looks, 2);
    full_end(&full, &peer);
}

/* ---- a name server that does not answer ---- */

static struct {
    atomic_bool asked;
    int release[2];
} resolver;

/* Instead of the C library's: answers nothing before the test is over. */
int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                struct addrinfo **ret)
{
    (void)service, (void)hints, (void)ret;
    if (strcmp(name, "slow.example") != 0)
        return EAI_NONAME;
    struct pollfd wait = {.fd = resolver.release[0]};
    atomic_store(&resolver.asked, true);
    (void)poll(&wait, 1, 60 * 1000);
    return EAI_AGAIN;
}

static bool stop_when_resolving(const struct witness *w)
{
    (void)w;
    return atomic_load(&resolver.asked);
}

static void a_silent_name_server_is_left(void **state)
{
    (void)state;
    struct peer peer;
    peer_init(&peer);
    peer.port = 25;
    for (int i = 0; i < 2; i++) {
        struct witness w = {.stop = stop_when_resolving};
        atomic_store(&resolver.asked, false);
        assert_int_equal(pipe(resolver.release), 0);
        if (i == 0)
            (void)assert_broken_off(mail_account(&peer, "slow.example"), &w, deliver_letter);
        else
            (void)assert_broken_off(text_account(&peer, "https", "slow.example"), &w, deliver_text);
        close(resolver.release[1]); /* the other end stays open for the thread that waits at it */
    }
    peer_fini(&peer);
}

/* Nobody asks to end: the time limit of a connection counts for its name, too. */
static void a_silent_name_server_has_its_time_limit(void **state)
{
    (void)state;
    static const struct smtp_deadlines short_deadlines = {
        .connect_sec = 1, .silence_sec = 60, .verdict_sec = 60, .quit_sec = 1, .total_sec = 120};
    struct peer peer;
    struct timespec from, to;
    struct witness w = {.stop = NULL};
    peer_init(&peer);
    peer.port = 25;
    assert_int_equal(pipe(resolver.release), 0);
    struct gateway *gateway = mail_account(&peer, "slow.example");
    gateway_smtp_set_deadlines(gateway, &short_deadlines);
    clock_gettime(CLOCK_MONOTONIC, &from);
    struct delivery d = deliver_letter(gateway, &w);
    clock_gettime(CLOCK_MONOTONIC, &to);
    gateway_free(gateway);
    assert_int_equal(d.class, DELIVERY_NOT_SENT);
    assert_string_equal(w.events, "");
    assert_true(to.tv_sec - from.tv_sec <= SOON_SEC);
    close(resolver.release[1]);
    peer_fini(&peer);
}

/* ---- what is known is not forgotten ---- */

static void a_refusal_stays_a_refusal(void **state)
{
    (void)state;
    struct peer peer;
    struct witness w = {.stop = stop_when_logged, .peer = &peer, .logged = "{\"hang\": \"quit\"}"};
    peer_init(&peer);
    peer_start(&peer, SMTP_SERVER, (const char *[]){"rcpt=550 no", "quit=hang", NULL});
    struct gateway *gateway = mail_account(&peer, "127.0.0.1");
    struct delivery d = deliver_letter(gateway, &w);
    gateway_free(gateway);
    peer_stop(&peer);
    assert_int_equal(d.class, DELIVERY_REFUSED_PERM);
    assert_true(peer_saw(&peer, w.logged));
    peer_fini(&peer);
}

/* ---- after the point of no return ---- */

static void a_verdict_is_waited_for(void **state)
{
    (void)state;
    struct peer peer;
    struct witness letter = {.stop = stop_after_the_risk}, text = {.stop = stop_after_the_risk};
    peer_init(&peer);
    peer_start(&peer, SMTP_SERVER, (const char *[]){NULL});
    struct gateway *gateway = mail_account(&peer, "127.0.0.1");
    struct delivery d = deliver_letter(gateway, &letter);
    gateway_free(gateway);
    peer_stop(&peer);
    assert_int_equal(d.class, DELIVERY_SENT);
    assert_string_equal(letter.events, SENT_EVENTS);
    assert_true(letter.looks > 0);
    peer_fini(&peer);

    peer_init(&peer);
    peer_start(&peer, SMS_SERVER, (const char *[]){"a={\"body\":\"OK\"}", NULL});
    gateway = text_account(&peer, "http", "localhost");
    d = deliver_text(gateway, &text);
    gateway_free(gateway);
    peer_stop(&peer);
    assert_int_equal(d.class, DELIVERY_SENT);
    assert_string_equal(text.events, SENT_EVENTS);
    assert_true(text.looks > 0);
    peer_fini(&peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_begun),
        cmocka_unit_test(a_silent_mail_server_is_left),
        cmocka_unit_test(a_silent_handshake_is_left),
        cmocka_unit_test(a_connection_that_does_not_come_about_is_left),
        cmocka_unit_test(a_silent_name_server_is_left),
        cmocka_unit_test(a_silent_name_server_has_its_time_limit),
        cmocka_unit_test(a_refusal_stays_a_refusal),
        cmocka_unit_test(a_verdict_is_waited_for),
    };
    return cmocka_run_group_tests(tests, gateways_start, gateways_finish);
}
