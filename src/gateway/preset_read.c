/* Reading a preset. Everything that could make an SMS be sent wrongly or twice, or its answer be
 * misread, is refused here with file, line and column: unknown keys and placeholders, a query that
 * carries no text, an "accepted" that any web page would satisfy, a question by a key that the
 * provider was never told. No network, no files. Serves http_account.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/json.h>

#include "preset.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define PLAIN "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

/* The verdicts that the answers to a query may have. */
struct words {
    const char *names[5];
    int verdicts[5];
    size_t n;
    size_t n_checked; /* the first so many may not be said by the status alone */
};

/* The first word of each says that the provider has the message: one answer must be able to. */
static const struct words send_words = {
    {"accepted", "temporary", "permanent", "config", "in_doubt"},
    {DELIVERY_SENT, DELIVERY_REFUSED_TEMP, DELIVERY_REFUSED_PERM, DELIVERY_CONFIG,
     DELIVERY_IN_DOUBT},
    5,
    1};
/* A message that is unknown is sent again: a stray 404 must not do that. */
static const struct words status_words = {
    {"sent", "unknown"}, {FINDING_SENT, FINDING_UNKNOWN}, 2, 2};

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
static enum rc read_path(const struct json_doc *doc, const struct json *o, char **ret,
                         struct err *err)
{
    enum rc rc = want_string(doc, o, "path", ret, err);
    if (rc == RC_OK && ((*ret)[0] != '/' || strspn(*ret, PLAIN "/._~-") != strlen(*ret)))
        rc = json_fail(doc, json_get(o, "path"), RC_INVALID, err,
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

/* What a status query may name: the rest belongs to the text, which it does not carry. */
static bool is_known_later(enum placeholder place)
{
    return place != PLACE_TEXT && place != PLACE_CODING && place != PLACE_VALIDITY_MINUTES;
}

static enum rc check_template(const struct json_doc *doc, const struct json *v, bool later,
                              struct err *err)
{
    const char *p = json_string(v);
    while ((p = strpbrk(p, "{}")) != NULL) {
        size_t len = 0;
        enum placeholder place = *p == '{' ? preset_place_at(p + 1, &len) : PLACE_COUNT;
        if (place == PLACE_COUNT)
            return unknown_placeholder(doc, v, p, err);
        if (later && !is_known_later(place))
            return json_fail(doc, v, RC_INVALID, err, "{%s} may not be used in \"status\"",
                             preset_place_names[place]);
        p += len + 2;
    }
    return RC_OK;
}

/* later: long after the text was sent. */
static enum rc read_params(const struct json_doc *doc, const struct json *o, bool later,
                           struct preset_query *query, struct err *err)
{
    const struct json *params;
    size_t cap = 0;
    enum rc rc = want(doc, o, "query", JSON_OBJECT, &params, err);
    if (rc != RC_OK)
        return rc;
    for (const struct json *v = json_first(params); v != NULL; v = json_next(v)) {
        rc = json_expect(doc, v, JSON_STRING, json_key(v), err);
        if (rc == RC_OK)
            rc = check_template(doc, v, later, err);
        if (rc != RC_OK)
            return rc;
        vec_reserve(&query->params, query->n_params, &cap, sizeof *query->params);
        query->params[query->n_params++] =
            (struct preset_param){xstrdup(json_key(v)), xstrdup(json_string(v))};
    }
    return RC_OK;
}

static enum rc read_send(const struct json_doc *doc, const struct json *root,
                         struct preset_query *send, struct err *err)
{
    enum rc rc = read_params(doc, root, false, send, err);
    if (rc != RC_OK)
        return rc;
    const struct json *query = json_get(root, "query");
    if (!preset_uses(send, PLACE_TEXT))
        return json_fail(doc, query, RC_INVALID, err, "no value has {text}");
    if (!preset_uses(send, PLACE_PHONE) && !preset_uses(send, PLACE_PHONE_DIGITS))
        return json_fail(doc, query, RC_INVALID, err, "no value has {phone} or {phone_digits}");
    return RC_OK;
}

static enum rc read_coding(const struct json_doc *doc, const struct json *root,
                           struct preset *preset, struct err *err)
{
    static const char *const known[] = {[SMS_GSM7] = "gsm7", [SMS_UCS2] = "ucs2"};
    const struct json *coding = json_get(root, "coding");
    if (coding == NULL && !preset_uses(&preset->send, PLACE_CODING))
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

/* *ret is the verdict's place among the words. */
static enum rc read_verdict(const struct json_doc *doc, const struct json *o,
                            const struct words *words, int *ret, struct err *err)
{
    const struct json *v;
    enum rc rc = want(doc, o, "verdict", JSON_STRING, &v, err);
    return rc == RC_OK ? json_read_choice(doc, o, "verdict", words->names, words->n, ret, err) : rc;
}

static enum rc read_answer(const struct json_doc *doc, const struct json *o,
                           const struct words *words, struct preset_answer *answer, struct err *err)
{
    static const char *const known[] = {"http", "body_prefix", "body_contains", "verdict",
                                        "id_after"};
    int word = 0;
    enum rc rc = json_expect(doc, o, JSON_OBJECT, "an answer", err);
    if (rc == RC_OK)
        rc = json_check_keys(doc, o, known, COUNT(known), err);
    if (rc == RC_OK)
        rc = read_http(doc, o, answer, err);
    if (rc == RC_OK)
        rc = read_verdict(doc, o, words, &word, err);
    if (rc == RC_OK)
        rc = read_string(doc, o, "body_prefix", &answer->body_prefix, err);
    if (rc == RC_OK)
        rc = read_string(doc, o, "body_contains", &answer->body_contains, err);
    if (rc == RC_OK)
        rc = read_string(doc, o, "id_after", &answer->id_after, err);
    if (rc == RC_OK && (size_t)word < words->n_checked && answer->body_prefix == NULL &&
        answer->body_contains == NULL)
        rc = json_fail(doc, o, RC_INVALID, err,
                       "an answer with the verdict %s needs body_prefix or body_contains, so that "
                       "another server's page is not taken for the provider's word",
                       words->names[word]);
    answer->verdict = words->verdicts[word];
    return rc;
}

static enum rc read_answers(const struct json_doc *doc, const struct json *o,
                            const struct words *words, struct preset_query *query, struct err *err)
{
    const struct json *list;
    size_t cap = 0;
    bool can_have_it = false;
    enum rc rc = want(doc, o, "answers", JSON_ARRAY, &list, err);
    if (rc != RC_OK)
        return rc;
    for (const struct json *v = json_first(list); v != NULL; v = json_next(v)) {
        vec_reserve(&query->answers, query->n_answers, &cap, sizeof *query->answers);
        struct preset_answer *answer = &query->answers[query->n_answers++];
        *answer = (struct preset_answer){0};
        rc = read_answer(doc, v, words, answer, err);
        if (rc != RC_OK)
            return rc;
        can_have_it = can_have_it || answer->verdict == words->verdicts[0];
    }
    return can_have_it ? RC_OK
                       : json_fail(doc, list, RC_INVALID, err, "no answer has the verdict %s",
                                   words->names[0]);
}

/* ---- what can be done about a doubt ---- */

/* A provider that was not told the key cannot know a message by it. */
static enum rc need_key(const struct json_doc *doc, const struct json *root, const char *key,
                        const struct preset *preset, struct err *err)
{
    if (preset_uses(&preset->send, PLACE_IDEM_KEY))
        return RC_OK;
    return json_fail(doc, json_get(root, key), RC_INVALID, err,
                     "\"%s\" needs a value with {idem_key} in \"query\"", key);
}

static enum rc read_repeat(const struct json_doc *doc, const struct json *root,
                           struct preset *preset, struct err *err)
{
    static const char key[] = "repeat_minutes";
    if (json_get(root, key) == NULL)
        return RC_OK;
    enum rc rc = json_read_int(doc, root, key, 1, 7 * 24 * 60, &preset->repeat_minutes, err);
    if (rc == RC_OK)
        rc = need_key(doc, root, key, preset, err);
    /* Providers compare: the same key with other values is an error to some of them. */
    if (rc == RC_OK && preset_uses(&preset->send, PLACE_VALIDITY_MINUTES))
        rc = json_fail(doc, json_get(root, key), RC_INVALID, err,
                       "\"%s\" does not go with {validity_minutes} in \"query\": they have become "
                       "fewer when the text is repeated, and it must be the same request",
                       key);
    return rc;
}

static enum rc read_status(const struct json_doc *doc, const struct json *root,
                           struct preset *preset, struct err *err)
{
    static const char *const known[] = {"path", "query", "answers"};
    const struct json *status = json_get(root, "status");
    if (status == NULL)
        return RC_OK;
    enum rc rc = json_expect(doc, status, JSON_OBJECT, "status", err);
    if (rc == RC_OK)
        rc = json_check_keys(doc, status, known, COUNT(known), err);
    if (rc == RC_OK)
        rc = read_path(doc, status, &preset->status.path, err);
    if (rc == RC_OK)
        rc = read_params(doc, status, true, &preset->status, err);
    if (rc == RC_OK && !preset_uses(&preset->status, PLACE_IDEM_KEY))
        rc = json_fail(doc, json_get(status, "query"), RC_INVALID, err, "no value has {idem_key}");
    if (rc == RC_OK)
        rc = need_key(doc, root, "status", preset, err);
    if (rc == RC_OK)
        rc = read_answers(doc, status, &status_words, &preset->status, err);
    return rc;
}

/* ---- the whole ---- */

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
        rc = read_path(doc, root, &preset->send.path, err);
    if (rc == RC_OK)
        rc = want(doc, root, "max_parts", JSON_NUMBER, &v, err);
    if (rc == RC_OK)
        rc = json_read_int(doc, root, "max_parts", 1, 255, &preset->max_parts, err);
    return rc;
}

static enum rc read_preset(const struct json_doc *doc, struct preset *preset, struct err *err)
{
    static const char *const known[] = {"name",      "method",  "path",           "query", "coding",
                                        "max_parts", "answers", "repeat_minutes", "status"};
    const struct json *root = json_root(doc);
    enum rc rc = json_expect(doc, root, JSON_OBJECT, "a preset", err);
    if (rc == RC_OK)
        rc = json_check_keys(doc, root, known, COUNT(known), err);
    if (rc == RC_OK)
        rc = read_scalars(doc, root, preset, err);
    if (rc == RC_OK)
        rc = read_send(doc, root, &preset->send, err);
    if (rc == RC_OK)
        rc = read_coding(doc, root, preset, err);
    if (rc == RC_OK)
        rc = read_answers(doc, root, &send_words, &preset->send, err);
    if (rc == RC_OK)
        rc = read_repeat(doc, root, preset, err);
    if (rc == RC_OK)
        rc = read_status(doc, root, preset, err);
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
