/* The planner with the shipped playbook and the calendar: sales that are entered late, days off,
 * zones, odd days, and the ends of the calendar. */
#include "plan_sales.h"

static void entered_late(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct sale sales[] = {
        {.about = "a week late, the trip is far ahead: thanks at once, the rest as usual",
         "2026-12-01", "2026-12-30 06:40", "2027-01-10", "2026-12-08 15:00",
         "thank-you: email 2026-12-08 15:00+03:00 until 2026-12-11 21:00+03:00"
         " | at once: its time (2026-12-01 09:00) had passed when it was planned\n"
         "packing: email 2026-12-16 10:00+03:00 until 2026-12-23 21:00+03:00\n"
         "challenge: email 2026-12-28 10:00+03:00 until 2026-12-29 20:00+03:00\n"},
        {.about = "a week late, the trip begins in two days",
         "2026-12-01", "2026-12-10 06:40", "2026-12-20", "2026-12-08 15:00",
         "thank-you: email 2026-12-08 15:00+03:00 until 2026-12-10 06:40+03:00"
         " | at once: its time (2026-12-01 09:00) had passed when it was planned\n"
         "packing: merged: merged into thank-you: its time (2026-12-03 10:00) had passed when it "
         "was planned\n"
         "challenge: late: dropped: its time (2026-12-08 10:00) had passed when it was planned\n"
         "preflight: call 2026-12-09 10:00+03:00 until 2026-12-10 03:40+03:00"
         " else sms 2026-12-09 16:00+03:00\n"},
        {.about = "a hot tour entered a day late: the reason is the day",
         "2026-12-07", "2026-12-10 06:40", "2026-12-20", "2026-12-08 15:00",
         "thank-you: email 2026-12-08 15:00+03:00 until 2026-12-10 06:40+03:00"
         " | at once: its time (2026-12-07 09:00) had passed when it was planned\n"
         "packing: email 2026-12-09 10:00+03:00 until 2026-12-09 20:00+03:00\n"},
        {.about = "a week late, they are on the beach",
         "2026-12-01", "2026-12-05 06:40", "2026-12-20", "2026-12-08 15:00",
         "thank-you: late: dropped: its time (2026-12-01 09:00) had passed when it was planned\n"
         "packing: late: dropped: its time (2026-12-03 10:00) had passed when it was planned\n"
         "challenge: late: dropped: its time (2026-12-04 10:00) had passed when it was planned\n"
         "preflight: late: dropped: its time (2026-12-04 10:00) had passed when it was planned\n"
         "bon-voyage: late: dropped: its time (2026-12-05 08:00) had passed when it was planned\n"
         "welcome-back: sms 2026-12-20 12:00+03:00 until 2026-12-20 21:30+03:00\n"
         "welcome-home: email 2026-12-21 10:00+03:00 until 2026-12-26 21:00+03:00\n"
         "office-call: call 2026-12-22 11:00+03:00\n" WAITS
         "loyalty: email 2026-12-23 10:00+03:00 until 2026-12-28 21:00+03:00\n"
         "referral-story: email 2026-12-25 10:00+03:00 until 2026-12-30 21:00+03:00\n"
         "tell-friends: email 2026-12-27 10:00+03:00 until 2027-01-01 21:00+03:00\n"},
        {.about = "they came home yesterday: the call and the later letters",
         "2026-11-25", "2026-11-28 06:40", "2026-12-01", "2026-12-02 15:00",
         "welcome-back: late: dropped: its time (2026-12-01 12:00) had passed when it was planned\n"
         "office-call: call 2026-12-03 11:00+03:00\n"
         "loyalty: email 2026-12-04 10:00+03:00 until 2026-12-09 21:00+03:00\n"},
        {.about = "eight days after the return: nobody called them yet, so the call is for today",
         "2026-11-25", "2026-11-28 06:40", "2026-12-01", "2026-12-09 15:00",
         "welcome-home: late: dropped: its time (2026-12-02 10:00) had passed when it was planned\n"
         "office-call: call 2026-12-09 15:00+03:00"
         " | at once: its time (2026-12-03 11:00) had passed when it was planned\n"
         "loyalty: late: dropped: its time (2026-12-04 10:00) had passed when it was planned\n"
         "tell-friends: late: dropped: its time (2026-12-08 10:00) had passed when it was "
         "planned\n"},
        {.about = "four weeks after the return: it is over",
         "2026-11-25", "2026-11-28 06:40", "2026-12-01", "2026-12-29 15:00",
         "thank-you: late: dropped: its time (2026-11-25 09:00) had passed when it was planned\n"
         "packing: late: dropped: its time (2026-11-27 10:00) had passed when it was planned\n"
         "challenge: late: dropped: its time (2026-11-28 10:00) had passed when it was planned\n"
         "preflight: late: dropped: its time (2026-11-27 10:00) had passed when it was planned\n"
         "bon-voyage: late: dropped: its time (2026-11-28 08:00) had passed when it was planned\n"
         "welcome-back: late: dropped: its time (2026-12-01 12:00) had passed when it was planned\n"
         "welcome-home: late: dropped: its time (2026-12-02 10:00) had passed when it was planned\n"
         "office-call: late: dropped: its time (2026-12-03 11:00) had passed when it was "
         "planned\n" WAITS
         "loyalty: late: dropped: its time (2026-12-04 10:00) had passed when it was planned\n"
         "referral-story: late: dropped: its time (2026-12-06 10:00) had passed when it was "
         "planned\n"
         "tell-friends: late: dropped: its time (2026-12-08 10:00) had passed when it was "
         "planned\n"},
        {.about = "an early sale whose tips were due last week: they have two days of their own",
         "2026-10-11", "2026-12-10 06:40", "2026-12-20", "2026-12-01 15:00",
         "thank-you: email 2026-12-01 15:00+03:00 until 2026-12-04 21:00+03:00"
         " | at once: its time (2026-10-11 09:00) had passed when it was planned\n"
         "packing: email 2026-12-03 10:00+03:00 until 2026-12-09 20:00+03:00"
         " | later than usual: its time (2026-11-26 10:00) had passed when it was planned\n"},
        {.about = "the same six days before the departure",
         "2026-10-11", "2026-12-10 06:40", "2026-12-20", "2026-12-04 15:00",
         "packing: email 2026-12-06 10:00+03:00 until 2026-12-09 20:00+03:00"
         " | later than usual: its time (2026-11-26 10:00) had passed when it was planned\n"},
        {.about = "the same five days before the departure: they go with the late thanks",
         "2026-10-11", "2026-12-10 06:40", "2026-12-20", "2026-12-05 15:00",
         "packing: merged: merged into thank-you: its time (2026-11-26 10:00) had passed when it "
         "was planned\n"},
        {.about = "the thanks were sent long ago and the trip came nearer: the tips go alone",
         "2026-10-11",
         "2026-12-10 06:40",
         "2026-12-20",
         "2026-12-01 15:00",
         "packing: email 2026-12-03 10:00+03:00 until 2026-12-09 20:00+03:00"
         " | later than usual: its time (2026-11-26 10:00) had passed when it was planned\n",
         .settled = {"thank-you"}},
        {.about = "the same four days before the departure: at once",
         "2026-10-11", "2026-12-10 06:40", "2026-12-20", "2026-12-06 15:00",
         "packing: email 2026-12-06 15:00+03:00 until 2026-12-09 20:00+03:00"
         " | at once: its time (2026-11-26 10:00) had passed when it was planned\n",
         .settled = {"thank-you"}},
        {.about = "an agreed visit whose hour has passed stays to be done",
         "2026-11-01", "2026-11-10", "2026-11-20", "2026-12-01 15:00",
         "office-visit: visit 2026-12-01 15:00+03:00"
         " | at once: its time (2026-11-25 12:00) had passed when it was planned\n",
         .visit = "2026-11-25 12:00"},
    };
    /* clang-format on */
    run_sales(sales, COUNT(sales));
}

static void calls_belong_to_working_days(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct sale sales[] = {
        {.about = "departure on a Monday: called on Friday; the SMS still waits for Sunday",
         "2026-12-01", "2026-12-14 06:40", "2026-12-20", "2026-12-01 12:00",
         "preflight: call 2026-12-11 10:00+03:00 until 2026-12-14 03:40+03:00"
         " else sms 2026-12-13 16:00+03:00\n"},
        {.about = "home on a Friday: called on Monday",
         "2026-12-01", "2026-12-10", "2026-12-18", "2026-12-01 12:00",
         "office-call: call 2026-12-21 11:00+03:00\n"},
        {.about = "home on a Thursday: Saturday becomes Monday",
         "2026-12-01", "2026-12-10", "2026-12-17", "2026-12-01 12:00",
         "office-call: call 2026-12-21 11:00+03:00\n"},
        {.about = "sold on Friday noon for Monday: Sunday's call is for now",
         "2026-12-11", "2026-12-14 06:40", "2026-12-20", "2026-12-11 12:00",
         "preflight: call 2026-12-11 12:00+03:00 until 2026-12-14 03:40+03:00"
         " else sms 2026-12-13 16:00+03:00 | at once: bought 3 days before the departure\n"},
        {.about = "sold on Saturday morning for Monday: whoever sells can call",
         "2026-12-12", "2026-12-14 06:40", "2026-12-20", "2026-12-12 09:00",
         "preflight: call 2026-12-12 10:00+03:00 until 2026-12-14 03:40+03:00"
         " else sms 2026-12-13 16:00+03:00\n"},
        {.about = "sold on Sunday noon for Monday",
         "2026-12-13", "2026-12-14 06:40", "2026-12-20", "2026-12-13 12:00",
         "preflight: call 2026-12-13 12:00+03:00 until 2026-12-14 03:40+03:00"
         " else sms 2026-12-13 16:00+03:00 | at once: bought 1 day before the departure\n"},
        {.about = "departure on 5 January: the last working day is 30 December",
         "2026-12-01", "2027-01-05 06:40", "2027-01-08", "2026-12-01 12:00",
         "preflight: call 2026-12-30 10:00+03:00 until 2027-01-05 03:40+03:00"
         " else sms 2027-01-04 16:00+03:00\n"
         "office-call: call 2027-01-11 11:00+03:00\n",
         .calendar = NEW_YEAR},
        {.about = "sold in the holidays: not before today",
         "2027-01-02", "2027-01-05 06:40", "2027-01-12", "2027-01-02 12:00",
         "preflight: call 2027-01-02 12:00+03:00 until 2027-01-05 03:40+03:00"
         " else sms 2027-01-04 16:00+03:00 | at once: bought 3 days before the departure\n",
         .calendar = NEW_YEAR},
        {.about = "the office is closed for weeks: called then, not at the sale",
         "2026-12-01", "2026-12-05", "2026-12-10", "2026-12-01 12:00",
         "office-call: call 2026-12-12 11:00+03:00\n",
         .calendar = CLOSED},
        {.about = "four days ahead is no hot tour: the reason is the calendar",
         "2026-12-30", "2027-01-03 06:40", "2027-01-12", "2026-12-30 12:00",
         "preflight: call 2026-12-30 12:00+03:00 until 2027-01-03 03:40+03:00"
         " else sms 2027-01-02 16:00+03:00"
         " | at once: its time (2026-12-30 10:00) had passed when it was planned\n",
         .calendar = NEW_YEAR},
        {.about = "a Saturday that works",
         "2026-12-01", "2026-12-27 06:40", "2027-01-12", "2026-12-01 12:00",
         "preflight: call 2026-12-26 10:00+03:00 until 2026-12-27 03:40+03:00"
         " else sms 2026-12-26 16:00+03:00\n",
         .calendar = NEW_YEAR},
    };
    /* clang-format on */
    run_sales(sales, COUNT(sales));
}

static void zones_and_odd_days(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct sale sales[] = {
        {.about = "the clock is put forward in the night of the flight",
         "2027-03-01", "2027-03-28 09:30", "2027-04-05", "2027-03-01 12:00",
         "challenge: email 2027-03-26 10:00+01:00 until 2027-03-27 20:00+01:00\n"
         "preflight: call 2027-03-26 10:00+01:00 until 2027-03-28 06:30+02:00"
         " else sms 2027-03-27 16:00+01:00\n"
         "bon-voyage: sms 2027-03-28 08:00+02:00 until 2027-03-28 09:00+02:00\n"
         "welcome-back: sms 2027-04-05 12:00+02:00 until 2027-04-05 21:30+02:00\n",
         .zone = "Europe/Berlin"},
        {.about = "the clock is put back in the night of the flight",
         "2027-10-01", "2027-10-31 09:30", "2027-11-05", "2027-10-01 12:00",
         "packing: email 2027-10-17 10:00+02:00 until 2027-10-24 21:00+02:00\n"
         "challenge: email 2027-10-29 10:00+02:00 until 2027-10-30 20:00+02:00\n"
         "preflight: call 2027-10-29 10:00+02:00 until 2027-10-31 06:30+01:00"
         " else sms 2027-10-30 16:00+02:00\n"
         "bon-voyage: sms 2027-10-31 08:00+01:00 until 2027-10-31 09:00+01:00\n"
         "office-call: call 2027-11-08 11:00+01:00\n",
         .zone = "Europe/Berlin"},
        {.about = "three hours before the take-off are three hours: the clock is put forward",
         "2027-03-01", "2027-03-28 05:45", "2027-04-05", "2027-03-01 12:00",
         "preflight: call 2027-03-26 10:00+01:00 until 2027-03-28 01:45+01:00"
         " else sms 2027-03-27 16:00+01:00\n",
         .zone = "Europe/Berlin"},
        {.about = "three hours before the take-off are three hours: the clock is put back",
         "2027-10-01", "2027-10-31 04:30", "2027-11-05", "2027-10-01 12:00",
         "preflight: call 2027-10-29 10:00+02:00 until 2027-10-31 02:30+02:00"
         " else sms 2027-10-30 16:00+02:00\n",
         .zone = "Europe/Berlin"},
        {.about = "home on the day when the clock is put forward",
         "2027-03-01", "2027-03-20 04:30", "2027-03-28 14:10", "2027-03-01 12:00",
         "welcome-back: sms 2027-03-28 15:10+02:00 until 2027-03-28 21:30+02:00\n"
         "welcome-home: email 2027-03-29 10:00+02:00 until 2027-04-03 21:00+02:00\n",
         .zone = "Europe/Berlin"},
        {.about = "Kamchatka: the client's own hours",
         "2026-12-01", "2026-12-10 06:40", "2026-12-20", "2026-12-01 14:00",
         "thank-you: email 2026-12-01 14:00+12:00 until 2026-12-04 21:00+12:00\n"
         "preflight: call 2026-12-09 10:00+12:00 until 2026-12-10 03:40+12:00"
         " else sms 2026-12-09 16:00+12:00\n"
         "bon-voyage: sms 2026-12-09 19:30+12:00 until 2026-12-09 21:00+12:00\n"
         "welcome-back: sms 2026-12-20 12:00+12:00 until 2026-12-20 21:30+12:00\n",
         .zone = "Asia/Kamchatka"},
        {.about = "Kaliningrad, sold in the Far East when it is still yesterday there: now is now",
         "2026-12-02", "2026-12-10 06:40", "2026-12-20", "2026-12-01 22:00",
         "thank-you: email 2026-12-01 22:00+02:00 until 2026-12-04 21:00+02:00\n"
         "packing: email 2026-12-04 10:00+02:00 until 2026-12-09 20:00+02:00\n",
         .zone = "Europe/Kaliningrad", .agency = "Asia/Kamchatka"},
        {.about = "Kamchatka, sold in Moscow when it is tomorrow already there: no word on lateness",
         "2026-12-01", "2026-12-10 06:40", "2026-12-20", "2026-12-02 01:00",
         "thank-you: email 2026-12-02 01:00+12:00 until 2026-12-05 21:00+12:00\n"
         "packing: email 2026-12-03 10:00+12:00 until 2026-12-09 20:00+12:00\n",
         .zone = "Asia/Kamchatka", .agency = "Europe/Moscow"},
        {.about = "Kamchatka, a hot tour sold in Moscow the evening before",
         "2026-12-01", "2026-12-03 06:40", "2026-12-20", "2026-12-02 01:00",
         "thank-you: email 2026-12-02 01:00+12:00 until 2026-12-03 06:40+12:00\n"
         "packing: merged: merged into thank-you: bought 2 days before the departure\n"
         "preflight: call 2026-12-02 10:00+12:00 until 2026-12-03 03:40+12:00"
         " else sms 2026-12-02 16:00+12:00\n",
         .zone = "Asia/Kamchatka", .agency = "Europe/Moscow"},
        {.about = "the year ends during the plan",
         "2026-12-20", "2027-01-01 06:40", "2027-01-06", "2026-12-20 14:00",
         "packing: email 2026-12-22 10:00+03:00 until 2026-12-29 21:00+03:00\n"
         "challenge: email 2026-12-30 10:00+03:00 until 2026-12-31 20:00+03:00\n"
         "preflight: call 2026-12-31 10:00+03:00 until 2027-01-01 03:40+03:00"
         " else sms 2026-12-31 16:00+03:00\n"
         "bon-voyage: sms 2026-12-31 19:30+03:00 until 2026-12-31 21:00+03:00\n"},
        {.about = "the day before 1 March of a leap year",
         "2028-02-18", "2028-03-01 06:40", "2028-03-07", "2028-02-18 14:00",
         "challenge: email 2028-02-28 10:00+03:00 until 2028-02-29 20:00+03:00\n"
         "preflight: call 2028-02-29 10:00+03:00 until 2028-03-01 03:40+03:00"
         " else sms 2028-02-29 16:00+03:00\n"},
        {.about = "the day after 28 February, leap year",
         "2028-02-10", "2028-02-22", "2028-02-28", "2028-02-10 14:00",
         "welcome-home: email 2028-02-29 10:00+03:00 until 2028-03-05 21:00+03:00\n"
         "office-call: call 2028-03-01 11:00+03:00\n"},
        {.about = "the day after 28 February, common year",
         "2027-02-10", "2027-02-22", "2027-02-28", "2027-02-10 14:00",
         "welcome-home: email 2027-03-01 10:00+03:00 until 2027-03-06 21:00+03:00\n"
         "office-call: call 2027-03-02 11:00+03:00\n"},
        {.about = "sold a minute before midnight",
         "2026-12-09", "2026-12-11 06:40", "2026-12-20", "2026-12-09 23:59",
         "thank-you: email 2026-12-09 23:59+03:00 until 2026-12-11 06:40+03:00\n"
         "packing: merged: merged into thank-you: bought 2 days before the departure\n"
         "preflight: call 2026-12-10 10:00+03:00 until 2026-12-11 03:40+03:00"
         " else sms 2026-12-10 16:00+03:00\n"},
        {.about = "sold a minute after midnight",
         "2026-12-10", "2026-12-11 06:40", "2026-12-20", "2026-12-10 00:01",
         "thank-you: email 2026-12-10 00:01+03:00 until 2026-12-11 06:40+03:00\n"
         "preflight: call 2026-12-10 10:00+03:00 until 2026-12-11 03:40+03:00"
         " else sms 2026-12-10 16:00+03:00\n"},
    };
    /* clang-format on */
    run_sales(sales, COUNT(sales));
}

/* The ends of the calendar: no overflow and no date outside, whatever the playbook says. */
static void the_ends_of_the_calendar(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct sale sales[] = {
        {.about = "the first days",
         "1970-01-01", "1970-01-02 00:10", "1970-01-03", "1970-01-01 12:00",
         "thank-you: email 1970-01-01 12:00+00:00 until 1970-01-02 00:10+00:00\n"
         "packing: merged: merged into thank-you: bought 1 day before the departure\n",
         .zone = "UTC"},
        {.about = "the last days",
         "2199-12-20", "2199-12-30 06:40", "2199-12-30 23:59", "2199-12-20 12:00",
         "welcome-home: email 2199-12-31 10:00+00:00 until 2199-12-31 21:00+00:00\n",
         .zone = "UTC"},
    };
    /* clang-format on */
    struct playbook playbook = shipped_playbook();
    for (size_t i = 0; i < COUNT(sales); i++) {
        struct workcal calendar = calendar_of(&sales[i]);
        struct plan_input in = input_of(&sales[i], &playbook, &calendar);
        struct plan plan;
        plan_make(&in, &plan);
        compare(&sales[i], &plan, in.zone);
        for (size_t k = 0; k < plan.n; k++) {
            int64_t last = (int64_t)(CIVIL_MAX + 1) * 86400;
            assert_true(plan.items[k].due_at >= 0 && plan.items[k].due_at < last);
            assert_true(plan.items[k].expires_at >= 0 && plan.items[k].expires_at < last);
            assert_true(plan.items[k].local_due.day >= CIVIL_MIN &&
                        plan.items[k].local_due.day <= CIVIL_MAX);
        }
        plan_fini(&plan);
    }
    playbook_fini(&playbook);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entered_late),
        cmocka_unit_test(calls_belong_to_working_days),
        cmocka_unit_test(zones_and_odd_days),
        cmocka_unit_test(the_ends_of_the_calendar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
