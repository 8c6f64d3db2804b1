/* The words of a letter, ready for the envelope. */
#ifndef PPS_MESSAGE_LETTER_H
#define PPS_MESSAGE_LETTER_H

#include <pps/digest.h>
#include <pps/message.h>

#include "catalog.h"
#include "enclosure.h"
#include "mustache.h"

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
/* Who is told of what is found in a letter, each "file:line:column: what". */
struct letter_listener {
    void *ctx;
    mustache_report_fn *refused;                /* no such letter goes */
    mustache_report_fn *noted;                  /* its reader would see it */
    void (*shows)(void *ctx, const char *file); /* of the folder of pictures */
};
struct letter_look {
    const char *templates_dir;
    const struct template_text *source;
    struct value *data; /* which of its sections are taken; what is unknown or empty does no harm */
};
/* Tells all there is to say of its Markdown, its pictures and its attachments, by the hands that make it when it goes. */
void letter_look(const struct letter_look *look, const struct letter_listener *to);
/* The layouts by themselves, around a letter of one word, which sells or does not, with sample data of this agency: every fault is told, "file:line:column:
 * what". *ret_html and *ret_text: what comes of them, new strings, untouched where nothing does. */
#define LETTER_SAMPLE_STOP "stop@agency.example"
enum rc letter_lint_layouts(const char *templates_dir, const struct config *config, bool sells,
                            mustache_report_fn *report, void *ctx, char **ret_html,
                            char **ret_text) MUST_CHECK;
enum rc letter_lint_digest(const char *templates_dir, bool director, const char *lang,
                           struct err *err) MUST_CHECK;
/* email.c: the bytes of a letter that is written. */
enum rc letter_into_envelope(const struct message_input *in, const struct letter *letter,
                             const struct mail_identity *identity, struct rendered *ret,
                             struct err *err) MUST_CHECK;
/* Where the answers to a letter go: to whoever signs, else to the agency; NULL: to its sender. Borrowed. */
const char *letter_reply_to(const struct message_input *in);

#endif
