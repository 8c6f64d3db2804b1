/* SMS parts: the alphabet of GSM 03.38, and how the networks cut long texts. */
#include <setjmp.h>
#include <stdarg.h>
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_counted_as_networks_count),
        cmocka_unit_test(the_alphabet_has_137_characters),
        cmocka_unit_test(every_character_of_the_standard_is_in_it),
        cmocka_unit_test(the_culprit_is_the_first_foreign_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
