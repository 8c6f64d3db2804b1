/* The room's private header: what several use cases share. */
#ifndef PPS_SERVICE_INTERNAL_H
#define PPS_SERVICE_INTERNAL_H

#include <pps/json.h>
#include <pps/service.h>

/* The longest that people may write, in characters. */
enum { NAME_MAX_CHARS = 120, WORDS_MAX_CHARS = 200, NOTE_MAX_CHARS = 2000 };

/* ---- fields.c: what people typed -> values, with errors that name the field ---- */

/* A line of text: valid UTF-8, no control characters, trimmed; at most max characters. NULL or
 * empty gives NULL. */
enum rc field_text(const char *field, const char *text, size_t max, char **ret,
                   struct err *err) MUST_CHECK;
enum rc field_phone(const struct desk *desk, const char *text, char **ret,
                    struct err *err) MUST_CHECK;
enum rc field_email(const char *text, char **ret, struct err *err) MUST_CHECK;
enum rc field_lang(const char *text, char **ret, struct err *err) MUST_CHECK;
enum rc field_tz(const char *text, char **ret, struct err *err) MUST_CHECK;
/* A date; time_allowed says whether an hour may stand with it. */
enum rc field_date(const struct desk *desk, const char *field, const char *text, bool time_allowed,
                   struct civil *ret, struct err *err) MUST_CHECK;
/* A birthday: a real date from 1900 until today, as 1985-03-12 or 12.03.1985. */
enum rc field_birthday(const struct desk *desk, const char *text, char **ret,
                       struct err *err) MUST_CHECK;
/* The login of somebody who has not left; empty gives 0. */
enum rc field_manager(const struct desk *desk, const char *login, int64_t *ret_id,
                      struct err *err) MUST_CHECK;

/* ---- planning.c: plan -> rows ---- */

/* The current playbook: the agency's templates/playbook.json, else the built-in one; checked and
 * stored. */
enum rc planning_current_playbook(const struct desk *desk, int64_t *ret_version,
                                  struct err *err) MUST_CHECK;
/* Plans a trip anew and writes the difference: new steps are added, waiting ones move, missed ones
 * whose time is ahead come back, finished ones stay. Inside a transaction. For a new trip it adds
 * everything. */
enum rc planning_apply(const struct desk *desk, const struct trip_file *file,
                       struct err *err) MUST_CHECK;

/* The same by number, for one trip or for all of a client; step (NULL: none) is done to each that is not cancelled,
 * before it is planned anew. What it does to file->actions is seen by the planning. */
typedef enum rc planning_step(const struct desk *desk, struct trip_file *file, const void *ctx,
                              struct err *err);
enum rc planning_of_trip(const struct desk *desk, int64_t trip_id, planning_step *step,
                         const void *ctx, struct err *err) MUST_CHECK;
enum rc planning_of_client(const struct desk *desk, int64_t client_id, planning_step *step,
                           const void *ctx, struct err *err) MUST_CHECK;

/* ---- change.c ---- */
/* Plans the trips of a client anew whose number or address is right now: what the wrong one had stopped goes on. Inside a
 * transaction. */
enum rc planning_heal(const struct desk *desk, int64_t client_id, bool phone, bool email,
                      struct err *err) MUST_CHECK;

/* ---- enrol.c ---- */
/* RC_EXISTS when another client than own_id has this external id; outcome: "added", "changed". */
enum rc check_external_id(const struct desk *desk, const char *external_id, int64_t own_id,
                          const char *outcome, struct err *err) MUST_CHECK;

/* ---- tickoff.c ---- */
/* What the audit log keeps of an action, so that undo can give it back; members may be added to it. json_free it. */
struct json *undo_detail(const struct action *before) MUST_CHECK;
/* The end of what undo_detail began: its text; frees it. */
char *undo_detail_text(struct json *detail);
void set_reason(struct action *action, enum cause cause, char *reason); /* takes reason */
/* RC_BUSY when a tick has the action in hand. */
enum rc require_rest(const struct action *action, struct err *err) MUST_CHECK;
enum rc mark_number(const struct desk *desk, const char *phone, bool wrong,
                    struct err *err) MUST_CHECK;

/* ---- desk.c ---- */

/* The line in the audit log. */
enum rc audit(const struct desk *desk, const char *verb, int64_t client_id, int64_t trip_id,
              int64_t action_id, const char *detail, struct err *err) MUST_CHECK;

#endif
