/* Ticking off: done with an outcome, skipped, and taken back. A call that was tried in vain is not
 * done: the outcome says whether the work is closed, so that the pre-flight SMS still goes when
 * nobody was reached. */
#include <stdlib.h>
#include <string.h>

#include <pps/json.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "internal.h"

struct outcome {
    const char *name;
    bool calls, visits; /* where it may be given */
    bool closes;        /* the work is finished with it */
    enum cause cause;   /* what stands in the way when it is not */
};

static const struct outcome outcomes[] = {
    {"reached", true, false, true, CAUSE_NONE},
    {"refused", true, true, true, CAUSE_NONE},
    {"no-answer", true, false, false, CAUSE_NO_ANSWER},
    {"wrong-number", true, false, false, CAUSE_WRONG_NUMBER},
    {"came", false, true, true, CAUSE_NONE},
    {"did-not-come", false, true, false, CAUSE_NO_ANSWER},
};
enum { OUTCOMES = sizeof outcomes / sizeof *outcomes };

const char *outcome_list(void)
{
    return "reached, refused, no-answer or wrong-number for a call; came, refused or did-not-come "
           "for "
           "a visit";
}

static enum rc find_outcome(const char *name, enum channel channel, const struct outcome **ret,
                            struct err *err)
{
    bool call = channel == CHANNEL_CALL;
    if (name == NULL)
        name = call ? "reached" : "came";
    for (size_t i = 0; i < OUTCOMES; i++) {
        if (str_eq(outcomes[i].name, name) && (call ? outcomes[i].calls : outcomes[i].visits)) {
            *ret = &outcomes[i];
            return RC_OK;
        }
    }
    char *safe = utf8_printable(name, true);
    enum rc rc = err_set(err, RC_USAGE, "outcome \"%.40s\": it is %s", safe, outcome_list());
    free(safe);
    return rc;
}

static void when_text(const struct desk *desk, int64_t at, char buf[CIVIL_TEXT_BYTES])
{
    civil_format(zone_to_local(desk->zone, at), buf);
}

enum rc require_rest(const struct action *a, struct err *err)
{
    if (a->state == STATE_CLAIMED || a->state == STATE_AT_RISK)
        return err_set(
            err, RC_BUSY,
            "A%lld is being sent, or a tick was interrupted: look again after the next one",
            (long long)a->id);
    return RC_OK;
}

/* Whether this action is waiting to be ticked off; the error says what happened to it instead. */
static enum rc require_open(const struct desk *desk, const struct action *a, struct err *err)
{
    char at[CIVIL_TEXT_BYTES];
    when_text(desk, a->done_at, at);
    long long id = (long long)a->id;
    switch (a->state) {
    case STATE_PENDING:
        return RC_OK;
    case STATE_DONE:
        return err_set(err, RC_REJECTED,
                       "A%lld was ticked off already, by %s at %s (pps undo A%lld)", id,
                       str_or(a->done_by, "somebody"), at, id);
    case STATE_SENT:
        return err_set(err, RC_REJECTED, "A%lld went out by %s at %s: nothing is left to be done",
                       id, channel_word(a->channel), at);
    case STATE_CLAIMED:
    case STATE_AT_RISK:
        return require_rest(a, err);
    default:
        return err_set(err, RC_REJECTED, "A%lld is %s%s%s%s", id, state_name(a->state),
                       a->reason ? ": " : "", str_or(a->reason, ""),
                       a->state == STATE_MISSED || a->state == STATE_FAILED
                           ? "; pps skip takes it off the list"
                           : "");
    }
}

void set_reason(struct action *a, enum cause cause, char *reason)
{
    a->cause = cause;
    free(a->reason);
    a->reason = reason;
}

/* {"was":"pending","cause":""}, and the reason when there was one. */
struct json *undo_detail(const struct action *before)
{
    struct json *o = json_new_object();
    json_add_string(o, "was", state_name(before->state));
    json_add_string(o, "cause", cause_name(before->cause));
    if (before->reason != NULL)
        json_add_string(o, "reason", before->reason);
    return o;
}

char *undo_detail_text(struct json *detail)
{
    char *text = json_print(detail, false);
    json_free(detail);
    return text;
}

static char *done_detail(const struct action *before, const char *outcome, bool set_visit,
                         bool set_note)
{
    struct json *o = undo_detail(before);
    json_add_string(o, "outcome", outcome);
    if (set_visit)
        json_add_bool(o, "visit", true);
    if (set_note)
        json_add_bool(o, "note", true);
    return undo_detail_text(o);
}

/* Marks a number as somebody else's (or takes the mark away), on every card that has it: nothing more goes to it, and
 * what was to go by it finds another way or waits. */
enum rc mark_number(const struct desk *desk, const char *phone, bool wrong, struct err *err)
{
    struct client_list list;
    enum rc rc = store_client_by_contact(desk->store, phone, NULL, &list, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < list.n && rc == RC_OK; i++) {
        list.v[i].phone_wrong = wrong;
        rc = store_client_update(desk->store, &list.v[i], err);
        if (rc == RC_OK)
            rc = wrong ? planning_of_client(desk, list.v[i].id, NULL, NULL, err)
                       : planning_heal(desk, list.v[i].id, true, false, err);
    }
    client_list_fini(&list);
    return rc;
}

static enum rc agree_visit(const struct desk *desk, int64_t trip_id, const char *when,
                           struct err *err)
{
    struct trip_file file;
    enum rc rc = store_trip_file(desk->store, trip_id, &file, err);
    if (rc != RC_OK)
        return rc;
    rc = field_date(desk, "visit", when, true, &file.trip.visit, err);
    if (rc == RC_OK && file.trip.visit.day < desk_today(desk))
        rc = err_set(err, RC_INVALID, "visit: that day has passed");
    if (rc == RC_OK)
        rc = store_trip_update(desk->store, &file.trip, err);
    if (rc == RC_OK)
        rc = planning_apply(desk, &file, err);
    trip_file_fini(&file);
    return rc;
}

static void leave_open(const struct desk *desk, const struct outcome *o, struct case_file *f)
{
    struct action *a = &f->action;
    char at[CIVIL_TEXT_BYTES];
    when_text(desk, desk_now(desk), at);
    a->attempts++;
    if (o->cause == CAUSE_WRONG_NUMBER) {
        a->fallback_at = 0;
        a->expires_at = 0;
        set_reason(
            a, o->cause,
            xasprintf("wrong number: find the right one, then pps edit-client C%lld --phone …",
                      (long long)f->client.id));
    } else {
        set_reason(a, o->cause, xasprintf("%s at %s, try %d", o->name, at, a->attempts));
    }
}

static enum rc done(const struct desk *desk, const char *words, const struct tick_off *t,
                    struct action *ret, bool *ret_closed, struct err *err)
{
    struct case_file f;
    const struct outcome *o = NULL;
    char *note = NULL, *detail = NULL;
    enum rc rc = case_open(desk, words, &f, err);
    if (rc != RC_OK)
        return rc;
    struct action *a = &f.action;
    if (!channel_is_human(a->channel) && a->state == STATE_PENDING)
        rc = err_set(err, RC_REJECTED, "A%lld is an %s and goes by itself: pps skip A%lld stops it",
                     (long long)a->id, a->channel == CHANNEL_EMAIL ? "e-mail" : "SMS",
                     (long long)a->id);
    if (rc == RC_OK)
        rc = require_open(desk, a, err);
    if (rc == RC_OK)
        rc = find_outcome(t->outcome, a->channel, &o, err);
    if (rc == RC_OK)
        rc = field_text("note", t->note, NOTE_MAX_CHARS, &note, err);
    if (rc == RC_OK && t->visit != NULL && !str_eq(o->name, "reached") &&
        !str_eq(o->name, "did-not-come"))
        rc = err_set(
            err, RC_USAGE,
            "--visit belongs to a call in which the client was reached, or to did-not-come");
    if (rc != RC_OK)
        goto out;

    detail = done_detail(a, o->name, t->visit != NULL, note != NULL);
    free(a->outcome);
    a->outcome = xstrdup(o->name);
    if (note != NULL) {
        free(a->note);
        a->note = note;
        note = NULL;
    }
    if (o->closes) {
        a->state = STATE_DONE;
        a->done_at = desk_now(desk);
        free(a->done_by);
        a->done_by = xstrdup(desk->actor);
        set_reason(a, CAUSE_NONE, NULL);
    } else {
        leave_open(desk, o, &f);
    }
    rc = store_action_update(desk->store, a, STATE_PENDING, desk_now(desk), err);
    if (rc == RC_OK)
        rc = audit(desk, "done", f.client.id, f.trip.id, a->id, detail, err);
    if (rc == RC_OK && o->cause == CAUSE_WRONG_NUMBER && f.client.phone != NULL)
        rc = mark_number(desk, f.client.phone, true, err);
    if (rc == RC_OK && str_eq(o->name, "reached") && f.client.phone_wrong)
        rc = mark_number(desk, f.client.phone, false, err);
    if (rc == RC_OK && t->visit != NULL)
        rc = agree_visit(desk, f.trip.id, t->visit, err);
    if (rc == RC_OK) {
        *ret_closed = o->closes;
        *ret = *a;
        *a = (struct action){0};
    }
out:
    free(note);
    free(detail);
    case_fini(&f);
    return rc;
}

static char *skip_detail(const struct action *before, const char *why)
{
    struct json *o = undo_detail(before);
    if (why != NULL)
        json_add_string(o, "why", why);
    return undo_detail_text(o);
}

static enum rc skip(const struct desk *desk, const char *words, const char *why, struct action *ret,
                    struct err *err)
{
    struct case_file f;
    char *note = NULL, *detail = NULL;
    enum rc rc = case_open(desk, words, &f, err);
    if (rc != RC_OK)
        return rc;
    struct action *a = &f.action;
    enum action_state was = a->state;
    /* What is missed, failed, held or in doubt may be skipped too: that takes it off the red list,
     * and it is never sent again. */
    if (was != STATE_MISSED && was != STATE_FAILED && was != STATE_HELD && was != STATE_IN_DOUBT)
        rc = require_open(desk, a, err);
    if (rc == RC_OK)
        rc = field_text("note", why, NOTE_MAX_CHARS, &note, err);
    if (rc != RC_OK)
        goto out;
    detail = skip_detail(a, note);
    a->state = channel_is_human(a->channel) ? STATE_SKIPPED : STATE_CANCELLED;
    a->done_at = desk_now(desk);
    free(a->done_by);
    a->done_by = xstrdup(desk->actor);
    set_reason(a, CAUSE_BY_PERSON,
               note ? xasprintf("skipped by %s: %s", desk->actor, note)
                    : xasprintf("skipped by %s", desk->actor));
    /* Its tries still count as messages that the client may have had. */
    if (was == STATE_IN_DOUBT)
        rc = store_settle(desk->store, a->id, "dropped", NULL, err);
    if (rc == RC_OK)
        rc = store_action_update(desk->store, a, was, desk_now(desk), err);
    if (rc == RC_OK)
        rc = audit(desk, "skip", f.client.id, f.trip.id, a->id, detail, err);
    if (rc == RC_OK) {
        *ret = *a;
        *a = (struct action){0};
    }
out:
    free(note);
    free(detail);
    case_fini(&f);
    return rc;
}

enum rc service_done(const struct desk *desk, const char *words, const struct tick_off *t,
                     struct action *ret, bool *ret_closed, struct err *err)
{
    enum rc rc = store_begin(desk->store, err);
    return rc == RC_OK ? store_finish(desk->store, done(desk, words, t, ret, ret_closed, err), err)
                       : rc;
}

enum rc service_skip(const struct desk *desk, const char *words, const char *note,
                     struct action *ret, struct err *err)
{
    enum rc rc = store_begin(desk->store, err);
    return rc == RC_OK ? store_finish(desk->store, skip(desk, words, note, ret, err), err) : rc;
}
