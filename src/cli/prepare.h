/* What is not ready for the visits of today and the next two days. */
#ifndef PPS_CLI_PREPARE_H
#define PPS_CLI_PREPARE_H

#include "app.h"

/* Shows one line a visit, or adds "to_prepare" to a document when root is not NULL. manager_id 0: everybody's; else what
 * this person prepares, and what is for the visits of their trips. */
enum rc show_to_prepare(struct app *app, int64_t manager_id, struct json *root,
                        struct err *err) MUST_CHECK;

#endif
