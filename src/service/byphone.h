/* Private to the room: visits without a day, and what people say twice or too late about a call. */
#ifndef PPS_SERVICE_BYPHONE_H
#define PPS_SERVICE_BYPHONE_H

#include "internal.h"

#define BY_PHONE "by-phone" /* the outcome of a visit that was talked over by phone instead */

/* ---- byphone.c; all inside a transaction ---- */
/* "T4/office-visit": when that visit waits for its day, it gets a row that can be ticked off or skipped. Anything else that
 * the words may name stays as it is; the caller finds it, or not, as usual. */
enum rc visit_take_up(const struct desk *desk, const char *words, struct err *err) MUST_CHECK;
/* What the call of the case invites to was done in the call itself: the visit is done, by phone. *ret_id: its action. */
enum rc visit_by_phone(const struct desk *desk, const struct case_file *call, int64_t *ret_id,
                       struct err *err) MUST_CHECK;
/* The same taken back; the planning is the caller's. */
enum rc visit_reopen(const struct desk *desk, int64_t action_id, struct err *err) MUST_CHECK;
/* The trip to which a visit belongs that was agreed in a call about this occasion. RC_REJECTED: there is none. */
enum rc visit_trip(const struct occasion *occasion, int64_t *ret_id, struct err *err) MUST_CHECK;

/* ---- said_twice.c ---- */
/* Whether this outcome, which was said of the action before, is said of the same try again: within an hour of it, and
 * before the hour of the next one has come. */
enum rc is_same_try(const struct desk *desk, const struct action *action, const char *outcome,
                    bool *ret, struct err *err) MUST_CHECK;
/* Whether the message of a call has gone, so that a call can only be noted beside it. */
bool went_instead(const struct action *action);
/* Notes that the client was called although the message had gone: it stays sent. Takes note, which may be NULL. */
enum rc note_called_too(const struct desk *desk, struct case_file *file, const char *outcome,
                        char *note, struct err *err) MUST_CHECK;
/* The same taken back. New string in *ret_what. */
enum rc undo_called_too(const struct desk *desk, const struct audit_entry *entry, char **ret_what,
                        struct err *err) MUST_CHECK;

/* RC_USAGE: in the series of a trip a day is agreed in the call that invites to the visit, and not in any other. */
enum rc visit_refuse_call(const struct case_file *call, struct err *err) MUST_CHECK;

#endif
