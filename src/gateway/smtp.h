/* Private to the room: one mail account, and the delivery of one letter through it. */
#ifndef PPS_GATEWAY_SMTP_H
#define PPS_GATEWAY_SMTP_H

#include "transfer.h"

struct smtp {
    struct gateway base;
    char *url, *peer; /* peer: how lines for people name the server */
    const char *scheme;
    char *from, *user, *password, *ca_file;
    enum smtp_security security;
    struct secrets secrets;
    struct smtp_deadlines deadlines;
};

struct delivery smtp_deliver(struct gateway *gateway, const struct parcel *parcel,
                             const struct delivery_hooks *hooks);

#endif
