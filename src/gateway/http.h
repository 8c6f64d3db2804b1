/* Private to the room: one account at an SMS provider, and what goes through it. */
#ifndef PPS_GATEWAY_HTTP_H
#define PPS_GATEWAY_HTTP_H

#include "preset.h"
#include "transfer.h"

struct http {
    struct gateway base;
    struct preset preset;
    char *base_url, *scheme; /* scheme, host and port */
    char *user, *password, *sender, *ca_file;
    int max_parts;
    struct secrets secrets;
};

struct delivery http_deliver(struct gateway *gateway, const struct parcel *parcel,
                             const struct delivery_hooks *hooks);
/* Only for an account whose preset has a status query. */
struct inquiry http_ask(struct gateway *gateway, const struct parcel *parcel,
                        const struct delivery_hooks *hooks);

#endif
