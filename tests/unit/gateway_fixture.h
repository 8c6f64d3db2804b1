/* For the tests of the gateways: hooks that remember in which order they were called, and an account at a scripted SMS
 * provider. */
#ifndef PPS_TESTS_GATEWAY_FIXTURE_H
#define PPS_TESTS_GATEWAY_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pps/gateway.h>

#include "fake/peer.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define SENT_EVENTS "risk accepted "

struct witness {
    bool deny;
    bool (*stop)(const struct witness *w); /* what stopping() says; NULL: no */
    const struct peer *peer;               /* for stop_when_logged */
    const char *logged;
    size_t looks; /* how often stopping() was asked */
    char events[64];
    struct delivery told;
};

static inline bool on_risk(void *ctx)
{
    struct witness *w = ctx;
    strcat(w->events, "risk ");
    return !w->deny;
}

static inline void on_accepted(void *ctx, const struct delivery *delivery)
{
    struct witness *w = ctx;
    strcat(w->events, "accepted ");
    w->told = *delivery;
}

static inline bool on_stopping(void *ctx)
{
    struct witness *w = ctx;
    w->looks++;
    return w->stop != NULL && w->stop(w);
}

static inline bool stop_at_once(const struct witness *w)
{
    (void)w;
    return true;
}

/* The first look is taken before anything is done. */
static inline bool stop_at_the_second_look(const struct witness *w)
{
    return w->looks >= 2;
}

static inline bool stop_when_logged(const struct witness *w)
{
    return peer_has_logged(w->peer, w->logged);
}

static inline bool stop_after_the_risk(const struct witness *w)
{
    return strstr(w->events, "risk") != NULL;
}

static inline struct delivery_hooks hooks_of(struct witness *w)
{
    return (struct delivery_hooks){
        .before_risk = on_risk, .accepted = on_accepted, .stopping = on_stopping, .ctx = w};
}

static inline struct gateway *sms_account(const struct peer *peer, const char *url,
                                          const char *preset, bool own_ca, int max_parts)
{
    char *ca = file_join(peer->dir, "ca.pem");
    struct sms_http_config config = {.url = (char *)url,
                                     .user = (char *)"anna",
                                     .sender = (char *)"AGENCY",
                                     .ca_file = own_ca ? ca : NULL,
                                     .max_parts = max_parts};
    struct gateway *gateway = NULL;
    struct err err = {""};
    if (gateway_http_new(&config, "ge heim&42", preset, strlen(preset), "fake.json", &gateway,
                         &err) != RC_OK)
        fail_msg("%s", err.message);
    free(ca);
    return gateway;
}

/* One server for a whole table: the action "a={…}" of row 3 is what it answers at "/3". */
static inline void peer_start_rows(struct peer *peer, const char *script,
                                   const char *const *actions, size_t n)
{
    char *args[PEER_ARGS_MAX] = {NULL};
    assert_true(n < COUNT(args));
    for (size_t i = 0; i < n; i++)
        args[i] = xasprintf("%zu%s", i, strchr(actions[i], '='));
    peer_start(peer, script, (const char *const *)args);
    for (size_t i = 0; i < n; i++)
        free(args[i]);
}

/* How many requests were made for a row. */
static inline size_t requests_of_row(const struct peer *peer, size_t row)
{
    char *beginning = xasprintf("{\"request\": \"GET /%zu?", row);
    size_t n = peer_count(peer, beginning);
    free(beginning);
    return n;
}

static inline int gateways_start(void **state)
{
    (void)state;
    struct err err;
    assert_int_equal(gateway_global_init(&err), RC_OK);
    return 0;
}

static inline int gateways_finish(void **state)
{
    (void)state;
    gateway_global_fini();
    return 0;
}

#endif
