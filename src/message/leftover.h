/* What was meant as a name, and would be read as it stands. */
#ifndef PPS_MESSAGE_LEFTOVER_H
#define PPS_MESSAGE_LEFTOVER_H

#include <stdbool.h>
#include <stddef.h>

struct leftover {
    const char *at;
    size_t len;
    const char *name; /* the name in it; NULL: a brace alone */
    size_t name_len;
};
/* Whether there is a variable of this name, which is not terminated. */
typedef bool leftover_known(void *ctx, const char *name, size_t len);

/* The first in a text, which has no tags any more; false: none. Borrows. */
bool leftover_find(const char *text, size_t len, leftover_known *is_known, void *ctx,
                   struct leftover *ret);

#endif
