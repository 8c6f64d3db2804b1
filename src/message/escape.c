/* Makes data harmless before it meets a template: cleaning, once, when it enters, and one escape
 * function for every kind of place. Must not know where data comes from. Serves the whole room:
 * these few functions are what stands between a client's name and a forged header or link. */
#include <stdlib.h>
#include <string.h>

#include <pps/utf8.h>

#include "escape.h"

enum { MAX_HEADER_WORD = 60 };

void escape_none(struct sb *out, const char *s)
{
    sb_add(out, s);
}

static const char *html_entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void escape_html(struct sb *out, const char *s)
{
    for (; *s != '\0'; s++) {
        const char *entity = html_entity(*s);
        if (entity != NULL)
            sb_add(out, entity);
        else
            sb_addc(out, *s);
    }
}

void escape_markdown(struct sb *out, const char *s)
{
    for (; *s != '\0'; s++) {
        if (strchr("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", *s) != NULL)
            sb_addc(out, '\\');
        sb_addc(out, *s);
    }
}

static bool is_break(uint32_t cp)
{
    return cp <= ' ' || cp == 0x85 || cp == 0x2028 || cp == 0x2029;
}

char *one_line(const char *s)
{
    struct sb out = {0};
    size_t n = s == NULL ? 0 : strlen(s);
    bool space = false; /* white space is owed before the next character */
    for (size_t i = 0; i < n;) {
        uint32_t cp = 0;
        size_t len = utf8_decode(s + i, n - i, &cp);
        if (len > 0 && is_break(cp)) {
            space = true;
        } else if (len == 0 || !utf8_is_unsafe(cp)) {
            if (space && out.len > 0)
                sb_addc(&out, ' ');
            space = false;
            if (len == 0)
                sb_add(&out, "\xEF\xBF\xBD");
            else
                sb_addn(&out, s + i, len);
        }
        i += len == 0 ? 1 : len;
    }
    return sb_take(&out);
}

char *one_header_line(const char *s)
{
    char *line = one_line(s);
    struct sb out = {0};
    size_t run = 0; /* ASCII characters since the last place where a line can be folded */
    for (const char *c = line; *c != '\0'; c++) {
        bool foldable = *c == ' ' || (unsigned char)*c >= 0x80;
        sb_addc(&out, *c);
        run = foldable ? 0 : run + 1;
        if ((c[0] == '=' && c[1] == '?') || (run == MAX_HEADER_WORD && c[1] != '\0')) {
            sb_addc(&out, ' ');
            run = 0;
        }
    }
    free(line);
    return sb_take(&out);
}
