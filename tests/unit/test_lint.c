/* The look through the templates: which variables may be empty where they stand, by what is known of every client of a step.
 * What else it finds is asked of the program itself, in tests/cli/lint.bats. */
#include "message_fixture.h"

#include <pps/lint.h>

enum what { SALE, ANSWER, PROMISE, SOLVED, LOSS, BIRTHDAY };

static const char *const steps[] = {
    [SALE] = "\"at\": {\"anchor\": \"purchase\"}",
    [ANSWER] = "\"series\": \"feedback\", \"at\": {\"anchor\": \"answered\"}",
    [PROMISE] = "\"series\": \"complaint\", \"at\": {\"anchor\": \"promised\"}",
    [SOLVED] = "\"series\": \"complaint\", \"at\": {\"anchor\": \"resolved\"}",
    [LOSS] = "\"series\": \"lost\", \"signed_by\": \"service\", \"at\": {\"anchor\": \"learned\"}",
    [BIRTHDAY] =
        "\"series\": \"greeting\", \"greeting\": \"birthday\", \"at\": {\"anchor\": \"day\"}",
};

static void parse(const char *step, struct playbook *ret)
{
    char *text = xasprintf("{\"name\": \"x\", \"steps\": [{\"key\": \"hello\", \"title\": \"x\", "
                           "\"column\": \"\", \"channel\": \"sms\", %s, \"grace\": {\"days\": 3}, "
                           "\"if_late\": \"skip\", \"class\": \"service\"}]}",
                           step);
    struct err err = {0};
    if (playbook_parse(text, strlen(text), "playbook", ret, &err) != RC_OK)
        fail_msg("%s", err.message);
    free(text);
}

/* "1:5 visit.time, 1:9! agency.site": what may be empty; with ! an error. New string. */
static char *found(struct fixture *f, enum what what, const char *text)
{
    struct playbook playbook;
    struct lint_findings findings;
    struct sb sb = {0};
    size_t checked;
    put(f, "sms/ru/hello.txt", text);
    parse(steps[what], &playbook);
    struct lint_input in = {.config = &f->config,
                            .templates_dir = f->dir,
                            .playbook = &playbook,
                            .playbook_name = "playbook",
                            .playbook_text = ""};
    lint_templates(&in, &findings, &checked);
    assert_int_equal(checked, 1);
    for (size_t i = 0; i < findings.n; i++) {
        const struct lint_finding *one = &findings.v[i];
        const char *name = one->what + 1;
        assert_true(str_ends(one->file, "/sms/ru/hello.txt"));
        if (strstr(one->what, "held: put") == NULL && strstr(one->what, "not set") == NULL &&
            strstr(one->what, "always empty") == NULL)
            continue;
        sb_addf(&sb, "%s%zu:%zu%s %.*s", sb.len > 0 ? ", " : "", one->line, one->column,
                one->is_error ? "!" : "", (int)strcspn(name, "\""), name);
    }
    lint_findings_fini(&findings);
    playbook_fini(&playbook);
    return sb_take(&sb);
}

static void what_may_be_empty_where_it_stands(void **state)
{
    struct fixture *f = *state;
    static const struct {
        enum what what;
        const char *text, *found;
    } cases[] = {
        {SALE, "{{client.name}} {{client.salutation}} {{trip.departure}} {{trip.return}} {{lang}}",
         ""},
        {SALE, "{{manager.name}} {{signer.name}} {{agency.name}} {{agency.phone}}", ""},
        {SALE, "да {{visit.time}}", "1:4 visit.time"},
        {SALE, "{{our.phone}} {{agency.site_words}} {{#manager}}{{manager.name}}{{/manager}}", ""},
        {SALE, "x{{#departs_at_night}}{{trip.departure_time}}{{/departs_at_night}}", ""},
        {SALE, "а\n\n{{manager.phone}} {{trip.destination}}",
         "3:1 manager.phone, 3:19 trip.destination"},
        {SALE, "x{{#visit.time}}{{visit.time}}, {{visit.date}}{{/visit.time}}", ""},
        {SALE, "x{{#visit.date}}{{visit.time}}{{/visit.date}}", "1:17 visit.time"},
        {SALE, "x{{^visit.time}}{{visit.time}}{{/visit.time}}", "1:17 visit.time"},
        {SALE, "x{{#visit.time}}{{#mark.loyal}}{{visit.time}}{{/mark.loyal}}{{/visit.time}}", ""},
        {SALE, "x{{#visit.time}}a{{/visit.time}}{{visit.time}}", "1:33 visit.time"},
        {SALE, "x{{#visit}}{{#time}}{{time}}{{/time}}{{/visit}}", ""},
        {SALE, "x{{#visit}}{{time}}{{/visit}}", "1:12 visit.time"},
        {SALE, "{{visit.time | утром}}", ""},
        {SALE, "x{{#facts}}{{key}}: {{value}}{{/facts}}", ""},
        {SALE, "x{{fact.dog}}", "1:2 fact.dog"},
        {SALE, "x{{#fact.dog}}{{fact.dog}}{{/fact.dog}}", ""},
        {SALE, "x{{#gift}}{{gift.titles}}{{/gift}}", ""},
        {SALE, "x{{#gift}}{{gift.ready}}{{/gift}}", "1:11 gift.ready"},
        {SALE, "{{client.phone}}", ""}, /* without one there is no SMS */
        {SALE, "{{client.email}}", "1:1 client.email"},
        {SALE, "{{complaint.title}}", "1:1! complaint.title"},
        {SALE, "{{agency.address}}", "1:1! agency.address"},
        {SALE, "x{{#agency.address}}{{agency.address}}{{/agency.address}}", ""},
        {ANSWER, "{{trip.departure}}", "1:1 trip.departure"},
        {ANSWER, "x{{#trip.departure}}{{trip.return}}{{/trip.departure}}", ""},
        {ANSWER, "x{{#feedback.promoter}}{{feedback.nps}}{{/feedback.promoter}}", ""},
        {ANSWER, "x{{#feedback.in_words}}{{feedback.words}}{{/feedback.in_words}}",
         "1:24 feedback.words"},
        {PROMISE, "{{complaint.title}} {{complaint.promised}}", ""},
        {PROMISE, "{{complaint.actions}}", "1:1 complaint.actions"},
        {SOLVED, "{{complaint.actions}} {{complaint.outcome}} {{complaint.cause}}", ""},
        {SOLVED, "{{complaint.promised}} {{complaint.words}}",
         "1:1 complaint.promised, 1:24 complaint.words"},
        {LOSS, "{{lost.destination}}", "1:1 lost.destination"},
        {BIRTHDAY, "{{greeting.date}}", ""},
        {BIRTHDAY, "{{trip.departure}}", "1:1! trip.departure"},
        {BIRTHDAY, "x{{#trip.nights}}{{trip.departure}}{{/trip.nights}}", ""},
        {LOSS, "{{feedback.nps}} {{lost.reason}}", "1:1! feedback.nps, 1:18 lost.reason"},
        {ANSWER, "{{feedback.words}} {{lost.reason}} {{trip.party}}",
         "1:1 feedback.words, 1:20! lost.reason, 1:36 trip.party"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = found(f, cases[i].what, cases[i].text);
        if (strcmp(text, cases[i].found) != 0)
            fail_msg("%s: \"%s\" instead of \"%s\"", cases[i].text, text, cases[i].found);
        free(text);
    }
}

/* A list that is not told would be a list that nobody can trust: what the walk calls safe comes out for such a client. */
static void what_is_safe_comes_out(void **state)
{
    struct fixture *f = *state;
    struct rendered out = {0};
    struct err err = {0};
    f->occasion.title = NULL;
    f->occasion.when[ANCHOR_DEPARTURE].minute = MINUTE_NONE;
    f->in.manager = NULL;
    f->in.step = "hello";
    static const char text[] =
        "{{client.name}}, {{trip.departure}}{{#trip.departure_time}} "
        "{{trip.departure_time}}{{/trip.departure_time}}"
        "{{#manager.phone}}, {{manager.phone}}{{/manager.phone}}, {{manager.name}}";
    char *empty = found(f, SALE, text);
    assert_string_equal(empty, "");
    free(empty);
    assert_int_equal(message_render_sms(&f->in, &out, &err), RC_OK);
    assert_string_equal(out.bytes, "Мария Иванова, 10 декабря, Синее море");
    rendered_fini(&out);
    empty = found(f, SALE, "{{trip.departure_time}}");
    assert_string_equal(empty, "1:1 trip.departure_time");
    free(empty);
    assert_int_equal(message_render_sms(&f->in, &out, &err), RC_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_may_be_empty_where_it_stands, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(what_is_safe_comes_out, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
