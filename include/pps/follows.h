/* What a use case changed in what is planned for a client: who tells us something gets letters or calls because of it, and
 * other letters wait or stay away. */
#ifndef PPS_FOLLOWS_H
#define PPS_FOLLOWS_H

#include <pps/model.h>

struct follow {
    struct action action; /* as it is now */
    char *title;          /* of its step */
    const char *was;      /* the name of its state before, as action_state_shown says it; NULL: it was not there */
};
/* In order of time. */
struct follows {
    struct follow *v;
    size_t n, cap;
};
void follows_fini(struct follows *follows);

#endif
