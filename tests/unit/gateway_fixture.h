/* For the tests of the gateways: hooks that remember in which order they were called. */
#ifndef PPS_TESTS_GATEWAY_FIXTURE_H
#define PPS_TESTS_GATEWAY_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pps/gateway.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define SENT_EVENTS "risk accepted "

struct witness {
    bool deny;
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

static inline int gateways_start(void **state)
{
    (void)state;
    gateway_global_init();
    return 0;
}

static inline int gateways_finish(void **state)
{
    (void)state;
    gateway_global_fini();
    return 0;
}

#endif
