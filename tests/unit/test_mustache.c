/* The Mustache engine: what we add to the public specification, which test_mustache_spec.c is about:
 * strictness, "did you mean", words for an empty value, bounds. Data is written as JSON for reading's
 * sake. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include <pps/str.h>

#include "../../src/message/mustache.h"

static struct value *value_from(const cJSON *json)
{
    if (cJSON_IsString(json))
        return value_text(json->valuestring);
    if (cJSON_IsBool(json))
        return value_flag(cJSON_IsTrue(json));
    struct value *v = cJSON_IsArray(json) ? value_list() : value_object();
    const cJSON *child;
    cJSON_ArrayForEach(child, json)
    {
        if (cJSON_IsArray(json))
            value_push(v, value_from(child));
        else
            value_set(v, child->string, value_from(child));
    }
    return v;
}

static struct value *data_from(const char *text)
{
    cJSON *json = cJSON_Parse(text);
    if (json == NULL)
        fail_msg("not JSON: %s", text);
    struct value *v = value_from(json);
    cJSON_Delete(json);
    return v;
}

static enum rc give_partial(void *ctx, const char *name, char **ret_name, char **ret_text,
                            struct err *err)
{
    if (ctx == NULL || strcmp(name, "part") != 0)
        return err_set(err, RC_NOTFOUND, "there is no such part");
    *ret_name = xstrdup("part.md");
    *ret_text = xstrdup(ctx);
    return RC_OK;
}

static enum rc run(const char *template, const char *data, struct mustache_options options,
                   char **ret, struct err *err)
{
    struct mustache *m = NULL;
    struct value *v = data_from(data);
    options.partial = give_partial;
    enum rc rc = mustache_parse(
        &(struct mustache_source){
            .name = "t.md", .text = template, .len = strlen(template), .language = PLACE_HTML},
        &m, err);
    if (rc == RC_OK)
        rc = mustache_render(m, v, &options, ret, NULL, err);
    mustache_free(m);
    value_free(v);
    return rc;
}

static const struct {
    const char *template, *error;
} broken[] = {
    {"Dear {{clent.name}}",
     "t.md:1:6: unknown variable \"clent.name\": did you mean \"client.name\"?"},
    {"\n\nой {{#departs_tody}}x{{/departs_tody}}",
     "t.md:3:4: unknown section \"departs_tody\": did you mean \"departs_today\"?"},
    {"{{^nothing.like.it}}{{/nothing.like.it}}", "t.md:1:1: unknown section \"nothing.like.it\": there are client.…, trip.…"},
    {"{{сlient.name}}", "t.md:1:1: unknown variable \"сlient.name\": did you mean \"client.name\"? "
                        "Type it anew, in Latin letters"},
    {"{{client.name}{{client.name}}", "t.md:1:1: the tag is not closed: \"}}\" is missing"},
    {"x {{client.name} and {{#client}}", "t.md:1:3: the tag is not closed: \"}}\" is missing"},
    {"{{client.name.first}}", "t.md:1:1: unknown variable \"client.name.first\": there are client.…, trip.…"},
    {"Dear {{client.email}}!", "t.md:1:6: \"client.email\" is empty here"},
    {"{{client}}", "t.md:1:1: \"client\" is not a text; it can only be asked: "
                   "{{#client}}...{{/client}}"},
    {"{{departs_today}}", "t.md:1:1: \"departs_today\" is not a text; it can only be asked: "
                          "{{#departs_today}}...{{/departs_today}}"},
    {"{{{client.name}}}", "t.md:1:1: write {{client.name}}: unescaped values are not allowed"},
    {"{{&client.name}}", "t.md:1:1: write {{client.name}}: unescaped values are not allowed"},
    {"a {{client.name", "t.md:1:3: the tag is not closed: \"}}\" is missing"},
    {"{{{client.name}}", "t.md:1:1: the tag is not closed: \"}}}\" is missing"},
    {"{{}}", "t.md:1:1: the tag is empty"},
    {"{{client.name|x}}", "t.md:1:1: put a space before and behind the |: \"client.name|x\""},
    {"{{client.name |x}}", "t.md:1:1: put a space before and behind the |: \"client.name |x\""},
    {"{{client.name| x}}", "t.md:1:1: put a space before and behind the |: \"client.name| x\""},
    {"{{client.name | }}",
     "t.md:1:1: behind the | stand the words for an empty value: {{client.name | words}}"},
    {"{{clent.name | x}}",
     "t.md:1:1: unknown variable \"clent.name\": did you mean \"client.name\"?"},
    {"{{client | x}}", "t.md:1:1: \"client\" is not a text; it can only be asked: "
                       "{{#client}}...{{/client}}"},
    {"{{#client | x}}{{/client}}",
     "t.md:1:1: only {{name | words}} has words for an empty value: \"client | x\""},
    {"{{>part | x}}", "t.md:1:1: only {{name | words}} has words for an empty value: \"part | x\""},
    {"{{{client.email | x}}}",
     "t.md:1:1: write {{client.email}}: unescaped values are not allowed"},
    {"  {{>part}}", "part.md:2:2: unknown variable \"oops\": there are client.…, trip.…"}, /* its indentation is no column */
    {"{{a b}}", "t.md:1:1: a name cannot have a space in it: \"a b\""},
    {"{{client name}}", "t.md:1:1: a name cannot have a space in it: \"client name\""},
    {"{{#client}}", "t.md:1:1: section \"client\" is never closed"},
    {"{{/client}}", "t.md:1:1: section \"client\" is closed but never opened"},
    {"{{#client}}{{/trip}}",
     "t.md:1:12: section \"trip\" is closed while \"client\" is still open"},
    {"{{=a=}}", "t.md:1:1: delimiters are set like {{=<% %>=}}: two, of at most 8 characters"},
    {"{{=<<<<<<<<< >=}}",
     "t.md:1:1: delimiters are set like {{=<% %>=}}: two, of at most 8 characters"},
    {"x {{>other}}", "t.md:1:3: cannot include \"other\": there is no such part"},
    {"x {{>part}}", "part.md:2:2: unknown variable \"oops\": there are client.…, trip.…"},
};

/* part.md of these is "\n {{oops}}". */
#define STRICT_DATA                                                                                \
    "{\"client\":{\"name\":\"Ann\",\"email\":\"\"},\"departs_today\":true,\"trip\":{}}"

static void what_is_wrong_is_named_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        char *text = NULL;
        char part[] = "\n {{oops}}";
        struct err err = {0};
        enum rc rc =
            run(broken[i].template, STRICT_DATA,
                (struct mustache_options){.escape = escape_html, .partial_ctx = part}, &text, &err);
        if (rc != RC_INVALID || strcmp(err.message, broken[i].error) != 0 || text != NULL)
            fail_msg("%s: \"%s\", expected \"%s\"", broken[i].template, err.message,
                     broken[i].error);
    }
}

static void a_section_over_an_empty_value_is_skipped_not_refused(void **state)
{
    (void)state;
    char *text = NULL;
    struct err err = {0};
    assert_int_equal(run("({{#client.email}}at {{client.email}}{{/client.email}})", STRICT_DATA,
                         (struct mustache_options){.escape = escape_html}, &text, &err),
                     RC_OK);
    assert_string_equal(text, "()");
    free(text);
}

static const struct {
    const char *template, *expected;
} words_instead[] = {
    {"{{client.name | dear guest}}", "Ann"},
    {"{{client.email | dear guest}}", "dear guest"},
    {"{{ client.email  |\tа  б\n в }}", "а б в"},
    {"{{client.email | <b> & | \"}}", "&lt;b&gt; &amp; | &quot;"},
    {"{{{client.email | <b>}}}{{&client.email | <i>}}", "<b><i>"},
    {"{{#trip}}{{client.email | none}}{{/trip}}", "none"},
    {"{{client.email | {client.name}}}", "{client.name}"},
    {"{{=<% %>=}}<%client.email | {{client.name}}%>", "{{client.name}}"},
    {"<a href=\"https://x.example/?n={{client.email | a b}}\">",
     "<a href=\"https://x.example/?n=a%20b\">"},
};

static void words_stand_for_an_empty_value(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof words_instead / sizeof *words_instead; i++) {
        char *text = NULL;
        struct err err = {0};
        enum rc rc =
            run(words_instead[i].template, STRICT_DATA,
                (struct mustache_options){.escape = escape_html, .allow_raw = true}, &text, &err);
        if (rc != RC_OK || strcmp(text, words_instead[i].expected) != 0)
            fail_msg("%s: \"%s\", expected \"%s\" (%s)", words_instead[i].template,
                     text ? text : "-", words_instead[i].expected, err.message);
        free(text);
    }
}

static enum rc check(const char *template, struct err *err)
{
    struct mustache *m = NULL;
    struct value *v = data_from(STRICT_DATA);
    struct mustache_options options = {.escape = escape_html};
    enum rc rc = mustache_parse(
        &(struct mustache_source){.name = "t.md", .text = template, .len = strlen(template)}, &m,
        err);
    if (rc == RC_OK)
        rc = mustache_check(m, v, &options, err);
    mustache_free(m);
    value_free(v);
    return rc;
}

static void the_check_goes_into_sections_that_are_not_taken(void **state)
{
    (void)state;
    struct err err = {0};
    assert_int_equal(check("{{#client.email}}{{client.email}}{{/client.email}}", &err), RC_OK);
    assert_int_equal(check("{{client.email}}", &err), RC_OK);
    assert_int_equal(check("{{#client.email}}{{nam}}{{/client.email}}", &err), RC_INVALID);
    assert_string_equal(err.message, "t.md:1:18: unknown variable \"nam\": there are client.…, trip.…");
    assert_int_equal(check("{{^departs_today}}{{trip.x}}{{/departs_today}}", &err), RC_INVALID);
    assert_string_equal(err.message, "t.md:1:19: unknown variable \"trip.x\": there are client.…, trip.…");
}

static void note_fault(void *ctx, const struct err *fault)
{
    sb_addf(ctx, "%s\n", fault->message);
}

static enum rc check_all(const char *template, char *part, char **ret_faults, struct err *err)
{
    struct mustache *m = NULL;
    struct value *v = data_from("{\"client\":{\"name\":\"Ann\"},\"flag\":true,"
                                "\"list\":[{\"a\":\"1\"},{\"a\":\"2\"}],\"none\":[]}");
    struct sb faults = {0};
    struct mustache_options options = {.escape = escape_html,
                                       .partial = give_partial,
                                       .partial_ctx = part,
                                       .report = note_fault,
                                       .report_ctx = &faults};
    assert_int_equal(
        mustache_parse(
            &(struct mustache_source){.name = "t.md", .text = template, .len = strlen(template)},
            &m, err),
        RC_OK);
    enum rc rc = mustache_check(m, v, &options, err);
    *ret_faults = sb_take(&faults);
    mustache_free(m);
    value_free(v);
    return rc;
}

static const struct {
    const char *template, *faults; /* "" when there is none */
} all_faults[] = {
    {"{{client.name}}{{#flag}}{{/flag}}", ""},
    {"{{clent.name}} {{{client.name}}} {{flag}}\n{{#client}}{{nam}}{{/client}}{{>other}}",
     "t.md:1:1: unknown variable \"clent.name\": did you mean \"client.name\"?\n"
     "t.md:1:16: write {{client.name}}: unescaped values are not allowed\n"
     "t.md:1:34: \"flag\" is not a text; it can only be asked: {{#flag}}...{{/flag}}\n"
     "t.md:2:12: unknown variable \"nam\": did you mean \"name\"?\n"
     "t.md:2:30: cannot include \"other\": there is no such part\n"},
    /* what is inside an unknown section may be known to it; what is wrong in any case is told */
    {"{{#cliet}}{{name}}{{flag}}{{#x}}{{y}}{{/x}}{{/cliet}}{{z}}",
     "t.md:1:1: unknown section \"cliet\": did you mean \"client\"?\n"
     "t.md:1:19: \"flag\" is not a text; it can only be asked: {{#flag}}...{{/flag}}\n"
     "t.md:1:54: unknown variable \"z\": there are client.…\n"},
    /* once for all members of a list, and for all places that include a part */
    {"{{#list}}{{a}}{{b}}{{/list}}", "t.md:1:15: unknown variable \"b\": did you mean \"a\"?\n"},
    {"{{#list}}{{price}}{{/list}}", "t.md:1:10: unknown variable \"price\": there are a, client.…\n"},
    {"{{>part}}{{>part}}{{>part}}", "part.md:1:3: unknown variable \"oops\": there are client.…\n"},
    {"{{#none}}{{a}}{{flag}}{{/none}}",
     "t.md:1:15: \"flag\" is not a text; it can only be asked: {{#flag}}...{{/flag}}\n"},
};

static void the_check_tells_every_fault(void **state)
{
    (void)state;
    char part[] = "a {{oops}}";
    for (size_t i = 0; i < sizeof all_faults / sizeof *all_faults; i++) {
        char *faults = NULL;
        struct err err = {0};
        enum rc rc = check_all(all_faults[i].template, part, &faults, &err);
        assert_string_equal(faults, all_faults[i].faults);
        assert_int_equal(rc, faults[0] == '\0' ? RC_OK : RC_INVALID);
        assert_memory_equal(err.message, faults, strcspn(faults, "\n"));
        assert_int_equal(strlen(err.message), strcspn(faults, "\n"));
        free(faults);
    }
}

static void a_bound_ends_the_check(void **state)
{
    (void)state;
    char itself[] = "{{>part}}{{oops}}{{>part}}";
    char *faults = NULL;
    struct err err = {0};
    assert_int_equal(check_all("{{>part}}", itself, &faults, &err), RC_INVALID);
    assert_string_equal(faults, "part.md:1:1: nested more than 32 deep\n");
    assert_string_equal(err.message, "part.md:1:1: nested more than 32 deep");
    free(faults);
}

static void a_text_that_begins_inside_a_file_counts_from_there(void **state)
{
    (void)state;
    struct mustache *m = NULL;
    struct value *v = data_from(STRICT_DATA);
    char *text = NULL;
    struct err err = {0};
    assert_int_equal(mustache_parse(
                         &(struct mustache_source){
                             .name = "t.md", .text = "{{a}}", .len = 5, .line = 7, .column = 10},
                         &m, &err),
                     RC_OK);
    assert_int_equal(
        mustache_render(m, v, &(struct mustache_options){.escape = escape_none}, &text, NULL, &err),
        RC_INVALID);
    assert_string_equal(err.message, "t.md:7:10: unknown variable \"a\": there are client.…, trip.…");
    mustache_free(m);
    value_free(v);
}

static char *repeated(const char *a, size_t n, const char *middle, const char *b)
{
    struct sb sb = {0};
    for (size_t i = 0; i < n; i++)
        sb_add(&sb, a);
    sb_add(&sb, middle);
    for (size_t i = 0; i < n; i++)
        sb_add(&sb, b);
    return sb_take(&sb);
}

static enum rc run_repeated(size_t n, struct err *err)
{
    char *template = repeated("{{#departs_today}}", n, "x", "{{/departs_today}}");
    char *text = NULL;
    enum rc rc =
        run(template, STRICT_DATA, (struct mustache_options){.escape = escape_html}, &text, err);
    free(text);
    free(template);
    return rc;
}

static void nesting_is_bounded(void **state)
{
    (void)state;
    struct err err = {0};
    assert_int_equal(run_repeated(MUSTACHE_MAX_DEPTH, &err), RC_OK);
    assert_int_equal(run_repeated(MUSTACHE_MAX_DEPTH + 1, &err), RC_INVALID);
    assert_non_null(strstr(err.message, "nested more than 32 deep"));
}

static enum rc run_part(char *part, struct err *err)
{
    char *text = NULL;
    enum rc rc =
        run("{{>part}}", STRICT_DATA,
            (struct mustache_options){.escape = escape_html, .partial_ctx = part}, &text, err);
    free(text);
    return rc;
}

static void partials_without_end_are_stopped(void **state)
{
    (void)state;
    struct err err = {0};
    char once[] = "a{{>part}}";
    assert_int_equal(run_part(once, &err), RC_INVALID);
    assert_non_null(strstr(err.message, "nested more than 32 deep"));
}

static void work_is_bounded_when_lists_multiply(void **state)
{
    (void)state;
    char *items = repeated("\"a\",", 200, "\"a\"", "");
    char *data = xasprintf("{\"l\":[%s]}", items);
    char *text = NULL;
    struct err err = {0};
    assert_int_equal(run("{{#l}}{{#l}}{{#l}}{{/l}}{{#l}}{{#l}}{{/l}}{{/l}}{{/l}}{{/l}}", data,
                         (struct mustache_options){.escape = escape_html}, &text, &err),
                     RC_INVALID);
    assert_non_null(strstr(err.message, "repeats itself without end"));
    free(data);
    free(items);
}

static void output_is_bounded(void **state)
{
    (void)state;
    char *big = repeated("x", 70000, "", "");
    char *data = xasprintf("{\"b\":\"%s\"}", big);
    char *text = NULL;
    struct err err = {0};
    assert_int_equal(
        run("{{b}}{{b}}{{b}}", data, (struct mustache_options){.escape = escape_html}, &text, &err),
        RC_OK);
    assert_int_equal(strlen(text), 210000);
    free(text);
    text = NULL;
    assert_int_equal(run("{{b}}{{b}}{{b}}{{b}}", data,
                         (struct mustache_options){.escape = escape_html}, &text, &err),
                     RC_INVALID);
    assert_string_equal(err.message, "t.md:1:16: the text grows over 262144 bytes here");
    assert_null(text);
    free(data);
    free(big);
}

/* Each time the part is read anew, so that its length counts as work. */
static void the_length_of_partials_is_bounded(void **state)
{
    (void)state;
    char *items = repeated("\"a\",", 999, "\"a\"", "");
    char *data = xasprintf("{\"l\":[%s]}", items);
    char *part = repeated("{{! a comment that prints nothing }}\n", 1000, "", "");
    char *text = NULL;
    struct err err = {0};
    assert_int_equal(run("{{#l}}{{>part}}{{/l}}", data,
                         (struct mustache_options){.escape = escape_html, .partial_ctx = part},
                         &text, &err),
                     RC_INVALID);
    assert_string_equal(err.message, "t.md:1:7: the template repeats itself without end");
    free(part);
    free(data);
    free(items);
}

static void a_list_of_ten_thousand_is_fine(void **state)
{
    (void)state;
    char *items = repeated("{\"n\":\"a\"},", 9999, "{\"n\":\"b\"}", "");
    char *data = xasprintf("{\"l\":[%s]}", items);
    char *text = NULL;
    struct err err = {0};
    assert_int_equal(run("{{#l}}{{n}}, {{/l}}", data,
                         (struct mustache_options){.escape = escape_html}, &text, &err),
                     RC_OK);
    assert_int_equal(strlen(text), 30000);
    free(text);
    free(data);
    free(items);
}

static void a_template_of_a_megabyte_is_read_in_no_time(void **state)
{
    (void)state;
    char *template = repeated("{{! note }}{{#trip}}{{/trip}}\n", 35000, "", "");
    assert_true(strlen(template) > (1 << 20) - 2000);
    char *text = NULL;
    struct err err = {0};
    assert_int_equal(
        run(template, STRICT_DATA, (struct mustache_options){.escape = escape_html}, &text, &err),
        RC_OK);
    assert_int_equal(strlen(text), 35000);
    free(text);
    free(template);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_stand_for_an_empty_value),
        cmocka_unit_test(what_is_wrong_is_named_with_its_place),
        cmocka_unit_test(a_section_over_an_empty_value_is_skipped_not_refused),
        cmocka_unit_test(the_check_goes_into_sections_that_are_not_taken),
        cmocka_unit_test(the_check_tells_every_fault),
        cmocka_unit_test(a_bound_ends_the_check),
        cmocka_unit_test(a_text_that_begins_inside_a_file_counts_from_there),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(partials_without_end_are_stopped),
        cmocka_unit_test(work_is_bounded_when_lists_multiply),
        cmocka_unit_test(output_is_bounded),
        cmocka_unit_test(the_length_of_partials_is_bounded),
        cmocka_unit_test(a_list_of_ten_thousand_is_fine),
        cmocka_unit_test(a_template_of_a_megabyte_is_read_in_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
