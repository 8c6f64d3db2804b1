/* Other programs: a browser for a page, diff for two texts. Data never stands on their command line, only paths. */
#ifndef PPS_CLI_PROGRAM_H
#define PPS_CLI_PROGRAM_H

#include "app.h"

/* ---- program.c ---- */
/* Runs argv[0], found by PATH, without a shell, and waits for it. in: descriptors that become its 3, 4 … (n_in of them);
 * ret_out: what it prints, a new string; NULL: it prints to standard error. RC_NOTFOUND: there is no such program. */
enum rc program_run(const char *const *argv, const int *in, size_t n_in, char **ret_out,
                    int *ret_status, struct err *err) MUST_CHECK;

/* A descriptor from which this text can be read, by /dev/fd/N; -1: none. The text stands in no file. */
int program_text(const char *bytes, size_t len);

/* ---- open_page.c ---- */
/* Writes the page into a private file and has a browser open it; says where the file is. Without a screen or a browser that
 * is all, with a remark. */
enum rc open_page(struct app *app, const char *html, struct err *err) MUST_CHECK;

#endif
