/* Private: one section of pps.json. */
#ifndef PPS_CORE_CONFIG_AGENCY_H
#define PPS_CORE_CONFIG_AGENCY_H

#include <pps/config.h>
#include <pps/json.h>

/* Into c, which has the defaults. */
enum rc config_read_agency(const struct json_doc *doc, const struct json *root, struct config *c,
                           struct err *err) MUST_CHECK;
void config_agency_fini(struct config *c);

#endif
