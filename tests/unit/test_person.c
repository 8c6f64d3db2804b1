/* What a name tells of a person, and how they are addressed: a table of names, traps first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <pps/person.h>
#include <pps/str.h>

enum { F = GENDER_FEMALE, M = GENDER_MALE, NO = GENDER_NOT_SAID };

static const struct {
    const char *name;
    int gender;
} names[] = {
    /* the patronymic decides */
    {"Мария Ивановна", F},
    {"Пётр Иванович", M},
    {"Никита Ильич", M},
    {"Илья Никитич", M},
    {"Анна Фёдоровна", F},
    {"АННА ФЕДОРОВНА", F},
    {"Людмила Ильинична", F},
    {"Саша Сергеевна", F},
    {"Саша Сергеевич", NO},
    {"Женя Иванович", NO},
    {"Иванова Мария Петровна", F},
    {"Шевчук Александр Юрьевич", M},
    {"Саид Магомедович", M},
    {"Фома Фомич", M},
    {"Палыч", NO},
    {"Сан Саныч", M},
    {"Алиева Лейла Тофик кызы", F},
    {"Алиев Рашад Тофик оглы", M},
    /* -вич as a surname */
    {"Анна Рабинович", F},
    {"Эльмира Рабинович", F},
    {"Ия Рабинович", NO},
    {"Рабинович Анна Львовна", F},
    {"Рабинович Анна", F},
    {"Абрамович", NO},
    {"Марко Стойкович", M},
    {"Саша Рабинович", NO},
    /* the surname */
    {"Мария Иванова", F},
    {"Саша Петрова", F},
    {"Женя Петров", M},
    {"Гюзель Каримова", F},
    {"Иванова Саша", F},
    {"Саша Римская-Корсакова", F},
    {"Саша Салтыков-Щедрин", M},
    {"Саша Петрова-Водкин", F},
    {"Саша Ковалевская", F},
    {"Женя Ковалевский", M},
    {"Тони Димитров", M},
    {"Мария Петрова Иванова", F},
    {"Иван Петров Димитров", M},
    {"Ваня Стоянова", F},
    {"Ваня Стоянов", M},
    {"Николай Зографски", M},
    {"Тони Зографска", F},
    {"Петър Стоянов", M},
    {"Лев Толстой", M},
    {"Яков Гусь", M},
    {"Любов Димитрова", F},
    /* where surname and first name disagree, nobody knows */
    {"Анна Иванов", NO},
    {"Пётр Иванова", NO},
    {"Зульфира Каримов", NO},
    {"Джакомо Казанова", NO},
    {"Антонио Молина", NO},
    {"Паоло Романова", NO},
    {"Ингрид Чаплин", NO},
    {"Оуэн Грин", NO},
    {"Константин Левин", M},
    {"Марина Цветаева", F},
    {"Нина Чаплин", F},
    {"Мария Пётр", NO},
    {"Иванова Петров", NO},
    {"Иванова", NO},
    {"Петров", NO},
    /* first names */
    {"Мария", F},
    {"Анна-Мария", F},
    {"Никита", M},
    {"Илья", M},
    {"Лука", M},
    {"Пётр", M},
    {"Артём", M},
    {"Семён Кац", M},
    {"Саша", NO},
    {"Женя", NO},
    {"Валя", NO},
    {"Ваня", NO},
    {"Тони", NO},
    {"Никола", NO},
    {"Саша Кравец", NO},
    {"Ромашка", NO},
    {"Сашка Петренко", NO},
    /* no single person, or none at all */
    {"Мария и Пётр", NO},
    {"Мария и Пётр Ивановы", NO},
    {"Ивановы", NO},
    {"Семья Ивановых", NO},
    {"семейство Петрови", NO},
    {"ООО «Ромашка»", NO},
    {"ООО Ромашка Иванова", NO},
    {"ИП Иванова Мария Ивановна", NO},
    {"Магазин Петрова", NO},
    {"Иванов и партнёры", NO},
    {"Мария 2", NO},
    {"Иванова М. И.", NO},
    {"Maria Ivanova", NO},
    {"Мария Ivanova", NO},
    {"John Smith", NO},
    {"李雷", NO},
    {"Мария Анна Роза Иванова Петрова Сидорова Орлова", NO},
    {"-", NO},
    {"Иванова- Мария", F},
    {"ова", NO},
    {"вна", NO},
    {"", NO},
    {"   ", NO},
};

static void names_tell_only_what_is_beyond_doubt(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        int got = (int)person_gender(names[i].name);
        if (got != names[i].gender) {
            print_message("%s: %d, expected %d\n", names[i].name, got, names[i].gender);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
    assert_int_equal(person_gender(NULL), NO);
}

static void two_people_are_a_pair_when_both_are_named(void **state)
{
    (void)state;
    static const char *const pairs[] = {"Мария и Пётр", "Мария Ивановна и Пётр Ильич",
                                        "Анна и Иван Петровы", "Елена И Павел", "Саша и Женя"};
    static const char *const others[] = {
        "Мария",         "Иванов и партнёры", "Рога и копыта", "и Мария", "Мария и",
        "Maria и Пётр",  "Мария и сын",       "Рашад и Мария", "",        NULL,
        "Мария, и Пётр",
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (!person_is_pair(pairs[i]))
            fail_msg("no pair: %s", pairs[i]);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (person_is_pair(others[i]))
            fail_msg("a pair: %s", others[i]);
}

static void a_card_s_name_becomes_an_address(void **state)
{
    (void)state;
    static const struct {
        const char *name, *address;
    } cases[] = {
        {"Иванова Мария Петровна", "Мария Петровна"},
        {"Мария Петровна Иванова", "Мария Петровна"},
        {"Мария  Ивановна", "Мария  Ивановна"},
        {"Иванова Мария", "Мария"},
        {"Мария Шевчук", "Мария"},
        {"Мария", "Мария"},
        {"Саша Кравец", "Саша"},
        {"Рамзан Кравец", "Рамзан Кравец"},
        {"Мария Роза", "Мария Роза"},
        {"Иван Петров Димитров", "Иван Петров Димитров"},
        {"Мария и Пётр", "Мария и Пётр"},
        {"Семья Ивановых", "Семья Ивановых"},
        {"ИП Иванова Мария Ивановна", "ИП Иванова Мария Ивановна"},
        {"ООО «Ромашка»", "ООО «Ромашка»"},
        {"John Smith", "John Smith"},
        {"Ивановна", "Ивановна"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *got = person_address(cases[i].name);
        assert_string_equal(got, cases[i].address);
        free(got);
    }
}

/* Name, salutation and what was entered -> how they are addressed. */
static void what_people_entered_comes_first(void **state)
{
    (void)state;
    static const struct {
        const char *name, *salutation;
        int entered, gender;
        const char *address;
    } cases[] = {
        {"Мария Иванова", NULL, NO, F, "Мария"},
        {"Мария Иванова", NULL, GENDER_UNKNOWN, GENDER_UNKNOWN, "Мария"},
        {"Мария Иванова", NULL, M, M, "Мария"},
        {"Саша Кравец", "Саша", F, F, "Саша"},
        {"Петров Саша", "Саша", NO, M, "Саша"},
        {"Мария Иванова", "Мария Ивановна", NO, F, "Мария Ивановна"},
        {"ООО «Ромашка»", "Ирина Павловна", NO, F, "Ирина Павловна"},
        {"Пётр Иванов", "коллеги", NO, NO, "коллеги"},
        {"Пётр Иванов", "", NO, M, "Пётр"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct client client = {.name = (char *)(uintptr_t)cases[i].name,
                                .salutation = (char *)(uintptr_t)cases[i].salutation,
                                .gender = (enum gender)cases[i].entered};
        char *address = client_address(&client);
        assert_string_equal(address, cases[i].address);
        free(address);
        if ((int)client_gender(&client) != cases[i].gender)
            fail_msg("%s, %s: %d", cases[i].name, cases[i].salutation, client_gender(&client));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_tell_only_what_is_beyond_doubt),
        cmocka_unit_test(two_people_are_a_pair_when_both_are_named),
        cmocka_unit_test(a_card_s_name_becomes_an_address),
        cmocka_unit_test(what_people_entered_comes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
