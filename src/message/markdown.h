/* Markdown -> HTML and plain text, from one and the same parsed document. */
#ifndef PPS_MESSAGE_MARKDOWN_H
#define PPS_MESSAGE_MARKDOWN_H

#include <stdbool.h>

#include <pps/err.h>

#include "markdown_check.h"

struct markdown_picture {
    char *file; /* in the folder of pictures */
    size_t at;  /* the byte of the Markdown */
};

struct markdown_parts {
    char *html; /* a fragment: paragraphs, lists … */
    char *text; /* reads well by itself; no newline at its end */
    struct markdown_picture *pictures; /* that the HTML shows, in its order */
    size_t n_pictures;
};
void markdown_parts_fini(struct markdown_parts *parts);

/* Errors: RC_INVALID for what a letter must not have (markdown_check.h), and for lists and quotes that are nested too deep. */
enum rc markdown_render(const char *markdown, struct markdown_parts *ret,
                        struct err *err) MUST_CHECK;
/* The same, with the words set as their language wants it (typography.h); code and addresses stay. *ret_at: of an error, the
 * byte of the Markdown. places (may be NULL) say what in it are values. */
enum rc markdown_typeset(const char *markdown, const struct mustache_places *places,
                         const char *lang, struct markdown_parts *ret, size_t *ret_at,
                         struct err *err) MUST_CHECK;
/* Tells everything that is wrong with it or looks so. */
void markdown_look(const char *markdown, const struct mustache_places *places,
                   markdown_report_fn *report, void *ctx);

#endif
