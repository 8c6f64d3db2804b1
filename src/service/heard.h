/* Private: what one answer, the import of many, complaints, and taking them back share. */
#ifndef PPS_SERVICE_HEARD_H
#define PPS_SERVICE_HEARD_H

#include <pps/feedback.h>

#include "internal.h"

enum { SOURCE_MAX_CHARS = 40 };

/* ---- feedback.c: one answer; all inside a transaction ---- */
struct answer_draft {
    int64_t client_id;
    struct occasion trip; /* what it is about */
    struct civil answered;
    bool is_dated; /* the moment was given, and is not just now */
    bool is_named; /* the trip was named, and is not just their last one */
    bool about_sale; /* and not about the journey, which may be still to come */
    struct feedback feedback;
};
void answer_draft_fini(struct answer_draft *draft);
/* Checks everything that was typed. The errors begin with the name of the field: "csat: …". */
enum rc answer_read(const struct desk *desk, const struct feedback_entry *entry,
                    struct answer_draft *ret, struct err *err) MUST_CHECK;
/* About which trip: the last one of theirs that had begun. RC_NOTFOUND. */
enum rc answer_find_trip(const struct desk *desk, struct answer_draft *draft,
                         struct err *err) MUST_CHECK;
/* RC_INVALID: they cannot have answered then, because nothing was sold to them yet, or the trip had not begun. */
enum rc answer_check_time(const struct answer_draft *draft, struct err *err) MUST_CHECK;
/* The same answer, if it is there already; *ret_id 0: it is not. RC_INVALID: the number of the answer belongs to another
 * one, which must not pass for this. */
enum rc answer_find_same(const struct desk *desk, const struct answer_draft *draft, int64_t *ret_id,
                         struct err *err) MUST_CHECK;
/* "CSAT 3, NPS 5": what it is called in lists. NULL: only words. New string. */
char *answer_title(const struct feedback *feedback);
/* Plans nothing: planning_of_client does, once for all answers of a client that come together. */
enum rc answer_write(const struct desk *desk, struct answer_draft *draft, int64_t *ret_id,
                     struct err *err) MUST_CHECK;

/* Several answers at once: whose they are, each client once; and all of them planned anew when everything is written. To plan
 * a client takes the longer the more they have told us, so it is not done after each answer. */
void to_plan(struct id_list *clients, int64_t client_id);
enum rc plan_them(const struct desk *desk, const struct id_list *clients, planning_step *step,
                  struct err *err) MUST_CHECK;

/* ---- feedback_edit.c ---- */
/* Takes a change of one back, by what its line in the log remembers. */
enum rc undo_feedback_edit(const struct desk *desk, const struct audit_entry *entry,
                           const struct json *root, char **ret_what, struct err *err) MUST_CHECK;

/* The trip of a client that began last, on that day or before; with ahead, else the one that begins next. An occasion of
 * id 0 when there is none. */
enum rc trip_talked_of(const struct desk *desk, int64_t client_id, civil_day day, bool ahead,
                       struct occasion *ret, struct err *err) MUST_CHECK;
/* Now, to the minute, by the agency's clock. */
struct civil desk_minute(const struct desk *desk);

/* ---- heard.c: facts of what clients told us; what they add to a plan ---- */
/* Whether somebody is responsible, and a day promised. */
unsigned facts_of_work(const struct occasion_file *file);
/* Adds FACT_ASKED_IN_WRITING to FACT_UNHAPPY: the call about that goes, or went, as a letter. */
void facts_of_asking(const struct occasion_file *file, bool has_phone, unsigned *io);

/* ---- complaint_tasks.c: what only another command closes ---- */
/* RC_REJECTED, with the command that does it, when a tick alone does not. */
enum rc complaint_refuse_tick(const struct case_file *file, struct err *err) MUST_CHECK;
/* "promised 07.12.2026, not solved: pps complaint resolve P2": what such a task waits for when its day is past; NULL: it is
 * none, or is not late. New string. */
char *complaint_overdue_words(const struct case_file *file, civil_day today);
/* RC_USAGE: the same task is not left out without a word. */
enum rc complaint_refuse_skip(const struct case_file *file, struct err *err) MUST_CHECK;
/* Whether the playbook has a task that asks for a day, and nobody has decided to go without. */
enum rc complaint_asks_day(const struct desk *desk, int64_t occasion_id, bool *ret,
                           struct err *err) MUST_CHECK;
/* In the log of what was opened again: the promised day that had passed. */
#define BROKEN_PROMISE "promised"

/* ---- tickoff.c ---- */
/* service_done, inside a transaction. */
enum rc done_one(const struct desk *desk, const char *words, const struct tick_off *tick_off,
                 struct action *ret, enum ticked *ret_ticked, struct err *err) MUST_CHECK;

/* ---- settled.c: what a complaint means for the rest of what is planned for its client ---- */
/* One part of what runs before a tick: whoever has been asked, or could not be in time, waits no longer. */
enum rc complaints_release(const struct desk *desk, struct err *err) MUST_CHECK;

#endif
