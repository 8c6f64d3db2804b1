/* Where telephone numbers stand in a text, and that letters do not break them. "[…]" marks what is to be found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pps/str.h>

#include "../../src/message/markdown.h"
#include "../../src/message/phone.h"

static const char *const texts[] = {
    "звоните: [+7 495 123-45-67].",
    "[+7 495 123-45-67]",
    "([+7 (495) 123-45-67])",
    "[8 (800) 555-35-35] и [+359 2 123 45 67]",
    "call [+44 20 7946 0123], or write",
    "[+7\u00A0495\u00A0123-45-67]",
    "дома [020 7946 0123]",
    "[+7 495 123-45-67] - с утра",
    "«[+7 495 123-45-67]»",
    /* what is none */
    "+79031234567", /* it has no place to break at */
    "10-15 дней, 2026-12-10 06:40",
    "8 декабря в 06:40",
    "15 000 ₽ и 1 215 000 руб.",
    "рейс SU8 100-200-300-400",
    "https://more.example/+7-495-123-45-67",
    "1+7 495 123-45-67",
    "+7 495",
    "12+34 567-89-01",
    "+7 495 123-45-67 1234 5678",
    "",
};

static void numbers_are_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct sb plain = {0}, found = {0};
        for (const char *s = texts[i]; *s != '\0'; s++) {
            if (*s != '[' && *s != ']')
                sb_addc(&plain, *s);
        }
        size_t from = 0, at, len;
        const char *text = sb_str(&plain);
        while (phone_find(text, from, &at, &len)) {
            sb_addf(&found, "%.*s[%.*s]", (int)(at - from), text + from, (int)len, text + at);
            from = at + len;
        }
        sb_add(&found, text + from);
        assert_string_equal(sb_str(&found), texts[i]);
        sb_fini(&plain);
        sb_fini(&found);
    }
}

#define WHOLE(number) "<span style=\"white-space:nowrap\">" number "</span>"

#define TAPPED(digits, number) "<a href=\"tel:+" digits "\" style=\"white-space:nowrap\">" number "</a>"

/* In HTML no line ends within one, and one with its country can be tapped; the plain text can be copied and dialled. */
static void letters_do_not_break_them(void **state)
{
    (void)state;
    static const char markdown[] =
        "Звоните: **+7 495 123\\-45\\-67**, [\\+7 903 123\\-45\\-67](tel:+79031234567)\n"
        "или 8 (800) 555-35-35. `+7 495 123-45-67`";
    /* clang-format off */
    static const char html[] =
        "<p>Звоните: <strong>" TAPPED("74951234567", "+7\u00A0495\u00A0123-45-67") "</strong>, "
        "<a href=\"tel:+79031234567\">" WHOLE("+7\u00A0903\u00A0123-45-67") "</a>\n"
        "или " WHOLE("8\u00A0(800)\u00A0555-35-35") ". <code>+7 495 123-45-67</code></p>\n";
    /* clang-format on */
    struct markdown_parts parts = {0};
    size_t at;
    assert_int_equal(markdown_typeset(markdown, NULL, "ru", &parts, &at, NULL), RC_OK);
    assert_string_equal(parts.html, html);
    assert_string_equal(parts.text,
                        "Звоните: +7 495 123-45-67, +7 903 123-45-67 или 8 (800) 555-35-35. "
                        "+7 495 123-45-67");
    markdown_parts_fini(&parts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_found),
        cmocka_unit_test(letters_do_not_break_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
