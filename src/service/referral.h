/* Between referrals, the sales that bring them along, and undo. */
#ifndef PPS_SERVICE_REFERRAL_H
#define PPS_SERVICE_REFERRAL_H

#include <pps/referrals.h>

#include "internal.h"

/* Inside a transaction, with its line in the log. reward may be NULL. */
enum rc referral_record(const struct desk *desk, int64_t by_id, int64_t new_id, const char *reward,
                        int64_t *ret_id, struct err *err) MUST_CHECK;

#endif
