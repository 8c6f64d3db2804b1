/* How a reader of marketing letters stops them. */
#ifndef PPS_MESSAGE_WAY_OUT_H
#define PPS_MESSAGE_WAY_OUT_H

#include <pps/message.h>

/* All NULL for a letter that sells nothing. */
struct way_out {
    char *url;     /* one click, over https; NULL: none is configured, or there is no key */
    char *address; /* to which one may write */
    char *mailto;  /* the same as a link, with the token in its subject */
};
/* reply_to: where answers go. */
void way_out_find(const struct message_input *in, const char *reply_to, struct way_out *ret);
void way_out_fini(struct way_out *way);

#endif
