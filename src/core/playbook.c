/* playbook.json -> struct playbook, with errors that name file, line and column. Pure. Serves the
 * planner and everything that shows a step's title. The format is described in docs/playbook.md. */
#include <stdlib.h>
#include <string.h>

#include <pps/correction.h>
#include <pps/playbook.h>
#include <pps/str.h>

#include "holidays.h"
#include "read.h"

enum { MAX_STEPS = 64, MAX_DAYS = 366 };

static const char *const channel_words[] = {"email", "sms", "call", "visit", "task"};
static const char *const late_words[] = {"skip", "send_now", "merge"};
static const char *const shift_words[] = {"none", "later", "earlier"};
static const char *const role_words[] = {"manager", "director", "service"};
static const char *const class_words[] = {"service", "marketing"};
static const char *const priority_words[] = {"urgent", "service", "survey", "loyalty", "greeting"};
static const char *const doubt_words[] = {"ask", "resend", "assume_sent"};
static const char *const mode_words[] = {"auto", "approve"};
static const char *const moved_words[] = {"stay", "again"};
static const char *const travelling_words[] = {"go", "wait"};
static const char *const zone_words[] = {"client", "departure"};

static enum rc read_moment(const struct json_doc *doc, const struct json *parent, const char *key,
                           struct moment *ret, struct err *err)
{
    static const char *const known[] = {"anchor", "days", "time", "minutes"};
    const struct json *o = json_get(parent, key);
    if (o == NULL)
        return RC_OK;
    TRY(json_expect(doc, o, JSON_OBJECT, key, err));
    TRY(json_check_keys(doc, o, known, COUNT(known), err));
    if (json_get(o, "anchor") == NULL)
        return json_fail(doc, o, RC_INVALID, err, "\"%s\" needs an \"anchor\"", key);
    struct moment m = {.set = true, .minute = MINUTE_NONE};
    int anchor = 0;
    const char *names[ANCHOR_COUNT];
    for (int i = 0; i < ANCHOR_COUNT; i++)
        names[i] = anchor_name((enum anchor)i);
    TRY(json_read_choice(doc, o, "anchor", names, ANCHOR_COUNT, &anchor, err));
    m.anchor = (enum anchor)anchor;
    TRY(json_read_int(doc, o, "days", -MAX_DAYS, MAX_DAYS, &m.days, err));
    TRY(read_minute(doc, o, "time", &m.minute, err));
    if (json_get(o, "minutes") != NULL) {
        m.has_offset = true;
        TRY(json_read_int(doc, o, "minutes", -10080, 10080, &m.offset, err));
    }
    *ret = m;
    return RC_OK;
}

static enum rc read_channels(const struct json_doc *doc, const struct json *o, struct step *step,
                             struct err *err)
{
    int channel = 0;
    if (json_get(o, "channel") == NULL)
        return json_fail(doc, o, RC_INVALID, err, "the step needs a \"channel\"");
    TRY(json_read_choice(doc, o, "channel", channel_words, COUNT(channel_words), &channel, err));
    step->channel = (enum channel)channel;
    const struct json *list = json_get(o, "otherwise");
    if (list == NULL)
        return RC_OK;
    TRY(json_expect(doc, list, JSON_ARRAY, "otherwise", err));
    for (const struct json *v = json_first(list); v != NULL; v = json_next(v)) {
        enum channel other;
        if (json_string(v) == NULL || !channel_from_name(json_string(v), &other) ||
            other == CHANNEL_VISIT || other == CHANNEL_TASK)
            return json_fail(doc, v, RC_INVALID, err, "\"otherwise\" lists email, sms or call");
        bool twice = other == step->channel;
        for (size_t i = 0; i < step->n_otherwise; i++)
            twice = twice || step->otherwise[i] == other;
        if (twice)
            return json_fail(doc, v, RC_INVALID, err, "the channel %s is tried already",
                             channel_name(other));
        step->otherwise[step->n_otherwise++] = other;
    }
    return RC_OK;
}

static enum rc read_fallback(const struct json_doc *doc, const struct json *o, struct step *step,
                             struct err *err)
{
    static const char *const known[] = {"channel", "at"};
    static const char *const channels[] = {"email", "sms"};
    const struct json *f = json_get(o, "fallback");
    if (f == NULL)
        return RC_OK;
    TRY(json_expect(doc, f, JSON_OBJECT, "fallback", err));
    TRY(json_check_keys(doc, f, known, COUNT(known), err));
    if (!channel_is_human(step->channel))
        return json_fail(doc, f, RC_INVALID, err,
                         "only a call or a visit has a \"fallback\": a message goes by itself");
    int channel = 0;
    TRY(json_read_choice(doc, f, "channel", channels, COUNT(channels), &channel, err));
    step->fallback_channel = (enum channel)channel;
    TRY(read_moment(doc, f, "at", &step->fallback_at, err));
    if (json_get(f, "channel") == NULL || !step->fallback_at.set)
        return json_fail(doc, f, RC_INVALID, err, "\"fallback\" needs a \"channel\" and an \"at\"");
    step->has_fallback = true;
    return RC_OK;
}

static enum rc read_grace(const struct json_doc *doc, const struct json *o, struct step *step,
                          struct err *err)
{
    static const char *const known[] = {"days", "time"};
    const struct json *g = json_get(o, "grace");
    step->grace_minute = 21 * 60;
    if (g == NULL)
        return RC_OK;
    TRY(json_expect(doc, g, JSON_OBJECT, "grace", err));
    TRY(json_check_keys(doc, g, known, COUNT(known), err));
    TRY(json_read_int(doc, g, "days", 0, MAX_DAYS, &step->grace_days, err));
    TRY(read_minute(doc, g, "time", &step->grace_minute, err));
    step->expires = true;
    return RC_OK;
}

bool playbook_is_key(const char *key)
{
    const char *letters = "abcdefghijklmnopqrstuvwxyz0123456789-";
    return !str_empty(key) && strspn(key, letters) == strlen(key) && strlen(key) <= 40;
}

/* "titles": {"ru": "Звонок перед вылетом"} */
static enum rc read_titles(const struct json_doc *doc, const struct json *o, struct step *step,
                           struct err *err)
{
    const struct json *list = json_get(o, "titles");
    size_t cap = 0;
    if (list == NULL)
        return RC_OK;
    TRY(json_expect(doc, list, JSON_OBJECT, "titles", err));
    for (const struct json *v = json_first(list); v != NULL; v = json_next(v)) {
        vec_reserve(&step->titles, step->n_titles, &cap, sizeof *step->titles);
        struct step_words *t = &step->titles[step->n_titles++];
        *t = (struct step_words){.lang = xstrdup(json_key(v))};
        TRY(json_read_string(doc, list, t->lang, &t->words, err));
    }
    return RC_OK;
}

static enum rc read_words(const struct json_doc *doc, const struct json *o, struct step *step,
                          struct err *err)
{
    TRY(json_read_string(doc, o, "key", &step->key, err));
    if (!playbook_is_key(step->key))
        return json_fail(doc, json_get(o, "key") ? json_get(o, "key") : o, RC_INVALID, err,
                         "the step needs a \"key\" of small letters, digits and dashes");
    TRY(json_read_string(doc, o, "title", &step->title, err));
    TRY(json_read_string(doc, o, "column", &step->column, err));
    TRY(read_titles(doc, o, step, err));
    if (step->title == NULL)
        step->title = xstrdup(step->key);
    if (step->column == NULL)
        step->column = xstrdup(step->key);
    return RC_OK;
}

static enum rc read_choices(const struct json_doc *doc, const struct json *o, struct step *step,
                            struct err *err)
{
    int late = LATE_SKIP, shift = SHIFT_NONE, role = ROLE_MANAGER, class = CLASS_SERVICE;
    TRY(json_read_choice(doc, o, "if_late", late_words, COUNT(late_words), &late, err));
    TRY(json_read_choice(doc, o, "working_day", shift_words, COUNT(shift_words), &shift, err));
    TRY(json_read_choice(doc, o, "signed_by", role_words, COUNT(role_words), &role, err));
    TRY(json_read_choice(doc, o, "class", class_words, COUNT(class_words), &class, err));
    int rank = (class == CLASS_SERVICE ? PRIORITY_SERVICE : PRIORITY_LOYALTY) - PRIORITY_URGENT;
    int doubt = class == CLASS_SERVICE ? DOUBT_ASK : DOUBT_ASSUME_SENT;
    TRY(json_read_choice(doc, o, "priority", priority_words, COUNT(priority_words), &rank, err));
    TRY(json_read_choice(doc, o, "if_in_doubt", doubt_words, COUNT(doubt_words), &doubt, err));
    TRY(json_read_string(doc, o, "merge_into", &step->merge_into, err));
    step->if_late = (enum late_policy)late;
    step->working_day = (enum shift)shift;
    step->signed_by = (enum role)role;
    step->class = (enum step_class) class;
    step->priority = (enum priority)(rank + PRIORITY_URGENT);
    step->if_in_doubt = (enum doubt_policy)doubt;
    return RC_OK;
}

/* A list of facts: "unless": ["complaint", "unhappy"]. */
static enum rc read_facts(const struct json_doc *doc, const struct json *parent, const char *key,
                          unsigned *ret, struct err *err)
{
    const struct json *list = json_get(parent, key);
    if (list == NULL)
        return RC_OK;
    TRY(json_expect(doc, list, JSON_ARRAY, key, err));
    for (const struct json *v = json_first(list); v != NULL; v = json_next(v)) {
        int found = 0;
        const char *name = json_string(v);
        while (found < FACT_COUNT && !str_eq(name, fact_name((enum fact)found)))
            found++;
        if (found == FACT_COUNT) {
            struct sb all = {0};
            for (int i = 0; i < FACT_COUNT; i++)
                sb_addf(&all, "%s%s", i ? ", " : "", fact_name((enum fact)i));
            enum rc rc =
                json_fail(doc, v, RC_INVALID, err, "\"%s\" lists some of %s", key, sb_str(&all));
            sb_fini(&all);
            return rc;
        }
        *ret |= FACT_BIT(found);
    }
    return RC_OK;
}

/* "days_by_product": {"mass": 30, "premium": 180} */
static enum rc read_products(const struct json_doc *doc, const struct json *o, struct step *step,
                             struct err *err)
{
    const struct json *list = json_get(o, "days_by_product");
    size_t cap = 0;
    if (list == NULL)
        return RC_OK;
    TRY(json_expect(doc, list, JSON_OBJECT, "days_by_product", err));
    for (const struct json *v = json_first(list); v != NULL; v = json_next(v)) {
        vec_reserve(&step->by_product, step->n_by_product, &cap, sizeof *step->by_product);
        struct product_days *p = &step->by_product[step->n_by_product++];
        *p = (struct product_days){.product = xstrdup(json_key(v))};
        TRY(json_read_int(doc, list, p->product, -MAX_DAYS, MAX_DAYS, &p->days, err));
    }
    return RC_OK;
}

/* "approve_products": ["premium"] */
static enum rc read_approve_products(const struct json_doc *doc, const struct json *o,
                                     struct step *step, struct err *err)
{
    const struct json *list = json_get(o, "approve_products");
    size_t cap = 0;
    if (list == NULL)
        return RC_OK;
    TRY(json_expect(doc, list, JSON_ARRAY, "approve_products", err));
    for (const struct json *v = json_first(list); v != NULL; v = json_next(v)) {
        if (str_empty(json_string(v)))
            return json_fail(doc, v, RC_INVALID, err,
                             "\"approve_products\" lists names of products");
        vec_reserve(&step->approve_products, step->n_approve_products, &cap,
                    sizeof *step->approve_products);
        step->approve_products[step->n_approve_products++] = xstrdup(json_string(v));
    }
    return RC_OK;
}

/* A call waits for a person anyway. */
static enum rc check_approval(const struct json_doc *doc, const struct json *o,
                              const struct step *step, struct err *err)
{
    const char *key = step->approve ? "mode" : "approve_products";
    if ((!step->approve && step->n_approve_products == 0) || !channel_is_human(step->channel))
        return RC_OK;
    return json_fail(doc, json_get(o, key), RC_INVALID, err,
                     "only a message waits for approval: a call is a person's own work");
}

/* "letter_tells": ["departure", "return"] */
static enum rc read_told(const struct json_doc *doc, const struct json *o, struct step *step,
                         struct err *err)
{
    const struct json *list = json_get(o, "letter_tells");
    if (list == NULL)
        return RC_OK;
    TRY(json_expect(doc, list, JSON_ARRAY, "letter_tells", err));
    if (step->series != KIND_TRIP)
        return json_fail(doc, list, RC_INVALID, err, "\"letter_tells\" is for steps of a trip");
    for (const struct json *v = json_first(list); v != NULL; v = json_next(v)) {
        enum anchor anchor;
        if (!anchor_from_name(json_string(v), &anchor) ||
            (anchor != ANCHOR_DEPARTURE && anchor != ANCHOR_RETURN))
            return json_fail(doc, v, RC_INVALID, err,
                             "\"letter_tells\" lists some of departure, return");
        step->letter_tells |= ANCHOR_BIT(anchor);
    }
    return RC_OK;
}

static enum rc read_conditions(const struct json_doc *doc, const struct json *o, struct step *step,
                               struct err *err)
{
    int mode = 0, moved = 0, zone = 0, away = 0;
    step->tries = 3;
    TRY(read_facts(doc, o, "only_if", &step->only_if, err));
    TRY(read_facts(doc, o, "unless", &step->unless, err));
    TRY(json_read_choice(doc, o, "mode", mode_words, COUNT(mode_words), &mode, err));
    TRY(json_read_choice(doc, o, "if_moved", moved_words, COUNT(moved_words), &moved, err));
    TRY(json_read_choice(doc, o, "zone", zone_words, COUNT(zone_words), &zone, err));
    TRY(json_read_choice(doc, o, "if_travelling", travelling_words, 2, &away, err));
    TRY(json_read_int(doc, o, "tries", 1, 9, &step->tries, err));
    TRY(json_read_int(doc, o, "once_days", 0, 3660, &step->once_days, err));
    TRY(json_read_string(doc, o, "greeting", &step->greeting, err));
    TRY(json_read_string(doc, o, "invites_to", &step->invites_to, err));
    TRY(json_read_string(doc, o, "same_as", &step->same_as, err));
    TRY(read_told(doc, o, step, err));
    TRY(read_products(doc, o, step, err));
    TRY(read_approve_products(doc, o, step, err));
    step->approve = mode != 0;
    step->again_if_moved = moved != 0;
    step->waits_travelling = away != 0;
    step->departure_zone = zone != 0;
    return check_approval(doc, o, step, err);
}

bool kind_has_anchor(enum kind kind, enum anchor anchor)
{
    static const unsigned anchors[KIND_COUNT] = {
        [KIND_TRIP] = 1u << ANCHOR_PURCHASE | 1u << ANCHOR_DEPARTURE | 1u << ANCHOR_RETURN |
                      1u << ANCHOR_VISIT | 1u << ANCHOR_MOVED,
        [KIND_LOST] = 1u << ANCHOR_LEARNED | 1u << ANCHOR_DEPARTURE | 1u << ANCHOR_RETURN,
        [KIND_FEEDBACK] = 1u << ANCHOR_ANSWERED,
        [KIND_COMPLAINT] = 1u << ANCHOR_OPENED | 1u << ANCHOR_PROMISED | 1u << ANCHOR_RESOLVED |
                           1u << ANCHOR_MOVED,
        [KIND_GREETING] = 1u << ANCHOR_DAY,
    };
    return (anchors[kind] & 1u << anchor) != 0;
}

static enum rc no_such_date(const struct json_doc *doc, const struct json *at, enum kind series,
                            enum anchor anchor, struct err *err)
{
    struct sb has = {0};
    for (int i = 0; i < ANCHOR_COUNT; i++) {
        if (kind_has_anchor(series, (enum anchor)i))
            sb_addf(&has, "%s%s", has.len ? ", " : "", anchor_name((enum anchor)i));
    }
    enum rc rc =
        json_fail(doc, at, RC_INVALID, err, "the series \"%s\" has no date \"%s\"; it has: %s",
                  kind_name(series), anchor_name(anchor), sb_str(&has));
    sb_fini(&has);
    return rc;
}

static enum rc check_series(const struct json_doc *doc, const struct json *o,
                            const struct step *step, struct err *err)
{
    const struct {
        const char *key;
        const struct moment *m;
    } moments[] = {{"at", &step->at},
                   {"or_at", &step->or_at},
                   {"not_before", &step->not_before},
                   {"not_after", &step->not_after},
                   {"fallback", &step->fallback_at}};
    for (size_t i = 0; i < COUNT(moments); i++) {
        if (moments[i].m->set && !kind_has_anchor(step->series, moments[i].m->anchor))
            return no_such_date(doc, json_get(o, moments[i].key), step->series,
                                moments[i].m->anchor, err);
    }
    /* Whoever failed to sell does not write to the client about it. */
    if (step->series == KIND_LOST && step->signed_by == ROLE_MANAGER)
        return json_fail(doc, json_get(o, "signed_by") ? json_get(o, "signed_by") : o, RC_INVALID,
                         err, "after a lost sale \"signed_by\" is \"service\" or \"director\"");
    if ((step->series == KIND_GREETING) != (step->greeting != NULL))
        return json_fail(doc, o, RC_INVALID, err,
                         "\"greeting\" and the series \"greeting\" belong together");
    return RC_OK;
}

/* Whatever is a message, or may become one, has an end. */
static enum rc check_grace(const struct json_doc *doc, const struct json *o,
                           const struct step *step, struct err *err)
{
    if (!channel_is_human(step->channel) && !step->expires)
        return json_fail(doc, o, RC_INVALID, err,
                         "the step \"%s\" needs a \"grace\": how late may the message still go?",
                         step->key);
    for (size_t i = 0; i < step->n_otherwise; i++) {
        if (!channel_is_human(step->otherwise[i]) && !step->expires)
            return json_fail(doc, json_get(o, "otherwise"), RC_INVALID, err,
                             "the step \"%s\" may become a message and needs a \"grace\"",
                             step->key);
    }
    if (step->has_fallback && !step->expires)
        return json_fail(doc, json_get(o, "fallback"), RC_INVALID, err,
                         "the step \"%s\" has a fallback message and needs a \"grace\"", step->key);
    return RC_OK;
}

static enum rc read_step(const struct json_doc *doc, const struct json *o, struct step *step,
                         struct err *err)
{
    static const char *const known[] = {
        "key",      "title",       "column",    "channel", "otherwise", "at",
        "or_at",    "not_before",  "not_after", "grace",   "if_late",   "merge_into",
        "fallback", "working_day", "signed_by", "class",   "priority",  "if_in_doubt",
        "series",   "only_if",     "unless",    "mode",    "if_moved",  "zone",
        "tries",    "once_days",   "greeting",  "days_by_product", "approve_products",
        "invites_to", "same_as", "if_travelling", "titles", "letter_tells"};
    int series = KIND_TRIP;
    const char *kinds[KIND_COUNT];
    for (int i = 0; i < KIND_COUNT; i++)
        kinds[i] = kind_name((enum kind)i);
    TRY(json_expect(doc, o, JSON_OBJECT, "a step", err));
    TRY(json_check_keys(doc, o, known, COUNT(known), err));
    TRY(read_words(doc, o, step, err));
    TRY(json_read_choice(doc, o, "series", kinds, KIND_COUNT, &series, err));
    step->series = (enum kind)series;
    TRY(read_channels(doc, o, step, err));
    TRY(read_moment(doc, o, "at", &step->at, err));
    TRY(read_moment(doc, o, "or_at", &step->or_at, err));
    TRY(read_moment(doc, o, "not_before", &step->not_before, err));
    TRY(read_moment(doc, o, "not_after", &step->not_after, err));
    TRY(read_grace(doc, o, step, err));
    TRY(read_fallback(doc, o, step, err));
    TRY(read_choices(doc, o, step, err));
    TRY(read_conditions(doc, o, step, err));
    TRY(check_series(doc, o, step, err));
    if (!step->at.set)
        return json_fail(doc, o, RC_INVALID, err, "the step \"%s\" needs an \"at\"", step->key);
    return check_grace(doc, o, step, err);
}

/* A merge goes into an earlier step that is itself never merged: the planner goes through the steps
 * once. */
static enum rc check_merges(const struct json_doc *doc, const struct json *list,
                            const struct playbook *p, struct err *err)
{
    const struct json *o = json_first(list);
    for (size_t i = 0; i < p->n_steps; i++, o = json_next(o)) {
        const struct step *step = &p->steps[i];
        if (playbook_step(p, step->key) != step)
            return json_fail(doc, json_get(o, "key"), RC_INVALID, err,
                             "there are two steps with the key \"%s\"", step->key);
        if ((step->if_late == LATE_MERGE) != (step->merge_into != NULL))
            return json_fail(doc, o, RC_INVALID, err,
                             "\"if_late\": \"merge\" and \"merge_into\" belong together");
        if (step->merge_into == NULL)
            continue;
        const struct step *into = playbook_step(p, step->merge_into);
        if (into == NULL || into >= step || into->merge_into != NULL ||
            into->series != step->series)
            return json_fail(doc, json_get(o, "merge_into"), RC_INVALID, err,
                             "\"merge_into\" must be the key of an earlier step that is not merged "
                             "itself");
    }
    return RC_OK;
}

static enum rc check_greetings(const struct json_doc *doc, const struct json *list,
                               const struct playbook *p, struct err *err)
{
    const struct json *o = json_first(list);
    for (size_t i = 0; i < p->n_steps; i++, o = json_next(o)) {
        const char *greeting = p->steps[i].greeting;
        bool known = greeting == NULL || str_eq(greeting, "birthday");
        for (size_t j = 0; j < p->n_holidays; j++)
            known = known || str_eq(greeting, p->holidays[j].key);
        if (!known)
            return json_fail(doc, json_get(o, "greeting"), RC_INVALID, err,
                             "\"greeting\" is \"birthday\" or one of the \"holidays\" below");
    }
    return RC_OK;
}

/* Only what people do can be refused, and only something of the same series can be invited to. */
static enum rc check_invitations(const struct json_doc *doc, const struct json *list,
                                 const struct playbook *p, struct err *err)
{
    const struct json *o = json_first(list);
    for (size_t i = 0; i < p->n_steps; i++, o = json_next(o)) {
        const struct step *step = &p->steps[i];
        if (step->same_as != NULL && (!playbook_step(p, step->same_as) || step->once_days == 0))
            return json_fail(doc, json_get(o, "same_as"), RC_INVALID, err,
                             "\"same_as\" is the key of a step, and belongs to \"once_days\"");
        if (step->invites_to == NULL)
            continue;
        const struct step *to = playbook_step(p, step->invites_to);
        if (to == NULL || to == step || to->series != step->series ||
            !channel_is_human(step->channel))
            return json_fail(doc, json_get(o, "invites_to"), RC_INVALID, err,
                             "\"invites_to\" belongs to a call, and is the key of another step of "
                             "its series");
    }
    return RC_OK;
}

static enum rc read_root(const struct json_doc *doc, struct playbook *p, struct err *err)
{
    static const char *const known[] = {"name", "steps", "holidays"};
    const struct json *root = json_root(doc);
    if (json_type_of(root) != JSON_OBJECT)
        return json_fail(doc, root, RC_INVALID, err, "the playbook must be an object: { … }");
    TRY(json_check_keys(doc, root, known, COUNT(known), err));
    TRY(json_read_string(doc, root, "name", &p->name, err));
    const struct json *list = json_get(root, "steps");
    if (list == NULL || json_type_of(list) != JSON_ARRAY || json_first(list) == NULL)
        return json_fail(doc, list ? list : root, RC_INVALID, err,
                         "the playbook needs \"steps\": a list with at least one step");
    size_t cap = 0;
    for (const struct json *o = json_first(list); o != NULL; o = json_next(o)) {
        if (p->n_steps == MAX_STEPS)
            return json_fail(doc, o, RC_INVALID, err, "more than %d steps", MAX_STEPS);
        vec_reserve(&p->steps, p->n_steps, &cap, sizeof *p->steps);
        p->steps[p->n_steps] = (struct step){0};
        TRY(read_step(doc, o, &p->steps[p->n_steps++], err));
    }
    TRY(check_merges(doc, list, p, err));
    TRY(check_invitations(doc, list, p, err));
    TRY(playbook_read_holidays(doc, root, p, err));
    return check_greetings(doc, list, p, err);
}

enum rc playbook_parse(const char *text, size_t len, const char *name, struct playbook *ret,
                       struct err *err)
{
    struct json_doc *doc;
    enum rc rc = json_parse(text, len, name, true, &doc, err);
    if (rc != RC_OK)
        return rc;
    struct playbook p = {0};
    rc = read_root(doc, &p, err);
    json_doc_free(doc);
    if (rc != RC_OK)
        playbook_fini(&p);
    else
        *ret = p;
    return rc;
}

void playbook_fini(struct playbook *p)
{
    for (size_t i = 0; i < p->n_steps; i++) {
        free(p->steps[i].key);
        free(p->steps[i].title);
        for (size_t j = 0; j < p->steps[i].n_titles; j++) {
            free(p->steps[i].titles[j].lang);
            free(p->steps[i].titles[j].words);
        }
        free(p->steps[i].titles);
        free(p->steps[i].column);
        free(p->steps[i].merge_into);
        free(p->steps[i].greeting);
        free(p->steps[i].invites_to);
        free(p->steps[i].same_as);
        for (size_t j = 0; j < p->steps[i].n_by_product; j++)
            free(p->steps[i].by_product[j].product);
        free(p->steps[i].by_product);
        for (size_t j = 0; j < p->steps[i].n_approve_products; j++)
            free(p->steps[i].approve_products[j]);
        free(p->steps[i].approve_products);
    }
    for (size_t i = 0; i < p->n_holidays; i++) {
        free(p->holidays[i].key);
        free(p->holidays[i].month_day);
        free(p->holidays[i].dates);
    }
    free(p->holidays);
    free(p->steps);
    free(p->name);
    *p = (struct playbook){0};
}

const char *step_title_in(const struct step *step, const char *lang)
{
    for (size_t i = 0; i < step->n_titles; i++) {
        if (str_eq(step->titles[i].lang, lang) && !str_empty(step->titles[i].words))
            return step->titles[i].words;
    }
    return step->title;
}

const struct step *playbook_step(const struct playbook *p, const char *key)
{
    for (size_t i = 0; i < p->n_steps; i++) {
        if (str_eq(p->steps[i].key, key))
            return &p->steps[i];
    }
    return NULL;
}
