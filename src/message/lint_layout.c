/* The two layouts, the frame of all letters: what would hold every one of them is told once, and what a reader of every one
 * would miss. Serves lint.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/file.h>
#include <pps/str.h>

#include "context.h"
#include "letter.h"
#include "lint.h"
#include "mustache_ops.h"

static void on_fault(void *ctx, const struct err *fault)
{
    lint_find_err(ctx, true, fault, "layout", NULL);
}

static void check_names(struct lint *l, const char *file, const char *filled, const char *stop)
{
    char *name = xasprintf("layout/%s", file);
    char *path = file_join(str_or(l->in->templates_dir, "templates"), name);
    if (filled != NULL && strstr(filled, CONTEXT_SAMPLE_SIGNER) == NULL)
        lint_find(l, false, path, 1, 1,
                  "does not say who signs: write {{signer.name}} where the signature goes");
    if (filled != NULL && strstr(filled, LETTER_SAMPLE_STOP) == NULL)
        lint_find(
            l, false, path, 1, 1,
            "does not say how to get no more letters that sell: write {{#stop}}{{stop.question}} "
            "{{%s}}{{/stop}}",
            stop);
    free(path);
    free(name);
}

/* What a layout includes it takes from the folder of each letter's language. */
static void note_partials(struct lint *l, const struct ops *ops, const char *lang, size_t depth)
{
    for (size_t i = 0; i < ops->n && depth < MUSTACHE_MAX_DEPTH; i++) {
        const struct op *op = &ops->v[i];
        struct template_text found = {0};
        struct mustache *partial = NULL;
        note_partials(l, &op->body, lang, depth + 1);
        if (op->kind != OP_PARTIAL || catalog_find_partial(l->in->templates_dir, CHANNEL_EMAIL,
                                                           op->name, lang, &found, NULL) != RC_OK)
            continue;
        struct mustache_source source = {
            .name = found.name, .text = found.text, .len = strlen(found.text)};
        if (!lint_names_has(&l->partials, found.name) &&
            mustache_parse(&source, &partial, NULL) == RC_OK)
            note_partials(l, &partial->ops, lang, depth + 1);
        lint_names_add(&l->partials, found.name);
        mustache_free(partial);
        template_text_fini(&found);
    }
}

static void note_layout(struct lint *l, const char *file)
{
    struct template_text layout = {0};
    struct mustache *m = NULL;
    if (catalog_find_layout(l->in->templates_dir, file, &layout, NULL) != RC_OK)
        return; /* it is told already */
    struct mustache_source source = {
        .name = layout.name, .text = layout.text, .len = strlen(layout.text)};
    if (mustache_parse(&source, &m, NULL) == RC_OK) {
        for (size_t i = 0; i < l->langs.n; i++)
            note_partials(l, &m->ops, l->langs.v[i], 0);
    }
    mustache_free(m);
    template_text_fini(&layout);
}

void lint_layouts(struct lint *l)
{
    const struct lint_input *in = l->in;
    note_layout(l, "letter.html");
    note_layout(l, "letter.txt");
    for (int sells = 0; sells <= 1; sells++) {
        char *html = NULL, *text = NULL;
        (void)!letter_lint_layouts(in->templates_dir, in->config, sells, on_fault, l, &html, &text);
        if (sells) {
            check_names(l, "letter.html", html, "stop.url");
            check_names(l, "letter.txt", text, "stop.text");
        }
        free(html);
        free(text);
    }
}
