/* What whoever calls a client, or meets them, must know before they pick up: that they want to be left in peace, want no
 * messages, or have complained. Pure. */
#ifndef PPS_HEED_H
#define PPS_HEED_H

#include <stdint.h>

#include <pps/civil.h>

struct heed {
    civil_day paused_until; /* CIVIL_NONE: they are not paused */
    int64_t complaint_id;   /* the oldest open complaint; 0: there is none */
    bool no_messages;       /* they have said that they want none at all */
};
/* "paused until 15.12.2026; open complaint P2; wants no messages"; NULL when there is nothing. New string. */
char *heed_words(const struct heed *heed);

#endif
