/* Steering: people put off, hold back, release, hurry and approve what waits. They only say so; what follows from it, the
 * planner decides, here and at every later change. Serves the commands snooze, hold, release, send-now, approve and skip. */
#include <stdlib.h>
#include <string.h>

#include <pps/json.h>
#include <pps/steer.h>
#include <pps/str.h>

#include "byphone.h"

/* ---- what undo gives back ---- */

bool steer_is_verb(const char *verb)
{
    static const char *const verbs[] = {"snooze", "hold", "release", "send-now", "approve"};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (str_eq(verb, verbs[i]))
            return true;
    }
    return false;
}

static void add_civil(struct json *o, const char *key, struct civil c)
{
    char text[CIVIL_TEXT_BYTES] = "";
    if (c.day != CIVIL_NONE)
        civil_format(c, text);
    json_add_string(o, key, text);
}

void steer_remember(struct json *detail, const struct action *before)
{
    add_civil(detail, "due", before->local_due);
    json_add_int(detail, "due_at", before->due_at);
    json_add_int(detail, "was_due_at", before->was_due_at);
    json_add_int(detail, "fallback_at", before->fallback_at);
    add_civil(detail, "moved_to", before->moved_to);
    json_add_int(detail, "approved_at", before->approved_at);
    json_add_int(detail, "held_at", before->held_at);
    json_add_int(detail, "attempts", before->attempts);
}

static struct civil civil_of(const struct json *o, const char *key)
{
    struct civil c = {CIVIL_NONE, MINUTE_NONE};
    const char *text = json_string(json_get(o, key));
    if (str_empty(text) || civil_parse(text, CIVIL_NONE, &c, NULL) != RC_OK)
        return (struct civil){CIVIL_NONE, MINUTE_NONE};
    return c;
}

void steer_restore(struct action *a, const struct json *detail)
{
    struct civil due = civil_of(detail, "due");
    if (due.day == CIVIL_NONE)
        return; /* an entry of an older program */
    a->local_due = due;
    a->due_at = a->next_attempt_at = json_int_of(detail, "due_at");
    a->was_due_at = json_int_of(detail, "was_due_at");
    if (json_get(detail, "fallback_at") != NULL)
        a->fallback_at = json_int_of(detail, "fallback_at");
    a->moved_to = civil_of(detail, "moved_to");
    a->approved_at = json_int_of(detail, "approved_at");
    a->held_at = json_int_of(detail, "held_at");
    a->attempts = (int)json_int_of(detail, "attempts");
}

/* ---- moments that people type ---- */

static void words_of(const struct zone *zone, int64_t at, char buf[CIVIL_TEXT_BYTES])
{
    civil_format(zone_to_local(zone, at), buf);
}

enum rc field_moment(const struct desk *desk, const char *field, const char *text,
                     const struct zone *zone, int16_t minute, struct civil *ret, struct err *err)
{
    struct civil now = zone_to_local(zone, desk_now(desk)), c = now;
    struct err why = {0};
    char buf[CIVIL_TEXT_BYTES];
    bool hour_alone = text != NULL && strlen(text) <= 5 && strchr(text, ':') != NULL;
    enum rc rc = str_empty(text) ? err_set(&why, RC_INVALID, "when?")
                 : hour_alone    ? minute_parse(text, &c.minute, &why)
                                 : civil_parse(text, now.day, &c, &why);
    if (rc != RC_OK)
        return err_set(err, RC_INVALID, "%s: %s", field, why.message);
    if (c.minute == MINUTE_NONE)
        c.minute = minute;
    civil_format(c, buf);
    if (zone_to_utc(zone, c) <= desk_now(desk))
        return err_set(err, RC_INVALID, "%s: %s has passed", field, buf);
    *ret = c;
    return RC_OK;
}

/* ---- one action ---- */

static const char *kind_of_work(enum channel channel)
{
    return channel == CHANNEL_VISIT ? "a visit" : channel == CHANNEL_TASK ? "a task" : "a call";
}

static bool waits(const struct action *a)
{
    bool needs_mending = a->cause == CAUSE_TEMPLATE || a->cause == CAUSE_SIGNER;
    return a->state == STATE_PENDING || (a->state == STATE_HELD && !needs_mending);
}

static enum rc require_waiting(const struct desk *desk, const struct case_file *f, struct err *err)
{
    const struct action *a = &f->action;
    if (f->occasion.ended)
        return err_set(err, RC_REJECTED, "A%lld is over: T%lld is cancelled", (long long)a->id,
                       (long long)f->occasion.id);
    if (waits(a))
        return RC_OK;
    if (a->state == STATE_HELD)
        return err_set(err, RC_REJECTED, "A%lld is held: %s", (long long)a->id,
                       str_or(a->reason, "its words cannot be made"));
    return require_open(desk, a, err);
}

static enum rc require_message(const struct case_file *f, const char *instead, struct err *err)
{
    const struct action *a = &f->action;
    if (!channel_is_human(a->channel))
        return RC_OK;
    return err_set(err, RC_REJECTED, "A%lld is %s, which people do: pps %s A%lld%s",
                   (long long)a->id, kind_of_work(a->channel), instead, (long long)a->id,
                   str_eq(instead, "snooze") ? " --to … puts it off" : " ticks it off");
}

/* Writes what a person said, lets the planner have its say, and reads what came of it. */
static enum rc write_word(const struct desk *desk, const char *verb, struct case_file *f,
                          const struct action *before, const char *why, int64_t *ret_end,
                          struct err *err)
{
    struct action *a = &f->action;
    struct json *o = undo_detail(before);
    steer_remember(o, before);
    if (why != NULL)
        json_add_string(o, "why", why);
    char *detail = undo_detail_text(o);
    enum rc rc = store_action_update(desk->store, a, before->state, desk_now(desk), err);
    if (rc == RC_OK)
        rc = audit(desk, verb, f->client.id, f->occasion.id, a->id, detail, err);
    if (rc == RC_OK)
        rc = planning_of_action(desk, a, ret_end, err);
    int64_t id = a->id;
    if (rc == RC_OK) {
        action_fini(a);
        rc = store_action_get(desk->store, id, a, err);
    }
    free(detail);
    return rc;
}

/* It is still to be done after what was said; otherwise nobody has said it. */
static enum rc still_in_time(const struct action *a, int64_t now, struct err *err)
{
    bool fine = a->state == STATE_PENDING || a->state == STATE_HELD;
    bool human = channel_is_human(a->channel);
    if (fine && (human || a->expires_at == 0 || (now < a->expires_at && a->due_at < a->expires_at)))
        return RC_OK;
    return err_set(err, RC_REJECTED,
                   "A%lld cannot go any more: its time has passed (pps skip A%lld)",
                   (long long)a->id, (long long)a->id);
}

/* The reminder must not be lost because the call was put off into the night. */
static bool loses_message(const struct desk *desk, const struct action *before,
                          const struct action *after, const struct zone *theirs)
{
    if (!channel_is_human(after->channel) || before->fallback_at == 0)
        return false;
    return after->fallback_at == 0 ||
           decent_instant(theirs, desk->config->sms.hours, after->fallback_at) >= after->expires_at;
}

enum rc check_put_off(const struct desk *desk, const struct case_file *before,
                      const struct action *after, const struct put_off *wish, struct err *err)
{
    char at[CIVIL_TEXT_BYTES], until[CIVIL_TEXT_BYTES];
    const struct zone *theirs;
    enum rc rc = client_zone(desk, &before->client, &theirs, err);
    if (rc != RC_OK)
        return rc;
    int64_t wanted = zone_to_utc(wish->zone, wish->at);
    civil_format(wish->at, at);
    if (wanted >= wish->end) {
        words_of(wish->zone, wish->end, until);
        return err_set(err, RC_INVALID, "%s: %s is too late: it makes sense until %s", wish->field,
                       at, until);
    }
    if (loses_message(desk, &before->action, after, theirs))
        return err_set(err, RC_INVALID,
                       "%s: %s is too late: no time would be left for the %s if nobody picks up",
                       wish->field, at, channel_word(before->action.fallback_channel));
    bool waits_then =
        (after->state == STATE_PENDING || after->state == STATE_HELD) && after->due_at == wanted;
    return waits_then ? RC_OK
                      : err_set(err, RC_INVALID, "%s: %s does not fit the plan%s%s", wish->field,
                                at, after->reason ? ": " : "", str_or(after->reason, ""));
}

/* What a use case does with one action that is open before it. */
typedef enum rc steering(const struct desk *desk, struct case_file *file, const void *ctx,
                         struct err *err);

static enum rc steer_one(const struct desk *desk, const char *words, steering *fn, const void *ctx,
                         struct action *ret, struct err *err)
{
    struct case_file f;
    enum rc rc = case_open(desk, words, &f, err);
    if (rc != RC_OK)
        return rc;
    rc = fn(desk, &f, ctx, err);
    if (rc == RC_OK) {
        *ret = f.action;
        f.action = (struct action){0};
    }
    case_fini(&f);
    return rc;
}

static enum rc steer(const struct desk *desk, const char *words, steering *fn, const void *ctx,
                     struct action *ret, struct err *err)
{
    enum rc rc = store_begin(desk->store, err);
    if (rc != RC_OK)
        return rc;
    struct action a = {0};
    rc = store_finish(desk->store, steer_one(desk, words, fn, ctx, &a, err), err);
    if (rc == RC_OK)
        *ret = a;
    else
        action_fini(&a);
    return rc;
}

/* ---- snooze ---- */

static enum rc decent_hour(const struct desk *desk, enum channel channel, struct civil c,
                           struct err *err)
{
    const struct config *config = desk->config;
    struct decent_hours h = channel == CHANNEL_SMS ? config->sms.hours : config->email.hours;
    if (c.minute >= h.from && c.minute < h.to)
        return RC_OK;
    return err_set(err, RC_INVALID,
                   "to: %02d:%02d is no hour for a message: from %02d:%02d to %02d:%02d, by the "
                   "client's clock",
                   c.minute / 60, c.minute % 60, h.from / 60, h.from % 60, h.to / 60, h.to % 60);
}

/* Nobody has picked up so far; somebody wants to try again. Its message, if it has gone in vain, does not go again. */
static void try_once_more(struct case_file *f)
{
    struct action *a = &f->action;
    bool in_vain = f->step != NULL && f->step->has_fallback && a->fallback_at == 0;
    set_reason(a, in_vain ? CAUSE_NOT_DELIVERED : CAUSE_NO_ANSWER,
               xasprintf("no answer so far, try %d", a->attempts));
}

/* A message that goes late anyway has the end that it was given with that; no second day that somebody chooses moves it. */
static int64_t end_of_message(const struct desk *desk, const struct action *before, int64_t end)
{
    bool own = before->moved_to.day == CIVIL_NONE || end <= desk_now(desk);
    return own && before->expires_at > end ? before->expires_at : end;
}

static enum rc snooze(const struct desk *desk, struct case_file *f, const void *ctx,
                      struct err *err)
{
    const char *to = ctx;
    struct action *a = &f->action, before = *a;
    bool human = channel_is_human(a->channel);
    const struct zone *zone = desk->zone;
    int64_t end = INT64_MAX;
    enum rc rc = require_waiting(desk, f, err);
    if (rc == RC_OK && a->channel == CHANNEL_VISIT)
        rc = err_set(err, RC_REJECTED,
                     "A%lld is a visit: pps edit-trip T%lld --visit \"DATE HOUR\" moves it",
                     (long long)a->id, (long long)f->occasion.id);
    if (rc == RC_OK && !human)
        rc = zone_find(a->tz, &zone, err);
    if (rc == RC_OK)
        rc = field_moment(desk, "to", to, zone, a->local_due.minute, &a->moved_to, err);
    if (rc == RC_OK && !human)
        rc = decent_hour(desk, a->channel, a->moved_to, err);
    before.reason = rc == RC_OK ? xstrdup(a->reason) : NULL;
    if (rc == RC_OK && human && a->cause == CAUSE_UNREACHABLE)
        try_once_more(f);
    char until[CIVIL_TEXT_BYTES];
    struct civil to_when = a->moved_to;
    civil_format(to_when, until);
    if (rc == RC_OK)
        rc = write_word(desk, "snooze", f, &before, until, &end, err);
    if (rc == RC_OK) {
        struct case_file was = {.action = before, .client = f->client, .playbook = f->playbook};
        end = human ? end : end_of_message(desk, &before, end);
        struct put_off wish = {.field = "to", .zone = zone, .at = to_when, .end = end};
        rc = check_put_off(desk, &was, a, &wish, err);
    }
    if (rc == RC_OK)
        rc = still_in_time(a, desk_now(desk), err);
    if (rc == RC_OK)
        rc = field_not_too_far(desk, "to", to_when.day, err); /* nor forgotten when it has no end of its own */
    free(before.reason);
    return rc;
}

enum rc service_snooze(const struct desk *desk, const char *action, const char *to,
                       struct action *ret, struct err *err)
{
    return steer(desk, action, snooze, to, ret, err);
}

/* ---- hold and release ---- */

static enum rc hold(const struct desk *desk, struct case_file *f, const void *ctx, struct err *err)
{
    const char *note = ctx;
    struct action *a = &f->action, before = *a;
    int64_t end;
    char *words = NULL;
    enum rc rc = require_message(f, "snooze", err);
    if (rc == RC_OK && a->held_at != 0)
        rc = err_set(err, RC_REJECTED, "A%lld is held already: pps release A%lld", (long long)a->id,
                     (long long)a->id);
    if (rc == RC_OK)
        rc = require_waiting(desk, f, err);
    if (rc == RC_OK)
        rc = field_text("note", note, NOTE_MAX_CHARS, &words, err);
    if (rc != RC_OK)
        return rc;
    before.reason = xstrdup(a->reason);
    a->held_at = desk_now(desk);
    a->state = STATE_HELD;
    set_reason(a, CAUSE_HELD_BY_PERSON,
               words ? xasprintf("held by %s: %s", desk->actor, words)
                     : xasprintf("held by %s", desk->actor));
    rc = write_word(desk, "hold", f, &before, words, &end, err);
    if (rc == RC_OK)
        rc = still_in_time(a, desk_now(desk), err);
    free(before.reason);
    free(words);
    return rc;
}

enum rc service_hold(const struct desk *desk, const char *action, const char *note,
                     struct action *ret, struct err *err)
{
    return steer(desk, action, hold, note, ret, err);
}

static enum rc release(const struct desk *desk, struct case_file *f, const void *ctx,
                       struct err *err)
{
    struct action *a = &f->action, before = *a;
    int64_t end;
    (void)ctx;
    if (a->held_at == 0 || a->state != STATE_HELD)
        return err_set(err, RC_REJECTED, "nobody holds A%lld: it is %s%s%s%s", (long long)a->id,
                       state_words(a->state), a->reason ? " (" : "", str_or(a->reason, ""),
                       a->reason ? ")" : "");
    before.reason = xstrdup(a->reason);
    a->held_at = 0;
    enum rc rc = write_word(desk, "release", f, &before, NULL, &end, err);
    if (rc == RC_OK)
        rc = still_in_time(a, desk_now(desk), err);
    free(before.reason);
    return rc;
}

enum rc service_release(const struct desk *desk, const char *action, struct action *ret,
                        struct err *err)
{
    return steer(desk, action, release, NULL, ret, err);
}

/* ---- send-now ---- */

/* Now, or the next hour at which it may ring; by the clock of the message. */
static enum rc moment_to_send(const struct desk *desk, const struct action *a, struct civil *ret,
                              struct err *err)
{
    const struct zone *zone;
    int64_t at = desk_now(desk);
    enum rc rc = zone_find(a->tz, &zone, err);
    if (rc != RC_OK)
        return rc;
    if (a->channel == CHANNEL_SMS)
        at = decent_instant(zone, desk->config->sms.hours, at);
    *ret = zone_to_local(zone, at);
    return RC_OK;
}

static enum rc send_now(const struct desk *desk, struct case_file *f, const void *ctx,
                        struct err *err)
{
    struct action *a = &f->action, before = *a;
    int64_t end;
    (void)ctx;
    enum rc rc = require_message(f, "done", err);
    if (rc == RC_OK)
        rc = require_waiting(desk, f, err);
    if (rc == RC_OK)
        rc = moment_to_send(desk, a, &a->moved_to, err);
    if (rc != RC_OK)
        return rc;
    before.reason = xstrdup(a->reason);
    a->held_at = 0;
    if (a->approved_at == 0)
        a->approved_at = desk_now(desk); /* whoever hurries it allows it */
    rc = write_word(desk, "send-now", f, &before, NULL, &end, err);
    /* The client's peace counts more than our haste. */
    bool left_out = a->state == STATE_CANCELLED && (a->cause == CAUSE_SIGNER ||
                                                    a->cause == CAUSE_CONDITION ||
                                                    a->cause == CAUSE_HAD_IT);
    const char *why = str_or(a->reason, state_name(a->state));
    if (rc == RC_OK && (a->state == STATE_HELD || a->state == STATE_SUPPRESSED || left_out))
        rc = err_set(err, RC_REJECTED, "A%lld may not go now: %s", (long long)a->id,
                     str_starts(why, "dropped: ") ? why + strlen("dropped: ") : why);
    if (rc == RC_OK)
        rc = still_in_time(a, desk_now(desk), err);
    free(before.reason);
    return rc;
}

enum rc service_send_now(const struct desk *desk, const char *action, struct action *ret,
                         struct err *err)
{
    return steer(desk, action, send_now, NULL, ret, err);
}

/* ---- approve ---- */

static enum rc approve(const struct desk *desk, struct case_file *f, const void *ctx,
                       struct err *err)
{
    struct action *a = &f->action, before = *a;
    int64_t end;
    (void)ctx;
    bool asks = a->cause == CAUSE_APPROVAL || (f->step != NULL && f->step->approve);
    if (a->approved_at != 0 && waits(a))
        return err_set(err, RC_REJECTED, "A%lld is approved already", (long long)a->id);
    if (!asks || a->state != STATE_HELD)
        return err_set(err, RC_REJECTED, "A%lld does not wait for approval: it is %s%s%s%s",
                       (long long)a->id, state_words(a->state), a->reason ? " (" : "",
                       str_or(a->reason, ""), a->reason ? ")" : "");
    before.reason = xstrdup(a->reason);
    a->approved_at = desk_now(desk);
    enum rc rc = write_word(desk, "approve", f, &before, NULL, &end, err);
    if (rc == RC_OK)
        rc = still_in_time(a, desk_now(desk), err);
    free(before.reason);
    return rc;
}

/* ---- several at once ---- */

static enum rc check_twice(const struct actions *before, struct err *err)
{
    for (size_t i = 0; i + 1 < before->n; i++) {
        if (before->v[i].id == before->v[before->n - 1].id)
            return err_set(err, RC_USAGE, "A%lld is named twice", (long long)before->v[i].id);
    }
    return RC_OK;
}

static enum rc one_of_several(const struct desk *desk, const char *name, const char *skip_why,
                              bool skip, struct action *ret, struct err *err)
{
    return skip ? skip_one(desk, name, skip_why, ret, err)
                : steer_one(desk, name, approve, NULL, ret, err);
}

/* The same action under two names is told before it is found to be done already. */
static enum rc check_names(const struct desk *desk, const char *const *names, size_t n,
                           struct err *err)
{
    struct actions seen = {0};
    enum rc rc = RC_OK;
    for (size_t i = 0; i < n && rc == RC_OK; i++) {
        vec_reserve(&seen.v, seen.n, &seen.cap, sizeof *seen.v);
        rc = lookup_action(desk, names[i], &seen.v[seen.n], err);
        if (rc != RC_OK)
            break;
        seen.n++;
        rc = check_twice(&seen, err);
    }
    actions_fini(&seen);
    return rc;
}

static enum rc several(const struct desk *desk, const char *const *names, size_t n,
                       const char *skip_why, bool skip, struct actions *ret, struct err *err)
{
    struct actions done = {0};
    struct desk together;
    enum rc rc = store_begin(desk->store, err);
    if (rc != RC_OK)
        return rc;
    rc = desk_for_several(desk, n, &together, err);
    for (size_t i = 0; i < n && skip && rc == RC_OK; i++)
        rc = visit_take_up(desk, names[i], err);
    if (rc == RC_OK)
        rc = check_names(desk, names, n, err);
    for (size_t i = 0; i < n && rc == RC_OK; i++) {
        vec_reserve(&done.v, done.n, &done.cap, sizeof *done.v);
        rc = one_of_several(&together, names[i], skip_why, skip, &done.v[done.n], err);
        done.n += rc == RC_OK;
    }
    rc = store_finish(desk->store, rc, err);
    if (rc == RC_OK)
        *ret = done;
    else
        actions_fini(&done);
    return rc;
}

enum rc service_approve(const struct desk *desk, const char *const *names, size_t n,
                        struct actions *ret, struct err *err)
{
    return several(desk, names, n, NULL, false, ret, err);
}

enum rc service_skip(const struct desk *desk, const char *const *names, size_t n, const char *note,
                     struct actions *ret, struct err *err)
{
    return several(desk, names, n, note, true, ret, err);
}

/* ---- for those who look ---- */

bool service_was_refused(const struct occasion_file *f, const struct step *step)
{
    for (size_t i = 0; i < f->actions.n; i++) {
        const struct action *a = &f->actions.v[i];
        const struct step *call = playbook_step(f->playbook, a->step);
        if (a->state == STATE_DONE && str_eq(a->outcome, "refused") && call != NULL &&
            call->invites_to != NULL && str_eq(call->invites_to, step->key))
            return true;
    }
    return false;
}

struct civil service_hour_at_client(const struct desk *desk, const struct action *a, const char *tz)
{
    const struct zone *zone;
    struct civil none = {CIVIL_NONE, MINUTE_NONE};
    if (tz == NULL)
        tz = zone_name(desk->zone);
    if (str_eq(tz, a->tz) || a->channel != CHANNEL_CALL || zone_find(tz, &zone, NULL) != RC_OK)
        return none;
    struct civil theirs = zone_to_local(zone, a->due_at);
    bool same = theirs.day == a->local_due.day && theirs.minute == a->local_due.minute;
    return same ? none : theirs;
}
