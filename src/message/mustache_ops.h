/* Between the two halves of the Mustache engine, the parser and the renderer: the tree of
 * operations. */
#ifndef PPS_MESSAGE_MUSTACHE_OPS_H
#define PPS_MESSAGE_MUSTACHE_OPS_H

#include "mustache.h"

enum op_kind { OP_TEXT, OP_VALUE, OP_RAW_VALUE, OP_SECTION, OP_INVERTED, OP_PARTIAL };

struct ops {
    struct op *v;
    size_t n, cap;
};

struct op {
    enum op_kind kind;
    size_t at, len;          /* the text, or the tag, in the template */
    size_t line, column;     /* where it begins in its file, but for the indent */
    char *name;              /* NULL in a text */
    char *otherwise;         /* of a value: what is said when it is empty; NULL: nothing */
    enum place place;        /* of a value */
    struct place_scan *scan; /* at the beginning of a section or of a partial's text; else NULL */
    char *indent;    /* white space before a partial that stands alone on its line; else NULL */
    struct ops body; /* of a section */
};

struct mustache {
    char *name;
    char *text;
    size_t len;
    size_t line, column;
    bool own_delimiters; /* it sets some */
    size_t indent; /* bytes before each line that are not in its file */
    struct ops ops;
};

/* Notes that what is added to a text at byte `at` comes from this operation. */
void mustache_places_add(struct mustache_places *places, size_t at, const struct mustache *mustache,
                         const struct op *op);

/* mustache_unknown.c: what to write for a name that the data do not have, as it follows the complaint: ": did you mean …", else
 * what there is of its group, or which names and groups there are; here: the innermost section's, or data again; asked: by a
 * section. New string, "" when there is nothing. */
char *mustache_instead(const struct value *data, const struct value *here, const char *name,
                       bool asked);

/* mustache_parse for the text of a partial, which continues the text in which it is included. */
enum rc mustache_parse_partial(const struct mustache_source *source, const struct op *op,
                               struct mustache **ret, struct err *err) MUST_CHECK;

/* "name:line:column: what" for the offset `at`; returns RC_INVALID. */
enum rc mustache_fail(const struct mustache *mustache, size_t at, struct err *err, const char *fmt,
                      ...) __attribute__((format(printf, 4, 5)));

#endif
