/* A layout as one text, with all that may ever stand in it, for those who look it through. */
#ifndef PPS_MESSAGE_LAYOUT_FLAT_H
#define PPS_MESSAGE_LAYOUT_FLAT_H

#include "template.h"

/* Stands where a section begins and ends: what is on both sides of it may or may not meet. No template holds it. */
#define FLAT_BORDER '\x01'

/* How a value begins that goes in as it is. */
#define FLAT_RAW "{{&"

/* Every section is taken, every part included, comments are gone, a value is "{{name}}" or "{{&name}}". */
struct layout_flat {
    char *text;
    size_t len;
    struct mustache_places places; /* where each piece stands in its file */
};
void layout_flat_fini(struct layout_flat *flat);

/* False: it cannot be read, which is told to whoever fills it. */
bool layout_flat(const struct template_job *job, const struct template_text *layout,
                 struct layout_flat *ret);

/* A piece of it as a browser or a reader of CSS takes it, in small letters of ASCII: without borders, and with the signs for
 * which &#106; and the like stand. */
struct layout_decoded {
    char *s;
    size_t len;
    size_t *from; /* of each byte, and of the end: where it stands in the flat text */
    size_t odd;   /* where an "&name;" stands that is not known here; SIZE_MAX: there is none */
};
void layout_decoded_fini(struct layout_decoded *decoded);
void layout_decode(const struct layout_flat *flat, size_t at, size_t len, bool entities,
                   struct layout_decoded *ret);

#endif
