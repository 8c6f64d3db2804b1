/* The store's verbs by which a client is forgotten. As in <pps/store.h>, writing verbs only inside a transaction. */
#ifndef PPS_STORE_FORGET_H
#define PPS_STORE_FORGET_H

#include <pps/store.h>
#include <pps/wordlist.h>

/* What there was of a client, and is no more. */
enum forgotten_kind {
    FORGOT_STOPPED,    /* steps that were still to be done, or red */
    FORGOT_MESSAGES,   /* letters and SMS, word for word */
    FORGOT_DOCUMENTS,
    FORGOT_REMARKS,    /* notes and reasons of single steps */
    FORGOT_FEEDBACK,
    FORGOT_COMPLAINTS,
    FORGOT_LOST,       /* what was said about lost sales */
    FORGOT_THINGS,
    FORGOT_REFERRALS,  /* what they were promised for others whom they brought */
    FORGOT_CONSENTS,   /* words about being written to, but for each last "no" */
    FORGOT_FACTS,
    FORGOT_MARKS,
    FORGOT_LOG,        /* words in the log */
    FORGOT_KINDS
};
/* "messages", "documents" … */
const char *forgotten_kind_name(enum forgotten_kind kind);

/* What keeps a client from being forgotten. action_id, occasion_id 0: no such thing. */
struct forget_obstacle {
    int64_t action_id; /* a message that is under way, or */
    bool in_doubt;     /* of which nobody knows whether it arrived */
    int64_t trip_id;   /* that has not returned, or not begun: */
    bool ahead;
};
enum rc store_forget_obstacle(struct store *store, int64_t client_id, civil_day today,
                              struct forget_obstacle *ret, struct err *err) MUST_CHECK;
/* How many entries of the log are about a client and younger than the one with this number. */
enum rc store_forget_since(struct store *store, int64_t client_id, int64_t entry, int64_t *ret,
                           struct err *err) MUST_CHECK;
/* What the gateways called the messages of a client: of an outbox, the names of its files. word_list_fini it. */
enum rc store_forget_evidence(struct store *store, int64_t client_id, struct word_list *ret,
                              struct err *err) MUST_CHECK;
/* Of each message of a client that was made, sent or not, what tells its name in an outbox. fn must not use the store. */
struct frozen_name {
    int64_t action_id, frozen_at;
    const char *step;
    enum channel channel;
};
typedef void frozen_visit(void *ctx, const struct frozen_name *message);
enum rc store_forget_frozen(struct store *store, int64_t client_id, frozen_visit *fn, void *ctx,
                            struct err *err) MUST_CHECK;
/* What is deleted or overwritten from now on is overwritten in the file, too, and no journal keeps it after the commit.
 * Outside a transaction. */
enum rc store_forget_begin(struct store *store, struct err *err) MUST_CHECK;
/* Overwrites the card and every word; ret_counts[FORGOT_KINDS]: how many rows of each kind there were. */
enum rc store_forget(struct store *store, int64_t client_id, int64_t now, int64_t *ret_counts,
                     struct err *err) MUST_CHECK;
/* Whether this card is one of a client who was forgotten. */
bool client_is_forgotten(const struct client *client);

#endif
