/* Private: how feedback and complaints are shown, and what followed from entering them. */
#ifndef PPS_CLI_HEARD_H
#define PPS_CLI_HEARD_H

#include <pps/follows.h>

#include "app.h"

/* The lines of an answer or a complaint below its head: grades, words, cause, what came of it. Nothing for other kinds. */
void show_heard(struct app *app, const struct occasion_file *file);
/* The same as members of the JSON of an occasion. */
void heard_json(struct app *app, struct json *occasion, const struct occasion *o);
void feedback_json(struct json *object, const struct feedback *feedback);
void complaint_json(struct json *object, const struct complaint *complaint);
/* What is to be done now, what goes, what waits and what stays away. */
void show_follows(struct app *app, const struct follows *follows);
/* The same: {"changed": [{"id", "step", "state", "was"}]}. */
void follows_json(struct json *root, const struct follows *follows);

/* Under a call that asks whether a complaint is really solved: the command for the answer no. Nothing for any other work. */
void say_reopen(struct app *app, const struct case_file *file);

/* Options of a command with several verbs: those that are given must be among `allowed` (a list with blanks between).
 * RC_USAGE: "--cause does not belong to pps complaint add". */
enum rc check_options(const struct args *args, const char *command, const char *allowed,
                      struct err *err) MUST_CHECK;
/* "21.12.2026 10:15", or without the hour; "" for none. */
enum { PEOPLE_DATE_BYTES = 2 * CIVIL_TEXT_BYTES };
void people_moment(struct civil c, char buf[PEOPLE_DATE_BYTES]);

#endif
