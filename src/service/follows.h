/* Private: how a use case finds out what it changed in the plan of a client. Inside its transaction. */
#ifndef PPS_SERVICE_FOLLOWS_H
#define PPS_SERVICE_FOLLOWS_H

#include <pps/follows.h>

#include "internal.h"

/* What was planned before. */
struct before {
    struct actions actions;
};
enum rc before_of_client(const struct desk *desk, int64_t client_id, struct before *ret,
                         struct err *err) MUST_CHECK;
void before_fini(struct before *before);
/* What is different now. */
enum rc follows_of_client(const struct desk *desk, int64_t client_id, const struct before *before,
                          struct follows *ret, struct err *err) MUST_CHECK;

#endif
