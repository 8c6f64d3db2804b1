/* For the tests of SMTP: an account at the scripted server, and one delivery through it. */
#ifndef PPS_TESTS_SMTP_FIXTURE_H
#define PPS_TESTS_SMTP_FIXTURE_H

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

#endif
