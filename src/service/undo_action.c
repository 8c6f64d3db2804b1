/* Taking back what was done to an action: a done, a skip, an answer to a doubt, by what the audit log remembers of the state
 * before. The plan is then applied again, so that the time that has passed since counts; what goes back into doubt is not
 * planned. Serves undo.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/json.h>
#include <pps/str.h>

#include "byphone.h"
#include "undo.h"

static bool takes(const char *verb)
{
    static const char *const verbs[] = {"done", "skip", "doubt-sent", "doubt-resend", "doubt-drop",
                                        "called"};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (str_eq(verb, verbs[i]))
            return true;
    }
    return steer_is_verb(verb);
}

/* What a done said about the occasion and the client, beside its action. */
struct said_beside {
    bool visit;
    bool wrong_number, right_number; /* it said that the number is wrong, or right after all */
    struct civil visit_was;          /* day CIVIL_NONE: none was agreed */
};

static struct civil visit_before(const struct json *root)
{
    struct civil c;
    const char *text = json_string(json_get(root, "visit_was"));
    if (text == NULL || civil_parse(text, CIVIL_NONE, &c, NULL) != RC_OK)
        return (struct civil){CIVIL_NONE, MINUTE_NONE};
    return c;
}

/* The words of an earlier try count again. */
static void restore_words(struct action *a, const struct json *root)
{
    if (json_get(root, "note") != NULL) {
        free(a->note);
        a->note = xstrdup(json_string(json_get(root, "note_was")));
    }
    free(a->outcome);
    a->outcome = xstrdup(json_string(json_get(root, "outcome_was")));
}

/* Gives an action the state, cause and reason that the audit entry remembers. */
static enum rc restore_action(struct action *a, const struct audit_entry *entry,
                              struct said_beside *ret, struct err *err)
{
    struct json_doc *doc;
    const char *text = str_or(entry->detail, "{}");
    enum rc rc = json_parse(text, strlen(text), "audit", false, &doc, err);
    if (rc != RC_OK)
        return rc;
    const struct json *root = json_root(doc);
    const char *state = json_string(json_get(root, "was"));
    const char *cause = json_string(json_get(root, "cause"));
    const char *outcome = json_string(json_get(root, "outcome"));
    if (state == NULL || !state_from_name(state, &a->state))
        a->state = STATE_PENDING;
    if (cause == NULL || !cause_from_name(cause, &a->cause))
        a->cause = CAUSE_NONE;
    free(a->reason);
    a->reason = xstrdup(json_string(json_get(root, "reason")));
    if ((str_eq(outcome, "no-answer") || str_eq(outcome, "wrong-number") ||
         str_eq(outcome, "did-not-come")) &&
        a->attempts > 0)
        a->attempts--;
    if (str_eq(entry->verb, "done"))
        restore_words(a, root);
    free(a->done_by);
    a->done_by = NULL;
    a->done_at = 0;
    steer_restore(a, root);
    *ret = (struct said_beside){.visit = json_get(root, "visit") != NULL,
                                .wrong_number = str_eq(outcome, "wrong-number"),
                                .right_number = json_get(root, "number_was_wrong") != NULL,
                                .visit_was = visit_before(root)};
    json_doc_free(doc);
    return RC_OK;
}

static enum rc remark_number(const struct desk *desk, int64_t client_id, bool wrong,
                             struct err *err)
{
    struct client client;
    enum rc rc = store_client_get(desk->store, client_id, &client, err);
    if (rc != RC_OK)
        return rc;
    if (client.phone != NULL)
        rc = mark_number(desk, client.phone, wrong, err);
    client_fini(&client);
    return rc;
}

/* A number that was entered since then is not the one that was wrong. */
static enum rc was_edited_since(const struct desk *desk, const struct audit_entry *entry, bool *ret,
                                struct err *err)
{
    struct audit_list list;
    const struct audit_query query = {
        .client_id = entry->client_id, .verb = "edit-client", .limit = 1};
    enum rc rc = store_audit_list(desk->store, &query, &list, err);
    if (rc != RC_OK)
        return rc;
    *ret = list.n > 0 && list.v[0].id > entry->id;
    audit_list_fini(&list);
    return RC_OK;
}

/* What the call had shown of the number is not so. */
static enum rc restore_number(const struct desk *desk, const struct audit_entry *entry,
                              const struct said_beside *beside, struct err *err)
{
    bool edited = false;
    enum rc rc = RC_OK;
    if (beside->wrong_number)
        rc = remark_number(desk, entry->client_id, false, err);
    if (rc == RC_OK && beside->right_number)
        rc = was_edited_since(desk, entry, &edited, err);
    if (rc == RC_OK && beside->right_number && !edited)
        rc = remark_number(desk, entry->client_id, true, err);
    return rc;
}

static enum rc changed_since(const struct action *a, struct err *err)
{
    enum rc rc = require_rest(a, err);
    if (rc != RC_OK)
        return rc;
    return err_set(err, RC_REJECTED, "A%lld is %s since then: it cannot be taken back",
                   (long long)a->id, state_name(a->state));
}

/* ---- what was in doubt ---- */

/* What the entry of an answer to a doubt, or of the skip of one, remembers besides state, cause and reason. */
struct before_answer {
    bool was_in_doubt;
    int64_t next_attempt_at; /* 0: as it is */
    int64_t from, to;        /* the first and the last try that it settled; 0: not noted */
    char *message_id;        /* NULL: there was no message */
};

static enum rc read_before_answer(const struct audit_entry *entry, struct before_answer *ret,
                                  struct err *err)
{
    struct json_doc *doc;
    const char *text = str_or(entry->detail, "{}");
    enum rc rc = json_parse(text, strlen(text), "audit", false, &doc, err);
    if (rc != RC_OK)
        return rc;
    const struct json *root = json_root(doc);
    *ret = (struct before_answer){
        .was_in_doubt = str_eq(json_string(json_get(root, "was")), state_name(STATE_IN_DOUBT)),
        .next_attempt_at = json_int_of(root, "next_attempt_at"),
        .from = json_int_of(root, "from"),
        .to = json_int_of(root, "to"),
        .message_id = xstrdup(json_string(json_get(root, "message_id"))),
    };
    json_doc_free(doc);
    return RC_OK;
}

/* It waits to be sent again, and is still what it was: nothing was planned anew in the meantime. */
static enum rc still_the_same(const struct desk *desk, const struct action *a,
                              const struct before_answer *before, struct err *err)
{
    struct frozen_message now = {0};
    struct err why;
    enum rc rc = store_message_get(desk->store, a->id, &now, &why);
    if (rc != RC_OK && rc != RC_NOTFOUND)
        return err_set(err, rc, "%s", why.message);
    bool same = str_eq(rc == RC_OK ? now.message_id : NULL, before->message_id);
    if (rc == RC_OK)
        frozen_message_fini(&now);
    return same ? RC_OK
                : err_set(err, RC_REJECTED,
                          "A%lld was planned anew since then: it cannot be taken back",
                          (long long)a->id);
}

static enum rc check_answer(const struct desk *desk, const struct audit_entry *entry,
                            const struct action *a, const struct before_answer *before,
                            struct err *err)
{
    if (str_eq(entry->verb, "doubt-resend"))
        return a->state == STATE_PENDING ? still_the_same(desk, a, before, err)
                                         : changed_since(a, err);
    enum action_state left = str_eq(entry->verb, "doubt-sent") ? STATE_SENT : STATE_CANCELLED;
    return a->state == left && a->cause == CAUSE_BY_PERSON ? RC_OK : changed_since(a, err);
}

/* The entry of a skip does not name the tries that it dropped. They are all that are dropped: what was is in doubt again
 * only when that was taken back. */
static enum rc find_dropped(const struct desk *desk, int64_t action_id, struct before_answer *ret,
                            struct err *err)
{
    struct attempt_list tries;
    enum rc rc = store_attempts(desk->store, action_id, &tries, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < tries.n; i++) {
        if (!str_eq(tries.v[i].settled, "dropped"))
            continue;
        ret->from = ret->from == 0 ? tries.v[i].id : ret->from;
        ret->to = tries.v[i].id;
    }
    attempt_list_fini(&tries);
    return RC_OK;
}

static enum rc undo_answer(const struct desk *desk, const struct audit_entry *entry,
                           struct before_answer *before, char **ret_what, struct err *err)
{
    struct action a;
    struct said_beside ignored;
    enum rc rc = store_action_get(desk->store, entry->action_id, &a, err);
    if (rc != RC_OK)
        return rc;
    enum action_state was = a.state;
    rc = check_answer(desk, entry, &a, before, err);
    if (rc == RC_OK)
        rc = restore_action(&a, entry, &ignored, err);
    if (before->next_attempt_at != 0)
        a.next_attempt_at = before->next_attempt_at;
    if (rc == RC_OK && str_eq(entry->verb, "skip"))
        rc = find_dropped(desk, a.id, before, err);
    /* The answer goes first: what was settled as sent could not leave that state. */
    if (rc == RC_OK)
        rc = store_unsettle(desk->store, a.id, before->from, before->to, err);
    if (rc == RC_OK)
        rc = store_action_update(desk->store, &a, was, desk_now(desk), err);
    if (rc == RC_OK)
        *ret_what = xasprintf("%s of A%lld (%s) is taken back: it is in doubt again", entry->verb,
                              (long long)a.id, a.step);
    action_fini(&a);
    return rc;
}

/* ---- anything else of an action ---- */

/* Its date has moved since, and it is planned once more: the planner has dropped this one for that. */
static bool is_repeated(const struct desk *desk, const struct action *a)
{
    struct action next;
    struct err ignored;
    if (a->state != STATE_CANCELLED ||
        store_action_by_step(desk->store, a->occasion_id, a->step, a->occurrence + 1, &next,
                             &ignored) != RC_OK)
        return false;
    action_fini(&next);
    return true;
}

/* What the entry did beside its own action: a visit was agreed, or was talked over by phone. */
static enum rc undo_visit(const struct desk *desk, const struct audit_entry *entry,
                          int64_t occasion_id, const struct said_beside *beside,
                          struct err *err)
{
    struct occasion about = {0}, trip = {0};
    struct json_doc *doc;
    int64_t trip_id, by_phone = 0;
    const char *text = str_or(entry->detail, "{}");
    enum rc rc = json_parse(text, strlen(text), "audit", false, &doc, err);
    if (rc != RC_OK)
        return rc;
    by_phone = json_int_of(json_root(doc), "by_phone");
    json_doc_free(doc);
    if (by_phone != 0)
        return visit_reopen(desk, by_phone, err);
    if (!beside->visit)
        return RC_OK;
    rc = store_occasion_get(desk->store, occasion_id, &about, err);
    if (rc == RC_OK)
        rc = visit_trip(&about, &trip_id, err);
    if (rc == RC_OK)
        rc = store_occasion_get(desk->store, trip_id, &trip, err);
    trip.when[ANCHOR_VISIT] = beside->visit_was;
    if (rc == RC_OK)
        rc = store_occasion_update(desk->store, &trip, err);
    if (rc == RC_OK && trip.id != occasion_id)
        rc = planning_of_occasion(desk, trip.id, NULL, NULL, err);
    occasion_fini(&about);
    occasion_fini(&trip);
    return rc;
}

static enum rc undo_tick_off(const struct desk *desk, const struct audit_entry *entry,
                             char **ret_what, struct err *err)
{
    struct action a;
    struct said_beside beside = {0};
    enum rc rc = store_action_get(desk->store, entry->action_id, &a, err);
    if (rc != RC_OK)
        return rc;
    enum action_state was = a.state;
    struct occasion of;
    bool complaint = false;
    rc = store_occasion_get(desk->store, a.occasion_id, &of, err);
    if (rc == RC_OK) {
        complaint = of.kind == KIND_COMPLAINT;
        if (of.ended)
            rc = say_ended(&of, err);
        occasion_fini(&of);
    }
    if (rc != RC_OK) {
        action_fini(&a);
        return rc;
    }
    bool steered = steer_is_verb(entry->verb);
    if (was == STATE_SENT || was == STATE_CLAIMED || was == STATE_AT_RISK ||
        was == STATE_IN_DOUBT || (steered && was != STATE_PENDING && was != STATE_HELD))
        rc = changed_since(&a, err);
    if (rc == RC_OK)
        rc = restore_action(&a, entry, &beside, err);
    if (rc == RC_OK)
        rc = store_action_update(desk->store, &a, was, desk_now(desk), err);
    if (rc == RC_OK)
        rc = undo_visit(desk, entry, a.occasion_id, &beside, err);
    if (rc == RC_OK)
        rc = restore_number(desk, entry, &beside, err);
    if (rc == RC_OK)
        rc = complaint ? planning_of_client(desk, entry->client_id, NULL, NULL, err)
                       : planning_of_occasion(desk, a.occasion_id, NULL, NULL, err);
    if (rc == RC_OK) {
        action_fini(&a);
        rc = store_action_get(desk->store, entry->action_id, &a, err);
    }
    if (rc == RC_OK)
        *ret_what = is_repeated(desk, &a)
                        ? xasprintf("%s of A%lld (%s) is taken back: %s", entry->verb,
                                    (long long)a.id, a.step, str_or(a.reason, ""))
                        : xasprintf("%s of A%lld (%s) is taken back: it is %s again", entry->verb,
                                    (long long)a.id, a.step, state_name(a.state));
    action_fini(&a);
    return rc;
}

static enum rc undo_entry(const struct desk *desk, const struct audit_entry *entry, char **ret_what,
                          struct err *err)
{
    struct before_answer before = {0};
    if (str_eq(entry->verb, "called"))
        return undo_called_too(desk, entry, ret_what, err);
    enum rc rc = read_before_answer(entry, &before, err);
    if (rc == RC_OK)
        rc = before.was_in_doubt ? undo_answer(desk, entry, &before, ret_what, err)
                                 : undo_tick_off(desk, entry, ret_what, err);
    free(before.message_id);
    return rc;
}

const struct undoer undo_of_actions = {.takes = takes, .undo = undo_entry};
