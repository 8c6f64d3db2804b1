/* A lost sale: the person (new or known), why, by whom, and the series that asks them back, in one transaction. Refuses what
 * would be wrong to write to somebody who has bought, and a second series beside one that runs. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "enrol.h"
#include "lost.h"

/* ---- what people typed ---- */

enum rc lost_read_reason(const struct desk *desk, const char *text, char **ret, struct err *err)
{
    char *typed = NULL, *list = word_list_text(&desk->config->lost_reasons);
    enum rc rc = field_text("reason", text, NAME_MAX_CHARS, &typed, err);
    const char *found = typed ? word_list_find(&desk->config->lost_reasons, typed) : NULL;
    const char *near = typed ? word_list_near(&desk->config->lost_reasons, typed) : NULL;
    char *quoted = utf8_quote(str_or(typed, ""));
    if (rc == RC_OK && typed == NULL)
        rc = err_set(err, RC_USAGE, "why did they not buy? --reason takes one of: %s", list);
    else if (rc == RC_OK && found == NULL && near != NULL)
        rc = err_set(err, RC_INVALID,
                     "reason: %s is not in the list: did you mean \"%s\"? It has: %s", quoted, near,
                     list);
    else if (rc == RC_OK && found == NULL)
        rc = err_set(err, RC_INVALID,
                     "reason: %s is not in the list: %s (lost_reasons in pps.json; --words takes "
                     "any words)",
                     quoted, list);
    if (rc == RC_OK)
        *ret = xstrdup(found);
    free(quoted);
    free(typed);
    free(list);
    return rc;
}

enum rc lost_read_travel(const struct desk *desk, const char *travel_from, const char *travel_to,
                         struct occasion *o, struct err *err)
{
    struct civil *from = &o->when[ANCHOR_DEPARTURE], *to = &o->when[ANCHOR_RETURN];
    enum rc rc = RC_OK;
    if (travel_from != NULL)
        rc = field_date(desk, "travel-from", travel_from, true, from, err);
    if (rc == RC_OK && travel_to != NULL)
        rc = field_date(desk, "travel-to", travel_to, true, to, err);
    if (rc == RC_OK && from->day != CIVIL_NONE && to->day != CIVIL_NONE && to->day < from->day)
        rc = err_set(err, RC_INVALID, "travel-to: they would be back before they leave");
    return rc;
}

static enum rc read_dates(const struct desk *desk, const struct lost_entry *e, struct occasion *o,
                          struct err *err)
{
    occasion_clear_dates(o);
    enum rc rc = lost_read_travel(desk, e->travel_from, e->travel_to, o, err);
    o->when[ANCHOR_LEARNED] = zone_to_local(desk->zone, desk_now(desk));
    return rc;
}

static enum rc read_entry(const struct desk *desk, const struct lost_entry *e,
                          struct client *client, struct occasion *o, struct lost *lost,
                          struct err *err)
{
    o->kind = KIND_LOST;
    o->created_at = desk_now(desk);
    enum rc rc = e->client_id == 0 ? enrol_read_client(desk, &e->person, client, err) : RC_OK;
    if (rc == RC_OK)
        rc = lost_read_reason(desk, e->reason, &lost->reason, err);
    if (rc == RC_OK)
        rc = field_text("words", e->words, NOTE_MAX_CHARS, &lost->words, err);
    if (rc == RC_OK)
        rc = field_text("destination", e->destination, WORDS_MAX_CHARS, &o->title, err);
    return rc == RC_OK ? read_dates(desk, e, o, err) : rc;
}

enum rc lost_check_field(const struct desk *desk, const char *field, const char *text,
                         struct err *err)
{
    char *value = NULL;
    struct civil date;
    int64_t id;
    enum rc rc;
    if (str_eq(field, "client"))
        return str_empty(text) ? RC_OK : lookup_client(desk, text, &id, err);
    if (str_eq(field, "reason"))
        rc = str_empty(text) ? RC_OK : lost_read_reason(desk, text, &value, err);
    else if (str_eq(field, "words"))
        rc = field_text(field, text, NOTE_MAX_CHARS, &value, err);
    else if (str_starts(field, "travel-"))
        rc = field_date(desk, field, text, true, &date, err);
    else
        return sale_check_field(desk, field, text, err);
    free(value);
    return rc;
}

/* ---- who ---- */

/* A new person who is there already is no new person; somebody with the same number is mentioned. */
static enum rc check_known(const struct desk *desk, const struct client *client, bool allow,
                           char **ret_note, struct err *err)
{
    struct client_list list;
    enum rc rc = store_client_by_contact(desk->store, client->phone, client->email, &list, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < list.n && rc == RC_OK; i++) {
        long long id = (long long)list.v[i].id;
        if (!allow && enrol_same_name(list.v[i].name, client->name))
            rc = err_set(err, RC_EXISTS,
                         "this person is there already, C%lld: nothing was added (pps lost C%lld "
                         "--reason …; --allow-duplicate enters another of the same name)",
                         id, id);
        else if (*ret_note == NULL)
            *ret_note = xasprintf("C%lld %s has the same %s", id, list.v[i].name,
                                  client->phone && str_eq(list.v[i].phone, client->phone)
                                      ? "phone number"
                                      : "e-mail address");
    }
    client_list_fini(&list);
    return rc;
}

enum rc lost_refuse_bought(const struct desk *desk, int64_t client_id, struct err *err)
{
    struct occasion_list all;
    enum rc rc = store_occasions_of_client(desk->store, client_id, &all, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < all.n && rc == RC_OK; i++) {
        const struct occasion *o = &all.v[i];
        char from[CIVIL_TEXT_BYTES], to[CIVIL_TEXT_BYTES];
        if (o->kind != KIND_TRIP || o->ended || o->when[ANCHOR_RETURN].day < desk_today(desk))
            continue;
        civil_format_people(o->when[ANCHOR_DEPARTURE].day, from);
        civil_format_people(o->when[ANCHOR_RETURN].day, to);
        rc = err_set(err, RC_REJECTED,
                     "C%lld has bought: T%lld, %s - %s; if they do not travel after all, pps "
                     "cancel-trip T%lld comes first",
                     (long long)client_id, (long long)o->id, from, to, (long long)o->id);
    }
    occasion_list_fini(&all);
    return rc;
}

/* One series at a time. One that has run out is closed when they are lost once more. */
static enum rc close_old(const struct desk *desk, int64_t client_id, struct err *err)
{
    struct id_list open;
    enum rc rc = store_lost_open(desk->store, client_id, NULL, NULL, &open, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < open.n && rc == RC_OK; i++) {
        bool runs;
        int stopped;
        rc = store_lost_runs(desk->store, open.v[i], &runs, err);
        if (rc == RC_OK && runs)
            rc = err_set(err, RC_EXISTS,
                         "C%lld was lost already, and L%lld runs: pps show L%lld tells of it, pps "
                         "won L%lld --outcome stopped ends it",
                         (long long)client_id, (long long)open.v[i], (long long)open.v[i],
                         (long long)open.v[i]);
        else if (rc == RC_OK)
            rc = lost_end(desk, open.v[i], NULL, 0, NULL, &stopped, err);
    }
    id_list_fini(&open);
    return rc;
}

/* A mailbox or a number that somebody who has bought reads: "we lost you" would reach them. */
static enum rc refuse_shared(const struct desk *desk, const struct client *client, struct err *err)
{
    struct client_list list;
    enum rc rc = store_client_by_contact(desk->store, client->phone, client->email, &list, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < list.n && rc == RC_OK; i++) {
        const struct client *other = &list.v[i];
        if (other->id == client->id)
            continue;
        rc = lost_refuse_bought(desk, other->id, err);
        if (rc == RC_REJECTED)
            rc = err_prefix(
                err, rc, "%s has the same %s; --allow-duplicate writes there all the same",
                other->name,
                client->phone && str_eq(other->phone, client->phone) ? "phone number"
                                                                     : "e-mail address");
    }
    client_list_fini(&list);
    return rc;
}

static enum rc find_client(const struct desk *desk, const struct lost_entry *e,
                           struct client *client, char **ret_note, struct err *err)
{
    enum rc rc;
    if (e->client_id == 0) {
        rc = check_external_id(desk, client->external_id, 0, "added", err);
        if (rc == RC_OK)
            rc = check_known(desk, client, e->person.allow_duplicate, ret_note, err);
        if (rc == RC_OK && !e->person.allow_duplicate)
            rc = refuse_shared(desk, client, err);
        return rc == RC_OK ? store_client_add(desk->store, client, &client->id, err) : rc;
    }
    rc = store_client_get(desk->store, e->client_id, client, err);
    if (rc == RC_OK)
        rc = lost_refuse_bought(desk, client->id, err);
    if (rc == RC_OK && !e->person.allow_duplicate)
        rc = refuse_shared(desk, client, err);
    return rc == RC_OK ? close_old(desk, client->id, err) : rc;
}

/* ---- by whom, and who talks to them ---- */

static enum rc find_loser(const struct desk *desk, const struct lost_entry *e, struct staff *ret,
                          struct err *err)
{
    int64_t id = 0;
    enum rc rc = enrol_pick_manager(desk, e->lost_by, &id, err);
    return rc == RC_OK && id != 0 ? store_staff_get(desk->store, id, ret, err) : rc;
}

/* The first of the two directors who did not fail to sell; 0: nobody, and the call is red. */
enum rc lost_pick_caller(const struct desk *desk, const struct staff *loser, int64_t *ret,
                         struct err *err)
{
    static const enum role roles[] = {ROLE_SERVICE, ROLE_DIRECTOR};
    *ret = 0;
    for (size_t i = 0; i < 2 && *ret == 0; i++) {
        struct staff staff;
        struct err none;
        enum rc rc = store_staff_by_role(desk->store, roles[i], &staff, &none);
        if (rc == RC_NOTFOUND)
            continue;
        if (rc != RC_OK)
            return err_set(err, rc, "%s", none.message);
        if (loser->id == 0 || !lost_same_person(&staff, loser))
            *ret = staff.id;
        staff_fini(&staff);
    }
    return RC_OK;
}

enum rc lost_caller(const struct desk *desk, const struct occasion *o, int64_t wanted, int64_t *ret,
                    struct err *err)
{
    struct staff loser, staff;
    *ret = wanted;
    if (o->kind != KIND_LOST || wanted == 0)
        return RC_OK;
    enum rc rc = store_lost_by(desk->store, o->id, &loser, err);
    if (rc != RC_OK || loser.id == 0)
        return rc;
    rc = store_staff_get(desk->store, wanted, &staff, err);
    if (rc == RC_OK) {
        if (lost_same_person(&staff, &loser))
            rc = lost_pick_caller(desk, &loser, ret, err);
        staff_fini(&staff);
    }
    staff_fini(&loser);
    return rc;
}

enum rc lost_named_caller(const struct desk *desk, const char *login, const struct staff *loser,
                          int64_t *ret, struct err *err)
{
    struct staff staff;
    enum rc rc = field_manager(desk, login, ret, err);
    if (rc != RC_OK || *ret == 0)
        return rc;
    rc = store_staff_get(desk->store, *ret, &staff, err);
    if (rc != RC_OK)
        return rc;
    if (loser->id != 0 && lost_same_person(&staff, loser))
        rc = err_set(err, RC_INVALID,
                     "call-by: %s failed to sell, so somebody else has to talk to them",
                     staff.login);
    staff_fini(&staff);
    return rc;
}

/* By the method the talk is another person's: whoever failed to sell does not make it, so they cannot say how it went. */
enum rc lost_refuse_tick(const struct desk *desk, const struct case_file *f, struct err *err)
{
    struct staff actor = {0}, loser = {0};
    struct err none;
    if (f->occasion.kind != KIND_LOST)
        return RC_OK;
    enum rc rc = store_staff_by_login(desk->store, desk->actor, &actor, &none);
    if (rc == RC_NOTFOUND)
        return RC_OK; /* nobody in particular */
    if (rc != RC_OK)
        return err_set(err, rc, "%s", none.message);
    rc = store_lost_by(desk->store, f->occasion.id, &loser, err);
    if (rc == RC_OK && loser.id != 0 && lost_same_person(&actor, &loser))
        rc = err_set(err, RC_REJECTED,
                     "A%lld: %s failed to sell, so somebody else has to talk to them, and ticks it "
                     "off (pps --as LOGIN done A%lld); pps skip A%lld leaves it out",
                     (long long)f->action.id, actor.login, (long long)f->action.id,
                     (long long)f->action.id);
    staff_fini(&loser);
    staff_fini(&actor);
    return rc;
}

static enum rc find_caller(const struct desk *desk, const struct lost_entry *e,
                           const struct staff *loser, int64_t *ret, struct err *err)
{
    return e->call_by == NULL ? lost_pick_caller(desk, loser, ret, err)
                              : lost_named_caller(desk, e->call_by, loser, ret, err);
}

/* ---- the series ---- */

/* Nobody is to talk to them: the calls are skipped like any other, and undo brings them back. */
static enum rc skip_calls(const struct desk *desk, struct actions *all, int64_t client_id,
                          struct err *err)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < all->n && rc == RC_OK; i++) {
        struct action *a = &all->v[i];
        if (a->state != STATE_PENDING || a->channel != CHANNEL_CALL)
            continue;
        struct json *o = undo_detail(a);
        json_add_bool(o, UNDO_PIECE, true); /* of the loss: alone only by its number */
        char *detail = undo_detail_text(o);
        a->state = STATE_SKIPPED;
        a->done_at = desk_now(desk);
        free(a->done_by);
        a->done_by = xstrdup(desk->actor);
        set_reason(a, CAUSE_BY_PERSON, xstrdup("no call is wanted"));
        rc = store_action_update(desk->store, a, STATE_PENDING, desk_now(desk), err);
        if (rc == RC_OK)
            rc = audit(desk, "skip", client_id, a->occasion_id, a->id, detail, err);
        free(detail);
    }
    return rc;
}

/* What would keep every letter back is said at once, and not only in the timeline. */
static enum rc warn_of_fault(const struct desk *desk, const struct staff *loser, char **ret_note,
                             struct err *err)
{
    struct staff signer = {0};
    struct err none;
    enum rc rc = store_staff_by_role(desk->store, ROLE_SERVICE, &signer, &none);
    if (rc != RC_OK && rc != RC_NOTFOUND)
        return err_set(err, rc, "%s", none.message);
    const struct staff *who = signer.id ? &signer : NULL;
    enum lost_fault fault =
        loser->id ? lost_fault_of(loser, who, desk->config, CHANNEL_EMAIL) : LOST_FINE;
    if (fault != LOST_FINE) {
        char *why = lost_fault_words(fault, loser, who);
        free(*ret_note);
        *ret_note = xasprintf("no letter of the service director goes: %s", why);
        free(why);
    }
    staff_fini(&signer);
    return RC_OK;
}

/* A call that nobody is to make is made by nobody. */
static void note_nobody(const struct lost_result *r, char **ret_note)
{
    const struct actions *all = &r->file.actions;
    for (size_t i = 0; i < all->n && *ret_note == NULL; i++) {
        const struct action *a = &all->v[i];
        if (r->file.occasion.manager_id == 0 && r->lost_by.id != 0 && a->channel == CHANNEL_CALL &&
            a->state == STATE_PENDING)
            *ret_note =
                xasprintf("the call A%lld is nobody's work: the directors are not there, or "
                          "failed to sell (--call-by names somebody)",
                          (long long)a->id);
    }
}

enum rc lost_remark(const struct desk *desk, struct lost_result *r, struct err *err)
{
    note_nobody(r, &r->note);
    return warn_of_fault(desk, &r->lost_by, &r->note, err);
}

static enum rc begin_series(const struct desk *desk, const struct lost_entry *e, struct occasion *o,
                            struct lost *lost, struct lost_result *r, struct err *err)
{
    enum rc rc = occasion_begin(desk, o, "lost", lost->reason, err);
    lost->occasion_id = o->id;
    if (rc == RC_OK)
        rc = store_lost_put(desk->store, lost, err);
    if (rc == RC_OK)
        rc = planning_of_client(desk, o->client_id, NULL, NULL, err);
    if (rc == RC_OK)
        rc = store_occasion_file(desk->store, o->id, &r->file, err);
    if (rc == RC_OK && e->no_call)
        rc = skip_calls(desk, &r->file.actions, o->client_id, err);
    if (rc == RC_OK)
        rc = store_lost_get(desk->store, o->id, &r->lost, err);
    return rc;
}

static enum rc write_lost(const struct desk *desk, const struct lost_entry *e,
                          struct client *client, struct occasion *o, struct lost *lost,
                          struct lost_result *r, struct err *err)
{
    enum rc rc = find_client(desk, e, client, &r->note, err);
    if (rc == RC_OK)
        rc = find_loser(desk, e, &r->lost_by, err);
    if (rc == RC_OK)
        rc = find_caller(desk, e, &r->lost_by, &o->manager_id, err);
    o->client_id = client->id;
    lost->lost_by = r->lost_by.id;
    if (rc == RC_OK)
        rc = begin_series(desk, e, o, lost, r, err);
    return rc == RC_OK ? lost_remark(desk, r, err) : rc;
}

enum rc service_lost(const struct desk *desk, const struct lost_entry *e, struct lost_result *ret,
                     struct err *err)
{
    struct client client = {0};
    struct occasion o = {0};
    struct lost lost = {0};
    struct lost_result r = {0};
    enum rc rc = read_entry(desk, e, &client, &o, &lost, err);
    if (rc == RC_OK)
        rc = store_begin(desk->store, err);
    if (rc == RC_OK)
        rc = store_finish(desk->store, write_lost(desk, e, &client, &o, &lost, &r, err), err);
    if (rc == RC_OK)
        *ret = r;
    else
        lost_result_fini(&r);
    client_fini(&client);
    occasion_fini(&o);
    lost_fini(&lost);
    return rc;
}

void lost_result_fini(struct lost_result *r)
{
    occasion_file_fini(&r->file);
    lost_fini(&r->lost);
    staff_fini(&r->lost_by);
    free(r->note);
    *r = (struct lost_result){0};
}
