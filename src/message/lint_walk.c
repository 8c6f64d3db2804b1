/* Every tag of a template, in the sections that are taken and in those that are not, and in what it includes: which variables
 * may be empty where they stand, where links from pps.json lead, and what is included at all. The tags themselves
 * (unknown names, partials that are not there, who may not be named) are checked by the engine, which tells every fault.
 * Serves lint.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "context.h"
#include "escape.h"
#include "lint.h"
#include "lint_words.h"
#include "mustache_ops.h"
#include "sheet.h"

struct scope {
    const struct value *value;
    char *name; /* as it is called from the root; "" for the root itself */
};

struct walk {
    struct lint_page *page;
    const struct value *full,
        *least; /* everything there is; what is there of a client of whom little is known */
    const struct value *most; /* what a message of this step can know at most */
    struct scope scopes[MUSTACHE_MAX_DEPTH + 2];
    size_t n_scopes;
    const char *asked[MUSTACHE_MAX_DEPTH * 2 +
                      2]; /* the sections around, by their names at the root; borrowed */
    size_t n_asked;
    size_t depth, steps;
    size_t body; /* where the body begins, behind the header lines of a letter */
};

static void walk_ops(struct walk *w, const struct mustache *m, const struct ops *ops);

/* ---- names ---- */

/* Down a dotted path; NULL: there is no such thing. */
static const struct value *descend(const struct value *value, const char *path)
{
    while (value != NULL && *path != '\0') {
        size_t len = strcspn(path, ".");
        value = value_member(value, path, len);
        path += len + (path[len] == '.');
    }
    return value;
}

/* As the engine finds a name: only its first part climbs. *ret_name: as it is called from the root; new string. */
static const struct value *resolve(const struct walk *w, const char *name, char **ret_name)
{
    size_t i = w->n_scopes - 1;
    if (name[0] == '.') {
        name++;
    } else {
        size_t len = strcspn(name, ".");
        while (i > 0 && value_member(w->scopes[i].value, name, len) == NULL)
            i--;
    }
    const struct scope *scope = &w->scopes[i];
    const char *dot = *scope->name && *name ? "." : "";
    *ret_name = xasprintf("%s%s%s", scope->name, dot, name);
    return descend(scope->value, name);
}

/* ---- what may be empty ---- */

/* Who asks for the first knows that the second is there. */
static bool implies(const char *asked, const char *name)
{
    static const char *const pairs[][2] = {
        {"gift", "gift.titles"},
        {"gift.ready", "gift.titles"},
        {"gift.waiting", "gift.titles"},
        {"card", "card.titles"},
        {"card.ready", "card.titles"},
        {"card.waiting", "card.titles"},
        {"album", "album.titles"},
        {"album.ready", "album.titles"},
        {"album.waiting", "album.titles"},
        {"photo", "photo.titles"},
        {"visit.time", "visit.date"},
        {"trip.departure_time", "trip.departure"},
        {"trip.departure", "trip.return"},
        {"trip.return", "trip.departure"},
        {"trip.return_time", "trip.return"},
        {"first_trip", "trip_number"},
        {"feedback.promoter", "feedback.nps"},
        {"complaint.rejected", "complaint.outcome"},
        {"departs_today", "trip.departure"},
        {"departs_tomorrow", "trip.departure"},
        {"departs_at_night", "trip.departure"},
        {"departs_at_night", "trip.departure_time"},
        {"agency.site", "agency.site_words"},
        {"agency.phone", "our.phone"},
        {"manager.phone", "our.phone"},
        {"returns_today", "trip.return"},
    };
    if (strcmp(asked, name) == 0)
        return true;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (strcmp(asked, pairs[i][0]) == 0 && strcmp(name, pairs[i][1]) == 0)
            return true;
    }
    return false;
}

static bool is_asked(const struct walk *w, const char *name)
{
    for (size_t i = 0; i < w->n_asked; i++) {
        if (implies(w->asked[i], name))
            return true;
    }
    return false;
}

/* Whether it is so for everybody: the agency has not set it, or no occasion of the series brings it along. Of a client
 * anything else may be known. */
static bool is_always_empty(const struct walk *w, const char *name)
{
    static const char *const of_occasion[] = {"trip.",     "visit.", "complaint.",
                                              "feedback.", "lost.",  "greeting.",
                                              "signer.",   "also",   "trip_number"};
    const struct value *value = NULL;
    if (str_starts(name, "agency."))
        value = descend(w->least, name);
    for (size_t i = 0; i < sizeof of_occasion / sizeof *of_occasion; i++) {
        if (str_starts(name, of_occasion[i]))
            value = descend(w->most, name);
    }
    return value != NULL && value_kind(value) == VALUE_TEXT && !value_is_true(value);
}

/* In a section for something that is always empty nothing is ever said. */
static bool is_never(const struct walk *w)
{
    for (size_t i = 0; i < w->n_asked; i++) {
        if (is_always_empty(w, w->asked[i]))
            return true;
    }
    return false;
}

/* The line of the engine's own making, so that the place is counted in one way only. */
static void find_at(const struct walk *w, bool is_error, const struct mustache *m, size_t at,
                    const char *what)
{
    struct err err = {0};
    (void)mustache_fail(m, at, &err, "%s", what);
    lint_find_err(w->page->lint, is_error, &err, m->name, NULL);
}

static void check_empty(struct walk *w, const struct mustache *m, const struct op *op,
                        const char *name)
{
    const struct value *least = descend(w->least, name);
    if (op->otherwise != NULL || least == NULL || value_kind(least) != VALUE_TEXT ||
        value_is_true(least) || is_asked(w, name) || is_never(w))
        return;
    bool never = is_always_empty(w, name);
    const char *why =
        str_starts(name, "agency.") ? "is not set in pps.json, so that no such message "
                                      "can go: set it, or"
        : never ? "is always empty in messages of this step, so that none can go: take "
                  "it out, or"
                : "may be empty, and then the message is held:";
    char *what =
        xasprintf("\"%s\" %s put this into {{#%s}}...{{/%s}}", name, why, op->name, op->name);
    find_at(w, never, m, op->at, what);
    w->page->holds = true;
    free(what);
}

/* ---- who is named, where links lead ---- */

/* It goes out all the same: whoever failed to sell gives way to the agency's name. */
static void check_manager(const struct walk *w, const struct mustache *m, const struct op *op,
                          const char *name)
{
    const struct lint_page *page = w->page;
    if (page->step->series != KIND_LOST || channel_is_human(page->channel))
        return;
    if (str_starts(name, "manager."))
        find_at(
            w, false, m, op->at,
            "after a lost sale \"manager\" may be who failed to sell, and then the agency stands "
            "here: write {{signer.…}}");
    else if (strcmp(name, "our.phone") == 0)
        find_at(w, false, m, op->at,
                "after a lost sale \"our.phone\" may be that of who failed to sell, and then the "
                "agency's stands here: write {{signer.phone}} or {{agency.phone}}");
}

/* Where a link from pps.json leads. */
static void check_address(const struct walk *w, const struct mustache *m, const struct op *op,
                          const char *name)
{
    if (strcmp(name, "agency.survey_url") != 0 && strcmp(name, "agency.site") != 0)
        return;
    const char *url = value_get_text(descend(w->least, name));
    const char *fault = *url ? lint_link_fault(url) : NULL;
    if (fault == NULL)
        return;
    char *what = xasprintf("\"%s\" in pps.json, \"%s\", %s", name, url, fault);
    find_at(w, false, m, op->at, what);
    free(what);
}

/* ---- names of which any may be asked for ---- */

/* The key behind a prefix when none of `keys` is it; NULL: one is. */
static const char *strange_key(const char *name, const char *prefix, const char *const *keys,
                               size_t n)
{
    if (!str_starts(name, prefix))
        return NULL;
    const char *key = name + strlen(prefix);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(keys[i], key) == 0)
            return NULL;
    }
    return key;
}

/* The words of a step that is not in the playbook are never said. The built-in letters speak of the built-in steps, whatever
 * the agency made of them. */
static void check_merged(const struct walk *w, const struct mustache *m, const struct op *op,
                         const char *name)
{
    const struct playbook *p = w->page->lint->in->playbook;
    const char **keys = xcalloc(p->n_steps + 1, sizeof *keys);
    for (size_t i = 0; i < p->n_steps; i++)
        keys[i] = p->steps[i].key;
    const char *key = strange_key(name, "merged.", keys, p->n_steps);
    const char *nearest = key != NULL ? str_nearest(key, keys, p->n_steps) : NULL;
    char *what = NULL;
    if (nearest != NULL)
        what =
            xasprintf("the playbook has no step \"%s\": did you mean \"merged.%s\"?", key, nearest);
    else if (key != NULL)
        what = xasprintf(
            "is never so: the playbook has no step \"%s\"; take it out, or add the step", key);
    if (what != NULL && !str_starts(m->name, "built-in "))
        find_at(w, nearest != NULL, m, op->at, what);
    free(what);
    free(keys);
}

/* Which facts there are is the agency's own business, and it has none before somebody enters the first. */
static void check_fact(const struct walk *w, const struct mustache *m, const struct op *op,
                       const char *name)
{
    const struct lint_input *in = w->page->lint->in;
    char *folded = utf8_fold(name);
    const char *key = strange_key(folded, "fact.", in->facts, in->n_facts);
    const char *nearest = key != NULL ? str_nearest(key, in->facts, in->n_facts) : NULL;
    if (nearest != NULL) {
        char *what =
            xasprintf("no client has a fact \"%s\": did you mean \"fact.%s\"?", key, nearest);
        find_at(w, false, m, op->at, what);
        free(what);
    }
    free(folded);
}

/* ---- the words between the tags, and beside them ---- */

static void check_beside(const struct walk *w, const struct mustache *m, const struct op *op,
                         const char *name)
{
    char *what = lint_words_beside(name, m->text, op->at, op->at + op->len);
    if (what != NULL)
        find_at(w, false, m, op->at, what);
    free(what);
}

/* Up to where a text is plain: an SMS, the header lines of a letter. Elsewhere it is Markdown. */
static size_t plain_until(const struct walk *w, const struct mustache *m)
{
    if (w->page->channel != CHANNEL_EMAIL)
        return m->len;
    return strcmp(m->name, w->page->source.name) == 0 ? w->body : 0;
}

/* A script is read by a colleague, who knows what "[name]" means. */
static void check_words(const struct walk *w, const struct mustache *m, const struct op *op)
{
    size_t end = op->at + op->len, plain_end = plain_until(w, m);
    struct slip slip;
    if (channel_is_human(w->page->channel))
        return;
    for (size_t at = op->at; at < end;) {
        bool plain = at < plain_end;
        size_t until = plain && plain_end < end ? plain_end : end;
        bool found = lint_words_slip(m->text, at, until, plain, &slip);
        at = found ? slip.next : until;
        if (!found)
            continue;
        find_at(w, false, m, slip.at, slip.what);
        free(slip.what);
    }
}

/* ---- operations ---- */

static void walk_value(struct walk *w, const struct mustache *m, const struct op *op)
{
    char *name;
    const struct value *value = resolve(w, op->name, &name);
    if (value != NULL) {
        check_empty(w, m, op, name);
        check_manager(w, m, op, name);
        check_address(w, m, op, name);
        check_beside(w, m, op, name);
        check_fact(w, m, op, name);
    }
    free(name);
}

static void walk_body(struct walk *w, const struct mustache *m, const struct op *op,
                      const struct value *value, const char *name)
{
    const struct value *inside = value;
    if (value != NULL && value_kind(value) == VALUE_LIST)
        inside = value_count(value) > 0 ? value_at(value, 0) : NULL;
    bool scoped = inside != NULL && value_kind(inside) == VALUE_OBJECT && op->kind == OP_SECTION;
    if (scoped) {
        const char *each = inside != value ? "[]" : "";
        w->scopes[w->n_scopes++] =
            (struct scope){.value = inside, .name = xasprintf("%s%s", name, each)};
    }
    if (op->kind == OP_SECTION)
        w->asked[w->n_asked++] = name;
    walk_ops(w, m, &op->body);
    if (op->kind == OP_SECTION)
        w->n_asked--;
    if (scoped)
        free(w->scopes[--w->n_scopes].name);
}

static void walk_section(struct walk *w, const struct mustache *m, const struct op *op)
{
    char *name;
    const struct value *value = resolve(w, op->name, &name);
    if (value != NULL) {
        lint_names_add(&w->page->asked, name);
        check_merged(w, m, op, name);
        check_fact(w, m, op, name);
    }
    if (value != NULL && op->kind == OP_INVERTED)
        lint_names_add(&w->page->denied, name);
    walk_body(w, m, op, value, name);
    free(name);
}

static void walk_partial(struct walk *w, const struct op *op)
{
    const struct lint_page *page = w->page;
    struct template_text found = {0};
    struct mustache *partial = NULL;
    if (catalog_find_partial(page->lint->in->templates_dir, lint_shelf(page), op->name,
                             page->source.lang, &found, NULL) != RC_OK)
        return; /* the engine has told it */
    struct mustache_source source = {
        .name = found.name, .text = found.text, .len = strlen(found.text)};
    lint_names_add(&page->lint->partials, found.name);
    if (mustache_parse(&source, &partial, NULL) == RC_OK)
        walk_ops(w, partial, &partial->ops);
    mustache_free(partial);
    template_text_fini(&found);
}

static void walk_ops(struct walk *w, const struct mustache *m, const struct ops *ops)
{
    w->depth++;
    for (size_t i = 0; i < ops->n; i++) {
        const struct op *op = &ops->v[i];
        if (w->depth > MUSTACHE_MAX_DEPTH || ++w->steps > MUSTACHE_MAX_STEPS)
            break; /* the engine has told it */
        if (op->kind == OP_TEXT)
            check_words(w, m, op);
        else if (op->kind == OP_VALUE || op->kind == OP_RAW_VALUE)
            walk_value(w, m, op);
        else if (op->kind == OP_SECTION || op->kind == OP_INVERTED)
            walk_section(w, m, op);
        else if (op->kind == OP_PARTIAL)
            walk_partial(w, op);
    }
    w->depth--;
}

void lint_walk(struct lint_page *page)
{
    struct mustache_source source = {
        .name = page->source.name, .text = page->source.text, .len = strlen(page->source.text)};
    struct mustache *m = NULL;
    if (mustache_parse(&source, &m, NULL) != RC_OK)
        return;
    struct value *full = lint_full_data(page), *minimal = lint_least_data(page);
    struct value *most = lint_most_data(page);
    static char root[] = "";
    struct sheet sheet;
    bool has_body =
        page->channel == CHANNEL_EMAIL && sheet_take_apart(&page->source, &sheet, NULL) == RC_OK;
    struct walk w = {.page = page,
                     .body = has_body ? (size_t)(sheet.body.text - page->source.text) : 0,
                     .full = full,
                     .least = minimal,
                     .most = most,
                     .scopes = {{.value = full, .name = root}},
                     .n_scopes = 1};
    walk_ops(&w, m, &m->ops);
    value_free(full);
    value_free(minimal);
    value_free(most);
    mustache_free(m);
}
