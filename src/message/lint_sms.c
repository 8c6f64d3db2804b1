/* How many parts an SMS takes at the worst: with long names, and in every combination of the sections that it has. What the
 * agency has set in pps.json is the same for every client, so it is taken as it is. Serves lint.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/sms.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "context.h"
#include "lint.h"
#include "sms.h"

enum { MAX_SWITCHES = 10, SHOWN = 4 };

struct worst {
    char *text; /* NULL: it never came out */
    struct sms_size size;
};

/* ---- the branches ---- */

static struct value *owner_of(struct value *root, const char *name, const char **ret_key)
{
    const char *dot = strchr(name, '.');
    if (dot == NULL || strchr(dot + 1, '.') != NULL) {
        *ret_key = name;
        return dot == NULL ? root : NULL;
    }
    *ret_key = dot + 1;
    /* the tree is ours, and only the way to it is const */
    return (struct value *)(uintptr_t)value_member(root, name, (size_t)(dot - name));
}

void lint_switch(struct value *root, const char *name, bool on)
{
    const char *key;
    struct value *owner = owner_of(root, name, &key);
    if (owner == NULL || value_kind(owner) != VALUE_OBJECT)
        return;
    const struct value *now = value_member(owner, key, strlen(key));
    enum value_kind kind = now != NULL ? value_kind(now) : VALUE_FLAG;
    if (kind == VALUE_FLAG)
        value_set(owner, key, value_flag(on));
    else if (!on && kind == VALUE_TEXT)
        value_set(owner, key, value_text(""));
    else if (!on && kind == VALUE_LIST)
        value_set(owner, key, value_list());
    else if (!on)
        value_set_absent((struct value *)(uintptr_t)now);
}

static size_t find_switches(const struct lint_page *page, const char **into)
{
    size_t n = 0;
    for (size_t i = 0; i < page->asked.n && n < MAX_SWITCHES; i++) {
        if (!str_starts(page->asked.v[i], "agency.") && strchr(page->asked.v[i], '[') == NULL)
            into[n++] = page->asked.v[i];
    }
    return n;
}

static bool is_on(const char *const *switches, size_t n, unsigned bits, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(switches[i], name) == 0)
            return bits & (1u << i);
    }
    return false;
}

/* Nobody leaves both today and tomorrow. */
static bool can_be(const char *const *switches, size_t n, unsigned bits)
{
    return !(is_on(switches, n, bits, "departs_today") &&
             is_on(switches, n, bits, "departs_tomorrow"));
}

static void set_agency_name(struct value *data, const char *name)
{
    const struct value *agency = value_member(data, "agency", strlen("agency"));
    /* the tree is ours, and only the way to it is const */
    value_set((struct value *)(uintptr_t)agency, "name", value_text(name));
}

static void measure(const struct lint_page *page, struct value *data, struct worst *worst)
{
    struct template_job job = {.templates_dir = page->lint->in->templates_dir,
                               .shelf = CHANNEL_SMS,
                               .source = page->source,
                               .data = data};
    char *text = NULL;
    if (sms_write(&job, &text, NULL) != RC_OK)
        return; /* found by the other checks, or nothing that is sent */
    struct sms_size size = sms_measure(text);
    if (worst->text == NULL || size.parts > worst->size.parts ||
        (size.parts == worst->size.parts && size.units > worst->size.units)) {
        free(worst->text);
        *worst = (struct worst){.text = text, .size = size};
    } else {
        free(text);
    }
}

/* The agency under the name that it has in SMS, or under another one. */
static struct worst find_worst(const struct lint_page *page, const char *name)
{
    const char *switches[MAX_SWITCHES];
    size_t n = find_switches(page, switches);
    struct worst worst = {0};
    struct lint_client most;
    lint_most(page, &most);
    for (unsigned bits = 0; bits < 1u << n; bits++) {
        if (!can_be(switches, n, bits))
            continue;
        struct value *data = context_new(&most.in, page->source.lang);
        if (name != NULL)
            set_agency_name(data, name);
        for (size_t i = 0; i < n; i++)
            lint_switch(data, switches[i], bits & (1u << i));
        measure(page, data, &worst);
        value_free(data);
    }
    return worst;
}

/* ---- what to say ---- */

/* "—, «, »" */
static char *list_of(const struct sms_culprits *culprits)
{
    struct sb sb = {0};
    for (size_t i = 0; i < culprits->n && i < SHOWN; i++) {
        char bytes[5] = "";
        bytes[utf8_encode(culprits->v[i].character, bytes)] = '\0';
        sb_addf(&sb, "%s\"%s\"", i > 0 ? ", " : "", bytes);
    }
    if (culprits->n > SHOWN)
        sb_add(&sb, " and others");
    return sb_take(&sb);
}

/* Letters of another alphabet are what it is written in; signs can be written otherwise. */
static bool are_signs(const struct sms_culprits *culprits)
{
    for (size_t i = 0; i < culprits->n; i++) {
        if (utf8_is_letter(culprits->v[i].character))
            return false;
    }
    return culprits->n > 0;
}

/* What would make it cheaper; also where the reason stands in the template, when it stands there. New string. */
static char *advice(const struct lint_page *page, const struct worst *worst, size_t *io_at)
{
    struct sms_culprits culprits;
    size_t without = sms_parts_without(worst->text, page->source.lang);
    char *words = NULL;
    sms_find_culprits(worst->text, &culprits);
    if (without < worst->size.parts && are_signs(&culprits)) {
        char bytes[5] = "";
        bytes[utf8_encode(culprits.v[0].character, bytes)] = '\0';
        const char *place = strstr(page->source.text, bytes);
        char *list = list_of(&culprits);
        *io_at = place != NULL ? (size_t)(place - page->source.text) : *io_at;
        words = worst->size.alphabet == SMS_UCS2
                    ? xasprintf("%s leave 70 characters a part instead of 160: with plain ones in "
                                "their place it takes %zu",
                                list, without)
                    : xasprintf("%s count twice: without them it takes %zu", list, without);
        free(list);
    } else if (without < worst->size.parts) {
        words = xasprintf("shorten it, or begin it with the line \"Transliterate: yes\" (it "
                          "then takes %zu) or \"Parts: %zu\" (it is meant so)",
                          without, worst->size.parts);
    }
    sms_culprits_fini(&culprits);
    return words != NULL ? words
                         : xasprintf("shorten it, or begin it with the line \"Parts: %zu\" (it is "
                                     "meant so)",
                                     worst->size.parts);
}

/* What SMS in this language call the agency, cut to fifteen letters; NULL: it is no longer. New string. */
static char *short_name(const struct lint_page *page)
{
    struct lint_client most;
    lint_most(page, &most);
    struct value *data = context_new(&most.in, page->source.lang);
    const struct value *agency = value_member(data, "agency", strlen("agency"));
    const char *name = value_get_text(value_member(agency, "name", strlen("name")));
    char *cut = NULL;
    if (utf8_length(name) > LINT_NAME_LETTERS) {
        cut = xstrdup(name);
        cut[utf8_prefix_bytes(name, LINT_NAME_LETTERS)] = '\0';
    }
    value_free(data);
    return cut;
}

/* It is the agency's name that is too long, and not the text. */
static bool is_dear_by_name(const struct lint_page *page, size_t parts)
{
    char *name = short_name(page);
    if (name == NULL)
        return false;
    struct worst worst = find_worst(page, name);
    bool fits = worst.text != NULL && worst.size.parts <= parts;
    free(worst.text);
    free(name);
    return fits;
}

void lint_dear_name(struct lint *lint)
{
    const struct config *c = lint->in->config;
    const char *name = str_or(c->agency.sms_name, c->agency.name);
    bool own = !str_empty(c->agency.sms_name);
    if (lint->dear_names == 0)
        return;
    lint_find(lint, false, lint->in->config_name, 1, 1,
              "%s has %zu letters and makes %zu SMS dearer: %s, up to %d letters",
              own ? "agency.sms_name" : "agency.name", utf8_length(name), lint->dear_names,
              own ? "shorten it" : "set agency.sms_name, a short one for SMS", LINT_NAME_LETTERS);
}

void lint_parts(const struct lint_page *page)
{
    const struct sms_price *price = &page->lint->in->config->sms.price;
    struct sms_sheet sheet;
    if (sms_sheet_read(&page->source, &sheet, NULL) != RC_OK)
        return; /* found by the other checks */
    struct worst worst = find_worst(page, NULL);
    size_t at = 0;
    bool dear = worst.text != NULL && worst.size.parts > sheet.parts;
    if (dear && is_dear_by_name(page, sheet.parts)) {
        page->lint->dear_names++;
    } else if (dear) {
        char cost[SMS_COST_BYTES];
        char *words = advice(page, &worst, &at);
        sms_cost_format(price, (int64_t)worst.size.parts, cost);
        lint_find_at(
            page, false, at, "takes %zu parts with names of %d letters (%zu characters%s%s); %s",
            worst.size.parts, LINT_NAME_LETTERS, worst.size.units, *cost ? ", " : "", cost, words);
        free(words);
    }
    free(worst.text);
}
