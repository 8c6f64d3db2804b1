/* What is to be done today, and what is red: the rules that pps today, pps report and the lists of the morning share. They
 * only look. */
#ifndef PPS_AGENDA_H
#define PPS_AGENDA_H

#include <pps/colour.h>
#include <pps/document.h>
#include <pps/service.h>
#include <pps/store_things.h>

/* store_agenda, and what is to be known of the clients before they are called. */
enum rc service_agenda(const struct desk *desk, const struct agenda_query *query,
                       struct agenda *ret, struct err *err) MUST_CHECK;
/* What is to be known of a client before a call about this occasion (0: about none): a complaint is named beside all but its
 * own calls. */
enum rc service_heed(const struct desk *desk, const struct client *client, int64_t occasion_id,
                     struct heed *ret, struct err *err) MUST_CHECK;

/* Now, by this zone's clock, and the agency's working days. */
struct work_day work_day_of(const struct desk *desk, const struct zone *zone);
/* The colour of an action at this hour, and how late it is, in days. */
enum colour colour_now(const struct desk *desk, const struct action *action, bool has_manager);
int days_late_now(const struct desk *desk, const struct action *action);
/* The task was ticked off or skipped, and the client still has no answer on the day after the promised one. */
bool agenda_is_unanswered(const struct agenda_row *row);
enum colour agenda_colour(const struct desk *desk, const struct agenda_row *row);
/* Days since it was due, or since the day that was promised to whoever complained. */
int agenda_days_late(const struct desk *desk, const struct agenda_row *row);
/* One line for people: what state it is in and why. New string. */
char *agenda_explain(const struct desk *desk, const struct agenda_row *row);
/* Removes rows of another colour than red, in place. */
void agenda_keep_red(const struct desk *desk, struct agenda *agenda);

/* As the playbook calls it that the occasion was planned with; lang NULL: as tables have it. Borrowed. */
const char *step_title(const struct desk *desk, const struct agenda_row *row, const char *lang);

/* The day since which a thing is late: it is not ready on the day of its visit, or was not handed over two days after it;
 * CIVIL_NONE: it is not. */
civil_day thing_late_since(const struct desk *desk, const struct thing_row *row);
/* Those that are late; owner_id 0: everybody's. */
enum rc service_things_late(const struct desk *desk, int64_t owner_id, struct thing_rows *ret,
                            struct err *err) MUST_CHECK;
/* Those that are not ready for the visits of today and the next two days: a manager's own, and those of their trips (0: of
 * all). */
enum rc service_things_to_prepare(const struct desk *desk, int64_t manager_id,
                                  struct thing_rows *ret, struct err *err) MUST_CHECK;
/* Documents that stay behind, and of which no red letter tells already; of all when manager_id is 0. */
enum rc service_documents_left(const struct desk *desk, int64_t manager_id,
                               struct document_rows *ret, struct err *err) MUST_CHECK;

/* What is wrong with the playbook, with file, line and remedy; NULL: nothing. As long as it is, no sale can be entered and
 * nothing is planned anew. New string. */
char *service_playbook_fault(const struct desk *desk);

/* Open trips whose manager has left or was never named: nobody will call, and nobody sees that before a call is due. None
 * in an agency that has entered no people yet. */
struct nobodys {
    struct id_list trips; /* those that depart first come first */
    char *left;           /* the login of somebody whose was one until they left; NULL: nobody's */
};
void nobodys_fini(struct nobodys *nobodys);
enum rc service_nobodys(const struct desk *desk, struct nobodys *ret, struct err *err) MUST_CHECK;

/* The dead-man's switch: when a tick last ran to its end, and what it could not use. */
struct tick_mark {
    int64_t at;    /* 0: it never ran */
    bool stale;    /* so long ago that it is red itself */
    int64_t unseen; /* since then something is due, and no tick has come for two hours of work: red, too; 0: nothing */
    char *down[2]; /* why e-mail and SMS do not go out; NULL: they do, or were not tried */
};
enum rc service_tick_mark(const struct desk *desk, struct tick_mark *ret,
                          struct err *err) MUST_CHECK;
void tick_mark_fini(struct tick_mark *mark);

#endif
