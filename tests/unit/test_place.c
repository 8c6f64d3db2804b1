/* Where values stand in a template, and what becomes of them there: one row a rule. The hostile ones
 * must not leave their place. At the end the same through whole letters. */
#include "message_fixture.h"

#include "../../src/message/letter.h"
#include "../../src/message/mustache.h"

/* In the expected texts of Markdown a backslash stands before each punctuation character of a value. */
static const struct {
    enum place_language language;
    const char *template, *value, *expected;
} rows[] = {
    /* Markdown: words */
    {PLACE_MARKDOWN, "Dear {{v}}!", "*Bob* <b>", "Dear \\*Bob\\* \\<b\\>!"},
    {PLACE_MARKDOWN, "[{{v}}](https://a.example)", "](x", "[\\]\\(x](https://a.example)"},
    {PLACE_MARKDOWN, "[a](https://a.example \"{{v}}\")", "\")",
     "[a](https://a.example \"\\\"\\)\")"},
    {PLACE_MARKDOWN, "[a](https://a.example) {{v}}", "a b", "[a](https://a.example) a b"},
    {PLACE_MARKDOWN, "a \\](b {{v}}", "c d", "a \\](b c d"},
    /* a whole address: it stays one, in one piece */
    {PLACE_MARKDOWN, "[a]({{v}})", "https://b.example/?c=1&d=2",
     "[a](https\\:\\/\\/b\\.example\\/\\?c\\=1\\&d\\=2)"},
    {PLACE_MARKDOWN, "[a]({{v}})", "b) [c](d <e>", "[a](b\\)\\%20\\[c\\]\\(d\\%20\\%3Ce\\%3E)"},
    {PLACE_MARKDOWN, "[a](<{{v}}>)", "b> c", "[a](<b\\%3E\\%20c>)"},
    {PLACE_MARKDOWN, "![a]( {{v}} )", "b c", "![a]( b\\%20c )"},
    {PLACE_MARKDOWN, "[a]: {{v}}\n", "b c", "[a]: b\\%20c\n"},
    {PLACE_MARKDOWN, "[a](https://{{v}})", "b.example/c d", "[a](https://b\\.example\\/c\\%20d)"},
    {PLACE_MARKDOWN, "[a](https://{{v}})", "http://b.example", "[a](https://b\\.example)"},
    {PLACE_MARKDOWN, "[a](https://{{v}}/c)", "b.example", "[a](https://b\\.example/c)"},
    {PLACE_MARKDOWN, "[a]({{#w}}{{v}}{{/w}}{{^w}}{{v}}{{/w}})", "b:c", "[a](b\\:c)"},
    {PLACE_MARKDOWN, "[a]({{^w}}{{v}}{{/w}}{{#w}}{{v}}{{/w}})", "b:c", "[a](b\\:c)"},
    /* a part of one */
    {PLACE_MARKDOWN, "[a](https://b.example/?c={{v}})", "d&e=f g",
     "[a](https://b.example/?c=d%26e%3Df%20g)"},
    {PLACE_MARKDOWN, "[a](https://b.example/?c={{v}})", "Ия",
     "[a](https://b.example/?c=%D0%98%D1%8F)"},
    {PLACE_MARKDOWN, "[a](https://b.example/{{v}})", ") [x](javascript:y",
     "[a](https://b.example/%29%20%5Bx%5D%28javascript%3Ay)"},
    {PLACE_MARKDOWN, "[a](<https://b.example/?c={{v}}>)", "d>e\n",
     "[a](<https://b.example/?c=d%3Ee%0A>)"},
    {PLACE_MARKDOWN, "[a](https://b.example/(c{{v}}) {{v}}", "d e",
     "[a](https://b.example/(cd%20e) d e"},
    {PLACE_MARKDOWN, "[a](https://{{v}}.example/)", "evil.example/",
     "[a](https://evil.example%2F.example/)"},
    {PLACE_MARKDOWN, "[a](https://www.{{v}}/)", "b.example", "[a](https://www.b.example/)"},
    {PLACE_MARKDOWN, "[a](b.example/?c={{v}}&d={{v}})", "e&", "[a](b.example/?c=e%26&d=e%26)"},
    {PLACE_MARKDOWN, "[a]({{v}}?c={{v}})", "d&e", "[a](d\\&e?c=d%26e)"},
    {PLACE_MARKDOWN, "[a](https://b.example/{{#w}}?c={{v}}{{/w}})", "&",
     "[a](https://b.example/?c=%26)"},
    {PLACE_MARKDOWN, "[a](https://b.example/?c={{>part}})", "d&e",
     "[a](https://b.example/?c=d%26e)"},
    {PLACE_MARKDOWN, "<https://b.example/?c={{v}}>", "d> e", "<https://b.example/?c=d%3E%20e>"},
    {PLACE_MARKDOWN, "5 <{{v}}", "d.e", "5 <d\\.e"},
    {PLACE_MARKDOWN, "see https://b.example/?c={{v}}, {{v}}", "d e",
     "see https://b.example/?c=d%20e, d e"},
    /* telephones and mailboxes */
    {PLACE_MARKDOWN, "[a](<tel:{{v}}>)", "+7 (903) 123-45-67", "[a](<tel:+79031234567>)"},
    {PLACE_MARKDOWN, "[a](TEL:{{v}})", "+7 903;ext=1)", "[a](TEL:+79031)"},
    {PLACE_MARKDOWN, "[a](mailto:{{v}})", "anna+b@c.example?bcc=d@e",
     "[a](mailto:anna+b@c.example%3Fbcc%3Dd@e)"},
    {PLACE_MARKDOWN, "[a](mailto:b@c.example?subject={{v}})", "a&bcc=d@e",
     "[a](mailto:b@c.example?subject=a%26bcc%3Dd%40e)"},
    /* plain text */
    {PLACE_PLAIN, "{{v}} [a]({{v}})", "b c*", "b c* [a](b c*)"},
    {PLACE_PLAIN, "https://b.example/?c={{v}} {{v}}", "d e", "https://b.example/?c=d%20e d e"},
    {PLACE_PLAIN, "HTTPS://{{v}}", "b.example/c", "HTTPS://b.example/c"},
    {PLACE_PLAIN, "<https://b.example/>{{v}}", "d e", "<https://b.example/>d e"},
    /* HTML */
    {PLACE_HTML, "<p>{{v}}</p>", "<b>&\"'", "<p>&lt;b&gt;&amp;&quot;&#39;</p>"},
    {PLACE_HTML, "<p title='{{v}}'>", "'>", "<p title='&#39;&gt;'>"},
    {PLACE_HTML, "1 < 2 {{v}}", "a", "1 < 2 a"},
    {PLACE_HTML, "<a href=\"{{v}}\">{{v}}", "https://b.example/\" x=\"",
     "<a href=\"https://b.example/%22%20x=%22\">https://b.example/&quot; x=&quot;"},
    {PLACE_HTML, "<a href=\"{{v}}\">", "b.example/c d", "<a href=\"https://b.example/c%20d\">"},
    {PLACE_HTML, "<a href = '{{v}}'>", "mailto:b@c.example", "<a href = 'mailto:b@c.example'>"},
    {PLACE_HTML, "<a href=\"https://{{v}}\">", "https://b.example",
     "<a href=\"https://b.example\">"},
    {PLACE_HTML, "<a class=\"b\" HREF=\"https://b.example/?c=d&amp;e={{v}}\">", "f&g",
     "<a class=\"b\" HREF=\"https://b.example/?c=d&amp;e=f%26g\">"},
    {PLACE_HTML, "<img\n src=\"cid:{{v}}\">", "logo@b.example",
     "<img\n src=\"cid:logo@b.example\">"},
    {PLACE_HTML, "<a href=\"tel:{{v}}\">", "+7 (903) 1", "<a href=\"tel:+79031\">"},
    {PLACE_HTML, "<p style=\"color:{{v}}\">", "red;background:url(//e)",
     "<p style=\"color:redbackgroundurle\">"},
    {PLACE_HTML, "<style>a { color: {{v}} }</style>{{v}}", "#0b5cad</",
     "<style>a { color: #0b5cad }</style>#0b5cad&lt;/"},
    {PLACE_HTML, "<p{{#w}} title=\"{{v}}\"{{/w}}>{{v}}", "a=b", "<p title=\"a=b\">a=b"},
    {PLACE_HTML, "<!-- note --><br/>{{v}}", "a=b", "<!-- note --><br/>a=b"},
};

static enum rc part(void *ctx, const char *name, char **ret_name, char **ret_text, struct err *err)
{
    (void)ctx;
    (void)err;
    *ret_name = xstrdup(name);
    *ret_text = xstrdup("{{v}}");
    return RC_OK;
}

static enum rc fill(enum place_language language, const char *template, const char *value,
                    char **ret, struct err *err)
{
    static escape_fn *const escapes[] = {escape_none, escape_markdown, escape_html};
    struct value *data = value_object();
    value_set(data, "v", value_text(value));
    value_set(data, "w", value_flag(true));
    struct mustache *m = NULL;
    enum rc rc = mustache_parse(
        &(struct mustache_source){
            .name = "t", .text = template, .len = strlen(template), .language = language},
        &m, err);
    if (rc == RC_OK)
        rc = mustache_render(
            m, data, &(struct mustache_options){.escape = escapes[language], .partial = part}, ret,
            NULL, err);
    mustache_free(m);
    value_free(data);
    return rc;
}

static void each_place_has_its_escape(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = NULL;
        struct err err = {0};
        enum rc rc = fill(rows[i].language, rows[i].template, rows[i].value, &text, &err);
        if (rc != RC_OK || strcmp(text, rows[i].expected) != 0)
            fail_msg("%s: \"%s\", expected \"%s\" (%s)", rows[i].template, text ? text : "-",
                     rows[i].expected, err.message);
        free(text);
    }
}

static const struct {
    const char *template, *value, *error;
} refused[] = {
    {"<a href=\"{{v}}\">", "javascript:alert(1)",
     "t:1:10: \"v\": this link leads nowhere: it must begin with https://, mailto: or tel:"},
    {"<a href=\"{{v}}\">", " JaVa\nScript:x",
     "t:1:10: \"v\": this link leads nowhere: it must begin with https://, mailto: or tel:"},
    {"<a href=\"{{v}}\">", "data:text/html,x",
     "t:1:10: \"v\": this link leads nowhere: it must begin with https://, mailto: or tel:"},
    {"<a href={{v}}>", "x",
     "t:1:9: \"v\": put the attribute into quotes: a value may not stand in a tag without them"},
    {"<{{v}}>", "x",
     "t:1:2: \"v\": put the attribute into quotes: a value may not stand in a tag without them"},
    {"<a onclick=\"f('{{v}}')\">", "x", "t:1:16: \"v\": a value may not stand in a script"},
    {"<script>{{v}}</script>", "x", "t:1:9: \"v\": a value may not stand in a script"},
};

static void no_value_stands_where_nothing_makes_it_harmless(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        char *text = NULL;
        struct err err = {0};
        assert_int_equal(fill(PLACE_HTML, refused[i].template, refused[i].value, &text, &err),
                         RC_INVALID);
        assert_string_equal(err.message, refused[i].error);
    }
}

/* --- through letters -------------------------------------------------------------------------- */

static void expect_link(struct fixture *f, const char *link, const char *href)
{
    char *template = xasprintf("Subject: s\n\n[a](%s)\n", link);
    char *expected = xasprintf("<p><a href=\"%s\">a</a></p>", href);
    struct letter letter = {0};
    struct err err = {0};
    put(f, "letters/ru/hello.md", template);
    if (letter_write(&f->in, &letter, &err) != RC_OK)
        fail_msg("%s", err.message);
    if (strstr(letter.html, expected) == NULL)
        fail_msg("no %s in %s", expected, letter.html);
    letter_fini(&letter);
    free(expected);
    free(template);
}

static void links_of_a_letter_are_what_their_author_wrote(void **state)
{
    struct fixture *f = *state;
    f->client.name = "A & \"B\") <c> [d](javascript:e";
    expect_link(
        f, "https://x.example/?n={{client.name}}&s=1",
        "https://x.example/?n=A%20%26%20%22B%22%29%20%3Cc%3E%20%5Bd%5D%28javascript%3Ae&amp;s=1");
    expect_link(f, "<tel:{{agency.phone}}>", "tel:+74951234567");
    expect_link(f, "tel:{{agency.phone}}", "tel:+74951234567");
    expect_link(f, "{{agency.site}}", "https://more.example");
    expect_link(f, "https://{{agency.site}}/a", "https://more.example/a");
    expect_link(f, "mailto:{{manager.email}}", "mailto:anna@more.example");
    expect_link(f, "{{agency.survey_url}}&n={{client.salutation | гость}}",
                "https://more.example/s?a=1&amp;b=2&amp;n=%D0%9C%D0%B0%D1%80%D0%B8%D1%8F%20"
                "%D0%98%D0%B2%D0%B0%D0%BD%D0%BE%D0%B2%D0%BD%D0%B0");
}

static void a_link_that_data_would_make_a_script_stops_the_letter(void **state)
{
    struct fixture *f = *state;
    struct letter letter = {0};
    struct err err = {0};
    f->client.name = "javascript:alert(1)";
    put(f, "letters/ru/hello.md", "Subject: s\n\n[a]({{client.name}})\n");
    assert_int_equal(letter_write(&f->in, &letter, &err), RC_INVALID);
    assert_non_null(strstr(err.message, "leads nowhere"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_place_has_its_escape),
        cmocka_unit_test(no_value_stands_where_nothing_makes_it_harmless),
        cmocka_unit_test_setup_teardown(links_of_a_letter_are_what_their_author_wrote,
                                        fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_link_that_data_would_make_a_script_stops_the_letter,
                                        fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
