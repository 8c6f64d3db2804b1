/* What undo.c needs of each family of use cases whose work it takes back. A family writes its entries of the audit log so
 * that it can read them again. */
#ifndef PPS_SERVICE_UNDO_H
#define PPS_SERVICE_UNDO_H

#include <pps/json.h>
#include <pps/service.h>

#include "internal.h"

struct undoer {
    bool (*takes)(const char *verb); /* whether entries with this verb are theirs */
    /* Takes one back, inside a transaction; *ret_what says what there is again. */
    enum rc (*undo)(const struct desk *desk, const struct audit_entry *entry, char **ret_what,
                    struct err *err);
    /* What people type to mean this entry; "" when only a bare undo does. New string. NULL: the number of its action, else
     * of its occasion. */
    char *(*name)(const struct audit_entry *entry);
    /* The entry that is meant by a word, when it is one of theirs: *ret_mine. NULL: numbers of actions and occasions do. */
    enum rc (*find)(const struct desk *desk, const char *word, bool *ret_mine,
                    struct audit_entry *ret, struct err *err);
    /* Whether a newer entry, of whoever, changed what this one had set: then this one is not the last word. NULL: an entry
     * of the same family about the same action, or about the same occasion as a whole. */
    bool (*same)(const struct audit_entry *entry, const struct audit_entry *later);
    /* Whether an entry is only a piece of this one, which was written after it. NULL: there are no such pieces. */
    bool (*holds)(const struct audit_entry *whole, const struct audit_entry *piece);
};
extern const struct undoer undo_of_actions, undo_of_ends, undo_of_things, undo_of_wishes,
    undo_of_referrals, undo_of_heard, undo_of_lost, undo_of_documents, undo_of_trips, undo_of_plans;

/* The newest entry that fits the query, can be taken back and was not yet; whose verb one of `takers` takes (NULL: any).
 * RC_NOTFOUND. */
enum rc undo_find(const struct desk *desk, const struct audit_query *query,
                  const struct undoer *taker, struct audit_entry *ret, struct err *err) MUST_CHECK;
/* The same of the entries that are about one thing: `about` tells the number of what an entry is about, 0: something else. */
enum rc undo_find_about(const struct desk *desk, const struct audit_query *query,
                        int64_t (*about)(const struct audit_entry *entry), int64_t id,
                        struct audit_entry *ret, struct err *err) MUST_CHECK;
/* How many entries of one client, or of one occasion, are looked through for it. */
enum { UNDO_LOOK_BACK = 2000 };
/* A step of planning_of_client for what is planned anew because a word is taken back: what that word had kept from going,
 * and still has time, waits again since when it was due. */
planning_step undo_wakes;
/* The detail of an entry, parsed; of one that has only words for people an empty one. json_doc_free it. */
enum rc undo_parse(const struct audit_entry *entry, struct json_doc **ret,
                   struct err *err) MUST_CHECK;
/* For an entry about an occasion: take_back with the occasion as it is now, and the detail parsed. */
enum rc undo_with_file(const struct desk *desk, const struct audit_entry *entry,
                       enum rc (*take_back)(const struct desk *desk,
                                            const struct audit_entry *entry,
                                            struct occasion_file *file, const struct json *detail,
                                            char **ret_what, struct err *err),
                       char **ret_what, struct err *err) MUST_CHECK;
/* An undo names the entry that it took back: "done #123". 0: it is none. */
int64_t taken_back(const struct audit_entry *entry);
/* Whether one of the n entries, the newest first, took back the entry with this id. */
bool was_undone(const struct audit_list *list, size_t n, int64_t id);

#endif
