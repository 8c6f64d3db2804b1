/* Between lost sales, the sales that win them back, and undo. */
#ifndef PPS_SERVICE_LOST_H
#define PPS_SERVICE_LOST_H

#include <pps/lost_sales.h>

#include "internal.h"

/* Verbs of the audit log that end a series: undo takes them back. */
bool is_lost_verb(const char *verb);
/* Ends one, whatever became of it; its line in the log is written. detail and reason may be NULL. Inside a transaction, like
 * all of these. */
enum rc lost_end(const struct desk *desk, int64_t occasion_id, const char *outcome, int64_t trip_id,
                 const char *note, int *ret_stopped, struct err *err) MUST_CHECK;
/* A client buys: ends what is open of theirs, and of everybody with the same number or address, as won back; and what had
 * ended because they answered, or was stopped, less than LOST_RETURN_DAYS after it was lost. The trip is not there yet;
 * lost_note_trip puts it in. *ret_late: so many of the ids, the last ones, had ended before. */
enum rc lost_win_back(const struct desk *desk, int64_t client_id, struct id_list *ret,
                      size_t *ret_late, struct err *err) MUST_CHECK;
enum rc lost_note_trip(const struct desk *desk, const struct id_list *ids, int64_t trip_id,
                       struct err *err) MUST_CHECK;
/* Undo of a return after the end (LOST_BACK_VERB): it has ended as it had before. */
#define LOST_BACK_VERB "lost-back"
enum rc lost_unback(const struct desk *desk, const struct audit_entry *entry, char **ret_what,
                    struct err *err) MUST_CHECK;
/* Undo: the series goes on. RC_REJECTED when another one runs, or they have a trip ahead. */
enum rc lost_reopen(const struct desk *desk, const struct occasion *occasion,
                    struct err *err) MUST_CHECK;
/* Undo of the entry itself: it was no lost sale, and counts in no figure. *ret_stopped: how many waiting actions were
 * cancelled. */
enum rc lost_withdraw(const struct desk *desk, struct occasion *occasion, int *ret_stopped,
                      struct err *err) MUST_CHECK;

/* Who does the work of an occasion that is to be given to `wanted`: they themselves, but for a lost sale that they lost, which
 * goes to the service director, the director, or nobody (0). For whoever hands work over. */
enum rc lost_caller(const struct desk *desk, const struct occasion *occasion, int64_t wanted,
                    int64_t *ret, struct err *err) MUST_CHECK;

/* What was left out because of who would have signed it comes back when somebody else does now. In transactions of its own. */
enum rc lost_sign_again(const struct desk *desk, struct err *err) MUST_CHECK;

/* ---- what entering and changing one share (lost.c) ---- */
/* One of the configuration's list, in any letter case. New string. */
enum rc lost_read_reason(const struct desk *desk, const char *text, char **ret,
                         struct err *err) MUST_CHECK;
/* When they travel; NULL leaves a date as it is, "" takes it away. */
enum rc lost_read_travel(const struct desk *desk, const char *travel_from, const char *travel_to,
                         struct occasion *occasion, struct err *err) MUST_CHECK;
/* Who talks to them: a login (RC_INVALID: they failed to sell), or the first of the two directors who did not; 0: nobody. */
enum rc lost_named_caller(const struct desk *desk, const char *login, const struct staff *loser,
                          int64_t *ret, struct err *err) MUST_CHECK;
/* RC_REJECTED when the actor failed to sell: they do not tick off the call. */
enum rc lost_refuse_tick(const struct desk *desk, const struct case_file *file,
                         struct err *err) MUST_CHECK;
enum rc lost_pick_caller(const struct desk *desk, const struct staff *loser, int64_t *ret,
                         struct err *err) MUST_CHECK;
/* What is to be looked at about it: a call that is nobody's, letters that nobody can sign. Sets result->note. */
enum rc lost_remark(const struct desk *desk, struct lost_result *result,
                    struct err *err) MUST_CHECK;

/* ---- undo (undo_lost.c) ---- */
/* What an edit changes, as undo needs it: the rows as they were, into the detail of its line in the log. */
void lost_keep(struct json *detail, const struct occasion *occasion, const struct lost *lost);

/* RC_REJECTED when the client has a trip with us that is not over. */
enum rc lost_refuse_bought(const struct desk *desk, int64_t client_id, struct err *err) MUST_CHECK;

#endif
