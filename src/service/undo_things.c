/* What the audit log remembers of a thing: pps log G7 shows it, and undo takes it back. Only the last change can be: whoever
 * names an older one hears so. Serves undo.c and pps log. */
#include <stdlib.h>
#include <string.h>

#include <pps/json.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "internal.h"
#include "undo.h"

#include <pps/things.h>

static bool takes(const char *verb)
{
    return str_starts(verb, "gift-");
}

static int64_t thing_of_entry(const struct audit_entry *entry)
{
    struct json_doc *doc;
    const char *text = str_or(entry->detail, "{}");
    if (!takes(entry->verb) ||
        json_parse(text, strlen(text), "audit", false, &doc, NULL) != RC_OK)
        return 0;
    int64_t id = json_int_of(json_root(doc), "thing");
    json_doc_free(doc);
    return id;
}

static bool is_about(const struct audit_list *list, size_t i, int64_t id)
{
    int64_t undone = taken_back(&list->v[i]);
    for (size_t k = i; undone != 0 && k < list->n; k++) {
        if (list->v[k].id == undone)
            return thing_of_entry(&list->v[k]) == id;
    }
    return thing_of_entry(&list->v[i]) == id;
}

enum rc service_thing_log(const struct desk *desk, int64_t id, const char *actor, size_t limit,
                          struct audit_list *ret, struct err *err)
{
    struct thing t;
    enum rc rc = store_thing_get(desk->store, id, &t, err);
    if (rc != RC_OK)
        return rc;
    struct audit_query query = {.client_id = t.client_id, .limit = UNDO_LOOK_BACK};
    struct audit_list all, kept = {0};
    thing_fini(&t);
    rc = store_audit_list(desk->store, &query, &all, err);
    if (rc != RC_OK)
        return rc;
    bool *take = xcalloc(all.n, sizeof *take);
    for (size_t i = 0; i < all.n; i++)
        take[i] = is_about(&all, i, id) && (actor == NULL || str_eq(all.v[i].actor, actor));
    for (size_t i = 0; i < all.n && kept.n < limit; i++) {
        if (!take[i])
            continue;
        vec_reserve(&kept.v, kept.n, &kept.cap, sizeof *kept.v);
        kept.v[kept.n++] = all.v[i];
        all.v[i] = (struct audit_entry){0};
    }
    free(take);
    audit_list_fini(&all);
    *ret = kept;
    return RC_OK;
}

/* Gives a thing back what the entry remembers; one that was new is dropped. */
static enum rc restore(const struct desk *desk, const struct audit_entry *entry, struct thing *t,
                       struct err *err)
{
    struct json_doc *doc;
    const char *text = str_or(entry->detail, "{}");
    enum rc rc = json_parse(text, strlen(text), "audit", false, &doc, err);
    if (rc != RC_OK)
        return rc;
    const struct json *root = json_root(doc);
    if (str_eq(entry->verb, "gift-add")) {
        t->dropped_at = desk_now(desk);
    } else {
        t->ready_at = json_int_of(root, "ready");
        t->handed_at = json_int_of(root, "handed");
        t->dropped_at = json_int_of(root, "dropped");
        free(t->note);
        t->note = xstrdup(json_string(json_get(root, "note")));
    }
    json_doc_free(doc);
    return store_thing_update(desk->store, t, err);
}

static const char *state_now(const struct thing *t)
{
    if (t->dropped_at != 0)
        return "it is not given";
    return t->ready_at != 0 ? "it is ready, and waits to be handed over" : "it is to be prepared";
}

static enum rc undo_entry(const struct desk *desk, const struct audit_entry *entry, char **ret_what,
                          struct err *err)
{
    struct thing t;
    enum rc rc = store_thing_get(desk->store, thing_of_entry(entry), &t, err);
    if (rc != RC_OK)
        return rc;
    rc = restore(desk, entry, &t, err);
    if (rc == RC_OK)
        rc = planning_of_client(desk, t.client_id, NULL, NULL, err);
    if (rc == RC_OK)
        *ret_what = xasprintf("%s of G%lld %s \"%s\" is taken back: %s", entry->verb,
                              (long long)t.id, thing_kind_name(t.kind), t.title, state_now(&t));
    thing_fini(&t);
    return rc;
}

static bool same(const struct audit_entry *entry, const struct audit_entry *later)
{
    return takes(later->verb) && thing_of_entry(later) == thing_of_entry(entry);
}

static char *name(const struct audit_entry *entry)
{
    return xasprintf("G%lld", (long long)thing_of_entry(entry));
}

static enum rc find(const struct desk *desk, const char *word, bool *ret_mine,
                    struct audit_entry *ret, struct err *err)
{
    struct thing t;
    int64_t id;
    *ret_mine = id_parse_exact(word, 'G', &id);
    if (!*ret_mine)
        return RC_OK;
    enum rc rc = store_thing_get(desk->store, id, &t, err);
    if (rc != RC_OK)
        return rc;
    const struct audit_query query = {.client_id = t.client_id, .limit = UNDO_LOOK_BACK};
    rc = undo_find_about(desk, &query, thing_of_entry, id, ret, err);
    thing_fini(&t);
    return rc;
}

const struct undoer undo_of_things = {
    .takes = takes, .undo = undo_entry, .name = name, .find = find, .same = same};
