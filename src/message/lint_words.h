/* What a template says in words, as its author typed it. */
#ifndef PPS_MESSAGE_LINT_WORDS_H
#define PPS_MESSAGE_LINT_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* What is wrong with the words on both sides of a name, whose tag stands from `at` up to `end`: a greeting before one that
 * greets already. New string; NULL: nothing. */
char *lint_words_beside(const char *name, const char *text, size_t at, size_t end);

struct slip {
    size_t at, next; /* next: from where to look for another one */
    char *what;      /* owned */
};
/* The next thing in the text, between `from` and `end`, that its reader would see as it was typed: a placeholder that is no
 * variable; in plain text (a subject, an SMS) Markdown, too. False: there is none. */
bool lint_words_slip(const char *text, size_t from, size_t end, bool plain, struct slip *ret);

#endif
