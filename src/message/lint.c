/* The lint: every template that can go out by the playbook in use, its agency's or built in, in every language that is in
 * use, looked at by every check there is. It asks for all faults, where sending asks only for the first. Knows no client and
 * sends nothing. Serves `pps lint` and `pps doctor`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "context.h"
#include "letter.h"
#include "lint.h"
#include "mustache.h"
#include "sms.h"

/* ---- names ---- */

void lint_names_fini(struct lint_names *names)
{
    for (size_t i = 0; i < names->n; i++)
        free(names->v[i]);
    free(names->v);
    *names = (struct lint_names){0};
}

bool lint_names_has(const struct lint_names *names, const char *name)
{
    for (size_t i = 0; i < names->n; i++) {
        if (strcmp(names->v[i], name) == 0)
            return true;
    }
    return false;
}

void lint_names_add(struct lint_names *names, const char *name)
{
    if (lint_names_has(names, name))
        return;
    vec_reserve(&names->v, names->n, &names->cap, sizeof *names->v);
    names->v[names->n++] = xstrdup(name);
}

/* ---- findings ---- */

void lint_findings_fini(struct lint_findings *findings)
{
    for (size_t i = 0; i < findings->n; i++) {
        free(findings->v[i].file);
        free(findings->v[i].what);
    }
    free(findings->v);
    *findings = (struct lint_findings){0};
}

size_t lint_errors(const struct lint_findings *findings)
{
    size_t n = 0;
    for (size_t i = 0; i < findings->n; i++)
        n += findings->v[i].is_error;
    return n;
}

static int compare_findings(const void *a, const void *b)
{
    const struct lint_finding *x = a, *y = b;
    int order = strcmp(x->file, y->file);
    if (order == 0 && x->line != y->line)
        order = x->line < y->line ? -1 : 1;
    if (order == 0 && x->column != y->column)
        order = x->column < y->column ? -1 : 1;
    return order != 0 ? order : strcmp(x->what, y->what);
}

/* Whether an error was found at this place, which is not said once more of some clients. */
static bool is_told(const struct lint *l, const struct lint_finding *new)
{
    for (size_t i = 0; i < l->findings.n && l->before != NULL; i++) {
        const struct lint_finding *f = &l->findings.v[i];
        if (f->is_error && f->line == new->line &&
            f->column == new->column &&strcmp(f->file, new->file) == 0)
            return true;
    }
    return false;
}

/* Takes `what`. The same is often met again: by another step that includes the same part. */
static void take_finding(struct lint *l, bool is_error, const char *file, size_t line,
                         size_t column, char *what)
{
    struct lint_findings *f = &l->findings;
    struct lint_finding new = {
        .file = xstrdup(file), .line = line, .column = column, .is_error = is_error, .what = what};
    bool told = is_told(l, &new);
    for (size_t i = 0; i < f->n && !told; i++) {
        if (compare_findings(&f->v[i], &new) == 0) {
            f->v[i].is_error = f->v[i].is_error || is_error;
            told = true;
        }
    }
    if (told) {
        free(new.file);
        free(new.what);
        return;
    }
    vec_reserve(&f->v, f->n, &f->cap, sizeof *f->v);
    f->v[f->n++] = new;
}

void lint_find(struct lint *l, bool is_error, const char *file, size_t line, size_t column,
               const char *fmt, ...)
{
    struct sb sb = {0};
    va_list ap;
    va_start(ap, fmt);
    sb_vaddf(&sb, fmt, ap);
    va_end(ap);
    take_finding(l, is_error, file, line, column, sb_take(&sb));
}

void lint_find_at(const struct lint_page *page, bool is_error, size_t at, const char *fmt, ...)
{
    size_t line, column;
    struct sb sb = {0};
    va_list ap;
    va_start(ap, fmt);
    sb_vaddf(&sb, fmt, ap);
    va_end(ap);
    template_place(page->source.text, at, &line, &column);
    take_finding(page->lint, is_error, page->source.name, line, column, sb_take(&sb));
}

/* ":3:14: …" -> what follows; NULL: there is no place. */
static const char *read_place(const char *s, size_t *ret_line, size_t *ret_column)
{
    char *end;
    if (*s != ':' || s[1] < '0' || s[1] > '9')
        return NULL;
    *ret_line = (size_t)strtol(s + 1, &end, 10);
    *ret_column = 1;
    if (*end == ':' && end[1] >= '0' && end[1] <= '9')
        *ret_column = (size_t)strtol(end + 1, &end, 10);
    return *end == ':' ? end + 1 + (end[1] == ' ') : NULL;
}

/* Where the text has what the line quotes: HTML is not allowed: "<b>". */
static void find_quoted(const char *line, const char *text, size_t *ret_line, size_t *ret_column)
{
    const char *from = strchr(line, '"'), *to = from ? strchr(from + 1, '"') : NULL;
    *ret_line = *ret_column = 1;
    if (text == NULL || to == NULL || to == from + 1)
        return;
    char *quoted = xstrndup(from + 1, (size_t)(to - from - 1));
    const char *place = strstr(text, quoted);
    if (place != NULL)
        template_place(text, (size_t)(place - text), ret_line, ret_column);
    free(quoted);
}

/* A name may hold colons, so the place is looked for behind the ones that are known. */
void lint_find_err(struct lint *l, bool is_error, const struct err *err, const char *file,
                   const char *text)
{
    const char *line = err->message, *what = NULL;
    size_t row = 1, column = 1;
    if (str_starts(line, file))
        what = read_place(line + strlen(file), &row, &column);
    if (what != NULL) {
        lint_find(l, is_error, file, row, column, "%s%s", str_or(l->before, ""), what);
        return;
    }
    for (const char *colon = strchr(line, ':'); colon != NULL; colon = strchr(colon + 1, ':')) {
        what = read_place(colon, &row, &column);
        if (what != NULL) {
            char *name = xstrndup(line, (size_t)(colon - line));
            lint_find(l, is_error, name, row, column, "%s%s", str_or(l->before, ""), what);
            free(name);
            return;
        }
    }
    what = str_starts(line, file) ? line + strlen(file) : line;
    what += strspn(what, ": ");
    find_quoted(what, text, &row, &column);
    lint_find(l, is_error, file, row, column, "%s%s", str_or(l->before, ""), what);
}

void lint_add_error(struct lint_findings *findings, const struct err *err, const char *file)
{
    struct lint l = {.findings = *findings};
    lint_find_err(&l, true, err, file, NULL);
    *findings = l.findings;
}

/* ---- one template ---- */

static void on_fault(void *ctx, const struct err *fault)
{
    struct lint_page *page = ctx;
    lint_find_err(page->lint, true, fault, page->source.name, page->source.text);
    page->holds = true;
}

static enum rc find_partial(void *ctx, const char *name, char **ret_name, char **ret_text,
                            struct err *err)
{
    const struct lint_page *page = ctx;
    struct template_text found = {0};
    enum rc rc = catalog_find_partial(page->lint->in->templates_dir, lint_shelf(page), name,
                                      page->source.lang, &found, err);
    if (rc != RC_OK)
        return rc;
    *ret_name = found.name;
    *ret_text = found.text;
    free(found.lang);
    return RC_OK;
}

/* What the engine itself refuses: every unknown name, every part that cannot be included. */
static void check_tags(struct lint_page *page)
{
    const struct template_text *t = &page->source;
    struct mustache_source source = {.name = t->name,
                                     .text = t->text,
                                     .len = strlen(t->text),
                                     .language = page->channel == CHANNEL_EMAIL ? PLACE_MARKDOWN
                                                                                : PLACE_PLAIN};
    struct mustache_options options = {.escape = escape_none,
                                       .watch = LEFTOVER_BRACES,
                                       .partial = find_partial,
                                       .partial_ctx = page,
                                       .report = on_fault,
                                       .report_ctx = page};
    struct mustache *m = NULL;
    struct err err = {0};
    if (mustache_parse(&source, &m, &err) != RC_OK) {
        on_fault(page, &err);
        return;
    }
    struct value *data = lint_full_data(page);
    (void)!mustache_check(m, data, &options, &err); /* it has told every fault */
    value_free(data);
    mustache_free(m);
}

/* The whole way of a message, with everything filled: Markdown, layout, header lines. */
static void check_whole(struct lint_page *page)
{
    struct err err = {0};
    const struct lint_input *in = page->lint->in;
    enum rc rc = page->digest != NULL
                     ? lint_whole_digest(page, &err)
                     : message_check_template(in->templates_dir, page->step->key, page->channel,
                                              page->source.lang, &err);
    if (rc == RC_OK)
        return;
    lint_find_err(page->lint, true, &err, page->source.name, page->source.text);
    page->holds = true;
}

/* The same for a client of whom little is known: nothing may be left of the text then. */
static void check_least(struct lint_page *page)
{
    struct lint_client least;
    struct rendered sms = {0};
    struct letter letter = {0};
    char *script = NULL;
    struct err err = {0};
    lint_least(page, &least); /* what is wrong then is wrong for such a client alone */
    enum rc rc = page->digest != NULL           ? lint_least_digest(page, &err)
                 : page->channel == CHANNEL_EMAIL ? letter_write(&least.in, &letter, &err)
                 : page->channel == CHANNEL_SMS ? message_render_sms(&least.in, &sms, &err)
                                                : message_render_script(&least.in, &script, &err);
    page->lint->before = "with a client of whom little is known ";
    if (rc != RC_OK && !str_eq(err.message, page->lint->bad_logo)) /* which was told, once */
        lint_find_err(page->lint, false, &err, page->source.name, page->source.text);
    page->lint->before = NULL;
    letter_fini(&letter);
    rendered_fini(&sms);
    free(script);
}

void lint_check_page(struct lint_page *page)
{
    size_t errors = lint_errors(&page->lint->findings);
    check_tags(page);
    lint_walk(page);
    if (!channel_is_human(page->channel))
        lint_links(page);
    if (page->channel == CHANNEL_EMAIL) {
        lint_headers(page);
        lint_letter(page);
        if (page->digest == NULL)
            lint_signature(page);
    }
    if (lint_errors(&page->lint->findings) == errors)
        check_whole(page);
    if (!page->holds && lint_errors(&page->lint->findings) == errors)
        check_least(page);
    if (page->channel == CHANNEL_SMS)
        lint_parts(page);
    page->lint->checked++;
}

/* ---- all of them ---- */

/* Where the playbook names the step. */
static void place_of_step(const struct lint_input *in, const struct step *step, size_t *ret_line,
                          size_t *ret_column)
{
    char *key = xasprintf("\"%s\"", step->key);
    const char *place = strstr(in->playbook_text, key);
    template_place(in->playbook_text, place != NULL ? (size_t)(place - in->playbook_text) : 0,
                   ret_line, ret_column);
    free(key);
}

const char *lint_folder(enum channel channel)
{
    return channel == CHANNEL_EMAIL ? "letters" : channel == CHANNEL_SMS ? "sms" : "scripts";
}

static char *path_of(const struct lint *l, const struct step *step, enum channel channel,
                     const char *lang)
{
    return xasprintf("%s/%s/%s/%s%s", str_or(l->in->templates_dir, "templates"),
                     lint_folder(channel), lang, step->key,
                     channel == CHANNEL_SMS ? ".txt" : ".md");
}

/* The template of exactly this language; false: there is none. */
static bool check_one(struct lint *l, const struct step *step, enum channel channel,
                      const char *lang)
{
    struct lint_page page = {.lint = l, .step = step, .channel = channel};
    struct err err = {0};
    enum rc rc =
        catalog_find_exact(l->in->templates_dir, channel, step->key, lang, &page.source, &err);
    if (rc == RC_NOTFOUND)
        return false;
    if (rc == RC_OK) {
        lint_check_page(&page);
    } else {
        char *path = path_of(l, step, channel, lang);
        lint_find_err(l, true, &err, path, NULL);
        free(path);
        l->checked++;
    }
    lint_names_fini(&page.asked);
    lint_names_fini(&page.denied);
    template_text_fini(&page.source);
    return true;
}

struct gap {
    const struct step *step;
    enum channel channel;
    const char *lang;
};
struct gaps {
    struct gap *v;
    size_t n, cap;
};

/* One way that a step may go, in every language. */
static void check_way(struct lint *l, const struct step *step, enum channel channel,
                      struct gaps *gaps)
{
    size_t row, column, there = 0;
    for (size_t i = 0; i < l->langs.n; i++) {
        if (check_one(l, step, channel, l->langs.v[i])) {
            there++;
            continue;
        }
        vec_reserve(&gaps->v, gaps->n, &gaps->cap, sizeof *gaps->v);
        gaps->v[gaps->n++] = (struct gap){step, channel, l->langs.v[i]};
    }
    if (there > 0 || message_has_template(l->in->templates_dir, step->key, channel))
        return;
    gaps->n -= l->langs.n; /* said once */
    char *path = path_of(l, step, channel, l->in->config->agency.lang);
    place_of_step(l->in, step, &row, &column);
    lint_find(l, true, l->in->playbook_name, row, column,
              "\"%s\" by %s has no words: write %s, or take it out of the playbook", step->key,
              channel_word(channel), path);
    free(path);
}

static void tell_gap(struct lint *l, const struct gap *gap)
{
    char *path = path_of(l, gap->step, gap->channel, gap->lang);
    lint_find(l, false, path, 1, 1, "is not there: who reads \"%s\" gets this in another language",
              gap->lang);
    free(path);
}

/* A language of which most is missing is one finding, not a hundred. */
static void tell_gaps(struct lint *l, const struct gaps *gaps, size_t ways)
{
    for (size_t k = 0; k < l->langs.n; k++) {
        const char *lang = l->langs.v[k];
        size_t missing = 0;
        for (size_t i = 0; i < gaps->n; i++)
            missing += strcmp(gaps->v[i].lang, lang) == 0;
        if (missing * 2 > ways)
            lint_find(
                l, false, str_or(l->in->templates_dir, "templates"), 1, 1,
                "in \"%s\" %zu of %zu templates are missing: who reads it gets them in another "
                "language; write them in letters/%s, sms/%s and scripts/%s",
                lang, missing, ways, lang, lang, lang);
        for (size_t i = 0; i < gaps->n && missing * 2 <= ways; i++) {
            if (strcmp(gaps->v[i].lang, lang) == 0)
                tell_gap(l, &gaps->v[i]);
        }
    }
}

size_t lint_ways(const struct step *step, enum channel ways[LINT_MAX_WAYS])
{
    size_t n = 0;
    ways[n++] = step->channel;
    for (size_t i = 0; i < step->n_otherwise; i++)
        ways[n++] = step->otherwise[i];
    if (step->has_fallback)
        ways[n++] = step->fallback_channel;
    for (size_t i = 1; i < n; i++) { /* a call and a visit have the same script */
        for (size_t k = 0; k < i; k++) {
            if (strcmp(lint_folder(ways[k]), lint_folder(ways[i])) == 0) {
                ways[i--] = ways[--n];
                break;
            }
        }
    }
    return n;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void lint_templates(const struct lint_input *in, struct lint_findings *ret, size_t *ret_checked)
{
    struct lint l = {.in = in};
    struct gaps gaps = {0};
    size_t all = 0;
    lint_names_add(&l.langs, in->config->agency.lang);
    for (size_t i = 0; i < in->n_langs; i++)
        lint_names_add(&l.langs, in->langs[i]);
    lint_own_langs(in, &l.langs);
    qsort(l.langs.v, l.langs.n, sizeof *l.langs.v, compare_names);
    lint_faces(&l);
    lint_layouts(&l);
    for (size_t i = 0; i < in->playbook->n_steps; i++) {
        enum channel ways[LINT_MAX_WAYS];
        size_t n = lint_ways(&in->playbook->steps[i], ways);
        for (size_t k = 0; k < n; k++)
            check_way(&l, &in->playbook->steps[i], ways[k], &gaps);
        all += n;
    }
    tell_gaps(&l, &gaps, all);
    lint_digests(&l);
    lint_dear_name(&l);
    lint_readers(&l);
    lint_strangers(&l);
    lint_unseen(&l);
    if (l.findings.n > 1)
        qsort(l.findings.v, l.findings.n, sizeof *l.findings.v, compare_findings);
    free(gaps.v);
    lint_names_fini(&l.langs);
    lint_names_fini(&l.partials);
    lint_names_fini(&l.pictures);
    free(l.bad_logo);
    *ret = l.findings;
    *ret_checked = l.checked;
}
