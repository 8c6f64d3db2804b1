/* A letter in its envelope: the exact bytes of an RFC 5322 message. */
#ifndef PPS_MESSAGE_MIME_H
#define PPS_MESSAGE_MIME_H

#include <pps/message.h>

/* Addresses have passed email_parse; names, subject and texts have passed one_line or come from
 * templates. */
struct mime_mail {
    const char *from_name, *from_address;
    const char *to_name, *to_address;
    const char *reply_to; /* address; NULL: none */
    const char *subject;
    const char *lang; /* for Content-Language */
    const char *text, *html;
    const struct mail_identity *identity;
};

/* multipart/alternative, UTF-8, quoted-printable, CRLF. The same input gives the same bytes.
 * Errors: RC_INTERNAL when the identity cannot stand in a header. */
enum rc mime_build(const struct mime_mail *mail, char **ret_bytes, size_t *ret_len,
                   struct err *err) MUST_CHECK;

#endif
