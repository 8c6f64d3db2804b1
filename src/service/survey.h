/* Private: which column of a survey's export holds what, and how it writes the time. */
#ifndef PPS_SERVICE_SURVEY_H
#define PPS_SERVICE_SURVEY_H

#include <pps/csv.h>

#include "internal.h"

enum survey_field {
    SURVEY_ID, /* the service's number of the answer */
    SURVEY_CLIENT,
    SURVEY_TRIP,
    SURVEY_PHONE,
    SURVEY_EMAIL,
    SURVEY_NAME,
    SURVEY_CSAT,
    SURVEY_NPS,
    SURVEY_PLUS,
    SURVEY_WORDS,
    SURVEY_AT,
    SURVEY_SOURCE,
    SURVEY_FIELDS
};
const char *survey_field_name(enum survey_field field); /* "csat", as --map and errors have it */

enum { NO_COLUMN = -1 };
struct survey_columns {
    int at[SURVEY_FIELDS]; /* number of the column, from 0; NO_COLUMN */
};
/* By the usual names of headings, and by what `map` says (may be NULL). RC_USAGE: the map is wrong. RC_INVALID: nothing
 * says who answered, or what. name is the file's. */
enum rc survey_find_columns(const struct csv_line *head, const char *map, const char *name,
                            struct survey_columns *ret, struct err *err) MUST_CHECK;
/* "csat = Оценка, phone = Телефон". New string. */
char *survey_columns_text(const struct csv_line *head, const struct survey_columns *columns);
/* The cell of a field in one line, line breaks as blanks; NULL when it is empty or there is no such column. New string. */
char *survey_cell(const struct csv_line *line, const struct survey_columns *columns,
                  enum survey_field field);
/* "21.12.2026 10:15:33", "2026-12-21T07:15:33Z": what civil_parse can read, by the agency's clock. What is not known is
 * left as it is. New string. */
char *survey_moment(const struct desk *desk, const char *text);

#endif
