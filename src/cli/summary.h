/* The figures of a period on one screen: report --summary. */
#ifndef PPS_CLI_SUMMARY_H
#define PPS_CLI_SUMMARY_H

#include <pps/summary.h>

#include "app.h"

/* Prints the tables, or adds the figures to root with --json. manager: whose figures they are; NULL: everybody's. */
enum rc summary_show(struct app *app, const struct summary_query *query, const char *manager,
                     struct json *root, struct err *err) MUST_CHECK;

#endif
