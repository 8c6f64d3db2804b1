/* What today, report --today and report --overdue share: one list of actions with their people. */
#ifndef PPS_CLI_AGENDA_H
#define PPS_CLI_AGENDA_H

#include <pps/agenda.h>

#include "app.h"

/* Adds {"rows":[…]} with days_late, colour and everything of the action. */
void agenda_json(struct app *app, struct json *root, const struct agenda *agenda);
/* Adds paused_until, open_complaint and no_messages to the form of a row. */
void heed_json(struct json *o, const struct heed *heed);
/* The table, grouped by manager. */
void agenda_table(struct app *app, const struct agenda *agenda);
/* The id of a manager named on the command line; 0 when none is. */
enum rc agenda_manager(struct app *app, const char *login, int64_t *ret_id,
                       struct err *err) MUST_CHECK;
/* What every report ends with, in red, when something is in doubt or a tick was held. */
struct alarms {
    int64_t in_doubt;
    char *hold;          /* why nothing goes out; NULL: nothing stands in the way */
    char *doubt_command; /* what lists the doubts that were counted */
};
/* login NULL: everybody's doubts, else those of this manager's trips. Adds "in_doubt" and "hold" to a document when
 * root is not NULL. */
enum rc agenda_alarms(struct app *app, const char *login, struct json *root, struct alarms *ret,
                      struct err *err) MUST_CHECK;
bool alarms_any(const struct alarms *alarms);
void alarms_print(struct app *app, const struct alarms *alarms); /* unless --quiet or --json */
void alarms_fini(struct alarms *alarms);
/* "last tick: 2026-12-10 08:00", or that it never ran; adds "last_tick", "unseen_since" and "down" to a document when
 * root is not NULL. */
struct last_tick {
    char *line;
    bool stale;    /* too long ago */
    bool unseen;   /* and something that is due has waited for it for hours */
    char *down[2]; /* "e-mail does not go out: …" for what it could not use; or NULL */
};
enum rc agenda_last_tick(struct app *app, struct json *root, struct last_tick *ret,
                         struct err *err) MUST_CHECK;
void last_tick_print(struct app *app, const struct last_tick *last); /* unless --quiet or --json */
void last_tick_fini(struct last_tick *last);

#endif
