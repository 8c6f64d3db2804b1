/* Taking back what was done to an action: a done, a skip, an answer to a doubt, by what the audit log remembers of the state
 * before. The plan is then applied again, so that the time that has passed since counts; what goes back into doubt is not
 * planned. Serves undo.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/json.h>
#include <pps/str.h>

#include "byphone.h"
#include "undo.h"

enum { LOOK_BACK = 2000 }; /* entries of one client */

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
    bool wrong_number, right_number;  /* it said that the number is wrong, or right after all */
    struct civil visit_was, visit_is; /* day CIVIL_NONE: none was agreed; not noted */
};

static struct civil visit_of(const struct json *root, const char *key)
{
    struct civil c;
    const char *text = json_string(json_get(root, key));
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
static enum rc restore_action(struct action *a, const struct audit_entry *entry, struct err *err)
{
    struct json_doc *doc;
    enum rc rc = undo_parse(entry, &doc, err);
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
    json_doc_free(doc);
    return RC_OK;
}

static enum rc read_beside(const struct audit_entry *entry, struct said_beside *ret,
                           struct err *err)
{
    struct json_doc *doc;
    enum rc rc = undo_parse(entry, &doc, err);
    if (rc != RC_OK)
        return rc;
    const struct json *root = json_root(doc);
    bool wrong = str_eq(json_string(json_get(root, "outcome")), "wrong-number");
    bool was_wrong = json_get(root, "number_was_wrong") != NULL;
    *ret = (struct said_beside){.visit = json_get(root, "visit") != NULL,
                                .wrong_number = wrong && !was_wrong,
                                .right_number = !wrong && was_wrong,
                                .visit_was = visit_of(root, "visit_was"),
                                .visit_is = visit_of(root, "visit_is")};
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

/* ---- is what was said beside it the last word? ---- */

static bool edits_visit(const struct audit_entry *e)
{
    struct json_doc *doc;
    struct err ignored;
    if (undo_parse(e, &doc, &ignored) != RC_OK)
        return false;
    bool visit = trip_change_has(json_root(doc), "visit");
    json_doc_free(doc);
    return visit;
}

/* The newest entry since then that changed the visit of the trip: by a done, also of a call about an answer or a complaint,
 * or by an edit. */
static enum rc visit_changed_by(const struct desk *desk, const struct audit_entry *entry,
                                int64_t trip_id, struct audit_entry *ret, struct err *err)
{
    struct audit_list list;
    const struct audit_query query = {.client_id = entry->client_id, .limit = LOOK_BACK};
    *ret = (struct audit_entry){0};
    enum rc rc = store_audit_list(desk->store, &query, &list, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < list.n && list.v[i].id > entry->id && ret->id == 0; i++) {
        struct audit_entry *e = &list.v[i];
        struct said_beside beside = {0};
        struct err ignored;
        bool other = e->kind == KIND_TRIP && e->occasion_id != trip_id;
        bool said = !other && !was_undone(&list, i, e->id) &&
                    (str_eq(e->verb, "edit-trip")
                         ? edits_visit(e)
                         : str_eq(e->verb, "done") && read_beside(e, &beside, &ignored) == RC_OK &&
                               beside.visit);
        if (!said)
            continue;
        *ret = *e;
        *e = (struct audit_entry){0};
    }
    audit_list_fini(&list);
    return RC_OK;
}

/* The visit is the one that this done agreed; an older program did not note which. */
static enum rc require_same_visit(const struct desk *desk, const struct audit_entry *entry,
                                  const struct said_beside *beside, const struct occasion *o,
                                  struct err *err)
{
    struct civil said = beside->visit_is;
    struct occasion trip;
    struct audit_entry by;
    int64_t trip_id;
    if (!beside->visit || said.day == CIVIL_NONE)
        return RC_OK;
    enum rc rc = visit_trip(o, &trip_id, err);
    if (rc == RC_OK)
        rc = store_occasion_get(desk->store, trip_id, &trip, err);
    if (rc != RC_OK)
        return rc;
    struct civil now = trip.when[ANCHOR_VISIT];
    occasion_fini(&trip);
    if (now.day == said.day && now.minute == said.minute)
        return RC_OK;
    rc = visit_changed_by(desk, entry, trip_id, &by, err);
    if (rc != RC_OK)
        return rc;
    rc = err_set(err, RC_REJECTED,
                 "A%lld: the visit was changed since then, by %s (%s): pps edit-trip T%lld --visit "
                 "sets another",
                 (long long)entry->action_id, str_or(by.actor, "somebody"), str_or(by.verb, "plan"),
                 (long long)trip_id);
    audit_entry_fini(&by);
    return rc;
}

/* Whether somebody said of this client's number since then that it is wrong, or right. */
static enum rc number_said_by(const struct desk *desk, const struct audit_entry *entry,
                              int64_t client_id, struct err *err)
{
    struct audit_list list;
    const struct audit_query query = {.client_id = client_id, .verb = "done", .limit = LOOK_BACK};
    const struct audit_query undos = {.client_id = client_id, .verb = "undo", .limit = LOOK_BACK};
    struct audit_list back = {0};
    enum rc rc = store_audit_list(desk->store, &query, &list, err);
    if (rc != RC_OK)
        return rc;
    rc = store_audit_list(desk->store, &undos, &back, err);
    for (size_t i = 0; i < list.n && list.v[i].id > entry->id && rc == RC_OK; i++) {
        const struct audit_entry *e = &list.v[i];
        struct json_doc *doc;
        if (was_undone(&back, back.n, e->id) || undo_parse(e, &doc, err) != RC_OK)
            continue;
        const struct json *root = json_root(doc);
        if (str_eq(json_string(json_get(root, "outcome")), "wrong-number") ||
            json_get(root, "number_was_wrong") != NULL)
            rc = err_set(err, RC_REJECTED,
                         "A%lld: the number was spoken of since then, by %s (done of A%lld of "
                         "C%lld): pps undo A%lld comes first",
                         (long long)entry->action_id, e->actor, (long long)e->action_id,
                         (long long)client_id, (long long)e->action_id);
        json_doc_free(doc);
    }
    audit_list_fini(&back);
    audit_list_fini(&list);
    return rc;
}

/* The number is on the cards of everybody who has it: the word of a colleague about it counts, whoever they called. */
static enum rc require_same_number(const struct desk *desk, const struct audit_entry *entry,
                                   const struct said_beside *beside, struct err *err)
{
    struct client client = {0};
    struct client_list all = {0};
    if (!beside->wrong_number && !beside->right_number)
        return RC_OK;
    enum rc rc = store_client_get(desk->store, entry->client_id, &client, err);
    if (rc == RC_OK && client.phone != NULL)
        rc = store_client_by_contact(desk->store, client.phone, NULL, &all, err);
    for (size_t i = 0; i < all.n && rc == RC_OK; i++)
        rc = number_said_by(desk, entry, all.v[i].id, err);
    client_list_fini(&all);
    client_fini(&client);
    return rc;
}

/* The tick has made a message of the call since then, or a call of its message. */
static enum rc require_untouched(const struct desk *desk, const struct audit_entry *entry,
                                 struct err *err)
{
    struct audit_list list;
    const struct audit_query query = {.action_id = entry->action_id, .limit = LOOK_BACK};
    enum rc rc = store_audit_list(desk->store, &query, &list, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < list.n && list.v[i].id > entry->id && rc == RC_OK; i++) {
        bool call = str_eq(list.v[i].verb, "call-instead");
        if (call || str_eq(list.v[i].verb, "fell_back"))
            rc = err_set(err, RC_REJECTED, "A%lld became %s since then: it cannot be taken back",
                         (long long)entry->action_id, call ? "a call again" : "a message");
    }
    audit_list_fini(&list);
    return rc;
}

static enum rc changed_since(const struct action *a, struct err *err)
{
    enum rc rc = require_rest(a, err);
    if (rc != RC_OK)
        return rc;
    return err_set(err, RC_REJECTED, "A%lld is %s since then: it cannot be taken back",
                   (long long)a->id, state_words(a->state));
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
    enum rc rc = undo_parse(entry, &doc, err);
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
    enum rc rc = store_action_get(desk->store, entry->action_id, &a, err);
    if (rc != RC_OK)
        return rc;
    enum action_state was = a.state;
    rc = check_answer(desk, entry, &a, before, err);
    if (rc == RC_OK)
        rc = restore_action(&a, entry, err);
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

/* Everything that speaks against it, before anything is changed. */
static enum rc check_tick_off(const struct desk *desk, const struct audit_entry *entry,
                              const struct action *a, const struct said_beside *beside,
                              struct err *err)
{
    enum action_state was = a->state;
    bool steered = steer_is_verb(entry->verb);
    struct occasion of;
    enum rc rc = store_occasion_get(desk->store, a->occasion_id, &of, err);
    if (rc != RC_OK)
        return rc;
    if (of.ended)
        rc = say_ended(&of, err);
    else if (was == STATE_SENT || was == STATE_CLAIMED || was == STATE_AT_RISK ||
             was == STATE_IN_DOUBT || (steered && was != STATE_PENDING && was != STATE_HELD))
        rc = changed_since(a, err);
    if (rc == RC_OK)
        rc = require_same_visit(desk, entry, beside, &of, err);
    occasion_fini(&of);
    if (rc == RC_OK)
        rc = require_same_number(desk, entry, beside, err);
    return rc == RC_OK ? require_untouched(desk, entry, err) : rc;
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
    rc = read_beside(entry, &beside, err);
    if (rc == RC_OK)
        rc = check_tick_off(desk, entry, &a, &beside, err);
    if (rc == RC_OK)
        rc = restore_action(&a, entry, err);
    if (rc == RC_OK)
        rc = store_action_update(desk->store, &a, was, desk_now(desk), err);
    if (rc == RC_OK)
        rc = undo_visit(desk, entry, a.occasion_id, &beside, err);
    if (rc == RC_OK)
        rc = restore_number(desk, entry, &beside, err);
    if (rc == RC_OK)
        rc = planning_of_client(desk, entry->client_id, NULL, NULL, err); /* what waited for it, too */
    if (rc == RC_OK) {
        action_fini(&a);
        rc = store_action_get(desk->store, entry->action_id, &a, err);
    }
    if (rc == RC_OK)
        *ret_what = is_repeated(desk, &a)
                        ? xasprintf("%s of A%lld (%s) is taken back: %s", entry->verb,
                                    (long long)a.id, a.step, str_or(a.reason, ""))
                        : xasprintf("%s of A%lld (%s) is taken back: it is %s again", entry->verb,
                                    (long long)a.id, a.step, state_words(a.state));
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
