/* UTF-8: validity after RFC 3629, columns on a terminal, folding, and what is safe to show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pps/utf8.h>

static void every_scalar_value_round_trips(void **state)
{
    (void)state;
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        if (cp >= 0xD800 && cp <= 0xDFFF)
            continue;
        char bytes[4];
        uint32_t back = 0xFFFFFFFF;
        size_t n = utf8_encode(cp, bytes);
        assert_int_equal(n, cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4);
        assert_int_equal(utf8_decode(bytes, n, &back), n);
        assert_int_equal(back, cp);
        assert_int_equal(utf8_decode(bytes, n - 1, &back), 0);
    }
}

/* How many of the 256, 256^2 … byte strings of each length are one character: known in closed form,
 * so that a hole in the table of first bytes cannot hide. */
static void only_well_formed_bytes_are_characters(void **state)
{
    (void)state;
    size_t two = 0, three = 0, four = 0;
    uint32_t cp;
    for (unsigned a = 0; a < 256; a++) {
        for (unsigned b = 0; b < 256; b++) {
            char s[4] = {(char)a, (char)b, (char)0x80, (char)0x80};
            two += utf8_decode(s, 2, &cp) == 2;
            three += utf8_decode(s, 3, &cp) == 3;
            four += utf8_decode(s, 4, &cp) == 4;
        }
    }
    assert_int_equal(two, 30 * 64);
    assert_int_equal(three, 16 * 64 - 32 - 32); /* no overlong forms, no surrogates */
    assert_int_equal(four, 0x100000 / 4096);    /* U+10000 .. U+10FFFF */
}

static void the_first_bad_byte_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *s;
        size_t n, until;
    } cases[] = {
        {"", 0, 0},
        {"abc", 3, 3},
        {"Привет", 12, 12},
        {"При\xFFвет", 13, 6},
        {"a\x80", 2, 1},
        {"\xC0\x80", 2, 0},         /* overlong NUL */
        {"\xE0\x80\x80", 3, 0},     /* overlong */
        {"\xED\xA0\x80", 3, 0},     /* surrogate */
        {"\xF4\x90\x80\x80", 4, 0}, /* above U+10FFFF */
        {"\xF5\x80\x80\x80", 4, 0},
        {"ab\xE2\x82", 4, 2}, /* cut */
        {"a\0b", 3, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(utf8_valid_until(cases[i].s, cases[i].n), cases[i].until);
}

static void width_counts_columns(void **state)
{
    (void)state;
    static const struct {
        const char *s;
        size_t width, length;
    } cases[] = {
        {"", 0, 0},
        {"Anna", 4, 4},
        {"Мария Йотова", 12, 12},
        {"Йод", 3, 3},
        {"И\u0306од", 3, 4}, /* decomposed Й */
        {"e\u0301", 1, 2},
        {"東京", 4, 2},
        {"서울", 4, 2},
        {"ａ", 2, 1},   /* full-width letter */
        {"🏖", 1, 1}, /* text presentation: narrow in Unicode */
        {"✈", 1, 1},
        {"😀", 2, 1},
        {"a\u200Db", 2, 3},        /* joiner */
        {"👨\u200D👩\u200D👧", 6, 5}, /* as terminals without emoji joining draw it */
        {"a\u00ADb", 3, 3},        /* terminals draw the soft hyphen */
        {"\u200Bx", 1, 2},
        {"שָׁלוֹם", 4, 7},
        {"№ 5 — «да»", 10, 10},
        {"\u00A0", 1, 1},
        {"❤\uFE0F", 1, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(utf8_width(cases[i].s), cases[i].width);
        assert_int_equal(utf8_length(cases[i].s), cases[i].length);
    }
}

static void a_prefix_never_splits_a_letter_from_its_marks(void **state)
{
    (void)state;
    static const struct {
        const char *s;
        size_t columns, bytes;
    } cases[] = {
        {"abc", 2, 2},       {"abc", 9, 3},       {"Пётр", 2, 4},     {"東京", 3, 3},
        {"И\u0306од", 1, 4}, {"И\u0306од", 0, 0}, {"👨\u200D!", 2, 7}, {"", 5, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(utf8_prefix_bytes(cases[i].s, cases[i].columns), cases[i].bytes);
}

static void folding_lowers_and_joins(void **state)
{
    (void)state;
    static const struct {
        const char *s, *folded;
    } cases[] = {
        {"", ""},
        {"Ivanov-IVANOVA", "ivanov-ivanova"},
        {"ПЕТРОВ", "петров"},
        {"Артём Ёлкин", "артем елкин"},
        {"Ёж", "еж"},
        {"Е\u0308ж", "еж"},
        {"И\u0306од", "йод"},
        {"ЙОД", "йод"},
        {"Їжак Ґ Ў", "їжак ґ ў"},
        {"ÅNGSTRÖM", "ångström"},
        {"東京 5", "東京 5"},
        {"ab\xFF Я", "ab\xFF я"},
        {"\u0308е", "\u0308е"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *folded = utf8_fold(cases[i].s);
        assert_string_equal(folded, cases[i].folded);
        free(folded);
    }
}

static void unsafe_characters_are_these_and_no_others(void **state)
{
    (void)state;
    size_t n = 0;
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++)
        n += utf8_is_unsafe(cp);
    /* C0 but TAB and LF, DEL and C1, ALM, LRM RLM, separators and embeddings, isolates */
    assert_int_equal(n, (32 - 2) + 33 + 1 + 2 + 7 + 4);
    static const uint32_t yes[] = {0,     0x0D,   0x1B,   0x7F,   0x85,  0x9B,
                                   0x61C, 0x200F, 0x2028, 0x202E, 0x2066};
    static const uint32_t no[] = {'\t', '\n', ' ', 0xA0, 0xAD, 0x200B, 0x200D, 0x416, 0x1F600};
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
        assert_true(utf8_is_unsafe(yes[i]));
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        assert_false(utf8_is_unsafe(no[i]));
}

static void what_is_printed_is_safe(void **state)
{
    (void)state;
    static const struct {
        const char *s;
        bool one_line;
        const char *shown;
    } cases[] = {
        {"Анна", true, "Анна"},
        {"a\tb\nc", true, "a b c"},
        {"a\tb\nc", false, "a\tb\nc"},
        {"x\r\ny", true, "x\uFFFD y"},
        {"\x1B[31mred", true, "\uFFFD[31mred"},
        {"\u202Egnp.exe", true, "\uFFFDgnp.exe"},
        {"a\xFFz", true, "a\uFFFDz"},
        {"a\xE2\x82z", true, "a\uFFFDz"}, /* one sign for one cut character */
        {"\xED\xA0\x80", true, "\uFFFD\uFFFD\uFFFD"},
        {"\xC2", true, "\uFFFD"},
        {"\xC2\x9B", true, "\uFFFD"}, /* C1 CSI */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *shown = utf8_printable(cases[i].s, cases[i].one_line);
        assert_string_equal(shown, cases[i].shown);
        free(shown);
    }
}

static void any_bytes_become_valid_and_safe(void **state)
{
    (void)state;
    unsigned seed = 20261210;
    print_message("seed %u\n", seed);
    srand(seed);
    for (int round = 0; round < 20000; round++) {
        char s[24];
        size_t n = (size_t)(rand() % 23);
        for (size_t i = 0; i < n; i++)
            s[i] = (char)(rand() % 255 + 1);
        s[n] = '\0';
        char *shown = utf8_printable(s, true);
        size_t len = strlen(shown);
        assert_int_equal(utf8_valid_until(shown, len), len);
        for (size_t at = 0; at < len;) {
            uint32_t cp = 0;
            at += utf8_decode(shown + at, len - at, &cp);
            assert_false(utf8_is_unsafe(cp) || cp == '\n' || cp == '\t');
        }
        (void)utf8_width(s);
        assert_true(utf8_prefix_bytes(s, 5) <= n);
        free(shown);
        free(utf8_fold(s));
    }
}

static void a_quotation_is_cut_at_sixty_characters(void **state)
{
    (void)state;
    char letters[2 * 61 + 1] = "", want[2 * 61 + 8] = "\"";
    for (int i = 0; i < 60; i++)
        strcat(letters, "ж");
    strcat(want, letters);
    char *quoted = utf8_quote(letters);
    assert_int_equal(strlen(quoted), strlen(letters) + 2);
    free(quoted);
    strcat(letters, "ж");
    quoted = utf8_quote(letters);
    strcat(want, "…\"");
    assert_string_equal(quoted, want);
    free(quoted);
    quoted = utf8_quote("a\nb\x1B");
    assert_string_equal(quoted, "\"a b\uFFFD\"");
    free(quoted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_scalar_value_round_trips),
        cmocka_unit_test(only_well_formed_bytes_are_characters),
        cmocka_unit_test(the_first_bad_byte_is_found),
        cmocka_unit_test(width_counts_columns),
        cmocka_unit_test(a_prefix_never_splits_a_letter_from_its_marks),
        cmocka_unit_test(folding_lowers_and_joins),
        cmocka_unit_test(unsafe_characters_are_these_and_no_others),
        cmocka_unit_test(what_is_printed_is_safe),
        cmocka_unit_test(any_bytes_become_valid_and_safe),
        cmocka_unit_test(a_quotation_is_cut_at_sixty_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
