/* The tree of data behind a template. It knows nothing of templates, clients or trips; it only owns
 * what is put into it. Serves the Mustache engine, which reads it, and context.c, which builds it.
 */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "value.h"

struct member {
    char *key; /* NULL in a list */
    struct value *value;
};

struct value {
    enum value_kind kind;
    char *text;
    bool flag;
    struct member *members;
    size_t n, cap;
    struct value *others; /* what a missing member is; NULL: unknown */
    bool folds;           /* of an object: the case of letters makes no difference */
    const char *refused;  /* why it may not be printed; NULL: it may; borrowed */
    bool absent;          /* of an object: sections take it for false */
};

static struct value *value_new(enum value_kind kind)
{
    struct value *value = xcalloc(1, sizeof *value);
    value->kind = kind;
    return value;
}

struct value *value_text(const char *text)
{
    struct value *value = value_new(VALUE_TEXT);
    value->text = xstrdup(str_or(text, ""));
    return value;
}

struct value *value_flag(bool flag)
{
    struct value *value = value_new(VALUE_FLAG);
    value->flag = flag;
    return value;
}

struct value *value_object(void)
{
    return value_new(VALUE_OBJECT);
}

struct value *value_list(void)
{
    return value_new(VALUE_LIST);
}

void value_free(struct value *value)
{
    if (value == NULL)
        return;
    for (size_t i = 0; i < value->n; i++) {
        free(value->members[i].key);
        value_free(value->members[i].value);
    }
    free(value->members);
    free(value->text);
    value_free(value->others);
    free(value);
}

static void append(struct value *value, const char *key, struct value *member)
{
    vec_reserve(&value->members, value->n, &value->cap, sizeof *value->members);
    value->members[value->n++] = (struct member){.key = xstrdup(key), .value = member};
}

void value_set(struct value *object, const char *key, struct value *member)
{
    for (size_t i = 0; i < object->n; i++) {
        if (strcmp(object->members[i].key, key) == 0) {
            value_free(object->members[i].value);
            object->members[i].value = member;
            return;
        }
    }
    append(object, key, member);
}

void value_add(struct value *object, const char *key, struct value *member)
{
    append(object, key, member);
}

void value_push(struct value *list, struct value *member)
{
    append(list, NULL, member);
}

void value_set_others(struct value *object, struct value *other)
{
    value_free(object->others);
    object->others = other;
}

void value_fold_keys(struct value *object)
{
    object->folds = true;
}

void value_set_absent(struct value *object)
{
    object->absent = true;
}

void value_refuse(struct value *text, const char *why)
{
    text->refused = why;
}

const char *value_refused(const struct value *value)
{
    return value->refused;
}

enum value_kind value_kind(const struct value *value)
{
    return value->kind;
}

const char *value_get_text(const struct value *value)
{
    return value->kind == VALUE_TEXT ? value->text : "";
}

bool value_is_true(const struct value *value)
{
    switch (value->kind) {
    case VALUE_TEXT:
        return value->text[0] != '\0';
    case VALUE_FLAG:
        return value->flag;
    case VALUE_OBJECT:
        return !value->absent;
    case VALUE_LIST:
        return value->n > 0;
    }
    return false;
}

size_t value_count(const struct value *value)
{
    return value->n;
}

const struct value *value_at(const struct value *value, size_t i)
{
    return value->members[i].value;
}

const char *value_key_at(const struct value *object, size_t i)
{
    return object->members[i].key;
}

static const struct value *find_member(const struct value *object, const char *key, size_t key_len)
{
    for (size_t i = 0; i < object->n; i++) {
        const char *k = object->members[i].key;
        if (strlen(k) == key_len && memcmp(k, key, key_len) == 0)
            return object->members[i].value;
    }
    return object->others;
}

const struct value *value_member(const struct value *object, const char *key, size_t key_len)
{
    if (object->kind != VALUE_OBJECT)
        return NULL;
    if (!object->folds)
        return find_member(object, key, key_len);
    char *copy = xstrndup(key, key_len);
    char *folded = utf8_fold(copy);
    const struct value *found = find_member(object, folded, strlen(folded));
    free(folded);
    free(copy);
    return found;
}
