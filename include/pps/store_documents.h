/* The store's verbs for documents: files that go with a letter. As in <pps/store.h>, writing verbs only inside a
 * transaction. */
#ifndef PPS_STORE_DOCUMENTS_H
#define PPS_STORE_DOCUMENTS_H

#include <pps/document.h>
#include <pps/store.h>

/* RC_EXISTS: one of this name goes with the same letter. *ret_id is its number. */
enum rc store_document_add(struct store *store, const struct document *document, const char *bytes,
                           int64_t *ret_id, struct err *err) MUST_CHECK;
/* Writes what may change: the letter that it goes with, and whether it was dropped. RC_EXISTS as above. */
enum rc store_document_update(struct store *store, const struct document *document,
                              struct err *err) MUST_CHECK;
enum rc store_document_get(struct store *store, int64_t id, struct document_row *ret,
                           struct err *err) MUST_CHECK; /* RC_NOTFOUND */
/* *ret_bytes is new and has document.size bytes. */
enum rc store_document_bytes(struct store *store, int64_t id, char **ret_bytes, size_t *ret_len,
                             struct err *err) MUST_CHECK;

/* All of an occasion, or (id 0) all of occasions that have not ended, which were neither dropped nor sent, of one manager
 * (0: of all). By number. */
enum rc store_documents(struct store *store, int64_t occasion_id, int64_t manager_id,
                        struct document_rows *ret, struct err *err) MUST_CHECK;

/* A frozen message carries this document. */
enum rc store_message_carries(struct store *store, int64_t action_id, int64_t document_id,
                              struct err *err) MUST_CHECK;

#endif
