/* Private to the room: what every gateway is made of, what it asks of its caller before the point of no return, and
 * how a verdict is put into words. */
#ifndef PPS_GATEWAY_PRIVATE_H
#define PPS_GATEWAY_PRIVATE_H

#include <pps/gateway.h>

struct gateway_ops {
    struct delivery (*deliver)(struct gateway *gateway, const struct parcel *parcel,
                               const struct delivery_hooks *hooks);
    void (*free)(struct gateway *gateway);
    /* Both NULL: the gateway can do nothing about a doubt. ask is called only when powers() says that it asks. */
    struct gateway_powers (*powers)(const struct gateway *gateway);
    struct inquiry (*ask)(struct gateway *gateway, const struct parcel *parcel,
                          const struct delivery_hooks *hooks);
};

/* The first member of every concrete gateway. */
struct gateway {
    const struct gateway_ops *ops;
};

/* How a delivery stands with the point of no return. DENIED and TAKEN are final. */
enum risk { RISK_NONE, RISK_DENIED, RISK_TAKEN };
bool delivery_stopping(const struct delivery_hooks *hooks);
/* The last question before the point of no return: DENIED or TAKEN. To be asked once. */
enum risk delivery_risk(const struct delivery_hooks *hooks);

/* A verdict with one line for people; a line that is too long is cut at a character. */
struct delivery delivery_make(enum delivery_class class, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
struct inquiry inquiry_make(enum finding finding, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Copies text into buf, cut at a character when it does not fit. */
void text_copy(char *buf, size_t size, const char *text);

/* For tests, which cannot wait a minute: how long each phase of SMTP may be silent. */
struct smtp_deadlines {
    int connect_sec; /* DNS, TCP and TLS */
    int silence_sec; /* any wait before the last byte */
    int verdict_sec; /* the answer to the last byte */
    int quit_sec;    /* good-bye, when all is known already */
    int total_sec;   /* all of it */
};
void gateway_smtp_set_deadlines(struct gateway *gateway, const struct smtp_deadlines *deadlines);

#endif
