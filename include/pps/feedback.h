/* Use cases about what clients tell us of their trips: one answer, or the export of a survey service. */
#ifndef PPS_FEEDBACK_H
#define PPS_FEEDBACK_H

#include <pps/follows.h>
#include <pps/service.h>

/* As typed; NULL = not given. */
struct feedback_entry {
    const char *csat, *nps, *plus, *words;
    const char *source;      /* NULL: "phone" */
    const char *at;          /* when it came; NULL: now */
    const char *external_id; /* the survey service's number of the answer */
    bool about_sale;         /* of a trip that has not begun: it is about the sale itself */
};
struct feedback_result {
    struct occasion_file file;
    struct feedback feedback;
    struct follows follows;
};
/* who: "T34", or a client: then it is about the trip of theirs that began last before the answer. RC_EXISTS when the
 * same answer is there already; RC_INVALID when the trip had not begun, and it is not said to be about the sale. */
enum rc service_feedback_add(const struct desk *desk, const char *who,
                             const struct feedback_entry *entry, struct feedback_result *ret,
                             struct err *err) MUST_CHECK;
/* What was mistyped is put right, and what follows from it planned anew; what has gone out does not go once more. Of the
 * entry, external_id and about_sale are not looked at; NULL leaves, "" empties. RC_REJECTED: it was taken back. */
enum rc service_feedback_edit(const struct desk *desk, int64_t occasion_id,
                              const struct feedback_entry *entry, struct feedback_result *ret,
                              struct err *err) MUST_CHECK;
void feedback_result_fini(struct feedback_result *result);

/* ---- the export of a survey service ---- */

struct import_options {
    const char
        *map; /* "csat=Оценка,nps=4": headings, or numbers of columns; NULL: by their usual names */
    const char *source; /* of answers that do not say; NULL: "survey" */
    bool dry_run;       /* look, and change nothing */
    bool skip_bad;      /* take the good lines although others are refused */
};
enum import_fate { IMPORT_TAKEN, IMPORT_THERE, IMPORT_REFUSED };
struct import_line {
    size_t line; /* of the file */
    enum import_fate fate;
    char *client; /* name; NULL: not found */
    int64_t client_id,
        occasion_id; /* 0: none; in a dry run the numbers are those that they would get */
    char *why;       /* of a refused one: column and reason */
    bool unhappy, promoter;
};
struct import_result {
    struct import_line *v;
    size_t n, cap;
    size_t taken, there, refused, unhappy, promoters;
    char *columns;        /* "csat = Оценка, nps = NPS, phone = Телефон" */
    const char *encoding; /* of the file */
    bool written;         /* false: a dry run, or a line was refused */
};
/* Errors of the file as a whole (no CSV, no column that says who or what) are RC_INVALID. Lines that are refused are none:
 * they stand in the result, and nothing is written then unless skip_bad. name is what errors call the file. */
enum rc service_feedback_import(const struct desk *desk, const char *bytes, size_t len,
                                const char *name, const struct import_options *options,
                                struct import_result *ret, struct err *err) MUST_CHECK;
void import_result_fini(struct import_result *result);
/* The fields that --map can name, for help and errors. */
const char *import_field_list(void);

#endif
