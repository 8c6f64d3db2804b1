/* What people say twice, or when the machine was faster. The same outcome typed twice in a minute is one try and not two.
 * And a call that was made, but not ticked off before its message went, was made all the same: it is noted beside the
 * message, which stays sent. Serves ticking off and undo. */
#include <stdlib.h>
#include <string.h>

#include <pps/json.h>
#include <pps/str.h>

#include "byphone.h"

enum { A_MOMENT_SEC = 300 };

static char *outcome_of(const struct audit_entry *entry)
{
    struct json_doc *doc;
    const char *text = str_or(entry->detail, "{}");
    if (json_parse(text, strlen(text), "audit", false, &doc, NULL) != RC_OK)
        return NULL;
    char *outcome = xstrdup(json_string(json_get(json_root(doc), "outcome")));
    json_doc_free(doc);
    return outcome;
}

static enum rc already_noted(const struct desk *desk, const struct audit_entry *entry,
                             const char *outcome, struct err *err)
{
    char at[CIVIL_TEXT_BYTES], *words = xstrdup(outcome);
    long long id = (long long)entry->action_id;
    for (char *dash = words; (dash = strchr(dash, '-')) != NULL;)
        *dash = ' ';
    civil_format(zone_to_local(desk->zone, entry->at), at);
    enum rc rc = err_set(err, RC_REJECTED,
                         "A%lld: %s at %s is noted already; another try counts after 5 minutes "
                         "(pps undo A%lld takes the noted one back)",
                         id, words, at + sizeof "YYYY-MM-DD", id);
    free(words);
    return rc;
}

enum rc refuse_repetition(const struct desk *desk, const struct action *a, const char *outcome,
                          struct err *err)
{
    struct audit_query query = {.action_id = a->id, .limit = 1};
    struct audit_list list;
    enum rc rc = store_audit_list(desk->store, &query, &list, err);
    if (rc != RC_OK)
        return rc;
    const struct audit_entry *last = list.n > 0 ? &list.v[0] : NULL;
    if (last != NULL && str_eq(last->verb, "done") && last->at <= desk_now(desk) &&
        desk_now(desk) - last->at < A_MOMENT_SEC) {
        char *before = outcome_of(last);
        if (str_eq(before, outcome))
            rc = already_noted(desk, last, outcome, err);
        free(before);
    }
    audit_list_fini(&list);
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
