/* What people have said, in the plan: held back, put off, refused; and by whose clock people work. */
#include "support.h"

#include <pps/timeline.h>

static const char text[] =
    "{\"steps\": ["
    "{\"key\": \"letter\", \"channel\": \"email\", \"at\": {\"anchor\": \"return\", \"days\": 1, "
    "\"time\": \"10:00\"}, \"grace\": {\"days\": 5}, \"class\": \"marketing\"},"
    "{\"key\": \"preflight\", \"channel\": \"call\", \"at\": {\"anchor\": \"departure\", \"days\": "
    "-1, \"time\": \"10:00\"}, \"not_after\": {\"anchor\": \"departure\", \"time\": \"13:00\", "
    "\"minutes\": -180}, \"fallback\": {\"channel\": \"sms\", \"at\": {\"anchor\": \"departure\", "
    "\"days\": -1, \"time\": \"16:00\"}}, \"grace\": {\"days\": 1}, \"working_day\": \"earlier\"},"
    "{\"key\": \"invite\", \"title\": \"Invitation\", \"channel\": \"call\", \"invites_to\": "
    "\"visit\", \"at\": {\"anchor\": \"return\", \"days\": 2, \"time\": \"11:00\"}, "
    "\"working_day\": \"later\"},"
    "{\"key\": \"again\", \"channel\": \"call\", \"invites_to\": \"visit\", \"at\": {\"anchor\": "
    "\"return\", \"days\": 9, \"time\": \"11:00\"}},"
    "{\"key\": \"visit\", \"channel\": \"visit\", \"at\": {\"anchor\": \"visit\", \"time\": "
    "\"11:00\", \"minutes\": 0}}]}";

struct world {
    struct playbook playbook;
    struct workcal calendar;
    struct plan_input in;
    struct plan_past past;
    struct plan plan;
};

/* A trip from Thursday 10 December 2026, 18:00, to Sunday 20 December; it is 1 December. */
static void begin(struct world *w, const char *home)
{
    struct err err;
    *w = (struct world){.calendar = {.weekdays = WORKCAL_MONDAY_TO_FRIDAY}};
    assert_ok(playbook_parse(text, strlen(text), "test", &w->playbook, &err));
    w->in = (struct plan_input){
        .playbook = &w->playbook,
        .zone = zone_named(home),
        .agency_zone = zone_named("Europe/Moscow"),
        .calling = {10 * 60, 20 * 60},
        .ringing = {8 * 60, 21 * 60 + 30},
        .calendar = &w->calendar,
        .agency_today = day("2026-12-01"),
        .has_phone = true,
        .has_email = true,
        .paused_until = CIVIL_NONE,
        .now = instant("Europe/Moscow", "2026-12-01 14:00"),
        .past = &w->past,
    };
    for (int i = 0; i < ANCHOR_COUNT; i++)
        w->in.when[i] = (struct civil){CIVIL_NONE, MINUTE_NONE};
    w->in.when[ANCHOR_PURCHASE].day = day("2026-12-01");
    w->in.when[ANCHOR_DEPARTURE] = when("2026-12-10 18:00");
    w->in.when[ANCHOR_RETURN].day = day("2026-12-20");
    w->past = (struct plan_past){.anchor_at = {CIVIL_NONE, MINUTE_NONE},
                                 .moved_to = {CIVIL_NONE, MINUTE_NONE}};
}

static void people_said(struct world *w, const char *step)
{
    w->past.step = step;
    w->in.n_past = 1;
}

static const struct plan_item *item(struct world *w, const char *step)
{
    plan_fini(&w->plan);
    plan_make(&w->in, &w->plan);
    for (size_t i = 0; i < w->plan.n; i++) {
        if (str_eq(w->plan.items[i].step->key, step))
            return &w->plan.items[i];
    }
    return NULL;
}

static void end(struct world *w)
{
    plan_fini(&w->plan);
    playbook_fini(&w->playbook);
}

static void assert_at(int64_t at, const char *zone, const char *wanted)
{
    char found[CIVIL_TEXT_BYTES];
    civil_format(zone_to_local(zone_named(zone), at), found);
    assert_string_equal(found, wanted);
}

/* ---- held ---- */

static void what_a_person_holds_is_held(void **state)
{
    (void)state;
    struct world w;
    begin(&w, "Europe/Moscow");
    people_said(&w, "letter");
    w.past.held = true;
    const struct plan_item *i = item(&w, "letter");
    assert_int_equal(i->verdict, PLAN_HELD);
    assert_int_equal(i->cause, CAUSE_HELD_BY_PERSON);
    assert_int_equal(i->hold, CAUSE_HELD_BY_PERSON);
    assert_at(i->due_at, "Europe/Moscow", "2026-12-21 10:00");
    assert_true(i->expires_at > i->due_at);
    /* Also while a complaint is open; and what is due already. */
    w.in.facts = FACT_BIT(FACT_COMPLAINT);
    assert_int_equal(item(&w, "letter")->cause, CAUSE_HELD_BY_PERSON);
    w.in.now = instant("Europe/Moscow", "2026-12-22 14:00");
    i = item(&w, "letter");
    assert_int_equal(i->hold, CAUSE_HELD_BY_PERSON);
    /* What is not to be done at all is not held. */
    w.in.has_email = false;
    assert_int_equal(item(&w, "letter")->verdict, PLAN_DROPPED);
    end(&w);
    /* Work of people is not held. */
    begin(&w, "Europe/Moscow");
    people_said(&w, "invite");
    w.past.held = true;
    assert_int_equal(item(&w, "invite")->verdict, PLAN_ACTIVE);
    end(&w);
}

/* ---- refused ---- */

static void what_was_refused_is_not_asked_again(void **state)
{
    (void)state;
    struct world w;
    begin(&w, "Europe/Moscow");
    people_said(&w, "invite");
    w.past.over = w.past.refused = true;
    assert_null(item(&w, "invite"));
    const struct plan_item *i = item(&w, "again");
    assert_int_equal(i->verdict, PLAN_DROPPED);
    assert_int_equal(i->cause, CAUSE_DECLINED);
    assert_string_equal(i->reason, "the client has refused it (Invitation)");
    i = item(&w, "visit");
    assert_int_equal(i->verdict, PLAN_WAITING);
    assert_string_equal(i->reason, "the client has refused it (Invitation)");
    assert_int_equal(item(&w, "preflight")->verdict, PLAN_ACTIVE);
    /* They agreed to a day after all. */
    w.in.when[ANCHOR_VISIT] = when("2026-12-24 15:00");
    assert_int_equal(item(&w, "visit")->verdict, PLAN_ACTIVE);
    assert_int_equal(item(&w, "again")->verdict, PLAN_DROPPED);
    w.past.refused = false;
    assert_int_equal(item(&w, "again")->verdict, PLAN_ACTIVE);
    end(&w);
}

static void an_invitation_is_to_another_step_of_the_series(void **state)
{
    (void)state;
    static const struct {
        const char *step, *to;
    } rows[] = {
        {"{\"key\": \"a\", \"channel\": \"call\", \"invites_to\": \"nowhere\", \"at\": "
         "{\"anchor\": "
         "\"return\"}}",
         "1:67"},
        {"{\"key\": \"a\", \"channel\": \"call\", \"invites_to\": \"a\", \"at\": {\"anchor\": "
         "\"return\"}}",
         "1:67"},
        {"{\"key\": \"a\", \"channel\": \"email\", \"invites_to\": \"b\", \"grace\": {\"days\": "
         "1}, "
         "\"at\": {\"anchor\": \"return\"}}, {\"key\": \"b\", \"channel\": \"visit\", \"at\": "
         "{\"anchor\": \"visit\"}}",
         "1:68"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct playbook playbook;
        struct err err;
        char *json = xasprintf("{\"steps\":          [%s]}", rows[i].step);
        char *line = xasprintf("test:%s: \"invites_to\" belongs to a call, and is the key of "
                               "another step of its series",
                               rows[i].to);
        assert_fails(playbook_parse(json, strlen(json), "test", &playbook, &err), RC_INVALID, line);
        free(line);
        free(json);
    }
}

/* ---- by whose clock ---- */

static void people_work_by_the_agencys_clock(void **state)
{
    (void)state;
    static const struct {
        const char *home, *call, *cutoff, *letter; /* by the clock of Moscow */
    } rows[] = {
        {"Europe/Moscow", "2026-12-09 10:00", "2026-12-09 16:00", "2026-12-21 10:00"},
        {"Asia/Kamchatka", "2026-12-09 10:00", "2026-12-09 11:00", "2026-12-21 01:00"},
        {"Asia/Yekaterinburg", "2026-12-09 10:00", "2026-12-09 14:00", "2026-12-21 08:00"},
        {"America/New_York", "2026-12-09 16:00", "2026-12-10 00:00", "2026-12-21 18:00"},
    };
    for (size_t r = 0; r < COUNT(rows); r++) {
        struct world w;
        begin(&w, rows[r].home);
        const struct plan_item *i = item(&w, "preflight");
        assert_string_equal(zone_name(i->zone), "Europe/Moscow");
        assert_at(i->due_at, "Europe/Moscow", rows[r].call);
        assert_at(zone_to_utc(i->zone, i->local_due), "Europe/Moscow", rows[r].call);
        assert_at(i->fallback_at, "Europe/Moscow", rows[r].cutoff);
        /* Three hours before they take off, at home. */
        assert_at(i->not_after, rows[r].home, "2026-12-10 15:00");
        assert_int_equal(i->expires_at, i->not_after);
        assert_at(item(&w, "letter")->due_at, "Europe/Moscow", rows[r].letter);
        assert_string_equal(zone_name(item(&w, "letter")->zone), rows[r].home);
        end(&w);
    }
}

static void a_visit_is_at_the_office(void **state)
{
    (void)state;
    struct world w;
    begin(&w, "Asia/Kamchatka");
    w.in.when[ANCHOR_VISIT] = when("2026-12-24 15:00");
    assert_at(item(&w, "visit")->due_at, "Europe/Moscow", "2026-12-24 15:00");
    end(&w);
}

/* ---- put off ---- */

static void a_call_that_was_put_off_past_its_cut_off_comes_first(void **state)
{
    (void)state;
    struct world w;
    begin(&w, "Europe/Moscow");
    people_said(&w, "preflight");
    w.in.now = instant("Europe/Moscow", "2026-12-09 12:00");
    w.past.moved_to = when("2026-12-09 14:00");
    const struct plan_item *i = item(&w, "preflight");
    assert_true(i->moved);
    assert_at(i->due_at, "Europe/Moscow", "2026-12-09 14:00");
    assert_at(i->fallback_at, "Europe/Moscow", "2026-12-09 16:00");
    w.past.moved_to = when("2026-12-09 18:00");
    i = item(&w, "preflight");
    assert_at(i->due_at, "Europe/Moscow", "2026-12-09 18:00");
    assert_at(i->fallback_at, "Europe/Moscow", "2026-12-09 19:00");
    /* A day that a person chose holds when it has come and gone. */
    w.in.now = instant("Europe/Moscow", "2026-12-09 18:30");
    i = item(&w, "preflight");
    assert_at(i->due_at, "Europe/Moscow", "2026-12-09 18:00");
    assert_at(i->fallback_at, "Europe/Moscow", "2026-12-09 19:00");
    end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_person_holds_is_held),
        cmocka_unit_test(what_was_refused_is_not_asked_again),
        cmocka_unit_test(an_invitation_is_to_another_step_of_the_series),
        cmocka_unit_test(people_work_by_the_agencys_clock),
        cmocka_unit_test(a_visit_is_at_the_office),
        cmocka_unit_test(a_call_that_was_put_off_past_its_cut_off_comes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
