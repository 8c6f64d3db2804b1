/* The planner: what is known of a client, what they want, and what keeps a message back. */
#include "plan_known.h"

/* A letter three days after the return, and what is added to it. */
#define LETTER                                                                                     \
    "{\"key\":\"a\",\"channel\":\"email\",\"at\":{\"anchor\":\"return\",\"days\":3,"               \
    "\"time\":\"10:00\"},\"grace\":{\"days\":5}"
#define SELLING LETTER ",\"class\":\"marketing\""
#define CALL                                                                                       \
    "{\"key\":\"a\",\"channel\":\"call\",\"at\":{\"anchor\":\"return\",\"days\":3,"                \
    "\"time\":\"10:00\"},\"grace\":{\"days\":5}"
#define GOES "a: email 2026-12-23 10:00+03:00 until 2026-12-28 21:00+03:00\n"
#define CALLED "a: call 2026-12-23 10:00+03:00\n"

static void conditions(void **state)
{
    (void)state;
    static const struct known cases[] = {
        {"nothing is asked", LETTER "}", GOES, .facts = FACT(UNHAPPY) | FACT(COMPLAINT)},
        {"only if, and it holds", LETTER ",\"only_if\":[\"unhappy\"]}", GOES,
         .facts = FACT(UNHAPPY)},
        {"only if, and it does not", LETTER ",\"only_if\":[\"unhappy\"]}",
         "a: condition: only if the client was not happy\n", .facts = FACT(PROMOTER)},
        {"two must hold, and one does", LETTER ",\"only_if\":[\"promoter\",\"first_trip\"]}",
         "a: condition: only if it is their first trip with us\n", .facts = FACT(PROMOTER)},
        {"two must hold, and both do", LETTER ",\"only_if\":[\"promoter\",\"first_trip\"]}", GOES,
         .facts = FACT(PROMOTER) | FACT(FIRST_TRIP)},
        {"unless, and it holds", LETTER ",\"unless\":[\"bought_again\"]}",
         "a: condition: dropped: the client has bought again\n", .facts = FACT(BOUGHT_AGAIN)},
        {.about = "unless, and it does not", LETTER ",\"unless\":[\"bought_again\"]}", GOES},
        {"one of two is enough", LETTER ",\"unless\":[\"unhappy\",\"complaint\"]}",
         "a: condition: dropped: a complaint is open\n", .facts = FACT(COMPLAINT)},
        {"calls have conditions, too", CALL ",\"unless\":[\"complaint\"]}",
         "a: condition: dropped: a complaint is open\n", .facts = FACT(COMPLAINT)},
        {"what is not to be done is not late", LETTER ",\"only_if\":[\"rated\"]}",
         "a: condition: only if the client has told us how it was\n", .now = "2027-02-01 12:00"},
        {"the solved complaint", LETTER ",\"unless\":[\"solved\"]}",
         "a: condition: dropped: the complaint is solved\n", .facts = FACT(SOLVED)},
    };
    run_known(cases, COUNT(cases));
}

static void other_trips(void **state)
{
    (void)state;
    static const struct known cases[] = {
        {"on another trip that day", LETTER ",\"unless\":[\"travelling\"]}",
         "a: condition: dropped: the client is travelling that day\n",
         .away = {"2026-12-22", "2026-12-30"}},
        {"they leave on that day", LETTER ",\"unless\":[\"travelling\"]}",
         "a: condition: dropped: the client is travelling that day\n",
         .away = {"2026-12-23", "2026-12-30"}},
        {"they come back on that day", LETTER ",\"unless\":[\"travelling\"]}",
         "a: condition: dropped: the client is travelling that day\n",
         .away = {"2026-12-21", "2026-12-23"}},
        {"back the day before", LETTER ",\"unless\":[\"travelling\"]}", GOES,
         .away = {"2026-12-21", "2026-12-22"}},
        {"off the day after", LETTER ",\"unless\":[\"travelling\"]}", GOES,
         .away = {"2026-12-24", "2026-12-30"}},
        {"nobody asks", LETTER "}", GOES, .away = {"2026-12-22", "2026-12-30"}},
        {"only while travelling", LETTER ",\"only_if\":[\"travelling\"]}", GOES,
         .away = {"2026-12-22", "2026-12-30"}},
    };
    run_known(cases, COUNT(cases));
}

static char a_key[] = "a", b_key[] = "b";
#define HAD(key, at)                                                                               \
    {                                                                                              \
        key, at                                                                                    \
    }

static void once_is_enough(void **state)
{
    (void)state;
    const int64_t due = instant("Europe/Moscow", "2026-12-23 10:00"), days = 86400;
    const struct known cases[] = {
        {"a year ago", SELLING ",\"once_days\":730}",
         "a: had_it: dropped: the client has had it within 730 days\n",
         .had = HAD(a_key, due - 365 * days)},
        {"a second within", SELLING ",\"once_days\":730}",
         "a: had_it: dropped: the client has had it within 730 days\n",
         .had = HAD(a_key, due - 730 * days + 1)},
        {"to the second", SELLING ",\"once_days\":730}", GOES, .had = HAD(a_key, due - 730 * days)},
        {"another trip's is planned for next week", SELLING ",\"once_days\":730}",
         "a: had_it: dropped: the client has had it within 730 days\n",
         .had = HAD(a_key, due + 7 * days)},
        {"another letter", SELLING ",\"once_days\":730}", GOES, .had = HAD(b_key, due)},
        {.about = "every time", SELLING "}", GOES, .had = HAD(a_key, due)},
    };
    run_known(cases, COUNT(cases));
}

static void who_may_not_sign(void **state)
{
    (void)state;
    static const struct known cases[] = {
        {"the director failed to sell", LETTER ",\"signed_by\":\"director\"}",
         "a: signer: dropped: the director failed to sell and may not sign it\n",
         .refused = 1u << ROLE_DIRECTOR},
        {"the other one signs", LETTER ",\"signed_by\":\"service\"}", GOES,
         .refused = 1u << ROLE_DIRECTOR},
        {"a call is not signed", CALL ",\"signed_by\":\"director\"}", CALLED,
         .refused = 1u << ROLE_DIRECTOR},
        {"a call that is a letter is",
         CALL ",\"otherwise\":[\"email\"],\"signed_by\":\"director\"}",
         "a: signer: dropped: the director failed to sell and may not sign it\n",
         .refused = 1u << ROLE_DIRECTOR, .contacts = "e-mail"},
        {"nor may the message that stands in for a call be",
         CALL ",\"signed_by\":\"director\",\"fallback\":{\"channel\":\"sms\",\"at\":{\"anchor\":"
              "\"return\",\"days\":3,\"time\":\"16:00\"}}}",
         CALLED, .refused = 1u << ROLE_DIRECTOR},
    };
    run_known(cases, COUNT(cases));
}

#define BY_SMS ",\"otherwise\":[\"sms\"]}"
#define FALLS_BACK                                                                                 \
    ",\"fallback\":{\"channel\":\"sms\",\"at\":{\"anchor\":\"return\",\"days\":3,\"time\":"        \
    "\"16:00\"}}}"

static void consent(void **state)
{
    (void)state;
    static const struct known cases[] = {
        {"stop is not answered by another way", SELLING BY_SMS,
         "a: no_consent: the client wants no marketing by e-mail\n",
         .no_marketing = WAY(CHANNEL_EMAIL)},
        {"what is second may be forbidden", SELLING BY_SMS, GOES, .no_marketing = WAY(CHANNEL_SMS)},
        {"no address, and no SMS", SELLING BY_SMS,
         "a: no_consent: the client wants no marketing by SMS\n", .contacts = "phone",
         .no_marketing = WAY(CHANNEL_SMS)},
        {"no address, no SMS, and nobody calls instead",
         SELLING ",\"otherwise\":[\"sms\",\"call\"]}",
         "a: no_consent: the client wants no marketing by SMS\n", .contacts = "phone",
         .no_marketing = WAY(CHANNEL_SMS)},
        {"an address that is not there forbids nothing", SELLING BY_SMS,
         "a: sms 2026-12-23 10:00+03:00 until 2026-12-28 21:00+03:00"
         " | by SMS: the client has no e-mail address\n",
         .contacts = "phone", .no_marketing = WAY(CHANNEL_EMAIL)},
        {"no marketing: what is about the trip goes", LETTER "}", GOES,
         .no_marketing = WAY(CHANNEL_EMAIL) | WAY(CHANNEL_SMS)},
        {"what is about the trip finds another way", LETTER BY_SMS,
         "a: sms 2026-12-23 10:00+03:00 until 2026-12-28 21:00+03:00"
         " | by SMS: the client wants no messages by e-mail\n",
         .no_service = WAY(CHANNEL_EMAIL)},
        {"if there is one", LETTER "}", "a: no_consent: the client wants no messages by e-mail\n",
         .no_service = WAY(CHANNEL_EMAIL)},
        {"that they want", LETTER BY_SMS, "a: no_consent: the client wants no messages by e-mail\n",
         .no_service = WAY(CHANNEL_EMAIL) | WAY(CHANNEL_SMS)},
        {"no address, and the other way is not wanted", LETTER BY_SMS,
         "a: no_consent: the client wants no messages by SMS\n", .contacts = "phone",
         .no_service = WAY(CHANNEL_SMS)},
        {"a call about the trip is no message", CALL "}", CALLED,
         .no_service = WAY(CHANNEL_EMAIL) | WAY(CHANNEL_SMS),
         .no_marketing = WAY(CHANNEL_EMAIL) | WAY(CHANNEL_SMS)},
        {"no advertising does not mean no call", CALL ",\"class\":\"marketing\"}", CALLED,
         .no_marketing = WAY(CHANNEL_EMAIL) | WAY(CHANNEL_SMS)},
        {"nothing at all means no invitation either", CALL ",\"class\":\"marketing\"}",
         "a: no_consent: dropped: the client wants no messages at all, and so no invitation\n",
         .no_service = WAY(CHANNEL_EMAIL) | WAY(CHANNEL_SMS),
         .no_marketing = WAY(CHANNEL_EMAIL) | WAY(CHANNEL_SMS)},
        {"but the SMS that stands in for it is", CALL FALLS_BACK, CALLED,
         .no_service = WAY(CHANNEL_SMS)},
        {"nobody forbade that one", CALL FALLS_BACK,
         "a: call 2026-12-23 10:00+03:00 until 2026-12-28 21:00+03:00 else sms "
         "2026-12-23 16:00+03:00\n",
         .no_service = WAY(CHANNEL_EMAIL), .no_marketing = WAY(CHANNEL_SMS)},
        {"what is not wanted is not late", SELLING "}",
         "a: no_consent: the client wants no marketing by e-mail\n", .now = "2027-02-01 12:00",
         .no_marketing = WAY(CHANNEL_EMAIL)},
        {"what is not to be done is not unwanted", SELLING ",\"unless\":[\"unhappy\"]}",
         "a: condition: dropped: the client was not happy\n", .facts = FACT(UNHAPPY),
         .no_marketing = WAY(CHANNEL_EMAIL)},
        {"nobody can be reached", SELLING "}",
         "a: no_contact: dropped: the client has no e-mail address\n", .contacts = "phone",
         .no_marketing = WAY(CHANNEL_EMAIL)},
    };
    run_known(cases, COUNT(cases));
}

#define HELD(why, words)                                                                           \
    "a: held by " why ": email 2026-12-23 10:00+03:00 until 2026-12-28 21:00+03:00 | " words "\n"
#define HELD_CALL(why, words) "a: held by " why ": call 2026-12-23 10:00+03:00 | " words "\n"

static void holds(void **state)
{
    (void)state;
    static const struct known cases[] = {
        {"nothing is sold during a complaint", SELLING "}",
         HELD("complaint", "waits until the complaint is solved"), .facts = FACT(COMPLAINT)},
        {"what is about the trip goes", LETTER "}", GOES, .facts = FACT(COMPLAINT)},
        {"people who call about the trip know what they do", CALL "}", CALLED,
         .facts = FACT(COMPLAINT), .paused_until = "2027-01-01"},
        {"a call that sells waits, and its message with it", CALL ",\"class\":\"marketing\"" FALLS_BACK,
         HELD_CALL("complaint", "waits until the complaint is solved"), .facts = FACT(COMPLAINT)},
        {"and during a pause", CALL ",\"class\":\"marketing\"}",
         HELD_CALL("paused", "paused until 2027-01-01"), .paused_until = "2027-01-01"},
        {"paused beyond that day", SELLING "}", HELD("paused", "paused until 2026-12-24"),
         .paused_until = "2026-12-24"},
        {"the pause is over on that day", SELLING "}", GOES, .paused_until = "2026-12-23"},
        {"a pause is not for what is about the trip", LETTER "}", GOES,
         .paused_until = "2027-01-01"},
        {.about = "a word is needed",
         LETTER ",\"mode\":\"approve\"}",
         HELD("approval", "waits for approval")},
        {"a word was given", LETTER ",\"mode\":\"approve\"}", GOES,
         .past = {"a", 0, false, NOTHING_YET, NOTHING_YET, true}},
        {"for this product a word is needed", LETTER ",\"approve_products\":[\"x\",\"premium\"]}",
         HELD("approval", "waits for approval"), .product = "premium"},
        {"for that one it is not", LETTER ",\"approve_products\":[\"premium\"]}", GOES,
         .product = "mass"},
        {.about = "nor for what has none", LETTER ",\"approve_products\":[\"premium\"]}", GOES},
        {"the complaint comes first", SELLING ",\"mode\":\"approve\"}",
         HELD("complaint", "waits until the complaint is solved"), .facts = FACT(COMPLAINT),
         .paused_until = "2027-01-01"},
        {"then the pause", SELLING ",\"mode\":\"approve\"}",
         HELD("paused", "paused until 2027-01-01"), .paused_until = "2027-01-01"},
        {"what is not wanted is not held", SELLING "}",
         "a: no_consent: the client wants no marketing by e-mail\n", .facts = FACT(COMPLAINT),
         .no_marketing = WAY(CHANNEL_EMAIL)},
        {"what is late is not held", SELLING "}",
         "a: late: dropped: its time (2026-12-23 10:00) had passed when it was planned\n",
         .now = "2026-12-24 12:00", .facts = FACT(COMPLAINT)},
    };
    run_known(cases, COUNT(cases));
}

/* A row that is due already is kept by the service: it has to know what holds it. */
static void what_is_due_already_is_held_too(void **state)
{
    (void)state;
    static const struct {
        struct known known;
        enum cause hold;
        const char *reason;
    } cases[] = {
        {{"complaint", SELLING "}", "", .facts = FACT(COMPLAINT)},
         CAUSE_COMPLAINT,
         "waits until the complaint is solved"},
        {{.about = "approval", LETTER ",\"mode\":\"approve\"}", ""},
         CAUSE_APPROVAL,
         "waits for approval"},
        {{.about = "nothing", SELLING "}", ""}, CAUSE_NONE, NULL},
    };
    struct sale weekdays = {.calendar = WEEKDAYS};
    struct workcal calendar = calendar_of(&weekdays);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct playbook playbook = playbook_of(cases[i].known.steps);
        struct plan_input in = known_input(&cases[i].known, &playbook, &calendar, NULL);
        struct plan plan;
        in.now = instant("Europe/Moscow", "2026-12-23 12:00");
        plan_make(&in, &plan);
        assert_int_equal(plan.n, 1);
        assert_int_equal(plan.items[0].verdict, PLAN_DROPPED);
        assert_true(plan.items[0].late);
        assert_int_equal(plan.items[0].hold, cases[i].hold);
        assert_true(str_eq(plan.items[0].hold_reason, cases[i].reason));
        plan_fini(&plan);
        playbook_fini(&playbook);
    }
}

static struct occasion journey(int64_t id, enum kind kind, const char *from, const char *to)
{
    struct occasion o = {.id = id, .kind = kind};
    occasion_clear_dates(&o);
    o.when[ANCHOR_DEPARTURE] = when(from);
    o.when[ANCHOR_RETURN] = when(to);
    return o;
}

/* Their other trips; and of a lost sale, not of any other, where they went with somebody else. */
static void where_they_are(void **state)
{
    (void)state;
    struct occasion all[] = {journey(1, KIND_TRIP, "2026-12-10 06:40", "2026-12-20"),
                             journey(2, KIND_TRIP, "2026-12-25", "2026-12-30 21:15"),
                             journey(3, KIND_TRIP, "2027-01-05", "2027-01-09"),
                             journey(4, KIND_LOST, "2027-02-01", "2027-02-10"),
                             journey(5, KIND_LOST, "2027-03-01", NULL),
                             journey(6, KIND_LOST, NULL, NULL),
                             journey(7, KIND_FEEDBACK, NULL, NULL)};
    static const struct {
        size_t here, n;
        const char *first, *last; /* the first of the journeys */
    } cases[] = {{0, 1, "2026-12-25", "2026-12-30"}, {1, 1, "2026-12-10", "2026-12-20"},
                 {3, 3, "2027-02-01", "2027-02-10"}, {4, 3, "2027-03-01", "2027-03-01"},
                 {5, 2, "2026-12-10", "2026-12-20"}, {6, 2, "2026-12-10", "2026-12-20"}};
    all[2].ended = true;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct plan_span away[COUNT(all) + 1];
        assert_int_equal(plan_away(&all[cases[i].here], all, COUNT(all), away), cases[i].n);
        assert_int_equal(away[0].from, day(cases[i].first));
        assert_int_equal(away[0].to, day(cases[i].last));
    }
}

/* By its cause, whatever the words were with which it began to wait. */
static void why_it_was_kept_too_long(void **state)
{
    (void)state;
    static const struct {
        enum cause cause;
        const char *reason, *words;
    } cases[] = {
        {CAUSE_COMPLAINT, "waits until the complaint is solved",
         "dropped: its time passed while a complaint kept it back"},
        {CAUSE_COMPLAINT, "they are to be asked first",
         "dropped: its time passed while a complaint kept it back"},
        {CAUSE_LOST_SALE, "waits until L5 is over: who would sign it failed to sell to them",
         "dropped: its time passed while a lost sale kept it back"},
        {CAUSE_PAUSED, "paused until 2026-12-24", "dropped: paused until 2026-12-24"},
        {CAUSE_PAUSED, NULL, "dropped: its time passed"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *words = plan_kept_words(cases[i].cause, cases[i].reason);
        assert_string_equal(words, cases[i].words);
        free(words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions),
        cmocka_unit_test(other_trips),
        cmocka_unit_test(where_they_are),
        cmocka_unit_test(once_is_enough),
        cmocka_unit_test(who_may_not_sign),
        cmocka_unit_test(consent),
        cmocka_unit_test(holds),
        cmocka_unit_test(what_is_due_already_is_held_too),
        cmocka_unit_test(why_it_was_kept_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
