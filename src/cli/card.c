/* The lower half of a client's card, and things in words. What else belongs on the card is added here, in the order in
 * which a person wants to read it: who they are, what to remember, what was planned, what is promised. */
#include <stdlib.h>

#include <pps/money.h>
#include <pps/str.h>
#include <pps/view_things.h>

#include "card.h"
#include "heard.h"

/* ---- things ---- */

char *thing_line(const struct thing *t)
{
    return xasprintf("G%lld %s \"%s\"", (long long)t->id, thing_kind_name(t->kind), t->title);
}

char *thing_state(struct app *app, const struct thing *t)
{
    char day[CIVIL_TEXT_BYTES];
    const char *words = "to be prepared";
    int64_t at = 0;
    if (t->dropped_at != 0) {
        words = "dropped";
        at = t->dropped_at;
    } else if (t->handed_at != 0) {
        words = "handed over";
        at = t->handed_at;
    } else if (t->kind == THING_PHOTO) {
        words = "received";
        at = t->created_at;
    } else if (t->ready_at != 0) {
        words = "ready since";
        at = t->ready_at;
    }
    if (at != 0)
        civil_format_people(zone_to_local(app->zone, at).day, day);
    return xasprintf("%s%s%s", words, at ? " " : "", at ? day : "");
}

struct json *show_thing(struct app *app, struct json *parent, const char *key,
                        const struct thing *t)
{
    struct staff owner = {0};
    struct err ignored;
    if (t->owner_id != 0 && store_staff_get(app->store, t->owner_id, &owner, &ignored) != RC_OK)
        owner = (struct staff){0};
    struct json *o = view_thing(parent, key, t, owner.active ? owner.login : NULL, app->zone);
    staff_fini(&owner);
    return o;
}

static void say_visit(struct app *app, const struct thing_row *row)
{
    const struct thing *t = &row->thing;
    char trip[ID_TEXT_BYTES], visit[PEOPLE_DATE_BYTES];
    id_format('T', t->occasion_id, trip);
    if (t->occasion_id != 0)
        say(app, "  trip: %s%s%s%s\n", trip, row->destination ? " " : "",
            str_or(row->destination, ""), row->cancelled ? " (cancelled)" : "");
    people_moment(row->visit, visit);
    if (t->kind != THING_PHOTO) /* nobody gives that */
        say(app, "  visit: %s\n", *visit ? visit : "none is agreed yet");
}

void say_gift(struct app *app, const struct thing_row *row)
{
    const struct thing *t = &row->thing;
    char cost[MONEY_TEXT_BYTES];
    char *line = thing_line(t), *state = thing_state(app, t);
    say(app, "%s, %s\n", line, state);
    say(app, "  %s: C%lld %s\n", t->kind == THING_PHOTO ? "from" : "for", (long long)t->client_id,
        row->client_name);
    say_visit(app, row);
    if (t->kind != THING_PHOTO)
        say(app, "  who prepares it: %s\n", str_or(row->owner, "nobody"));
    money_format(t->cost, cost);
    if (t->cost >= 0)
        say(app, "  cost: %s %s\n", cost, app->config.agency.currency);
    if (t->note != NULL)
        say(app, "  note: %s\n", t->note);
    free(line);
    free(state);
}

void gift_json(struct app *app, struct json *root, const struct thing_row *row)
{
    struct json *o = view_thing(root, "thing", &row->thing, row->owner, app->zone);
    json_add_string(o, "client_name", row->client_name);
    json_add_string(o, "destination", row->destination);
    json_add_bool(o, "trip_cancelled", row->cancelled);
    view_visit(o, row->visit);
    json_add_string(root, "currency", app->config.agency.currency);
}

/* ---- the card ---- */

char *marks_line(unsigned marks)
{
    struct sb sb = {0};
    for (int i = 0; i < MARK_COUNT; i++) {
        if (marks & MARK_BIT(i))
            sb_addf(&sb, "%s%s", sb.len ? ", " : "", client_mark_name((enum client_mark)i));
    }
    if (sb.len == 0)
        sb_add(&sb, "none");
    return sb_take(&sb);
}

void card_head(struct app *app, const struct card *card)
{
    const struct known *k = card->known;
    if (k->marks != 0) {
        char *marks = marks_line(k->marks);
        say(app, "  marks: %s\n", marks);
        free(marks);
    }
    if (k->facts.n > 0)
        say(app, "  to remember:\n");
    for (size_t i = 0; i < k->facts.n; i++)
        say(app, "    %s: %s\n", k->facts.v[i].key, k->facts.v[i].value);
}

void card_tail(struct app *app, const struct card *card)
{
    const struct known *k = card->known;
    for (size_t i = 0; i < k->things.n; i++) {
        const struct thing *t = &k->things.v[i];
        if (t->dropped_at != 0)
            continue;
        char *line = thing_line(t), *state = thing_state(app, t);
        say(app, "%s, %s\n", line, state);
        free(line);
        free(state);
    }
}

void card_json(struct app *app, struct json *root, const struct card *card)
{
    const struct known *k = card->known;
    view_marks(root, k->marks);
    view_facts(root, &k->facts);
    struct json *things = json_add_array(root, "things");
    for (size_t i = 0; i < k->things.n; i++)
        (void)show_thing(app, things, NULL, &k->things.v[i]);
}

/* ---- after a visit ---- */

/* What is still to be given to a client who came; nothing for any other work. The tick-off itself is done: what cannot be
 * read here is no reason to call it failed. */
static struct things waiting_after(struct app *app, const struct action *a)
{
    struct things things = {0};
    struct err ignored;
    if (a->channel != CHANNEL_VISIT || !str_eq(a->outcome, "came") ||
        service_things_to_hand(&app->desk, a->occasion_id, &things, &ignored) != RC_OK)
        things = (struct things){0};
    return things;
}

void say_to_hand_over(struct app *app, const struct action *a)
{
    struct things things = waiting_after(app, a);
    struct sb list = {0}, ids = {0};
    for (size_t i = 0; i < things.n; i++) {
        const struct thing *t = &things.v[i];
        sb_addf(&list, "%sG%lld %s", i ? ", " : "", (long long)t->id, thing_kind_name(t->kind));
        sb_addf(&ids, " G%lld", (long long)t->id);
    }
    if (things.n > 0)
        say(app, "to hand over: %s (once given: pps gift hand%s)\n", sb_str(&list), sb_str(&ids));
    sb_fini(&list);
    sb_fini(&ids);
    things_fini(&things);
}

void to_hand_over_json(struct app *app, struct json *root, const struct action *a)
{
    struct things things = waiting_after(app, a);
    struct json *list = json_add_array(root, "to_hand_over");
    for (size_t i = 0; i < things.n; i++)
        (void)show_thing(app, list, NULL, &things.v[i]);
    things_fini(&things);
}
