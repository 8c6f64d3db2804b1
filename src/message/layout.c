/* Looks through an HTML layout for what a letter must not have: scripts, pictures from elsewhere, links that lead nowhere.
 * It is the agency's own text, so this finds mistakes before attacks; but what it says of a layout is meant to be true however
 * the layout is spelled, so it reads what layout_flat.c has made plain, and refuses what it cannot read (backslashes in CSS).
 * Values are made harmless by place.c. Knows no data. Serves letter.c, which sends nothing in such a layout, and the lint. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <pps/str.h>

#include "layout.h"
#include "layout_flat.h"
#include "link.h"
#include "place.h"

#define BLANKS " \t\n\f\r"

struct look {
    const struct template_job *job;
    const struct template_text *layout;
    const struct layout_flat *flat;
    struct err *err;
    enum rc rc;
};

struct piece { /* of the flat text */
    size_t at, len;
};

/* ---- faults ---- */

static void tell(struct look *l, size_t at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void tell(struct look *l, size_t at, const char *fmt, ...)
{
    struct err fault = {0};
    struct sb what = {0};
    const char *name = l->layout->name;
    size_t line = 1, column = 1;
    va_list ap;
    va_start(ap, fmt);
    sb_vaddf(&what, fmt, ap);
    va_end(ap);
    (void)mustache_place_of(&l->flat->places, l->flat->text, at, &name, &line, &column);
    err_set(&fault, RC_INVALID, "%s:%zu:%zu: %s", name, line, column, sb_str(&what));
    if (l->rc == RC_OK)
        l->rc = err_set(l->err, RC_INVALID, "%s", fault.message);
    if (l->job->report != NULL)
        l->job->report(l->job->report_ctx, &fault);
    sb_fini(&what);
}

static struct layout_decoded decode(const struct look *l, struct piece p, bool entities)
{
    struct layout_decoded d;
    layout_decode(l->flat, p.at, p.len, entities, &d);
    return d;
}

static void tell_useless(struct look *l, size_t at, const char *what)
{
    tell(l, at, "%s is nothing that mail programs show or run: take it out", what);
}

/* ---- addresses ---- */

/* A section that begins or ends before it is clear where the address leads. */
static bool is_open_to_sections(const struct look *l, struct piece value)
{
    const char *s = l->flat->text + value.at;
    const char *border = memchr(s, FLAT_BORDER, value.len);
    size_t head = border != NULL ? (size_t)(border - s) : value.len;
    return border != NULL && memchr(s, ':', head) == NULL && memchr(s, '{', head) == NULL;
}

/* True: the address was judged. */
static bool check_spelling(struct look *l, struct piece value, const struct layout_decoded *d)
{
    if (d->odd != SIZE_MAX)
        tell(l, d->odd, "write the sign itself: in an address \"%.*s\" is not read",
             (int)strcspn(l->flat->text + d->odd, "; \"'") + 1, l->flat->text + d->odd);
    else if (is_open_to_sections(l, value))
        tell(l, value.at,
             "the beginning of an address may not depend on a section: put the whole tag into it");
    else
        return false;
    return true;
}

static void tell_picture(struct look *l, size_t at, const char *address)
{
    tell(l, at,
         "\"%.*s\" would be hidden by mail programs: put the file into pictures in the folder of "
         "templates, and show it in letters as ![words](pictures/FILE)",
         100, address);
}

static void check_picture(struct look *l, struct piece value)
{
    struct layout_decoded d = decode(l, value, true);
    size_t skip = strspn(d.s, BLANKS);
    if (!check_spelling(l, value, &d) &&
        (!str_starts(d.s + skip, "cid:") || strpbrk(d.s + skip, BLANKS ",") != NULL)) {
        char *shown = xstrndup(l->flat->text + d.from[skip], value.at + value.len - d.from[skip]);
        tell_picture(l, d.from[skip], shown);
        free(shown);
    }
    layout_decoded_fini(&d);
}

static void check_link(struct look *l, struct piece value)
{
    struct layout_decoded d = decode(l, value, true);
    const char *url = d.s + strspn(d.s, BLANKS);
    const char *fault = link_fault(url);
    bool judged = check_spelling(l, value, &d);
    /* of a value place.c takes care */
    if (!judged && fault != NULL)
        tell(l, d.from[url - d.s], "the link \"%.100s\" %s", url, fault);
    else if (!judged && !str_starts(url, "{{") && !place_has_scheme(url))
        tell(
            l, d.from[url - d.s],
            "the link \"%.100s\" leads nowhere: it must begin with https://, mailto: or tel:", url);
    layout_decoded_fini(&d);
}

/* ---- CSS ---- */

/* What is loaded by CSS, and what runs in it. Small letters, no references, no borders. */
static void check_css(struct look *l, const struct layout_decoded *d)
{
    static const char *const loads[] = {"@import", "image-set("};
    static const char *const runs[] = {"expression(", "behavior:", "-moz-binding"};
    for (size_t i = 0; i < d->len; i++) {
        const char *s = d->s + i;
        if (*s == '\\')
            tell(l, d->from[i],
                 "a backslash in CSS hides what stands there: write the sign itself");
        for (size_t k = 0; k < sizeof loads / sizeof *loads; k++) {
            if (str_starts(s, loads[k]))
                tell_picture(l, d->from[i], loads[k]);
        }
        for (size_t k = 0; k < sizeof runs / sizeof *runs; k++) {
            if (str_starts(s, runs[k]) && (i == 0 || s[-1] != '-')) /* scroll-behavior */
                tell_useless(l, d->from[i], runs[k]);
        }
        if (!str_starts(s, "url("))
            continue;
        const char *in = s + 4 + strspn(s + 4, BLANKS "'\"");
        char *address = xstrndup(in, strcspn(in, "'\")" BLANKS));
        if (!str_starts(address, "cid:"))
            tell_picture(l, d->from[in - d->s], address);
        free(address);
    }
}

static void check_style(struct look *l, struct piece css, bool entities)
{
    struct layout_decoded d = decode(l, css, entities);
    if (d.odd != SIZE_MAX)
        tell(l, d.odd, "write the sign itself: in CSS a name such as \"&colon;\" is not read");
    check_css(l, &d);
    layout_decoded_fini(&d);
}

/* ---- attributes ---- */

static void check_attribute(struct look *l, const char *name, size_t at, struct piece value)
{
    static const char *const pictures[] = {"src", "background", "poster", "lowsrc", "dynsrc"};
    static const char *const useless[] = {"srcset", "imagesrcset", "srcdoc",
                                          "ping",   "action",      "formaction"};
    if (strlen(name) > 2 && str_starts(name, "on"))
        tell(l, at, "\"%s\" is a script, which mail programs do not run: take it out", name);
    else if (STR_AMONG(name, useless))
        tell_useless(l, at, name);
    else if (STR_AMONG(name, pictures))
        check_picture(l, value);
    else if (strcmp(name, "href") == 0 || str_ends(name, ":href"))
        check_link(l, value);
    else if (strcmp(name, "style") == 0)
        check_style(l, value, true);
}

/* A page that names another one, or where it goes by itself. */
static void check_meta(struct look *l, const char *name, size_t at, struct piece value)
{
    static const char *const plain[] = {"content-type", "x-ua-compatible", "content-language"};
    struct layout_decoded d = decode(l, value, true);
    if (strcmp(name, "http-equiv") == 0 && !STR_AMONG(d.s, plain))
        tell_useless(l, at, "<meta http-equiv>");
    layout_decoded_fini(&d);
}

/* ---- tags ---- */

static size_t word_length(const char *s)
{
    return strcspn(s, BLANKS "=/>\"'{");
}

/* The value behind "="; *io_at: behind it. */
static struct piece read_value(const struct look *l, size_t *io_at)
{
    const char *text = l->flat->text, *s = text + *io_at;
    s += strspn(s, BLANKS);
    char quote[2] = {*s == '"' || *s == '\'' ? *s : '\0', '\0'};
    s += *quote != '\0';
    size_t len = strcspn(s, *quote != '\0' ? quote : BLANKS ">");
    *io_at = (size_t)(s - text) + len;
    *io_at += *quote != '\0' && text[*io_at] != '\0';
    return (struct piece){(size_t)(s - text), len};
}

/* Behind the attributes of a tag. */
static size_t read_attributes(struct look *l, const char *tag, size_t at)
{
    const char *text = l->flat->text;
    while (text[at] != '\0' && text[at] != '>') {
        struct piece word = {at, word_length(text + at)};
        if (word.len == 0) {
            at++;
            continue;
        }
        at += word.len;
        size_t equals = at + strspn(text + at, BLANKS);
        if (text[equals] != '=')
            continue;
        at = equals + 1;
        struct piece value = read_value(l, &at);
        struct layout_decoded name = decode(l, word, false);
        check_attribute(l, name.s, word.at, value);
        if (strcmp(tag, "meta") == 0)
            check_meta(l, name.s, word.at, value);
        layout_decoded_fini(&name);
    }
    return at;
}

/* Behind the word, whatever its letters and wherever sections begin in it; SIZE_MAX: it does not stand here. */
static size_t past(const struct look *l, size_t at, const char *word)
{
    for (; *word != '\0'; at++) {
        char c = l->flat->text[at];
        if (c == FLAT_BORDER)
            continue;
        if (strncasecmp(&c, word, 1) != 0)
            return SIZE_MAX;
        word++;
    }
    return at;
}

/* Where the first of both words begins or ends; the end of the text when neither is there. */
static size_t find(const struct look *l, size_t at, const char *word, const char *other,
                   bool behind)
{
    for (; at < l->flat->len; at++) {
        size_t end = past(l, at, word);
        if (end == SIZE_MAX && other != NULL)
            end = past(l, at, other);
        if (end != SIZE_MAX)
            return behind ? end : at;
    }
    return l->flat->len;
}

/* What is within these elements is no HTML. */
static size_t read_raw(struct look *l, const char *tag, size_t at)
{
    if (strcmp(tag, "style") != 0 && strcmp(tag, "title") != 0 && strcmp(tag, "script") != 0)
        return at;
    char *close = xasprintf("</%s", tag);
    size_t end = find(l, at, close, NULL, false);
    if (strcmp(tag, "style") == 0)
        check_style(l, (struct piece){at, end - at}, false);
    free(close);
    return end;
}

/* Behind a tag; at: its "<". */
static size_t read_tag(struct look *l, size_t at)
{
    static const char *const foreign[] = {
        "script", "iframe",  "frame",    "frameset",  "object",   "embed",   "applet", "param",
        "link",   "base",    "video",    "audio",     "source",   "track",   "form",   "input",
        "button", "select",  "svg",      "math",      "textarea", "noembed", "portal", "template",
        "xmp",    "bgsound", "noframes", "plaintext", "noscript"};
    const char *text = l->flat->text;
    struct piece word = {at + 1, word_length(text + at + 1)};
    struct layout_decoded name = decode(l, word, false);
    size_t behind = at + 1;
    if (STR_AMONG(name.s, foreign)) {
        char *tag = xasprintf("<%s>", name.s);
        tell_useless(l, at, tag);
        free(tag);
    }
    if (name.len > 0 || text[at + 1] == '/') {
        behind = read_attributes(l, name.s, word.at + word.len);
        behind = read_raw(l, name.s, behind + (text[behind] == '>'));
    }
    layout_decoded_fini(&name);
    return behind;
}

static void read_html(struct look *l, size_t at, size_t end);

/* Behind a comment. Those for Outlook hold tags, which others do not see: they are read by themselves. */
static size_t read_comment(struct look *l, size_t at)
{
    const char *text = l->flat->text;
    size_t inside = at + strlen("<!--");
    if (text[inside] == '>' || str_starts(text + inside, "->"))
        return inside + strcspn(text + inside, ">") + 1;
    size_t end = find(l, inside, "-->", "--!>", true);
    if (text[inside] == '[')
        read_html(l, inside, end);
    return end;
}

static void read_html(struct look *l, size_t at, size_t end)
{
    while (at < end && (l->rc == RC_OK || l->job->report != NULL)) {
        if (str_starts(l->flat->text + at, "<!--"))
            at = read_comment(l, at);
        else if (l->flat->text[at] == '<')
            at = read_tag(l, at);
        else
            at++;
    }
}

/* The text of the letter is HTML already; whatever else is put in as it is could be anything, for people type it. */
static void check_raw_values(struct look *l)
{
    static const char body[] = FLAT_RAW "body}}";
    for (const char *s = l->flat->text; (s = strstr(s, FLAT_RAW)) != NULL; s++) {
        int n = (int)strcspn(s + strlen(FLAT_RAW), "}");
        if (!str_starts(s, body))
            tell(l, (size_t)(s - l->flat->text),
                 "only {{{body}}} has three braces: anything else is written {{%.*s}}", n,
                 s + strlen(FLAT_RAW));
    }
}

enum rc layout_check(const struct template_job *job, const struct template_text *layout,
                     struct err *err)
{
    struct layout_flat flat;
    struct look l = {.job = job, .layout = layout, .flat = &flat, .err = err};
    if (!layout_flat(job, layout, &flat))
        return RC_OK; /* who fills it is told */
    check_raw_values(&l);
    read_html(&l, 0, flat.len);
    layout_flat_fini(&flat);
    return l.rc;
}
