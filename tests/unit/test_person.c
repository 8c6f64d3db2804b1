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
    {"Эя Рабинович", NO},
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
    {"Диего Молина", NO},
    {"Паоло Романова", NO},
    {"Ингрид Чаплин", NO},
    {"Оуэн Грин", NO},
    {"Константин Левин", M},
    {"Марина Цветаева", F},
    {"Нина Чаплин", F},
    {"Мария Пётр", NO},
    {"Иванова Петров", NO},
    {"Петров Иванов Сидоров", NO},
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
    {"Глеб", M},
    {"Милана Ким", F},
    {"Оксана Іванівна", F},
    {"Ковальська Оленка", F},
    {"Мар’яна Бондар", F},
    {"Жанна Д'Арк", F},
    /* a first name that is a surname as often is one beside another */
    {"Елена Бойко", F},
    {"Бойко Елена", F},
    {"Бойко Борисов", M},
    {"Анна Марк", F},
    {"Роман", M},
    {"Роман Мирон", M},
    /* a remark is no part of the name */
    {"Иванова, Мария", F},
    {"Саша Петров (муж Марии)", M},
    {"Мария Иванова - постоянная", NO},
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
    {"Мир Туров", NO},
    {"Клиент Иванов", NO},
    {"г-жа Иванова", F},
    {"тётя Оля", F},
    {"Мария от Светланы", NO},
    {"Петровы Мария", NO},
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
    static const char *const pairs[] = {"Мария и Пётр",        "Мария Ивановна и Пётр Ильич",
                                        "Анна и Иван Петровы", "Елена И Павел",
                                        "Саша и Женя",         "Мария и Роман"};
    static const char *const others[] = {
        "Мария",         "Иванов и партнёры", "Рога и копыта",  "и Мария", "Мария и",
        "Maria и Пётр",  "Мария и сын",       "Джохар и Мария", "",        NULL,
        "Мария, и Пётр",
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (!person_is_pair(pairs[i]))
            fail_msg("no pair: %s", pairs[i]);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (person_is_pair(others[i]))
            fail_msg("a pair: %s", others[i]);
}

static const struct {
    const char *name, *address;
} addresses[] = {
    {"Иванова Мария Петровна", "Мария Петровна"},
    {"Мария Петровна Иванова", "Мария Петровна"},
    {"Мария  Ивановна", "Мария  Ивановна"},
    {"Иванова Мария", "Мария"},
    {"Мария Шевчук", "Мария"},
    {"Мария", "Мария"},
    {"Саша Кравец", "Саша"},
    {"Елена Бойко", "Елена"},
    {"Бойко Иван", "Иван"},
    {"Роман Мирон", "Роман Мирон"},
    {"Мария Роза", "Мария Роза"},
    {"Мария Пётр", "Мария Пётр"},
    {"Ивановна", "Ивановна"},
    {"Алиева Лейла Тофик кызы", "Лейла"},
    {"Лейла Тофик кызы", "Лейла"},
    {"Мария Петровна Салтыкова Щедрина", "Мария Петровна"},
    {"Бондаренко Оксана Іванівна", "Оксана Іванівна"},
    {"Мар’яна Бондар", "Мар’яна"},
    {"Жанна Д'Арк", "Жанна"},
    {"", ""},
    /* no table knows the first name, but the surname tells which word it is */
    {"Джохар Кравец", "Джохар Кравец"},
    {"Джохар Каримов", "Джохар"},
    {"Каримова Айзиля", "Айзиля"},
    {"ДЖОХАР КАРИМОВ", "Джохар"},
    {"НИИ Цветов", "НИИ Цветов"},
    {"ГУП Цветов", "ГУП Цветов"},
    {"коллега Иванов", "коллега Иванов"},
    {"Петрова Шевчук", "Петрова Шевчук"},
    {"Петрова-Водкина", "Петрова-Водкина"},
    {"Эя Иванова", "Эя Иванова"},
    {"Ингрид Чаплин", "Ингрид Чаплин"},
    /* capitals */
    {"МАРИЯ ИВАНОВА", "Мария"},
    {"иванова мария", "Мария"},
    {"КОРОЛЁВ СЕМЁН", "Семён"},
    {"королёв семён ёсипович", "Семён Ёсипович"},
    {"АННА-МАРИЯ ПЕТРОВА", "Анна-Мария"},
    {"карпов ИЛЬЯ ОЛЕГОВИЧ", "Илья Олегович"},
    {"ШЕВЧУК-КРАВЕЦ САНДОКАН АЛИЕВИЧ", "Сандокан Алиевич"},
    {"ДЖОХАР ПЕТРОВ ВАН МЕЕР", "Джохар Петров ван Меер"},
    {"ДЖОХАР Петров ван Меер", "ДЖОХАР Петров ван Меер"},
    {"МАРИЯ И ПЁТР ПЕТРОВЫ", "Мария и Пётр Петровы"},
    {"В'ЯЧЕСЛАВ КОВАЛЬСЬКИЙ", "В'ячеслав"},
    {"ОТДЕЛ КАДРОВ", "ОТДЕЛ КАДРОВ"},
    {"ООО РОМАШКА", "ООО РОМАШКА"},
    {"МАРИЯ", "Мария"},
    {"я", "я"},
    /* three words without a patronymic */
    {"Мария Димитрова Петрова", "Мария"},
    {"Иван Петров Димитров", "Иван"},
    {"Кремена Стоева Янкова", "Кремена"},
    {"Айтен Мехмедова Алиева", "Айтен"},
    {"Георги Иванов Чакър", "Георги"},
    {"Мария Антуанетта Габсбург", "Мария Антуанетта Габсбург"},
    {"Анна Мария Петрова", "Анна Мария Петрова"},
    {"Мария де Соуза", "Мария"},
    /* people together, firms, titles */
    {"Мария и Пётр", "Мария и Пётр"},
    {"Иван и Мария Петровы", "Иван и Мария Петровы"},
    {"Петровы Мария", "Петровы Мария"},
    {"Ивановы", "Ивановы"},
    {"Семья Ивановых", "Семья Ивановых"},
    {"ИП Иванова Мария Ивановна", "ИП Иванова Мария Ивановна"},
    {"ООО «Ромашка»", "ООО «Ромашка»"},
    {"ООО Ромашка", "ООО Ромашка"},
    {"Салон Мария", "Салон Мария"},
    {"Мир Туров", "Мир Туров"},
    {"г-жа Мария Иванова", "г-жа Мария Иванова"},
    {"г-жа Иванова", "г-жа Иванова"},
    {"Г-ЖА МАРИЯ ИВАНОВА", "г-жа Мария Иванова"},
    {"тётя Оля", "тётя Оля"},
    {"Доктор Иванов", "Доктор Иванов"},
    {"Клиент Иванов", "Клиент Иванов"},
    {"Петровы Анна и Олег с детьми", "Петровы Анна и Олег с детьми"},
    {"АННА И ОЛЕГ С ДЕТЬМИ", "Анна и Олег с детьми"},
    {"анна и олег со Светланой", "Анна и Олег со Светланой"},
    /* remarks for colleagues, and the order of lists */
    {"Мария Иванова (мама)", "Мария"},
    {"Иванова Мария (VIP)", "Мария"},
    {"МАРИЯ ИВАНОВА [вип]", "Мария"},
    {"Иванова Мария Петровна (жена Олега)", "Мария Петровна"},
    {"Иванова (Петрова) Мария", "Мария"},
    {"Мария Иванова, VIP", "Мария"},
    {"Анна и Олег (VIP)", "Анна и Олег"},
    {"Мария (и Пётр)", "Мария (и Пётр)"},
    {"Иванова (VIP", "Иванова (VIP"},
    {"(VIP)", "(VIP)"},
    {"ВИП Тур", "ВИП Тур"},
    {"Тур VIP", "Тур VIP"},
    {"«Мир (Тур)»", "«Мир (Тур)»"},
    {"Wang Wei (VIP)", "Wang Wei"},
    {"Иванова, Мария", "Мария"},
    {"Иванова, Мария Петровна", "Мария Петровна"},
    {"Каримова, Айзиля", "Айзиля"},
    {"Петренко,Саша", "Саша"},
    {"Smith, John", "John"},
    {"SMITH, JOHN F.", "John"},
    {"Wang, Wei", "Wang, Wei"},
    {"Мария, Пётр", "Мария, Пётр"},
    {"Роман, Анна", "Роман, Анна"},
    {"Иванова Мария, Петров Олег", "Иванова Мария, Петров Олег"},
    {"ООО Ромашка, Мария", "ООО Ромашка, Мария"},
    {"John Smith, Jr.", "John Smith, Jr."},
    {"Мария Иванова - постоянная", "Мария Иванова - постоянная"},
    {"Мария с Петром", "Мария с Петром"},
    {"Иванова М. И.", "Иванова М. И."},
    /* Latin letters */
    {"John Smith", "John"},
    {"JOHN SMITH", "John"},
    {"mary jones", "Mary"},
    {"Siobhán O’Brien", "Siobhán"},
    {"Jean-Luc d'Artagnan", "Jean-Luc"},
    {"John F. Kennedy", "John"},
    {"John Smith Jr.", "John"},
    {"Ludwig van Beethoven", "Ludwig"},
    {"James Taylor", "James"},
    {"Martin Maria", "Martin Maria"},
    {"IVANOVA MARIA", "Maria"},
    {"Ivanova Maria Petrovna", "Maria Petrovna"},
    {"Marko Stojkovich", "Marko"},
    {"Maria Dimitrova Petrova", "Maria"},
    {"Mary Ann Smith", "Mary Ann Smith"},
    {"Smith John", "Smith John"},
    {"Wang Wei", "Wang Wei"},
    {"Kim Minjun", "Kim Minjun"},
    {"J. Smith", "J. Smith"},
    {"Smith", "Smith"},
    {"Mr Smith", "Mr Smith"},
    {"Mr. John Smith", "Mr. Smith"},
    {"MRS MARY MCDONALD", "Mrs McDonald"},
    {"MR CONOR O’NEILL", "Mr O’Neill"},
    {"Mr Ludwig van Beethoven", "Mr van Beethoven"},
    {"MR LUDWIG VAN BEETHOVEN", "Mr van Beethoven"},
    {"Dr John F. Smith-Jones", "Dr Smith-Jones"},
    {"Mr John Paul Jones", "Mr John Paul Jones"},
    {"Mr Wang Wei", "Mr Wang Wei"},
    {"Mr and Mrs Smith", "Mr and Mrs Smith"},
    {"Mr", "Mr"},
    {"John and Mary Smith", "John and Mary Smith"},
    {"The Smiths", "The Smiths"},
    {"Smith Family", "Smith Family"},
    {"Victoria Travel", "Victoria Travel"},
    {"Charlotte Tours Ltd.", "Charlotte Tours Ltd."},
    {"Мария Smith", "Мария Smith"},
    {"李雷", "李雷"},
    {"Mary 2", "Mary 2"},
    {"Mary Anna Rose Smith Jones Brown Long", "Mary Anna Rose Smith Jones Brown Long"},
};

static void a_card_s_name_becomes_an_address(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        char *got = person_address(addresses[i].name);
        if (!str_eq(got, addresses[i].address)) {
            print_message("%s: %s, expected %s\n", addresses[i].name, got, addresses[i].address);
            wrong++;
        }
        free(got);
    }
    assert_int_equal(wrong, 0);
}

/* Of each language some of those that are met most often, old ones and young ones. */
static void common_first_names_are_known(void **state)
{
    (void)state;
    static const char *const cyrillic[] = {
        "София",   "Анастасия", "Екатерина", "Злата",    "Милана",    "Мила",      "Дина",
        "Алеся",   "Есения",    "Валентина", "Нина",     "Раиса",     "Аглая",     "Эмилия",
        "Глеб",    "Тимофей",   "Фёдор",     "Матвей",   "Геннадий",  "Эдуард",    "Платон",
        "Рустам",  "Мухаммад",  "Самвел",    "Олена",    "Тетяна",    "Світлана",  "Юлія",
        "Соломія", "Оксана",    "Ганна",     "Наталія",  "Микола",    "Олександр", "Дмитро",
        "Андрій",  "Тарас",     "Ілля",      "Йорданка", "Десислава", "Гергана",   "Цветелина",
        "Ралица",  "Росица",    "Николета",  "Пенка",    "Георги",    "Димитър",   "Йордан",
        "Стоян",   "Красимир",  "Пламен",    "Ивайло",   "Бойко",
    };
    static const char *const latin[] = {
        "Mary",    "Patricia",  "Jennifer", "Olivia", "Emma",   "Charlotte", "Amelia",  "Isla",
        "Siobhan", "Margaret",  "Zoe",      "James",  "Robert", "Oliver",    "George",  "Noah",
        "Liam",    "Muhammad",  "Callum",   "Dmitry", "Yulia",  "Svetlana",  "Tetiana", "Volodymyr",
        "Georgi",  "Desislava", "Dimitar",  "Jürgen", "José",   "Piotr",     "Mehmet",
    };
    for (size_t i = 0; i < sizeof cyrillic / sizeof *cyrillic; i++) {
        char *name = xasprintf("Чакър %s", cyrillic[i]), *got = person_address(name);
        if (!str_eq(got, cyrillic[i]))
            fail_msg("%s: %s", name, got);
        free(name);
        free(got);
    }
    for (size_t i = 0; i < sizeof latin / sizeof *latin; i++) {
        char *name = xasprintf("%s Gallagher", latin[i]), *got = person_address(name);
        if (!str_eq(got, latin[i]))
            fail_msg("%s: %s", name, got);
        free(name);
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
        {"Константин Иванов", "коллеги", NO, NO, "коллеги"},
        {"Иванова Александра", "Саша", NO, F, "Саша"},
        {"Евгений Ким", "Женя", NO, M, "Женя"},
        {"Татьяна Ким", "Танечка", NO, F, "Танечка"},
        {"Иван Ким", "Ваня", NO, M, "Ваня"},
        {"Тамара Ким", "Тома", NO, F, "Тома"},
        {"Антон Ким", "Тоша", NO, M, "Тоша"},
        {"Вероника Ким", "Ника", NO, F, "Ника"},
        {"Всеволод Ким", "Сева", NO, M, "Сева"},
        {"Серафима Ким", "Сима", NO, F, "Сима"},
        {"Мария Иванова", "Ваня", NO, NO, "Ваня"},
        {"Андрей Ким", "Андрюша", NO, M, "Андрюша"},
        {"Мария Иванова", "Саша", NO, NO, "Саша"},
        {"Пётр Иванов", "", NO, M, "Пётр"},
        {"МАРИЯ ИВАНОВА", "МАРИЯ", NO, F, "МАРИЯ"},
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
        cmocka_unit_test(common_first_names_are_known),
        cmocka_unit_test(what_people_entered_comes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
