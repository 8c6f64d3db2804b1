/* Looks through the Markdown of a letter, as cmark understood it. What stands here decides for the tick as for the lint: what
 * is refused holds the letter, whoever asks. What only looks untidy (a list without blanks, a star that closes nothing) is
 * told to the lint alone. Data is escaped, so that none of this is found in it. Serves markdown.c. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cmark.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "catalog.h"
#include "link.h"
#include "markdown_check.h"
#include "mustache.h"

/* Where the lines of a text begin: asked for at every node, and a letter may have many of both. */
struct lines {
    size_t *at;
    size_t n, cap;
};

struct check {
    const char *markdown;
    const struct mustache_places *places; /* NULL: nothing is known of values */
    struct lines lines;
    markdown_report_fn *report;
    void *ctx;
    enum rc rc; /* of the first that is refused */
    size_t *ret_at;
    struct err *err;
};

static void found(struct check *c, bool refused, size_t at, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

static void found(struct check *c, bool refused, size_t at, const char *fmt, ...)
{
    struct sb what = {0};
    va_list ap;
    va_start(ap, fmt);
    sb_vaddf(&what, fmt, ap);
    va_end(ap);
    if (refused && c->rc == RC_OK) {
        c->rc = err_set(c->err, RC_INVALID, "%s", sb_str(&what));
        *c->ret_at = at;
    }
    if (c->report != NULL)
        c->report(c->ctx, refused, at, sb_str(&what));
    sb_fini(&what);
}

/* ---- places ---- */

static struct lines lines_in(const char *markdown)
{
    struct lines lines = {0};
    const char *s = markdown;
    do {
        vec_reserve(&lines.at, lines.n, &lines.cap, sizeof *lines.at);
        lines.at[lines.n++] = (size_t)(s - markdown);
        s += strcspn(s, "\n");
    } while (*s++ == '\n');
    return lines;
}

/* line: from 1; behind the last one the end of the text begins. */
static size_t line_offset(const struct lines *lines, int line)
{
    size_t i = line > 1 ? (size_t)line - 1 : 0;
    return lines->at[i < lines->n ? i : lines->n - 1];
}

static size_t offset_of(const struct lines *lines, const char *markdown, cmark_node *node)
{
    size_t at = line_offset(lines, cmark_node_get_start_line(node));
    size_t len = strcspn(markdown + at, "\n");
    int column = cmark_node_get_start_column(node);
    size_t skip = column > 1 ? (size_t)column - 1 : 0;
    return at + (skip < len ? skip : 0);
}

static size_t address_from(const char *markdown, size_t at, cmark_node *node)
{
    const char *url = cmark_node_get_url(node);
    for (const char *s = markdown + at; (s = strstr(s, "](")) != NULL;) {
        s += 2 + (s[2] == '<');
        if (str_starts(s, url))
            return (size_t)(s - markdown);
    }
    return at;
}

static size_t place_of(const struct check *c, cmark_node *node)
{
    return offset_of(&c->lines, c->markdown, node);
}

static size_t address_of(const struct check *c, cmark_node *node)
{
    return address_from(c->markdown, place_of(c, node), node);
}

size_t markdown_address(const char *markdown, cmark_node *node)
{
    struct lines lines = lines_in(markdown);
    size_t at = offset_of(&lines, markdown, node);
    free(lines.at);
    return address_from(markdown, at, node);
}

/* ---- what is refused ---- */

static bool has_scheme(const char *url, const char *scheme)
{
    return strncasecmp(url, scheme, strlen(scheme)) == 0;
}

bool markdown_is_bare_host(const char *url)
{
    size_t host = strcspn(url, "/?#");
    const char *dot = memchr(url, '.', host);
    return dot != NULL && dot != url && memchr(url, ':', host) == NULL &&
           memchr(url, '@', host) == NULL;
}

/* A tel: link holds only the number; people write it with spaces. */
static char *dialable(const char *url)
{
    struct sb sb = {0};
    sb_add(&sb, "tel:");
    for (const char *s = url + strlen("tel:"); *s != '\0'; s++) {
        if (strchr("+0123456789", *s) != NULL)
            sb_addc(&sb, *s);
    }
    return sb_take(&sb);
}

static void check_link(struct check *c, cmark_node *link)
{
    const char *url = cmark_node_get_url(link), *fault = link_fault(url);
    char *better = NULL;
    if (fault != NULL)
        found(c, true, address_of(c, link), "the link \"%.200s\" %s", url, fault);
    else if (has_scheme(url, "tel:"))
        better = dialable(url);
    else if (markdown_is_bare_host(url))
        better = xasprintf("https://%s", url);
    else if (*url == '\0')
        found(c, true, address_of(c, link),
              "the link leads nowhere: put its address between ( and )");
    else if (!has_scheme(url, "https://") && !has_scheme(url, "http://") &&
             !has_scheme(url, "mailto:"))
        found(
            c, true, address_of(c, link),
            "the link \"%.200s\" leads nowhere: it must begin with https://, mailto: or tel:", url);
    if (better != NULL)
        cmark_node_set_url(link, better);
    free(better);
}

/* What an author wrote as a reference, "&#x202e;", and no letter may have. It is looked for from where its node begins. */
static void check_signs(struct check *c, cmark_node *node, const char *text)
{
    size_t n = text != NULL ? strlen(text) : 0, at = place_of(c, node);
    for (size_t i = 0; i < n;) {
        uint32_t cp = 0;
        i += utf8_decode(text + i, n - i, &cp);
        if (template_may_hold(cp))
            continue;
        const char *place = strstr(c->markdown + at, "&#");
        at = place != NULL ? (size_t)(place - c->markdown) : at;
        found(c, true, at, "a sign that nobody sees (U+%04X): take it out", (unsigned)cp);
        return;
    }
}

/* A picture from elsewhere would tell its owner who reads the letter, and most programs hide it. The name is one that stands
 * in a URL as it is. */
static void check_image(struct check *c, cmark_node *image)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    const char *url = cmark_node_get_url(image), *file = strchr(url, '/');
    if (str_starts(url, "pictures/") && file[1] != '\0' &&
        strspn(file + 1, plain) == strlen(file + 1))
        return;
    found(c, true, address_of(c, image),
          "the picture \"%.200s\" must be a file of the folder pictures, named in a-z, 0-9, "
          "- and _: ![words](pictures/beach.jpg)",
          url);
}

static void check_html(struct check *c, cmark_node *node)
{
    const char *html = cmark_node_get_literal(node);
    size_t at = place_of(c, node), len = strcspn(html, "\n");
    size_t line = line_offset(&c->lines, cmark_node_get_start_line(node));
    const char *place = memmem(c->markdown + line, strlen(c->markdown + line), html, len);
    found(c, true, place != NULL ? (size_t)(place - c->markdown) : at,
          "HTML is not allowed: \"%.*s\"; letters are Markdown, comments are {{! ... }}", (int)len,
          html);
}

/* The first value within code; a blank on both sides is none of its words. */
static bool find_value(const struct check *c, cmark_node *code, size_t *ret_at)
{
    size_t at = place_of(c, code), end = at + strlen(cmark_node_get_literal(code));
    if (c->places == NULL)
        return false;
    if (cmark_node_get_type(code) == CMARK_NODE_CODE_BLOCK) {
        end = line_offset(&c->lines, cmark_node_get_end_line(code));
        end += strcspn(c->markdown + end, "\n");
    } else if (c->markdown[at] == ' ' || c->markdown[at] == '\n') {
        end += 2;
    }
    return mustache_has_value(c->places, at, end, ret_at);
}

/* The first line of a paragraph set in, as on paper. */
static void note_typewriter(struct check *c, cmark_node *code)
{
    size_t at = place_of(c, code);
    if (c->report == NULL || cmark_node_get_type(code) != CMARK_NODE_CODE_BLOCK ||
        strchr("`~", c->markdown[at]) != NULL)
        return;
    found(c, false, at,
          "four spaces or a tab at the beginning of a line set it like a typewriter: take them "
          "away");
}

/* A value is escaped, and in code that shows. Whether this one has something to escape does not count: the next may. */
static void check_code(struct check *c, cmark_node *node)
{
    bool escaped = strchr(cmark_node_get_literal(node), '\\') != NULL;
    size_t at;
    if (!find_value(c, node, &at)) {
        if (!escaped) {
            note_typewriter(c, node);
            return;
        }
        at = line_offset(&c->lines, cmark_node_get_start_line(node));
        const char *place = strchr(c->markdown + at, '\\');
        at = place != NULL ? (size_t)(place - c->markdown) : at;
    }
    found(c, true, at, "a variable inside code (`...` or four leading spaces) shows backslashes");
}

/* ---- what is left in the words ---- */

static bool is_blank(char c)
{
    return c == '\0' || c == ' ' || c == '\t' || c == '\n';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Stars or lines that open or close nothing; returns how many. One between blanks or numbers is meant, and that of a hotel with
 * 5*. */
static size_t note_stars(struct check *c, const char *s)
{
    bool star = *s == '*';
    size_t n = strspn(s, star ? "*" : "_"), at = (size_t)(s - c->markdown);
    char before = at > 0 ? s[-1] : '\0', after = s[n];
    if (c->report == NULL || n > 3)
        return n;
    if (n >= 2)
        found(
            c, false, at,
            "\"%.2s\" would be seen by the reader: a bold text is not closed, or there is a space "
            "inside its %s",
            s, star ? "stars" : "lines");
    else if (star && !(is_blank(before) && is_blank(after)) &&
             !(is_digit(before) &&
               (is_blank(after) || strchr("0123456789.,;:!?)/-", after) != NULL)))
        found(c, false, at,
              "\"*\" would be seen by the reader: italics are not closed; a star that is meant is "
              "written \\*");
    else if (!star && is_blank(before) && !is_blank(after))
        found(c, false, at,
              "\"_\" would be seen by the reader: italics are not closed; a line that is meant is "
              "written \\_");
    return n;
}

/* The bytes of blanks at s; one of them may be the end of a line. */
static size_t gap_at(const char *s)
{
    size_t n = 0;
    for (bool ended = false;;) {
        if (s[n] == ' ' || s[n] == '\t' || (s[n] == '\n' && !ended)) {
            ended = ended || s[n] == '\n';
            n++;
        } else if (str_starts(s + n, "\u00A0")) { /* from a word processor */
            n += strlen("\u00A0");
        } else {
            return n;
        }
    }
}

/* "] (https://": a blank between the words and their address. "[1] (see below)" is none. */
static bool is_torn_link(const char *s)
{
    static const char *const heads[] = {"http", "www.", "mailto", "tel:", "tel\\:", "pictures/"};
    static const char host[] = "abcdefghijklmnopqrstuvwxyz0123456789.-\\";
    bool turned = str_starts(s, ")[");
    size_t gap = *s == ']' ? gap_at(s + 1) : 0;
    if (!turned && (gap == 0 || s[1 + gap] != '('))
        return false;
    s += 2 + gap;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        if (has_scheme(s, heads[i]))
            return true;
    }
    size_t n = strspn(s, host), dot = strcspn(s, ".");
    return !turned && dot > 0 && dot + 2 < n && strchr(")/", s[n]) != NULL && s[n] != '\0';
}

/* The text as it was typed: what is escaped is meant, and so is all that data bring along. (cmark miscounts the lines behind an
 * address that is broken into two, so it must be in what it made of it, too.) */
static void check_words(struct check *c, cmark_node *node)
{
    const char *text = cmark_node_get_literal(node);
    const char *s = c->markdown + place_of(c, node);
    const char *end = c->markdown + line_offset(&c->lines, cmark_node_get_end_line(node));
    size_t len = strcspn(end, "\n"), last = (size_t)cmark_node_get_end_column(node);
    for (end += last < len ? last : len; s < end; s++) {
        if (*s == '\\' && s + 1 < end) {
            s++;
        } else if (str_starts(s, "](") && strstr(text, "](") != NULL) {
            found(c, true, (size_t)(s - c->markdown),
                  "\"](\" would be seen by the reader: a link did not work; an address with spaces "
                  "stands in <>: [text](<tel:...>)");
        } else if (is_torn_link(s)) {
            found(c, true, (size_t)(s - c->markdown),
                  "\"%s\" would be seen by the reader: a link did not work; it is written "
                  "[words](https://...), without a blank",
                  *s == ')' ? ")[" : "] (");
        } else if (has_scheme(s, "<http") && strchr(text, '<') != NULL) {
            found(c, true, (size_t)(s - c->markdown),
                  "\"<http\" would be seen by the reader: write a link with a variable as "
                  "[text]({{...}})");
        } else if ((*s == '*' || *s == '_') && strchr(text, *s) != NULL) {
            s += note_stars(c, s) - 1;
        }
    }
}

/* ---- what only looks wrong: lists, headings and tables as people type them ---- */

struct line {
    size_t at, len;
};

static bool is_letter_at(const char *s, uint32_t *ret)
{
    size_t len = strlen(s);
    return utf8_decode(s, len < 4 ? len : 4, ret) > 0 && utf8_is_letter(*ret);
}

/* The bytes of a mark with which a list was begun that is none, 0: there is none. *ret_sure: no sentence begins so. */
static size_t list_mark(const char *s, bool *ret_sure)
{
    static const char *const bullets[] = {"•", "●", "·", "▪", "◦", "‣", "∙", "➢", "✓", "\uF0B7"};
    static const char *const dashes[] = {"–", "—"};
    uint32_t next;
    *ret_sure = true;
    for (size_t i = 0; i < sizeof bullets / sizeof *bullets; i++) {
        if (str_starts(s, bullets[i]))
            return strlen(bullets[i]);
    }
    if ((*s == '-' || *s == '+') && is_letter_at(s + 1, &next))
        return 1;
    *ret_sure = false;
    for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++) {
        if (str_starts(s, dashes[i]))
            return strlen(dashes[i]);
    }
    size_t digits = strspn(s, "0123456789");
    return digits > 0 && digits < 3 && (s[digits] == '.' || s[digits] == ')') &&
                   (s[digits + 1] == ' ' || is_letter_at(s + digits + 1, &next))
               ? digits + 1
               : 0;
}

static bool is_upper(uint32_t c)
{
    char text[5] = "";
    text[utf8_encode(c, text)] = '\0';
    char *folded = utf8_fold(text);
    bool upper = strcmp(folded, text) != 0;
    free(folded);
    return upper;
}

/* "##Heading", "#Heading": one capital letter at the beginning, as no hashtag has it that is of several words. */
static bool is_heading(const char *s, size_t len, bool alone)
{
    size_t n = strspn(s, "#"), i = n;
    uint32_t c;
    if (n == 0 || n > 6 || !is_letter_at(s + n, &c))
        return false;
    if (n > 1 || !alone || !is_upper(c))
        return n > 1;
    for (size_t step = utf8_decode(s + i, len - i, &c); i + step < len && step > 0;) {
        i += step;
        step = utf8_decode(s + i, len - i, &c);
        if (step == 0 || c == ' ')
            break;
        if (!utf8_is_letter(c) || is_upper(c))
            return false;
    }
    return true;
}

/* "|---|:--:|" */
static bool is_table(const char *s, size_t len)
{
    return len > 0 && memchr(s, '|', len) != NULL && memmem(s, len, "--", 2) != NULL &&
           strspn(s, "|-: \t") >= len;
}

/* Words, a tab, words: a row as word processors and spreadsheets give it. The tab behind the mark of a list makes none. */
static bool is_row(const char *s, size_t len)
{
    bool sure;
    size_t mark = list_mark(s, &sure);
    mark += strspn(s + mark, " \t");
    const char *tab = mark < len ? memchr(s + mark, '\t', len - mark) : NULL;
    return tab != NULL && tab > s + mark && strspn(tab, " \t") < len - (size_t)(tab - s);
}

static void note_list(struct check *c, const struct line *line, size_t mark)
{
    const char *words = c->markdown + line->at + mark;
    size_t skip = strspn(words, " \t"), len = line->len - mark - skip;
    if (line->len < mark + skip)
        return;
    bool number = strchr("0123456789", words[-(ptrdiff_t)mark]) != NULL;
    char *all = xstrndup(words + skip, len);
    size_t fits = utf8_prefix_bytes(all, 24);
    if (number)
        found(c, false, line->at,
              "this list would run together: put an empty line before it, and write \"1. %.*s\"",
              (int)fits, all);
    else
        found(c, false, line->at, "this list would run together: write \"- %.*s\"", (int)fits, all);
    free(all);
}

/* The lines of a paragraph as they were typed, without the marks of the quotes and lists in which it stands. */
static size_t lines_of(const struct check *c, cmark_node *paragraph, struct line **ret)
{
    int first = cmark_node_get_start_line(paragraph), last = cmark_node_get_end_line(paragraph);
    struct line *lines = NULL;
    size_t n = 0, cap = 0;
    for (int i = first; i <= last; i++) {
        size_t at = i == first ? place_of(c, paragraph) : line_offset(&c->lines, i);
        if (i > first)
            at += strspn(c->markdown + at, " \t>");
        vec_reserve(&lines, n, &cap, sizeof *lines);
        lines[n++] = (struct line){at, strcspn(c->markdown + at, "\n")};
    }
    *ret = lines;
    return n;
}

/* Once for a paragraph: a sure one, or the first of several. */
static void note_lists(struct check *c, const struct line *lines, size_t n)
{
    const struct line *first = NULL;
    size_t seen = 0, first_mark = 0;
    for (size_t i = 0; i < n; i++) {
        bool sure;
        size_t mark = list_mark(c->markdown + lines[i].at, &sure);
        if (mark == 0)
            continue;
        if (first == NULL) {
            first = &lines[i];
            first_mark = mark;
        }
        seen += sure ? 2 : 1;
    }
    if (seen >= 2)
        note_list(c, first, first_mark);
}

/* A line that was to stand below a list, and became its last item's. */
static void note_run_on(struct check *c, cmark_node *paragraph, const struct line *lines, size_t n)
{
    cmark_node *item = cmark_node_parent(paragraph),
               *list = item != NULL ? cmark_node_parent(item) : NULL;
    cmark_node *around = list != NULL ? cmark_node_parent(list) : NULL;
    if (around == NULL || cmark_node_get_type(item) != CMARK_NODE_ITEM ||
        cmark_node_get_type(around) != CMARK_NODE_DOCUMENT)
        return;
    for (size_t i = 1; i < n; i++) {
        bool at_margin = lines[i].at == 0 || c->markdown[lines[i].at - 1] == '\n';
        if (!at_margin)
            continue;
        found(c, false, lines[i].at,
              "this line would run on in the list above: put an empty line before it, or indent it "
              "by two spaces");
        return;
    }
}

static void note_paragraph(struct check *c, cmark_node *paragraph)
{
    struct line *lines;
    size_t n = lines_of(c, paragraph, &lines), rows = 0;
    note_lists(c, lines, n);
    note_run_on(c, paragraph, lines, n);
    for (size_t i = 0; i < n; i++) {
        const char *s = c->markdown + lines[i].at;
        size_t hashes = strspn(s, "#");
        if (is_heading(s, lines[i].len, n == 1))
            found(c, false, lines[i].at,
                  "this is no heading: put a space behind \"%.*s\"; for a hashtag write \\#",
                  (int)hashes, s);
        bool row = is_row(s, lines[i].len);
        rows += row ? 1 : 0;
        if (is_table(s, lines[i].len) || (row && rows == 2))
            found(c, false, lines[i].at,
                  "this table would run together: letters have none, write a list");
    }
    free(lines);
}

/* ---- all of it ---- */

static void check_node(struct check *c, cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_HTML_BLOCK:
    case CMARK_NODE_HTML_INLINE:
        check_html(c, node);
        break;
    case CMARK_NODE_LINK:
        check_signs(c, node, cmark_node_get_url(node));
        check_signs(c, node, cmark_node_get_title(node));
        check_link(c, node);
        break;
    case CMARK_NODE_IMAGE:
        check_signs(c, node, cmark_node_get_title(node));
        check_image(c, node);
        break;
    case CMARK_NODE_CODE:
    case CMARK_NODE_CODE_BLOCK:
        check_code(c, node);
        break;
    case CMARK_NODE_TEXT:
        check_signs(c, node, cmark_node_get_literal(node));
        check_words(c, node);
        break;
    case CMARK_NODE_PARAGRAPH:
        if (c->report != NULL)
            note_paragraph(c, node);
        break;
    default:
        break;
    }
}

enum rc markdown_check(cmark_node *document, const char *markdown,
                       const struct mustache_places *places, markdown_report_fn *report, void *ctx,
                       size_t *ret_at, struct err *err)
{
    struct check c = {.markdown = markdown,
                      .places = places,
                      .lines = lines_in(markdown),
                      .report = report,
                      .ctx = ctx,
                      .ret_at = ret_at,
                      .err = err};
    cmark_iter *iter = cmark_iter_new(document);
    cmark_event_type event;
    while ((c.rc == RC_OK || report != NULL) &&
           (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        if (event != CMARK_EVENT_ENTER)
            continue;
        check_node(&c, cmark_iter_get_node(iter));
    }
    cmark_iter_free(iter);
    free(c.lines.at);
    return c.rc;
}
