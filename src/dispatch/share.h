/* share.c: one person, one message. */
#ifndef PPS_DISPATCH_SHARE_H
#define PPS_DISPATCH_SHARE_H

#include "internal.h"

/* A message with what it is about. */
struct share_side {
    const struct action *action;
    const struct occasion *occasion;
    const struct actions *actions; /* of the occasion */
};
/* Whether somebody who has the other message needs mine no more; both are of this step (NULL: unknown). Pure. */
bool share_is_same(const struct step *step, const struct share_side *mine,
                   const struct share_side *other);

struct sharing {
    bool had;       /* the same was given to the same address today */
    bool under_way; /* it is being given to it just now: what becomes of it is not known yet */
    char *reason;   /* when had: to whom */
};
void sharing_fini(struct sharing *sharing);
enum rc share_look(const struct dispatcher *d, const struct action *action, struct sharing *ret,
                   struct err *err) MUST_CHECK;

#endif
