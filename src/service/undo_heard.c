/* Taking back what was entered of feedback and complaints: an answer, a whole import, a complaint, and each step of one. The
 * entry in the audit log remembers what was before. Serves undo.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/complaint.h>
#include <pps/json.h>
#include <pps/store_complaint.h>
#include <pps/store_feedback.h>
#include <pps/str.h>

#include "heard.h"
#include "undo.h"

static struct civil date_of(const struct json *root, const char *key)
{
    struct civil c;
    const char *text = json_string(json_get(root, key));
    if (text == NULL || civil_parse(text, CIVIL_NONE, &c, NULL) != RC_OK)
        return (struct civil){CIVIL_NONE, MINUTE_NONE};
    return c;
}

static bool same_date(struct civil a, struct civil b)
{
    return a.day == b.day && a.minute == b.minute;
}

/* ---- what cannot be taken back ---- */

/* "; the client has “What we have done” already (e-mail, 2026-12-24 10:10)": what went because of it. Of all steps, or with
 * of_anchor of those that are counted from this date. "" when nothing did. New string. */
static char *gone_already(const struct desk *desk, int64_t occasion_id, bool of_anchor,
                          enum anchor anchor)
{
    struct occasion_file file;
    struct err ignored;
    struct sb sb = {0};
    if (store_occasion_file(desk->store, occasion_id, &file, &ignored) != RC_OK)
        return xstrdup("");
    for (size_t i = 0; i < file.actions.n; i++) {
        const struct action *a = &file.actions.v[i];
        const struct step *step = playbook_step(file.playbook, a->step);
        bool wanted = step != NULL && (!of_anchor || step->at.anchor == anchor);
        bool gone = a->state == STATE_SENT || a->state == STATE_IN_DOUBT;
        char at[CIVIL_TEXT_BYTES];
        if (!wanted || !gone)
            continue;
        civil_format(zone_to_local(desk->zone, a->done_at), at);
        sb_addf(&sb, "%s \"%s\" (%s%s%s)", sb.len ? "," : "", step->title,
                channel_word(a->channel), a->done_at ? " " : ", in doubt", a->done_at ? at : "");
    }
    char *text = sb.len ? xasprintf("; the client has had%s already", sb_str(&sb)) : xstrdup("");
    sb_fini(&sb);
    occasion_file_fini(&file);
    return text;
}

/* ---- what was entered ---- */

/* Ends it, so that it counts no more; the survey's number is free again. The caller plans the client anew. */
static enum rc withdraw(const struct desk *desk, struct occasion *o, struct err *err)
{
    int stopped;
    char *reason = xasprintf("taken back by %s", desk->actor);
    enum rc rc = occasion_end(desk, o, reason, "it was taken back", &stopped, err);
    free(reason);
    if (rc == RC_OK && o->kind == KIND_FEEDBACK)
        rc = store_feedback_forget_number(desk->store, o->id, err);
    return rc;
}

static enum rc undo_entry(const struct desk *desk, const struct audit_entry *entry,
                          const struct json *root, char **ret_what, struct err *err)
{
    struct occasion o;
    char id[ID_TEXT_BYTES];
    (void)root;
    enum rc rc = store_occasion_get(desk->store, entry->occasion_id, &o, err);
    if (rc != RC_OK)
        return rc;
    occasion_id_format(o.kind, o.id, id);
    rc = o.ended ? err_set(err, RC_REJECTED, "%s is taken back already", id)
                 : withdraw(desk, &o, err);
    if (rc == RC_OK)
        rc = planning_of_client(desk, o.client_id, undo_wakes, NULL, err);
    if (rc == RC_OK) {
        char *gone = gone_already(desk, o.id, false, ANCHOR_OPENED);
        *ret_what = xasprintf("%s (%s) is taken back: what followed from it that is not done yet "
                              "is off%s",
                              id, kind_words(o.kind), gone);
        free(gone);
    }
    occasion_fini(&o);
    return rc;
}

/* The answers of one import have numbers in a row: nobody else could enter anything meanwhile. */
static enum rc undo_import(const struct desk *desk, const struct audit_entry *entry,
                           const struct json *root, char **ret_what, struct err *err)
{
    int64_t from = json_int_of(root, "from"), to = json_int_of(root, "to");
    struct id_list clients = {0};
    enum rc rc = RC_OK;
    (void)entry;
    for (int64_t id = from; id != 0 && id <= to && rc == RC_OK; id++) {
        struct occasion o;
        rc = store_occasion_get(desk->store, id, &o, err);
        if (rc != RC_OK)
            break;
        if (o.kind == KIND_FEEDBACK && !o.ended) {
            rc = withdraw(desk, &o, err);
            to_plan(&clients, o.client_id);
        }
        occasion_fini(&o);
    }
    if (rc == RC_OK)
        rc = plan_them(desk, &clients, undo_wakes, err);
    id_list_fini(&clients);
    if (rc == RC_OK)
        *ret_what =
            xasprintf("the import is taken back: F%lld to F%lld", (long long)from, (long long)to);
    return rc;
}

/* ---- steps of a complaint ---- */

static enum rc changed_since(const struct occasion *o, struct err *err)
{
    return err_set(err, RC_REJECTED, "P%lld was changed since then: it cannot be taken back",
                   (long long)o->id);
}

static enum rc give_back(const struct audit_entry *entry, const struct json *root,
                         struct occasion *o, struct complaint *c, struct err *err)
{
    struct civil *promised = &o->when[ANCHOR_PROMISED], *resolved = &o->when[ANCHOR_RESOLVED];
    if (o->ended)
        return changed_since(o, err);
    if (str_eq(entry->verb, "complaint-assign")) {
        if (o->manager_id != json_int_of(root, "to"))
            return changed_since(o, err);
        o->manager_id = json_int_of(root, "from");
        return RC_OK;
    }
    if (str_eq(entry->verb, "complaint-plan")) {
        if (!same_date(*promised, date_of(root, "to")))
            return changed_since(o, err);
        *promised = date_of(root, "from");
        if (json_get(root, "tells") != NULL)
            o->when[ANCHOR_MOVED] = date_of(root, "told");
        return RC_OK;
    }
    bool was_open = str_eq(entry->verb, "complaint-resolve"); /* else it was opened again */
    if ((resolved->day == CIVIL_NONE) == was_open)
        return changed_since(o, err);
    *resolved = date_of(root, "resolved");
    if (json_get(root, BROKEN_PROMISE) != NULL && promised->day == CIVIL_NONE) {
        *promised = date_of(root, BROKEN_PROMISE); /* it had passed when it was opened again */
        o->when[ANCHOR_MOVED] = date_of(root, "told");
    }
    free(c->cause);
    free(c->actions);
    free(c->outcome);
    c->cause = xstrdup(json_string(json_get(root, "cause")));
    c->actions = xstrdup(json_string(json_get(root, "actions")));
    c->outcome = xstrdup(json_string(json_get(root, "came_of_it")));
    return RC_OK;
}

static enum rc undo_step(const struct desk *desk, const struct audit_entry *entry,
                         const struct json *root, char **ret_what, struct err *err)
{
    struct occasion o = {0};
    struct complaint c = {0};
    enum rc rc = store_occasion_get(desk->store, entry->occasion_id, &o, err);
    if (rc == RC_OK)
        rc = store_complaint_get(desk->store, o.id, &c, err);
    if (rc == RC_OK)
        rc = give_back(entry, root, &o, &c, err);
    if (rc == RC_OK)
        rc = store_occasion_update(desk->store, &o, err);
    if (rc == RC_OK)
        rc = store_complaint_update(desk->store, &c, err);
    if (rc == RC_OK)
        rc = planning_of_client(desk, o.client_id, undo_wakes, NULL, err);
    if (rc == RC_OK) {
        bool resolve = str_eq(entry->verb, "complaint-resolve");
        bool told = resolve || str_eq(entry->verb, "complaint-plan");
        char *gone = told ? gone_already(desk, o.id, true, resolve ? ANCHOR_RESOLVED : ANCHOR_MOVED)
                          : xstrdup("");
        *ret_what = xasprintf("%s of P%lld is taken back%s", entry->verb + strlen("complaint-"),
                              (long long)o.id, gone);
        free(gone);
    }
    occasion_fini(&o);
    complaint_fini(&c);
    return rc;
}

/* ---- which ---- */

typedef enum rc undo_fn(const struct desk *desk, const struct audit_entry *entry,
                        const struct json *root, char **ret_what, struct err *err);

static undo_fn *fn_of(const char *verb)
{
    static const struct {
        const char *verb;
        undo_fn *undo;
    } verbs[] = {
        {"feedback-add", undo_entry},    {"feedback-import", undo_import},
        {"complaint-add", undo_entry},   {"complaint-assign", undo_step},
        {"complaint-plan", undo_step},   {"complaint-resolve", undo_step},
        {"complaint-reopen", undo_step}, {"feedback-edit", undo_feedback_edit},
    };
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (str_eq(verb, verbs[i].verb))
            return verbs[i].undo;
    }
    return NULL;
}

static bool takes(const char *verb)
{
    return fn_of(verb) != NULL;
}

static enum rc undo_any(const struct desk *desk, const struct audit_entry *entry, char **ret_what,
                        struct err *err)
{
    struct json_doc *doc;
    enum rc rc = undo_parse(entry, &doc, err);
    if (rc != RC_OK)
        return rc;
    rc = fn_of(entry->verb)(desk, entry, json_root(doc), ret_what, err);
    json_doc_free(doc);
    return rc;
}

/* ---- which is the last word ---- */

static bool is_import(const struct audit_entry *entry)
{
    return str_eq(entry->verb, "feedback-import");
}

/* Whether an entry is about one of the answers that an import took. */
static bool of_import(const struct audit_entry *import, const struct audit_entry *e)
{
    struct json_doc *doc;
    struct err ignored;
    if (!is_import(import) || e->occasion_id == 0 || undo_parse(import, &doc, &ignored) != RC_OK)
        return false;
    int64_t from = json_int_of(json_root(doc), "from"), to = json_int_of(json_root(doc), "to");
    json_doc_free(doc);
    return from <= e->occasion_id && e->occasion_id <= to;
}

static bool holds(const struct audit_entry *whole, const struct audit_entry *piece)
{
    return str_eq(piece->verb, "feedback-add") && of_import(whole, piece);
}

static bool settles(const char *verb)
{
    return str_eq(verb, "complaint-resolve") || str_eq(verb, "complaint-reopen");
}

/* Who is responsible, the promise and the end are said apart from each other; whatever came after the entry itself is about
 * all of it. */
static bool same(const struct audit_entry *entry, const struct audit_entry *later)
{
    if (!takes(later->verb))
        return false;
    if (is_import(entry))
        return of_import(entry, later);
    if (later->occasion_id != entry->occasion_id)
        return false;
    return fn_of(entry->verb) == undo_entry || str_eq(entry->verb, later->verb) ||
           (settles(entry->verb) && settles(later->verb));
}

const struct undoer undo_of_heard = {
    .takes = takes, .undo = undo_any, .same = same, .holds = holds};
