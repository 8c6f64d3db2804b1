/* Things for clients that are late: rows of report --overdue. */
#ifndef PPS_CLI_OVERDUE_THINGS_H
#define PPS_CLI_OVERDUE_THINGS_H

#include <pps/store_things.h>

#include "app.h"

void overdue_things_table(struct app *app, const struct thing_rows *rows);
/* Adds {"things":[…]}. */
void overdue_things_json(struct app *app, struct json *root, const struct thing_rows *rows);

#endif
