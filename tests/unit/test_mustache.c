/* The Mustache engine: the rules of the public specification (github.com/mustache/spec), one case a
 * rule, and what we add to it: strictness, "did you mean", bounds. Data is written as JSON for
 * reading's sake. */
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

struct spec_case {
    const char *rule, *data, *template, *expected;
    const char *partial; /* the text of {{> part}} */
};

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
        &(struct mustache_source){.name = "t.md", .text = template, .len = strlen(template)}, &m,
        err);
    if (rc == RC_OK)
        rc = mustache_render(m, v, &options, ret, NULL, err);
    mustache_free(m);
    value_free(v);
    return rc;
}

static const struct spec_case spec_cases[] = {
    {"text without tags stays", "{}", "Hello {you}!\n", "Hello {you}!\n", NULL},
    {"comment is removed", "{}", "12{{! say {{nothing }}34", "1234", NULL},
    {"comment over lines is removed", "{}", "12{{!\n a\n b\n}}34\n", "1234\n", NULL},
    {"comment alone takes its line", "{}", "a\n  {{! x }}\nb\n", "a\nb\n", NULL},
    {"comment over lines alone takes its lines", "{}", "a\n  {{!\n x\n  }}\nb", "a\nb", NULL},
    {"comment after text does not", "{}", "  12 {{! 34 }}\n", "  12 \n", NULL},
    {"comment alone with CR LF", "{}", "|\r\n{{! x }}\r\n|", "|\r\n|", NULL},
    {"comment alone on the last line", "{}", "!\n  {{! x }}", "!\n", NULL},

    {"delimiters change", "{\"t\":\"Hey\"}", "{{=<% %>=}}(<%t%>)", "(Hey)", NULL},
    {"delimiters of one sign", "{\"t\":\"Hey\"}", "({{=[ ]=}}[t])", "(Hey)", NULL},
    {"delimiters hold within and after sections", "{\"s\":true,\"d\":\"x\"}",
     "{{= | | =}}\n|#s|\n{{d}} |d|\n|/s|\n", "{{d}} x\n", NULL},
    {"delimiters do not reach into a partial", "{\"v\":\"yes\"}", "{{=| |=}}[ |>part| ]",
     "[ .yes. ]", ".{{v}}."},
    {"delimiters of a partial stay there", "{\"v\":\"yes\"}", "[{{>part}}] {{v}} |v|",
     "[.yes.] yes |v|", ".{{=| |=}}|v|."},
    {"delimiters alone take their line", "{}", "a\n  {{=@ @=}}\nb\n", "a\nb\n", NULL},
    {"delimiters in a line do not", "{}", " | {{=@ @=}}\n", " | \n", NULL},
    {"delimiters with padding", "{}", "|{{= @   @ =}}|", "||", NULL},

    {"value", "{\"a\":\"world\"}", "Hello, {{a}}!", "Hello, world!", NULL},
    {"value is escaped", "{\"a\":\"& \\\" < >\"}", "{{a}}", "&amp; &quot; &lt; &gt;", NULL},
    {"three braces do not escape", "{\"a\":\"& \\\" < >\"}", "{{{a}}}", "& \" < >", NULL},
    {"ampersand does not escape", "{\"a\":\"& \\\" < >\"}", "{{& a }}", "& \" < >", NULL},
    {"missing value prints nothing", "{}", "({{no}}{{{no}}}{{&no}})", "()", NULL},
    {"dotted name", "{\"p\":{\"n\":\"Joe\"}}", "{{p.n}}={{#p}}{{n}}{{/p}}", "Joe=Joe", NULL},
    {"dotted name of any depth", "{\"a\":{\"b\":{\"c\":{\"d\":\"x\"}}}}", "{{a.b.c.d}}", "x", NULL},
    {"broken chain prints nothing", "{\"a\":{\"b\":{}},\"c\":{\"n\":\"Jim\"}}", "({{a.b.c.n}})",
     "()", NULL},
    {"first part climbs, the rest does not", "{\"a\":{\"b\":{}},\"b\":{\"c\":\"ERROR\"}}",
     "({{#a}}{{b.c}}{{/a}})", "()", NULL},
    {"leading dot stays in the context", "{\"a\":{},\"b\":{\"n\":\"Name\"},\"n\":\"Fail\"}",
     "{{#a}}{{.n}}{{/a}}{{#b}}{{.n}}{{/b}}", "Name", NULL},
    {"value alone keeps its line", "{\"a\":\"---\"}", "  {{a}}\n", "  ---\n", NULL},
    {"padding in tags", "{\"a\":\"-\"}", "|{{ a }}|{{{ a }}}|{{& a }}|", "|-|-|-|", NULL},
    {"value is never read as a tag", "{\"a\":\"{{b}}{{#b}}\",\"b\":\"secret\"}", "{{{a}}}",
     "{{b}}{{#b}}", NULL},

    {"section of truth", "{\"b\":true}", "\"{{#b}}yes{{/b}}\"", "\"yes\"", NULL},
    {"section of falsehood", "{\"b\":false}", "\"{{#b}}yes{{/b}}\"", "\"\"", NULL},
    {"section of an object is a context", "{\"c\":{\"n\":\"Joe\"}}", "{{#c}}Hi {{n}}{{/c}}",
     "Hi Joe", NULL},
    {"parent contexts are seen, inner ones win",
     "{\"a\":\"foo\",\"b\":\"wrong\",\"s\":{\"b\":\"bar\"}}", "{{#s}}{{a}}, {{b}}{{/s}}",
     "foo, bar", NULL},
    {"section of a text", "{\"f\":\"bar\"}", "{{#f}}{{.}} is {{f}}{{/f}}", "bar is bar", NULL},
    {"section of an empty text is skipped", "{\"f\":\"\"}", "({{#f}}x{{/f}}{{^f}}y{{/f}})", "(y)",
     NULL},
    {"section of a list", "{\"l\":[{\"i\":\"1\"},{\"i\":\"2\"}]}", "{{#l}}{{i}}{{/l}}", "12", NULL},
    {"section of an empty list", "{\"l\":[]}", "({{#l}}x{{/l}})", "()", NULL},
    {"section of nothing", "{}", "({{#no}}x{{/no}})", "()", NULL},
    {"implicit iterator", "{\"l\":[\"a\",\"<\"]}", "{{#l}}({{.}}){{/l}}", "(a)(&lt;)", NULL},
    {"implicit iterator of lists", "{\"l\":[[\"1\",\"2\"],[\"a\"]]}",
     "{{#l}}({{#.}}{{.}}{{/.}}){{/l}}", "(12)(a)", NULL},
    {"section of a dotted name", "{\"a\":{\"b\":{\"c\":true}}}", "{{#a.b.c}}x{{/a.b.c}}", "x",
     NULL},
    {"sections in one line", "{\"b\":true}", "| A {{#b}}B {{#b}}C{{/b}} D{{/b}} E |",
     "| A B C D E |", NULL},
    {"section alone takes its lines", "{\"b\":true}", "a\n  {{#b}}\n|\n  {{/b}}\nz\n", "a\n|\nz\n",
     NULL},
    {"section alone with CR LF", "{\"b\":true}", "|\r\n{{#b}}\r\n{{/b}}\r\n|", "|\r\n|", NULL},
    {"section on the first line", "{\"b\":true}", "  {{#b}}\n#{{/b}}\n/", "#\n/", NULL},
    {"section on the last line", "{\"b\":true}", "#{{#b}}\n/\n  {{/b}}", "#\n/\n", NULL},
    {"white space around and within stays", "{\"b\":true}",
     " | {{#b}} {{! x }}\n {{/b}} | \n {{#b}}\t{{/b}}\n", " |  \n  | \n \t\n", NULL},
    {"padding in section tags", "{\"b\":true}", "|{{# b }}={{/ b }}|", "|=|", NULL},
    {"section in a list sees all contexts",
     "{\"t\":[{\"n\":\"A\",\"m\":[{\"k\":\"1\",\"b\":[\"x\",\"y\"]}]}]}",
     "{{#t}}{{#m}}{{#b}}{{n}}{{k}}{{.}} {{/b}}{{/m}}{{/t}}", "A1x A1y ", NULL},

    {"inverted section of falsehood", "{\"b\":false}", "\"{{^b}}no{{/b}}\"", "\"no\"", NULL},
    {"inverted section of truth", "{\"b\":true}", "\"{{^b}}no{{/b}}\"", "\"\"", NULL},
    {"inverted section of an object", "{\"c\":{\"n\":\"J\"}}", "({{^c}}no{{/c}})", "()", NULL},
    {"inverted section of an empty list", "{\"l\":[]}", "({{^l}}none{{/l}})", "(none)", NULL},
    {"inverted section of nothing", "{}", "({{^no}}none{{/no}})", "(none)", NULL},
    {"inverted section of a broken chain", "{\"a\":{}}", "({{^a.b.c}}none{{/a.b.c}})", "(none)",
     NULL},
    {"inverted section alone takes its lines", "{\"b\":false}", "a\n {{^b}}\n|\n {{/b}}\nz",
     "a\n|\nz", NULL},

    {"partial", "{\"t\":\"x\"}", "({{>part}})", "(*x*)", "*{{t}}*"},
    {"missing partial prints nothing", "{}", "({{>other}})", "()", NULL},
    {"partial that includes itself", "{\"c\":\"X\",\"n\":[{\"c\":\"Y\",\"n\":[]}]}", "{{>part}}",
     "X<Y<>>", "{{c}}<{{#n}}{{>part}}{{/n}}>"},
    {"partial in a line keeps it", "{\"d\":\"|\"}", "  {{d}}  {{> part}}\n", "  |  >\n>\n", ">\n>"},
    {"partial alone is indented", "{\"c\":\"<\\n->\"}", "\\\n {{>part}}\n/\n",
     "\\\n |\n <\n->\n |\n/\n", "|\n{{{c}}}\n|\n"},
    {"partial alone on the first line", "{}", "  {{>part}}\n>", "  >\n  >>", ">\n>"},
    {"partial alone on the last line", "{}", ">\n  {{>part}}", ">\n  >\n  >", ">\n>"},
    {"partial alone with CR LF", "{}", "|\r\n{{>part}}\r\n|", "|\r\n>|", ">"},
};

static void the_public_specification_holds(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof spec_cases / sizeof *spec_cases; i++) {
        const struct spec_case *c = &spec_cases[i];
        char *text = NULL;
        struct err err = {0};
        enum rc rc = run(c->template, c->data,
                         (struct mustache_options){.escape = escape_html,
                                                   .allow_raw = true,
                                                   .lenient = true,
                                                   .partial_ctx = (void *)(uintptr_t)c->partial},
                         &text, &err);
        if (rc != RC_OK || strcmp(text, c->expected) != 0)
            fail_msg("%s: \"%s\", expected \"%s\" (%s)", c->rule, text ? text : "-", c->expected,
                     err.message);
        free(text);
    }
}

static const struct {
    const char *template, *error;
} broken[] = {
    {"Dear {{clent.name}}",
     "t.md:1:6: unknown variable \"clent.name\": did you mean \"client.name\"?"},
    {"\n\nой {{#departs_tody}}x{{/departs_tody}}",
     "t.md:3:4: unknown section \"departs_tody\": did you mean \"departs_today\"?"},
    {"{{^nothing.like.it}}{{/nothing.like.it}}", "t.md:1:1: unknown section \"nothing.like.it\""},
    {"{{client.name.first}}", "t.md:1:1: unknown variable \"client.name.first\""},
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
    {"{{client name}}", "t.md:1:1: a name cannot have a space in it: \"client name\""},
    {"{{#client}}", "t.md:1:1: section \"client\" is never closed"},
    {"{{/client}}", "t.md:1:1: section \"client\" is closed but never opened"},
    {"{{#client}}{{/trip}}",
     "t.md:1:12: section \"trip\" is closed while \"client\" is still open"},
    {"{{=a=}}", "t.md:1:1: delimiters are set like {{=<% %>=}}: two, of at most 8 characters"},
    {"{{=<<<<<<<<< >=}}",
     "t.md:1:1: delimiters are set like {{=<% %>=}}: two, of at most 8 characters"},
    {"x {{>other}}", "t.md:1:3: cannot include \"other\": there is no such part"},
    {"x {{>part}}", "part.md:2:2: unknown variable \"oops\""},
};

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
    assert_string_equal(err.message, "t.md:1:18: unknown variable \"nam\"");
    assert_int_equal(check("{{^departs_today}}{{trip.x}}{{/departs_today}}", &err), RC_INVALID);
    assert_string_equal(err.message, "t.md:1:19: unknown variable \"trip.x\"");
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
     "t.md:2:12: unknown variable \"nam\"\n"
     "t.md:2:30: cannot include \"other\": there is no such part\n"},
    /* what is inside an unknown section may be known to it; what is wrong in any case is told */
    {"{{#cliet}}{{name}}{{flag}}{{#x}}{{y}}{{/x}}{{/cliet}}{{z}}",
     "t.md:1:1: unknown section \"cliet\": did you mean \"client\"?\n"
     "t.md:1:19: \"flag\" is not a text; it can only be asked: {{#flag}}...{{/flag}}\n"
     "t.md:1:54: unknown variable \"z\"\n"},
    /* once for all members of a list, and for all places that include a part */
    {"{{#list}}{{a}}{{b}}{{/list}}", "t.md:1:15: unknown variable \"b\"\n"},
    {"{{>part}}{{>part}}{{>part}}", "part.md:1:3: unknown variable \"oops\"\n"},
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
    assert_string_equal(err.message, "t.md:7:10: unknown variable \"a\"");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_public_specification_holds),
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
