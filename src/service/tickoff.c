/* Ticking off: done with an outcome, skipped, and taken back. A call that was tried in vain is not
 * done: the outcome says whether the work is closed, so that the pre-flight SMS still goes when
 * nobody was reached. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/calls.h>
#include <pps/json.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "byphone.h"
#include "follow.h"
#include "heard.h"
#include "instead.h"
#include "internal.h"
#include "lost.h"

enum { CALLS = 1, VISITS = 2, TASKS = 4 };

struct outcome {
    const char *name;
    unsigned where; /* where it may be given; the first of each kind is what no word means */
    bool closes;    /* the work is finished with it */
    enum cause cause; /* what stands in the way when it is not */
};

static const struct outcome outcomes[] = {
    {"reached", CALLS, true, CAUSE_NONE},
    {"came", VISITS, true, CAUSE_NONE},
    {"done", TASKS, true, CAUSE_NONE},
    {"refused", CALLS | VISITS, true, CAUSE_NONE},
    {"no-answer", CALLS, false, CAUSE_NO_ANSWER},
    {"later", CALLS, false, CAUSE_CALL_BACK},
    {"wrong-number", CALLS, false, CAUSE_WRONG_NUMBER},
    {"did-not-come", VISITS, false, CAUSE_NO_ANSWER},
    {BY_PHONE, VISITS, true, CAUSE_NONE},
};
enum { OUTCOMES = sizeof outcomes / sizeof *outcomes, USUAL_TRIES = 3 };

const char *outcome_list(void)
{
    return "reached, no-answer, later, refused or wrong-number for a call; came, by-phone, "
           "refused or did-not-come for a visit; done for a task";
}

static enum rc find_outcome(const char *name, enum channel channel, const struct outcome **ret,
                            struct err *err)
{
    unsigned here = channel == CHANNEL_CALL    ? CALLS
                    : channel == CHANNEL_VISIT ? VISITS
                                               : TASKS;
    for (size_t i = 0; i < OUTCOMES; i++) {
        if ((outcomes[i].where & here) != 0 && (name == NULL || str_eq(outcomes[i].name, name))) {
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
enum rc require_open(const struct desk *desk, const struct action *a, struct err *err)
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
        return err_set(err, RC_REJECTED, "A%lld is %s%s%s%s", id, state_words(a->state),
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

static void add_visit(struct json *o, const char *key, struct civil visit)
{
    char *text = kept_date(visit);
    if (text != NULL)
        json_add_string(o, key, text);
    free(text);
}

/* The visit that is agreed now (day CIVIL_NONE: nothing was said of it), and the one that was before. */
struct agreed {
    struct civil is, was;
};

static char *done_detail(const struct case_file *f, const char *outcome,
                         const struct agreed *visit, bool set_note, int64_t by_phone)
{
    bool set_visit = visit->is.day != CIVIL_NONE;
    const struct action *before = &f->action;
    struct json *o = undo_detail(before);
    json_add_string(o, "outcome", outcome);
    if (before->outcome != NULL)
        json_add_string(o, "outcome_was", before->outcome);
    if (set_visit)
        json_add_bool(o, "visit", true);
    add_visit(o, "visit_is", visit->is);
    if (set_visit)
        add_visit(o, "visit_was", visit->was);
    if (f->client.phone_wrong && (str_eq(outcome, "reached") || str_eq(outcome, "wrong-number")))
        json_add_bool(o, "number_was_wrong", true);
    if (set_note)
        json_add_bool(o, "note", true);
    if (set_note && before->note != NULL)
        json_add_string(o, "note_was", before->note);
    if (by_phone != 0) {
        json_add_int(o, "by_phone", by_phone);
        json_add_string(o, "words", "reached; all was talked over by phone, without a visit");
    }
    steer_remember(o, before);
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

/* The visit is one about a trip, whatever the call is about. */
static enum rc read_visit(const struct desk *desk, const char *when, const struct occasion *about,
                          struct agreed *ret, struct err *err)
{
    const struct civil none = {CIVIL_NONE, MINUTE_NONE};
    struct occasion trip;
    int64_t trip_id;
    *ret = (struct agreed){none, none};
    if (when == NULL)
        return RC_OK;
    enum rc rc = field_date(desk, "visit", when, true, &ret->is, err);
    if (rc == RC_OK)
        rc = field_check_visit(desk, ret->is, err);
    if (rc == RC_OK)
        rc = visit_trip(about, &trip_id, err);
    if (rc == RC_OK)
        rc = store_occasion_get(desk->store, trip_id, &trip, err);
    if (rc != RC_OK)
        return rc;
    ret->was = trip.when[ANCHOR_VISIT];
    occasion_fini(&trip);
    return RC_OK;
}

/* A call because of an answer or a complaint agrees on a visit about its trip. */
static enum rc agree_visit(const struct desk *desk, const struct occasion *about, struct civil visit,
                           struct err *err)
{
    struct occasion_file file;
    int64_t trip_id;
    enum rc rc = visit_trip(about, &trip_id, err);
    if (rc == RC_OK)
        rc = store_occasion_file(desk->store, trip_id, &file, err);
    if (rc != RC_OK)
        return rc;
    file.occasion.when[ANCHOR_VISIT] = visit;
    rc = store_occasion_update(desk->store, &file.occasion, err);
    if (rc == RC_OK)
        rc = planning_apply(desk, &file, err);
    occasion_file_fini(&file);
    return rc;
}

/* ---- what is not closed ---- */

static void wrong_number(struct case_file *f)
{
    f->action.fallback_at = 0;
    set_reason(&f->action, CAUSE_WRONG_NUMBER,
               xasprintf("wrong number: find the right one, then pps edit-client C%lld --phone …",
                         (long long)f->client.id));
}

/* The next try comes at another time of the day, as often as the playbook says. The message of the cut-off goes all the
 * same, so a call before it stays before it. */
static enum rc no_answer(const struct desk *desk, struct case_file *f, struct err *err)
{
    struct action *a = &f->action;
    int tries = f->step != NULL ? f->step->tries : USUAL_TRIES;
    enum cause cause = a->cause == CAUSE_NOT_DELIVERED ? a->cause : CAUSE_NO_ANSWER;
    int64_t end = INT64_MAX;
    char at[CIVIL_TEXT_BYTES], times[32] = "";
    when_text(desk, desk_now(desk), at);
    if (a->attempts > 1)
        (void)snprintf(times, sizeof times, " %d times", a->attempts);
    if (a->attempts >= tries) {
        a->moved_to = (struct civil){CIVIL_NONE, MINUTE_NONE}; /* no next try is planned */
        if (a->due_at > desk_now(desk)) {
            a->due_at = a->next_attempt_at = desk_now(desk);
            a->local_due = zone_to_local(desk->zone, a->due_at);
        }
        set_reason(a, CAUSE_UNREACHABLE,
                   xasprintf("no answer%s: write to them, or pps skip A%lld", times,
                             (long long)a->id));
        return RC_OK;
    }
    struct calling calling = {.agency = desk->zone,
                              .calendar = &desk->config->calendar,
                              .hours = desk->config->calls.hours,
                              .decent = desk->config->sms.hours};
    enum rc rc = client_zone(desk, &f->client, &calling.client, err);
    if (rc == RC_OK)
        rc = planning_end_of(desk, a, &end, err);
    if (rc != RC_OK)
        return rc;
    if (a->fallback_at != 0 && a->fallback_at < end)
        end = a->fallback_at;
    int64_t next = calls_next_try(&calling, desk_now(desk), end);
    if (next != 0)
        a->moved_to = zone_to_local(desk->zone, next);
    set_reason(a, cause, xasprintf("no answer at %s, try %d of %d", at, a->attempts, tries));
    return RC_OK;
}

/* People may be called when people call. */
static enum rc calling_hour(const struct desk *desk, const struct action *a, struct err *err)
{
    struct decent_hours h = desk->config->calls.hours;
    int minute = a->moved_to.minute;
    if (a->channel != CHANNEL_CALL || h.to == 0 || (minute >= h.from && minute < h.to))
        return RC_OK;
    return err_set(err, RC_INVALID,
                   "at: %02d:%02d is outside the calling hours, %02d:%02d to %02d:%02d: agree on "
                   "another hour (pps.json, calls.hours)",
                   minute / 60, minute % 60, h.from / 60, h.from % 60, h.to / 60, h.to % 60);
}

/* They do not want to be called. What the message tells, about their flight, they are told by the message. */
static bool leaves_to_message(const struct outcome *o, const struct action *a)
{
    return str_eq(o->name, "refused") && a->channel == CHANNEL_CALL && a->fallback_at != 0;
}

/* A reminder days before the flight is forgotten by then: holidays have moved the call, or somebody was early. The message
 * of the day before goes as well. */
static bool is_early(const struct desk *desk, const struct outcome *o, const struct case_file *f)
{
    enum { EARLY_DAYS = 3 }; /* a Friday before a Monday is the usual rule */
    const struct action *a = &f->action;
    if (!str_eq(o->name, "reached") || a->channel != CHANNEL_CALL || f->step == NULL ||
        f->step->at.anchor != ANCHOR_DEPARTURE || a->fallback_at <= desk_now(desk))
        return false;
    return f->occasion.when[ANCHOR_DEPARTURE].day - desk_today(desk) > EARLY_DAYS;
}

static void leave_to_reminder(const struct desk *desk, struct action *a)
{
    char at[CIVIL_TEXT_BYTES];
    when_text(desk, desk_now(desk), at);
    a->done_at = desk_now(desk);
    free(a->done_by);
    a->done_by = xstrdup(desk->actor);
    set_reason(a, CAUSE_CALLED_EARLY,
               xasprintf("called at %s, and reminded once more on the day before", at));
}

static enum rc leave_open(const struct desk *desk, const struct outcome *o,
                          const struct tick_off *t, struct case_file *f, struct err *err)
{
    struct action *a = &f->action;
    char at[CIVIL_TEXT_BYTES];
    when_text(desk, desk_now(desk), at);
    if (leaves_to_message(o, a)) {
        set_declined(a);
        return RC_OK;
    }
    if (o->cause == CAUSE_CALL_BACK) {
        enum rc rc = field_moment(desk, "at", t->at, desk->zone, a->local_due.minute, &a->moved_to, err);
        if (rc == RC_OK)
            rc = calling_hour(desk, a, err);
        set_reason(a, o->cause, xasprintf("asked at %s to be called later", at));
        return rc;
    }
    a->attempts++;
    if (o->cause == CAUSE_WRONG_NUMBER)
        wrong_number(f);
    else if (a->channel == CHANNEL_CALL)
        return no_answer(desk, f, err);
    else
        set_reason(a, o->cause, xasprintf("%s at %s, try %d", o->name, at, a->attempts));
    return RC_OK;
}

/* ---- done ---- */

static enum rc check_options(const struct outcome *o, const struct tick_off *t, struct err *err)
{
    if (t->visit != NULL && !str_eq(o->name, "reached") && !str_eq(o->name, "did-not-come"))
        return err_set(
            err, RC_USAGE,
            "--visit belongs to a call in which the client was reached, or to did-not-come");
    if (t->by_phone && (!str_eq(o->name, "reached") || t->visit != NULL))
        return err_set(err, RC_USAGE,
                       "--by-phone says that all was talked over in the call: without --visit, and "
                       "the outcome is reached");
    if (t->at != NULL && o->cause != CAUSE_CALL_BACK)
        return err_set(err, RC_USAGE, "--at belongs to --outcome later");
    if (t->at == NULL && o->cause == CAUSE_CALL_BACK)
        return err_set(err, RC_USAGE,
                       "later: when? Add --at, as in --outcome later --at \"+1d 15:00\"");
    return RC_OK;
}

static enum rc check_done(const struct desk *desk, const struct case_file *f,
                          const struct tick_off *t, const struct outcome **ret, struct err *err)
{
    const struct action *a = &f->action;
    if (!channel_is_human(a->channel) && a->state == STATE_PENDING)
        return err_set(err, RC_REJECTED,
                       "A%lld is an %s and goes by itself: pps skip A%lld stops it",
                       (long long)a->id, a->channel == CHANNEL_EMAIL ? "e-mail" : "SMS",
                       (long long)a->id);
    enum rc rc = require_open(desk, a, err);
    if (rc == RC_OK)
        rc = complaint_refuse_tick(f, err);
    if (rc == RC_OK)
        rc = lost_refuse_tick(desk, f, err);
    if (rc == RC_OK)
        rc = find_outcome(t->outcome, a->channel, ret, err);
    if (rc == RC_OK)
        rc = check_options(*ret, t, err);
    return rc == RC_OK && t->visit != NULL ? visit_refuse_call(f, err) : rc;
}

/* A visit for which another day is agreed at once is over with it. */
static enum rc what_comes(const struct desk *desk, const struct case_file *f,
                          const struct outcome *o, const struct tick_off *t, enum ticked *ret,
                          struct err *err)
{
    bool again = false;
    enum rc rc = RC_OK;
    if (o->cause == CAUSE_NO_ANSWER && t->visit == NULL)
        rc = is_same_try(desk, &f->action, o->name, &again, err);
    *ret = again ? TICKED_AGAIN : TICKED_OPEN;
    return rc;
}

static void close_work(const struct desk *desk, struct action *a)
{
    if (work_is_kept(a))
        work_let_go(a, desk->zone, desk_now(desk));
    a->state = STATE_DONE;
    a->done_at = desk_now(desk);
    free(a->done_by);
    a->done_by = xstrdup(desk->actor);
    set_reason(a, CAUSE_NONE, NULL);
}

/* What an outcome changes beyond its own action. */
static enum rc follow_up(const struct desk *desk, const struct outcome *o, struct civil visit,
                         const struct case_file *f, struct err *err)
{
    bool put_off = o->cause == CAUSE_CALL_BACK ||
                   (o->cause == CAUSE_NO_ANSWER && f->action.channel == CHANNEL_CALL);
    int64_t end = INT64_MAX;
    struct action after = {0};
    enum rc rc = RC_OK;
    if (o->cause == CAUSE_WRONG_NUMBER && f->client.phone != NULL)
        rc = mark_number(desk, f->client.phone, true, err);
    if (rc == RC_OK && str_eq(o->name, "reached") && f->client.phone_wrong)
        rc = mark_number(desk, f->client.phone, false, err);
    if (rc == RC_OK && visit.day != CIVIL_NONE)
        rc = agree_visit(desk, &f->occasion, visit, err);
    if (rc == RC_OK && str_eq(o->name, "refused"))
        rc = planning_of_occasion(desk, f->occasion.id, NULL, NULL, err);
    if (rc == RC_OK && f->action.channel == CHANNEL_CALL)
        rc = calls_settle(desk, f->client.phone, err);
    if (rc == RC_OK && o->closes && f->occasion.kind == KIND_COMPLAINT)
        rc = planning_of_client(desk, f->client.id, NULL, NULL, err); /* what waited for it */
    if (rc != RC_OK || !put_off)
        return rc;
    rc = planning_of_action(desk, &f->action, &end, err);
    if (rc == RC_OK)
        rc = store_action_get(desk->store, f->action.id, &after, err);
    struct put_off wish = {.field = "at", .zone = desk->zone, .at = f->action.moved_to, .end = end};
    if (rc == RC_OK && o->cause == CAUSE_CALL_BACK)
        rc = check_put_off(desk, f, &after, &wish, err);
    action_fini(&after);
    return rc;
}

static enum rc write_done(const struct desk *desk, const struct outcome *o,
                          const struct tick_off *t, const struct agreed *visit,
                          struct case_file *f, char *note_take, bool again, struct err *err)
{
    struct action *a = &f->action;
    int64_t visit_id = 0;
    enum rc rc = t->by_phone ? visit_by_phone(desk, f, &visit_id, err) : RC_OK;
    char *detail = done_detail(f, o->name, visit, note_take != NULL, visit_id);
    free(a->outcome);
    a->outcome = xstrdup(o->name);
    if (note_take != NULL) {
        free(a->note);
        a->note = note_take;
    }
    if (is_early(desk, o, f))
        leave_to_reminder(desk, a);
    else if (o->closes && !leaves_to_message(o, a))
        close_work(desk, a);
    else if (rc == RC_OK && !again)
        rc = leave_open(desk, o, t, f, err);
    if (rc == RC_OK)
        rc = store_action_update(desk->store, a, STATE_PENDING, desk_now(desk), err);
    if (rc == RC_OK)
        rc = audit(desk, "done", f->client.id, f->occasion.id, a->id, detail, err);
    free(detail);
    return rc;
}

/* Its message has gone already: only that they were called as well can be noted. */
static enum rc called_too(const struct desk *desk, const struct tick_off *t, struct case_file *f,
                          struct err *err)
{
    char *note = NULL;
    bool plain = (t->outcome == NULL || str_eq(t->outcome, "reached")) && t->visit == NULL &&
                 t->at == NULL && !t->by_phone;
    enum rc rc = RC_OK;
    if (!plain)
        return err_set(err, RC_REJECTED,
                       "A%lld went out by %s: only that they were reached as well can be noted "
                       "(pps done A%lld)",
                       (long long)f->action.id, channel_word(f->action.channel),
                       (long long)f->action.id);
    rc = field_text("note", t->note, NOTE_MAX_CHARS, &note, err);
    return rc == RC_OK ? note_called_too(desk, f, "reached", note, err) : rc;
}

static enum rc done_now(const struct desk *desk, const struct tick_off *t, struct case_file *f,
                        enum ticked *ret, struct err *err)
{
    const struct outcome *o = NULL;
    struct agreed visit;
    char *note = NULL;
    *ret = TICKED_OFF;
    if (went_instead(&f->action))
        return called_too(desk, t, f, err);
    enum rc rc = take_call_back(desk, &f->action, err);
    if (rc == RC_OK)
        rc = check_done(desk, f, t, &o, err);
    if (rc == RC_OK)
        rc = what_comes(desk, f, o, t, ret, err);
    if (rc == RC_OK)
        rc = read_visit(desk, t->visit, &f->occasion, &visit, err);
    if (rc == RC_OK)
        rc = field_text("note", t->note, NOTE_MAX_CHARS, &note, err);
    if (rc == RC_OK)
        rc = write_done(desk, o, t, &visit, f, note, *ret == TICKED_AGAIN, err);
    if (rc == RC_OK)
        rc = follow_up(desk, o, visit.is, f, err);
    if (rc == RC_OK && o->closes && f->action.state == STATE_DONE)
        *ret = TICKED_OFF;
    return rc;
}

enum rc done_one(const struct desk *desk, const char *words, const struct tick_off *t,
                 struct action *ret, enum ticked *ret_ticked, struct err *err)
{
    struct case_file f;
    enum rc rc = str_eq(t->outcome, BY_PHONE) ? visit_take_up(desk, words, err) : RC_OK;
    if (rc == RC_OK)
        rc = case_open(desk, words, &f, err);
    if (rc != RC_OK)
        return rc;
    rc = done_now(desk, t, &f, ret_ticked, err);
    if (rc == RC_OK)
        rc = store_action_get(desk->store, f.action.id, ret, err);
    case_fini(&f);
    return rc;
}

/* ---- skip ---- */

static char *skip_detail(const struct action *before, const char *why)
{
    struct json *o = undo_detail(before);
    if (why != NULL)
        json_add_string(o, "why", why);
    return undo_detail_text(o);
}

enum rc skip_one(const struct desk *desk, const char *words, const char *why, struct action *ret,
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
    if (rc == RC_OK && note == NULL)
        rc = complaint_refuse_skip(&f, err);
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
        rc = audit(desk, "skip", f.client.id, f.occasion.id, a->id, detail, err);
    if (rc == RC_OK && f.occasion.kind == KIND_COMPLAINT)
        rc = planning_of_client(desk, f.client.id, NULL, NULL, err); /* what waited for it */
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
