/* The variables of the lists of the morning: another leaf of the door that context.c is. */
#ifndef PPS_MESSAGE_CONTEXT_DIGEST_H
#define PPS_MESSAGE_CONTEXT_DIGEST_H

#include <pps/digest.h>

#include "value.h"

/* The names of the templates: manager, director. */
const char *digest_key(bool director);
/* lang is that of the template that was found. */
struct value *context_digest(const struct digest_input *in, const char *lang);
/* A list that is none, for checking the templates: with everything in it, or with no more than there must be. Free it with
 * digest_fini. */
void digest_sample(bool full, struct digest *ret);
extern const struct staff digest_sample_colleague;

#endif
