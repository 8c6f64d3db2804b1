/* What the Markdown of a letter must not have, and what in it did not become what it was meant to be. */
#ifndef PPS_MESSAGE_MARKDOWN_CHECK_H
#define PPS_MESSAGE_MARKDOWN_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include <pps/err.h>

struct cmark_node;
struct mustache_places;

/* Told of each finding at a byte of the Markdown. refused: no such letter goes; else its reader would see it. */
typedef void markdown_report_fn(void *ctx, bool refused, size_t at, const char *what);

/* Completes the links of a document fresh from cmark (https://, digits behind tel:), and refuses what a letter must not have:
 * HTML, links that lead nowhere or did not work, pictures from elsewhere, values in code. RC_INVALID: the first of these, at
 * *ret_at. places (may be NULL) say where in the text a value stands. With report, which may be NULL, each is told, and what only looks wrong, too. */
enum rc markdown_check(struct cmark_node *document, const char *markdown,
                       const struct mustache_places *places, markdown_report_fn *report, void *ctx,
                       size_t *ret_at, struct err *err) MUST_CHECK;
/* The byte at which the address of a link or a picture stands; where that cannot be seen, at which the whole begins. */
size_t markdown_address(const char *markdown, struct cmark_node *node);
/* Whether an address is completed with https://. */
bool markdown_is_bare_host(const char *url);

#endif
