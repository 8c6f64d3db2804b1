/* Whether a text is JSON, strictly by RFC 8259. cJSON lets much pass that a person wrote by mistake (0x10, 1., "C:\path",
 * a forgotten quote that swallows the next line) and says nothing of the place; this check comes before it, so that
 * everything it accepts is what was meant. It builds nothing. Serves json.c. */
#include <stdbool.h>
#include <string.h>

#include "json_check.h"

static const char NOT_JSON[] = "this is not JSON: look for a missing comma, quote or bracket";
static const char TOO_EARLY[] = "the text ends too early: a bracket or a quote is not closed";
static const char BAD_ESCAPE[] = "this is no escape: write \\\\ for a backslash";

struct scan {
    const char *s;
    size_t len, at;
    int depth;
    const char *fault;
};

static bool fail(struct scan *c, size_t at, const char *what)
{
    c->at = at;
    c->fault = what;
    return false;
}

static void skip_space(struct scan *c)
{
    while (c->at < c->len && strchr(" \t\r\n", c->s[c->at]) != NULL && c->s[c->at] != '\0')
        c->at++;
}

/* A fault at the next thing, or "too early" when there is none. */
static bool unexpected(struct scan *c)
{
    return fail(c, c->at, c->at >= c->len ? TOO_EARLY : NOT_JSON);
}

static int hex4(const struct scan *c, size_t at)
{
    int value = 0;
    for (size_t i = at; i < at + 4; i++) {
        const char *hex = "0123456789abcdef";
        char ch = i < c->len ? c->s[i] : '\0';
        if (ch >= 'A' && ch <= 'F')
            ch = (char)(ch + ('a' - 'A'));
        const char *p = ch ? strchr(hex, ch) : NULL;
        if (p == NULL)
            return -1;
        value = value * 16 + (int)(p - hex);
    }
    return value;
}

/* at: the backslash. Moves behind the escape. */
static bool check_escape(struct scan *c)
{
    size_t start = c->at;
    char kind = start + 1 < c->len ? c->s[start + 1] : '\0';
    if (start + 1 >= c->len)
        return fail(c, c->len, TOO_EARLY);
    if (kind != 'u') {
        c->at += 2;
        bool known = kind != '\0' && strchr("\"\\/bfnrt", kind) != NULL;
        return known || fail(c, start, BAD_ESCAPE);
    }
    int unit = hex4(c, start + 2);
    c->at += 6;
    if (unit == 0)
        return fail(c, start, "\\u0000 is not allowed");
    if (unit < 0 || (unit >= 0xDC00 && unit <= 0xDFFF))
        return fail(c, start, BAD_ESCAPE);
    if (unit < 0xD800 || unit > 0xDBFF)
        return true;
    int low = c->at + 1 < c->len && memcmp(c->s + c->at, "\\u", 2) == 0 ? hex4(c, c->at + 2) : -1;
    c->at += 6;
    return (low >= 0xDC00 && low <= 0xDFFF) || fail(c, start, BAD_ESCAPE);
}

static bool check_string(struct scan *c)
{
    size_t start = c->at++;
    while (c->at < c->len && c->s[c->at] != '"') {
        unsigned char ch = (unsigned char)c->s[c->at];
        if (ch == '\n')
            return fail(c, start, "this text has no quote at its end");
        if (ch < 0x20)
            return fail(c, c->at, "a control character in a text");
        if (ch != '\\')
            c->at++;
        else if (!check_escape(c))
            return false;
    }
    if (c->at >= c->len)
        return fail(c, c->len, TOO_EARLY);
    c->at++;
    return true;
}

static size_t digits(struct scan *c)
{
    size_t n = 0;
    while (c->at < c->len && c->s[c->at] >= '0' && c->s[c->at] <= '9')
        c->at++, n++;
    return n;
}

static bool check_number(struct scan *c)
{
    size_t start = c->at;
    if (c->s[c->at] == '-')
        c->at++;
    if (c->at < c->len && c->s[c->at] == '0')
        c->at++;
    else if (digits(c) == 0)
        return fail(c, start, NOT_JSON);
    if (c->at < c->len && c->s[c->at] == '.') {
        c->at++;
        if (digits(c) == 0)
            return fail(c, start, NOT_JSON);
    }
    if (c->at < c->len && (c->s[c->at] == 'e' || c->s[c->at] == 'E')) {
        c->at++;
        if (c->at < c->len && (c->s[c->at] == '+' || c->s[c->at] == '-'))
            c->at++;
        if (digits(c) == 0)
            return fail(c, start, NOT_JSON);
    }
    return true;
}

static bool check_word(struct scan *c)
{
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i]);
        if (c->len - c->at >= n && memcmp(c->s + c->at, words[i], n) == 0) {
            c->at += n;
            return true;
        }
    }
    return unexpected(c);
}

static bool check_value(struct scan *c, int max_depth);

/* "key": before a member's value. */
static bool check_key(struct scan *c)
{
    if (c->at >= c->len || c->s[c->at] != '"')
        return unexpected(c);
    if (!check_string(c))
        return false;
    skip_space(c);
    if (c->at >= c->len || c->s[c->at] != ':')
        return unexpected(c);
    c->at++;
    return true;
}

static bool check_container(struct scan *c, char close, int max_depth)
{
    if (++c->depth > max_depth)
        return fail(c, c->at, "nested too deeply");
    c->at++;
    skip_space(c);
    if (c->at < c->len && c->s[c->at] == close) {
        c->at++;
        c->depth--;
        return true;
    }
    for (;;) {
        skip_space(c);
        if (close == '}' && !check_key(c))
            return false;
        if (!check_value(c, max_depth))
            return false;
        skip_space(c);
        if (c->at >= c->len || (c->s[c->at] != ',' && c->s[c->at] != close))
            return unexpected(c);
        if (c->s[c->at++] == close) {
            c->depth--;
            return true;
        }
    }
}

static bool check_value(struct scan *c, int max_depth)
{
    skip_space(c);
    if (c->at >= c->len)
        return unexpected(c);
    char ch = c->s[c->at];
    if (ch == '{' || ch == '[')
        return check_container(c, ch == '{' ? '}' : ']', max_depth);
    if (ch == '"')
        return check_string(c);
    if (ch == '-' || (ch >= '0' && ch <= '9'))
        return check_number(c);
    return check_word(c);
}

const char *json_check(const char *s, size_t len, int max_depth, size_t *ret_at)
{
    struct scan c = {.s = s, .len = len};
    if (check_value(&c, max_depth)) {
        skip_space(&c);
        if (c.at < len)
            (void)unexpected(&c);
    }
    *ret_at = c.at;
    return c.fault;
}
