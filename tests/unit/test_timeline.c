/* The planner with the shipped playbook: what becomes of a sale, step by step, to the minute.
 *
 * Each case says what was sold and when it was entered, and lists the steps that it is about, one a
 * line:
 *   key: channel DUE until EXPIRY else FALLBACK-CHANNEL CUT-OFF | what people are told
 *   key: why: what people are told                              (not to be done)
 * Times carry the zone's offset, so that each can be checked by hand. The properties that hold for
 * every plan (plan_rules.h) are checked on every case, and on thousands of random ones. The file is
 * long because it is one table: what a manager should see for every kind of sale. */
#include "plan_rules.h"

/* ---- the table ---- */

struct sale {
    const char *about;
    const char *purchase, *departure, *return_, *entered; /* entered: on the wall of the zone */
    const char *expected;
    const char *zone;     /* NULL: Europe/Moscow */
    const char *agency;   /* the agency's zone; NULL: the same */
    const char *contacts; /* NULL: "phone e-mail" */
    const char *visit;
    const char *settled[3];
    enum { WEEKDAYS, NEW_YEAR, CLOSED } calendar;
};

/* NEW_YEAR: 31 December and 1 to 10 January are off, Saturday 26 December works. CLOSED: nobody works
 * from 12 December for forty days. */
static struct workcal calendar_of(const struct sale *s)
{
    static civil_day holidays[11], closed[40], extra[1];
    struct workcal cal = {.weekdays = WORKCAL_MONDAY_TO_FRIDAY};
    for (int i = 0; i < (int)COUNT(holidays); i++)
        holidays[i] = day("2026-12-31") + i;
    for (int i = 0; i < (int)COUNT(closed); i++)
        closed[i] = day("2026-12-12") + i;
    extra[0] = day("2026-12-26");
    if (s->calendar == NEW_YEAR) {
        cal.holidays = holidays;
        cal.n_holidays = COUNT(holidays);
        cal.extra = extra;
        cal.n_extra = COUNT(extra);
    } else if (s->calendar == CLOSED) {
        cal.holidays = closed;
        cal.n_holidays = COUNT(closed);
    }
    return cal;
}

static struct plan_input input_of(const struct sale *s, const struct playbook *playbook,
                                  const struct workcal *calendar)
{
    const struct zone *zone = zone_named(str_or(s->zone, "Europe/Moscow"));
    const char *contacts = str_or(s->contacts, "phone e-mail");
    struct plan_input in = {
        .playbook = playbook,
        .zone = zone,
        .calendar = calendar,
        .agency_today = zone_to_local(s->agency ? zone_named(s->agency) : zone,
                                      zone_to_utc(zone, when(s->entered)))
                            .day,
        .purchase = day(s->purchase),
        .departure = when(s->departure),
        .return_ = when(s->return_),
        .visit = when(s->visit),
        .has_phone = strstr(contacts, "phone") != NULL,
        .has_email = strstr(contacts, "e-mail") != NULL,
        .now = zone_to_utc(zone, when(s->entered)),
        .settled = s->settled,
    };
    while (in.n_settled < COUNT(s->settled) && s->settled[in.n_settled] != NULL)
        in.n_settled++;
    struct err err;
    assert_ok(plan_check_dates(in.purchase, in.departure, in.return_, &err));
    return in;
}

/* Every line of expected must be a line of the plan. */
static void compare(const struct sale *s, const struct plan *plan, const struct zone *zone)
{
    char *got = plan_text(plan, zone), *wanted = xstrdup(s->expected), *save = NULL;
    int lines = 0;
    for (char *line = strtok_r(wanted, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        char *whole = xasprintf("%s\n", line);
        const char *at = strstr(got, whole);
        if (at == NULL || (at != got && at[-1] != '\n')) {
            print_error("%s: wanted\n    %s  got\n", s->about, whole);
            show_plan(plan, zone);
            fail();
        }
        free(whole);
        lines++;
    }
    assert_true(lines > 0);
    free(got);
    free(wanted);
}

static void run_sales(const struct sale *sales, size_t n)
{
    struct playbook playbook = shipped_playbook();
    for (size_t i = 0; i < n; i++) {
        struct workcal calendar = calendar_of(&sales[i]);
        struct plan_input in = input_of(&sales[i], &playbook, &calendar);
        struct plan plan;
        plan_make(&in, &plan);
        compare(&sales[i], &plan, in.zone);
        check_shipped(&in, &plan, sales[i].about);
        plan_fini(&plan);
    }
    playbook_fini(&playbook);
}

#define WAITS "office-visit: waiting: waits until the date of the visit is agreed\n"

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
         " else sms 2026-12-09 18:00+03:00 | at once: bought 1 day before the departure\n"
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
         " else sms 2026-12-09 22:30+03:00 | at once: bought 1 day before the departure\n"
         "bon-voyage: late: dropped: bought 1 day before the departure\n"},
        {.about = "today, the flight is late",
         "2026-12-10", "2026-12-10 23:55", "2026-12-20", "2026-12-10 10:00",
         "thank-you: email 2026-12-10 10:00+03:00 until 2026-12-10 23:55+03:00\n"
         "packing: merged: merged into thank-you: bought on the day of the departure\n"
         "challenge: late: dropped: bought on the day of the departure\n"
         "preflight: call 2026-12-10 10:00+03:00 until 2026-12-10 20:55+03:00"
         " else sms 2026-12-10 10:00+03:00 | at once: bought on the day of the departure\n"
         "bon-voyage: late: dropped: bought on the day of the departure\n"
         "welcome-back: sms 2026-12-20 12:00+03:00 until 2026-12-20 21:30+03:00\n"},
        {.about = "today at six, the flight is late",
         "2026-12-10", "2026-12-10 23:55", "2026-12-20", "2026-12-10 18:00",
         "preflight: call 2026-12-10 18:00+03:00 until 2026-12-10 20:55+03:00"
         " else sms 2026-12-10 18:00+03:00 | at once: bought on the day of the departure\n"},
        {.about = "today at night, they are on their way to the airport",
         "2026-12-10", "2026-12-10 23:55", "2026-12-20", "2026-12-10 22:30",
         "thank-you: email 2026-12-10 22:30+03:00 until 2026-12-10 23:55+03:00\n"
         "packing: merged: merged into thank-you: bought on the day of the departure\n"
         "preflight: late: dropped: bought on the day of the departure\n"},
        {.about = "today at ten, no hour of the flight",
         "2026-12-10", "2026-12-10", "2026-12-20", "2026-12-10 10:00",
         "thank-you: email 2026-12-10 10:00+03:00 until 2026-12-10 23:00+03:00\n"
         "preflight: call 2026-12-10 10:00+03:00 until 2026-12-10 13:00+03:00"
         " else sms 2026-12-10 10:00+03:00 | at once: bought on the day of the departure\n"},
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
         " else sms 2026-12-10 10:00+03:00 | at once: bought on the day of the departure\n"
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
    assert_int_equal(plan.n, playbook.n_steps - 2);
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
    assert_int_equal(plan.items[3].fallback_at, in.now);
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

/* ---- playbooks that agencies may write ---- */

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
         "2026-12-10 10:00", "2026-12-01 12:00", "a: call 2026-12-09 10:00+03:00\n"},
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

/* ---- random trips ---- */

enum { SEED = 20261121, ROUNDS = 6000 };

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static int below(uint32_t *seed, int n)
{
    return (int)(next_random(seed) % (uint32_t)n);
}

static struct civil random_hour(uint32_t *seed, civil_day on)
{
    int16_t minute = below(seed, 3) == 0 ? MINUTE_NONE : (int16_t)below(seed, 1440);
    return (struct civil){on, minute};
}

static struct plan_input random_input(uint32_t *seed, const struct playbook *playbook,
                                      const struct workcal *calendar, const char **settled)
{
    static const char *const zones[] = {"Europe/Moscow",      "Europe/Berlin", "Asia/Kamchatka",
                                        "Europe/Kaliningrad", "Europe/Sofia",  "UTC"};
    static const int leads[] = {0, 0, 1, 1, 2, 3, 4, 5, 10, 14, 15, 16, 17, 60, 200};
    static const int lengths[] = {0, 1, 2, 3, 7, 14, 30};
    struct plan_input in = {.playbook = playbook, .calendar = calendar, .settled = settled};
    in.zone = zone_named(zones[below(seed, (int)COUNT(zones))]);
    in.purchase = day("2026-06-01") + below(seed, 700);
    in.departure = random_hour(seed, in.purchase + leads[below(seed, (int)COUNT(leads))]);
    in.return_ = random_hour(seed, in.departure.day + lengths[below(seed, (int)COUNT(lengths))]);
    if (in.return_.day == in.departure.day && in.return_.minute <= in.departure.minute)
        in.return_.minute = MINUTE_NONE;
    in.visit = below(seed, 4) != 0 ? (struct civil){CIVIL_NONE, MINUTE_NONE}
                                   : random_hour(seed, in.return_.day + below(seed, 20));
    in.has_phone = below(seed, 4) != 0;
    in.has_email = !in.has_phone || below(seed, 4) != 0;
    /* Entered on the day of the sale as a rule; else at any time around the trip. */
    int span = in.return_.day - in.purchase + 40;
    civil_day entered = in.purchase + (below(seed, 2) ? 0 : below(seed, span));
    in.now =
        zone_to_utc(in.zone, (struct civil){entered, (int16_t)below(seed, 1440)}) + below(seed, 60);
    in.agency_today = zone_to_local(zone_named(zones[below(seed, (int)COUNT(zones))]), in.now).day;
    for (size_t i = 0; i < playbook->n_steps; i++) {
        if (below(seed, 12) == 0)
            settled[in.n_settled++] = playbook->steps[i].key;
    }
    return in;
}

static char *describe(const struct plan_input *in, int round)
{
    char bought[CIVIL_TEXT_BYTES], flies[CIVIL_TEXT_BYTES], back[CIVIL_TEXT_BYTES];
    civil_format_day(in->purchase, bought);
    civil_format(in->departure, flies);
    civil_format(in->return_, back);
    struct sb sb = {0};
    sb_addf(&sb, "seed %d, round %d: bought %s, flies %s, back %s, %s%s%s, entered ", (int)SEED,
            round, bought, flies, back, zone_name(in->zone), in->has_phone ? ", phone" : "",
            in->has_email ? ", e-mail" : "");
    add_instant(&sb, in->zone, in->now);
    for (size_t i = 0; i < in->n_settled; i++)
        sb_addf(&sb, "%s%s", i ? ", " : "; over: ", in->settled[i]);
    return sb_take(&sb);
}

static void whatever_is_sold(void **state)
{
    (void)state;
    struct playbook playbook = shipped_playbook();
    static const struct sale kinds[] = {
        {.calendar = WEEKDAYS}, {.calendar = NEW_YEAR}, {.calendar = CLOSED}};
    struct workcal calendars[] = {calendar_of(&kinds[0]), calendar_of(&kinds[1]),
                                  calendar_of(&kinds[2])};
    const char **settled = xcalloc(playbook.n_steps, sizeof *settled);
    uint32_t seed = SEED;
    int active = 0, merged = 0, late = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct workcal *calendar = &calendars[below(&seed, (int)COUNT(calendars))];
        struct plan_input in = random_input(&seed, &playbook, calendar, settled);
        struct err err;
        assert_ok(plan_check_dates(in.purchase, in.departure, in.return_, &err));
        char *about = describe(&in, round);
        struct plan plan;
        plan_make(&in, &plan);
        check_shipped(&in, &plan, about);
        for (size_t i = 0; i < plan.n; i++) {
            active += plan.items[i].verdict == PLAN_ACTIVE;
            merged += plan.items[i].verdict == PLAN_MERGED;
            late += plan.items[i].verdict == PLAN_ACTIVE && plan.items[i].late;
        }
        plan_fini(&plan);
        free(about);
    }
    /* The generator reaches what the rules are about. */
    assert_true(active > ROUNDS && merged > ROUNDS / 20 && late > ROUNDS / 20);
    free(settled);
    playbook_fini(&playbook);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sold_in_good_time),
        cmocka_unit_test(hot_tours),
        cmocka_unit_test(clients_who_cannot_be_reached_by_everything),
        cmocka_unit_test(entered_late),
        cmocka_unit_test(calls_belong_to_working_days),
        cmocka_unit_test(zones_and_odd_days),
        cmocka_unit_test(settled_steps_are_left_alone),
        cmocka_unit_test(at_once_means_this_second),
        cmocka_unit_test(dates_that_cannot_be),
        cmocka_unit_test(other_playbooks),
        cmocka_unit_test(the_ends_of_the_calendar),
        cmocka_unit_test(whatever_is_sold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
