/* The room's private header: the key "lost_reasons" of pps.json. */
#ifndef PPS_CORE_LOST_REASONS_H
#define PPS_CORE_LOST_REASONS_H

#include <pps/config.h>

#include "read.h"

enum rc lost_reasons_read(const struct json_doc *doc, const struct json *root, struct config *c,
                          struct err *err) MUST_CHECK;
/* When the agency has written none: a list in its language. */
void lost_reasons_default(struct config *c);
void lost_reasons_fini(struct config *c);

#endif
