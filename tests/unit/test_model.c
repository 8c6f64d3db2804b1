/* The nouns' names: each word in its place, there and back; and ids as people type them. */
#include "support.h"

static void channels(void **state)
{
    (void)state;
    static const struct {
        const char *name, *word;
        bool human;
    } wanted[CHANNEL_COUNT] = {
        [CHANNEL_EMAIL] = {"email", "e-mail", false}, [CHANNEL_SMS] = {"sms", "SMS", false},
        [CHANNEL_CALL] = {"call", "call", true},      [CHANNEL_VISIT] = {"visit", "visit", true},
        [CHANNEL_TASK] = {"task", "task", true},
    };
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        enum channel back = CHANNEL_COUNT;
        assert_string_equal(channel_name((enum channel)i), wanted[i].name);
        assert_string_equal(channel_word((enum channel)i), wanted[i].word);
        assert_int_equal(channel_is_human((enum channel)i), wanted[i].human);
        assert_true(channel_from_name(wanted[i].name, &back));
        assert_int_equal(back, i);
    }
    static const char *const wrong[] = {"", "EMAIL", "e-mail", "email ", "sm", "fax"};
    enum channel untouched = CHANNEL_VISIT;
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_false(channel_from_name(wrong[i], &untouched));
    assert_int_equal(untouched, CHANNEL_VISIT);
}

static void states(void **state)
{
    (void)state;
    static const char *const wanted[STATE_COUNT] = {
        [STATE_PENDING] = "pending",     [STATE_CLAIMED] = "claimed",
        [STATE_AT_RISK] = "at_risk",     [STATE_SENT] = "sent",
        [STATE_IN_DOUBT] = "in_doubt",   [STATE_FAILED] = "failed",
        [STATE_MISSED] = "missed",       [STATE_HELD] = "held",
        [STATE_CANCELLED] = "cancelled", [STATE_SUPPRESSED] = "suppressed",
        [STATE_DONE] = "done",           [STATE_SKIPPED] = "skipped",
    };
    for (int i = 0; i < STATE_COUNT; i++) {
        enum action_state back = STATE_COUNT;
        assert_string_equal(state_name((enum action_state)i), wanted[i]);
        assert_true(state_from_name(wanted[i], &back));
        assert_int_equal(back, i);
    }
    enum action_state untouched = STATE_HELD;
    assert_false(state_from_name("", &untouched));
    assert_false(state_from_name("Pending", &untouched));
    assert_false(state_from_name("in doubt", &untouched));
    assert_int_equal(untouched, STATE_HELD);
}

static void causes(void **state)
{
    (void)state;
    static const char *const wanted[CAUSE_COUNT] = {
        [CAUSE_NONE] = "",
        [CAUSE_MERGED] = "merged",
        [CAUSE_LATE] = "late",
        [CAUSE_NO_CONTACT] = "no_contact",
        [CAUSE_ENDED] = "ended",
        [CAUSE_BY_PERSON] = "by_person",
        [CAUSE_NOT_TICKED] = "not_ticked",
        [CAUSE_EXPIRED] = "expired",
        [CAUSE_REFUSED] = "refused",
        [CAUSE_RETRY] = "retry",
        [CAUSE_TEMPLATE] = "template",
        [CAUSE_NO_VERDICT] = "no_verdict",
        [CAUSE_NO_ANSWER] = "no_answer",
        [CAUSE_WRONG_NUMBER] = "wrong_number",
        [CAUSE_CROWDED] = "crowded",
        [CAUSE_ASSUMED] = "assumed",
        [CAUSE_CONDITION] = "condition",
        [CAUSE_HAD_IT] = "had_it",
        [CAUSE_SIGNER] = "signer",
        [CAUSE_LOST_SALE] = "lost_sale",
        [CAUSE_NO_CONSENT] = "no_consent",
        [CAUSE_COMPLAINT] = "complaint",
        [CAUSE_PAUSED] = "paused",
        [CAUSE_APPROVAL] = "approval",
        [CAUSE_SHARED] = "shared",
        [CAUSE_ONE_CALL] = "one_call",
        [CAUSE_RESTORED] = "restored",
        [CAUSE_SOLD_BEFORE] = "sold_before",
        [CAUSE_NO_STEP] = "no_step",
        [CAUSE_HELD_BY_PERSON] = "held_by_person",
        [CAUSE_CALL_BACK] = "call_back",
        [CAUSE_UNREACHABLE] = "unreachable",
        [CAUSE_NOT_DELIVERED] = "not_delivered",
        [CAUSE_DECLINED] = "declined",
        [CAUSE_CALLED_EARLY] = "called_early",
    };
    for (int i = 0; i < CAUSE_COUNT; i++) {
        enum cause back = CAUSE_COUNT;
        assert_string_equal(cause_name((enum cause)i), wanted[i]);
        assert_true(cause_from_name(wanted[i], &back));
        assert_int_equal(back, i);
    }
    enum cause untouched = CAUSE_LATE;
    assert_false(cause_from_name("lat", &untouched));
    assert_int_equal(untouched, CAUSE_LATE);
}

static void kinds(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        char letter;
    } wanted[KIND_COUNT] = {
        [KIND_TRIP] = {"trip", 'T'},         [KIND_LOST] = {"lost", 'L'},
        [KIND_FEEDBACK] = {"feedback", 'F'}, [KIND_COMPLAINT] = {"complaint", 'P'},
        [KIND_GREETING] = {"greeting", 'Y'},
    };
    for (int i = 0; i < KIND_COUNT; i++) {
        enum kind back = KIND_COUNT;
        assert_string_equal(kind_name((enum kind)i), wanted[i].name);
        assert_int_equal(kind_letter((enum kind)i), wanted[i].letter);
        assert_true(strlen(kind_words((enum kind)i)) > 0);
        assert_true(kind_from_name(wanted[i].name, &back));
        assert_int_equal(back, i);
    }
    for (int i = 0; i < ANCHOR_COUNT; i++) {
        enum anchor back = ANCHOR_COUNT;
        assert_true(anchor_from_name(anchor_name((enum anchor)i), &back));
        assert_int_equal(back, i);
    }
}

/* Where unhappy begins and where a promoter does; what was not asked decides nothing. */
static void what_an_answer_means(void **state)
{
    (void)state;
    static const struct {
        int csat, nps;
        bool unhappy, promoter;
    } cases[] = {
        {NO_GRADE, NO_GRADE, false, false},
        {NO_GRADE, 0, true, false},
        {NO_GRADE, 6, true, false},
        {NO_GRADE, 7, false, false},
        {NO_GRADE, 8, false, false},
        {NO_GRADE, 9, false, true},
        {NO_GRADE, 10, false, true},
        {1, NO_GRADE, true, false},
        {3, NO_GRADE, true, false},
        {4, NO_GRADE, false, false},
        {5, NO_GRADE, false, false},
        {3, 10, true, false},
        {5, 6, true, false},
        {4, 9, false, true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct feedback f = {.csat = cases[i].csat, .nps = cases[i].nps};
        assert_int_equal(feedback_is_unhappy(&f), cases[i].unhappy);
        assert_int_equal(feedback_is_promoter(&f), cases[i].promoter);
    }
}

static void roles(void **state)
{
    (void)state;
    static const char *const wanted[ROLE_COUNT] = {
        [ROLE_MANAGER] = "manager",
        [ROLE_DIRECTOR] = "director",
        [ROLE_SERVICE] = "service",
    };
    for (int i = 0; i < ROLE_COUNT; i++) {
        enum role back = ROLE_COUNT;
        assert_string_equal(role_name((enum role)i), wanted[i]);
        assert_true(role_from_name(wanted[i], &back));
        assert_int_equal(back, i);
    }
    enum role untouched = ROLE_SERVICE;
    assert_false(role_from_name("boss", &untouched));
    assert_int_equal(untouched, ROLE_SERVICE);
}

static void ids_as_people_see_and_type_them(void **state)
{
    (void)state;
    char buf[ID_TEXT_BYTES];
    id_format('C', 12, buf);
    assert_string_equal(buf, "C12");
    id_format('A', INT64_MAX, buf);
    assert_string_equal(buf, "A9223372036854775807");

    static const struct {
        const char *text;
        int64_t id; /* 0: refused */
    } cases[] = {
        {"A156", 156},
        {"a156", 156},
        {"156", 156},
        {"A1", 1},
        {"A999999999999999999", 999999999999999999},
        {"A1000000000000000000", 0}, /* nineteen digits may overflow */
        {"99999999999999999999999999", 0},
        {"", 0},
        {"A", 0},
        {"A0", 0},
        {"0", 0},
        {"A007", 0},
        {"T156", 0},
        {"AA1", 0},
        {"A-1", 0},
        {"-1", 0},
        {"+1", 0},
        {"A1 ", 0},
        {" A1", 0},
        {"A1/preflight", 0},
        {"1A", 0},
        {"0x10", 0},
        {"А156", 156}, /* typed on a Russian keyboard */
        {"а156", 156},
        {"Т156", 0},
        {"АА1", 0},
        {"AА1", 0},
        {"А", 0},
        {"А0", 0},
        {"\xD0", 0}, /* half a letter */
        {"A1\n", 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t id = -7;
        if (id_parse(cases[i].text, 'A', &id) != (cases[i].id != 0))
            fail_msg("\"%s\"", cases[i].text);
        assert_int_equal(id, cases[i].id ? cases[i].id : -7);
        /* The same, but the letter must be there. */
        bool has_letter = strchr("0123456789", cases[i].text[0]) == NULL;
        id = -7;
        assert_int_equal(id_parse_exact(cases[i].text, 'A', &id), has_letter && cases[i].id != 0);
        assert_int_equal(id, has_letter && cases[i].id ? cases[i].id : -7);
    }
    static const struct {
        const char *text;
        char letter;
    } letters[] = {{"C7", 'C'}, {"c7", 'C'}, {"С7", 'C'}, {"с7", 'C'},
                   {"T7", 'T'}, {"t7", 'T'}, {"Т7", 'T'}, {"т7", 'T'}};
    for (size_t i = 0; i < COUNT(letters); i++) {
        int64_t id = 0;
        assert_true(id_parse(letters[i].text, letters[i].letter, &id) && id == 7);
        assert_true(id_parse_exact(letters[i].text, letters[i].letter, &id) && id == 7);
        assert_false(id_parse(letters[i].text, letters[i].letter == 'C' ? 'T' : 'C', &id));
    }
}

/* Everything that a struct owns is freed, twice does no harm (the sanitizer watches). */
static void what_is_owned_is_freed(void **state)
{
    (void)state;
    struct staff staff = {1,
                          xstrdup("anna"),
                          xstrdup("Анна"),
                          xstrdup("менеджер"),
                          xstrdup("a@b.example"),
                          xstrdup("+7"),
                          ROLE_SERVICE,
                          true};
    staff_fini(&staff);
    assert_null(staff.login);
    staff_fini(&staff);

    struct client client = {.name = xstrdup("a"),
                            .salutation = xstrdup("b"),
                            .phone = xstrdup("c"),
                            .email = xstrdup("d"),
                            .lang = xstrdup("e"),
                            .tz = xstrdup("f"),
                            .birthday = xstrdup("g"),
                            .note = xstrdup("h"),
                            .external_id = xstrdup("i")};
    client_fini(&client);
    assert_null(client.external_id);
    client_fini(&client);

    struct occasion occasion = {
        .title = xstrdup("a"), .note = xstrdup("b"), .end_reason = xstrdup("c")};
    occasion_fini(&occasion);
    occasion_fini(&occasion);

    struct actions list = {.v = xcalloc(2, sizeof *list.v), .n = 2, .cap = 2};
    for (size_t i = 0; i < list.n; i++)
        list.v[i] = (struct action){.step = xstrdup("a"),
                                    .reason = xstrdup("b"),
                                    .tz = xstrdup("c"),
                                    .merged_into = xstrdup("d"),
                                    .outcome = xstrdup("e"),
                                    .note = xstrdup("f"),
                                    .done_by = xstrdup("g")};
    actions_fini(&list);
    assert_null(list.v);
    assert_int_equal(list.n, 0);
    actions_fini(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(channels),
        cmocka_unit_test(states),
        cmocka_unit_test(causes),
        cmocka_unit_test(kinds),
        cmocka_unit_test(what_an_answer_means),
        cmocka_unit_test(roles),
        cmocka_unit_test(ids_as_people_see_and_type_them),
        cmocka_unit_test(what_is_owned_is_freed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
