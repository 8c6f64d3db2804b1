/* Undo: takes back what was done last, or last to something that is named, by what the audit log remembers of the state
 * before. Which work can be taken back, and how, each family of use cases says by itself (undo.h). */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "internal.h"
#include "undo.h"

enum { LOOK_BACK = 200 };

static const struct undoer *const undoers[] = {&undo_of_actions, &undo_of_ends, &undo_of_things,
                                               &undo_of_wishes, &undo_of_referrals, &undo_of_heard,
                                               &undo_of_lost};
enum { UNDOERS = sizeof undoers / sizeof *undoers };

static const struct undoer *undoer_of(const char *verb)
{
    for (size_t i = 0; i < UNDOERS; i++) {
        if (undoers[i]->takes(verb))
            return undoers[i];
    }
    return NULL;
}

static char *name_of(const struct audit_entry *e)
{
    const struct undoer *u = undoer_of(e->verb);
    char id[ID_TEXT_BYTES];
    if (u != NULL && u->name != NULL)
        return u->name(e);
    if (e->action_id != 0)
        id_format('A', e->action_id, id);
    else if (e->occasion_id != 0)
        occasion_id_format(e->kind, e->occasion_id, id);
    else
        return xstrdup("");
    return xstrdup(id);
}

/* An undo names the entry that it took back: "done #123". */
bool was_undone(const struct audit_list *list, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++) {
        const char *hash = str_eq(list->v[i].verb, "undo") && list->v[i].detail
                               ? strrchr(list->v[i].detail, '#')
                               : NULL;
        if (hash != NULL && strtoll(hash + 1, NULL, 10) == id)
            return true;
    }
    return false;
}

/* Whoever says just "undo" means what they did last. */
static enum rc not_the_last(const struct audit_entry *last, const struct audit_entry *before,
                            struct err *err)
{
    char *name = name_of(before);
    enum rc rc =
        *name == '\0'
            ? err_set(err, RC_REJECTED,
                      "your last work was %s, which undo does not take back (change it once more); "
                      "before it came %s: undo takes back what it did one by one, by its number",
                      last->verb, before->verb)
            : err_set(err, RC_REJECTED,
                      "your last work was %s, which undo does not take back (change it once more); "
                      "before it came %s: pps undo %s takes that back",
                      last->verb, before->verb, name);
    free(name);
    return rc;
}

/* Whoever names an occasion does not mean a call of it, or a gift for it. */
static bool is_meant(const struct audit_query *query, const struct undoer *taker,
                     const struct audit_entry *e)
{
    const struct undoer *u = undoer_of(e->verb);
    if (u == NULL || (taker != NULL && u != taker))
        return false;
    return query->occasion_id == 0 || taker != NULL || (e->action_id == 0 && u->name == NULL);
}

enum rc undo_find(const struct desk *desk, const struct audit_query *query,
                  const struct undoer *taker, struct audit_entry *ret, struct err *err)
{
    struct audit_list list;
    enum rc rc = store_audit_list(desk->store, query, &list, err);
    if (rc != RC_OK)
        return rc;
    size_t found = 0, newest = 0;
    while (newest < list.n && str_eq(list.v[newest].verb, "undo"))
        newest++;
    while (found < list.n && !(is_meant(query, taker, &list.v[found]) &&
                               !was_undone(&list, found, list.v[found].id)))
        found++;
    if (found == list.n) {
        rc = err_set(err, RC_NOTFOUND, "there is nothing to take back");
    } else if (query->actor != NULL && newest < found && undoer_of(list.v[newest].verb) == NULL) {
        rc = not_the_last(&list.v[newest], &list.v[found], err);
    } else {
        *ret = list.v[found];
        list.v[found] = (struct audit_entry){0};
    }
    audit_list_fini(&list);
    return rc;
}

/* One of the families may know the word: G7, C12, the login of somebody who has left. */
static enum rc find_by_word(const struct desk *desk, const char *word, bool *ret_mine,
                            struct audit_entry *ret, struct err *err)
{
    *ret_mine = false;
    for (size_t i = 0; i < UNDOERS; i++) {
        enum rc rc = undoers[i]->find != NULL
                         ? undoers[i]->find(desk, word, ret_mine, ret, err)
                         : RC_OK;
        if (*ret_mine)
            return rc;
    }
    return RC_OK;
}

/* Which entry people mean: the last of an action or an occasion, or with NULL their own last one. */
static enum rc find_meant(const struct desk *desk, const char *what, struct audit_entry *ret,
                          struct err *err)
{
    struct audit_query query = {.limit = LOOK_BACK};
    enum kind kind;
    bool found = false;
    enum rc rc = what != NULL ? find_by_word(desk, what, &found, ret, err) : RC_OK;
    if (found)
        return rc;
    if (what == NULL) {
        query.actor = desk->actor;
    } else if (occasion_id_parse(what, &kind, &query.occasion_id)) {
        rc = lookup_kind(desk, kind, what, &query.occasion_id, err);
    } else {
        struct action a;
        rc = lookup_action(desk, what, &a, err);
        if (rc == RC_OK) {
            query.action_id = a.id;
            action_fini(&a);
        }
    }
    return rc == RC_OK ? undo_find(desk, &query, NULL, ret, err) : rc;
}

static enum rc undo(const struct desk *desk, const char *what, char **ret_what, struct err *err)
{
    struct audit_entry entry;
    enum rc rc = find_meant(desk, what, &entry, err);
    if (rc != RC_OK)
        return rc;
    rc = undoer_of(entry.verb)->undo(desk, &entry, ret_what, err);
    if (rc == RC_OK) {
        char *detail = xasprintf("%s #%lld", entry.verb, (long long)entry.id);
        rc = audit(desk, "undo", entry.client_id, entry.occasion_id, entry.action_id, detail, err);
        free(detail);
    }
    audit_entry_fini(&entry);
    return rc;
}

enum rc service_undo(const struct desk *desk, const char *what, char **ret_what, struct err *err)
{
    char *text = NULL;
    enum rc rc = store_begin(desk->store, err);
    if (rc != RC_OK)
        return rc;
    rc = store_finish(desk->store, undo(desk, what, &text, err), err);
    if (rc == RC_OK)
        *ret_what = text;
    else
        free(text);
    return rc;
}
