/* Tables for people. Widths are counted in terminal columns, not bytes, so Cyrillic names align;
 * trailing blanks are not printed. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/table.h>
#include <pps/utf8.h>

struct row {
    enum style style;
    char **cells;
    size_t n;
};

struct table {
    size_t n_columns;
    char **titles;
    size_t *max_width;
    struct row *rows;
    size_t n, cap;
};

static const char *const sequences[] = {
    [STYLE_PLAIN] = "",          [STYLE_BOLD] = "\033[1m", [STYLE_DIM] = "\033[2m",
    [STYLE_YELLOW] = "\033[33m", [STYLE_RED] = "\033[31m", [STYLE_GREEN] = "\033[32m",
};

const char *style_begin(enum style style, bool colour)
{
    return colour ? sequences[style] : "";
}

const char *style_end(enum style style, bool colour)
{
    return colour && style != STYLE_PLAIN ? "\033[0m" : "";
}

struct table *table_new(const char *const *titles, const size_t *max_width, size_t n)
{
    struct table *t = xcalloc(1, sizeof *t);
    t->n_columns = n;
    t->titles = xcalloc(n, sizeof *t->titles);
    t->max_width = xcalloc(n, sizeof *t->max_width);
    for (size_t i = 0; i < n; i++) {
        t->titles[i] = utf8_printable(titles[i], true);
        t->max_width[i] = max_width ? max_width[i] : 0;
    }
    return t;
}

void table_free(struct table *t)
{
    if (t == NULL)
        return;
    for (size_t r = 0; r < t->n; r++) {
        for (size_t i = 0; i < t->rows[r].n; i++)
            free(t->rows[r].cells[i]);
        free(t->rows[r].cells);
    }
    for (size_t i = 0; i < t->n_columns; i++)
        free(t->titles[i]);
    free(t->titles);
    free(t->max_width);
    free(t->rows);
    free(t);
}

void table_row(struct table *t, enum style style)
{
    vec_reserve(&t->rows, t->n, &t->cap, sizeof *t->rows);
    t->rows[t->n++] = (struct row){.style = style, .cells = xcalloc(t->n_columns, sizeof(char *))};
}

void table_cell(struct table *t, const char *text)
{
    struct row *row = &t->rows[t->n - 1];
    if (row->n == t->n_columns)
        abort(); /* a bug of the caller, caught by every test that prints the table */
    char *safe = utf8_printable(str_or(text, ""), true);
    size_t max = t->max_width[row->n];
    if (max > 0 && utf8_width(safe) > max) {
        safe[utf8_prefix_bytes(safe, max - 1)] = '\0';
        char *cut = xasprintf("%s…", safe);
        free(safe);
        safe = cut;
    }
    row->cells[row->n++] = safe;
}

void table_cellf(struct table *t, const char *fmt, ...)
{
    struct sb sb = {0};
    va_list ap;
    va_start(ap, fmt);
    sb_vaddf(&sb, fmt, ap);
    va_end(ap);
    table_cell(t, sb_str(&sb));
    sb_fini(&sb);
}

size_t table_rows(const struct table *t)
{
    return t->n;
}

/* Prints one line; widths[i] == 0 leaves a column out. */
static void print_line(FILE *out, char *const *cells, size_t n, const size_t *widths, size_t last)
{
    for (size_t i = 0; i < n && i <= last; i++) {
        const char *cell = str_or(cells[i], "");
        if (widths[i] == 0)
            continue;
        fputs(cell, out);
        for (size_t w = utf8_width(cell); i < last && w < widths[i] + 2; w++)
            fputc(' ', out);
    }
}

/* The width of each column; 0 for one that is empty in every row. Returns the last that is not. */
static size_t measure(const struct table *t, size_t *widths)
{
    size_t last = 0;
    for (size_t i = 0; i < t->n_columns; i++) {
        for (size_t r = 0; r < t->n; r++) {
            size_t w = i < t->rows[r].n ? utf8_width(t->rows[r].cells[i]) : 0;
            if (w > widths[i])
                widths[i] = w;
        }
        size_t title = utf8_width(t->titles[i]);
        if (widths[i] > 0 && widths[i] < title)
            widths[i] = title;
        if (widths[i] > 0)
            last = i;
    }
    return last;
}

size_t table_width(const struct table *t)
{
    size_t *widths = xcalloc(t->n_columns, sizeof *widths);
    size_t last = measure(t, widths), sum = 0;
    for (size_t i = 0; i < t->n_columns; i++)
        sum += widths[i] == 0 ? 0 : widths[i] + (i < last ? 2 : 0);
    free(widths);
    return sum;
}

void table_print(const struct table *t, FILE *out, bool colour)
{
    size_t *widths = xcalloc(t->n_columns, sizeof *widths);
    size_t last = measure(t, widths);
    size_t last_title = last;
    while (last_title > 0 && (widths[last_title] == 0 || *t->titles[last_title] == '\0'))
        last_title--;
    fputs(style_begin(STYLE_BOLD, colour), out);
    print_line(out, t->titles, t->n_columns, widths, last_title);
    fprintf(out, "%s\n", style_end(STYLE_BOLD, colour));
    for (size_t r = 0; r < t->n; r++) {
        const struct row *row = &t->rows[r];
        size_t end = row->n; /* no blanks after the last cell that says something */
        while (end > 0 && *row->cells[end - 1] == '\0')
            end--;
        fputs(style_begin(row->style, colour), out);
        print_line(out, row->cells, end, widths, end ? end - 1 : 0);
        fprintf(out, "%s\n", style_end(row->style, colour));
    }
    free(widths);
}
