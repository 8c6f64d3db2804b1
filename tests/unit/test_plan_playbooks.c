/* The planner with playbooks that agencies may write. */
#include "plan_sales.h"

/* One step by the given JSON, for a trip of 10 to 20 December bought on the 1st. */
struct custom {
    const char *about, *steps, *departure, *entered, *expected;
};

static void other_playbooks(void **state)
{
    (void)state;
    static const struct custom customs[] = {
        {"a fallback without a bound keeps the step's grace",
         "{\"key\":\"a\",\"channel\":\"call\",\"at\":{\"anchor\":\"departure\",\"days\":-1,"
         "\"time\":\"10:00\"},\"grace\":{\"days\":1,\"time\":\"18:00\"},\"fallback\":{\"channel\":"
         "\"email\",\"at\":{\"anchor\":\"departure\",\"days\":-1,\"time\":\"12:00\"}}}",
         "2026-12-10", "2026-12-01 12:00",
         "a: call 2026-12-09 10:00+03:00 until 2026-12-10 18:00+03:00 else email "
         "2026-12-09 12:00+03:00\n"},
        {"a cut-off after the bound is no cut-off",
         "{\"key\":\"a\",\"channel\":\"call\",\"at\":{\"anchor\":\"departure\",\"days\":-1,"
         "\"time\":\"10:00\"},\"not_after\":{\"anchor\":\"departure\",\"minutes\":-60},\"grace\":"
         "{\"days\":1},\"fallback\":{\"channel\":\"sms\",\"at\":{\"anchor\":\"departure\","
         "\"time\":\"09:00\"}}}",
         "2026-12-10 10:00", "2026-12-01 12:00", "a: call 2026-12-09 10:00+03:00 until 2026-12-10 09:00+03:00\n"},
        {"sent late in the evening without grace: a day, not nothing",
         "{\"key\":\"a\",\"channel\":\"sms\",\"at\":{\"anchor\":\"purchase\",\"time\":\"09:00\"},"
         "\"grace\":{\"days\":0},\"if_late\":\"send_now\"}",
         "2026-12-10", "2026-12-01 22:00",
         "a: sms 2026-12-01 22:00+03:00 until 2026-12-02 22:00+03:00"
         " | at once: its time (2026-12-01 09:00) had passed when it was planned\n"},
        {"sent late in the evening without grace: until the bound",
         "{\"key\":\"a\",\"channel\":\"sms\",\"at\":{\"anchor\":\"purchase\",\"time\":\"09:00\"},"
         "\"not_after\":{\"anchor\":\"purchase\",\"time\":\"23:00\"},"
         "\"grace\":{\"days\":0},\"if_late\":\"send_now\"}",
         "2026-12-10", "2026-12-01 22:00",
         "a: sms 2026-12-01 22:00+03:00 until 2026-12-01 23:00+03:00"
         " | at once: its time (2026-12-01 09:00) had passed when it was planned\n"},
        {"the second moment stands in when the first has gone",
         "{\"key\":\"a\",\"channel\":\"sms\",\"at\":{\"anchor\":\"purchase\",\"time\":\"09:00\"},"
         "\"or_at\":{\"anchor\":\"purchase\",\"days\":1,\"time\":\"09:30\"},\"grace\":{\"days\":2,"
         "\"time\":\"12:00\"}}",
         "2026-12-10", "2026-12-01 12:00",
         "a: sms 2026-12-02 09:30+03:00 until 2026-12-04 12:00+03:00\n"},
        {"the hour of the anchor when it is known",
         "{\"key\":\"a\",\"channel\":\"sms\",\"at\":{\"anchor\":\"departure\",\"days\":-1,"
         "\"time\":\"09:00\",\"minutes\":-90},\"grace\":{\"days\":0}}",
         "2026-12-10 01:00", "2026-12-01 12:00",
         "a: late: dropped: no time is left for it (2026-12-09 23:30 would be too late)\n"},
        {"the hour of the anchor when it is not",
         "{\"key\":\"a\",\"channel\":\"sms\",\"at\":{\"anchor\":\"departure\",\"days\":-1,"
         "\"time\":\"09:00\",\"minutes\":-90},\"grace\":{\"days\":0}}",
         "2026-12-10", "2026-12-01 12:00",
         "a: sms 2026-12-09 09:00+03:00 until 2026-12-09 21:00+03:00\n"},
        {"what merges into a dropped step has its own policy",
         "{\"key\":\"a\",\"channel\":\"email\",\"at\":{\"anchor\":\"purchase\",\"time\":\"09:00\"},"
         "\"grace\":{\"days\":0}},{\"key\":\"b\",\"channel\":\"email\",\"at\":{\"anchor\":"
         "\"purchase\",\"time\":\"10:00\"},\"grace\":{\"days\":3},\"if_late\":\"merge\","
         "\"merge_into\":\"a\"}",
         "2026-12-10", "2026-12-01 12:00",
         "a: late: dropped: its time (2026-12-01 09:00) had passed when it was planned\n"
         "b: email 2026-12-01 12:00+03:00 until 2026-12-04 21:00+03:00"
         " | at once: its time (2026-12-01 10:00) had passed when it was planned\n"},
        {"what never has time is merged at once, whenever the trip begins",
         "{\"key\":\"a\",\"channel\":\"email\",\"at\":{\"anchor\":\"purchase\"},"
         "\"grace\":{\"days\":1}},{\"key\":\"b\",\"channel\":\"email\",\"at\":{\"anchor\":"
         "\"purchase\","
         "\"days\":30,\"time\":\"10:00\"},\"not_after\":{\"anchor\":\"departure\"},\"grace\":{"
         "\"days\":"
         "3},\"if_late\":\"merge\",\"merge_into\":\"a\"}",
         "2026-12-10", "2026-12-01 12:00",
         "b: merged: merged into a: no time is left for it (2026-12-31 10:00 would be too late)\n"},
        {"nothing merges into a call",
         "{\"key\":\"a\",\"channel\":\"call\",\"at\":{\"anchor\":\"purchase\"}},"
         "{\"key\":\"b\",\"channel\":\"email\",\"at\":{\"anchor\":\"purchase\",\"time\":\"10:00\"},"
         "\"grace\":{\"days\":3},\"if_late\":\"merge\",\"merge_into\":\"a\"}",
         "2026-12-10", "2026-12-01 12:00",
         "a: call 2026-12-01 12:00+03:00\n"
         "b: email 2026-12-01 12:00+03:00 until 2026-12-04 21:00+03:00"
         " | at once: its time (2026-12-01 10:00) had passed when it was planned\n"},
        {"what is never in time is dropped, not sent weeks before",
         "{\"key\":\"a\",\"channel\":\"sms\",\"at\":{\"anchor\":\"return\",\"time\":\"12:00\"},"
         "\"not_before\":{\"anchor\":\"return\",\"minutes\":60},\"not_after\":{\"anchor\":"
         "\"return\","
         "\"time\":\"15:30\"},\"grace\":{\"days\":0},\"if_late\":\"send_now\"}",
         "2026-12-10", "2026-12-01 12:00",
         "a: late: dropped: no time is left for it (2026-12-20 16:00 would be too late)\n"},
        {"what is never in time is dropped, also when it might go earlier",
         "{\"key\":\"a\",\"channel\":\"sms\",\"at\":{\"anchor\":\"departure\",\"time\":\"10:00\"},"
         "\"not_before\":{\"anchor\":\"departure\",\"days\":-1,\"time\":\"18:00\"},\"not_after\":"
         "{\"anchor\":\"departure\",\"minutes\":-30},\"grace\":{\"days\":0},\"if_late\":"
         "\"send_now\"}",
         "2026-12-10 06:40", "2026-12-01 12:00",
         "a: late: dropped: no time is left for it (2026-12-10 10:00 would be too late)\n"},
        {"a step without an hour is for the morning of its day",
         "{\"key\":\"a\",\"channel\":\"call\",\"at\":{\"anchor\":\"departure\",\"days\":-3}}",
         "2026-12-10", "2026-12-01 12:00", "a: call 2026-12-07 09:00+03:00\n"},
    };
    struct err err;
    for (size_t i = 0; i < COUNT(customs); i++) {
        char *text = xasprintf("{\"steps\":[%s]}", customs[i].steps);
        struct playbook playbook;
        assert_ok(playbook_parse(text, strlen(text), "custom", &playbook, &err));
        free(text);
        struct sale sale = {.about = customs[i].about,
                            "2026-12-01",
                            customs[i].departure,
                            "2026-12-20 15:00",
                            customs[i].entered,
                            customs[i].expected};
        struct workcal calendar = calendar_of(&sale);
        struct plan_input in = input_of(&sale, &playbook, &calendar);
        struct plan plan;
        plan_make(&in, &plan);
        compare(&sale, &plan, in.zone);
        check_plan(&in, &plan, sale.about);
        plan_fini(&plan);
        playbook_fini(&playbook);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_playbooks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
