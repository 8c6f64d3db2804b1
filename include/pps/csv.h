/* Tables as text (CSV), as survey services and spreadsheets write them. What differs between them is found out: commas,
 * semicolons or tabs; UTF-8 with or without a mark at the beginning, UTF-16 with one, or Windows-1251. The only file that
 * sees libcsv is util/csv.c. */
#ifndef PPS_CSV_H
#define PPS_CSV_H

#include <stddef.h>

#include <pps/err.h>

struct csv_line {
    size_t line; /* of the file, where it begins; the first is 1 */
    char *
        *v; /* its cells: UTF-8, without blanks around; in quotation marks also with line breaks */
    size_t n;
};
struct csv_table {
    struct csv_line *v; /* without empty ones */
    size_t n, cap;
    char delimiter;
    const char *encoding; /* "UTF-8", "UTF-16", "Windows-1251" */
};

/* name is what errors call the text: a file name. Errors: RC_INVALID "name:line: what is wrong". */
enum rc csv_table_read(const char *bytes, size_t len, const char *name, struct csv_table *ret,
                       struct err *err) MUST_CHECK;
void csv_table_fini(struct csv_table *table);
/* The cell of a column; "" when the line is shorter. */
const char *csv_cell(const struct csv_line *line, size_t column);

#endif
