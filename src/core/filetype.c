/* The kind of a file from its first bytes, and for archives from the names in them: a voucher that is called .pdf and is a
 * photograph goes out as a photograph, so that the client's program opens it. Must not look at the disk. Serves pictures
 * and attachments. */
#include <string.h>

#include <pps/filetype.h>
#include <pps/utf8.h>

static bool begins(const char *bytes, size_t len, const char *magic, size_t n)
{
    return len >= n && memcmp(bytes, magic, n) == 0;
}
#define BEGINS(magic) begins(bytes, len, magic, sizeof magic - 1)

static bool holds(const char *bytes, size_t len, const char *words)
{
    return memmem(bytes, len, words, strlen(words)) != NULL;
}

bool filetype_is_program(const char *bytes, size_t len)
{
    return BEGINS("MZ") ||
           BEGINS("\x7f"
                  "ELF") ||
           BEGINS("#!") || BEGINS("\xcf\xfa\xed\xfe") || BEGINS("\xce\xfa\xed\xfe") ||
           BEGINS("\xca\xfe\xba\xbe");
}

bool filetype_is_database(const char *bytes, size_t len)
{
    return BEGINS("SQLite format 3"); /* https://www.sqlite.org/fileformat.html, 1.3 */
}

/* Office documents and boarding passes are archives; the names of what is in them stand in it as they are. */
static const char *archive_type(const char *bytes, size_t len)
{
    static const struct {
        const char *name, *type;
    } inner[] = {
        {"word/document.xml",
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
        {"xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        {"ppt/presentation.xml",
         "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
        {"mimetypeapplication/vnd.oasis.opendocument.text",
         "application/vnd.oasis.opendocument.text"},
        {"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
         "application/vnd.oasis.opendocument.spreadsheet"},
        {"pass.json", "application/vnd.apple.pkpass"},
    };
    for (size_t i = 0; i < sizeof inner / sizeof *inner; i++) {
        if (holds(bytes, len, inner[i].name))
            return inner[i].type;
    }
    return "application/zip";
}

static bool is_text(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if ((c < ' ' && c != '\n' && c != '\r' && c != '\t') || c == 0x7f)
            return false;
    }
    return utf8_valid_until(bytes, len) == len;
}

const char *filetype_of(const char *bytes, size_t len)
{
    if (BEGINS("%PDF-"))
        return "application/pdf";
    if (BEGINS("\x89PNG\r\n\x1a\n"))
        return "image/png";
    if (BEGINS("\xff\xd8\xff"))
        return "image/jpeg";
    if (BEGINS("GIF87a") || BEGINS("GIF89a"))
        return "image/gif";
    if (BEGINS("PK\x03\x04"))
        return archive_type(bytes, len);
    if (!is_text(bytes, len))
        return "application/octet-stream";
    static const char calendar[] = ":VCALENDAR"; /* after a word of five letters */
    size_t at = (BEGINS("\xef\xbb\xbf") ? 3 : 0) + 5;
    bool is_calendar = len > at && begins(bytes + at, len - at, calendar, sizeof calendar - 1);
    return is_calendar ? "text/calendar" : "text/plain";
}

/* ---- how large a picture is ---- */

static unsigned byte_at(const char *bytes, size_t i)
{
    return (unsigned char)bytes[i];
}

static int big_endian(const char *bytes, size_t i)
{
    return (int)(byte_at(bytes, i) << 8 | byte_at(bytes, i + 1));
}

/* JPEG: segments of a marker and a length; the one that begins a frame holds height and width. */
static bool jpeg_size(const char *bytes, size_t len, int *ret_width, int *ret_height)
{
    for (size_t i = 2; i + 9 <= len && byte_at(bytes, i) == 0xff;) {
        unsigned marker = byte_at(bytes, i + 1);
        if (marker == 0xff) { /* filling */
            i++;
            continue;
        }
        bool frame =
            marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
        if (frame) {
            *ret_height = big_endian(bytes, i + 5);
            *ret_width = big_endian(bytes, i + 7);
            return true;
        }
        i += 2 + (size_t)big_endian(bytes, i + 2);
    }
    return false;
}

bool filetype_picture(const char *bytes, size_t len, int *ret_width, int *ret_height)
{
    bool known = false;
    const char *type = filetype_of(bytes, len);
    if (strcmp(type, "image/png") == 0 && len >= 24 && holds(bytes + 12, 4, "IHDR")) {
        *ret_width = big_endian(bytes, 18); /* the upper halves are nothing that we could use */
        *ret_height = big_endian(bytes, 22);
        known = big_endian(bytes, 16) == 0 && big_endian(bytes, 20) == 0;
    } else if (strcmp(type, "image/gif") == 0 && len >= 10) {
        *ret_width = (int)(byte_at(bytes, 6) | byte_at(bytes, 7) << 8);
        *ret_height = (int)(byte_at(bytes, 8) | byte_at(bytes, 9) << 8);
        known = true;
    } else if (strcmp(type, "image/jpeg") == 0) {
        known = jpeg_size(bytes, len, ret_width, ret_height);
    }
    return known && *ret_width > 0 && *ret_height > 0;
}
