/* What became of a document, judged by its letter. Serves the card of a trip, pps attach and report --overdue. */
#include <stdlib.h>

#include <pps/document.h>

void document_row_fini(struct document_row *row)
{
    document_fini(&row->document);
    occasion_fini(&row->occasion);
    free(row->client_name);
    free(row->manager);
    free(row->carrier_step);
    free(row->bearer_step);
    free(row->bearer_reason);
    *row = (struct document_row){0};
}

void document_rows_fini(struct document_rows *rows)
{
    for (size_t i = 0; i < rows->n; i++)
        document_row_fini(&rows->v[i]);
    free(rows->v);
    *rows = (struct document_rows){0};
}

const char *document_fate_name(enum document_fate fate)
{
    static const char *const names[] = {
        [DOCUMENT_WAITS] = "waits", [DOCUMENT_SENT] = "sent", [DOCUMENT_UNSURE] = "unsure",
        [DOCUMENT_STAYS] = "stays", [DOCUMENT_OVER] = "over", [DOCUMENT_DROPPED] = "dropped",
    };
    return names[fate];
}

/* Whether the letter may still be made, by e-mail: then it takes the document along. */
static bool is_ahead(const struct document_row *row)
{
    if (row->bearer_id == 0 || row->bearer_channel != CHANNEL_EMAIL)
        return false;
    switch (row->bearer) {
    case STATE_PENDING:
    case STATE_CLAIMED:
    case STATE_HELD:
        return true;
    default:
        return false;
    }
}

enum document_fate document_fate(const struct document_row *row)
{
    bool carried = row->carrier_step != NULL;
    bool may_have_gone =
        row->carrier == STATE_AT_RISK || row->carrier == STATE_IN_DOUBT || row->perhaps;
    if (carried && row->carrier == STATE_SENT)
        return DOCUMENT_SENT;
    if (carried ? may_have_gone : row->words_lost)
        return DOCUMENT_UNSURE;
    if (row->document.dropped_at != 0)
        return DOCUMENT_DROPPED;
    if (row->occasion.ended)
        return DOCUMENT_OVER;
    return is_ahead(row) ? DOCUMENT_WAITS : DOCUMENT_STAYS;
}
