/* Letters: dates and data as words, Markdown in both parts of a letter, and what authors are told
 * when something is wrong. */
#include "message_fixture.h"

#include "../../src/message/escape.h"
#include "../../src/message/letter.h"
#include "../../src/message/markdown.h"
#include "../../src/message/typography.h"
#include "../../src/message/words.h"

/* --- words ------------------------------------------------------------------------------------ */

static void dates_are_words_of_the_language(void **state)
{
    (void)state;
    static const struct {
        const char *lang;
        int year, month, day;
        const char *expected;
    } cases[] = {
        {"ru", 2026, 12, 10, "10 декабря"},  {"en", 2026, 12, 10, "10 December"},
        {"bg", 2026, 12, 10, "10 декември"}, {"ru", 2027, 1, 3, "3 января 2027 года"},
        {"en", 2027, 5, 31, "31 May 2027"},  {"bg", 2025, 2, 28, "28 февруари 2025 година"},
        {"de", 2026, 12, 10, "2026-12-10"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = words_date(cases[i].lang, day_of(cases[i].year, cases[i].month, cases[i].day),
                                day_of(2026, 6, 1));
        assert_string_equal(text, cases[i].expected);
        free(text);
    }
    char *none = words_date("ru", CIVIL_NONE, day_of(2026, 6, 1));
    assert_string_equal(none, "");
    free(none);
}

static void data_is_one_clean_line(void **state)
{
    (void)state;
    static const struct {
        const char *data, *expected;
    } cases[] = {
        {NULL, ""},
        {"  Анна\t\n Петрова \r\n", "Анна Петрова"},
        {"a\r\nBcc: x@y", "a Bcc: x@y"},
        {"a\xE2\x80\xAE"
         "b",
         "ab"}, /* right-to-left override */
        {"a\xE2\x80\xA8"
         "b",
         "a b"}, /* line separator */
        {"a\x1B[31mb\x7F", "a [31mb"},
        {"a\xFF"
         "b",
         "a\xEF\xBF\xBD"
         "b"},
        {"и\xCC\x86 🏝 «ёлки»", "и\xCC\x86 🏝 «ёлки»"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *line = one_line(cases[i].data);
        assert_string_equal(line, cases[i].expected);
        free(line);
    }
}

static void a_header_line_cannot_pretend_to_be_encoded(void **state)
{
    (void)state;
    char *line = one_header_line("a =?utf-8?q?=0D=0ABcc:?= =\n? b");
    assert_string_equal(line, "a = ?utf-8?q?=0D=0ABcc:?= = ? b");
    free(line);
}

static void a_header_line_can_be_folded(void **state)
{
    (void)state;
    char word[126] = {0};
    memset(word, 'x', 125);
    char *line = one_header_line(word);
    assert_int_equal(strlen(line), 127);
    assert_true(line[60] == ' ' && line[121] == ' ');
    free(line);
}

/* --- letters ---------------------------------------------------------------------------------- */

static struct letter letter_of(struct fixture *f, const char *template)
{
    struct letter letter = {0};
    struct err err = {0};
    put(f, "letters/ru/hello.md", template);
    if (letter_write(&f->in, &letter, &err) != RC_OK)
        fail_msg("%s", err.message);
    return letter;
}

#define SIGNATURE                                                                                  \
    "С теплом,\nОльга Петрова, директор\nСинее море\n+7 903 555-44-33\nolga@more.example\n"          \
    "https://more.example\n"

static void a_letter_has_the_same_words_twice(void **state)
{
    struct fixture *f = *state;
    struct letter letter = letter_of(f, "{{! the first letter }}\n"
                                        "Subject: {{client.salutation}}, спасибо!\n"
                                        "Preheader: Всё готово\n"
                                        "\n"
                                        "# Здравствуйте, {{client.salutation}}!\n"
                                        "\n"
                                        "Вас ждёт **{{trip.destination}}**,\n"
                                        "вылет {{trip.departure}}.\n"
                                        "\n"
                                        "- паспорт\n"
                                        "- [анкета]({{agency.survey_url}})\n"
                                        "\n"
                                        "1. один\n"
                                        "2. два\n");
    assert_string_equal(letter.subject, "Мария Ивановна, спасибо!");
    assert_string_equal(letter.lang, "ru");
    assert_string_equal(letter.text, "Здравствуйте, Мария Ивановна!\n\n"
                                     "Вас ждёт Тенерифе, вылет 10 декабря.\n\n"
                                     "• паспорт\n"
                                     "• анкета: https://more.example/s?a=1&b=2\n\n"
                                     "1. один\n"
                                     "2. два\n\n" SIGNATURE);
    static const char *const in_html[] = {
        "<html lang=\"ru\" dir=\"ltr\">",
        "<title>Мария Ивановна, спасибо!</title>",
        "Всё готово</div>",
        "<h1>Здравствуйте, Мария Ивановна!</h1>",
        "<strong>Тенерифе</strong>,\nвылет 10\u00A0декабря.</p>",
        "<li><a href=\"https://more.example/s?a=1&amp;b=2\">анкета</a></li>",
        "С теплом,</div>",
        "<strong>Ольга Петрова</strong>",
        "<div>директор</div>",
        "<a href=\"tel:+79035554433\" ",
        "<a href=\"mailto:olga@more.example\" ",
    };
    for (size_t i = 0; i < sizeof in_html / sizeof *in_html; i++) {
        if (strstr(letter.html, in_html[i]) == NULL)
            fail_msg("\"%s\" is not in:\n%s", in_html[i], letter.html);
    }
    assert_null(strstr(letter.html, "the first letter"));
    letter_fini(&letter);
}

static void without_a_signer_the_agency_signs_once(void **state)
{
    struct fixture *f = *state;
    f->in.signer = NULL;
    struct letter letter = letter_of(f, "Subject: s\n\nТекст\n");
    assert_string_equal(letter.text, "Текст\n\nС теплом,\nСинее море\n+7 495 123-45-67\n"
                                     "office@more.example\nhttps://more.example\n");
    letter_fini(&letter);
}

static void a_letter_may_have_a_sign_off_of_its_own(void **state)
{
    struct fixture *f = *state;
    struct letter letter = letter_of(f, "Subject: s\nSign-off: С уважением{{#first_trip}} x{{/first_trip}},\n\nТекст\n");
    assert_non_null(strstr(letter.text, "Текст\n\nС уважением,\nОльга Петрова"));
    assert_non_null(strstr(letter.html, ">С уважением,</div>"));
    assert_null(strstr(letter.html, "С теплом"));
    letter_fini(&letter);
}

static void the_agency_may_change_the_layout(void **state)
{
    struct fixture *f = *state;
    f->config.agency.name = (char *)(uintptr_t) "Море & Ко";
    put(f, "layout/letter.txt", "{{{body}}}\n--\n{{agency.name}}\n");
    struct letter letter = letter_of(f, "Subject: s\n\nТекст & <3\n");
    assert_string_equal(letter.text, "Текст & <3\n--\nМоре & Ко\n");
    letter_fini(&letter);
}

static void data_cannot_become_markup(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {
        "*Bob* _Rob_ **Tob** `code`",
        "[click](javascript:alert(1))",
        "[a](http://x)",
        "![a](http://x/t.gif)",
        "<script>alert(1)</script>",
        "<b>x</b> &lt; &amp; &#39;",
        "# heading",
        "1. item",
        "- item",
        "> quote",
        "=====",
        "\\*",
        "{{agency.phone}}",
        "<http://evil.example>",
        "http://evil.example",
        "    code",
        "|a|b|",
        "~~x~~",
        "\"quoted\" 'single'",
        "[ref]: http://x",
        "a  \n---\nb",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        f->client.name = (char *)(uintptr_t)names[i];
        struct letter letter =
            letter_of(f, "Subject: s\n\n{{client.name}}\n\n**{{client.name}}**, x\n");
        char *raw = one_line(names[i]), *clean = typography(raw, "ru"); /* marks of data are set, too */
        free(raw);
        char *expected = xasprintf("%s\n\n%s, x\n\n" SIGNATURE, clean, clean);
        assert_string_equal(letter.text, expected);
        struct sb html = {0};
        sb_add(&html, "<p>");
        escape_html(&html, clean);
        sb_add(&html, "</p>\n<p><strong>");
        escape_html(&html, clean);
        sb_add(&html, "</strong>, x</p>\n");
        /* cmark leaves the single quote as it is. */
        char *body = strstr(letter.html, "<p>"), *at;
        while ((at = strstr(html.s, "&#39;")) != NULL) {
            *at = '\'';
            memmove(at + 1, at + 5, strlen(at + 5) + 1);
        }
        if (strncmp(body, html.s, strlen(html.s)) != 0)
            fail_msg("%s\n%s\n%s", names[i], html.s, body);
        sb_fini(&html);
        free(expected);
        free(clean);
        letter_fini(&letter);
    }
}

static const struct {
    const char *markdown, *text;
} texts[] = {
    {"one\ntwo\n\nthree  \nfour", "one two\n\nthree\nfour"},
    {"## Title\n\n*a* **b** `c`", "Title\n\na b c"},
    {"- a\n- b\n  - c\n    d\n- e", "• a\n• b\n  • c d\n• e"},
    {"- a\n\n- b\n\n  c", "• a\n\n• b\n\n  c"},
    {"9. a\n10. b\n    - c", "9. a\n10. b\n    • c"},
    {"> a\n>\n> - b", "> a\n\n> • b"},
    {"a\n\n---\n\nb", "a\n\n* * *\n\nb"},
    {"    code\n      more", "    code\n      more"},
    {"[words](https://x.example/)", "words: https://x.example/"},
    {"See [words](https://x.example/), please.", "See words (https://x.example/), please."},
    {"[x.example](https://x.example/) is it", "x.example is it"},
    {"[](https://x.example/)", "https://x.example/"},
    {"<https://x.example/a>", "https://x.example/a"},
    {"<a@x.example>", "a@x.example"},
    {"[write](mailto:a@x.example)", "write: a@x.example"},
    {"[+7 495 123-45-67](<tel:+7 495 123-45-67>)", "+7 495 123-45-67"},
    {"[call](<tel:+7 495 1>) us", "call (+74951) us"},
    {"[site](x.example/a)", "site: https://x.example/a"},
    {"![a picture](pictures/a.png)", "a picture"},
    {"&amp; &copy; \\*", "& © *"},
};

static void plain_text_reads_by_itself(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct markdown_parts parts = {0};
        struct err err = {0};
        if (markdown_render(texts[i].markdown, &parts, &err) != RC_OK)
            fail_msg("%s: %s", texts[i].markdown, err.message);
        assert_string_equal(parts.text, texts[i].text);
        markdown_parts_fini(&parts);
    }
}

static const struct {
    const char *lang, *markdown, *html, *text;
} typeset[] = {
    {"ru", "Отель \"**Ривьера**\" - в\nСочи",
     "<p>Отель «<strong>Ривьера</strong>»\u00A0— в\u00A0Сочи</p>\n", "Отель «Ривьера» — в Сочи"},
    {"ru", "слово\nслово", "<p>слово\nслово</p>\n", "слово слово"},
    {"ru", "в  \nдоме", "<p>в<br />\nдоме</p>\n", "в\nдоме"},
    {"ru", "# \"А\"\n\n- \"Б\"\n\n> \"В\"",
     "<h1>«А»</h1>\n<ul>\n<li>«Б»</li>\n</ul>\n<blockquote>\n<p>«В»</p>\n</blockquote>\n",
     "«А»\n\n• «Б»\n\n> «В»"},
    {"ru", "\"`\"x\" - y...`\" и `z`", "<p>«<code>&quot;x&quot; - y...</code>» и\u00A0<code>z</code></p>\n",
     "«\"x\" - y...» и z"},
    {"ru", "    \"x\" - y...", "<pre><code>&quot;x&quot; - y...\n</code></pre>\n", "    \"x\" - y..."},
    {"ru", "[\"a\"](https://x.example/?q=\"a...b\") и [x.example/a...b](https://x.example/a...b)",
     "<p><a href=\"https://x.example/?q=%22a...b%22\">«a»</a> и\u00A0<a "
     "href=\"https://x.example/a...b\">x.example/a...b</a></p>\n",
     "«a» (https://x.example/?q=\"a...b\") и x.example/a...b"},
    {"en", "It's \"*fine*\" - 10 nights...", "<p>It’s “<em>fine</em>”\u00A0– 10\u00A0nights…</p>\n",
     "It’s “fine” – 10 nights…"},
    {"ru", "\"\uFDD0\" и \"x\"", "<p>&quot;\uFDD0&quot; и &quot;x&quot;</p>\n", "\"\uFDD0\" и \"x\""},
    {"de", "\"x\" - y...", "<p>&quot;x&quot; - y...</p>\n", "\"x\" - y..."},
};

static void paragraphs_are_set_as_a_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof typeset / sizeof *typeset; i++) {
        struct markdown_parts parts = {0};
        size_t at;
        struct err err = {0};
        if (markdown_typeset(typeset[i].markdown, NULL, typeset[i].lang, &parts, &at, &err) != RC_OK)
            fail_msg("%s: %s", typeset[i].markdown, err.message);
        assert_string_equal(parts.html, typeset[i].html);
        assert_string_equal(parts.text, typeset[i].text);
        markdown_parts_fini(&parts);
    }
}

static void subjects_have_marks_and_ordinary_blanks(void **state)
{
    (void)state;
    struct fixture *f = *state;
    struct letter letter =
        letter_of(f, "Subject: \"Ривьера\" - с {{trip.departure}}...\n"
                     "Preheader: Отель \"Ривьера\" - на {{trip.nights}}\n\nx\n");
    assert_string_equal(letter.subject, "«Ривьера» — с 10 декабря…");
    assert_non_null(strstr(letter.html, "Отель «Ривьера» — на 24 ночи</div>"));
    letter_fini(&letter);
}

static void nested_quotes_are_bounded(void **state)
{
    (void)state;
    char *deep = xcalloc(1, 10002);
    memset(deep, '>', 10000);
    deep[10000] = 'x';
    struct markdown_parts parts = {0};
    struct err err = {0};
    assert_int_equal(markdown_render(deep, &parts, &err), RC_INVALID);
    assert_string_equal(err.message, "lists and quotes are nested more than 16 deep");
    free(deep);
}

static const struct {
    const char *template, *error; /* the end of the message */
} bad_letters[] = {
    {"Hello\n\nbody",
     "hello.md:1: a letter begins with lines like \"Subject: ...\" and an empty line"},
    {"\nbody", "hello.md:1: there is no line \"Subject: ...\" at the top"},
    {"", "hello.md:1: there is no line \"Subject: ...\" at the top"},
    {"Preheader: x\n\nbody", "hello.md:1: there is no line \"Subject: ...\" at the top"},
    {"Subject: x\nSubjct: y\n\nb",
     "hello.md:2: unknown header \"Subjct\": did you mean \"Subject\"?"},
    {"Subject: x\nBcc: y\n\nb",
     "hello.md:2: unknown header \"Bcc\"; there are Subject, Preheader, From, "
     "Attachments and Sign-off"},
    {"Subject: x\nSubject: y\n\nb", "hello.md:2: \"Subject\" is given twice"},
    {"Subject:\n\nb", "hello.md:1: the Subject is empty"},
    {"Subject: x\nSign-off:\n\nb", "hello.md:2: the Sign-off is empty"},
    {"Subject: {{#visit.date}}x{{/visit.date}}\n\nb", "hello.md:1: the Subject is empty"},
    {"Subject: x\n\n\n", "hello.md:3: the letter has no body"},
    {"Subject: x\n", "hello.md:2: the letter has no body"},
    {"Subject: x\n\n[a]: https://x.example\n", "hello.md:3: the letter has no body"},
    {"Subject: x\n\n\u00A0\n\n&nbsp;\n", "hello.md:3: the letter has no body"},
    {"Subject: hi {{clent.name}}\n\nb",
     "hello.md:1:13: unknown variable \"clent.name\": did you mean \"client.name\"?"},
    {"Subject: x\n\n{{agency.address}}", "hello.md:3:1: \"agency.address\" is empty here"},
    {"Subject: x\n\n{{{client.name}}}",
     "hello.md:3:1: write {{client.name}}: unescaped values are not allowed"},
    {"Subject: x\n\nhi <b>you</b>", "hello.md:3:4: HTML is not allowed: \"<b>\"; letters are Markdown, "
                                    "comments are {{! ... }}"},
    {"Subject: x\n\n<!-- note\n-->\n", "hello.md:3:1: HTML is not allowed: \"<!-- note\"; letters are "
                                       "Markdown, comments are {{! ... }}"},
    {"Subject: x\n\n[a](javascript:x)",
     "hello.md:3:5: the link \"javascript:x\" leads nowhere: it must "
     "begin with https://, mailto: or tel:"},
    {"Subject: x\n\n![a](https://x.example/a.png)",
     "hello.md:3:6: the picture \"https://x.example/a.png\" must be a file of the folder pictures, named "
     "in a-z, 0-9, - and _: ![words](pictures/beach.jpg)"},
    {"Subject: x\n\n![a](pictures/../a.png)",
     "hello.md:3:6: the picture \"pictures/../a.png\" must be a file of the folder pictures, named "
     "in a-z, 0-9, - and _: ![words](pictures/beach.jpg)"},
    {"Subject: x\n\n![a](pictures/a.png)", "/pictures/a.png: put it there"},
    {"Subject: x\n\n[a](tel: {{client.name}})",
     "hello.md:3:3: \"](\" would be seen by the reader: a link did not work; an address with spaces "
     "stands in <>: [text](<tel:...>)"},
    {"Subject: x\n\n\nда <{{agency.survey_url}}>",
     "hello.md:4:4: \"<http\" would be seen by the reader: write a link with a variable as "
     "[text]({{...}})"},
    {"Subject: x\n\n- a\n\n      {{client.name}}, {{agency.survey_url}}",
     "hello.md:5:7: a variable inside code (`...` or four leading spaces) shows backslashes"},
    {"Subject: x\n\n[a](#top)", "hello.md:3:5: the link \"#top\" leads nowhere: it must begin with "
                                "https://, mailto: or tel:"},
};

static void authors_are_told_what_and_where(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof bad_letters / sizeof *bad_letters; i++) {
        struct letter letter = {0};
        struct err err = {0};
        put(f, "letters/ru/hello.md", bad_letters[i].template);
        enum rc rc = letter_write(&f->in, &letter, &err);
        if (rc != RC_INVALID || !str_ends(err.message, bad_letters[i].error) ||
            !str_starts(err.message, f->dir))
            fail_msg("\"%s\", expected \"%s\"", err.message, bad_letters[i].error);
        assert_null(letter.text);
    }
}

int main(void)
{
#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_words_of_the_language),
        cmocka_unit_test(data_is_one_clean_line),
        cmocka_unit_test(a_header_line_cannot_pretend_to_be_encoded),
        cmocka_unit_test(a_header_line_can_be_folded),
        WITH_FIXTURE(a_letter_has_the_same_words_twice),
        WITH_FIXTURE(without_a_signer_the_agency_signs_once),
        WITH_FIXTURE(a_letter_may_have_a_sign_off_of_its_own),
        WITH_FIXTURE(the_agency_may_change_the_layout),
        WITH_FIXTURE(data_cannot_become_markup),
        cmocka_unit_test(plain_text_reads_by_itself),
        cmocka_unit_test(nested_quotes_are_bounded),
        cmocka_unit_test(paragraphs_are_set_as_a_whole),
        WITH_FIXTURE(subjects_have_marks_and_ordinary_blanks),
        WITH_FIXTURE(authors_are_told_what_and_where),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
