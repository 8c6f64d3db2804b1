/* Between referrals, the sales that bring them along, and undo. */
#ifndef PPS_SERVICE_REFERRAL_H
#define PPS_SERVICE_REFERRAL_H

#include <pps/referrals.h>

#include "internal.h"

/* Inside a transaction, with its line in the log. reward may be NULL. */
enum rc referral_record(const struct desk *desk, int64_t by_id, int64_t new_id, const char *reward,
                        int64_t *ret_id, struct err *err) MUST_CHECK;

/* ---- undo_referral.c ---- */
bool is_referral_verb(const char *verb);
/* Which referral an entry is about; 0: none. */
int64_t referral_of_entry(const struct audit_entry *entry);
/* The newest change of a referral that was not taken back yet. RC_NOTFOUND. audit_entry_fini the result. */
enum rc referral_last_change(const struct desk *desk, int64_t id, struct audit_entry *ret,
                             struct err *err) MUST_CHECK;
/* Takes it back, provided nothing was changed since. Inside a transaction. */
enum rc undo_referral(const struct desk *desk, const struct audit_entry *entry, char **ret_what,
                      struct err *err) MUST_CHECK;

/* ---- undo.c ---- */
/* Whether one of the n entries, the newest first, took back the entry with this id. */
bool was_undone(const struct audit_list *list, size_t n, int64_t id);

#endif
