/* When to try again after "not now". Pure. */
#ifndef PPS_RETRY_H
#define PPS_RETRY_H

#include <stdint.h>

/* Seconds until try number attempts + 1: 5 minutes, doubling up to an hour, with up to 20 % of
 * jitter either way taken from `noise` (any number), so that a thousand letters refused together do
 * not come back together. Postfix's minimal back-off is the same 300 s; its doubling ends at 4000
 * s. attempts >= 1. */
int32_t retry_delay_sec(int attempts, uint32_t noise);

#endif
