/* Presets: an SMS provider is a file, not a branch in the code. Fills the templates and says what
 * an answer means: what the preset foresees decides first, then the status alone, and whatever
 * nobody foresaw is a doubt rather than a guess. No network, no files. Serves http.c. */
#include <stdlib.h>
#include <string.h>

#include "gateway.h"
#include "preset.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

const char *const preset_place_names[PLACE_COUNT] = {
    [PLACE_USER] = "user",
    [PLACE_PASSWORD] = "password",
    [PLACE_SENDER] = "sender",
    [PLACE_PHONE] = "phone",
    [PLACE_PHONE_DIGITS] = "phone_digits",
    [PLACE_TEXT] = "text",
    [PLACE_CODING] = "coding",
    [PLACE_VALIDITY_MINUTES] = "validity_minutes",
    [PLACE_IDEM_KEY] = "idem_key",
};

/* ---- templates ---- */

enum placeholder preset_place_at(const char *p, size_t *ret_len)
{
    size_t len = strcspn(p, "{}");
    for (size_t i = 0; i < PLACE_COUNT; i++) {
        if (p[len] == '}' && strlen(preset_place_names[i]) == len &&
            strncmp(p, preset_place_names[i], len) == 0) {
            *ret_len = len;
            return (enum placeholder)i;
        }
    }
    return PLACE_COUNT;
}

void preset_expand(const char *template, const char *const values[PLACE_COUNT], struct sb *out)
{
    for (const char *p = template; *p != '\0';) {
        size_t len = 0;
        enum placeholder place = *p == '{' ? preset_place_at(p + 1, &len) : PLACE_COUNT;
        if (place == PLACE_COUNT) {
            sb_addc(out, *p++);
        } else {
            sb_add(out, str_or(values[place], ""));
            p += len + 2;
        }
    }
}

bool preset_uses(const struct preset_query *query, enum placeholder place)
{
    char *tag = xasprintf("{%s}", preset_place_names[place]);
    bool used = false;
    for (size_t i = 0; i < query->n_params && !used; i++)
        used = strstr(query->params[i].value, tag) != NULL;
    free(tag);
    return used;
}

/* ---- answers ---- */

static const struct {
    int low, high;
    enum delivery_class class;
} statuses[] = {
    {300, 399, DELIVERY_CONFIG},   /* never followed: it would carry the login elsewhere */
    {401, 403, DELIVERY_CONFIG},   /* login or credit */
    {408, 409, DELIVERY_IN_DOUBT}, /* the first try may be at work */
    {429, 429, DELIVERY_REFUSED_TEMP}, {400, 499, DELIVERY_REFUSED_PERM},
};

enum delivery_class http_status_class(int status)
{
    for (size_t i = 0; i < COUNT(statuses); i++) {
        if (status >= statuses[i].low && status <= statuses[i].high)
            return statuses[i].class;
    }
    /* 2xx that nobody foresaw, and 5xx: whoever stands behind a failing front may have accepted. */
    return DELIVERY_IN_DOUBT;
}

static bool answer_fits(const struct preset_answer *answer, const struct http_reply *reply)
{
    bool status = false;
    for (size_t i = 0; i < answer->n_http && !status; i++)
        status = answer->http[i] == reply->status;
    if (!status)
        return false;
    const char *prefix = str_or(answer->body_prefix, ""), *part = str_or(answer->body_contains, "");
    size_t prefix_len = strlen(prefix);
    return reply->len >= prefix_len && memcmp(reply->body, prefix, prefix_len) == 0 &&
           memmem(reply->body, reply->len, part, strlen(part)) != NULL;
}

/* Ids are short and plain; anything else that stands there is not taken for one. */
static void take_id(const struct preset_answer *answer, const struct http_reply *reply,
                    char id[128])
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-";
    if (answer->id_after == NULL)
        return;
    size_t mark = strlen(answer->id_after), n = 0;
    const char *p = memmem(reply->body, reply->len, answer->id_after, mark);
    if (p == NULL)
        return;
    p += mark;
    size_t left = reply->len - (size_t)(p - reply->body);
    while (n < left && n < 127 && p[n] != '\0' && strchr(allowed, p[n]) != NULL)
        n++;
    memcpy(id, p, n);
    id[n] = '\0';
}

/* NULL when none fits. A reply that is cut or too long fits none. */
static const struct preset_answer *match(const struct preset_query *query,
                                         const struct http_reply *reply)
{
    for (size_t i = 0; i < query->n_answers && reply->whole; i++) {
        if (answer_fits(&query->answers[i], reply))
            return &query->answers[i];
    }
    return NULL;
}

enum delivery_class preset_classify(const struct preset *preset, const struct http_reply *reply,
                                    char ret_id[128])
{
    const struct preset_answer *answer = match(&preset->send, reply);
    ret_id[0] = '\0';
    if (answer == NULL)
        return http_status_class(reply->status);
    take_id(answer, reply, ret_id);
    return (enum delivery_class)answer->verdict;
}

enum finding preset_find(const struct preset *preset, const struct http_reply *reply,
                         char ret_id[128])
{
    const struct preset_answer *answer = match(&preset->status, reply);
    ret_id[0] = '\0';
    if (answer == NULL)
        return FINDING_NO_ANSWER;
    if (answer->verdict == FINDING_SENT)
        take_id(answer, reply, ret_id);
    return (enum finding)answer->verdict;
}

static void query_fini(struct preset_query *query)
{
    for (size_t i = 0; i < query->n_params; i++) {
        free(query->params[i].key);
        free(query->params[i].value);
    }
    for (size_t i = 0; i < query->n_answers; i++) {
        struct preset_answer *answer = &query->answers[i];
        free(answer->http);
        free(answer->body_prefix);
        free(answer->body_contains);
        free(answer->id_after);
    }
    free(query->params);
    free(query->answers);
    free(query->path);
}

void preset_fini(struct preset *preset)
{
    if (preset == NULL)
        return;
    query_fini(&preset->send);
    query_fini(&preset->status);
    free(preset->coding[SMS_GSM7]);
    free(preset->coding[SMS_UCS2]);
    free(preset->name);
    *preset = (struct preset){0};
}
