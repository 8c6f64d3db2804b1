/* What may go with a letter: names, archives looked into, endings that say something else; and archives with any damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pps/filetype.h>
#include <pps/mailable.h>
#include <pps/str.h>

static void add_two(struct sb *sb, size_t n)
{
    sb_addc(sb, (char)(n & 255));
    sb_addc(sb, (char)(n >> 8 & 255));
}

static void add_four(struct sb *sb, size_t n)
{
    add_two(sb, n & 65535);
    add_two(sb, n >> 16);
}

/* An archive of empty files: its head, the list, the record behind it. */
static struct sb archive_of(const char *const *names, size_t n, bool locked, const char *comment)
{
    struct sb zip = {0};
    for (size_t i = 0; i < n; i++) {
        sb_addn(&zip, "PK\3\4\24\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 26);
        add_two(&zip, strlen(names[i]));
        add_two(&zip, 0);
        sb_add(&zip, names[i]);
    }
    size_t from = zip.len;
    for (size_t i = 0; i < n; i++) {
        sb_addn(&zip, "PK\1\2\24\3\24\0", 8);
        add_two(&zip, locked);
        sb_addn(&zip, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 18);
        add_two(&zip, strlen(names[i]));
        sb_addn(&zip, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
        sb_add(&zip, names[i]);
    }
    size_t size = zip.len - from;
    sb_addn(&zip, "PK\5\6\0\0\0\0", 8);
    add_two(&zip, n);
    add_two(&zip, n);
    add_four(&zip, size);
    add_four(&zip, from);
    add_two(&zip, strlen(comment));
    sb_add(&zip, comment);
    return zip;
}

static void check(const char *name, const char *bytes, size_t len, const char *fault)
{
    char *found = mailable_fault(name, bytes, len);
    if (fault == NULL)
        assert_null(found);
    else if (found == NULL || !str_starts(found, fault))
        fail_msg("%s: \"%s\" expected, \"%s\" found", name, fault, found ? found : "nothing");
    free(found);
}

static void names_say_what_servers_refuse(void **state)
{
    (void)state;
    static const char *const fine[] = {"Ваучер.pdf",  "voucher",      ".exe.pdf",  "exe",
                                       "a.exe/b.pdf", "Отель 5*.pdf", "1.12.2026", "q."};
    static const char *const refused[] = {"photo.jpg.exe", "RUN.Bat", "booking.com", "x.exe. ",
                                          "x.js",          "a.iso",   "ярлык.lnk",   "mail.scr"};
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
        check(fine[i], "%PDF-1.4\n", 9, NULL);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        check(refused[i], "%PDF-1.4\n", 9, "ends in .");
    check("offer.docm", "x", 1,
          "may hold macros, and mail servers refuse that: save it as PDF, or "
          "without them as .docx");
    check("voucher.pdf", "MZ", 2, "is a program");
}

static void archives_are_looked_into(void **state)
{
    (void)state;
    static const char types[] = "[Content_Types].xml";
    static const char word[] =
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    static const struct {
        const char *name, *inner[3];
        bool locked;
        const char *type, *fault;
    } cases[] = {
        {"photos.zip", {"Фото/1.jpg", "2.jpg"}, false, "application/zip", NULL},
        {"both.zip", {"word/1.jpg", "manifest.json"}, false, "application/zip", NULL},
        {"word.zip", {"word/1.jpg"}, false, "application/zip", NULL},
        {"nothing.zip", {"exe/", "a.exe/"}, false, "application/zip", NULL},
        {"setup.zip",
         {"1.jpg", "a\\Setup.EXE"},
         false,
         "application/zip",
         "holds \"a\\Setup.EXE\""},
        {"macro.zip", {"offer.xlsm"}, false, "application/zip", "holds \"offer.xlsm\""},
        {"locked.zip", {"1.jpg"}, true, "application/zip", "has a password"},
        {"offer.docx", {types, "word/document.xml"}, false, word, NULL},
        {"offer.docx",
         {types, "word/document.xml", "word/vbaProject.bin"},
         false,
         word,
         "holds macros"},
        {"offer.pdf",
         {types, "word/document.xml"},
         false,
         word,
         "is a document of Word, not what .pdf says, and may not open: name it \"offer.docx\""},
        {"pass.pkpass",
         {"pass.json", "manifest.json"},
         false,
         "application/vnd.apple.pkpass",
         NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t n = 0;
        while (n < 3 && cases[i].inner[n] != NULL)
            n++;
        struct sb zip = archive_of(cases[i].inner, n, cases[i].locked, i % 2 ? "a comment" : "");
        assert_string_equal(filetype_of(zip.s, zip.len), cases[i].type);
        check(cases[i].name, zip.s, zip.len, cases[i].fault);
        sb_fini(&zip);
    }
}

/* Whatever they are called. */
static void other_archives_are_not_for_telephones(void **state)
{
    (void)state;
    char tar[512] = "voucher.pdf";
    memcpy(tar + 257, "ustar", 6);
    check(
        "vouchers.rar", "Rar!\x1a\x07\0", 7,
        "is a RAR archive, which telephones do not open: unpack it, and send the files themselves "
        "or a ZIP");
    check("vouchers.zip", "Rar!\x1a\x07\1", 7, "is a RAR archive");
    check("voucher.pdf", "7z\xbc\xaf\x27\x1c", 6, "is a 7z archive");
    check("vouchers.tgz", "\x1f\x8b\x08", 3, "is a gzip archive");
    check("vouchers", "BZh91AY&SY", 10, "is a bzip2 archive");
    check("vouchers.xz",
          "\xfd"
          "7zXZ",
          5, "is an xz archive");
    check("vouchers.tar", tar, sizeof tar, "is a tar archive");
    check("notes.txt", "Rar!", 4, NULL);
    check("notes.txt", "7z", 2, NULL);
}

/* What is behind the NUL hides what stands before it, or the other way round: both ends were let through. */
static void a_name_with_a_nul_is_not_one(void **state)
{
    (void)state;
    static const char *const names[] = {"run.exe?.jpg", "a?.exe", "run.exe?", "?"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct sb zip = archive_of(&names[i], 1, false, "");
        for (size_t k = 0; k < zip.len; k++)
            zip.s[k] = zip.s[k] == '?' ? '\0' : zip.s[k];
        check("photos.zip", zip.s, zip.len, "is damaged");
        sb_fini(&zip);
    }
}

/* Cut off anywhere it is damaged; with any byte changed it is read within its bounds. */
static void damaged_archives_are_survived(void **state)
{
    (void)state;
    static const char *const names[] = {"[Content_Types].xml", "word/document.xml"};
    struct sb zip = archive_of(names, 2, false, "");
    for (size_t n = 4; n < zip.len; n++) {
        char *part = xmalloc(n);
        memcpy(part, zip.s, n);
        check("offer.docx", part, n, "is damaged");
        free(part);
    }
    for (size_t i = 0; i < zip.len * 8; i++) {
        char *other = xmalloc(zip.len);
        memcpy(other, zip.s, zip.len);
        other[i / 8] = (char)(other[i / 8] ^ 1 << i % 8);
        free(mailable_fault("offer.docx", other, zip.len));
        (void)filetype_of(other, zip.len);
        other[i / 8] = (char)(i % 8 ? 255 : 0);
        free(mailable_fault("offer.docx", other, zip.len));
        free(other);
    }
    sb_fini(&zip);
}

static void endings_say_what_is_in_a_file(void **state)
{
    (void)state;
    check("scan.pdf", "\xff\xd8\xff\xe0", 4,
          "is a JPEG picture, not what .pdf says, and may not open: name it \"scan.jpg\"");
    check("scan.png", "\xff\xd8\xff\xe0", 4, NULL); /* every viewer of pictures opens it */
    check("scan.jpg",
          "\0\0\0\x18"
          "ftypheic",
          12, "is a HEIC picture");
    check("scan.heic",
          "\0\0\0\x18"
          "ftypheic",
          12, NULL);
    check("voucher.pdf", "<html>", 6, "is a web page");
    check("voucher.pdf", "\0\0", 2, "is not what .pdf says, or damaged");
    check("flight.ics", "hello", 5, "is not what .ics says");
    check("notes.doc", "{\\rtf1", 6, NULL);
    check("notes", "\0\0", 2, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_say_what_servers_refuse),
        cmocka_unit_test(archives_are_looked_into),
        cmocka_unit_test(other_archives_are_not_for_telephones),
        cmocka_unit_test(a_name_with_a_nul_is_not_one),
        cmocka_unit_test(damaged_archives_are_survived),
        cmocka_unit_test(endings_say_what_is_in_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
