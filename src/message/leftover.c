/* What in the text of a template looks like a name that was not written as one: {client.name}, [[client.name]], a bare
 * client.name in whatever brackets, a lone brace. The reader would see it as it stands. Knows no data, but asks which names
 * there are. Serves mustache.c. */
#include <string.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "leftover.h"

struct fence {
    const char *open, *close;
    bool words; /* in words for people alone: a layout has tags */
};
/* Longer ones first. */
static const struct fence fences[] = {{"[[", "]]", false}, {"${", "}", false}, {"{", "}", false},
                                      {"%", "%", false},   {"<", ">", true},   {"[", "]", true}};

static const char *after_blanks(const char *s, const char *end)
{
    for (;;) {
        if (s < end && (*s == ' ' || *s == '\t' || *s == '{'))
            s++;
        else if (end - s >= 2 && memcmp(s, "\u00A0", 2) == 0) /* from a word processor */
            s += 2;
        else
            return s;
    }
}

/* [card] may be a word in brackets, or those of a link; [client.name] is neither. */
static bool is_ordinary(const char *name, const char *stop, const char *behind, const char *end)
{
    return memchr(name, '.', (size_t)(stop - name)) == NULL || (behind < end && *behind == '(');
}

/* The known name between the two marks that open at s: its place and length; false: none. */
static bool named(const char *s, const char *end, const struct fence *f, leftover_known *is_known,
                  void *ctx, struct leftover *ret)
{
    size_t n = strlen(f->open);
    if ((size_t)(end - s) < n || memcmp(s, f->open, n) != 0)
        return false;
    const char *name = after_blanks(s + n, end), *stop = name;
    while (stop < end && strchr(" \t\r\n{}[]<>%", *stop) == NULL &&
           !(end - stop >= 2 && memcmp(stop, "\u00A0", 2) == 0))
        stop++;
    const char *close = after_blanks(stop, end);
    size_t m = strlen(f->close);
    if (stop == name || (size_t)(end - close) < m || memcmp(close, f->close, m) != 0 ||
        !is_known(ctx, name, (size_t)(stop - name)))
        return false;
    if (*f->open == '[' && f->open[1] == '\0' && is_ordinary(name, stop, close + m, end))
        return false;
    *ret = (struct leftover){s, (size_t)(close - s) + m, name, (size_t)(stop - name)};
    return true;
}

/* Whether a word goes on before s. */
static bool is_within_word(const char *text, const char *s)
{
    const char *before = s;
    uint32_t c;
    if (s == text)
        return false;
    do
        before--;
    while (before > text && ((unsigned char)*before & 0xC0) == 0x80);
    return strchr("0123456789_-.@/\\", *before) != NULL ||
           (utf8_decode(before, (size_t)(s - before), &c) > 0 && utf8_is_letter(c));
}

/* A known name with a dot in it and nothing round it, or ((this)), «this», [words](this): no sentence has one. Hosts and
 * addresses of mail are theirs who have them; and of a fact any name is known, fact.com, too. */
static bool bare(const char *text, const char *s, const char *end, leftover_known *is_known,
                 void *ctx, struct leftover *ret)
{
    if (*s < 'a' || *s > 'z' || is_within_word(text, s) || strncmp(s, "fact.", 5) == 0)
        return false;
    const char *stop = s;
    uint32_t c;
    while (stop < end && strchr("abcdefghijklmnopqrstuvwxyz0123456789_-.", *stop) != NULL)
        stop++;
    if (stop < end &&
        (*stop == '@' || (utf8_decode(stop, (size_t)(end - stop), &c) > 0 && utf8_is_letter(c))))
        return false;
    while (stop > s && strchr("-.", stop[-1]) != NULL)
        stop--;
    size_t len = (size_t)(stop - s);
    if (memchr(s, '.', len) == NULL || !is_known(ctx, s, len))
        return false;
    *ret = (struct leftover){s, len, s, len};
    return true;
}

bool leftover_find(const char *text, size_t len, enum leftover_watch watch,
                   leftover_known *is_known, void *ctx, struct leftover *ret)
{
    const char *end = watch == LEFTOVER_ANYTHING ? text : text + len;
    for (const char *s = text; s < end; s++) {
        for (size_t i = 0; i < sizeof fences / sizeof *fences; i++) {
            if (fences[i].words && watch != LEFTOVER_BRACES)
                continue;
            if (named(s, end, &fences[i], is_known, ctx, ret))
                return true;
        }
        if (watch == LEFTOVER_BRACES && bare(text, s, end, is_known, ctx, ret))
            return true;
        if (watch == LEFTOVER_BRACES && (*s == '{' || *s == '}')) {
            *ret = (struct leftover){.at = s, .len = s + 1 < end && s[1] == *s ? 2 : 1};
            return true;
        }
    }
    return false;
}
