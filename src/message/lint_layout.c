/* The two layouts, the frame of all letters: what would hold every one of them is told once, and what a reader of every one
 * would miss. Serves lint.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/file.h>
#include <pps/str.h>

#include "context.h"
#include "letter.h"
#include "lint.h"

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

void lint_layouts(struct lint *l)
{
    const struct lint_input *in = l->in;
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
