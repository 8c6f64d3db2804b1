/* Tables as text: every encoding and delimiter, quotation marks and line breaks inside cells, the line of the file on which
 * something stands, and what is no table. */
#include "support.h"

#include <pps/csv.h>

/* The cells with '|' between them, the rows with '\n': "1:a|b\n3:c|d\n", each with the line on which it begins. */
static char *flat(const struct csv_table *t)
{
    struct sb sb = {0};
    for (size_t i = 0; i < t->n; i++) {
        sb_addf(&sb, "%zu:", t->v[i].line);
        for (size_t c = 0; c < t->v[i].n; c++)
            sb_addf(&sb, "%s%s", c ? "|" : "", t->v[i].v[c]);
        sb_addc(&sb, '\n');
    }
    return sb_take(&sb);
}

static void assert_table(const char *bytes, size_t len, const char *wanted, const char *encoding)
{
    struct csv_table t;
    struct err err;
    assert_ok(csv_table_read(bytes, len, "a.csv", &t, &err));
    char *got = flat(&t);
    assert_string_equal(got, wanted);
    assert_string_equal(t.encoding, encoding);
    free(got);
    csv_table_fini(&t);
    assert_null(t.v);
}

static void cells_and_lines(void **state)
{
    (void)state;
    static const struct {
        const char *text, *wanted;
    } cases[] = {
        {"", ""},
        {"\n\n \r\n", ""},
        {"a", "1:a\n"},
        {"a,b\n1,2\n", "1:a|b\n2:1|2\n"},
        {"a;b\r\n1;2\r\n", "1:a|b\n2:1|2\n"},
        {"a\tb\n1\t2", "1:a|b\n2:1|2\n"},
        {"a\rb\r", "1:a\n1:b\n"}, /* old Macs: one line of the file for us */
        {"a;b,c;d\n1,5;2;3\n", "1:a|b,c|d\n2:1,5|2|3\n"}, /* the more frequent one */
        {"\"a;a;a\",b,c\n1,2,3\n", "1:a;a;a|b|c\n2:1|2|3\n"},
        {" a , \"b\" \n\" 1 \",2\n", "1:a|b\n2:1|2\n"},
        {"a,b\n\"x\ny\",2\n3,4\n", "1:a|b\n2:x\ny|2\n4:3|4\n"},
        {"a,b\n\n\n\"x\r\n\r\ny\",\"\"\"z\"\"\"\n\n5,6", "1:a|b\n4:x\r\n\r\ny|\"z\"\n8:5|6\n"},
        {"a,b\n,\n,2\n", "1:a|b\n3:|2\n"}, /* nothing but commas is no row */
        {"a,b\n1\n1,2,3\n", "1:a|b\n2:1\n3:1|2|3\n"},
        {"a,b\n\"\",1", "1:a|b\n2:|1\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_table(cases[i].text, strlen(cases[i].text), cases[i].wanted, "UTF-8");
}

static void encodings(void **state)
{
    (void)state;
#define BYTES(s) (s), sizeof(s) - 1
    assert_table(BYTES("имя,ё\n№,«»\n"), "1:имя|ё\n2:№|«»\n", "UTF-8");
    assert_table(BYTES("\xEF\xBB\xBF"
                       "имя,ё"),
                 "1:имя|ё\n", "UTF-8");
    assert_table(BYTES("\xEF\xBB\xBF"), "", "UTF-8");
    assert_table(BYTES("\xE8\xEC\xFF;\xB8\r\n\xB9;\xAB\xBB\x97\r\n"), "1:имя|ё\n2:№|«»—\n",
                 "Windows-1251");
    assert_table(BYTES("a;b\n1;\xFF\n"), "1:a|b\n2:1|я\n", "Windows-1251");
    assert_table(BYTES("\xFF\xFE\x38\x04\x3B\0\x51\x04\n\0"), "1:и|ё\n", "UTF-16");
    assert_table(BYTES("\xFE\xFF\x04\x38\0;\x04\x51"), "1:и|ё\n", "UTF-16");
}

static void a_short_line_has_empty_cells(void **state)
{
    (void)state;
    struct csv_table t;
    struct err err;
    assert_ok(csv_table_read(BYTES("a,b\n1"), "a.csv", &t, &err));
    assert_string_equal(csv_cell(&t.v[1], 0), "1");
    assert_string_equal(csv_cell(&t.v[1], 1), "");
    assert_string_equal(csv_cell(&t.v[1], 99), "");
    assert_int_equal(t.delimiter, ',');
    csv_table_fini(&t);
}

static void what_is_no_table(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        const char *line;
    } cases[] = {
        {BYTES("a,b\n\"1,2\n3,4\n"),
         "a.csv:2: a quotation mark opens a cell and nothing closes it"},
        {BYTES("a,b\n\n1\"1,2\n"),
         "a.csv:3: a quotation mark inside a cell: it must stand twice, and the cell in "
         "quotation marks"},
        {BYTES("a,b\n\"1\"1,2\n"),
         "a.csv:2: a quotation mark inside a cell: it must stand twice, and the cell in "
         "quotation marks"},
        {BYTES("a\0b"), "a.csv: this is no text: export the answers as CSV"},
        {BYTES("имя\nи\xD0,1\n"), "a.csv:2: a letter is damaged: save the file as UTF-8 again"},
        {BYTES("a\n\x98\n"), "a.csv: byte 3 is no letter of CP1251: save the file as UTF-8"},
        {BYTES("\xFF\xFE\x00\xDC"), "a.csv: byte 3 is no letter of UTF-16: save the file as UTF-8"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct csv_table t = {0};
        struct err err;
        assert_fails(csv_table_read(cases[i].bytes, cases[i].len, "a.csv", &t, &err), RC_INVALID,
                     cases[i].line);
        assert_null(t.v);
    }
}

/* Random bytes of those that matter are read or refused, and leave nothing behind. */
static void anything_is_survived(void **state)
{
    (void)state;
    static const char letters[] = "a\"\"\n\r;,\t \xD0\x9F\xFF\xFE";
    uint32_t seed = 1;
    for (int n = 0; n < 4000; n++) {
        char bytes[24];
        size_t len = 0;
        for (int i = 0; i < 24; i++) {
            seed = seed * 1664525 + 1013904223;
            if ((seed >> 28) == 0)
                break;
            bytes[len++] = letters[(seed >> 16) % (sizeof letters - 1)];
        }
        struct csv_table t = {0};
        struct err err = {0};
        enum rc rc = csv_table_read(bytes, len, "a.csv", &t, &err);
        assert_true(rc == RC_OK || rc == RC_INVALID);
        assert_true((rc == RC_OK) == (err.message[0] == '\0'));
        csv_table_fini(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_and_lines),
        cmocka_unit_test(encodings),
        cmocka_unit_test(a_short_line_has_empty_cells),
        cmocka_unit_test(what_is_no_table),
        cmocka_unit_test(anything_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
