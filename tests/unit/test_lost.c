/* Lost sales: the reasons of the configuration, who may not stand in a message, and what the figures come to. */
#include "support.h"

#include <pps/lost_sales.h>

static struct config config_of(const char *text)
{
    struct config c = {0};
    struct err err;
    assert_ok(config_parse(text, text ? strlen(text) : 0, "pps.json", &c, &err));
    return c;
}

static void assert_reasons(const char *text, const char *wanted)
{
    struct config c = config_of(text);
    char *list = word_list_text(&c.lost_reasons);
    assert_string_equal(list, wanted);
    free(list);
    config_fini(&c);
}

static void without_a_list_there_is_one_in_the_agency_s_language(void **state)
{
    (void)state;
    static const char ru[] =
        "цена, отель, даты, направление, другое агентство, купили сами, отложили, молчат";
    static const char en[] =
        "price, hotel, dates, destination, other agency, booked elsewhere, postponed, silent";
    assert_reasons(NULL, ru);
    assert_reasons("{}", ru);
    assert_reasons(
        "{\"agency\": {\"lang\": \"bg\"}}",
        "цена, хотел, дати, дестинация, друга агенция, резервираха сами, отложиха, мълчат");
    assert_reasons("{\"agency\": {\"lang\": \"en\"}}", en);
    assert_reasons("{\"agency\": {\"lang\": \"de\"}}", en);
    assert_reasons("{\"lost_reasons\": [\"a\", \"b c\"]}", "a, b c");
}

static void a_reason_is_found_however_it_is_typed(void **state)
{
    (void)state;
    struct config c = config_of("{\"lost_reasons\": [\"Всё дорого\", \"silent\"]}");
    assert_string_equal(word_list_find(&c.lost_reasons, "ВСЕ ДОРОГО"), "Всё дорого");
    assert_string_equal(word_list_find(&c.lost_reasons, "Silent"), "silent");
    assert_null(word_list_find(&c.lost_reasons, "дорого"));
    assert_null(word_list_find(&c.lost_reasons, ""));
    assert_string_equal(word_list_near(&c.lost_reasons, "silnt"), "silent");
    assert_null(word_list_near(&c.lost_reasons, "nothing like it"));
    config_fini(&c);
}

static void mistakes_of_the_list(void **state)
{
    (void)state;
    static const struct {
        const char *text, *line;
    } cases[] = {
        {"{\"lost_reasons\": \"price\"}",
         "pps.json:1:18: \"lost_reasons\" must be a list, not a string"},
        {"{\"lost_reasons\": []}",
         "pps.json:1:18: \"lost_reasons\" needs at least one word; without the key "
         "there is a list already"},
        {"{\"lost_reasons\": [\"\"]}",
         "pps.json:1:19: what stands in \"lost_reasons\" is a word or a few, at most 60 characters"},
        {"{\"lost_reasons\": [\" a\"]}",
         "pps.json:1:19: what stands in \"lost_reasons\" is a word or a few, at most 60 characters"},
        {"{\"lost_reasons\": [\"a\\nb\"]}",
         "pps.json:1:19: what stands in \"lost_reasons\" is a word or a few, at most 60 characters"},
        {"{\"lost_reasons\": [\"цена\", \"ЦЕНА\"]}",
         "pps.json:1:27: this stands twice in \"lost_reasons\""},
        {"{\"lost_reason\": [\"a\"]}",
         "pps.json:1:17: unknown key \"lost_reason\": did you mean \"lost_reasons\"?"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct config c;
        struct err err;
        assert_fails(config_parse(cases[i].text, strlen(cases[i].text), "pps.json", &c, &err),
                     RC_CONFIG, cases[i].line);
    }
}

/* ---- who may not stand in it ---- */

#define PERSON(number, its_name, its_email)                                                        \
    &(struct staff)                                                                                \
    {                                                                                              \
        .id = (number), .login = (char *)(uintptr_t) "x", .name = (char *)(uintptr_t)(its_name),   \
        .email = (char *)(uintptr_t)(its_email)                                                    \
    }

static void whoever_failed_to_sell_stands_nowhere_in_it(void **state)
{
    (void)state;
    const struct staff *anna = PERSON(1, "Анна Петрова", "anna@a.example");
    static const char from[] = "{\"email\": {\"from\": \"ANNA@a.example\"}}";
    static const char agency[] = "{\"agency\": {\"email\": \"anna@A.example\"}}";
    const struct {
        const struct staff *signer;
        const char *config;
        enum channel channel;
        enum lost_fault wanted;
    } cases[] = {
        {PERSON(2, "Вера", "vera@a.example"), "{}", CHANNEL_EMAIL, LOST_FINE},
        {PERSON(2, "Вера", NULL), "{}", CHANNEL_EMAIL, LOST_FINE},
        {NULL, "{}", CHANNEL_EMAIL, LOST_FINE},
        /* under it */
        {anna, "{}", CHANNEL_EMAIL, LOST_SIGNED},
        {anna, "{}", CHANNEL_SMS, LOST_SIGNED},
        {PERSON(2, "анна петрова", "vera@a.example"), "{}", CHANNEL_EMAIL, LOST_SIGNED},
        {PERSON(2, "Вера", "anna@a.example"), "{}", CHANNEL_SMS, LOST_SIGNED},
        /* as its sender */
        {PERSON(2, "Вера", "vera@a.example"), from, CHANNEL_EMAIL, LOST_FROM},
        {NULL, from, CHANNEL_EMAIL, LOST_FROM},
        {NULL, from, CHANNEL_SMS, LOST_FINE},
        /* as the one to whom an answer goes */
        {PERSON(2, "Вера", "Anna@a.example"), "{}", CHANNEL_EMAIL, LOST_ANSWERED},
        {NULL, agency, CHANNEL_EMAIL, LOST_ANSWERED},
        {PERSON(2, "Вера", NULL), agency, CHANNEL_EMAIL, LOST_ANSWERED},
        {PERSON(2, "Вера", "vera@a.example"), agency, CHANNEL_EMAIL, LOST_FINE},
        {NULL, agency, CHANNEL_SMS, LOST_FINE},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct config c = config_of(cases[i].config);
        enum lost_fault fault = lost_fault_of(anna, cases[i].signer, &c, cases[i].channel);
        char *words = lost_fault_words(fault, anna, cases[i].signer);
        if (fault != cases[i].wanted)
            fail_msg("case %zu: %d, not %d", i, (int)fault, (int)cases[i].wanted);
        assert_int_equal(words == NULL, fault == LOST_FINE);
        free(words);
        config_fini(&c);
    }
    /* Who has no address is not everybody who has none. */
    struct config c = config_of("{}");
    assert_int_equal(
        lost_fault_of(PERSON(1, "Анна", NULL), PERSON(2, "Вера", NULL), &c, CHANNEL_EMAIL),
        LOST_FINE);
    config_fini(&c);
}

/* ---- figures ---- */

static struct lost_row row(const char *reason, const char *by, const char *outcome, int64_t trip,
                           bool cancelled)
{
    return (struct lost_row){.lost = {.reason = (char *)(uintptr_t)reason,
                                      .outcome = (char *)(uintptr_t)outcome,
                                      .trip_id = trip},
                             .lost_by = (char *)(uintptr_t)by,
                             .reached = true,
                             .trip_cancelled = cancelled};
}

static void what_the_figures_come_to(void **state)
{
    (void)state;
    struct lost_row rows[] = {
        row("price", "anna", "won", 7, false),      row("price", "boris", "won", 8, true),
        row("hotel", "boris", NULL, 0, false),      row("dates", NULL, "answered", 0, false),
        row("hotel", "boris", "stopped", 0, false), row("hotel", "anna", "won", 9, false),
        row("price", "vera", "won", 0, false),      row("price", "vera", NULL, 0, false),
    };
    rows[COUNT(rows) - 1].reached = false;
    struct lost_list list = {.v = rows, .n = COUNT(rows)};
    struct lost_figures f;
    lost_figures_of(&list, &f);
    assert_int_equal(f.all.lost, 8);
    assert_int_equal(f.all.came_back, 2);
    assert_int_equal(f.all.said, 1);
    assert_int_equal(f.all.unreached, 1);
    assert_int_equal(lost_percent(&f.all), 25);
    assert_int_equal(f.all.n_reasons, 3);
    assert_string_equal(f.all.reasons[0].reason, "price");
    assert_int_equal(f.all.reasons[0].lost, 4);
    assert_int_equal(f.all.reasons[0].came_back, 1);
    assert_string_equal(f.all.reasons[1].reason, "hotel");
    assert_int_equal(f.n_people, 4);
    assert_string_equal(f.people[0].login, "boris");
    assert_int_equal(f.people[0].lost, 3);
    assert_int_equal(f.people[0].came_back, 0);
    assert_string_equal(f.people[1].login, "anna");
    assert_int_equal(lost_percent(&f.people[1]), 100);
    assert_string_equal(f.people[2].login, "vera");
    assert_int_equal(f.people[2].unreached, 1);
    assert_null(f.people[3].login);
    lost_figures_fini(&f);
    assert_int_equal(lost_percent(&(struct lost_tally){0}), -1);
    assert_int_equal(lost_percent(&(struct lost_tally){.lost = 12, .came_back = 3}), 25);
    assert_int_equal(lost_percent(&(struct lost_tally){.lost = 3, .came_back = 2}), 67);
}

static void assert_words(struct lost_row r, const char *name, const char *words)
{
    char *found = lost_outcome_words(&r);
    assert_string_equal(lost_outcome_name(&r), name);
    assert_string_equal(found, words);
    free(found);
}

static void what_became_of_it(void **state)
{
    (void)state;
    assert_words(row("a", NULL, "won", 7, false), "won", "came back with T7");
    assert_words(row("a", NULL, "won", 0, false), "said", "said they will buy");
    assert_words(row("a", NULL, "won", 7, true), "cancelled", "came back, and cancelled T7");
    assert_words(row("a", NULL, "answered", 0, false), "answered", "answered");
    assert_words(row("a", NULL, "stopped", 0, false), "stopped", "stopped");
    assert_words(row("a", NULL, NULL, 0, false), "silent", "no answer");
    struct lost_row runs = row("a", NULL, NULL, 0, false);
    runs.runs = true;
    assert_words(runs, "running", "the series runs");
    runs.reached = false;
    assert_words(runs, "running", "the series runs");
    runs.runs = false;
    assert_words(runs, "unreached", "never reached");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_list_there_is_one_in_the_agency_s_language),
        cmocka_unit_test(a_reason_is_found_however_it_is_typed),
        cmocka_unit_test(mistakes_of_the_list),
        cmocka_unit_test(whoever_failed_to_sell_stands_nowhere_in_it),
        cmocka_unit_test(what_the_figures_come_to),
        cmocka_unit_test(what_became_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
