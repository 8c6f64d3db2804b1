/* What people say twice, or when the machine was faster. A client who does not pick up and is called again ten
 * minutes later was tried once: otherwise all tries would be over before the better hour of the next one. And a call
 * that was made, but not ticked off before its message went, was made all the same: it is noted beside the message,
 * which stays sent. Serves ticking off and undo. */
#include <stdlib.h>
#include <string.h>

#include <pps/json.h>
#include <pps/str.h>

#include "byphone.h"
#include "undo.h"

enum { SAME_TRY_SEC = 3600, LOOK_BACK = 100 };

/* ---- the same try ---- */

/* The entry that made the tries as many as they are: those of the same try again found that many already. */
static bool has_counted(const struct audit_entry *e, const struct action *a)
{
    struct json_doc *doc;
    const char *text = str_or(e->detail, "{}");
    if (!str_eq(e->verb, "done") ||
        json_parse(text, strlen(text), "audit", false, &doc, NULL) != RC_OK)
        return false;
    const struct json *before = json_get(json_root(doc), "attempts");
    bool counted = before != NULL && json_int_of(json_root(doc), "attempts") == a->attempts - 1 &&
                   str_eq(json_string(json_get(json_root(doc), "outcome")), a->outcome);
    json_doc_free(doc);
    return counted;
}

/* When the last try was made that counts; 0: not known. */
static enum rc last_try(const struct desk *desk, const struct action *a, int64_t *ret,
                        struct err *err)
{
    const struct audit_query query = {.action_id = a->id, .limit = LOOK_BACK};
    struct audit_list list;
    *ret = 0;
    enum rc rc = store_audit_list(desk->store, &query, &list, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < list.n && *ret == 0; i++) {
        if (has_counted(&list.v[i], a) && !was_undone(&list, i, list.v[i].id))
            *ret = list.v[i].at;
    }
    audit_list_fini(&list);
    return RC_OK;
}

enum rc is_same_try(const struct desk *desk, const struct action *a, const char *outcome, bool *ret,
                    struct err *err)
{
    int64_t at, now = desk_now(desk);
    *ret = false;
    if (a->attempts == 0 || !str_eq(a->outcome, outcome))
        return RC_OK;
    enum rc rc = last_try(desk, a, &at, err);
    bool next_has_come = a->due_at > at && a->due_at <= now;
    *ret = rc == RC_OK && at != 0 && at <= now && now - at < SAME_TRY_SEC && !next_has_come;
    return rc;
}

/* ---- a call beside its message ---- */

bool went_instead(const struct action *a)
{
    return a->state == STATE_SENT && a->planned_channel == CHANNEL_CALL &&
           !channel_is_human(a->channel);
}

enum rc note_called_too(const struct desk *desk, struct case_file *f, const char *outcome,
                        char *note, struct err *err)
{
    struct action *a = &f->action;
    struct json *detail = undo_detail(a);
    json_add_string(detail, "outcome", outcome);
    json_add_string(detail, "outcome_before", a->outcome);
    json_add_string(detail, "note_before", a->note);
    json_add_string(detail, "words", "called as well, after its message had gone");
    char *text = undo_detail_text(detail);
    bool again = str_eq(a->outcome, outcome);
    enum rc rc = again ? err_set(err, RC_REJECTED,
                                 "A%lld: that they were called as well is noted already (pps undo "
                                 "A%lld)",
                                 (long long)a->id, (long long)a->id)
                       : RC_OK;
    free(a->outcome);
    a->outcome = xstrdup(outcome);
    if (note != NULL) {
        free(a->note);
        a->note = note;
    }
    if (rc == RC_OK)
        rc = store_action_update(desk->store, a, STATE_SENT, desk_now(desk), err);
    if (rc == RC_OK)
        rc = audit(desk, "called", f->client.id, f->occasion.id, a->id, text, err);
    free(text);
    return rc;
}

enum rc undo_called_too(const struct desk *desk, const struct audit_entry *entry, char **ret_what,
                        struct err *err)
{
    struct action a;
    struct json_doc *doc;
    const char *text = str_or(entry->detail, "{}");
    enum rc rc = json_parse(text, strlen(text), "audit", false, &doc, err);
    if (rc != RC_OK)
        return rc;
    rc = store_action_get(desk->store, entry->action_id, &a, err);
    if (rc == RC_OK) {
        free(a.outcome);
        free(a.note);
        a.outcome = xstrdup(json_string(json_get(json_root(doc), "outcome_before")));
        a.note = xstrdup(json_string(json_get(json_root(doc), "note_before")));
        rc = store_action_update(desk->store, &a, a.state, desk_now(desk), err);
        if (rc == RC_OK)
            *ret_what = xasprintf("the call beside the message of A%lld (%s) is taken back",
                                  (long long)a.id, a.step);
        action_fini(&a);
    }
    json_doc_free(doc);
    return rc;
}
