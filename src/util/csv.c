/* Tables as text. libcsv knows quotation marks and line breaks inside them; what it does not know is found out here: the
 * encoding, what stands between the cells, and on which line of the file something stands, so that a person finds it.
 * Serves the import of what clients answered to a survey. */
#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <csv.h>

#include <pps/csv.h>
#include <pps/str.h>
#include <pps/utf8.h>

/* ---- the encoding ---- */

static enum rc convert(const char *bytes, size_t len, const char *from, const char *name,
                       char **ret_text, size_t *ret_len, struct err *err)
{
    iconv_t cd = iconv_open("UTF-8", from);
    if (cd == (iconv_t)-1)
        return err_set(err, RC_IO, "%s: the system cannot read %s: save the file as UTF-8", name,
                       from);
    size_t room = len * 3 + 1, left = room - 1, in_left = len;
    char *text = xmalloc(room), *out = text;
    char *in = (char *)(uintptr_t)bytes;
    size_t done = iconv(cd, &in, &in_left, &out, &left);
    (void)iconv_close(cd);
    if (done == (size_t)-1) {
        free(text);
        return err_set(err, RC_INVALID, "%s: byte %zu is no letter of %s: save the file as UTF-8",
                       name, len - in_left + 1, from);
    }
    *out = '\0';
    *ret_text = text;
    *ret_len = (size_t)(out - text);
    return RC_OK;
}

static bool is_ascii(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)bytes[i] >= 0x80)
            return false;
    }
    return true;
}

static size_t line_of(const char *bytes, size_t at)
{
    size_t line = 1;
    for (size_t i = 0; i < at; i++)
        line += bytes[i] == '\n';
    return line;
}

static enum rc to_utf8(const char *bytes, size_t len, const char *name, struct csv_table *table,
                       char **ret_text, size_t *ret_len, struct err *err)
{
    if (len >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0)) {
        table->encoding = "UTF-16"; /* which of the two the mark says */
        return convert(bytes, len, "UTF-16", name, ret_text, ret_len, err);
    }
    if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        bytes += 3;
        len -= 3;
    }
    size_t valid = utf8_valid_until(bytes, len);
    if (valid == len) {
        table->encoding = "UTF-8";
        *ret_text = xstrndup(bytes, len);
        *ret_len = len;
        return RC_OK;
    }
    /* Two letters of Windows-1251 never look like one of UTF-8: where some were right, the rest is damage. */
    if (!is_ascii(bytes, valid))
        return err_set(err, RC_INVALID, "%s:%zu: a letter is damaged: save the file as UTF-8 again",
                       name, line_of(bytes, valid));
    table->encoding = "Windows-1251";
    return convert(bytes, len, "CP1251", name, ret_text, ret_len, err);
}

/* ---- the delimiter ---- */

/* Whatever stands most often between the headings. */
static char find_delimiter(const char *text, size_t len)
{
    static const char candidates[] = {';', ',', '\t'};
    size_t counts[sizeof candidates] = {0}, best = 0;
    bool quoted = false;
    for (size_t i = 0; i < len && (quoted || (text[i] != '\n' && text[i] != '\r')); i++) {
        if (text[i] == '"')
            quoted = !quoted;
        for (size_t c = 0; c < sizeof candidates && !quoted; c++)
            counts[c] += text[i] == candidates[c];
    }
    for (size_t c = 1; c < sizeof candidates; c++) {
        if (counts[c] > counts[best])
            best = c;
    }
    return candidates[best];
}

/* ---- cells and lines ---- */

struct reader {
    struct csv_table *table;
    struct csv_line row; /* being read */
    size_t cap, line;    /* where the reading is */
    bool filled;         /* the row has a cell that is not empty */
};

static void row_fini(struct csv_line *row)
{
    for (size_t i = 0; i < row->n; i++)
        free(row->v[i]);
    free(row->v);
    *row = (struct csv_line){0};
}

static void take_cell(void *bytes, size_t len, void *ctx)
{
    struct reader *r = ctx;
    vec_reserve(&r->row.v, r->row.n, &r->cap, sizeof *r->row.v);
    char *cell = str_trim(len > 0 ? xstrndup(bytes, len) : xstrdup(""));
    r->filled = r->filled || *cell != '\0';
    r->row.v[r->row.n++] = cell;
}

static void take_row(int end, void *ctx)
{
    struct reader *r = ctx;
    (void)end;
    if (r->filled) {
        struct csv_table *t = r->table;
        vec_reserve(&t->v, t->n, &t->cap, sizeof *t->v);
        t->v[t->n++] = r->row;
    } else {
        row_fini(&r->row);
    }
    r->row = (struct csv_line){0};
    r->cap = 0;
    r->filled = false;
}

/* libcsv does not say where it is, so it is given one character at a time. */
static enum rc read_rows(struct csv_parser *parser, const char *text, size_t len, const char *name,
                         struct reader *r, struct err *err)
{
    size_t begun = 1; /* the line on which the row begins */
    for (size_t i = 0; i < len; i++) {
        size_t before = r->table->n;
        if (csv_parse(parser, text + i, 1, take_cell, take_row, r) != 1)
            return err_set(err, RC_INVALID,
                           "%s:%zu: a quotation mark inside a cell: it must stand twice, and the "
                           "cell in quotation marks",
                           name, r->line);
        if (r->table->n > before)
            r->table->v[before].line = begun;
        r->line += text[i] == '\n';
        if (r->row.n == 0 && parser->pstate == 0) /* between two rows */
            begun = r->line;
    }
    size_t before = r->table->n;
    if (csv_fini(parser, take_cell, take_row, r) != 0)
        return err_set(err, RC_INVALID,
                       "%s:%zu: a quotation mark opens a cell and nothing closes it", name, begun);
    if (r->table->n > before)
        r->table->v[before].line = begun;
    return RC_OK;
}

static enum rc split(const char *text, size_t len, const char *name, struct csv_table *table,
                     struct err *err)
{
    struct csv_parser parser;
    struct reader reader = {.table = table, .line = 1};
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return err_set(err, RC_INTERNAL, "libcsv does not start");
    csv_set_realloc_func(&parser, xrealloc);
    table->delimiter = find_delimiter(text, len);
    csv_set_delim(&parser, (unsigned char)table->delimiter);
    enum rc rc = read_rows(&parser, text, len, name, &reader, err);
    csv_free(&parser);
    row_fini(&reader.row);
    return rc;
}

enum rc csv_table_read(const char *bytes, size_t len, const char *name, struct csv_table *ret,
                       struct err *err)
{
    struct csv_table table = {0};
    char *text = NULL;
    size_t text_len = 0;
    enum rc rc = to_utf8(bytes, len, name, &table, &text, &text_len, err);
    if (rc == RC_OK && memchr(text, '\0', text_len) != NULL)
        rc = err_set(err, RC_INVALID, "%s: this is no text: export the answers as CSV", name);
    if (rc == RC_OK)
        rc = split(text, text_len, name, &table, err);
    free(text);
    if (rc == RC_OK)
        *ret = table;
    else
        csv_table_fini(&table);
    return rc;
}

void csv_table_fini(struct csv_table *table)
{
    for (size_t i = 0; i < table->n; i++)
        row_fini(&table->v[i]);
    free(table->v);
    *table = (struct csv_table){0};
}

const char *csv_cell(const struct csv_line *line, size_t column)
{
    return column < line->n ? line->v[column] : "";
}
