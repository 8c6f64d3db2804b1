/* The article's sheet: report --checklist. */
#ifndef PPS_CLI_CHECKLIST_H
#define PPS_CLI_CHECKLIST_H

#include "app.h"

/* Prints the table, or adds {"rows":[…]} to root with --json. *ret_red is set when a row is red. */
enum rc checklist_show(struct app *app, struct checklist_query *query, struct json *root,
                       bool *ret_red, struct err *err) MUST_CHECK;

#endif
