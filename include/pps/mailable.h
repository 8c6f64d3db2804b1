/* Whether a file may go with a letter: what mail servers refuse, and what its reader's programs would not open. Pure. */
#ifndef PPS_MAILABLE_H
#define PPS_MAILABLE_H

#include <stddef.h>

/* What is wrong with a file of this name and these bytes, as it follows its name: `ends in .exe, …: …`. NULL: it may go; else
 * a new string. */
char *mailable_fault(const char *name, const char *bytes, size_t len);

#endif
