/* Where in a text a value stands, and what makes it harmless there. The place is read from the template
 * alone, never from data: a scan goes through its text from the beginning, is told of each value on
 * the way, and says in what place the next one stands. */
#ifndef PPS_MESSAGE_PLACE_H
#define PPS_MESSAGE_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "escape.h"

enum place_language { PLACE_PLAIN, PLACE_MARKDOWN, PLACE_HTML };

enum place {
    PLACE_TEXT,     /* the language's own escape */
    PLACE_URL,      /* a link's whole address: it stays one, in one piece */
    PLACE_URL_REST, /* what follows "https://", which is not said twice */
    PLACE_HREF,     /* a link's whole address in HTML, where nobody looks at it afterwards */
    PLACE_URL_PART, /* a piece of an address: percent-encoded but for the unreserved of RFC 3986 */
    PLACE_MAILBOX,  /* after "mailto:" or "cid:": a piece of an address that keeps @ and + */
    PLACE_PHONE,    /* after "tel:": digits and + */
    PLACE_CSS,      /* in style: what colours, sizes and names of fonts are made of */
    PLACE_UNQUOTED, /* in a tag, or in an attribute without quotes: no value may stand there */
    PLACE_SCRIPT    /* nor here */
};

/* The address that a scan is in. */
struct place_url {
    char head[9]; /* its first characters, in lower case */
    bool more;    /* text beyond the head, or behind a value */
    bool value;   /* a value stands in it already */
    bool query;   /* a "?" was there */
};

struct place_scan {
    enum place_language language;
    int mode;        /* place.c's own */
    char recent[9];  /* the last characters, in lower case */
    bool definition; /* Markdown: the line began with "[" */
    bool backslash;  /* Markdown: the next character is only itself */
    int brackets;    /* Markdown: round ones that are open within a destination */
    char tag[8]; /* HTML: the element of the tag, "/style" at its end; "" while it is being read */
    char word[16];  /* HTML: the name of the element or attribute at hand */
    char inside[8]; /* HTML: style or script, up to the end of the element */
    char quote;
    struct place_url url;
};

void place_begin(struct place_scan *scan, enum place_language language);
/* The next piece of the template's text. */
void place_text(struct place_scan *scan, const char *text, size_t len);
/* A value stands here; next is the character behind its tag, NUL when that is the end or another tag. */
enum place place_value(struct place_scan *scan, char next);

/* Whether an address says how it is reached: by https, http, mailto, tel or cid. */
bool place_has_scheme(const char *url);
/* NULL, or what is wrong with this value in this place. */
const char *place_refuses(enum place place, const char *value);
/* Appends the value; text is the escape of the language. */
void place_escape(enum place place, escape_fn *text, struct sb *out, const char *value);

#endif
