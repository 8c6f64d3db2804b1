/* The store's verbs for settings, playbooks, trips and actions: what is written is read back. People
 * are in test_people.c, the lists in test_lists.c, opening and transactions in test_open.c, the
 * engine's verbs in test_engine.c, the rules of the schema in test_schema.c. */
#include "bench.h"

/* ---- settings and playbooks ---- */

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
    const struct playbook *playbook, *once_more = NULL;
    assert_ok(store_playbook_get(b->store, 2, &playbook, &err));
    assert_string_equal(playbook->name, "two");
    assert_int_equal(playbook->n_steps, 1);
    assert_ok(store_playbook_get(b->store, 2, &once_more, &err));
    assert_ptr_equal(once_more, playbook); /* read once */
    assert_ok(store_playbook_read(b->store, BODY("two"), sizeof BODY("two") - 1, "x", &once_more, &err));
    assert_ptr_equal(once_more, playbook);
    assert_fails(store_playbook_read(b->store, BODY("two") "\0", sizeof BODY("two"), "x", &once_more, &err),
                 RC_INVALID, NULL);
    assert_fails(store_playbook_get(b->store, 3, &playbook, &err), RC_NOTFOUND,
                 "there is no playbook version 3");
    assert_ok(store_playbook_put(b->store, "[]", NOW, &again, &err));
    assert_fails(store_playbook_get(b->store, again, &playbook, &err), RC_INVALID,
                 "playbook version 3:1:1: the playbook must be an object: { … }");
    assert_ptr_equal(playbook, once_more);
}

static void a_playbook_that_was_rolled_back_is_not_kept(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t version, again;
    const struct playbook *first, *second;
    assert_ok(store_begin(b->store, &err));
    assert_ok(store_playbook_put(b->store, BODY("first"), NOW, &version, &err));
    assert_ok(store_playbook_get(b->store, version, &first, &err));
    store_rollback(b->store);
    assert_fails(store_playbook_get(b->store, version, &second, &err), RC_NOTFOUND,
                 "there is no playbook version 1");
    assert_ok(store_playbook_put(b->store, BODY("second"), NOW, &again, &err));
    assert_int_equal(again, version);
    assert_ok(store_playbook_get(b->store, again, &second, &err));
    assert_string_equal(second->name, "second");
    assert_string_equal(first->name, "first"); /* who holds it may go on */
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
    char zone[] = "Europe/Samara", product[] = "mass";
    struct occasion t = {.client_id = client,
                         .title = destination,
                         .departure_tz = zone,
                         .product = product,
                         .adults = 2,
                         .children = 1,
                         .manager_id = anna,
                         .playbook_version = version,
                         .note = note,
                         .ended = true,
                         .end_reason = reason,
                         .created_at = NOW};
    occasion_clear_dates(&t);
    t.when[ANCHOR_PURCHASE].day = day("2026-12-01");
    t.when[ANCHOR_DEPARTURE] = when("2026-12-10 06:40");
    t.when[ANCHOR_RETURN] = when("2026-12-20");
    t.when[ANCHOR_VISIT] = when("2026-12-23 15:00");
    struct occasion got = {0};
    assert_ok(store_occasion_add(b->store, &t, &id, &err));
    assert_ok(store_occasion_get(b->store, id, &got, &err));
    assert_int_equal(got.id, id);
    assert_int_equal(got.client_id, client);
    assert_int_equal(got.kind, KIND_TRIP);
    assert_string_equal(got.title, destination);
    assert_string_equal(got.departure_tz, zone);
    assert_string_equal(got.product, product);
    assert_int_equal(got.adults, 2);
    assert_int_equal(got.children, 1);
    assert_int_equal(got.when[ANCHOR_PURCHASE].day, t.when[ANCHOR_PURCHASE].day);
    assert_int_equal(got.when[ANCHOR_DEPARTURE].day, t.when[ANCHOR_DEPARTURE].day);
    assert_int_equal(got.when[ANCHOR_DEPARTURE].minute, 6 * 60 + 40);
    assert_int_equal(got.when[ANCHOR_RETURN].day, t.when[ANCHOR_RETURN].day);
    assert_int_equal(got.when[ANCHOR_RETURN].minute, MINUTE_NONE);
    assert_int_equal(got.when[ANCHOR_VISIT].day, t.when[ANCHOR_VISIT].day);
    assert_int_equal(got.when[ANCHOR_VISIT].minute, 15 * 60);
    assert_int_equal(got.manager_id, anna);
    assert_int_equal(got.playbook_version, version);
    assert_string_equal(got.note, note);
    assert_true(got.ended);
    assert_string_equal(got.end_reason, reason);
    assert_int_equal(got.created_at, NOW);

    got.ended = false;
    got.adults = got.children = 0;
    got.manager_id = 0;
    got.when[ANCHOR_VISIT] = (struct civil){CIVIL_NONE, MINUTE_NONE};
    got.when[ANCHOR_DEPARTURE] = when("2199-12-31 00:00");
    got.when[ANCHOR_RETURN] = when("2199-12-31 23:59");
    free(got.end_reason);
    got.end_reason = NULL;
    assert_ok(store_occasion_update(b->store, &got, &err));
    occasion_fini(&got);
    assert_ok(store_occasion_get(b->store, id, &got, &err));
    assert_false(got.ended);
    assert_int_equal(got.adults, 0);
    assert_int_equal(got.children, 0);
    assert_null(got.end_reason);
    assert_int_equal(got.manager_id, 0);
    assert_int_equal(got.when[ANCHOR_VISIT].day, CIVIL_NONE);
    assert_int_equal(got.when[ANCHOR_DEPARTURE].day, CIVIL_MAX);
    assert_int_equal(got.when[ANCHOR_DEPARTURE].minute, 0);
    occasion_fini(&got);

    t.client_id = 99;
    assert_fails(store_occasion_add(b->store, &t, &id, &err), RC_REJECTED, NULL);
    assert_fails(store_occasion_get(b->store, 99, &got, &err), RC_NOTFOUND,
                 "there is nothing with the number 99: look for it with pps find");

    int64_t early = add_trip(b, client, "2026-11-05", "2026-11-06", 0);
    (void)add_trip(b, add_client(b, "Анна", "+1", NULL), "2026-11-05", "2026-11-06", 0);
    struct occasion_list list = {0};
    assert_ok(store_occasions_of_client(b->store, client, &list, &err));
    assert_int_equal(list.n, 2);
    assert_int_equal(list.v[0].id, early); /* by departure */
    assert_int_equal(list.v[1].id, id);
    occasion_list_fini(&list);
    assert_ok(store_occasions_of_client(b->store, 99, &list, &err));
    assert_int_equal(list.n, 0);
}

static void a_trip_with_everything_around_it(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t client = add_client(b, "Мария", "+7903", NULL);
    int64_t anna = add_staff(b, "anna", "Анна", ROLE_MANAGER);
    int64_t occasion = add_trip(b, client, "2026-12-10", "2026-12-20", anna);
    (void)add_call(b, occasion, "preflight", "2026-12-09 10:00");
    (void)add_call(b, occasion, "office-call", "2026-12-22 11:00");
    struct occasion_file file = {0};
    assert_ok(store_occasion_file(b->store, occasion, &file, &err));
    assert_int_equal(file.occasion.id, occasion);
    assert_string_equal(file.client.name, "Мария");
    assert_string_equal(file.manager.login, "anna");
    assert_int_equal(file.playbook->n_steps, 1);
    assert_int_equal(file.actions.n, 2);
    assert_string_equal(file.actions.v[0].step, "preflight");
    occasion_file_fini(&file);
    assert_null(file.actions.v);

    int64_t of_nobody = add_trip(b, client, "2026-12-11", "2026-12-20", 0);
    assert_ok(store_occasion_file(b->store, of_nobody, &file, &err));
    assert_int_equal(file.manager.id, 0);
    assert_null(file.manager.login);
    assert_int_equal(file.actions.n, 0);
    occasion_file_fini(&file);

    assert_fails(store_occasion_file(b->store, 99, &file, &err), RC_NOTFOUND,
                 "there is nothing with the number 99: look for it with pps find");
    raw(b->path, "UPDATE playbook SET body = '{}'");
    assert_fails(store_occasion_file(b->store, occasion, &file, &err), RC_INVALID, NULL);
    assert_null(file.actions.v);
}

/* ---- actions ---- */

static void actions_are_read_back(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t occasion =
        add_trip(b, add_client(b, "Мария", "+7903", NULL), "2026-12-10", "2026-12-20", 0);
    struct action a = sms_due(occasion, "packing", "2026-12-03 10:00"), got = {0};
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
    assert_int_equal(got.occasion_id, occasion);
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
    assert_ok(store_action_by_step(b->store, occasion, "packing", 2, &got, &err));
    assert_int_equal(got.id, id);
    action_fini(&got);
    char *line = xasprintf("number %lld has no step \"packing\"", (long long)occasion);
    assert_fails(store_action_by_step(b->store, occasion, "packing", 0, &got, &err), RC_NOTFOUND,
                 line);
    free(line);
    assert_fails(store_action_by_step(b->store, occasion + 1, "packing", 2, &got, &err), RC_NOTFOUND,
                 NULL);

    /* By due time, whatever the order of entry. */
    int64_t late = add_call(b, occasion, "office-call", "2026-12-22 11:00");
    struct action early = sms_due(occasion, "thank-you", "2026-12-01 14:00");
    int64_t first = add_action(b, &early);
    struct actions list = {0};
    assert_ok(store_actions_of_occasion(b->store, occasion, &list, &err));
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
    int64_t occasion =
        add_trip(b, add_client(b, "Мария", "+7903", NULL), "2026-12-10", "2026-12-20", 0);
    int64_t id = add_call(b, occasion, "preflight", "2026-12-09 10:00");
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
    int64_t occasion =
        add_trip(b, add_client(b, "Мария", "+7903", NULL), "2026-12-10", "2026-12-20", 0);
    int64_t id = add_call(b, occasion, "preflight", "2026-12-09 10:00");
    struct action a = {0};
    struct occasion t = {0};
    struct client c = {0};
    struct staff s = {0};
    const struct playbook *playbook;
    (void)add_staff(b, "anna", "Анна", ROLE_MANAGER);
    assert_int_equal(store_action_get(b->store, id, &a, &err), RC_OK);
    action_fini(&a);
    assert_int_equal(store_action_by_step(b->store, occasion, "preflight", 0, &a, &err), RC_OK);
    action_fini(&a);
    assert_int_equal(store_occasion_get(b->store, occasion, &t, &err), RC_OK);
    assert_int_equal(store_client_get(b->store, t.client_id, &c, &err), RC_OK);
    assert_int_equal(store_playbook_get(b->store, t.playbook_version, &playbook, &err), RC_OK);
    assert_int_equal(store_staff_by_login(b->store, "anna", &s, &err), RC_OK);
    staff_fini(&s);
    assert_int_equal(store_staff_by_role(b->store, ROLE_MANAGER, &s, &err), RC_OK);
    assert_string_equal(err.message, "before");
    staff_fini(&s);
    client_fini(&c);
    occasion_fini(&t);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(settings),
        CASE(playbooks_keep_their_versions),
        CASE(a_playbook_that_was_rolled_back_is_not_kept),
        CASE(trips_are_read_back),
        CASE(a_trip_with_everything_around_it),
        CASE(actions_are_read_back),
        CASE(an_action_is_changed_only_from_what_was_seen),
        CASE(success_leaves_the_error_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
