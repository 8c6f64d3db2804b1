/* The kind of a file from its first bytes, and for archives from the names in them: what a letter says of a file is true,
 * whatever the file is called. Must not look at the disk. Serves pictures and attachments. */
#include <stdlib.h>
#include <string.h>

#include <pps/filetype.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "archive.h"

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

static bool is_entry(const struct archive_entry *entry, const char *name)
{
    return entry->len == strlen(name) && memcmp(entry->name, name, entry->len) == 0;
}

/* LibreOffice's first file is its type, as it is (OpenDocument 1.2, part 3, 3.3). NULL: it is none of its. */
static const char *open_document_type(const char *bytes, size_t len)
{
    static const char *const types[] = {"application/vnd.oasis.opendocument.text",
                                        "application/vnd.oasis.opendocument.spreadsheet"};
    static const char name[] = "mimetype";
    enum { NAME_AT = 30, TYPE_AT = NAME_AT + sizeof name - 1 };
    if (len < TYPE_AT || memcmp(bytes + NAME_AT, name, sizeof name - 1) != 0)
        return NULL;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (begins(bytes + TYPE_AT, len - TYPE_AT, types[i], strlen(types[i])))
            return types[i];
    }
    return NULL;
}

/* Office documents and boarding passes are archives, known by their parts and by the list of these that goes with them
 * (ECMA-376, part 2, 10.1.2.2): a folder of photographs may be called "word", too. */
static const char *archive_type(const char *bytes, size_t len)
{
    static const struct {
        const char *part, *list, *type;
    } packages[] = {
        {"word/", "[Content_Types].xml",
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
        {"xl/", "[Content_Types].xml",
         "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        {"ppt/", "[Content_Types].xml",
         "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
        {"pass.json", "manifest.json", "application/vnd.apple.pkpass"},
    };
    for (size_t i = 0; i < sizeof packages / sizeof *packages; i++) {
        struct archive archive;
        struct archive_entry entry;
        bool part = false, list = false;
        for (bool is = archive_begin(bytes, len, &archive); is && archive_next(&archive, &entry);) {
            part =
                part || begins(entry.name, entry.len, packages[i].part, strlen(packages[i].part));
            list = list || is_entry(&entry, packages[i].list);
        }
        if (part && list)
            return packages[i].type;
    }
    const char *type = open_document_type(bytes, len);
    return type != NULL ? type : "application/zip";
}

/* Photographs of telephones: a box "ftyp" that names its brand (ISO/IEC 23008-12, annex B). */
static const char *heif_type(const char *bytes, size_t len)
{
    static const char *const heic[] = {"heic", "heix", "heim", "heis", "hevc", "hevx"};
    static const char *const heif[] = {"mif1", "msf1"};
    enum { BRAND = 8 };
    if (len < BRAND + 4 || memcmp(bytes + 4, "ftyp", 4) != 0)
        return NULL;
    for (size_t i = 0; i < sizeof heic / sizeof *heic; i++) {
        if (memcmp(bytes + BRAND, heic[i], 4) == 0)
            return "image/heic";
    }
    for (size_t i = 0; i < sizeof heif / sizeof *heif; i++) {
        if (memcmp(bytes + BRAND, heif[i], 4) == 0)
            return "image/heif";
    }
    return NULL;
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

static const char *text_type(const char *bytes, size_t len)
{
    static const char calendar[] = ":VCALENDAR"; /* after a word of five letters */
    static const char *const pages[] = {"<!doctype html", "<html"};
    size_t from = BEGINS("\xef\xbb\xbf") ? 3 : 0, at = from + 5;
    if (len > at && begins(bytes + at, len - at, calendar, sizeof calendar - 1))
        return "text/calendar";
    while (from < len && strchr(" \t\r\n", bytes[from]) != NULL)
        from++;
    char *head = xstrndup(bytes + from, len - from < 16 ? len - from : 16);
    char *folded = utf8_fold(head);
    bool page = str_starts(folded, pages[0]) || str_starts(folded, pages[1]);
    free(folded);
    free(head);
    return page ? "text/html" : "text/plain";
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
    if (BEGINS("RIFF") && len >= 12 && memcmp(bytes + 8, "WEBP", 4) == 0)
        return "image/webp";
    if (heif_type(bytes, len) != NULL)
        return heif_type(bytes, len);
    if (is_text(bytes, len))
        return text_type(bytes, len);
    /* some programs put a line before it, and every reader of PDF bears that */
    return holds(bytes, len < 1024 ? len : 1024, "%PDF-") ? "application/pdf"
                                                          : "application/octet-stream";
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
