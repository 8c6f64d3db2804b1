/* JSON over cJSON, with the one thing cJSON does not keep: where in the text a value stands. The
 * place is found only when an error needs it, by counting: values come in the text in the same
 * order as in the tree. The only file that sees cJSON.h. Serves the config, the playbook, presets,
 * audit details and --json. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include <pps/json.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "json_check.h"

enum { MAX_DEPTH = 32 };

struct json_doc {
    char *name;
    char *text; /* comments blanked out; same offsets as the file */
    size_t len;
    cJSON *root;
};

static const cJSON *C(const struct json *v)
{
    return (const cJSON *)v;
}

static cJSON *M(struct json *v)
{
    return (cJSON *)v;
}

static void line_and_column(const char *text, size_t at, size_t *line, size_t *column)
{
    *line = 1;
    *column = 1;
    for (size_t i = 0; i < at; i++) {
        if (text[i] == '\n') {
            (*line)++;
            *column = 1;
        } else if (((unsigned char)text[i] & 0xC0) != 0x80) {
            (*column)++;
        }
    }
}

static enum rc fail_at(const struct json_doc *doc, size_t at, struct err *err, const char *what)
{
    size_t line, column;
    line_and_column(doc->text, at, &line, &column);
    return err_set(err, RC_INVALID, "%s:%zu:%zu: %s", doc->name, line, column, what);
}

static size_t skip_string(const char *s, size_t len, size_t i)
{
    for (i++; i < len && s[i] != '"'; i++) {
        if (s[i] == '\\')
            i++;
    }
    return i < len ? i : len - 1;
}

static void blank_comments(char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (s[i] == '"') {
            i = skip_string(s, len, i);
        } else if (s[i] == '/' && i + 1 < len && s[i + 1] == '/') {
            while (i < len && s[i] != '\n')
                s[i++] = ' ';
        }
    }
}

static enum rc check_text(const struct json_doc *doc, struct err *err)
{
    size_t at = utf8_valid_until(doc->text, doc->len);
    if (at < doc->len)
        return fail_at(doc, at, err, "the text is not UTF-8 here");
    const char *nul = memchr(doc->text, '\0', doc->len);
    if (nul != NULL)
        return fail_at(doc, (size_t)(nul - doc->text), err, "a NUL byte");
    const char *fault = json_check(doc->text, doc->len, MAX_DEPTH, &at);
    return fault != NULL ? fail_at(doc, at, err, fault) : RC_OK;
}

/* Goes from value to value, in the order in which they begin. The text has been parsed, so brackets
 * match and are at most MAX_DEPTH deep. */
struct walk {
    const char *s;
    size_t len, at;
    bool in_object[MAX_DEPTH + 1];
    int depth;
    bool key_next;
};

/* Moves behind the thing (a key, a value, or the bracket that opens it) which begins at w->at. */
static void walk_over(struct walk *w)
{
    const char *s = w->s;
    if (s[w->at] == '"') {
        w->at = skip_string(s, w->len, w->at);
    } else if (s[w->at] == '{' || s[w->at] == '[') {
        w->in_object[++w->depth] = s[w->at] == '{';
        w->key_next = w->in_object[w->depth];
    } else {
        while (w->at + 1 < w->len && strchr(",]} \t\r\n", s[w->at + 1]) == NULL)
            w->at++;
    }
    w->at++;
}

/* The offset of the next value; false at the end. */
static bool walk_next(struct walk *w, size_t *ret_offset)
{
    while (w->at < w->len) {
        char c = w->s[w->at];
        if (strchr(" \t\r\n:,}]", c) != NULL) {
            w->depth -= c == '}' || c == ']';
            w->key_next = c == ',' ? w->in_object[w->depth] : w->key_next;
            w->at++;
            continue;
        }
        bool is_key = w->key_next && c == '"';
        *ret_offset = w->at;
        w->key_next = false;
        walk_over(w);
        if (!is_key)
            return true;
    }
    return false;
}

/* The offset of the value number `wanted` (0 = the root). */
static size_t value_offset(const char *s, size_t len, size_t wanted)
{
    struct walk walk = {.s = s, .len = len};
    size_t offset = 0;
    for (size_t seen = 0; walk_next(&walk, &offset); seen++) {
        if (seen == wanted)
            return offset;
    }
    return 0;
}

/* cJSON leaves the text of a number empty and frees it with the number. */
static void keep_numbers(struct walk *walk, cJSON *v)
{
    for (; v != NULL; v = v->next) {
        size_t offset = 0;
        (void)walk_next(walk, &offset);
        if (cJSON_IsNumber(v) && v->valuestring == NULL) {
            size_t len = walk->at - offset;
            v->valuestring = cJSON_malloc(len + 1);
            if (v->valuestring != NULL) {
                memcpy(v->valuestring, walk->s + offset, len);
                v->valuestring[len] = '\0';
            }
        }
        keep_numbers(walk, v->child);
    }
}

void json_keep_numbers(struct json_doc *doc)
{
    struct walk walk = {.s = doc->text, .len = doc->len};
    keep_numbers(&walk, doc->root);
}

const char *json_written(const struct json *v)
{
    return v != NULL && cJSON_IsNumber(C(v)) ? C(v)->valuestring : NULL;
}

/* Counts values in document order until v is met. */
static bool count_until(const cJSON *at, const cJSON *v, size_t *count)
{
    for (; at != NULL; at = at->next) {
        if (at == v)
            return true;
        (*count)++;
        if (at->child != NULL && count_until(at->child, v, count))
            return true;
    }
    return false;
}

struct named {
    const cJSON *member;
    size_t at; /* among its siblings */
};

static int by_key_and_place(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int order = strcmp(x->member->string, y->member->string);
    return order != 0 ? order : (x->at > y->at) - (x->at < y->at);
}

/* The first member whose key stands there before. Sorted: data may have some ten thousand keys. */
static const cJSON *first_repeated(const cJSON *object)
{
    size_t n = 0, first = SIZE_MAX;
    for (const cJSON *c = object->child; c != NULL; c = c->next)
        n++;
    struct named *all = n < 2 ? NULL : xcalloc(n, sizeof *all);
    const cJSON *found = NULL, *c = object->child;
    for (size_t i = 0; all != NULL && i < n; i++, c = c->next)
        all[i] = (struct named){c, i};
    if (all != NULL)
        qsort(all, n, sizeof *all, by_key_and_place);
    for (size_t i = 1; all != NULL && i < n; i++) {
        if (all[i].at < first && strcmp(all[i].member->string, all[i - 1].member->string) == 0) {
            first = all[i].at;
            found = all[i].member;
        }
    }
    free(all);
    return found;
}

static const cJSON *find_duplicate_key(const cJSON *v)
{
    const cJSON *repeated = cJSON_IsObject(v) ? first_repeated(v) : NULL;
    for (const cJSON *a = v->child; a != NULL; a = a->next) {
        if (a == repeated)
            return a;
        const cJSON *deeper = find_duplicate_key(a);
        if (deeper != NULL)
            return deeper;
    }
    return NULL;
}

enum rc json_parse(const char *text, size_t len, const char *name, bool comments,
                   struct json_doc **ret_doc, struct err *err)
{
    struct json_doc *doc = xcalloc(1, sizeof *doc);
    doc->name = xstrdup(name);
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3; /* Notepad's byte order mark is no column */
        len -= 3;
    }
    doc->text = xstrndup(text, len);
    doc->len = len;
    enum rc rc = RC_OK;
    if (comments)
        blank_comments(doc->text, len);
    rc = check_text(doc, err);
    if (rc != RC_OK)
        goto out;
    doc->root = cJSON_ParseWithLength(doc->text, len);
    if (doc->root == NULL) {
        rc = fail_at(doc, 0, err, "this cannot be read");
        goto out;
    }
    const cJSON *twice = find_duplicate_key(doc->root);
    if (twice != NULL)
        rc = json_fail(doc, (const struct json *)twice, RC_INVALID, err, "\"%s\" is given twice",
                       twice->string);
out:
    if (rc != RC_OK)
        json_doc_free(doc);
    else
        *ret_doc = doc;
    return rc;
}

void json_doc_free(struct json_doc *doc)
{
    if (doc == NULL)
        return;
    cJSON_Delete(doc->root);
    free(doc->name);
    free(doc->text);
    free(doc);
}

const struct json *json_root(const struct json_doc *doc)
{
    return (const struct json *)doc->root;
}

enum json_type json_type_of(const struct json *v)
{
    const cJSON *c = C(v);
    return cJSON_IsString(c)   ? JSON_STRING
           : cJSON_IsNumber(c) ? JSON_NUMBER
           : cJSON_IsBool(c)   ? JSON_BOOL
           : cJSON_IsArray(c)  ? JSON_ARRAY
           : cJSON_IsObject(c) ? JSON_OBJECT
                               : JSON_NULL;
}

const char *json_type_name(enum json_type type)
{
    static const char *const names[] = {
        [JSON_NULL] = "null",       [JSON_BOOL] = "true or false", [JSON_NUMBER] = "a number",
        [JSON_STRING] = "a string", [JSON_ARRAY] = "a list",       [JSON_OBJECT] = "an object",
    };
    return names[type];
}

const struct json *json_get(const struct json *object, const char *key)
{
    return (const struct json *)cJSON_GetObjectItemCaseSensitive(C(object), key);
}

const struct json *json_first(const struct json *container)
{
    return (const struct json *)C(container)->child;
}

const struct json *json_next(const struct json *v)
{
    return (const struct json *)C(v)->next;
}

const char *json_key(const struct json *v)
{
    return C(v)->string;
}

const char *json_string(const struct json *v)
{
    return v ? cJSON_GetStringValue(C(v)) : NULL;
}

bool json_int(const struct json *v, int64_t *ret)
{
    if (v == NULL || !cJSON_IsNumber(C(v)))
        return false;
    double d = C(v)->valuedouble;
    if (!(d > -9007199254740992.0 && d < 9007199254740992.0) || d != floor(d))
        return false;
    *ret = (int64_t)d;
    return true;
}

int64_t json_int_of(const struct json *object, const char *key)
{
    int64_t n;
    return json_int(json_get(object, key), &n) ? n : 0;
}

bool json_bool(const struct json *v, bool *ret)
{
    if (v == NULL || !cJSON_IsBool(C(v)))
        return false;
    *ret = cJSON_IsTrue(C(v));
    return true;
}

enum rc json_fail(const struct json_doc *doc, const struct json *v, enum rc rc, struct err *err,
                  const char *fmt, ...)
{
    struct sb what = {0};
    va_list ap;
    va_start(ap, fmt);
    sb_vaddf(&what, fmt, ap);
    va_end(ap);
    size_t count = 0;
    (void)count_until(doc->root, C(v), &count);
    char *safe = utf8_printable(sb_str(&what), true);
    (void)fail_at(doc, value_offset(doc->text, doc->len, count), err, safe);
    free(safe);
    sb_fini(&what);
    return rc;
}

enum rc json_check_keys(const struct json_doc *doc, const struct json *object,
                        const char *const *known, size_t n_known, struct err *err)
{
    for (const struct json *v = json_first(object); v != NULL; v = json_next(v)) {
        bool found = false;
        for (size_t i = 0; i < n_known && !found; i++)
            found = strcmp(known[i], json_key(v)) == 0;
        if (found)
            continue;
        const char *near = str_nearest(json_key(v), known, n_known);
        return json_fail(doc, v, RC_INVALID, err, "unknown key \"%.60s\"%s%s%s", json_key(v),
                         near ? ": did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    }
    return RC_OK;
}

struct json *json_new_object(void)
{
    return (struct json *)cJSON_CreateObject();
}

struct json *json_new_array(void)
{
    return (struct json *)cJSON_CreateArray();
}

void json_free(struct json *root)
{
    cJSON_Delete(M(root));
}

static struct json *add(struct json *parent, const char *key, cJSON *v)
{
    if (key == NULL)
        cJSON_AddItemToArray(M(parent), v);
    else
        cJSON_AddItemToObject(M(parent), key, v);
    return (struct json *)v;
}

void json_add_string(struct json *parent, const char *key, const char *s)
{
    /* Input refuses bytes that are not UTF-8; a damaged database may still hold them. */
    bool valid = s == NULL || utf8_valid_until(s, strlen(s)) == strlen(s);
    char *safe = valid ? NULL : utf8_printable(s, false);
    if (safe != NULL)
        s = safe;
    (void)add(parent, key, s ? cJSON_CreateString(s) : cJSON_CreateNull());
    free(safe);
}

void json_add_int(struct json *parent, const char *key, int64_t n)
{
    char text[24]; /* raw: a double would lose digits beyond 2^53 */
    (void)snprintf(text, sizeof text, "%lld", (long long)n);
    (void)add(parent, key, cJSON_CreateRaw(text));
}

void json_add_bool(struct json *parent, const char *key, bool b)
{
    (void)add(parent, key, cJSON_CreateBool(b));
}

void json_add_null(struct json *parent, const char *key)
{
    (void)add(parent, key, cJSON_CreateNull());
}

struct json *json_add_object(struct json *parent, const char *key)
{
    return add(parent, key, cJSON_CreateObject());
}

struct json *json_add_array(struct json *parent, const char *key)
{
    return add(parent, key, cJSON_CreateArray());
}

char *json_print(const struct json *root, bool pretty)
{
    char *text = pretty ? cJSON_Print(C(root)) : cJSON_PrintUnformatted(C(root));
    char *copy = xstrdup(text ? text : "null");
    cJSON_free(text);
    return copy;
}
