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
