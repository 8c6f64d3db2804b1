/* For the tests of SMTP: an account at the scripted server, and one delivery through it. */
#ifndef PPS_TESTS_SMTP_FIXTURE_H
#define PPS_TESTS_SMTP_FIXTURE_H

#include <poll.h>
#include <time.h>

#include <arpa/inet.h>
#include <sys/socket.h>

#include "gateway_fixture.h"

#include "../../src/gateway/gateway.h"

#define SMTP_SERVER "tests/fake/smtp_server.py"
#define LETTER "From: info@agency.example\r\nSubject: x\r\n\r\nHello\r\n"

/* A server that hangs must not hold the tests up. */
#define QUICK                                                                                      \
    {                                                                                              \
        .connect_sec = 5, .silence_sec = 1, .verdict_sec = 1, .quit_sec = 1, .total_sec = 20       \
    }

static inline struct gateway *account(const struct peer *peer, enum smtp_security security,
                                      bool login, const char *host, bool own_ca)
{
    char *ca = file_join(peer->dir, "ca.pem");
    struct smtp_config config = {.host = (char *)host,
                                 .port = peer->port,
                                 .security = security,
                                 .user = login ? (char *)"anna@agency.example" : NULL,
                                 .ca_file = own_ca ? ca : NULL,
                                 .ehlo = (char *)"pps.agency.example"};
    struct gateway *gateway = NULL;
    struct err err = {""};
    if (gateway_smtp_new(&config, "info@agency.example", login ? "geheim-42" : NULL, &gateway,
                         &err) != RC_OK)
        fail_msg("%s", err.message);
    free(ca);
    gateway_smtp_set_deadlines(gateway, &(struct smtp_deadlines)QUICK);
    return gateway;
}

static inline struct delivery deliver_bytes(struct gateway *gateway, struct witness *w,
                                            const char *bytes, size_t len)
{
    struct parcel parcel = {.action_id = 156,
                            .step = "thank-you",
                            .recipient = "maria@client.example",
                            .subject = "x",
                            .bytes = bytes,
                            .len = len,
                            .idem_key = "k",
                            .now = 1};
    struct delivery_hooks hooks = hooks_of(w);
    return gateway_deliver(gateway, &parcel, &hooks);
}

/* More than both sockets can hold: the server has read, and acted, before the last byte. */
static inline struct sb big_letter(void)
{
    struct sb big = {0};
    sb_add(&big, LETTER);
    while (big.len < 16u << 20)
        sb_add(&big, "0123456789012345678901234567890123456789012345678901234567890123456789\r\n");
    return big;
}

/* Connections that fill the queue of a listener which never takes one: the next one hangs. */
struct full {
    int listener, filler[4];
};

static inline void full_start(struct full *full, struct peer *peer)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof at;
    peer_init(peer);
    full->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(full->listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(full->listener, 0), 0);
    assert_int_equal(getsockname(full->listener, (struct sockaddr *)&at, &len), 0);
    peer->port = ntohs(at.sin_port);
    for (size_t i = 0; i < COUNT(full->filler); i++) {
        full->filler[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)connect(full->filler[i], (struct sockaddr *)&at, sizeof at);
    }
    struct pollfd last = {.fd = full->filler[COUNT(full->filler) - 1], .events = POLLOUT};
    assert_int_equal(poll(&last, 1, 0), 0); /* it is full */
}

static inline void full_end(struct full *full, struct peer *peer)
{
    for (size_t i = 0; i < COUNT(full->filler); i++)
        close(full->filler[i]);
    close(full->listener);
    peer_fini(peer);
}

/* A scripted server, how long each phase may take, and what must have come of it by when. */
struct timing {
    const char *args[5];
    struct smtp_deadlines deadlines;
    long most_sec;
    enum smtp_security security;
    bool login;
    bool hangs; /* the server falls silent for good */
    enum delivery_class class;
};

static inline void check_timing(const struct timing *t)
{
    const char *events = t->class == DELIVERY_SENT       ? SENT_EVENTS
                         : t->class == DELIVERY_IN_DOUBT ? "risk "
                                                         : "";
    struct peer peer;
    struct witness w = {0};
    bool own_ca = t->args[0] != NULL && t->args[0][0] == '-';
    peer_init(&peer);
    peer_start(&peer, SMTP_SERVER, t->args);
    struct gateway *gateway = account(&peer, t->security, t->login, "127.0.0.1", own_ca);
    gateway_smtp_set_deadlines(gateway, &t->deadlines);
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    struct delivery d = deliver_bytes(gateway, &w, LETTER, sizeof LETTER - 1);
    clock_gettime(CLOCK_MONOTONIC, &to);
    gateway_free(gateway);
    peer_stop(&peer);
    if (d.class != t->class || strcmp(w.events, events) != 0 ||
        to.tv_sec - from.tv_sec > t->most_sec)
        fail_msg("%s: %s [%s] %s after %ld seconds", t->args[0], delivery_class_name(d.class),
                 w.events, d.reason, (long)(to.tv_sec - from.tv_sec));
    assert_int_equal(peer_saw(&peer, "\"hang\""), t->hangs); /* we left, not the server */
    peer_fini(&peer);
}

#endif
