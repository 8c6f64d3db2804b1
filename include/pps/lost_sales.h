/* Services: lost sales. Somebody asked, and bought elsewhere or fell silent; the second series asks them back. */
#ifndef PPS_LOST_SALES_H
#define PPS_LOST_SALES_H

#include <pps/lost.h>
#include <pps/service.h>
#include <pps/store_lost.h>

/* As typed; everything is checked here. NULL = not given. */
struct lost_entry {
    int64_t client_id;  /* a known client, and `person` is not used */
    struct sale person; /* a new one: the fields of the client */
    const char *reason; /* one of the configuration's */
    const char *words, *destination, *travel_from, *travel_to;
    const char
        *lost_by; /* login of who failed to sell; NULL: the actor when they are on the staff */
    const char *
        call_by; /* login of who makes the personal call; NULL: the service director, else the director */
    bool no_call;
};
struct lost_result {
    struct occasion_file file;
    struct lost lost;
    struct staff lost_by; /* id 0: nobody in particular */
    char *note;           /* something to look at, or NULL */
};
/* Client (when new), occasion and series in one transaction. RC_EXISTS: their series runs already, or this person is
 * there. RC_REJECTED: they have bought. */
enum rc service_lost(const struct desk *desk, const struct lost_entry *entry,
                     struct lost_result *ret, struct err *err) MUST_CHECK;
void lost_result_fini(struct lost_result *result);

/* NULL = leave it; "" = empty it (where it may be empty). */
struct lost_change {
    const char *reason, *words, *destination, *travel_from, *travel_to, *lost_by, *call_by;
};
/* What was mistyped is put right, and what is still ahead planned anew; also of a series that is over, for the figures.
 * RC_REJECTED: it was taken back. RC_INVALID: whoever failed to sell would talk to them. */
enum rc service_lost_edit(const struct desk *desk, int64_t occasion_id,
                          const struct lost_change *change, struct lost_result *ret,
                          struct err *err) MUST_CHECK;
/* Checks one answer like sale_check_field: "client", "reason", "words", "travel-from" … */
enum rc lost_check_field(const struct desk *desk, const char *field, const char *text,
                         struct err *err) MUST_CHECK;

/* How a series ends. */
struct won_entry {
    const char *outcome; /* "won" (or NULL), "answered", "stopped" */
    const char *trip;    /* with what they came back; words */
    const char *note;
};
/* Silence at once. *ret_stopped: how many waiting actions were cancelled. */
enum rc service_won(const struct desk *desk, int64_t occasion_id, const struct won_entry *entry,
                    int *ret_stopped, struct err *err) MUST_CHECK;

/* ---- figures ---- */

/* How one stands, for people: "the series runs", "came back with T40" … New string. */
char *lost_outcome_words(const struct lost_row *row);
/* The same in one word, for programs: "running", "won", "said" (they will buy, and have not yet), "answered", "stopped",
 * "cancelled" (they came back, and cancelled); when the series is through: "reached", "refused" (by the call), "unreached"
 * (nothing went, nobody called), "waiting", or, after LOST_ANSWER_DAYS, "silent". */
const char *lost_outcome_name(const struct lost_row *row);

struct lost_count {
    const char *reason; /* of the list that was counted */
    int64_t lost, came_back;
};
struct lost_tally {    /* of one person, or of everybody */
    const char *login; /* NULL: nobody in particular, or everybody */
    int64_t lost, came_back; /* with a sale that stands */
    int64_t said;            /* they will buy, and have not yet */
    int64_t unreached;       /* no letter went, and nobody called */
    struct lost_count *reasons; /* the most frequent first */
    size_t n_reasons, cap;
};
struct lost_figures {
    struct lost_tally all;
    struct lost_tally *people; /* who lost most first */
    size_t n_people, cap;
};
/* The list must outlive the figures. */
void lost_figures_of(const struct lost_list *list, struct lost_figures *ret);
void lost_figures_fini(struct lost_figures *figures);
/* "3 of 12, 25 %": rounded to the nearest. -1 when nothing was lost. */
int lost_percent(const struct lost_tally *tally);

#endif
