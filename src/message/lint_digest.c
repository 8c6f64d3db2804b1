/* The lists of the morning among the templates that are looked at: they are of no step, and what they speak of is no client.
 * Otherwise every check of a letter is one of theirs. Serves lint.c. */
#include <stdlib.h>

#include <pps/file.h>
#include <pps/str.h>

#include "context.h"
#include "context_digest.h"
#include "letter.h"
#include "lint.h"

unsigned lint_shelf(const struct lint_page *page)
{
    return page->digest != NULL ? (unsigned)SHELF_DIGESTS : (unsigned)page->channel;
}

static struct value *data_of(const struct lint_page *page, const struct digest *digest)
{
    const struct digest_input in = {
        .config = page->lint->in->config, .colleague = &digest_sample_colleague, .digest = digest};
    return context_digest(&in, page->source.lang);
}

struct value *lint_full_data(const struct lint_page *page)
{
    if (page->digest != NULL)
        return data_of(page, page->digest);
    struct value *data = context_new_sample(page->source.lang);
    context_refuse_loser(data, page->step->series, page->channel);
    return data;
}

struct value *lint_least_data(const struct lint_page *page)
{
    struct lint_client least;
    struct digest little;
    if (page->digest == NULL) {
        lint_least(page, &least);
        return context_new(&least.in, page->source.lang);
    }
    digest_sample(false, &little);
    struct value *data = data_of(page, &little);
    digest_fini(&little);
    return data;
}

struct value *lint_most_data(const struct lint_page *page)
{
    struct lint_client most;
    if (page->digest != NULL)
        return data_of(page, page->digest);
    lint_most_on_its_day(page, &most);
    return context_new(&most.in, page->source.lang);
}

enum rc lint_whole_digest(const struct lint_page *page, struct err *err)
{
    return letter_lint_digest(page->lint->in->templates_dir, page->digest->director,
                              page->source.lang, err);
}

/* In the language of the page, whatever the agency's is. */
enum rc lint_least_digest(const struct lint_page *page, struct err *err)
{
    struct letter letter = {0};
    struct digest little;
    struct config config = *page->lint->in->config;
    digest_sample(false, &little);
    little.director = page->digest->director;
    config.agency.lang = page->source.lang;
    const struct client reader = {.name = digest_sample_colleague.name,
                                  .email = digest_sample_colleague.email};
    const struct digest_input in = {.config = &config,
                                    .colleague = &digest_sample_colleague,
                                    .digest = &little,
                                    .templates_dir = page->lint->in->templates_dir};
    const struct message_input as_letter = {.config = &config,
                                            .client = &reader,
                                            .channel = CHANNEL_EMAIL,
                                            .templates_dir = in.templates_dir};
    enum rc rc = letter_write_digest(&in, &as_letter, &letter, err);
    letter_fini(&letter);
    digest_fini(&little);
    return rc;
}

static void check_one(struct lint *l, const struct digest *full, const char *path, const char *lang)
{
    static char key[] = "digest";
    const struct step no_step = {.key = key, .channel = CHANNEL_EMAIL};
    struct lint_page page = {.lint = l, .step = &no_step, .channel = CHANNEL_EMAIL, .digest = full};
    struct err err = {0};
    enum rc rc = catalog_find_exact(l->in->templates_dir, SHELF_DIGESTS, digest_key(full->director),
                                    lang, &page.source, &err);
    if (rc == RC_OK)
        lint_check_page(&page);
    else
        lint_find_err(l, true, &err, path, NULL);
    lint_names_fini(&page.asked);
    lint_names_fini(&page.denied);
    template_text_fini(&page.source);
}

/* One that goes out, or that somebody has written for that. */
static bool is_wanted(const struct lint *l, const char *path, const char *lang)
{
    char *own = l->in->templates_dir != NULL ? file_join(l->in->templates_dir, path) : NULL;
    char *built_in = xasprintf("templates/%s", path);
    bool there = own != NULL && file_exists(own);
    bool goes = l->in->config->digest.at != MINUTE_NONE &&
                str_eq(lang, l->in->config->agency.lang) && embedded_find(built_in) != NULL;
    free(built_in);
    free(own);
    return there || goes;
}

void lint_digests(struct lint *l)
{
    struct digest full;
    digest_sample(true, &full);
    for (size_t i = 0; i < l->langs.n * 2; i++) {
        const char *lang = l->langs.v[i / 2];
        full.director = i % 2 != 0;
        char *path = xasprintf("digests/%s/%s.md", lang, digest_key(full.director));
        if (is_wanted(l, path, lang))
            check_one(l, &full, path, lang);
        free(path);
    }
    digest_fini(&full);
}
