/* The JSON form of facts, marks and things. Serves --json of gift, fact, mark, done and show. */
#include <pps/money.h>
#include <pps/str.h>
#include <pps/view_things.h>

void view_money(struct json *object, const char *key, int64_t hundredths)
{
    char text[MONEY_TEXT_BYTES];
    money_format(hundredths, text);
    json_add_string(object, key, hundredths < 0 ? NULL : text);
}

struct json *view_thing(struct json *parent, const char *key, const struct thing *t,
                        const char *owner, const struct zone *zone)
{
    struct json *o = json_add_object(parent, key);
    view_id(o, "id", 'G', t->id);
    view_id(o, "client", 'C', t->client_id);
    view_id(o, "trip", 'T', t->occasion_id);
    json_add_string(o, "kind", thing_kind_name(t->kind));
    json_add_string(o, "title", t->title);
    view_money(o, "cost", t->cost);
    json_add_string(o, "owner", owner);
    view_instant(o, "ready", t->ready_at, zone);
    view_instant(o, "handed_over", t->handed_at, zone);
    view_instant(o, "dropped", t->dropped_at, zone);
    json_add_string(o, "note", t->note);
    view_instant(o, "created", t->created_at, zone);
    return o;
}

void view_marks(struct json *object, unsigned marks)
{
    struct json *list = json_add_array(object, "marks");
    for (int i = 0; i < MARK_COUNT; i++) {
        if (marks & MARK_BIT(i))
            json_add_string(list, NULL, client_mark_name((enum client_mark)i));
    }
}

void view_facts(struct json *object, const struct client_facts *facts)
{
    struct json *list = json_add_array(object, "facts");
    for (size_t i = 0; i < facts->n; i++) {
        struct json *o = json_add_object(list, NULL);
        json_add_string(o, "key", facts->v[i].key);
        json_add_string(o, "value", facts->v[i].value);
    }
}

void view_visit(struct json *parent, struct civil visit)
{
    char text[CIVIL_TEXT_BYTES];
    if (visit.day == CIVIL_NONE) {
        json_add_null(parent, "visit");
        return;
    }
    civil_format(visit, text);
    if (visit.minute != MINUTE_NONE)
        text[10] = 'T';
    json_add_string(parent, "visit", text);
}
