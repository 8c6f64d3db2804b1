/* Documents: files that go with a letter of one occasion, such as the voucher with the packing tips; and what became of
 * each. Nobody may believe that a voucher is on its way when its letter is not. */
#ifndef PPS_DOCUMENT_H
#define PPS_DOCUMENT_H

#include <pps/model.h>

enum document_fate {
    DOCUMENT_WAITS,  /* its letter is still to go */
    DOCUMENT_SENT,   /* with the letter */
    DOCUMENT_UNSURE, /* with a letter of which nobody knows whether it arrived */
    DOCUMENT_STAYS, /* its letter went without it, or will not go by e-mail: somebody has to see to it */
    DOCUMENT_OVER, /* the same, but its occasion has ended */
    DOCUMENT_DROPPED
};
const char *
document_fate_name(enum document_fate fate); /* "waits" "sent" "unsure" "stays" "over" "dropped" */

/* A document with what its fate depends on. */
struct document_row {
    struct document document;
    struct occasion occasion; /* title and ids only */
    char *client_name;
    char *manager; /* login; NULL: nobody's */
    char *carrier_step; /* of the message that has been made with it, and carrier is its state; NULL: none */
    enum action_state carrier;
    bool perhaps; /* that message was handed over, and what became of it was never found out */
    int64_t
        bearer_id; /* the letter that is to carry it: of its step, or of the step that this was merged into; 0: none */
    char *bearer_step;
    enum action_state bearer;
    enum channel bearer_channel;
    char *bearer_reason;
    bool words_lost; /* it has gone, and with what is not known here: an older database was put back */
};
void document_row_fini(struct document_row *row);
struct document_rows {
    struct document_row *v;
    size_t n, cap;
};
void document_rows_fini(struct document_rows *rows);

enum document_fate document_fate(const struct document_row *row);

#endif
