/* What clients tell us, in the store: answers and complaints are read back, listed and counted; what was taken back is not. */
#include "bench.h"

#include <pps/store_complaint.h>
#include <pps/store_feedback.h>

static int64_t add_occasion(struct bench *b, enum kind kind, int64_t client, int64_t about,
                            const char *at, int64_t manager)
{
    struct occasion o = {.kind = kind,
                         .client_id = client,
                         .about_id = about,
                         .manager_id = manager,
                         .created_at = NOW};
    char title[] = "шум";
    struct err err;
    int64_t id = 0;
    occasion_clear_dates(&o);
    o.when[kind == KIND_FEEDBACK ? ANCHOR_ANSWERED : ANCHOR_OPENED] = when(at);
    o.title = title;
    assert_ok(store_playbook_put(b->store, "{}", NOW, &o.playbook_version, &err));
    assert_ok(store_occasion_add(b->store, &o, &id, &err));
    return id;
}

static int64_t add_answer(struct bench *b, int64_t client, int64_t about, const char *at, int csat,
                          int nps, const char *number, int64_t manager)
{
    struct feedback f = {.occasion_id = add_occasion(b, KIND_FEEDBACK, client, about, at, manager),
                         .csat = csat,
                         .nps = nps,
                         .plus = (char[]){"цветы"},
                         .source = (char[]){"survey"},
                         .external_id = (char *)(uintptr_t)number};
    struct err err;
    assert_ok(store_feedback_put(b->store, &f, &err));
    return f.occasion_id;
}

static void end(struct bench *b, int64_t id)
{
    struct occasion o;
    struct err err;
    assert_ok(store_occasion_get(b->store, id, &o, &err));
    o.ended = true;
    assert_ok(store_occasion_update(b->store, &o, &err));
    occasion_fini(&o);
}

static void an_answer_is_read_back(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct feedback f;
    int64_t maria = add_client(b, "Мария", "+7903", NULL), id = 0;
    int64_t trip = add_trip(b, maria, "2026-12-10", "2026-12-20", 0);
    int64_t first = add_answer(b, maria, trip, "2026-12-21 10:00", 1, NO_GRADE, "q-1", 0);
    int64_t second = add_answer(b, maria, trip, "2026-12-21 09:00", NO_GRADE, 0, NULL, 0);
    assert_ok(store_feedback_get(b->store, first, &f, &err));
    assert_int_equal(f.occasion_id, first);
    assert_int_equal(f.csat, 1);
    assert_int_equal(f.nps, NO_GRADE);
    assert_string_equal(f.plus, "цветы");
    assert_null(f.words);
    assert_string_equal(f.source, "survey");
    assert_string_equal(f.external_id, "q-1");
    feedback_fini(&f);
    assert_ok(store_feedback_get(b->store, second, &f, &err));
    assert_int_equal(f.csat, NO_GRADE);
    assert_int_equal(f.nps, 0);
    feedback_fini(&f);
    assert_int_equal(store_feedback_get(b->store, trip, &f, &err), RC_NOTFOUND);
    assert_ok(store_feedback_by_number(b->store, "q-1", &id, &err));
    assert_int_equal(id, first);
    assert_int_equal(store_feedback_by_number(b->store, "q-2", &id, &err), RC_NOTFOUND);
    assert_ok(store_feedback_forget_number(b->store, first, &err));
    assert_int_equal(store_feedback_by_number(b->store, "q-1", &id, &err), RC_NOTFOUND);
}

static void a_number_is_taken_once(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t maria = add_client(b, "Мария", "+7903", NULL);
    int64_t trip = add_trip(b, maria, "2026-12-10", "2026-12-20", 0);
    (void)add_answer(b, maria, trip, "2026-12-21 10:00", 5, 10, "q-1", 0);
    struct feedback f = {.csat = 4, .nps = NO_GRADE, .source = (char[]){"phone"}};
    f.occasion_id = add_occasion(b, KIND_FEEDBACK, maria, trip, "2026-12-22 10:00", 0);
    f.external_id = (char[]){"q-1"};
    assert_fails(store_feedback_put(b->store, &f, &err), RC_EXISTS, NULL);
    f.external_id = NULL;
    f.csat = 6;
    assert_fails(store_feedback_put(b->store, &f, &err), RC_REJECTED, NULL);
    f.csat = NO_GRADE; /* an answer that says nothing */
    assert_fails(store_feedback_put(b->store, &f, &err), RC_REJECTED, NULL);
}

static void the_last_answer_of_a_client(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct feedback f;
    struct civil at;
    int64_t maria = add_client(b, "Мария", "+7903", NULL);
    int64_t eva = add_client(b, "Ева", "+7904", NULL);
    int64_t one = add_trip(b, maria, "2026-12-10", "2026-12-20", 0);
    int64_t two = add_trip(b, maria, "2027-01-10", "2027-01-20", 0);
    (void)add_answer(b, eva, one, "2027-03-01 10:00", 1, 1, NULL, 0);
    assert_int_equal(store_feedback_last_of_client(b->store, maria, &f, &at, &err), RC_NOTFOUND);
    (void)add_answer(b, maria, two, "2027-01-21 10:00", 3, 3, NULL, 0);
    int64_t last = add_answer(b, maria, one, "2027-02-01 10:00", 5, 10, NULL, 0);
    assert_ok(store_feedback_last_of_client(b->store, maria, &f, &at, &err));
    assert_int_equal(f.occasion_id, last);
    assert_int_equal(f.nps, 10);
    assert_int_equal(at.day, day("2027-02-01"));
    feedback_fini(&f);
    end(b, last);
    assert_ok(store_feedback_last_of_client(b->store, maria, &f, &at, &err));
    assert_int_equal(f.nps, 3);
    feedback_fini(&f);
}

static size_t count_answers(struct bench *b, struct feedback_query query, int64_t *ret_first)
{
    struct feedback_list list;
    struct err err;
    assert_ok(store_feedback_list(b->store, &query, &list, &err));
    size_t n = list.n;
    *ret_first = n > 0 ? list.v[0].occasion.id : 0;
    feedback_list_fini(&list);
    return n;
}

static void answers_are_listed(void **state)
{
    struct bench *b = *state;
    const civil_day none = CIVIL_NONE;
    int64_t first, anna = add_staff(b, "anna", "Анна", ROLE_MANAGER);
    int64_t maria = add_client(b, "Мария", "+7903", NULL);
    int64_t trip = add_trip(b, maria, "2026-12-10", "2026-12-20", anna);
    int64_t a = add_answer(b, maria, trip, "2026-12-21 00:00", 3, 10, NULL, anna);
    int64_t c = add_answer(b, maria, trip, "2026-12-23 23:59", 4, 7, NULL, 0);
    int64_t d = add_answer(b, maria, trip, "2026-12-22 12:00", 5, 6, NULL, 0);
    int64_t gone = add_answer(b, maria, trip, "2026-12-24 12:00", 1, 1, NULL, 0);
    end(b, gone);
    assert_int_equal(count_answers(b, (struct feedback_query){none, none, 0, false}, &first), 3);
    assert_int_equal(first, c);
    assert_int_equal(count_answers(b, (struct feedback_query){none, none, 0, true}, &first), 2);
    assert_int_equal(first, d);
    assert_int_equal(count_answers(b, (struct feedback_query){none, none, anna, false}, &first), 1);
    assert_int_equal(first, a);
    struct feedback_query days = {day("2026-12-22"), day("2026-12-23"), 0, false};
    assert_int_equal(count_answers(b, days, &first), 2);
    days.from = days.to = day("2026-12-21");
    assert_int_equal(count_answers(b, days, &first), 1);
    assert_int_equal(first, a);
    days.to = CIVIL_MAX;
    assert_int_equal(count_answers(b, days, &first), 3);
}

static void trips_with_an_answer_are_counted(void **state)
{
    struct bench *b = *state;
    struct err err;
    int64_t returned, answered, anna = add_staff(b, "anna", "Анна", ROLE_MANAGER);
    int64_t maria = add_client(b, "Мария", "+7903", NULL);
    int64_t one = add_trip(b, maria, "2026-12-10", "2026-12-20 23:00", anna);
    int64_t two = add_trip(b, maria, "2027-01-10", "2027-01-20", 0);
    int64_t off = add_trip(b, maria, "2027-01-11", "2027-01-20", 0);
    (void)add_answer(b, maria, one, "2026-12-21 10:00", 5, 10, NULL, anna);
    (void)add_answer(b, maria, one, "2026-12-22 10:00", 5, 10, NULL, anna);
    end(b, add_answer(b, maria, two, "2027-01-21 10:00", 5, 10, NULL, 0));
    end(b, off);
    struct feedback_query query = {CIVIL_NONE, day("2026-12-20"), 0, false};
    assert_ok(store_trips_returned(b->store, &query, &returned, &answered, &err));
    assert_int_equal(returned, 1);
    assert_int_equal(answered, 1);
    query.to = day("2027-02-01");
    assert_ok(store_trips_returned(b->store, &query, &returned, &answered, &err));
    assert_int_equal(returned, 2);
    assert_int_equal(answered, 1);
    query.from = day("2026-12-21");
    assert_ok(store_trips_returned(b->store, &query, &returned, &answered, &err));
    assert_int_equal(returned, 1);
    assert_int_equal(answered, 0);
    query = (struct feedback_query){CIVIL_NONE, day("2027-02-01"), anna, false};
    assert_ok(store_trips_returned(b->store, &query, &returned, &answered, &err));
    assert_int_equal(returned, 1);
}

static int64_t add_complaint(struct bench *b, int64_t client, const char *at, int64_t manager,
                             const char *resolved)
{
    struct err err;
    struct complaint c = {.source = (char[]){"letter"}, .words = (char[]){"музыка"}};
    c.occasion_id = add_occasion(b, KIND_COMPLAINT, client, 0, at, manager);
    assert_ok(store_complaint_put(b->store, &c, &err));
    if (resolved != NULL) {
        struct occasion o;
        assert_ok(store_occasion_get(b->store, c.occasion_id, &o, &err));
        o.when[ANCHOR_RESOLVED] = when(resolved);
        assert_ok(store_occasion_update(b->store, &o, &err));
        occasion_fini(&o);
    }
    return c.occasion_id;
}

static void complaints_are_kept_and_listed(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct complaint c;
    struct complaint_list list;
    int64_t anna = add_staff(b, "anna", "Анна", ROLE_MANAGER);
    int64_t maria = add_client(b, "Мария", "+7903", NULL);
    int64_t settled = add_complaint(b, maria, "2026-12-01 10:00", 0, "2026-12-05 10:00");
    int64_t late = add_complaint(b, maria, "2026-12-20 10:00", anna, NULL);
    int64_t early = add_complaint(b, maria, "2026-12-10 10:00", 0, NULL);
    assert_ok(store_complaint_get(b->store, settled, &c, &err));
    assert_string_equal(c.source, "letter");
    assert_string_equal(c.words, "музыка");
    assert_null(c.cause);
    c.cause = xstrdup("отель");
    c.outcome = xstrdup("solved");
    assert_ok(store_complaint_update(b->store, &c, &err));
    complaint_fini(&c);

    struct complaint_query query = {.from = CIVIL_NONE, .to = CIVIL_NONE};
    assert_ok(store_complaint_list(b->store, &query, &list, &err));
    assert_int_equal(list.n, 3);
    assert_int_equal(list.v[0].occasion.id, early);
    assert_int_equal(list.v[1].occasion.id, late);
    assert_int_equal(list.v[2].occasion.id, settled);
    assert_string_equal(list.v[2].complaint.cause, "отель");
    assert_string_equal(list.v[1].manager, "anna");
    assert_null(list.v[0].manager);
    assert_string_equal(list.v[0].client_name, "Мария");
    complaint_list_fini(&list);

    query = (struct complaint_query){true, day("2026-12-02"), day("2026-12-20"), anna};
    assert_ok(store_complaint_list(b->store, &query, &list, &err));
    assert_int_equal(list.n, 1);
    assert_int_equal(list.v[0].occasion.id, late);
    complaint_list_fini(&list);
}

static void who_has_left_is_not_responsible(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct staff anna;
    struct complaint_list list;
    int64_t id = add_staff(b, "anna", "Анна", ROLE_MANAGER);
    (void)add_complaint(b, add_client(b, "Мария", "+7903", NULL), "2026-12-20 10:00", id, NULL);
    assert_ok(store_staff_get(b->store, id, &anna, &err));
    anna.active = false;
    assert_ok(store_staff_update(b->store, &anna, &err));
    staff_fini(&anna);
    struct complaint_query query = {.from = CIVIL_NONE, .to = CIVIL_NONE};
    assert_ok(store_complaint_list(b->store, &query, &list, &err));
    assert_int_equal(list.n, 1);
    assert_null(list.v[0].manager);
    complaint_list_fini(&list);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(an_answer_is_read_back),           TEST(a_number_is_taken_once),
        TEST(the_last_answer_of_a_client),      TEST(answers_are_listed),
        TEST(trips_with_an_answer_are_counted), TEST(complaints_are_kept_and_listed),
        TEST(who_has_left_is_not_responsible),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
