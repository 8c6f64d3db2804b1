/* What is known of a client -> variables: facts, marks, things, and what they told us. As in context.c everything
 * passes one_line(), and nothing but what is listed here can be reached. Serves context.c.
 *
 * A fact that is not known is an empty text, not an unknown name: which facts there are is the agency's own business. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "context.h"
#include "context_known.h"

/* Whoever travels with us for the third time knows how we do things. */
enum { REGULAR_FROM = 3 };

static struct value *facts_value(const struct client_facts *facts)
{
    struct value *v = value_object();
    for (size_t i = 0; i < facts->n; i++)
        context_text(v, facts->v[i].key, facts->v[i].value);
    value_fold_keys(v);
    value_set_others(v, value_text(""));
    return v;
}

/* The same as a list, for scripts that remind a manager of everything. */
static struct value *facts_list(const struct client_facts *facts)
{
    struct value *list = value_list();
    for (size_t i = 0; i < facts->n; i++) {
        struct value *v = value_object();
        context_text(v, "key", facts->v[i].key);
        context_text(v, "value", facts->v[i].value);
        value_push(list, v);
    }
    return list;
}

static struct value *marks_value(unsigned marks)
{
    struct value *v = value_object();
    for (int i = 0; i < MARK_COUNT; i++)
        value_set(v, client_mark_name((enum client_mark)i), value_flag(marks & MARK_BIT(i)));
    return v;
}

/* ---- things ---- */

typedef bool of_thing(const struct thing *thing);

static bool is_waiting(const struct thing *thing)
{
    return thing_is_open(thing) && thing->ready_at == 0;
}

static bool is_given(const struct thing *thing)
{
    return thing->handed_at != 0 && thing->dropped_at == 0;
}

static bool is_there(const struct thing *thing)
{
    return thing->dropped_at == 0;
}

/* Their titles, one after the other. New string. */
static char *titles_of(const struct things *things, enum thing_kind kind, of_thing *fits)
{
    struct sb sb = {0};
    for (size_t i = 0; i < things->n; i++) {
        const struct thing *t = &things->v[i];
        if (t->kind == kind && fits(t))
            sb_addf(&sb, "%s%s", sb.len ? ", " : "", t->title);
    }
    return sb_take(&sb);
}

static void set_titles(struct value *object, const char *key, const struct things *things,
                       enum thing_kind kind, of_thing *fits)
{
    char *titles = titles_of(things, kind, fits);
    context_text(object, key, titles);
    free(titles);
}

/* {{#album}} asks whether one is promised; what the client has had already stands in album.given only. */
static struct value *kind_value(const struct things *things, enum thing_kind kind)
{
    struct value *v = value_object();
    set_titles(v, "titles", things, kind, thing_is_open);
    set_titles(v, "ready", things, kind, thing_is_ready);
    set_titles(v, "waiting", things, kind, is_waiting);
    set_titles(v, "given", things, kind, is_given);
    const struct value *open = value_member(v, "titles", strlen("titles"));
    if (!value_is_true(open))
        value_set_absent(v);
    return v;
}

/* Pictures belong to their own trip; those of none, to whatever is spoken of. */
static struct value *photo_value(const struct things *things, int64_t trip_id)
{
    struct value *v = value_object();
    struct things here = {.v = xcalloc(things->n, sizeof *here.v)};
    for (size_t i = 0; i < things->n; i++) {
        int64_t of = things->v[i].occasion_id;
        if (of == 0 || of == trip_id)
            here.v[here.n++] = things->v[i]; /* borrowed */
    }
    char *titles = titles_of(&here, THING_PHOTO, is_there);
    context_text(v, "titles", titles);
    if (titles[0] == '\0')
        value_set_absent(v);
    free(titles);
    free(here.v);
    return v;
}

/* ---- all of it ---- */

static void set_flags(struct value *root, const struct known *k)
{
    char number[16] = "";
    if (k->trip_number > 0)
        (void)snprintf(number, sizeof number, "%d", k->trip_number);
    value_set(root, "trip_number", value_text(number));
    value_set(root, "first_trip", value_flag(k->trip_number == 1));
    value_set(root, "regular", value_flag(k->trip_number >= REGULAR_FROM));
    value_set(root, "rated", value_flag(k->rated));
    value_set(root, "promoter", value_flag(k->promoter));
    value_set(root, "unhappy", value_flag(k->unhappy));
}

void context_add_known(struct value *root, const struct known *known, int64_t trip_id)
{
    static const struct known nothing;
    const struct known *k = known ? known : &nothing;
    static const enum thing_kind given[] = {THING_GIFT, THING_CARD, THING_ALBUM};
    value_set(root, "fact", facts_value(&k->facts));
    value_set(root, "facts", facts_list(&k->facts));
    value_set(root, "mark", marks_value(k->marks));
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        value_set(root, thing_kind_name(given[i]), kind_value(&k->things, given[i]));
    value_set(root, "photo", photo_value(&k->things, trip_id));
    set_flags(root, k);
}

void context_add_known_sample(struct value *root)
{
    static char title[] = "Sample (thing)", key[] = "sample",
                value[] = "https://sample.example/(fact)";
    struct client_fact fact = {.key = key, .value = value};
    struct thing all[] = {
        {.kind = THING_GIFT, .title = title},
        {.kind = THING_GIFT, .title = title, .ready_at = 1},
        {.kind = THING_GIFT, .title = title, .ready_at = 1, .handed_at = 1},
        {.kind = THING_CARD, .title = title},
        {.kind = THING_CARD, .title = title, .ready_at = 1},
        {.kind = THING_CARD, .title = title, .ready_at = 1, .handed_at = 1},
        {.kind = THING_ALBUM, .title = title},
        {.kind = THING_ALBUM, .title = title, .ready_at = 1},
        {.kind = THING_ALBUM, .title = title, .ready_at = 1, .handed_at = 1},
        {.kind = THING_PHOTO, .title = title},
    };
    struct known known = {.facts = {.v = &fact, .n = 1},
                          .marks = ~0u,
                          .things = {.v = all, .n = sizeof all / sizeof *all},
                          .trip_number = 1,
                          .rated = true,
                          .unhappy = true,
                          .promoter = true,
                          .complaint_open = true};
    context_add_known(root, &known, 0);
    struct value *any = value_object();
    value_set_others(any, value_text(value));
    value_set(root, "fact", any);
}
