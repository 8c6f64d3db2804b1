/* Telephone numbers among the words of a letter. Pure. */
#ifndef PPS_MESSAGE_PHONE_H
#define PPS_MESSAGE_PHONE_H

#include <stdbool.h>
#include <stddef.h>

/* The first number at or behind `from` that is written in groups, "+7 495 123-45-67", "8 (800) 555-35-35"; *ret_len bytes.
 * The blanks in it may be such that do not break. False: there is none. */
bool phone_find(const char *text, size_t from, size_t *ret_at, size_t *ret_len);

#endif
