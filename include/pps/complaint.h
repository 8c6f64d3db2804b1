/* Use cases about complaints, from the day on which one comes to the day on which it is solved, and what they come from. */
#ifndef PPS_COMPLAINT_H
#define PPS_COMPLAINT_H

#include <pps/follows.h>
#include <pps/service.h>

struct complaint_result {
    struct occasion_file file;
    struct complaint complaint;
    struct follows follows;
    struct civil broken; /* opened again, with a promised day that had passed: it counts no more; day CIVIL_NONE: none */
};
void complaint_result_fini(struct complaint_result *result);

/* As typed; NULL = not given. */
struct complaint_entry {
    const char *title;   /* what it is about, in a few words; needed */
    const char *words;   /* what they said */
    const char *source;  /* NULL: "phone" */
    const char *promise; /* the day by which it is to be solved */
    const char *manager; /* login of who is responsible; NULL: nobody yet */
};
/* who: "T34", or a client: then it is about the trip of theirs that is under way or was last, else about the next one, else
 * about none. RC_EXISTS when the same is open already. */
enum rc service_complaint_add(const struct desk *desk, const char *who,
                              const struct complaint_entry *entry, struct complaint_result *ret,
                              struct err *err) MUST_CHECK;

/* what: "P37", or a client who has one. What changes nothing is done, and leaves no line in the log. */
enum rc service_complaint_assign(const struct desk *desk, const char *what, const char *login,
                                 struct complaint_result *ret, struct err *err) MUST_CHECK;
enum rc service_complaint_plan(const struct desk *desk, const char *what, const char *promise,
                               struct complaint_result *ret, struct err *err) MUST_CHECK;
struct complaint_end {
    const char *cause;   /* one of the configuration's list */
    const char *outcome; /* "solved", "compensated", "rejected" */
    const char *actions; /* what was done; NULL: as it stands */
};
enum rc service_complaint_resolve(const struct desk *desk, const char *what,
                                  const struct complaint_end *end, struct complaint_result *ret,
                                  struct err *err) MUST_CHECK;
enum rc service_complaint_reopen(const struct desk *desk, const char *what,
                                 struct complaint_result *ret, struct err *err) MUST_CHECK;

/* The command that does a task of a complaint which no tick alone closes; NULL: pps done. New string. */
enum rc service_complaint_command(const struct desk *desk, int64_t action_id, char **ret,
                                  struct err *err) MUST_CHECK;

/* The step by which they are asked, some days later, whether it is really solved, while it is still to be done; or NULL. */
const struct action *service_complaint_check(const struct occasion_file *file);

/* Whether this is that step, of a complaint that is settled now: when they say no, it is to be opened again. */
bool service_asks_if_solved(const struct case_file *file);

struct done_result {
    struct action action;
    enum ticked ticked;
    struct follows follows; /* of work about a complaint: what else changed for its client; else empty */
};
void done_result_fini(struct done_result *result);
/* service_done, and what follows from it. */
enum rc service_done_telling(const struct desk *desk, const char *action,
                             const struct tick_off *tick_off, struct done_result *ret,
                             struct err *err) MUST_CHECK;

/* ---- what they come from ---- */

enum complaint_span { SPAN_ALL, SPAN_MONTH, SPAN_QUARTER, SPAN_YEAR };
enum { PERIOD_BYTES = 24 };
struct cause_count {
    char period[PERIOD_BYTES]; /* "2026-12", "2026 Q4", "2026"; "" for all */
    char *cause;     /* NULL: not known yet */
    int n, open, solved, compensated, rejected;
};
struct cause_counts {
    struct cause_count *v;
    size_t n, cap;
};
void cause_counts_fini(struct cause_counts *counts);
/* Complaints that came in these days (CIVIL_NONE: no bound), the newest period first, in it the most frequent cause. */
enum rc service_complaint_causes(const struct desk *desk, enum complaint_span by, civil_day from,
                                 civil_day to, struct cause_counts *ret,
                                 struct err *err) MUST_CHECK;

#endif
