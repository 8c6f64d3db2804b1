/* What a file is, by its content: a name can say anything. Pure. */
#ifndef PPS_FILETYPE_H
#define PPS_FILETYPE_H

#include <stddef.h>

/* The media type (RFC 6838) of what goes with a letter: "application/pdf", "image/jpeg", "text/plain" for UTF-8 text, …;
 * "application/octet-stream" for what is not known. NULL for programs and scripts (MZ, ELF, Mach-O, #!), which no mail
 * server takes. */
const char *filetype_of(const char *bytes, size_t len);

#endif
