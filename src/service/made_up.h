/* A step of which there is nothing in the database yet. */
#ifndef PPS_SERVICE_MADE_UP_H
#define PPS_SERVICE_MADE_UP_H

#include "internal.h"

/* What has the step. */
struct made_up {
    struct desk
        desk; /* over the copy, whose store made_up_fini closes; store NULL: none was needed */
    int64_t
        occasion_id; /* in the copy, or, without one, in the database; 0: nothing could have the step */
    bool only_here;  /* the database has no such occasion, */
    bool invented;   /* and nobody has said what it is about: that is made up */
    const char *why; /* why the step is not planned; NULL: for its own reasons */
};

struct made_up_wish {
    const struct occasion *near; /* what was named; NULL: only the client was */
    int64_t client_id;
    const char *step;
    const char *lang; /* of words that are made up; NULL: the client's */
    const char *db_path;
};
/* Finds the step in the playbook of today, and what it could be about: what was named, or another occasion of the client, or
 * one that is made up. A trip never is: without one, its steps are nowhere. */
enum rc made_up_begin(const struct desk *desk, const struct made_up_wish *wish, struct made_up *ret,
                      struct err *err) MUST_CHECK;
void made_up_fini(struct made_up *made);

/* Whether an occasion has the step: in its plan, or in its playbook. */
bool occasion_has_step(const struct occasion_file *file, const char *key);

#endif
