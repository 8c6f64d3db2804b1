/* What the HTML layout of letters must not have. */
#ifndef PPS_MESSAGE_LAYOUT_H
#define PPS_MESSAGE_LAYOUT_H

#include "template.h"

/* As in letters: nothing that runs, nothing that is loaded from elsewhere, no link that leads nowhere. It goes by the text of
 * the layout and of its parts alone, with every section taken, so it is the same for every client. RC_INVALID: the first fault;
 * with job->report each is told. */
enum rc layout_check(const struct template_job *job, const struct template_text *layout,
                     struct err *err) MUST_CHECK;

#endif
