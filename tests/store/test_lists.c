/* The lists for people: the agenda, the checklist, the log and the counts. */
#include "bench.h"

/* The steps of an agenda, in order: "manager:step". */
static char *agenda_text(struct bench *b, const struct agenda_query *query)
{
    struct agenda agenda = {0};
    struct err err;
    assert_ok(store_agenda(b->store, query, &agenda, &err));
    struct sb sb = {0};
    for (size_t i = 0; i < agenda.n; i++)
        sb_addf(&sb, "%s%s:%s", i ? " " : "", str_or(agenda.v[i].manager, "-"),
                agenda.v[i].action.step);
    agenda_fini(&agenda);
    return sb_take(&sb);
}

static void the_agenda(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t client = add_client(b, "Мария", "+79031234567", "m@b.example");
    int64_t anna = add_staff(b, "anna", "Анна", ROLE_MANAGER);
    int64_t boris = add_staff(b, "boris", "Борис", ROLE_MANAGER);
    int64_t gone = add_staff(b, "gone", "Ушёл", ROLE_MANAGER);
    raw(b->path, "UPDATE staff SET active = 0 WHERE login = 'gone'");
    int64_t t1 = add_trip(b, client, "2026-12-10 06:40", "2026-12-20", anna);
    int64_t t2 = add_trip(b, client, "2026-12-11", "2026-12-21", boris);
    int64_t t3 = add_trip(b, client, "2026-12-12", "2026-12-22", 0);
    int64_t t4 = add_trip(b, client, "2026-12-13", "2026-12-23", gone);
    (void)add_call(b, t1, "late", "2026-12-07 10:00");
    (void)add_call(b, t1, "today-b", "2026-12-09 10:00");
    (void)add_call(b, t1, "today-a", "2026-12-09 09:59");
    (void)add_call(b, t1, "last-minute", "2026-12-09 23:59");
    (void)add_call(b, t1, "tomorrow", "2026-12-10 00:00");
    (void)add_call(b, t2, "of-boris", "2026-12-09 08:00");
    (void)add_call(b, t3, "of-nobody", "2026-12-09 12:00");
    (void)add_call(b, t4, "of-one-who-left", "2026-12-09 11:00");
    struct action message = sms_due(t1, "message", "2026-12-09 12:00");
    (void)add_action(b, &message);
    static const char *const reds[][2] = {
        {"failed", "claimed failed"},
        {"in-doubt", "claimed at_risk in_doubt"},
        {"missed", "missed"},
        {"held", "held"},
        {"sent", "claimed at_risk sent"},
        {"dropped", "cancelled"},
    };
    for (size_t i = 0; i < COUNT(reds); i++) {
        struct action a = sms_due(t1, reds[i][0], "2026-12-20 12:00"); /* even when not yet due */
        a.local_due.minute = (int16_t)(a.local_due.minute + (int16_t)i);
        set_state(b, add_action(b, &a), reds[i][1], "why");
    }
    /* Of a cancelled trip only a doubt is left: somebody may have got that message. */
    int64_t t5 = add_trip(b, client, "2026-12-14", "2026-12-24", boris);
    struct action of_cancelled = sms_due(t5, "missed-of-cancelled", "2026-12-08 12:00");
    set_state(b, add_action(b, &of_cancelled), "missed", "");
    of_cancelled = sms_due(t5, "doubt-of-cancelled", "2026-12-08 12:00");
    set_state(b, add_action(b, &of_cancelled), "claimed at_risk in_doubt", "");
    raw(b->path, "UPDATE occasion SET ended = 1 WHERE departure = '2026-12-14'");
    int64_t done = add_call(b, t1, "done", "2026-12-08 10:00");
    set_state(b, done, "done", "");

    static const struct {
        const char *about;
        struct agenda_query query;
        const char *mine; /* whose; NULL: everybody's */
        const char *expected;
    } cases[] = {
        {"everything of today and before, and what is red",
         {.red_only = false},
         NULL,
         "-:of-one-who-left -:of-nobody anna:late anna:today-a anna:today-b anna:message "
         "anna:last-minute anna:failed anna:in-doubt anna:missed anna:held "
         "boris:doubt-of-cancelled boris:of-boris"},
        {"red only",
         {.red_only = true},
         NULL,
         "anna:late anna:failed anna:in-doubt anna:missed anna:held boris:doubt-of-cancelled"},
        {"people's work",
         {.human_only = true},
         NULL,
         "-:of-one-who-left -:of-nobody anna:late anna:today-a anna:today-b anna:last-minute "
         "boris:of-boris"},
        {"people's work of one", {.human_only = true}, "boris", "boris:of-boris"},
        {"red of another", {.red_only = true}, "boris", "boris:doubt-of-cancelled"},
        {"red of people's work", {.red_only = true, .human_only = true}, "anna", "anna:late"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct agenda_query query = cases[i].query;
        query.today = day("2026-12-09");
        query.manager_id = cases[i].mine == NULL            ? 0
                           : str_eq(cases[i].mine, "boris") ? boris
                                                            : anna;
        char *got = agenda_text(b, &query);
        if (!str_eq(got, cases[i].expected))
            fail_msg("%s:\n%s\n%s", cases[i].about, got, cases[i].expected);
        free(got);
    }

    /* Each row with what a caller needs. */
    struct agenda agenda = {0};
    struct agenda_query query = {.today = day("2026-12-07"), .human_only = true};
    assert_ok(store_agenda(b->store, &query, &agenda, &err));
    assert_int_equal(agenda.n, 1);
    assert_int_equal(agenda.v[0].client_id, client);
    assert_string_equal(agenda.v[0].client_name, "Мария");
    assert_string_equal(agenda.v[0].client_phone, "+79031234567");
    assert_string_equal(agenda.v[0].client_email, "m@b.example");
    assert_null(agenda.v[0].title);
    assert_int_equal(agenda.v[0].departure.minute, 6 * 60 + 40);
    assert_int_equal(agenda.v[0].return_.day, day("2026-12-20"));
    assert_int_equal(agenda.v[0].playbook_version, 1);
    assert_int_equal(agenda.v[0].action.local_due.day, day("2026-12-07"));
    agenda_fini(&agenda);
    assert_null(agenda.v);
}

static void the_checklist_of_trips(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t client = add_client(b, "Мария", "+7903", NULL);
    int64_t anna = add_staff(b, "anna", "Анна", ROLE_MANAGER);
    int64_t open = add_trip(b, client, "2026-11-10", "2026-11-12", anna); /* long back, open call */
    (void)add_call(b, open, "office-call", "2026-11-14 11:00");
    int64_t red = add_trip(b, client, "2026-11-11", "2026-11-13", 0); /* long back, red */
    struct action failed = sms_due(red, "x", "2026-11-13 12:00");
    set_state(b, add_action(b, &failed), "claimed failed", "");
    int64_t over = add_trip(b, client, "2026-11-12", "2026-11-14", anna); /* long back, all done */
    struct action sent = sms_due(over, "x", "2026-11-13 12:00");
    set_state(b, add_action(b, &sent), "claimed at_risk sent", "");
    int64_t recent = add_trip(b, client, "2026-11-13 23:00", "2026-12-01 00:30", 0);
    int64_t cancelled = add_trip(b, client, "2026-12-20", "2026-12-25", anna);
    (void)add_call(b, cancelled, "preflight", "2026-12-19 10:00");
    raw(b->path, "UPDATE occasion SET ended = 1 WHERE departure = '2026-12-20'");

    const struct {
        const char *about;
        struct checklist_query query;
        int64_t wanted[4];
    } cases[] = {
        {"all",
         {.soon = CIVIL_MAX, .since = day("2026-12-01"), .from = CIVIL_NONE, .to = CIVIL_NONE},
         {open, red, recent}},
        {"since later",
         {.soon = CIVIL_MAX, .since = day("2026-12-02"), .from = CIVIL_NONE, .to = CIVIL_NONE},
         {open, red}},
        {"of one",
         {.soon = CIVIL_MAX, .since = day("2026-12-01"), .manager_id = anna, .from = CIVIL_NONE, .to = CIVIL_NONE},
         {open}},
        {"until a day with its hours",
         {.soon = CIVIL_MAX, .since = day("2026-12-01"), .from = CIVIL_NONE, .to = day("2026-11-13")},
         {open, red, recent}},
        {"until the day before",
         {.soon = CIVIL_MAX, .since = day("2026-12-01"), .from = CIVIL_NONE, .to = day("2026-11-12")},
         {open, red}},
        {"from a day",
         {.soon = CIVIL_MAX, .since = day("2026-12-01"), .from = day("2026-11-11"), .to = CIVIL_MAX},
         {red, recent}},
        {"with what is due so soon",
         {.soon = day("2026-11-15"), .since = day("2026-12-01"), .from = CIVIL_NONE, .to = CIVIL_NONE},
         {open, red, recent}},
        {"with nothing that is due so soon",
         {.soon = day("2026-11-14"), .since = day("2026-12-01"), .from = CIVIL_NONE, .to = CIVIL_NONE},
         {red, recent}},
        {"everything ever",
         {.soon = CIVIL_MAX, .since = CIVIL_MIN, .from = CIVIL_NONE, .to = CIVIL_NONE},
         {open, red, over, recent}},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct occasion_list list = {0};
        assert_ok(store_checklist(b->store, &cases[i].query, &list, &err));
        size_t n = 0;
        while (n < COUNT(cases[i].wanted) && cases[i].wanted[n] != 0)
            n++;
        if (list.n != n)
            fail_msg("%s: %zu trips, wanted %zu", cases[i].about, list.n, n);
        for (size_t k = 0; k < n; k++)
            assert_int_equal(list.v[k].id, cases[i].wanted[k]);
        occasion_list_fini(&list);
    }
}

static void the_log(void **state)
{
    struct bench *b = *state;
    struct err err;
    char anna[] = "anna", tick[] = "tick", done[] = "done", sent[] = "sent", detail[] = "слово";
    struct audit_entry entries[] = {
        {.at = NOW, .actor = anna, .verb = done, .occasion_id = 1, .action_id = 5, .detail = detail},
        {.at = NOW + 1, .actor = tick, .verb = sent, .client_id = 7, .occasion_id = 1, .action_id = 6},
        {.at = NOW + 1, .actor = anna, .verb = sent, .occasion_id = 2},
    };
    for (size_t i = 0; i < COUNT(entries); i++)
        assert_ok(store_audit_add(b->store, &entries[i], &err));
    static const struct {
        struct audit_query query;
        const char *ids; /* the newest first */
    } cases[] = {
        {{.limit = 10}, "321"},
        {{.limit = 2}, "32"},
        {{.limit = 10, .occasion_id = 1}, "21"},
        {{.limit = 10, .action_id = 5}, "1"},
        {{.limit = 10, .client_id = 7}, "2"},
        {{.limit = 10, .actor = "anna"}, "31"},
        {{.limit = 10, .verb = "sent"}, "32"},
        {{.limit = 10, .actor = "anna", .verb = "sent"}, "3"},
        {{.limit = 10, .actor = "nobody"}, ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct audit_list list = {0};
        assert_ok(store_audit_list(b->store, &cases[i].query, &list, &err));
        struct sb ids = {0};
        for (size_t k = 0; k < list.n; k++)
            sb_addf(&ids, "%lld", (long long)list.v[k].id);
        assert_string_equal(sb_str(&ids), cases[i].ids);
        sb_fini(&ids);
        audit_list_fini(&list);
    }
    struct audit_list list = {0};
    struct audit_query first = {.limit = 1, .action_id = 5};
    assert_ok(store_audit_list(b->store, &first, &list, &err));
    assert_int_equal(list.v[0].at, NOW);
    assert_string_equal(list.v[0].actor, "anna");
    assert_string_equal(list.v[0].verb, "done");
    assert_string_equal(list.v[0].detail, "слово");
    assert_int_equal(list.v[0].client_id, 0);
    assert_int_equal(list.v[0].occasion_id, 1);
    assert_int_equal(list.v[0].action_id, 5);
    audit_list_fini(&list);
}

static void the_counts(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct store_counts n;
    assert_ok(store_counts(b->store, &n, &err));
    assert_int_equal(
        n.clients + n.occasions + n.open_actions + n.in_doubt + n.failed + n.missed + n.held, 0);
    int64_t client = add_client(b, "Мария", "+7903", NULL);
    int64_t occasion = add_trip(b, client, "2026-12-10", "2026-12-20", 0);
    static const char *const ways[] = {
        "pending",        "claimed", "claimed at_risk", "claimed at_risk in_doubt",
        "claimed failed", "missed",  "missed",          "held",
        "held",
    };
    for (size_t i = 0; i < COUNT(ways); i++) {
        char step[] = {(char)('a' + i), '\0'};
        struct action a = sms_due(occasion, step, "2026-12-09 10:00");
        int64_t id = add_action(b, &a);
        if (i > 0)
            set_state(b, id, ways[i], "");
    }
    assert_ok(store_counts(b->store, &n, &err));
    assert_int_equal(n.clients, 1);
    assert_int_equal(n.occasions, 1);
    assert_int_equal(n.open_actions, 3);
    assert_int_equal(n.in_doubt, 1);
    assert_int_equal(n.failed, 1);
    assert_int_equal(n.missed, 2);
    assert_int_equal(n.held, 2);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(the_agenda),
        CASE(the_checklist_of_trips),
        CASE(the_log),
        CASE(the_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
