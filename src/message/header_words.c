/* Encoded words of RFC 2047. GMime makes them, too, but cuts by bytes: a letter and the accent that stands behind it end up in
 * two words, which some programs show apart, and a long name begins on the second line. Pure. Serves mime.c. */
#include <stdint.h>
#include <string.h>

#include <pps/utf8.h>

#include "header_words.h"

enum {
    LINE = 76,     /* RFC 2047, section 2 */
    OVERHEAD = 12, /* =?UTF-8?Q??= */
    LONG_WORD = 60 /* with the name of its header on a line of 78 */
};

static bool is_plain(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool header_needs_words(const char *text)
{
    size_t run = 0;
    for (const char *s = text; *s != '\0'; s++) {
        if ((unsigned char)*s >= 0x80)
            return true;
        run = *s == ' ' ? 0 : run + 1;
        if (run > LONG_WORD)
            return true;
    }
    return false;
}

static size_t encoded_length(const char *s, size_t n, bool quoted)
{
    size_t length = 0;
    if (!quoted)
        return (n + 2) / 3 * 4;
    for (size_t i = 0; i < n; i++)
        length += is_plain(s[i]) || s[i] == ' ' ? 1 : 3;
    return length;
}

static size_t character_at(const char *s, uint32_t *ret_cp)
{
    size_t n = utf8_decode(s, strnlen(s, 4), ret_cp);
    if (n > 0)
        return n;
    *ret_cp = 0xFFFD;
    return 1;
}

static bool takes_no_room(const char *s, size_t n)
{
    char one[5] = "";
    memcpy(one, s, n);
    return utf8_width(one) == 0;
}

/* A character with its accents, and what is joined to it. */
static size_t letter_at(const char *s)
{
    enum { JOINER = 0x200D };
    uint32_t cp, last;
    size_t n = character_at(s, &last);
    while (s[n] != '\0') {
        size_t more = character_at(s + n, &cp);
        if (last != JOINER && !takes_no_room(s + n, more))
            break;
        n += more;
        last = cp;
    }
    return n;
}

/* So many bytes of the text fit into the room when they are encoded: whole letters, or whole characters. */
static size_t fitting(const char *text, size_t room, bool quoted, bool letters)
{
    size_t n = 0;
    while (text[n] != '\0') {
        uint32_t cp;
        size_t more = letters ? letter_at(text + n) : character_at(text + n, &cp);
        if (encoded_length(text, n + more, quoted) > room)
            break;
        n += more;
    }
    return n;
}

static void add_quoted(struct sb *out, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sb_addf(out, is_plain(s[i]) ? "%c" : s[i] == ' ' ? "_" : "=%02X", (unsigned char)s[i]);
}

static void add_base64(struct sb *out, const char *s, size_t n)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < n; i += 3) {
        uint32_t bits = 0;
        for (size_t k = 0; k < 3; k++)
            bits = bits << 8 | (i + k < n ? (unsigned char)s[i + k] : 0U);
        char four[4] = {digits[bits >> 18], digits[bits >> 12 & 63], digits[bits >> 6 & 63],
                        digits[bits & 63]};
        for (size_t k = n - i + 1; k < 4; k++)
            four[k] = '=';
        sb_addn(out, four, sizeof four);
    }
}

size_t header_words(struct sb *out, size_t column, const char *text)
{
    size_t len = strlen(text);
    bool quoted = encoded_length(text, len, true) <= encoded_length(text, len, false);
    for (bool first = true; *text != '\0';) {
        size_t room = column + OVERHEAD < LINE ? LINE - OVERHEAD - column : 0;
        size_t n = fitting(text, room, quoted, true);
        if (n == 0 && (first || column == 1)) /* more accents than fit into a line */
            n = fitting(text, room, quoted, false);
        first = false;
        if (n == 0) {
            sb_add(out, "\n ");
            column = 1;
            continue;
        }
        sb_addf(out, "=?UTF-8?%c?", quoted ? 'Q' : 'B');
        (quoted ? add_quoted : add_base64)(out, text, n);
        sb_add(out, "?=");
        column += OVERHEAD + encoded_length(text, n, quoted);
        text += n;
        if (*text != '\0') {
            sb_add(out, "\n ");
            column = 1;
        }
    }
    return column;
}
