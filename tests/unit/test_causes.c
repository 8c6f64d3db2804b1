/* "complaint_causes" of pps.json: the agency's own, or the usual ones in its language. */
#include "support.h"

#include <pps/config.h>

static enum rc parse(const char *text, struct config *ret, struct err *err)
{
    return config_parse(text, strlen(text), "pps.json", ret, err);
}

static void a_list_by_language(void **state)
{
    (void)state;
    static const struct {
        const char *text, *first, *last;
    } cases[] = {
        {"{}", "отель", "другое"},
        {"{\"agency\": {\"lang\": \"bg\"}}", "хотел", "друго"},
        {"{\"agency\": {\"lang\": \"en\"}}", "hotel", "other"},
        {"{\"agency\": {\"lang\": \"de\"}}", "hotel", "other"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct config c;
        struct err err;
        assert_ok(parse(cases[i].text, &c, &err));
        assert_int_equal(c.complaint_causes.n, 8);
        assert_string_equal(c.complaint_causes.v[0], cases[i].first);
        assert_string_equal(c.complaint_causes.v[7], cases[i].last);
        config_fini(&c);
    }
}

static void a_list_of_ones_own(void **state)
{
    (void)state;
    struct config c;
    struct err err;
    assert_ok(parse("{\"complaint_causes\": [\"еда\", \"Пляж и море\"]}", &c, &err));
    assert_int_equal(c.complaint_causes.n, 2);
    assert_string_equal(c.complaint_causes.v[1], "Пляж и море");
    config_fini(&c);
    assert_null(c.complaint_causes.v);
    assert_ok(parse("{\"complaint_causes\": "
                    "[\"шум шум шум шум шум шум шум шум шум шум шум шум шум шум шум.\"]}",
                    &c, &err)); /* sixty characters */
    config_fini(&c);
}

static void mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *list, *line;
    } cases[] = {
        {"7", "pps.json:1:22: \"complaint_causes\" must be a list, not a number"},
        {"[7]", "pps.json:1:23: \"complaint_causes\" must be a string, not a number"},
        {"[]", "pps.json:1:22: \"complaint_causes\" needs at least one word; without the key there is a list already"},
        {"[\"\"]", "pps.json:1:23: what stands in \"complaint_causes\" is a word or a few, at most 60 characters"},
        {"[\" a\"]", "pps.json:1:23: what stands in \"complaint_causes\" is a word or a few, at most 60 characters"},
        {"[\"a\\nb\"]", "pps.json:1:23: what stands in \"complaint_causes\" is a word or a few, at most 60 characters"},
        {"[\"a123456789012345678901234567890123456789012345678901234567890\"]",
         "pps.json:1:23: what stands in \"complaint_causes\" is a word or a few, at most 60 characters"},
        {"[\"мёд\", \"Мед\"]", "pps.json:1:30: this stands twice in \"complaint_causes\""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct config c;
        struct err err;
        char *text = xasprintf("{\"complaint_causes\": %s}", cases[i].list);
        assert_fails(parse(text, &c, &err), RC_CONFIG, cases[i].line);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_by_language),
        cmocka_unit_test(a_list_of_ones_own),
        cmocka_unit_test(mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
