/* The lists of the morning: what each colleague has to do today, and what is red. They only look; the tick sends them. */
#ifndef PPS_DIGESTS_H
#define PPS_DIGESTS_H

#include <pps/digest.h>
#include <pps/service.h>
#include <pps/store_digest.h>

/* What stands in the list of somebody now. */
enum rc service_digest_gather(const struct desk *desk, const struct staff *colleague,
                              struct digest *ret, struct err *err) MUST_CHECK;
/* The letter, for the dispatcher's write_digest. *ret_nothing: they have nothing to do and get none, and *ret is not set.
 * Errors as in <pps/message.h>. */
enum rc service_digest(const struct desk *desk, const struct staff *colleague, struct rendered *ret,
                       bool *ret_nothing, struct err *err) MUST_CHECK;

/* A colleague and what became of their last list. */
struct digest_reader {
    struct staff staff;
    bool gets; /* has not left, and has an e-mail address */
    bool any;  /* there was one: */
    struct digest_fate last;
};
struct digest_readers {
    struct digest_reader *v;
    size_t n, cap;
};
void digest_readers_fini(struct digest_readers *readers);
/* Those who have not left. */
enum rc service_digest_readers(const struct desk *desk, struct digest_readers *ret,
                               struct err *err) MUST_CHECK;
/* The last day whose list must have gone, or be settled, by now; CIVIL_NONE: none are sent. */
civil_day digest_last_due(const struct desk *desk);

#endif
