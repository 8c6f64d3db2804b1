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
    [DELIVERY_STOPPED] = "stopped",
    [DELIVERY_IN_DOUBT] = "in-doubt",
};

const char *delivery_class_name(enum delivery_class class)
{
    return class_names[class];
}

struct delivery gateway_deliver(struct gateway *gateway, const struct parcel *parcel,
                                const struct delivery_hooks *hooks)
{
    if (delivery_stopping(hooks))
        return delivery_make(DELIVERY_STOPPED, 0, "stopped before the delivery began");
    return gateway->ops->deliver(gateway, parcel, hooks);
}

struct gateway_powers gateway_powers(const struct gateway *gateway)
{
    if (gateway->ops->powers == NULL)
        return (struct gateway_powers){0};
    return gateway->ops->powers(gateway);
}

struct inquiry gateway_ask(struct gateway *gateway, const struct parcel *parcel,
                           const struct delivery_hooks *hooks)
{
    if (!gateway_powers(gateway).asks)
        return inquiry_make(FINDING_CANNOT_TELL,
                            "this gateway cannot be asked what became of a message");
    return gateway->ops->ask(gateway, parcel, hooks);
}

void gateway_free(struct gateway *gateway)
{
    if (gateway != NULL)
        gateway->ops->free(gateway);
}

/* ---- for the gateways ---- */

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

bool delivery_stopping(const struct delivery_hooks *hooks)
{
    return hooks->stopping != NULL && hooks->stopping(hooks->ctx);
}

enum risk delivery_risk(const struct delivery_hooks *hooks)
{
    return !delivery_stopping(hooks) && hooks->before_risk(hooks->ctx) ? RISK_TAKEN : RISK_DENIED;
}

__attribute__((format(printf, 3, 0))) static void format_line(char *buf, size_t size,
                                                              const char *fmt, va_list ap)
{
    char line[1024];
    (void)vsnprintf(line, sizeof line, fmt, ap);
    text_copy(buf, size, line);
}

struct delivery delivery_make(enum delivery_class class, int code, const char *fmt, ...)
{
    struct delivery d = {.class = class, .code = code};
    va_list ap;
    va_start(ap, fmt);
    format_line(d.reason, sizeof d.reason, fmt, ap);
    va_end(ap);
    return d;
}

struct inquiry inquiry_make(enum finding finding, const char *fmt, ...)
{
    struct inquiry q = {.finding = finding};
    va_list ap;
    va_start(ap, fmt);
    format_line(q.reason, sizeof q.reason, fmt, ap);
    va_end(ap);
    return q;
}
