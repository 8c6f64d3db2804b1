/* The variables of a template: built from what the caller gave, and nothing else. */
#ifndef PPS_MESSAGE_CONTEXT_H
#define PPS_MESSAGE_CONTEXT_H

#include <pps/message.h>

#include "value.h"

/* lang is that of the template that was found: dates are in its words. docs/templates.md lists the
 * variables. Free with value_free. */
struct value *context_new(const struct message_input *in, const char *lang);
/* After a lost sale no letter and no SMS names who failed to sell, and context_new sees to it; this does the same to a sample. */
void context_refuse_loser(struct value *root, enum kind series, enum channel channel);
/* The same variables, every one filled and every flag set: for checking a template without a
 * client. */
/* Puts what an agency has set in the place of the sample's; all: also that it has not set something. */
void context_set_agency(struct value *root, const struct config *config, const char *lang, bool all);
#define CONTEXT_SAMPLE_SIGNER "Sample Signer"
struct value *context_new_sample(const char *lang);

/* What the lists of the morning share with letters. */
/* Through the door: nothing but one line of visible text comes in. */
void context_text(struct value *object, const char *key, const char *data);
/* The same for a number: people read it in groups. */
void context_phone(struct value *object, const char *key, const char *phone);
/* What is the agency's own, as a reader of `lang` gets it; NULL: a colleague, who reads it as it was entered. */
struct value *context_agency(const struct config *config, const char *lang);
/* person may be NULL: then the agency stands in with its name. */
struct value *context_staff(const struct staff *person, const struct config *config, const char *lang);

#endif
