/* Private to the room: what an SMTP server has said so far, and what that means. Pure. */
#ifndef PPS_GATEWAY_DIALOG_H
#define PPS_GATEWAY_DIALOG_H

#include <stdbool.h>
#include <stddef.h>

#include <pps/gateway.h>

enum smtp_step {
    STEP_GREETING,
    STEP_HELLO,
    STEP_STARTTLS,
    STEP_AUTH,
    STEP_MAIL,
    STEP_RCPT,
    STEP_DATA,
    STEP_BODY /* the answer to the final dot */
};

struct dialog {
    bool use_starttls, use_login; /* set by the caller: commands that will be given */
    enum smtp_step step;          /* what the next reply answers */
    bool encrypted, login_offered, logged_in;
    int code;                 /* of the last complete reply; 0 = none */
    enum smtp_step code_step; /* what that reply answered */
    char text[512];           /* its last line, raw */
    bool refused;             /* a reply of 4xx or 5xx ended it; nothing later counts */
};

/* Takes in one line as received. true: it completed a reply (a line "ddd-" does not, nor does one
 * that is no SMTP reply, nor a 221, which answers only QUIT). */
bool dialog_line(struct dialog *dialog, const char *line, size_t len);

/* What the refusal in dialog->code means. */
enum delivery_class dialog_refusal(const struct dialog *dialog);
const char *smtp_step_name(enum smtp_step step); /* "the greeting", "RCPT" … */

/* The queue id in an accepting reply: what stands after "queued as", "id=" and the like; else the
 * reply's text after the codes. "" when there is none. */
void dialog_queue_id(const char *reply, char *buf, size_t size);

#endif
