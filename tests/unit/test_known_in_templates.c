/* What is known of a client, as letters, SMS and scripts see it: facts, marks, things, answers. */
#include "message_fixture.h"

#define TEXT(literal) (char *)(uintptr_t)(literal)

static struct client_fact facts[] = {
    {.key = TEXT("собака"), .value = TEXT("Рекс\x1B[2J")},
    {.key = TEXT("hotel"), .value = TEXT("{{client.phone}} *Rixos*")},
};
static struct thing things[] = {
    {.kind = THING_GIFT, .title = TEXT("чай"), .occasion_id = 1},
    {.kind = THING_GIFT, .title = TEXT("кружка"), .ready_at = 5},
    {.kind = THING_GIFT, .title = TEXT("передумали"), .dropped_at = 5},
    {.kind = THING_CARD, .title = TEXT("карта 17"), .ready_at = 5, .handed_at = 6},
    {.kind = THING_ALBUM, .title = TEXT("Тенерифе"), .occasion_id = 1, .ready_at = 5},
    {.kind = THING_PHOTO, .title = TEXT("с вулкана"), .occasion_id = 1},
    {.kind = THING_PHOTO, .title = TEXT("с другой поездки"), .occasion_id = 2},
};
static const struct known everything = {
    .facts = {.v = facts, .n = 2},
    .marks = MARK_BIT(MARK_LOYAL) | MARK_BIT(MARK_PROFITABLE),
    .things = {.v = things, .n = sizeof things / sizeof *things},
    .trip_number = 3,
    .rated = true,
    .promoter = true,
};

static void expect(struct fixture *f, const char *template, const char *expected)
{
    struct rendered sms = {0};
    struct err err = {0};
    put(f, "sms/ru/hello.txt", template);
    if (message_render_sms(&f->in, &sms, &err) != RC_OK)
        fail_msg("%s: %s", template, err.message);
    if (strcmp(sms.bytes, expected) != 0)
        fail_msg("%s gives %s, not %s", template, sms.bytes, expected);
    rendered_fini(&sms);
}

static void expect_held(struct fixture *f, const char *template, const char *expected)
{
    struct rendered sms = {0};
    struct err err = {0};
    put(f, "sms/ru/hello.txt", template);
    assert_int_equal(message_render_sms(&f->in, &sms, &err), RC_INVALID);
    if (strstr(err.message, expected) == NULL)
        fail_msg("%s: %s", template, err.message);
}

static void facts_are_texts(void **state)
{
    struct fixture *f = *state;
    f->in.known = &everything;
    expect(f, "{{fact.собака}}", "Рекс [2J");
    expect(f, "{{fact.Собака}} {{#fact.HOTEL}}y{{/fact.HOTEL}}", "Рекс [2J y");
    expect(f, "{{fact.hotel}}", "{{client.phone}} *Rixos*");
    expect(f, "x{{#fact.cat}} {{fact.cat}}{{/fact.cat}}{{^fact.cat}} no cat{{/fact.cat}}",
           "x no cat");
    expect(f, "{{#facts}}{{key}}={{value}};{{/facts}}",
           "собака=Рекс [2J;hotel={{client.phone}} *Rixos*;");
    expect_held(f, "{{fact.cat}}", "hello.txt:1:1: \"fact.cat\" is empty here");
    f->in.known = NULL;
    expect_held(f, "Где {{fact.собака}}?", "\"fact.собака\" is empty here");
    expect(f, "x{{#fact.собака}}y{{/fact.собака}}{{#facts}}z{{/facts}}", "x");
}

static void marks_are_flags(void **state)
{
    struct fixture *f = *state;
    const char *all = "x{{#mark.promising}} promising{{/mark.promising}}"
                      "{{#mark.profitable}} profitable{{/mark.profitable}}"
                      "{{#mark.loyal}} loyal{{/mark.loyal}}";
    expect(f, all, "x");
    f->in.known = &everything;
    expect(f, all, "x profitable loyal");
    expect_held(f, "{{#mark.loyl}}x{{/mark.loyl}}",
                "unknown section \"mark.loyl\": did you mean \"mark.loyal\"?");
    expect_held(f, "{{mark.loyal}}", "\"mark.loyal\" is not a text");
}

static void things_by_kind_and_state(void **state)
{
    struct fixture *f = *state;
    f->in.known = &everything;
    expect(f, "{{#gift}}{{gift.titles}}|{{gift.ready}}|{{waiting}}{{/gift}}",
           "чай, кружка|кружка|чай");
    expect(f, "x{{#card}}open{{/card}}{{#card.given}} {{card.given}}{{/card.given}}", "x карта 17");
    expect(f, "{{#album}}{{album.ready}}{{/album}}{{#album.waiting}}no{{/album.waiting}}",
           "Тенерифе");
    expect(f, "{{photo.titles}}", "с вулкана");
    expect_held(f, "{{card.titles}}", "\"card.titles\" is empty here");
    expect_held(f, "{{gift}}", "\"gift\" is not a text");
    f->in.known = NULL;
    expect(f,
           "x{{#gift}}g{{/gift}}{{#card.ready}}c{{/card.ready}}{{#album}}a{{/album}}"
           "{{#photo}}p{{/photo}}{{^photo}}-{{/photo}}",
           "x-");
}

static void pictures_belong_to_their_trip(void **state)
{
    struct fixture *f = *state;
    f->in.known = &everything;
    f->occasion = (struct occasion){.id = 9, .kind = KIND_FEEDBACK, .about_id = 2};
    occasion_clear_dates(&f->occasion);
    expect(f, "{{photo.titles}}", "с другой поездки");
}

static void trips_and_answers(void **state)
{
    struct fixture *f = *state;
    const char *all =
        "x{{#first_trip}} first{{/first_trip}}{{#trip_number}} {{trip_number}}"
        "{{/trip_number}}{{#rated}} rated{{/rated}}{{#promoter}} promoter{{/promoter}}"
        "{{#unhappy}} unhappy{{/unhappy}}{{#complaint.open}} open{{/complaint.open}}";
    expect(f, all, "x");
    f->in.known = &everything;
    expect(f, all, "x 3 rated promoter");
    struct known first = {.trip_number = 1, .unhappy = true, .complaint_open = true};
    f->in.known = &first;
    expect(f, all, "x first 1 unhappy open");
}

static void lint_knows_any_fact_and_nothing_else(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *template, *error;
    } cases[] = {
        {"{{fact.dog}} {{#fact.любое}}{{fact.любое}}{{/fact.любое}}{{#facts}}{{key}}{{/facts}}",
         NULL},
        {"{{#album}}{{album.ready}}{{album.waiting}}{{album.given}}{{titles}}{{/album}}", NULL},
        {"{{^gift}}{{photo.titles}}{{/gift}}{{trip_number}}", NULL},
        {"{{#complaint.open}}{{#mark.loyal}}x{{/mark.loyal}}{{/complaint.open}}", NULL},
        {"{{#fact.dog}}{{oops}}{{/fact.dog}}x", "unknown variable \"oops\""},
        {"{{album.redy}}", "unknown variable \"album.redy\": did you mean \"album.ready\"?"},
        {"{{#facts}}{{vlue}}{{/facts}}x", "unknown variable \"vlue\""},
        {"{{#mark.big}}x{{/mark.big}}", "unknown section \"mark.big\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = {0};
        put(f, "sms/ru/hello.txt", cases[i].template);
        enum rc rc = message_check_template(f->dir, "hello", CHANNEL_SMS, "ru", &err);
        bool good = cases[i].error == NULL
                        ? rc == RC_OK
                        : rc == RC_INVALID && strstr(err.message, cases[i].error) != NULL;
        if (!good)
            fail_msg("%s: \"%s\"", cases[i].template, err.message);
    }
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        CASE(facts_are_texts),          CASE(marks_are_flags),
        CASE(things_by_kind_and_state), CASE(pictures_belong_to_their_trip),
        CASE(trips_and_answers),        CASE(lint_knows_any_fact_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
