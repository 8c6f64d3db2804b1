/* Markdown -> HTML and plain text, from one and the same parsed document. */
#ifndef PPS_MESSAGE_MARKDOWN_H
#define PPS_MESSAGE_MARKDOWN_H

#include <stdbool.h>

#include <pps/err.h>

struct markdown_parts {
    char *html; /* a fragment: paragraphs, lists … */
    char *text; /* reads well by itself; no newline at its end */
};
void markdown_parts_fini(struct markdown_parts *parts);

/* Errors: RC_INVALID for what a letter must not have: HTML, and links that lead nowhere (a link
 * must begin with https://, http://, mailto: or tel:, or be a bare host name, which gets https://).
 * lint also refuses Markdown that did not work: brackets and stars left in the text, variables in
 * code. */
enum rc markdown_render(const char *markdown, bool lint, struct markdown_parts *ret,
                        struct err *err) MUST_CHECK;
/* The same, with the words set as their language wants it (typography.h); code and addresses stay. */
enum rc markdown_typeset(const char *markdown, const char *lang, bool lint,
                         struct markdown_parts *ret, struct err *err) MUST_CHECK;

#endif
