/* Sums as people write them, keys of facts, marks, and in what state a thing is. */
#include "support.h"

#include <pps/known.h>
#include <pps/money.h>
#include <pps/utf8.h>

static void sums_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t hundredths;
    } good[] = {
        {"1500", 150000},
        {"1500.00", 150000},
        {"1500,00", 150000},
        {"1 500,00", 150000},
        {"1\xC2\xA0"
         "500,5",
         150050},
        {"1\xE2\x80\xAF"
         "500",
         150000},
        {"12 345 678.09", 1234567809},
        {"0", 0},
        {"0,01", 1},
        {"007", 700},
        {"9999999999,99", 999999999999},
    };
    for (size_t i = 0; i < COUNT(good); i++) {
        int64_t got = -1;
        struct err err;
        assert_ok(money_parse(good[i].text, &got, &err));
        assert_true(got == good[i].hundredths);
    }
}

static void what_is_no_sum_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",         " ",        "-1",    "+1",       "1,500",       "1.500,00", "1500 RUB", "1500,",
        ".50",      ",5",       "15 00", "1500 000", "1 50",        "1  500",   "1 500 ",   " 1500",
        "1500,001", "1500.0.0", "x",     "1e3",      "10000000000", "٣",
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        int64_t got = -1;
        struct err err = {0};
        if (money_parse(bad[i], &got, &err) != RC_INVALID || got != -1)
            fail_msg("\"%s\" passes", bad[i]);
        assert_non_null(strstr(err.message, "is no sum: write 1500, 1500.00 or 1 500,00"));
    }
}

static void sums_as_they_are_shown(void **state)
{
    (void)state;
    static const struct {
        int64_t hundredths;
        const char *text;
    } cases[] = {{0, "0.00"}, {1, "0.01"}, {150050, "1500.50"}, {999999999999, "9999999999.99"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[MONEY_TEXT_BYTES];
        money_format(cases[i].hundredths, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void keys_of_facts(void **state)
{
    (void)state;
    static const char *const good[] = {
        "dog",
        "собака",
        "любимый-отель",
        "kids_2",
        "δώρο",
        "7",
        "犬",
        "абвгдежзийклмнопрстуфхцчшщъыьэюяабвгдежз", /* 40 */
    };
    static const char *const bad[] = {
        "",
        "a b",
        "a.b",
        "a{",
        "собака!",
        "a\tb",
        "a\xC2\xA0"
        "b",
        "абвгдежзийклмнопрстуфхцчшщъыьэюяабвгдежзи", /* 41 */
        "\xFF",
        "dog\xE2\x80\x8E",
        "—",
    };
    for (size_t i = 0; i < COUNT(good); i++) {
        if (!client_fact_key_is_good(good[i]))
            fail_msg("%s is refused", good[i]);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        if (client_fact_key_is_good(bad[i]))
            fail_msg("\"%s\" passes", bad[i]);
    }
}

static void letters_of_any_alphabet(void **state)
{
    (void)state;
    static const uint32_t letters[] = {'a', 'Z', 0x416, 0x451, 0x3B4, 0xE9, 0x72AC, 0x5D0};
    static const uint32_t others[] = {0, '0', '_', '-', ' ', '.', 0xA0, 0x2014, 0x200E, 0x1F600};
    for (size_t i = 0; i < COUNT(letters); i++)
        assert_true(utf8_is_letter(letters[i]));
    for (size_t i = 0; i < COUNT(others); i++)
        assert_false(utf8_is_letter(others[i]));
}

static void marks_have_names(void **state)
{
    (void)state;
    for (int i = 0; i < MARK_COUNT; i++) {
        enum client_mark mark;
        assert_true(client_mark_from_name(client_mark_name((enum client_mark)i), &mark));
        assert_int_equal(mark, i);
    }
    enum client_mark mark;
    assert_false(client_mark_from_name("loyl", &mark));
    assert_false(client_mark_from_name("", &mark));
}

static void the_states_of_a_thing(void **state)
{
    (void)state;
    static const struct {
        struct thing thing;
        bool open, ready;
    } cases[] = {
        {{.kind = THING_GIFT}, true, false},
        {{.kind = THING_ALBUM, .ready_at = 1}, true, true},
        {{.kind = THING_CARD, .ready_at = 1, .handed_at = 2}, false, false},
        {{.kind = THING_CARD, .ready_at = 1, .dropped_at = 2}, false, false},
        {{.kind = THING_PHOTO}, false, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(thing_is_open(&cases[i].thing), cases[i].open);
        assert_int_equal(thing_is_ready(&cases[i].thing), cases[i].ready);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_as_people_write_them), cmocka_unit_test(what_is_no_sum_is_refused),
        cmocka_unit_test(sums_as_they_are_shown),    cmocka_unit_test(keys_of_facts),
        cmocka_unit_test(letters_of_any_alphabet),   cmocka_unit_test(marks_have_names),
        cmocka_unit_test(the_states_of_a_thing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
