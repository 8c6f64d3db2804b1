/* Templates: which variables they see, where they are found, what becomes of an SMS and a script,
 * and what lint finds. */
#include "message_fixture.h"

/* --- variables -------------------------------------------------------------------------------- */

static const struct {
    const char *template, *expected;
} variables[] = {
    {"{{client.name}}|{{client.salutation}}|{{client.phone}}|{{client.email}}",
     "Мария Иванова|Мария Ивановна|+7 903 123-45-67|maria@example.org"},
    {"{{trip.destination}}|{{trip.departure}}|{{trip.departure_time}}|{{trip.return}}",
     "Тенерифе|10 декабря|06:40|3 января 2027 года"},
    {"[{{#trip.return_time}}x{{/trip.return_time}}{{#visit.date}}x{{/visit.date}}"
     "{{#visit.time}}x{{/visit.time}}{{#agency.address}}x{{/agency.address}}"
     "{{#manager.position}}x{{/manager.position}}]",
     "[]"},
    {"{{agency.name}}|{{agency.phone}}|{{agency.email}}|{{agency.site}}|{{agency.hashtag}}|"
     "{{agency.survey_url}}",
     "Синее море|+7 495 123-45-67|office@more.example|more.example|#синееморе|"
     "https://more.example/s?a=1&b=2"},
    {"{{manager.name}}|{{manager.phone}}|{{manager.email}}",
     "Анна|+7 903 765-43-21|anna@more.example"},
    {"{{signer.name}}|{{signer.position}}|{{signer.phone}}|{{signer.email}}",
     "Ольга Петрова|директор|+7 903 555-44-33|olga@more.example"},
    {"{{#departs_today}}today{{/departs_today}}{{#departs_tomorrow}}tomorrow{{/departs_tomorrow}}"
     "{{#returns_today}}back{{/returns_today}}",
     "tomorrow"},
    {"{{#merged.packing}}pack{{/merged.packing}}{{#merged.challenge}}dare{{/merged.challenge}}",
     "pack"},
    {"{{lang}}", "ru"},
    {"{{client.dear}}|{{trip.departure_weekday}}|{{trip.return_weekday}}|{{trip.nights}}|"
     "{{trip.days_left}}|{{trip.party}}",
     "Дорогая Мария Ивановна|в четверг|в воскресенье|24 ночи|1 день|2 взрослых и 1 ребёнок"},
    {"{{our.phone}}|{{agency.site_words}}|{{#manager}}somebody{{/manager}}{{^manager}}nobody{{/"
     "manager}}",
     "+7 903 765-43-21|more.example|somebody"},
    {"{{#trip.with_children}}family{{/trip.with_children}}{{#trip.alone}}alone{{/trip.alone}}"
     "{{#trip.couple}}two{{/trip.couple}}{{#regular}}regular{{/regular}}",
     "family"},
};

static void templates_see_what_the_contract_lists(void **state)
{
    struct fixture *f = *state;
    static const char *const merged[] = {"packing"};
    f->in.merged = merged;
    f->in.n_merged = 1;
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        struct rendered sms = {0};
        struct err err = {0};
        put(f, "sms/ru/hello.txt", variables[i].template);
        if (message_render_sms(&f->in, &sms, &err) != RC_OK)
            fail_msg("%s: %s", variables[i].template, err.message);
        assert_string_equal(sms.bytes, variables[i].expected);
        assert_int_equal(sms.len, strlen(variables[i].expected));
        assert_string_equal(sms.recipient, "+79031234567");
        assert_null(sms.subject);
        rendered_fini(&sms);
    }
}

static char *sms_of(struct fixture *f, const char *template)
{
    struct rendered sms = {0};
    struct err err = {0};
    put(f, "sms/ru/hello.txt", template);
    if (message_render_sms(&f->in, &sms, &err) != RC_OK)
        fail_msg("%s: %s", template, err.message);
    char *text = xstrdup(sms.bytes);
    rendered_fini(&sms);
    return text;
}

static void expect_sms(struct fixture *f, const char *template, const char *expected)
{
    char *text = sms_of(f, template);
    assert_string_equal(text, expected);
    free(text);
}

static void names_that_are_missing_fall_back(void **state)
{
    struct fixture *f = *state;
    f->in.manager = NULL;
    f->in.signer = NULL;
    f->client.salutation = NULL;
    expect_sms(f, "{{client.salutation}}|{{manager.name}}|{{signer.name}}",
               "Мария|Синее море|Синее море");
}

static void who_looks_after_the_client_is_asked(void **state)
{
    struct fixture *f = *state;
    const char *template =
        "x{{#manager}} {{manager.name}}{{/manager}}{{^manager}} nobody{{/manager}}"
        "{{#our.phone}} {{our.phone}}{{/our.phone}}";
    f->manager.phone = NULL;
    expect_sms(f, template, "x Анна +7 495 123-45-67");
    f->in.manager = NULL;
    expect_sms(f, template, "x nobody +7 495 123-45-67");
    f->config.agency.phone = NULL;
    expect_sms(f, template, "x nobody");
}

static void a_letter_knows_who_signs_it(void **state)
{
    struct fixture *f = *state;
    const char *template =
        "x{{#signed_by_agency}} we{{/signed_by_agency}}{{^signed_by_agency}} I"
        "{{/signed_by_agency}}{{#signed_by_manager}} who sold{{/signed_by_manager}}";
    f->manager.id = 1;
    f->signer.id = 2;
    expect_sms(f, template, "x I");
    f->in.signer = &f->manager;
    expect_sms(f, template, "x I who sold");
    f->in.manager = NULL;
    expect_sms(f, template, "x I");
    f->in.signer = f->in.manager = NULL;
    expect_sms(f, template, "x we");
    f->signer.name = f->config.agency.name; /* it has entered itself */
    f->in.signer = f->in.manager = &f->signer;
    expect_sms(f, template, "x we");
}

static void a_flight_at_night_is_known_by_its_hour(void **state)
{
    struct fixture *f = *state;
    const char *template = "x{{#departs_at_night}} night{{/departs_at_night}}";
    int16_t *minute = &f->occasion.when[ANCHOR_DEPARTURE].minute;
    static const struct {
        int16_t minute;
        const char *expected;
    } cases[] = {{0, "x night"}, {30, "x night"}, {299, "x night"},
                 {300, "x"},     {1439, "x"},     {MINUTE_NONE, "x"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        *minute = cases[i].minute;
        expect_sms(f, template, cases[i].expected);
    }
    *minute = 30;
    f->occasion.when[ANCHOR_DEPARTURE].day = CIVIL_NONE;
    expect_sms(f, template, "x");
}

static void flags_follow_the_dates(void **state)
{
    struct fixture *f = *state;
    const char *template = "x{{#departs_today}} today{{/departs_today}}"
                           "{{#departs_tomorrow}} tomorrow{{/departs_tomorrow}}"
                           "{{#returns_today}} back{{/returns_today}}";
    f->in.today = day_of(2026, 12, 10);
    expect_sms(f, template, "x today");
    f->in.today = day_of(2027, 1, 3);
    expect_sms(f, template, "x back");
    f->in.today = day_of(2026, 12, 8);
    expect_sms(f, template, "x");
}

static void a_trip_is_over_when_they_are_back(void **state)
{
    struct fixture *f = *state;
    const char *template = "x{{#trip.over}} over{{/trip.over}}";
    struct civil *back = &f->occasion.when[ANCHOR_RETURN];
    *back = (struct civil){day_of(2027, 1, 3), 125};
    f->in.today = day_of(2027, 1, 2);
    expect_sms(f, template, "x");
    f->in.today = back->day;
    f->in.minute = 124;
    expect_sms(f, template, "x");
    f->in.minute = 125;
    expect_sms(f, template, "x over");
    back->minute = MINUTE_NONE;
    expect_sms(f, template, "x");
    f->in.today = day_of(2027, 1, 4);
    expect_sms(f, template, "x over");
    back->day = CIVIL_NONE;
    expect_sms(f, template, "x");
}

static void who_travels_is_asked_by_flags(void **state)
{
    struct fixture *f = *state;
    const char *template =
        "x{{#trip.with_children}} family{{/trip.with_children}}"
        "{{#trip.alone}} alone{{/trip.alone}}{{#trip.couple}} two{{/trip.couple}}"
        "{{#trip.party}} {{trip.party}}{{/trip.party}}";
    f->occasion.adults = 1;
    f->occasion.children = 0;
    expect_sms(f, template, "x alone 1 взрослый");
    f->occasion.adults = 2;
    expect_sms(f, template, "x two 2 взрослых");
    f->occasion.adults = 3;
    expect_sms(f, template, "x 3 взрослых");
    f->occasion.adults = f->occasion.children = 0;
    expect_sms(f, template, "x");
}

static void from_the_third_trip_on_they_are_regular(void **state)
{
    struct fixture *f = *state;
    struct known known = {.trip_number = 3};
    const char *template = "x{{#first_trip}} first{{/first_trip}}{{#regular}} regular{{/regular}}";
    f->in.known = &known;
    expect_sms(f, template, "x regular");
    known.trip_number = 2;
    expect_sms(f, template, "x");
    known.trip_number = 1;
    expect_sms(f, template, "x first");
    known.trip_number = 0;
    expect_sms(f, template, "x");
}

static void what_is_not_known_or_over_is_empty(void **state)
{
    struct fixture *f = *state;
    const char *template =
        "x{{#trip.days_left}} {{trip.days_left}}{{/trip.days_left}}"
        "{{#trip.nights}} {{trip.nights}}{{/trip.nights}}"
        "{{#trip.return_weekday}} {{trip.return_weekday}}{{/trip.return_weekday}}";
    f->in.today = day_of(2026, 12, 10);
    expect_sms(f, template, "x 24 ночи в воскресенье");
    f->in.today = day_of(2026, 12, 11);
    f->occasion.when[ANCHOR_RETURN] = f->occasion.when[ANCHOR_DEPARTURE];
    expect_sms(f, template, "x в четверг");
    f->in.today = day_of(2026, 11, 30);
    f->occasion.when[ANCHOR_RETURN].day = CIVIL_NONE;
    expect_sms(f, template, "x 10 дней");
}

/* --- SMS and scripts -------------------------------------------------------------------------- */

static void an_sms_keeps_its_lines_and_loses_the_last_newline(void **state)
{
    struct fixture *f = *state;
    f->client.name = "Анна\x1B[2J\r\nПетрова";
    expect_sms(f, "\xEF\xBB\xBF{{client.name}},\r\nдо встречи!\r\n\r\n",
               "Анна [2J Петрова,\nдо встречи!");
}

static void an_sms_without_a_number_or_without_words_is_refused(void **state)
{
    struct fixture *f = *state;
    struct rendered sms = {0};
    struct err err = {0};
    put(f, "sms/ru/hello.txt", "{{#visit.date}}x{{/visit.date}}\n");
    assert_int_equal(message_render_sms(&f->in, &sms, &err), RC_INVALID);
    assert_non_null(strstr(err.message, "sms/ru/hello.txt:1: nothing is left of the text"));
    f->client.phone = NULL;
    assert_int_equal(message_render_sms(&f->in, &sms, &err), RC_INVALID);
    assert_string_equal(err.message, "the client has no phone number");
}

static void a_script_serves_calls_and_visits(void **state)
{
    struct fixture *f = *state;
    struct err err = {0};
    char *text = NULL;
    put(f, "scripts/ru/hello.md", "# Звонок\n\n{{client.salutation}}, *добрый* день!\n");
    f->client.salutation = "Мария\x1B]0;x\x07";
    f->in.channel = CHANNEL_VISIT;
    assert_int_equal(message_render_script(&f->in, &text, &err), RC_OK);
    assert_string_equal(text, "# Звонок\n\nМария ]0;x, *добрый* день!\n");
    free(text);
}

/* --- where templates are found ---------------------------------------------------------------- */

static void expect_found(struct fixture *f, const char *lang, const char *expected)
{
    struct rendered sms = {0};
    struct err err = {0};
    f->client.lang = (char *)(uintptr_t)lang;
    if (message_render_sms(&f->in, &sms, &err) != RC_OK)
        fail_msg("%s: %s", lang, err.message);
    assert_string_equal(sms.bytes, expected);
    rendered_fini(&sms);
}

static void languages_are_tried_in_order(void **state)
{
    struct fixture *f = *state;
    put(f, "sms/zz/hello.txt", "{{lang}} {{trip.departure}}");
    put(f, "sms/de/hello.txt", "{{lang}} {{trip.departure}}");
    expect_found(f, "bg", "de 2026-12-10"); /* any, alphabetically */
    put(f, "sms/en/hello.txt", "{{lang}} {{trip.departure}}");
    expect_found(f, "bg", "en 10 December"); /* English before any */
    put(f, "sms/ru/hello.txt", "{{lang}} {{trip.departure}}");
    expect_found(f, "bg", "ru 10 декабря"); /* the agency's before English */
    put(f, "sms/bg/hello.txt", "{{lang}} {{trip.departure}}");
    expect_found(f, "bg", "bg 10 декември"); /* the client's before all */
    expect_found(f, NULL, "ru 10 декабря");
}

static void a_template_that_is_missing_is_named(void **state)
{
    struct fixture *f = *state;
    struct rendered sms = {0};
    struct err err = {0};
    assert_int_equal(message_render_sms(&f->in, &sms, &err), RC_NOTFOUND);
    char *expected = xasprintf("there is no template sms/ru/hello.txt in %s", f->dir);
    assert_string_equal(err.message, expected);
    free(expected);
    assert_false(message_has_template(f->dir, "hello", CHANNEL_SMS));
    put(f, "sms/zz/hello.txt", "x");
    assert_true(message_has_template(f->dir, "hello", CHANNEL_SMS));
    assert_false(message_has_template(f->dir, "hello", CHANNEL_EMAIL));
    assert_false(message_has_template(f->dir, "hello", CHANNEL_CALL));
    assert_false(message_has_template(NULL, "hello", CHANNEL_SMS));
}

static void steps_and_languages_cannot_leave_the_folder(void **state)
{
    struct fixture *f = *state;
    struct rendered sms = {0};
    struct err err = {0};
    put(f, "secret.txt", "secret");
    put(f, "sms/ru/hello.txt", "x");
    f->in.step = "../../secret";
    assert_int_equal(message_render_sms(&f->in, &sms, &err), RC_INVALID);
    assert_string_equal(err.message,
                        "\"../../secret\" is not a step key: only a-z, 0-9 and - may be in it");
    assert_false(message_has_template(f->dir, "../../secret", CHANNEL_SMS));
    f->in.step = "hello";
    f->client.lang = (char *)(uintptr_t) "../..";
    assert_int_equal(message_render_sms(&f->in, &sms, &err), RC_INVALID);
    assert_string_equal(err.message,
                        "\"../..\" is not a language: only a-z, 0-9 and - may be in it");
    f->client.lang = NULL;
    put(f, "sms/ru/hello.txt", "{{> ../../../secret}}");
    assert_int_equal(message_render_sms(&f->in, &sms, &err), RC_INVALID);
    assert_non_null(strstr(err.message, "is not a name of a part"));
}

static void files_that_are_not_text_are_refused_with_the_line(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *bytes;
        size_t len;
        const char *error;
    } cases[] = {
        {"one\ntwo \xCF\xF0\n", 12, "hello.txt:2:5: the text is not UTF-8 here: save it as UTF-8"},
        {"one\n\0two", 8,
         "hello.txt:2:1: a sign that nobody sees (U+0000): delete what stands here, and type it by "
         "hand"},
        {"\x1B[2J", 4,
         "hello.txt:1:1: a sign that nobody sees (U+001B): delete what stands here, and type it by "
         "hand"},
        {"да\u202Eнет", 13,
         "hello.txt:1:3: a sign that nobody sees (U+202E): delete what stands here, and type it by "
         "hand"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rendered sms = {0};
        struct err err = {0};
        put_bytes(f, "sms/ru/hello.txt", cases[i].bytes, cases[i].len);
        assert_int_equal(message_render_sms(&f->in, &sms, &err), RC_INVALID);
        if (!str_ends(err.message, cases[i].error))
            fail_msg("%s", err.message);
    }
    char *big = xcalloc(1, 70000);
    memset(big, 'x', 69999);
    struct rendered sms = {0};
    struct err err = {0};
    put(f, "sms/ru/hello.txt", big);
    free(big);
    assert_int_equal(message_render_sms(&f->in, &sms, &err), RC_INVALID);
    assert_non_null(strstr(err.message, "is larger than 65536 bytes"));
}

static void parts_are_included_from_the_folder_of_the_language(void **state)
{
    struct fixture *f = *state;
    put(f, "sms/ru/partials/bye.txt", "Пока, {{client.name}}!\n");
    put(f, "sms/en/partials/bye.txt", "Bye!\n");
    expect_sms(f, "Мы тут.\n{{> bye}}\n", "Мы тут.\nПока, Мария Иванова!");
}

/* --- lint ------------------------------------------------------------------------------------- */

static const struct {
    enum channel channel;
    const char *template, *error; /* NULL: the template is good */
} lints[] = {
    {CHANNEL_EMAIL,
     "Subject: {{client.name}}\n\n{{#merged.packing}}{{trip.return_time}}{{/merged.packing}}"
     "[call](<tel:{{agency.phone}}>) **{{client.name}}**, [x]({{agency.survey_url}})",
     NULL},
    {CHANNEL_EMAIL, "Subject: x\n\n{{^departs_today}}{{oops}}{{/departs_today}}b",
     "hello.md:3:19: unknown variable \"oops\""},
    {CHANNEL_EMAIL, "Subject: x\n\n[call](tel: {{agency.phone}})",
     "\"](\" would be seen by the reader: a link did not work; an address with spaces stands in "
     "<>: "
     "[text](<tel:...>)"},
    {CHANNEL_EMAIL, "Subject: x\n\n<{{agency.survey_url}}>",
     "\"<http\" would be seen by the reader: write a link with a variable as [text]({{...}})"},
    {CHANNEL_EMAIL, "Subject: x\n\n** bold **", NULL}, /* a warning: lint.bats */
    {CHANNEL_EMAIL, "Subject: x\n\n`{{client.name}}`", "shows backslashes"},
    {CHANNEL_SMS, "{{agency.address}} {{visit.date}}", NULL},
    {CHANNEL_SMS, "{{#merged.packing}}{{oops}}{{/merged.packing}}", "unknown variable \"oops\""},
    {CHANNEL_CALL, "{{#visit.date}}{{visit.tim}}{{/visit.date}}",
     "unknown variable \"visit.tim\": did you mean \"visit.time\"?"},
    {CHANNEL_VISIT, "{{> nothing}}", "there is no template scripts/ru/partials/nothing.md in "},
};

static void lint_finds_what_a_single_client_would_not(void **state)
{
    struct fixture *f = *state;
    static const char *const paths[CHANNEL_COUNT] = {
        [CHANNEL_EMAIL] = "letters/ru/hello.md",
        [CHANNEL_SMS] = "sms/ru/hello.txt",
        [CHANNEL_CALL] = "scripts/ru/hello.md",
        [CHANNEL_VISIT] = "scripts/ru/hello.md",
    };
    for (size_t i = 0; i < sizeof lints / sizeof *lints; i++) {
        struct err err = {0};
        put(f, paths[lints[i].channel], lints[i].template);
        enum rc rc = message_check_template(f->dir, "hello", lints[i].channel, "ru", &err);
        bool good = lints[i].error == NULL
                        ? rc == RC_OK
                        : rc == RC_INVALID && strstr(err.message, lints[i].error) != NULL;
        if (!good)
            fail_msg("%s: \"%s\"", lints[i].template, err.message);
    }
    struct err err = {0};
    assert_int_equal(message_check_template(f->dir, "hello", CHANNEL_SMS, "en", &err), RC_NOTFOUND);
}

int main(void)
{
#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(templates_see_what_the_contract_lists),
        WITH_FIXTURE(names_that_are_missing_fall_back),
        WITH_FIXTURE(who_looks_after_the_client_is_asked),
        WITH_FIXTURE(a_letter_knows_who_signs_it),
        WITH_FIXTURE(a_flight_at_night_is_known_by_its_hour),
        WITH_FIXTURE(flags_follow_the_dates),
        WITH_FIXTURE(a_trip_is_over_when_they_are_back),
        WITH_FIXTURE(who_travels_is_asked_by_flags),
        WITH_FIXTURE(from_the_third_trip_on_they_are_regular),
        WITH_FIXTURE(what_is_not_known_or_over_is_empty),
        WITH_FIXTURE(an_sms_keeps_its_lines_and_loses_the_last_newline),
        WITH_FIXTURE(an_sms_without_a_number_or_without_words_is_refused),
        WITH_FIXTURE(a_script_serves_calls_and_visits),
        WITH_FIXTURE(languages_are_tried_in_order),
        WITH_FIXTURE(a_template_that_is_missing_is_named),
        WITH_FIXTURE(steps_and_languages_cannot_leave_the_folder),
        WITH_FIXTURE(files_that_are_not_text_are_refused_with_the_line),
        WITH_FIXTURE(parts_are_included_from_the_folder_of_the_language),
        WITH_FIXTURE(lint_finds_what_a_single_client_would_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
