/* Words of the three languages: weekdays, counted nouns, the party of a trip, the opening of a letter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <pps/person.h>
#include <pps/str.h>
#include <pps/translations.h>

#include "../../src/message/words.h"

static void expect(char *got, const char *wanted)
{
    assert_string_equal(got, wanted);
    free(got);
}

static void weekdays_have_their_prepositions(void **state)
{
    (void)state;
    static const char *const ru[] = {"в понедельник", "во вторник", "в среду",      "в четверг",
                                     "в пятницу",     "в субботу",  "в воскресенье"};
    static const char *const en[] = {"on Monday", "on Tuesday",  "on Wednesday", "on Thursday",
                                     "on Friday", "on Saturday", "on Sunday"};
    static const char *const bg[] = {"в понеделник", "във вторник", "в сряда", "в четвъртък",
                                     "в петък",      "в събота",    "в неделя"};
    civil_day monday = CIVIL_NONE;
    assert_true(civil_from_ymd((struct ymd){2026, 12, 7}, &monday));
    for (int i = 0; i < 7; i++) {
        expect(words_weekday("ru", monday + i), ru[i]);
        expect(words_weekday("en", monday + i), en[i]);
        expect(words_weekday("bg", monday + i), bg[i]);
    }
    expect(words_weekday("de", monday), "");
    expect(words_weekday("ru", CIVIL_NONE), "");
}

static const struct {
    const char *lang;
    long n;
    enum noun noun;
    const char *words;
} counted[] = {
    {"ru", 1, NOUN_DAY, "1 день"},
    {"ru", 2, NOUN_DAY, "2 дня"},
    {"ru", 4, NOUN_DAY, "4 дня"},
    {"ru", 5, NOUN_DAY, "5 дней"},
    {"ru", 10, NOUN_DAY, "10 дней"},
    {"ru", 11, NOUN_DAY, "11 дней"},
    {"ru", 12, NOUN_DAY, "12 дней"},
    {"ru", 14, NOUN_DAY, "14 дней"},
    {"ru", 20, NOUN_DAY, "20 дней"},
    {"ru", 21, NOUN_DAY, "21 день"},
    {"ru", 22, NOUN_DAY, "22 дня"},
    {"ru", 25, NOUN_DAY, "25 дней"},
    {"ru", 100, NOUN_DAY, "100 дней"},
    {"ru", 101, NOUN_DAY, "101 день"},
    {"ru", 111, NOUN_DAY, "111 дней"},
    {"ru", 112, NOUN_DAY, "112 дней"},
    {"ru", 114, NOUN_DAY, "114 дней"},
    {"ru", 121, NOUN_DAY, "121 день"},
    {"ru", 1, NOUN_NIGHT, "1 ночь"},
    {"ru", 3, NOUN_NIGHT, "3 ночи"},
    {"ru", 7, NOUN_NIGHT, "7 ночей"},
    {"ru", 1, NOUN_WEEK, "1 неделя"},
    {"ru", 2, NOUN_WEEK, "2 недели"},
    {"ru", 6, NOUN_WEEK, "6 недель"},
    {"ru", 1, NOUN_TRIP, "1 поездка"},
    {"ru", 3, NOUN_TRIP, "3 поездки"},
    {"ru", 5, NOUN_TRIP, "5 поездок"},
    {"ru", 1, NOUN_ADULT, "1 взрослый"},
    {"ru", 2, NOUN_ADULT, "2 взрослых"},
    {"ru", 5, NOUN_ADULT, "5 взрослых"},
    {"ru", 1, NOUN_CHILD, "1 ребёнок"},
    {"ru", 2, NOUN_CHILD, "2 ребёнка"},
    {"ru", 5, NOUN_CHILD, "5 детей"},
    {"en", 1, NOUN_NIGHT, "1 night"},
    {"en", 2, NOUN_NIGHT, "2 nights"},
    {"en", 21, NOUN_NIGHT, "21 nights"},
    {"en", 1, NOUN_DAY, "1 day"},
    {"en", 3, NOUN_DAY, "3 days"},
    {"en", 1, NOUN_WEEK, "1 week"},
    {"en", 2, NOUN_WEEK, "2 weeks"},
    {"en", 1, NOUN_TRIP, "1 trip"},
    {"en", 2, NOUN_TRIP, "2 trips"},
    {"en", 1, NOUN_CHILD, "1 child"},
    {"en", 2, NOUN_CHILD, "2 children"},
    {"bg", 1, NOUN_NIGHT, "1 нощувка"},
    {"bg", 7, NOUN_NIGHT, "7 нощувки"},
    {"bg", 21, NOUN_NIGHT, "21 нощувки"},
    {"bg", 1, NOUN_DAY, "1 ден"},
    {"bg", 3, NOUN_DAY, "3 дни"},
    {"bg", 1, NOUN_WEEK, "1 седмица"},
    {"bg", 2, NOUN_WEEK, "2 седмици"},
    {"bg", 1, NOUN_TRIP, "1 пътуване"},
    {"bg", 2, NOUN_TRIP, "2 пътувания"},
    {"bg", 1, NOUN_ADULT, "1 възрастен"},
    {"bg", 2, NOUN_ADULT, "2 възрастни"},
    {"bg", 1, NOUN_CHILD, "1 дете"},
    {"bg", 2, NOUN_CHILD, "2 деца"},
    {"ru", 0, NOUN_DAY, ""},
    {"ru", -3, NOUN_DAY, ""},
    {"de", 3, NOUN_DAY, ""},
};

static void nouns_follow_their_numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++)
        expect(words_count(counted[i].lang, counted[i].n, counted[i].noun), counted[i].words);
}

static void a_party_is_told_in_words(void **state)
{
    (void)state;
    expect(words_party("ru", 2, 1), "2 взрослых и 1 ребёнок");
    expect(words_party("ru", 1, 0), "1 взрослый");
    expect(words_party("en", 2, 2), "2 adults and 2 children");
    expect(words_party("bg", 2, 1), "2 възрастни и 1 дете");
    expect(words_party("en", 0, 0), "");
    expect(words_party("de", 2, 1), "");
}

static const struct {
    const char *lang, *name, *salutation;
    enum gender gender;
    const char *dear;
} openings[] = {
    {"ru", "Мария Иванова", "Мария Ивановна", 0, "Дорогая Мария Ивановна"},
    {"ru", "Иванов Пётр Иванович", NULL, 0, "Дорогой Пётр Иванович"},
    {"ru", "Мария Иванова", NULL, 0, "Дорогая Мария"},
    {"ru", "Семья Ивановых", "Мария и Пётр", 0, "Дорогие Мария и Пётр"},
    {"ru", "Саша", NULL, 0, "Здравствуйте, Саша"},
    {"ru", "Саша", NULL, GENDER_FEMALE, "Дорогая Саша"},
    {"ru", "Саша", NULL, GENDER_MALE, "Дорогой Саша"},
    {"ru", "Мария", NULL, GENDER_UNKNOWN, "Здравствуйте, Мария"},
    {"ru", "Глеб Жуков", NULL, 0, "Дорогой Глеб"},
    {"ru", "иванова мария", NULL, 0, "Дорогая Мария"},
    {"ru", "Ивановы", NULL, 0, "Здравствуйте, Ивановы"},
    {"ru", "ООО «Ромашка»", NULL, 0, "Здравствуйте, ООО «Ромашка»"},
    {"ru", "John Smith", NULL, 0, "Здравствуйте, John"},
    {"en", "John Smith", NULL, 0, "Dear John"},
    {"en", "Mr John Smith", NULL, 0, "Dear Mr Smith"},
    {"en", "Maria Ivanova", "Maria", 0, "Dear Maria"},
    {"en", "Мария Иванова", "Maria", GENDER_FEMALE, "Dear Maria"},
    {"bg", "Мария Петрова Иванова", "Мария", 0, "Скъпа Мария"},
    {"bg", "Мария Димитрова Петрова", NULL, 0, "Скъпа Мария"},
    {"bg", "Петър Иванов", NULL, 0, "Скъпи Петър"},
    {"bg", "Мария и Петър", NULL, 0, "Скъпи Мария и Петър"},
    {"bg", "Саша", NULL, 0, "Здравейте, Саша"},
    {"de", "Maria Ivanova", "Maria", 0, "Maria"},
    /* nobody is dear by the surname */
    {"ru", "Мария Иванова", "г-жа Иванова", 0, "Уважаемая госпожа Иванова"},
    {"ru", "Пётр Петров", "Г-н Петров", 0, "Уважаемый господин Петров"},
    {"ru", "Ким", "г-жа Ким", 0, "Уважаемая госпожа Ким"},
    {"ru", "г-жа Иванова", NULL, 0, "Уважаемая госпожа Иванова"},
    {"ru", "Иванова", "доктор Иванова", 0, "Уважаемая доктор Иванова"},
    {"ru", "Пётр Петров", "д-р Петров", 0, "Уважаемый доктор Петров"},
    {"ru", "Саша Ким", "д-р Ким", 0, "Здравствуйте, доктор Ким"},
    {"ru", "Иванова Мария Петровна", "проф. Иванова", 0, "Уважаемая профессор Иванова"},
    {"ru", "Ивановы", "г-н и г-жа Ивановы", 0, "Уважаемые господин и госпожа Ивановы"},
    {"ru", "Мария Иванова", "тётя Маша", 0, "Дорогая тётя Маша"},
    {"en", "Mary Smith", "Mrs Smith", 0, "Dear Mrs Smith"},
    {"bg", "Петър Петров", "г-н Петров", 0, "Уважаеми господин Петров"},
    {"bg", "Мария Петрова", "г-жа Петрова", 0, "Уважаема госпожо Петрова"},
    {"bg", "Мария Петрова", "д-р Петрова", 0, "Уважаема д-р Петрова"},
    {"bg", "Саша Ким", "д-р Ким", 0, "Здравейте, д-р Ким"},
    {"bg", "Петър Петров", "доктор Петров", 0, "Уважаеми д-р Петров"},
    {"bg", "Мария Петрова", "инж. Петрова", 0, "Уважаема инж. Петрова"},
    {"bg", "Петрови", "г-н и г-жа Петрови", 0, "Уважаеми господин и госпожо Петрови"},
    /* who reads no Cyrillic */
    {"en", "Иванова Мария Петровна", NULL, 0, "Dear Mariia Petrovna"},
    {"en", "Мария Иванова", NULL, 0, "Dear Mariia"},
    {"en", "Мария Иванова", "г-жа Иванова", 0, "Dear Ms Ivanova"},
    {"en", "Пётр Петров", "Д-р. Петров", 0, "Dear Dr Petrov"},
    {"en", "Семья Ивановых", "Мария и Пётр", 0, "Dear Mariia and Petr"},
    {"en", "Игорь И", NULL, 0, "Dear Igor I"},
    {"de", "Мария Иванова", NULL, 0, "Mariia"},
};

static void letters_open_as_people_are_called(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
        struct client client = {.name = (char *)(uintptr_t)openings[i].name,
                                .salutation = (char *)(uintptr_t)openings[i].salutation,
                                .gender = openings[i].gender};
        static const struct translations none;
        char *own = client_address(&client);
        char *address = address_for_reader(&none, "ru", openings[i].lang, own);
        expect(words_dear(openings[i].lang, &client, address), openings[i].dear);
        free(address);
        free(own);
    }
}

static void what_was_done_ends_as_a_sentence(void **state)
{
    (void)state;
    expect(words_sentence("вернули деньги"), "вернули деньги.");
    expect(words_sentence(" We paid back. "), "We paid back.");
    expect(words_sentence("Сказали: «Простите!»"), "Сказали: «Простите!»");
    expect(words_sentence("два (из трёх)"), "два (из трёх).");
    expect(words_sentence(NULL), "");
}

static void reasons_are_said_in_the_reader_s_language(void **state)
{
    (void)state;
    static const char bad[] = "a.md:3:1: \"x\" is empty here";
    expect(words_reason("ru", CAUSE_NO_ANSWER, "no answer at 11:00"), "не взяли трубку");
    expect(words_reason("bg", CAUSE_COMPLAINT, "waits until"),
           "чака, докато приключим оплакването");
    expect(words_reason("ru", CAUSE_TEMPLATE, bad),
           "ошибка в тексте: a.md:3:1: \"x\" is empty here");
    expect(words_reason("bg", CAUSE_EXPIRED, "in its time no tick ran, or its gateway was down"),
           "тогава не работеше програмата или връзката");
    expect(words_reason("ru", CAUSE_EXPIRED, "no try got through: 421 busy"),
           "не дошло ни с одной попытки: 421 busy");
    expect(words_reason("ru", CAUSE_EXPIRED, "another reason"), "время прошло");
    expect(words_reason("ru", CAUSE_BY_PERSON, "skipped by anna: забыли"), "пропущено: anna: забыли");
    expect(words_reason("en", CAUSE_NO_ANSWER, "no answer at 11:00"), "no answer at 11:00");
    /* what people and servers said */
    expect(words_reason("ru", CAUSE_HELD_BY_PERSON, "ждём визу"), "ждём визу");
    expect(words_reason("ru", CAUSE_REFUSED, "550 no such mailbox"), "550 no such mailbox");
    expect(words_reason("ru", CAUSE_NONE, "by Friday"), "by Friday");
    expect(words_reason("ru", CAUSE_NONE, "by e-mail: the client has no phone number"),
           "другого пути к клиенту нет");
    expect(words_reason("ru", CAUSE_NO_ANSWER, NULL), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weekdays_have_their_prepositions),
        cmocka_unit_test(nouns_follow_their_numbers),
        cmocka_unit_test(a_party_is_told_in_words),
        cmocka_unit_test(letters_open_as_people_are_called),
        cmocka_unit_test(what_was_done_ends_as_a_sentence),
        cmocka_unit_test(reasons_are_said_in_the_reader_s_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
