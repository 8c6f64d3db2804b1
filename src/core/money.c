/* Money as people write it. What may mean two things is refused: 1,500 is fifteen hundred to one and one and a half to
 * another. Serves whoever enters what something costs. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/money.h>
#include <pps/str.h>
#include <pps/utf8.h>

enum { MAX_DIGITS = 10 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* How many bytes of white space between groups stand here: a blank, or one that does not break. */
static size_t gap(const char *s)
{
    static const char *const blanks[] = {" ", "\xC2\xA0", "\xE2\x80\xAF"};
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
        if (str_starts(s, blanks[i]))
            return strlen(blanks[i]);
    }
    return 0;
}

/* "1 500" -> 1500; returns what follows, NULL when the groups are not of three. */
static const char *read_whole(const char *s, int64_t *ret)
{
    int digits = 0, since_gap = 0;
    bool grouped = false;
    for (*ret = 0; is_digit(*s); digits++, since_gap++) {
        *ret = *ret * 10 + (*s++ - '0');
        size_t blank = gap(s);
        if (digits + 1 > MAX_DIGITS)
            return NULL;
        if (blank > 0 && is_digit(s[blank])) {
            if (grouped ? since_gap != 2 : since_gap > 2)
                return NULL;
            grouped = true;
            since_gap = -1;
            s += blank;
        }
    }
    return digits == 0 || (grouped && since_gap != 3) ? NULL : s;
}

/* ",5", ".50" or nothing -> hundredths; returns what follows. */
static const char *read_hundredths(const char *s, int64_t *ret)
{
    *ret = 0;
    if ((*s != ',' && *s != '.') || !is_digit(s[1]))
        return s;
    *ret = (s[1] - '0') * 10;
    if (!is_digit(s[2]))
        return s + 2;
    *ret += s[2] - '0';
    return s + 3;
}

enum rc money_parse(const char *text, int64_t *ret, struct err *err)
{
    int64_t whole = 0, hundredths = 0;
    const char *rest = read_whole(text, &whole);
    if (rest != NULL)
        rest = read_hundredths(rest, &hundredths);
    if (rest == NULL || *rest != '\0') {
        char *quoted = utf8_quote(text);
        (void)err_set(err, RC_INVALID, "%s is no sum: write 1500, 1500.00 or 1 500,00", quoted);
        free(quoted);
        return RC_INVALID;
    }
    *ret = whole * 100 + hundredths;
    return RC_OK;
}

void money_format(int64_t hundredths, char buf[MONEY_TEXT_BYTES])
{
    (void)snprintf(buf, MONEY_TEXT_BYTES, "%lld.%02lld", (long long)(hundredths / 100),
                   (long long)(hundredths % 100));
}
