/* SMS parts: the alphabet of GSM 03.38, and how the networks cut long texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pps/sms.h>
#include <pps/str.h>
#include <pps/utf8.h>

/* A text made of up to three runs. */
struct run {
    const char *s;
    size_t times;
};

static char *text_of(const struct run runs[3])
{
    struct sb sb = {0};
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < runs[i].times; k++)
            sb_add(&sb, runs[i].s);
    return sb_take(&sb);
}

static void parts_are_counted_as_networks_count(void **state)
{
    (void)state;
    static const struct {
        struct run runs[3];
        enum sms_alphabet alphabet;
        size_t units, parts;
    } cases[] = {
        {{{"a", 0}}, SMS_GSM7, 0, 1},
        {{{"a", 160}}, SMS_GSM7, 160, 1},
        {{{"a", 161}}, SMS_GSM7, 161, 2},
        {{{"a", 306}}, SMS_GSM7, 306, 2},
        {{{"a", 307}}, SMS_GSM7, 307, 3},
        {{{"a", 158}, {"€", 1}}, SMS_GSM7, 160, 1},
        {{{"a", 159}, {"€", 1}}, SMS_GSM7, 161, 2},
        {{{"a", 152}, {"€", 1}, {"a", 151}}, SMS_GSM7, 305, 2},
        {{{"a", 152}, {"€", 1}, {"a", 152}}, SMS_GSM7, 306, 3}, /* 152, 153 and the one pushed on */
        {{{"a", 152}, {"€", 1}, {"a", 153}}, SMS_GSM7, 307, 3},
        {{{"€", 80}}, SMS_GSM7, 160, 1},
        {{{"€", 153}}, SMS_GSM7, 306, 3}, /* 76 escapes a part */
        {{{"ж", 70}}, SMS_UCS2, 70, 1},
        {{{"ж", 71}}, SMS_UCS2, 71, 2},
        {{{"ж", 134}}, SMS_UCS2, 134, 2},
        {{{"ж", 135}}, SMS_UCS2, 135, 3},
        {{{"ж", 68}, {"😀", 1}}, SMS_UCS2, 70, 1},
        {{{"ж", 69}, {"😀", 1}}, SMS_UCS2, 71, 2},
        {{{"ж", 66}, {"😀", 1}, {"ж", 66}}, SMS_UCS2, 134, 3},
        {{{"ж", 65}, {"😀", 1}, {"ж", 67}}, SMS_UCS2, 134, 2},
        {{{"😀", 67}}, SMS_UCS2, 134, 3},
        {{{"a", 100}, {"—", 1}}, SMS_UCS2, 101, 2},
        {{{"{}[]\\^~|€", 1}}, SMS_GSM7, 18, 1},
        {{{"ç", 1}}, SMS_UCS2, 1, 1},
        {{{"`", 1}}, SMS_UCS2, 1, 1},
        {{{"\t", 1}}, SMS_UCS2, 1, 1},
        {{{"\u00A0", 1}}, SMS_UCS2, 1, 1},
        {{{"Ç\f\r\n", 1}}, SMS_GSM7, 5, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = text_of(cases[i].runs);
        struct sms_size size = sms_measure(text);
        assert_int_equal(size.alphabet, cases[i].alphabet);
        assert_int_equal(size.units, cases[i].units);
        assert_int_equal(size.parts, cases[i].parts);
        free(text);
    }
}

static void the_alphabet_has_137_characters(void **state)
{
    (void)state;
    size_t basic = 0, extension = 0;
    for (uint32_t cp = 1; cp <= 0x10FFFF; cp++) {
        if (cp >= 0xD800 && cp <= 0xDFFF)
            continue;
        char s[5] = "";
        s[utf8_encode(cp, s)] = '\0';
        struct sms_size size = sms_measure(s);
        assert_int_equal(size.first_ucs2, size.alphabet == SMS_UCS2 ? cp : 0);
        if (size.alphabet == SMS_GSM7)
            *(size.units == 1 ? &basic : &extension) += 1;
        else
            assert_int_equal(size.units, cp > 0xFFFF ? 2 : 1);
    }
    assert_int_equal(basic, 127);
    assert_int_equal(extension, 10);
}

static void every_character_of_the_standard_is_in_it(void **state)
{
    (void)state;
    const char *all = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
                      "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    struct sms_size size = sms_measure(all);
    assert_int_equal(size.alphabet, SMS_GSM7);
    assert_int_equal(size.units, 127);
    assert_int_equal(utf8_length(all), 127);
}

static void the_culprit_is_the_first_foreign_character(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t culprit;
    } cases[] = {
        {"Anna", 0},       {"Anna — hi «x»", 0x2014}, {"Цена 5 €", 0x426},
        {"5 ₽", 0x20BD}, {"it’s", 0x2019},          {"№ 5", 0x2116},
        {"soon…", 0x2026}, {"x😀", 0x1F600},           {"„ok“", 0x201E},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(sms_measure(cases[i].text).first_ucs2, cases[i].culprit);
}

/* ---- the same count, made another way ---- */

/* What the network puts into the parts: each character as so many units, cut by hand. Slow, and written from the standard's
 * words, not from the program: the parts are filled one unit after the other, and what would be cut is taken out again. */
static size_t reference_parts(const uint32_t *text, size_t n, const char *extension,
                              bool ucs2, size_t *ret_units)
{
    size_t single = ucs2 ? 70 : 160, room = ucs2 ? 67 : 153;
    size_t parts = 1, used = 0, total = 0;
    for (size_t i = 0; i < n; i++) {
        bool twice = ucs2 ? text[i] >= 0x10000
                          : text[i] == 0x20AC || (text[i] < 0x80 && strchr(extension, (int)text[i]));
        for (size_t unit = 0; unit < (twice ? 2 : 1); unit++) {
            total++;
            if (used == room) {
                parts++;
                used = unit; /* the half that stood there already moves, too */
            }
            used++;
        }
    }
    *ret_units = total;
    return total <= single ? 1 : parts;
}

static void the_count_agrees_with_a_slow_one(void **state)
{
    (void)state;
    static const uint32_t gsm[] = {'a', 'Z', ' ', '\n', '@', 0xE0, 0x394, '{', '^', 0x20AC, '~'};
    static const uint32_t any[] = {'a', 0x436, '{', 0x20AC, 0x1F600, 0x10FFFF, 0xFFFD, 0x2014};
    unsigned seed = 20261122;
    for (int round = 0; round < 20000; round++) {
        uint32_t text[400];
        struct sb sb = {0};
        seed = seed * 1103515245u + 12345u;
        size_t n = (seed >> 16) % 400;
        bool mixed = (seed >> 8) & 1, ucs2 = false;
        for (size_t i = 0; i < n; i++) {
            seed = seed * 1103515245u + 12345u;
            size_t pick = seed >> 16;
            text[i] = mixed ? any[pick % (sizeof any / sizeof *any)]
                            : gsm[pick % 7 ? pick % 3 : pick % (sizeof gsm / sizeof *gsm)];
            ucs2 = ucs2 || text[i] == 0x436 || text[i] > 0x20AC || text[i] == 0x2014;
            char bytes[4];
            sb_addn(&sb, bytes, utf8_encode(text[i], bytes));
        }
        size_t units;
        size_t parts = reference_parts(text, n, "\f^{}\\[~]|", ucs2, &units);
        struct sms_size size = sms_measure(sb_str(&sb));
        assert_int_equal(size.alphabet, ucs2 ? SMS_UCS2 : SMS_GSM7);
        assert_int_equal(size.units, units);
        assert_int_equal(size.parts, parts);
        sb_fini(&sb);
    }
}

/* ---- what makes it expensive ---- */

static char *told(const struct sms_culprits *list)
{
    struct sb sb = {0};
    for (size_t i = 0; i < list->n; i++) {
        char bytes[5] = "";
        bytes[utf8_encode(list->v[i].character, bytes)] = '\0';
        sb_addf(&sb, "%s%s@%zu x%zu", i > 0 ? ", " : "", bytes, list->v[i].at, list->v[i].times);
    }
    return sb_take(&sb);
}

static void the_expensive_characters_are_listed(void **state)
{
    (void)state;
    static const struct {
        const char *text, *culprits;
    } cases[] = {
        {"", ""},
        {"Anna, see you at 5!", ""},
        {"Anna — hi «x» — bye", "—@5 x2, «@12 x1, »@15 x1"},
        {"5 € and {x}", "€@2 x1, {@10 x1, }@12 x1"},
        {"5 € — {x}", "—@6 x1"}, /* in UCS-2 nothing counts twice but pictures */
        {"жж", "ж@0 x2"},
        {"😀 a 😀", "😀@0 x2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct sms_culprits list;
        sms_find_culprits(cases[i].text, &list);
        char *text = told(&list);
        assert_string_equal(text, cases[i].culprits);
        free(text);
        sms_culprits_fini(&list);
    }
}

static void what_it_would_take_without_them(void **state)
{
    (void)state;
    static const struct {
        struct run runs[3];
        size_t parts, without;
    } cases[] = {
        {{{"a", 160}}, 1, 1},
        {{{"a", 100}, {"—", 1}}, 2, 1},
        {{{"a", 160}, {"…", 1}}, 3, 2}, /* 161 characters, and three dots are 163 */
        {{{"a", 159}, {"€", 1}}, 2, 1},
        {{{"{", 160}}, 3, 1},
        {{{"{", 161}}, 3, 2},
        {{{"ж", 71}}, 2, 1},
        {{{"щ", 71}}, 2, 2}, /* shch: 284 */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = text_of(cases[i].runs);
        assert_int_equal(sms_measure(text).parts, cases[i].parts);
        assert_int_equal(sms_parts_without(text, "ru"), cases[i].without);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_counted_as_networks_count),
        cmocka_unit_test(the_alphabet_has_137_characters),
        cmocka_unit_test(every_character_of_the_standard_is_in_it),
        cmocka_unit_test(the_culprit_is_the_first_foreign_character),
        cmocka_unit_test(the_count_agrees_with_a_slow_one),
        cmocka_unit_test(the_expensive_characters_are_listed),
        cmocka_unit_test(what_it_would_take_without_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
