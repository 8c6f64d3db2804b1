/* Private to util: whether a text is JSON, strictly (RFC 8259). */
#ifndef PPS_UTIL_JSON_CHECK_H
#define PPS_UTIL_JSON_CHECK_H

#include <stddef.h>

/* NULL when the text is JSON; else what is wrong, with the offset of the place. Brackets nest at most max_depth deep;
 * \u0000 is refused, because it would silently end a string. The text must be UTF-8. */
const char *json_check(const char *s, size_t len, int max_depth, size_t *ret_at);

#endif
