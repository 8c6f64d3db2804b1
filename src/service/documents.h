/* What undo needs of documents. */
#ifndef PPS_SERVICE_DOCUMENTS_H
#define PPS_SERVICE_DOCUMENTS_H

#include <pps/documents.h>

/* Inside a transaction: it goes with this letter, or (dropped_at not 0) with none. RC_REJECTED: it has gone. */
enum rc document_place(const struct desk *desk, const struct document_row *was, const char *step,
                       int64_t dropped_at, struct err *err) MUST_CHECK;
/* The line in the audit log; before NULL: it is new. */
enum rc document_audit(const struct desk *desk, const char *verb, const struct document_row *row,
                       const struct document *before, struct err *err) MUST_CHECK;

#endif
