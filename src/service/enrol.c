/* Enrol a sale: client, first trip and timeline in one transaction (or a further trip of a known
 * client). A sale that looks like one that is there already is refused, because a double press of
 * Enter must not become a double series of letters. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "enrol.h"
#include "lost.h"
#include "referral.h"

enum rc enrol_read_client(const struct desk *desk, const struct sale *sale, struct client *c,
                          struct err *err)
{
    enum rc rc = field_text("name", sale->name, NAME_MAX_CHARS, &c->name, err);
    if (rc == RC_OK && c->name == NULL)
        rc = err_set(err, RC_INVALID, "name: a client needs a name (--name \"Мария Иванова\")");
    if (rc == RC_OK)
        rc = field_text("salutation", sale->salutation, NAME_MAX_CHARS, &c->salutation, err);
    if (rc == RC_OK)
        rc = field_phone(desk, sale->phone, &c->phone, err);
    if (rc == RC_OK)
        rc = field_email(sale->email, &c->email, err);
    if (rc == RC_OK && c->phone == NULL && c->email == NULL)
        rc = err_set(
            err, RC_INVALID,
            "a client needs a phone number or an e-mail address (--phone, --email): without "
            "either nothing can reach them");
    if (rc == RC_OK)
        rc = field_lang(sale->lang, &c->lang, err);
    if (rc == RC_OK)
        rc = field_tz(sale->tz, &c->tz, err);
    if (rc == RC_OK)
        rc = field_birthday(desk, sale->birthday, &c->birthday, err);
    if (rc == RC_OK)
        rc = field_text("note", sale->client_note, NOTE_MAX_CHARS, &c->note, err);
    if (rc == RC_OK)
        rc = field_text("external id", sale->external_id, NAME_MAX_CHARS, &c->external_id, err);
    if (rc == RC_OK)
        rc = field_gender(sale->gender, &c->gender, err);
    c->paused_until = CIVIL_NONE;
    c->created_at = desk_now(desk);
    return rc;
}

static enum rc require(const char *text, const char *what, struct err *err)
{
    return str_empty(text) ? err_set(err, RC_USAGE,
                                     "the date of the %s is missing: --%s 2026-12-10", what, what)
                           : RC_OK;
}

static enum rc read_trip(const struct desk *desk, const struct sale *sale, struct occasion *t,
                         struct err *err)
{
    struct civil purchase;
    occasion_clear_dates(t);
    enum rc rc = require(sale->purchase, "purchase", err);
    if (rc == RC_OK)
        rc = require(sale->departure, "departure", err);
    if (rc == RC_OK)
        rc = require(sale->return_, "return", err);
    if (rc == RC_OK)
        rc = field_date(desk, "purchase", sale->purchase, false, &purchase, err);
    if (rc == RC_OK)
        rc = field_date(desk, "departure", sale->departure, true, &t->when[ANCHOR_DEPARTURE], err);
    if (rc == RC_OK)
        rc = field_date(desk, "return", sale->return_, true, &t->when[ANCHOR_RETURN], err);
    if (rc == RC_OK) {
        t->when[ANCHOR_PURCHASE].day = purchase.day;
        rc = plan_check_dates(t->when[ANCHOR_PURCHASE].day, t->when[ANCHOR_DEPARTURE],
                              t->when[ANCHOR_RETURN], err);
    }
    if (rc == RC_OK)
        rc = field_tz(sale->departure_tz, &t->departure_tz, err);
    if (rc == RC_OK)
        rc = field_party(sale->party, &t->adults, &t->children, err);
    if (rc == RC_OK)
        rc = field_text("destination", sale->destination, WORDS_MAX_CHARS, &t->title, err);
    if (rc == RC_OK)
        rc = field_text("note", sale->trip_note, NOTE_MAX_CHARS, &t->note, err);
    t->created_at = desk_now(desk);
    return rc;
}

enum rc enrol_pick_manager(const struct desk *desk, const char *login, int64_t *ret_id,
                           struct err *err)
{
    if (login != NULL)
        return field_manager(desk, login, ret_id, err);
    struct staff staff;
    struct err ignored;
    enum rc rc = store_staff_by_login(desk->store, desk->actor, &staff, &ignored);
    *ret_id = 0;
    if (rc == RC_NOTFOUND)
        return RC_OK;
    if (rc != RC_OK)
        return err_set(err, rc, "%s", ignored.message);
    if (staff.active)
        *ret_id = staff.id;
    staff_fini(&staff);
    return RC_OK;
}

bool enrol_same_name(const char *a, const char *b)
{
    char *x = utf8_fold(a), *y = utf8_fold(b);
    bool same = str_eq(x, y);
    free(x);
    free(y);
    return same;
}

/* RC_EXISTS when this client already has a trip that leaves on that day. */
static enum rc refuse_double(const struct desk *desk, int64_t client_id,
                             const struct occasion *occasion, struct err *err)
{
    struct occasion_list occasions;
    enum rc rc = store_occasions_of_client(desk->store, client_id, &occasions, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < occasions.n && rc == RC_OK; i++) {
        if (!occasions.v[i].ended &&
            occasions.v[i].when[ANCHOR_DEPARTURE].day == occasion->when[ANCHOR_DEPARTURE].day)
            rc = err_set(
                err, RC_EXISTS,
                "this sale is there already: C%lld, T%lld with the same departure; nothing was "
                "added (pps edit-trip T%lld changes it, --allow-duplicate adds it all the same)",
                (long long)client_id, (long long)occasions.v[i].id, (long long)occasions.v[i].id);
    }
    occasion_list_fini(&occasions);
    return rc;
}

/* Father and son may have one name and one number, but not one birthday: RC_EXISTS. A second card would be congratulated
 * a second time, and would know nothing of what was said to the first. */
static enum rc refuse_second_card(const struct client *there, const struct client *client,
                                  struct err *err)
{
    if (client->birthday == NULL || !str_eq(there->birthday, client->birthday))
        return RC_OK;
    return err_set(err, RC_EXISTS,
                   "%s is there already, C%lld, with this birthday: nothing was added (pps "
                   "add-trip C%lld enters the next sale, --allow-duplicate another card)",
                   there->name, (long long)there->id, (long long)there->id);
}

/* Somebody with the same phone or e-mail: the same sale again, and the same person, are refused, another person is
 * mentioned. */
static enum rc check_namesakes(const struct desk *desk, const struct client *client,
                               const struct occasion *occasion, bool allow, char **ret_note,
                               struct err *err)
{
    struct client_list list;
    enum rc rc = store_client_by_contact(desk->store, client->phone, client->email, &list, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < list.n && rc == RC_OK; i++) {
        bool same = enrol_same_name(list.v[i].name, client->name);
        if (same && !allow)
            rc = refuse_double(desk, list.v[i].id, occasion, err);
        if (rc == RC_OK && same && !allow)
            rc = refuse_second_card(&list.v[i], client, err);
        if (rc == RC_OK && *ret_note == NULL)
            *ret_note = xasprintf(
                "C%lld %s has the same %s; if it is the same person, the next sale goes with "
                "pps add-trip C%lld",
                (long long)list.v[i].id, list.v[i].name,
                client->phone && str_eq(list.v[i].phone, client->phone) ? "phone number"
                                                                        : "e-mail address",
                (long long)list.v[i].id);
    }
    client_list_fini(&list);
    return rc;
}

enum rc check_external_id(const struct desk *desk, const char *external_id, int64_t own_id,
                          const char *outcome, struct err *err)
{
    struct client_list list;
    if (external_id == NULL)
        return RC_OK;
    enum rc rc = store_client_by_external_id(desk->store, external_id, &list, err);
    if (rc != RC_OK)
        return rc;
    if (list.n > 0 && list.v[0].id != own_id)
        rc = err_set(err, RC_EXISTS, "the external id belongs to C%lld already: nothing was %s",
                     (long long)list.v[0].id, outcome);
    client_list_fini(&list);
    return rc;
}

/* A year typed wrong passes every rule; the manager is asked to look. */
static void doubt_dates(const struct desk *desk, const struct occasion *t, char **ret_note)
{
    enum { LONG_TRIP_DAYS = 90, FAR_AHEAD_DAYS = 550 };
    civil_day today = desk_today(desk);
    char day[CIVIL_TEXT_BYTES];
    if (*ret_note != NULL)
        return;
    civil_format_people(t->when[ANCHOR_DEPARTURE].day, day);
    if (t->when[ANCHOR_RETURN].day - t->when[ANCHOR_DEPARTURE].day > LONG_TRIP_DAYS)
        *ret_note = xasprintf("the trip lasts %d days: are the years right?",
                              (int)(t->when[ANCHOR_RETURN].day - t->when[ANCHOR_DEPARTURE].day));
    else if (t->when[ANCHOR_DEPARTURE].day - today > FAR_AHEAD_DAYS)
        *ret_note = xasprintf("the departure is on %s: is the year right?", day);
    else if (t->when[ANCHOR_DEPARTURE].day == today &&
             t->when[ANCHOR_DEPARTURE].minute == MINUTE_NONE)
        *ret_note =
            xstrdup("they leave today and the hour is not known: give it with the date, so that "
                    "the flight reminder can go");
    else if (t->when[ANCHOR_PURCHASE].day > today)
        *ret_note = xstrdup("the purchase is in the future: is the date right?");
}

/* A wrong date is often sold again instead of mended. RC_OK: it may be meant, so that it is only a remark. */
static enum rc note_overlap(const struct desk *desk, const struct occasion *t, char **ret_note,
                            struct err *err)
{
    struct occasion_list all;
    civil_day from = t->when[ANCHOR_DEPARTURE].day, to = t->when[ANCHOR_RETURN].day;
    if (*ret_note != NULL)
        return RC_OK;
    enum rc rc = store_occasions_of_client(desk->store, t->client_id, &all, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < all.n && *ret_note == NULL; i++) {
        const struct occasion *o = &all.v[i];
        civil_day leaves = o->when[ANCHOR_DEPARTURE].day, returns = o->when[ANCHOR_RETURN].day;
        char first[CIVIL_TEXT_BYTES], last[CIVIL_TEXT_BYTES];
        if (o->kind != KIND_TRIP || o->ended || from >= returns || leaves >= to)
            continue;
        civil_format_people(leaves, first);
        civil_format_people(returns, last);
        *ret_note = xasprintf("they travel then already: T%lld %s - %s; pps edit-trip T%lld "
                              "changes it",
                              (long long)o->id, first, last, (long long)o->id);
    }
    occasion_list_fini(&all);
    return RC_OK;
}

/* Work of nobody is done by nobody. While no staff is entered, that is how it is. */
static enum rc note_nobody(const struct desk *desk, int64_t occasion_id, char **ret_note,
                           struct err *err)
{
    struct staff_list all;
    enum rc rc = store_staff_list(desk->store, &all, err);
    if (rc != RC_OK)
        return rc;
    if (all.n > 0)
        *ret_note = xasprintf("\"%s\" is not on the staff, so this trip is nobody's work: "
                              "pps edit-trip T%lld --manager LOGIN",
                              desk->actor, (long long)occasion_id);
    staff_list_fini(&all);
    return RC_OK;
}

/* What the client brings along: a series that asked them back has reached its end, and somebody may have sent them. Both
 * stand in the log before the sale, which is what people did last. */
static enum rc note_history(const struct desk *desk, const struct sale *sale, int64_t client_id,
                            struct enrolment *ret, struct err *err)
{
    int64_t by_id, id;
    enum rc rc = lost_win_back(desk, client_id, &ret->won_back, &ret->won_late, err);
    if (rc != RC_OK || str_empty(sale->referred_by))
        return rc;
    rc = lookup_client(desk, sale->referred_by, &by_id, err);
    if (rc != RC_OK)
        return err_prefix(err, rc, "referred-by");
    return referral_record(desk, by_id, client_id, NULL, &id, err);
}

/* As the playbook of today calls it. */
static enum rc read_product(const struct desk *desk, const char *text, char **ret, struct err *err)
{
    int64_t version;
    const struct playbook *playbook;
    enum rc rc = planning_current_playbook(desk, &version, err);
    if (rc == RC_OK)
        rc = store_playbook_get(desk->store, version, &playbook, err);
    return rc == RC_OK ? field_product(playbook, text, ret, err) : rc;
}

static enum rc write_sale(const struct desk *desk, const struct sale *sale, struct client *client,
                          struct occasion *occasion, struct enrolment *ret, struct err *err)
{
    enum rc rc = RC_OK;
    if (sale->client_id == 0) {
        rc = check_external_id(desk, client->external_id, 0, "added", err);
        if (rc == RC_OK)
            rc = check_namesakes(desk, client, occasion, sale->allow_duplicate, &ret->note, err);
        if (rc == RC_OK)
            rc = store_client_add(desk->store, client, &client->id, err);
    } else {
        client->id = sale->client_id;
        if (!sale->allow_duplicate)
            rc = refuse_double(desk, client->id, occasion, err);
    }
    occasion->client_id = client->id;
    doubt_dates(desk, occasion, &ret->note);
    if (rc == RC_OK && sale->client_id != 0 && !sale->allow_duplicate)
        rc = note_overlap(desk, occasion, &ret->note, err);
    if (rc == RC_OK)
        rc = note_history(desk, sale, client->id, ret, err);
    if (rc == RC_OK)
        rc = enrol_pick_manager(desk, sale->manager, &occasion->manager_id, err);
    occasion->sold_by = occasion->manager_id;
    if (rc == RC_OK && sale->product != NULL)
        rc = read_product(desk, sale->product, &occasion->product, err);
    if (rc == RC_OK)
        rc = occasion_begin(desk, occasion, sale->client_id ? "add-trip" : "add-client", NULL, err);
    if (rc == RC_OK && sale->manager == NULL && occasion->manager_id == 0 && ret->note == NULL)
        rc = note_nobody(desk, occasion->id, &ret->note, err);
    if (rc == RC_OK)
        rc = lost_note_trip(desk, &ret->won_back, occasion->id, err);
    if (rc == RC_OK)
        rc = planning_of_all(desk, client->id, err);
    if (rc == RC_OK)
        rc = store_occasion_file(desk->store, occasion->id, &ret->file, err);
    if (rc == RC_OK && ret->note == NULL)
        ret->note = service_reader_note(desk, ret->file.client.lang,
                                        sale->client_id == 0 ? &ret->file.client : NULL, occasion);
    return rc;
}

enum rc service_enrol(const struct desk *desk, const struct sale *sale, struct enrolment *ret,
                      struct err *err)
{
    struct client client = {0};
    struct occasion occasion = {0};
    struct enrolment e = {0};
    enum rc rc = sale->client_id == 0 ? enrol_read_client(desk, sale, &client, err) : RC_OK;
    if (rc == RC_OK)
        rc = read_trip(desk, sale, &occasion, err);
    if (rc == RC_OK)
        rc = store_begin(desk->store, err);
    if (rc == RC_OK) {
        rc = store_finish(desk->store, write_sale(desk, sale, &client, &occasion, &e, err), err);
    }
    if (rc == RC_OK)
        *ret = e;
    else
        enrolment_fini(&e);
    client_fini(&client);
    occasion_fini(&occasion);
    return rc;
}

void enrolment_fini(struct enrolment *e)
{
    occasion_file_fini(&e->file);
    id_list_fini(&e->won_back);
    free(e->note);
    e->note = NULL;
}

enum rc sale_check_field(const struct desk *desk, const char *field, const char *text,
                         struct err *err)
{
    char *value = NULL;
    struct civil date;
    int64_t id;
    enum rc rc;
    if (str_eq(field, "phone"))
        rc = field_phone(desk, text, &value, err);
    else if (str_eq(field, "email"))
        rc = field_email(text, &value, err);
    else if (str_eq(field, "lang"))
        rc = field_lang(text, &value, err);
    else if (str_eq(field, "birthday"))
        rc = field_birthday(desk, text, &value, err);
    else if (str_eq(field, "manager"))
        rc = field_manager(desk, text, &id, err);
    else if (str_eq(field, "purchase"))
        rc = field_date(desk, field, text, false, &date, err);
    else if (str_eq(field, "departure") || str_eq(field, "return"))
        rc = field_date(desk, field, text, true, &date, err);
    else
        rc = field_text(field, text,
                        str_eq(field, "note")          ? NOTE_MAX_CHARS
                        : str_eq(field, "destination") ? WORDS_MAX_CHARS
                                                       : NAME_MAX_CHARS,
                        &value, err);
    free(value);
    return rc;
}
