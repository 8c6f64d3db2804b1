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

enum leftover_watch {
    LEFTOVER_ANYTHING, /* the text may hold whatever it likes */
    LEFTOVER_NAMES,    /* names, but a brace alone may be meant: a layout has CSS */
    LEFTOVER_BRACES    /* words for people: a brace alone is a slip, too */
};
/* The first in a text, which has no tags any more; false: none. Borrows. */
bool leftover_find(const char *text, size_t len, enum leftover_watch watch,
                   leftover_known *is_known, void *ctx, struct leftover *ret);

#endif
