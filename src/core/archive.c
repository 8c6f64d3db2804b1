/* Reads the list of files at the end of a ZIP archive (APPNOTE.TXT 6.3.10 of PKWARE, 4.3.12 and 4.3.16), because mail servers
 * read it, too. Unpacks nothing and trusts no number in it. Larger archives than a letter carries (ZIP64) count as damaged.
 * Serves filetype.c and mailable.c. */
#include <string.h>

#include "archive.h"

enum {
    END_BYTES = 22,      /* the record behind the list */
    COMMENT_MAX = 65535, /* behind that one */
    ENTRY_BYTES = 46,    /* of an entry, before its name */
    FLAG_LOCKED = 1
};

static size_t two_at(const unsigned char *bytes, size_t at)
{
    return (size_t)bytes[at] | (size_t)bytes[at + 1] << 8;
}

static size_t four_at(const unsigned char *bytes, size_t at)
{
    return two_at(bytes, at) | two_at(bytes, at + 2) << 16;
}

/* The record at the end, wherever a comment begins behind it; SIZE_MAX: there is none. */
static size_t find_end(const unsigned char *bytes, size_t len)
{
    size_t last = len >= END_BYTES ? len - END_BYTES : 0;
    size_t first = last > COMMENT_MAX ? last - COMMENT_MAX : 0;
    for (size_t at = last; len >= END_BYTES; at--) {
        if (memcmp(bytes + at, "PK\5\6", 4) == 0 && two_at(bytes, at + 20) <= len - at - END_BYTES)
            return at;
        if (at == first)
            break;
    }
    return (size_t)-1;
}

bool archive_begin(const char *bytes, size_t len, struct archive *ret)
{
    const unsigned char *b = (const unsigned char *)bytes;
    size_t end = len >= 4 && memcmp(b, "PK\3\4", 4) == 0 ? find_end(b, len) : (size_t)-1;
    if (end == (size_t)-1)
        return false;
    size_t size = four_at(b, end + 12), from = four_at(b, end + 16);
    if (from > end || size > end - from)
        return false;
    *ret = (struct archive){.bytes = b, .at = from, .end = end, .left = two_at(b, end + 10)};
    return true;
}

bool archive_next(struct archive *a, struct archive_entry *ret)
{
    if (a->left == 0 || a->end - a->at < ENTRY_BYTES || memcmp(a->bytes + a->at, "PK\1\2", 4) != 0)
        return false;
    size_t name = two_at(a->bytes, a->at + 28);
    size_t more = two_at(a->bytes, a->at + 30) + two_at(a->bytes, a->at + 32);
    if (a->end - a->at - ENTRY_BYTES < name + more)
        return false;
    *ret = (struct archive_entry){.name = (const char *)a->bytes + a->at + ENTRY_BYTES,
                                  .len = name,
                                  .locked = two_at(a->bytes, a->at + 8) & FLAG_LOCKED};
    a->at += ENTRY_BYTES + name + more;
    a->left--;
    return true;
}
