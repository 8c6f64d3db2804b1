/* pps.json: an empty file works, every key is read, every mistake is told with its line and column,
 * and a password can neither stand in it nor travel unencrypted. */
#include "support.h"

#include <pps/config.h>

static enum rc parse(const char *text, struct config *ret, struct err *err)
{
    return config_parse(text, strlen(text), "pps.json", ret, err);
}

static void assert_defaults(const struct config *c)
{
    assert_string_equal(c->agency.name, "Travel agency");
    assert_string_equal(c->agency.lang, "ru");
    assert_string_equal(c->agency.tz, "Europe/Moscow");
    assert_string_equal(c->agency.country, "RU");
    assert_string_equal(c->agency.currency, "RUB");
    assert_null(c->agency.phone);
    assert_null(c->agency.email);
    assert_null(c->agency.site);
    assert_null(c->agency.address);
    assert_null(c->agency.hashtag);
    assert_null(c->agency.survey_url);
    assert_int_equal(c->calendar.weekdays, WORKCAL_MONDAY_TO_FRIDAY);
    assert_int_equal(c->calendar.n_holidays, 0);
    assert_int_equal(c->calendar.n_extra, 0);
    assert_int_equal(c->email.gateway, MAIL_OUTBOX);
    assert_string_equal(c->email.from, "info@pps.invalid");
    assert_int_equal(c->sms.gateway, SMS_OUTBOX);
    assert_int_equal(c->sms.http.max_parts, 3);
    assert_int_equal(c->sms.price.amount, 0);
    assert_int_equal(c->email.hours.from, 7 * 60);
    assert_int_equal(c->email.hours.to, 22 * 60);
    assert_int_equal(c->sms.hours.from, 8 * 60);
    assert_int_equal(c->sms.hours.to, 21 * 60 + 30);
    assert_int_equal(c->birthday_feb29, FEB29_ON_FEB28);
    assert_int_equal(c->holiday_years, 3);
    assert_int_equal(c->digest.at, MINUTE_NONE);
    assert_null(c->outbox);
    assert_null(c->templates);
}

static void without_a_file_everything_has_a_default(void **state)
{
    (void)state;
    static const char *const texts[] = {
        NULL,
        "{}",
        "// nothing yet\n{}\n",
        "\xEF\xBB\xBF{}",
        "{\"agency\": {}, \"calendar\": {}, \"email\": {}, \"sms\": {}}",
        "{\"digest\": {}}",
        "{\"digest\": {\"at\": \"\"}}",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct config c;
        struct err err;
        assert_ok(config_parse(texts[i], texts[i] ? strlen(texts[i]) : 0, "pps.json", &c, &err));
        assert_defaults(&c);
        config_fini(&c);
        assert_null(c.agency.name);
    }
}

static void every_key_is_read(void **state)
{
    (void)state;
    static const char text[] =
        "{ // of an agency in Sofia\n"
        "  \"agency\": {\"name\": \"Синьо небе\", \"phone\": \"+359 2 123\",\n"
        "    \"email\": \"office@nebe.example\", \"site\": \"https://nebe.example\",\n"
        "    \"address\": \"ул. Шипка 1\", \"hashtag\": \"#небе\",\n"
        "    \"survey_url\": \"https://nebe.example/s?a=1//2\", // the slashes are the address's\n"
        "    \"lang\": \"bg\", \"tz\": \"Europe/Sofia\", \"country\": \"BG\", \"currency\": \"BGN\"},\n"
        "  \"calendar\": {\"working_days\": [\"mon\", \"sat\", \"sun\"],\n"
        "    \"holidays\": [\"2027-03-03\", \"24.12.2026\"],\n"
        "    \"extra_working_days\": [\"2026-12-12\"]},\n"
        "  \"email\": {\"gateway\": \"smtp\", \"from\": \"office@NEBE.example\",\n"
        "    \"smtp\": {\"host\": \"mail.nebe.example\", \"port\": 2525,\n"
        "      \"security\": \"starttls\", \"user\": \"pps\", \"password_file\": \"smtp.secret\",\n"
        "      \"ca_file\": \"ca.pem\", \"ehlo\": \"pps.nebe.example\"}},\n"
        "  \"sms\": {\"hours\": {\"from\": \"09:15\", \"to\": \"20:00\"},\n"
        "    \"gateway\": \"http\", \"http\": {\"preset\": \"kannel\",\n"
        "    \"url\": \"http://127.0.0.1:13013\", \"user\": \"kannel\",\n"
        "    \"sender\": \"NEBE\", \"password_env\": \"SMS_PASSWORD\", \"ca_file\": \"sms.pem\",\n"
        "    \"max_parts\": 10}, \"price\": \"0,045 EUR\"},\n"
        "  \"birthday_feb29\": \"mar1\", \"holiday_years\": 50, \"digest\": {\"at\": \"07:05\"},\n"
        "  \"outbox\": \"/var/spool/pps\", \"templates\": \"letters\"\n"
        "}\n";
    struct config c;
    struct err err;
    assert_ok(parse(text, &c, &err));
    assert_int_equal(c.digest.at, 7 * 60 + 5);
    assert_string_equal(c.agency.name, "Синьо небе");
    assert_string_equal(c.agency.phone, "+359 2 123");
    assert_string_equal(c.agency.email, "office@nebe.example");
    assert_string_equal(c.agency.site, "https://nebe.example");
    assert_string_equal(c.agency.address, "ул. Шипка 1");
    assert_string_equal(c.agency.hashtag, "#небе");
    assert_string_equal(c.agency.survey_url, "https://nebe.example/s?a=1//2");
    assert_string_equal(c.agency.lang, "bg");
    assert_string_equal(c.agency.tz, "Europe/Sofia");
    assert_string_equal(c.agency.country, "BG");
    assert_string_equal(c.agency.currency, "BGN");

    assert_int_equal(c.calendar.weekdays, 1u << MONDAY | 1u << SATURDAY | 1u << SUNDAY);
    assert_int_equal(c.calendar.n_holidays, 2);
    assert_int_equal(c.calendar.holidays[0], day("2026-12-24")); /* sorted: they are searched */
    assert_int_equal(c.calendar.holidays[1], day("2027-03-03"));
    assert_int_equal(c.calendar.n_extra, 1);
    assert_int_equal(c.calendar.extra[0], day("2026-12-12"));

    assert_int_equal(c.email.gateway, MAIL_SMTP);
    assert_string_equal(c.email.from, "office@nebe.example");
    assert_string_equal(c.email.smtp.host, "mail.nebe.example");
    assert_int_equal(c.email.smtp.port, 2525);
    assert_int_equal(c.email.smtp.security, SMTP_STARTTLS);
    assert_string_equal(c.email.smtp.user, "pps");
    assert_string_equal(c.email.smtp.password.file, "smtp.secret");
    assert_null(c.email.smtp.password.env);
    assert_string_equal(c.email.smtp.ca_file, "ca.pem");
    assert_string_equal(c.email.smtp.ehlo, "pps.nebe.example");

    assert_int_equal(c.sms.gateway, SMS_HTTP);
    assert_int_equal(c.sms.hours.from, 9 * 60 + 15);
    assert_int_equal(c.sms.hours.to, 20 * 60);
    assert_string_equal(c.sms.http.preset, "kannel");
    assert_string_equal(c.sms.http.url, "http://127.0.0.1:13013");
    assert_string_equal(c.sms.http.user, "kannel");
    assert_string_equal(c.sms.http.sender, "NEBE");
    assert_string_equal(c.sms.http.password.env, "SMS_PASSWORD");
    assert_null(c.sms.http.password.file);
    assert_string_equal(c.sms.http.ca_file, "sms.pem");
    assert_int_equal(c.sms.http.max_parts, 10);
    assert_int_equal(c.sms.price.amount, 450);
    assert_string_equal(c.sms.price.currency, "EUR");
    assert_int_equal(c.birthday_feb29, FEB29_ON_MAR1);
    assert_int_equal(c.holiday_years, 50);
    assert_string_equal(c.outbox, "/var/spool/pps");
    assert_string_equal(c.templates, "letters");
    config_fini(&c);
}

static void the_port_follows_the_security(void **state)
{
    (void)state;
    static const struct {
        const char *keys;
        enum smtp_security security;
        int port;
    } cases[] = {
        {"", SMTP_TLS, 465},
        {", \"security\": \"tls\"", SMTP_TLS, 465},
        {", \"security\": \"starttls\"", SMTP_STARTTLS, 587},
        {", \"security\": \"none\"", SMTP_PLAIN, 25},
        {", \"security\": \"none\", \"port\": 1", SMTP_PLAIN, 1},
        {", \"port\": 65535", SMTP_TLS, 65535},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = xasprintf("{\"email\": {\"gateway\": \"smtp\", \"from\": \"a@b.example\", "
                               "\"smtp\": {\"host\": \"h\"%s}}}",
                               cases[i].keys);
        struct config c;
        struct err err;
        assert_ok(parse(text, &c, &err));
        assert_int_equal(c.email.smtp.security, cases[i].security);
        assert_int_equal(c.email.smtp.port, cases[i].port);
        assert_null(c.email.smtp.user);
        config_fini(&c);
        free(text);
    }
}

/* ---- mistakes ---- */

/* The mark ^ stands where the error must point; it is not part of the text. what NULL: the words are
 * another module's, and only the place is checked. */
struct mistake {
    const char *text, *what;
};

static void refused(const struct mistake *mistakes, size_t n, const char *before, const char *after)
{
    for (size_t i = 0; i < n; i++) {
        const char *what = mistakes[i].what;
        char *text = xasprintf("%s%s%s", before, mistakes[i].text, after);
        char *line = place_of_mark(text, "pps.json", str_or(what, ""));
        struct config c = {.outbox = NULL};
        struct err err;
        assert_fails(parse(text, &c, &err), RC_CONFIG, what ? line : NULL);
        if (!str_starts(err.message, line))
            fail_msg("%s: %s", text, err.message);
        assert_null(c.agency.name); /* set only on success */
        free(line);
        free(text);
    }
}

#define PASSWORD                                                                                   \
    "a password does not belong here: put it into a file of mode 0600 and name it in "             \
    "\"password_file\", or name an environment variable in \"password_env\""

static void mistakes_of_the_whole(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"^", "the text ends too early: a bracket or a quote is not closed"},
        {"^[]", "the configuration must be an object: { … }"},
        {"^null", "the configuration must be an object: { … }"},
        {"{\n\"agenci\": ^{}}", "unknown key \"agenci\": did you mean \"agency\"?"},
        {"{\"password\": ^\"x\"}", "unknown key \"password\""},
        {"{\"outbox\": ^1}", "\"outbox\" must be a string, not a number"},
        {"{\"templates\": ^false}", "\"templates\" must be a string, not true or false"},
        {"{\"outbox\": \"a\",\n \"outbox\": ^\"b\"}", "\"outbox\" is given twice"},
        {"{\"agency\": ^\"x\"}", "\"agency\" must be an object, not a string"},
        {"{\"calendar\": ^[]}", "\"calendar\" must be an object, not a list"},
        {"{\"email\": ^\"smtp\"}", "\"email\" must be an object, not a string"},
        {"{\"sms\": ^null}", "\"sms\" must be an object, not null"},
        {"{\"digest\": ^\"08:30\"}", "\"digest\" must be an object, not a string"},
        {"{\"digest\": {\"at\": ^830}}", "\"at\" must be a string, not a number"},
        {"{\"digest\": {\"at\": ^\"8.30\"}}", NULL},
        {"{\"digest\": {\"at\": ^\"14:00\"}}",
         "the list is one of the morning: \"at\" must be before 14:00"},
        {"{\"outbox\": \"a\"\n ^\"templates\": \"b\"}",
         "this is not JSON: look for a missing comma, quote or bracket"},
    };
    refused(mistakes, COUNT(mistakes), "", "");
}

static void mistakes_of_the_agency(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"\"nmae\": ^\"x\"", "unknown key \"nmae\": did you mean \"name\"?"},
        {"\"name\": ^\"\"", "the agency needs a name"},
        {"\"name\": ^7", "\"name\" must be a string, not a number"},
        {"\"phone\": ^null", "\"phone\" must be a string, not null"},
        {"\"email\": ^\"a@b@c\"", NULL},
        {"\"currency\": ^\"rub\"", "\"currency\" must be three capital letters, such as RUB or EUR"},
        {"\"currency\": ^\"\"", "\"currency\" must be three capital letters, such as RUB or EUR"},
        {"\"lang\": ^\"rus\"", "\"lang\" must be two letters, such as ru, en or bg"},
        {"\"lang\": ^\"RU\"", "\"lang\" must be two letters, such as ru, en or bg"},
        {"\"lang\": ^\"\"", "\"lang\" must be two letters, such as ru, en or bg"},
        {"\"translations\": ^[]", "\"translations\" must be an object, not a list"},
        {"\"translations\": {\"English\": ^{}}", "\"English\" is no language: write two letters, such as \"en\""},
        {"\"translations\": {\"en\": {\"директор\": ^1}}", "\"директор\" must be a string, not a number"},
        {"\"translations\": {\"en\": {\"директор\": ^\"\"}}",
         "write how \"директор\" is called in \"en\", or take the line out"},
        {"\"tz\": ^\"Europe/Moskow\"", NULL},
        {"\"tz\": ^\"../../etc/passwd\"", NULL},
    };
    refused(mistakes, COUNT(mistakes), "{\"agency\": {", "}}");
}

static void mistakes_of_the_calendar(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"\"holiday\": ^[]", "unknown key \"holiday\": did you mean \"holidays\"?"},
        {"\"working_days\": ^\"mon\"", "\"working_days\" must be a list, not a string"},
        {"\"working_days\": [\"mon\", ^\"Tue\"]",
         "a working day must be one of mon, tue, wed, thu, fri, sat, sun"},
        {"\"working_days\": [^1]",
         "a working day must be one of mon, tue, wed, thu, fri, sat, sun"},
        {"\"holidays\": ^{}", "\"holidays\" must be a list, not an object"},
        {"\"holidays\": [\"2027-01-01\", ^20270102]",
         "\"holidays\" must be a string, not a number"},
        {"\"holidays\": [^\"31.02.2027\"]", "\"31.02.2027\": there is no 31 February 2027"},
        {"\"extra_working_days\": [\n^\"2027\"]",
         "\"2027\" is not a date: write 2026-12-10, 10.12.2026, today, tomorrow or +3d"},
        {"\"holidays\": [^\"tomorrow\"]",
         "\"holidays\" are dates, such as 2027-01-07 or 07.01.2027"},
        {"\"holidays\": [^\"+3d\"]", "\"holidays\" are dates, such as 2027-01-07 or 07.01.2027"},
        {"\"extra_working_days\": [^\"2027-01-07 10:00\"]",
         "\"extra_working_days\" are dates, such as 2027-01-07 or 07.01.2027"},
        {"\"extra_working_days\": ^1", "\"extra_working_days\" must be a list, not a number"},
    };
    refused(mistakes, COUNT(mistakes), "{\"calendar\": {", "}}");
}

#define FROM "\"from\": \"a@b.example\", "
#define HOST "\"smtp\": {\"host\": \"h\", "
#define NEEDS_HOST "\"smtp\" needs \"host\": the name of the mail server, nothing else"
#define BELONG "\"user\" and \"password_file\" or \"password_env\" belong together"

static void mistakes_of_the_mail(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"{\"gateway\": ^\"sendmail\"}", "\"gateway\" is \"sendmail\", but must be outbox or smtp"},
        {"{\"gate\": ^\"smtp\"}", "unknown key \"gate\""},
        {"{\"from\": ^\"nobody\"}", NULL},
        {"{\"gateway\": \"outbox\", \"smtp\": {\"password\": ^\"hunter2\"}}", PASSWORD},
        {"^{\"gateway\": \"smtp\"}",
         "\"email\" needs \"from\": the agency's address on every letter"},
        {"^{\"gateway\": \"smtp\", \"from\": \"a@b.example\"}",
         "the gateway \"smtp\" needs \"smtp\": {\"host\": …}"},
        {"{\"gateway\": \"smtp\", " FROM "\"smtp\": ^\"h\"}",
         "\"smtp\" must be an object, not a string"},
        {"{\"gateway\": \"smtp\", " FROM "\"smtp\": ^{}}", NEEDS_HOST},
        {"{\"gateway\": \"smtp\", " FROM "\"smtp\": ^{\"host\": \"\"}}", NEEDS_HOST},
        {"{\"gateway\": \"smtp\", " FROM "\"smtp\": {\"host\": ^\"smtps://h\"}}", NEEDS_HOST},
        {"{\"gateway\": \"smtp\", " FROM "\"smtp\": {\"host\": ^\"h:25\"}}", NEEDS_HOST},
        {"{\"gateway\": \"smtp\", " FROM "\"smtp\": {\"host\": ^\"u@h\"}}", NEEDS_HOST},
        {"{\"gateway\": \"smtp\", " FROM "\"smtp\": {\"host\": ^\"h\\r\\nQUIT\"}}", NEEDS_HOST},
        {"{\"gateway\": \"smtp\", " FROM "\"smtp\": {\"hots\": ^\"h\"}}",
         "unknown key \"hots\": did you mean \"host\"?"},
        {"{\"gateway\": \"smtp\", " FROM HOST "\"password\": ^\"hunter2\"}}", PASSWORD},
        {"{\"gateway\": \"smtp\", " FROM HOST "\"security\": ^\"ssl\"}}",
         "\"security\" is \"ssl\", but must be tls, starttls or none"},
        {"{\"gateway\": \"smtp\", " FROM HOST "\"port\": ^0}}",
         "\"port\" must be a whole number from 1 to 65535"},
        {"{\"gateway\": \"smtp\", " FROM HOST "\"port\": ^65536}}",
         "\"port\" must be a whole number from 1 to 65535"},
        {"{\"gateway\": \"smtp\", " FROM HOST "\"port\": ^\"25\"}}",
         "\"port\" must be a whole number from 1 to 65535"},
        {"{\"gateway\": \"smtp\", " FROM "\"smtp\": ^{\"host\": \"h\", \"user\": \"u\"}}", BELONG},
        {"{\"gateway\": \"smtp\", " FROM "\"smtp\": ^{\"host\": \"h\", \"password_env\": \"P\"}}",
         BELONG},
        {"{\"gateway\": \"smtp\", " FROM HOST "\"user\": \"u\", \"password_file\": \"f\", "
         "\"password_env\": ^\"P\"}}",
         "give either \"password_file\" or \"password_env\", not both"},
        {"{\"gateway\": \"smtp\", " FROM HOST "\"security\": ^\"none\", \"user\": \"u\", "
         "\"password_file\": \"f\"}}",
         "a password is never sent without encryption: use \"tls\" or \"starttls\""},
        {"{\"gateway\": \"smtp\", " FROM HOST "\"user\": ^1}}",
         "\"user\" must be a string, not a number"},
        {"{\"gateway\": \"smtp\", " FROM HOST "\"ca_file\": ^1}}",
         "\"ca_file\" must be a string, not a number"},
        {"{\"gateway\": \"smtp\", " FROM HOST "\"ehlo\": ^1}}",
         "\"ehlo\" must be a string, not a number"},
    };
    refused(mistakes, COUNT(mistakes), "{\"email\":\n", "}");
}

#define HTTP "\"http\": {\"preset\": \"kannel\", "
#define NEEDS_PRESET "\"http\" needs \"preset\": the name of a gateway preset, such as kannel"
#define HTTPS "\"url\" must begin with https:// (http:// only for this machine itself)"

static void mistakes_of_the_sms(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"{\"gateway\": ^\"smtp\"}", "\"gateway\" is \"smtp\", but must be outbox or http"},
        {"{\"http_\": ^{}}", "unknown key \"http_\": did you mean \"http\"?"},
        {"{\"http\": {\"password\": ^\"hunter2\"}}", PASSWORD},
        {"{\"price\": ^3.70}", "\"price\" must be a string, not a number"},
        {"{\"price\": ^\"dear\"}",
         "\"dear\" is no price of an SMS part: write 3.70, 0.045 or 3.70 RUB"},
        {"{\"hours\": ^\"9-21\"}", "\"hours\" must be an object, not a string"},
        {"{\"hours\": {\"till\": ^\"21:00\"}}", "unknown key \"till\""},
        {"{\"hours\": {\"from\": ^9}}", "\"from\" must be a string, not a number"},
        {"{\"hours\": {\"to\": ^\"24:00\"}}",
         "\"24:00\" is not a time of day: write 06:40 (00:00 to 23:59)"},
        {"{\"hours\": ^{\"from\": \"21:30\"}}", "\"from\" must be earlier than \"to\""},
        {"{\"hours\": ^{\"from\": \"20:00\", \"to\": \"09:00\"}}",
         "\"from\" must be earlier than \"to\""},
        {"^{\"gateway\": \"http\"}",
         "the gateway \"http\" needs \"http\": {\"preset\": …, \"url\": …}"},
        {"{\"gateway\": \"http\", \"http\": ^[]}", "\"http\" must be an object, not a list"},
        {"{\"gateway\": \"http\", \"http\": ^{}}", NEEDS_PRESET},
        {"{\"gateway\": \"http\", \"http\": {\"preset\": ^\"../kannel\"}}", NEEDS_PRESET},
        {"{\"gateway\": \"http\", \"http\": {\"preset\": ^\"Kannel\"}}", NEEDS_PRESET},
        {"{\"gateway\": \"http\", \"http\": ^{\"preset\": \"kannel\"}}",
         "\"http\" needs \"url\": where the gateway listens"},
        {"{\"gateway\": \"http\", " HTTP "\"url\": ^\"http://sms.example\"}}", HTTPS},
        {"{\"gateway\": \"http\", " HTTP "\"url\": ^\"ftp://127.0.0.1\"}}", HTTPS},
        {"{\"gateway\": \"http\", " HTTP "\"url\": ^\"sms.example\"}}", HTTPS},
        {"{\"gateway\": \"http\", " HTTP "\"url\": ^1}}", "\"url\" must be a string, not a number"},
        {"{\"gateway\": \"http\", " HTTP "\"ulr\": ^\"https://x.example\"}}",
         "unknown key \"ulr\": did you mean \"url\"?"},
        {"{\"gateway\": \"http\", " HTTP "\"password\": ^\"x\"}}", PASSWORD},
        {"{\"gateway\": \"http\", " HTTP "\"max_parts\": ^0}}",
         "\"max_parts\" must be a whole number from 1 to 10"},
        {"{\"gateway\": \"http\", " HTTP "\"max_parts\": ^11}}",
         "\"max_parts\" must be a whole number from 1 to 10"},
        {"{\"gateway\": \"http\", " HTTP "\"user\": ^{}}}",
         "\"user\" must be a string, not an object"},
        {"{\"gateway\": \"http\", " HTTP "\"sender\": ^{}}}",
         "\"sender\" must be a string, not an object"},
        {"{\"gateway\": \"http\", " HTTP "\"password_file\": \"f\", \"password_env\": ^\"P\"}}",
         "give either \"password_file\" or \"password_env\", not both"},
    };
    refused(mistakes, COUNT(mistakes), "{\"sms\":\n", "}");
}

/* http:// is for this machine only: whatever looks like it and is not is refused. */
static void only_this_machine_is_loopback(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        bool loopback;
    } cases[] = {
        {"http://localhost", true},
        {"http://localhost/", true},
        {"http://localhost:13013", true},
        {"http://127.0.0.1", true},
        {"http://127.0.0.1:13013", true},
        {"http://127.8.9.10:1/", true},
        {"http://[::1]:13013", true},
        {"http://[::1]", true},
        {"https://localhost", false}, /* https needs no excuse */
        {"http://localhost.evil.com", false},
        {"http://localhost.evil.com:80", false},
        {"http://localhost-evil.com", false},
        {"http://localhosts", false},
        {"http://127.evil.com", false},
        {"http://127.0.0.1.evil", false},
        {"http://127.0.0.1.evil:80/", false},
        {"http://127.0.0.1evil.com", false},
        {"http://localhost@evil.com", false},
        {"http://localhost:80@evil.com", false},
        {"http://localhost:pass@evil.com/", false},
        {"http://127.0.0.1@evil.com", false},
        {"http://127.0.0.1:80@evil.com", false},
        {"http://[::1]@evil.com", false},
        {"http://[::1].evil.com", false},
        {"http://[::1]:80@evil.com", false},
        {"http://user@localhost", false},
        {"http://evil.com/localhost", false},
        {"http://evil.com#127.0.0.1", false},
        {"http://localhost#@evil.com", false},
        {"http://localhost?@evil.com", false},
        {"http://localhost\\@evil.com", false},
        {"http://1270.0.0.1", false},
        {"http://128.0.0.1", false},
        {"http://[::2]", false},
        {"http://[::ffff:10.0.0.1]", false},
        {"http://0.0.0.0", false},
        {"http://", false},
        {"http:/localhost", false},
        {"//localhost", false},
        {"localhost", false},
        {"", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (config_url_is_loopback(cases[i].url) != cases[i].loopback)
            fail_msg("%s", cases[i].url);
        /* And so says the configuration. */
        if (str_empty(cases[i].url) || str_starts(cases[i].url, "https://"))
            continue;
        char *url = xstrdup(cases[i].url);
        for (char *p = url; *p != '\0'; p++)
            *p = *p == '\\' ? '/' : *p;
        char *text = xasprintf("{\"sms\": {\"gateway\": \"http\", " HTTP "\"url\": \"%s\"}}}", url);
        struct config c;
        struct err err;
        enum rc rc = parse(text, &c, &err);
        if (cases[i].loopback) {
            assert_int_equal(rc, RC_OK);
            assert_string_equal(c.sms.http.url, url);
            config_fini(&c);
        } else {
            assert_int_equal(rc, RC_CONFIG);
        }
        free(text);
        free(url);
    }
}

static void the_hours_of_calls(void **state)
{
    (void)state;
    static const char text[] = "{\"calls\": {\"hours\": {\"from\": \"09:30\"}}}";
    static const struct mistake mistakes[] = {
        {"^[]", "\"calls\" must be an object, not a list"},
        {"{\"hour\": ^{}}", "unknown key \"hour\": did you mean \"hours\"?"},
        {"{\"hours\": ^{\"from\": \"20:00\"}}", "\"from\" must be earlier than \"to\""},
    };
    struct config c;
    struct err err;
    assert_ok(config_parse(NULL, 0, NULL, &c, &err));
    assert_int_equal(c.calls.hours.from, 10 * 60);
    assert_int_equal(c.calls.hours.to, 20 * 60);
    config_fini(&c);
    assert_ok(config_parse(text, strlen(text), "pps.json", &c, &err));
    assert_int_equal(c.calls.hours.from, 9 * 60 + 30);
    assert_int_equal(c.calls.hours.to, 20 * 60);
    config_fini(&c);
    refused(mistakes, COUNT(mistakes), "{\"calls\":\n", "}");
}

static void a_number_of_the_country_can_be_dialled_from_abroad(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"8 495 123-45-67", "+74951234567"},
                                          {"+7 (495) 123 4567", "+7 (495) 123 4567"},
                                          {"8 800 555-35-35, доб. 5", "8 800 555-35-35, доб. 5"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct config c;
        struct err err;
        char *text = xasprintf("{\"agency\": {\"name\": \"x\", \"phone\": \"%s\"}}", rows[i][0]);
        assert_ok(parse(text, &c, &err));
        assert_string_equal(c.agency.phone, rows[i][1]);
        config_fini(&c);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_of_the_country_can_be_dialled_from_abroad),
        cmocka_unit_test(without_a_file_everything_has_a_default),
        cmocka_unit_test(every_key_is_read),
        cmocka_unit_test(the_port_follows_the_security),
        cmocka_unit_test(mistakes_of_the_whole),
        cmocka_unit_test(mistakes_of_the_agency),
        cmocka_unit_test(mistakes_of_the_calendar),
        cmocka_unit_test(mistakes_of_the_mail),
        cmocka_unit_test(mistakes_of_the_sms),
        cmocka_unit_test(only_this_machine_is_loopback),
        cmocka_unit_test(the_hours_of_calls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
