/* What became of the files that were to go with letters. A manager who attached a voucher wants one word: is it with the
 * client? The director wants to see those that are not, and never will be by themselves. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/views.h>

#include "documents_show.h"

static const char *size_text(int64_t bytes, char buf[24])
{
    if (bytes < 1024)
        (void)snprintf(buf, 24, "%lld B", (long long)bytes);
    else if (bytes < 1 << 20)
        (void)snprintf(buf, 24, "%lld kB", (long long)((bytes + 512) >> 10));
    else
        (void)snprintf(buf, 24, "%.1f MB", (double)bytes / (1 << 20));
    return buf;
}

/* Why its letter does not take it along. */
static char *why_it_stays(const struct document_row *row)
{
    long long id = (long long)row->document.id;
    const char *step = row->bearer_id != 0 ? row->bearer_step : row->document.step;
    if (row->bearer_id == 0)
        return xasprintf("not sent: %s is not planned (pps attach D%lld --step …)", step, id);
    if (channel_is_human(row->bearer_channel) || row->bearer_channel == CHANNEL_SMS)
        return xasprintf("not sent: %s goes by %s (pps attach D%lld --step …)", step,
                         channel_word(row->bearer_channel), id);
    return xasprintf("not sent: %s is %s%s%s (pps attach D%lld --step …)", step,
                     state_words(row->bearer), str_empty(row->bearer_reason) ? "" : ", ",
                     str_or(row->bearer_reason, ""), id);
}

char *document_state(const struct document_row *row)
{
    const char *step = row->bearer_id != 0 ? row->bearer_step : row->document.step;
    switch (document_fate(row)) {
    case DOCUMENT_WAITS:
        return xasprintf("goes with %s", step);
    case DOCUMENT_SENT:
        return xasprintf("sent with %s", row->carrier_step);
    case DOCUMENT_UNSURE:
        return xasprintf("went with %s; whether that arrived is not known",
                         str_or(row->carrier_step, step));
    case DOCUMENT_STAYS:
        return why_it_stays(row);
    case DOCUMENT_OVER:
        return xasprintf("not sent: %s has ended", kind_words(row->occasion.kind));
    case DOCUMENT_DROPPED:
        return xstrdup("dropped");
    }
    return xstrdup("");
}

static enum style style_of(const struct document_row *row)
{
    enum document_fate fate = document_fate(row);
    if (fate == DOCUMENT_STAYS)
        return STYLE_RED;
    return fate == DOCUMENT_DROPPED || fate == DOCUMENT_OVER ? STYLE_DIM : STYLE_PLAIN;
}

void documents_table(struct app *app, const struct document_rows *rows, bool red)
{
    static const char *const names[] = {"manager", "document", "name", "size", "client", "state"};
    static const size_t widths[] = {16, 0, 40, 0, 28, 80};
    struct table *table = table_new(names, app->tty ? widths : NULL, 6);
    for (size_t i = 0; i < rows->n; i++) {
        const struct document_row *row = &rows->v[i];
        char size[24], *state = document_state(row);
        table_row(table, style_of(row));
        table_cell(table, red ? str_or(row->manager, "(nobody)") : NULL);
        table_cellf(table, "D%lld", (long long)row->document.id);
        table_cell(table, row->document.name);
        table_cell(table, size_text(row->document.size, size));
        if (red)
            table_cellf(table, "C%lld %s", (long long)row->occasion.client_id, row->client_name);
        else
            table_cell(table, NULL);
        table_cell(table, state);
        free(state);
    }
    table_print(table, app->out, app->colour);
    table_free(table);
}

struct json *document_json(struct app *app, struct json *parent, const char *key,
                           const struct document_row *row)
{
    const struct document *d = &row->document;
    struct json *o = json_add_object(parent, key);
    view_id(o, "id", 'D', d->id);
    view_occasion_id(o, "occasion", row->occasion.kind, d->occasion_id);
    view_id(o, "client", 'C', row->occasion.client_id);
    json_add_string(o, "step", d->step);
    json_add_string(o, "name", d->name);
    json_add_string(o, "type", d->type);
    json_add_int(o, "bytes", d->size);
    json_add_string(o, "state", document_fate_name(document_fate(row)));
    view_id(o, "letter", 'A', row->bearer_id);
    json_add_string(o, "manager", row->manager);
    view_instant(o, "added", d->added_at, app->zone);
    view_instant(o, "dropped", d->dropped_at, app->zone);
    return o;
}

void documents_json(struct app *app, struct json *root, const struct document_rows *rows)
{
    struct json *list = json_add_array(root, "documents");
    for (size_t i = 0; i < rows->n; i++)
        (void)document_json(app, list, NULL, &rows->v[i]);
}

enum rc documents_of_card(struct app *app, int64_t occasion_id, struct json *root, struct err *err)
{
    struct document_rows rows;
    enum rc rc = store_documents(app->store, occasion_id, 0, &rows, err);
    if (rc != RC_OK)
        return rc;
    if (root != NULL)
        documents_json(app, root, &rows);
    for (size_t i = 0; i < rows.n && root == NULL; i++) {
        char size[24], *state = document_state(&rows.v[i]);
        say(app, "  D%lld %s, %s: %s\n", (long long)rows.v[i].document.id, rows.v[i].document.name,
            size_text(rows.v[i].document.size, size), state);
        free(state);
    }
    document_rows_fini(&rows);
    return RC_OK;
}
