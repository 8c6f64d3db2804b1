/* What letters are made of besides words: tokens, colours that can be read, files by their content, and what pps.json says
 * of all this. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pps/config.h>
#include <pps/filetype.h>
#include <pps/lost.h>
#include <pps/str.h>
#include <pps/token.h>

#include "../../src/message/shade.h"

#define KEY "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

/* ---- tokens ---- */

/* The digits are those of: printf u12 | openssl dgst -sha256 -hmac KEY. */
static void a_token_is_an_hmac(void **state)
{
    (void)state;
    char token[TOKEN_BYTES];
    int64_t id = 0;
    token_make(KEY, TOKEN_UNSUBSCRIBE, 12, token);
    assert_string_equal(token, "u12-6f9e3f7fe974d91421e2f34b");
    token_make(KEY, TOKEN_BOUNCE, INT64_MAX, token);
    assert_true(token_read(KEY, TOKEN_BOUNCE, token, &id));
    assert_true(id == INT64_MAX);
}

static void only_our_own_tokens_are_taken(void **state)
{
    (void)state;
    char token[TOKEN_BYTES], other[TOKEN_BYTES];
    int64_t id = 0;
    token_make(KEY, TOKEN_BOUNCE, 156, token);
    assert_true(token_read(KEY, TOKEN_BOUNCE, token, &id));
    assert_int_equal(id, 156);
    for (size_t i = 0; token[i] != '\0'; i++) { /* mail servers may change the letter case */
        memcpy(other, token, sizeof other);
        other[i] = (char)(token[i] >= 'a' ? token[i] - 32 : token[i]);
        assert_true(token_read(KEY, TOKEN_BOUNCE, other, &id));
        other[i] = (char)(token[i] == '7' ? '8' : '7');
        assert_false(token_read(KEY, TOKEN_BOUNCE, other, &id));
    }
    static const char *const bad[] = {
        "",
        "b",
        "b-",
        "b156",
        "b156-",
        "b0-000000000000000000000000",
        "b99999999999999999999999999999999999999999999999999999999-0"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(token_read(KEY, TOKEN_BOUNCE, bad[i], &id));
    assert_false(token_read(KEY, TOKEN_UNSUBSCRIBE, token, &id));
    assert_false(token_read("another key", TOKEN_BOUNCE, token, &id));
}

static void a_token_is_found_in_what_came_back(void **state)
{
    (void)state;
#define WHOLE "u12-6f9e3f7fe974d91421e2f34b"
    static const struct {
        const char *text, *token;
        bool whole;
    } rows[] = {
        {WHOLE, WHOLE, true},
        {"https://a.example/stop/" WHOLE "?x=1", WHOLE, true},
        {"subject=unsubscribe%20" WHOLE, WHOLE, true},
        {"bounce" WHOLE "back@a.example", WHOLE, true},
        {"U12-6F9E3F7FE974D91421E2F34B", "U12-6F9E3F7FE974D91421E2F34B", true},
        {"u1-6f9e3f u12-6f9e3f7fe974d91421e2f34b0", WHOLE, true},
        {"unsubscribe u12-6f9e3f7fe9", "u12-6f9e3f7fe9", false},
        {"u12-6f9e3", NULL, false},
        {"u12-6f9e3f7g", NULL, false},
        {"xu12-6f9e3f7fe9", NULL, false},
        {"u012-6f9e3f7fe974d91421e2f34b", NULL, false},
        {"u-6f9e3f7fe974d91421e2f34b", NULL, false},
        {"u12345678901234567890-6f9e3f7fe974d91421e2f34b", NULL, false},
        {"a12-6f9e3f7fe974d91421e2f34b", NULL, false},
        {"Мария Иванова", NULL, false},
        {"", NULL, false},
    };
#undef WHOLE
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char token[TOKEN_BYTES] = "";
        bool whole = false;
        assert_int_equal(token_spot(rows[i].text, token, &whole), rows[i].token != NULL);
        assert_string_equal(token, rows[i].token ? rows[i].token : "");
        assert_int_equal(whole, rows[i].whole);
    }
}

/* ---- colours ---- */

/* The same address, however it is written, and no other; and nothing of it can be read. */
static void an_address_is_known_by_its_seal(void **state)
{
    char a[SEAL_BYTES], b[SEAL_BYTES], c[SEAL_BYTES];
    (void)state;
    address_seal("maria@example.com", a);
    address_seal("Maria@Example.COM", b);
    address_seal("maria@example.org", c);
    assert_int_equal(strlen(a), SEAL_BYTES - 1);
    assert_int_equal(a[0], '#');
    assert_string_equal(a, b);
    assert_string_not_equal(a, c);
    assert_null(strstr(a, "maria"));
    address_seal("", c);
    assert_int_equal(strlen(c), SEAL_BYTES - 1);
}

static void text_can_be_read_on_every_color(void **state)
{
    (void)state;
    /* Worked out with the formula of WCAG 2.1; ours is off by a little. */
    static const struct {
        const char *a, *b;
        double contrast;
    } known[] = {{"#ffffff", "#000000", 21.0}, {"#ffffff", "#ffffff", 1.0},
                 {"#0b5cad", "#ffffff", 6.71}, {"#777777", "#ffffff", 4.48},
                 {"#ff0000", "#ffffff", 4.0},  {"#ffff00", "#1f252b", 14.44}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        double c = shade_contrast(known[i].a, known[i].b);
        if (c < known[i].contrast * 0.98 || c > known[i].contrast * 1.02)
            fail_msg("%s on %s: %f, expected %f", known[i].a, known[i].b, c, known[i].contrast);
    }
    for (unsigned i = 0; i < 4096; i++) {
        char color[SHADE_BYTES], link[SHADE_BYTES];
        unsigned r = (i >> 8) * 17, g = (i >> 4 & 15) * 17, b = (i & 15) * 17;
        (void)snprintf(color, sizeof color, "#%02x%02x%02x", r & 255, g & 255, b & 255);
        assert_true(shade_contrast(color, shade_text_on(color)) >= 4.0);
        shade_readable(color, "#ffffff", link);
        assert_true(shade_contrast(link, "#ffffff") >= 4.5);
        shade_readable(color, "#1f252b", link);
        assert_true(shade_contrast(link, "#1f252b") >= 4.5);
    }
    char same[SHADE_BYTES];
    shade_readable("#0b5cad", "#ffffff", same);
    assert_string_equal(same, "#0b5cad");
    assert_string_equal(shade_text_on("#0b5cad"), "#ffffff");
    assert_true(strcmp(shade_text_on("#ffdd00"), "#ffffff") != 0);
}

/* ---- files ---- */

#define FILE_OF(bytes, type)                                                                       \
    {                                                                                              \
        bytes, sizeof bytes - 1, type                                                              \
    }

static void files_are_what_is_in_them(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        const char *type;
    } files[] = {
        FILE_OF("%PDF-1.7\n\x80", "application/pdf"),
        FILE_OF("\x89PNG\r\n\x1a\n", "image/png"),
        FILE_OF("\xff\xd8\xff\xe0", "image/jpeg"),
        FILE_OF("GIF89a", "image/gif"),
        FILE_OF("RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        FILE_OF("\0\0\0\x18"
                "ftypheic",
                "image/heic"),
        FILE_OF("\0\0\0\x18"
                "ftypmif1",
                "image/heif"),
        FILE_OF("\r\n\x80%PDF-1.5", "application/pdf"),
        FILE_OF("\n<!DOCTYPE html>", "text/html"),
        FILE_OF("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar"),
        FILE_OF("\xef\xbb\xbf"
                "BEGIN:VCALENDAR",
                "text/calendar"),
        FILE_OF("Памятка\n", "text/plain"),
        FILE_OF("", "text/plain"),
        FILE_OF("\xcf\xe0\xec\xff\xf2\xea\xe0", "application/octet-stream"), /* windows-1251 */
        FILE_OF("a\0b", "application/octet-stream"),
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        assert_string_equal(filetype_of(files[i].bytes, files[i].len), files[i].type);
    assert_true(filetype_is_program("MZ\x90", 3) && filetype_is_program("#!/bin/sh", 9));
    assert_true(filetype_is_program("\x7f"
                                    "ELF",
                                    4) &&
                !filetype_is_program("M", 1));
}

static void pictures_say_how_large_they_are(void **state)
{
    (void)state;
    static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\x40\0\0\0\x78\x08\2";
    static const char gif[] = "GIF89a\x40\1\x78\0";
    static const char jpeg[] = "\xff\xd8\xff\xe0\0\4ab\xff\xff\xc2\0\x11\x08\0\x78\1\x40\3";
    static const struct {
        const char *bytes;
        size_t len;
    } pictures[] = {{png, sizeof png - 1}, {gif, sizeof gif - 1}, {jpeg, sizeof jpeg - 1}};
    for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++) {
        int w = 0, h = 0;
        assert_true(filetype_picture(pictures[i].bytes, pictures[i].len, &w, &h));
        assert_int_equal(w, 320);
        assert_int_equal(h, 120);
        /* Cut off anywhere: known or not known, but never read beyond its end. */
        for (size_t n = 0; n < pictures[i].len; n++) {
            char *part = xmalloc(n + 1);
            memcpy(part, pictures[i].bytes, n);
            (void)!filetype_picture(part, n, &w, &h);
            free(part);
        }
    }
    int w, h;
    assert_false(filetype_picture("%PDF-", 5, &w, &h));
    assert_false(filetype_picture("GIF89a\0\0\x78\0", 10, &w, &h));
}

/* ---- pps.json ---- */

static void the_configuration_is_checked(void **state)
{
    (void)state;
    static const struct {
        const char *text, *error; /* NULL: it is fine */
    } cases[] = {
        {"{\"agency\": {\"color\": \"#C8511b\"}}", NULL},
        {"{\"agency\": {\"color\": \"blue\"}}",
         "x:1:22: \"color\" must be a # and six digits of base 16, such as \"#0b5cad\""},
        {"{\"agency\": {\"color\": \"#12345g\"}}",
         "x:1:22: \"color\" must be a # and six digits of base 16, such as \"#0b5cad\""},
        {"{\"email\": {\"unsubscribe_url\": \"https://a.example/u?t={token}&l=1\"}}", NULL},
        {"{\"email\": {\"unsubscribe_url\": \"\", \"verp\": \"\", \"unsubscribe_to\": \"\"}}",
         NULL},
        {"{\"email\": {\"unsubscribe_url\": \"http://a.example/{token}\"}}",
         "x:1:31: \"unsubscribe_url\" must be"},
        {"{\"email\": {\"unsubscribe_url\": \"https://a.example/\"}}",
         "x:1:31: \"unsubscribe_url\" must be"},
        {"{\"email\": {\"unsubscribe_url\": \"https://a.example/{token}/{token}\"}}",
         "x:1:31: \"unsubscribe_url\" must be"},
        {"{\"email\": {\"unsubscribe_url\": \"https://a.example/{token} >x\"}}",
         "x:1:31: \"unsubscribe_url\" must be"},
        {"{\"email\": {\"unsubscribe_url\": \"https://{token}\"}}",
         "x:1:31: \"unsubscribe_url\" must be"},
        {"{\"email\": {\"unsubscribe_to\": \"Stop@A.Example\"}}", NULL},
        {"{\"email\": {\"unsubscribe_to\": \"stop\"}}", "x:1:30: "},
        {"{\"email\": {\"verp\": \"b+{token}@a.example\"}}", NULL},
        {"{\"email\": {\"verp\": \"b@{token}.a.example\"}}",
         "x:1:20: \"verp\" must be an address with {token} before the @"},
        {"{\"email\": {\"verp\": \"b@a.example\"}}",
         "x:1:20: \"verp\" must be an address with {token} before the @"},
        {"{\"email\": {\"verp\": \"b+{token}\\r\\nRCPT@a.example\"}}",
         "x:1:20: \"verp\", with a token in it: "},
        {"{\"email\": {\"verp\": \"a-very-very-long-local-part-indeed-{token}@a.example\"}}",
         "x:1:20: \"verp\", with a token in it: "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct config c;
        struct err err = {0};
        enum rc rc = config_parse(cases[i].text, strlen(cases[i].text), "x", &c, &err);
        bool right = cases[i].error == NULL
                         ? rc == RC_OK
                         : rc == RC_CONFIG && str_starts(err.message, cases[i].error);
        if (!right)
            fail_msg("%s: %d \"%s\", expected \"%s\"", cases[i].text, rc, err.message,
                     str_or(cases[i].error, "fine"));
        if (rc == RC_OK)
            config_fini(&c);
    }
}

/* "No more letters" goes to nobody who failed to sell. */
static void who_lost_the_sale_is_not_written_to(void **state)
{
    (void)state;
    struct staff loser = {.id = 1,
                          .login = (char[]){"vera"},
                          .name = (char[]){"Vera"},
                          .email = (char[]){"vera@a.example"}};
    struct staff signer = {.id = 2,
                           .login = (char[]){"olga"},
                           .name = (char[]){"Olga"},
                           .email = (char[]){"olga@a.example"}};
    struct config c = {.email = {.from = (char[]){"info@a.example"},
                                 .unsubscribe_to = (char[]){"Vera@a.example"}}};
    assert_int_equal(lost_fault_of(&loser, &signer, &c, CHANNEL_EMAIL), LOST_STOPPED);
    char *why = lost_fault_words(LOST_STOPPED, &loser, &signer);
    assert_string_equal(
        why,
        "who wants no more letters would write to vera, who failed to sell: put another address "
        "into email.unsubscribe_to in pps.json");
    free(why);
    c.email.unsubscribe_to = NULL;
    assert_int_equal(lost_fault_of(&loser, &signer, &c, CHANNEL_EMAIL), LOST_FINE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_an_hmac),
        cmocka_unit_test(only_our_own_tokens_are_taken),
        cmocka_unit_test(a_token_is_found_in_what_came_back),
        cmocka_unit_test(an_address_is_known_by_its_seal),
        cmocka_unit_test(text_can_be_read_on_every_color),
        cmocka_unit_test(files_are_what_is_in_them),
        cmocka_unit_test(pictures_say_how_large_they_are),
        cmocka_unit_test(the_configuration_is_checked),
        cmocka_unit_test(who_lost_the_sale_is_not_written_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
