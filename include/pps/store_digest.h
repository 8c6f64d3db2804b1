/* The store's verbs for the lists of the morning. As in <pps/store.h>, writing verbs only inside a transaction. */
#ifndef PPS_STORE_DIGEST_H
#define PPS_STORE_DIGEST_H

#include <pps/store.h>

/* What became of the list of one person and day. */
enum digest_state {
    DIGEST_WAITING, /* certainly not accepted yet; tried again at next_at */
    DIGEST_AT_RISK, /* past its point of no return */
    DIGEST_SENT,
    DIGEST_NOTHING, /* they had nothing to do: no list */
    DIGEST_FAILED,  /* refused for good */
    DIGEST_IN_DOUBT /* nobody knows; it is not repeated */
};
const char *digest_state_name(enum digest_state state); /* "waiting" "at_risk" … */

struct digest_fate {
    int64_t staff_id;
    civil_day day;
    enum digest_state state;
    int tries;       /* certain refusals */
    int64_t next_at; /* when it waits */
    int64_t risk_at, done_at;
    int64_t seq; /* number of its handing over, of one row with those of messages; 0: none */
    char *reply; /* one line; NULL: nothing to say */
};
void digest_fate_fini(struct digest_fate *fate);
struct digest_fates {
    struct digest_fate *v;
    size_t n, cap;
};
void digest_fates_fini(struct digest_fates *fates);

/* RC_NOTFOUND, without words: nothing was done about it yet. */
enum rc store_digest_get(struct store *store, int64_t staff_id, civil_day day,
                         struct digest_fate *ret, struct err *err) MUST_CHECK;
/* T2: nothing or waiting -> at_risk. *ret_seq is the number of this handing over; 0: it must not go. */
enum rc store_digest_at_risk(struct store *store, int64_t staff_id, civil_day day, int64_t now,
                             int64_t *ret_seq, struct err *err) MUST_CHECK;
/* What became of it: everything but risk_at and seq is written. RC_REJECTED: that is settled already. */
enum rc store_digest_put(struct store *store, const struct digest_fate *fate,
                         struct err *err) MUST_CHECK;
/* What a dead tick left at risk. */
enum rc store_digests_at_risk(struct store *store, struct digest_fates *ret,
                              struct err *err) MUST_CHECK;
/* The last of each person, by number. */
enum rc store_digests_last(struct store *store, struct digest_fates *ret,
                           struct err *err) MUST_CHECK;

#endif
