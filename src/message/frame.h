/* What the layouts may speak of beside the variables of every template. */
#ifndef PPS_MESSAGE_FRAME_H
#define PPS_MESSAGE_FRAME_H

#include "enclosure.h"
#include "template.h"
#include "way_out.h"

struct frame {
    const struct message_input *in; /* NULL: checking a template, without a client */
    const char *templates_dir, *lang;
    const char *subject, *preheader;
    const char *sign_off; /* "": as the language has it */
    const struct way_out *way_out;
    bool inside; /* it stays in the agency: nobody signs it, and nothing in it is a link */
};
/* Adds it to data; the pictures that the frame shows are added to the list. RC_INVALID: a picture cannot be used. */
enum rc frame_add(const struct frame *frame, struct value *data, struct enclosures *pictures,
                  struct err *err) MUST_CHECK;

#endif
