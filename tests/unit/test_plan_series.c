/* The shipped playbook beyond the trip itself: a sale that was lost, an answer, a complaint, a greeting, and what they
 * do to the letters of a trip. */
#include "plan_known.h"

static void a_lost_sale(void **state)
{
    (void)state;
    static const struct known cases[] = {
        {"heard of it at noon", NULL,
         "lost-happy-trip: email 2026-12-01 12:00+03:00 until 2026-12-04 21:00+03:00\n"
         "lost-offended: email 2026-12-05 10:00+03:00 until 2026-12-10 21:00+03:00\n"
         "lost-personal-call: call 2026-12-11 11:00+03:00\n"
         "lost-next-season: email 2027-10-19 10:00+03:00 until 2027-11-02 21:00+03:00\n",
         .kind = KIND_LOST, .dates = "learned 2026-12-01"},
        {"they leave only next winter: not before they are back", NULL,
         "lost-next-season: email 2028-02-03 10:00+03:00 until 2028-02-17 21:00+03:00\n",
         .kind = KIND_LOST, .dates = "learned 2026-12-01, departure 2027-12-20, return 2028-01-05"},
        {"they travel for months: when they are back from that", NULL,
         "lost-next-season: email 2027-11-11 10:00+03:00 until 2027-11-25 21:00+03:00"
         " | when they are back: they travel 01.08.2027 - 10.11.2027\n",
         .kind = KIND_LOST, .dates = "learned 2026-12-01, departure 2027-08-01, return 2027-11-10",
         .away = {"2027-08-01", "2027-11-10"}},
        {"called, they did not want to talk: not next season either", NULL,
         "lost-next-season: condition: dropped: the client did not want to talk\n",
         .kind = KIND_LOST, .dates = "learned 2026-12-01", .facts = FACT(REFUSED)},
        {"the call belongs to a working day", NULL,
         "lost-personal-call: call 2026-12-14 11:00+03:00\n", .now = "2026-12-02 12:00",
         .kind = KIND_LOST, .dates = "learned 2026-12-02"},
        {"they leave in two days", NULL,
         "lost-happy-trip: email 2026-12-01 12:00+03:00 until 2026-12-03 00:00+03:00\n"
         "lost-offended: email 2026-12-05 10:00+03:00 until 2026-12-10 21:00+03:00\n",
         .kind = KIND_LOST, .dates = "learned 2026-12-01, departure 2026-12-03"},
        {"they have left: nobody wishes a good journey", NULL,
         "lost-happy-trip: late: dropped: no time is left for it (2026-12-01 12:00 would be too "
         "late)\n"
         "lost-offended: email 2026-12-05 10:00+03:00 until 2026-12-10 21:00+03:00\n",
         .kind = KIND_LOST, .dates = "learned 2026-12-01, departure 2026-11-30, return 2026-12-08"},
        {"entered two days late", NULL,
         "lost-happy-trip: email 2026-12-03 12:00+03:00 until 2026-12-06 21:00+03:00"
         " | at once: its time (2026-12-01 09:00) had passed when it was planned\n"
         "lost-offended: email 2026-12-05 10:00+03:00 until 2026-12-10 21:00+03:00\n",
         .now = "2026-12-03 12:00", .kind = KIND_LOST, .dates = "learned 2026-12-01"},
        {"the service director lost it: nobody is left to sign", NULL,
         "lost-happy-trip: signer: dropped: the service failed to sell and may not sign it\n"
         "lost-offended: signer: dropped: the service failed to sell and may not sign it\n"
         "lost-personal-call: call 2026-12-11 11:00+03:00\n",
         .kind = KIND_LOST, .dates = "learned 2026-12-01", .refused = 1u << ROLE_SERVICE},
        {"no marketing: only the call", NULL,
         "lost-happy-trip: no_consent: the client wants no marketing by e-mail\n"
         "lost-offended: no_consent: the client wants no marketing by e-mail\n"
         "lost-personal-call: call 2026-12-11 11:00+03:00\n",
         .kind = KIND_LOST, .dates = "learned 2026-12-01", .no_marketing = WAY(CHANNEL_EMAIL)},
        {"a complaint is open", NULL,
         "lost-happy-trip: held by complaint: email 2026-12-01 12:00+03:00 until 2026-12-04 "
         "21:00+03:00 | waits until the complaint is solved\n"
         "lost-personal-call: condition: dropped: a complaint is open\n",
         .kind = KIND_LOST, .dates = "learned 2026-12-01", .facts = FACT(COMPLAINT)},
    };
    run_known(cases, COUNT(cases));
}

static void an_answer(void **state)
{
    (void)state;
    static const struct known cases[] = {
        {"a happy one", NULL,
         "feedback-thanks: email 2026-12-01 12:00+03:00 until 2026-12-06 21:00+03:00\n"
         "unhappy-call: condition: only if the client was not happy\n",
         .kind = KIND_FEEDBACK, .dates = "answered 2026-12-01", .facts = FACT(PROMOTER)},
        {"an unhappy one: called the same day", NULL,
         "feedback-thanks: email 2026-12-01 12:00+03:00 until 2026-12-06 21:00+03:00\n"
         "unhappy-call: call 2026-12-01 12:00+03:00\n",
         .kind = KIND_FEEDBACK, .dates = "answered 2026-12-01", .facts = FACT(UNHAPPY)},
        {"on a Saturday: on Monday morning", NULL, "unhappy-call: call 2026-12-07 09:00+03:00\n",
         .now = "2026-12-05 12:00", .kind = KIND_FEEDBACK, .dates = "answered 2026-12-05",
         .facts = FACT(UNHAPPY)},
        {"the survey of the day before yesterday", NULL,
         "feedback-thanks: email 2026-12-03 12:00+03:00 until 2026-12-08 21:00+03:00"
         " | at once: its time (2026-12-01 09:00) had passed when it was planned\n"
         "unhappy-call: call 2026-12-03 12:00+03:00"
         " | at once: its time (2026-12-01 09:00) had passed when it was planned\n",
         .now = "2026-12-03 12:00", .kind = KIND_FEEDBACK, .dates = "answered 2026-12-01",
         .facts = FACT(UNHAPPY)},
        {"no number: a letter of the director", NULL,
         "unhappy-call: email 2026-12-01 12:00+03:00 until 2026-12-06 21:00+03:00"
         " | by e-mail: the client has no phone number\n",
         .kind = KIND_FEEDBACK, .dates = "answered 2026-12-01", .facts = FACT(UNHAPPY),
         .contacts = "e-mail"},
        {"thanks are no marketing", NULL,
         "feedback-thanks: email 2026-12-01 12:00+03:00 until 2026-12-06 21:00+03:00\n",
         .kind = KIND_FEEDBACK, .dates = "answered 2026-12-01", .facts = FACT(COMPLAINT),
         .no_marketing = WAY(CHANNEL_EMAIL) | WAY(CHANNEL_SMS)},
    };
    run_known(cases, COUNT(cases));
}

static void a_complaint(void **state)
{
    (void)state;
    static const struct known cases[] = {
        {"it came in", NULL,
         "complaint-thanks: email 2026-12-01 12:00+03:00 until 2026-12-04 21:00+03:00\n"
         "complaint-due: waiting: waits until a day is promised\n"
         "complaint-solved: waiting: waits until the complaint is solved\n"
         "complaint-check: waiting: waits until the complaint is solved\n",
         .kind = KIND_COMPLAINT, .dates = "opened 2026-12-01"},
        {"a day is promised", NULL, "complaint-due: task 2026-12-04 10:00+03:00\n",
         .kind = KIND_COMPLAINT, .dates = "opened 2026-12-01, promised 2026-12-04"},
        {"a Sunday is promised: it is due on Friday", NULL,
         "complaint-due: task 2026-12-04 10:00+03:00\n", .kind = KIND_COMPLAINT,
         .dates = "opened 2026-12-01, promised 2026-12-06"},
        {"it is solved: the letter at once, and a week later a call", NULL,
         "complaint-due: condition: dropped: the complaint is solved\n"
         "complaint-solved: email 2026-12-03 12:00+03:00 until 2026-12-08 21:00+03:00\n"
         "complaint-check: call 2026-12-10 11:00+03:00\n",
         .now = "2026-12-03 12:00", .kind = KIND_COMPLAINT,
         .dates = "opened 2026-12-01, promised 2026-12-04, resolved 2026-12-03",
         .facts = FACT(SOLVED)},
        {"its own letters are not held by another complaint, nor by a pause", NULL,
         "complaint-thanks: email 2026-12-01 12:00+03:00 until 2026-12-04 21:00+03:00\n",
         .kind = KIND_COMPLAINT, .dates = "opened 2026-12-01", .facts = FACT(COMPLAINT),
         .paused_until = "2027-01-01"},
        {"neither address nor number: the task is there all the same", NULL,
         "complaint-thanks: no_contact: dropped: the client has no e-mail address\n"
         "complaint-due: task 2026-12-04 10:00+03:00\n",
         .kind = KIND_COMPLAINT, .dates = "opened 2026-12-01, promised 2026-12-04",
         .contacts = "none"},
    };
    run_known(cases, COUNT(cases));
}

static void a_greeting(void **state)
{
    (void)state;
    static const struct known cases[] = {
        {"a birthday", NULL,
         "birthday: email 2027-03-12 10:00+03:00 until 2027-03-13 21:00+03:00\n",
         .kind = KIND_GREETING, .dates = "day 2027-03-12", .greeting = "birthday"},
        {"a birthday on a trip", NULL,
         "birthday: condition: dropped: the client is travelling that day\n", .kind = KIND_GREETING,
         .dates = "day 2027-03-12", .greeting = "birthday", .away = {"2027-03-10", "2027-03-17"}},
        {"a birthday during a complaint", NULL,
         "birthday: held by complaint: email 2027-03-12 10:00+03:00 until 2027-03-13 21:00+03:00"
         " | waits until the complaint is solved\n",
         .kind = KIND_GREETING, .dates = "day 2027-03-12", .greeting = "birthday",
         .facts = FACT(COMPLAINT)},
        {"the day after: too late", NULL,
         "birthday: late: dropped: its time (2027-03-12 10:00) had passed when it was planned\n",
         .now = "2027-03-13 12:00", .kind = KIND_GREETING, .dates = "day 2027-03-12",
         .greeting = "birthday"},
        {"no address: by SMS", NULL,
         "birthday: sms 2027-03-12 10:00+03:00 until 2027-03-13 21:00+03:00"
         " | by SMS: the client has no e-mail address\n",
         .kind = KIND_GREETING, .dates = "day 2027-03-12", .greeting = "birthday",
         .contacts = "phone"},
        {"the New Year", NULL,
         "new-year: email 2026-12-30 10:00+03:00 until 2026-12-31 21:00+03:00\n",
         .kind = KIND_GREETING, .dates = "day 2026-12-30", .greeting = "new-year"},
    };
    run_known(cases, COUNT(cases));
}

#define AS_USUAL "welcome-home: email 2026-12-21 10:00+03:00 until 2026-12-26 21:00+03:00\n"

static void what_is_known_of_a_trip(void **state)
{
    (void)state;
    static const struct known cases[] = {
        {"they were not happy: nothing is sold, but they are still asked", NULL,
         AS_USUAL "office-call: condition: dropped: the client was not happy\n"
                  "loyalty: condition: dropped: the client was not happy\n"
                  "referral-story: condition: dropped: the client was not happy\n"
                  "tell-friends: condition: dropped: the client was not happy\n"
                  "second-survey: email 2027-03-20 10:00+03:00 until 2027-04-03 21:00+03:00\n"
                  "next-trip: condition: dropped: the client was not happy\n"
                  "anniversary: condition: dropped: the client was not happy\n",
         .facts = FACT(UNHAPPY) | FACT(RATED)},
        {"a complaint is open: it holds, and does not drop", NULL,
         "thank-you: email 2026-12-01 12:00+03:00 until 2026-12-04 21:00+03:00\n"
         "challenge: held by complaint: email 2026-12-08 10:00+03:00 until 2026-12-09 20:00+03:00"
         " | waits until the complaint is solved\n"
         "bon-voyage: sms 2026-12-09 19:30+03:00 until 2026-12-09 21:00+03:00\n"
         "loyalty: held by complaint: email 2026-12-23 10:00+03:00 until 2026-12-28 21:00+03:00"
         " | waits until the complaint is solved\n",
         .facts = FACT(COMPLAINT)},
        {"they have bought again: nobody asks when they will", NULL,
         AS_USUAL "next-trip: condition: dropped: the client has bought again\n"
                  "anniversary: email 2027-12-10 10:00+03:00 until 2027-12-11 21:00+03:00\n",
         .facts = FACT(BOUGHT_AGAIN)},
        {"on the road again when it is time to plan", NULL,
         "next-trip: condition: dropped: the client is travelling that day\n",
         .away = {"2027-08-10", "2027-08-20"}},
        {"no marketing at all", NULL,
         "thank-you: email 2026-12-01 12:00+03:00 until 2026-12-04 21:00+03:00\n"
         "challenge: no_consent: the client wants no marketing by e-mail\n"
         "bon-voyage: sms 2026-12-09 19:30+03:00 until 2026-12-09 21:00+03:00\n"
         "tell-friends: no_consent: the client wants no marketing by e-mail\n",
         .no_marketing = WAY(CHANNEL_EMAIL) | WAY(CHANNEL_SMS)},
        {"nothing at all: people still call about the trip, and invite to nothing", NULL,
         "thank-you: call 2026-12-01 12:00+03:00 until 2026-12-10 06:40+03:00 | by call: the client wants no messages by "
         "e-mail\n"
         "packing: no_consent: the client wants no messages by e-mail\n"
         "preflight: call 2026-12-09 10:00+03:00 until 2026-12-10 03:40+03:00\n"
         "bon-voyage: no_consent: the client wants no messages by SMS\n"
         "office-call: no_consent: dropped: the client wants no messages at all, and so no invitation\n",
         .no_service = WAY(CHANNEL_EMAIL) | WAY(CHANNEL_SMS),
         .no_marketing = WAY(CHANNEL_EMAIL) | WAY(CHANNEL_SMS)},
        {.about = "the dates were never changed",
         NULL,
         "correction: waiting: waits: only when the dates are changed\n"},
        {"changed after the reminder: one correction, at once", NULL,
         "correction: sms 2026-12-08 15:00+03:00 until 2026-12-09 10:00+03:00\n",
         .now = "2026-12-08 15:00", .facts = FACT(REMINDED),
         .dates = "purchase 2026-12-01, departure 2026-12-12 06:40, return 2026-12-20, "
                  "moved 2026-12-08 15:00"},
        {"changed back before it went out", NULL,
         "correction: condition: only if the old dates had gone out\n", .now = "2026-12-08 16:00",
         .dates = "purchase 2026-12-01, departure 2026-12-10 06:40, return 2026-12-20, "
                  "moved 2026-12-08 15:00"},
        {"changed when they had left", NULL,
         "correction: late: dropped: no time is left for it (2026-12-08 15:00 would be too late)\n",
         .now = "2026-12-08 15:00", .facts = FACT(REMINDED),
         .dates = "purchase 2026-12-01, departure 2026-12-07 06:40, return 2026-12-20, "
                  "moved 2026-12-08 15:00"},
        {"a second change: a second correction", NULL,
         "correction: again 1: sms 2026-12-09 09:00+03:00 until 2026-12-10 10:00+03:00\n",
         .now = "2026-12-09 09:00", .facts = FACT(REMINDED),
         .dates = "purchase 2026-12-01, departure 2026-12-13 06:40, return 2026-12-20, "
                  "moved 2026-12-09 09:00",
         .past = {"correction", 0, true, {0, 0}, NOTHING_YET, false}},
    };
    run_known(cases, COUNT(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lost_sale),
        cmocka_unit_test(an_answer),
        cmocka_unit_test(a_complaint),
        cmocka_unit_test(a_greeting),
        cmocka_unit_test(what_is_known_of_a_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
