/* A letter from its template: header lines, body, layout. The body is filled first and becomes
 * Markdown only then, with every value escaped, so data cannot turn into markup. The layouts add
 * what authors never write: the frame, the sign-off, the signature. Knows nothing of e-mail. Serves
 * email.c and the checks. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "context.h"
#include "context_digest.h"
#include "escape.h"
#include "frame.h"
#include "illustrate.h"
#include "layout.h"
#include "letter.h"
#include "markdown.h"
#include "sheet.h"
#include "typography.h"

enum { SUBJECT_MAX_COLUMNS = 200 };

/* A letter being written. */
struct draft {
    struct template_job job;
    struct sheet sheet;
    const struct message_input *in; /* NULL: checking, with sample data */
    struct way_out way_out;
};

void letter_fini(struct letter *letter)
{
    free(letter->subject);
    free(letter->preheader);
    free(letter->html);
    free(letter->text);
    free(letter->lang);
    enclosures_fini(&letter->pictures);
    enclosures_fini(&letter->attachments);
    *letter = (struct letter){0};
}

const char *letter_reply_to(const struct message_input *in)
{
    if (in->signer != NULL && !str_empty(in->signer->email))
        return in->signer->email;
    return str_empty(in->config->agency.email) ? NULL : in->config->agency.email;
}

/* --- parts ------------------------------------------------------------------------------------ */

/* A header's value as one line, "" when there is none. */
static enum rc fill_header(const struct draft *d, enum sheet_header header, char **ret,
                           struct err *err)
{
    const struct mustache_source *part = &d->sheet.headers[header];
    char *filled = NULL;
    if (part->text == NULL) {
        *ret = xstrdup("");
        return RC_OK;
    }
    enum rc rc = template_fill(&d->job, part, escape_none, false, &filled, err);
    if (rc != RC_OK)
        return rc;
    char *set = typography(filled, d->job.source.lang);
    char *line = one_header_line(typography_plain(set));
    free(set);
    free(filled);
    if (line[0] == '\0') {
        free(line);
        return err_set(err, RC_INVALID, "%s:%zu: the %s is empty", part->name, part->line,
                       sheet_header_name(header));
    }
    size_t fits = utf8_prefix_bytes(line, SUBJECT_MAX_COLUMNS);
    *ret = line[fits] == '\0' ? xstrdup(line) : xasprintf("%.*s…", (int)fits, line);
    free(line);
    return RC_OK;
}

/* The body as it is filled: Markdown, and where in the templates each piece of it stands. */
struct body {
    char *markdown;
    struct mustache_places places;
    struct markdown_parts parts;
};

static void body_fini(struct body *body)
{
    free(body->markdown);
    mustache_places_fini(&body->places);
    markdown_parts_fini(&body->parts);
}

/* "letters/ru/x.md:3:14: what is wrong at this byte of the Markdown" */
static enum rc fail_at(const struct draft *d, const struct body *body, size_t at, const char *what,
                       struct err *err)
{
    const char *name = d->job.source.name;
    size_t line = d->sheet.body.line, column = 1;
    (void)mustache_place_of(&body->places, body->markdown, at, &name, &line, &column);
    return err_set(err, RC_INVALID, "%s:%zu:%zu: %s", name, line, column, what);
}

static enum rc fill_markdown(const struct draft *d, struct body *body, struct err *err)
{
    struct template_job job = d->job;
    job.places = &body->places;
    return template_fill(&job, &d->sheet.body, escape_markdown, false, &body->markdown, err);
}

static bool is_empty(const struct body *body)
{
    return body->markdown[strspn(body->markdown, " \t\n")] == '\0';
}

static enum rc no_body(const struct draft *d, struct err *err)
{
    return err_set(err, RC_INVALID, "%s:%zu: the letter has no body", d->job.source.name,
                   d->sheet.body.line);
}

static enum rc fill_body(const struct draft *d, struct body *body, struct err *err)
{
    struct err why = {0};
    size_t at = 0;
    enum rc rc = fill_markdown(d, body, err);
    if (rc != RC_OK)
        return rc;
    if (is_empty(body))
        return no_body(d, err);
    rc = markdown_typeset(body->markdown, &body->places, d->job.source.lang, &body->parts, &at,
                          &why);
    if (rc != RC_OK)
        return fail_at(d, body, at, why.message, err);
    return utf8_is_visible(body->parts.text) ? RC_OK : no_body(d, err);
}

/* The letter stands in its frame once, and as it is. */
static enum rc put_into(const struct template_job *job, const struct template_text *layout,
                        const char *body, escape_fn *escape, char **ret, struct err *err)
{
    size_t times = 0;
    struct value *whole = value_text(body);
    struct template_job framed = *job;
    framed.whole = whole;
    framed.times = &times;
    value_set(job->data, "body", whole);
    struct mustache_source all = {
        .name = layout->name, .text = layout->text, .len = strlen(layout->text)};
    char *filled = NULL;
    enum rc rc = template_fill(&framed, &all, escape, true, &filled, err);
    if (rc == RC_OK && times == 1) {
        *ret = filled;
        return RC_OK;
    }
    free(filled);
    if (rc != RC_OK)
        return rc;
    return err_set(err, RC_INVALID,
                   times == 0
                       ? "%s:1:1: the letter does not stand in it: write {{{body}}} where it goes"
                       : "%s:1:1: the letter stands in it more than once: write {{{body}}} once",
                   layout->name);
}

static enum rc fill_layout(const struct template_job *job, const char *file, const char *body,
                           escape_fn *escape, char **ret, struct err *err)
{
    struct template_text layout = {0};
    enum rc rc = catalog_find_layout(job->templates_dir, file, &layout, err);
    if (rc != RC_OK)
        return rc;
    if (escape == escape_html)
        rc = layout_check(job, &layout, err);
    if (rc == RC_OK || job->report != NULL) {
        enum rc filled = put_into(job, &layout, body, escape, ret, err);
        rc = rc == RC_OK ? filled : rc;
    }
    template_text_fini(&layout);
    return rc;
}

/* A comma in a value is a part of the name, and does not begin the next one; no file has this one in its name. */
static void escape_item(struct sb *out, const char *s)
{
    for (; *s != '\0'; s++) {
        if (*s == ',')
            sb_add(out, "\u201A");
        else
            sb_addc(out, *s);
    }
}

/* "memo.pdf, visa.pdf"; sections may leave some of them out, or all. A name that comes from data is known only when it goes. */
static enum rc attach_named(const struct draft *d, struct enclosures *list, struct err *err)
{
    const struct mustache_source *part = &d->sheet.headers[HEADER_ATTACHMENTS];
    struct mustache_places places = {0};
    struct template_job job = d->job;
    char *names = NULL, *rest = NULL;
    if (part->text == NULL)
        return RC_OK;
    job.places = &places;
    enum rc rc = template_fill(&job, part, escape_item, false, &names, err);
    char *where = xasprintf("%s:%zu:%zu", part->name, part->line, part->column);
    for (char *s = rc == RC_OK ? strtok_r(names, ",", &rest) : NULL; s != NULL && rc == RC_OK;
         s = strtok_r(NULL, ",", &rest)) {
        size_t at = (size_t)(s - names);
        char *name = one_line(s);
        if (*name != '\0' &&
            (d->in != NULL || !mustache_has_value(&places, at, at + strlen(s), &at)))
            rc = attachment_add(list, d->job.templates_dir, name, where, err);
        free(name);
        if (rc != RC_OK && d->job.report != NULL) { /* the next may be wrong, too */
            d->job.report(d->job.report_ctx, err);
            rc = RC_OK;
        }
    }
    free(where);
    free(names);
    mustache_places_fini(&places);
    return rc;
}

/* Those of the template, and those of this client. */
static enum rc attach(const struct draft *d, struct enclosures *list, struct err *err)
{
    enum rc rc = attach_named(d, list, err);
    for (size_t i = 0; d->in != NULL && i < d->in->n_files && rc == RC_OK; i++)
        rc = attachment_add_file(list, &d->in->files[i], err);
    return rc;
}

/* With the pictures that its words show. Takes the place of parts.html. */
static enum rc add_illustrations(const struct draft *d, struct body *body, struct letter *letter,
                                 struct err *err)
{
    const char *from = d->in != NULL ? d->in->config->email.from : NULL;
    const char *at = from != NULL ? strrchr(from, '@') : NULL;
    char *html = NULL;
    size_t shown = 0;
    struct err why = {0};
    enum rc rc =
        illustrate(body->parts.html, d->job.templates_dir, at != NULL ? at + 1 : "pps.invalid",
                   &letter->pictures, &html, &shown, &why);
    if (rc != RC_OK)
        return fail_at(d, body, shown < body->parts.n_pictures ? body->parts.pictures[shown].at : 0,
                       why.message, err);
    free(body->parts.html);
    body->parts.html = html;
    return RC_OK;
}

static enum rc fill_layouts(const struct draft *d, const struct markdown_parts *body,
                            struct letter *letter, struct err *err)
{
    char *sign_off = NULL;
    enum rc rc = fill_header(d, HEADER_SIGN_OFF, &sign_off, err);
    if (rc != RC_OK)
        return rc;
    struct frame frame = {.in = d->in,
                          .templates_dir = d->job.templates_dir,
                          .lang = letter->lang,
                          .subject = letter->subject,
                          .preheader = letter->preheader,
                          .sign_off = sign_off,
                          .way_out = &d->way_out,
                          .inside = d->job.shelf == SHELF_DIGESTS};
    rc = frame_add(&frame, d->job.data, &letter->pictures, err);
    if (rc == RC_OK)
        rc = fill_layout(&d->job, "letter.html", body->html, escape_html, &letter->html, err);
    if (rc == RC_OK)
        rc = fill_layout(&d->job, "letter.txt", body->text, escape_none, &letter->text, err);
    free(sign_off);
    return rc;
}

static enum rc write_letter(const struct draft *d, struct letter *ret, struct err *err)
{
    struct letter letter = {.lang = xstrdup(d->job.source.lang),
                            .from_agency = d->sheet.from_agency};
    struct body body = {0};
    enum rc rc = fill_header(d, HEADER_SUBJECT, &letter.subject, err);
    if (rc == RC_OK)
        rc = fill_header(d, HEADER_PREHEADER, &letter.preheader, err);
    if (rc == RC_OK)
        rc = fill_body(d, &body, err);
    if (rc == RC_OK)
        rc = add_illustrations(d, &body, &letter, err);
    if (rc == RC_OK)
        rc = attach(d, &letter.attachments, err);
    if (rc == RC_OK)
        rc = fill_layouts(d, &body.parts, &letter, err);
    body_fini(&body);
    if (rc == RC_OK)
        *ret = letter;
    else
        letter_fini(&letter);
    return rc;
}

enum rc letter_write(const struct message_input *in, struct letter *ret, struct err *err)
{
    struct message_input letter = *in;
    letter.channel = CHANNEL_EMAIL;
    struct draft d = {.in = &letter};
    enum rc rc = template_open(&letter, &d.job, err);
    if (rc == RC_OK)
        rc = sheet_take_apart(&d.job.source, &d.sheet, err);
    if (rc == RC_OK && d.sheet.from_agency) {
        letter.signer = NULL;
        value_free(d.job.data);
        d.job.data = context_new(&letter, d.job.source.lang);
    }
    if (rc == RC_OK) {
        way_out_find(&letter, letter_reply_to(&letter), &d.way_out);
        rc = write_letter(&d, ret, err);
    }
    way_out_fini(&d.way_out);
    template_close(&d.job);
    return rc;
}

static enum rc write_digest(const struct digest_input *in, struct draft *d, struct letter *ret,
                            struct err *err)
{
    d->job.data = context_digest(in, d->job.source.lang);
    enum rc rc = sheet_take_apart(&d->job.source, &d->sheet, err);
    return rc == RC_OK ? write_letter(d, ret, err) : rc;
}

enum rc letter_write_digest(const struct digest_input *in, const struct message_input *as_letter,
                            struct letter *ret, struct err *err)
{
    struct draft d = {.in = as_letter,
                      .job = {.templates_dir = in->templates_dir, .shelf = SHELF_DIGESTS}};
    const char *lang = in->config->agency.lang;
    enum rc rc = catalog_find(in->templates_dir, SHELF_DIGESTS, digest_key(in->digest->director),
                              &lang, 1, &d.job.source, err);
    if (rc == RC_OK)
        rc = write_digest(in, &d, ret, err);
    template_close(&d.job);
    return rc;
}

enum rc letter_lint_digest(const char *templates_dir, bool director, const char *lang,
                           struct err *err)
{
    struct letter letter = {0};
    struct digest digest;
    struct config config = {.agency.name = (char[]){"Agency Ltd."}};
    struct draft d = {.job = {.templates_dir = templates_dir, .shelf = SHELF_DIGESTS, .lint = true}};
    digest_sample(true, &digest);
    const struct digest_input in = {.config = &config,
                                    .colleague = &digest_sample_colleague,
                                    .digest = &digest,
                                    .templates_dir = templates_dir};
    enum rc rc = catalog_find_exact(templates_dir, SHELF_DIGESTS, digest_key(director), lang,
                                    &d.job.source, err);
    if (rc == RC_OK)
        rc = write_digest(&in, &d, &letter, err);
    letter_fini(&letter);
    template_close(&d.job);
    digest_fini(&digest);
    return rc;
}

enum rc letter_lint(const char *templates_dir, const char *step, const char *lang, struct err *err)
{
    struct letter letter = {0};
    struct draft d = {.way_out = {.address = (char[]){LETTER_SAMPLE_STOP},
                                  .mailto = (char[]){"mailto:" LETTER_SAMPLE_STOP}}};
    enum rc rc = template_open_lint(templates_dir, step, CHANNEL_EMAIL, lang, &d.job, err);
    if (rc == RC_OK)
        rc = sheet_take_apart(&d.job.source, &d.sheet, err);
    if (rc == RC_OK)
        rc = write_letter(&d, &letter, err);
    letter_fini(&letter);
    template_close(&d.job);
    return rc;
}

/* ---- a letter as it was typed ---- */

struct looking {
    const struct draft *draft;
    const struct body *body;
    const struct letter_listener *to;
};

static void on_markdown(void *ctx, bool refused, size_t at, const char *what)
{
    const struct looking *l = ctx;
    struct err fault = {0};
    (void)!fail_at(l->draft, l->body, at, what, &fault);
    (refused ? l->to->refused : l->to->noted)(l->to->ctx, &fault);
}

/* Each picture by itself. Those whose name alone is refused are told by the look at the Markdown. */
static void look_at_pictures(struct looking *l)
{
    const struct body *body = l->body;
    for (size_t i = 0; i < body->parts.n_pictures; i++) {
        const struct markdown_picture *p = &body->parts.pictures[i];
        struct enclosures list = {0};
        struct picture picture;
        struct err why = {0};
        l->to->shows(l->to->ctx, p->file);
        if (illustration_add(&list, l->draft->job.templates_dir, p->file, "pps.invalid", &picture,
                             &why) != RC_OK)
            on_markdown(l, true, p->at, why.message);
        enclosures_fini(&list);
    }
}

void letter_look(const struct letter_look *look, const struct letter_listener *to)
{
    struct draft d = {.job = {.templates_dir = look->templates_dir,
                              .shelf = CHANNEL_EMAIL,
                              .source = *look->source,
                              .data = look->data,
                              .lenient = true,
                              .report = to->refused,
                              .report_ctx = to->ctx}};
    struct body body = {0};
    struct enclosures files = {0};
    struct looking l = {&d, &body, to};
    struct err ignored = {0}; /* names and tags are others' to tell */
    if (sheet_take_apart(look->source, &d.sheet, &ignored) == RC_OK) {
        if (fill_markdown(&d, &body, &ignored) == RC_OK && !is_empty(&body)) {
            size_t at;
            markdown_look(body.markdown, &body.places, on_markdown, &l);
            if (markdown_typeset(body.markdown, &body.places, NULL, &body.parts, &at, &ignored) ==
                RC_OK)
                look_at_pictures(&l);
        }
        (void)!attach_named(&d, &files, &ignored);
    }
    enclosures_fini(&files);
    body_fini(&body);
}

enum rc letter_lint_layouts(const char *templates_dir, const struct config *config, bool sells,
                            mustache_report_fn *report, void *ctx, char **ret_html, char **ret_text)
{
    const char *lang = config->agency.lang;
    static char address[] = LETTER_SAMPLE_STOP, mailto[] = "mailto:" LETTER_SAMPLE_STOP;
    struct way_out way_out = {.address = sells ? address : NULL, .mailto = sells ? mailto : NULL};
    struct frame frame = {.templates_dir = templates_dir,
                          .lang = lang,
                          .subject = "x",
                          .preheader = "x",
                          .way_out = &way_out};
    struct enclosures none = {0};
    struct template_job job = {.templates_dir = templates_dir,
                               .shelf = CHANNEL_EMAIL,
                               .source.lang = (char *)(uintptr_t)lang,
                               .data = context_new_sample(lang),
                               .lint = true,
                               .report = report,
                               .report_ctx = ctx};
    struct err err = {0};
    context_set_agency(job.data, config, lang, true);
    enum rc rc = frame_add(&frame, job.data, &none, &err);
    enum rc html = fill_layout(&job, "letter.html", "<p>x</p>", escape_html, ret_html, &err);
    if (html != RC_OK)
        report(ctx, &err);
    enum rc text = fill_layout(&job, "letter.txt", "x", escape_none, ret_text, &err);
    if (text != RC_OK)
        report(ctx, &err);
    enclosures_fini(&none);
    value_free(job.data);
    return rc != RC_OK ? rc : html != RC_OK ? html : text;
}
