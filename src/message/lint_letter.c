/* What becomes of the Markdown of a letter, of its pictures and its attachments, looked at by the hands that make it when it
 * goes: once with every section taken, and once more for each thing that a section says is not there. Serves lint.c. */
#include <string.h>

#include <pps/str.h>

#include "context.h"
#include "letter.h"
#include "lint.h"

static void on_refused(void *ctx, const struct err *fault)
{
    struct lint_page *page = ctx;
    lint_find_err(page->lint, true, fault, page->source.name, NULL);
    page->holds = true;
}

static void on_noted(void *ctx, const struct err *fault)
{
    const struct lint_page *page = ctx;
    lint_find_err(page->lint, false, fault, page->source.name, NULL);
}

static void on_picture(void *ctx, const char *file)
{
    const struct lint_page *page = ctx;
    lint_names_add(&page->lint->pictures, file);
}

static void look(struct lint_page *page, const char *without)
{
    struct value *data = context_new_sample(page->source.lang);
    struct letter_listener to = {page, on_refused, on_noted, on_picture};
    struct letter_look look = {page->lint->in->templates_dir, &page->source, data};
    context_set_agency(data, page->lint->in->config, page->source.lang, false);
    if (without != NULL)
        lint_switch(data, without, false);
    letter_look(&look, &to);
    value_free(data);
}

void lint_letter(struct lint_page *page)
{
    look(page, NULL);
    for (size_t i = 0; i < page->denied.n; i++) {
        if (strchr(page->denied.v[i], '[') == NULL) /* not of each in a list */
            look(page, page->denied.v[i]);
    }
}
