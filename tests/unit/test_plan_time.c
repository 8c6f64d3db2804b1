/* The planner and the passing of time: a pause that is over, a greeting among others, and dates that came back. */
#include "support.h"

#include <pps/timeline.h>

static const char text[] =
    "{\"steps\": ["
    "{\"key\": \"loyalty\", \"channel\": \"email\", \"class\": \"marketing\", \"grace\": "
    "{\"days\": 5},"
    " \"at\": {\"anchor\": \"return\", \"days\": 3, \"time\": \"10:00\"}},"
    "{\"key\": \"call\", \"channel\": \"call\", \"if_moved\": \"again\","
    " \"at\": {\"anchor\": \"departure\", \"days\": -1, \"time\": \"10:00\"}},"
    "{\"key\": \"birthday\", \"channel\": \"email\", \"series\": \"greeting\", \"greeting\": "
    "\"birthday\","
    " \"at\": {\"anchor\": \"day\", \"time\": \"10:00\"}, \"grace\": {\"days\": 1}},"
    "{\"key\": \"new-year\", \"channel\": \"email\", \"series\": \"greeting\", \"greeting\": "
    "\"new-year\","
    " \"at\": {\"anchor\": \"day\", \"time\": \"10:00\"}, \"grace\": {\"days\": 1}}],"
    "\"holidays\": {\"new-year\": \"12-31\"}}";

struct fixture {
    struct playbook playbook;
    struct workcal calendar;
    struct plan_input in;
};

static void begin(struct fixture *f, enum kind kind, const char *now)
{
    struct err err;
    assert_ok(playbook_parse(text, strlen(text), "playbook.json", &f->playbook, &err));
    f->calendar = (struct workcal){.weekdays = WORKCAL_MONDAY_TO_FRIDAY};
    f->in = (struct plan_input){.playbook = &f->playbook,
                                .kind = kind,
                                .zone = zone_named("Europe/Moscow"),
                                .calendar = &f->calendar,
                                .agency_today = day(now),
                                .has_phone = true,
                                .has_email = true,
                                .paused_until = CIVIL_NONE,
                                .now = instant("Europe/Moscow", now)};
    for (int i = 0; i < ANCHOR_COUNT; i++)
        f->in.when[i] = (struct civil){CIVIL_NONE, MINUTE_NONE};
    f->in.when[ANCHOR_PURCHASE] = when("2026-12-01");
    f->in.when[ANCHOR_DEPARTURE] = when("2026-12-10");
    f->in.when[ANCHOR_RETURN] = when("2026-12-20");
}

/* The verdict on one step; -1: it is not in the plan. hold: what keeps it back. */
static int verdict_on(const struct plan_input *in, const char *key, enum cause *ret_hold)
{
    struct plan plan;
    int verdict = -1;
    plan_make(in, &plan);
    for (size_t i = 0; i < plan.n; i++) {
        if (!str_eq(plan.items[i].step->key, key))
            continue;
        verdict = (int)plan.items[i].verdict;
        *ret_hold = plan.items[i].hold;
    }
    plan_fini(&plan);
    return verdict;
}

static void a_pause_ends(void **state)
{
    (void)state;
    static const struct {
        const char *now, *until; /* the letter is due on 23 December */
        int verdict;
        enum cause hold;
    } cases[] = {
        {"2026-12-01 12:00", NULL, PLAN_ACTIVE, CAUSE_NONE},
        {"2026-12-01 12:00", "2026-12-23", PLAN_ACTIVE, CAUSE_NONE},
        {"2026-12-01 12:00", "2026-12-24", PLAN_HELD, CAUSE_PAUSED},
        {"2026-12-23 12:00", "2026-12-24", PLAN_DROPPED, CAUSE_PAUSED}, /* what waits is held */
        {"2026-12-24 12:00", "2026-12-24", PLAN_DROPPED, CAUSE_NONE},   /* what waited may go */
        {"2026-12-25 12:00", "2026-12-24", PLAN_DROPPED, CAUSE_NONE},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct fixture f;
        enum cause hold = CAUSE_COUNT;
        begin(&f, KIND_TRIP, cases[i].now);
        f.in.paused_until = day(cases[i].until);
        int verdict = verdict_on(&f.in, "loyalty", &hold);
        if (verdict != cases[i].verdict || hold != cases[i].hold)
            fail_msg("%zu: verdict %d, hold %s", i, verdict, cause_name(hold));
        playbook_fini(&f.playbook);
    }
}

static void a_greeting_has_its_own_steps(void **state)
{
    (void)state;
    static const char *const keys[] = {"loyalty", "call", "birthday", "new-year"};
    for (size_t i = 0; i < COUNT(keys); i++) {
        struct fixture f;
        enum cause hold;
        begin(&f, KIND_GREETING, "2026-12-01 12:00");
        f.in.when[ANCHOR_DAY] = when("2026-12-31");
        f.in.greeting = "new-year";
        assert_int_equal(verdict_on(&f.in, keys[i], &hold), i == 3 ? (int)PLAN_ACTIVE : -1);
        f.in.greeting = "birthday";
        assert_int_equal(verdict_on(&f.in, keys[i], &hold), i == 2 ? (int)PLAN_ACTIVE : -1);
        playbook_fini(&f.playbook);
    }
}

static void dates_that_came_back_are_not_told_twice(void **state)
{
    (void)state;
    struct fixture f;
    enum cause hold;
    begin(&f, KIND_TRIP, "2026-12-01 12:00");
    struct plan_past past = {.step = "call", .over = true, .anchor_at = when("2026-12-08")};
    past.moved_to = (struct civil){CIVIL_NONE, MINUTE_NONE};
    f.in.past = &past;
    f.in.n_past = 1;
    assert_int_equal(verdict_on(&f.in, "call", &hold), PLAN_ACTIVE); /* once more: it moved */
    past.over = false;
    past.occurrence = 1;
    assert_int_equal(verdict_on(&f.in, "call", &hold), PLAN_ACTIVE);
    past.known = true;
    assert_int_equal(verdict_on(&f.in, "call", &hold), PLAN_DROPPED);
    playbook_fini(&f.playbook);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pause_ends),
        cmocka_unit_test(a_greeting_has_its_own_steps),
        cmocka_unit_test(dates_that_came_back_are_not_told_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
