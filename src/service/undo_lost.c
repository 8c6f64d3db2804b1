/* Taking back what was entered of a lost sale: the entry itself (it was none, and counts in no figure), and each correction
 * of it. How a series ended is taken back in undo_end.c. Serves undo.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "lost.h"
#include "undo.h"

enum { LOOK_BACK = 200 };

/* ---- a correction ---- */

void lost_keep(struct json *detail, const struct occasion *o, const struct lost *lost)
{
    char *from = kept_date(o->when[ANCHOR_DEPARTURE]), *to = kept_date(o->when[ANCHOR_RETURN]);
    json_add_string(detail, "reason", lost->reason);
    json_add_string(detail, "said", lost->words);
    json_add_string(detail, "title", o->title);
    json_add_string(detail, "departure", from);
    json_add_string(detail, "return", to);
    json_add_int(detail, "lost_by", lost->lost_by);
    json_add_int(detail, "manager", o->manager_id);
    free(from);
    free(to);
}

static void put(char **io, const struct json *value)
{
    free(*io);
    *io = xstrdup(json_string(value));
}

static enum rc date_of(const struct json *root, const char *key, struct civil *ret, struct err *err)
{
    const char *text = json_string(json_get(root, key));
    *ret = (struct civil){CIVIL_NONE, MINUTE_NONE};
    return text != NULL ? civil_parse(text, CIVIL_NONE, ret, err) : RC_OK;
}

/* The call goes back to whom it was taken from, unless it was given on since, or they have left. */
static enum rc give_call_back(const struct desk *desk, const struct json *root, struct occasion *o,
                              struct err *err)
{
    struct staff staff;
    int64_t was = json_int_of(root, "manager");
    if (o->manager_id != json_int_of(root, "gave_to") || was == o->manager_id)
        return RC_OK;
    if (was == 0) {
        o->manager_id = 0;
        return RC_OK;
    }
    enum rc rc = store_staff_get(desk->store, was, &staff, err);
    if (rc != RC_OK)
        return rc;
    if (staff.active)
        o->manager_id = was;
    staff_fini(&staff);
    return RC_OK;
}

static enum rc give_back(const struct desk *desk, const struct json *root, struct occasion *o,
                         struct lost *lost, struct err *err)
{
    put(&lost->reason, json_get(root, "reason"));
    put(&lost->words, json_get(root, "said"));
    put(&o->title, json_get(root, "title"));
    lost->lost_by = json_int_of(root, "lost_by");
    enum rc rc = date_of(root, "departure", &o->when[ANCHOR_DEPARTURE], err);
    if (rc == RC_OK)
        rc = date_of(root, "return", &o->when[ANCHOR_RETURN], err);
    return rc == RC_OK ? give_call_back(desk, root, o, err) : rc;
}

/* Whoever has lost it once more must not get the call by somebody else's hand-over. */
static enum rc write_back(const struct desk *desk, struct occasion *o, const struct lost *lost,
                          struct err *err)
{
    enum rc rc = store_lost_update(desk->store, lost, err);
    if (rc == RC_OK)
        rc = lost_caller(desk, o, o->manager_id, &o->manager_id, err);
    if (rc == RC_OK)
        rc = store_occasion_update(desk->store, o, err);
    return rc == RC_OK ? planning_of_client(desk, o->client_id, NULL, NULL, err) : rc;
}

static enum rc undo_edit(const struct desk *desk, const struct audit_entry *entry,
                         struct occasion *o, char **ret_what, struct err *err)
{
    struct lost lost = {0};
    struct json_doc *doc;
    const char *text = str_or(entry->detail, "{}");
    enum rc rc = json_parse(text, strlen(text), "audit", false, &doc, err);
    if (rc != RC_OK)
        return rc;
    rc = store_lost_get(desk->store, o->id, &lost, err);
    if (rc == RC_OK)
        rc = give_back(desk, json_root(doc), o, &lost, err);
    if (rc == RC_OK)
        rc = write_back(desk, o, &lost, err);
    if (rc == RC_OK)
        *ret_what =
            xasprintf("the change of L%lld is taken back: what is still ahead was planned anew",
                      (long long)o->id);
    lost_fini(&lost);
    json_doc_free(doc);
    return rc;
}

/* ---- the entry ---- */

static enum rc open_again(const struct desk *desk, int64_t id, struct err *err)
{
    struct occasion o;
    enum rc rc = store_occasion_get(desk->store, id, &o, err);
    if (rc != RC_OK)
        return rc;
    if (o.ended)
        rc = occasion_revive(desk, &o, err);
    occasion_fini(&o);
    return rc;
}

/* The log says so of the end of each, too: no undo meets it as something that is still to be taken back. */
static enum rc take_end_back(const struct desk *desk, const struct audit_entry *e, struct err *err)
{
    enum rc rc = open_again(desk, e->occasion_id, err);
    char *detail = xasprintf("%s #%lld", e->verb, (long long)e->id);
    if (rc == RC_OK)
        rc = audit(desk, "undo", e->client_id, e->occasion_id, 0, detail, err);
    free(detail);
    return rc;
}

/* An older series that had run out was closed by the entry, in the same moment: it was not lost once more. */
static enum rc open_older(const struct desk *desk, const struct audit_entry *entry, struct err *err)
{
    struct audit_list list;
    struct audit_query query = {
        .client_id = entry->client_id, .verb = "lost-again", .limit = LOOK_BACK};
    enum rc rc = store_audit_list(desk->store, &query, &list, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < list.n && rc == RC_OK; i++) {
        const struct audit_entry *e = &list.v[i];
        if (e->at == entry->at && e->id < entry->id)
            rc = take_end_back(desk, e, err);
    }
    audit_list_fini(&list);
    return rc;
}

static enum rc undo_entry(const struct desk *desk, const struct audit_entry *entry,
                          struct occasion *o, char **ret_what, struct err *err)
{
    int stopped;
    enum rc rc = lost_withdraw(desk, o, &stopped, err);
    if (rc == RC_OK)
        rc = open_older(desk, entry, err);
    if (rc == RC_OK)
        rc = planning_of_client(desk, o->client_id, NULL, NULL, err);
    if (rc == RC_OK)
        *ret_what = xasprintf("L%lld (lost sale) is taken back as entered by mistake: %d waiting "
                              "step%s stopped, and it counts no more",
                              (long long)o->id, stopped, stopped == 1 ? " is" : "s are");
    return rc;
}

/* ---- which ---- */

static bool takes(const char *verb)
{
    return str_eq(verb, "lost") || str_eq(verb, "edit-lost");
}

static enum rc undo_any(const struct desk *desk, const struct audit_entry *entry, char **ret_what,
                        struct err *err)
{
    struct occasion o;
    enum rc rc = store_occasion_get(desk->store, entry->occasion_id, &o, err);
    if (rc != RC_OK)
        return rc;
    rc = str_eq(entry->verb, "lost") ? undo_entry(desk, entry, &o, ret_what, err)
                                     : undo_edit(desk, entry, &o, ret_what, err);
    occasion_fini(&o);
    return rc;
}

const struct undoer undo_of_lost = {.takes = takes, .undo = undo_any};
