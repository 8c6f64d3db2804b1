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
/* What is red beyond the rows of a report: the agency itself is ill. */
struct alarms {
    char *playbook;      /* what is wrong with it; NULL: nothing */
    int64_t in_doubt;
    char *hold;          /* why nothing goes out; NULL: nothing stands in the way */
    char *doubt_command; /* what lists the doubts that were counted */
    char *nobodys;       /* "3 open trips are nobody's: …"; NULL: none is, or a manager was named */
};
/* login NULL: of everybody, else of this manager's trips. Adds "playbook", "in_doubt", "hold" and "nobodys" to a document
 * when root is not NULL. */
enum rc agenda_alarms(struct app *app, const char *login, struct json *root, struct alarms *ret,
                      struct err *err) MUST_CHECK;
bool alarms_any(const struct alarms *alarms);
/* A playbook that cannot be read is said before everything else, the rest at the end; unless --quiet or --json. */
void alarms_print_first(struct app *app, const struct alarms *alarms);
void alarms_print(struct app *app, const struct alarms *alarms);
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
