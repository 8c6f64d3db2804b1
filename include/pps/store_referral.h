/* The store's verbs for referrals: who brought whom, and what they get for it. */
#ifndef PPS_STORE_REFERRAL_H
#define PPS_STORE_REFERRAL_H

#include <pps/store.h>

/* With the names of both, which people need to see. */
struct referral_row {
    struct referral referral;
    char *by_name, *new_name;
};
void referral_row_fini(struct referral_row *row);
struct referral_list {
    struct referral_row *v;
    size_t n, cap;
};
void referral_list_fini(struct referral_list *list);

/* RC_EXISTS: the new client was brought already. Only `reward` of what is to be filled in later may be set. */
enum rc store_referral_add(struct store *store, const struct referral *referral, int64_t *ret_id,
                           struct err *err) MUST_CHECK;
/* The reward, and whether it was given. */
enum rc store_referral_update(struct store *store, const struct referral *referral,
                              struct err *err) MUST_CHECK;
/* For undo: it was never so. */
enum rc store_referral_drop(struct store *store, int64_t id, int64_t now,
                            struct err *err) MUST_CHECK;
enum rc store_referral_get(struct store *store, int64_t id, struct referral_row *ret,
                           struct err *err) MUST_CHECK; /* RC_NOTFOUND */
/* Those in which the client is the one who brought, or the one who was brought; the oldest first. */
enum rc store_referrals_of_client(struct store *store, int64_t client_id, struct referral_list *ret,
                                  struct err *err) MUST_CHECK;
/* All of them, or those whose reward is still owed. */
enum rc store_referral_list(struct store *store, bool open_only, struct referral_list *ret,
                            struct err *err) MUST_CHECK;

#endif
