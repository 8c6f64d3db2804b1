/* Services: a client is forgotten, and of whom nothing was heard for so long that they may be. */
#ifndef PPS_FORGETTING_H
#define PPS_FORGETTING_H

#include <pps/service.h>
#include <pps/store_forget.h>
#include <pps/store_quiet.h>

/* What was erased; without a word about whose it was. */
struct forgotten {
    int64_t client_id, at;
    int64_t counts[FORGOT_KINDS];
    struct id_list alike;     /* other cards with the same number or address: they stay as they are */
    struct word_list handed;  /* what the gateways called the messages, or an outbox would: file names */
};
void forgotten_fini(struct forgotten *forgotten);

enum { FORGET_WHATEVER = -1 };
/* Overwrites everything that says who the client is, and every word of theirs; what is open ends. dry: only *ret, nothing
 * is changed. known_entry: the last entry of the log that was known when the client was chosen, or FORGET_WHATEVER was
 * entered since. RC_REJECTED: something was, a message is under way or in doubt, a trip is not over, or they are forgotten already. */
enum rc service_forget(const struct desk *desk, int64_t client_id, int64_t known_entry, bool dry,
                       struct forgotten *ret, struct err *err) MUST_CHECK;
/* The same inside the caller's transaction and after store_forget_begin, of a client whom an older copy of the database has
 * brought back: what that has open about them was settled meanwhile, so that trips that are not over are cancelled, and
 * messages in doubt dropped. */
enum rc service_forget_again(const struct desk *desk, int64_t client_id, struct forgotten *ret,
                             struct err *err) MUST_CHECK;
/* A client of whom nothing was heard since before a day. */
struct quiet_client {
    int64_t client_id;
    civil_day last; /* of the agency */
    enum trace_kind what; /* happened then */
    struct loose_end loose; /* kind LOOSE_NONE: nothing is open; otherwise they stay */
};
struct quiet_list {
    struct quiet_client *v; /* by number */
    size_t n;
    int64_t known_entry; /* for service_forget */
};
void quiet_list_fini(struct quiet_list *list);
/* Of whom the last trace is of a day before this one. What the machine sent by itself is no trace. */
enum rc service_quiet(const struct desk *desk, civil_day before, struct quiet_list *ret,
                      struct err *err) MUST_CHECK;
/* A line in the log, without words, that they have asked for it: before service_forget, which overwrites those before it. */
enum rc service_forget_asked(const struct desk *desk, int64_t client_id, struct err *err) MUST_CHECK;

#endif
