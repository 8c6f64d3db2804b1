/* Gateways: the door of the room. Hands a parcel to the gateway that was chosen, and holds what all
 * of them share. It must not know any protocol. Serves dispatch/ and the commands that send a test.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "gateway.h"

static const char *const class_names[] = {
    [DELIVERY_SENT] = "sent",
    [DELIVERY_REFUSED_TEMP] = "refused-temp",
    [DELIVERY_REFUSED_PERM] = "refused-perm",
    [DELIVERY_CONFIG] = "config",
    [DELIVERY_NOT_SENT] = "not-sent",
    [DELIVERY_IN_DOUBT] = "in-doubt",
};

const char *delivery_class_name(enum delivery_class class)
{
    return class_names[class];
}

struct delivery gateway_deliver(struct gateway *gateway, const struct parcel *parcel,
                                const struct delivery_hooks *hooks)
{
    return gateway->ops->deliver(gateway, parcel, hooks);
}

void gateway_free(struct gateway *gateway)
{
    if (gateway != NULL)
        gateway->ops->free(gateway);
}

void text_copy(char *buf, size_t size, const char *text)
{
    size_t len = strlen(text);
    if (len >= size) {
        len = size - 1;
        while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80)
            len--;
    }
    memcpy(buf, text, len);
    buf[len] = '\0';
}

struct delivery delivery_make(enum delivery_class class, int code, const char *fmt, ...)
{
    struct delivery d = {.class = class, .code = code};
    char line[1024];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    text_copy(d.reason, sizeof d.reason, line);
    return d;
}
