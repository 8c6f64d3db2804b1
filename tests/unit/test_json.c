/* JSON in both directions: which texts are refused and where the error points, what typed members
 * accept, and what is written. A place is the line and column that an editor shows. */
#include "support.h"

#include <pps/json.h>

static struct json_doc *parsed(const char *text)
{
    struct json_doc *doc = NULL;
    struct err err;
    assert_ok(json_parse(text, strlen(text), "t.json", true, &doc, &err));
    assert_non_null(doc);
    return doc;
}

/* The mark ^ stands where the error must point; it is not part of the text. */
struct mistake {
    const char *text, *what;
};

#define NOT_JSON "this is not JSON: look for a missing comma, quote or bracket"
#define TOO_EARLY "the text ends too early: a bracket or a quote is not closed"

static void texts_that_are_not_json(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"^", TOO_EARLY},
        {"  \n\t\n ^", TOO_EARLY},
        {"// only a comment^", TOO_EARLY},
        {"{^", TOO_EARLY},
        {"{\n  \"a\": [1,\n^", TOO_EARLY},
        {"{\"a\":^", TOO_EARLY},
        {"[1 ^2]", NOT_JSON},
        {"[1,^]", NOT_JSON},
        {"[\"a\" ^\"b\"]", NOT_JSON},
        {"{\"a\"^}", NOT_JSON},
        {"{\"a\":^}", NOT_JSON},
        {"{\"a\": 1\n \n  ^\"b\": 2}", NOT_JSON},
        {"{\"город\": \"Уфа\" ^\"b\": 2}", NOT_JSON},
        {"{\"a\": ^tru}", NOT_JSON},
        {"{\"a\": ^True}", NOT_JSON},
        {"{\"a\": ^NaN}", NOT_JSON},
        {"{\"a\": ^-}", NOT_JSON},
        {"{\"a\": ^+1}", NOT_JSON},
        {"{\"a\": 0^x10}", NOT_JSON},
        {"{\"a\": ^'b'}", NOT_JSON},
        {"{} ^x", NOT_JSON},
        {"{}^}", NOT_JSON},
        {"[]\n^[]", NOT_JSON},
        {"^]", NOT_JSON},
        {"^/* no such comments */ {}", NOT_JSON},
        {"{\"a\": 1,^}", NOT_JSON},
        {"{\n  \"a\": 1,\n^}\n", NOT_JSON}, /* the comma after the last member */
        {"{^,}", NOT_JSON},
        {"{^1: 2}", NOT_JSON},
        {"{^/}", NOT_JSON},
        {"{\"a\": \"abc^", TOO_EARLY},
        {"[\"abc\\^", TOO_EARLY},
        {"{\"a\": ^\"abc,\n \"b\": \"c\"}\n", "this text has no quote at its end"},
        {"[0^1]", NOT_JSON},
        {"[^1.]", NOT_JSON},
        {"[^.5]", NOT_JSON},
        {"[^1e]", NOT_JSON},
        {"[^-a]", NOT_JSON},
        {"{^\x01\"a\": 1}", NOT_JSON},
        {"{^\f\"a\": 1}", NOT_JSON},
        {"{} ^/", NOT_JSON},
    };
    for (size_t i = 0; i < COUNT(mistakes); i++) {
        char *text = xstrdup(mistakes[i].text);
        char *line = place_of_mark(text, "t.json", mistakes[i].what);
        struct json_doc *doc = NULL;
        struct err err;
        assert_fails(json_parse(text, strlen(text), "t.json", true, &doc, &err), RC_INVALID, line);
        assert_null(doc);
        free(line);
        free(text);
    }
}

/* What JSON or its reader would let pass, and we do not. */
static void texts_that_are_dangerous(void **state)
{
    (void)state;
    static const struct mistake mistakes[] = {
        {"{\"a\": \"^\xFF\"}", "the text is not UTF-8 here"},
        {"{\"a\": \"я^\xC0\x80\"}", "the text is not UTF-8 here"},
        {"{\"a\": \"^\xED\xA0\x80\"}", "the text is not UTF-8 here"},
        {"{\"a\": \"^\xF4\x90\x80\x80\"}", "the text is not UTF-8 here"},
        {"// ^\xFF\n{}", "the text is not UTF-8 here"},
        {"{\"a\": \"x^\\u0000y\"}", "\\u0000 is not allowed"},
        {"{\"a\": \"\\\\^\\u0000\"}", "\\u0000 is not allowed"},
        {"{\"^\\u0000\": 1}", "\\u0000 is not allowed"},
        {"[\"ab^\\u00zzcd\"]", "this is no escape: write \\\\ for a backslash"},
        {"[\"^\\u12\"]", "this is no escape: write \\\\ for a backslash"},
        {"[\"C:^\\path\"]", "this is no escape: write \\\\ for a backslash"},
        {"[\"^\\ud83d\"]", "this is no escape: write \\\\ for a backslash"},
        {"[\"^\\ud83d\\u0041\"]", "this is no escape: write \\\\ for a backslash"},
        {"[\"^\\ude00\"]", "this is no escape: write \\\\ for a backslash"},
        {"[\"x^\x01y\"]", "a control character in a text"},
        {"{\"a\": 1,\n \"a\": ^2}", "\"a\" is given twice"},
        {"{\"a\": 1, \"b\": 2, \"a\": ^[3, {}]}", "\"a\" is given twice"},
        {"{\"a\": 1, \"\\u0061\": ^2}", "\"a\" is given twice"},
        {"[[], {\"a\": {\"я\": 1,\n  \"я\": ^2}}]", "\"я\" is given twice"},
        {"{\"\": 1, \"\": ^2}", "\"\" is given twice"},
    };
    for (size_t i = 0; i < COUNT(mistakes); i++) {
        char *text = xstrdup(mistakes[i].text);
        char *line = place_of_mark(text, "t.json", mistakes[i].what);
        struct json_doc *doc = NULL;
        struct err err;
        /* Bytes that are not UTF-8 are in comments too, so that columns can be counted. */
        assert_fails(json_parse(text, strlen(text), "t.json", false, &doc, &err), RC_INVALID, line);
        assert_null(doc);
        free(line);
        free(text);
    }
}

static void a_nul_byte_is_refused(void **state)
{
    (void)state;
    static const char text[] = "{\"a\":\0 1}";
    struct json_doc *doc = NULL;
    struct err err;
    assert_fails(json_parse(text, sizeof text - 1, "t.json", true, &doc, &err), RC_INVALID,
                 "t.json:1:6: a NUL byte");
    assert_null(doc);
}

static void thirty_two_levels_and_no_more(void **state)
{
    (void)state;
    for (int depth = 32; depth <= 33; depth++) {
        for (int objects = 0; objects < 2; objects++) {
            struct sb sb = {0};
            for (int i = 0; i < depth; i++)
                sb_add(&sb, objects ? "{\"[{\":" : "[");
            sb_add(&sb, "1");
            for (int i = 0; i < depth; i++)
                sb_add(&sb, objects ? "}" : "]");
            struct json_doc *doc = NULL;
            struct err err;
            if (depth == 32) {
                assert_ok(json_parse(sb.s, sb.len, "t.json", true, &doc, &err));
                /* The deepest value is found again. */
                const struct json *v = json_root(doc);
                while (json_type_of(v) != JSON_NUMBER)
                    v = json_first(v);
                char *line = xasprintf("t.json:1:%d: deep", objects ? 32 * 6 + 1 : 33);
                assert_fails(json_fail(doc, v, RC_INVALID, &err, "deep"), RC_INVALID, line);
                free(line);
            } else {
                char *line = xasprintf("t.json:1:%d: nested too deeply", objects ? 32 * 6 + 1 : 33);
                assert_fails(json_parse(sb.s, sb.len, "t.json", true, &doc, &err), RC_INVALID,
                             line);
                free(line);
            }
            json_doc_free(doc);
            sb_fini(&sb);
        }
    }
    /* Brackets that are closed again, or stand in strings, are not depth. */
    struct sb wide = {0};
    sb_add(&wide, "[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"");
    for (int i = 0; i < 1000; i++)
        sb_add(&wide, ", [{}]");
    sb_add(&wide, "]");
    json_doc_free(parsed(sb_str(&wide)));
    sb_fini(&wide);
}

/* The mark that Windows editors put first is no column. */
static void a_byte_order_mark_is_not_counted(void **state)
{
    (void)state;
    static const char text[] = "\xEF\xBB\xBF{\"a\": 1}";
    static const char *const known[] = {"b"};
    struct json_doc *doc = parsed(text);
    struct err err;
    assert_fails(json_check_keys(doc, json_root(doc), known, 1, &err), RC_INVALID,
                 "t.json:1:7: unknown key \"a\": did you mean \"b\"?");
    json_doc_free(doc);
    assert_fails(json_parse(text, 3, "t.json", true, &doc, &err), RC_INVALID,
                 "t.json:1:1: " TOO_EARLY);
}

/* Finds the value whose string is "here" and says where it stands. */
static const struct json *find_here(const struct json *v)
{
    for (; v != NULL; v = json_next(v)) {
        if (str_eq(json_string(v), "here"))
            return v;
        const struct json *deeper = json_first(v);
        deeper = deeper != NULL ? find_here(deeper) : NULL;
        if (deeper != NULL)
            return deeper;
    }
    return NULL;
}

static void values_are_found_where_they_stand(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "^\"here\"",
        "   ^\"here\" ",
        "[^\"here\"]",
        "{\"here\": ^\"here\"}",
        "[1, -2.5e3, true, false, null, \"\", [], {}, ^\"here\"]",
        "[[[[]], [1, [2, {\"a\": [3]}]]], {\"b\": {}}, ^\"here\"]",
        "{\"a\": {\"b\": [1, 2, {\"c\": ^\"here\"}]}, \"d\": 4}",
        "// a comment: \"here\", [, {\n[ // another \"here\n  ^\"here\"]",
        "{\"a\": \"// no comment\", // a comment\n\t\"b\":\t^\"here\"}",
        "{\"a\": \"\\\"// no comment\\\\\", \"b\": ^\"here\"}",
        "{\"имя\": \"Мария\", \"город\": ^\"here\"}",
        "// Привет\n{\"ключ\": 1, // ещё\n \"имя\": [\"я\", ^\"here\"]}",
        "[\"😀\", ^\"here\"]",
        "{\r\n \"a\": 1,\r\n \"b\": ^\"here\"}\r\n",
        "[\"\\u0041,\\\\\", \"]\", \"}\", \":\", ^\"here\"]",
        "\xEF\xBB\xBF{\n \"a\": ^\"here\"}",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        char *text = xstrdup(texts[i]);
        char *line = place_of_mark(text, "t.json", "found");
        struct json_doc *doc = parsed(text);
        const struct json *v = find_here(json_root(doc));
        assert_non_null(v);
        struct err err;
        assert_fails(json_fail(doc, v, RC_EXISTS, &err, "%s", "found"), RC_EXISTS, line);
        json_doc_free(doc);
        free(line);
        free(text);
    }
}

static void comments_are_only_where_they_are_allowed(void **state)
{
    (void)state;
    static const char text[] = "{\"a\": 1} // one";
    struct json_doc *doc = parsed(text);
    json_doc_free(doc);
    struct err err;
    assert_fails(json_parse(text, strlen(text), "t.json", false, &doc, &err), RC_INVALID,
                 "t.json:1:10: " NOT_JSON);
}

static void an_error_line_is_safe_to_show(void **state)
{
    (void)state;
    struct json_doc *doc = parsed("{\"a\\u001b[31m\": 1, \"b\": \"\\u202e\\n\"}");
    static const char *const known[] = {"c"};
    struct err err;
    assert_fails(json_check_keys(doc, json_root(doc), known, 1, &err), RC_INVALID,
                 "t.json:1:17: unknown key \"a\xEF\xBF\xBD[31m\"");
    int choice = 7;
    assert_fails(json_read_choice(doc, json_root(doc), "b", known, 1, &choice, &err), RC_INVALID,
                 "t.json:1:25: \"b\" is \"\xEF\xBF\xBD \", but must be c");
    assert_int_equal(choice, 7);
    json_doc_free(doc);
}

/* ---- reading ---- */

static void the_tree_is_what_the_text_says(void **state)
{
    (void)state;
    struct json_doc *doc = parsed("{\"s\": \"a\\n\\u044f\\ud83d\\ude00\", \"n\": -12, \"t\": true, "
                                  "\"f\": false, \"z\": null, \"l\": [1, \"2\"], \"o\": {\"A\": 1, "
                                  "\"a\": 2}, \"e\": []}");
    const struct json *root = json_root(doc);
    static const struct {
        const char *key;
        enum json_type type;
        const char *name;
    } wanted[] = {
        {"s", JSON_STRING, "a string"},    {"n", JSON_NUMBER, "a number"},
        {"t", JSON_BOOL, "true or false"}, {"f", JSON_BOOL, "true or false"},
        {"z", JSON_NULL, "null"},          {"l", JSON_ARRAY, "a list"},
        {"o", JSON_OBJECT, "an object"},   {"e", JSON_ARRAY, "a list"},
    };
    const struct json *v = json_first(root);
    for (size_t i = 0; i < COUNT(wanted); i++, v = json_next(v)) {
        assert_non_null(v);
        assert_string_equal(json_key(v), wanted[i].key);
        assert_ptr_equal(json_get(root, wanted[i].key), v);
        assert_int_equal(json_type_of(v), wanted[i].type);
        assert_string_equal(json_type_name(json_type_of(v)), wanted[i].name);
    }
    assert_null(v);
    assert_string_equal(json_string(json_get(root, "s")), "a\nя😀");
    assert_null(json_string(json_get(root, "n")));
    assert_null(json_string(NULL));
    assert_null(json_get(root, "S")); /* letter case matters */
    assert_null(json_first(json_get(root, "e")));

    bool b = false;
    assert_true(json_bool(json_get(root, "t"), &b) && b);
    assert_true(json_bool(json_get(root, "f"), &b) && !b);
    assert_false(json_bool(json_get(root, "z"), &b));
    assert_false(json_bool(json_get(root, "n"), &b));
    assert_false(json_bool(NULL, &b));
    int64_t n = 0;
    assert_true(json_int(json_get(json_get(root, "o"), "A"), &n) && n == 1);
    assert_true(json_int(json_get(json_get(root, "o"), "a"), &n) && n == 2);
    json_doc_free(doc);
    json_doc_free(NULL);
}

static void whole_numbers_only(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool whole;
        int64_t n;
    } cases[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"1", true, 1},
        {"-7", true, -7},
        {"1e3", true, 1000},
        {"1.0", true, 1},
        {"2147483648", true, 2147483648},
        {"9007199254740991", true, 9007199254740991},
        {"-9007199254740991", true, -9007199254740991},
        {"9007199254740993", false, 0}, /* would be read as ...992 */
        {"1.5", false, 0},
        {"1e-1", false, 0},
        {"1e16", false, 0},
        {"-1e300", false, 0},
        {"1e400", false, 0},
        {"-1e400", false, 0},
        {"123456789012345678901234567890", false, 0},
        {"\"1\"", false, 0},
        {"true", false, 0},
        {"null", false, 0},
        {"[1]", false, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct json_doc *doc = parsed(cases[i].text);
        int64_t n = 0;
        assert_int_equal(json_int(json_root(doc), &n), cases[i].whole);
        assert_int_equal(n, cases[i].n);
        json_doc_free(doc);
    }
    int64_t n = 0;
    assert_false(json_int(NULL, &n));
}

static void numbers_as_they_are_written(void **state)
{
    (void)state;
    struct json_doc *doc =
        parsed("{\"a\": 1.10, \"n\": {}, \"b\": [-0, {\"7\": 3E+2}, [], \"8, 9\", 12345678901234567890], "
               "\"c\": true}");
    const struct json *root = json_root(doc), *b = json_first(json_get(root, "b"));
    assert_null(json_written(json_get(root, "a")));
    json_keep_numbers(doc);
    json_keep_numbers(doc); /* once more does no harm */
    assert_string_equal(json_written(json_get(root, "a")), "1.10");
    assert_string_equal(json_written(b), "-0");
    b = json_next(b);
    assert_string_equal(json_written(json_get(b, "7")), "3E+2");
    b = json_next(json_next(b));
    assert_string_equal(json_string(b), "8, 9");
    assert_null(json_written(b));
    assert_string_equal(json_written(json_next(b)), "12345678901234567890");
    assert_null(json_written(json_get(root, "c")));
    assert_null(json_written(NULL));
    assert_null(json_string(json_get(root, "a")));
    json_doc_free(doc);
}

static void typed_members(void **state)
{
    (void)state;
    struct json_doc *doc = parsed("{\"s\": \"яблоко\", \"n\": 5, \"o\": {},\n \"c\": \"two\"}");
    const struct json *root = json_root(doc);
    static const char *const names[] = {"one", "two", "three"};
    struct err err;
    char *s = xstrdup("old");
    int n = 1, choice = 0;
    assert_ok(json_read_string(doc, root, "s", &s, &err));
    assert_string_equal(s, "яблоко");
    assert_ok(json_read_int(doc, root, "n", 5, 5, &n, &err));
    assert_int_equal(n, 5);
    assert_ok(json_read_choice(doc, root, "c", names, 3, &choice, &err));
    assert_int_equal(choice, 1);
    assert_ok(json_expect(doc, json_get(root, "o"), JSON_OBJECT, "o", &err));

    /* What is absent leaves the default alone. */
    assert_ok(json_read_string(doc, root, "x", &s, &err));
    assert_ok(json_read_int(doc, root, "x", 1, 2, &n, &err));
    assert_ok(json_read_choice(doc, root, "x", names, 3, &choice, &err));
    assert_string_equal(s, "яблоко");
    assert_int_equal(n, 5);
    assert_int_equal(choice, 1);

    assert_fails(json_read_string(doc, root, "n", &s, &err), RC_INVALID,
                 "t.json:1:22: \"n\" must be a string, not a number");
    assert_fails(json_read_int(doc, root, "n", 6, 9, &n, &err), RC_INVALID,
                 "t.json:1:22: \"n\" must be a whole number from 6 to 9");
    assert_fails(json_read_int(doc, root, "n", -9, 4, &n, &err), RC_INVALID,
                 "t.json:1:22: \"n\" must be a whole number from -9 to 4");
    assert_fails(json_read_int(doc, root, "s", 0, 9, &n, &err), RC_INVALID,
                 "t.json:1:7: \"s\" must be a whole number from 0 to 9");
    assert_fails(json_read_choice(doc, root, "s", names, 3, &choice, &err), RC_INVALID,
                 "t.json:1:7: \"s\" is \"яблоко\", but must be one, two or three");
    assert_fails(json_read_choice(doc, root, "o", names, 3, &choice, &err), RC_INVALID,
                 "t.json:1:30: \"o\" must be a string, not an object");
    assert_fails(json_expect(doc, root, JSON_ARRAY, "the list", &err), RC_INVALID,
                 "t.json:1:1: \"the list\" must be a list, not an object");
    assert_string_equal(s, "яблоко");
    assert_int_equal(n, 5);
    assert_int_equal(choice, 1);

    static const char *const known[] = {"s", "n", "o", "c"};
    assert_ok(json_check_keys(doc, root, known, 4, &err));
    assert_fails(json_check_keys(doc, root, known, 3, &err), RC_INVALID,
                 "t.json:2:7: unknown key \"c\": did you mean \"s\"?");
    free(s);
    json_doc_free(doc);
}

/* ---- writing ---- */

static void what_is_written(void **state)
{
    (void)state;
    struct json *root = json_new_object();
    json_add_string(root, "s", "Мария \"Маша\"\n\x1b[0m\\");
    json_add_string(root, "none", NULL);
    json_add_int(root, "n", 999999999999999);
    json_add_int(root, "m", -1);
    json_add_int(root, "at", 1796822400);
    json_add_bool(root, "yes", true);
    json_add_bool(root, "no", false);
    json_add_null(root, "z");
    struct json *list = json_add_array(root, "l");
    json_add_int(list, NULL, 1);
    json_add_string(list, NULL, "two");
    json_add_string(json_add_object(list, NULL), "k", "v");
    json_add_array(root, "e");
    json_add_object(root, "o");
    char *line = json_print(root, false);
    assert_string_equal(line, "{\"s\":\"Мария \\\"Маша\\\"\\n\\u001b[0m\\\\\",\"none\":null,"
                              "\"n\":999999999999999,\"m\":-1,\"at\":1796822400,\"yes\":true,"
                              "\"no\":false,\"z\":null,\"l\":[1,\"two\",{\"k\":\"v\"}],\"e\":[],"
                              "\"o\":{}}");
    /* What is written is read back as it was. */
    struct json_doc *doc = parsed(line);
    char *again = json_print(json_root(doc), false);
    assert_string_equal(again, line);
    char *pretty = json_print(root, true);
    struct json_doc *pretty_doc = parsed(pretty);
    free(again);
    again = json_print(json_root(pretty_doc), false);
    assert_string_equal(again, line);
    assert_non_null(strchr(pretty, '\n'));
    free(again);
    free(pretty);
    free(line);
    json_doc_free(doc);
    json_doc_free(pretty_doc);
    json_free(root);

    root = json_new_array();
    line = json_print(root, false);
    assert_string_equal(line, "[]");
    free(line);
    json_free(root);
    json_free(NULL);

    /* Whole numbers are written as they are, also those that a double would round. */
    root = json_new_array();
    json_add_int(root, NULL, 9007199254740993);
    json_add_int(root, NULL, INT64_MAX);
    json_add_int(root, NULL, INT64_MIN);
    line = json_print(root, false);
    assert_string_equal(line, "[9007199254740993,9223372036854775807,-9223372036854775808]");
    free(line);
    json_free(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_that_are_not_json),
        cmocka_unit_test(texts_that_are_dangerous),
        cmocka_unit_test(a_nul_byte_is_refused),
        cmocka_unit_test(thirty_two_levels_and_no_more),
        cmocka_unit_test(a_byte_order_mark_is_not_counted),
        cmocka_unit_test(values_are_found_where_they_stand),
        cmocka_unit_test(comments_are_only_where_they_are_allowed),
        cmocka_unit_test(an_error_line_is_safe_to_show),
        cmocka_unit_test(the_tree_is_what_the_text_says),
        cmocka_unit_test(whole_numbers_only),
        cmocka_unit_test(numbers_as_they_are_written),
        cmocka_unit_test(typed_members),
        cmocka_unit_test(what_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
