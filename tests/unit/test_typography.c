/* Typography: tables for each language, what must stay, and with random texts: a second time changes nothing, nothing is
 * lost, and it comes to an end. In the tables "~" is a blank that does not break. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "../../src/message/typography.h"

#define NBSP "\xC2\xA0"
#define COUNT(a) (sizeof(a) / sizeof *(a))

struct example {
    const char *text, *set; /* set NULL: nothing changes */
};

static const struct example ru[] = {
    /* quotation marks */
    {"Отель \"Ривьера\" ждёт", "Отель «Ривьера» ждёт"},
    {"\"Привет\", - сказала она.", "«Привет»,~— сказала она."},
    {"Он сказал: \"Отель \"Ривьера\" хорош\".", "Он сказал: «Отель „Ривьера“ хорош»."},
    {"\"\"Ривьера\" хороша\"", "«„Ривьера“ хороша»"},
    {"Он: \"А \"Б \"В\" Б\" А\"", "Он: «А~„Б «В» Б“ А»"},
    {"(\"Ривьера\")", "(«Ривьера»)"},
    {"«Отель \"Ривьера\"»", "«Отель „Ривьера“»"},
    {"«Уже „так“»", NULL},
    {"\"без пары", NULL},
    {"без пары\"", NULL},
    {"экран 15\" и шире", "экран 15\" и~шире"},
    {"\"\"", NULL},
    {"\" так надо \"", NULL},
    {"пол\"слова", NULL},
    {"\"Ура!\" \"Ура...\"", "«Ура!» «Ура…»"},
    {"\"https://more.example/a\"", "«https://more.example/a»"},
    /* dashes */
    {"Москва - Сочи", "Москва~— Сочи"},
    {"Москва -- Сочи", "Москва~— Сочи"},
    {"Море — это жизнь", "Море~— это жизнь"},
    {"10 - 15 человек", "10~— 15~человек"},
    {"- пункт", NULL},
    {"конец -", NULL},
    {"что-то, по-русски, 10-15", NULL},
    {"10-15 дней", "10-15~дней"},
    /* short words */
    {"Вылет в Сочи и на море", "Вылет в~Сочи и~на~море"},
    {"В Сочи. И в Адлер", "В~Сочи. И~в~Адлер"},
    {"из-за моря", NULL},
    {"Мы и (в шутку) они", "Мы и~(в~шутку) они"},
    {"Мы  в  пути", NULL},
    {"слово в", NULL},
    {"я люблю", NULL},
    {"по\nморю", "по~морю"},
    {"слово\nслово", NULL},
    /* numbers */
    {"10 декабря в 06:40", "10~декабря в~06:40"},
    {"3 января 2027 года", "3~января 2027~года"},
    {"7 ночей, 2 взрослых и 1 ребёнок", "7~ночей, 2~взрослых и~1~ребёнок"},
    {"15 000 ₽", "15~000~₽"},
    {"1 215 000 руб.", "1~215~000~руб."},
    {"20 %, 1,5 кг", "20~%, 1,5~кг"},
    {"2026 500 ₽", "2026 500~₽"},
    {"в 1815 000 раз", "в~1815 000~раз"},
    {"тел. +7 903 123-45-67 доб. 5", NULL},
    {"+7 г", NULL},
    {"15 отелей", NULL},
    {"рейс № 5", "рейс~№~5"},
    {"№5 и № пять", "№5 и~№ пять"},
    /* initials and abbreviations */
    {"А. С. Пушкин", "А.~С.~Пушкин"},
    {"и т. д.", "и~т.~д."},
    {"Это я. Потом", NULL},
    {"корпус А. рядом", NULL},
    {"дом. А потом", "дом. А~потом"},
    /* three dots */
    {"Ждём...", "Ждём…"},
    {"Ждём....", NULL},
    {"Ждём… уже?..", NULL},
    /* what stays */
    {"https://more.example/a...b?c=\"d\"", NULL},
    {"пишите на a-b@more.example", "пишите на~a-b@more.example"},
    {"#синее-море", NULL},
    {"more.example/в\"г", NULL},
    {"more.example/\"a\"", NULL},
    {"O'Нил", NULL},
    {"", NULL},
    {" ", NULL},
    {"уже~так", NULL},
};

static const struct example en[] = {
    {"the \"Riviera\" hotel", "the “Riviera” hotel"},
    {"\"He said \"no\".\"", "“He said ‘no’.”"},
    {"‘\"Riviera\" hotel’", "‘“Riviera” hotel’"},
    {"don't, it's, O'Neill", "don’t, it’s, O’Neill"},
    {"'single' and students' days", NULL},
    {"Moscow - Sochi", "Moscow~– Sochi"},
    {"well-known, 10-15", NULL},
    {"10 December at 06:40", "10~December at 06:40"},
    {"7 nights, 2 adults and 1 child", "7~nights, 2~adults and 1~child"},
    {"a trip in a day", NULL},
    {"J. R. Smith", "J.~R.~Smith"},
    {"Wait...", "Wait…"},
    {"www.more.example/it's...", NULL},
    {"info@more.example's", NULL},
};

static const struct example bg[] = {
    {"хотел \"Ривиера\" ви чака", "хотел „Ривиера“ ви чака"},
    {"\"Хотел \"Ривиера\" е\"", "„Хотел „Ривиера“ е“"},
    {"София - Варна", "София~– Варна"},
    {"10 декември в 06:40", "10~декември в~06:40"},
    {"7 нощувки на море", "7~нощувки на~море"},
    {"1500 лв.", "1500~лв."},
    {"с вас и до скоро", "с~вас и~до~скоро"},
    {"във вторник", NULL},
    {"Чакаме...", "Чакаме…"},
};

/* The text with blanks that do not break for "~". New string. */
static char *hard(const char *text)
{
    struct sb sb = {0};
    for (; *text != '\0'; text++) {
        if (*text == '~')
            sb_add(&sb, NBSP);
        else
            sb_addc(&sb, *text);
    }
    return sb_take(&sb);
}

static void expect_all(const char *lang, const struct example *all, size_t n)
{
    int wrong = 0;
    for (size_t i = 0; i < n; i++) {
        char *text = hard(all[i].text), *wanted = hard(str_or(all[i].set, all[i].text));
        char *got = typography(text, lang), *again = typography(got, lang);
        if (strcmp(got, wanted) != 0 || strcmp(again, got) != 0) {
            print_message("%s: %s\n  -> %s\n not %s\n", lang, text, got, wanted);
            wrong++;
        }
        free(text);
        free(wanted);
        free(got);
        free(again);
    }
    assert_int_equal(wrong, 0);
}

static void each_language_is_set_in_its_own_way(void **state)
{
    (void)state;
    expect_all("ru", ru, COUNT(ru));
    expect_all("en", en, COUNT(en));
    expect_all("bg", bg, COUNT(bg));
}

static void an_unknown_language_stays(void **state)
{
    (void)state;
    static const struct example all[] = {{"\"a\" - b... c's 10 m", NULL}};
    expect_all("de", all, COUNT(all));
    expect_all("", all, COUNT(all));
    char *got = typography("\"a\"", NULL);
    assert_string_equal(got, "\"a\"");
    free(got);
    got = typography("\"а\xFF\"", "ru"); /* no text at all */
    assert_string_equal(got, "\"а\xFF\"");
    free(got);
}

#define B TYPOGRAPHY_BREAK
#define C TYPOGRAPHY_CODE
static void pieces_of_a_paragraph_keep_their_borders(void **state)
{
    (void)state;
    static const struct example all[] = {
        {"Отель \"" B "Ривьера" B "\" - лучший" B, "Отель «" B "Ривьера" B "»~— лучший" B},
        {B "в" B " Сочи" B, B "в" B "~Сочи" B},
        {"по" B "в" B " Сочи", NULL},
        {"10" B " декабря", "10" B "~декабря"},
        {"\"" B C B "\" и " B C, "«" B C B "» и~" B C},
        {C "...", NULL},
        {".." B ".", NULL},
        {"по" B "\n" B "морю", "по" B "~" B "морю"},
    };
    expect_all("ru", all, COUNT(all));
}

static void blanks_become_ordinary_again(void **state)
{
    (void)state;
    char text[] = "в" NBSP "10" NBSP NBSP "ч";
    assert_string_equal(typography_plain(text), "в 10  ч");
    char empty[] = "";
    assert_string_equal(typography_plain(empty), "");
}

/* ---- random texts ---- */

static uint32_t next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

static const char *const bricks[] = {
    " ",    " ",    " ",   NBSP, "\n", "\"", "\"",      "\"",       "'",   "-",    "-",
    "--",   "...",  ".",   "…",  "в",  "и",  "на",      "10",       "5",   "000",  "₽",
    "г.",   "м",    "дня", "А.", "т.", "е.", "д.",      "№",        "«",   "»",    "„",
    "“",    "”",    "‘",   "’",  "—",  "–",  "(",       ")",        ",",   "!",    "?",
    ":",    "a",    "b",   "it", "s",  "@",  "#",       "/",        "://", "www.", ".ex",
    "море", "Сочи", B,     C,    "%",  "+7", "декабря", "December", "лв",
};

/* A text without what may be replaced: what is left must be the same before and after. */
static char *bones(const char *text)
{
    static const char *const soft[] = {" ", NBSP, "\"", "'", "-", ".", "…", "«", "»",
                                       "„", "“",  "”",  "‘", "’", "—", "–", "\n"};
    struct sb sb = {0};
    while (*text != '\0') {
        size_t skip = 0;
        for (size_t i = 0; i < COUNT(soft) && skip == 0; i++)
            skip = str_starts(text, soft[i]) ? strlen(soft[i]) : 0;
        if (skip == 0)
            sb_addc(&sb, *text++);
        text += skip;
    }
    return sb_take(&sb);
}

static void a_second_time_changes_nothing(void **state)
{
    (void)state;
    static const char *const langs[] = {"ru", "en", "bg"};
    uint64_t seed = 20261201;
    for (int round = 0; round < 20000; round++) {
        struct sb sb = {0};
        const char *lang = langs[round % 3];
        for (uint32_t n = next(&seed) % 24; n > 0; n--)
            sb_add(&sb, bricks[next(&seed) % COUNT(bricks)]);
        char *once = typography(sb_str(&sb), lang), *twice = typography(once, lang);
        char *was = bones(sb_str(&sb)), *is = bones(once);
        if (strcmp(once, twice) != 0)
            fail_msg("%s, round %d: [%s] -> [%s] -> [%s]", lang, round, sb_str(&sb), once, twice);
        if (strcmp(was, is) != 0)
            fail_msg("%s, round %d: [%s] -> [%s]", lang, round, sb_str(&sb), once);
        assert_int_equal(utf8_valid_until(once, strlen(once)), strlen(once));
        free(once);
        free(twice);
        free(was);
        free(is);
        sb_fini(&sb);
    }
}

/* 64 KiB of whatever is worst for a rule that looks around. */
static void long_texts_take_no_time(void **state)
{
    (void)state;
    static const char *const worst[] = {"\"", "\" ", " \"", "-", " - ", ".", "1",  "1 ",  "000 ",
                                        "в ", "а",   "А. ", "«", "'",   B,   "a.", "\"" B};
    for (size_t i = 0; i < COUNT(worst); i++) {
        struct sb sb = {0};
        while (sb.len < 65536)
            sb_add(&sb, worst[i]);
        sb_add(&sb, " ₽");
        char *set = typography(sb_str(&sb), "ru");
        assert_true(strlen(set) > 1000);
        free(set);
        sb_fini(&sb);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_language_is_set_in_its_own_way),
        cmocka_unit_test(an_unknown_language_stays),
        cmocka_unit_test(pieces_of_a_paragraph_keep_their_borders),
        cmocka_unit_test(blanks_become_ordinary_again),
        cmocka_unit_test(a_second_time_changes_nothing),
        cmocka_unit_test(long_texts_take_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
