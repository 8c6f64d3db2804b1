/* Things for clients that are late: rows of report --overdue. */
#ifndef PPS_CLI_OVERDUE_THINGS_H
#define PPS_CLI_OVERDUE_THINGS_H

#include <pps/store_things.h>

#include "app.h"

/* What is not ready on the day of its visit, and what is ready and was not handed over two days after it. owner_id 0:
 * everybody's. */
enum rc overdue_things(struct app *app, int64_t owner_id, struct thing_rows *ret,
                       struct err *err) MUST_CHECK;
void overdue_things_table(struct app *app, const struct thing_rows *rows);
/* Adds {"things":[…]}. */
void overdue_things_json(struct app *app, struct json *root, const struct thing_rows *rows);

#endif
