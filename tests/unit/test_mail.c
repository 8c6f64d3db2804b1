/* E-mails byte for byte: the same input gives the same bytes, hostile names stay names, and another
 * program (check_mail.py, Python's e-mail package) reads out of the message exactly what was put
 * in. */
#include <stdio.h>
#include <sys/wait.h>

#include <cjson/cJSON.h>

#include "message_fixture.h"

#include "../../src/message/escape.h"
#include "../../src/message/letter.h"
#include "../../src/message/typography.h"

static const struct mail_identity identity = {
    .message_id = "a156.1f2e3d@more.example",
    .boundary = "=_pps.0123456789abcdef",
    .date = 1796788800, /* 2026-12-09 04:00:00 UTC */
    .utc_offset = 3 * 3600,
};

static const char hello[] = "Subject: {{client.name}}, спасибо!\n"
                            "\n"
                            "Здравствуйте, {{client.name}}!\n"
                            "\n"
                            ".\n"
                            "From the sea = море\n"
                            "\n"
                            "- [анкета]({{agency.survey_url}})\n";

static struct rendered mail_of(struct fixture *f)
{
    struct rendered mail = {0};
    struct err err = {0};
    if (message_render_email(&f->in, &identity, &mail, &err) != RC_OK)
        fail_msg("%s", err.message);
    return mail;
}

static void add_address(cJSON *json, const char *header, const char *name, const char *address)
{
    cJSON *list = cJSON_AddArrayToObject(json, header);
    if (address == NULL)
        return;
    cJSON *pair = cJSON_CreateArray();
    cJSON_AddItemToArray(pair, cJSON_CreateString(name));
    cJSON_AddItemToArray(pair, cJSON_CreateString(address));
    cJSON_AddItemToArray(list, pair);
}

static void add_headers(cJSON *json, bool reply_to)
{
    static const char *const names[] = {"date",
                                        "from",
                                        "to",
                                        "subject",
                                        "message-id",
                                        "auto-submitted",
                                        "mime-version",
                                        "content-type",
                                        "content-language",
                                        "feedback-id",
                                        "reply-to",
                                        "x-auto-response-suppress"};
    cJSON *list = cJSON_AddArrayToObject(json, "headers");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (reply_to || strcmp(names[i], "reply-to") != 0)
            cJSON_AddItemToArray(list, cJSON_CreateString(names[i]));
    }
}

struct wanted {
    const char *from, *to, *subject; /* names and subject as a reader sees them */
    const char *reply_to;            /* NULL: no such header */
    const char *name;                /* seen in the body */
};

/* The links of the letter, and of the frame: whom to call, to write to, and the site. */
static void add_links(cJSON *json, const struct fixture *f)
{
    const struct staff *signer = f->in.signer;
    const char *email = signer == NULL || str_empty(signer->email) ? f->config.agency.email : signer->email;
    cJSON *links = cJSON_AddArrayToObject(json, "links");
    cJSON_AddItemToArray(links, cJSON_CreateString(f->config.agency.survey_url));
    cJSON_AddItemToArray(
        links, cJSON_CreateString(signer == NULL ? "tel:+74951234567" : "tel:+79035554433"));
    if (email != NULL) {
        char *mailto = xasprintf("mailto:%s", email);
        cJSON_AddItemToArray(links, cJSON_CreateString(mailto));
        free(mailto);
    }
    cJSON_AddItemToArray(links, cJSON_CreateString("https://more.example"));
}

/* Writes NAME.eml and NAME.json, what check_mail.py is to find in it. */
static void write_case(struct fixture *f, const char *name, const struct rendered *mail,
                       const struct wanted *w)
{
    struct letter letter = {0};
    struct err err = {0};
    assert_int_equal(letter_write(&f->in, &letter, &err), RC_OK);
    cJSON *json = cJSON_CreateObject();
    add_headers(json, w->reply_to != NULL);
    cJSON_AddStringToObject(json, "Subject", w->subject);
    cJSON_AddStringToObject(json, "Date", "Wed, 09 Dec 2026 07:00:00 +0300");
    cJSON_AddStringToObject(json, "Message-ID", "<a156.1f2e3d@more.example>");
    cJSON_AddStringToObject(json, "Auto-Submitted", "auto-generated");
    cJSON_AddStringToObject(json, "X-Auto-Response-Suppress", "OOF, AutoReply");
    cJSON_AddStringToObject(json, "MIME-Version", "1.0");
    cJSON_AddStringToObject(json, "Content-Language", "ru");
    cJSON_AddStringToObject(json, "Feedback-ID", "hello:more.example:service:pps");
    add_address(json, "From", w->from, f->config.email.from);
    add_address(json, "To", w->to, f->client.email);
    add_address(json, "Reply-To", "", w->reply_to);
    cJSON_AddStringToObject(json, "boundary", identity.boundary);
    cJSON_AddStringToObject(json, "text", letter.text);
    cJSON_AddStringToObject(json, "html", letter.html);
    cJSON_AddStringToObject(json, "name", w->name);
    add_links(json, f);
    char *text = cJSON_PrintUnformatted(json);
    char *eml_name = xasprintf("mail/%s.eml", name), *json_name = xasprintf("mail/%s.json", name);
    put_bytes(f, eml_name, mail->bytes, mail->len);
    put(f, json_name, text);
    free(eml_name);
    free(json_name);
    free(text);
    cJSON_Delete(json);
    letter_fini(&letter);
}

static void second_opinion(struct fixture *f, size_t n_messages)
{
    char *command =
        xasprintf("/usr/bin/python3 tests/unit/check_mail.py '%s/mail' %zu", f->dir, n_messages);
    int status = system(command);
    free(command);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* --- hostile and odd names -------------------------------------------------------------------- */

#define TEN_ACCENTS                                                                                \
    "\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81"

static const char *const names[] = {
    "Мария Иванова",
    "Ann",
    "Petrova, Ann",
    "Ann \"Annie\" O'Hara",
    "Ann (VIP) <x@y.example>",
    "Ann\r\nBcc: all@evil.example",
    "Ann\r\n\r\n<h1>body</h1>",
    "Ann\n.\r\nMAIL FROM:<x@y>",
    "Анна\r\n Bcc: all@evil.example",
    "{{agency.phone}} {{secret}} {{{client.email}}}",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "*bold* _it_ `code` # x",
    "[a](http://evil.example)",
    "[a](javascript:alert(1))",
    "abc\xE2\x80\xAE"
    "gpj.exe",
    "a\xE2\x80\xA8"
    "b\xE2\x80\xA9"
    "c\xC2\x85"
    "d",
    "bad \xFF\xC0\x80 bytes",
    "🏝 Ann 👩‍👩‍👧",
    "й ё — и\xCC\x86 е\xCC\x88",
    "«ёлки»",
    "=?utf-8?q?x=0D=0ABcc:_all=40evil.example?=",
    "Ann =?utf-8?b?0JDQvdC90LA=?= Bell",
    "Анна Ann Анна (Ann) \"Анна\", Ann; Анна: Ann @ Анна",
    "Ann\\",
    "\"",
    "a=20b=\r\nc",
    "--=_pps.0123456789abcdef--",
    "undisclosed-recipients:;",
    "Константи\xCC\x81н Константинопо\xCC\x81льский-Преображе\xCC\x81нский и А\xCC\x81нна "
    "Мари\xCC\x81я",
    "а\xCC\x81а\xCC\x81а\xCC\x81а\xCC\x81а\xCC\x81а\xCC\x81а\xCC\x81а\xCC\x81а\xCC\x81а\xCC\x81"
    "а\xCC\x81а\xCC\x81а\xCC\x81а\xCC\x81а\xCC\x81а\xCC\x81а\xCC\x81а\xCC\x81а\xCC\x81а\xCC\x81"
    "а\xCC\x81а\xCC\x81а\xCC\x81а\xCC\x81а\xCC\x81а\xCC\x81а\xCC\x81а\xCC\x81а\xCC\x81а\xCC\x81",
    "а" TEN_ACCENTS TEN_ACCENTS TEN_ACCENTS TEN_ACCENTS,
    "José\xCC\x81 Ångström-Fernández of the very long and winding road to Västerås",
    "Донаудампфшифффартсгезельшафтскапитэнсмютценаншаффунгсантрагсформулар",
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogochuchaf",
};

static void check_name(struct fixture *f, const char *case_name, const char *name, bool is_long)
{
    f->client.name = (char *)(uintptr_t)name;
    struct rendered mail = mail_of(f);
    char *raw = one_line(name), *clean = typography_plain(typography(raw, "ru"));
    char *to = one_header_line(name);
    char *subject = xasprintf("%s, спасибо!", to), *set = typography(subject, "ru");
    free(raw);
    free(subject);
    subject = typography_plain(set);
    if (is_long)
        to[100] = '\0';
    if (is_long) { /* what the limits promise, in their own numbers */
        subject[200] = '\0';
        char *cut = xasprintf("%s…", subject);
        free(subject);
        subject = cut;
    }
    assert_string_equal(mail.subject, subject);
    assert_string_equal(mail.recipient, "maria@example.org");
    write_case(f, case_name, &mail,
               &(struct wanted){.from = "Ольга Петрова (Синее море)",
                                .to = to,
                                .subject = subject,
                                .reply_to = "olga@more.example",
                                .name = clean});
    free(to);
    free(subject);
    free(clean);
    rendered_fini(&mail);
}

static void names_stay_names_whatever_is_in_them(void **state)
{
    struct fixture *f = *state;
    put(f, "letters/ru/hello.md", hello);
    size_t n = sizeof names / sizeof *names;
    for (size_t i = 0; i < n; i++) {
        char *case_name = xasprintf("name-%02zu", i);
        check_name(f, case_name, names[i], false);
        free(case_name);
    }
    char *big = xcalloc(1, 10241);
    memset(big, 'x', 10240);
    check_name(f, "big", big, true);
    free(big);
    second_opinion(f, n + 1);
}

/* --- who it is from --------------------------------------------------------------------------- */

static void the_signer_sends_and_gets_the_answer(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *signer, *signer_email, *agency, *agency_email, *from, *reply_to;
    } cases[] = {
        {"Ольга", "o@x.example", "Море", "m@x.example", "Ольга (Море)", "o@x.example"},
        {"Ольга", NULL, "Море", "m@x.example", "Ольга (Море)", "m@x.example"},
        {"Ольга", "", "Море", NULL, "Ольга (Море)", NULL},
        {NULL, NULL, "Море", "m@x.example", "Море", "m@x.example"},
        {"Olga Petrova", NULL, "Blue Sea, Ltd.", NULL, "Olga Petrova (Blue Sea, Ltd.)", NULL},
        {"Ольга", NULL, "Sea (\"Blue\")", NULL, "Ольга (Sea (\"Blue\"))", NULL},
        {"Ольга\r\nBcc: x@y.example", NULL, "Sea\nX: y", NULL, "Ольга Bcc: x@y.example (Sea X: y)",
         NULL},
    };
    put(f, "letters/ru/hello.md", hello);
    size_t n = sizeof cases / sizeof *cases;
    for (size_t i = 0; i < n; i++) {
        char *case_name = xasprintf("from-%zu", i);
        f->signer.name = (char *)(uintptr_t)cases[i].signer;
        f->signer.email = (char *)(uintptr_t)cases[i].signer_email;
        f->in.signer = cases[i].signer == NULL ? NULL : &f->signer;
        f->config.agency.name = (char *)(uintptr_t)cases[i].agency;
        f->config.agency.email = (char *)(uintptr_t)cases[i].agency_email;
        struct rendered mail = mail_of(f);
        write_case(f, case_name, &mail,
                   &(struct wanted){.from = cases[i].from,
                                    .to = "Мария Иванова",
                                    .subject = "Мария Иванова, спасибо!",
                                    .reply_to = cases[i].reply_to,
                                    .name = "Мария Иванова"});
        rendered_fini(&mail);
        free(case_name);
    }
    second_opinion(f, n);
}

static void addresses_are_refused_never_repaired(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *client, *sender, *signer, *error;
    } cases[] = {
        {NULL, "a@b.example", NULL, "the client has no e-mail address"},
        {"", "a@b.example", NULL, "the client has no e-mail address"},
        {"a@b.example\r\nBcc: x@y.example", "a@b.example", NULL, "the client: "},
        {"a@b.example, c@d.example", "a@b.example", NULL, "the client: "},
        {"a@b.example", "a@b.example>\r\nX: y", NULL, "the sender (email.from): "},
        {"a@b.example", "a@b.example", "o@x.example\nX: y", "the signer: "},
    };
    put(f, "letters/ru/hello.md", hello);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rendered mail = {0};
        struct err err = {0};
        f->client.email = (char *)(uintptr_t)cases[i].client;
        f->config.email.from = (char *)(uintptr_t)cases[i].sender;
        f->signer.email = (char *)(uintptr_t)cases[i].signer;
        assert_int_equal(message_render_email(&f->in, &identity, &mail, &err), RC_INVALID);
        if (!str_starts(err.message, cases[i].error))
            fail_msg("%s", err.message);
        assert_null(mail.bytes);
    }
}

/* --- bytes ------------------------------------------------------------------------------------ */

static void the_same_input_gives_the_same_bytes(void **state)
{
    struct fixture *f = *state;
    put(f, "letters/ru/hello.md", hello);
    struct rendered a = mail_of(f);
    for (int i = 0; i < 20; i++) {
        struct rendered b = mail_of(f);
        assert_int_equal(a.len, b.len);
        assert_memory_equal(a.bytes, b.bytes, a.len);
        rendered_fini(&b);
    }
    assert_int_equal(strlen(a.bytes), a.len);
    rendered_fini(&a);
}

static void the_date_has_the_offset_that_was_given(void **state)
{
    struct fixture *f = *state;
    static const struct {
        int64_t at;
        int32_t offset;
        const char *line;
    } cases[] = {
        {1796788800, 0, "\r\nDate: Wed, 09 Dec 2026 04:00:00 +0000\r\n"},
        {1796788800, -34200, "\r\nDate: Tue, 08 Dec 2026 18:30:00 -0930\r\n"},
        {1796788800, 45900, "\r\nDate: Wed, 09 Dec 2026 16:45:00 +1245\r\n"},
    };
    put(f, "letters/ru/hello.md", hello);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rendered mail = {0};
        struct err err = {0};
        struct mail_identity id = identity;
        id.date = cases[i].at;
        id.utc_offset = cases[i].offset;
        assert_int_equal(message_render_email(&f->in, &id, &mail, &err), RC_OK);
        char *with_start = xasprintf("\r\n%s", mail.bytes);
        if (strstr(with_start, cases[i].line) == NULL)
            fail_msg("%s", mail.bytes);
        free(with_start);
        rendered_fini(&mail);
    }
}

static void an_identity_that_could_break_a_header_is_a_bug(void **state)
{
    struct fixture *f = *state;
    static const struct mail_identity cases[] = {
        {.message_id = "a@b>\r\nX: y", .boundary = "b"},
        {.message_id = "no-at", .boundary = "b"},
        {.message_id = "a@b", .boundary = ""},
        {.message_id = "a@b", .boundary = "a\"b"},
        {.message_id = "a@b",
         .boundary = "12345678901234567890123456789012345678901234567890123456789012345678901"},
    };
    put(f, "letters/ru/hello.md", hello);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rendered mail = {0};
        struct err err = {0};
        assert_int_equal(message_render_email(&f->in, &cases[i], &mail, &err), RC_INTERNAL);
    }
}

int main(void)
{
#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(names_stay_names_whatever_is_in_them),
        WITH_FIXTURE(the_signer_sends_and_gets_the_answer),
        WITH_FIXTURE(addresses_are_refused_never_repaired),
        WITH_FIXTURE(the_same_input_gives_the_same_bytes),
        WITH_FIXTURE(the_date_has_the_offset_that_was_given),
        WITH_FIXTURE(an_identity_that_could_break_a_header_is_a_bug),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
