/* Private: the translations of pps.json. */
#ifndef PPS_CORE_TRANSLATIONS_H
#define PPS_CORE_TRANSLATIONS_H

#include <pps/json.h>
#include <pps/translations.h>

/* "translations": {"en": {"Тёплые страны": "Warm Countries"}}, when the object has them. */
enum rc translations_read(const struct json_doc *doc, const struct json *object,
                          struct translations *ret, struct err *err) MUST_CHECK;

#endif
