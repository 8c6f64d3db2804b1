/* The words of a letter, ready for the envelope. */
#ifndef PPS_MESSAGE_LETTER_H
#define PPS_MESSAGE_LETTER_H

#include <pps/digest.h>
#include <pps/message.h>

#include "enclosure.h"

struct letter {
    char *subject; /* one line */
    char *preheader; /* one line; "": none */
    char *html;    /* a whole document */
    char *text;    /* the same words for readers without HTML */
    char *lang;
    bool from_agency; /* it says "From: agency": no person sends it */
    struct enclosures pictures, attachments;
};
void letter_fini(struct letter *letter);

enum rc letter_write(const struct message_input *in, struct letter *ret,
                     struct err *err) MUST_CHECK;
/* The list of the morning; as_letter: what it shares with letters. */
enum rc letter_write_digest(const struct digest_input *in, const struct message_input *as_letter,
                            struct letter *ret, struct err *err) MUST_CHECK;
enum rc letter_lint(const char *templates_dir, const char *step, const char *lang,
                    struct err *err) MUST_CHECK;
enum rc letter_lint_digest(const char *templates_dir, bool director, const char *lang,
                           struct err *err) MUST_CHECK;
/* email.c: the bytes of a letter that is written. */
enum rc letter_into_envelope(const struct message_input *in, const struct letter *letter,
                             const struct mail_identity *identity, struct rendered *ret,
                             struct err *err) MUST_CHECK;
/* Where the answers to a letter go: to whoever signs, else to the agency; NULL: to its sender. Borrowed. */
const char *letter_reply_to(const struct message_input *in);

#endif
