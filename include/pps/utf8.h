/* UTF-8: validity, terminal width, folding for search, and safety of what is shown. */
#ifndef PPS_UTF8_H
#define PPS_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes one character at s (n bytes are readable). Returns its length 1..4 and sets *ret_cp, or
 * returns 0 when the bytes are not UTF-8 (RFC 3629: no overlong forms, no surrogates, <= U+10FFFF).
 */
size_t utf8_decode(const char *s, size_t n, uint32_t *ret_cp);
/* Writes cp to buf (4 bytes) and returns the length. cp must be a valid scalar value. */
size_t utf8_encode(uint32_t cp, char buf[4]);

/* The offset of the first byte that is not valid UTF-8, or n when all is well. */
size_t utf8_valid_until(const char *s, size_t n);

/* Characters that must never reach a terminal, a header or a message from data: C0 (but not TAB and
 * LF), DEL, C1, line and paragraph separators, bidirectional controls. */
bool utf8_is_unsafe(uint32_t cp);

/* A letter of any alphabet. */
bool utf8_is_letter(uint32_t cp);

/* Whether there is anything to see: not for blanks, and not for characters that take no room. s must be valid. */
bool utf8_is_visible(const char *s);

/* Columns that s takes on a terminal; wide characters count 2, combining ones 0. s must be valid.
 */
size_t utf8_width(const char *s);
/* The longest prefix of s that fits `columns`; returns its length in bytes. */
size_t utf8_prefix_bytes(const char *s, size_t columns);
/* Number of characters (scalar values). */
size_t utf8_length(const char *s);

/* Lower case for searching, «ё» as «е»; new string. Works without a locale being set. */
char *utf8_fold(const char *s);

/* A copy that is safe to show on a terminal: every unsafe or invalid byte sequence becomes "�",
 * TAB and LF become a space when one_line. New string. */
char *utf8_printable(const char *s, bool one_line);

/* s in quotation marks for an error line: printable, one line, at most 60 characters and then "…".
 * New string. */
char *utf8_quote(const char *s);

#endif
