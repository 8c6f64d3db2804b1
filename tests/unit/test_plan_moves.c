/* The planner: what a person put off, what is done again because its date moved, whose clock counts, what was sold, and
 * which steps an occasion has. */
#include "plan_known.h"

#define LETTER                                                                                     \
    "{\"key\":\"a\",\"channel\":\"email\",\"at\":{\"anchor\":\"return\",\"days\":3,"               \
    "\"time\":\"10:00\"},\"grace\":{\"days\":5}"
#define CALL                                                                                       \
    "{\"key\":\"a\",\"channel\":\"call\",\"at\":{\"anchor\":\"departure\",\"days\":-1,"            \
    "\"time\":\"10:00\"},\"working_day\":\"earlier\",\"not_after\":{\"anchor\":\"departure\","     \
    "\"minutes\":-180},\"if_late\":\"send_now\""
#define GOES "a: email 2026-12-23 10:00+03:00 until 2026-12-28 21:00+03:00\n"
#define CALLED "a: call 2026-12-09 10:00+03:00 until 2026-12-10 03:40+03:00\n"

/* What was planned of step "a" before. */
struct past_case {
    const char *about, *steps, *expected, *now, *anchor_at, *moved_to;
    bool over, approved;
    int occurrence;
    const char *dates;
    const char *missed; /* when it was due, and was not sent; NULL: it was not missed */
};

static int64_t due_of(const char *local)
{
    struct err err;
    const struct zone *zone = NULL;
    assert_int_equal(zone_find("Europe/Moscow", &zone, &err), RC_OK);
    return local == NULL ? 0 : zone_to_utc(zone, when(local));
}

static void run_past(const struct past_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct past_case *c = &cases[i];
        struct known known = {
            .about = c->about,
            .steps = c->steps,
            .expected = c->expected,
            .now = c->now,
            .dates = c->dates,
            .past = {"a", c->occurrence, c->over, when(c->anchor_at), when(c->moved_to),
                     c->approved, .missed_due = due_of(c->missed)},
        };
        run_known(&known, 1);
    }
}

static void put_off_by_a_person(void **state)
{
    (void)state;
    static const struct past_case cases[] = {
        {"later than the rule", LETTER "}",
         "a: email 2026-12-26 15:00+03:00 until 2026-12-31 21:00+03:00\n",
         .moved_to = "2026-12-26 15:00"},
        {"earlier than the rule", LETTER "}",
         "a: email 2026-12-21 15:00+03:00 until 2026-12-26 21:00+03:00\n",
         .moved_to = "2026-12-21 15:00"},
        {"at an hour when it may not go any more: the rule",
         "{\"key\":\"a\",\"channel\":\"email\",\"at\":{\"anchor\":\"return\",\"days\":3,"
         "\"time\":\"10:00\"},\"grace\":{\"days\":0}}",
         "a: email 2026-12-23 10:00+03:00 until 2026-12-23 21:00+03:00\n",
         .moved_to = "2026-12-21 21:00"},
        {"to a Sunday: a person knows", CALL "}", "a: call 2026-12-06 18:00+03:00 until 2026-12-10 03:40+03:00\n",
         .moved_to = "2026-12-06 18:00"},
        {"past the bound: the rule", CALL "}", CALLED, .moved_to = "2026-12-10 03:40"},
        {"a minute before the bound", CALL "}", "a: call 2026-12-10 03:39+03:00 until 2026-12-10 03:40+03:00\n",
         .moved_to = "2026-12-10 03:39"},
        {"it is due since yesterday and waits", CALL "}", "a: call 2026-12-05 18:00+03:00 until 2026-12-10 03:40+03:00\n",
         .moved_to = "2026-12-05 18:00", .now = "2026-12-06 12:00"},
        {"it was done then", CALL "}", "", .moved_to = "2026-12-05 18:00", .over = true},
        {"in time beyond its rule", CALL "}", "a: call 2026-12-09 18:00+03:00 until 2026-12-10 03:40+03:00\n",
         .moved_to = "2026-12-09 18:00", .now = "2026-12-09 12:00"},
    };
    run_past(cases, COUNT(cases));
}

static void what_was_missed(void **state)
{
    (void)state;
#define BACK "a: email 2026-12-23 10:00+03:00 until 2026-12-28 21:00+03:00\n"
#define GONE "a: late: dropped: its time (2026-12-23 10:00) had passed when it was planned\n"
    static const struct past_case cases[] = {
        {"it is ahead again", LETTER "}", BACK, .now = "2026-12-20 12:00",
         .missed = "2026-12-10 10:00"},
        {"its new hour has begun, and is later than the old one", LETTER "}", BACK,
         .now = "2026-12-23 12:00", .missed = "2026-12-10 10:00"},
        {"the last minute of it", LETTER "}", BACK, .now = "2026-12-28 20:59",
         .missed = "2026-12-23 09:59"},
        {"its new time has passed as well", LETTER "}", GONE, .now = "2026-12-28 21:00",
         .missed = "2026-12-10 10:00"},
        {"it is the same time", LETTER "}", GONE, .now = "2026-12-23 12:00",
         .missed = "2026-12-23 10:00"},
        {"its new time is an earlier one", LETTER "}", GONE, .now = "2026-12-23 12:00",
         .missed = "2026-12-24 10:00"},
        {"it was not missed", LETTER "}", GONE, .now = "2026-12-23 12:00"},
        {"it is over", LETTER "}", "", .now = "2026-12-23 12:00", .missed = "2026-12-10 10:00",
         .over = true},
    };
    run_past(cases, COUNT(cases));
}

/* What a person put off stays due when it is planned anew. */
static void what_was_put_off_and_is_due_stays_due(void **state)
{
    (void)state;
    struct sale weekdays = {.calendar = WEEKDAYS};
    struct workcal calendar = calendar_of(&weekdays);
    struct known known = {.past = {"a", 0, false, NOTHING_YET, when("2026-12-05 18:00"), false}};
    struct playbook playbook = playbook_of(CALL "}");
    struct plan plan;
    for (int hour = 17; hour <= 19; hour++) {
        struct plan_input in = known_input(&known, &playbook, &calendar, NULL);
        in.now = zone_to_utc(in.zone, (struct civil){day("2026-12-05"), (int16_t)(hour * 60)});
        plan_make(&in, &plan);
        assert_int_equal(plan.items[0].verdict, PLAN_ACTIVE);
        assert_int_equal(plan.items[0].late, hour > 18);
        plan_fini(&plan);
    }
    playbook_fini(&playbook);
}

static void done_again_when_its_date_moved(void **state)
{
    (void)state;
    static const struct past_case cases[] = {
        {"called for the 8th: call again", CALL ",\"if_moved\":\"again\"}",
         "a: again 1: call 2026-12-09 10:00+03:00 until 2026-12-10 03:40+03:00\n", .anchor_at = "2026-12-08 06:40",
         .over = true},
        {"only the hour is another", CALL ",\"if_moved\":\"again\"}",
         "a: again 1: call 2026-12-09 10:00+03:00 until 2026-12-10 03:40+03:00\n", .anchor_at = "2026-12-10 06:30",
         .over = true},
        {"the third time", CALL ",\"if_moved\":\"again\"}",
         "a: again 3: call 2026-12-09 10:00+03:00 until 2026-12-10 03:40+03:00\n", .anchor_at = "2026-12-08 06:40", .over = true,
         .occurrence = 2},
        {"the date is the same", CALL ",\"if_moved\":\"again\"}", "",
         .anchor_at = "2026-12-10 06:40", .over = true},
        {"its date is not known", CALL ",\"if_moved\":\"again\"}", "", .over = true},
        {"the step stays done", CALL ",\"if_moved\":\"stay\"}", "", .anchor_at = "2026-12-08 06:40",
         .over = true},
        {"not done yet: it moves", CALL ",\"if_moved\":\"again\"}", CALLED,
         .anchor_at = "2026-12-08 06:40"},
        {"the second time is not done yet: it moves", CALL ",\"if_moved\":\"again\"}",
         "a: again 1: call 2026-12-09 10:00+03:00 until 2026-12-10 03:40+03:00\n", .anchor_at = "2026-12-08 06:40",
         .occurrence = 1},
        {"moved into the past: nothing is repeated", CALL ",\"if_moved\":\"again\"}", "",
         .anchor_at = "2026-12-18 06:40", .over = true, .now = "2026-12-12 12:00"},
        {"moved to tomorrow: at once", CALL ",\"if_moved\":\"again\"}",
         "a: again 1: call 2026-12-09 12:00+03:00 until 2026-12-10 03:40+03:00"
         " | at once: its time (2026-12-09 10:00) had passed when it was planned\n",
         .anchor_at = "2026-12-18 06:40", .over = true, .now = "2026-12-09 12:00"},
        {"what was approved was the other time",
         LETTER ",\"mode\":\"approve\",\"if_moved\":\"again\"}",
         "a: held by approval: again 1: email 2026-12-23 10:00+03:00 until 2026-12-28 21:00+03:00"
         " | waits for approval\n",
         .anchor_at = "2026-12-18", .over = true, .approved = true},
        {"what was put off was the other time", CALL ",\"if_moved\":\"again\"}",
         "a: again 1: call 2026-12-09 10:00+03:00 until 2026-12-10 03:40+03:00\n", .anchor_at = "2026-12-08 06:40",
         .moved_to = "2026-12-05 18:00", .over = true},
    };
    run_past(cases, COUNT(cases));
}

#define SMS                                                                                        \
    "{\"key\":\"a\",\"channel\":\"sms\",\"at\":{\"anchor\":\"departure\",\"time\":\"08:00\"},"     \
    "\"not_after\":{\"anchor\":\"departure\",\"minutes\":-30},\"grace\":{\"days\":0}"
#define LANDED                                                                                     \
    "{\"key\":\"a\",\"channel\":\"sms\",\"at\":{\"anchor\":\"return\",\"minutes\":60,"             \
    "\"time\":\"12:00\"},\"grace\":{\"days\":0}}"
#define FLIGHT "purchase 2026-12-01, departure 2026-12-10 12:00, return 2026-12-20 18:00"

/* All are shown by the clock of Moscow; Yekaterinburg is two hours ahead, Kaliningrad one behind. */
static void whose_clock_counts(void **state)
{
    (void)state;
    static const struct known cases[] = {
        {"the flight leaves at home", SMS "}",
         "a: sms 2026-12-10 08:00+03:00 until 2026-12-10 11:30+03:00\n", .dates = FLIGHT},
        {"it leaves elsewhere, but the hours are theirs", SMS "}",
         "a: sms 2026-12-10 08:00+03:00 until 2026-12-10 09:30+03:00\n", .dates = FLIGHT,
         .starts_at = "Asia/Yekaterinburg"},
        {"the hours are those of the place", SMS ",\"zone\":\"departure\"}",
         "a: sms 2026-12-10 06:00+03:00 until 2026-12-10 09:30+03:00\n", .dates = FLIGHT,
         .starts_at = "Asia/Yekaterinburg"},
        {"a place to the west", SMS ",\"zone\":\"departure\"}",
         "a: sms 2026-12-10 09:00+03:00 until 2026-12-10 12:30+03:00\n", .dates = FLIGHT,
         .starts_at = "Europe/Kaliningrad"},
        {"no place is known", SMS ",\"zone\":\"departure\"}",
         "a: sms 2026-12-10 08:00+03:00 until 2026-12-10 11:30+03:00\n", .dates = FLIGHT},
        {"they land at home", LANDED,
         "a: sms 2026-12-20 19:00+03:00 until 2026-12-20 21:00+03:00\n", .dates = FLIGHT,
         .starts_at = "Asia/Yekaterinburg"},
        {"the shipped ones", NULL,
         "preflight: call 2026-12-09 10:00+03:00 until 2026-12-10 07:00+03:00"
         " else sms 2026-12-09 16:00+03:00\n"
         "bon-voyage: sms 2026-12-10 06:00+03:00 until 2026-12-10 09:30+03:00\n"
         "welcome-back: sms 2026-12-20 19:00+03:00 until 2026-12-20 21:30+03:00\n",
         .dates = FLIGHT, .starts_at = "Asia/Yekaterinburg"},
    };
    run_known(cases, COUNT(cases));
}

/* What people see of it is the hour of the place. */
static void the_item_says_whose_clock_it_goes_by(void **state)
{
    (void)state;
    struct sale weekdays = {.calendar = WEEKDAYS};
    struct workcal calendar = calendar_of(&weekdays);
    struct known known = {.dates = FLIGHT, .starts_at = "Asia/Yekaterinburg"};
    struct playbook playbook = playbook_of(SMS ",\"zone\":\"departure\"}");
    struct plan_input in = known_input(&known, &playbook, &calendar, NULL);
    struct plan plan;
    plan_make(&in, &plan);
    assert_string_equal(zone_name(plan.items[0].zone), "Asia/Yekaterinburg");
    assert_int_equal(plan.items[0].local_due.minute, 8 * 60);
    plan_fini(&plan);
    playbook_fini(&playbook);
}

#define SURVEY LETTER ",\"days_by_product\":{\"mass\":30,\"premium\":-2}}"

static void what_was_sold(void **state)
{
    (void)state;
    static const struct known cases[] = {
        {.about = "no product", SURVEY, GOES},
        {"a product that is not named", SURVEY, GOES, .product = "other"},
        {"a product", SURVEY, "a: email 2027-01-19 10:00+03:00 until 2027-01-24 21:00+03:00\n",
         .product = "mass"},
        {"another", SURVEY, "a: email 2026-12-18 10:00+03:00 until 2026-12-23 21:00+03:00\n",
         .product = "premium"},
        {"the shipped survey", NULL,
         "second-survey: email 2027-01-19 10:00+03:00 until 2027-02-02 21:00+03:00\n",
         .product = "mass"},
        {"the shipped survey waits for a word when the trip was dear", NULL,
         "second-survey: held by approval: email 2027-06-18 10:00+03:00 until 2027-07-02 "
         "21:00+03:00 | waits for approval\n",
         .product = "premium"},
        {.about = "the shipped survey of all others",
         NULL,
         "second-survey: email 2027-03-20 10:00+03:00 until 2027-04-03 21:00+03:00\n"},
    };
    run_known(cases, COUNT(cases));
}

#define GREETING(key, day)                                                                         \
    "{\"key\":\"" key "\",\"series\":\"greeting\",\"greeting\":\"" day "\",\"channel\":\"email\"," \
    "\"at\":{\"anchor\":\"day\",\"time\":\"10:00\"},\"grace\":{\"days\":1}}"

static void each_occasion_has_its_own_steps(void **state)
{
    (void)state;
    static const char both[] = GREETING("a", "birthday") "," GREETING("b", "easter");
    static const struct known cases[] = {
        {"a birthday", both, "a: email 2027-05-02 10:00+03:00 until 2027-05-03 21:00+03:00\n",
         .kind = KIND_GREETING, .dates = "day 2027-05-02", .greeting = "birthday"},
        {"a holiday", both, "b: email 2027-05-02 10:00+03:00 until 2027-05-03 21:00+03:00\n",
         .kind = KIND_GREETING, .dates = "day 2027-05-02", .greeting = "easter"},
        {"a holiday that nobody greets on", both, "", .kind = KIND_GREETING,
         .dates = "day 2027-05-02", .greeting = "new-year"},
        {.about = "a trip has none of it", both, ""},
        {"a lost sale has none of a trip's", LETTER "}", "", .kind = KIND_LOST,
         .dates = "learned 2026-12-01, return 2026-12-20"},
    };
    run_known(cases, COUNT(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(put_off_by_a_person),
        cmocka_unit_test(what_was_missed),
        cmocka_unit_test(what_was_put_off_and_is_due_stays_due),
        cmocka_unit_test(done_again_when_its_date_moved),
        cmocka_unit_test(whose_clock_counts),
        cmocka_unit_test(the_item_says_whose_clock_it_goes_by),
        cmocka_unit_test(what_was_sold),
        cmocka_unit_test(each_occasion_has_its_own_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
