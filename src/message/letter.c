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

static enum rc fill_body(const struct template_job *job, const struct sheet *sheet,
                         struct markdown_parts *ret, struct err *err)
{
    char *markdown = NULL;
    enum rc rc = template_fill(job, &sheet->body, escape_markdown, false, &markdown, err);
    if (rc != RC_OK)
        return rc;
    if (markdown[strspn(markdown, " \t\n")] == '\0') {
        rc = err_set(err, RC_INVALID, "%s:%zu: the letter has no body", job->source.name,
                     sheet->body.line);
    } else {
        rc = markdown_typeset(markdown, job->source.lang, job->lint, ret, err);
        if (rc != RC_OK)
            rc = err_prefix(err, rc, "%s", job->source.name);
    }
    free(markdown);
    return rc;
}

static enum rc fill_layout(const struct template_job *job, const char *file, const char *body,
                           escape_fn *escape, char **ret, struct err *err)
{
    struct template_text layout = {0};
    enum rc rc = catalog_find_layout(job->templates_dir, file, &layout, err);
    if (rc != RC_OK)
        return rc;
    value_set(job->data, "body", value_text(body));
    struct mustache_source all = {
        .name = layout.name, .text = layout.text, .len = strlen(layout.text)};
    rc = template_fill(job, &all, escape, true, ret, err);
    template_text_fini(&layout);
    return rc;
}

/* "memo.pdf, visa.pdf"; sections may leave some of them out, or all. */
static enum rc attach_named(const struct draft *d, struct enclosures *list, struct err *err)
{
    const struct mustache_source *part = &d->sheet.headers[HEADER_ATTACHMENTS];
    char *filled = NULL, *rest = NULL;
    if (part->text == NULL)
        return RC_OK;
    enum rc rc = template_fill(&d->job, part, escape_none, false, &filled, err);
    if (rc != RC_OK)
        return rc;
    char *names = one_line(filled), *where = xasprintf("%s:%zu", part->name, part->line);
    for (char *name = strtok_r(names, ",", &rest); name != NULL && rc == RC_OK;
         name = strtok_r(NULL, ",", &rest)) {
        name = str_trim(name);
        if (*name != '\0')
            rc = attachment_add(list, d->job.templates_dir, name, where, err);
    }
    free(where);
    free(names);
    free(filled);
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

/* With the pictures that its words show. Takes the place of body->html. */
static enum rc add_illustrations(const struct draft *d, struct markdown_parts *body,
                                 struct letter *letter, struct err *err)
{
    const char *from = d->in != NULL ? d->in->config->email.from : NULL;
    const char *at = from != NULL ? strrchr(from, '@') : NULL;
    char *html = NULL;
    enum rc rc = illustrate(body->html, d->job.templates_dir, at != NULL ? at + 1 : "pps.invalid",
                            &letter->pictures, &html, err);
    if (rc != RC_OK)
        return err_prefix(err, rc, "%s", d->job.source.name);
    free(body->html);
    body->html = html;
    return RC_OK;
}

static enum rc fill_layouts(const struct draft *d, const struct markdown_parts *body,
                            struct letter *letter, struct err *err)
{
    struct frame frame = {.in = d->in,
                          .templates_dir = d->job.templates_dir,
                          .lang = letter->lang,
                          .subject = letter->subject,
                          .preheader = letter->preheader,
                          .way_out = &d->way_out,
                          .inside = d->job.shelf == SHELF_DIGESTS};
    enum rc rc = frame_add(&frame, d->job.data, &letter->pictures, err);
    if (rc == RC_OK)
        rc = fill_layout(&d->job, "letter.html", body->html, escape_html, &letter->html, err);
    if (rc == RC_OK)
        rc = fill_layout(&d->job, "letter.txt", body->text, escape_none, &letter->text, err);
    return rc;
}

static enum rc write_letter(const struct draft *d, struct letter *ret, struct err *err)
{
    struct letter letter = {.lang = xstrdup(d->job.source.lang),
                            .from_agency = d->sheet.from_agency};
    struct markdown_parts body = {0};
    enum rc rc = fill_header(d, HEADER_SUBJECT, &letter.subject, err);
    if (rc == RC_OK)
        rc = fill_header(d, HEADER_PREHEADER, &letter.preheader, err);
    if (rc == RC_OK)
        rc = fill_body(&d->job, &d->sheet, &body, err);
    if (rc == RC_OK)
        rc = add_illustrations(d, &body, &letter, err);
    if (rc == RC_OK)
        rc = attach(d, &letter.attachments, err);
    if (rc == RC_OK)
        rc = fill_layouts(d, &body, &letter, err);
    markdown_parts_fini(&body);
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
    struct draft d = {.way_out = {.address = (char[]){"stop@agency.example"},
                                  .mailto = (char[]){"mailto:stop@agency.example"}}};
    enum rc rc = template_open_lint(templates_dir, step, CHANNEL_EMAIL, lang, &d.job, err);
    if (rc == RC_OK)
        rc = sheet_take_apart(&d.job.source, &d.sheet, err);
    if (rc == RC_OK)
        rc = write_letter(&d, &letter, err);
    letter_fini(&letter);
    template_close(&d.job);
    return rc;
}
