/* playbook.json: the shipped one holds the steps of the method, every mistake is told with its line
 * and column, and what is right is read as it stands. */
#include "support.h"

static enum rc parse(const char *text, struct playbook *ret, struct err *err)
{
    return playbook_parse(text, strlen(text), "playbook.json", ret, err);
}

/* ---- the shipped playbook ---- */

static void the_shipped_steps_are_those_of_the_method(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        enum channel channel;
        enum anchor anchor;
        int days;
        const char *time; /* NULL: no hour */
        enum late_policy if_late;
        enum role signed_by;
        enum step_class class;
    } wanted[] = {
        {"thank-you", CHANNEL_EMAIL, ANCHOR_PURCHASE, 0, NULL, LATE_SEND_NOW, ROLE_DIRECTOR,
         CLASS_SERVICE},
        {"packing", CHANNEL_EMAIL, ANCHOR_PURCHASE, 2, "10:00", LATE_MERGE, ROLE_MANAGER,
         CLASS_SERVICE},
        {"challenge", CHANNEL_EMAIL, ANCHOR_DEPARTURE, -2, "10:00", LATE_SKIP, ROLE_MANAGER,
         CLASS_MARKETING},
        {"preflight", CHANNEL_CALL, ANCHOR_DEPARTURE, -1, "10:00", LATE_SEND_NOW, ROLE_MANAGER,
         CLASS_SERVICE},
        {"bon-voyage", CHANNEL_SMS, ANCHOR_DEPARTURE, 0, "08:00", LATE_SKIP, ROLE_MANAGER,
         CLASS_SERVICE},
        {"welcome-back", CHANNEL_SMS, ANCHOR_RETURN, 0, "12:00", LATE_SKIP, ROLE_MANAGER,
         CLASS_SERVICE},
        {"welcome-home", CHANNEL_EMAIL, ANCHOR_RETURN, 1, "10:00", LATE_SKIP, ROLE_MANAGER,
         CLASS_MARKETING},
        {"office-call", CHANNEL_CALL, ANCHOR_RETURN, 2, "11:00", LATE_SEND_NOW, ROLE_MANAGER,
         CLASS_SERVICE},
        {"office-visit", CHANNEL_VISIT, ANCHOR_VISIT, 0, "11:00", LATE_SEND_NOW, ROLE_MANAGER,
         CLASS_SERVICE},
        {"loyalty", CHANNEL_EMAIL, ANCHOR_RETURN, 3, "10:00", LATE_SKIP, ROLE_DIRECTOR,
         CLASS_MARKETING},
        {"referral-story", CHANNEL_EMAIL, ANCHOR_RETURN, 5, "10:00", LATE_SKIP, ROLE_MANAGER,
         CLASS_MARKETING},
        {"tell-friends", CHANNEL_EMAIL, ANCHOR_RETURN, 7, "10:00", LATE_SKIP, ROLE_DIRECTOR,
         CLASS_MARKETING},
    };
    struct playbook p = shipped_playbook();
    assert_string_equal(p.name, "main");
    assert_int_equal(p.n_steps, COUNT(wanted));
    for (size_t i = 0; i < COUNT(wanted); i++) {
        const struct step *s = &p.steps[i];
        assert_string_equal(s->key, wanted[i].key);
        assert_ptr_equal(playbook_step(&p, wanted[i].key), s);
        assert_int_equal(s->channel, wanted[i].channel);
        assert_true(s->at.set);
        assert_int_equal(s->at.anchor, wanted[i].anchor);
        assert_int_equal(s->at.days, wanted[i].days);
        int16_t minute = MINUTE_NONE;
        struct err err;
        if (wanted[i].time != NULL)
            assert_ok(minute_parse(wanted[i].time, &minute, &err));
        assert_int_equal(s->at.minute, minute);
        assert_int_equal(s->if_late, wanted[i].if_late);
        assert_int_equal(s->signed_by, wanted[i].signed_by);
        assert_int_equal(s->class, wanted[i].class);
        assert_string_not_equal(s->title, s->key);
        assert_true(strlen(s->column) <= 10); /* the checklist has a column for each */
    }
    assert_null(playbook_step(&p, "thank-yo"));
    playbook_fini(&p);
    assert_null(p.steps);
}

/* The rules that the method adds to a step's moment. */
static void the_shipped_rules_are_those_of_the_method(void **state)
{
    (void)state;
    struct playbook p = shipped_playbook();
    const struct step *packing = playbook_step(&p, "packing");
    assert_string_equal(packing->merge_into, "thank-you");
    assert_int_equal(packing->not_before.anchor, ANCHOR_DEPARTURE);
    assert_int_equal(packing->not_before.days, -14);
    assert_int_equal(packing->not_after.days, -1);

    const struct step *call = playbook_step(&p, "preflight");
    assert_true(call->has_fallback);
    assert_int_equal(call->fallback_channel, CHANNEL_SMS);
    assert_int_equal(call->fallback_at.days, -1);
    assert_int_equal(call->fallback_at.minute, 16 * 60);
    assert_int_equal(call->working_day, SHIFT_EARLIER);
    assert_int_equal(playbook_step(&p, "office-call")->working_day, SHIFT_LATER);

    /* Never a call, never after the take-off, never on the next day. */
    static const char *const never_calls[] = {"bon-voyage", "welcome-back"};
    for (size_t i = 0; i < COUNT(never_calls); i++) {
        const struct step *s = playbook_step(&p, never_calls[i]);
        for (size_t k = 0; k < s->n_otherwise; k++)
            assert_false(channel_is_human(s->otherwise[k]));
        assert_false(s->has_fallback);
        assert_int_equal(s->grace_days, 0);
    }
    const struct step *voyage = playbook_step(&p, "bon-voyage");
    assert_true(voyage->not_after.has_offset && voyage->not_after.offset < 0);
    const struct step *back = playbook_step(&p, "welcome-back");
    assert_int_equal(back->not_after.anchor, ANCHOR_RETURN);
    assert_int_equal(back->not_after.days, 0);
    assert_false(back->not_after.has_offset);

    /* Only the thanks go without an hour: at once. */
    for (size_t i = 0; i < p.n_steps; i++)
        assert_int_equal(p.steps[i].at.minute == MINUTE_NONE, i == 0);
    playbook_fini(&p);
}

static void the_built_in_copy_is_the_file(void **state)
{
    (void)state;
    size_t len;
    char *text = read_text("templates/playbook.json", &len);
    const struct embedded_file *built_in = embedded_find("templates/playbook.json");
    assert_non_null(built_in);
    assert_int_equal(built_in->len, len);
    assert_string_equal(built_in->text, text);
    assert_null(embedded_find("templates/playbook.jso"));
    free(text);
}

/* ---- what is read ---- */

static void every_key_is_read(void **state)
{
    (void)state;
    static const char text[] =
        "// An agency's own.\n"
        "{\"name\": \"свой\", \"steps\": [\n"
        "  {\"key\": \"a-1\", \"title\": \"Первый\", \"column\": \"п\", \"channel\": \"call\",\n"
        "   \"otherwise\": [\"sms\", \"email\"],\n"
        "   \"at\": {\"anchor\": \"visit\", \"days\": -366, \"time\": \"23:59\"},\n"
        "   \"or_at\": {\"anchor\": \"return\", \"days\": 366, \"time\": \"00:00\"},\n"
        "   \"not_before\": {\"anchor\": \"departure\", \"minutes\": -10080},\n"
        "   \"not_after\": {\"anchor\": \"purchase\", \"minutes\": 10080},\n"
        "   \"grace\": {\"days\": 366, \"time\": \"20:30\"}, // and more\n"
        "   \"if_late\": \"send_now\", \"working_day\": \"later\", \"signed_by\": \"service\",\n"
        "   \"class\": \"marketing\",\n"
        "   \"fallback\": {\"channel\": \"email\", \"at\": {\"anchor\": \"visit\"}}},\n"
        "  {\"key\": \"b\", \"channel\": \"email\", \"at\": {\"anchor\": \"purchase\"},\n"
        "   \"grace\": {}, \"if_late\": \"merge\", \"merge_into\": \"a-1\"},\n"
        "  {\"key\": \"c\", \"channel\": \"visit\", \"at\": {\"anchor\": \"visit\"}}\n"
        "]}\n";
    struct playbook p;
    struct err err;
    assert_ok(parse(text, &p, &err));
    assert_string_equal(p.name, "свой");
    assert_int_equal(p.n_steps, 3);
    const struct step *a = &p.steps[0], *b = &p.steps[1], *c = &p.steps[2];
    assert_string_equal(a->key, "a-1");
    assert_string_equal(a->title, "Первый");
    assert_string_equal(a->column, "п");
    assert_int_equal(a->channel, CHANNEL_CALL);
    assert_int_equal(a->n_otherwise, 2);
    assert_int_equal(a->otherwise[0], CHANNEL_SMS);
    assert_int_equal(a->otherwise[1], CHANNEL_EMAIL);
    assert_true(a->at.set && a->or_at.set && a->not_before.set && a->not_after.set);
    assert_int_equal(a->at.anchor, ANCHOR_VISIT);
    assert_int_equal(a->at.days, -366);
    assert_int_equal(a->at.minute, 23 * 60 + 59);
    assert_false(a->at.has_offset);
    assert_int_equal(a->or_at.anchor, ANCHOR_RETURN);
    assert_int_equal(a->or_at.days, 366);
    assert_int_equal(a->or_at.minute, 0);
    assert_int_equal(a->not_before.anchor, ANCHOR_DEPARTURE);
    assert_true(a->not_before.has_offset);
    assert_int_equal(a->not_before.offset, -10080);
    assert_int_equal(a->not_before.minute, MINUTE_NONE);
    assert_int_equal(a->not_after.anchor, ANCHOR_PURCHASE);
    assert_int_equal(a->not_after.offset, 10080);
    assert_true(a->expires);
    assert_int_equal(a->grace_days, 366);
    assert_int_equal(a->grace_minute, 20 * 60 + 30);
    assert_int_equal(a->if_late, LATE_SEND_NOW);
    assert_int_equal(a->working_day, SHIFT_LATER);
    assert_int_equal(a->signed_by, ROLE_SERVICE);
    assert_int_equal(a->class, CLASS_MARKETING);
    assert_true(a->has_fallback);
    assert_int_equal(a->fallback_channel, CHANNEL_EMAIL);
    assert_int_equal(a->fallback_at.anchor, ANCHOR_VISIT);
    assert_null(a->merge_into);

    assert_string_equal(b->merge_into, "a-1");
    assert_int_equal(b->if_late, LATE_MERGE);
    assert_true(b->expires);
    assert_int_equal(b->grace_days, 0);
    assert_int_equal(b->grace_minute, 21 * 60); /* the default */

    /* Everything that need not be said. */
    assert_string_equal(c->title, "c");
    assert_string_equal(c->column, "c");
    assert_int_equal(c->n_otherwise, 0);
    assert_false(c->expires || c->has_fallback || c->or_at.set || c->not_before.set);
    assert_int_equal(c->if_late, LATE_SKIP);
    assert_int_equal(c->working_day, SHIFT_NONE);
    assert_int_equal(c->signed_by, ROLE_MANAGER);
    assert_int_equal(c->class, CLASS_SERVICE);
    playbook_fini(&p);
}

static void anchors_have_names(void **state)
{
    (void)state;
    assert_string_equal(anchor_name(ANCHOR_PURCHASE), "purchase");
    assert_string_equal(anchor_name(ANCHOR_DEPARTURE), "departure");
    assert_string_equal(anchor_name(ANCHOR_RETURN), "return");
    assert_string_equal(anchor_name(ANCHOR_VISIT), "visit");
}

/* ---- what is refused ---- */

/* The mark ^ stands where the error must point; it is not part of the text. */
struct mistake {
    const char *text, *what;
};

static void refused(const struct mistake *mistakes, size_t n, const char *before, const char *after)
{
    for (size_t i = 0; i < n; i++) {
        char *text = xasprintf("%s%s%s", before, mistakes[i].text, after);
        char *line = place_of_mark(text, "playbook.json", mistakes[i].what);
        struct playbook p = {0};
        struct err err;
        assert_fails(parse(text, &p, &err), RC_INVALID, line);
        assert_null(p.steps); /* set only on success */
        free(line);
        free(text);
    }
}

static void mistakes_of_the_whole(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"^", "the text ends too early: a bracket or a quote is not closed"},
        {"^[]", "the playbook must be an object: { … }"},
        {"// nothing yet\n^\"steps\"", "the playbook must be an object: { … }"},
        {"^{}", "the playbook needs \"steps\": a list with at least one step"},
        {"{\"steps\": ^{}}", "the playbook needs \"steps\": a list with at least one step"},
        {"{\n  \"steps\": ^[]\n}", "the playbook needs \"steps\": a list with at least one step"},
        {"{\"step\": ^[]}", "unknown key \"step\": did you mean \"steps\"?"},
        {"{\"name\": \"x\",\n \"version\": ^2}", "unknown key \"version\""},
        {"{\"name\": ^1, \"steps\": []}", "\"name\" must be a string, not a number"},
        {"{\"name\": \"a\", \"name\": ^\"b\"}", "\"name\" is given twice"},
        {"{\"steps\": [^1]}", "\"a step\" must be an object, not a number"},
        {"{\"steps\": [\n  {\"key\": \"a\"\n  ^\"channel\": \"sms\"}]}",
         "this is not JSON: look for a missing comma, quote or bracket"},
    };
    refused(mistakes, COUNT(mistakes), "", "");
}

#define SMS "\"key\": \"a\", \"channel\": \"sms\", \"grace\": {}, "
#define CALL "\"key\": \"a\", \"channel\": \"call\", "
#define AT "\"at\": {\"anchor\": \"purchase\"}"
#define NEEDS_KEY "the step needs a \"key\" of small letters, digits and dashes"
#define DAYS "\"days\" must be a whole number from -366 to 366"
#define NEEDS_BOTH "\"fallback\" needs a \"channel\" and an \"at\""
#define TOGETHER "\"if_late\": \"merge\" and \"merge_into\" belong together"
#define EARLIER "\"merge_into\" must be the key of an earlier step that is not merged itself"

static void mistakes_of_a_step(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"^{}", NEEDS_KEY},
        {"{\"key\": ^\"\"}", NEEDS_KEY},
        {"{\"key\": ^\"Thank-you\"}", NEEDS_KEY},
        {"{\"key\": ^\"thank you\"}", NEEDS_KEY},
        {"{\"key\": ^\"спасибо\"}", NEEDS_KEY},
        {"{\"key\": ^\"aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd1\"}", NEEDS_KEY},
        {"{\"key\": ^null}", "\"key\" must be a string, not null"},
        {"{\"key\": \"a\", \"title\": ^[]}", "\"title\" must be a string, not a list"},
        {"{\"key\": \"a\", \"column\": ^true}", "\"column\" must be a string, not true or false"},
        {"{\"key\": \"a\", \"chanel\": ^\"sms\"}",
         "unknown key \"chanel\": did you mean \"channel\"?"},
        {"{\"key\": \"a\", \"подпись\": ^\"Анна\"}", "unknown key \"подпись\""},

        {"^{\"key\": \"a\"}", "the step needs a \"channel\""},
        {"{\"key\": \"a\", \"channel\": ^\"fax\"}",
         "\"channel\" is \"fax\", but must be email, sms, call or visit"},
        {"{\"key\": \"a\", \"channel\": ^7}", "\"channel\" must be a string, not a number"},
        {"{" SMS AT ", \"otherwise\": ^\"call\"}", "\"otherwise\" must be a list, not a string"},
        {"{" SMS AT ", \"otherwise\": [\"email\", ^\"visit\"]}",
         "\"otherwise\" lists email, sms or call"},
        {"{" SMS AT ", \"otherwise\": [^\"post\"]}", "\"otherwise\" lists email, sms or call"},
        {"{" SMS AT ", \"otherwise\": [^1]}", "\"otherwise\" lists email, sms or call"},
        {"{" SMS AT ", \"otherwise\": [^\"sms\"]}", "the channel sms is tried already"},
        {"{" SMS AT ", \"otherwise\": [\"call\", \"email\", ^\"call\"]}",
         "the channel call is tried already"},

        {"^{" SMS "\"title\": \"x\"}", "the step \"a\" needs an \"at\""},
        {"{" SMS "\"at\": ^\"purchase\"}", "\"at\" must be an object, not a string"},
        {"{" SMS "\"at\": ^{}}", "\"at\" needs an \"anchor\""},
        {"{" SMS "\"at\": ^{\"days\": 1}}", "\"at\" needs an \"anchor\""},
        {"{" SMS "\"at\": {\"anchor\": ^\"landing\"}}",
         "\"anchor\" is \"landing\", but must be purchase, departure, return or visit"},
        {"{" SMS "\"at\": {\"anchor\": ^1}}", "\"anchor\" must be a string, not a number"},
        {"{" SMS "\"at\": {\"anchor\": \"return\", \"day\": ^1}}",
         "unknown key \"day\": did you mean \"days\"?"},
        {"{" SMS "\"at\": {\"anchor\": \"return\", \"days\": ^367}}", DAYS},
        {"{" SMS "\"at\": {\"anchor\": \"return\", \"days\": ^-367}}", DAYS},
        {"{" SMS "\"at\": {\"anchor\": \"return\", \"days\": ^1.5}}", DAYS},
        {"{" SMS "\"at\": {\"anchor\": \"return\", \"days\": ^\"1\"}}", DAYS},
        {"{" SMS "\"at\": {\"anchor\": \"return\", \"time\": ^\"24:00\"}}",
         "\"24:00\" is not a time of day: write 06:40 (00:00 to 23:59)"},
        {"{" SMS "\"at\": {\"anchor\": \"return\", \"time\": ^10}}",
         "\"time\" must be a string, not a number"},
        {"{" SMS "\"at\": {\"anchor\": \"return\", \"minutes\": ^10081}}",
         "\"minutes\" must be a whole number from -10080 to 10080"},
        {"{" SMS AT ", \"or_at\": ^{}}", "\"or_at\" needs an \"anchor\""},
        {"{" SMS AT ", \"not_before\": ^{}}", "\"not_before\" needs an \"anchor\""},
        {"{" SMS AT ", \"not_after\": ^5}", "\"not_after\" must be an object, not a number"},

        {"^{\"key\": \"a\", \"channel\": \"email\", " AT "}",
         "the step \"a\" needs a \"grace\": how late may the message still go?"},
        {"{" CALL AT ", \"otherwise\": ^[\"email\"]}",
         "the step \"a\" may become a message and needs a \"grace\""},
        {"{" CALL AT ", \"grace\": ^3}", "\"grace\" must be an object, not a number"},
        {"{" CALL AT ", \"grace\": {\"hours\": ^3}}", "unknown key \"hours\""},
        {"{" CALL AT ", \"grace\": {\"days\": ^-1}}",
         "\"days\" must be a whole number from 0 to 366"},
        {"{" CALL AT ", \"grace\": {\"time\": ^\"9\"}}",
         "\"9\" is not a time of day: write 06:40 (00:00 to 23:59)"},

        {"{" SMS AT ", \"fallback\": ^{}}",
         "only a call or a visit has a \"fallback\": a message goes by itself"},
        {"{" CALL AT ", \"fallback\": ^\"sms\"}", "\"fallback\" must be an object, not a string"},
        {"{" CALL AT ", \"fallback\": {\"to\": ^\"sms\"}}", "unknown key \"to\""},
        {"{" CALL AT ", \"fallback\": {\"channel\": ^\"call\"}}",
         "\"channel\" is \"call\", but must be email or sms"},
        {"{" CALL AT ", \"fallback\": ^{\"channel\": \"sms\"}}", NEEDS_BOTH},
        {"{" CALL AT ", \"fallback\": ^{" AT "}}", NEEDS_BOTH},
        {"{" CALL AT ", \"fallback\": ^{\"channel\": \"sms\", " AT "}}",
         "the step \"a\" has a fallback message and needs a \"grace\""},

        {"{" CALL AT ", \"if_late\": ^\"now\"}",
         "\"if_late\" is \"now\", but must be skip, send_now or merge"},
        {"{" CALL AT ", \"working_day\": ^\"next\"}",
         "\"working_day\" is \"next\", but must be none, later or earlier"},
        {"{" CALL AT ", \"signed_by\": ^\"anna\"}",
         "\"signed_by\" is \"anna\", but must be manager, director or service"},
        {"{" CALL AT ", \"class\": ^\"spam\"}",
         "\"class\" is \"spam\", but must be service or marketing"},
        {"{" CALL AT ", \"merge_into\": ^1}", "\"merge_into\" must be a string, not a number"},
        {"^{" CALL AT ", \"if_late\": \"merge\"}", TOGETHER},
        {"^{" CALL AT ", \"merge_into\": \"a\"}", TOGETHER},
        {"{" CALL AT ", \"if_late\": \"merge\", \"merge_into\": ^\"a\"}", EARLIER},
    };
    refused(mistakes, COUNT(mistakes), "{\"steps\": [\n", "\n]}");
}

/* What one step may not do because of another. */
static void mistakes_between_steps(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"{" CALL AT "},\n{\"key\": ^\"a\", \"channel\": \"call\", " AT "}",
         "there are two steps with the key \"a\""},
        {"{" CALL AT "},\n{\"key\": \"b\", \"channel\": \"call\", " AT
         ", \"if_late\": \"merge\", \"merge_into\": ^\"c\"},\n"
         "{\"key\": \"c\", \"channel\": \"call\", " AT "}",
         EARLIER},
        {"{" CALL AT "},\n{\"key\": \"b\", \"channel\": \"call\", " AT
         ", \"if_late\": \"merge\", \"merge_into\": \"a\"},\n"
         "{\"key\": \"c\", \"channel\": \"call\", " AT
         ", \"if_late\": \"merge\", \"merge_into\": ^\"b\"}",
         EARLIER},
        {"{" CALL AT "},\n{\"key\": \"b\", \"channel\": \"call\", " AT
         ", \"if_late\": \"merge\", \"merge_into\": ^\"nobody\"}",
         EARLIER},
    };
    refused(mistakes, COUNT(mistakes), "{\"steps\": [\n", "\n]}");
}

static void sixty_four_steps_and_no_more(void **state)
{
    (void)state;
    for (int n = 64; n <= 65; n++) {
        struct sb sb = {0};
        sb_add(&sb, "{\"steps\": [");
        for (int i = 0; i < n; i++)
            sb_addf(&sb, "%s\n{\"key\": \"s%d\", \"channel\": \"call\", " AT "}", i ? "," : "", i);
        sb_add(&sb, "]}");
        struct playbook p = {0};
        struct err err;
        if (n == 64) {
            assert_ok(parse(sb_str(&sb), &p, &err));
            assert_int_equal(p.n_steps, 64);
            assert_string_equal(p.steps[63].key, "s63");
        } else {
            assert_fails(parse(sb_str(&sb), &p, &err), RC_INVALID,
                         "playbook.json:66:1: more than 64 steps");
        }
        playbook_fini(&p);
        sb_fini(&sb);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_steps_are_those_of_the_method),
        cmocka_unit_test(the_shipped_rules_are_those_of_the_method),
        cmocka_unit_test(the_built_in_copy_is_the_file),
        cmocka_unit_test(every_key_is_read),
        cmocka_unit_test(anchors_have_names),
        cmocka_unit_test(mistakes_of_the_whole),
        cmocka_unit_test(mistakes_of_a_step),
        cmocka_unit_test(mistakes_between_steps),
        cmocka_unit_test(sixty_four_steps_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
