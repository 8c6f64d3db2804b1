/* Somebody leaves, or comes back: all open work of theirs goes to another person, or to nobody and is red. Letters that are
 * planned are signed by whoever has the work then. Serves staff leave and staff return. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "lost.h"
#include "undo.h"
#include "wishes.h"

/* ---- who ---- */

/* Whether somebody who still works here has this role; letters of the director and of service are signed by them. */
static enum rc is_last_of_role(const struct desk *desk, const struct staff *who, bool *ret,
                               struct err *err)
{
    struct staff other;
    struct err why;
    *ret = false;
    if (who->role == ROLE_MANAGER)
        return RC_OK;
    enum rc rc = store_staff_by_role(desk->store, who->role, &other, &why);
    if (rc == RC_OK)
        staff_fini(&other);
    else if (rc != RC_NOTFOUND)
        return err_set(err, rc, "%s", why.message);
    *ret = rc == RC_NOTFOUND;
    return RC_OK;
}

static enum rc find_people(const struct desk *desk, const char *login, const char *to,
                           struct handover *h, struct err *err)
{
    enum rc rc = store_staff_by_login(desk->store, login, &h->who, err);
    if (rc == RC_OK && !h->who.active && str_empty(to))
        rc = err_set(err, RC_REJECTED,
                     "%s has left already; pps staff leave %s --to LOGIN gives on what is nobody's since",
                     h->who.login, h->who.login);
    if (rc != RC_OK || str_empty(to))
        return rc;
    rc = store_staff_by_login(desk->store, to, &h->to, err);
    if (rc != RC_OK)
        return rc == RC_NOTFOUND ? err_prefix(err, rc, "--to") : rc;
    if (!h->to.active)
        return err_set(err, RC_INVALID, "--to: %s has left, too: give the work to somebody else",
                       h->to.login);
    if (h->to.id == h->who.id)
        return err_set(err, RC_INVALID, "--to: that is %s: give the work to somebody else",
                       h->who.login);
    return RC_OK;
}

/* ---- the work ---- */

/* *ret_to: who has it now; a lost sale never goes to whoever lost it. */
static enum rc give(const struct desk *desk, int64_t occasion_id, int64_t to, int64_t *ret_to,
                    struct err *err)
{
    struct occasion o;
    enum rc rc = store_occasion_get(desk->store, occasion_id, &o, err);
    if (rc != RC_OK)
        return rc;
    rc = lost_caller(desk, &o, to, &o.manager_id, err);
    if (rc == RC_OK)
        rc = store_occasion_update(desk->store, &o, err);
    *ret_to = o.manager_id;
    occasion_fini(&o);
    /* Its letters are signed anew. */
    return rc == RC_OK ? planning_of_occasion(desk, occasion_id, NULL, NULL, err) : rc;
}

/* Not all of it goes to `to`: said by name, so that nobody looks for it in vain. */
static enum rc count_other(const struct desk *desk, struct handover *h, int64_t now,
                           struct err *err)
{
    struct staff staff = {0};
    if (now == h->to.id)
        return RC_OK;
    enum rc rc = now != 0 ? store_staff_get(desk->store, now, &staff, err) : RC_OK;
    if (rc != RC_OK)
        return rc;
    size_t i = 0;
    while (i < h->n_others && !str_eq(h->others[i].login, staff.login))
        i++;
    if (i == h->n_others) {
        vec_reserve(&h->others, h->n_others, &h->cap_others, sizeof *h->others);
        h->others[h->n_others++] = (struct other_heir){xstrdup(staff.login), 0};
    }
    h->others[i].n++;
    staff_fini(&staff);
    return RC_OK;
}

static enum rc move_occasions(const struct desk *desk, struct handover *h, struct json *ids,
                              struct json *now_of, struct err *err)
{
    struct work_list work;
    enum rc rc = store_list_work_of(desk->store, h->who.id, desk_today(desk), &work, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < work.n && rc == RC_OK; i++) {
        int64_t now;
        rc = give(desk, work.v[i].id, h->to.id, &now, err);
        h->moved[work.v[i].kind]++;
        json_add_int(ids, NULL, work.v[i].id);
        json_add_int(now_of, NULL, rc == RC_OK ? now : 0);
        if (rc == RC_OK)
            rc = count_other(desk, h, now, err);
    }
    work_list_fini(&work);
    return rc;
}

static enum rc move_things(const struct desk *desk, struct handover *h, struct json *ids,
                           struct err *err)
{
    struct id_list things;
    enum rc rc = store_list_things_of(desk->store, h->who.id, &things, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < things.n && rc == RC_OK; i++) {
        bool done;
        rc = store_thing_owner(desk->store, things.v[i], h->who.id, h->to.id, &done, err);
        h->things++;
        json_add_int(ids, NULL, things.v[i]);
    }
    id_list_fini(&things);
    return rc;
}

/* ---- what they left to nobody ---- */

static enum rc take_up_occasion(const struct desk *desk, int64_t id, int64_t whose, struct err *err)
{
    struct occasion o;
    enum rc rc = store_occasion_get(desk->store, id, &o, err);
    if (rc != RC_OK)
        return rc;
    if (o.manager_id == 0) {
        o.manager_id = whose;
        rc = store_occasion_update(desk->store, &o, err);
    }
    occasion_fini(&o);
    return rc;
}

/* What became nobody's when they left, and still is, counts as theirs again: then it goes on like everything else. */
static enum rc take_up(const struct desk *desk, const struct staff *who, struct err *err)
{
    struct audit_entry entry;
    struct json_doc *doc;
    struct err none;
    if (undo_find_leave(desk, who->login, &entry, &none) != RC_OK)
        return RC_OK; /* they left before the log remembered what they had */
    enum rc rc = undo_parse(&entry, &doc, err);
    audit_entry_fini(&entry);
    if (rc != RC_OK)
        return rc;
    const struct json *detail = json_root(doc);
    const struct json *ids = json_get(detail, "occasions"), *things = json_get(detail, "things");
    int64_t id;
    bool done;
    for (const struct json *v = json_first(ids); v != NULL && rc == RC_OK; v = json_next(v)) {
        if (json_int(v, &id))
            rc = take_up_occasion(desk, id, who->id, err);
    }
    for (const struct json *v = json_first(things); v != NULL && rc == RC_OK; v = json_next(v)) {
        if (json_int(v, &id))
            rc = store_thing_owner(desk->store, id, 0, who->id, &done, err);
    }
    json_doc_free(doc);
    return rc;
}

static bool holds(const struct json *ids, int64_t wanted)
{
    int64_t id;
    for (const struct json *v = json_first(ids); v != NULL; v = json_next(v)) {
        if (json_int(v, &id) && id == wanted)
            return true;
    }
    return false;
}

enum rc handover_who_left(const struct desk *desk, int64_t occasion_id, char **ret, struct err *err)
{
    enum { LOOK_BACK = 50 };
    struct audit_list list;
    const struct audit_query query = {.verb = "staff-leave", .limit = LOOK_BACK};
    enum rc rc = store_audit_list(desk->store, &query, &list, err);
    if (rc != RC_OK)
        return rc;
    *ret = NULL;
    for (size_t i = 0; i < list.n && rc == RC_OK && *ret == NULL; i++) {
        struct json_doc *doc;
        struct staff who;
        rc = undo_parse(&list.v[i], &doc, err);
        if (rc != RC_OK)
            break;
        const struct json *detail = json_root(doc);
        if (holds(json_get(detail, "occasions"), occasion_id)) {
            rc = store_staff_get(desk->store, json_int_of(detail, "from"), &who, err);
            if (rc == RC_OK && !who.active)
                *ret = xstrdup(who.login);
            if (rc == RC_OK)
                staff_fini(&who);
        }
        json_doc_free(doc);
    }
    audit_list_fini(&list);
    return rc;
}

/* Whoever signs by role is another person now: what was made and still waits is made anew. */
static enum rc sign_anew(const struct desk *desk, const struct staff *who, struct err *err)
{
    struct id_list occasions;
    if (who->role == ROLE_MANAGER)
        return RC_OK;
    enum rc rc = store_list_signed(desk->store, &occasions, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < occasions.n && rc == RC_OK; i++)
        rc = planning_of_occasion(desk, occasions.v[i], NULL, NULL, err);
    id_list_fini(&occasions);
    return rc;
}

static enum rc set_active(const struct desk *desk, struct staff *who, bool active, struct err *err)
{
    who->active = active;
    enum rc rc = store_staff_update(desk->store, who, err);
    return rc == RC_OK ? sign_anew(desk, who, err) : rc;
}

static int count_moved(const struct handover *h)
{
    int n = h->things;
    for (int i = 0; i < KIND_COUNT; i++)
        n += h->moved[i];
    return n;
}

/* ---- leave ---- */

static enum rc move_all(const struct desk *desk, struct handover *h, struct json *detail,
                        struct err *err)
{
    struct json *ids = json_add_array(detail, "occasions");
    struct json *now_of = json_add_array(detail, "now_of");
    bool again = !h->who.active;
    enum rc rc = again ? take_up(desk, &h->who, err) : set_active(desk, &h->who, false, err);
    if (rc == RC_OK)
        rc = move_occasions(desk, h, ids, now_of, err);
    if (rc == RC_OK)
        rc = move_things(desk, h, json_add_array(detail, "things"), err);
    if (rc == RC_OK && again && count_moved(h) == 0)
        rc = err_set(err, RC_REJECTED, "%s has left already, and nothing of theirs is nobody's",
                     h->who.login);
    return rc == RC_OK ? is_last_of_role(desk, &h->who, &h->last_of_role, err) : rc;
}

static enum rc leave(const struct desk *desk, const char *login, const char *to, struct handover *h,
                     struct err *err)
{
    enum rc rc = find_people(desk, login, to, h, err);
    if (rc != RC_OK)
        return rc;
    char *words = xasprintf("%s, the work to %s", h->who.login, str_or(h->to.login, "nobody"));
    struct json *detail = wish_detail(words);
    json_add_string(detail, "login", h->who.login);
    json_add_int(detail, "from", h->who.id);
    json_add_int(detail, "to", h->to.id);
    rc = move_all(desk, h, detail, err);
    json_add_int(detail, "moved", count_moved(h));
    char *text = undo_detail_text(detail);
    if (rc == RC_OK)
        rc = audit(desk, "staff-leave", 0, 0, 0, text, err);
    free(text);
    free(words);
    return rc;
}

enum rc service_staff_leave(const struct desk *desk, const char *login, const char *to,
                            struct handover *ret, struct err *err)
{
    struct handover h = {0};
    enum rc rc = store_begin(desk->store, err);
    if (rc != RC_OK)
        return rc;
    rc = store_finish(desk->store, leave(desk, login, to, &h, err), err);
    if (rc == RC_OK)
        *ret = h;
    else
        handover_fini(&h);
    return rc;
}

void handover_fini(struct handover *h)
{
    staff_fini(&h->who);
    staff_fini(&h->to);
    for (size_t i = 0; i < h->n_others; i++)
        free(h->others[i].login);
    free(h->others);
    *h = (struct handover){0};
}

/* ---- return ---- */

static enum rc come_back(const struct desk *desk, const char *login, struct staff *s,
                         struct err *err)
{
    enum rc rc = store_staff_by_login(desk->store, login, s, err);
    if (rc == RC_OK && s->active)
        rc = err_set(err, RC_REJECTED, "%s has not left", s->login);
    if (rc == RC_OK)
        rc = set_active(desk, s, true, err);
    return rc == RC_OK ? audit(desk, "staff-return", 0, 0, 0, s->login, err) : rc;
}

enum rc service_staff_return(const struct desk *desk, const char *login, struct staff *ret,
                             struct err *err)
{
    struct staff s = {0};
    enum rc rc = store_begin(desk->store, err);
    if (rc != RC_OK)
        return rc;
    rc = store_finish(desk->store, come_back(desk, login, &s, err), err);
    if (rc == RC_OK)
        *ret = s;
    else
        staff_fini(&s);
    return rc;
}

/* ---- undo ---- */

/* What was given on since stays where it is. now_of: who got each; NULL in the log of an older program: `to`. */
static enum rc give_back(const struct desk *desk, const struct json *ids, const struct json *now_of,
                         int64_t from, int64_t to, struct undone_leave *ret, struct err *err)
{
    enum rc rc = RC_OK;
    const struct json *now = now_of != NULL ? json_first(now_of) : NULL;
    for (const struct json *v = json_first(ids); v != NULL && rc == RC_OK; v = json_next(v)) {
        struct occasion o;
        int64_t id, got = to;
        if (now != NULL) {
            (void)json_int(now, &got);
            now = json_next(now);
        }
        if (!json_int(v, &id))
            continue;
        rc = store_occasion_get(desk->store, id, &o, err);
        if (rc != RC_OK)
            return rc;
        bool still = o.manager_id == got;
        occasion_fini(&o);
        ret->back += still;
        ret->kept += !still;
        if (still)
            rc = give(desk, id, from, &got, err);
    }
    return rc;
}

static enum rc give_things_back(const struct desk *desk, const struct json *ids, int64_t from,
                                int64_t to, struct undone_leave *ret, struct err *err)
{
    enum rc rc = RC_OK;
    for (const struct json *v = json_first(ids); v != NULL && rc == RC_OK; v = json_next(v)) {
        int64_t id;
        bool done = false;
        if (!json_int(v, &id))
            continue;
        rc = store_thing_owner(desk->store, id, to, from, &done, err);
        ret->back += done;
        ret->kept += !done;
    }
    return rc;
}

enum rc undo_leave(const struct desk *desk, const struct json *detail, struct undone_leave *ret,
                   struct err *err)
{
    int64_t from = json_int_of(detail, "from"), to = json_int_of(detail, "to");
    enum rc rc = store_staff_get(desk->store, from, &ret->who, err);
    if (rc == RC_OK && ret->who.active)
        rc = err_set(err, RC_REJECTED,
                     "%s is back already: give the work back with pps edit-trip TRIP --manager %s",
                     ret->who.login, ret->who.login);
    if (rc == RC_OK)
        rc = set_active(desk, &ret->who, true, err);
    if (rc == RC_OK)
        rc = give_back(desk, json_get(detail, "occasions"), json_get(detail, "now_of"), from, to,
                       ret, err);
    return rc == RC_OK ? give_things_back(desk, json_get(detail, "things"), from, to, ret, err)
                       : rc;
}
