/* What each gateway can do about a message in doubt: the status query of an SMS provider against a
 * scripted server, and repetitions that are the same request. */
#include "gateway_fixture.h"

static const char server[] = "tests/fake/http_server.py";

/* "/a" takes texts, "/b" or another path says what became of them. */
#define PRESET(more)                                                                               \
    "{\"name\":\"Fake\",\"method\":\"GET\",\"path\":\"/a\",\"max_parts\":4," more                  \
    "\"coding\":{\"gsm7\":\"g\",\"ucs2\":\"u\"},"                                                  \
    "\"query\":{\"user\":\"{user}\",\"pass\":\"{password}\",\"from\":\"{sender}\","                \
    "\"to\":\"{phone}\",\"text\":\"{text}\",\"coding\":\"{coding}\",\"key\":\"{idem_key}\"},"      \
    "\"answers\":[{\"http\":[200],\"body_prefix\":\"OK \",\"verdict\":\"accepted\"}]}"
#define STATUS STATUS_AT("/b")
#define STATUS_AT(at)                                                                              \
    "\"status\":{\"path\":\"" at "\",\"query\":{\"login\":\"{user}\",\"pass\":\"{password}\","     \
    "\"by\":\"{sender}\",\"to\":\"{phone}\",\"digits\":\"{phone_digits}\","                        \
    "\"key\":\"x-{idem_key}\",\"fixed\":\"a&b\"},\"answers\":["                                    \
    "{\"http\":[200],\"body_prefix\":\"STATE \",\"body_contains\":\"id=\",\"id_after\":\"id=\","   \
    "\"verdict\":\"sent\"},"                                                                       \
    "{\"http\":[200,404],\"body_contains\":\"no such message\",\"id_after\":\"key \","             \
    "\"verdict\":\"unknown\"}]},"

static struct gateway *account(const struct peer *peer, const char *scheme, const char *preset)
{
    char *url = xasprintf("%s://localhost:%d", scheme, peer->port);
    struct gateway *gateway = sms_account(peer, url, preset, false, 3);
    free(url);
    return gateway;
}

static const struct delivery_hooks never = {.stopping = NULL};

static struct parcel parcel_at(int64_t now)
{
    static const char text[] = "Привет & пока";
    return (struct parcel){.action_id = 156,
                           .step = "preflight",
                           .recipient = "+79031234567",
                           .bytes = text,
                           .len = sizeof text - 1,
                           .idem_key = "pps-k-1",
                           .date = 1000000,
                           .now = now,
                           .expires_at = 1000000 + 24 * 3600};
}

static struct inquiry ask(const struct peer *peer, const char *scheme, const char *preset)
{
    struct gateway *gateway = account(peer, scheme, preset);
    struct parcel parcel = parcel_at(1000060);
    struct inquiry q = gateway_ask(gateway, &parcel, &never);
    gateway_free(gateway);
    return q;
}

/* ---- powers ---- */

static void each_gateway_says_what_it_can_do(void **state)
{
    (void)state;
    static const struct {
        const char *preset;
        bool asks;
        int32_t repeat_sec;
    } cases[] = {
        {PRESET(""), false, 0},
        {PRESET(STATUS), true, 0},
        {PRESET("\"repeat_minutes\":1440,"), false, 86400},
        {PRESET(STATUS "\"repeat_minutes\":10080,"), true, 604800},
    };
    const struct peer nobody = {.port = 1};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct gateway *gateway = account(&nobody, "https", cases[i].preset);
        struct gateway_powers powers = gateway_powers(gateway);
        gateway_free(gateway);
        assert_int_equal(powers.asks, cases[i].asks);
        assert_int_equal(powers.repeat_sec, cases[i].repeat_sec);
    }
    struct smtp_config config = {.host = (char *)"mail.example", .security = SMTP_TLS};
    struct gateway *mail = NULL;
    struct err err;
    assert_int_equal(gateway_smtp_new(&config, "info@agency.example", NULL, &mail, &err), RC_OK);
    assert_false(gateway_powers(mail).asks);
    assert_int_equal(gateway_powers(mail).repeat_sec, 0);
    gateway_free(mail);
}

static void one_that_cannot_be_asked_is_not_asked(void **state)
{
    (void)state;
    struct peer peer;
    struct parcel parcel = parcel_at(1000060), letter = {.recipient = "maria@client.example"};
    peer_init(&peer);
    peer_start(&peer, server, (const char *[]){"b={\"body\":\"STATE id=1\"}", NULL});
    struct smtp_config config = {
        .host = (char *)"127.0.0.1", .port = peer.port, .security = SMTP_PLAIN};
    struct gateway *gateways[2] = {account(&peer, "http", PRESET("")), NULL};
    struct err err;
    assert_int_equal(gateway_smtp_new(&config, "info@agency.example", NULL, &gateways[1], &err),
                     RC_OK);
    for (size_t i = 0; i < COUNT(gateways); i++) {
        struct inquiry q = gateway_ask(gateways[i], i == 0 ? &parcel : &letter, &never);
        gateway_free(gateways[i]);
        assert_int_equal(q.finding, FINDING_CANNOT_TELL);
        assert_string_equal(q.reason, "this gateway cannot be asked what became of a message");
    }
    peer_stop(&peer);
    assert_string_equal(peer.log, "");
    peer_fini(&peer);
}

/* ---- the status query ---- */

struct row {
    const char *action;
    enum finding finding;
    const char *id, *reason;
};

static const struct row rows[] = {
    /* the provider's word */
    {"b={\"body\":\"STATE delivered id=77-a;\"}", FINDING_SENT, "77-a",
     "Fake answered 200: STATE delivered id=77-a;"},
    {"b={\"body\":\"STATE id=\"}", FINDING_SENT, "", "Fake answered 200: STATE id="},
    {"b={\"status\":404,\"body\":\"no such message: key x\"}", FINDING_UNKNOWN, "",
     "Fake answered 404: no such message: key x"},
    {"b={\"body\":\"no such message\"}", FINDING_UNKNOWN, "", NULL},
    /* somebody else's word */
    {"b={\"status\":404,\"body\":\"<html>Welcome to Airport Wi-Fi</html>\"}", FINDING_NO_ANSWER, "",
     "an answer that the preset does not know: "
     "Fake answered 404: <html>Welcome to Airport Wi-Fi</html>"},
    {"b={\"status\":404}", FINDING_NO_ANSWER, "",
     "an answer that the preset does not know: Fake answered 404, and no words"},
    {"b={\"body\":\"<html>STATE id=1</html>\"}", FINDING_NO_ANSWER, "", NULL},
    {"b={\"body\":\"STATE being looked up\"}", FINDING_NO_ANSWER, "", NULL},
    {"b={\"body\":\"OK 5\"}", FINDING_NO_ANSWER, "", NULL}, /* the word for a text */
    {"b={\"body\":\"\"}", FINDING_NO_ANSWER, "", NULL},
    {"b={\"status\":500,\"body\":\"STATE id=1\"}", FINDING_NO_ANSWER, "",
     "an answer that the preset does not know: Fake answered 500: STATE id=1"},
    {"b={\"status\":503,\"body\":\"no such message\"}", FINDING_NO_ANSWER, "", NULL},
    {"b={\"status\":401,\"headers\":{\"WWW-Authenticate\":\"Basic realm=x\"}}", FINDING_NO_ANSWER,
     "", NULL},
    {"b={\"status\":429,\"headers\":{\"Retry-After\":\"5\"}}", FINDING_NO_ANSWER, "", NULL},
    /* half a word */
    {"b={\"body\":\"STATE id=1\",\"length\":999}", FINDING_NO_ANSWER, "",
     "an answer that is cut or too long: Fake answered 200: STATE id=1"},
    {"b={\"body\":\"no such message\",\"length\":999,\"then\":\"reset\"}", FINDING_NO_ANSWER, "",
     NULL},
    {"b={\"repeat\":[\"STATE id=1 \",1000000]}", FINDING_NO_ANSWER, "", NULL},
    {"b={\"repeat\":[\"no such message \",1000000]}", FINDING_NO_ANSWER, "", NULL},
    {"b={\"raw\":\"HTTP/1.1 200 x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n20\\r\\nSTATE id=1\"}",
     FINDING_NO_ANSWER, "", NULL},
    {"b={\"raw\":\"HTTP/1.1 100 Continue\\r\\n\\r\\n\"}", FINDING_NO_ANSWER, "", NULL},
    {"b={\"raw\":\"STATE id=1\"}", FINDING_NO_ANSWER, "", "Fake did not answer the request"},
    {"b={\"cut\":true}", FINDING_NO_ANSWER, "", "Fake did not answer the request"},
    {"b={\"reset\":true}", FINDING_NO_ANSWER, "", "Fake did not answer the request"},
    /* redirects are not followed */
    {"b={\"status\":302,\"headers\":{\"Location\":\"/0\"}}", FINDING_NO_ANSWER, "", NULL},
    {"b={\"status\":307,\"headers\":{\"Location\":\"file:///etc/passwd\"}}", FINDING_NO_ANSWER, "",
     NULL},
    /* what is shown */
    {"b={\"body\":\"STATE of +79031234567 for maria@client.example, pass=ge%20heim%2642 "
     "ge heim&42 id=79031234567\"}",
     FINDING_SENT, "79031234567",
     "Fake answered 200: STATE of +[number] for [address], pass=[secret] [secret] id=[number]"},
};

static void every_answer_to_the_status_query(void **state)
{
    (void)state;
    struct peer peer;
    const char *actions[COUNT(rows)];
    for (size_t i = 0; i < COUNT(rows); i++)
        actions[i] = rows[i].action;
    peer_init(&peer);
    peer_start_rows(&peer, server, actions, COUNT(rows));
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct row *row = &rows[i];
        char *preset = xasprintf(PRESET(STATUS_AT("/%zu")), i);
        struct inquiry q = ask(&peer, "http", preset);
        free(preset);
        if (q.finding != row->finding || strcmp(q.provider_id, row->id) != 0 ||
            (row->reason != NULL && strcmp(q.reason, row->reason) != 0) || q.reason[0] == '\0' ||
            strstr(q.reason, "heim") != NULL)
            fail_msg("%s: %d id [%s] reason [%s]", row->action, q.finding, q.provider_id, q.reason);
    }
    peer_stop(&peer);
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (requests_of_row(&peer, i) != 1)
            fail_msg("%s: %zu requests\n%s", rows[i].action, requests_of_row(&peer, i), peer.log);
    }
    assert_int_equal(peer_count(&peer, "\"request\""), COUNT(rows)); /* and none elsewhere */
    peer_fini(&peer);
}

/* The question carries the login, too; and somebody listens at the other address. */
static void a_redirect_to_another_server_is_not_followed(void **state)
{
    (void)state;
    struct peer peer, other;
    peer_init(&other);
    peer_start(&other, server, (const char *[]){"b={\"body\":\"STATE id=9\"}", NULL});
    char *action = xasprintf("b={\"status\":308,\"headers\":{\"Location\":"
                             "\"http://127.0.0.1:%d/b\"},\"body\":\"STATE id=1\"}",
                             other.port);
    peer_init(&peer);
    peer_start(&peer, server, (const char *[]){action, NULL});
    assert_int_equal(ask(&peer, "http", PRESET(STATUS)).finding, FINDING_NO_ANSWER);
    peer_stop(&peer);
    peer_stop(&other);
    assert_int_equal(peer_count(&peer, "\"request\""), 1);
    assert_string_equal(other.log, "");
    free(action);
    peer_fini(&peer);
    peer_fini(&other);
}

static void the_question_is_what_the_preset_says(void **state)
{
    (void)state;
    struct peer peer;
    peer_init(&peer);
    peer_start(&peer, server, (const char *[]){"b={\"body\":\"STATE id=1\"}", NULL});
    assert_int_equal(ask(&peer, "http", PRESET(STATUS)).finding, FINDING_SENT);
    peer_stop(&peer);
    if (!peer_saw(&peer, "\"GET /b?login=anna&pass=ge%20heim%2642&by=AGENCY&to=%2B79031234567&"
                         "digits=79031234567&key=x-pps-k-1&fixed=a%26b HTTP/1.1\""))
        fail_msg("%s", peer.log);
    peer_fini(&peer);
}

static void without_a_connection_nothing_is_learnt(void **state)
{
    (void)state;
    static const struct {
        const char *scheme;
        bool tls, gone;
        const char *reason;
    } cases[] = {
        {"http", false, true, "onnect"},
        {"https", true, false, "certificate"}, /* of an authority that is not known */
        {"https", false, false, "SSL"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct peer peer;
        static const char *const tls[] = {"--tls", "DIR", "b={\"body\":\"STATE id=1\"}", NULL};
        peer_init(&peer);
        peer_start(&peer, server, cases[i].tls ? tls : (const char *[]){NULL});
        if (cases[i].gone)
            peer_stop(&peer);
        struct inquiry q = ask(&peer, cases[i].scheme, PRESET(STATUS));
        if (!cases[i].gone)
            peer_stop(&peer);
        assert_int_equal(q.finding, FINDING_NO_ANSWER);
        if (strstr(q.reason, cases[i].reason) == NULL || strstr(q.reason, "heim") != NULL ||
            strstr(q.reason, "pass=") != NULL)
            fail_msg("%s", q.reason);
        assert_false(peer_saw(&peer, "\"request\""));
        peer_fini(&peer);
    }
}

/* A question without a key would be about no message, or about any. */
static void without_a_key_or_a_number_there_is_no_question(void **state)
{
    (void)state;
    static const struct {
        const char *recipient, *key;
    } cases[] = {{"+79031234567", NULL}, {"+79031234567", ""}, {"", "k"}, {"79031234567", "k"}};
    struct peer peer;
    peer_init(&peer);
    peer_start(&peer, server, (const char *[]){"b={\"body\":\"STATE id=1\"}", NULL});
    struct gateway *gateway = account(&peer, "http", PRESET(STATUS));
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct parcel parcel = {.recipient = cases[i].recipient, .idem_key = cases[i].key};
        struct inquiry q = gateway_ask(gateway, &parcel, &never);
        assert_int_equal(q.finding, FINDING_CANNOT_TELL);
        assert_string_equal(q.reason, "the message has no phone number or no key to ask by");
    }
    gateway_free(gateway);
    peer_stop(&peer);
    assert_string_equal(peer.log, "");
    peer_fini(&peer);
}

static void a_question_is_broken_off_when_the_program_is_to_end(void **state)
{
    (void)state;
    struct peer peer;
    peer_init(&peer);
    peer_start(&peer, server, (const char *[]){"b={\"silent\":true}", NULL});
    struct witness w = {.peer = &peer, .logged = "\"request\"", .stop = stop_when_logged};
    struct delivery_hooks hooks = hooks_of(&w);
    struct gateway *gateway = account(&peer, "http", PRESET(STATUS));
    struct parcel parcel = parcel_at(1000060);
    struct inquiry q = gateway_ask(gateway, &parcel, &hooks);
    assert_int_equal(q.finding, FINDING_NO_ANSWER);
    assert_string_equal(q.reason, "stopped before the answer");
    assert_string_equal(w.events, "");
    gateway_free(gateway);
    peer_stop(&peer);
    peer_fini(&peer);
}

static void a_login_that_only_the_question_needs_must_be_there(void **state)
{
    (void)state;
    static const char preset[] =
        "{\"name\":\"Fake\",\"method\":\"GET\",\"path\":\"/a\",\"max_parts\":4,"
        "\"query\":{\"to\":\"{phone}\",\"text\":\"{text}\",\"key\":\"{idem_key}\"},"
        "\"answers\":[{\"http\":[200],\"body_prefix\":\"OK \",\"verdict\":\"accepted\"}],"
        "\"status\":{\"path\":\"/b\",\"query\":{\"key\":\"{idem_key}\",\"pass\":\"{password}\"},"
        "\"answers\":[{\"http\":[200],\"body_prefix\":\"STATE\",\"verdict\":\"sent\"}]}}";
    struct sms_http_config config = {.url = (char *)"https://sms.example", .max_parts = 3};
    struct gateway *gateway = NULL;
    struct err err;
    assert_int_equal(
        gateway_http_new(&config, NULL, preset, sizeof preset - 1, "fake.json", &gateway, &err),
        RC_CONFIG);
    assert_string_equal(err.message, "the SMS preset fake.json needs a password");
    assert_int_equal(
        gateway_http_new(&config, "geheim", preset, sizeof preset - 1, "fake.json", &gateway, &err),
        RC_OK);
    gateway_free(gateway);
}

/* ---- repetitions ---- */

static void a_repetition_is_the_same_request(void **state)
{
    (void)state;
    struct peer peer;
    peer_init(&peer);
    peer_start(&peer, server, (const char *[]){"a={\"cut\":true}", NULL});
    for (int i = 0; i < 2; i++) {
        struct gateway *gateway = account(&peer, "http", PRESET("\"repeat_minutes\":60,"));
        struct parcel parcel = parcel_at(1000000 + 1800 * i);
        struct witness w = {0};
        struct delivery_hooks hooks = hooks_of(&w);
        assert_int_equal(gateway_deliver(gateway, &parcel, &hooks).class, DELIVERY_IN_DOUBT);
        gateway_free(gateway);
    }
    peer_stop(&peer);
    assert_int_equal(peer_count(&peer, "{\"request\""), 2);
    assert_true(peer_saw(&peer, "&key=pps-k-1 HTTP/1.1"));
    const char *again = strchr(peer.log, '\n') + 1;
    size_t len = (size_t)(again - peer.log); /* request line, and every header in its order */
    if (strlen(again) != len || memcmp(peer.log, again, len) != 0)
        fail_msg("%s", peer.log);
    peer_fini(&peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_gateway_says_what_it_can_do),
        cmocka_unit_test(one_that_cannot_be_asked_is_not_asked),
        cmocka_unit_test(every_answer_to_the_status_query),
        cmocka_unit_test(a_redirect_to_another_server_is_not_followed),
        cmocka_unit_test(the_question_is_what_the_preset_says),
        cmocka_unit_test(without_a_connection_nothing_is_learnt),
        cmocka_unit_test(without_a_key_or_a_number_there_is_no_question),
        cmocka_unit_test(a_question_is_broken_off_when_the_program_is_to_end),
        cmocka_unit_test(a_login_that_only_the_question_needs_must_be_there),
        cmocka_unit_test(a_repetition_is_the_same_request),
    };
    return cmocka_run_group_tests(tests, gateways_start, gateways_finish);
}
