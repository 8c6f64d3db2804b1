/* Private to the room: what every gateway is made of, and how a verdict is put into words. */
#ifndef PPS_GATEWAY_PRIVATE_H
#define PPS_GATEWAY_PRIVATE_H

#include <pps/gateway.h>

struct gateway_ops {
    struct delivery (*deliver)(struct gateway *gateway, const struct parcel *parcel,
                               const struct delivery_hooks *hooks);
    void (*free)(struct gateway *gateway);
};

/* The first member of every concrete gateway. */
struct gateway {
    const struct gateway_ops *ops;
};

/* A verdict with one line for people; a line that is too long is cut at a character. */
struct delivery delivery_make(enum delivery_class class, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

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
