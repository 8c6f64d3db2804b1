/* What today, report --today and report --overdue share: one list of actions with their people. */
#ifndef PPS_CLI_AGENDA_H
#define PPS_CLI_AGENDA_H

#include "app.h"

/* Adds {"rows":[…]} with days_late, colour and everything of the action. */
void agenda_json(struct app *app, struct json *root, const struct agenda *agenda);
/* The table, grouped by manager. */
void agenda_table(struct app *app, const struct agenda *agenda);
/* The id of a manager named on the command line; 0 when none is. */
enum rc agenda_manager(struct app *app, const char *login, int64_t *ret_id,
                       struct err *err) MUST_CHECK;
/* Removes rows of another colour than red (red_only) in place. */
void agenda_keep_red(struct app *app, struct agenda *agenda);
enum colour agenda_colour(struct app *app, const struct agenda_row *row);
/* "last tick: 2026-12-10 08:00", or that it never ran; adds "last_tick" to a document when root is
 * not NULL. */
enum rc agenda_last_tick(struct app *app, struct json *root, char **ret_line, bool *ret_stale,
                         struct err *err) MUST_CHECK;

#endif
