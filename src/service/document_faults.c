/* Documents that would hold their letters: a file is judged when it is attached, and by what is known of mail servers then.
 * Looked at once more before the day, because a held voucher helps nobody. Serves doctor; message judges the letter. */
#include <stdlib.h>

#include <pps/documents.h>
#include <pps/mailable.h>
#include <pps/str.h>

void document_faults_fini(struct document_faults *faults)
{
    for (size_t i = 0; i < faults->n; i++)
        free(faults->v[i].what);
    free(faults->v);
    *faults = (struct document_faults){0};
}

static enum rc look_at(const struct desk *desk, const struct document_row *row,
                       struct document_faults *io, struct err *err)
{
    char *bytes = NULL;
    size_t len = 0;
    enum rc rc = store_document_bytes(desk->store, row->document.id, &bytes, &len, err);
    if (rc != RC_OK)
        return rc;
    char *fault = mailable_fault(row->document.name, bytes, len);
    if (fault != NULL) {
        vec_reserve(&io->v, io->n, &io->cap, sizeof *io->v);
        io->v[io->n++] =
            (struct document_fault){.document_id = row->document.id,
                                    .occasion_id = row->occasion.id,
                                    .kind = row->occasion.kind,
                                    .what = xasprintf("%s %s", row->document.name, fault)};
    }
    free(fault);
    free(bytes);
    return RC_OK;
}

enum rc service_document_faults(const struct desk *desk, struct document_faults *ret,
                                struct err *err)
{
    struct document_rows rows;
    struct document_faults found = {0};
    enum rc rc = store_documents(desk->store, 0, 0, &rows, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < rows.n && rc == RC_OK; i++) {
        if (document_fate(&rows.v[i]) == DOCUMENT_WAITS)
            rc = look_at(desk, &rows.v[i], &found, err);
    }
    document_rows_fini(&rows);
    if (rc == RC_OK)
        *ret = found;
    else
        document_faults_fini(&found);
    return rc;
}
