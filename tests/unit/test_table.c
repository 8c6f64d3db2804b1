/* Tables for people: columns align whatever the alphabet, nothing in the data reaches the terminal
 * as a command, colours only when asked for. */
#include "support.h"

#include <pps/table.h>
#include <pps/utf8.h>

static char *printed(const struct table *t, bool colour)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    table_print(t, out, colour);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void assert_printed(const struct table *t, bool colour, const char *wanted)
{
    char *text = printed(t, colour);
    assert_string_equal(text, wanted);
    free(text);
}

static void columns_align(void **state)
{
    (void)state;
    static const char *const titles[] = {"id", "name", "phone"};
    struct table *t = table_new(titles, NULL, 3);
    assert_int_equal(table_rows(t), 0);
    table_row(t, STYLE_PLAIN);
    table_cellf(t, "C%d", 1);
    table_cell(t, "Ёжикова-Щукина");
    table_cell(t, "+7 903");
    table_row(t, STYLE_PLAIN);
    table_cell(t, "C1234");
    table_cell(t, "Li 李明");
    table_cell(t, "+86");
    table_row(t, STYLE_PLAIN);
    table_cell(t, "C3");
    table_cell(t, "Ан\xCC\x81на"); /* a combining accent takes no column */
    table_cell(t, "+1");
    assert_int_equal(table_rows(t), 3);
    assert_printed(t, false,
                   "id     name            phone\n"
                   "C1     Ёжикова-Щукина  +7 903\n"
                   "C1234  Li 李明         +86\n"
                   "C3     Ан\xCC\x81на            +1\n");
    table_free(t);
    table_free(NULL);
}

static void what_is_empty_takes_no_place(void **state)
{
    (void)state;
    static const char *const titles[] = {"a", "never", "b", "last"};
    struct table *t = table_new(titles, NULL, 4);
    table_row(t, STYLE_PLAIN);
    table_cell(t, "1");
    table_cell(t, NULL);
    table_cell(t, "2");
    table_cell(t, "");
    table_row(t, STYLE_PLAIN); /* a row may end early */
    table_cell(t, "3");
    table_row(t, STYLE_PLAIN);
    table_cell(t, "");
    table_cell(t, "");
    table_cell(t, "4");
    assert_printed(t, false,
                   "a  b\n"
                   "1  2\n"
                   "3\n"
                   "   4\n");
    table_free(t);
}

static void a_title_may_be_wider_than_its_cells(void **state)
{
    (void)state;
    static const char *const titles[] = {"предоплата", "x"};
    struct table *t = table_new(titles, NULL, 2);
    table_row(t, STYLE_PLAIN);
    table_cell(t, "1");
    table_cell(t, "2");
    assert_printed(t, false, "предоплата  x\n1           2\n");
    table_free(t);
}

static void long_cells_end_in_dots(void **state)
{
    (void)state;
    static const char *const titles[] = {"n", "x"};
    static const size_t widths[] = {5, 0};
    static const struct {
        const char *text, *cut;
    } cases[] = {
        {"12345", "12345"},
        {"123456", "1234…"},
        {"яблоко", "ябло…"},
        {"яблок", "яблок"},
        {"李明李明", "李明…"},
        {"a李明李", "a李…"}, /* half a wide character is not shown */
        {"", ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct table *t = table_new(titles, widths, 2);
        table_row(t, STYLE_PLAIN);
        table_cell(t, cases[i].text);
        table_cell(t, "any length that it needs");
        char *text = printed(t, false);
        char *wanted = xasprintf("\n%s", cases[i].cut);
        if (strstr(text, wanted) == NULL)
            fail_msg("%s: %s", cases[i].text, text);
        assert_non_null(strstr(text, "any length that it needs\n"));
        free(wanted);
        free(text);
        table_free(t);
    }
}

static void data_cannot_command_the_terminal(void **state)
{
    (void)state;
    static const char *const titles[] = {"na\033[2Jme", "b"};
    struct table *t = table_new(titles, NULL, 2);
    table_row(t, STYLE_PLAIN);
    table_cell(t, "\033[31mred\033[0m");
    table_cellf(t, "%s",
                "two\nlines\tand \xE2\x80\xAE"
                "back \xFF\xC2\x9B");
    char *text = printed(t, false);
    assert_null(strchr(text, '\033'));
    assert_null(strchr(text, '\t'));
    assert_null(strstr(text, "\xE2\x80\xAE"));
    assert_null(strstr(text, "\xC2\x9B"));
    assert_int_equal(utf8_valid_until(text, strlen(text)), strlen(text));
    int lines = 0;
    for (const char *p = text; *p != '\0'; p++)
        lines += *p == '\n';
    assert_int_equal(lines, 2);
    assert_non_null(strstr(text, "two lines and "));
    free(text);
    table_free(t);
}

static void colours_only_when_asked_for(void **state)
{
    (void)state;
    static const char *const titles[] = {"a", "b"};
    struct table *t = table_new(titles, NULL, 2);
    static const enum style styles[] = {STYLE_PLAIN,  STYLE_BOLD, STYLE_DIM,
                                        STYLE_YELLOW, STYLE_RED,  STYLE_GREEN};
    for (size_t i = 0; i < COUNT(styles); i++) {
        table_row(t, styles[i]);
        table_cellf(t, "%zu", i);
        table_cell(t, "x");
    }
    assert_printed(t, false, "a  b\n0  x\n1  x\n2  x\n3  x\n4  x\n5  x\n");
    assert_printed(t, true,
                   "\033[1ma  b\033[0m\n"
                   "0  x\n"
                   "\033[1m1  x\033[0m\n"
                   "\033[2m2  x\033[0m\n"
                   "\033[33m3  x\033[0m\n"
                   "\033[31m4  x\033[0m\n"
                   "\033[32m5  x\033[0m\n");
    table_free(t);
    assert_string_equal(style_begin(STYLE_RED, false), "");
    assert_string_equal(style_end(STYLE_RED, false), "");
    assert_string_equal(style_begin(STYLE_PLAIN, true), "");
    assert_string_equal(style_end(STYLE_PLAIN, true), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_align),
        cmocka_unit_test(what_is_empty_takes_no_place),
        cmocka_unit_test(a_title_may_be_wider_than_its_cells),
        cmocka_unit_test(long_cells_end_in_dots),
        cmocka_unit_test(data_cannot_command_the_terminal),
        cmocka_unit_test(colours_only_when_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
