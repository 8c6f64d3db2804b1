/* JSON, in both directions, over cJSON (the only file that sees cJSON.h is util/json.c).
 *
 * Reading: a struct json_doc keeps the source text, so that any value can be named by line and
 * column.
 * `//` comments are allowed where the caller says so. Duplicate keys, trailing text, invalid UTF-8,
 * \u0000 and nesting deeper than 32 are errors.
 * Writing: values are added to a parent, which owns them. */
#ifndef PPS_JSON_H
#define PPS_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <pps/err.h>

struct json; /* one value; owned by its document or parent */
struct json_doc;

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

/* ---- reading ---- */

/* name is what errors call the text: a file name. Errors: RC_INVALID "name:line:column: what". */
enum rc json_parse(const char *text, size_t len, const char *name, bool comments,
                   struct json_doc **ret_doc, struct err *err) MUST_CHECK;
void json_doc_free(struct json_doc *doc);
const struct json *json_root(const struct json_doc *doc);

enum json_type json_type_of(const struct json *v);
const char *json_type_name(enum json_type type); /* "a string", "an object" … */
const struct json *json_get(const struct json *object, const char *key); /* NULL when absent */
const struct json *json_first(const struct json *container);             /* NULL when empty */
const struct json *json_next(const struct json *v);
const char *json_key(const struct json *v);        /* of a member of an object */
const char *json_string(const struct json *v);     /* NULL when not a string */
bool json_int(const struct json *v, int64_t *ret); /* false unless a whole number within 2^53 */
int64_t json_int_of(const struct json *object, const char *key); /* 0 when absent, or no whole number */
bool json_bool(const struct json *v, bool *ret);
/* From now on json_written gives each number of the document as it stands there: 1.10 is "1.10". */
void json_keep_numbers(struct json_doc *doc);
const char *json_written(const struct json *v); /* NULL when not a number, or not kept */

/* Fails with "name:line:column: what" where line and column are v's place; always returns rc. */
enum rc json_fail(const struct json_doc *doc, const struct json *v, enum rc rc, struct err *err,
                  const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* Every key of object must be in known[]; otherwise json_fail with a suggestion. */
enum rc json_check_keys(const struct json_doc *doc, const struct json *object,
                        const char *const *known, size_t n_known, struct err *err) MUST_CHECK;

/* Typed members of an object. An absent key leaves *ret alone and is no error; a value of another
 * type or outside the range is json_fail. */
enum rc json_read_string(const struct json_doc *doc, const struct json *object, const char *key,
                         char **ret, struct err *err) MUST_CHECK; /* frees and replaces *ret */
enum rc json_read_int(const struct json_doc *doc, const struct json *object, const char *key,
                      int min, int max, int *ret, struct err *err) MUST_CHECK;
/* The value is one of names[]; *ret is its index. */
enum rc json_read_choice(const struct json_doc *doc, const struct json *object, const char *key,
                         const char *const *names, size_t n_names, int *ret,
                         struct err *err) MUST_CHECK;
/* v must be of this type; what names it in the error. */
enum rc json_expect(const struct json_doc *doc, const struct json *v, enum json_type type,
                    const char *what, struct err *err) MUST_CHECK;

/* ---- writing ---- */

struct json *json_new_object(void); /* free a root with json_free */
struct json *json_new_array(void);
void json_free(struct json *root);
/* key is NULL when the parent is an array. A NULL string is written as null. */
void json_add_string(struct json *parent, const char *key, const char *s);
void json_add_int(struct json *parent, const char *key, int64_t n);
void json_add_bool(struct json *parent, const char *key, bool b);
void json_add_null(struct json *parent, const char *key);
struct json *json_add_object(struct json *parent, const char *key);
struct json *json_add_array(struct json *parent, const char *key);
char *json_print(const struct json *root, bool pretty); /* new string */

#endif
