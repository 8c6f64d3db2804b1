/* Private: what became due, and no tick has seen it. */
#ifndef PPS_SERVICE_UNSEEN_H
#define PPS_SERVICE_UNSEEN_H

#include "internal.h"

/* The moment since which something is due that no tick has looked at for two hours of work; 0: there is nothing. */
enum rc unseen_since(const struct desk *desk, int64_t last_tick_at, int64_t *ret,
                     struct err *err) MUST_CHECK;

#endif
