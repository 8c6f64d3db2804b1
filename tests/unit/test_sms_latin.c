/* SMS in Latin letters, and what they cost. */
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

struct pair {
    const char *text, *latin;
};

static void check_all(const char *lang, const struct pair *pairs, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool whole;
        char *latin = sms_latin(pairs[i].text, lang, &whole);
        assert_string_equal(latin, pairs[i].latin);
        assert_int_equal(sms_measure(latin).alphabet, SMS_GSM7);
        assert_int_equal(whole, strchr(latin, '?') == NULL || strchr(pairs[i].text, '?') != NULL);
        free(latin);
    }
}
#define CHECK_ALL(lang, pairs) check_all(lang, pairs, sizeof(pairs) / sizeof *(pairs))

/* ICAO Doc 9303, part 3, the table of Cyrillic letters: as passports have names since 2013. */
static void russian_goes_by_the_passport(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "abvgdeezhziiklmnoprstufkhtschshshchieyeiuia"},
        {"Мария Хохлова", "Mariia Khokhlova"},
        {"Юлия Щукина, Фёдор Подъячев", "Iuliia Shchukina, Fedor Podieiachev"},
        {"Завтра вылет: 10 декабря в 06:40. Документы с собой?",
         "Zavtra vylet: 10 dekabria v 06:40. Dokumenty s soboi?"},
        {"Ёж, ЁЖ, Чай, ЧАЙ, Щ", "Ezh, EZH, Chai, CHAI, Shch"},
        {"Лёгкой вам дороги! Мы на связи.", "Legkoi vam dorogi! My na sviazi."},
        {"Олександр Їжак, Євген", "Oleksandr Izhak, Ievgen"},
    };
    CHECK_ALL("ru", pairs);
    CHECK_ALL(NULL, pairs);
    CHECK_ALL("en", pairs);
}

/* The law on transliteration of 2009 (State Gazette 19/2009). */
static void bulgarian_goes_by_the_law(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"абвгдежзийклмнопрстуфхцчшщъьюя", "abvgdezhziyklmnoprstufhtschshshtayyuya"},
        {"София, Мария, Анталия", "Sofia, Maria, Antalia"},
        {"Илиян, Приятен път!", "Iliyan, Priyaten pat!"},
        {"България, български", "Bulgaria, balgarski"},
        {"СОФИЯ, БЪЛГАРИЯ", "SOFIA, BULGARIA"},
        {"Щастливо! Ще се видим в четвъртък.", "Shtastlivo! Shte se vidim v chetvartak."},
        {"Жельо Ганьов, Юлия, Ямбол, ЮГ", "Zhelyo Ganyov, Yulia, Yambol, YUG"},
        {"ѝ, Ѝ", "i, I"},
        {"ия", "iya"}, /* alone it ends no word */
    };
    CHECK_ALL("bg", pairs);
}

static void everything_else_becomes_gsm7(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"", ""},
        {"Hello, Anna! 5 € @ {x}", "Hello, Anna! 5 € @ {x}"},
        {"«Солвекс» — это „да“, “yes”, ‘no’, it’s…",
         "\"Solveks\" - eto \"da\", \"yes\", 'no', it's..."},
        {"№ 5, 10–12, 100\u00A0₽, 25°", "No. 5, 10-12, 100 RUB, 25"},
        {"Ура 😀 летим 👨‍👩‍👧!", "Ura letim !"},
        {"😀😀", ""},
        {"end 😀", "end"},
        {"ç, ő, ł, Ž, ñ, é, Ø", "c, o, l, Z, ñ, é, Ø"},
        {"İbrahim Şahin, İSTANBUL, ığüşöç", "Ibrahim Sahin, ISTANBUL, igüsöc"},
        {"100 ₺, 5 ₾", "100 TRY, 5 GEL"},
        {"日本", "??"},
        {"Σωκράτης", "Σ???????"}, /* some capitals are in GSM-7; the name is not whole */
        {"a\tb\u200Bc\u202Ed", "a bcd"},
        {"e\u0301", "e"},
        {"line\nline", "line\nline"},
    };
    CHECK_ALL("ru", pairs);
}

/* https://teplyestrany.rf would be somebody else's. */
static void addresses_are_no_words(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool whole;
    } cases[] = {
        {"Расскажите нам: https://тёплыестраны.рф/отзыв?a=б", false},
        {"Расскажите (https://warm.example/отзыв) нам", false},
        {"Пишите на инфо@почта.рф", false},
        {"Наш сайт море.рф.", false},
        {"Отметьте (#море)", true},
        {"Расскажите нам: https://warm.example/?a=1", true},
        {"Пишите на info@warm.example, отметьте #sea", true},
        {"Договор # 5, т.е. море. Рейс в 06:40", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool whole;
        char *latin = sms_latin(cases[i].text, "ru", &whole);
        assert_int_equal(whole, cases[i].whole);
        free(latin);
    }
}

/* Every character there is, alone and between two letters. */
static void whatever_goes_in_gsm7_comes_out(void **state)
{
    (void)state;
    for (uint32_t cp = 1; cp <= 0x10FFFF; cp++) {
        if (cp >= 0xD800 && cp <= 0xDFFF)
            continue;
        if (cp > 0x30000 && cp % 97 != 0)
            continue;
        char text[8] = "Я";
        size_t len = strlen(text);
        len += utf8_encode(cp, text + len);
        text[len] = '\0';
        char *latin = sms_latin(text, cp % 2 ? "bg" : "ru", NULL);
        assert_int_equal(sms_measure(latin).alphabet, SMS_GSM7);
        char *again = sms_latin(latin, "ru", NULL);
        assert_string_equal(again, latin); /* and nothing is left to do */
        free(again);
        free(latin);
    }
}

static void a_price_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t amount;
        const char *currency, *ten_parts;
    } cases[] = {
        {"3.70", 37000, "RUB", "37.00 RUB"}, {"3,7", 37000, "RUB", "37.00 RUB"},
        {"0.045", 450, "RUB", "0.45 RUB"},   {"0.0045 EUR", 45, "EUR", "0.05 EUR"},
        {"4", 40000, "RUB", "40.00 RUB"},    {"999999.9999", 9999999999, "RUB", "10000000.00 RUB"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct sms_price price;
        char cost[SMS_COST_BYTES];
        assert_int_equal(sms_price_parse(cases[i].text, "RUB", &price, NULL), RC_OK);
        assert_int_equal(price.amount, cases[i].amount);
        assert_string_equal(price.currency, cases[i].currency);
        sms_cost_format(&price, 10, cost);
        assert_string_equal(cost, cases[i].ten_parts);
    }
    struct sms_price price = {0};
    char cost[SMS_COST_BYTES] = "x";
    assert_int_equal(sms_price_parse("3.70", "RUB", &price, NULL), RC_OK);
    assert_int_equal(sms_cost(&price, 14), 5180);
    price.amount = 0;
    sms_cost_format(&price, 10, cost);
    assert_string_equal(cost, "");
}

static void what_is_no_price(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",     "0",     "0.00",    "-1",       "3.70000",   "1 500",   ".5",    "5.",
        "five", "3.70 ", "3.70RUB", "3.70 rub", "3.70 RUBL", "1234567", "3.7.0", "3.70 RUB "};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct sms_price price;
        struct err err;
        assert_int_equal(sms_price_parse(cases[i], "RUB", &price, &err), RC_INVALID);
        char *line =
            xasprintf("\"%s\" is no price of an SMS part: write 3.70, 0.045 or 3.70 RUB", cases[i]);
        assert_string_equal(err.message, line);
        free(line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(russian_goes_by_the_passport),
        cmocka_unit_test(bulgarian_goes_by_the_law),
        cmocka_unit_test(everything_else_becomes_gsm7),
        cmocka_unit_test(addresses_are_no_words),
        cmocka_unit_test(whatever_goes_in_gsm7_comes_out),
        cmocka_unit_test(a_price_is_read),
        cmocka_unit_test(what_is_no_price),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
