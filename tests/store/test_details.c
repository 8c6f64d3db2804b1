/* What an occasion is about beyond its own row, as letters and scripts ask for it. */
#include "bench.h"

/* An occasion of this kind; about 0: about no trip. */
static struct occasion add_occasion(struct bench *b, int64_t client, enum kind kind, int64_t about,
                                    const char *dates)
{
    int64_t trip = add_trip(b, client, "2027-06-01", "2027-06-02", 0); /* for its playbook */
    char *sql = xasprintf("UPDATE occasion SET kind = '%s', purchase = NULL, departure = NULL, "
                          "return = NULL, about_id = nullif(%lld, 0), %s WHERE id = %lld",
                          kind_name(kind), (long long)about, dates, (long long)trip);
    raw(b->path, sql);
    free(sql);
    struct occasion o = {0};
    struct err err;
    assert_ok(store_occasion_get(b->store, trip, &o, &err));
    assert_int_equal(o.kind, kind);
    return o;
}

static void run(struct bench *b, const char *fmt, int64_t id)
{
    char *sql = xasprintf("%s%lld)", fmt, (long long)id);
    raw(b->path, sql);
    free(sql);
}

static void an_answer(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct details d;
    struct feedback f;
    int64_t client = add_client(b, "Мария", "+79031234567", NULL);
    int64_t trip = add_trip(b, client, "2026-12-10", "2026-12-20", 0);
    struct occasion first =
        add_occasion(b, client, KIND_FEEDBACK, trip, "answered = '2026-12-21 12:00'");
    struct occasion second =
        add_occasion(b, client, KIND_FEEDBACK, trip, "answered = '2026-12-25 12:00'");
    struct occasion alone =
        add_occasion(b, client, KIND_FEEDBACK, 0, "answered = '2026-12-26 12:00'");
    run(b, "INSERT INTO feedback (csat, words, source, occasion_id) VALUES (2, 'плохо', 'phone', ",
        first.id);
    run(b, "INSERT INTO feedback (nps, plus, source, occasion_id) VALUES (10, 'море', 'survey', ",
        second.id);
    run(b, "INSERT INTO feedback (nps, source, occasion_id) VALUES (0, 'survey', ", alone.id);

    /* Each goes by itself, with its trip. */
    assert_ok(store_details(b->store, &first, &d, &err));
    assert_int_equal(d.feedback.csat, 2);
    assert_int_equal(d.feedback.nps, NO_GRADE);
    assert_string_equal(d.feedback.words, "плохо");
    assert_null(d.feedback.plus);
    assert_int_equal(d.trip.id, trip);
    assert_int_equal(d.trip.when[ANCHOR_RETURN].day, day("2026-12-20"));
    assert_int_equal(d.complaint.occasion_id, 0);
    details_fini(&d);
    assert_ok(store_feedback_get(b->store, second.id, &f, &err));
    assert_int_equal(f.occasion_id, second.id);
    assert_string_equal(f.plus, "море");
    feedback_fini(&f);
    assert_ok(store_details(b->store, &alone, &d, &err));
    assert_int_equal(d.feedback.nps, 0);
    assert_int_equal(d.trip.id, 0);
    details_fini(&d);

    /* The trip has the last one about it. */
    struct occasion about = {0};
    assert_ok(store_occasion_get(b->store, trip, &about, &err));
    assert_ok(store_details(b->store, &about, &d, &err));
    assert_int_equal(d.feedback.occasion_id, second.id);
    assert_int_equal(d.trip.id, trip);
    details_fini(&d);
    err = (struct err){0};
    assert_int_equal(store_feedback_get(b->store, trip, &f, &err), RC_NOTFOUND);
    occasion_fini(&about);
    occasion_fini(&first);
    occasion_fini(&second);
    occasion_fini(&alone);
}

static void a_trip_of_which_nothing_was_said(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct details d;
    int64_t client = add_client(b, "Мария", "+79031234567", NULL);
    struct occasion trip = {0};
    assert_ok(store_occasion_get(b->store, add_trip(b, client, "2026-12-10", "2026-12-20", 0),
                                 &trip, &err));
    assert_ok(store_details(b->store, &trip, &d, &err));
    assert_int_equal(d.feedback.occasion_id, 0);
    assert_int_equal(d.trip.id, trip.id);
    details_fini(&d);
    occasion_fini(&trip);
}

static void a_complaint(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct details d;
    struct complaint c;
    int64_t client = add_client(b, "Мария", "+79031234567", NULL);
    int64_t trip = add_trip(b, client, "2026-12-10", "2026-12-20", 0);
    struct occasion o =
        add_occasion(b, client, KIND_COMPLAINT, trip, "title = 'шум', opened = '2026-12-21 12:00'");
    assert_ok(store_details(b->store, &o, &d, &err)); /* its row is not there yet */
    assert_int_equal(d.complaint.occasion_id, 0);
    details_fini(&d);
    run(b,
        "INSERT INTO complaint (source, words, cause, actions, outcome, occasion_id) VALUES "
        "('phone', 'ждали', 'трансфер', 'вернули деньги', 'возмещено', ",
        o.id);
    assert_ok(store_details(b->store, &o, &d, &err));
    assert_int_equal(d.complaint.occasion_id, o.id);
    assert_string_equal(d.complaint.source, "phone");
    assert_string_equal(d.complaint.words, "ждали");
    assert_string_equal(d.complaint.cause, "трансфер");
    assert_string_equal(d.complaint.actions, "вернули деньги");
    assert_string_equal(d.complaint.outcome, "возмещено");
    assert_int_equal(d.trip.id, trip);
    details_fini(&d);
    assert_ok(store_complaint_get(b->store, o.id, &c, &err));
    complaint_fini(&c);
    err = (struct err){0};
    assert_int_equal(store_complaint_get(b->store, trip, &c, &err), RC_NOTFOUND);
    occasion_fini(&o);
}

static void a_lost_sale(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct details d;
    int64_t client = add_client(b, "Мария", "+79031234567", NULL);
    int64_t anna = add_staff(b, "anna", "Анна", ROLE_MANAGER);
    struct occasion o = add_occasion(b, client, KIND_LOST, 0, "learned = '2026-12-21 12:00'");
    run(b, "INSERT INTO lost (reason, words, occasion_id) VALUES ('цена', 'дорого', ", o.id);
    assert_ok(store_details(b->store, &o, &d, &err));
    assert_string_equal(d.lost.reason, "цена");
    assert_null(d.lost_by);
    details_fini(&d);
    char *sql = xasprintf("UPDATE lost SET lost_by = %lld", (long long)anna);
    raw(b->path, sql);
    free(sql);
    assert_ok(store_details(b->store, &o, &d, &err));
    assert_string_equal(d.lost_by, "Анна");
    assert_string_equal(d.lost.words, "дорого");
    assert_int_equal(d.trip.id, 0);
    details_fini(&d);
    occasion_fini(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_answer, setup, teardown),
        cmocka_unit_test_setup_teardown(a_trip_of_which_nothing_was_said, setup, teardown),
        cmocka_unit_test_setup_teardown(a_complaint, setup, teardown),
        cmocka_unit_test_setup_teardown(a_lost_sale, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
