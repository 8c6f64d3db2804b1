/* A letter in its envelope: the exact bytes of an RFC 5322 message. */
#ifndef PPS_MESSAGE_MIME_H
#define PPS_MESSAGE_MIME_H

#include <pps/message.h>

#include "enclosure.h"

/* Addresses have passed email_parse; names, subject and texts have passed one_line or come from
 * templates. */
struct mime_mail {
    const char *from_name, *from_address;
    const char *to_name, *to_address;
    const char *reply_to; /* address; NULL: none */
    const char *subject;
    const char *lang; /* for Content-Language */
    const char *feedback_id;
    /* Marketing only; NULL: the headers that go with it are left out. */
    const char *unsubscribe_url, *unsubscribe_mailto;
    bool bulk;
    const char *text, *html;
    const struct enclosures *pictures, *attachments; /* NULL or empty: the parts that hold them are left out */
    const struct mail_identity *identity;
};

/* multipart/mixed (attachments) > multipart/alternative > text/plain, multipart/related (pictures) > text/html; a multipart
 * with nothing more to hold is left out. UTF-8, quoted-printable, pictures and files in base64, CRLF. The same input gives
 * the same bytes.
 * Errors: RC_INTERNAL when the identity cannot stand in a header. */
enum rc mime_build(const struct mime_mail *mail, char **ret_bytes, size_t *ret_len,
                   struct err *err) MUST_CHECK;

#endif
