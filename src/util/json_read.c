/* Typed reading of JSON members with errors that name the place. Serves the config, the playbook
 * and the gateway presets, so that all of them speak alike. */
#include <stdlib.h>
#include <string.h>

#include <pps/json.h>
#include <pps/str.h>

enum rc json_expect(const struct json_doc *doc, const struct json *v, enum json_type type,
                    const char *what, struct err *err)
{
    if (json_type_of(v) == type)
        return RC_OK;
    return json_fail(doc, v, RC_INVALID, err, "\"%s\" must be %s, not %s", what,
                     json_type_name(type), json_type_name(json_type_of(v)));
}

enum rc json_read_string(const struct json_doc *doc, const struct json *object, const char *key,
                         char **ret, struct err *err)
{
    const struct json *v = json_get(object, key);
    if (v == NULL)
        return RC_OK;
    enum rc rc = json_expect(doc, v, JSON_STRING, key, err);
    if (rc != RC_OK)
        return rc;
    free(*ret);
    *ret = xstrdup(json_string(v));
    return RC_OK;
}

enum rc json_read_int(const struct json_doc *doc, const struct json *object, const char *key,
                      int min, int max, int *ret, struct err *err)
{
    const struct json *v = json_get(object, key);
    if (v == NULL)
        return RC_OK;
    int64_t n;
    if (!json_int(v, &n) || n < min || n > max)
        return json_fail(doc, v, RC_INVALID, err, "\"%s\" must be a whole number from %d to %d",
                         key, min, max);
    *ret = (int)n;
    return RC_OK;
}

enum rc json_read_choice(const struct json_doc *doc, const struct json *object, const char *key,
                         const char *const *names, size_t n_names, int *ret, struct err *err)
{
    const struct json *v = json_get(object, key);
    if (v == NULL)
        return RC_OK;
    enum rc rc = json_expect(doc, v, JSON_STRING, key, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < n_names; i++) {
        if (strcmp(names[i], json_string(v)) == 0) {
            *ret = (int)i;
            return RC_OK;
        }
    }
    struct sb all = {0};
    for (size_t i = 0; i < n_names; i++)
        sb_addf(&all, "%s%s", i == 0 ? "" : i + 1 == n_names ? " or " : ", ", names[i]);
    rc = json_fail(doc, v, RC_INVALID, err, "\"%s\" is \"%.60s\", but must be %s", key,
                   json_string(v), sb_str(&all));
    sb_fini(&all);
    return rc;
}
