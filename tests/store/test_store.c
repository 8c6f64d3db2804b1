/* The store's verbs: what is written is read back, and what the lists for people find. Opening and
 * transactions are in test_open.c, the engine's verbs in test_engine.c, the rules of the schema in
 * test_schema.c. */
#include "bench.h"

/* ---- settings, playbooks, staff ---- */

static void settings(void **state)
{
    struct bench *b = *state;
    struct err err;
    char *value = xstrdup("x");
    free(value);
    assert_ok(store_setting_get(b->store, "last_tick_at", &value, &err));
    assert_null(value);
    assert_ok(store_setting_set(b->store, "last_tick_at", "1", &err));
    assert_ok(store_setting_set(b->store, "last_tick_at", "2", &err));
    assert_ok(store_setting_set(b->store, "другой", "'; DROP TABLE setting; --", &err));
    assert_ok(store_setting_get(b->store, "last_tick_at", &value, &err));
    assert_string_equal(value, "2");
    free(value);
    assert_ok(store_setting_get(b->store, "другой", &value, &err));
    assert_string_equal(value, "'; DROP TABLE setting; --");
    free(value);
}

static void playbooks_keep_their_versions(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t first, second, again;
#define BODY(name)                                                                                 \
    "{\"name\": \"" name "\", \"steps\": [{\"key\": \"a\", \"channel\": \"call\", "                \
    "\"at\": {\"anchor\": \"purchase\"}}]}"
    assert_ok(store_playbook_put(b->store, BODY("one"), NOW, &first, &err));
    assert_ok(store_playbook_put(b->store, BODY("two"), NOW, &second, &err));
    assert_ok(store_playbook_put(b->store, BODY("one"), NOW, &again, &err));
    assert_int_equal(first, 1);
    assert_int_equal(second, 2);
    assert_int_equal(again, 1);
    struct playbook playbook = {0};
    assert_ok(store_playbook_get(b->store, 2, &playbook, &err));
    assert_string_equal(playbook.name, "two");
    assert_int_equal(playbook.n_steps, 1);
    playbook_fini(&playbook);
    assert_fails(store_playbook_get(b->store, 3, &playbook, &err), RC_NOTFOUND,
                 "there is no playbook version 3");
    assert_ok(store_playbook_put(b->store, "[]", NOW, &again, &err));
    assert_fails(store_playbook_get(b->store, again, &playbook, &err), RC_INVALID,
                 "playbook version 3:1:1: the playbook must be an object: { … }");
    assert_null(playbook.steps);
}

static void staff_members(void **state)
{
    struct bench *b = *state;
    struct err err;
    char login[] = "anna", name[] = "Анна Петрова", position[] = "менеджер", mail[] = "a@b.example",
         phone[] = "+79031112233";
    struct staff anna = {.login = login,
                         .name = name,
                         .position = position,
                         .email = mail,
                         .phone = phone,
                         .role = ROLE_MANAGER,
                         .active = true};
    struct staff got = {0};
    int64_t id = 0;
    assert_fails(store_staff_by_login(b->store, "anna", &got, &err), RC_NOTFOUND,
                 "nobody has the login \"anna\": add people with pps staff add LOGIN --name NAME");
    assert_ok(store_staff_add(b->store, &anna, &id, &err));
    assert_ok(store_staff_get(b->store, id, &got, &err));
    assert_int_equal(got.id, id);
    assert_string_equal(got.login, login);
    assert_string_equal(got.name, name);
    assert_string_equal(got.position, position);
    assert_string_equal(got.email, mail);
    assert_string_equal(got.phone, phone);
    assert_int_equal(got.role, ROLE_MANAGER);
    assert_true(got.active);
    staff_fini(&got);

    int64_t oleg = add_staff(b, "oleg", "Олег", ROLE_DIRECTOR);
    int64_t olga = add_staff(b, "olga", "Ольга", ROLE_DIRECTOR);
    assert_ok(store_staff_by_login(b->store, "olga", &got, &err));
    assert_int_equal(got.id, olga);
    assert_null(got.position);
    assert_null(got.email);
    staff_fini(&got);

    /* The first of a role who still works here. */
    assert_ok(store_staff_by_role(b->store, ROLE_DIRECTOR, &got, &err));
    assert_int_equal(got.id, oleg);
    staff_fini(&got);
    char *sql = xasprintf("UPDATE staff SET active = 0 WHERE id = %lld", (long long)oleg);
    raw(b->path, sql);
    free(sql);
    assert_ok(store_staff_by_role(b->store, ROLE_DIRECTOR, &got, &err));
    assert_int_equal(got.id, olga);
    staff_fini(&got);
    assert_fails(store_staff_by_role(b->store, ROLE_SERVICE, &got, &err), RC_NOTFOUND,
                 "there is no active service");

    /* Changed as a whole, but for the login. */
    assert_ok(store_staff_get(b->store, oleg, &got, &err));
    assert_false(got.active);
    free(got.name);
    got.name = xstrdup("Олег Новый");
    got.role = ROLE_SERVICE;
    got.position = xstrdup("качество");
    got.email = xstrdup("o@b.example");
    got.phone = xstrdup("+7904");
    got.active = true;
    assert_ok(store_staff_update(b->store, &got, &err));
    staff_fini(&got);
    assert_ok(store_staff_by_role(b->store, ROLE_SERVICE, &got, &err));
    assert_int_equal(got.id, oleg);
    assert_string_equal(got.login, "oleg");
    assert_string_equal(got.name, "Олег Новый");
    assert_string_equal(got.position, "качество");
    assert_string_equal(got.email, "o@b.example");
    assert_string_equal(got.phone, "+7904");
    assert_true(got.active);
    got.role = ROLE_DIRECTOR;
    got.active = false;
    assert_ok(store_staff_update(b->store, &got, &err));
    staff_fini(&got);

    struct staff_list list = {0};
    assert_ok(store_staff_list(b->store, &list, &err));
    assert_int_equal(list.n, 3);
    assert_string_equal(list.v[0].login, "anna"); /* who works here first, by login */
    assert_string_equal(list.v[1].login, "olga");
    assert_string_equal(list.v[2].login, "oleg");
    assert_false(list.v[2].active);
    staff_list_fini(&list);
    assert_null(list.v);

    assert_fails(store_staff_by_login(b->store, "ana", &got, &err), RC_NOTFOUND,
                 "nobody has the login \"ana\": did you mean anna?");
    assert_fails(store_staff_by_login(b->store, "somebody", &got, &err), RC_NOTFOUND,
                 "nobody has the login \"somebody\": there are anna, olga");
    assert_fails(store_staff_by_login(b->store, "x\033[31m\n", &got, &err), RC_NOTFOUND,
                 "nobody has the login \"x\xEF\xBF\xBD[31m \": there are anna, olga");
    assert_fails(store_staff_get(b->store, 77, &got, &err), RC_NOTFOUND, "there is no such person");
    assert_fails(store_staff_add(b->store, &anna, &id, &err), RC_EXISTS, NULL);
}

/* ---- clients ---- */

static void clients_are_read_back(void **state)
{
    struct bench *b = *state;
    struct err err;
    char name[] = "Мария «Маша» O'Neill", salutation[] = "Мария Ивановна", phone[] = "+79031234567",
         email[] = "maria@b.example", lang[] = "en", tz[] = "Asia/Kamchatka",
         birthday[] = "1960-02-29", note[] = "собака Рекс\nдве строки", external[] = "CRM-7";
    struct client all = {.name = name,
                         .salutation = salutation,
                         .phone = phone,
                         .email = email,
                         .lang = lang,
                         .tz = tz,
                         .birthday = birthday,
                         .note = note,
                         .external_id = external,
                         .created_at = NOW};
    struct client got = {0};
    int64_t full = 0, bare;
    assert_ok(store_client_add(b->store, &all, &full, &err));
    assert_ok(store_client_get(b->store, full, &got, &err));
    assert_int_equal(got.id, full);
    assert_string_equal(got.name, name);
    assert_string_equal(got.salutation, salutation);
    assert_string_equal(got.phone, phone);
    assert_string_equal(got.email, email);
    assert_string_equal(got.lang, lang);
    assert_string_equal(got.tz, tz);
    assert_string_equal(got.birthday, birthday);
    assert_string_equal(got.note, note);
    assert_string_equal(got.external_id, external);
    assert_int_equal(got.created_at, NOW);
    assert_false(got.phone_wrong);
    client_fini(&got);

    bare = add_client(b, "Пётр", NULL, "p@b.example");
    assert_ok(store_client_get(b->store, bare, &got, &err));
    assert_null(got.salutation);
    assert_null(got.phone);
    assert_null(got.lang);
    assert_null(got.tz);
    assert_null(got.birthday);
    assert_null(got.note);
    assert_null(got.external_id);

    /* Changed as a whole; "" is nothing. */
    free(got.name);
    got.name = xstrdup("Пётр Первый");
    got.note = xstrdup("");
    got.phone = xstrdup("+359888123456");
    got.phone_wrong = true;
    free(got.email);
    got.email = NULL;
    assert_ok(store_client_update(b->store, &got, &err));
    client_fini(&got);
    assert_ok(store_client_get(b->store, bare, &got, &err));
    assert_string_equal(got.name, "Пётр Первый");
    assert_null(got.note);
    assert_null(got.email);
    assert_string_equal(got.phone, "+359888123456");
    assert_true(got.phone_wrong);
    client_fini(&got);

    assert_fails(store_client_get(b->store, 99, &got, &err), RC_NOTFOUND,
                 "there is no client C99: look for them with pps find");
    all.id = 0;
    assert_fails(store_client_add(b->store, &all, &full, &err), RC_EXISTS, NULL);
    struct client nobody = {.name = name};
    assert_fails(store_client_add(b->store, &nobody, &full, &err), RC_REJECTED, NULL);
}

static void a_client_by_contact(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t a = add_client(b, "Анна", "+79030000001", "a@b.example");
    int64_t c = add_client(b, "Борис", "+79030000001", "c@b.example");
    (void)add_client(b, "Вера", NULL, "v@b.example");
    static const struct {
        const char *phone, *email;
        size_t n;
    } cases[] = {
        {"+79030000001", NULL, 2}, {NULL, "c@b.example", 1}, {"+79030000001", "v@b.example", 3},
        {"+7903000000", NULL, 0},  {NULL, NULL, 0},          {"", "", 0},
        {NULL, "C@B.example", 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct client_list list = {0};
        assert_ok(store_client_by_contact(b->store, cases[i].phone, cases[i].email, &list, &err));
        assert_int_equal(list.n, cases[i].n);
        if (list.n >= 2) {
            assert_int_equal(list.v[0].id, a);
            assert_int_equal(list.v[1].id, c);
        }
        client_list_fini(&list);
    }
    struct client_list list = {0};
    assert_ok(store_client_by_external_id(b->store, "x", &list, &err));
    assert_int_equal(list.n, 0);
    assert_ok(store_client_by_external_id(b->store, NULL, &list, &err));
    assert_int_equal(list.n, 0);
}

/* Who is found: letter case, ё and е, signs of LIKE, and phone numbers as people type them. */
static void finding_clients(void **state)
{
    struct bench *b = *state;
    struct err err;
    (void)add_client(b, "Фёдор Щукин", "+79031234567", "fedor@b.example");
    (void)add_client(b, "100% скидка_да\\нет", "+359888123456", NULL);
    (void)add_client(b, "Иванова Мария", "+79039998877", "Maria.Ivanova@b.example");
    (void)add_client(b, "Иванов Пётр", NULL, "petr@b.example");
    static const struct {
        const char *words[4];
        const char *found; /* first letters of the names, by name */
    } cases[] = {
        {{"фёдор"}, "Фёдор"},
        {{"ФЕДОР"}, "Фёдор"},
        {{"Щук", "фед"}, "Фёдор"},
        {{"федор", "иван"}, ""},
        {{"иванов"}, "Иванов Иванова"},
        {{"ИВАНОВА"}, "Иванова"},
        {{"петр"}, "Иванов"},
        {{"maria.ivanova"}, "Иванова"},
        {{"B.EXAMPLE"}, "Иванов Иванова Фёдор"},
        {{"%"}, "100%"},
        {{"_"}, "100%"},
        {{"\\"}, "100%"},
        {{"100%_"}, ""},
        {{"а_да"}, "100%"},
        {{"а%да"}, ""},
        {{"да\\нет"}, "100%"},
        {{"да_нет"}, ""},
        {{"' OR 1=1 --"}, ""},
        {{"+79031234567"}, "Фёдор"},
        {{"8 903 123-45-67"}, "Фёдор"},
        {{"8(903)1234567"}, "Фёдор"},
        {{"7 (903) 123 45 67"}, "Фёдор"},
        {{"903 123"}, "Фёдор"},
        {{"123-45-67"}, "Фёдор"},
        {{"4567"}, "Фёдор"},
        {{"0888 123 456"}, "100%"},
        {{"+359 888"}, "100%"},
        {{"903"}, "Иванова Фёдор"},
        {{"иванова", "999"}, "Иванова"},
        {{"и", "в", "м", "а"}, "Иванова"},
        {{NULL}, "100% Иванов Иванова Фёдор"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t n = 0;
        while (n < COUNT(cases[i].words) && cases[i].words[n] != NULL)
            n++;
        struct client_list list = {0};
        assert_ok(store_client_find(b->store, cases[i].words, n, 50, &list, &err));
        struct sb found = {0};
        for (size_t k = 0; k < list.n; k++)
            sb_addf(&found, "%s%.*s", k ? " " : "", (int)strcspn(list.v[k].name, " "),
                    list.v[k].name);
        if (!str_eq(sb_str(&found), cases[i].found))
            fail_msg("%s %s: found \"%s\", wanted \"%s\"", str_or(cases[i].words[0], "nothing"),
                     str_or(cases[i].words[1], ""), sb_str(&found), cases[i].found);
        sb_fini(&found);
        client_list_fini(&list);
    }
    struct client_list list = {0};
    assert_ok(store_client_find(b->store, NULL, 0, 2, &list, &err));
    assert_int_equal(list.n, 2); /* the limit */
    client_list_fini(&list);
    /* What is found follows what is changed. */
    struct client c = {0};
    assert_ok(store_client_get(b->store, 1, &c, &err));
    free(c.name);
    c.name = xstrdup("Теодор");
    assert_ok(store_client_update(b->store, &c, &err));
    client_fini(&c);
    static const char *const theodor[] = {"теодор"}, *const fedor[] = {"фёдор щ"};
    assert_ok(store_client_find(b->store, theodor, 1, 9, &list, &err));
    assert_int_equal(list.n, 1);
    client_list_fini(&list);
    assert_ok(store_client_find(b->store, fedor, 1, 9, &list, &err));
    assert_int_equal(list.n, 0);
    client_list_fini(&list);
}

/* ---- trips ---- */

static void trips_are_read_back(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t client = add_client(b, "Мария", "+7903", NULL);
    int64_t anna = add_staff(b, "anna", "Анна", ROLE_MANAGER);
    char destination[] = "Анталья", note[] = "номер с видом", reason[] = "болезнь";
    int64_t version, id = 0;
    assert_ok(store_playbook_put(b->store, "{}", NOW, &version, &err));
    struct trip t = {.client_id = client,
                     .destination = destination,
                     .purchase = day("2026-12-01"),
                     .departure = when("2026-12-10 06:40"),
                     .return_ = when("2026-12-20"),
                     .visit = when("2026-12-23 15:00"),
                     .manager_id = anna,
                     .playbook_version = version,
                     .note = note,
                     .cancelled = true,
                     .cancel_reason = reason,
                     .created_at = NOW};
    struct trip got = {0};
    assert_ok(store_trip_add(b->store, &t, &id, &err));
    assert_ok(store_trip_get(b->store, id, &got, &err));
    assert_int_equal(got.id, id);
    assert_int_equal(got.client_id, client);
    assert_string_equal(got.destination, destination);
    assert_int_equal(got.purchase, t.purchase);
    assert_int_equal(got.departure.day, t.departure.day);
    assert_int_equal(got.departure.minute, 6 * 60 + 40);
    assert_int_equal(got.return_.day, t.return_.day);
    assert_int_equal(got.return_.minute, MINUTE_NONE);
    assert_int_equal(got.visit.day, t.visit.day);
    assert_int_equal(got.visit.minute, 15 * 60);
    assert_int_equal(got.manager_id, anna);
    assert_int_equal(got.playbook_version, version);
    assert_string_equal(got.note, note);
    assert_true(got.cancelled);
    assert_string_equal(got.cancel_reason, reason);
    assert_int_equal(got.created_at, NOW);

    got.cancelled = false;
    got.manager_id = 0;
    got.visit = (struct civil){CIVIL_NONE, MINUTE_NONE};
    got.departure = when("2199-12-31 00:00");
    got.return_ = when("2199-12-31 23:59");
    free(got.cancel_reason);
    got.cancel_reason = NULL;
    assert_ok(store_trip_update(b->store, &got, &err));
    trip_fini(&got);
    assert_ok(store_trip_get(b->store, id, &got, &err));
    assert_false(got.cancelled);
    assert_null(got.cancel_reason);
    assert_int_equal(got.manager_id, 0);
    assert_int_equal(got.visit.day, CIVIL_NONE);
    assert_int_equal(got.departure.day, CIVIL_MAX);
    assert_int_equal(got.departure.minute, 0);
    trip_fini(&got);

    t.client_id = 99;
    assert_fails(store_trip_add(b->store, &t, &id, &err), RC_REJECTED, NULL);
    assert_fails(store_trip_get(b->store, 99, &got, &err), RC_NOTFOUND,
                 "there is no trip T99: look for it with pps find");

    int64_t early = add_trip(b, client, "2026-11-05", "2026-11-06", 0);
    (void)add_trip(b, add_client(b, "Анна", "+1", NULL), "2026-11-05", "2026-11-06", 0);
    struct trip_list list = {0};
    assert_ok(store_trips_of_client(b->store, client, &list, &err));
    assert_int_equal(list.n, 2);
    assert_int_equal(list.v[0].id, early); /* by departure */
    assert_int_equal(list.v[1].id, id);
    trip_list_fini(&list);
    assert_ok(store_trips_of_client(b->store, 99, &list, &err));
    assert_int_equal(list.n, 0);
}

static void a_trip_with_everything_around_it(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t client = add_client(b, "Мария", "+7903", NULL);
    int64_t anna = add_staff(b, "anna", "Анна", ROLE_MANAGER);
    int64_t trip = add_trip(b, client, "2026-12-10", "2026-12-20", anna);
    (void)add_call(b, trip, "preflight", "2026-12-09 10:00");
    (void)add_call(b, trip, "office-call", "2026-12-22 11:00");
    struct trip_file file = {0};
    assert_ok(store_trip_file(b->store, trip, &file, &err));
    assert_int_equal(file.trip.id, trip);
    assert_string_equal(file.client.name, "Мария");
    assert_string_equal(file.manager.login, "anna");
    assert_int_equal(file.playbook.n_steps, 1);
    assert_int_equal(file.actions.n, 2);
    assert_string_equal(file.actions.v[0].step, "preflight");
    trip_file_fini(&file);
    assert_null(file.actions.v);

    int64_t of_nobody = add_trip(b, client, "2026-12-11", "2026-12-20", 0);
    assert_ok(store_trip_file(b->store, of_nobody, &file, &err));
    assert_int_equal(file.manager.id, 0);
    assert_null(file.manager.login);
    assert_int_equal(file.actions.n, 0);
    trip_file_fini(&file);

    assert_fails(store_trip_file(b->store, 99, &file, &err), RC_NOTFOUND,
                 "there is no trip T99: look for it with pps find");
    raw(b->path, "UPDATE playbook SET body = '{}'");
    assert_fails(store_trip_file(b->store, trip, &file, &err), RC_INVALID, NULL);
    assert_null(file.actions.v);
}

/* ---- actions ---- */

static void actions_are_read_back(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t trip =
        add_trip(b, add_client(b, "Мария", "+7903", NULL), "2026-12-10", "2026-12-20", 0);
    struct action a = sms_due(trip, "packing", "2026-12-03 10:00"), got = {0};
    char reason[] = "merged into thank-you: bought late", into[] = "thank-you",
         zone[] = "Europe/Moscow";
    a.state = STATE_CANCELLED;
    a.cause = CAUSE_MERGED;
    a.reason = reason;
    a.merged_into = into;
    a.tz = zone;
    a.occurrence = 2;
    int64_t id = add_action(b, &a);
    assert_ok(store_action_get(b->store, id, &got, &err));
    assert_int_equal(got.id, id);
    assert_int_equal(got.trip_id, trip);
    assert_string_equal(got.step, "packing");
    assert_int_equal(got.occurrence, 2);
    assert_int_equal(got.channel, CHANNEL_SMS);
    assert_int_equal(got.planned_channel, CHANNEL_SMS);
    assert_int_equal(got.state, STATE_CANCELLED);
    assert_int_equal(got.cause, CAUSE_MERGED);
    assert_string_equal(got.reason, reason);
    assert_string_equal(got.merged_into, into);
    assert_string_equal(got.tz, zone);
    assert_int_equal(got.local_due.day, day("2026-12-03"));
    assert_int_equal(got.local_due.minute, 600);
    assert_int_equal(got.due_at, a.due_at);
    assert_int_equal(got.expires_at, a.expires_at);
    assert_int_equal(got.next_attempt_at, a.next_attempt_at);
    assert_int_equal(got.fallback_at, 0);
    assert_int_equal(got.attempts, 0);
    assert_null(got.outcome);
    assert_null(got.note);
    assert_null(got.done_by);
    assert_int_equal(got.done_at, 0);
    action_fini(&got);

    assert_fails(store_action_add(b->store, &a, NOW, &id, &err), RC_EXISTS, NULL);
    assert_fails(store_action_get(b->store, 99, &got, &err), RC_NOTFOUND,
                 "there is no action A99: pps timeline TRIP lists them");
    assert_ok(store_action_by_step(b->store, trip, "packing", 2, &got, &err));
    assert_int_equal(got.id, id);
    action_fini(&got);
    char *line = xasprintf("trip T%lld has no step \"packing\": pps timeline T%lld lists them",
                           (long long)trip, (long long)trip);
    assert_fails(store_action_by_step(b->store, trip, "packing", 0, &got, &err), RC_NOTFOUND, line);
    free(line);
    assert_fails(store_action_by_step(b->store, trip + 1, "packing", 2, &got, &err), RC_NOTFOUND,
                 NULL);

    /* By due time, whatever the order of entry. */
    int64_t late = add_call(b, trip, "office-call", "2026-12-22 11:00");
    struct action early = sms_due(trip, "thank-you", "2026-12-01 14:00");
    int64_t first = add_action(b, &early);
    struct actions list = {0};
    assert_ok(store_actions_of_trip(b->store, trip, &list, &err));
    assert_int_equal(list.n, 3);
    assert_int_equal(list.v[0].id, first);
    assert_int_equal(list.v[1].id, id);
    assert_int_equal(list.v[2].id, late);
    assert_int_equal(list.v[2].expires_at, 0); /* never */
    actions_fini(&list);
}

static void an_action_is_changed_only_from_what_was_seen(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t trip =
        add_trip(b, add_client(b, "Мария", "+7903", NULL), "2026-12-10", "2026-12-20", 0);
    int64_t id = add_call(b, trip, "preflight", "2026-12-09 10:00");
    struct action a = {0}, got = {0};
    assert_ok(store_action_get(b->store, id, &a, &err));
    a.fallback_channel = CHANNEL_EMAIL;
    a.fallback_at = NOW + 5;
    a.expires_at = NOW + 9;
    a.attempts = 3;
    a.cause = CAUSE_NO_ANSWER;
    a.reason = xstrdup("nobody picked up");
    a.outcome = xstrdup("no answer");
    a.note = xstrdup("перезвонить");
    a.next_attempt_at = NOW + 1;
    a.due_at = NOW + 2;
    a.local_due = when("2026-12-09 12:30");
    assert_ok(store_action_update(b->store, &a, STATE_PENDING, NOW, &err));
    a.state = STATE_DONE;
    a.done_at = NOW + 3;
    a.done_by = xstrdup("anna");
    assert_ok(store_action_update(b->store, &a, STATE_PENDING, NOW, &err));
    assert_ok(store_action_get(b->store, id, &got, &err));
    assert_int_equal(got.state, STATE_DONE);
    assert_int_equal(got.cause, CAUSE_NO_ANSWER);
    assert_int_equal(got.fallback_channel, CHANNEL_EMAIL);
    assert_int_equal(got.fallback_at, NOW + 5);
    assert_int_equal(got.expires_at, NOW + 9);
    assert_int_equal(got.attempts, 3);
    assert_string_equal(got.reason, "nobody picked up");
    assert_string_equal(got.outcome, "no answer");
    assert_string_equal(got.note, "перезвонить");
    assert_int_equal(got.next_attempt_at, NOW + 1);
    assert_int_equal(got.due_at, NOW + 2);
    assert_int_equal(got.local_due.minute, 12 * 60 + 30);
    assert_int_equal(got.done_at, NOW + 3);
    assert_string_equal(got.done_by, "anna");
    action_fini(&got);

    /* Somebody was faster. */
    char *line =
        xasprintf("action A%lld was changed by somebody else just now: look again", (long long)id);
    a.state = STATE_SKIPPED;
    assert_fails(store_action_update(b->store, &a, STATE_PENDING, NOW, &err), RC_BUSY, line);
    free(line);
    /* And the database's own rules hold here, too. */
    assert_fails(
        store_action_update(b->store, &a, STATE_DONE, NOW, &err), RC_REJECTED,
        "nothing was changed: the database refuses SQL_ACTION_UPDATE (action: this state may "
        "not follow that one); please report this");
    a.state = STATE_CLAIMED;
    assert_fails(store_action_update(b->store, &a, STATE_DONE, NOW, &err), RC_REJECTED, NULL);
    assert_ok(store_action_get(b->store, id, &got, &err));
    assert_int_equal(got.state, STATE_DONE);
    action_fini(&got);
    action_fini(&a);
}

/* On success the error is not touched. */
static void success_leaves_the_error_alone(void **state)
{
    struct bench *b = *state;
    struct err err = {"before"};
    int64_t trip =
        add_trip(b, add_client(b, "Мария", "+7903", NULL), "2026-12-10", "2026-12-20", 0);
    int64_t id = add_call(b, trip, "preflight", "2026-12-09 10:00");
    struct action a = {0};
    struct trip t = {0};
    struct client c = {0};
    struct staff s = {0};
    struct playbook playbook = {0};
    (void)add_staff(b, "anna", "Анна", ROLE_MANAGER);
    assert_int_equal(store_action_get(b->store, id, &a, &err), RC_OK);
    action_fini(&a);
    assert_int_equal(store_action_by_step(b->store, trip, "preflight", 0, &a, &err), RC_OK);
    action_fini(&a);
    assert_int_equal(store_trip_get(b->store, trip, &t, &err), RC_OK);
    assert_int_equal(store_client_get(b->store, t.client_id, &c, &err), RC_OK);
    assert_int_equal(store_playbook_get(b->store, t.playbook_version, &playbook, &err), RC_OK);
    assert_int_equal(store_staff_by_login(b->store, "anna", &s, &err), RC_OK);
    staff_fini(&s);
    assert_int_equal(store_staff_by_role(b->store, ROLE_MANAGER, &s, &err), RC_OK);
    assert_string_equal(err.message, "before");
    staff_fini(&s);
    playbook_fini(&playbook);
    client_fini(&c);
    trip_fini(&t);
}

/* ---- lists for people ---- */

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
    raw(b->path, "UPDATE trip SET cancelled = 1 WHERE departure = '2026-12-14'");
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
    assert_null(agenda.v[0].destination);
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
    raw(b->path, "UPDATE trip SET cancelled = 1 WHERE departure = '2026-12-20'");

    const struct {
        const char *about;
        struct checklist_query query;
        int64_t wanted[4];
    } cases[] = {
        {"all",
         {.since = day("2026-12-01"), .from = CIVIL_NONE, .to = CIVIL_NONE},
         {open, red, recent}},
        {"since later",
         {.since = day("2026-12-02"), .from = CIVIL_NONE, .to = CIVIL_NONE},
         {open, red}},
        {"of one",
         {.since = day("2026-12-01"), .manager_id = anna, .from = CIVIL_NONE, .to = CIVIL_NONE},
         {open}},
        {"until a day with its hours",
         {.since = day("2026-12-01"), .from = CIVIL_NONE, .to = day("2026-11-13")},
         {open, red, recent}},
        {"until the day before",
         {.since = day("2026-12-01"), .from = CIVIL_NONE, .to = day("2026-11-12")},
         {open, red}},
        {"from a day",
         {.since = day("2026-12-01"), .from = day("2026-11-11"), .to = CIVIL_MAX},
         {red, recent}},
        {"everything ever",
         {.since = CIVIL_MIN, .from = CIVIL_NONE, .to = CIVIL_NONE},
         {open, red, over, recent}},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct trip_list list = {0};
        assert_ok(store_checklist_trips(b->store, &cases[i].query, &list, &err));
        size_t n = 0;
        while (n < COUNT(cases[i].wanted) && cases[i].wanted[n] != 0)
            n++;
        if (list.n != n)
            fail_msg("%s: %zu trips, wanted %zu", cases[i].about, list.n, n);
        for (size_t k = 0; k < n; k++)
            assert_int_equal(list.v[k].id, cases[i].wanted[k]);
        trip_list_fini(&list);
    }
}

static void the_log(void **state)
{
    struct bench *b = *state;
    struct err err;
    char anna[] = "anna", tick[] = "tick", done[] = "done", sent[] = "sent", detail[] = "слово";
    struct audit_entry entries[] = {
        {.at = NOW, .actor = anna, .verb = done, .trip_id = 1, .action_id = 5, .detail = detail},
        {.at = NOW + 1, .actor = tick, .verb = sent, .client_id = 7, .trip_id = 1, .action_id = 6},
        {.at = NOW + 1, .actor = anna, .verb = sent, .trip_id = 2},
    };
    for (size_t i = 0; i < COUNT(entries); i++)
        assert_ok(store_audit_add(b->store, &entries[i], &err));
    static const struct {
        struct audit_query query;
        const char *ids; /* the newest first */
    } cases[] = {
        {{.limit = 10}, "321"},
        {{.limit = 2}, "32"},
        {{.limit = 10, .trip_id = 1}, "21"},
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
    assert_int_equal(list.v[0].trip_id, 1);
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
        n.clients + n.trips + n.open_actions + n.in_doubt + n.failed + n.missed + n.held, 0);
    int64_t client = add_client(b, "Мария", "+7903", NULL);
    int64_t trip = add_trip(b, client, "2026-12-10", "2026-12-20", 0);
    static const char *const ways[] = {
        "pending",        "claimed", "claimed at_risk", "claimed at_risk in_doubt",
        "claimed failed", "missed",  "missed",          "held",
        "held",
    };
    for (size_t i = 0; i < COUNT(ways); i++) {
        char step[] = {(char)('a' + i), '\0'};
        struct action a = sms_due(trip, step, "2026-12-09 10:00");
        int64_t id = add_action(b, &a);
        if (i > 0)
            set_state(b, id, ways[i], "");
    }
    assert_ok(store_counts(b->store, &n, &err));
    assert_int_equal(n.clients, 1);
    assert_int_equal(n.trips, 1);
    assert_int_equal(n.open_actions, 3);
    assert_int_equal(n.in_doubt, 1);
    assert_int_equal(n.failed, 1);
    assert_int_equal(n.missed, 2);
    assert_int_equal(n.held, 2);
}

static void what_is_too_long_is_refused(void **state)
{
    struct bench *b = *state;
    struct err err;
    enum { BYTES = 10 * 1024 * 1024 };
    char *name = xmalloc(BYTES + 1);
    memset(name, 'a', BYTES);
    name[BYTES] = '\0';
    struct client c = {.name = name, .phone = name};
    int64_t id = 0;
    assert_fails(store_client_add(b->store, &c, &id, &err), RC_INVALID,
                 "a value is too long for the database");
    free(name);
    /* And the statement can be used again. */
    assert_true(add_client(b, "Мария", "+7903", NULL) > 0);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(settings),
        CASE(playbooks_keep_their_versions),
        CASE(staff_members),
        CASE(clients_are_read_back),
        CASE(a_client_by_contact),
        CASE(finding_clients),
        CASE(trips_are_read_back),
        CASE(a_trip_with_everything_around_it),
        CASE(actions_are_read_back),
        CASE(an_action_is_changed_only_from_what_was_seen),
        CASE(success_leaves_the_error_alone),
        CASE(the_agenda),
        CASE(the_checklist_of_trips),
        CASE(the_log),
        CASE(the_counts),
        CASE(what_is_too_long_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
