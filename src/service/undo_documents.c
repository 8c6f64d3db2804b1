/* Taking back that a file was attached, moved to another letter or dropped, by what the audit log remembers. What has gone
 * with its letter stays gone. Serves undo.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "documents.h"
#include "undo.h"

static bool takes(const char *verb)
{
    return str_starts(verb, "document-");
}

static int64_t document_of_entry(const struct audit_entry *entry)
{
    struct json_doc *doc;
    struct err ignored;
    if (!takes(entry->verb) || undo_parse(entry, &doc, &ignored) != RC_OK)
        return 0;
    int64_t id = json_int_of(json_root(doc), "document");
    json_doc_free(doc);
    return id;
}

static char *name(const struct audit_entry *entry)
{
    return xasprintf("D%lld", (long long)document_of_entry(entry));
}

static bool same(const struct audit_entry *entry, const struct audit_entry *later)
{
    return takes(later->verb) && document_of_entry(later) == document_of_entry(entry);
}

static enum rc find(const struct desk *desk, const char *word, bool *ret_mine,
                    struct audit_entry *ret, struct err *err)
{
    struct document_row row;
    int64_t id;
    *ret_mine = id_parse_exact(word, 'D', &id);
    if (!*ret_mine)
        return RC_OK;
    enum rc rc = store_document_get(desk->store, id, &row, err);
    if (rc != RC_OK)
        return rc;
    const struct audit_query query = {.occasion_id = row.document.occasion_id,
                                      .limit = UNDO_LOOK_BACK};
    rc = undo_find_about(desk, &query, document_of_entry, id, ret, err);
    document_row_fini(&row);
    return rc;
}

static enum rc restore(const struct desk *desk, const struct audit_entry *entry,
                       const struct document_row *row, struct err *err)
{
    struct json_doc *doc;
    if (str_eq(entry->verb, "document-add"))
        return document_place(desk, row, row->document.step, desk_now(desk), err);
    enum rc rc = undo_parse(entry, &doc, err);
    if (rc != RC_OK)
        return rc;
    const struct json *root = json_root(doc);
    rc = document_place(desk, row, str_or(json_string(json_get(root, "step")), row->document.step),
                        json_int_of(root, "dropped"), err);
    json_doc_free(doc);
    return rc;
}

static enum rc undo_entry(const struct desk *desk, const struct audit_entry *entry, char **ret_what,
                          struct err *err)
{
    struct document_row row = {0}, now = {0};
    enum rc rc = store_document_get(desk->store, document_of_entry(entry), &row, err);
    if (rc == RC_OK)
        rc = restore(desk, entry, &row, err);
    if (rc == RC_OK)
        rc = store_document_get(desk->store, row.document.id, &now, err);
    if (rc == RC_OK && now.document.dropped_at != 0)
        *ret_what = xasprintf("%s of D%lld is taken back: it does not go", entry->verb,
                              (long long)now.document.id);
    else if (rc == RC_OK)
        *ret_what = xasprintf("%s of D%lld is taken back: it goes with %s", entry->verb,
                              (long long)now.document.id, now.document.step);
    document_row_fini(&row);
    document_row_fini(&now);
    return rc;
}

const struct undoer undo_of_documents = {
    .takes = takes, .undo = undo_entry, .name = name, .find = find, .same = same};
