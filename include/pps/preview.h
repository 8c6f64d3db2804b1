/* Trying before: what a client would get for a step, word for word, and a test of it to somebody else. A preview only
 * reads; a test sends, but to nobody's account: no action, no attempt, no cap and no guard knows of it. */
#ifndef PPS_PREVIEW_H
#define PPS_PREVIEW_H

#include <pps/gateway.h>
#include <pps/mail_view.h>
#include <pps/service.h>
#include <pps/sms.h>

struct preview_wish {
    const char *about; /* "T34", "P37", a client; NULL: the step says it itself */
    const char *step;  /* a key; with about NULL "A156" or "T34/packing"; NULL: every step */
    const char *lang;  /* NULL: the client's */
    civil_day day;     /* as if it went on this day; CIVIL_NONE: on its own */
    bool sent;         /* not the words as they would be now, but those that went */
    const char *db_path; /* of the database: what nobody has caused yet is tried on a copy of it */
};

/* One message, or the words of a call or a visit. */
struct preview_piece {
    enum channel channel;
    struct civil at; /* when it goes, by the clock of tz; day CIVIL_NONE: nobody knows yet */
    char *tz;
    bool instead; /* it goes only when the call is not ticked off in time */
    enum rc
        rc; /* RC_OK: the rest is there; else its words cannot be made, and why says what is wrong */
    struct err why;
    char *recipient; /* of a message: address or E.164 number; NULL: it does not go, and there is none */
    char *bytes;     /* of a message: as it goes */
    size_t len;
    struct mail_view mail; /* of an e-mail */
    char *preheader;       /* of an e-mail; NULL: not known, "": there is none */
    char *text;            /* of an SMS, a call, a visit */
    struct sms_size size;  /* of an SMS */
};

struct preview {
    struct action action; /* id 0: it is not planned */
    char *title;          /* of the step */
    char *state; /* in words: "pending: …", "not planned: waits until the visit is agreed" */
    bool goes;   /* it is still to come, or went */
    struct preview_piece pieces[2]; /* a call may have a message that goes instead */
    size_t n_pieces;
};

struct previews {
    struct occasion occasion; /* id 0: there is none yet; it is shown as one that there could be, and: */
    bool made_up; /* what it is about is made up: a complaint, an answer, a loss, the day of a greeting */
    struct client client;
    struct preview *v; /* in the order in which the client gets them; what is left out comes last */
    size_t n, cap;
};
void previews_fini(struct previews *previews);

/* Nothing in what is made acts for the client, as a way to unsubscribe does; with `sent`, bytes are as they went. Of one step:
 * RC_INVALID, RC_NOTFOUND and so on when its words cannot be made, with the line that a tick would give. Of all: the
 * piece says it. */
enum rc service_preview(const struct desk *desk, const struct preview_wish *wish,
                        struct previews *ret, struct err *err) MUST_CHECK;

struct test_wish {
    struct preview_wish what;
    const char *to; /* e-mail address or phone number, as typed */
    bool to_client; /* although the address is a client's */
    bool dry;       /* sends nothing */
    enum rc (*open_gateway)(void *ctx, enum channel channel, struct gateway **ret, struct err *err);
    bool (*stopping)(void *ctx);
    void *ctx; /* of both */
};
struct test_sent {
    struct previews previews;          /* of the one step */
    const struct preview_piece *piece; /* the one that was sent */
    char *to;                          /* as it is written to */
    char *bytes;                       /* what went */
    size_t len;
    struct delivery delivery; /* DELIVERY_SENT, or nothing with dry */
};
/* RC_REJECTED: the address is a client's. RC_UNAVAILABLE: it did not go, or nobody knows. */
enum rc service_send_test(const struct desk *desk, const struct test_wish *wish,
                          struct test_sent *ret, struct err *err) MUST_CHECK;
void test_sent_fini(struct test_sent *sent);

#endif
