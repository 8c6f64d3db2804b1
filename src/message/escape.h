/* Making data harmless where it is put: in HTML, in Markdown, in one line of text. */
#ifndef PPS_MESSAGE_ESCAPE_H
#define PPS_MESSAGE_ESCAPE_H

#include <pps/str.h>

/* Appends s so that the language of the place reads it as plain text. */
typedef void escape_fn(struct sb *out, const char *s);

void escape_none(struct sb *out, const char *s);
void escape_html(struct sb *out, const char *s); /* text and quoted attributes */
/* Every ASCII punctuation character after a backslash (CommonMark §2.4), so that no name can become
 * a link, a heading or HTML. Right in text and in link destinations, wrong in code spans and
 * <autolinks>. s must be one line (see one_line). */
void escape_markdown(struct sb *out, const char *s);

/* Data as it may stand in a message: valid UTF-8 (bad bytes become U+FFFD), one line, no control or
 * bidirectional characters, no white space at the ends, runs of it single. New string; NULL gives
 * "". */
char *one_line(const char *s);

/* one_line() for the value of a mail header: "=?" becomes "= ?". It begins an encoded word (RFC
 * 2047), and a name made of ASCII only is written as it is, so a reader would decode what the name
 * pretends to be. ASCII words get a space after 60 characters, so that every line can be folded at
 * 78. */
char *one_header_line(const char *s);

#endif
