/* A letter's template taken apart: its header lines and its body. */
#ifndef PPS_MESSAGE_SHEET_H
#define PPS_MESSAGE_SHEET_H

#include <stdbool.h>

#include "catalog.h"
#include "mustache.h"

enum sheet_header {
    HEADER_SUBJECT,
    HEADER_PREHEADER,
    HEADER_FROM,
    HEADER_ATTACHMENTS,
    HEADER_SIGN_OFF,
    HEADER_COUNT
};

/* Borrows the template's text; text is NULL for a header that is not there. */
struct sheet {
    struct mustache_source headers[HEADER_COUNT];
    struct mustache_source body;
    bool from_agency; /* "From: agency": it signs by its name, whoever's turn it would be */
};

const char *sheet_header_name(enum sheet_header header);
/* Errors: RC_INVALID "file:line: what". */
enum rc sheet_take_apart(const struct template_text *source, struct sheet *ret,
                         struct err *err) MUST_CHECK;

#endif
