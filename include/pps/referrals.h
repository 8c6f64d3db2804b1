/* Services: who brought whom, and what they get for it. */
#ifndef PPS_REFERRALS_H
#define PPS_REFERRALS_H

#include <pps/service.h>
#include <pps/store_referral.h>

/* "R5", or a client who was brought: their referral. */
enum rc lookup_referral(const struct desk *desk, const char *words, int64_t *ret_id,
                        struct err *err) MUST_CHECK;
/* by and new: what lookup_client takes. RC_REJECTED: nobody brings themselves, is brought twice, or by whom they brought. */
enum rc service_refer(const struct desk *desk, const char *by, const char *new_client,
                      const char *reward, struct referral_row *ret, struct err *err) MUST_CHECK;
/* The reward was given. note: what it was, when it was not agreed before; else for the log. */
enum rc service_reward(const struct desk *desk, int64_t id, const char *note,
                       struct referral_row *ret, struct err *err) MUST_CHECK;

#endif
