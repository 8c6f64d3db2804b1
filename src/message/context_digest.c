/* From a list of the morning to the variables of its template. Names and words of clients pass through the same door as in
 * every other letter (context_text), so that nothing of theirs is read as markup. Serves digest.c and the checks. */
#include <stdlib.h>
#include <string.h>

#include <pps/person.h>
#include <pps/str.h>

#include "context.h"
#include "context_digest.h"
#include "words.h"

enum { LINES_SHOWN = 60 }; /* of a section: nobody reads on, and the program shows all of them */

static const char *const section_names[DIGEST_SECTIONS] = {
    [DIGEST_TODAY] = "today",   [DIGEST_TO_PREPARE] = "to_prepare", [DIGEST_DOUBTS] = "in_doubt",
    [DIGEST_HELD] = "held",     [DIGEST_NOBODYS] = "nobodys",       [DIGEST_LATE] = "late",
    [DIGEST_THINGS] = "things", [DIGEST_DOCUMENTS] = "documents",
};

const char *digest_key(bool director)
{
    return director ? "director" : "manager";
}

static void digest_line_fini(struct digest_line *l)
{
    char *const all[] = {l->what,    l->client, l->phone,  l->about,
                         l->manager, l->why,    l->reason, l->also};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
}

void digest_fini(struct digest *digest)
{
    for (int s = 0; s < DIGEST_SECTIONS; s++) {
        struct digest_lines *lines = &digest->sections[s];
        for (size_t i = 0; i < lines->n; i++)
            digest_line_fini(&lines->v[i]);
        free(lines->v);
    }
    free(digest->down[0]);
    free(digest->down[1]);
    free(digest->playbook);
    *digest = (struct digest){0};
}

bool digest_is_empty(const struct digest *digest)
{
    for (int s = 0; s < DIGEST_SECTIONS; s++) {
        if (digest->sections[s].n > 0)
            return false;
    }
    return true;
}

/* ---- values ---- */

/* Takes `text`. */
static void set_taken(struct value *object, const char *key, char *text)
{
    value_set(object, key, value_text(text));
    free(text);
}

static void set_number(struct value *object, const char *key, size_t n)
{
    set_taken(object, key, n > 0 ? xasprintf("%zu", n) : NULL);
}

static void set_flags(struct value *v, const struct digest_line *l)
{
    const struct {
        const char *key;
        bool is;
    } flags[] = {
        {"call", l->channel == CHANNEL_CALL},
        {"visit", l->channel == CHANNEL_VISIT},
        {"red", l->red},
        {"in_doubt", l->state == STATE_IN_DOUBT},
        {"refused", l->state == STATE_FAILED},
        {"missed", l->state == STATE_MISSED},
        {"held", l->state == STATE_HELD && !l->waits_for_word},
        {"unanswered", l->unanswered},
        {"waits_for_word", l->waits_for_word},
        {"ready", l->ready},
    };
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        value_set(v, flags[i].key, value_flag(flags[i].is));
}

static struct value *line_value(const struct digest_line *l, const char *lang, civil_day today)
{
    struct value *v = value_object();
    bool other_day = l->when.day != CIVIL_NONE && l->when.day != today;
    value_set(v, "id", value_text(l->id));
    context_text(v, "what", l->what);
    context_text(v, "client", l->client);
    context_phone(v, "phone", l->phone);
    context_text(v, "about", l->about);
    context_text(v, "manager", l->manager);
    context_text(v, "why", l->why);
    char *reason = words_reason(lang, l->cause, l->reason);
    context_text(v, "reason", reason);
    free(reason);
    context_text(v, "also", l->also);
    set_taken(v, "heed", words_heed(lang, &l->heed, today));
    set_taken(v, "day", other_day ? words_date(lang, l->when.day, today) : NULL);
    set_taken(v, "time", words_time(l->when.minute));
    set_taken(v, "days_late", words_count(lang, l->days_late, NOUN_DAY));
    set_flags(v, l);
    return v;
}

/* An object that a section takes for false when nothing is in it: {count, more, rows}. */
static void add_section(struct value *root, const char *name, const struct digest_lines *lines,
                        const char *lang, civil_day today)
{
    struct value *v = value_object(), *rows = value_list();
    size_t shown = lines->n < LINES_SHOWN ? lines->n : LINES_SHOWN;
    for (size_t i = 0; i < shown; i++)
        value_push(rows, line_value(&lines->v[i], lang, today));
    value_set(v, "rows", rows);
    set_number(v, "count", lines->n);
    set_number(v, "more", lines->n - shown);
    if (lines->n == 0)
        value_set_absent(v);
    value_set(root, name, v);
}

static size_t count_red(const struct digest *d)
{
    size_t n = d->playbook != NULL;
    for (int s = 0; s < DIGEST_SECTIONS; s++) {
        for (size_t i = 0; i < d->sections[s].n; i++)
            n += d->sections[s].v[i].red;
    }
    return n;
}

static void add_tick(struct value *root, const struct digest *d, const char *lang)
{
    struct value *v = value_object();
    bool ever = d->last_tick.day != CIVIL_NONE;
    set_taken(v, "date", ever ? words_date(lang, d->last_tick.day, d->now.day) : NULL);
    set_taken(v, "time", ever ? words_time(d->last_tick.minute) : NULL);
    value_set(v, "stale", value_flag(ever && d->stale));
    context_text(v, "email_down", d->down[0]);
    context_text(v, "sms_down", d->down[1]);
    value_set(root, "tick", v);
}

/* Addressed as clients are, by what the name tells. */
static struct value *colleague_value(const struct digest_input *in)
{
    const struct client by_name = {.name = in->colleague->name};
    struct value *v = context_staff(in->colleague, in->config, NULL);
    char *address = client_address(&by_name);
    context_text(v, "salutation", address);
    free(address);
    return v;
}

struct value *context_digest(const struct digest_input *in, const char *lang)
{
    const struct digest *d = in->digest;
    struct value *root = value_object();
    value_set(root, "agency", context_agency(in->config, NULL));
    value_set(root, "signer", context_staff(NULL, in->config, NULL)); /* nobody signs a list */
    value_set(root, "signed_by_agency", value_flag(true));
    value_set(root, "colleague", colleague_value(in));
    set_taken(root, "date", words_date(lang, d->now.day, d->now.day));
    set_taken(root, "weekday", words_weekday(lang, d->now.day));
    set_number(root, "red_count", count_red(d));
    for (int s = 0; s < DIGEST_SECTIONS; s++)
        add_section(root, section_names[s], &d->sections[s], lang, d->now.day);
    context_text(root, "playbook", d->playbook);
    add_tick(root, d, lang);
    value_set(root, "lang", value_text(lang));
    return root;
}

/* ---- samples ---- */

const struct staff digest_sample_colleague = {.id = 1,
                                              .login = (char[]){"sample"},
                                              .name = (char[]){"Sample Manager"},
                                              .position = (char[]){"manager"},
                                              .email = (char[]){"manager@agency.example"},
                                              .phone = (char[]){"+79031234568"}};

enum { SAMPLE_DAY = 20000, SAMPLE_MINUTE = 510 };

static struct digest_line sample_line(bool full)
{
    struct digest_line l = {.what = xstrdup("Sample (call)"),
                            .client = xstrdup("Sample Client Jr."),
                            .when = {.day = CIVIL_NONE, .minute = MINUTE_NONE},
                            .heed = {.paused_until = CIVIL_NONE},
                            .channel = CHANNEL_CALL};
    (void)snprintf(l.id, sizeof l.id, "A1");
    if (!full)
        return l;
    l.phone = xstrdup("+79031234567");
    l.about = xstrdup("Sample (Island)");
    l.manager = xstrdup("Sample Manager");
    l.why = xstrdup("refused for good (no such mailbox)");
    l.reason = xstrdup("no such mailbox");
    l.also = xstrdup("Sample Child");
    l.heed = (struct heed){SAMPLE_DAY + 5, 2, true};
    l.when = (struct civil){.day = SAMPLE_DAY - 2, .minute = SAMPLE_MINUTE};
    l.days_late = 2;
    l.red = true;
    return l;
}

void digest_sample(bool full, struct digest *ret)
{
    *ret = (struct digest){.now = {SAMPLE_DAY, SAMPLE_MINUTE},
                           .last_tick = {full ? SAMPLE_DAY : CIVIL_NONE, SAMPLE_MINUTE}};
    for (int s = 0; s < DIGEST_SECTIONS; s++) {
        struct digest_lines *lines = &ret->sections[s];
        if (!full && s != DIGEST_TODAY)
            continue;
        vec_reserve(&lines->v, lines->n, &lines->cap, sizeof *lines->v);
        lines->v[lines->n++] = sample_line(full);
    }
    for (size_t i = 0; i < 2 && full; i++)
        ret->down[i] = xstrdup("no connection");
    if (full)
        ret->playbook = xstrdup("playbook.json:10:7: this is not JSON");
}
