/* The JSON form of the domain's nouns. Serves every --json. */
#include <stdio.h>

#include <pps/colour.h>
#include <pps/money.h>
#include <pps/str.h>
#include <pps/views.h>

struct json *view_document(const char *command, int version)
{
    struct json *root = json_new_object();
    char schema[64];
    (void)snprintf(schema, sizeof schema, "pps.%s/%d", command, version);
    json_add_string(root, "schema", schema);
    return root;
}

void view_id(struct json *object, const char *key, char letter, int64_t id)
{
    char text[ID_TEXT_BYTES];
    id_format(letter, id, text);
    json_add_string(object, key, id ? text : NULL);
}

void view_occasion_id(struct json *object, const char *key, enum kind kind, int64_t id)
{
    view_id(object, key, kind_letter(kind), id);
}

void view_instant(struct json *object, const char *key, int64_t at, const struct zone *zone)
{
    char text[INSTANT_TEXT_BYTES];
    if (at != 0)
        instant_format(zone, at, text);
    json_add_string(object, key, at ? text : NULL);
}

void view_sms_cost(struct json *object, const struct sms_price *price, int64_t parts)
{
    char sum[MONEY_TEXT_BYTES];
    money_format(sms_cost(price, parts), sum);
    json_add_string(object, "cost", price->amount != 0 ? sum : NULL);
    json_add_string(object, "currency", price->amount != 0 ? price->currency : NULL);
}

static void view_civil(struct json *object, const char *key, struct civil c)
{
    char text[CIVIL_TEXT_BYTES];
    if (c.day == CIVIL_NONE) {
        json_add_null(object, key);
        return;
    }
    civil_format(c, text);
    if (c.minute != MINUTE_NONE)
        text[10] = 'T';
    json_add_string(object, key, text);
}

void view_client(struct json *parent, const char *key, const struct client *c,
                 const struct zone *zone)
{
    struct json *o = json_add_object(parent, key);
    view_id(o, "id", 'C', c->id);
    json_add_string(o, "name", c->name);
    json_add_string(o, "salutation", c->salutation);
    json_add_string(o, "gender", gender_name(c->gender));
    json_add_string(o, "phone", c->phone);
    json_add_bool(o, "phone_wrong", c->phone_wrong);
    json_add_string(o, "email", c->email);
    json_add_string(o, "lang", c->lang);
    json_add_string(o, "tz", c->tz);
    json_add_string(o, "birthday", c->birthday);
    json_add_string(o, "note", c->note);
    json_add_string(o, "external_id", c->external_id);
    view_civil(o, "paused_until", (struct civil){c->paused_until, MINUTE_NONE});
    json_add_string(o, "pause_reason", c->pause_reason);
    view_instant(o, "created", c->created_at, zone);
}

static void view_party(struct json *o, const struct occasion *t)
{
    if (t->adults > 0) {
        json_add_int(o, "adults", t->adults);
        json_add_int(o, "children", t->children);
    } else {
        json_add_null(o, "adults");
        json_add_null(o, "children");
    }
}

void view_trip(struct json *parent, const char *key, const struct occasion *t, const char *manager,
               const char *sold_by, const struct zone *zone)
{
    struct json *o = json_add_object(parent, key);
    view_id(o, "id", 'T', t->id);
    view_id(o, "client", 'C', t->client_id);
    json_add_string(o, "destination", t->title);
    view_civil(o, "purchase", (struct civil){t->when[ANCHOR_PURCHASE].day, MINUTE_NONE});
    view_civil(o, "departure", t->when[ANCHOR_DEPARTURE]);
    view_civil(o, "return", t->when[ANCHOR_RETURN]);
    view_civil(o, "visit", t->when[ANCHOR_VISIT]);
    json_add_string(o, "departure_tz", t->departure_tz);
    json_add_string(o, "product", t->product);
    view_party(o, t);
    json_add_string(o, "manager", manager);
    json_add_string(o, "sold_by", sold_by);
    json_add_string(o, "note", t->note);
    json_add_bool(o, "cancelled", t->ended);
    json_add_string(o, "cancel_reason", t->end_reason);
    view_instant(o, "created", t->created_at, zone);
}

struct json *view_occasion(struct json *parent, const char *key, const struct occasion *o,
                           const char *manager, const struct zone *zone)
{
    struct json *v = json_add_object(parent, key);
    view_occasion_id(v, "id", o->kind, o->id);
    view_id(v, "client", 'C', o->client_id);
    view_id(v, "about", 'T', o->about_id);
    json_add_string(v, "title", o->title);
    for (int i = 0; i < ANCHOR_COUNT; i++) {
        if (o->when[i].day != CIVIL_NONE)
            view_civil(v, anchor_name((enum anchor)i), o->when[i]);
    }
    json_add_string(v, "manager", manager);
    json_add_string(v, "note", o->note);
    json_add_bool(v, "ended", o->ended);
    json_add_string(v, "end_reason", o->end_reason);
    view_instant(v, "created", o->created_at, zone);
    return v;
}

void view_staff(struct json *parent, const char *key, const struct staff *s)
{
    struct json *o = json_add_object(parent, key);
    json_add_string(o, "login", s->login);
    json_add_string(o, "name", s->name);
    json_add_string(o, "role", role_name(s->role));
    json_add_string(o, "position", s->position);
    json_add_string(o, "email", s->email);
    json_add_string(o, "phone", s->phone);
    json_add_bool(o, "active", s->active);
}

struct json *view_action(struct json *parent, const char *key, const struct action *a,
                         int64_t client_id, const char *manager, const struct zone *zone)
{
    struct json *o = json_add_object(parent, key);
    bool waits = a->state == STATE_PENDING && channel_is_human(a->channel);
    view_id(o, "id", 'A', a->id);
    view_occasion_id(o, "occasion", a->kind, a->occasion_id);
    view_id(o, "trip", 'T', a->kind == KIND_TRIP ? a->occasion_id : 0);
    view_id(o, "client", 'C', client_id);
    json_add_string(o, "step", a->step);
    json_add_string(o, "channel", channel_name(a->channel));
    json_add_string(o, "state", action_state_shown(a));
    view_instant(o, "due", a->due_at, zone);
    view_civil(o, "due_local", a->local_due);
    view_instant(o, "expires", a->expires_at, zone);
    json_add_string(o, "manager", manager);
    json_add_string(o, "reason", a->reason);
    json_add_string(o, "cause", str_or(cause_name(a->cause), NULL));
    view_instant(o, "fallback_at", waits ? a->fallback_at : 0, zone);
    json_add_string(o, "merged_into", a->merged_into);
    json_add_int(o, "attempts", a->attempts);
    json_add_string(o, "outcome", a->outcome);
    json_add_string(o, "note", a->note);
    view_instant(o, "done", a->done_at, zone);
    json_add_string(o, "done_by", a->done_by);
    return o;
}

void view_ratio(struct json *parent, const struct tally *t, enum ratio ratio)
{
    int64_t n;
    if (tally_ratio(t, ratio, &n))
        json_add_int(parent, ratio_name(ratio), n);
    else
        json_add_null(parent, ratio_name(ratio));
}
