/* Where telephone numbers stand in a text, so that no line of a letter ends within one: half a number is read, and dialled,
 * wrong. Takes a number with its country, and one that begins with 0 or 8, as people write it at home; what else looks
 * so (8 000 000 000) is not to be broken either. Serves markdown.c. */
#include <ctype.h>
#include <string.h>

#include <pps/str.h>

#include "phone.h"

enum { MIN_DIGITS = 7, MIN_DIGITS_AT_HOME = 9, MAX_DIGITS = 15, MAX_BETWEEN = 2 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What may stand between two groups: its length in bytes, 0: this is none. */
static size_t between(const char *s)
{
    if (*s == ' ' || *s == '-' || *s == '(' || *s == ')')
        return 1;
    return str_starts(s, "\xC2\xA0") ? 2 : 0;
}

/* A number is no part of a word, a link or a longer number. */
static bool may_begin(const char *text, size_t at)
{
    bool country = text[at] == '+' && is_digit(text[at + 1]);
    if (!country && text[at] != '0' && text[at] != '8')
        return false;
    return at == 0 ||
           !(isalnum((unsigned char)text[at - 1]) || strchr("+-./_=#@&?%,:", text[at - 1]) != NULL);
}

/* The length of the number that begins here; 0: none does. */
static size_t length_at(const char *s)
{
    size_t digits = 0, groups = 0, end = 0, i = s[0] == '+';
    for (size_t gap = 0; gap <= MAX_BETWEEN;) {
        size_t skip = between(s + i);
        if (is_digit(s[i])) {
            groups += gap > 0 || digits == 0;
            gap = 0;
            digits++;
            end = ++i;
        } else if (skip > 0) {
            gap++;
            i += skip;
        } else {
            break;
        }
    }
    size_t least = s[0] == '+' ? MIN_DIGITS : MIN_DIGITS_AT_HOME;
    return digits >= least && digits <= MAX_DIGITS && groups > 1 ? end : 0;
}

bool phone_find(const char *text, size_t from, size_t *ret_at, size_t *ret_len)
{
    for (size_t i = from; text[i] != '\0'; i++) {
        size_t len = may_begin(text, i) ? length_at(text + i) : 0;
        if (len == 0)
            continue;
        *ret_at = i;
        *ret_len = len;
        return true;
    }
    return false;
}
