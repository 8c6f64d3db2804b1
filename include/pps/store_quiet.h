/* The store's verbs that tell when something last happened between us and each client, and what is still open with them. */
#ifndef PPS_STORE_QUIET_H
#define PPS_STORE_QUIET_H

#include <pps/store.h>

/* What may have been the last thing. What the machine does by itself, messages and greetings, is none of them. */
enum trace_kind {
    TRACE_ENTERED,   /* the card was made */
    TRACE_SALE,      /* a trip was entered, cancelled ones too */
    TRACE_TRIP,      /* they returned, or will */
    TRACE_LOST,
    TRACE_ANSWER,
    TRACE_COMPLAINT, /* it came, or was solved */
    TRACE_TALK,      /* a call, a visit, a task was ticked off */
    TRACE_WORD,      /* a word about being written to */
    TRACE_THING,
    TRACE_REFERRAL,  /* they brought somebody, or were brought */
    TRACE_CARD,      /* a person changed the card, or noted something */
    TRACE_KINDS
};
/* The last of what is known by its day, and the last of what is known by its instant (0: none such). */
struct trace {
    int64_t client_id;
    civil_day day; /* CIVIL_NONE: none such */
    enum trace_kind day_kind;
    int64_t at;
    enum trace_kind at_kind;
};
/* Of every client who was not forgotten, by number. fn must not use the store. */
typedef void trace_visit(void *ctx, const struct trace *trace);
enum rc store_traces(struct store *store, trace_visit *fn, void *ctx, struct err *err) MUST_CHECK;

/* What is not over with a client; the id is that of the action, thing … */
enum loose_kind {
    LOOSE_NONE,
    LOOSE_UNSURE,    /* a message that is under way or in doubt */
    LOOSE_COMPLAINT, /* not solved */
    LOOSE_WORK,      /* a step that is still to be done, or red; not what greets them */
    LOOSE_REWARD,    /* owed for whom they brought */
    LOOSE_THING,     /* not handed over */
    LOOSE_PAUSE      /* of the client, who is not to be written to until a day that is ahead */
};
struct loose_end {
    int64_t client_id, id;
    enum loose_kind kind;
};
struct loose_ends {
    struct loose_end *v; /* by client; of each client first what weighs most */
    size_t n;
};
/* A message that was missed or refused before that day is over: nobody makes up for it any more. */
enum rc store_loose_ends(struct store *store, civil_day before, civil_day today,
                         struct loose_ends *ret, struct err *err) MUST_CHECK;
void loose_ends_fini(struct loose_ends *ends);

#endif
