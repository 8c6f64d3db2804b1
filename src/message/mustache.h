/* A small Mustache engine after the public specification (github.com/mustache/spec, version 1.4):
 * comments, set delimiters, interpolation, dotted names, sections, inverted sections, partials. A
 * template is parsed to a tree of operations, and the tree is carried out; values are never scanned
 * again.
 *
 * Beyond it: {{name | words}} stands for the words where the value is empty. (No name of the
 * specification has a space in it.)
 *
 * Stricter than the specification: an unknown name, an empty value and a missing partial are
 * errors, because a letter that says "Dear !" must not go out. */
#ifndef PPS_MESSAGE_MUSTACHE_H
#define PPS_MESSAGE_MUSTACHE_H

#include <stdbool.h>
#include <stddef.h>

#include <pps/err.h>

#include "escape.h"
#include "leftover.h"
#include "place.h"
#include "value.h"

#define MUSTACHE_MAX_DEPTH 32     /* sections and partials within each other */
#ifndef MUSTACHE_MAX_STEPS        /* the fuzz targets take fewer, to try more */
#define MUSTACHE_MAX_STEPS 100000 /* operations carried out in one rendering */
#endif
#define MUSTACHE_MAX_OUTPUT ((size_t)256 << 10) /* bytes */
#define MUSTACHE_MAX_FAULTS 1000                /* that one check tells */

/* A text and where it stands, for "name:line:column: what is wrong". Borrowed. */
struct mustache_source {
    const char *name;
    const char *text;
    size_t len;
    size_t line, column;          /* where the text begins in its file; 0 means 1 */
    enum place_language language; /* decides what a value goes through within an address */
};

/* Finds the text of {{> name}}: both results are new strings, the first is what errors call it. */
typedef enum rc mustache_partial_fn(void *ctx, const char *name, char **ret_name, char **ret_text,
                                    struct err *err);

/* Takes one fault of a template: "name:line:column: ...". The line is gone when it returns. */
typedef void mustache_report_fn(void *ctx, const struct err *fault);

/* Where each piece of a filled text comes from. */
struct mustache_places {
    struct mustache_piece *v;
    size_t n, cap;
    char **names;
    size_t n_names, cap_names;
};
void mustache_places_fini(struct mustache_places *places);
/* The place in its file of a byte of the text that was filled; of what a value brought that of its tag. The name is borrowed;
 * false: nothing is known. */
bool mustache_place_of(const struct mustache_places *places, const char *filled, size_t at,
                       const char **ret_name, size_t *ret_line, size_t *ret_column);

/* Whether a value brought a part of the bytes from `at` up to `end`; *ret_at: the first of them. */
bool mustache_has_value(const struct mustache_places *places, size_t at, size_t end,
                        size_t *ret_at);

struct mustache_options {
    escape_fn *escape; /* what {{x}} goes through, except where place.h knows better */
    bool allow_raw;    /* {{{x}}} and {{&x}} are allowed; else an error */
    bool lenient;      /* as the specification: what is missing or empty prints nothing */
    enum leftover_watch watch; /* what looks like a name with other braces is an error */
    const struct value *whole; /* a text that stands as it is, so in {{{x}}}; NULL: there is none */
    size_t *times;             /* how often it was put there; NULL when there is none */
    mustache_partial_fn *partial; /* NULL: there are none */
    void *partial_ctx;
    struct mustache_places *places; /* mustache_render only; NULL: not wanted */
    mustache_report_fn *report; /* mustache_check only; NULL: it ends at the first fault */
    void *report_ctx;
};

struct mustache;

/* Errors of all three: RC_INVALID "name:line:column: …". The tree keeps its own copy of the text.
 */
enum rc mustache_parse(const struct mustache_source *source, struct mustache **ret,
                       struct err *err) MUST_CHECK;
void mustache_free(struct mustache *mustache);

/* data is an object. *ret_text is new; *ret_len may be NULL. */
enum rc mustache_render(const struct mustache *mustache, const struct value *data,
                        const struct mustache_options *options, char **ret_text, size_t *ret_len,
                        struct err *err) MUST_CHECK;
/* Goes into every section, taken or not, and checks that every name is known; empty values are
 * fine. With options->report it tells each fault once, in the order in which they are met, and goes
 * on; RC_INVALID when there was one, and err is the first. Only a bound (depth, steps, faults) ends it. Within
 * a section of an unknown name, and of a list that is empty, other unknown names are no faults: they
 * may stand for what would be in it. */
enum rc mustache_check(const struct mustache *mustache, const struct value *data,
                       const struct mustache_options *options, struct err *err) MUST_CHECK;

#endif
