/* A letter from its template: header lines, body, layout. The body is filled first and becomes
 * Markdown only then, with every value escaped, so data cannot turn into markup. The layouts add
 * what authors never write: the frame, the sign-off, the signature. Knows nothing of e-mail. Serves
 * email.c and the checks. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "letter.h"
#include "markdown.h"
#include "template.h"
#include "typography.h"
#include "words.h"

enum { SUBJECT_MAX_COLUMNS = 200 };

enum header { HEADER_SUBJECT, HEADER_PREHEADER, HEADER_COUNT };
static const char *const header_names[HEADER_COUNT] = {
    [HEADER_SUBJECT] = "Subject", [HEADER_PREHEADER] = "Preheader"};

/* A template taken apart; text is NULL for a header that is not there. */
struct sheet {
    struct mustache_source headers[HEADER_COUNT];
    struct mustache_source body;
};

void letter_fini(struct letter *letter)
{
    free(letter->subject);
    free(letter->preheader);
    free(letter->html);
    free(letter->text);
    free(letter->lang);
    *letter = (struct letter){0};
}

/* --- header lines ----------------------------------------------------------------------------- */

static enum rc unknown_header(const char *name, const char *file, size_t line, struct err *err)
{
    const char *nearest = str_nearest(name, header_names, HEADER_COUNT);
    if (nearest == NULL)
        return err_set(err, RC_INVALID,
                       "%s:%zu: unknown header \"%s\"; there are Subject and Preheader", file, line,
                       name);
    return err_set(err, RC_INVALID, "%s:%zu: unknown header \"%s\": did you mean \"%s\"?", file,
                   line, name, nearest);
}

/* One header line of len bytes at s. */
static enum rc read_header(const char *s, size_t len, const char *file, size_t line,
                           struct sheet *sheet, struct err *err)
{
    const char *colon = memchr(s, ':', len);
    if (colon == NULL || memchr(s, '{', (size_t)(colon - s)) != NULL)
        return err_set(err, RC_INVALID,
                       "%s:%zu: a letter begins with lines like \"Subject: ...\" and an empty line",
                       file, line);
    char *name = xstrndup(s, (size_t)(colon - s));
    enum rc rc = RC_OK;
    size_t h = 0;
    while (h < HEADER_COUNT && strcmp(header_names[h], name) != 0)
        h++;
    if (h == HEADER_COUNT) {
        rc = unknown_header(name, file, line, err);
    } else if (sheet->headers[h].text != NULL) {
        rc = err_set(err, RC_INVALID, "%s:%zu: \"%s\" is given twice", file, line, name);
    } else {
        size_t at = (size_t)(colon - s) + 1;
        while (at < len && s[at] == ' ')
            at++;
        sheet->headers[h] = (struct mustache_source){
            .name = file, .text = s + at, .len = len - at, .line = line, .column = at + 1};
    }
    free(name);
    return rc;
}

static enum rc take_apart(const struct template_text *source, struct sheet *ret, struct err *err)
{
    struct sheet sheet = {0};
    const char *s = source->text;
    size_t line = 1;
    for (;; line++) {
        size_t len = strcspn(s, "\n");
        bool blank = strspn(s, " \t") >= len;
        if (!blank && !str_starts(s, "{{!")) {
            enum rc rc = read_header(s, len, source->name, line, &sheet, err);
            if (rc != RC_OK)
                return rc;
        }
        s += len + (s[len] == '\n');
        if (blank || *s == '\0')
            break;
    }
    if (sheet.headers[HEADER_SUBJECT].text == NULL)
        return err_set(err, RC_INVALID, "%s:1: there is no line \"Subject: ...\" at the top",
                       source->name);
    sheet.body = (struct mustache_source){
        .name = source->name, .text = s, .len = strlen(s), .line = line + 1};
    *ret = sheet;
    return RC_OK;
}

/* --- parts ------------------------------------------------------------------------------------ */

/* A header's value as one line, "" when there is none. */
static enum rc fill_header(const struct template_job *job, const struct sheet *sheet,
                           enum header header, char **ret, struct err *err)
{
    const struct mustache_source *part = &sheet->headers[header];
    char *filled = NULL;
    if (part->text == NULL) {
        *ret = xstrdup("");
        return RC_OK;
    }
    enum rc rc = template_fill(job, part, escape_none, false, &filled, err);
    if (rc != RC_OK)
        return rc;
    char *set = typography(filled, job->source.lang);
    char *line = one_header_line(typography_plain(set));
    free(set);
    free(filled);
    if (line[0] == '\0') {
        free(line);
        return err_set(err, RC_INVALID, "%s:%zu: the %s is empty", part->name, part->line,
                       header_names[header]);
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

/* What the layouts may speak of beside the variables of every template. */
static void add_layout_data(const struct template_job *job, const char *subject,
                            const char *preheader)
{
    struct value *data = job->data;
    const struct value *signer = value_member(data, "signer", strlen("signer"));
    const struct value *agency = value_member(data, "agency", strlen("agency"));
    const char *who = value_get_text(value_member(signer, "name", strlen("name")));
    const char *where = value_get_text(value_member(agency, "name", strlen("name")));
    value_set(data, "subject", value_text(subject));
    value_set(data, "preheader", value_text(preheader));
    value_set(data, "sign_off", value_text(words_sign_off(job->source.lang)));
    value_set(data, "signed_by_agency", value_flag(strcmp(who, where) == 0));
}

static enum rc write_letter(const struct template_job *job, struct letter *ret, struct err *err)
{
    struct letter letter = {.lang = xstrdup(job->source.lang)};
    struct markdown_parts body = {0};
    struct sheet sheet;
    enum rc rc = take_apart(&job->source, &sheet, err);
    if (rc == RC_OK)
        rc = fill_header(job, &sheet, HEADER_SUBJECT, &letter.subject, err);
    if (rc == RC_OK)
        rc = fill_header(job, &sheet, HEADER_PREHEADER, &letter.preheader, err);
    if (rc == RC_OK)
        rc = fill_body(job, &sheet, &body, err);
    if (rc != RC_OK)
        goto out;
    add_layout_data(job, letter.subject, letter.preheader);
    rc = fill_layout(job, "letter.html", body.html, escape_html, &letter.html, err);
    if (rc == RC_OK)
        rc = fill_layout(job, "letter.txt", body.text, escape_none, &letter.text, err);
out:
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
    struct template_job job = {0};
    enum rc rc = template_open(&letter, &job, err);
    if (rc == RC_OK)
        rc = write_letter(&job, ret, err);
    template_close(&job);
    return rc;
}

enum rc letter_lint(const char *templates_dir, const char *step, const char *lang, struct err *err)
{
    struct template_job job = {0};
    struct letter letter = {0};
    enum rc rc = template_open_lint(templates_dir, step, CHANNEL_EMAIL, lang, &job, err);
    if (rc == RC_OK)
        rc = write_letter(&job, &letter, err);
    letter_fini(&letter);
    template_close(&job);
    return rc;
}
