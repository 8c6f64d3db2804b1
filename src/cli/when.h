/* When an action is due, in words, and by whose clock. */
#ifndef PPS_CLI_WHEN_H
#define PPS_CLI_WHEN_H

#include <pps/steer.h>

#include "app.h"

/* "2026-12-09 11:00", and for a call to a client with another clock "2026-12-09 11:00, 18:00 at theirs" (with the day, when
 * it is another one there). client_tz NULL: the agency's. New string. */
char *when_due(struct app *app, const struct action *action, const char *client_tz);
/* The same with the day of the week, for an action whose client is looked up; a message's hour is the client's. New string. */
char *when_line(struct app *app, const struct action *action);
/* What is unusual about the day and the hour of a visit, in words: "they travel 10.11.2026 - 20.11.2026" when the client of
 * this trip is on one of theirs then, that nobody works, or that the hour has passed (a day that has is refused before);
 * people may agree to that. New string; NULL: nothing, or there is no visit. */
char *when_unusual(struct app *app, int64_t trip_id, struct civil visit);
/* Adds "due_at_client" to the JSON of an action: what the client's clock shows, or null when it is the same. */
void when_json(struct app *app, struct json *object, const struct action *action,
               const char *client_tz);
/* The document of a command that steers one action, or its line for people: "A7 Welcome home, …: WORDS (pps undo A7 takes it
 * back)". */
void when_show(struct app *app, const char *command, const struct action *action,
               const char *words);

#endif
