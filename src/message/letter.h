/* The words of a letter, ready for the envelope. */
#ifndef PPS_MESSAGE_LETTER_H
#define PPS_MESSAGE_LETTER_H

#include <pps/message.h>

struct letter {
    char *subject; /* one line */
    char *preheader; /* one line; "": none */
    char *html;    /* a whole document */
    char *text;    /* the same words for readers without HTML */
    char *lang;
};
void letter_fini(struct letter *letter);

enum rc letter_write(const struct message_input *in, struct letter *ret,
                     struct err *err) MUST_CHECK;
enum rc letter_lint(const char *templates_dir, const char *step, const char *lang,
                    struct err *err) MUST_CHECK;

#endif
