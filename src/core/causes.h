/* Private: "complaint_causes" of pps.json. */
#ifndef PPS_CORE_CAUSES_H
#define PPS_CORE_CAUSES_H

#include <pps/config.h>
#include <pps/json.h>

/* The list, when there is one in the file. */
enum rc read_causes(const struct json_doc *doc, const struct json *root,
                    struct complaint_causes *ret, struct err *err) MUST_CHECK;
/* Fills an empty list with what agencies of this language usually count. */
void default_causes(const char *lang, struct complaint_causes *io);
void causes_fini(struct complaint_causes *causes);

#endif
