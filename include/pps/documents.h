/* The use cases around documents: files that go with a letter. As all services each is one transaction with its line in
 * the audit log. */
#ifndef PPS_DOCUMENTS_H
#define PPS_DOCUMENTS_H

#include <pps/service.h>
#include <pps/store_documents.h>

enum {
    DOCUMENT_MAX_BYTES = 5 << 20, /* of one */
    DOCUMENTS_MAX_BYTES =
        10
        << 20, /* of all that go with one letter: many mail servers take no more than 25 MB, and what
                                       stands in a letter is a third longer there */
    DOCUMENT_NAME_MAX = 100 /* characters */
};

/* As typed; everything is checked here. */
struct document_entry {
    const char *whom; /* an occasion; or a client: then their only current trip */
    const char *path;
    const char *step; /* NULL: the next letter that is to go */
    const char *name; /* as the client will see it; NULL: the file's own */
};
/* RC_INVALID: the file is empty, too large, or a program; RC_REJECTED: no letter of this step is still to go by e-mail;
 * RC_EXISTS: one of this name goes with the same letter. */
enum rc service_document_add(const struct desk *desk, const struct document_entry *entry,
                             struct document_row *ret, struct err *err) MUST_CHECK;
/* It goes with another letter of the same occasion. id as typed, "D3". */
enum rc service_document_move(const struct desk *desk, const char *id, const char *step,
                              struct document_row *ret, struct err *err) MUST_CHECK;
/* It does not go after all. RC_REJECTED: it has gone, or was dropped before. */
enum rc service_document_drop(const struct desk *desk, const char *id, struct document_row *ret,
                              struct err *err) MUST_CHECK;
/* A document that waits for its letter, and would hold it: it was attached before the program knew that mail servers refuse
 * such files. */
struct document_fault {
    int64_t document_id, occasion_id;
    enum kind kind; /* of the occasion */
    char *what;     /* the name, what is wrong, what to do */
};
struct document_faults {
    struct document_fault *v;
    size_t n, cap;
};
void document_faults_fini(struct document_faults *faults);
/* Of all letters that are still to go; by number. */
enum rc service_document_faults(const struct desk *desk, struct document_faults *ret,
                                struct err *err) MUST_CHECK;
/* The file is written to path, which must not exist. */
enum rc service_document_save(const struct desk *desk, const char *id, const char *path,
                              struct document_row *ret, struct err *err) MUST_CHECK;

#endif
