/* A complaint, from the day on which it comes to the day on which it is solved: who is responsible, what was promised, what
 * came of it. Every change plans the client anew, because an open complaint keeps selling letters back. Serves
 * `pps complaint`. */
#include <stdlib.h>
#include <string.h>

#include <pps/complaint.h>
#include <pps/json.h>
#include <pps/store_complaint.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "follows.h"
#include "heard.h"

static const char *const outcomes[] = {"solved", "compensated", "rejected"};
enum { OUTCOMES = sizeof outcomes / sizeof *outcomes };

void complaint_result_fini(struct complaint_result *r)
{
    occasion_file_fini(&r->file);
    complaint_fini(&r->complaint);
    follows_fini(&r->follows);
}

/* ---- what was typed ---- */

static bool has_passed(struct civil c, struct civil now)
{
    return c.day < now.day ||
           (c.day == now.day && c.minute != MINUTE_NONE && c.minute <= now.minute);
}

static enum rc read_promise(const struct desk *desk, const char *text, struct civil *io,
                            struct err *err)
{
    char day[CIVIL_TEXT_BYTES];
    struct civil promised, now = desk_minute(desk);
    if (text == NULL)
        return RC_OK;
    enum rc rc = field_date(desk, "promise", text, true, &promised, err);
    if (rc != RC_OK)
        return rc;
    if (promised.day == CIVIL_NONE)
        return err_set(err, RC_INVALID, "promise: by when will it be solved? --promise 12.12.2026");
    if (has_passed(promised, now)) {
        civil_format(promised, day);
        return err_set(err, RC_INVALID, "promise: %s has passed", day);
    }
    rc = field_not_too_far(desk, "promise", promised.day, err);
    if (rc == RC_OK)
        *io = promised;
    return rc;
}

static enum rc read_entry(const struct desk *desk, const struct complaint_entry *e,
                          struct occasion *o, struct complaint *c, struct err *err)
{
    enum rc rc = field_text("title", e->title, WORDS_MAX_CHARS, &o->title, err);
    if (rc == RC_OK && o->title == NULL)
        rc =
            err_set(err, RC_USAGE, "say in a few words what it is about, the client reads it: --title \"шум в "
                     "номере\"");
    if (rc == RC_OK)
        rc = field_text("words", e->words, NOTE_MAX_CHARS, &c->words, err);
    if (rc == RC_OK)
        rc = field_text("source", e->source, SOURCE_MAX_CHARS, &c->source, err);
    if (rc == RC_OK && c->source == NULL)
        c->source = xstrdup("phone");
    if (rc == RC_OK)
        rc = read_promise(desk, e->promise, &o->when[ANCHOR_PROMISED], err);
    return rc;
}

/* The cause as the configuration has it. */
static enum rc read_cause(const struct desk *desk, const char *text, const char **ret,
                          struct err *err)
{
    const struct word_list *causes = &desk->config->complaint_causes;
    *ret = word_list_find(causes, text);
    if (*ret != NULL)
        return RC_OK;
    char *all = word_list_text(causes);
    enum rc rc;
    if (str_empty(text)) {
        rc = err_set(err, RC_USAGE, "say what it came from: --cause, one of %s", all);
    } else {
        const char *near = word_list_near(causes, text);
        char *quoted = utf8_quote(text);
        rc = err_set(err, RC_INVALID,
                     "cause: %s is not one of those in pps.json%s%s%s (complaint_causes: %s)",
                     quoted, near ? ": did you mean " : "", str_or(near, ""), near ? "?" : "", all);
        free(quoted);
    }
    free(all);
    return rc;
}

static enum rc read_outcome(const char *text, const char **ret, struct err *err)
{
    for (int i = 0; i < OUTCOMES; i++) {
        if (str_eq(text, outcomes[i])) {
            *ret = outcomes[i];
            return RC_OK;
        }
    }
    return err_set(err, RC_USAGE, "say what came of it: --outcome solved, compensated or rejected");
}

/* ---- a new one ---- */

/* About which trip; none is fine, too. */
static enum rc find_who(const struct desk *desk, const char *who, struct occasion *o,
                        struct err *err)
{
    enum kind kind;
    struct occasion trip = {0};
    int64_t id;
    enum rc rc;
    if (occasion_id_parse(who, &kind, &id)) {
        rc = lookup_trip(desk, who, &id, err);
        if (rc == RC_OK)
            rc = store_occasion_get(desk->store, id, &trip, err);
        o->client_id = trip.client_id;
    } else {
        rc = lookup_client(desk, who, &o->client_id, err);
        if (rc == RC_OK)
            rc = trip_talked_of(desk, o->client_id, desk_today(desk), true, &trip, err);
    }
    o->about_id = trip.id;
    o->product = xstrdup(trip.product);
    occasion_fini(&trip);
    return rc;
}

/* A second press of Enter must not become a second letter. */
static enum rc refuse_same(const struct desk *desk, const struct occasion *o, struct err *err)
{
    struct occasion_list all;
    enum rc rc = store_occasions_of_client(desk->store, o->client_id, &all, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < all.n && rc == RC_OK; i++) {
        const struct occasion *other = &all.v[i];
        if (other->kind == KIND_COMPLAINT && !other->ended && other->about_id == o->about_id &&
            other->when[ANCHOR_RESOLVED].day == CIVIL_NONE && word_list_same(other->title, o->title))
            rc =
                err_set(err, RC_EXISTS,
                        "this complaint is open already: P%lld; nothing was added (pps show P%lld)",
                        (long long)other->id, (long long)other->id);
    }
    occasion_list_fini(&all);
    return rc;
}

/* What there is of it now, for whoever asked. */
static enum rc look(const struct desk *desk, int64_t id, const struct before *before,
                    struct complaint_result *ret, struct err *err)
{
    enum rc rc = store_occasion_file(desk->store, id, &ret->file, err);
    if (rc == RC_OK)
        rc = store_complaint_get(desk->store, id, &ret->complaint, err);
    if (rc == RC_OK)
        rc = follows_of_client(desk, ret->file.client.id, before, &ret->follows, err);
    return rc;
}

static enum rc write_new(const struct desk *desk, struct occasion *o, struct complaint *c,
                         struct err *err)
{
    char *about = o->about_id ? xasprintf("about T%lld", (long long)o->about_id) : NULL;
    enum rc rc = occasion_begin(desk, o, "complaint-add", about, err);
    free(about);
    c->occasion_id = o->id;
    if (rc == RC_OK)
        rc = store_complaint_put(desk->store, c, err);
    return rc == RC_OK ? planning_of_client(desk, o->client_id, NULL, NULL, err) : rc;
}

static enum rc add(const struct desk *desk, const char *who, const char *manager,
                   struct occasion *o, struct complaint *c, struct complaint_result *ret,
                   struct err *err)
{
    struct before before = {0};
    enum rc rc = find_who(desk, who, o, err);
    if (rc == RC_OK)
        rc = field_manager(desk, manager, &o->manager_id, err);
    if (rc == RC_OK)
        rc = refuse_same(desk, o, err);
    if (rc == RC_OK)
        rc = before_of_client(desk, o->client_id, &before, err);
    if (rc == RC_OK)
        rc = write_new(desk, o, c, err);
    if (rc == RC_OK)
        rc = look(desk, o->id, &before, ret, err);
    before_fini(&before);
    return rc;
}

enum rc service_complaint_add(const struct desk *desk, const char *who,
                              const struct complaint_entry *entry, struct complaint_result *ret,
                              struct err *err)
{
    struct occasion o = {.kind = KIND_COMPLAINT, .created_at = desk_now(desk)};
    struct complaint c = {0};
    struct complaint_result result = {.broken = {CIVIL_NONE, MINUTE_NONE}};
    occasion_clear_dates(&o);
    o.when[ANCHOR_OPENED] = desk_minute(desk);
    enum rc rc = read_entry(desk, entry, &o, &c, err);
    if (rc == RC_OK)
        rc = store_begin(desk->store, err);
    if (rc == RC_OK)
        rc = store_finish(desk->store, add(desk, who, entry->manager, &o, &c, &result, err), err);
    occasion_fini(&o);
    complaint_fini(&c);
    if (rc != RC_OK)
        complaint_result_fini(&result);
    else
        *ret = result;
    return rc;
}

/* ---- changes ---- */

/* Changes both in place, and notes in `detail` what undo needs; sets "outcome", the words for people. */
typedef enum rc changer(const struct desk *desk, struct occasion *o, struct complaint *c,
                        const void *ctx, struct json *detail, struct err *err);

static enum rc write_change(const struct desk *desk, const struct occasion *o,
                            const struct complaint *c, const char *verb, const struct json *detail,
                            struct err *err)
{
    char *text = json_print(detail, false);
    enum rc rc = store_occasion_update(desk->store, o, err);
    if (rc == RC_OK)
        rc = store_complaint_update(desk->store, c, err);
    if (rc == RC_OK)
        rc = audit(desk, verb, o->client_id, o->id, 0, text, err);
    if (rc == RC_OK)
        rc = planning_of_client(desk, o->client_id, NULL, NULL, err);
    free(text);
    return rc;
}

/* Whoever names a client means their open complaint, or to reopen one the settled one, when there is one only. */
static enum rc find_one(const struct desk *desk, const char *what, bool settled, int64_t *ret_id,
                        struct err *err)
{
    enum kind kind;
    int64_t client_id;
    size_t n = 0;
    struct occasion_list all;
    if (occasion_id_parse(what, &kind, ret_id))
        return lookup_kind(desk, KIND_COMPLAINT, what, ret_id, err);
    enum rc rc = lookup_client(desk, what, &client_id, err);
    if (rc == RC_OK)
        rc = store_occasions_of_client(desk->store, client_id, &all, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < all.n; i++) {
        const struct occasion *o = &all.v[i];
        if (o->kind != KIND_COMPLAINT || o->ended ||
            (o->when[ANCHOR_RESOLVED].day != CIVIL_NONE) != settled)
            continue;
        *ret_id = o->id;
        n++;
    }
    occasion_list_fini(&all);
    return n == 1 ? RC_OK : lookup_kind(desk, KIND_COMPLAINT, what, ret_id, err);
}

static enum rc note_unchanged(const struct desk *desk, const struct occasion *o, const char *verb,
                              struct err *err)
{
    char *command = xasprintf("complaint %s", verb + strlen("complaint-"));
    enum rc rc = audit_unchanged(desk, command, o->client_id, o->id, err);
    free(command);
    return rc;
}

/* The day that did not come true, of a complaint that is opened again; day CIVIL_NONE: none. */
static struct civil broken_in(const struct json *detail)
{
    struct civil c = {CIVIL_NONE, MINUTE_NONE};
    const char *text = json_string(json_get(detail, BROKEN_PROMISE));
    return text != NULL && civil_parse(text, CIVIL_NONE, &c, NULL) == RC_OK
               ? c
               : (struct civil){CIVIL_NONE, MINUTE_NONE};
}

static enum rc change_one(const struct desk *desk, const char *what, const char *verb,
                          changer *apply, const void *ctx, struct complaint_result *ret,
                          struct err *err)
{
    int64_t id;
    struct occasion o = {0};
    struct complaint c = {0};
    struct before before = {0};
    struct json *detail = json_new_object();
    enum rc rc = find_one(desk, what, str_eq(verb, "complaint-reopen"), &id, err);
    if (rc == RC_OK)
        rc = store_occasion_get(desk->store, id, &o, err);
    if (rc == RC_OK && o.ended)
        rc = err_set(err, RC_REJECTED, "P%lld was taken back: enter it once more", (long long)id);
    if (rc == RC_OK)
        rc = store_complaint_get(desk->store, id, &c, err);
    if (rc == RC_OK)
        rc = before_of_client(desk, o.client_id, &before, err);
    if (rc == RC_OK)
        rc = apply(desk, &o, &c, ctx, detail, err);
    if (rc == RC_OK && json_get(detail, "outcome") != NULL) /* something is different */
        rc = write_change(desk, &o, &c, verb, detail, err);
    else if (rc == RC_OK)
        rc = note_unchanged(desk, &o, verb, err);
    ret->broken = broken_in(detail);
    if (rc == RC_OK)
        rc = look(desk, id, &before, ret, err);
    json_free(detail);
    before_fini(&before);
    occasion_fini(&o);
    complaint_fini(&c);
    return rc;
}

static enum rc change(const struct desk *desk, const char *what, const char *verb, changer *apply,
                      const void *ctx, struct complaint_result *ret, struct err *err)
{
    struct complaint_result result = {0};
    enum rc rc = store_begin(desk->store, err);
    if (rc == RC_OK)
        rc = store_finish(desk->store, change_one(desk, what, verb, apply, ctx, &result, err), err);
    if (rc != RC_OK)
        complaint_result_fini(&result);
    else
        *ret = result;
    return rc;
}

static enum rc require_unsolved(const struct occasion *o, struct err *err)
{
    if (o->when[ANCHOR_RESOLVED].day == CIVIL_NONE)
        return RC_OK;
    return err_set(err, RC_REJECTED, "P%lld is settled: pps complaint reopen P%lld opens it again",
                   (long long)o->id, (long long)o->id);
}

static enum rc assign(const struct desk *desk, struct occasion *o, struct complaint *c,
                      const void *ctx, struct json *detail, struct err *err)
{
    int64_t was = o->manager_id;
    (void)c;
    enum rc rc = require_unsolved(o, err);
    if (rc == RC_OK)
        rc = field_manager(desk, ctx, &o->manager_id, err);
    if (rc != RC_OK || o->manager_id == was)
        return rc;
    char *a = lookup_login(desk, was), *b = lookup_login(desk, o->manager_id);
    char *words = xasprintf("%s -> %s", str_or(a, "nobody"), str_or(b, "nobody"));
    json_add_string(detail, "outcome", words);
    json_add_int(detail, "from", was);
    json_add_int(detail, "to", o->manager_id);
    free(words);
    free(a);
    free(b);
    return RC_OK;
}

enum rc service_complaint_assign(const struct desk *desk, const char *what, const char *login,
                                 struct complaint_result *ret, struct err *err)
{
    return change(desk, what, "complaint-assign", assign, login, ret, err);
}

/* They have heard from us already: the first letter has gone, or somebody has called. */
static bool has_heard(const struct actions *all)
{
    for (size_t i = 0; i < all->n; i++) {
        enum action_state s = all->v[i].state;
        bool reached = s == STATE_SENT || s == STATE_DONE || s == STATE_IN_DOUBT ||
                       s == STATE_CLAIMED || s == STATE_AT_RISK;
        if (reached && all->v[i].channel != CHANNEL_TASK)
            return true;
    }
    return false;
}

/* Two changes within a minute, of which they were told the first, are two. */
static bool is_told(const struct actions *all, struct civil moved)
{
    for (size_t i = 0; i < all->n; i++) {
        struct civil of = all->v[i].anchor_at;
        if (all->v[i].state != STATE_PENDING && of.day == moved.day && of.minute == moved.minute)
            return true;
    }
    return false;
}

/* A call that was not made yet tells them whatever day holds then: it is as late as it was, and not young again. */
static bool is_still_told(const struct actions *all, struct civil moved)
{
    for (size_t i = 0; i < all->n && moved.day != CIVIL_NONE; i++) {
        const struct action *a = &all->v[i];
        if (a->state == STATE_PENDING && channel_is_human(a->channel) &&
            a->anchor_at.day == moved.day && a->anchor_at.minute == moved.minute)
            return true;
    }
    return false;
}

/* The day that they were told, or that they were to be told one, is not true any more: they are to hear the new one. The
 * letter that has not gone yet says it itself. */
static enum rc tell_them(const struct desk *desk, struct occasion *o, struct json *detail,
                         struct err *err)
{
    struct actions all;
    struct civil *moved = &o->when[ANCHOR_MOVED];
    enum rc rc = store_actions_of_occasion(desk->store, o->id, &all, err);
    if (rc != RC_OK)
        return rc;
    if (has_heard(&all) && !is_still_told(&all, *moved)) {
        char *was = kept_date(*moved);
        json_add_string(detail, "told", was);
        json_add_bool(detail, "tells", true);
        free(was);
        *moved = desk_minute(desk);
        while (is_told(&all, *moved)) {
            moved->minute = (int16_t)((moved->minute + 1) % (24 * 60));
            moved->day += moved->minute == 0;
        }
    }
    actions_fini(&all);
    return RC_OK;
}

static enum rc plan(const struct desk *desk, struct occasion *o, struct complaint *c,
                    const void *ctx, struct json *detail, struct err *err)
{
    struct civil was = o->when[ANCHOR_PROMISED], *promised = &o->when[ANCHOR_PROMISED];
    (void)c;
    enum rc rc = require_unsolved(o, err);
    if (rc == RC_OK)
        rc = read_promise(desk, ctx, promised, err);
    if (rc != RC_OK || (was.day == promised->day && was.minute == promised->minute))
        return rc;
    char *a = kept_date(was), *b = kept_date(*promised);
    char *words = xasprintf("%s -> %s", str_or(a, "no day"), b);
    json_add_string(detail, "outcome", words);
    json_add_string(detail, "from", a);
    json_add_string(detail, "to", b);
    free(words);
    free(a);
    free(b);
    return tell_them(desk, o, detail, err);
}

enum rc service_complaint_plan(const struct desk *desk, const char *what, const char *promise,
                               struct complaint_result *ret, struct err *err)
{
    return change(desk, what, "complaint-plan", plan, promise, ret, err);
}

/* What undo gives back of a row. */
static void keep_row(const struct complaint *c, const struct occasion *o, struct json *detail)
{
    char *resolved = kept_date(o->when[ANCHOR_RESOLVED]);
    json_add_string(detail, "resolved", resolved);
    json_add_string(detail, "cause", c->cause);
    json_add_string(detail, "actions", c->actions);
    json_add_string(detail, "came_of_it", c->outcome);
    free(resolved);
}

static void put(char **io, const char *value)
{
    free(*io);
    *io = xstrdup(value);
}

static enum rc resolve(const struct desk *desk, struct occasion *o, struct complaint *c,
                       const void *ctx, struct json *detail, struct err *err)
{
    const struct complaint_end *end = ctx;
    const char *cause = NULL, *outcome = NULL;
    char *actions = NULL;
    enum rc rc = require_unsolved(o, err);
    if (rc == RC_OK)
        rc = read_cause(desk, end->cause, &cause, err);
    if (rc == RC_OK)
        rc = read_outcome(end->outcome, &outcome, err);
    if (rc == RC_OK)
        rc = field_text("actions", end->actions, NOTE_MAX_CHARS, &actions, err);
    bool known = actions != NULL || (end->actions == NULL && c->actions != NULL);
    if (rc == RC_OK && !known)
        rc = err_set(err, RC_USAGE,
                     "say what was done, the client reads it: --actions \"вернули за две ночи\"");
    if (rc != RC_OK)
        return rc;
    char *words = xasprintf("%s: %s", outcome, cause);
    json_add_string(detail, "outcome", words);
    keep_row(c, o, detail);
    put(&c->cause, cause);
    put(&c->outcome, outcome);
    if (end->actions != NULL)
        put(&c->actions, actions);
    o->when[ANCHOR_RESOLVED] = desk_minute(desk);
    free(words);
    free(actions);
    return RC_OK;
}

enum rc service_complaint_resolve(const struct desk *desk, const char *what,
                                  const struct complaint_end *end, struct complaint_result *ret,
                                  struct err *err)
{
    return change(desk, what, "complaint-resolve", resolve, end, ret, err);
}

/* A day that has passed is no promise any more: nobody is to be told it, and another one is to be named. */
static enum rc void_promise(const struct desk *desk, struct occasion *o, struct json *detail,
                            struct err *err)
{
    struct civil *promised = &o->when[ANCHOR_PROMISED], *moved = &o->when[ANCHOR_MOVED];
    bool asks = false;
    if (promised->day == CIVIL_NONE || !has_passed(*promised, desk_minute(desk)))
        return RC_OK;
    enum rc rc = complaint_asks_day(desk, o->id, &asks, err);
    if (rc != RC_OK || !asks)
        return rc; /* by this playbook only the passed day itself is red */
    char *day = kept_date(*promised), *told = kept_date(*moved);
    json_add_string(detail, BROKEN_PROMISE, day);
    json_add_string(detail, "told", told);
    *promised = *moved = (struct civil){CIVIL_NONE, MINUTE_NONE};
    free(day);
    free(told);
    return RC_OK;
}

/* Cause and actions stay as what is known so far. */
static enum rc reopen(const struct desk *desk, struct occasion *o, struct complaint *c,
                      const void *ctx, struct json *detail, struct err *err)
{
    (void)ctx;
    if (o->when[ANCHOR_RESOLVED].day == CIVIL_NONE)
        return err_set(err, RC_REJECTED, "P%lld is open", (long long)o->id);
    json_add_string(detail, "outcome", "open again");
    keep_row(c, o, detail);
    put(&c->outcome, NULL);
    o->when[ANCHOR_RESOLVED] = (struct civil){CIVIL_NONE, MINUTE_NONE};
    return void_promise(desk, o, detail, err);
}

enum rc service_complaint_reopen(const struct desk *desk, const char *what,
                                 struct complaint_result *ret, struct err *err)
{
    return change(desk, what, "complaint-reopen", reopen, NULL, ret, err);
}
