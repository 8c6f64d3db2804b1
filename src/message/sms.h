/* The words of an SMS, from a template that may begin with header lines: "Transliterate: yes", "Parts: 2". */
#ifndef PPS_MESSAGE_SMS_H
#define PPS_MESSAGE_SMS_H

#include <stdbool.h>

#include "template.h"

struct sms_sheet {
    bool latin;   /* it goes out in Latin letters */
    size_t parts; /* it is meant to take up to so many; 1 when nothing is said */
    struct mustache_source body;
};
/* The sheet borrows from source. RC_INVALID "file:line:column: …". */
enum rc sms_sheet_read(const struct template_text *source, struct sms_sheet *ret,
                       struct err *err) MUST_CHECK;
/* The text as it goes out. New string. */
enum rc sms_write(const struct template_job *job, char **ret_text, struct err *err) MUST_CHECK;

#endif
