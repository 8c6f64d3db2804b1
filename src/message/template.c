/* Brings together the catalogue, the data and the engine: what letter, sms and script have in
 * common. Knows no kind of message. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "context.h"
#include "template.h"

enum rc template_open(const struct message_input *in, struct template_job *ret, struct err *err)
{
    struct template_job job = {.templates_dir = in->templates_dir, .shelf = in->channel};
    const char *langs[] = {in->client->lang, in->config->agency.lang};
    enum rc rc = catalog_find(in->templates_dir, in->channel, in->step, langs,
                              sizeof langs / sizeof *langs, &job.source, err);
    if (rc != RC_OK)
        return rc;
    job.data = context_new(in, job.source.lang);
    *ret = job;
    return RC_OK;
}

enum rc template_open_lint(const char *templates_dir, const char *step, enum channel channel,
                           const char *lang, struct template_job *ret, struct err *err)
{
    struct template_job job = {.templates_dir = templates_dir, .shelf = channel, .lint = true};
    enum rc rc = catalog_find_exact(templates_dir, channel, step, lang, &job.source, err);
    if (rc != RC_OK)
        return rc;
    job.data = context_new_sample(job.source.lang);
    *ret = job;
    return RC_OK;
}

void template_close(struct template_job *job)
{
    template_text_fini(&job->source);
    value_free(job->data);
    *job = (struct template_job){0};
}

static enum rc find_partial(void *ctx, const char *name, char **ret_name, char **ret_text,
                            struct err *err)
{
    const struct template_job *job = ctx;
    struct template_text found = {0};
    enum rc rc =
        catalog_find_partial(job->templates_dir, job->shelf, name, job->source.lang, &found, err);
    if (rc != RC_OK)
        return rc;
    *ret_name = found.name;
    *ret_text = found.text;
    free(found.lang);
    return RC_OK;
}

static enum place_language language_of(escape_fn *escape)
{
    return escape == escape_markdown ? PLACE_MARKDOWN
           : escape == escape_html   ? PLACE_HTML
                                     : PLACE_PLAIN;
}

enum rc template_fill(const struct template_job *job, const struct mustache_source *part,
                      escape_fn *escape, bool allow_raw, char **ret_text, struct err *err)
{
    struct template_job copy = *job; /* the engine's callback takes a void * that is not const */
    struct mustache_options options = {.escape = escape,
                                       .allow_raw = allow_raw,
                                       .watch = allow_raw ? LEFTOVER_NAMES : LEFTOVER_BRACES,
                                       .partial = find_partial,
                                       .partial_ctx = &copy,
                                       .whole = job->whole,
                                       .times = job->times,
                                       .lenient = job->lenient,
                                       .places = job->places,
                                       .report = job->report,
                                       .report_ctx = job->report_ctx};
    struct mustache *mustache = NULL;
    struct mustache_source source = *part;
    source.language = language_of(escape);
    enum rc rc = mustache_parse(&source, &mustache, err);
    if (rc == RC_OK && job->lint)
        rc = mustache_check(mustache, job->data, &options, err);
    if (rc == RC_OK)
        rc = mustache_render(mustache, job->data, &options, ret_text, NULL, err);
    mustache_free(mustache);
    return rc;
}

enum rc template_fill_part(const struct template_job *job, const struct mustache_source *part,
                           char **ret_text, struct err *err)
{
    char *text = NULL;
    enum rc rc = template_fill(job, part, escape_none, false, &text, err);
    if (rc != RC_OK)
        return rc;
    if (str_trim(text)[0] == '\0') {
        free(text);
        return err_set(err, RC_INVALID, "%s:1: nothing is left of the text for this client",
                       job->source.name);
    }
    *ret_text = text;
    return RC_OK;
}

enum rc template_fill_plain(const struct template_job *job, char **ret_text, struct err *err)
{
    const struct template_text *source = &job->source;
    struct mustache_source all = {
        .name = source->name, .text = source->text, .len = strlen(source->text)};
    return template_fill_part(job, &all, ret_text, err);
}
