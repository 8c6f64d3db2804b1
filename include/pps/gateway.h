/* Gateways: carry frozen bytes out and say what became of them. They know nothing of the database.
 *
 * The contract of deliver(): it may put anything on the wire that cannot yet be an accepted
 * message; then it calls before_risk() exactly once, before the first byte that could make the
 * message accepted (SMTP: the last body byte, inside libcurl's read callback; HTTP: the request,
 * inside the pre-request callback; outbox: the rename). When before_risk() says no, nothing more is
 * sent and the class is DELIVERY_STOPPED. Until then stopping() is looked at about once a second;
 * when it says yes the transfer is broken off, with the same class. As soon as the other side has accepted, accepted() is
 * called (SMTP: in the header callback, before QUIT). */
#ifndef PPS_GATEWAY_H
#define PPS_GATEWAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pps/config.h>
#include <pps/err.h>
#include <pps/model.h>

enum delivery_class {
    DELIVERY_SENT,         /* accepted, with evidence */
    DELIVERY_REFUSED_TEMP, /* certainly not accepted; try again later */
    DELIVERY_REFUSED_PERM, /* certainly not accepted; do not try this one again */
    DELIVERY_CONFIG,       /* certainly not accepted; login, credit or set-up: stop the channel */
    DELIVERY_NOT_SENT,     /* certainly not sent: no connection, or it broke before the last byte */
    DELIVERY_STOPPED, /* certainly not sent: we broke off, as before_risk() or stopping() said */
    DELIVERY_IN_DOUBT /* before_risk() was called and no verdict came */
};
const char *delivery_class_name(enum delivery_class class);

struct delivery {
    enum delivery_class class;
    int code;              /* SMTP or HTTP status of the last reply, 0 = none */
    char provider_id[128]; /* queue id or provider's message id, "" = none */
    char reason[256]; /* one line for people and the log; sanitised, no addresses, no secrets */
    int32_t retry_after_sec; /* asked for by the other side; 0 = not said */
};

/* What is to be carried; borrowed for the call. */
struct parcel {
    int64_t action_id;
    const char *step;      /* for names in the outbox */
    const char *recipient; /* e-mail address or E.164 number, already validated */
    const char *sender;    /* e-mail: the envelope sender; NULL: the gateway's own */
    const char *subject;   /* e-mail only, else NULL */
    const char *bytes;     /* frozen: e-mail RFC 5322 with CRLF, or SMS text in UTF-8 */
    size_t len;
    const char *idem_key; /* the same on every attempt */
    int64_t date;         /* UTC seconds at which the message was frozen */
    int64_t expires_at;
    int64_t now;
};

struct delivery_hooks {
    bool (*before_risk)(void *ctx); /* commits at_risk durably; false: do not send */
    void (*accepted)(void *ctx, const struct delivery *delivery);
    bool (*stopping)(void *ctx); /* the program has been asked to end; NULL: never */
    void *ctx;
};

/* What a gateway can do about a message that is in doubt. */
struct gateway_powers {
    bool asks; /* gateway_ask() looks what became of it */
    /* So many seconds after the first try the same bytes with the same idem_key are certainly no second copy for the
     * client; 0: never. */
    int32_t repeat_sec;
};

enum finding {
    FINDING_SENT,       /* it was accepted: the other side has it */
    FINDING_UNKNOWN,    /* the other side answers, and does not know it */
    FINDING_NO_ANSWER,  /* nothing was learnt; ask again later */
    FINDING_CANNOT_TELL /* nothing can be learnt this way, now or later */
};

struct inquiry {
    enum finding finding;
    char provider_id[128]; /* "" = none */
    char reason[256];      /* one line for people and the log; sanitised */
};

struct gateway; /* one channel's way out */

/* A gateway that writes each message to a file of its own in dir (.eml or .txt). channel is e-mail
 * or SMS. */
enum rc gateway_outbox_new(const char *dir, enum channel channel, struct gateway **ret,
                           struct err *err) MUST_CHECK;
/* The name of the file that a message gets there, "2026-12-10T0700Z-A156-thank-you.eml", and under which it is written before
 * it has that name. New strings. */
char *gateway_outbox_name(enum channel channel, int64_t date, int64_t action_id, const char *step);
char *gateway_outbox_temporary(const char *name);
/* SMTP through libcurl. password may be NULL; it is copied and wiped at free. */
enum rc gateway_smtp_new(const struct smtp_config *config, const char *from, const char *password,
                         struct gateway **ret, struct err *err) MUST_CHECK;
/* SMS over HTTP as a preset file describes it (docs/gateways.md). preset_name is for errors. */
enum rc gateway_http_new(const struct sms_http_config *config, const char *password,
                         const char *preset_text, size_t preset_len, const char *preset_name,
                         struct gateway **ret, struct err *err) MUST_CHECK;

/* Never fails otherwise than through the class. before_risk and accepted must be set. */
struct delivery gateway_deliver(struct gateway *gateway, const struct parcel *parcel,
                                const struct delivery_hooks *hooks);

struct gateway_powers gateway_powers(const struct gateway *gateway);
/* Looks what became of a message; sends nothing. Only for a gateway that asks (others: FINDING_CANNOT_TELL). Of the hooks
 * only `stopping` is called: then it breaks off, with FINDING_NO_ANSWER. */
struct inquiry gateway_ask(struct gateway *gateway, const struct parcel *parcel,
                           const struct delivery_hooks *hooks);
void gateway_free(struct gateway *gateway); /* NULL is fine */

/* Loads libcurl and sets it up for the whole process (removes SSLKEYLOGFILE first); before the first gateway to a server, and
 * again is fine. RC_CONFIG when libcurl is not there. */
enum rc gateway_global_init(struct err *err) MUST_CHECK;
void gateway_global_fini(void); /* not before it was set up */

#endif
