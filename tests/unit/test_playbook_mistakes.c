/* playbook.json: every mistake is told with its line and column. */
#include "support.h"

static enum rc parse(const char *text, struct playbook *ret, struct err *err)
{
    return playbook_parse(text, strlen(text), "playbook.json", ret, err);
}

/* The mark ^ stands where the error must point; it is not part of the text. */
struct mistake {
    const char *text, *what;
};

static void refused(const struct mistake *mistakes, size_t n, const char *before, const char *after)
{
    for (size_t i = 0; i < n; i++) {
        char *text = xasprintf("%s%s%s", before, mistakes[i].text, after);
        char *line = place_of_mark(text, "playbook.json", mistakes[i].what);
        struct playbook p = {0};
        struct err err;
        assert_fails(parse(text, &p, &err), RC_INVALID, line);
        assert_null(p.steps); /* set only on success */
        free(line);
        free(text);
    }
}

static void mistakes_of_the_whole(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"^", "the text ends too early: a bracket or a quote is not closed"},
        {"^[]", "the playbook must be an object: { … }"},
        {"// nothing yet\n^\"steps\"", "the playbook must be an object: { … }"},
        {"^{}", "the playbook needs \"steps\": a list with at least one step"},
        {"{\"steps\": ^{}}", "the playbook needs \"steps\": a list with at least one step"},
        {"{\n  \"steps\": ^[]\n}", "the playbook needs \"steps\": a list with at least one step"},
        {"{\"step\": ^[]}", "unknown key \"step\": did you mean \"steps\"?"},
        {"{\"name\": \"x\",\n \"version\": ^2}", "unknown key \"version\""},
        {"{\"name\": ^1, \"steps\": []}", "\"name\" must be a string, not a number"},
        {"{\"name\": \"a\", \"name\": ^\"b\"}", "\"name\" is given twice"},
        {"{\"steps\": [^1]}", "\"a step\" must be an object, not a number"},
        {"{\"steps\": [\n  {\"key\": \"a\"\n  ^\"channel\": \"sms\"}]}",
         "this is not JSON: look for a missing comma, quote or bracket"},
    };
    refused(mistakes, COUNT(mistakes), "", "");
}

#define SMS "\"key\": \"a\", \"channel\": \"sms\", \"grace\": {}, "
#define CALL "\"key\": \"a\", \"channel\": \"call\", "
#define AT "\"at\": {\"anchor\": \"purchase\"}"
#define NEEDS_KEY "the step needs a \"key\" of small letters, digits and dashes"
#define DAYS "\"days\" must be a whole number from -366 to 366"
#define NEEDS_BOTH "\"fallback\" needs a \"channel\" and an \"at\""
#define TOGETHER "\"if_late\": \"merge\" and \"merge_into\" belong together"
#define EARLIER "\"merge_into\" must be the key of an earlier step that is not merged itself"

static void mistakes_of_a_step(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"^{}", NEEDS_KEY},
        {"{\"key\": ^\"\"}", NEEDS_KEY},
        {"{\"key\": ^\"Thank-you\"}", NEEDS_KEY},
        {"{\"key\": ^\"thank you\"}", NEEDS_KEY},
        {"{\"key\": ^\"спасибо\"}", NEEDS_KEY},
        {"{\"key\": ^\"aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd1\"}", NEEDS_KEY},
        {"{\"key\": ^null}", "\"key\" must be a string, not null"},
        {"{\"key\": \"a\", \"title\": ^[]}", "\"title\" must be a string, not a list"},
        {"{\"key\": \"a\", \"column\": ^true}", "\"column\" must be a string, not true or false"},
        {"{\"key\": \"a\", \"chanel\": ^\"sms\"}",
         "unknown key \"chanel\": did you mean \"channel\"?"},
        {"{\"key\": \"a\", \"подпись\": ^\"Анна\"}", "unknown key \"подпись\""},

        {"^{\"key\": \"a\"}", "the step needs a \"channel\""},
        {"{\"key\": \"a\", \"channel\": ^\"fax\"}",
         "\"channel\" is \"fax\", but must be email, sms, call, visit or task"},
        {"{\"key\": \"a\", \"channel\": ^7}", "\"channel\" must be a string, not a number"},
        {"{" SMS AT ", \"otherwise\": ^\"call\"}", "\"otherwise\" must be a list, not a string"},
        {"{" SMS AT ", \"otherwise\": [\"email\", ^\"visit\"]}",
         "\"otherwise\" lists email, sms or call"},
        {"{" SMS AT ", \"otherwise\": [^\"post\"]}", "\"otherwise\" lists email, sms or call"},
        {"{" SMS AT ", \"otherwise\": [^1]}", "\"otherwise\" lists email, sms or call"},
        {"{" SMS AT ", \"otherwise\": [^\"sms\"]}", "the channel sms is tried already"},
        {"{" SMS AT ", \"otherwise\": [\"call\", \"email\", ^\"call\"]}",
         "the channel call is tried already"},

        {"^{" SMS "\"title\": \"x\"}", "the step \"a\" needs an \"at\""},
        {"{" SMS "\"at\": ^\"purchase\"}", "\"at\" must be an object, not a string"},
        {"{" SMS "\"at\": ^{}}", "\"at\" needs an \"anchor\""},
        {"{" SMS "\"at\": ^{\"days\": 1}}", "\"at\" needs an \"anchor\""},
        {"{" SMS "\"at\": {\"anchor\": ^\"landing\"}}",
         "\"anchor\" is \"landing\", but must be purchase, departure, return, visit, moved, "
         "learned, "
         "answered, opened, promised, resolved or day"},
        {"{" SMS "\"at\": {\"anchor\": ^1}}", "\"anchor\" must be a string, not a number"},
        {"{" SMS "\"at\": {\"anchor\": \"return\", \"day\": ^1}}",
         "unknown key \"day\": did you mean \"days\"?"},
        {"{" SMS "\"at\": {\"anchor\": \"return\", \"days\": ^367}}", DAYS},
        {"{" SMS "\"at\": {\"anchor\": \"return\", \"days\": ^-367}}", DAYS},
        {"{" SMS "\"at\": {\"anchor\": \"return\", \"days\": ^1.5}}", DAYS},
        {"{" SMS "\"at\": {\"anchor\": \"return\", \"days\": ^\"1\"}}", DAYS},
        {"{" SMS "\"at\": {\"anchor\": \"return\", \"time\": ^\"24:00\"}}",
         "\"24:00\" is not a time of day: write 06:40 (00:00 to 23:59)"},
        {"{" SMS "\"at\": {\"anchor\": \"return\", \"time\": ^10}}",
         "\"time\" must be a string, not a number"},
        {"{" SMS "\"at\": {\"anchor\": \"return\", \"minutes\": ^10081}}",
         "\"minutes\" must be a whole number from -10080 to 10080"},
        {"{" SMS AT ", \"or_at\": ^{}}", "\"or_at\" needs an \"anchor\""},
        {"{" SMS AT ", \"not_before\": ^{}}", "\"not_before\" needs an \"anchor\""},
        {"{" SMS AT ", \"not_after\": ^5}", "\"not_after\" must be an object, not a number"},

        {"^{\"key\": \"a\", \"channel\": \"email\", " AT "}",
         "the step \"a\" needs a \"grace\": how late may the message still go?"},
        {"{" CALL AT ", \"otherwise\": ^[\"email\"]}",
         "the step \"a\" may become a message and needs a \"grace\""},
        {"{" CALL AT ", \"grace\": ^3}", "\"grace\" must be an object, not a number"},
        {"{" CALL AT ", \"grace\": {\"hours\": ^3}}", "unknown key \"hours\""},
        {"{" CALL AT ", \"grace\": {\"days\": ^-1}}",
         "\"days\" must be a whole number from 0 to 366"},
        {"{" CALL AT ", \"grace\": {\"time\": ^\"9\"}}",
         "\"9\" is not a time of day: write 06:40 (00:00 to 23:59)"},

        {"{" SMS AT ", \"fallback\": ^{}}",
         "only a call or a visit has a \"fallback\": a message goes by itself"},
        {"{" CALL AT ", \"fallback\": ^\"sms\"}", "\"fallback\" must be an object, not a string"},
        {"{" CALL AT ", \"fallback\": {\"to\": ^\"sms\"}}", "unknown key \"to\""},
        {"{" CALL AT ", \"fallback\": {\"channel\": ^\"call\"}}",
         "\"channel\" is \"call\", but must be email or sms"},
        {"{" CALL AT ", \"fallback\": ^{\"channel\": \"sms\"}}", NEEDS_BOTH},
        {"{" CALL AT ", \"fallback\": ^{" AT "}}", NEEDS_BOTH},
        {"{" CALL AT ", \"fallback\": ^{\"channel\": \"sms\", " AT "}}",
         "the step \"a\" has a fallback message and needs a \"grace\""},

        {"{" CALL AT ", \"if_late\": ^\"now\"}",
         "\"if_late\" is \"now\", but must be skip, send_now or merge"},
        {"{" CALL AT ", \"working_day\": ^\"next\"}",
         "\"working_day\" is \"next\", but must be none, later or earlier"},
        {"{" CALL AT ", \"signed_by\": ^\"anna\"}",
         "\"signed_by\" is \"anna\", but must be manager, director or service"},
        {"{" CALL AT ", \"class\": ^\"spam\"}",
         "\"class\" is \"spam\", but must be service or marketing"},
        {"{" CALL AT ", \"merge_into\": ^1}", "\"merge_into\" must be a string, not a number"},
        {"^{" CALL AT ", \"if_late\": \"merge\"}", TOGETHER},
        {"^{" CALL AT ", \"merge_into\": \"a\"}", TOGETHER},
        {"{" CALL AT ", \"if_late\": \"merge\", \"merge_into\": ^\"a\"}", EARLIER},
    };
    refused(mistakes, COUNT(mistakes), "{\"steps\": [\n", "\n]}");
}

#define LETTER "\"key\": \"a\", \"channel\": \"email\", \"grace\": {}, "
#define FACTS                                                                                      \
    "complaint, unhappy, promoter, rated, promised, assigned, first_trip, bought_again, travelling, reminded, solved, " \
    "asked_in_writing, refused"
#define GREETED "\"greeting\" and the series \"greeting\" belong together"
#define BY_WHOM "after a lost sale \"signed_by\" is \"service\" or \"director\""
#define NO_APPROVAL "only a message waits for approval: a call is a person's own work"

static void mistakes_of_the_whole_method(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"{" SMS AT ", \"series\": ^\"trips\"}",
         "\"series\" is \"trips\", but must be trip, lost, feedback, complaint or greeting"},
        {"{" SMS AT ", \"series\": ^1}", "\"series\" must be a string, not a number"},
        {"{" SMS AT ", \"only_if\": ^\"unhappy\"}", "\"only_if\" must be a list, not a string"},
        {"{" SMS AT ", \"only_if\": [\"rated\", ^\"sad\"]}", "\"only_if\" lists some of " FACTS},
        {"{" SMS AT ", \"unless\": [^1]}", "\"unless\" lists some of " FACTS},
        {"{" SMS AT ", \"mode\": ^\"ask\"}", "\"mode\" is \"ask\", but must be auto or approve"},
        {"{" CALL AT ", \"mode\": ^\"approve\"}", NO_APPROVAL},
        {"{" CALL AT ", \"approve_products\": ^[\"premium\"]}", NO_APPROVAL},
        {"{" SMS AT ", \"approve_products\": ^\"premium\"}",
         "\"approve_products\" must be a list, not a string"},
        {"{" SMS AT ", \"approve_products\": [\"a\", ^\"\"]}",
         "\"approve_products\" lists names of products"},
        {"{" SMS AT ", \"approve_products\": [^7]}",
         "\"approve_products\" lists names of products"},
        {"{" SMS AT ", \"if_moved\": ^\"yes\"}",
         "\"if_moved\" is \"yes\", but must be stay or again"},
        {"{" SMS AT ", \"zone\": ^\"Europe/Moscow\"}",
         "\"zone\" is \"Europe/Moscow\", but must be client or departure"},
        {"{" CALL AT ", \"tries\": ^0}", "\"tries\" must be a whole number from 1 to 9"},
        {"{" CALL AT ", \"tries\": ^10}", "\"tries\" must be a whole number from 1 to 9"},
        {"{" SMS AT ", \"once_days\": ^-1}", "\"once_days\" must be a whole number from 0 to 3660"},
        {"{" SMS AT ", \"once_days\": ^3661}",
         "\"once_days\" must be a whole number from 0 to 3660"},
        {"{" SMS AT ", \"days_by_product\": ^[]}",
         "\"days_by_product\" must be an object, not a list"},
        {"{" SMS AT ", \"days_by_product\": {\"mass\": ^367}}",
         "\"mass\" must be a whole number from -366 to 366"},
        {"{" SMS AT ", \"days_by_product\": {\"mass\": 1, \"mass\": ^2}}",
         "\"mass\" is given twice"},

        /* Each series has its own dates, and the moments may not name another's. */
        {"{" SMS "\"at\": ^{\"anchor\": \"learned\"}}",
         "the series \"trip\" has no date \"learned\"; it has: purchase, departure, return, visit, "
         "moved"},
        {"{" SMS AT ", \"or_at\": ^{\"anchor\": \"day\"}}",
         "the series \"trip\" has no date \"day\"; it has: purchase, departure, return, visit, "
         "moved"},
        {"{" SMS AT ", \"not_before\": ^{\"anchor\": \"opened\"}}",
         "the series \"trip\" has no date \"opened\"; it has: purchase, departure, return, visit, "
         "moved"},
        {"{" LETTER "\"series\": \"lost\", \"signed_by\": \"service\", \"at\": ^{\"anchor\": "
         "\"purchase\"}}",
         "the series \"lost\" has no date \"purchase\"; it has: departure, return, learned"},
        {"{" LETTER "\"series\": \"complaint\", \"at\": {\"anchor\": \"opened\"}, "
         "\"not_after\": ^{\"anchor\": \"return\"}}",
         "the series \"complaint\" has no date \"return\"; it has: moved, opened, promised, resolved"},
        {"{" CALL "\"series\": \"feedback\", \"at\": {\"anchor\": \"answered\"}, \"grace\": {}, "
         "\"fallback\": ^{\"channel\": \"sms\", \"at\": {\"anchor\": \"visit\"}}}",
         "the series \"feedback\" has no date \"visit\"; it has: answered"},
        {"{" LETTER "\"series\": \"greeting\", \"greeting\": \"birthday\", \"at\": "
         "^{\"anchor\": \"departure\"}}",
         "the series \"greeting\" has no date \"departure\"; it has: day"},

        /* Whoever failed to sell does not write about it. */
        {"^{" LETTER "\"series\": \"lost\", \"at\": {\"anchor\": \"learned\"}}", BY_WHOM},
        {"{" LETTER "\"series\": \"lost\", \"at\": {\"anchor\": \"learned\"}, \"signed_by\": "
         "^\"manager\"}",
         BY_WHOM},

        {"^{" LETTER "\"series\": \"greeting\", \"at\": {\"anchor\": \"day\"}}", GREETED},
        {"^{" LETTER AT ", \"greeting\": \"birthday\"}", GREETED},
        {"{" LETTER "\"series\": \"greeting\", \"greeting\": ^\"easter\", \"at\": {\"anchor\": "
         "\"day\"}}",
         "\"greeting\" is \"birthday\" or one of the \"holidays\" below"},
        {"{" LETTER AT "}, {\"key\": \"b\", \"channel\": \"email\", \"grace\": {}, \"series\": "
         "\"complaint\", \"at\": {\"anchor\": \"opened\"}, \"if_late\": \"merge\", "
         "\"merge_into\": ^\"a\"}",
         EARLIER}, /* which belongs to trips */
    };
    refused(mistakes, COUNT(mistakes), "{\"steps\": [\n", "\n]}");
}

#define HOLIDAY_NAME                                                                               \
    "a holiday has a name of small letters, digits and dashes that is not \"birthday\""
#define HOLIDAY_DAY "a holiday is \"12-31\", or a list of dates"
#define HOLIDAY_DATE "a date is written 2027-05-02"

static void mistakes_of_the_holidays(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"^[]", "\"holidays\" must be an object, not a list"},
        {"{\"birthday\": ^\"12-31\"}", HOLIDAY_NAME},
        {"{\"\": ^\"12-31\"}", HOLIDAY_NAME},
        {"{\"Пасха\": ^\"12-31\"}", HOLIDAY_NAME},
        {"{\"a\": ^\"31.12\"}", HOLIDAY_DAY},
        {"{\"a\": ^\"02-30\"}", HOLIDAY_DAY},
        {"{\"a\": ^\"2-3\"}", HOLIDAY_DAY},
        {"{\"a\": ^\"12/31\"}", HOLIDAY_DAY},
        {"{\"a\": ^\"2027-12-31\"}", HOLIDAY_DAY},
        {"{\"a\": ^7}", "\"a\" must be a list, not a number"},
        {"{\"a\": [^\"12-31\"]}", HOLIDAY_DATE},
        {"{\"a\": [^\"2027-02-29\"]}", HOLIDAY_DATE},
        {"{\"a\": [\"2027-05-02\", ^2028]}", HOLIDAY_DATE},
        {"{\"a\": [\"2027-05-02\", ^\"2027-05-02\"]}",
         "the dates of a holiday stand in order, each once"},
        {"{\"a\": [\"2028-04-16\", ^\"2027-05-02\"]}",
         "the dates of a holiday stand in order, each once"},
        {"{\"a\": \"12-31\", \"a\": ^\"01-01\"}", "\"a\" is given twice"},
    };
    refused(mistakes, COUNT(mistakes), "{\"steps\": [{" CALL AT "}],\n\"holidays\": ", "}");
}

/* What one step may not do because of another. */
static void mistakes_between_steps(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"{" CALL AT "},\n{\"key\": ^\"a\", \"channel\": \"call\", " AT "}",
         "there are two steps with the key \"a\""},
        {"{" CALL AT "},\n{\"key\": \"b\", \"channel\": \"call\", " AT
         ", \"if_late\": \"merge\", \"merge_into\": ^\"c\"},\n"
         "{\"key\": \"c\", \"channel\": \"call\", " AT "}",
         EARLIER},
        {"{" CALL AT "},\n{\"key\": \"b\", \"channel\": \"call\", " AT
         ", \"if_late\": \"merge\", \"merge_into\": \"a\"},\n"
         "{\"key\": \"c\", \"channel\": \"call\", " AT
         ", \"if_late\": \"merge\", \"merge_into\": ^\"b\"}",
         EARLIER},
        {"{" CALL AT "},\n{\"key\": \"b\", \"channel\": \"call\", " AT
         ", \"if_late\": \"merge\", \"merge_into\": ^\"nobody\"}",
         EARLIER},
    };
    refused(mistakes, COUNT(mistakes), "{\"steps\": [\n", "\n]}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_of_the_whole),        cmocka_unit_test(mistakes_of_a_step),
        cmocka_unit_test(mistakes_of_the_whole_method), cmocka_unit_test(mistakes_of_the_holidays),
        cmocka_unit_test(mistakes_between_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
