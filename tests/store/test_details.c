/* What an occasion is about beyond its own row, as letters and scripts ask for it. */
#include "bench.h"

#include <pps/store_things.h>

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
    struct known k;
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
    assert_ok(store_known(b->store, client, &first, &k, &err));
    assert_int_equal(k.about.feedback.csat, 2);
    assert_int_equal(k.about.feedback.nps, NO_GRADE);
    assert_string_equal(k.about.feedback.words, "плохо");
    assert_null(k.about.feedback.plus);
    assert_int_equal(k.about.trip.id, trip);
    assert_int_equal(k.about.trip.when[ANCHOR_RETURN].day, day("2026-12-20"));
    assert_int_equal(k.about.complaint.occasion_id, 0);
    known_fini(&k);
    assert_ok(store_feedback_get(b->store, second.id, &f, &err));
    assert_int_equal(f.occasion_id, second.id);
    assert_string_equal(f.plus, "море");
    feedback_fini(&f);
    assert_ok(store_known(b->store, client, &alone, &k, &err));
    assert_int_equal(k.about.feedback.nps, 0);
    assert_int_equal(k.about.trip.id, 0);
    known_fini(&k);

    /* The trip has the last one about it. */
    struct occasion about = {0};
    assert_ok(store_occasion_get(b->store, trip, &about, &err));
    assert_ok(store_known(b->store, client, &about, &k, &err));
    assert_int_equal(k.about.feedback.occasion_id, second.id);
    assert_int_equal(k.about.trip.id, trip);
    known_fini(&k);
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
    struct known k;
    int64_t client = add_client(b, "Мария", "+79031234567", NULL);
    struct occasion trip = {0};
    assert_ok(store_occasion_get(b->store, add_trip(b, client, "2026-12-10", "2026-12-20", 0),
                                 &trip, &err));
    assert_ok(store_known(b->store, client, &trip, &k, &err));
    assert_int_equal(k.about.feedback.occasion_id, 0);
    assert_int_equal(k.about.trip.id, trip.id);
    known_fini(&k);
    occasion_fini(&trip);
}

static void a_complaint(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct known k;
    struct complaint c;
    int64_t client = add_client(b, "Мария", "+79031234567", NULL);
    int64_t trip = add_trip(b, client, "2026-12-10", "2026-12-20", 0);
    struct occasion o =
        add_occasion(b, client, KIND_COMPLAINT, trip, "title = 'шум', opened = '2026-12-21 12:00'");
    assert_ok(store_known(b->store, client, &o, &k, &err)); /* its row is not there yet */
    assert_int_equal(k.about.complaint.occasion_id, 0);
    known_fini(&k);
    run(b,
        "INSERT INTO complaint (source, words, cause, actions, outcome, occasion_id) VALUES "
        "('phone', 'ждали', 'трансфер', 'вернули деньги', 'возмещено', ",
        o.id);
    assert_ok(store_known(b->store, client, &o, &k, &err));
    assert_int_equal(k.about.complaint.occasion_id, o.id);
    assert_string_equal(k.about.complaint.source, "phone");
    assert_string_equal(k.about.complaint.words, "ждали");
    assert_string_equal(k.about.complaint.cause, "трансфер");
    assert_string_equal(k.about.complaint.actions, "вернули деньги");
    assert_string_equal(k.about.complaint.outcome, "возмещено");
    assert_int_equal(k.about.trip.id, trip);
    known_fini(&k);
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
    struct known k;
    int64_t client = add_client(b, "Мария", "+79031234567", NULL);
    int64_t anna = add_staff(b, "anna", "Анна", ROLE_MANAGER);
    struct occasion o = add_occasion(b, client, KIND_LOST, 0, "learned = '2026-12-21 12:00'");
    run(b, "INSERT INTO lost (reason, words, occasion_id) VALUES ('цена', 'дорого', ", o.id);
    assert_ok(store_known(b->store, client, &o, &k, &err));
    assert_string_equal(k.about.lost.reason, "цена");
    assert_null(k.about.lost_by);
    known_fini(&k);
    char *sql = xasprintf("UPDATE lost SET lost_by = %lld", (long long)anna);
    raw(b->path, sql);
    free(sql);
    assert_ok(store_known(b->store, client, &o, &k, &err));
    assert_string_equal(k.about.lost_by, "Анна");
    assert_string_equal(k.about.lost.words, "дорого");
    assert_int_equal(k.about.trip.id, 0);
    known_fini(&k);
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
