/* Strings, growing arrays, "did you mean", and the one line of an error. */
#include "support.h"

static void a_string_grows(void **state)
{
    (void)state;
    struct sb sb = {0};
    assert_string_equal(sb_str(&sb), "");
    sb_clear(&sb); /* fine when empty */
    sb_add(&sb, "");
    assert_non_null(sb.s);
    sb_add(&sb, "abc");
    sb_addc(&sb, 'd');
    sb_addn(&sb, "efgh", 2);
    sb_addf(&sb, "-%d-%s", 42, "я");
    assert_string_equal(sb_str(&sb), "abcdef-42-я");
    assert_int_equal(sb.len, strlen("abcdef-42-я"));
    sb_clear(&sb);
    assert_string_equal(sb_str(&sb), "");
    assert_int_equal(sb.len, 0);
    /* Across every size at which the memory grows. */
    for (int i = 0; i < 5000; i++) {
        sb_addc(&sb, (char)('a' + i % 26));
        assert_int_equal(sb.s[sb.len], '\0');
    }
    assert_int_equal(sb.len, 5000);
    for (int i = 0; i < 5000; i++)
        assert_int_equal(sb.s[i], 'a' + i % 26);
    sb_addn(&sb, "x\0y", 3);
    assert_int_equal(sb.len, 5003);
    assert_memory_equal(sb.s + 5000, "x\0y", 4);
    char *taken = sb_take(&sb);
    assert_int_equal(strlen(taken), 5001);
    free(taken);
    assert_null(sb.s);
    taken = sb_take(&sb);
    assert_string_equal(taken, "");
    free(taken);
    sb_addf(&sb, "%*d", 3000, 7);
    assert_int_equal(sb.len, 3000);
    sb_fini(&sb);
    sb_fini(&sb);
    assert_null(sb.s);
}

static void copies(void **state)
{
    (void)state;
    assert_null(xstrdup(NULL));
    char *s = xstrdup("");
    assert_string_equal(s, "");
    free(s);
    s = xstrndup("привет", 4);
    assert_string_equal(s, "пр");
    free(s);
    s = xasprintf("%s/%05.1f", "a", 3.14);
    assert_string_equal(s, "a/003.1");
    free(s);
    /* Nothing is never NULL. */
    void *p[] = {xmalloc(0), xcalloc(0, 8), xcalloc(8, 0), xrealloc(NULL, 0)};
    for (size_t i = 0; i < COUNT(p); i++) {
        assert_non_null(p[i]);
        free(p[i]);
    }
    int *zeros = xcalloc(100, sizeof *zeros);
    for (int i = 0; i < 100; i++)
        assert_int_equal(zeros[i], 0);
    free(zeros);
}

static void an_array_grows(void **state)
{
    (void)state;
    struct wide {
        int64_t n;
        char text[40];
    } *v = NULL;
    size_t cap = 0;
    for (size_t n = 0; n < 1000; n++) {
        vec_reserve(&v, n, &cap, sizeof *v);
        assert_true(cap > n);
        v[n].n = (int64_t)n;
    }
    assert_in_range(cap, 1000, 2048); /* it doubles */
    for (size_t n = 0; n < 1000; n++)
        assert_int_equal(v[n].n, n);
    vec_reserve(&v, 100000, &cap, sizeof *v);
    assert_true(cap > 100000);
    assert_int_equal(v[999].n, 999);
    free(v);
}

static void comparing(void **state)
{
    (void)state;
    assert_true(str_eq("a", "a"));
    assert_false(str_eq("a", "b"));
    assert_false(str_eq("a", "ab"));
    assert_true(str_eq(NULL, NULL));
    assert_false(str_eq(NULL, ""));
    assert_false(str_eq("", NULL));
    assert_true(str_empty(NULL) && str_empty(""));
    assert_false(str_empty(" "));
    assert_string_equal(str_or(NULL, "b"), "b");
    assert_string_equal(str_or("", "b"), "b");
    assert_string_equal(str_or("a", "b"), "a");
    assert_null(str_or("", NULL));
    assert_true(str_starts("preflight", "pre") && str_starts("a", "") && str_starts("", ""));
    assert_false(str_starts("pre", "preflight"));
    assert_true(str_ends("a.json", ".json") && str_ends("a", "") && str_ends("", ""));
    assert_false(str_ends("json", ".json"));
    assert_false(str_ends("a.jsonx", ".json"));
}

static void trimming(void **state)
{
    (void)state;
    static const struct {
        const char *text, *trimmed;
    } cases[] = {
        {"", ""},
        {"a", "a"},
        {"  a b\t", "a b"},
        {"\r\n\t ", ""},
        {" я ", "я"},
        {"a\n", "a"},
        {"\xC2\xA0"
         "a",
         "\xC2\xA0"
         "a"}, /* a no-break space is the text's own */
        {"\va\f", "\va\f"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *s = xstrdup(cases[i].text);
        assert_ptr_equal(str_trim(s), s);
        assert_string_equal(s, cases[i].trimmed);
        free(s);
    }
}

static void did_you_mean(void **state)
{
    (void)state;
    static const char *const commands[] = {"add-client", "add-trip", "show",  "find", "tick",
                                           "timeline",   "today",    "done",  "undo", "report",
                                           "skip",       "staff",    "script"};
    static const struct {
        const char *word, *near;
    } cases[] = {
        {"tick", "tick"},
        {"tcik", "tick"}, /* a swap is one slip */
        {"tik", "tick"},
        {"ticks", "tick"},
        {"repport", "report"},
        {"addclient", "add-client"},
        {"add_client", "add-client"},
        {"add-cleint", "add-client"},
        {"timelien", "timeline"},
        {"stfa", "staff"},
        {"dno", NULL}, /* three letters may differ by one */
        {"don", "done"},
        {"x", NULL},
        {"", NULL},
        {"xyz", NULL},
        {"calendar", NULL},
        {"add-something-else", NULL},
        {"тик", NULL},
        {"TICK", NULL},
        {"a word that is far longer than any command there could ever be", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *near = str_nearest(cases[i].word, commands, COUNT(commands));
        if (!str_eq(near, cases[i].near))
            fail_msg("%s: %s", cases[i].word, near ? near : "nothing");
    }
    assert_null(str_nearest("tick", NULL, 0));
    /* The first of two that are equally near. */
    static const char *const twins[] = {"ab", "ac"};
    assert_string_equal(str_nearest("a", twins, 2), "ab");
    /* Words of exactly the longest length that is compared. */
    static const char *const longest[] = {"0123456789012345678901234567890x"};
    assert_string_equal(str_nearest("01234567890123456789012345678901", longest, 1), longest[0]);
}

static void a_word_is_among_others_sign_for_sign(void **state)
{
    (void)state;
    static const char *const words[] = {"en", "ru"};
    assert_true(STR_AMONG("en", words) && STR_AMONG("ru", words));
    assert_false(STR_AMONG("r", words) || STR_AMONG("RU", words) || STR_AMONG("", words));
    assert_false(str_among("en", NULL, 0));
}

static void an_error_is_one_line(void **state)
{
    (void)state;
    struct err err = {"before"};
    assert_int_equal(err_set(&err, RC_NOTFOUND, "there is no trip T%d", 7), RC_NOTFOUND);
    assert_string_equal(err.message, "there is no trip T7");
    assert_int_equal(err_prefix(&err, RC_IO, "file %s", "x"), RC_IO);
    assert_string_equal(err.message, "file x: there is no trip T7");
    assert_int_equal(err_set(NULL, RC_BUSY, "nobody listens"), RC_BUSY);
    assert_int_equal(err_prefix(NULL, RC_BUSY, "nobody listens"), RC_BUSY);
}

/* A line that is too long is cut at a character and says so, whatever the length of the bytes. */
static void an_error_is_cut_at_a_character(void **state)
{
    (void)state;
    static const char *const letters[] = {"a", "я", "€", "😀"};
    for (size_t k = 0; k < COUNT(letters); k++) {
        for (size_t shift = 0; shift < 4; shift++) {
            struct sb sb = {0};
            for (size_t i = 0; i < shift; i++)
                sb_addc(&sb, '.');
            while (sb.len < 2 * ERR_MESSAGE_BYTES)
                sb_add(&sb, letters[k]);
            struct err err;
            memset(&err, 'X', sizeof err);
            (void)err_set(&err, RC_IO, "%s", sb_str(&sb));
            size_t n = strlen(err.message), letter = strlen(letters[k]);
            assert_in_range(n, ERR_MESSAGE_BYTES - 4 - 3, ERR_MESSAGE_BYTES - 1);
            assert_string_equal(err.message + n - 3, "…");
            assert_int_equal((n - 3 - shift) % letter, 0);
            assert_memory_equal(err.message, sb.s, n - 3);

            (void)err_prefix(&err, RC_IO, "%s", "place");
            n = strlen(err.message);
            assert_true(str_starts(err.message, "place: "));
            assert_string_equal(err.message + n - 3, "…");
            assert_in_range(n, ERR_MESSAGE_BYTES - 4 - 3, ERR_MESSAGE_BYTES - 1);
            sb_fini(&sb);
        }
    }
    /* The longest that fits is not cut. */
    char *exact = xasprintf("%0*d", ERR_MESSAGE_BYTES - 1, 0);
    struct err err;
    (void)err_set(&err, RC_IO, "%s", exact);
    assert_string_equal(err.message, exact);
    free(exact);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_string_grows),
        cmocka_unit_test(copies),
        cmocka_unit_test(an_array_grows),
        cmocka_unit_test(comparing),
        cmocka_unit_test(trimming),
        cmocka_unit_test(did_you_mean),
        cmocka_unit_test(a_word_is_among_others_sign_for_sign),
        cmocka_unit_test(an_error_is_one_line),
        cmocka_unit_test(an_error_is_cut_at_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
