/* What a letter had better not bring along. Mail servers refuse programs by their names, look for them in archives, and refuse
 * archives into which they cannot look; and a file that is called .pdf and is a saved web page helps nobody, nor does an
 * archive that no telephone opens. Better said to whoever attaches it than by a server on the day. Must not look at the
 * disk. Serves documents and attachments.
 *
 * The endings are those of support.google.com/mail/answer/6590 and of Outlook, learn.microsoft.com "Blocked attachments". */
#include <stdlib.h>
#include <string.h>

#include <pps/filetype.h>
#include <pps/mailable.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "archive.h"

/* ---- endings ---- */

/* "Photo.JPG" -> "jpg", of a name without NUL; blanks and dots behind it do not count, as they do not for Windows. New
 * string, "": there is none. */
static char *ending_of(const char *name, size_t len)
{
    while (len > 0 && (name[len - 1] == '.' || name[len - 1] == ' '))
        len--;
    size_t dot = len;
    while (dot > 0 && strchr("./\\", name[dot - 1]) == NULL)
        dot--;
    bool any = dot > 0 && name[dot - 1] == '.';
    char *ending = any ? xstrndup(name + dot, len - dot) : xstrdup("");
    char *folded = utf8_fold(ending);
    free(ending);
    return folded;
}

static bool is_refused(const char *ending)
{
    static const char *const refused[] = {
        "ade",  "adp",  "apk",       "app",     "appx",       "appxbundle", "bat", "cab", "chm",
        "cmd",  "com",  "cpl",       "diagcab", "diagcfg",    "diagpkg",    "dll", "dmg", "ex",
        "ex_",  "exe",  "gadget",    "hta",     "img",        "ins",        "inf", "iso", "isp",
        "jar",  "jnlp", "js",        "jse",     "lib",        "lnk",        "mde", "mjs", "msc",
        "msi",  "msix", "msp",       "mst",     "msixbundle", "nsh",        "pif", "ps1", "ps2",
        "psm1", "reg",  "scf",       "scr",     "sct",        "shb",        "shs", "sys", "url",
        "vb",   "vbe",  "vbs",       "vhd",     "vhdx",       "vxd",        "wsc", "wsf", "wsh",
        "xlam", "xll",  "library-ms"};
    return STR_AMONG(ending, refused);
}

static bool is_of_macros(const char *ending)
{
    static const char *const macros[] = {"docm", "dotm", "pptm", "potm",
                                         "ppsm", "xlsm", "xltm", "xlsb"};
    return STR_AMONG(ending, macros);
}

static char *refuse_ending(const char *ending)
{
    if (is_of_macros(ending))
        return xasprintf(
            "may hold macros, and mail servers refuse that: save it as PDF, or without "
            "them as .%.3sx",
            ending);
    if (is_refused(ending))
        return xasprintf(
            "ends in .%s, and mail servers refuse such files: give it the ending of what it "
            "is, or make a PDF of it",
            ending);
    return NULL;
}

/* ---- archives ---- */

static const char damaged[] = "is damaged, its list of files cannot be read: make it anew";

static char *refuse_entry(const struct archive_entry *entry)
{
    /* "run.exe\0.jpg" is one file for some programs and another for others; no archiver writes it */
    if (memchr(entry->name, '\0', entry->len) != NULL)
        return xstrdup(damaged);
    char *ending = ending_of(entry->name, entry->len), *name = xstrndup(entry->name, entry->len);
    char *quoted = utf8_quote(name), *fault = NULL;
    if (entry->locked)
        fault =
            xstrdup("has a password, and mail servers refuse what they cannot look into: pack it "
                    "without one");
    else if (str_ends(name, "vbaProject.bin"))
        fault =
            xstrdup("holds macros, and mail servers refuse that: save it as PDF, or without them");
    else if (is_refused(ending) || is_of_macros(ending))
        fault = xasprintf("holds %s, and mail servers refuse that: pack it anew without this file",
                          quoted);
    free(quoted);
    free(name);
    free(ending);
    return fault;
}

static char *refuse_archive(const char *bytes, size_t len)
{
    struct archive archive;
    struct archive_entry entry;
    char *fault = NULL;
    if (len < 4 || memcmp(bytes, "PK\3\4", 4) != 0)
        return NULL;
    if (!archive_begin(bytes, len, &archive))
        return xstrdup(damaged);
    while (fault == NULL && archive_next(&archive, &entry))
        fault = refuse_entry(&entry);
    return fault == NULL && archive.left > 0 ? xstrdup(damaged) : fault;
}

/* Archives of other kinds, by their first bytes: no telephone opens them, and into most of them mail servers do not look. */
static char *refuse_other_archive(const char *bytes, size_t len)
{
    static const struct {
        const char *magic, *words;
        size_t at;
    } others[] = {{"Rar!\x1a\x07", "a RAR archive", 0},
                  {"7z\xbc\xaf\x27\x1c", "a 7z archive", 0},
                  {"\x1f\x8b", "a gzip archive", 0},
                  {"\xfd"
                   "7zXZ",
                   "an xz archive", 0},
                  {"1AY&SY", "a bzip2 archive", 4},
                  {"ustar", "a tar archive", 257}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        size_t n = strlen(others[i].magic);
        if (len >= others[i].at + n && memcmp(bytes + others[i].at, others[i].magic, n) == 0)
            return xasprintf("is %s, which telephones do not open: unpack it, and send the files "
                             "themselves or a ZIP",
                             others[i].words);
    }
    return NULL;
}

/* ---- endings that say something else ---- */

/* What programs open by these endings: any of the types that begin so. Endings that say nothing certain are not here. */
static const struct kind_of_file {
    const char *ending, *type;
} kinds[] = {{"pdf", "application/pdf"},
             {"jpg", "image/"},
             {"jpeg", "image/"},
             {"png", "image/"},
             {"gif", "image/"},
             {"webp", "image/"},
             {"heic", "image/"},
             {"heif", "image/"},
             {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
             {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
             {"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
             {"odt", "application/vnd.oasis.opendocument.text"},
             {"ods", "application/vnd.oasis.opendocument.spreadsheet"},
             {"pkpass", "application/vnd.apple.pkpass"},
             {"ics", "text/calendar"}};

/* What a type is called, and its own ending. */
static const struct {
    const char *type, *words, *ending;
} types[] = {{"application/pdf", "a PDF", "pdf"},
             {"image/jpeg", "a JPEG picture", "jpg"},
             {"image/png", "a PNG picture", "png"},
             {"image/gif", "a GIF picture", "gif"},
             {"image/webp", "a WebP picture", "webp"},
             {"image/heic", "a HEIC picture", "heic"},
             {"image/heif", "a HEIF picture", "heif"},
             {"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
              "a document of Word", "docx"},
             {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
              "a sheet of Excel", "xlsx"},
             {"application/vnd.openxmlformats-officedocument.presentationml.presentation",
              "slides of PowerPoint", "pptx"},
             {"application/vnd.oasis.opendocument.text", "a document of LibreOffice", "odt"},
             {"application/vnd.oasis.opendocument.spreadsheet", "a sheet of LibreOffice", "ods"},
             {"application/vnd.apple.pkpass", "a boarding pass", "pkpass"},
             {"application/zip", "a ZIP archive", "zip"},
             {"text/calendar", "a calendar entry", "ics"}};

/* Viewers of pictures open any of the kinds that every one of them knows. */
static bool opens(const struct kind_of_file *k, const char *type)
{
    bool is_heif = strcmp(type, "image/heic") == 0 || strcmp(type, "image/heif") == 0;
    bool says_heif = str_starts(k->ending, "hei");
    return str_starts(type, k->type) && (!is_heif || says_heif);
}

static char *refuse_kind(const char *name, const char *ending, const char *type)
{
    const struct kind_of_file *k = NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && k == NULL; i++)
        k = strcmp(kinds[i].ending, ending) == 0 ? &kinds[i] : NULL;
    if (k == NULL || opens(k, type))
        return NULL;
    if (strcmp(type, "text/html") == 0)
        return xasprintf(
            "is a web page, not what .%s says, and would not open: save the file itself", ending);
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].type, type) == 0)
            return xasprintf("is %s, not what .%s says, and may not open: name it \"%.*s.%s\"",
                             types[i].words, ending, (int)(dot - name), name, types[i].ending);
    }
    return xasprintf("is not what .%s says, or damaged, and would not open: save it anew", ending);
}

char *mailable_fault(const char *name, const char *bytes, size_t len)
{
    if (filetype_is_program(bytes, len))
        return xstrdup("is a program, and mail servers refuse that: send another file");
    char *ending = ending_of(name, strlen(name));
    char *fault = refuse_ending(ending);
    if (fault == NULL)
        fault = refuse_archive(bytes, len);
    if (fault == NULL)
        fault = refuse_other_archive(bytes, len);
    if (fault == NULL)
        fault = refuse_kind(name, ending, filetype_of(bytes, len));
    free(ending);
    return fault;
}
