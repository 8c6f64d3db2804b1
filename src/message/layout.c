/* Looks through an HTML layout for what a letter must not have: scripts, pictures from elsewhere, links that lead nowhere.
 * It is the agency's own text, so this finds mistakes and not attacks; values are made harmless by place.c. Reads tags and
 * attributes, knows no data. Serves letter.c, which sends nothing in such a layout, and the lint. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <pps/str.h>

#include "layout.h"
#include "place.h"

struct look {
    const struct template_text *layout;
    mustache_report_fn *report;
    void *ctx;
    struct err *err;
    enum rc rc;
};

struct piece { /* of the text */
    const char *s;
    size_t len;
};

/* ---- faults ---- */

static void tell(struct look *l, const char *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void tell(struct look *l, const char *at, const char *fmt, ...)
{
    struct err fault = {0};
    struct sb what = {0};
    size_t line, column;
    va_list ap;
    va_start(ap, fmt);
    sb_vaddf(&what, fmt, ap);
    va_end(ap);
    template_place(l->layout->text, (size_t)(at - l->layout->text), &line, &column);
    err_set(&fault, RC_INVALID, "%s:%zu:%zu: %s", l->layout->name, line, column, sb_str(&what));
    if (l->rc == RC_OK)
        l->rc = err_set(l->err, RC_INVALID, "%s", fault.message);
    if (l->report != NULL)
        l->report(l->ctx, &fault);
    sb_fini(&what);
}

static bool is_word(struct piece p, const char *word)
{
    return p.len == strlen(word) && strncasecmp(p.s, word, p.len) == 0;
}

static bool is_among(struct piece p, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (is_word(p, words[i]))
            return true;
    }
    return false;
}

/* ---- attributes ---- */

static bool is_section(struct piece value)
{
    return value.len > 2 && (str_starts(value.s, "{{#") || str_starts(value.s, "{{^"));
}

static void check_picture(struct look *l, struct piece value)
{
    if (strncasecmp(value.s, "cid:", 4) == 0 || is_section(value))
        return;
    tell(l, value.s,
         "\"%.*s\" would be hidden by mail programs: put the file into pictures in the folder of "
         "templates, and show it in letters as ![words](pictures/FILE)",
         (int)(value.len < 100 ? value.len : 100), value.s);
}

static void check_link(struct look *l, struct piece value)
{
    char *url = xstrndup(value.s, value.len);
    if (!str_starts(url, "{{") && !place_has_scheme(url)) /* of a value place.c takes care */
        tell(
            l, value.s,
            "the link \"%.100s\" leads nowhere: it must begin with https://, mailto: or tel:", url);
    free(url);
}

static void check_attribute(struct look *l, struct piece name, struct piece value)
{
    static const char *const pictures[] = {"src", "srcset", "background", "poster"};
    while (value.len > 0 && strchr(" \t\n", *value.s) != NULL)
        value = (struct piece){value.s + 1, value.len - 1};
    if (name.len > 2 && strncasecmp(name.s, "on", 2) == 0)
        tell(l, name.s, "\"%.*s\" is a script, which mail programs do not run: take it out",
             (int)name.len, name.s);
    else if (is_among(name, pictures, sizeof pictures / sizeof *pictures))
        check_picture(l, value);
    else if (is_word(name, "href"))
        check_link(l, value);
}

/* ---- tags ---- */

/* Behind a tag of Mustache that begins here; s when none does. */
static const char *past_mustache(const char *s)
{
    if (!str_starts(s, "{{"))
        return s;
    const char *end = strstr(s, "}}");
    return end != NULL ? end + 2 + (end[2] == '}') : s + strlen(s);
}

static size_t word_length(const char *s)
{
    return strcspn(s, " \t\n=/>\"'{");
}

/* The value behind "="; *io_s: behind it. */
static struct piece read_value(const char **io_s)
{
    const char *s = *io_s + strspn(*io_s, " \t\n");
    char quote[2] = {*s == '"' || *s == '\'' ? *s : '\0', '\0'};
    struct piece value = {.s = s + (*quote != '\0')};
    value.len = strcspn(value.s, *quote != '\0' ? quote : " \t\n>");
    s = value.s + value.len;
    *io_s = s + (*quote != '\0' && *s != '\0');
    return value;
}

/* Behind the attributes of a tag. */
static const char *read_attributes(struct look *l, const char *s)
{
    while (*s != '\0' && *s != '>') {
        const char *past = past_mustache(s);
        struct piece name = {s, word_length(s)};
        if (past != s || name.len == 0) {
            s = past != s ? past : s + 1;
            continue;
        }
        s += name.len;
        s += strspn(s, " \t\n");
        if (*s != '=')
            continue;
        s++;
        check_attribute(l, name, read_value(&s));
    }
    return s;
}

static const char *read_tag(struct look *l, const char *s)
{
    static const char *const foreign[] = {"script", "iframe", "frame", "object", "embed",
                                          "link",   "base",   "video", "audio"};
    struct piece name = {s + 1, word_length(s + 1)};
    if (is_among(name, foreign, sizeof foreign / sizeof *foreign))
        tell(l, s, "<%.*s> is nothing that mail programs show or run: take it out", (int)name.len,
             name.s);
    return name.len > 0 ? read_attributes(l, name.s + name.len) : s + 1;
}

/* Behind what begins here and is not looked at: a note of ours, a comment. The comments for Outlook hold tags. */
static const char *past_comment(const char *s)
{
    if (!str_starts(s, "<!--") || str_starts(s, "<!--["))
        return past_mustache(s);
    const char *end = strstr(s, "-->");
    return end != NULL ? end + 3 : s + strlen(s);
}

/* In the CSS, wherever it stands: url(…) and @import. */
static void check_css(struct look *l, const char *s)
{
    const char *url = s + strlen("url("), *in = url + strspn(url, " \t\n'\"");
    if (strncasecmp(s, "@import", 7) == 0)
        check_picture(l, (struct piece){s, 7});
    else if (strncasecmp(s, "url(", 4) == 0)
        check_picture(l, (struct piece){in, strcspn(in, "'\") \t\n")});
}

enum rc layout_check(const struct template_text *layout, mustache_report_fn *report, void *ctx,
                     struct err *err)
{
    struct look l = {.layout = layout, .report = report, .ctx = ctx, .err = err};
    const char *s = layout->text, *open = NULL; /* open: up to here the tag has been read */
    while (*s != '\0' && (l.rc == RC_OK || report != NULL)) {
        const char *past = past_comment(s);
        if (past != s) {
            s = past;
            continue;
        }
        if (*s == '@' || ((*s == 'u' || *s == 'U') && strncasecmp(s, "url(", 4) == 0))
            check_css(&l, s);
        if (*s == '<' && (open == NULL || s >= open))
            open = read_tag(&l, s);
        s++;
    }
    return l.rc;
}
