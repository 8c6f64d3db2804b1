/* SMS over HTTP against a scripted server: every row of the verdict table, what stands in the
 * request, and that it is made once. */
#include "gateway_fixture.h"

static const char server[] = "tests/fake/http_server.py";

/* ---- a provider of our own ---- */

static char *preset_for(const char *path)
{
    return xasprintf(
        "{\"name\":\"Fake\",\"method\":\"GET\",\"path\":\"%s\",\"max_parts\":4,"
        "\"coding\":{\"gsm7\":\"g\",\"ucs2\":\"u\"},"
        "\"query\":{\"user\":\"{user}\",\"pass\":\"{password}\",\"from\":\"{sender}\","
        "\"to\":\"{phone}\",\"digits\":\"{phone_digits}\",\"text\":\"{text}\","
        "\"coding\":\"{coding}\",\"ttl\":\"{validity_minutes}\",\"key\":\"{idem_key}\","
        "\"fixed\":\"a&b\"},"
        "\"answers\":[{\"http\":[200,202],\"body_prefix\":\"OK \",\"id_after\":\"OK \","
        "\"verdict\":\"accepted\"},"
        "{\"http\":[200],\"body_prefix\":\"ERR money\",\"verdict\":\"config\"},"
        "{\"http\":[200],\"body_prefix\":\"ERR number\",\"verdict\":\"permanent\"},"
        "{\"http\":[200],\"body_prefix\":\"ERR busy\",\"verdict\":\"temporary\"}]}",
        path);
}

static struct gateway *account(const struct peer *peer, const char *scheme, const char *path,
                               bool own_ca, int max_parts)
{
    char *url = xasprintf("%s://localhost:%d", scheme, peer->port), *preset = preset_for(path);
    struct gateway *gateway = sms_account(peer, url, preset, own_ca, max_parts);
    free(url);
    free(preset);
    return gateway;
}

static struct parcel parcel_with(const char *text)
{
    return (struct parcel){.action_id = 156,
                           .step = "preflight",
                           .recipient = "+79031234567",
                           .bytes = text,
                           .len = strlen(text),
                           .idem_key = "pps-k-1",
                           .now = 1000000,
                           .expires_at = 1000000 + 90 * 60 + 59};
}

static struct delivery deliver(const struct peer *peer, const char *path, struct witness *w)
{
    struct gateway *gateway = account(peer, "http", path, false, 3);
    struct parcel parcel = parcel_with("Hello");
    struct delivery_hooks hooks = {.before_risk = on_risk, .accepted = on_accepted, .ctx = w};
    struct delivery d = gateway_deliver(gateway, &parcel, &hooks);
    gateway_free(gateway);
    return d;
}

/* One text to what stands in a row of a table: see peer_start_rows. */
static struct delivery deliver_row(const struct peer *peer, size_t row, struct witness *w)
{
    char path[16];
    (void)snprintf(path, sizeof path, "/%zu", row);
    return deliver(peer, path, w);
}

/* ---- the verdict table ---- */

static enum delivery_class class_of(int status)
{
    if (status == 429)
        return DELIVERY_REFUSED_TEMP;
    if ((status >= 300 && status < 400) || (status >= 401 && status <= 403))
        return DELIVERY_CONFIG;
    if (status == 408 || status == 409 || status < 300 || status >= 500)
        return DELIVERY_IN_DOUBT;
    return DELIVERY_REFUSED_PERM;
}

static void every_status_without_a_known_body(void **state)
{
    (void)state;
    struct peer peer;
    int n = 0;
    peer_init(&peer);
    peer_start(&peer, server, (const char *[]){NULL});
    for (int status = 200; status <= 599; status++, n++) {
        struct witness w = {0};
        char path[32];
        (void)snprintf(path, sizeof path, "/status/%d/send", status);
        struct delivery d = deliver(&peer, path, &w);
        if (d.class != class_of(status) || d.code != status || strcmp(w.events, "risk ") != 0)
            fail_msg("%d: %s %d [%s] %s", status, delivery_class_name(d.class), d.code, w.events,
                     d.reason);
    }
    peer_stop(&peer);
    assert_int_equal(peer_count(&peer, "\"request\""), n); /* one request a text */
    peer_fini(&peer);
}

struct row {
    const char *action;
    bool deny;
    enum delivery_class class;
    int code, requests;
    const char *events, *id, *reason;
};

static const struct row rows[] = {
    /* the provider's word */
    {"a={\"body\":\"OK id-77\"}", .class = DELIVERY_SENT, .code = 200, .requests = 1,
     .events = SENT_EVENTS, .id = "id-77"},
    {"a={\"status\":202,\"body\":\"OK 5 \"}", .class = DELIVERY_SENT, .code = 202, .requests = 1,
     .events = SENT_EVENTS, .id = "5"},
    {"a={\"body\":\"ERR money\"}", .class = DELIVERY_CONFIG, .code = 200, .requests = 1,
     .events = "risk "},
    {"a={\"body\":\"ERR number\"}", .class = DELIVERY_REFUSED_PERM, .code = 200, .requests = 1,
     .events = "risk "},
    {"a={\"body\":\"ERR busy\"}", .class = DELIVERY_REFUSED_TEMP, .code = 200, .requests = 1,
     .events = "risk "},
    /* our last word */
    {"a={\"body\":\"OK 1\"}", .deny = true, .class = DELIVERY_STOPPED, .code = 0, .requests = 0,
     .events = "risk "},
    /* somebody else's word, or half a word */
    {"a={\"body\":\"<html>Welcome! OK id-1</html>\"}", .class = DELIVERY_IN_DOUBT, .code = 200,
     .requests = 1, .events = "risk "},
    {"a={\"body\":\"\"}", .class = DELIVERY_IN_DOUBT, .code = 200, .requests = 1,
     .events = "risk "},
    {"a={\"body\":\"OK id-1\",\"length\":999}", .class = DELIVERY_IN_DOUBT, .code = 200,
     .requests = 1, .events = "risk "},
    {"a={\"body\":\"OK id-1\",\"length\":999,\"then\":\"reset\"}", .class = DELIVERY_IN_DOUBT,
     .code = 200, .requests = 1, .events = "risk "},
    {"a={\"repeat\":[\"OK 1 \",1000000]}", .class = DELIVERY_IN_DOUBT, .code = 200, .requests = 1,
     .events = "risk "},
    {"a={\"raw\":\"HTTP/1.1 200 x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n20\\r\\nOK id-1\"}",
     .class = DELIVERY_IN_DOUBT, .code = 200, .requests = 1, .events = "risk "},
    {"a={\"raw\":\"HTTP/1.1 200 x\\r\\nContent-Length: 5\\r\\nContent-Encoding: "
     "gzip\\r\\n\\r\\nabcde\"}",
     .class = DELIVERY_IN_DOUBT, .code = 200, .requests = 1, .events = "risk "},
    {"a={\"raw\":\"HTTP/1.1 200 x\\r\\nContent-Le\"}", .class = DELIVERY_IN_DOUBT, .code = 200,
     .requests = 1, .events = "risk "},
    {"a={\"raw\":\"OK id-1\"}", .class = DELIVERY_IN_DOUBT, .code = 0, .requests = 1,
     .events = "risk "},
    {"a={\"raw\":\"HTTP/1.1 100 Continue\\r\\n\\r\\n\"}", .class = DELIVERY_IN_DOUBT, .code = 100,
     .requests = 1, .events = "risk "},
    {"a={\"cut\":true}", .class = DELIVERY_IN_DOUBT, .code = 0, .requests = 1, .events = "risk "},
    {"a={\"reset\":true}", .class = DELIVERY_IN_DOUBT, .code = 0, .requests = 1, .events = "risk "},
    /* a refusal is certain by its status, even when its words are cut */
    {"a={\"status\":400,\"body\":\"no\",\"length\":99}", .class = DELIVERY_REFUSED_PERM,
     .code = 400, .requests = 1, .events = "risk "},
    /* redirects are not followed */
    {"a={\"status\":302,\"headers\":{\"Location\":\"/0\"}}", .class = DELIVERY_CONFIG, .code = 302,
     .requests = 1, .events = "risk "},
    {"a={\"status\":307,\"headers\":{\"Location\":\"file:///etc/passwd\"}}",
     .class = DELIVERY_CONFIG, .code = 307, .requests = 1, .events = "risk "},
    /* 401 must not start a conversation about how to log in */
    {"a={\"status\":401,\"headers\":{\"WWW-Authenticate\":\"Basic realm=x\"}}",
     .class = DELIVERY_CONFIG, .code = 401, .requests = 1, .events = "risk "},
    {"a={\"status\":503,\"body\":\"OK 1\"}", .class = DELIVERY_IN_DOUBT, .code = 503, .requests = 1,
     .events = "risk "},
    /* what is shown */
    {"a={\"status\":400,\"body\":\"no +79031234567 for maria@client.example, password "
     "ge%20heim%2642 or ge heim&42\\u001b[2J\"}",
     .class = DELIVERY_REFUSED_PERM, .code = 400, .requests = 1, .events = "risk ",
     .reason = "Fake answered 400: no +[number] for [address], password [secret] or "
               "[secret]\xEF\xBF\xBD[2J"},
};

static void every_row_of_the_verdict_table(void **state)
{
    (void)state;
    struct peer peer;
    const char *actions[COUNT(rows)];
    size_t requests = 0;
    for (size_t i = 0; i < COUNT(rows); i++)
        actions[i] = rows[i].action;
    peer_init(&peer);
    peer_start_rows(&peer, server, actions, COUNT(rows));
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct row *row = &rows[i];
        struct witness w = {.deny = row->deny};
        struct delivery d = deliver_row(&peer, i, &w);
        if (d.class != row->class || d.code != row->code || strcmp(w.events, row->events) != 0 ||
            strcmp(d.provider_id, str_or(row->id, "")) != 0 ||
            (row->reason != NULL && strcmp(d.reason, row->reason) != 0))
            fail_msg("%s: %s %d events [%s] id [%s] reason [%s]", row->action,
                     delivery_class_name(d.class), d.code, w.events, d.provider_id, d.reason);
        if (d.class == DELIVERY_SENT)
            assert_memory_equal(&w.told, &d, sizeof d);
    }
    peer_stop(&peer);
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (requests_of_row(&peer, i) != (size_t)rows[i].requests)
            fail_msg("%s: %zu requests\n%s", rows[i].action, requests_of_row(&peer, i), peer.log);
        requests += requests_of_row(&peer, i);
    }
    assert_int_equal(peer_count(&peer, "\"request\""), requests); /* and none elsewhere */
    peer_fini(&peer);
}

/* Somebody listens at the other address, and would take the text; the request would carry the login there. */
static void a_redirect_to_another_server_is_not_followed(void **state)
{
    (void)state;
    static const int statuses[] = {301, 302, 303, 307, 308};
    struct peer peer, other;
    char *actions[COUNT(statuses)];
    peer_init(&other);
    peer_start(&other, server, (const char *[]){"a={\"body\":\"OK 1\"}", NULL});
    for (size_t i = 0; i < COUNT(statuses); i++)
        actions[i] = xasprintf("a={\"status\":%d,\"headers\":{\"Location\":"
                               "\"http://127.0.0.1:%d/a?user=anna\"},\"body\":\"OK 2\"}",
                               statuses[i], other.port);
    peer_init(&peer);
    peer_start_rows(&peer, server, (const char *const *)actions, COUNT(statuses));
    for (size_t i = 0; i < COUNT(statuses); i++) {
        struct witness w = {0};
        struct delivery d = deliver_row(&peer, i, &w);
        if (d.class != DELIVERY_CONFIG || d.code != statuses[i] || strcmp(w.events, "risk ") != 0)
            fail_msg("%d: %s %d [%s] %s", statuses[i], delivery_class_name(d.class), d.code,
                     w.events, d.reason);
        free(actions[i]);
    }
    peer_stop(&peer);
    peer_stop(&other);
    assert_int_equal(peer_count(&peer, "\"request\""), COUNT(statuses));
    assert_string_equal(other.log, "");
    peer_fini(&peer);
    peer_fini(&other);
}

static void retry_after_is_passed_on(void **state)
{
    (void)state;
    static const struct {
        const char *action;
        int32_t sec;
    } cases[] = {
        {"a={\"status\":429,\"headers\":{\"Retry-After\":\"120\"}}", 120},
        {"a={\"status\":429}", 0},
        {"a={\"status\":429,\"headers\":{\"Retry-After\":\"-5\"}}", 0},
        {"a={\"status\":429,\"headers\":{\"Retry-After\":\"soon\"}}", 0},
        {"a={\"status\":429,\"headers\":{\"Retry-After\":\"99999999999\"}}", 86400},
        {"a={\"status\":500,\"headers\":{\"Retry-After\":\"120\"}}", 0},
    };
    struct peer peer;
    const char *actions[COUNT(cases)];
    for (size_t i = 0; i < COUNT(cases); i++)
        actions[i] = cases[i].action;
    peer_init(&peer);
    peer_start_rows(&peer, server, actions, COUNT(cases));
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct witness w = {0};
        struct delivery d = deliver_row(&peer, i, &w);
        if (d.retry_after_sec != cases[i].sec)
            fail_msg("%s: %d", cases[i].action, (int)d.retry_after_sec);
    }
    peer_stop(&peer);
    peer_fini(&peer);
}

/* ---- the request ---- */

static void the_request_carries_what_the_preset_says(void **state)
{
    (void)state;
    static const struct {
        const char *text, *query;
    } cases[] = {
        {"Hello & bye=1 #x", "&text=Hello%20%26%20bye%3D1%20%23x&coding=g&"},
        {"Привет {user}", "&text=%D0%9F%D1%80%D0%B8%D0%B2%D0%B5%D1%82%20%7Buser%7D&coding=u&"},
        {"a\nb", "&text=a%0Ab&coding=g&"},
        {"100%", "&text=100%25&coding=g&"},
    };
    struct peer peer;
    peer_init(&peer);
    peer_start(&peer, server, (const char *[]){"a={\"body\":\"OK 1\"}", NULL});
    struct gateway *gateway = account(&peer, "http", "/a", false, 3);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct witness w = {0};
        struct delivery_hooks hooks = {.before_risk = on_risk, .accepted = on_accepted, .ctx = &w};
        struct parcel parcel = parcel_with(cases[i].text);
        assert_int_equal(gateway_deliver(gateway, &parcel, &hooks).class, DELIVERY_SENT);
    }
    gateway_free(gateway);
    peer_stop(&peer);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *whole = xasprintf("\"GET /a?user=anna&pass=ge%%20heim%%2642&from=AGENCY&"
                                "to=%%2B79031234567&digits=79031234567%sttl=90&key=pps-k-1&"
                                "fixed=a%%26b HTTP/1.1\"",
                                cases[i].query);
        if (peer_count(&peer, whole) != 1)
            fail_msg("no %s in\n%s", whole, peer.log);
        free(whole);
    }
    assert_int_equal(peer_count(&peer, "\"request\""), COUNT(cases));
    assert_false(peer_saw(&peer, "Authorization"));
    assert_false(peer_saw(&peer, "Expect"));
    peer_fini(&peer);
}

static void validity_is_at_least_a_minute_and_left_out_when_unknown(void **state)
{
    (void)state;
    static const struct {
        int64_t expires_at;
        const char *seen;
    } cases[] = {{1000000 + 59, "text=1&coding=g&ttl=1&"},
                 {1000000 - 5, "text=2&coding=g&ttl=1&"},
                 {1000000 + 120, "text=3&coding=g&ttl=2&"},
                 {0, "text=4&coding=g&key="}};
    struct peer peer;
    peer_init(&peer);
    peer_start(&peer, server, (const char *[]){"a={\"body\":\"OK 1\"}", NULL});
    struct gateway *gateway = account(&peer, "http", "/a", false, 3);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct witness w = {0};
        struct delivery_hooks hooks = {.before_risk = on_risk, .accepted = on_accepted, .ctx = &w};
        const char text[] = {(char)('1' + i), '\0'};
        struct parcel parcel = parcel_with(text);
        parcel.expires_at = cases[i].expires_at;
        (void)gateway_deliver(gateway, &parcel, &hooks);
    }
    gateway_free(gateway);
    peer_stop(&peer);
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (!peer_saw(&peer, cases[i].seen))
            fail_msg("%s not in %s", cases[i].seen, peer.log);
    }
    peer_fini(&peer);
}

/* ---- what must never go out ---- */

static char *cyrillic(size_t letters)
{
    struct sb text = {0};
    for (size_t i = 0; i < letters; i++)
        sb_add(&text, "ж");
    return sb_take(&text);
}

static void a_text_of_too_many_parts_is_refused_unsent(void **state)
{
    (void)state;
    static const struct {
        size_t letters;
        int max_parts; /* of the configuration; the preset's is 4 */
        enum delivery_class class;
        const char *reason;
    } cases[] = {
        {70, 1, DELIVERY_SENT, ""},
        {71, 1, DELIVERY_REFUSED_PERM, "the text takes 2 SMS parts, at most 1 are allowed"},
        {201, 3, DELIVERY_SENT, ""},
        {202, 3, DELIVERY_REFUSED_PERM, "the text takes 4 SMS parts, at most 3 are allowed"},
        {268, 9, DELIVERY_SENT, ""},
        {269, 9, DELIVERY_REFUSED_PERM, "the text takes 5 SMS parts, at most 4 are allowed"},
    };
    struct peer peer;
    const char *actions[COUNT(cases)];
    for (size_t i = 0; i < COUNT(cases); i++)
        actions[i] = "a={\"body\":\"OK 1\"}";
    peer_init(&peer);
    peer_start_rows(&peer, server, actions, COUNT(cases));
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct witness w = {0};
        struct delivery_hooks hooks = {.before_risk = on_risk, .accepted = on_accepted, .ctx = &w};
        char *text = cyrillic(cases[i].letters), path[16];
        struct parcel parcel = parcel_with(text);
        (void)snprintf(path, sizeof path, "/%zu", i);
        struct gateway *gateway = account(&peer, "http", path, false, cases[i].max_parts);
        struct delivery d = gateway_deliver(gateway, &parcel, &hooks);
        gateway_free(gateway);
        free(text);
        assert_int_equal(d.class, cases[i].class);
        if (d.class != DELIVERY_SENT) {
            assert_string_equal(d.reason, cases[i].reason);
            assert_string_equal(w.events, "");
        }
    }
    peer_stop(&peer);
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(requests_of_row(&peer, i), cases[i].class == DELIVERY_SENT);
    peer_fini(&peer);
}

static void bad_texts_and_numbers_open_no_connection(void **state)
{
    (void)state;
    static const struct {
        const char *recipient, *bytes;
        size_t len;
    } cases[] = {
        {"79031234567", "x", 1},
        {"+7903", "x", 1},
        {"+7903123456789012", "x", 1},
        {"+7903123456&to=1", "x", 1},
        {"", "x", 1},
        {"+79031234567", "", 0},
        {"+79031234567", "a\0b", 3},
        {"+79031234567", "\xFF", 1},
    };
    struct peer peer;
    struct witness w = {0};
    struct delivery_hooks hooks = {.before_risk = on_risk, .accepted = on_accepted, .ctx = &w};
    peer_init(&peer);
    peer_start(&peer, server, (const char *[]){"a={\"body\":\"OK 1\"}", NULL});
    struct gateway *gateway = account(&peer, "http", "/a", false, 3);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct parcel parcel = {.recipient = cases[i].recipient,
                                .bytes = cases[i].bytes,
                                .len = cases[i].len,
                                .idem_key = "k"};
        assert_int_equal(gateway_deliver(gateway, &parcel, &hooks).class, DELIVERY_REFUSED_PERM);
    }
    gateway_free(gateway);
    peer_stop(&peer);
    assert_string_equal(peer.log, "");
    assert_string_equal(w.events, "");
    peer_fini(&peer);
}

/* ---- connection and TLS ---- */

static void no_connection_means_not_sent(void **state)
{
    (void)state;
    struct peer peer;
    struct witness w = {0};
    peer_init(&peer);
    peer_start(&peer, server, (const char *[]){NULL});
    peer_stop(&peer);
    struct delivery d = deliver(&peer, "/a", &w);
    assert_int_equal(d.class, DELIVERY_NOT_SENT);
    assert_non_null(strstr(d.reason, "onnect"));
    assert_string_equal(w.events, "");
    assert_null(strstr(d.reason, "pass="));
    peer_fini(&peer);
}

static void an_unknown_name_means_not_sent(void **state)
{
    (void)state;
    struct witness w = {0};
    struct peer nobody;
    char *preset = preset_for("/a");
    peer_init(&nobody);
    struct gateway *gateway = sms_account(&nobody, "https://sms.invalid", preset, false, 3);
    struct parcel parcel = parcel_with("Hello");
    struct delivery_hooks hooks = hooks_of(&w);
    struct delivery d = gateway_deliver(gateway, &parcel, &hooks);
    gateway_free(gateway);
    assert_int_equal(d.class, DELIVERY_NOT_SENT);
    assert_int_equal(d.code, 0);
    assert_string_equal(w.events, "");
    assert_non_null(strstr(d.reason, "sms.invalid"));
    assert_null(strstr(d.reason, "pass="));
    free(preset);
    peer_fini(&nobody);
}

static void tls_is_verified_before_anything_is_said(void **state)
{
    (void)state;
    static const char ok[] = "a={\"body\":\"OK 1\"}";
    static const struct {
        const char *args[6];
        bool own_ca;
        enum delivery_class class;
        const char *reason;
    } cases[] = {
        {{"--tls", "DIR", ok}, true, DELIVERY_SENT, "OK 1"},
        {{"--tls", "DIR", ok}, false, DELIVERY_CONFIG, "certificate"},
        {{"--tls", "DIR", "--cert", "other.example", ok}, true, DELIVERY_CONFIG, "'localhost'"},
        {{"--tls", "DIR", "--signed", "2001-01-01", ok}, true, DELIVERY_CONFIG, "expired"},
        {{"--tls", "DIR", "--old-tls", ok}, true, DELIVERY_NOT_SENT, "protocol version"},
        {{NULL}, false, DELIVERY_NOT_SENT, ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct peer peer;
        struct witness w = {0};
        struct delivery_hooks hooks = hooks_of(&w);
        struct parcel parcel = parcel_with("x");
        peer_init(&peer);
        peer_start(&peer, server, cases[i].args);
        struct gateway *gateway = account(&peer, "https", "/a", cases[i].own_ca, 3);
        struct delivery d = gateway_deliver(gateway, &parcel, &hooks);
        gateway_free(gateway);
        peer_stop(&peer);
        if (d.class != cases[i].class || strstr(d.reason, cases[i].reason) == NULL)
            fail_msg("case %zu: %s %s", i, delivery_class_name(d.class), d.reason);
        assert_string_equal(w.events, d.class == DELIVERY_SENT ? SENT_EVENTS : "");
        assert_int_equal(peer_count(&peer, "\"request\""), d.class == DELIVERY_SENT);
        peer_fini(&peer);
    }
}

/* ---- configuration ---- */

static void a_wrong_url_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        enum rc rc;
    } cases[] = {
        {"https://sms.example", RC_OK},
        {"https://sms.example:8443", RC_OK},
        {"https://sms.example/", RC_OK},
        {"http://127.0.0.1:13013", RC_OK},
        {"http://127.9.9.9", RC_OK},
        {"http://[::1]:13013", RC_OK},
        {"http://localhost:13013", RC_OK},
        {"http://sms.example", RC_CONFIG},
        {"http://10.0.0.1", RC_CONFIG},
        {"http://localhost.example", RC_CONFIG},
        {"http://127.0.0.1.example", RC_CONFIG},
        {"http://127.0.0.1:80@evil.example", RC_CONFIG},
        {"http://0.0.0.0", RC_CONFIG},
        {"https://u:p@sms.example", RC_CONFIG},
        {"https://sms.example/path", RC_CONFIG},
        {"https://sms.example?x=1", RC_CONFIG},
        {"https://sms.example/#x", RC_CONFIG},
        {"ftp://sms.example", RC_CONFIG},
        {"file:///etc/passwd", RC_CONFIG},
        {"sms.example", RC_CONFIG},
        {"https://", RC_CONFIG},
        {"", RC_CONFIG},
        {NULL, RC_CONFIG},
    };
    char *preset = preset_for("/a");
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct sms_http_config config = {
            .url = (char *)cases[i].url, .user = (char *)"anna", .max_parts = 3};
        struct gateway *gateway = NULL;
        struct err err = {""};
        enum rc rc = gateway_http_new(&config, "geheim", preset, strlen(preset), "fake.json",
                                      &gateway, &err);
        if (rc != cases[i].rc || (rc != RC_OK) != (gateway == NULL))
            fail_msg("%s: %d %s", str_or(cases[i].url, "NULL"), rc, err.message);
        assert_null(strstr(err.message, "geheim"));
        gateway_free(gateway);
    }
    free(preset);
}

static void what_the_preset_needs_must_be_there(void **state)
{
    (void)state;
    static const struct {
        const char *user, *password;
        int max_parts;
        const char *message;
    } cases[] = {
        {NULL, "p", 3, "the SMS preset fake.json needs a \"user\""},
        {"anna", NULL, 3, "the SMS preset fake.json needs a password"},
        {"anna", "", 3, "the SMS preset fake.json needs a password"},
        {"anna", "p", 0, "\"max_parts\" of the SMS gateway must be at least 1"},
    };
    char *preset = preset_for("/a");
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct sms_http_config config = {.url = (char *)"https://sms.example",
                                         .user = (char *)cases[i].user,
                                         .max_parts = cases[i].max_parts};
        struct gateway *gateway = NULL;
        struct err err = {""};
        assert_int_equal(gateway_http_new(&config, cases[i].password, preset, strlen(preset),
                                          "fake.json", &gateway, &err),
                         RC_CONFIG);
        assert_string_equal(err.message, cases[i].message);
    }
    free(preset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_without_a_known_body),
        cmocka_unit_test(every_row_of_the_verdict_table),
        cmocka_unit_test(a_redirect_to_another_server_is_not_followed),
        cmocka_unit_test(retry_after_is_passed_on),
        cmocka_unit_test(the_request_carries_what_the_preset_says),
        cmocka_unit_test(validity_is_at_least_a_minute_and_left_out_when_unknown),
        cmocka_unit_test(a_text_of_too_many_parts_is_refused_unsent),
        cmocka_unit_test(bad_texts_and_numbers_open_no_connection),
        cmocka_unit_test(no_connection_means_not_sent),
        cmocka_unit_test(an_unknown_name_means_not_sent),
        cmocka_unit_test(tls_is_verified_before_anything_is_said),
        cmocka_unit_test(a_wrong_url_is_refused),
        cmocka_unit_test(what_the_preset_needs_must_be_there),
    };
    return cmocka_run_group_tests(tests, gateways_start, gateways_finish);
}
