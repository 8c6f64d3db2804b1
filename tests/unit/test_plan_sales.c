/* The planner with the shipped playbook: what a manager should see for every kind of sale, in good
 * time and at the last minute. */
#include "plan_sales.h"

static void sold_in_good_time(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct sale sales[] = {
        {.about = "sixty days ahead: the tips wait until two weeks before the departure",
         "2026-10-11", "2026-12-10 06:40", "2026-12-20", "2026-10-11 14:00",
         "thank-you: email 2026-10-11 14:00+03:00 until 2026-10-14 21:00+03:00\n"
         "packing: email 2026-11-26 10:00+03:00 until 2026-12-03 21:00+03:00\n"
         "challenge: email 2026-12-08 10:00+03:00 until 2026-12-09 20:00+03:00\n"
         "preflight: call 2026-12-09 10:00+03:00 until 2026-12-10 03:40+03:00"
         " else sms 2026-12-09 16:00+03:00\n"
         "bon-voyage: sms 2026-12-09 19:30+03:00 until 2026-12-09 21:00+03:00\n"
         "welcome-back: sms 2026-12-20 12:00+03:00 until 2026-12-20 21:30+03:00\n"
         "welcome-home: email 2026-12-21 10:00+03:00 until 2026-12-26 21:00+03:00\n"
         "office-call: call 2026-12-22 11:00+03:00\n" WAITS
         "loyalty: email 2026-12-23 10:00+03:00 until 2026-12-28 21:00+03:00\n"
         "referral-story: email 2026-12-25 10:00+03:00 until 2026-12-30 21:00+03:00\n"
         "tell-friends: email 2026-12-27 10:00+03:00 until 2027-01-01 21:00+03:00\n"},
        {.about = "ten days ahead",
         "2026-12-01", "2026-12-10 06:40", "2026-12-20 09:15", "2026-12-01 14:00",
         "thank-you: email 2026-12-01 14:00+03:00 until 2026-12-04 21:00+03:00\n"
         "packing: email 2026-12-03 10:00+03:00 until 2026-12-09 20:00+03:00\n"
         "challenge: email 2026-12-08 10:00+03:00 until 2026-12-09 20:00+03:00\n"
         "preflight: call 2026-12-09 10:00+03:00 until 2026-12-10 03:40+03:00"
         " else sms 2026-12-09 16:00+03:00\n"
         "bon-voyage: sms 2026-12-09 19:30+03:00 until 2026-12-09 21:00+03:00\n"
         "welcome-back: sms 2026-12-20 10:15+03:00 until 2026-12-20 21:30+03:00\n"},
        {.about = "the hour of the flight is not known: no message after one o'clock",
         "2026-12-01", "2026-12-10", "2026-12-20", "2026-12-01 14:00",
         "preflight: call 2026-12-09 10:00+03:00 until 2026-12-10 13:00+03:00"
         " else sms 2026-12-09 16:00+03:00\n"
         "bon-voyage: sms 2026-12-10 08:00+03:00 until 2026-12-10 13:00+03:00\n"},
        {.about = "a late flight: bon voyage in the morning, no later than nine in the evening",
         "2026-12-01", "2026-12-10 23:55", "2026-12-20", "2026-12-01 14:00",
         "preflight: call 2026-12-09 10:00+03:00 until 2026-12-10 20:55+03:00"
         " else sms 2026-12-09 16:00+03:00\n"
         "bon-voyage: sms 2026-12-10 08:00+03:00 until 2026-12-10 21:00+03:00\n"},
        {.about = "a flight half an hour after midnight: everything the day before",
         "2026-12-01", "2026-12-10 00:30", "2026-12-20 00:15", "2026-12-01 14:00",
         "preflight: call 2026-12-09 10:00+03:00 until 2026-12-09 21:30+03:00"
         " else sms 2026-12-09 16:00+03:00\n"
         "bon-voyage: sms 2026-12-09 19:30+03:00 until 2026-12-09 21:00+03:00\n"
         "welcome-back: sms 2026-12-20 01:15+03:00 until 2026-12-20 21:30+03:00\n"},
        {.about = "a flight at 08:59: the morning leaves 29 minutes, so the evening before",
         "2026-12-01", "2026-12-10 08:59", "2026-12-20", "2026-12-01 14:00",
         "bon-voyage: sms 2026-12-09 19:30+03:00 until 2026-12-09 21:00+03:00\n"},
        {.about = "a flight at 09:00: half an hour is enough",
         "2026-12-01", "2026-12-10 09:00", "2026-12-20", "2026-12-01 14:00",
         "bon-voyage: sms 2026-12-10 08:00+03:00 until 2026-12-10 08:30+03:00\n"},
        {.about = "a flight at 08:59, sold at night: better a short time than none",
         "2026-12-09", "2026-12-10 08:59", "2026-12-20", "2026-12-09 22:30",
         "bon-voyage: sms 2026-12-10 08:00+03:00 until 2026-12-10 08:29+03:00\n"},
        {.about = "landing in the evening: welcome back an hour later",
         "2026-12-01", "2026-12-10", "2026-12-20 18:05", "2026-12-01 14:00",
         "welcome-back: sms 2026-12-20 19:05+03:00 until 2026-12-20 21:30+03:00\n"},
        {.about = "landing at night: welcomed in the early evening, because the words fit then, too",
         "2026-12-01", "2026-12-10", "2026-12-20 20:30", "2026-12-01 14:00",
         "welcome-back: sms 2026-12-20 18:00+03:00 until 2026-12-20 21:30+03:00\n"
         "welcome-home: email 2026-12-21 10:00+03:00 until 2026-12-26 21:00+03:00\n"},
        {.about = "landing before midnight: never on the next day",
         "2026-12-01", "2026-12-10", "2026-12-20 23:30", "2026-12-01 14:00",
         "welcome-back: sms 2026-12-20 18:00+03:00 until 2026-12-20 21:30+03:00\n"},
        {.about = "entered for a sale of tomorrow",
         "2026-12-02", "2026-12-12", "2026-12-20", "2026-12-01 14:00",
         "thank-you: email 2026-12-02 09:00+03:00 until 2026-12-05 21:00+03:00\n"
         "packing: email 2026-12-04 10:00+03:00 until 2026-12-11 20:00+03:00\n"},
        {.about = "the visit is agreed with its hour",
         "2026-12-01", "2026-12-10", "2026-12-20", "2026-12-22 12:00",
         "office-visit: visit 2026-12-24 15:30+03:00\n",
         .visit = "2026-12-24 15:30"},
        {.about = "the visit is agreed without its hour",
         "2026-12-01", "2026-12-10", "2026-12-20", "2026-12-22 12:00",
         "office-visit: visit 2026-12-24 11:00+03:00\n",
         .visit = "2026-12-24"},
    };
    /* clang-format on */
    run_sales(sales, COUNT(sales));
}

static void hot_tours(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct sale sales[] = {
        {.about = "four days: everything still fits",
         "2026-12-06", "2026-12-10 06:40", "2026-12-20", "2026-12-06 10:00",
         "thank-you: email 2026-12-06 10:00+03:00 until 2026-12-09 21:00+03:00\n"
         "packing: email 2026-12-08 10:00+03:00 until 2026-12-09 20:00+03:00\n"
         "challenge: email 2026-12-09 10:00+03:00 until 2026-12-09 20:00+03:00\n"},
        {.about = "three days, sold in the morning",
         "2026-12-07", "2026-12-10 06:40", "2026-12-20", "2026-12-07 10:00",
         "thank-you: email 2026-12-07 10:00+03:00 until 2026-12-10 06:40+03:00\n"
         "packing: email 2026-12-09 10:00+03:00 until 2026-12-09 20:00+03:00\n"
         "challenge: late: dropped: bought 3 days before the departure\n"
         "preflight: call 2026-12-09 10:00+03:00 until 2026-12-10 03:40+03:00"
         " else sms 2026-12-09 16:00+03:00\n"
         "bon-voyage: sms 2026-12-09 19:30+03:00 until 2026-12-09 21:00+03:00\n"
         "welcome-back: sms 2026-12-20 12:00+03:00 until 2026-12-20 21:30+03:00\n"
         "welcome-home: email 2026-12-21 10:00+03:00 until 2026-12-26 21:00+03:00\n"
         "office-call: call 2026-12-22 11:00+03:00\n" WAITS
         "loyalty: email 2026-12-23 10:00+03:00 until 2026-12-28 21:00+03:00\n"
         "referral-story: email 2026-12-25 10:00+03:00 until 2026-12-30 21:00+03:00\n"
         "tell-friends: email 2026-12-27 10:00+03:00 until 2027-01-01 21:00+03:00\n"},
        {.about = "three days, sold at night, the flight is late",
         "2026-12-07", "2026-12-10 23:55", "2026-12-20", "2026-12-07 22:30",
         "thank-you: email 2026-12-07 22:30+03:00 until 2026-12-10 21:00+03:00\n"
         "packing: email 2026-12-09 10:00+03:00 until 2026-12-09 20:00+03:00\n"
         "challenge: late: dropped: bought 3 days before the departure\n"
         "bon-voyage: sms 2026-12-10 08:00+03:00 until 2026-12-10 21:00+03:00\n"},
        {.about = "two days: the tips go with the thanks",
         "2026-12-08", "2026-12-10 06:40", "2026-12-20", "2026-12-08 15:00",
         "thank-you: email 2026-12-08 15:00+03:00 until 2026-12-10 06:40+03:00\n"
         "packing: merged: merged into thank-you: bought 2 days before the departure\n"
         "challenge: late: dropped: bought 2 days before the departure\n"
         "preflight: call 2026-12-09 10:00+03:00 until 2026-12-10 03:40+03:00"
         " else sms 2026-12-09 16:00+03:00\n"
         "bon-voyage: sms 2026-12-09 19:30+03:00 until 2026-12-09 21:00+03:00\n"},
        {.about = "two days, no hour of the flight",
         "2026-12-08", "2026-12-10", "2026-12-20", "2026-12-08 18:00",
         "thank-you: email 2026-12-08 18:00+03:00 until 2026-12-10 23:00+03:00\n"
         "packing: merged: merged into thank-you: bought 2 days before the departure\n"
         "bon-voyage: sms 2026-12-10 08:00+03:00 until 2026-12-10 13:00+03:00\n"},
        {.about = "tomorrow, sold at ten: the call is due now, the machine takes it at four",
         "2026-12-09", "2026-12-10 06:40", "2026-12-20", "2026-12-09 10:00",
         "thank-you: email 2026-12-09 10:00+03:00 until 2026-12-10 06:40+03:00\n"
         "packing: merged: merged into thank-you: bought 1 day before the departure\n"
         "challenge: late: dropped: bought 1 day before the departure\n"
         "preflight: call 2026-12-09 10:00+03:00 until 2026-12-10 03:40+03:00"
         " else sms 2026-12-09 16:00+03:00\n"
         "bon-voyage: sms 2026-12-09 19:30+03:00 until 2026-12-09 21:00+03:00\n"},
        {.about = "tomorrow, sold a minute past ten: at once",
         "2026-12-09", "2026-12-10 06:40", "2026-12-20", "2026-12-09 10:01",
         "preflight: call 2026-12-09 10:01+03:00 until 2026-12-10 03:40+03:00"
         " else sms 2026-12-09 16:00+03:00 | at once: bought 1 day before the departure\n"},
        {.about = "tomorrow, sold at three",
         "2026-12-09", "2026-12-10", "2026-12-20", "2026-12-09 15:00",
         "preflight: call 2026-12-09 15:00+03:00 until 2026-12-10 13:00+03:00"
         " else sms 2026-12-09 16:00+03:00 | at once: bought 1 day before the departure\n"
         "bon-voyage: sms 2026-12-10 08:00+03:00 until 2026-12-10 13:00+03:00\n"},
        {.about = "tomorrow, sold at six: past the cut-off the machine takes the call at once",
         "2026-12-09", "2026-12-10 23:55", "2026-12-20", "2026-12-09 18:00",
         "thank-you: email 2026-12-09 18:00+03:00 until 2026-12-10 23:55+03:00\n"
         "preflight: call 2026-12-09 18:00+03:00 until 2026-12-10 20:55+03:00"
         " else sms 2026-12-09 19:00+03:00 | at once: bought 1 day before the departure\n"
         "bon-voyage: sms 2026-12-10 08:00+03:00 until 2026-12-10 21:00+03:00\n"},
        {.about = "tomorrow early, sold at six: bon voyage goes the same evening",
         "2026-12-09", "2026-12-10 06:40", "2026-12-20", "2026-12-09 18:00",
         "bon-voyage: sms 2026-12-09 19:30+03:00 until 2026-12-09 21:00+03:00\n"},
        {.about = "tomorrow early, sold at half past ten at night: one reminder, no more",
         "2026-12-09", "2026-12-10 06:40", "2026-12-20", "2026-12-09 22:30",
         "thank-you: email 2026-12-09 22:30+03:00 until 2026-12-10 06:40+03:00\n"
         "packing: merged: merged into thank-you: bought 1 day before the departure\n"
         "challenge: late: dropped: bought 1 day before the departure\n"
         "preflight: call 2026-12-09 22:30+03:00 until 2026-12-10 03:40+03:00"
         " else sms 2026-12-09 23:30+03:00 | at once: bought 1 day before the departure\n"
         "bon-voyage: late: dropped: bought 1 day before the departure\n"},
        {.about = "today, the flight is late",
         "2026-12-10", "2026-12-10 23:55", "2026-12-20", "2026-12-10 10:00",
         "thank-you: email 2026-12-10 10:00+03:00 until 2026-12-10 23:55+03:00\n"
         "packing: merged: merged into thank-you: bought on the day of the departure\n"
         "challenge: late: dropped: bought on the day of the departure\n"
         "preflight: call 2026-12-10 10:00+03:00 until 2026-12-10 20:55+03:00"
         " else sms 2026-12-10 11:00+03:00 | at once: bought on the day of the departure\n"
         "bon-voyage: late: dropped: bought on the day of the departure\n"
         "welcome-back: sms 2026-12-20 12:00+03:00 until 2026-12-20 21:30+03:00\n"},
        {.about = "today at six, the flight is late",
         "2026-12-10", "2026-12-10 23:55", "2026-12-20", "2026-12-10 18:00",
         "preflight: call 2026-12-10 18:00+03:00 until 2026-12-10 20:55+03:00"
         " else sms 2026-12-10 19:00+03:00 | at once: bought on the day of the departure\n"},
        {.about = "today at night, they are on their way to the airport",
         "2026-12-10", "2026-12-10 23:55", "2026-12-20", "2026-12-10 22:30",
         "thank-you: email 2026-12-10 22:30+03:00 until 2026-12-10 23:55+03:00\n"
         "packing: merged: merged into thank-you: bought on the day of the departure\n"
         "preflight: late: dropped: bought on the day of the departure\n"},
        {.about = "today at ten, no hour of the flight",
         "2026-12-10", "2026-12-10", "2026-12-20", "2026-12-10 10:00",
         "thank-you: email 2026-12-10 10:00+03:00 until 2026-12-10 23:00+03:00\n"
         "preflight: call 2026-12-10 10:00+03:00 until 2026-12-10 13:00+03:00"
         " else sms 2026-12-10 11:00+03:00 | at once: bought on the day of the departure\n"},
        {.about = "entered when they were in the air: only what comes after the trip",
         "2026-12-10", "2026-12-10 06:40", "2026-12-20", "2026-12-10 10:00",
         "thank-you: late: dropped: bought on the day of the departure\n"
         "packing: late: dropped: bought on the day of the departure\n"
         "challenge: late: dropped: bought on the day of the departure\n"
         "preflight: late: dropped: bought on the day of the departure\n"
         "bon-voyage: late: dropped: bought on the day of the departure\n"
         "welcome-back: sms 2026-12-20 12:00+03:00 until 2026-12-20 21:30+03:00\n"
         "welcome-home: email 2026-12-21 10:00+03:00 until 2026-12-26 21:00+03:00\n"},
        {.about = "a trip of one day",
         "2026-12-01", "2026-12-10 06:40", "2026-12-10 19:10", "2026-12-01 14:00",
         "preflight: call 2026-12-09 10:00+03:00 until 2026-12-10 03:40+03:00"
         " else sms 2026-12-09 16:00+03:00\n"
         "bon-voyage: sms 2026-12-09 19:30+03:00 until 2026-12-09 21:00+03:00\n"
         "welcome-back: sms 2026-12-10 20:10+03:00 until 2026-12-10 21:30+03:00\n"
         "welcome-home: email 2026-12-11 10:00+03:00 until 2026-12-16 21:00+03:00\n"
         "office-call: call 2026-12-14 11:00+03:00\n"},
        {.about = "a trip of one day, entered in the evening: the reason is the hour, not the sale",
         "2026-12-10", "2026-12-10 06:40", "2026-12-10 23:30", "2026-12-10 19:00",
         "welcome-back: late: dropped: no time is left for it (2026-12-11 00:30 would be too "
         "late)\n"
         "welcome-home: email 2026-12-11 10:00+03:00 until 2026-12-16 21:00+03:00\n"},
        {.about = "a trip of one day, sold today for today",
         "2026-12-10", "2026-12-10 18:30", "2026-12-10 23:40", "2026-12-10 10:00",
         "thank-you: email 2026-12-10 10:00+03:00 until 2026-12-10 18:30+03:00\n"
         "preflight: call 2026-12-10 10:00+03:00 until 2026-12-10 15:30+03:00"
         " else sms 2026-12-10 11:00+03:00 | at once: bought on the day of the departure\n"
         "welcome-back: sms 2026-12-10 19:30+03:00 until 2026-12-10 21:30+03:00\n"
         "welcome-home: email 2026-12-11 10:00+03:00 until 2026-12-16 21:00+03:00\n"},
    };
    /* clang-format on */
    run_sales(sales, COUNT(sales));
}

static void clients_who_cannot_be_reached_by_everything(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct sale sales[] = {
        {.about = "no e-mail",
         "2026-12-01", "2026-12-10 06:40", "2026-12-20", "2026-12-01 12:00",
         "thank-you: sms 2026-12-01 12:00+03:00 until 2026-12-04 21:00+03:00"
         " | by SMS: the client has no e-mail address\n"
         "packing: sms 2026-12-03 10:00+03:00 until 2026-12-09 20:00+03:00"
         " | by SMS: the client has no e-mail address\n"
         "challenge: sms 2026-12-08 10:00+03:00 until 2026-12-09 20:00+03:00"
         " | by SMS: the client has no e-mail address\n"
         "preflight: call 2026-12-09 10:00+03:00 until 2026-12-10 03:40+03:00"
         " else sms 2026-12-09 16:00+03:00\n"
         "bon-voyage: sms 2026-12-09 19:30+03:00 until 2026-12-09 21:00+03:00\n"
         "welcome-back: sms 2026-12-20 12:00+03:00 until 2026-12-20 21:30+03:00\n"
         "welcome-home: sms 2026-12-21 10:00+03:00 until 2026-12-26 21:00+03:00"
         " | by SMS: the client has no e-mail address\n"
         "office-call: call 2026-12-22 11:00+03:00\n" WAITS
         "loyalty: sms 2026-12-23 10:00+03:00 until 2026-12-28 21:00+03:00"
         " | by SMS: the client has no e-mail address\n"
         "referral-story: no_contact: dropped: the client has no e-mail address\n"
         "tell-friends: sms 2026-12-27 10:00+03:00 until 2027-01-01 21:00+03:00"
         " | by SMS: the client has no e-mail address\n",
         .contacts = "phone"},
        {.about = "no phone: nobody can call, so it goes by e-mail",
         "2026-12-01", "2026-12-10 06:40", "2026-12-20", "2026-12-01 12:00",
         "thank-you: email 2026-12-01 12:00+03:00 until 2026-12-04 21:00+03:00\n"
         "preflight: email 2026-12-09 10:00+03:00 until 2026-12-10 03:40+03:00"
         " | by e-mail: the client has no phone number\n"
         "bon-voyage: email 2026-12-09 19:30+03:00 until 2026-12-09 21:00+03:00"
         " | by e-mail: the client has no phone number\n"
         "welcome-back: email 2026-12-20 12:00+03:00 until 2026-12-20 21:30+03:00"
         " | by e-mail: the client has no phone number\n"
         "office-call: email 2026-12-22 11:00+03:00 until 2027-01-05 21:00+03:00"
         " | by e-mail: the client has no phone number\n"
         "referral-story: email 2026-12-25 10:00+03:00 until 2026-12-30 21:00+03:00\n",
         .contacts = "e-mail"},
        {.about = "no e-mail, flies tomorrow: one SMS thanks and tips",
         "2026-12-09", "2026-12-10 06:40", "2026-12-20", "2026-12-09 15:00",
         "thank-you: sms 2026-12-09 15:00+03:00 until 2026-12-10 06:40+03:00"
         " | by SMS: the client has no e-mail address\n"
         "packing: merged: merged into thank-you: bought 1 day before the departure\n",
         .contacts = "phone"},
        {.about = "no phone, departure on a Monday: a letter may go on a Sunday",
         "2026-12-01", "2026-12-14 06:40", "2026-12-20", "2026-12-01 12:00",
         "preflight: email 2026-12-13 10:00+03:00 until 2026-12-14 03:40+03:00"
         " | by e-mail: the client has no phone number\n",
         .contacts = "e-mail"},
    };
    /* clang-format on */
    run_sales(sales, COUNT(sales));
}

/* ---- settled steps, seconds, dates ---- */

static void settled_steps_are_left_alone(void **state)
{
    (void)state;
    static const struct sale sale = {
        "the thanks and the call are over",
        "2026-12-09",
        "2026-12-10 06:40",
        "2026-12-20",
        "2026-12-09 15:00",
        "packing: email 2026-12-09 15:00+03:00 until 2026-12-09 20:00+03:00"
        " | at once: bought 1 day before the departure\n",
        .settled = {"thank-you", "preflight", "no-such-step"}};
    struct playbook playbook = shipped_playbook();
    struct workcal calendar = calendar_of(&sale);
    struct plan_input in = input_of(&sale, &playbook, &calendar);
    struct plan plan;
    plan_make(&in, &plan);
    size_t of_a_trip = 0;
    for (size_t i = 0; i < playbook.n_steps; i++)
        of_a_trip += playbook.steps[i].series == KIND_TRIP;
    assert_int_equal(plan.n, of_a_trip - 2);
    compare(&sale, &plan, in.zone);
    check_shipped(&in, &plan, sale.about);
    plan_fini(&plan);
    assert_null(plan.items);
    playbook_fini(&playbook);
}

static void at_once_means_this_second(void **state)
{
    (void)state;
    static const struct sale sale = {
        .about = "", "2026-12-09", "2026-12-10 06:40", "2026-12-20", "2026-12-09 18:00", ""};
    struct playbook playbook = shipped_playbook();
    struct workcal calendar = calendar_of(&sale);
    struct plan_input in = input_of(&sale, &playbook, &calendar);
    in.now += 37;
    struct plan plan;
    plan_make(&in, &plan);
    assert_int_equal(plan.items[0].due_at, in.now);
    assert_false(plan.items[0].late); /* at once is its regular moment */
    assert_null(plan.items[0].reason);
    assert_int_equal(plan.items[0].local_due.minute, 18 * 60);
    assert_int_equal(plan.items[3].due_at, in.now);
    assert_int_equal(plan.items[3].fallback_at, in.now + 3600); /* whoever sold it has an hour */
    check_shipped(&in, &plan, "seconds");
    plan_fini(&plan);
    playbook_fini(&playbook);
}

static void dates_that_cannot_be(void **state)
{
    (void)state;
    static const struct {
        const char *purchase, *departure, *return_, *line; /* line NULL: fine */
    } cases[] = {
        {"2026-12-10", "2026-12-10", "2026-12-10", NULL},
        {"2026-12-10", "2026-12-10 06:40", "2026-12-10 06:41", NULL},
        {"2026-12-10", "2026-12-10 06:40", "2026-12-10", NULL},
        {"2026-12-10", "2026-12-10", "2026-12-10 00:00", NULL},
        {"2026-12-10", "2026-12-10 23:55", "2026-12-11 00:05", NULL},
        {"2026-12-10", "2029-12-12", "2030-12-13", NULL},
        {"2026-12-10", "2029-12-13", "2029-12-20",
         "the departure (2029-12-13) is more than three years after the purchase (2026-12-10): is the year right?"},
        {"2026-12-10", "2026-12-20", "2027-12-22",
         "the return (2027-12-22) is more than a year after the departure (2026-12-20): is the year right?"},
        {"2026-12-11", "2026-12-10", "2026-12-20",
         "the departure (2026-12-10) is before the purchase (2026-12-11)"},
        {"2026-12-01", "2026-12-10", "2026-12-09",
         "the return (2026-12-09) is before the departure (2026-12-10)"},
        {"2026-12-01", "2026-12-10 06:40", "2026-12-09 23:00",
         "the return (2026-12-09 23:00) is before the departure (2026-12-10 06:40)"},
        {"2026-12-01", "2026-12-10 06:40", "2026-12-10 06:39",
         "the return (2026-12-10 06:39) is before the departure (2026-12-10 06:40)"},
        {"2026-12-01", "2026-12-10 06:40", "2026-12-10 06:40",
         "the return (2026-12-10 06:40) is before the departure (2026-12-10 06:40)"},
    };
    struct err err;
    for (size_t i = 0; i < COUNT(cases); i++) {
        civil_day purchase = day(cases[i].purchase);
        struct civil departure = when(cases[i].departure), return_ = when(cases[i].return_);
        if (cases[i].line == NULL)
            assert_ok(plan_check_dates(purchase, departure, return_, &err));
        else
            assert_fails(plan_check_dates(purchase, departure, return_, &err), RC_INVALID,
                         cases[i].line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sold_in_good_time),
        cmocka_unit_test(hot_tours),
        cmocka_unit_test(clients_who_cannot_be_reached_by_everything),
        cmocka_unit_test(settled_steps_are_left_alone),
        cmocka_unit_test(at_once_means_this_second),
        cmocka_unit_test(dates_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
