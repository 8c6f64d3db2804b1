/* Addresses of links, as people type them: what leads nowhere, and hosts that are not ASCII. Must not know Markdown or HTML.
 * Serves markdown.c, place.c and the lint. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <glib.h>

#include <pps/str.h>

#include "link.h"

static const char *after_scheme(const char *url, const char *scheme)
{
    size_t len = strlen(scheme);
    return strncasecmp(url, scheme, len) == 0 ? url + len : NULL;
}

/* "anna@host:8080": what stands between "//" and the path; NULL: it is no address of a page. */
static const char *authority_of(const char *url, size_t *ret_len)
{
    const char *s = after_scheme(url, "https://");
    if (s == NULL)
        s = after_scheme(url, "http://");
    *ret_len = s != NULL ? strcspn(s, "/?#") : 0;
    return s;
}

/* Where the host stands in it, and what follows behind its colon; NULL: nothing does. */
static const char *host_of(const char *authority, size_t len, size_t *ret_len,
                           const char **ret_port)
{
    const char *at = memrchr(authority, '@', len);
    const char *host = at != NULL ? at + 1 : authority, *end = authority + len;
    const char *bracket = memchr(host, ']', (size_t)(end - host)); /* [::1] */
    const char *from = bracket != NULL ? bracket : host;
    const char *colon = memchr(from, ':', (size_t)(end - from));
    *ret_len = (size_t)((colon != NULL ? colon : end) - host);
    *ret_port = colon != NULL ? colon + 1 : NULL;
    return host;
}

/* len digits from 1 to 65535; nothing behind the colon is fine (RFC 3986, 3.2.3). */
static bool is_port(const char *s, size_t len)
{
    unsigned long n = 0;
    for (size_t i = 0; i < len; i++) {
        if (s[i] < '0' || s[i] > '9' || n > 65535)
            return false;
        n = n * 10 + (unsigned long)(s[i] - '0');
    }
    return len == 0 || (n > 0 && n <= 65535);
}

static const char *page_fault(const char *authority, size_t len)
{
    const char *port;
    size_t host_len;
    if (memchr(authority, '{', len) != NULL) /* a variable, in a text as it was typed */
        return NULL;
    (void)host_of(authority, len, &host_len, &port);
    if (host_len == 0)
        return "names no host: write https://more.example/form";
    if (port != NULL && !is_port(port, (size_t)(authority + len - port)))
        return "leads nowhere: a port is a number up to 65535, and hardly any site needs one";
    return NULL;
}

const char *link_fault(const char *url)
{
    size_t len;
    const char *authority = authority_of(url, &len), *mailbox = after_scheme(url, "mailto:"),
               *number = after_scheme(url, "tel:");
    if (authority != NULL)
        return page_fault(authority, len);
    if (mailbox != NULL && (*mailbox == '\0' || *mailbox == '?'))
        return "names no mailbox: write mailto:info@more.example";
    if (number != NULL && strpbrk(number, "0123456789{") == NULL)
        return "names no number: write tel:+74951234567";
    return NULL;
}

char *link_ascii(const char *url)
{
    size_t len, host_len;
    const char *port, *authority = authority_of(url, &len);
    if (authority == NULL)
        return xstrdup(url);
    const char *host = host_of(authority, len, &host_len, &port);
    char *name = xstrndup(host, host_len);
    char *ascii = g_hostname_is_non_ascii(name) ? g_hostname_to_ascii(name) : NULL;
    char *better = ascii != NULL
                       ? xasprintf("%.*s%s%s", (int)(host - url), url, ascii, host + host_len)
                       : xstrdup(url);
    g_free(ascii);
    free(name);
    return better;
}
