/* Changes after the sale: dates move and unsent steps move with them; a client's address is
 * corrected; a trip is cancelled and falls silent in the same instant. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "internal.h"
#include "time.h"

/* ---- a trip ---- */

static enum rc read_date(const struct desk *desk, const char *field, const char *text,
                         bool may_be_empty, bool time_allowed, struct civil *io, struct err *err)
{
    if (text == NULL)
        return RC_OK;
    if (*text == '\0' && !may_be_empty)
        return err_set(err, RC_INVALID, "%s: a trip needs this date", field);
    return field_date(desk, field, text, time_allowed, io, err);
}

/* Where it starts, and what was sold. */
static enum rc apply_kind_of_trip(const struct trip_change *change, const struct playbook *playbook,
                                  struct occasion *t, struct err *err)
{
    char *value;
    enum rc rc = RC_OK;
    if (change->departure_tz != NULL &&
        (rc = field_tz(change->departure_tz, &value, err)) == RC_OK) {
        free(t->departure_tz);
        t->departure_tz = value;
    }
    if (rc == RC_OK && change->product != NULL &&
        (rc = field_product(playbook, change->product, &value, err)) == RC_OK) {
        free(t->product);
        t->product = value;
    }
    return rc;
}

/* On the day of the sale another manager mends it; later they only take the trip over. */
static enum rc apply_people(const struct desk *desk, const struct trip_change *change,
                            struct occasion *t, struct err *err)
{
    enum rc rc = RC_OK;
    if (change->manager != NULL) {
        rc = field_manager(desk, change->manager, &t->manager_id, err);
        if (t->sold_by == 0 || zone_to_local(desk->zone, t->created_at).day == desk_today(desk))
            t->sold_by = t->manager_id;
    }
    return rc == RC_OK && change->sold_by != NULL
               ? field_seller(desk, change->sold_by, &t->sold_by, err)
               : rc;
}

static enum rc apply_trip_change(const struct desk *desk, const struct trip_change *change,
                                 struct occasion *t, struct err *err)
{
    struct civil purchase = {t->when[ANCHOR_PURCHASE].day, MINUTE_NONE};
    enum rc rc = read_date(desk, "purchase", change->purchase, false, false, &purchase, err);
    if (rc == RC_OK)
        rc = read_date(desk, "departure", change->departure, false, true,
                       &t->when[ANCHOR_DEPARTURE], err);
    if (rc == RC_OK)
        rc = read_date(desk, "return", change->return_, false, true, &t->when[ANCHOR_RETURN], err);
    if (rc == RC_OK)
        rc = read_date(desk, "visit", change->visit, true, true, &t->when[ANCHOR_VISIT], err);
    t->when[ANCHOR_PURCHASE].day = purchase.day;
    if (rc == RC_OK)
        rc = plan_check_dates(t->when[ANCHOR_PURCHASE].day, t->when[ANCHOR_DEPARTURE],
                              t->when[ANCHOR_RETURN], err);
    if (rc == RC_OK && t->when[ANCHOR_VISIT].day != CIVIL_NONE && change->visit != NULL)
        rc = field_check_visit(desk, t->when[ANCHOR_VISIT], err);
    if (rc == RC_OK)
        rc = field_change("destination", change->destination, WORDS_MAX_CHARS, &t->title, err);
    if (rc == RC_OK)
        rc = field_change("note", change->note, NOTE_MAX_CHARS, &t->note, err);
    if (rc == RC_OK)
        rc = apply_people(desk, change, t, err);
    if (rc == RC_OK && change->party != NULL)
        rc = field_party(change->party, &t->adults, &t->children, err);
    return rc;
}

static bool has_moved(const struct occasion *a, const struct occasion *b)
{
    static const enum anchor anchors[] = {ANCHOR_DEPARTURE, ANCHOR_RETURN, ANCHOR_VISIT};
    for (size_t i = 0; i < sizeof anchors / sizeof *anchors; i++) {
        if (a->when[anchors[i]].day != b->when[anchors[i]].day ||
            a->when[anchors[i]].minute != b->when[anchors[i]].minute)
            return true;
    }
    return false;
}

enum rc trip_write(const struct desk *desk, const struct occasion *before,
                   struct occasion_file *file, const char *detail, struct err *err)
{
    int64_t id = before->id;
    if (has_moved(before, &file->occasion))
        correction_mark(desk, file);
    enum rc rc = store_occasion_update(desk->store, &file->occasion, err);
    if (rc == RC_OK && detail != NULL)
        rc = audit(desk, "edit-trip", file->client.id, id, 0, detail, err);
    if (rc == RC_OK)
        rc = planning_apply(desk, file, err);
    if (rc == RC_OK)
        rc = planning_of_all(desk, file->client.id, err);
    return rc == RC_OK ? correction_note(desk, id, err) : rc;
}

static enum rc log_and_write(const struct desk *desk, const struct occasion *before,
                             struct occasion_file *file, struct err *err)
{
    char *detail = trip_change_detail(desk, before, &file->occasion);
    enum rc rc = trip_write(desk, before, file, detail, err);
    free(detail);
    return rc;
}

/* What changes nothing is nothing, but for its line in the log: no message that is in doubt is taken for changed. */
static enum rc edit_trip(const struct desk *desk, int64_t occasion_id,
                         const struct trip_change *change, struct err *err)
{
    struct occasion_file file;
    struct occasion before = {0};
    enum rc rc = store_occasion_file(desk->store, occasion_id, &file, err);
    if (rc != RC_OK)
        return rc;
    if (file.occasion.ended)
        rc = say_ended(&file.occasion, err);
    if (rc == RC_OK)
        rc = store_occasion_get(desk->store, occasion_id, &before, err);
    if (rc == RC_OK)
        rc = apply_trip_change(desk, change, &file.occasion, err);
    if (rc == RC_OK)
        rc = apply_kind_of_trip(change, file.playbook, &file.occasion, err);
    bool changed = !occasion_equal(&before, &file.occasion);
    if (rc == RC_OK && changed)
        rc = log_and_write(desk, &before, &file, err);
    if (rc == RC_OK && !changed)
        rc = audit_unchanged(desk, "edit-trip", file.client.id, occasion_id, err);
    occasion_fini(&before);
    occasion_file_fini(&file);
    return rc;
}

enum rc service_edit_trip(const struct desk *desk, int64_t occasion_id,
                          const struct trip_change *change, struct err *err)
{
    enum rc rc = store_begin(desk->store, err);
    return rc == RC_OK ? store_finish(desk->store, edit_trip(desk, occasion_id, change, err), err)
                       : rc;
}

static enum rc cancel_trip(const struct desk *desk, int64_t occasion_id, const char *why,
                           int *ret_stopped, struct err *err)
{
    struct occasion occasion;
    enum rc rc = store_occasion_get(desk->store, occasion_id, &occasion, err);
    if (rc != RC_OK)
        return rc;
    char *reason = NULL;
    if (occasion.ended)
        rc = err_set(err, RC_REJECTED, "T%lld is cancelled already", (long long)occasion_id);
    if (rc == RC_OK)
        rc = field_text("reason", why, WORDS_MAX_CHARS, &reason, err);
    if (rc == RC_OK)
        rc = occasion_end(desk, &occasion, reason, "the trip is cancelled", ret_stopped, err);
    if (rc == RC_OK)
        rc = audit(desk, "cancel-trip", occasion.client_id, occasion_id, 0, reason, err);
    if (rc == RC_OK)
        rc = planning_of_all(desk, occasion.client_id, err);
    free(reason);
    occasion_fini(&occasion);
    return rc;
}

enum rc service_cancel_trip(const struct desk *desk, int64_t occasion_id, const char *reason,
                            int *ret_stopped, struct err *err)
{
    enum rc rc = store_begin(desk->store, err);
    return rc == RC_OK ? store_finish(desk->store,
                                      cancel_trip(desk, occasion_id, reason, ret_stopped, err), err)
                       : rc;
}

/* ---- a client ---- */

static enum rc apply_client_change(const struct desk *desk, const struct client_change *ch,
                                   struct client *c, struct err *err)
{
    char *value;
    enum rc rc = field_change("name", ch->name, NAME_MAX_CHARS, &c->name, err);
    if (rc == RC_OK && c->name == NULL)
        rc = err_set(err, RC_INVALID, "name: a client needs a name");
    if (rc == RC_OK)
        rc = field_change("salutation", ch->salutation, NAME_MAX_CHARS, &c->salutation, err);
    if (rc == RC_OK)
        rc = field_change("note", ch->note, NOTE_MAX_CHARS, &c->note, err);
    if (rc == RC_OK)
        rc = field_change("external id", ch->external_id, NAME_MAX_CHARS, &c->external_id, err);
#define TAKE(member, call)                                                                         \
    if (rc == RC_OK && ch->member != NULL && (rc = (call)) == RC_OK) {                             \
        free(c->member);                                                                           \
        c->member = value;                                                                         \
    }
    TAKE(phone, field_phone(desk, ch->phone, &value, err))
    TAKE(email, field_email(ch->email, &value, err))
    TAKE(lang, field_lang(ch->lang, &value, err))
    TAKE(tz, field_tz(ch->tz, &value, err))
    TAKE(birthday, field_birthday(desk, ch->birthday, &value, err))
#undef TAKE
    if (rc == RC_OK && ch->gender != NULL)
        rc = field_gender(ch->gender, &c->gender, err);
    if (rc == RC_OK && c->phone == NULL && c->email == NULL)
        rc = err_set(
            err, RC_INVALID,
            "a client needs a phone number or an e-mail address: without either nothing can "
            "reach them");
    return rc;
}

/* What of a client is new. */
struct news {
    bool phone, email;
};

/* A new address or number heals what the wrong one had stopped: calls to a wrong number, and messages that the other side
 * refused, if there is still time for them. */
static bool healed_by(const struct action *a, const struct news *news, int64_t now)
{
    if (a->cause == CAUSE_WRONG_NUMBER || a->cause == CAUSE_UNREACHABLE ||
        a->cause == CAUSE_NOT_DELIVERED)
        return news->phone;
    return a->state == STATE_FAILED && now < a->expires_at &&
           (a->channel == CHANNEL_EMAIL ? news->email : news->phone);
}

static enum rc heal(const struct desk *desk, struct occasion_file *file, const void *ctx,
                    struct err *err)
{
    const struct news *news = ctx;
    int64_t now = desk_now(desk);
    for (size_t i = 0; i < file->actions.n; i++) {
        struct action *a = &file->actions.v[i];
        if (!healed_by(a, news, now))
            continue;
        enum action_state was = a->state;
        a->state = STATE_PENDING;
        a->cause = CAUSE_NONE;
        if (channel_is_human(a->channel))
            a->attempts = 0; /* nobody has called the new number */
        if (a->next_attempt_at < now)
            a->next_attempt_at = now;
        free(a->reason);
        a->reason = NULL;
        enum rc rc = store_action_update(desk->store, a, was, now, err);
        if (rc == RC_OK)
            rc = store_message_forget(desk->store, a->id, err);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

enum rc planning_heal(const struct desk *desk, int64_t client_id, bool phone, bool email,
                      struct err *err)
{
    const struct news news = {phone, email};
    return planning_of_client(desk, client_id, heal, &news, err);
}

static enum rc edit_client(const struct desk *desk, int64_t client_id,
                           const struct client_change *change, struct err *err)
{
    struct client before = {0}, client = {0};
    enum rc rc = store_client_get(desk->store, client_id, &before, err);
    if (rc == RC_OK)
        rc = store_client_get(desk->store, client_id, &client, err);
    if (rc == RC_OK)
        rc = apply_client_change(desk, change, &client, err);
    bool new_phone = !str_eq(before.phone, client.phone);
    bool new_email = !str_eq(before.email, client.email);
    /* The number that was called wrong is given once more: it is right after all. */
    bool right = before.phone_wrong && !new_phone && change->phone != NULL;
    client.phone_wrong = client.phone_wrong && !new_phone && !right;
    bool changed = !client_equal(&before, &client);
    if (rc == RC_OK)
        rc = check_external_id(desk, client.external_id, client_id, "changed", err);
    if (rc == RC_OK && changed)
        rc = store_client_update(desk->store, &client, err);
    if (rc == RC_OK && !str_eq(before.birthday, client.birthday))
        rc = greetings_follow(desk, &client, err);
    if (rc == RC_OK && changed)
        rc = audit(desk, "edit-client", client_id, 0, 0, NULL, err);
    if (rc == RC_OK && !changed)
        rc = audit_unchanged(desk, "edit-client", client_id, 0, err);
    if (rc == RC_OK && right)
        rc = mark_number(desk, client.phone, false, err);
    if (rc == RC_OK && changed)
        rc = planning_heal(desk, client_id, new_phone || right, new_email, err);
    if (rc == RC_OK && new_phone) /* who had the same number before is called themselves */
        rc = calls_settle(desk, before.phone, err);
    client_fini(&before);
    client_fini(&client);
    return rc;
}

enum rc service_edit_client(const struct desk *desk, int64_t client_id,
                            const struct client_change *change, struct err *err)
{
    enum rc rc = store_begin(desk->store, err);
    return rc == RC_OK ? store_finish(desk->store, edit_client(desk, client_id, change, err), err)
                       : rc;
}
