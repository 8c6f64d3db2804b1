/* Private to the room: what the passing of time, moved dates and a new playbook bring with them. */
#ifndef PPS_SERVICE_TIME_H
#define PPS_SERVICE_TIME_H

#include "internal.h"

/* ---- planning.c ---- */
/* The playbook of today, which is the store's own, and its text; nothing is written. */
enum rc planning_read_current(const struct desk *desk, const struct playbook **ret, char **ret_text,
                              struct err *err) MUST_CHECK;
/* Looks at a plan before it is written; it may take items out of it. */
typedef enum rc planning_look(const struct desk *desk, const struct occasion_file *file,
                              struct plan *plan, struct err *err);
/* As planning_apply, with a look in between (NULL: none). */
enum rc planning_apply_after(const struct desk *desk, const struct occasion_file *file,
                             planning_look *look, struct err *err) MUST_CHECK;

/* ---- replan_past.c ---- */
/* What waits, and whose step is not in the occasion's playbook any more, is not to be done. */
enum rc replan_drop_unknown(const struct desk *desk, const struct occasion_file *file,
                            struct err *err) MUST_CHECK;
/* What is open again for a date that has moved since (its tick-off was taken back): the repetition takes its place. */
enum rc replan_drop_repeated(const struct desk *desk, const struct occasion_file *file,
                             struct err *err) MUST_CHECK;

/* Gives an occasion the playbook of this version, in the file as well, and plans it anew; the past is spared. */
enum rc replan_with(const struct desk *desk, struct occasion_file *file, int64_t version,
                    struct err *err) MUST_CHECK;

/* ---- replan.c ---- */
/* What one occasion gets now another one may have had: when the client has more than these n_done, all are planned anew. */
enum rc replan_others(const struct desk *desk, int64_t client_id, size_t n_done,
                      struct err *err) MUST_CHECK;
/* Members of the detail of a "plan" in the log: the versions before and after, and the rows that were dropped because their
 * step is gone, as they were. */
#define PLAN_WAS "was"
#define PLAN_IS "is"
#define PLAN_DROPPED_ROWS "dropped"

/* Remembers the value of consent.marketing by which everything is planned; only_first: unless one is remembered already.
 * Inside a transaction. */
enum rc replan_note_consent(const struct desk *desk, bool only_first, struct err *err) MUST_CHECK;

/* ---- greetings.c ---- */
/* One part of what runs before a tick: the greetings of today and of the next days. */
enum rc greet_all(const struct desk *desk, struct err *err) MUST_CHECK;
/* The client's birthday was changed: what has not gone yet follows it. Inside a transaction; the planning is the caller's. */
enum rc greetings_follow(const struct desk *desk, const struct client *client,
                         struct err *err) MUST_CHECK;

/* ---- zones.c ---- */
/* Another part: marks as stale what waits by the clock of a zone whose law has changed. */
enum rc zones_follow(const struct desk *desk, struct err *err) MUST_CHECK;

/* ---- correction.c ---- */
/* Whether the client has been told dates that are not the trip's any more, and that still lie ahead. */
bool correction_is_owed(const struct desk *desk, const struct occasion_file *file);
/* Whether a step that is open once more is for a date that the client knows already. */
bool correction_is_known(const struct occasion_file *file, const struct step *step);
/* After the dates of a trip were changed, before it is stored and planned: sets or clears "moved". */
void correction_mark(const struct desk *desk, struct occasion_file *file);
/* After it was planned: writes down in the correction what dates it tells, or why it is not needed any more. */
enum rc correction_note(const struct desk *desk, int64_t occasion_id, struct err *err) MUST_CHECK;

#endif
