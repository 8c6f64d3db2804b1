/* Leaving a client in peace for a while: pause and resume, and the note of a person who takes over because the client has
 * answered. What is paused waits (the planner holds it); what is about their trips goes on. Serves pause, resume, note, and
 * the tick, which ends the pauses that are over. */
#include <stdlib.h>
#include <string.h>

#include <pps/colour.h>
#include <pps/store_lost.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "wishes.h"

enum { LONGEST_PAUSE_DAYS = 2 * 366 };

/* ---- one client ---- */

static enum rc count_of(const struct desk *desk, int64_t client_id, enum action_state state,
                        int *ret, struct err *err)
{
    struct id_list ids;
    enum rc rc = store_list_kept_back(desk->store, client_id, state, CAUSE_PAUSED, &ids, err);
    if (rc != RC_OK)
        return rc;
    *ret = (int)ids.n;
    id_list_fini(&ids);
    return RC_OK;
}

enum rc count_paused(const struct desk *desk, int64_t client_id, struct kept *ret, struct err *err)
{
    enum rc rc = count_of(desk, client_id, STATE_HELD, &ret->messages, err);
    return rc == RC_OK ? count_of(desk, client_id, STATE_PENDING, &ret->calls, err) : rc;
}

enum rc set_pause(const struct desk *desk, struct client *c, civil_day until, const char *reason,
                  struct err *err)
{
    char *copy = xstrdup(reason); /* it may be the client's own */
    c->paused_until = until;
    free(c->pause_reason);
    c->pause_reason = copy;
    enum rc rc = store_client_update(desk->store, c, err);
    return rc == RC_OK ? planning_of_client(desk, c->id, NULL, NULL, err) : rc;
}

/* What undo needs: the pause that was there before. */
static struct json *pause_detail(const char *words, const struct client *before)
{
    char until[CIVIL_TEXT_BYTES];
    struct json *o = wish_detail(words);
    if (before->paused_until != CIVIL_NONE) {
        civil_format_day(before->paused_until, until);
        json_add_string(o, "until", until);
        json_add_string(o, "reason", before->pause_reason);
    }
    return o;
}

static enum rc audit_json(const struct desk *desk, const char *verb, const struct pause_outcome *o,
                          struct json *detail, struct err *err)
{
    char *text = undo_detail_text(detail);
    enum rc rc = audit(desk, verb, o->client.id, o->occasion_id, o->action_id, text, err);
    free(text);
    return rc;
}

static enum rc find_client(const struct desk *desk, const char *who, struct client *ret,
                           struct err *err)
{
    int64_t id;
    enum rc rc = lookup_client(desk, who, &id, err);
    return rc == RC_OK ? store_client_get(desk->store, id, ret, err) : rc;
}

void pause_outcome_fini(struct pause_outcome *o)
{
    client_fini(&o->client);
    free(o->was_reason);
    id_list_fini(&o->ended);
    *o = (struct pause_outcome){0};
}

static enum rc finish(const struct desk *desk, enum rc rc, struct pause_outcome *o,
                      struct pause_outcome *ret, struct err *err)
{
    rc = store_finish(desk->store, rc, err);
    if (rc == RC_OK)
        *ret = *o;
    else
        pause_outcome_fini(o);
    return rc;
}

/* ---- pause ---- */

static enum rc read_until(const struct desk *desk, const char *text, civil_day *ret,
                          struct err *err)
{
    struct civil day = {desk_today(desk) + PAUSE_DAYS, MINUTE_NONE};
    enum rc rc = str_empty(text) ? RC_OK : field_date(desk, "until", text, false, &day, err);
    if (rc != RC_OK)
        return rc;
    if (day.day <= desk_today(desk))
        return err_set(err, RC_INVALID, "until: say a day after today");
    if (day.day > desk_today(desk) + LONGEST_PAUSE_DAYS)
        return err_set(err, RC_INVALID,
                       "until: that is more than two years ahead; pps unsubscribe is for good");
    *ret = day.day;
    return RC_OK;
}

/* They are left in peace already: only a day that somebody names takes the place of the one that there is. */
static enum rc check_paused(const struct desk *desk, const struct client *c, bool chosen,
                            struct err *err)
{
    char day[CIVIL_TEXT_BYTES];
    if (chosen || c->paused_until == CIVIL_NONE || c->paused_until <= desk_today(desk))
        return RC_OK;
    civil_format_people(c->paused_until, day);
    return err_set(err, RC_REJECTED,
                   "C%lld is paused until %s already%s%s: --until DATE changes that, pps resume "
                   "C%lld ends it",
                   (long long)c->id, day, c->pause_reason ? ", " : "", str_or(c->pause_reason, ""),
                   (long long)c->id);
}

/* What the answer tells of the pause that there was. */
static void remember_pause(const struct desk *desk, const char *reason, struct pause_outcome *o)
{
    const struct client *c = &o->client;
    bool paused = c->paused_until != CIVIL_NONE && c->paused_until > desk_today(desk);
    o->was_until = paused ? c->paused_until : CIVIL_NONE;
    if (paused && !str_eq(reason, c->pause_reason))
        o->was_reason = xstrdup(c->pause_reason);
}

static enum rc pause(const struct desk *desk, const char *who, civil_day until, bool chosen,
                     const char *reason, struct pause_outcome *o, struct err *err)
{
    char day[CIVIL_TEXT_BYTES];
    enum rc rc = find_client(desk, who, &o->client, err);
    if (rc == RC_OK)
        rc = check_paused(desk, &o->client, chosen, err);
    if (rc != RC_OK)
        return rc;
    bool runs = o->client.paused_until != CIVIL_NONE && o->client.paused_until > desk_today(desk);
    if (reason == NULL && runs)
        reason = o->client.pause_reason;
    if (o->client.paused_until == until && str_eq(str_or(o->client.pause_reason, ""), str_or(reason, ""))) {
        rc = audit_unchanged(desk, "pause", o->client.id, 0, err);
        return rc == RC_OK ? count_paused(desk, o->client.id, &o->waiting, err) : rc;
    }
    remember_pause(desk, reason, o);
    civil_format_day(until, day);
    char *words = xasprintf("until %s%s%s", day, reason != NULL ? ": " : "", str_or(reason, ""));
    struct json *detail = pause_detail(words, &o->client);
    free(words);
    rc = audit_json(desk, "pause", o, detail, err);
    if (rc == RC_OK)
        rc = set_pause(desk, &o->client, until, reason, err);
    return rc == RC_OK ? count_paused(desk, o->client.id, &o->waiting, err) : rc;
}

enum rc service_pause(const struct desk *desk, const char *who, const char *until,
                      const char *reason, struct pause_outcome *ret, struct err *err)
{
    struct pause_outcome o = {0};
    char *why = NULL;
    civil_day day = CIVIL_NONE;
    enum rc rc = read_until(desk, until, &day, err);
    if (rc == RC_OK)
        rc = field_text("reason", reason, WORDS_MAX_CHARS, &why, err);
    if (rc == RC_OK)
        rc = store_begin(desk->store, err);
    if (rc == RC_OK)
        rc = finish(desk, pause(desk, who, day, !str_empty(until), why, &o, err), &o, ret, err);
    free(why);
    return rc;
}

/* ---- resume ---- */

static enum rc count_going(const struct desk *desk, const struct id_list *ids, int *ret,
                           struct err *err)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < ids->n && rc == RC_OK; i++) {
        struct action a;
        rc = store_action_get(desk->store, ids->v[i], &a, err);
        if (rc == RC_OK) {
            *ret += a.state == STATE_PENDING && !work_is_kept(&a);
            action_fini(&a);
        }
    }
    return rc;
}

/* Ends the pause, and says what goes again. What came too late meanwhile does not. */
static enum rc end_pause(const struct desk *desk, struct client *c, struct kept *ret,
                         struct err *err)
{
    struct id_list messages = {0}, calls = {0};
    enum rc rc = store_list_kept_back(desk->store, c->id, STATE_HELD, CAUSE_PAUSED, &messages, err);
    if (rc == RC_OK)
        rc = store_list_kept_back(desk->store, c->id, STATE_PENDING, CAUSE_PAUSED, &calls, err);
    if (rc == RC_OK)
        rc = set_pause(desk, c, CIVIL_NONE, NULL, err);
    if (rc == RC_OK)
        rc = count_going(desk, &messages, &ret->messages, err);
    if (rc == RC_OK)
        rc = count_going(desk, &calls, &ret->calls, err);
    id_list_fini(&messages);
    id_list_fini(&calls);
    return rc;
}

static enum rc resume(const struct desk *desk, const char *who, struct pause_outcome *o,
                      struct err *err)
{
    enum rc rc = find_client(desk, who, &o->client, err);
    if (rc != RC_OK)
        return rc;
    if (o->client.paused_until == CIVIL_NONE)
        return err_set(err, RC_REJECTED, "C%lld is not paused: there is nothing to resume",
                       (long long)o->client.id);
    rc = audit_json(desk, "resume", o, pause_detail("the pause ends", &o->client), err);
    return rc == RC_OK ? end_pause(desk, &o->client, &o->back, err) : rc;
}

enum rc service_resume(const struct desk *desk, const char *who, struct pause_outcome *ret,
                       struct err *err)
{
    struct pause_outcome o = {0};
    enum rc rc = store_begin(desk->store, err);
    return rc == RC_OK ? finish(desk, resume(desk, who, &o, err), &o, ret, err) : rc;
}

static enum rc end_one(const struct desk *desk, int64_t client_id, struct err *err)
{
    struct client c;
    struct kept back = {0};
    enum rc rc = store_client_get(desk->store, client_id, &c, err);
    if (rc != RC_OK)
        return rc;
    if (c.paused_until != CIVIL_NONE && c.paused_until <= desk_today(desk)) {
        rc = audit(desk, "pause-over", client_id, 0, 0, NULL, err);
        if (rc == RC_OK)
            rc = end_pause(desk, &c, &back, err);
    }
    client_fini(&c);
    return rc;
}

/* Each client in a transaction of its own: one whose trips cannot be planned stays as they are and does not stop the
 * others. */
enum rc service_end_pauses(const struct desk *desk, struct err *err)
{
    struct id_list clients;
    enum rc rc = store_list_pauses_over(desk->store, desk_today(desk), &clients, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < clients.n && rc == RC_OK; i++) {
        rc = store_begin(desk->store, err);
        if (rc == RC_OK)
            rc = store_finish(desk->store, end_one(desk, clients.v[i], err), err);
        rc = client_goes_on(desk, rc, clients.v[i], err);
    }
    id_list_fini(&clients);
    return rc;
}
