/* What is known of a client: the words for marks, what may be a key of a fact, in what state a thing is, and which of their
 * trips comes first. Serves the
 * commands that enter these, and the messages that use them. */
#include <stdlib.h>
#include <string.h>

#include <pps/known.h>
#include <pps/str.h>
#include <pps/utf8.h>

static const char *const mark_names[MARK_COUNT] = {
    [MARK_PROMISING] = "promising",
    [MARK_PROFITABLE] = "profitable",
    [MARK_LOYAL] = "loyal",
};

const char *client_mark_name(enum client_mark mark)
{
    return mark_names[mark];
}

bool client_mark_from_name(const char *name, enum client_mark *ret)
{
    for (int i = 0; i < MARK_COUNT; i++) {
        if (str_eq(mark_names[i], name)) {
            *ret = (enum client_mark)i;
            return true;
        }
    }
    return false;
}

void client_facts_fini(struct client_facts *facts)
{
    for (size_t i = 0; i < facts->n; i++) {
        free(facts->v[i].key);
        free(facts->v[i].value);
    }
    free(facts->v);
    *facts = (struct client_facts){0};
}

const char *client_facts_get(const struct client_facts *facts, const char *key)
{
    for (size_t i = 0; i < facts->n; i++) {
        if (str_eq(facts->v[i].key, key))
            return facts->v[i].value;
    }
    return NULL;
}

/* No points and no blanks: {{fact.dog}} must be one name. */
bool client_fact_key_is_good(const char *key)
{
    size_t n = strlen(key);
    for (size_t at = 0; at < n;) {
        uint32_t cp = 0;
        size_t length = utf8_decode(key + at, n - at, &cp);
        bool sign = (cp >= '0' && cp <= '9') || cp == '_' || cp == '-';
        if (length == 0 || !(sign || utf8_is_letter(cp)))
            return false;
        at += length;
    }
    return n > 0 && utf8_length(key) <= CLIENT_FACT_KEY_MAX;
}

void things_fini(struct things *things)
{
    for (size_t i = 0; i < things->n; i++)
        thing_fini(&things->v[i]);
    free(things->v);
    *things = (struct things){0};
}

bool thing_is_open(const struct thing *thing)
{
    return thing->kind != THING_PHOTO && thing->handed_at == 0 && thing->dropped_at == 0;
}

bool thing_is_ready(const struct thing *thing)
{
    return thing_is_open(thing) && thing->ready_at != 0;
}

static void details_fini(struct details *d)
{
    occasion_fini(&d->trip);
    feedback_fini(&d->feedback);
    complaint_fini(&d->complaint);
    lost_fini(&d->lost);
    free(d->lost_by);
    *d = (struct details){0};
}

void known_fini(struct known *known)
{
    client_facts_fini(&known->facts);
    things_fini(&known->things);
    details_fini(&known->about);
    *known = (struct known){0};
}

int trips_before(const struct occasion *all, size_t n, const struct occasion *here)
{
    civil_day mine = here->when[ANCHOR_DEPARTURE].day;
    int before = 0;
    for (size_t i = 0; i < n; i++) {
        const struct occasion *o = &all[i];
        civil_day its = o->when[ANCHOR_DEPARTURE].day;
        if (o->kind != KIND_TRIP || o->ended || o->id == here->id)
            continue;
        before += mine == CIVIL_NONE || its < mine || (its == mine && o->id < here->id);
    }
    return before;
}
