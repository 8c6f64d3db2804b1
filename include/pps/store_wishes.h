/* The store's verbs for what people want: their words about being written to, pauses, one message to one person; and for
 * handing somebody's work over. */
#ifndef PPS_STORE_WISHES_H
#define PPS_STORE_WISHES_H

#include <pps/store.h>

/* ---- consent: rows are added and never changed; the last one about an address, channel and purpose counts ---- */
enum rc store_consent_add(struct store *store, const struct consent *consent, int64_t *ret_id,
                          struct err *err) MUST_CHECK;
enum rc store_consent_get(struct store *store, int64_t id, struct consent *ret,
                          struct err *err) MUST_CHECK; /* RC_NOTFOUND */
struct consent_list {
    struct consent *v;
    size_t n, cap;
};
void consent_list_fini(struct consent_list *list);
/* Every word about this e-mail address and this number (either may be NULL), the newest first. */
enum rc store_consent_list(struct store *store, const char *email, const char *phone,
                           struct consent_list *ret, struct err *err) MUST_CHECK;
/* The same for a client's card, and whatever they said about addresses that they had before; the oldest first. */
enum rc store_consents_of_client(struct store *store, const struct client *client,
                                 struct consent_list *ret, struct err *err) MUST_CHECK;

/* The ids of a client's actions that are in this state for this cause (CAUSE_NONE: for any). */
enum rc store_list_kept_back(struct store *store, int64_t client_id, enum action_state state,
                             enum cause cause, struct id_list *ret, struct err *err) MUST_CHECK;
/* The ids of the clients whose pause ends on this day or has ended before. */
enum rc store_list_pauses_over(struct store *store, civil_day today, struct id_list *ret,
                               struct err *err) MUST_CHECK;

/* ---- handing over ---- */
struct work {
    int64_t id;
    enum kind kind;
};
struct work_list {
    struct work *v;
    size_t n, cap;
};
void work_list_fini(struct work_list *list);
/* The occasions of a person that are not over: with anything open or red, a trip that has not returned by today, a
 * complaint that is not solved. */
enum rc store_list_work_of(struct store *store, int64_t staff_id, civil_day today,
                           struct work_list *ret, struct err *err) MUST_CHECK;
/* The trips among such, of everybody, whose manager has left or was never named; those that depart first come first. */
enum rc store_list_trips_of_nobody(struct store *store, civil_day today, struct id_list *ret,
                                   struct err *err) MUST_CHECK;
/* The things that a person prepares and that are not handed over yet. */
enum rc store_list_things_of(struct store *store, int64_t staff_id, struct id_list *ret,
                             struct err *err) MUST_CHECK;
/* Gives a thing from one owner to another (0: nobody). *ret_done false: it was not this owner's any more. */
enum rc store_thing_owner(struct store *store, int64_t thing_id, int64_t from, int64_t to,
                          bool *ret_done, struct err *err) MUST_CHECK;
/* The occasions whose signature is fixed already although it may still change: a message is made and waits for another
 * try; and open lost sales, about which not everybody may sign. */
enum rc store_list_signed(struct store *store, struct id_list *ret, struct err *err) MUST_CHECK;

/* ---- one person, one message ---- */
struct twin {
    int64_t action_id;
    bool under_way; /* a tick has it in hand: what becomes of it is not known yet */
};
struct twin_list {
    struct twin *v;
    size_t n, cap;
};
void twin_list_fini(struct twin_list *list);
/* Messages of the same step for other occasions that were given to this recipient since then (or may have been). The first
 * one first. */
enum rc store_shared_with(struct store *store, const struct action *action, const char *recipient,
                          int64_t since, struct twin_list *ret, struct err *err) MUST_CHECK;

/* ---- one person, one call ---- */
struct number_call {
    struct action action;
    struct civil departure, return_; /* of its trip; about an answer there are none */
    char *title;
    bool wrong; /* the number is marked as somebody else's */
};
struct number_calls {
    struct number_call *v;
    size_t n, cap;
};
void number_calls_fini(struct number_calls *list);
/* All calls about trips and answers to this number: to be made, made or skipped, and those that others stand for
 * (CAUSE_ONE_CALL). The oldest first. */
enum rc store_calls_of_number(struct store *store, const char *phone, struct number_calls *ret,
                              struct err *err) MUST_CHECK;
/* Those for which this call stands. */
enum rc store_calls_joined(struct store *store, int64_t action_id, struct id_list *ret,
                           struct err *err) MUST_CHECK;
/* Of whom to speak in this call as well: "Пётр, Павел (T3)"; with the trip when it is another one. NULL: nobody. */
enum rc store_also_called(struct store *store, int64_t action_id, char **ret,
                          struct err *err) MUST_CHECK;

#endif
