/* Presets: what the file may say, how templates are filled, what answers mean, and the Kannel
 * preset against the answers of the real Kannel 1.4.5. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pps/file.h>
#include <pps/gateway.h>

#include "../../src/gateway/preset.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* Presets that are right; the cases replace one part of them. */
#define HEAD "{\"name\":\"N\",\"method\":\"GET\",\"path\":\"/p\","
#define QUERY "\"query\":{\"t\":\"{text}\",\"to\":\"{phone}\"},"
#define PARTS "\"max_parts\":3,"
#define ANSWERS "\"answers\":[{\"http\":[200],\"body_prefix\":\"OK\",\"verdict\":\"accepted\"}]}"

/* A provider that is told a key, and can be asked by it. */
#define KEYED "\"query\":{\"t\":\"{text}\",\"to\":\"{phone}\",\"k\":\"{idem_key}\"},"
#define OPEN "\"answers\":[{\"http\":[200],\"body_prefix\":\"OK\",\"verdict\":\"accepted\"}],"
#define ASK(query, answers)                                                                        \
    HEAD KEYED PARTS OPEN "\"status\":{\"path\":\"/s\",\"query\":{" query                          \
                          "},\"answers\":[" answers "]}}"
#define BY_KEY "\"k\":\"{idem_key}\""
#define FOUND "{\"http\":[200],\"body_prefix\":\"SENT\",\"id_after\":\"id=\",\"verdict\":\"sent\"}"
#define LOST                                                                                       \
    "{\"http\":[404,200],\"body_contains\":\"no "                                                  \
    "such\",\"id_after\":\"id=\",\"verdict\":\"unknown\"}"

static struct preset parsed(const char *text)
{
    struct preset preset = {0};
    struct err err = {""};
    if (preset_parse(text, strlen(text), "p.json", &preset, &err) != RC_OK)
        fail_msg("%s", err.message);
    return preset;
}

static void a_right_preset_is_taken(void **state)
{
    (void)state;
    struct preset p = parsed("// a comment\n" HEAD QUERY PARTS ANSWERS);
    assert_string_equal(p.name, "N");
    assert_string_equal(p.send.path, "/p");
    assert_int_equal(p.max_parts, 3);
    assert_int_equal(p.send.n_params, 2);
    assert_string_equal(p.send.params[1].key, "to");
    assert_int_equal(p.send.n_answers, 1);
    assert_null(p.status.path);
    assert_int_equal(p.repeat_minutes, 0);
    preset_fini(&p);
    preset_fini(&p); /* twice is fine */
}

static void check_error(const char *text, const char *error)
{
    struct preset preset = {0};
    struct err err = {""};
    enum rc rc = preset_parse(text, strlen(text), "p.json", &preset, &err);
    if (rc != RC_INVALID || strncmp(err.message, "p.json:", 7) != 0 ||
        strstr(err.message, error) == NULL)
        fail_msg("%s: %d [%s], wanted [%s]", text, rc, err.message, error);
    assert_null(preset.name);
}

static void what_is_wrong_is_named_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *error;
    } cases[] = {
        {"[]", "p.json:1:1: "},
        {"{", "p.json:1:"},
        {"{\"name\":\"N\",\n \"metod\":\"GET\"}", "p.json:2:"},
        {"{\"name\":\"N\",\"metod\":\"GET\"}", "method"},
        {"{\"method\":\"GET\"}", "\"name\" is missing"},
        {"{\"name\":\"\",\"method\":\"GET\"}", "\"name\" is empty"},
        {"{\"name\":3,\"method\":\"GET\"}", "name"},
        {"{\"name\":\"N\"}", "\"method\" is missing"},
        {"{\"name\":\"N\",\"method\":\"PUT\"}", "GET"},
        {"{\"name\":\"N\",\"method\":\"GET\",\"path\":\"p\"}", "must begin with /"},
        {"{\"name\":\"N\",\"method\":\"GET\",\"path\":\"/p?a=b\"}", "must begin with /"},
        {"{\"name\":\"N\",\"method\":\"GET\",\"path\":\"/{user}\"}", "must begin with /"},
        {HEAD QUERY ANSWERS, "\"max_parts\" is missing"},
        {HEAD QUERY "\"max_parts\":0," ANSWERS, "max_parts"},
        {HEAD QUERY "\"max_parts\":256," ANSWERS, "max_parts"},
        {HEAD QUERY "\"max_parts\":1.5," ANSWERS, "max_parts"},
        {HEAD PARTS ANSWERS, "\"query\" is missing"},
        {HEAD "\"query\":{\"to\":\"{phone}\"}," PARTS ANSWERS, "no value has {text}"},
        {HEAD "\"query\":{\"t\":\"{text}\"}," PARTS ANSWERS, "{phone} or {phone_digits}"},
        {HEAD "\"query\":{\"t\":\"{txt}\"}," PARTS ANSWERS, "did you mean {text}?"},
        {HEAD "\"query\":{\"t\":\"{text\"}," PARTS ANSWERS, "p.json:1:"},
        {HEAD "\"query\":{\"t\":\"text}\"}," PARTS ANSWERS, "brace"},
        {HEAD "\"query\":{\"t\":\"{}\"}," PARTS ANSWERS, "brace"},
        {HEAD "\"query\":{\"t\":1}," PARTS ANSWERS, "p.json:1:"},
        {HEAD "\"query\":{\"t\":\"{text}\",\"p\":\"{phone}\",\"c\":\"{coding}\"}," PARTS ANSWERS,
         "\"coding\" is missing"},
        {HEAD QUERY "\"coding\":{\"gsm7\":\"0\"}," PARTS ANSWERS, "\"ucs2\" is missing"},
        {HEAD QUERY "\"coding\":{\"gsm7\":\"0\",\"ucs\":\"2\"}," PARTS ANSWERS, "ucs2"},
        {HEAD QUERY PARTS "\"answers\":[]}", "no answer has the verdict accepted"},
        {HEAD QUERY PARTS "\"answers\":[3]}", "p.json:1:"},
        {HEAD QUERY PARTS "\"answers\":[{\"http\":[],\"verdict\":\"config\"}]}", "names no status"},
        {HEAD QUERY PARTS "\"answers\":[{\"http\":[99],\"verdict\":\"config\"}]}",
         "from 200 to 599"},
        {HEAD QUERY PARTS "\"answers\":[{\"http\":200,\"verdict\":\"config\"}]}", "http"},
        {HEAD QUERY PARTS "\"answers\":[{\"http\":[200]}]}", "\"verdict\" is missing"},
        {HEAD QUERY PARTS "\"answers\":[{\"http\":[200],\"verdict\":\"ok\"}]}", "accepted"},
        {HEAD QUERY PARTS "\"answers\":[{\"http\":[200],\"verdict\":\"accepted\"}]}",
         "needs body_prefix or body_contains"},
        {HEAD QUERY PARTS
         "\"answers\":[{\"http\":[200],\"body_prefix\":\"\",\"verdict\":\"accepted\"}]}",
         "\"body_prefix\" is empty"},
        {HEAD QUERY PARTS "\"answers\":[{\"htp\":[200],\"verdict\":\"config\"}]}", "http"},
        {HEAD QUERY PARTS "\"answers\":[{\"http\":[404],\"verdict\":\"config\"}]}",
         "no answer has the verdict accepted"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        check_error(cases[i].text, cases[i].error);
}

/* ---- a message in doubt ---- */

static void a_status_query_and_a_time_for_repetitions_are_taken(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int minutes;
    } cases[] = {
        {HEAD KEYED PARTS "\"repeat_minutes\":1," ANSWERS, 1},
        {HEAD KEYED PARTS "\"repeat_minutes\":10080," ANSWERS, 10080},
        {ASK(BY_KEY ",\"u\":\"{user}{password}{sender}{phone}{phone_digits}\"", FOUND), 0},
        {ASK(BY_KEY, LOST "," FOUND), 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct preset p = parsed(cases[i].text);
        assert_int_equal(p.repeat_minutes, cases[i].minutes);
        assert_int_equal(p.status.path != NULL, cases[i].minutes == 0);
        preset_fini(&p);
    }
}

static void what_is_wrong_about_doubts_is_named_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *error;
    } cases[] = {
        /* repeat_minutes */
        {HEAD KEYED PARTS "\n\"repeat_minutes\":0," ANSWERS, "p.json:2:18: "},
        {HEAD KEYED PARTS "\"repeat_minutes\":0," ANSWERS, "from 1 to 10080"},
        {HEAD KEYED PARTS "\"repeat_minutes\":10081," ANSWERS, "from 1 to 10080"},
        {HEAD KEYED PARTS "\"repeat_minutes\":1.5," ANSWERS, "from 1 to 10080"},
        {HEAD KEYED PARTS "\"repeat_minutes\":\"5\"," ANSWERS, "repeat_minutes"},
        {HEAD KEYED PARTS "\"repeat_minutes\":null," ANSWERS, "repeat_minutes"},
        {HEAD QUERY PARTS "\n\"repeat_minutes\":5," ANSWERS,
         "p.json:2:18: \"repeat_minutes\" needs a value with {idem_key} in \"query\""},
        {HEAD "\"query\":{\"t\":\"{text}\",\"to\":\"{phone}\",\"k\":\"{idem_key}\","
              "\"v\":\"{validity_minutes}\"}," PARTS "\n\"repeat_minutes\":5," ANSWERS,
         "p.json:2:18: \"repeat_minutes\" does not go with {validity_minutes}"},
        /* status */
        {HEAD KEYED PARTS OPEN "\"status\":[]}", "status"},
        {HEAD KEYED PARTS OPEN "\"status\":null}", "status"},
        {HEAD KEYED PARTS OPEN "\"status\":{}}", "\"path\" is missing"},
        {HEAD KEYED PARTS OPEN "\"status\":{\"method\":\"GET\"}}", "method"},
        {HEAD KEYED PARTS OPEN "\"status\":{\"path\":\"s\"}}", "must begin with /"},
        {HEAD KEYED PARTS OPEN "\"status\":{\"path\":\"/s\"}}", "\"query\" is missing"},
        {HEAD KEYED PARTS OPEN "\"status\":{\"path\":\"/s\",\"query\":{" BY_KEY "}}}",
         "\"answers\" is missing"},
        {ASK("\"k\":\"{phone}\"", FOUND), "no value has {idem_key}"},
        {ASK("\"k\":\"{idem-key}\"", FOUND), "did you mean {idem_key}?"},
        {ASK("\"k\":3", FOUND), "p.json:1:"},
        {ASK(BY_KEY ",\n\"t\":\"{text}\"", FOUND),
         "p.json:2:5: {text} may not be used in \"status\""},
        {ASK(BY_KEY ",\"t\":\"a{coding}\"", FOUND), "{coding} may not be used in \"status\""},
        {ASK(BY_KEY ",\"t\":\"{validity_minutes}\"", FOUND),
         "{validity_minutes} may not be used in \"status\""},
        {HEAD QUERY PARTS OPEN "\n\"status\":{\"path\":\"/s\",\"query\":{" BY_KEY
                               "},\"answers\":[" FOUND "]}}",
         "p.json:2:10: \"status\" needs a value with {idem_key} in \"query\""},
        {ASK(BY_KEY, ""), "no answer has the verdict sent"},
        {ASK(BY_KEY, LOST), "no answer has the verdict sent"},
        {ASK(BY_KEY, FOUND ",\n{\"http\":[404],\"verdict\":\"unknown\"}"),
         "p.json:2:1: an answer with the verdict unknown needs body_prefix or body_contains"},
        {ASK(BY_KEY, "{\"http\":[200],\"verdict\":\"sent\"}"),
         "an answer with the verdict sent needs body_prefix or body_contains"},
        {ASK(BY_KEY, "{\"http\":[200],\"body_prefix\":\"OK\",\"verdict\":\"accepted\"}"), "sent"},
        {ASK(BY_KEY, "{\"http\":[200],\"body_prefix\":\"OK\"}"), "\"verdict\" is missing"},
        {ASK(BY_KEY, "{\"http\":[0],\"body_prefix\":\"OK\",\"verdict\":\"sent\"}"),
         "from 200 to 599"},
        {ASK(BY_KEY, "{\"http\":[200],\"body_prefix\":\"\",\"verdict\":\"sent\"}"),
         "\"body_prefix\" is empty"},
        /* the verdicts of one query are none of the other's */
        {HEAD KEYED PARTS
         "\"answers\":[{\"http\":[200],\"body_prefix\":\"OK\",\"verdict\":\"unknown\"}]}",
         "accepted"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        check_error(cases[i].text, cases[i].error);
}

static void what_the_status_query_finds(void **state)
{
    (void)state;
    struct preset p = parsed(ASK(BY_KEY, LOST "," FOUND));
    static const struct {
        int status;
        const char *body;
        bool cut;
        enum finding finding;
        const char *id;
    } cases[] = {
        {200, "SENT id=77-a;x", false, FINDING_SENT, "77-a"},
        {200, "SENT", false, FINDING_SENT, ""},
        {404, "there is no such key, id=5", false, FINDING_UNKNOWN, ""},
        {200, "SENT: no such key", false, FINDING_UNKNOWN, ""}, /* the first that fits */
        {404, "SENT id=77", false, FINDING_NO_ANSWER, ""},
        {404, "", false, FINDING_NO_ANSWER, ""},
        {404, "<html>Welcome</html>", false, FINDING_NO_ANSWER, ""},
        {200, "", false, FINDING_NO_ANSWER, ""},
        {200, "OK", false, FINDING_NO_ANSWER, ""}, /* an answer to a text, not to the question */
        {500, "SENT id=77", false, FINDING_NO_ANSWER, ""},
        {200, "SENT id=77", true, FINDING_NO_ANSWER, ""},
        {404, "no such", true, FINDING_NO_ANSWER, ""},
        {0, "", true, FINDING_NO_ANSWER, ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char id[128] = "?";
        struct http_reply reply = {.status = cases[i].status,
                                   .body = cases[i].body,
                                   .len = strlen(cases[i].body),
                                   .whole = !cases[i].cut};
        enum finding finding = preset_find(&p, &reply, id);
        if (finding != cases[i].finding || strcmp(id, cases[i].id) != 0)
            fail_msg("%d [%s]: %d [%s]", cases[i].status, cases[i].body, finding, id);
    }
    preset_fini(&p);
}

/* ---- templates ---- */

static void values_are_put_in_once_and_never_looked_into(void **state)
{
    (void)state;
    static const char *const values[PLACE_COUNT] = {
        [PLACE_USER] = "u{password}", [PLACE_PASSWORD] = "geheim", [PLACE_TEXT] = "{user} & {text}",
        [PLACE_PHONE] = "+7",         [PLACE_PHONE_DIGITS] = "7",
    };
    static const struct {
        const char *template, *result;
    } cases[] = {
        {"", ""},
        {"plain", "plain"},
        {"{text}", "{user} & {text}"},
        {"<{user}>", "<u{password}>"},
        {"{phone_digits}{phone}", "7+7"},
        {"{sender}", ""},
        {"{idem_key}x", "x"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct sb out = {0};
        preset_expand(cases[i].template, values, &out);
        assert_string_equal(sb_str(&out), cases[i].result);
        sb_fini(&out);
    }
}

static void the_status_alone_decides_when_nothing_else_fits(void **state)
{
    (void)state;
    static const struct {
        int from, to;
        enum delivery_class class;
    } table[] = {
        {0, 299, DELIVERY_IN_DOUBT},       {300, 399, DELIVERY_CONFIG},
        {400, 400, DELIVERY_REFUSED_PERM}, {401, 403, DELIVERY_CONFIG},
        {404, 407, DELIVERY_REFUSED_PERM}, {408, 409, DELIVERY_IN_DOUBT},
        {410, 428, DELIVERY_REFUSED_PERM}, {429, 429, DELIVERY_REFUSED_TEMP},
        {430, 499, DELIVERY_REFUSED_PERM}, {500, 999, DELIVERY_IN_DOUBT},
    };
    int next = 0;
    for (size_t i = 0; i < COUNT(table); i++) {
        assert_int_equal(table[i].from, next);
        for (; next <= table[i].to; next++) {
            if (http_status_class(next) != table[i].class)
                fail_msg("%d: %s", next, delivery_class_name(http_status_class(next)));
        }
    }
}

/* ---- answers ---- */

static void the_first_answer_that_fits_decides(void **state)
{
    (void)state;
    static const char text[] =
        HEAD QUERY PARTS "\"answers\":["
                         "{\"http\":[200,202],\"body_prefix\":\"OK \",\"id_after\":\"OK "
                         "\",\"verdict\":\"accepted\"},"
                         "{\"http\":[200],\"body_contains\":\"no funds\",\"verdict\":\"config\"},"
                         "{\"http\":[200],\"body_prefix\":\"ERR\",\"body_contains\":\"later\","
                         "\"verdict\":\"temporary\"},"
                         "{\"http\":[200],\"body_prefix\":\"ERR\",\"verdict\":\"permanent\"}]}";
    struct preset p = parsed(text);
    static const struct {
        int status;
        const char *body;
        size_t len; /* 0: of the string */
        bool cut;
        enum delivery_class class;
        const char *id;
    } cases[] = {
        {200, "OK abc-1.2:3_x;rest", 0, false, DELIVERY_SENT, "abc-1.2:3_x"},
        {202, "OK ", 0, false, DELIVERY_SENT, ""},
        {201, "OK abc", 0, false, DELIVERY_IN_DOUBT, ""},
        {200, " OK abc", 0, false, DELIVERY_IN_DOUBT, ""},
        {200, "OK", 0, false, DELIVERY_IN_DOUBT, ""},
        {200, "", 0, false, DELIVERY_IN_DOUBT, ""},
        {200, "ERR no funds", 0, false, DELIVERY_CONFIG, ""},
        {200, "ERR try later", 0, false, DELIVERY_REFUSED_TEMP, ""},
        {200, "ERR", 0, false, DELIVERY_REFUSED_PERM, ""},
        {200, "later ERR", 0, false, DELIVERY_IN_DOUBT, ""},
        {200, "<html>OK abc", 0, false, DELIVERY_IN_DOUBT, ""},
        {200, "\0OK abc", 7, false, DELIVERY_IN_DOUBT, ""},
        {200, "x\0no funds", 10, false, DELIVERY_CONFIG, ""},
        {200, "OK abc", 0, true, DELIVERY_IN_DOUBT, ""},
        {404, "OK abc", 0, false, DELIVERY_REFUSED_PERM, ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char id[128] = "?";
        struct http_reply reply = {.status = cases[i].status,
                                   .body = cases[i].body,
                                   .len = cases[i].len > 0 ? cases[i].len : strlen(cases[i].body),
                                   .whole = !cases[i].cut};
        enum delivery_class class = preset_classify(&p, &reply, id);
        if (class != cases[i].class || strcmp(id, cases[i].id) != 0)
            fail_msg("%d [%s]: %s [%s]", cases[i].status, cases[i].body, delivery_class_name(class),
                     id);
    }
    preset_fini(&p);
}

static void a_long_id_is_cut(void **state)
{
    (void)state;
    struct preset p = parsed(HEAD QUERY PARTS "\"answers\":[{\"http\":[200],\"body_prefix\":\"OK\","
                                              "\"id_after\":\"OK\",\"verdict\":\"accepted\"}]}");
    char body[302] = "OK", id[128];
    memset(body + 2, 'x', 299);
    struct http_reply reply = {.status = 200, .body = body, .len = 301, .whole = true};
    assert_int_equal(preset_classify(&p, &reply, id), DELIVERY_SENT);
    assert_int_equal(strlen(id), 127);
    preset_fini(&p);
}

/* ---- presets that people read ---- */

/* The invented provider of the documentation, as it stands there. */
static void the_example_of_the_documentation_is_a_right_preset(void **state)
{
    (void)state;
    char *page = NULL;
    size_t len;
    struct err err = {""};
    assert_int_equal(file_read("docs/gateways.md", 1 << 20, &page, &len, &err), RC_OK);
    char *name = strstr(page, "\"name\": \"Example SMS\""), *begin = NULL;
    assert_non_null(name);
    for (char *p = page; (p = strstr(p, "```json\n")) != NULL && p < name; p++)
        begin = p;
    assert_non_null(begin);
    begin += strlen("```json\n");
    char *end = strstr(name, "\n```");
    assert_non_null(end);
    *end = '\0';
    struct preset p = parsed(begin);
    static const struct http_reply replies[] = {
        {.status = 409, .body = "this key was used before, id=7", .len = 30, .whole = true},
        {.status = 200, .body = "message id=7 delivered", .len = 22, .whole = true},
        {.status = 404, .body = "there is no message with this key", .len = 33, .whole = true},
    };
    char id[128];
    assert_string_equal(p.name, "Example SMS");
    assert_int_equal(p.repeat_minutes, 1440);
    assert_int_equal(preset_classify(&p, &replies[0], id), DELIVERY_SENT);
    assert_string_equal(id, "7");
    assert_int_equal(preset_find(&p, &replies[1], id), FINDING_SENT);
    assert_string_equal(id, "7");
    assert_int_equal(preset_find(&p, &replies[2], id), FINDING_UNKNOWN);
    preset_fini(&p);
    free(page);
}

static void the_kannel_preset_knows_kannels_answers(void **state)
{
    (void)state;
    char *text = NULL;
    size_t len;
    struct err err = {""};
    assert_int_equal(file_read("templates/gateways/kannel.json", 1 << 16, &text, &len, &err),
                     RC_OK);
    struct preset p = parsed(text);
    free(text);
    static const struct {
        int status;
        const char *body;
        enum delivery_class class;
    } cases[] = {
        {202, "0: Accepted for delivery", DELIVERY_SENT},
        {202, "3: Queued for later delivery", DELIVERY_SENT},
        {202, "Sent.", DELIVERY_SENT},
        {202, "Sent. Message splits: 2", DELIVERY_SENT},
        {202, "Sent. Denied receivers are: 7903", DELIVERY_REFUSED_PERM},
        {200, "0: Accepted for delivery", DELIVERY_IN_DOUBT},
        {200, "<html>Welcome to Airport Wi-Fi</html>", DELIVERY_IN_DOUBT},
        {202, "<html>", DELIVERY_IN_DOUBT},
        {202, "", DELIVERY_IN_DOUBT},
        {403, "Authorization failed for sendsms", DELIVERY_CONFIG},
        {403, "Not routable. Do not try again.", DELIVERY_REFUSED_PERM},
        {403, "<html>Forbidden</html>", DELIVERY_CONFIG},
        {400, "Missing receiver number, rejected", DELIVERY_REFUSED_PERM},
        {400, "Number(s) has/have been denied by white- and/or black-lists.",
         DELIVERY_REFUSED_PERM},
        {400, "Sender missing and no global set, rejected", DELIVERY_CONFIG},
        {400, "Charset or body misformed, rejected", DELIVERY_REFUSED_PERM},
        {404, "Unknown request.", DELIVERY_CONFIG},
        {503, "Temporal failure, try again later.", DELIVERY_REFUSED_TEMP},
        {503, "<html>Bad gateway</html>", DELIVERY_IN_DOUBT},
        {500, "Sending failed.", DELIVERY_IN_DOUBT},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char id[128];
        struct http_reply reply = {.status = cases[i].status,
                                   .body = cases[i].body,
                                   .len = strlen(cases[i].body),
                                   .whole = true};
        enum delivery_class class = preset_classify(&p, &reply, id);
        if (class != cases[i].class)
            fail_msg("%d %s: %s", cases[i].status, cases[i].body, delivery_class_name(class));
    }
    assert_null(p.status.path);
    assert_int_equal(p.repeat_minutes, 0);
    assert_string_equal(p.coding[SMS_GSM7], "0");
    assert_string_equal(p.coding[SMS_UCS2], "2");
    preset_fini(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_right_preset_is_taken),
        cmocka_unit_test(what_is_wrong_is_named_with_its_place),
        cmocka_unit_test(a_status_query_and_a_time_for_repetitions_are_taken),
        cmocka_unit_test(what_is_wrong_about_doubts_is_named_with_its_place),
        cmocka_unit_test(what_the_status_query_finds),
        cmocka_unit_test(values_are_put_in_once_and_never_looked_into),
        cmocka_unit_test(the_status_alone_decides_when_nothing_else_fits),
        cmocka_unit_test(the_first_answer_that_fits_decides),
        cmocka_unit_test(a_long_id_is_cut),
        cmocka_unit_test(the_example_of_the_documentation_is_a_right_preset),
        cmocka_unit_test(the_kannel_preset_knows_kannels_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
