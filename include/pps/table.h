/* Tables for people: columns that align whatever the alphabet, colours only when asked for.
 * Everything that comes from data is made safe for a terminal here. */
#ifndef PPS_TABLE_H
#define PPS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum style { STYLE_PLAIN, STYLE_BOLD, STYLE_DIM, STYLE_YELLOW, STYLE_RED, STYLE_GREEN };

struct table;

/* titles[n] are the headings; max_width[n] is the widest a column may become (0: no limit; longer
 * cells end in "…"). */
struct table *table_new(const char *const *titles, const size_t *max_width, size_t n);
void table_free(struct table *table);
/* Begins a row; its cells follow. style colours the whole row. */
void table_row(struct table *table, enum style style);
void table_cell(struct table *table,
                const char *text); /* NULL gives an empty cell; the text is copied */
void table_cellf(struct table *table, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
size_t table_rows(const struct table *table);
size_t table_width(const struct table *table); /* columns of the terminal that it takes */
/* Prints the headings and the rows. Columns that are empty in every row are left out. */
void table_print(const struct table *table, FILE *out, bool colour);

/* The escape sequence that begins a style, or "" without colour; style_end ends it. */
const char *style_begin(enum style style, bool colour);
const char *style_end(enum style style, bool colour);

#endif
