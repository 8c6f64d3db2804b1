/* A note in the log about a client, an occasion or an action; and "they have answered", with which a person takes over from
 * the machine: marketing pauses for a week, and a series about a lost sale ends. Serves note. */
#include <stdlib.h>
#include <string.h>

#include <pps/store_lost.h>
#include <pps/str.h>

#include "wishes.h"

/* ---- what it is about ---- */

/* T34, L35, F36 … */
static bool is_occasion(const char *words, enum kind *ret_kind, int64_t *ret_id)
{
    for (int i = 0; i < KIND_COUNT; i++) {
        if (id_parse_exact(words, kind_letter((enum kind)i), ret_id)) {
            *ret_kind = (enum kind)i;
            return true;
        }
    }
    return false;
}

static enum rc of_occasion(const struct desk *desk, int64_t id, struct pause_outcome *o,
                           struct err *err)
{
    struct occasion occasion;
    enum rc rc = store_occasion_get(desk->store, id, &occasion, err);
    if (rc != RC_OK)
        return rc;
    o->occasion_id = id;
    rc = store_client_get(desk->store, occasion.client_id, &o->client, err);
    occasion_fini(&occasion);
    return rc;
}

static enum rc of_named_occasion(const struct desk *desk, const char *words, enum kind kind,
                                 int64_t id, struct pause_outcome *o, struct err *err)
{
    struct occasion occasion;
    struct err why;
    enum rc rc = store_occasion_get(desk->store, id, &occasion, &why);
    bool fits = rc == RC_OK && occasion.kind == kind;
    if (rc == RC_OK)
        occasion_fini(&occasion);
    else if (rc != RC_NOTFOUND)
        return err_set(err, rc, "%s", why.message);
    if (!fits)
        return err_set(err, RC_NOTFOUND, "there is no %s %s: look for it with pps find",
                       kind_words(kind), words);
    return of_occasion(desk, id, o, err);
}

static enum rc find_subject(const struct desk *desk, const char *words, struct pause_outcome *o,
                            struct err *err)
{
    int64_t id;
    enum kind kind;
    struct action a;
    if (id_parse_exact(words, 'A', &id) || strchr(words, '/') != NULL) {
        enum rc rc = lookup_action(desk, words, &a, err);
        if (rc != RC_OK)
            return rc;
        o->action_id = a.id;
        rc = of_occasion(desk, a.occasion_id, o, err);
        action_fini(&a);
        return rc;
    }
    if (is_occasion(words, &kind, &id))
        return of_named_occasion(desk, words, kind, id, o, err);
    enum rc rc = lookup_client(desk, words, &id, err);
    return rc == RC_OK ? store_client_get(desk->store, id, &o->client, err) : rc;
}

/* ---- they have answered ---- */

static enum rc end_series(const struct desk *desk, struct occasion *o, struct err *err)
{
    struct lost lost;
    int stopped;
    enum rc rc = store_lost_get(desk->store, o->id, &lost, err);
    if (rc != RC_OK)
        return rc;
    free(lost.outcome);
    lost.outcome = xstrdup("answered");
    rc = store_lost_update(desk->store, &lost, err);
    lost_fini(&lost);
    o->ended = true;
    free(o->end_reason);
    o->end_reason = xstrdup("the client answered");
    if (rc == RC_OK)
        rc = store_occasion_update(desk->store, o, err);
    return rc == RC_OK
               ? store_actions_end(desk->store, o->id, o->end_reason, desk_now(desk), &stopped, err)
               : rc;
}

static enum rc end_lost(const struct desk *desk, struct pause_outcome *o, struct err *err)
{
    struct occasion_list all;
    enum rc rc = store_occasions_of_client(desk->store, o->client.id, &all, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < all.n && rc == RC_OK; i++) {
        if (all.v[i].kind != KIND_LOST || all.v[i].ended)
            continue;
        rc = end_series(desk, &all.v[i], err);
        vec_reserve(&o->ended.v, o->ended.n, &o->ended.cap, sizeof *o->ended.v);
        o->ended.v[o->ended.n++] = all.v[i].id;
    }
    occasion_list_fini(&all);
    return rc;
}

/* A pause that lasts longer stays. */
static enum rc pause_for_answer(const struct desk *desk, struct pause_outcome *o, struct err *err)
{
    struct client *c = &o->client;
    civil_day until = desk_today(desk) + REPLIED_DAYS;
    bool longer = c->paused_until != CIVIL_NONE && c->paused_until >= until;
    const char *reason = longer ? c->pause_reason : "the client answered";
    enum rc rc = set_pause(desk, c, longer ? c->paused_until : until, reason, err);
    return rc == RC_OK ? count_paused(desk, c->id, &o->waiting, err) : rc;
}

static char *detail_of(const struct client *before, const char *words, const struct id_list *ended,
                       bool replied)
{
    char until[CIVIL_TEXT_BYTES];
    struct json *detail = wish_detail(words);
    if (replied && before->paused_until != CIVIL_NONE) {
        civil_format_day(before->paused_until, until);
        json_add_string(detail, "until", until);
        json_add_string(detail, "reason", before->pause_reason);
    }
    if (replied) {
        struct json *list = json_add_array(detail, "lost");
        for (size_t i = 0; i < ended->n; i++)
            json_add_int(list, NULL, ended->v[i]);
    }
    return undo_detail_text(detail);
}

static enum rc note(const struct desk *desk, const char *what, const char *words, bool replied,
                    struct pause_outcome *o, struct err *err)
{
    enum rc rc = find_subject(desk, what, o, err);
    if (rc == RC_OK && replied)
        rc = end_lost(desk, o, err);
    if (rc != RC_OK)
        return rc;
    char *detail = detail_of(&o->client, words, &o->ended, replied);
    rc = audit(desk, replied ? "replied" : "note", o->client.id, o->occasion_id, o->action_id,
               detail, err);
    free(detail);
    return rc == RC_OK && replied ? pause_for_answer(desk, o, err) : rc;
}

enum rc service_note(const struct desk *desk, const char *what, const char *words, bool replied,
                     struct pause_outcome *ret, struct err *err)
{
    struct pause_outcome o = {0};
    char *text = NULL;
    enum rc rc = field_text("note", words, NOTE_MAX_CHARS, &text, err);
    if (rc == RC_OK && text == NULL)
        rc = err_set(err, RC_INVALID, "note: write what is to be remembered");
    if (rc == RC_OK)
        rc = store_begin(desk->store, err);
    if (rc == RC_OK)
        rc = store_finish(desk->store, note(desk, what, text, replied, &o, err), err);
    free(text);
    if (rc == RC_OK)
        *ret = o;
    else
        pause_outcome_fini(&o);
    return rc;
}
