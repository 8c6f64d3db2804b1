/* Tells in what kind of place each value of a template stands, and makes it harmless there. A name in
 * the middle of an address must not bring a "&" or a bracket along, and only digits follow "tel:". Goes
 * by the text of the template and never by data. When it takes a place for another, the worst is a link
 * that does not work: every escape here keeps a value within text and addresses alike. Pure. Serves
 * the Mustache engine. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <pps/str.h>

#include "link.h"
#include "place.h"

enum mode {
    IN_TEXT,
    IN_BARE_URL,    /* https://... among words */
    IN_ANGLES,      /* Markdown: <https://...> */
    IN_DESTINATION, /* Markdown: [words](here) */
    IN_ANGLED,      /* Markdown: [words](<here>) */
    IN_TAG,         /* HTML, between "<" and ">" */
    IN_BARE_ATTR,   /* HTML, after "=" */
    IN_ATTR,
    IN_URL_ATTR,
    IN_STYLE_ATTR,
    IN_SCRIPT_ATTR,
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_word(char c)
{
    return strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", c) != NULL &&
           c != '\0';
}

/* Appends to a text in an array; what does not fit is dropped at its end, or at its beginning. */
static void add_last(char *text, size_t size, char c, bool slide)
{
    size_t n = strlen(text);
    if (n == size - 1 && !slide)
        return;
    if (n == size - 1)
        memmove(text, text + 1, n--);
    text[n] = lower(c);
    text[n + 1] = '\0';
}

/* --- an address ------------------------------------------------------------------------------- */

static void url_begin(struct place_scan *s, enum mode mode, const char *head)
{
    s->mode = (int)mode;
    s->brackets = 0;
    s->url = (struct place_url){.more = false};
    (void)snprintf(s->url.head, sizeof s->url.head, "%s", head);
}

static bool url_is_empty(const struct place_url *url)
{
    return url->head[0] == '\0' && !url->value;
}

static void url_add(struct place_url *url, char c)
{
    if (strlen(url->head) < sizeof url->head - 1 && !url->value)
        add_last(url->head, sizeof url->head, c, false);
    else
        url->more = true;
    url->query = url->query || c == '?';
}

static bool url_is_only_scheme(const struct place_url *url)
{
    return !url->value && !url->more &&
           (strcmp(url->head, "https://") == 0 || strcmp(url->head, "http://") == 0);
}

static enum place url_place(const struct place_scan *s, char next)
{
    const struct place_url *url = &s->url;
    if (url_is_empty(url))
        return s->language == PLACE_HTML ? PLACE_HREF : PLACE_URL;
    if (url_is_only_scheme(url) && !is_word(next) &&
        (next == '\0' || strchr(".-_~", next) == NULL) &&
        s->mode != IN_ANGLES) /* where Markdown knows no backslash */
        return PLACE_URL_REST;
    if (str_starts(url->head, "tel:"))
        return PLACE_PHONE;
    if (!url->query && (str_starts(url->head, "mailto:") || str_starts(url->head, "cid:")))
        return PLACE_MAILBOX;
    return PLACE_URL_PART;
}

/* --- plain text and Markdown ------------------------------------------------------------------ */

static void scan_words(struct place_scan *s, char c)
{
    bool markdown = s->language == PLACE_MARKDOWN;
    bool line_begins = s->recent[0] == '\0' || str_ends(s->recent, "\n");
    if (markdown && (line_begins || c == '\n'))
        s->definition = c == '[';
    add_last(s->recent, sizeof s->recent, c, true);
    if (str_ends(s->recent, "https://"))
        url_begin(s, IN_BARE_URL, "https://");
    else if (str_ends(s->recent, "http://"))
        url_begin(s, IN_BARE_URL, "http://");
    else if (markdown && c == '<')
        url_begin(s, IN_ANGLES, "");
    else if (markdown &&
             (str_ends(s->recent, "](") || (s->definition && str_ends(s->recent, "]:"))))
        url_begin(s, IN_DESTINATION, "");
}

static void leave(struct place_scan *s, char c)
{
    s->mode = IN_TEXT;
    s->recent[0] = '\0';
    add_last(s->recent, sizeof s->recent, c, true);
}

static void scan_destination(struct place_scan *s, char c)
{
    if (url_is_empty(&s->url) && c == '<') {
        url_begin(s, IN_ANGLED, "");
        return;
    }
    if (url_is_empty(&s->url) && is_space(c))
        return;
    s->brackets += (c == '(') - (c == ')');
    if (is_space(c) || s->brackets < 0)
        leave(s, c);
    else
        url_add(&s->url, c);
}

static void scan_in_words(struct place_scan *s, char c)
{
    if (s->backslash) {
        s->backslash = false;
        if (s->mode == IN_TEXT)
            s->recent[0] = '\0';
        else
            url_add(&s->url, c);
        return;
    }
    s->backslash = c == '\\' && s->language == PLACE_MARKDOWN;
    if (s->backslash)
        return;
    switch ((enum mode)s->mode) {
    case IN_DESTINATION:
        scan_destination(s, c);
        break;
    case IN_BARE_URL:
    case IN_ANGLES:
    case IN_ANGLED:
        if (strchr("<>\n", c) != NULL || (s->mode != IN_ANGLED && strchr("\"] \t\r", c) != NULL))
            leave(s, c);
        else
            url_add(&s->url, c);
        break;
    default:
        scan_words(s, c);
        break;
    }
}

/* --- HTML ------------------------------------------------------------------------------------- */

static enum mode mode_of_attribute(const char *name)
{
    static const char *const urls[] = {"href", "src",    "action",     "background", "cite",
                                       "data", "poster", "formaction", "xlink:href"};
    if (STR_AMONG(name, urls))
        return IN_URL_ATTR;
    if (str_starts(name, "on"))
        return IN_SCRIPT_ATTR;
    return strcmp(name, "style") == 0 ? IN_STYLE_ATTR : IN_ATTR;
}

static void end_tag(struct place_scan *s)
{
    static const char *const raw[] = {"style", "script"};
    if (s->tag[0] == '\0')
        (void)snprintf(s->tag, sizeof s->tag, "%.7s", s->word);
    if (s->tag[0] == '/')
        s->inside[0] = '\0';
    else if (STR_AMONG(s->tag, raw))
        (void)snprintf(s->inside, sizeof s->inside, "%s", s->tag);
    s->mode = IN_TEXT;
}

static void scan_tag(struct place_scan *s, char c)
{
    bool begins = s->tag[0] == '\0' && s->word[0] == '\0';
    if (begins && !is_word(c) && strchr("/!?", c) == NULL) {
        s->mode = IN_TEXT; /* a "<" among words */
    } else if (c == '>') {
        end_tag(s);
    } else if (is_space(c)) {
        if (s->tag[0] == '\0')
            (void)snprintf(s->tag, sizeof s->tag, "%.7s", s->word);
    } else if (c == '=') {
        s->mode = IN_BARE_ATTR;
        s->quote = '\0';
    } else {
        if (str_ends(s->recent, " "))
            s->word[0] = '\0'; /* another attribute */
        add_last(s->word, sizeof s->word, c, false);
    }
    add_last(s->recent, sizeof s->recent, is_space(c) ? ' ' : c, true);
}

static void scan_bare_attribute(struct place_scan *s, char c)
{
    if (s->quote == '\0' && (c == '"' || c == '\'')) {
        url_begin(s, mode_of_attribute(s->word), "");
        s->quote = c;
    } else if (c == '>') {
        end_tag(s);
    } else if (!is_space(c)) {
        s->quote = '-'; /* there are none */
    } else if (s->quote != '\0') {
        s->mode = IN_TAG;
        add_last(s->recent, sizeof s->recent, ' ', true);
    }
}

static void scan_html(struct place_scan *s, char c)
{
    switch ((enum mode)s->mode) {
    case IN_TEXT:
        if (c == '<') {
            s->mode = IN_TAG;
            s->tag[0] = s->word[0] = s->recent[0] = '\0';
        }
        break;
    case IN_TAG:
        scan_tag(s, c);
        break;
    case IN_BARE_ATTR:
        scan_bare_attribute(s, c);
        break;
    default:
        if (c == s->quote) {
            s->mode = IN_TAG;
            add_last(s->recent, sizeof s->recent, ' ', true);
        } else if (s->mode == IN_URL_ATTR) {
            url_add(&s->url, c);
        }
        break;
    }
}

/* --- the scan --------------------------------------------------------------------------------- */

void place_begin(struct place_scan *scan, enum place_language language)
{
    *scan = (struct place_scan){.language = language};
}

void place_text(struct place_scan *scan, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (scan->language == PLACE_HTML)
            scan_html(scan, text[i]);
        else
            scan_in_words(scan, text[i]);
    }
}

static enum place place_in_html(const struct place_scan *s, char next)
{
    switch ((enum mode)s->mode) {
    case IN_URL_ATTR:
        return url_place(s, next);
    case IN_STYLE_ATTR:
        return PLACE_CSS;
    case IN_SCRIPT_ATTR:
        return PLACE_SCRIPT;
    case IN_TAG:
    case IN_BARE_ATTR:
        return PLACE_UNQUOTED;
    case IN_TEXT:
        return strcmp(s->inside, "style") == 0 ? PLACE_CSS
               : s->inside[0] != '\0'          ? PLACE_SCRIPT
                                               : PLACE_TEXT;
    default:
        return PLACE_TEXT;
    }
}

enum place place_value(struct place_scan *scan, char next)
{
    enum place place = PLACE_TEXT;
    if (scan->language == PLACE_HTML)
        place = place_in_html(scan, next);
    else if (scan->mode == IN_ANGLES)
        place = strchr(scan->url.head, ':') != NULL ? url_place(scan, next) : PLACE_TEXT;
    else if (scan->mode != IN_TEXT)
        place = url_place(scan, next);
    scan->url.value = true;
    scan->backslash = false;
    add_last(scan->recent, sizeof scan->recent, 'x', true); /* whatever it is, no syntax */
    return place;
}

/* --- values ----------------------------------------------------------------------------------- */

static bool has_head(const char *url, const char *head)
{
    return strncasecmp(url, head, strlen(head)) == 0;
}

bool place_has_scheme(const char *url)
{
    static const char *const schemes[] = {"https://", "http://", "mailto:", "tel:", "cid:"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (has_head(url, schemes[i]))
            return true;
    }
    return false;
}

const char *place_refuses(enum place place, const char *value)
{
    switch (place) {
    case PLACE_UNQUOTED:
        return "put the attribute into quotes: a value may not stand in a tag without them";
    case PLACE_SCRIPT:
        return "a value may not stand in a script";
    case PLACE_HREF:
        return value[0] == '\0' || place_has_scheme(value) || value[strcspn(value, ":/?#")] != ':'
                   ? NULL
                   : "this link leads nowhere: it must begin with https://, mailto: or tel:";
    default:
        return NULL;
    }
}

static void add_percent(struct sb *out, char c)
{
    sb_addf(out, "%%%02X", (unsigned)(unsigned char)c);
}

/* An address in one piece. What is written with % already stays. */
static char *clean_url(enum place place, const char *value)
{
    struct sb out = {0};
    if (place == PLACE_URL_REST && (has_head(value, "https://") || has_head(value, "http://")))
        value = strchr(value, ':') + strlen("://");
    if (place == PLACE_HREF && value[0] != '\0' && !place_has_scheme(value))
        sb_add(&out, "https://"); /* a bare host, as in Markdown */
    for (; *value != '\0'; value++) {
        if ((unsigned char)*value <= ' ' || strchr("\"<>\\^`{|}\x7F", *value) != NULL)
            add_percent(&out, *value);
        else
            sb_addc(&out, *value);
    }
    return sb_take(&out);
}

static void add_kept(struct sb *out, const char *value, const char *kept, bool encode)
{
    for (; *value != '\0'; value++) {
        if (is_word(*value) || strchr(kept, *value) != NULL)
            sb_addc(out, *value);
        else if (encode)
            add_percent(out, *value);
    }
}

static void add_digits(struct sb *out, const char *value)
{
    for (; *value != '\0'; value++) {
        if (strchr("+0123456789", *value) != NULL)
            sb_addc(out, *value);
    }
}

void place_escape(enum place place, escape_fn *text, struct sb *out, const char *value)
{
    char *url = NULL;
    switch (place) {
    case PLACE_URL:
    case PLACE_URL_REST:
    case PLACE_HREF:
        url = clean_url(place, value);
        if (place == PLACE_HREF) { /* in Markdown that is done when it is read */
            char *ascii = link_ascii(url);
            free(url);
            url = ascii;
        }
        text(out, url);
        break;
    case PLACE_URL_PART:
        add_kept(out, value, "-._~", true);
        break;
    case PLACE_MAILBOX:
        add_kept(out, value, "-._~@+", true);
        break;
    case PLACE_PHONE:
        add_digits(out, value);
        break;
    case PLACE_CSS:
        add_kept(out, value, "-#.,% ", false);
        break;
    case PLACE_TEXT:
    case PLACE_UNQUOTED:
    case PLACE_SCRIPT:
        text(out, value);
        break;
    }
    free(url);
}
