/* The room's private header: what several use cases share. */
#ifndef PPS_SERVICE_INTERNAL_H
#define PPS_SERVICE_INTERNAL_H

#include <pps/json.h>
#include <pps/service.h>

/* The longest that people may write, in characters. */
enum { NAME_MAX_CHARS = 120, WORDS_MAX_CHARS = 200, NOTE_MAX_CHARS = 2000 };

/* ---- fields.c: what people typed -> values, with errors that name the field ---- */

/* A line of text: valid UTF-8, no control characters, trimmed; at most max characters. NULL, empty, or nothing that can be
 * seen gives NULL. */
enum rc field_text(const char *field, const char *text, size_t max, char **ret,
                   struct err *err) MUST_CHECK;
/* The same in place of *io; text NULL: nothing was said of it, and it stays. */
enum rc field_change(const char *field, const char *text, size_t max, char **io,
                     struct err *err) MUST_CHECK;
enum rc field_phone(const struct desk *desk, const char *text, char **ret,
                    struct err *err) MUST_CHECK;
enum rc field_email(const char *text, char **ret, struct err *err) MUST_CHECK;
enum rc field_lang(const char *text, char **ret, struct err *err) MUST_CHECK;
enum rc field_tz(const char *text, char **ret, struct err *err) MUST_CHECK;
/* One of the products that the playbook names; NULL or empty gives NULL. */
enum rc field_product(const struct playbook *playbook, const char *text, char **ret,
                      struct err *err) MUST_CHECK;
/* A date; time_allowed says whether an hour may stand with it. */
enum rc field_date(const struct desk *desk, const char *field, const char *text, bool time_allowed,
                   struct civil *ret, struct err *err) MUST_CHECK;
/* A day that is for people to keep is within two years, or it is a slip of the year. */
enum rc field_not_too_far(const struct desk *desk, const char *field, civil_day day,
                          struct err *err) MUST_CHECK;
/* Of a visit that is agreed: it has not passed, either. */
enum rc field_check_visit(const struct desk *desk, struct civil visit, struct err *err) MUST_CHECK;
/* "female", "male", "unknown"; NULL or empty: not said. */
enum rc field_gender(const char *text, enum gender *ret, struct err *err) MUST_CHECK;
/* Who travels: "2+1", adults and children, or "2"; NULL or empty: not known, 0 and 0. */
enum rc field_party(const char *text, int *ret_adults, int *ret_children,
                    struct err *err) MUST_CHECK;
/* A birthday: a real date from 1900 until today, as 1985-03-12 or 12.03.1985. */
enum rc field_birthday(const struct desk *desk, const char *text, char **ret,
                       struct err *err) MUST_CHECK;
/* The login of somebody who has not left; empty gives 0. */
/* Who sold something; they may have left. "" gives 0. */
enum rc field_seller(const struct desk *desk, const char *login, int64_t *ret_id,
                     struct err *err) MUST_CHECK;
enum rc field_manager(const struct desk *desk, const char *login, int64_t *ret_id,
                      struct err *err) MUST_CHECK;

/* ---- circumstances.c ---- */
/* Who signs in a role: by it, or the manager of the occasion. id 0: nobody, so the agency does. */
enum rc signer_of(const struct desk *desk, const struct occasion *occasion, enum role role,
                  struct staff *ret, struct err *err) MUST_CHECK;
/* Whether who failed to sell to the client would sign it, send it, or be answered to: that must not be. Of another occasion
 * than the lost sale only as long as that one is not over. signer NULL: the agency. */
enum rc may_not_sign(const struct desk *desk, const struct occasion *occasion,
                     const struct staff *signer, bool *ret, struct err *err) MUST_CHECK;

/* ---- planning.c: plan -> rows ---- */

/* The current playbook: the agency's templates/playbook.json, else the built-in one; checked and
 * stored. */
enum rc planning_current_playbook(const struct desk *desk, int64_t *ret_version,
                                  struct err *err) MUST_CHECK;
/* Plans a trip anew and writes the difference: new steps are added, waiting ones move, missed ones
 * whose time is ahead come back, finished ones stay. Inside a transaction. For a new trip it adds
 * everything. */
enum rc planning_apply(const struct desk *desk, const struct occasion_file *file,
                       struct err *err) MUST_CHECK;

/* The same by number, for one trip or for all of a client; step (NULL: none) is done to each that is not cancelled,
 * before it is planned anew. What it does to file->actions is seen by the planning. */
typedef enum rc planning_step(const struct desk *desk, struct occasion_file *file, const void *ctx,
                              struct err *err);
enum rc planning_of_occasion(const struct desk *desk, int64_t occasion_id, planning_step *step,
                             const void *ctx, struct err *err) MUST_CHECK;
enum rc planning_of_client(const struct desk *desk, int64_t client_id, planning_step *step,
                           const void *ctx, struct err *err) MUST_CHECK;
/* One trip of a client is there, moved or gone: whatever depends on it in all that is done for them is planned anew.
 * What is with them already, perhaps, is not taken for changed. Inside a transaction. */
enum rc planning_of_all(const struct desk *desk, int64_t client_id, struct err *err) MUST_CHECK;

/* One action alone: what people say about one does not touch the others. *ret_end is the instant from which on it makes no
 * sense any more, by its step; INT64_MAX: none. planning_end_of only looks. */
enum rc planning_of_action(const struct desk *desk, const struct action *action, int64_t *ret_end,
                           struct err *err) MUST_CHECK;
enum rc planning_end_of(const struct desk *desk, const struct action *action, int64_t *ret_end,
                        struct err *err) MUST_CHECK;

/* ---- onecall.c: one person gets one call ---- */
/* Of the calls to this number (NULL: none) that one call can be made for, all but one are merged into it; those that were,
 * and for which it does not stand any more, are calls again. The end of every planning, and of whatever else changes who
 * has the number or what became of a call. Inside a transaction. */
enum rc calls_settle(const struct desk *desk, const char *phone, struct err *err) MUST_CHECK;
/* The same for the number of a client. */
enum rc calls_settle_of(const struct desk *desk, int64_t client_id, struct err *err) MUST_CHECK;
/* planning.c: one call that is to be made itself again. */
enum rc planning_of_call(const struct desk *desk, const struct action *action,
                         struct err *err) MUST_CHECK;

/* ---- occasions.c: how one begins and ends; all inside a transaction ---- */
/* Adds an occasion, with the playbook of today and its line in the audit log; id and playbook_version are set, everything
 * else must be there. It plans nothing: planning_of_client does, for it may change what is planned for others. */
enum rc occasion_begin(const struct desk *desk, struct occasion *occasion, const char *verb,
                       const char *detail, struct err *err) MUST_CHECK;
/* Nothing more is done about it: `reason` is kept (may be NULL), `why` is said of each waiting action, of which there were
 * *ret_stopped. The line in the audit log is the caller's. */
enum rc occasion_end(const struct desk *desk, struct occasion *occasion, const char *reason,
                     const char *why, int *ret_stopped, struct err *err) MUST_CHECK;
/* RC_REJECTED: "T34 is cancelled: pps undo T34 brings it back first", or that nothing of it can be changed any more. */
enum rc say_ended(const struct occasion *occasion, struct err *err) MUST_CHECK;
/* The end is taken back. */
enum rc occasion_revive(const struct desk *desk, struct occasion *occasion,
                        struct err *err) MUST_CHECK;

/* ---- change.c, undo_trip.c ---- */
/* The trip in the file is not what it was: it is written, with its line in the log (detail NULL: none), whatever depends on
 * it is planned anew, and what the client was told is corrected. Inside a transaction. */
enum rc trip_write(const struct desk *desk, const struct occasion *before,
                   struct occasion_file *file, const char *detail, struct err *err) MUST_CHECK;
/* What the log keeps of a change, so that undo can give it back, and whether it was one of this field ("visit"). New
 * string. */
char *trip_change_detail(const struct desk *desk, const struct occasion *before,
                         const struct occasion *after);
bool trip_change_has(const struct json *detail, const char *field);
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
/* Whether it waits to be done; RC_REJECTED says what happened to it instead. */
enum rc require_open(const struct desk *desk, const struct action *action,
                     struct err *err) MUST_CHECK;
/* Takes an action off the list; ret: as it is then. Inside a transaction. */
enum rc skip_one(const struct desk *desk, const char *words, const char *why, struct action *ret,
                 struct err *err) MUST_CHECK;
/* RC_BUSY when a tick has the action in hand. */
enum rc require_rest(const struct action *action, struct err *err) MUST_CHECK;
enum rc mark_number(const struct desk *desk, const char *phone, bool wrong,
                    struct err *err) MUST_CHECK;

/* ---- steer.c ---- */
/* A day and an hour that people typed, or an hour alone ("15:00": today), by the clock of zone; the hour is minute when none
 * is given. RC_INVALID: it is no such thing, or has passed. */
enum rc field_moment(const struct desk *desk, const char *field, const char *text,
                     const struct zone *zone, int16_t minute, struct civil *ret,
                     struct err *err) MUST_CHECK;
/* When somebody wants an action to be done, and the instant from which on it makes no sense any more (INT64_MAX: none). */
struct put_off {
    const char *field;
    const struct zone *zone; /* of at */
    struct civil at;
    int64_t end;
};
/* Is it in time, has the planner taken it, and is there an hour left for the message of a call? RC_INVALID: no. */
enum rc check_put_off(const struct desk *desk, const struct case_file *before,
                      const struct action *after, const struct put_off *wish,
                      struct err *err) MUST_CHECK;
/* What else undo has to give back: when it was due, and what people had said about it. */
void steer_remember(struct json *detail, const struct action *before);
void steer_restore(struct action *action, const struct json *detail);
/* Whether undo takes this verb of the log back by steer_restore. */
bool steer_is_verb(const char *verb);

/* ---- forget.c ---- */
#define FORGET_VERB "forget"
/* RC_REJECTED: this client was forgotten, so that nothing can be added to the card, or taken back. */
enum rc require_known(const struct desk *desk, int64_t client_id, struct err *err) MUST_CHECK;

/* ---- doubt.c ---- */
/* A message in doubt is left as it is, and goes to nobody any more. Inside a transaction. */
enum rc doubt_drop(const struct desk *desk, int64_t action_id, struct err *err) MUST_CHECK;

/* ---- desk.c ---- */

/* Of what goes wrong with one of many: like troubles_note, for a client or an occasion. */
enum rc client_goes_on(const struct desk *desk, enum rc rc, int64_t client_id,
                       const struct err *err);
enum rc occasion_goes_on(const struct desk *desk, enum rc rc, int64_t occasion_id,
                         const struct err *err);

/* The line in the audit log of a command that changed nothing, by whose name undo knows it: without it undo would take back
 * what was done before. Ids may be 0. Inside a transaction. */
#define UNCHANGED "unchanged"
enum rc audit_unchanged(const struct desk *desk, const char *command, int64_t client_id,
                        int64_t occasion_id, struct err *err) MUST_CHECK;
/* The desk for a command over n things: their entries are of one batch. Inside a transaction. */
enum rc desk_for_several(const struct desk *desk, size_t n, struct desk *ret,
                         struct err *err) MUST_CHECK;
/* A member of the detail of such an entry: the number of the batch, which is that of its first entry. */
#define UNDO_BATCH "batch"
/* A member of the detail of an entry that belongs to another one of the same moment: a bare undo passes it over. */
#define UNDO_PIECE "piece"
/* A date as the detail of an entry holds it: "2026-12-10 06:40". New string; NULL: there is none. */
char *kept_date(struct civil date);
/* The line in the audit log. RC_REJECTED: it is about a client who was forgotten; nothing is written about them any more, and
 * whoever wanted to has changed nothing. */
enum rc audit(const struct desk *desk, const char *verb, int64_t client_id, int64_t occasion_id,
              int64_t action_id, const char *detail, struct err *err) MUST_CHECK;
/* The same without that question: for the act of forgetting them alone. */
enum rc audit_anyway(const struct desk *desk, const char *verb, int64_t client_id,
                     int64_t occasion_id, int64_t action_id, const char *detail,
                     struct err *err) MUST_CHECK;

#endif
