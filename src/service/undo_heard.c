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
        rc = planning_of_client(desk, o.client_id, NULL, NULL, err);
    if (rc == RC_OK)
        *ret_what = xasprintf("%s (%s) is taken back: what followed from it that is not done yet "
                              "is off",
                              id, kind_words(o.kind));
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
        rc = plan_them(desk, &clients, err);
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
        return RC_OK;
    }
    bool was_open = str_eq(entry->verb, "complaint-resolve"); /* else it was opened again */
    if ((resolved->day == CIVIL_NONE) == was_open)
        return changed_since(o, err);
    *resolved = date_of(root, "resolved");
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
        rc = planning_of_client(desk, o.client_id, NULL, NULL, err);
    if (rc == RC_OK)
        *ret_what = xasprintf("%s of P%lld is taken back", entry->verb + strlen("complaint-"),
                              (long long)o.id);
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
        {"complaint-reopen", undo_step},
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
    const char *text = str_or(entry->detail, "");
    if (*text != '{')
        text = "{}"; /* words for people only */
    enum rc rc = json_parse(text, strlen(text), "audit", false, &doc, err);
    if (rc != RC_OK)
        return rc;
    rc = fn_of(entry->verb)(desk, entry, json_root(doc), ret_what, err);
    json_doc_free(doc);
    return rc;
}

const struct undoer undo_of_heard = {.takes = takes, .undo = undo_any};
