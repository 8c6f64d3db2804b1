/* The room's private header: what reading pps.json and reading a playbook share. */
#ifndef PPS_CORE_READ_H
#define PPS_CORE_READ_H

#include <pps/civil.h>
#include <pps/json.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Leaves the function with the error of a call that failed. For readers that own nothing but what their caller frees. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum rc try_rc = (call);                                                                   \
        if (try_rc != RC_OK)                                                                       \
            return try_rc;                                                                         \
    } while (0)

/* A member "HH:MM"; an absent one leaves *ret alone. */
enum rc read_minute(const struct json_doc *doc, const struct json *object, const char *key,
                    int16_t *ret, struct err *err) MUST_CHECK;
/* Opens a nested object of known keys: *ret is NULL when the key is absent. */
enum rc read_section(const struct json_doc *doc, const struct json *parent, const char *key,
                     const char *const *known, size_t n_known, const struct json **ret,
                     struct err *err) MUST_CHECK;

#endif
