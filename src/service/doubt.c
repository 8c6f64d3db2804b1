/* What is in doubt: the evidence for whoever must decide, and the decision. Each answer is kept with the attempts and
 * in the audit log, so that undo can take it back. */
#include <stdlib.h>
#include <string.h>

#include <pps/dispatch.h>
#include <pps/str.h>

#include "internal.h"

enum { ALL = 1 << 20 };

/* ---- the evidence ---- */

static void doubt_file_fini(struct doubt_file *d)
{
    case_fini(&d->file);
    attempt_list_fini(&d->tries);
    frozen_message_fini(&d->message);
}

void doubt_list_fini(struct doubt_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        doubt_file_fini(&list->v[i]);
    free(list->v);
    *list = (struct doubt_list){0};
}

static int64_t in_doubt_since(const struct attempt_list *tries)
{
    int64_t since = 0;
    for (size_t i = 0; i < tries->n; i++) {
        const struct attempt *t = &tries->v[i];
        bool open = str_eq(t->outcome, "in_doubt") && t->settled == NULL && t->risk_at != 0;
        if (open && (since == 0 || t->risk_at < since))
            since = t->risk_at;
    }
    return since;
}

static enum rc read_message(const struct desk *desk, int64_t action_id, struct frozen_message *ret,
                            struct err *err)
{
    struct err why;
    enum rc rc = store_message_get(desk->store, action_id, ret, &why);
    if (rc == RC_OK)
        return rc;
    *ret = (struct frozen_message){0};
    return rc == RC_NOTFOUND ? RC_OK : err_set(err, rc, "%s", why.message);
}

static enum rc open_doubt(const struct desk *desk, const char *words, struct doubt_file *ret,
                          struct err *err)
{
    struct doubt_file d = {0};
    enum rc rc = case_open(desk, words, &d.file, err);
    if (rc != RC_OK)
        return rc;
    rc = store_attempts(desk->store, d.file.action.id, &d.tries, err);
    if (rc == RC_OK)
        rc = read_message(desk, d.file.action.id, &d.message, err);
    d.since = in_doubt_since(&d.tries);
    if (rc != RC_OK)
        doubt_file_fini(&d);
    else
        *ret = d;
    return rc;
}

static void add_file(struct doubt_list *list, const struct doubt_file *d)
{
    vec_reserve(&list->v, list->n, &list->cap, sizeof *list->v);
    list->v[list->n++] = *d;
}

static int by_urgency(const void *a, const void *b)
{
    const struct action *x = &((const struct doubt_file *)a)->file.action;
    const struct action *y = &((const struct doubt_file *)b)->file.action;
    if (x->expires_at != y->expires_at)
        return x->expires_at < y->expires_at ? -1 : 1;
    return x->id < y->id ? -1 : 1;
}

enum rc service_doubts(const struct desk *desk, int64_t manager_id, struct doubt_list *ret,
                       struct err *err)
{
    struct id_list ids;
    struct doubt_list list = {0};
    enum rc rc = store_list_doubts(desk->store, INT64_MAX, ALL, &ids, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < ids.n && rc == RC_OK; i++) {
        struct doubt_file d;
        char name[ID_TEXT_BYTES];
        id_format('A', ids.v[i], name);
        rc = open_doubt(desk, name, &d, err);
        if (rc != RC_OK)
            break;
        /* A tick that runs now may have settled it since it was listed. */
        if (d.file.action.state == STATE_IN_DOUBT &&
            (manager_id == 0 || d.file.occasion.manager_id == manager_id))
            add_file(&list, &d);
        else
            doubt_file_fini(&d);
    }
    id_list_fini(&ids);
    if (list.n > 0)
        qsort(list.v, list.n, sizeof *list.v, by_urgency);
    if (rc != RC_OK)
        doubt_list_fini(&list);
    else
        *ret = list;
    return rc;
}

static enum rc require_doubt(const struct action *a, struct err *err)
{
    if (a->state == STATE_IN_DOUBT)
        return RC_OK;
    enum rc rc = require_rest(a, err);
    if (rc != RC_OK)
        return rc;
    return err_set(err, RC_REJECTED, "A%lld is not in doubt: it is %s%s%s%s", (long long)a->id,
                   state_words(a->state), a->reason ? " (" : "", str_or(a->reason, ""),
                   a->reason ? ")" : "");
}

enum rc service_doubts_named(const struct desk *desk, const char *const *names, size_t n,
                             struct doubt_list *ret, struct err *err)
{
    struct doubt_list list = {0};
    enum rc rc = RC_OK;
    for (size_t i = 0; i < n && rc == RC_OK; i++) {
        struct doubt_file d;
        rc = open_doubt(desk, names[i], &d, err);
        if (rc != RC_OK)
            break;
        add_file(&list, &d);
        rc = require_doubt(&d.file.action, err);
    }
    if (rc != RC_OK)
        doubt_list_fini(&list);
    else
        *ret = list;
    return rc;
}

static enum rc is_of_manager(const struct desk *desk, int64_t action_id, int64_t manager_id,
                             bool *ret, struct err *err)
{
    struct action a;
    struct occasion occasion;
    enum rc rc = store_action_get(desk->store, action_id, &a, err);
    if (rc != RC_OK)
        return rc;
    rc = store_occasion_get(desk->store, a.occasion_id, &occasion, err);
    action_fini(&a);
    if (rc != RC_OK)
        return rc;
    *ret = occasion.manager_id == manager_id;
    occasion_fini(&occasion);
    return RC_OK;
}

enum rc service_count_doubts(const struct desk *desk, int64_t manager_id, int64_t *ret,
                             struct err *err)
{
    struct id_list ids;
    int64_t count = 0;
    enum rc rc = store_list_doubts(desk->store, INT64_MAX, ALL, &ids, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < ids.n && rc == RC_OK; i++) {
        bool theirs = true;
        if (manager_id != 0)
            rc = is_of_manager(desk, ids.v[i], manager_id, &theirs, err);
        count += theirs;
    }
    id_list_fini(&ids);
    if (rc == RC_OK)
        *ret = count;
    return rc;
}

/* ---- the decision ---- */

enum rc doubt_may_resend(const struct desk *desk, const struct case_file *f, struct err *err)
{
    char at[CIVIL_TEXT_BYTES];
    if (f->occasion.ended)
        return err_set(err, RC_REJECTED, "A%lld may not be sent again: the %s is %s",
                       (long long)f->action.id, kind_words(f->occasion.kind),
                       f->occasion.kind == KIND_TRIP ? "cancelled" : "over");
    if (f->action.expires_at > desk_now(desk))
        return RC_OK;
    civil_format(zone_to_local(desk->zone, f->action.expires_at), at);
    return err_set(err, RC_REJECTED, "A%lld may not be sent again: its time passed at %s",
                   (long long)f->action.id, at);
}

/* What follows from an answer. */
struct consequence {
    const char *verb;    /* of the audit log */
    const char *settled; /* what is noted with the attempts */
    const char *words;   /* the reason, before the login of whoever answered */
    enum action_state state;
    enum cause cause;
};
static const struct consequence consequences[] = {
    [ANSWER_SENT] = {"doubt-sent", "sent", "settled as sent by", STATE_SENT, CAUSE_BY_PERSON},
    [ANSWER_RESEND] = {"doubt-resend", "not_sent", "to go again, settled by", STATE_PENDING,
                       CAUSE_RETRY},
    [ANSWER_DROP] = {"doubt-drop", "dropped", "dropped by", STATE_CANCELLED, CAUSE_BY_PERSON},
};

/* The first and the last of the tries that an answer settles, by their numbers in the database; 0: there is none. */
static void open_tries(const struct attempt_list *tries, int64_t *ret_from, int64_t *ret_to)
{
    *ret_from = *ret_to = 0;
    for (size_t i = 0; i < tries->n; i++) {
        const struct attempt *t = &tries->v[i];
        if (!str_eq(t->outcome, "in_doubt") || t->settled != NULL)
            continue;
        *ret_from = *ret_from == 0 ? t->id : *ret_from;
        *ret_to = t->id;
    }
}

/* By the message-id undo knows whether it is still the same message, and by "from" and "to" which tries this answer settles;
 * the note would be lost with the next try. */
static char *detail_of(const struct doubt_file *d, const char *note)
{
    struct json *o = undo_detail(&d->file.action);
    int64_t from, to;
    open_tries(&d->tries, &from, &to);
    json_add_int(o, "next_attempt_at", d->file.action.next_attempt_at);
    if (from != 0) {
        json_add_int(o, "from", from);
        json_add_int(o, "to", to);
    }
    if (d->message.message_id != NULL)
        json_add_string(o, "message_id", d->message.message_id);
    if (note != NULL)
        json_add_string(o, "why", note);
    return undo_detail_text(o);
}

static void apply(const struct desk *desk, const struct consequence *c, const char *note,
                  struct action *a)
{
    int64_t now = desk_now(desk);
    a->state = c->state;
    set_reason(a, c->cause,
               xasprintf("%s %s%s%s", c->words, desk->actor, note ? ": " : "", str_or(note, "")));
    /* What was changed since is planned anew before the next try: a->stale stays as it is. */
    if (c->state == STATE_PENDING) {
        a->next_attempt_at = now;
        return;
    }
    a->done_at = now;
    free(a->done_by);
    a->done_by = xstrdup(desk->actor);
}

static enum rc write_answer(const struct desk *desk, struct doubt_file *d, enum answer answer,
                            const char *note, struct err *err)
{
    const struct consequence *c = &consequences[answer];
    struct action *a = &d->file.action;
    char *detail = detail_of(d, note);
    apply(desk, c, note, a);
    enum rc rc = store_settle(desk->store, a->id, c->settled, NULL, err);
    if (rc == RC_OK)
        rc = store_action_update(desk->store, a, STATE_IN_DOUBT, desk_now(desk), err);
    if (rc == RC_OK)
        rc = audit(desk, c->verb, d->file.client.id, d->file.occasion.id, a->id, detail, err);
    free(detail);
    return rc;
}

static enum rc check_twice(const struct actions *before, const struct action *a, struct err *err)
{
    for (size_t i = 0; i < before->n; i++) {
        if (before->v[i].id == a->id)
            return err_set(err, RC_USAGE, "A%lld is named twice", (long long)a->id);
    }
    return RC_OK;
}

static enum rc resolve_one(const struct desk *desk, const char *name, enum answer answer,
                           const char *note, struct actions *done, struct err *err)
{
    struct doubt_file d;
    enum rc rc = open_doubt(desk, name, &d, err);
    if (rc != RC_OK)
        return rc;
    rc = check_twice(done, &d.file.action, err);
    if (rc == RC_OK)
        rc = require_doubt(&d.file.action, err);
    if (rc == RC_OK && answer == ANSWER_RESEND)
        rc = doubt_may_resend(desk, &d.file, err);
    if (rc == RC_OK)
        rc = write_answer(desk, &d, answer, note, err);
    if (rc == RC_OK) {
        vec_reserve(&done->v, done->n, &done->cap, sizeof *done->v);
        done->v[done->n++] = d.file.action;
        d.file.action = (struct action){0};
    }
    doubt_file_fini(&d);
    return rc;
}

enum rc doubt_drop(const struct desk *desk, int64_t action_id, struct err *err)
{
    char name[ID_TEXT_BYTES];
    struct actions done = {0};
    id_format('A', action_id, name);
    enum rc rc = resolve_one(desk, name, ANSWER_DROP, NULL, &done, err);
    actions_fini(&done);
    return rc;
}

static enum rc resolve(const struct desk *desk, const char *const *names, size_t n,
                       const struct resolution *r, struct actions *done, struct err *err)
{
    char *note = NULL;
    struct desk together;
    enum rc rc = field_text("note", r->note, NOTE_MAX_CHARS, &note, err);
    if (rc == RC_OK)
        rc = desk_for_several(desk, n, &together, err);
    for (size_t i = 0; i < n && rc == RC_OK; i++)
        rc = resolve_one(&together, names[i], r->answer, note, done, err);
    free(note);
    return rc;
}

enum rc service_resolve(const struct desk *desk, const char *const *names, size_t n,
                        const struct resolution *resolution, struct actions *ret, struct err *err)
{
    struct actions done = {0};
    if (n > RESOLVE_MAX)
        return err_set(err, RC_USAGE, "at most %d at once", RESOLVE_MAX);
    enum rc rc = store_begin(desk->store, err);
    if (rc != RC_OK)
        return rc;
    rc = store_finish(desk->store, resolve(desk, names, n, resolution, &done, err), err);
    if (rc != RC_OK)
        actions_fini(&done);
    else
        *ret = done;
    return rc;
}
