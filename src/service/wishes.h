/* What the files about people's wishes and hand-overs share, and what undo.c needs of them. */
#ifndef PPS_SERVICE_WISHES_H
#define PPS_SERVICE_WISHES_H

#include <pps/json.h>
#include <pps/wishes.h>

#include "internal.h"

/* ---- consent.c ---- */
/* The source of a row that takes another one back. */
#define TAKEN_BACK "taken back"
/* Whether people mean an e-mail address or a phone number by this word, and not a client or an action. */
bool consent_is_address(const struct desk *desk, const char *word);
/* Plans anew for everybody who has one of these addresses (either may be NULL). */
enum rc planning_of_holders(const struct desk *desk, const char *email, const char *phone,
                            planning_step *step, struct err *err) MUST_CHECK;

/* ---- pause.c ---- */
/* What a pause keeps back. */
enum rc count_paused(const struct desk *desk, int64_t client_id, struct kept *ret,
                     struct err *err) MUST_CHECK;
enum rc set_pause(const struct desk *desk, struct client *client, civil_day until,
                  const char *reason, struct err *err) MUST_CHECK;

/* ---- handover.c ---- */
struct undone_leave {
    struct staff who;
    int back, kept; /* what is theirs again; what was given on since, and stays */
};
/* What the audit log remembers of staff-leave is taken back; ret->who is staff_fini'd by the caller in any case. */
enum rc undo_leave(const struct desk *desk, const struct json *detail, struct undone_leave *ret,
                   struct err *err) MUST_CHECK;

/* The login of whoever left this occasion to nobody when they left; NULL: that is not how it became nobody's. New string. */
enum rc handover_who_left(const struct desk *desk, int64_t occasion_id, char **ret,
                          struct err *err) MUST_CHECK;

/* ---- undo_wishes.c ---- */
/* The entry with which the person with this login left last. RC_NOTFOUND. */
enum rc undo_find_leave(const struct desk *desk, const char *login, struct audit_entry *ret,
                        struct err *err) MUST_CHECK;
/* A detail of the audit log that undo reads, beginning with the words that people read. json_free it, or undo_detail_text. */
struct json *wish_detail(const char *words) MUST_CHECK;

#endif
