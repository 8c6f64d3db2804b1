/* Reading a preset. Everything that could make an SMS be sent wrongly, or its answer be misread, is
 * refused here with file, line and column: unknown keys and placeholders, a query that carries no
 * text, an "accepted" that any web page would satisfy. No network, no files. Serves http.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/json.h>

#include "preset.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define PLAIN "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

static const char *const verdict_names[] = {"accepted", "temporary", "permanent", "config",
                                            "in_doubt"};
static const enum delivery_class verdict_classes[COUNT(verdict_names)] = {
    DELIVERY_SENT, DELIVERY_REFUSED_TEMP, DELIVERY_REFUSED_PERM, DELIVERY_CONFIG,
    DELIVERY_IN_DOUBT};

static enum rc want(const struct json_doc *doc, const struct json *object, const char *key,
                    enum json_type type, const struct json **ret, struct err *err)
{
    const struct json *v = json_get(object, key);
    if (v == NULL)
        return json_fail(doc, object, RC_INVALID, err, "\"%s\" is missing", key);
    enum rc rc = json_expect(doc, v, type, key, err);
    if (rc == RC_OK)
        *ret = v;
    return rc;
}

/* A string that may be absent but not empty. */
static enum rc read_string(const struct json_doc *doc, const struct json *object, const char *key,
                           char **ret, struct err *err)
{
    enum rc rc = json_read_string(doc, object, key, ret, err);
    if (rc == RC_OK && *ret != NULL && **ret == '\0')
        rc = json_fail(doc, json_get(object, key), RC_INVALID, err, "\"%s\" is empty", key);
    return rc;
}

static enum rc want_string(const struct json_doc *doc, const struct json *object, const char *key,
                           char **ret, struct err *err)
{
    const struct json *v;
    enum rc rc = want(doc, object, key, JSON_STRING, &v, err);
    return rc == RC_OK ? read_string(doc, object, key, ret, err) : rc;
}

/* The path goes into a URL as it is. */
static enum rc read_path(const struct json_doc *doc, const struct json *root, char **ret,
                         struct err *err)
{
    enum rc rc = want_string(doc, root, "path", ret, err);
    if (rc == RC_OK && ((*ret)[0] != '/' || strspn(*ret, PLAIN "/._~-") != strlen(*ret)))
        rc = json_fail(doc, json_get(root, "path"), RC_INVALID, err,
                       "\"path\" must begin with / and hold only letters, digits and /._~-");
    return rc;
}

static enum rc unknown_placeholder(const struct json_doc *doc, const struct json *v,
                                   const char *brace, struct err *err)
{
    char *word = xstrndup(brace + 1, strcspn(brace + 1, "{}"));
    const char *near = str_nearest(word, preset_place_names, PLACE_COUNT);
    enum rc rc =
        near != NULL
            ? json_fail(doc, v, RC_INVALID, err, "there is no placeholder {%s}: did you mean {%s}?",
                        word, near)
            : json_fail(doc, v, RC_INVALID, err, "a brace that is not part of a known placeholder");
    free(word);
    return rc;
}

static enum rc check_template(const struct json_doc *doc, const struct json *v, struct err *err)
{
    const char *p = json_string(v);
    while ((p = strpbrk(p, "{}")) != NULL) {
        size_t len = 0;
        if (*p != '{' || preset_place_at(p + 1, &len) == PLACE_COUNT)
            return unknown_placeholder(doc, v, p, err);
        p += len + 2;
    }
    return RC_OK;
}

static enum rc read_query(const struct json_doc *doc, const struct json *root,
                          struct preset *preset, struct err *err)
{
    const struct json *query;
    size_t cap = 0;
    enum rc rc = want(doc, root, "query", JSON_OBJECT, &query, err);
    if (rc != RC_OK)
        return rc;
    for (const struct json *v = json_first(query); v != NULL; v = json_next(v)) {
        rc = json_expect(doc, v, JSON_STRING, json_key(v), err);
        if (rc == RC_OK)
            rc = check_template(doc, v, err);
        if (rc != RC_OK)
            return rc;
        vec_reserve(&preset->params, preset->n_params, &cap, sizeof *preset->params);
        preset->params[preset->n_params++] =
            (struct preset_param){xstrdup(json_key(v)), xstrdup(json_string(v))};
    }
    if (!preset_uses(preset, PLACE_TEXT))
        return json_fail(doc, query, RC_INVALID, err, "no value has {text}");
    if (!preset_uses(preset, PLACE_PHONE) && !preset_uses(preset, PLACE_PHONE_DIGITS))
        return json_fail(doc, query, RC_INVALID, err, "no value has {phone} or {phone_digits}");
    return RC_OK;
}

static enum rc read_coding(const struct json_doc *doc, const struct json *root,
                           struct preset *preset, struct err *err)
{
    static const char *const known[] = {[SMS_GSM7] = "gsm7", [SMS_UCS2] = "ucs2"};
    const struct json *coding = json_get(root, "coding");
    if (coding == NULL && !preset_uses(preset, PLACE_CODING))
        return RC_OK;
    enum rc rc = want(doc, root, "coding", JSON_OBJECT, &coding, err);
    if (rc == RC_OK)
        rc = json_check_keys(doc, coding, known, COUNT(known), err);
    for (size_t i = 0; i < COUNT(known) && rc == RC_OK; i++)
        rc = want_string(doc, coding, known[i], &preset->coding[i], err);
    return rc;
}

static enum rc read_http(const struct json_doc *doc, const struct json *o,
                         struct preset_answer *answer, struct err *err)
{
    const struct json *list;
    size_t cap = 0;
    enum rc rc = want(doc, o, "http", JSON_ARRAY, &list, err);
    if (rc != RC_OK)
        return rc;
    for (const struct json *v = json_first(list); v != NULL; v = json_next(v)) {
        int64_t status;
        if (!json_int(v, &status) || status < 200 || status > 599)
            return json_fail(doc, v, RC_INVALID, err, "an HTTP status is a number from 200 to 599");
        vec_reserve(&answer->http, answer->n_http, &cap, sizeof *answer->http);
        answer->http[answer->n_http++] = (int)status;
    }
    return answer->n_http > 0 ? RC_OK
                              : json_fail(doc, list, RC_INVALID, err, "\"http\" names no status");
}

static enum rc read_verdict(const struct json_doc *doc, const struct json *o,
                            struct preset_answer *answer, struct err *err)
{
    const struct json *v;
    int verdict = 0;
    enum rc rc = want(doc, o, "verdict", JSON_STRING, &v, err);
    if (rc == RC_OK)
        rc =
            json_read_choice(doc, o, "verdict", verdict_names, COUNT(verdict_names), &verdict, err);
    answer->class = verdict_classes[verdict];
    return rc;
}

static enum rc read_answer(const struct json_doc *doc, const struct json *o,
                           struct preset_answer *answer, struct err *err)
{
    static const char *const known[] = {"http", "body_prefix", "body_contains", "verdict",
                                        "id_after"};
    enum rc rc = json_expect(doc, o, JSON_OBJECT, "an answer", err);
    if (rc == RC_OK)
        rc = json_check_keys(doc, o, known, COUNT(known), err);
    if (rc == RC_OK)
        rc = read_http(doc, o, answer, err);
    if (rc == RC_OK)
        rc = read_verdict(doc, o, answer, err);
    if (rc == RC_OK)
        rc = read_string(doc, o, "body_prefix", &answer->body_prefix, err);
    if (rc == RC_OK)
        rc = read_string(doc, o, "body_contains", &answer->body_contains, err);
    if (rc == RC_OK)
        rc = read_string(doc, o, "id_after", &answer->id_after, err);
    if (rc == RC_OK && answer->class == DELIVERY_SENT && answer->body_prefix == NULL &&
        answer->body_contains == NULL)
        rc = json_fail(doc, o, RC_INVALID, err,
                       "an accepted answer needs body_prefix or body_contains, so that another "
                       "server's page is not taken for the provider's word");
    return rc;
}

static enum rc read_answers(const struct json_doc *doc, const struct json *root,
                            struct preset *preset, struct err *err)
{
    const struct json *list;
    size_t cap = 0;
    bool acceptable = false;
    enum rc rc = want(doc, root, "answers", JSON_ARRAY, &list, err);
    if (rc != RC_OK)
        return rc;
    for (const struct json *v = json_first(list); v != NULL; v = json_next(v)) {
        vec_reserve(&preset->answers, preset->n_answers, &cap, sizeof *preset->answers);
        struct preset_answer *answer = &preset->answers[preset->n_answers++];
        *answer = (struct preset_answer){0};
        rc = read_answer(doc, v, answer, err);
        if (rc != RC_OK)
            return rc;
        acceptable = acceptable || answer->class == DELIVERY_SENT;
    }
    return acceptable ? RC_OK
                      : json_fail(doc, list, RC_INVALID, err, "no answer has the verdict accepted");
}

static enum rc read_scalars(const struct json_doc *doc, const struct json *root,
                            struct preset *preset, struct err *err)
{
    static const char *const methods[] = {"GET"};
    const struct json *v;
    int method = 0;
    enum rc rc = want_string(doc, root, "name", &preset->name, err);
    if (rc == RC_OK)
        rc = want(doc, root, "method", JSON_STRING, &v, err);
    if (rc == RC_OK)
        rc = json_read_choice(doc, root, "method", methods, COUNT(methods), &method, err);
    if (rc == RC_OK)
        rc = read_path(doc, root, &preset->path, err);
    if (rc == RC_OK)
        rc = want(doc, root, "max_parts", JSON_NUMBER, &v, err);
    if (rc == RC_OK)
        rc = json_read_int(doc, root, "max_parts", 1, 255, &preset->max_parts, err);
    return rc;
}

static enum rc read_preset(const struct json_doc *doc, struct preset *preset, struct err *err)
{
    static const char *const known[] = {"name",   "method",    "path",   "query",
                                        "coding", "max_parts", "answers"};
    const struct json *root = json_root(doc);
    enum rc rc = json_expect(doc, root, JSON_OBJECT, "a preset", err);
    if (rc == RC_OK)
        rc = json_check_keys(doc, root, known, COUNT(known), err);
    if (rc == RC_OK)
        rc = read_scalars(doc, root, preset, err);
    if (rc == RC_OK)
        rc = read_query(doc, root, preset, err);
    if (rc == RC_OK)
        rc = read_coding(doc, root, preset, err);
    if (rc == RC_OK)
        rc = read_answers(doc, root, preset, err);
    return rc;
}

enum rc preset_parse(const char *text, size_t len, const char *name, struct preset *ret,
                     struct err *err)
{
    struct json_doc *doc = NULL;
    struct preset preset = {0};
    enum rc rc = json_parse(text, len, name, true, &doc, err);
    if (rc == RC_OK)
        rc = read_preset(doc, &preset, err);
    json_doc_free(doc);
    if (rc == RC_OK)
        *ret = preset;
    else
        preset_fini(&preset);
    return rc;
}
