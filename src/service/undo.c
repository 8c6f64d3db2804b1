/* Undo: takes back what was done last, or last to something that is named, by what the audit log remembers of the state
 * before. Which work can be taken back, and how, each family of use cases says by itself (undo.h). */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "internal.h"
#include "undo.h"

/* Entries of one thing; entries of one person, and such as may have taken them back. */
enum { LOOK_BACK = 200, LOOK_BACK_FAR = 10000, LOOK_BACK_ALL = INT_MAX };

static const struct undoer *const undoers[] = {&undo_of_actions, &undo_of_ends, &undo_of_things,
                                               &undo_of_wishes, &undo_of_referrals, &undo_of_heard,
                                               &undo_of_lost, &undo_of_documents, &undo_of_trips,
                                               &undo_of_plans};
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

enum rc undo_parse(const struct audit_entry *entry, struct json_doc **ret, struct err *err)
{
    const char *text = str_or(entry->detail, "");
    if (*text != '{')
        text = "{}"; /* words for people only */
    return json_parse(text, strlen(text), "audit", false, ret, err);
}

enum rc undo_with_file(const struct desk *desk, const struct audit_entry *entry,
                       enum rc (*take_back)(const struct desk *desk,
                                            const struct audit_entry *entry,
                                            struct occasion_file *file, const struct json *detail,
                                            char **ret_what, struct err *err),
                       char **ret_what, struct err *err)
{
    struct occasion_file file;
    struct json_doc *doc;
    enum rc rc = undo_parse(entry, &doc, err);
    if (rc != RC_OK)
        return rc;
    rc = store_occasion_file(desk->store, entry->occasion_id, &file, err);
    if (rc == RC_OK) {
        rc = take_back(desk, entry, &file, json_root(doc), ret_what, err);
        occasion_file_fini(&file);
    }
    json_doc_free(doc);
    return rc;
}

/* ---- what waited before ---- */

/* The planner keeps when it was due, and until when it could go: see keeps_moment in planning.c. */
static bool is_kept_from(const struct action *a)
{
    return (a->state == STATE_CANCELLED && a->cause == CAUSE_CONDITION) ||
           (a->state == STATE_SUPPRESSED && a->cause == CAUSE_NO_CONSENT);
}

/* As with a trip that was cancelled by mistake: it ended, and goes on. What is still not to be done, the planner says. */
enum rc undo_wakes(const struct desk *desk, struct occasion_file *file, const void *ctx,
                   struct err *err)
{
    int64_t now = desk_now(desk);
    (void)ctx;
    for (size_t i = 0; i < file->actions.n; i++) {
        struct action *a = &file->actions.v[i];
        enum action_state was = a->state;
        bool has_time = channel_is_human(a->channel) || now < a->expires_at;
        if (!is_kept_from(a) || a->due_at > now || !has_time)
            continue;
        a->state = STATE_CANCELLED;
        set_reason(a, CAUSE_ENDED, xstrdup(a->reason));
        enum rc rc = store_action_update(desk->store, a, was, now, err);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

/* ---- what was taken back, and what was said since ---- */

int64_t taken_back(const struct audit_entry *e)
{
    const char *hash = str_eq(e->verb, "undo") && e->detail ? strrchr(e->detail, '#') : NULL;
    return hash != NULL ? strtoll(hash + 1, NULL, 10) : 0;
}

static const struct audit_entry *undo_in(const struct audit_list *list, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++) {
        if (taken_back(&list->v[i]) == id)
            return &list->v[i];
    }
    return NULL;
}

bool was_undone(const struct audit_list *list, size_t n, int64_t id)
{
    return undo_in(list, n, id) != NULL;
}

/* Two entries of one family about the same action, or else the same occasion. */
static bool same_row(const struct audit_entry *a, const struct audit_entry *b)
{
    return undoer_of(a->verb) == undoer_of(b->verb) && a->occasion_id != 0 &&
           a->occasion_id == b->occasion_id && a->action_id == b->action_id;
}

/* The newest word of anybody on the same thing that came after this one and counts; id 0: this one is the last. */
static enum rc later_word(const struct desk *desk, const struct audit_entry *e,
                          struct audit_entry *ret, struct err *err)
{
    const struct undoer *u = undoer_of(e->verb);
    struct audit_list list;
    const struct audit_query query = {
        .client_id = e->client_id, .after = e->id, .limit = LOOK_BACK_FAR};
    *ret = (struct audit_entry){0};
    enum rc rc = store_audit_list(desk->store, &query, &list, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < list.n; i++) {
        bool same = u->same != NULL ? u->same(e, &list.v[i]) : same_row(e, &list.v[i]);
        if (!same || was_undone(&list, i, list.v[i].id))
            continue;
        *ret = list.v[i];
        list.v[i] = (struct audit_entry){0};
        break;
    }
    audit_list_fini(&list);
    return RC_OK;
}

/* What somebody has changed since is not taken back over their head. What undo does not know is left to the family. */
static enum rc require_last_word(const struct desk *desk, const struct audit_entry *e,
                                 struct err *err)
{
    struct audit_entry later;
    enum rc rc = later_word(desk, e, &later, err);
    if (rc == RC_OK && later.id != 0 && undoer_of(later.verb) != NULL) {
        char *name = name_of(e);
        rc = err_set(err, RC_REJECTED,
                     "%s was changed since then, by %s (%s): pps undo %s takes back the last word "
                     "on it",
                     name, later.actor, later.verb, name);
        free(name);
    }
    audit_entry_fini(&later);
    return rc;
}

/* ---- by name ---- */

/* Whoever names an occasion does not mean a call of it, or a gift for it. */
static bool is_meant(const struct audit_query *query, const struct undoer *taker,
                     const struct audit_entry *e)
{
    const struct undoer *u = undoer_of(e->verb);
    if (u == NULL || (taker != NULL && u != taker))
        return false;
    return query->occasion_id == 0 || taker != NULL || (e->action_id == 0 && u->name == NULL);
}

/* Whether an entry is looked for. */
typedef bool wanted(const void *ctx, const struct audit_entry *e);

/* The newest one that is, and was not taken back. */
static enum rc find_newest(const struct desk *desk, const struct audit_query *query, wanted *is,
                           const void *ctx, struct audit_entry *ret, struct err *err)
{
    struct audit_list list;
    enum rc rc = store_audit_list(desk->store, query, &list, err);
    if (rc != RC_OK)
        return rc;
    size_t found = 0;
    while (found < list.n &&
           !(is(ctx, &list.v[found]) && !was_undone(&list, found, list.v[found].id)))
        found++;
    if (found == list.n) {
        rc = err_set(err, RC_NOTFOUND, "there is nothing to take back");
    } else {
        *ret = list.v[found];
        list.v[found] = (struct audit_entry){0};
    }
    audit_list_fini(&list);
    return rc;
}

struct meant {
    const struct audit_query *query;
    const struct undoer *taker;
};

static bool fits(const void *ctx, const struct audit_entry *e)
{
    const struct meant *meant = ctx;
    return is_meant(meant->query, meant->taker, e);
}

enum rc undo_find(const struct desk *desk, const struct audit_query *query,
                  const struct undoer *taker, struct audit_entry *ret, struct err *err)
{
    const struct meant meant = {query, taker};
    return find_newest(desk, query, fits, &meant, ret, err);
}

struct about {
    int64_t (*of)(const struct audit_entry *entry);
    int64_t id;
};

static bool is_about(const void *ctx, const struct audit_entry *e)
{
    const struct about *about = ctx;
    return about->of(e) == about->id;
}

enum rc undo_find_about(const struct desk *desk, const struct audit_query *query,
                        int64_t (*of)(const struct audit_entry *entry), int64_t id,
                        struct audit_entry *ret, struct err *err)
{
    const struct about about = {of, id};
    return find_newest(desk, query, is_about, &about, ret, err);
}

/* ---- without a name: one's own last work ---- */

/* What one person did, and what anybody took back, each the newest first. */
struct past_work {
    struct audit_list own, undos;
};

static enum rc past_work_read(const struct desk *desk, int64_t after, size_t limit,
                              struct past_work *ret, struct err *err)
{
    const struct audit_query own = {.actor = desk->actor, .after = after, .limit = limit};
    const struct audit_query undos = {.verb = "undo", .after = after, .limit = LOOK_BACK_FAR};
    struct past_work w = {0};
    enum rc rc = store_audit_list(desk->store, &own, &w.own, err);
    if (rc == RC_OK)
        rc = store_audit_list(desk->store, &undos, &w.undos, err);
    if (rc == RC_OK)
        *ret = w;
    else
        audit_list_fini(&w.own);
    return rc;
}

static void past_work_fini(struct past_work *w)
{
    audit_list_fini(&w->own);
    audit_list_fini(&w->undos);
}

/* It says so itself: a member of its detail. */
static bool says_piece(const struct audit_entry *e)
{
    struct json_doc *doc;
    struct err ignored;
    if (undo_parse(e, &doc, &ignored) != RC_OK)
        return false;
    bool piece = json_get(json_root(doc), UNDO_PIECE) != NULL;
    json_doc_free(doc);
    return piece;
}

/* Whether an entry is only a piece of other work: the call that a lost sale goes without, one answer of an import. Whoever
 * means it names it. */
static bool is_piece(const struct past_work *w, size_t at)
{
    const struct audit_entry *e = &w->own.v[at];
    if (says_piece(e))
        return true;
    for (size_t i = 0; i < at; i++) {
        const struct undoer *u = undoer_of(w->own.v[i].verb);
        if (u != NULL && u->holds != NULL && u->holds(&w->own.v[i], e))
            return true;
    }
    return false;
}

/* The next of one's own entries from `from` on that is no undo, no piece, and not taken back by oneself: what one did last. */
static size_t last_work(const struct desk *desk, const struct past_work *w, size_t from)
{
    size_t i = from;
    for (; i < w->own.n; i++) {
        const struct audit_entry *e = &w->own.v[i];
        const struct audit_entry *undo = undo_in(&w->undos, w->undos.n, e->id);
        if (!str_eq(e->verb, "undo") && !is_piece(w, i) &&
            (undo == NULL || !str_eq(undo->actor, desk->actor)))
            break;
    }
    return i;
}

/* "; before it came done: pps undo A4 takes that back", when that is so; "" else. New string; *ret_any: there is older work
 * that undo knows. */
static enum rc name_before(const struct desk *desk, const struct past_work *w, size_t last,
                           char **ret, bool *ret_any, struct err *err)
{
    size_t i = last + 1;
    while (i < w->own.n && (undoer_of(w->own.v[i].verb) == NULL ||
                            undo_in(&w->undos, w->undos.n, w->own.v[i].id) != NULL))
        i++;
    *ret_any = i < w->own.n;
    *ret = xstrdup("");
    if (!*ret_any)
        return RC_OK;
    const struct audit_entry *e = &w->own.v[i];
    struct audit_entry later;
    enum rc rc = later_word(desk, e, &later, err);
    if (rc != RC_OK || later.id != 0) {
        audit_entry_fini(&later);
        return rc;
    }
    char *name = name_of(e);
    free(*ret);
    *ret = *name == '\0'
               ? xasprintf("; before it came %s: undo takes back what it did one by one, "
                           "by its number",
                           e->verb)
               : xasprintf("; before it came %s: pps undo %s takes that back", e->verb, name);
    free(name);
    return RC_OK;
}

/* Why a bare undo takes nothing back: it never passes over what was done last. */
static enum rc say_why_not(const struct audit_entry *last, const struct audit_entry *undo,
                           const char *before, bool any, struct err *err)
{
    if (str_eq(last->verb, UNCHANGED))
        return err_set(err, any ? RC_REJECTED : RC_NOTFOUND,
                       "nothing was changed by %s, your last command: there is nothing to take "
                       "back%s",
                       str_or(last->detail, "it"), before);
    if (undo != NULL) {
        char *name = name_of(last);
        enum rc rc =
            err_set(err, RC_REJECTED, "your last work was %s%s%s, which %s has taken back%s",
                    last->verb, *name ? " of " : "", name, undo->actor, before);
        free(name);
        return rc;
    }
    if (!any)
        return err_set(err, RC_NOTFOUND, "there is nothing to take back");
    return err_set(err, RC_REJECTED,
                   "your last work was %s, which undo does not take back (change it once more)%s",
                   last->verb, before);
}

static bool is_sale(const struct audit_entry *e)
{
    return e->occasion_id != 0 && (str_eq(e->verb, "add-trip") || str_eq(e->verb, "add-client"));
}

/* A sale has an end of its own, and that is what is meant: what came before it is not looked for. */
static enum rc say_how_sale_ends(const struct desk *desk, const struct audit_entry *e,
                                 struct err *err)
{
    struct occasion trip;
    long long id = (long long)e->occasion_id;
    enum rc rc = store_occasion_get(desk->store, e->occasion_id, &trip, err);
    if (rc != RC_OK)
        return rc;
    bool ended = trip.ended;
    occasion_fini(&trip);
    if (ended)
        return err_set(err, RC_REJECTED,
                       "your last work was %s of T%lld, which has ended already: there is nothing "
                       "to take back",
                       e->verb, id);
    return err_set(err, RC_REJECTED,
                   "your last work was %s of T%lld, which undo does not take back: "
                   "pps cancel-trip T%lld ends it, pps edit-trip T%lld changes it",
                   e->verb, id, id, id);
}

static enum rc say_nothing_found(const struct desk *desk, const struct past_work *w, size_t last,
                                 const struct audit_entry *undo, struct err *err)
{
    bool any;
    char *before = NULL;
    const struct audit_entry *e = &w->own.v[last];
    if (str_eq(e->verb, FORGET_VERB))
        return require_known(desk, e->client_id, err);
    if (is_sale(e))
        return say_how_sale_ends(desk, e, err);
    enum rc rc = name_before(desk, w, last, &before, &any, err);
    if (rc == RC_OK)
        rc = say_why_not(e, undo, before, any, err);
    free(before);
    return rc;
}

static enum rc find_own(const struct desk *desk, struct audit_entry *ret, struct err *err)
{
    struct past_work w;
    enum rc rc = past_work_read(desk, 0, LOOK_BACK_FAR, &w, err);
    if (rc != RC_OK)
        return rc;
    size_t last = last_work(desk, &w, 0);
    struct audit_entry *e = last < w.own.n ? &w.own.v[last] : NULL;
    const struct audit_entry *undo = e != NULL ? undo_in(&w.undos, w.undos.n, e->id) : NULL;
    if (e == NULL) {
        rc = err_set(err, RC_NOTFOUND,
                     "nothing is left that %s could take back; what others did takes its number: pps undo T2",
                     desk->actor);
    } else if (undoer_of(e->verb) != NULL && undo == NULL) {
        *ret = *e;
        *e = (struct audit_entry){0};
    } else {
        rc = say_nothing_found(desk, &w, last, undo, err);
    }
    past_work_fini(&w);
    return rc;
}

/* ---- which is meant ---- */

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
    if (what == NULL)
        return find_own(desk, ret, err);
    enum rc rc = find_by_word(desk, what, &found, ret, err);
    if (found || rc != RC_OK)
        return rc;
    if (occasion_id_parse(what, &kind, &query.occasion_id)) {
        rc = lookup_kind(desk, kind, what, &query.occasion_id, err);
    } else {
        struct action a;
        rc = lookup_action(desk, what, &a, err);
        if (rc == RC_OK) {
            query.action_id = a.id;
            action_fini(&a);
        } else if (rc == RC_INVALID && strchr(what, '/') == NULL) {
            rc = err_set(err, rc, "\"%.60s\" does not name what was done: write its number, such as A156, T34 or C5, "
                                  "which pps log shows", what);
        }
    }
    return rc == RC_OK ? undo_find(desk, &query, NULL, ret, err) : rc;
}

/* ---- taking back ---- */

static enum rc take_back(const struct desk *desk, const struct audit_entry *e, char **ret_what,
                         struct err *err)
{
    enum rc rc = e->client_id != 0 ? require_known(desk, e->client_id, err) : RC_OK;
    if (rc == RC_OK)
        rc = require_last_word(desk, e, err);
    if (rc == RC_OK)
        rc = undoer_of(e->verb)->undo(desk, e, ret_what, err);
    if (rc == RC_OK) {
        char *detail = xasprintf("%s #%lld", e->verb, (long long)e->id);
        rc = audit(desk, "undo", e->client_id, e->occasion_id, e->action_id, detail, err);
        free(detail);
    }
    return rc;
}

/* The command of which an entry is one of several; 0: of none. */
static int64_t batch_of(const struct audit_entry *e)
{
    struct json_doc *doc;
    struct err ignored;
    if (undo_parse(e, &doc, &ignored) != RC_OK)
        return 0;
    int64_t batch = json_int_of(json_root(doc), UNDO_BATCH);
    json_doc_free(doc);
    return batch;
}

/* The newest first. What was taken back by its number already stays so. The number of a batch is that of its first entry. */
static enum rc take_back_all(const struct desk *desk, int64_t batch, char **ret_what,
                             struct err *err)
{
    struct past_work w;
    struct sb sb = {0};
    enum rc rc = past_work_read(desk, batch - 1, LOOK_BACK_ALL, &w, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < w.own.n && rc == RC_OK; i++) {
        const struct audit_entry *e = &w.own.v[i];
        char *what = NULL;
        if (undoer_of(e->verb) == NULL || batch_of(e) != batch || is_piece(&w, i) ||
            undo_in(&w.undos, w.undos.n, e->id) != NULL)
            continue;
        rc = take_back(desk, e, &what, err);
        if (rc == RC_OK)
            sb_addf(&sb, "%s%s", sb.len ? "\n" : "", what);
        free(what);
    }
    past_work_fini(&w);
    *ret_what = sb_take(&sb);
    return rc;
}

static enum rc undo(const struct desk *desk, const char *what, char **ret_what, struct err *err)
{
    struct audit_entry entry;
    enum rc rc = find_meant(desk, what, &entry, err);
    if (rc != RC_OK)
        return rc;
    int64_t batch = what == NULL ? batch_of(&entry) : 0;
    rc = batch != 0 ? take_back_all(desk, batch, ret_what, err)
                    : take_back(desk, &entry, ret_what, err);
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
