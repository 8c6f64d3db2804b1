/* Types of files by their first bytes, for what goes with letters. Knows only what an agency sends: papers, pictures,
 * calendars, plain text. */
#include <stdbool.h>
#include <string.h>

#include <pps/filetype.h>
#include <pps/utf8.h>

struct magic {
    size_t at;
    const char *bytes;
    size_t len;
    const char *type; /* NULL: a program */
};
#define MAGIC(at, bytes, type)                                                                     \
    {                                                                                              \
        at, bytes, sizeof(bytes) - 1, type                                                         \
    }

static const struct magic magics[] = {
    MAGIC(0, "%PDF-", "application/pdf"),
    MAGIC(0, "\x89PNG\r\n\x1A\n", "image/png"),
    MAGIC(0, "\xFF\xD8\xFF", "image/jpeg"),
    MAGIC(0, "GIF87a", "image/gif"),
    MAGIC(0, "GIF89a", "image/gif"),
    MAGIC(8, "WEBP", "image/webp"),
    MAGIC(0, "{\\rtf", "application/rtf"),
    MAGIC(0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
          "application/msword"), /* CFB: the old .doc and .xls */
    MAGIC(0, "BEGIN" ":VCALENDAR", "text/calendar"),
    MAGIC(0, "MZ", NULL),
    MAGIC(0,
          "\x7F"
          "ELF",
          NULL),
    MAGIC(0, "\xCF\xFA\xED\xFE", NULL),
    MAGIC(0, "\xFE\xED\xFA\xCF", NULL),
    MAGIC(0, "\xCA\xFE\xBA\xBE", NULL),
    MAGIC(0, "#!", NULL),
};

/* Papers that are archives say what they are by the names inside (ECMA-376 part 2; ODF 1.2 part 3, "mimetype" first). */
static const struct magic inside[] = {
    MAGIC(0, "mimetypeapplication/vnd.oasis.opendocument.text",
          "application/vnd.oasis.opendocument.text"),
    MAGIC(0, "mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
          "application/vnd.oasis.opendocument.spreadsheet"),
    MAGIC(0, "word/document.xml",
          "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    MAGIC(0, "xl/workbook.xml",
          "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    MAGIC(0, "ppt/presentation.xml",
          "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    MAGIC(0, "META-INF/MANIFEST.MF", NULL), /* a Java program */
};

static const char *type_of_archive(const char *bytes, size_t len)
{
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++) {
        if (memmem(bytes, len, inside[i].bytes, inside[i].len) != NULL)
            return inside[i].type;
    }
    return "application/zip";
}

static bool is_text(const char *bytes, size_t len)
{
    if (utf8_valid_until(bytes, len) != len)
        return false;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c < 0x20 && c != '\n' && c != '\r' && c != '\t')
            return false;
    }
    return true;
}

const char *filetype_of(const char *bytes, size_t len)
{
    if (len >= 4 && memcmp(bytes, "PK\x03\x04", 4) == 0)
        return type_of_archive(bytes, len);
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
        const struct magic *m = &magics[i];
        if (len >= m->at + m->len && memcmp(bytes + m->at, m->bytes, m->len) == 0)
            return m->type;
    }
    return is_text(bytes, len) ? "text/plain" : "application/octet-stream";
}
