/* Who may not stand in a message about a lost sale. Pure. */
#ifndef PPS_LOST_H
#define PPS_LOST_H

#include <stdbool.h>

#include <pps/config.h>
#include <pps/model.h>

/* So long after the last letter or call of the series an answer may still come. */
enum { LOST_ANSWER_DAYS = 14 };
/* What is due within so many days after it was lost is the series. What its playbook has later wakes them up when they are
 * likely to choose again: until then the series is over like any other that is through. */
enum { LOST_SERIES_DAYS = 120 };
/* So long after it was lost a sale to the same person is taken for their return, also when the series has ended. */
enum { LOST_RETURN_DAYS = 365 };

/* The same person, or whom the client cannot tell apart: the same address, or the same name. */
bool lost_same_person(const struct staff *a, const struct staff *b);

/* How whoever failed to sell would stand in a message to that client. */
enum lost_fault {
    LOST_FINE,    /* not at all */
    LOST_SIGNED,  /* under it */
    LOST_FROM,    /* as its sender */
    LOST_ANSWERED, /* as the one to whom an answer goes */
    LOST_STOPPED   /* as the one to whom "no more letters" goes */
};
/* signer NULL: the agency signs by its name. */
enum lost_fault lost_fault_of(const struct staff *loser, const struct staff *signer,
                              const struct config *config, enum channel channel);
/* Why it must not go, and what to change. NULL when nothing speaks against it. New string. */
char *lost_fault_words(enum lost_fault fault, const struct staff *loser,
                       const struct staff *signer);

#endif
