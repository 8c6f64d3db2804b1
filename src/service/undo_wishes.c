/* Taking back what people's wishes changed: a word about being written to (by a new row, for rows are never changed), a
 * pause, a resume, "they have answered", and a hand-over. By what the audit log remembers. Serves undo.c. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <pps/store_lost.h>
#include <pps/str.h>

#include "lost.h"
#include "undo.h"
#include "wishes.h"

enum { LOOK_BACK = 200, LOOK_BACK_FAR = 10000 };

struct json *wish_detail(const char *words)
{
    struct json *o = json_new_object();
    json_add_string(o, "words", words);
    return o;
}

/* ---- a word ---- */

/* The next word that counts, from `from` on: one that was taken back and the row that took it back are passed over. */
static size_t next_word(const struct consent_list *all, bool marketing, size_t from)
{
    int taken_back = 0;
    for (size_t i = from; i < all->n; i++) {
        if (all->v[i].marketing != marketing)
            continue;
        if (str_eq(all->v[i].source, TAKEN_BACK))
            taken_back++;
        else if (taken_back-- == 0)
            return i;
    }
    return all->n;
}

/* What was said about the same before this row; RC_REJECTED when something newer was said since. */
static enum rc word_before(const struct desk *desk, const struct consent *c, enum given *ret,
                           struct err *err)
{
    struct consent_list all;
    bool email = c->channel == CHANNEL_EMAIL;
    enum rc rc = store_consent_list(desk->store, email ? c->address : NULL,
                                    email ? NULL : c->address, &all, err);
    if (rc != RC_OK)
        return rc;
    size_t last = next_word(&all, c->marketing, 0);
    size_t before = last < all.n ? next_word(&all, c->marketing, last + 1) : all.n;
    *ret = before < all.n ? all.v[before].given : GIVEN_NOT_SAID;
    if (last == all.n || all.v[last].id != c->id)
        rc = err_set(err, RC_REJECTED,
                     "something newer was said about this since, and %s noted it: pps consent "
                     "records another word",
                     last < all.n ? all.v[last].actor : "somebody");
    consent_list_fini(&all);
    return rc;
}

static enum rc take_word_back(const struct desk *desk, int64_t row, char **io_email,
                              char **io_phone, struct err *err)
{
    struct consent c;
    int64_t id;
    enum rc rc = store_consent_get(desk->store, row, &c, err);
    if (rc != RC_OK)
        return rc;
    rc = word_before(desk, &c, &c.given, err);
    c.at = desk_now(desk);
    free(c.source);
    c.source = xstrdup(TAKEN_BACK);
    free(c.actor);
    c.actor = xstrdup(desk->actor);
    if (rc == RC_OK)
        rc = store_consent_add(desk->store, &c, &id, err);
    char **address = c.channel == CHANNEL_EMAIL ? io_email : io_phone;
    free(*address);
    *address = xstrdup(c.address);
    consent_fini(&c);
    return rc;
}

static enum rc undo_word(const struct desk *desk, const struct json *detail, char **ret_what,
                         struct err *err)
{
    char *email = NULL, *phone = NULL;
    enum rc rc = RC_OK;
    const struct json *rows = json_get(detail, "rows");
    for (const struct json *v = json_first(rows); v != NULL && rc == RC_OK; v = json_next(v)) {
        int64_t id;
        if (json_int(v, &id))
            rc = take_word_back(desk, id, &email, &phone, err);
    }
    if (rc == RC_OK)
        rc = planning_of_holders(desk, email, phone, undo_wakes, err);
    if (rc == RC_OK)
        *ret_what = xasprintf("\"%s\" is taken back: what was said before counts again",
                              str_or(json_string(json_get(detail, "words")), "the word"));
    free(email);
    free(phone);
    return rc;
}

/* ---- a pause ---- */

static enum rc read_until(const struct json *detail, civil_day *ret, struct err *err)
{
    struct civil day = {CIVIL_NONE, MINUTE_NONE};
    const char *text = json_string(json_get(detail, "until"));
    enum rc rc = text != NULL ? civil_parse(text, 0, &day, err) : RC_OK;
    *ret = day.day;
    return rc;
}

/* One that would be over by now is none. */
static civil_day still_ahead(const struct desk *desk, civil_day until)
{
    return until != CIVIL_NONE && until > desk_today(desk) ? until : CIVIL_NONE;
}

static enum rc undo_pause(const struct desk *desk, const struct audit_entry *entry,
                          const struct json *detail, char **ret_what, struct err *err)
{
    struct client c = {0};
    civil_day until;
    char day[CIVIL_TEXT_BYTES];
    enum rc rc = read_until(detail, &until, err);
    if (rc == RC_OK)
        rc = store_client_get(desk->store, entry->client_id, &c, err);
    until = still_ahead(desk, until);
    const char *reason = until != CIVIL_NONE ? json_string(json_get(detail, "reason")) : NULL;
    if (rc == RC_OK)
        rc = set_pause(desk, &c, until, reason, err);
    if (rc == RC_OK && until == CIVIL_NONE) {
        *ret_what = xasprintf("%s of C%lld is taken back: they are not paused", entry->verb,
                              (long long)c.id);
    } else if (rc == RC_OK) {
        civil_format_day(until, day);
        *ret_what = xasprintf("%s of C%lld is taken back: they are paused until %s", entry->verb,
                              (long long)c.id, day);
    }
    client_fini(&c);
    return rc;
}

/* The series about a lost sale goes on, unless it was ended once more by something else. */
static enum rc reopen(const struct desk *desk, int64_t occasion_id, struct err *err)
{
    struct occasion o = {0};
    struct lost lost = {0};
    enum rc rc = store_lost_get(desk->store, occasion_id, &lost, err);
    if (rc == RC_OK)
        rc = store_occasion_get(desk->store, occasion_id, &o, err);
    bool still = rc == RC_OK && o.ended && str_eq(lost.outcome, "answered");
    if (still)
        rc = lost_reopen(desk, &o, err); /* unless they have bought since, or were lost once more */
    if (still && rc == RC_OK)
        rc = occasion_revive(desk, &o, err);
    lost_fini(&lost);
    occasion_fini(&o);
    return rc;
}

static enum rc undo_replied(const struct desk *desk, const struct audit_entry *entry,
                            const struct json *detail, char **ret_what, struct err *err)
{
    enum rc rc = RC_OK;
    const struct json *lost = json_get(detail, "lost");
    for (const struct json *v = json_first(lost); v != NULL && rc == RC_OK; v = json_next(v)) {
        int64_t id;
        if (json_int(v, &id))
            rc = reopen(desk, id, err);
    }
    return rc == RC_OK ? undo_pause(desk, entry, detail, ret_what, err) : rc;
}

/* ---- a hand-over ---- */

static enum rc undo_staff_leave(const struct desk *desk, const struct json *detail, char **ret_what,
                                struct err *err)
{
    struct undone_leave u = {0};
    enum rc rc = undo_leave(desk, detail, &u, err);
    if (rc == RC_OK && u.kept > 0)
        *ret_what = xasprintf("%s is back; work that is theirs again: %d; given on since, and left "
                              "where it is: %d",
                              u.who.login, u.back, u.kept);
    else if (rc == RC_OK)
        *ret_what = xasprintf("%s is back; work that is theirs again: %d", u.who.login, u.back);
    staff_fini(&u.who);
    return rc;
}

/* ---- which, and what it is called ---- */

static bool is_of_client(const char *verb)
{
    return str_eq(verb, "consent") || str_eq(verb, "unsubscribe") || str_eq(verb, "pause") ||
           str_eq(verb, "resume") || str_eq(verb, "replied");
}

static bool is_pause(const char *verb)
{
    return str_eq(verb, "pause") || str_eq(verb, "resume") || str_eq(verb, "replied");
}

static bool is_staff(const char *verb)
{
    return str_eq(verb, "staff-leave") || str_eq(verb, "staff-return");
}

static bool takes(const char *verb)
{
    return is_of_client(verb) || str_eq(verb, "staff-leave");
}

/* The member of a detail; "" when there is none. New string. */
static char *member(const char *detail, const char *key)
{
    struct json_doc *doc;
    struct err ignored;
    const char *text = str_or(detail, "{}");
    if (json_parse(text, strlen(text), "audit", false, &doc, &ignored) != RC_OK)
        return xstrdup("");
    char *value = xstrdup(str_or(json_string(json_get(json_root(doc), key)), ""));
    json_doc_free(doc);
    return value;
}

static char *name(const struct audit_entry *e)
{
    if (!is_of_client(e->verb))
        return member(e->detail, "login");
    return e->client_id != 0 ? xasprintf("C%lld", (long long)e->client_id) : xstrdup("");
}

/* The login of staff-leave, or of staff-return, whose detail is that alone. New string. */
static char *login_of(const struct audit_entry *e)
{
    return str_eq(e->verb, "staff-return") ? xstrdup(str_or(e->detail, ""))
                                           : member(e->detail, "login");
}

/* A word about being written to looks by itself whether it is the last one: it belongs to an address. */
static bool same(const struct audit_entry *entry, const struct audit_entry *later)
{
    if (is_pause(entry->verb))
        return is_pause(later->verb) && later->client_id == entry->client_id;
    if (!is_staff(entry->verb) || !is_staff(later->verb))
        return false;
    char *a = login_of(entry), *b = login_of(later);
    bool one = str_eq(a, b);
    free(a);
    free(b);
    return one;
}

/* ---- by an address ---- */

/* Whether one of the rows of this entry is about the address or the number. */
static bool speaks_of(const struct desk *desk, const struct audit_entry *e, const char *email,
                      const char *phone)
{
    struct json_doc *doc;
    struct err ignored;
    bool found = false;
    if (undo_parse(e, &doc, &ignored) != RC_OK)
        return false;
    const struct json *rows = json_get(json_root(doc), "rows");
    for (const struct json *v = json_first(rows); v != NULL && !found; v = json_next(v)) {
        struct consent c;
        int64_t id;
        if (!json_int(v, &id) || store_consent_get(desk->store, id, &c, &ignored) != RC_OK)
            continue;
        const char *wanted = c.channel == CHANNEL_EMAIL ? email : phone;
        found = wanted != NULL && strcasecmp(c.address, wanted) == 0;
        consent_fini(&c);
    }
    json_doc_free(doc);
    return found;
}

static enum rc find_word(const struct desk *desk, const char *email, const char *phone,
                         struct audit_entry *ret, struct err *err)
{
    struct audit_list list;
    const struct audit_query query = {.limit = LOOK_BACK_FAR};
    enum rc rc = store_audit_list(desk->store, &query, &list, err);
    if (rc != RC_OK)
        return rc;
    size_t i = 0;
    while (i < list.n &&
           !((str_eq(list.v[i].verb, "consent") || str_eq(list.v[i].verb, "unsubscribe")) &&
             !was_undone(&list, i, list.v[i].id) && speaks_of(desk, &list.v[i], email, phone)))
        i++;
    if (i < list.n) {
        *ret = list.v[i];
        list.v[i] = (struct audit_entry){0};
    } else {
        rc = err_set(err, RC_NOTFOUND, "there is nothing to take back");
    }
    audit_list_fini(&list);
    return rc;
}

/* m@example.com, or a number as people write it. */
static enum rc find_address(const struct desk *desk, const char *word, bool *ret_mine,
                            struct audit_entry *ret, struct err *err)
{
    char *email = NULL, *phone = NULL;
    enum rc rc = RC_OK;
    *ret_mine = consent_is_address(desk, word);
    if (!*ret_mine)
        return RC_OK;
    rc = strchr(word, '@') != NULL ? field_email(word, &email, err)
                                   : field_phone(desk, word, &phone, err);
    if (rc == RC_OK)
        rc = find_word(desk, email, phone, ret, err);
    free(email);
    free(phone);
    return rc;
}

enum rc undo_find_leave(const struct desk *desk, const char *login, struct audit_entry *ret,
                        struct err *err)
{
    struct audit_list list;
    struct audit_query query = {.verb = "staff-leave", .limit = LOOK_BACK};
    enum rc rc = store_audit_list(desk->store, &query, &list, err);
    if (rc != RC_OK)
        return rc;
    size_t i = 0;
    for (bool same = false; i < list.n; i++) {
        char *who = name(&list.v[i]);
        same = str_eq(who, login);
        free(who);
        if (same)
            break;
    }
    if (i < list.n) {
        *ret = list.v[i];
        list.v[i] = (struct audit_entry){0};
    } else {
        rc = err_set(err, RC_NOTFOUND, "there is nothing to take back: pps staff return %s", login);
    }
    audit_list_fini(&list);
    return rc;
}

static enum rc find(const struct desk *desk, const char *word, bool *ret_mine,
                    struct audit_entry *ret, struct err *err)
{
    struct audit_query query = {.limit = LOOK_BACK};
    struct staff who;
    struct err ignored;
    *ret_mine = true;
    if (id_parse_exact(word, 'C', &query.client_id)) {
        enum rc rc = lookup_client(desk, word, &query.client_id, err);
        return rc == RC_OK ? undo_find(desk, &query, &undo_of_wishes, ret, err) : rc;
    }
    *ret_mine = store_staff_by_login(desk->store, word, &who, &ignored) == RC_OK;
    if (!*ret_mine)
        return find_address(desk, word, ret_mine, ret, err);
    bool left = !who.active;
    staff_fini(&who);
    return left ? undo_find_leave(desk, word, ret, err)
                : err_set(err, RC_REJECTED, "%s has not left: there is nothing to take back", word);
}

static enum rc undo_entry(const struct desk *desk, const struct audit_entry *entry, char **ret_what,
                          struct err *err)
{
    struct json_doc *doc;
    const char *text = str_or(entry->detail, "{}");
    enum rc rc = json_parse(text, strlen(text), "audit", false, &doc, err);
    if (rc != RC_OK)
        return rc;
    const struct json *detail = json_root(doc);
    if (str_eq(entry->verb, "staff-leave"))
        rc = undo_staff_leave(desk, detail, ret_what, err);
    else if (str_eq(entry->verb, "replied"))
        rc = undo_replied(desk, entry, detail, ret_what, err);
    else if (str_eq(entry->verb, "pause") || str_eq(entry->verb, "resume"))
        rc = undo_pause(desk, entry, detail, ret_what, err);
    else
        rc = undo_word(desk, detail, ret_what, err);
    json_doc_free(doc);
    return rc;
}

const struct undoer undo_of_wishes = {
    .takes = takes, .undo = undo_entry, .name = name, .find = find, .same = same};
