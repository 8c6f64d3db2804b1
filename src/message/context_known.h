/* What is known of a client, as templates see it: the second leaf of the door that context.c is. */
#ifndef PPS_MESSAGE_CONTEXT_KNOWN_H
#define PPS_MESSAGE_CONTEXT_KNOWN_H

#include <pps/known.h>

#include "value.h"

/* Adds `fact`, `facts`, `mark`, `gift`, `card`, `album`, `photo`, `trip_number`, `first_trip`, `rated`, `promoter`,
 * `unhappy` and `complaint` to the root. known may be NULL; trip_id: the trip that the message is about, or 0. */
void context_add_known(struct value *root, const struct known *known, int64_t trip_id);
/* The same with everything there is, for checking templates: any fact is known. */
void context_add_known_sample(struct value *root);

#endif
