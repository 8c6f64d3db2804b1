/* Documents in words, tables and JSON: for pps attach, the card of a trip, and report --overdue. */
#ifndef PPS_CLI_DOCUMENTS_SHOW_H
#define PPS_CLI_DOCUMENTS_SHOW_H

#include <pps/documents.h>

#include "app.h"

/* "waits for packing on 14.12.2026", "sent with packing" … New string. */
char *document_state(const struct document_row *row);
void documents_table(struct app *app, const struct document_rows *rows, bool red);
struct json *document_json(struct app *app, struct json *parent, const char *key,
                           const struct document_row *row);
void documents_json(struct app *app, struct json *root, const struct document_rows *rows);

/* What goes with the letters of an occasion, on its card: nothing is said when there is nothing. */
enum rc documents_of_card(struct app *app, int64_t occasion_id, struct json *root,
                          struct err *err) MUST_CHECK;

#endif
