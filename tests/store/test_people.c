/* Staff and clients: what is written is read back, and clients are found by what people type. */
#include "bench.h"

/* ---- staff ---- */

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
                         .gender = GENDER_UNKNOWN,
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
    assert_int_equal(got.gender, GENDER_UNKNOWN);
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
    assert_int_equal(got.gender, GENDER_NOT_SAID);

    /* Changed as a whole; "" is nothing. */
    free(got.name);
    got.name = xstrdup("Пётр Первый");
    got.note = xstrdup("");
    got.phone = xstrdup("+359888123456");
    got.phone_wrong = true;
    got.gender = GENDER_FEMALE;
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
    assert_int_equal(got.gender, GENDER_FEMALE);
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
        {NULL, "C@B.example", 1},
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

static void what_is_too_long_is_refused(void **state)
{
    struct bench *b = *state;
    struct err err;
    enum { BYTES = 20 * 1024 * 1024 + 1 }; /* one more than it takes */
    char *name = xmalloc(BYTES + 1);
    memset(name, 'a', BYTES);
    name[BYTES] = '\0';
    char phone[] = "+7903";
    struct client c = {.name = name, .phone = phone};
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
        CASE(staff_members),   CASE(clients_are_read_back),       CASE(a_client_by_contact),
        CASE(finding_clients), CASE(what_is_too_long_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
