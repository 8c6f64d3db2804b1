/* What is said of a trip whose dates were changed after the client was told the old ones. */
#ifndef PPS_CLI_MOVED_H
#define PPS_CLI_MOVED_H

#include "app.h"

/* before: the trip as it was; file: as it is, planned anew. Says nothing when nothing follows. */
void show_moved(struct app *app, const struct occasion *before, const struct occasion_file *file);
/* The same for programs: "correction", "tell_client", "withdrawn", "opened_again". */
void moved_json(struct json *root, const struct occasion *before, const struct occasion_file *file);

#endif
