/* Things for clients: promised, prepared, handed over, or dropped after all. Whoever prepares the visits of a week looks
 * at the lists that come of it. Nothing is deleted, and each step can be taken back (undo_things.c). */
#include <stdlib.h>
#include <string.h>

#include <pps/json.h>
#include <pps/money.h>
#include <pps/str.h>
#include <pps/things.h>
#include <pps/utf8.h>
#include <pps/wordlist.h>

#include "internal.h"

/* ---- a new one ---- */

/* Whom it is for, and at the visit of which trip it is handed over. */
struct target {
    int64_t client_id, trip_id, manager_id; /* trip_id 0: at whatever visit comes first */
};

static enum rc target_of_trip(const struct desk *desk, int64_t id, struct target *ret,
                              struct err *err)
{
    struct occasion o;
    enum rc rc = store_occasion_get(desk->store, id, &o, err);
    if (rc != RC_OK)
        return rc;
    if (o.ended)
        rc = err_set(err, RC_REJECTED, "T%lld is cancelled: name the client, C%lld, instead",
                     (long long)id, (long long)o.client_id);
    else
        *ret = (struct target){o.client_id, o.id, o.manager_id};
    occasion_fini(&o);
    return rc;
}

static enum rc find_target(const struct desk *desk, const char *whom, struct target *ret,
                           struct err *err)
{
    int64_t client_id, trip_id;
    struct err why = {0};
    if (id_parse_exact(whom, 'T', &trip_id)) {
        enum rc rc = lookup_trip(desk, whom, &trip_id, err);
        return rc == RC_OK ? target_of_trip(desk, trip_id, ret, err) : rc;
    }
    enum rc rc = lookup_client(desk, whom, &client_id, err);
    if (rc != RC_OK)
        return rc;
    char *id = xasprintf("C%lld", (long long)client_id);
    rc = lookup_trip(desk, id, &trip_id, &why);
    free(id);
    if (rc == RC_OK)
        return target_of_trip(desk, trip_id, ret, err);
    *ret = (struct target){.client_id = client_id};
    return rc == RC_NOTFOUND || rc == RC_INVALID ? RC_OK : err_set(err, rc, "%s", why.message);
}

/* Who prepares it: as given, else the trip's manager, else whoever enters it when they are on the staff. */
static enum rc find_owner(const struct desk *desk, const char *login, int64_t manager_id,
                          int64_t *ret_id, struct err *err)
{
    struct staff s;
    struct err why = {0};
    if (login != NULL) {
        enum rc rc = field_manager(desk, login, ret_id, &why); /* "manager: nobody has …" */
        return rc == RC_OK ? rc : err_set(err, rc, "--owner: %s", strchr(why.message, ' ') + 1);
    }
    *ret_id = 0;
    for (int i = 0; i < 2 && *ret_id == 0; i++) {
        enum rc rc = RC_NOTFOUND;
        if (i == 0 && manager_id != 0)
            rc = store_staff_get(desk->store, manager_id, &s, &why);
        else if (i == 1)
            rc = store_staff_by_login(desk->store, desk->actor, &s, &why);
        if (rc == RC_NOTFOUND)
            continue;
        if (rc != RC_OK)
            return err_set(err, rc, "%s", why.message);
        *ret_id = s.active ? s.id : 0;
        staff_fini(&s);
    }
    return RC_OK;
}

static enum rc read_cost(const char *text, int64_t *ret, struct err *err)
{
    struct err why = {0};
    *ret = -1;
    if (str_empty(text))
        return RC_OK;
    enum rc rc = money_parse(text, ret, &why);
    return rc == RC_OK ? rc : err_set(err, rc, "cost: %s", why.message);
}

static enum rc read_entry(const struct thing_entry *e, struct thing *t, struct err *err)
{
    if (e->kind == NULL || !thing_kind_from_name(e->kind, &t->kind))
        return err_set(err, RC_USAGE, "--kind: it is gift, card, album or photo");
    enum rc rc = field_text("title", e->title, WORDS_MAX_CHARS, &t->title, err);
    if (rc == RC_OK && t->title == NULL)
        rc = err_set(err, RC_USAGE, "say what it is: --title \"Альбом из Анталии\"");
    if (rc == RC_OK)
        rc = field_text("note", e->note, NOTE_MAX_CHARS, &t->note, err);
    return rc == RC_OK ? read_cost(e->cost, &t->cost, err) : rc;
}

/* What undo needs: {"thing":7,"ready":0,…}; before is NULL when it is new. New string. */
static char *thing_detail(const struct thing *before, int64_t id, const char *words)
{
    struct json *o = json_new_object();
    json_add_int(o, "thing", id);
    json_add_string(o, "outcome", words); /* what pps log shows */
    if (before != NULL) {
        json_add_int(o, "ready", before->ready_at);
        json_add_int(o, "handed", before->handed_at);
        json_add_int(o, "dropped", before->dropped_at);
        json_add_string(o, "note", before->note);
    }
    char *text = json_print(o, false);
    json_free(o);
    return text;
}

/* The line in the audit log, and the plan: letters may speak of things. */
static enum rc conclude(const struct desk *desk, const char *verb, const struct thing *before,
                        const struct thing *t, struct err *err)
{
    char *words = xasprintf("G%lld %s", (long long)t->id, thing_kind_name(t->kind));
    char *detail = thing_detail(before, t->id, words);
    enum rc rc = audit(desk, verb, t->client_id, t->occasion_id, 0, detail, err);
    free(detail);
    free(words);
    return rc == RC_OK ? planning_of_client(desk, t->client_id, NULL, NULL, err) : rc;
}

/* Entered twice, or meant twice? A card that was given at another trip does not count. */
static enum rc refuse_double(const struct desk *desk, const struct thing *t,
                             const struct target *target, struct err *err)
{
    struct things all;
    enum rc rc = store_things_of_client(desk->store, target->client_id, &all, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < all.n && rc == RC_OK; i++) {
        const struct thing *other = &all.v[i];
        bool gone = other->dropped_at != 0 || (other->handed_at != 0 && target->trip_id == 0);
        if (gone || other->kind != t->kind || other->occasion_id != target->trip_id ||
            !word_list_same(other->title, t->title))
            continue;
        rc = err_set(err, RC_EXISTS,
                     "there is such a thing already, G%lld: nothing was added (--allow-duplicate "
                     "enters a second one)",
                     (long long)other->id);
    }
    things_fini(&all);
    return rc;
}

static enum rc add(const struct desk *desk, const struct thing_entry *e, struct thing *t,
                   struct err *err)
{
    struct target target;
    enum rc rc = read_entry(e, t, err);
    if (rc == RC_OK)
        rc = find_target(desk, e->whom, &target, err);
    if (rc == RC_OK && (t->kind != THING_PHOTO || e->owner != NULL)) /* nobody prepares that */
        rc = find_owner(desk, e->owner, target.manager_id, &t->owner_id, err);
    if (rc == RC_OK && !e->allow_duplicate)
        rc = refuse_double(desk, t, &target, err);
    if (rc != RC_OK)
        return rc;
    t->client_id = target.client_id;
    t->occasion_id = target.trip_id;
    t->created_at = desk_now(desk);
    rc = store_thing_add(desk->store, t, &t->id, err);
    return rc == RC_OK ? conclude(desk, "gift-add", NULL, t, err) : rc;
}

enum rc service_thing_add(const struct desk *desk, const struct thing_entry *entry,
                          struct thing *ret, struct err *err)
{
    struct thing t = {0};
    enum rc rc = store_begin(desk->store, err);
    if (rc == RC_OK)
        rc = store_finish(desk->store, add(desk, entry, &t, err), err);
    if (rc == RC_OK)
        *ret = t;
    else
        thing_fini(&t);
    return rc;
}

/* ---- ready, handed over, dropped ---- */

static enum rc get_named(const struct desk *desk, const char *words, struct thing *ret,
                         struct err *err)
{
    int64_t id;
    if (id_parse(words, 'G', &id))
        return store_thing_get(desk->store, id, ret, err);
    char *quoted = utf8_quote(words);
    (void)err_set(err, RC_INVALID, "%s does not name a thing: write G7 (pps gift list shows them)",
                  quoted);
    free(quoted);
    return RC_INVALID;
}

/* Whether it can be moved so; the error says what became of it before. */
static enum rc check_move(const struct desk *desk, const struct thing *t, enum thing_move move,
                          struct err *err)
{
    long long id = (long long)t->id;
    char at[CIVIL_TEXT_BYTES];
    int64_t since = t->dropped_at ? t->dropped_at : t->handed_at ? t->handed_at : t->ready_at;
    civil_format(zone_to_local(desk->zone, since), at);
    if (t->dropped_at != 0)
        return err_set(err, RC_REJECTED, "G%lld was dropped at %s (pps undo G%lld)", id, at, id);
    if (t->kind == THING_PHOTO && move != THING_DROP)
        return err_set(err, RC_REJECTED,
                       "G%lld are the client's own pictures: what is made of them is an album "
                       "(pps gift add … --kind album)",
                       id);
    if (t->handed_at != 0)
        return err_set(err, RC_REJECTED, "G%lld was handed over at %s (pps undo G%lld)", id, at,
                       id);
    if (move == THING_READY && t->ready_at != 0)
        return err_set(err, RC_REJECTED, "G%lld is ready since %s (pps undo G%lld)", id, at, id);
    return RC_OK;
}

static const char *const move_verbs[] = {
    [THING_READY] = "gift-ready",
    [THING_HAND] = "gift-hand",
    [THING_DROP] = "gift-drop",
};

static enum rc move_one(const struct desk *desk, const char *words, enum thing_move move,
                        const char *note, struct thing *t, struct err *err)
{
    enum rc rc = get_named(desk, words, t, err);
    if (rc == RC_OK)
        rc = check_move(desk, t, move, err);
    if (rc != RC_OK)
        return rc;
    const struct thing before = *t; /* its note is freed below, once it is written */
    int64_t now = desk_now(desk);
    if (move == THING_DROP)
        t->dropped_at = now;
    else if (t->ready_at == 0)
        t->ready_at = now;
    if (move == THING_HAND)
        t->handed_at = now;
    if (note != NULL)
        t->note = xstrdup(note);
    rc = store_thing_update(desk->store, t, err);
    if (rc == RC_OK)
        rc = conclude(desk, move_verbs[move], &before, t, err);
    if (note != NULL)
        free(before.note);
    return rc;
}

static enum rc move_all(const struct desk *desk, const char *const *ids, size_t n,
                        enum thing_move move, const char *note, struct things *list,
                        struct err *err)
{
    char *clean = NULL;
    struct desk together;
    enum rc rc = field_text("note", note, NOTE_MAX_CHARS, &clean, err);
    if (rc == RC_OK)
        rc = desk_for_several(desk, n, &together, err);
    for (size_t i = 0; i < n && rc == RC_OK; i++) {
        vec_reserve(&list->v, list->n, &list->cap, sizeof *list->v);
        list->v[list->n] = (struct thing){0};
        rc = move_one(&together, ids[i], move, clean, &list->v[list->n++], err);
    }
    free(clean);
    return rc;
}

enum rc service_things_move(const struct desk *desk, const char *const *ids, size_t n,
                            enum thing_move move, const char *note, struct things *ret,
                            struct err *err)
{
    struct things list = {0};
    enum rc rc = store_begin(desk->store, err);
    if (rc == RC_OK)
        rc = store_finish(desk->store, move_all(desk, ids, n, move, note, &list, err), err);
    if (rc == RC_OK)
        *ret = list;
    else
        things_fini(&list);
    return rc;
}

enum rc service_thing_row(const struct desk *desk, int64_t id, struct thing_row *ret,
                          struct err *err)
{
    struct thing t;
    struct thing_rows rows;
    enum rc rc = store_thing_get(desk->store, id, &t, err);
    if (rc != RC_OK)
        return rc;
    struct thing_query query = {.client_id = t.client_id, .from = CIVIL_NONE, .to = CIVIL_NONE};
    thing_fini(&t);
    rc = store_things(desk->store, &query, &rows, err);
    if (rc != RC_OK)
        return rc;
    *ret = (struct thing_row){0};
    for (size_t i = 0; i < rows.n; i++) {
        if (rows.v[i].thing.id == id) {
            *ret = rows.v[i];
            rows.v[i] = (struct thing_row){0};
        }
    }
    thing_rows_fini(&rows);
    return RC_OK;
}

enum rc service_things_to_hand(const struct desk *desk, int64_t occasion_id, struct things *ret,
                               struct err *err)
{
    struct occasion o;
    struct things all;
    enum rc rc = store_occasion_get(desk->store, occasion_id, &o, err);
    if (rc != RC_OK)
        return rc;
    rc = store_things_of_client(desk->store, o.client_id, &all, err);
    occasion_fini(&o);
    if (rc != RC_OK)
        return rc;
    size_t kept = 0;
    for (size_t i = 0; i < all.n; i++) {
        if (thing_is_ready(&all.v[i]))
            all.v[kept++] = all.v[i];
        else
            thing_fini(&all.v[i]);
    }
    all.n = kept;
    *ret = all;
    return RC_OK;
}
