/* SMTP accounts: TLS, login, and that a password never leaves without TLS; and what an account may be. */
#include "smtp_fixture.h"

/* ---- TLS and login ---- */

struct tls_row {
    const char *name;
    const char *args[6];
    enum smtp_security security;
    enum delivery_class class;
    int code;
    const char *events;
    bool login, foreign_ca;
    const char *reason; /* a part of it, or NULL */
    const char *logged; /* by the server, or NULL */
};

/* clang-format off */
static const struct tls_row tls_rows[] = {
    {"TLS with login", {"--tls", "DIR", "--auth"}, SMTP_TLS, DELIVERY_SENT, 250,
     .events = SENT_EVENTS,
     .login = true},
    {"TLS without login", {"--tls", "DIR"}, SMTP_TLS, DELIVERY_SENT, 250, .events = SENT_EVENTS},
    {"STARTTLS with login", {"--starttls", "DIR", "--auth"}, SMTP_STARTTLS, DELIVERY_SENT, 250,
     .events = SENT_EVENTS, .login = true},
    {"STARTTLS not offered", {"--auth"}, SMTP_STARTTLS, DELIVERY_CONFIG, 250, .events = "",
     .login = true,
     .reason = "STARTTLS"},
    {"STARTTLS refused", {"--starttls", "DIR", "--auth", "starttls=502 no"}, SMTP_STARTTLS,
     DELIVERY_CONFIG, 502, .events = "", .login = true},
    {"STARTTLS not possible now", {"--starttls", "DIR", "--auth", "starttls=454 later"},
     SMTP_STARTTLS, DELIVERY_REFUSED_TEMP, 454, .events = "", .login = true},
    {"certificate of an unknown authority", {"--tls", "DIR", "--auth"}, SMTP_TLS,
     DELIVERY_CONFIG, 0, .events = "", .login = true, .foreign_ca = true, .reason = "certificate"},
    {"certificate of an unknown authority after STARTTLS", {"--starttls", "DIR", "--auth"},
     SMTP_STARTTLS, DELIVERY_CONFIG, 220, .events = "", .login = true, .foreign_ca = true,
     .reason = "certificate"},
    {"certificate of another name", {"--tls", "DIR", "--cert", "other.example", "--auth"},
     SMTP_TLS, DELIVERY_CONFIG, 0, .events = "", .login = true},
    {"a certificate that has expired", {"--tls", "DIR", "--signed", "2001-01-01", "--auth"},
     SMTP_TLS, DELIVERY_CONFIG, 0, .events = "", .login = true, .reason = "certificate has expired",
     .logged = "CERTIFICATE_EXPIRED"},
    {"a certificate that has expired, after STARTTLS",
     {"--starttls", "DIR", "--signed", "2001-01-01", "--auth"}, SMTP_STARTTLS, DELIVERY_CONFIG, 220,
     .events = "", .login = true, .reason = "certificate has expired",
     .logged = "CERTIFICATE_EXPIRED"},
    {"a certificate of a day to come", {"--tls", "DIR", "--signed", "2150-01-01", "--auth"},
     SMTP_TLS, DELIVERY_CONFIG, 0, .events = "", .login = true, .reason = "not yet valid"},
    {"nothing newer than TLS 1.1", {"--tls", "DIR", "--old-tls", "--auth"}, SMTP_TLS,
     DELIVERY_NOT_SENT, 0, .events = "", .login = true, .logged = "UNSUPPORTED_PROTOCOL"},
    {"nothing newer than TLS 1.1, after STARTTLS", {"--starttls", "DIR", "--old-tls", "--auth"},
     SMTP_STARTTLS, DELIVERY_NOT_SENT, 220, .events = "", .login = true,
     .logged = "UNSUPPORTED_PROTOCOL"},
    {"words slipped in behind the answer to STARTTLS",
     {"--starttls", "DIR", "--auth", "starttls=220 go\\r\\n250 fake.example"}, SMTP_STARTTLS,
     DELIVERY_NOT_SENT, 220, .events = "", .login = true,
     .logged = "{\"command\": \"STARTTLS\"}\n{\"end\""},
    {"a login slipped in behind the answer to STARTTLS",
     {"--starttls", "DIR", "--auth", "starttls=220 go\\r\\n235 welcome"}, SMTP_STARTTLS,
     DELIVERY_NOT_SENT, 220, .events = "", .login = true,
     .logged = "{\"command\": \"STARTTLS\"}\n{\"end\""},
    {"a server without TLS", {"--auth"}, SMTP_TLS, DELIVERY_NOT_SENT, 0, .events = "",
     .login = true},
    {"wrong password", {"--tls", "DIR", "--auth", "auth=535 5.7.8 bad credentials"}, SMTP_TLS,
     DELIVERY_CONFIG, 535, .events = "", .login = true, .reason = "refused the login: 535"},
    {"mechanism too weak", {"--tls", "DIR", "--auth", "auth=534 5.7.9 use another"}, SMTP_TLS,
     DELIVERY_CONFIG, 534, .events = "", .login = true},
    {"encryption required", {"--tls", "DIR", "--auth", "auth=538 5.7.11 encrypt"}, SMTP_TLS,
     DELIVERY_CONFIG, 538, .events = "", .login = true},
    {"another refusal of the login", {"--tls", "DIR", "--auth", "auth=504 no"}, SMTP_TLS,
     DELIVERY_CONFIG, 504, .events = "", .login = true},
    {"login not possible now", {"--tls", "DIR", "--auth", "auth=454 4.7.0 later"}, SMTP_TLS,
     DELIVERY_REFUSED_TEMP, 454, .events = "", .login = true},
    {"421 to the login", {"--tls", "DIR", "--auth", "auth=421 later+cut"}, SMTP_TLS,
     DELIVERY_REFUSED_TEMP, 421, .events = "", .login = true},
    {"cut at the login", {"--tls", "DIR", "--auth", "auth=cut"}, SMTP_TLS, DELIVERY_NOT_SENT,
     250, .events = "", .login = true},
    {"a login is configured and none is offered", {"--tls", "DIR"}, SMTP_TLS, DELIVERY_CONFIG,
     354, .events = "", .login = true, .reason = "offers no login"},
    {"the server echoes the password", {"--tls", "DIR", "--auth", "auth=535 geheim-42 is wrong"},
     SMTP_TLS, DELIVERY_CONFIG, 535, .events = "", .login = true,
     .reason = "535 [secret] is wrong"},
    {"cut at the dot", {"--tls", "DIR", "--auth", "dot=accept+cut"}, SMTP_TLS, DELIVERY_IN_DOUBT,
     354, .events = "risk ", .login = true},
    {"553 to MAIL after the login", {"--tls", "DIR", "--auth", "mail=553 not owned"}, SMTP_TLS,
     DELIVERY_CONFIG, 553, .events = "", .login = true},
    {"5xx to RCPT after the login", {"--starttls", "DIR", "--auth", "rcpt=553 bad name"},
     SMTP_STARTTLS, DELIVERY_REFUSED_PERM, 553, .events = "", .login = true},
};
/* clang-format on */

static void every_row_of_tls_and_login(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(tls_rows); i++) {
        const struct tls_row *row = &tls_rows[i];
        struct peer peer;
        struct witness w = {0};
        peer_init(&peer);
        peer_start(&peer, SMTP_SERVER, row->args);
        struct gateway *gateway = account(&peer, row->security, row->login, "localhost",
                                          !row->foreign_ca && strcmp(row->args[0], "--auth") != 0);
        struct delivery d = deliver_bytes(gateway, &w, LETTER, sizeof LETTER - 1);
        gateway_free(gateway);
        peer_stop(&peer);
        if (d.class != row->class || d.code != row->code || strcmp(w.events, row->events) != 0 ||
            (row->reason != NULL && strstr(d.reason, row->reason) == NULL) ||
            (row->logged != NULL && !peer_saw(&peer, row->logged)))
            fail_msg("%s: %s %d events [%s] reason [%s]\n%s", row->name,
                     delivery_class_name(d.class), d.code, w.events, d.reason, peer.log);
        assert_null(strstr(d.reason, "geheim"));
        peer_fini(&peer);
    }
}

static void the_password_is_not_said_without_tls(void **state)
{
    (void)state;
    static const struct {
        const char *args[4];
        enum smtp_security security;
    } cases[] = {{{"--auth"}, SMTP_STARTTLS},
                 {{"--starttls", "DIR", "starttls=502 no"}, SMTP_STARTTLS},
                 {{"--auth"}, SMTP_TLS}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct peer peer;
        struct witness w = {0};
        peer_init(&peer);
        peer_start(&peer, SMTP_SERVER, cases[i].args);
        struct gateway *gateway = account(&peer, cases[i].security, true, "localhost", false);
        (void)deliver_bytes(gateway, &w, LETTER, sizeof LETTER - 1);
        gateway_free(gateway);
        peer_stop(&peer);
        assert_false(peer_saw(&peer, "AUTH"));
        assert_false(peer_saw(&peer, "Z2VoZWlt")); /* "geheim" in base64 */
        assert_false(peer_saw(&peer, "MAIL"));
        peer_fini(&peer);
    }
}

/* Inside TLS the words cannot be read, but that there are some is seen in time. So is the end of the connection. */
static void words_in_the_middle_of_the_letter_inside_tls_stop_it(void **state)
{
    (void)state;
    static const char *const cases[] = {"body=550 enough", "body=cut", "body=part+cut",
                                        "body=part+reset"};
    struct sb big = big_letter();
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct peer peer;
        struct witness w = {0};
        peer_init(&peer);
        peer_start(&peer, SMTP_SERVER, (const char *[]){"--tls", "DIR", cases[i], "dot=cut", NULL});
        struct gateway *gateway = account(&peer, SMTP_TLS, false, "localhost", true);
        struct delivery d = deliver_bytes(gateway, &w, big.s, big.len);
        gateway_free(gateway);
        peer_stop(&peer);
        if (d.class != DELIVERY_NOT_SENT || w.events[0] != '\0' || peer_saw(&peer, "\"accepted\""))
            fail_msg("%s: %s [%s] %s", cases[i], delivery_class_name(d.class), w.events, d.reason);
        peer_fini(&peer);
    }
    sb_fini(&big);
}

/* The deadlines of the other phases are so long here that they cannot be what ends it. */
static void each_phase_of_tls_has_its_own_deadline(void **state)
{
    (void)state;
    static const struct timing timings[] = {
        /* Nothing comes back to the first word of TLS, from the beginning or after STARTTLS. */
        {{"connect=hang"}, {1, 60, 600, 60, 900}, 4, .security = SMTP_TLS},
        {{"--starttls", "DIR", "starttls=220 go+hang"},
         {1, 60, 600, 60, 900},
         4,
         .security = SMTP_STARTTLS},
        {{"--starttls", "DIR", "starttls=hang"},
         {30, 1, 600, 60, 900},
         4,
         .security = SMTP_STARTTLS},
        {{"--tls", "DIR", "--auth", "auth=hang"}, {30, 1, 600, 60, 900}, 4, .security = SMTP_TLS},
    };
    for (size_t i = 0; i < COUNT(timings); i++) {
        struct timing t = timings[i];
        t.login = t.hangs = true;
        t.class = DELIVERY_NOT_SENT;
        check_timing(&t);
    }
}

/* ---- configuration ---- */

static void a_wrong_account_is_refused_before_any_connection(void **state)
{
    (void)state;
    static const struct {
        struct smtp_config config;
        const char *from, *password;
    } cases[] = {
        {{.host = (char *)"mail.example", .security = SMTP_PLAIN, .user = (char *)"u"},
         "a@b.example",
         "p"},
        {{.host = (char *)"mail.example", .user = (char *)"u"}, "a@b.example", NULL},
        {{.host = (char *)"mail.example", .user = (char *)"u"}, "a@b.example", ""},
        {{.host = (char *)"mail.example/x"}, "a@b.example", NULL},
        {{.host = (char *)"u:p@mail.example"}, "a@b.example", NULL},
        {{.host = (char *)""}, "a@b.example", NULL},
        {{.host = NULL}, "a@b.example", NULL},
        {{.host = (char *)"mail.example", .port = 70000}, "a@b.example", NULL},
        {{.host = (char *)"mail.example", .ehlo = (char *)"a\r\nMAIL"}, "a@b.example", NULL},
        {{.host = (char *)"mail.example"}, "Agency <a@b.example>", NULL},
        {{.host = (char *)"mail.example"}, "a@b.example>\r\nX", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct gateway *gateway = NULL;
        struct err err = {""};
        assert_int_equal(
            gateway_smtp_new(&cases[i].config, cases[i].from, cases[i].password, &gateway, &err),
            RC_CONFIG);
        assert_null(gateway);
        assert_string_not_equal(err.message, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_of_tls_and_login),
        cmocka_unit_test(the_password_is_not_said_without_tls),
        cmocka_unit_test(words_in_the_middle_of_the_letter_inside_tls_stop_it),
        cmocka_unit_test(each_phase_of_tls_has_its_own_deadline),
        cmocka_unit_test(a_wrong_account_is_refused_before_any_connection),
    };
    return cmocka_run_group_tests(tests, gateways_start, gateways_finish);
}
