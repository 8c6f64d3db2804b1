/* What stands between the tags of a letter or an SMS: where links lead, and the subject. Works on the text as it was written,
 * so that it can name the place. Serves lint.c and lint_walk.c. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "context.h"
#include "link.h"
#include "lint.h"
#include "markdown_check.h"
#include "mustache.h"

enum { SUBJECT_COLUMNS = 78 };

/* ---- addresses ---- */

static bool has_scheme(const char *url, const char *scheme)
{
    return strncasecmp(url, scheme, strlen(scheme)) == 0;
}

/* Hosts that are only examples (RFC 2606, RFC 6761) or this machine: no client reaches them. */
static bool is_nowhere(const char *host, size_t len)
{
    static const char *const names[] = {"example.com", "example.org", "example.net", "example.ru",
                                        "localhost",   "127.0.0.1",   "your-site.ru"};
    static const char *const ends[] = {".invalid",     ".test",        ".localhost",
                                       ".example.com", ".example.org", ".example.net"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (len == strlen(names[i]) && strncasecmp(host, names[i], len) == 0)
            return true;
    }
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t n = strlen(ends[i]);
        if (len > n && strncasecmp(host + len - n, ends[i], n) == 0)
            return true;
    }
    return false;
}

const char *lint_link_fault(const char *url)
{
    static const char *const schemes[] = {"https://", "http://"};
    const char *fault = link_fault(url);
    if (fault != NULL)
        return fault;
    for (size_t i = 0; i < 2; i++) {
        if (!has_scheme(url, schemes[i]))
            continue;
        const char *host = url + strlen(schemes[i]);
        size_t len = strcspn(host, "/?#:)> \n");
        if (memchr(host, '{', len) != NULL)
            return NULL;
        if (is_nowhere(host, len))
            return "is only an example that leads nowhere: put your own address";
        return memchr(host, '.', len) == NULL ? "names no host: write https://more.example/form"
                                              : NULL;
    }
    if (has_scheme(url, "mailto:") || has_scheme(url, "tel:"))
        return NULL;
    return "has no scheme: begin it with https://, mailto: or tel:";
}

/* ---- links ---- */

static bool is_picture(const char *text, size_t bracket)
{
    size_t depth = 1;
    while (bracket > 0 && depth > 0) {
        bracket--;
        depth += text[bracket] == ']';
        depth -= text[bracket] == '[';
    }
    return depth == 0 && bracket > 0 && text[bracket - 1] == '!';
}

/* The destination of a link whose "](" ends before `at`: what no letter may have is told by lint_letter.c. */
static void check_destination(const struct lint_page *page, size_t at)
{
    const char *text = page->source.text;
    bool pointed = text[at] == '<';
    at += pointed;
    char *url = xstrndup(text + at, strcspn(text + at, pointed ? ">\n" : ") \n"));
    const char *fault = lint_link_fault(url);
    if (fault != NULL && !str_starts(url, "{{") && markdown_is_bare_host(url))
        lint_find_at(page, false, at, "the link \"%s\" %s", url, fault);
    free(url);
}

/* The end of a comment that begins here; 0: none does. */
static size_t comment_end(const char *s)
{
    if (!str_starts(s, "{{!"))
        return 0;
    const char *end = strstr(s, "}}");
    return end == NULL ? strlen(s) : (size_t)(end - s) + 2;
}

void lint_links(const struct lint_page *page)
{
    const char *text = page->source.text;
    for (size_t i = 0; text[i] != '\0'; i++) {
        size_t comment = comment_end(text + i);
        if (comment > 0) {
            i += comment - 1;
            continue;
        }
        if (page->channel == CHANNEL_EMAIL && str_starts(text + i, "](") && !is_picture(text, i))
            check_destination(page, i + 2);
        if (!has_scheme(text + i, "https://") && !has_scheme(text + i, "http://"))
            continue;
        char *url = xstrndup(text + i, strcspn(text + i, ") >\n"));
        const char *fault = lint_link_fault(url);
        if (fault != NULL)
            lint_find_at(page, false, i, "the link \"%s\" %s", url, fault);
        free(url);
    }
}

/* ---- the header lines of a letter ---- */

/* A subject of a misspelt name alone is not empty, and what it is has been told. */
static bool names_are_known(const struct lint_page *page, const struct mustache *m)
{
    struct mustache_options options = {.escape = escape_none};
    struct value *data = lint_full_data(page);
    bool known = mustache_check(m, data, &options, NULL) == RC_OK;
    value_free(data);
    return known;
}

/* The subject as a client with a long name would get it. */
static void check_subject(const struct lint_page *page, size_t at, size_t end)
{
    struct lint_client most;
    char *subject = NULL;
    struct mustache *m = NULL;
    struct mustache_source source = {
        .name = page->source.name, .text = page->source.text + at, .len = end - at};
    struct mustache_options options = {.escape = escape_none, .lenient = true};
    lint_most(page, &most);
    struct value *data = context_new(&most.in, page->source.lang);
    if (mustache_parse(&source, &m, NULL) == RC_OK &&
        mustache_render(m, data, &options, &subject, NULL, NULL) == RC_OK) {
        size_t width = utf8_length(str_trim(subject));
        if (width == 0 && names_are_known(page, m))
            lint_find_at(page, true, at, "the Subject is empty: write what the letter is about");
        else if (width > SUBJECT_COLUMNS)
            lint_find_at(page, false, at,
                         "the Subject has %zu characters with a name of %d letters: mail programs "
                         "show up to %d",
                         width, LINT_NAME_LETTERS, SUBJECT_COLUMNS);
    }
    mustache_free(m);
    free(subject);
    value_free(data);
}

void lint_headers(const struct lint_page *page)
{
    const char *text = page->source.text;
    for (size_t line = 0; text[line] != '\0' && text[line] != '\n';) {
        size_t end = line + strcspn(text + line, "\n");
        size_t colon = line + strcspn(text + line, ":\n");
        size_t at = colon + 1 + (colon < end ? strspn(text + colon + 1, " ") : 0);
        if (str_starts(text + line, "Subject:"))
            check_subject(page, at, end);
        line = end + (text[end] == '\n');
    }
}
