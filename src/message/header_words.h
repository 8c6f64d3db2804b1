/* Words of people in the header of a mail, which holds ASCII only: encoded words (RFC 2047). */
#ifndef PPS_MESSAGE_HEADER_WORDS_H
#define PPS_MESSAGE_HEADER_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include <pps/str.h>

/* Whether the text must be encoded: it is no ASCII, or so long without a blank that no line could hold it. */
bool header_needs_words(const char *text);
/* Adds the text as encoded words of UTF-8, from this column of the line on; lines end with "\n ", and none is longer than 76.
 * The first word stands on the first line. No word ends between a letter and its accents, as long as they fit into one.
 * Returns the column behind the last. May stand in a phrase (a name before an address). */
size_t header_words(struct sb *out, size_t column, const char *text);

#endif
