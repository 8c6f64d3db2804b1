/* What reading pps.json and reading a playbook share. Pure. */
#include "read.h"

enum rc read_minute(const struct json_doc *doc, const struct json *object, const char *key,
                    int16_t *ret, struct err *err)
{
    const struct json *v = json_get(object, key);
    struct err why = {0};
    if (v == NULL)
        return RC_OK;
    TRY(json_expect(doc, v, JSON_STRING, key, err));
    if (minute_parse(json_string(v), ret, &why) != RC_OK)
        return json_fail(doc, v, RC_INVALID, err, "%s", why.message);
    return RC_OK;
}

enum rc read_section(const struct json_doc *doc, const struct json *parent, const char *key,
                     const char *const *known, size_t n_known, const struct json **ret,
                     struct err *err)
{
    *ret = json_get(parent, key);
    if (*ret == NULL)
        return RC_OK;
    TRY(json_expect(doc, *ret, JSON_OBJECT, key, err));
    return json_check_keys(doc, *ret, known, n_known, err);
}
