/* What the HTML layout of letters must not have. */
#ifndef PPS_MESSAGE_LAYOUT_H
#define PPS_MESSAGE_LAYOUT_H

#include "catalog.h"
#include "mustache.h"

/* As in letters: nothing that runs, nothing that is loaded from elsewhere, no link that leads nowhere. It goes by the text
 * alone, so it is the same for every client. RC_INVALID: the first fault; with report each is told. */
enum rc layout_check(const struct template_text *layout, mustache_report_fn *report, void *ctx,
                     struct err *err) MUST_CHECK;

#endif
