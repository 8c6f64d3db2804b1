/* The list of files in a ZIP archive: its names, nothing unpacked. */
#ifndef PPS_CORE_ARCHIVE_H
#define PPS_CORE_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>

struct archive { /* borrows the bytes */
    const unsigned char *bytes;
    size_t at, end; /* of the list */
    size_t left;    /* entries that are still to come */
};
struct archive_entry {
    const char *name; /* not terminated; may hold anything */
    size_t len;
    bool locked; /* by a password */
};

/* False: it is no ZIP archive, or its list is not there. */
bool archive_begin(const char *bytes, size_t len, struct archive *ret);
/* False: there is no other one; when entries are left then, the list is damaged. */
bool archive_next(struct archive *archive, struct archive_entry *ret);

#endif
