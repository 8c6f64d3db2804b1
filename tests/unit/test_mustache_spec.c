/* The Mustache engine by the public specification, one case for each of its tests, through the door
 * that `pps render --lenient` uses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pps/message.h>
#include <pps/str.h>

#include "mustache_spec.h"

/* ' stands for ", so that the table can be read. */
static struct json_doc *document(const char *text)
{
    char *copy = xstrdup(text);
    struct json_doc *doc = NULL;
    struct err err = {0};
    for (char *c = copy; *c != '\0'; c++)
        *c = *c == '\'' ? '"' : *c;
    if (json_parse(copy, strlen(copy), "data", false, &doc, &err) != RC_OK)
        fail_msg("%s: %s", err.message, copy);
    json_keep_numbers(doc);
    free(copy);
    return doc;
}

static enum rc give_partial(void *ctx, const char *name, char **ret_name, char **ret_text,
                            struct err *err)
{
    const char *text = json_string(json_get(ctx, name));
    if (text == NULL)
        return err_set(err, RC_NOTFOUND, "there is no such part");
    *ret_name = xstrdup(name);
    *ret_text = xstrdup(text);
    return RC_OK;
}

static void run_case(const struct spec_case *c)
{
    struct json_doc *data = document(c->data), *partials = document(str_or(c->partials, "{}"));
    const struct template_input in = {.name = "t.html",
                                      .text = c->template,
                                      .len = strlen(c->template),
                                      .data = json_root(data),
                                      .kind = TEMPLATE_HTML,
                                      .lenient = true,
                                      .part = give_partial,
                                      .part_ctx = (void *)(uintptr_t)json_root(partials)};
    char *text = NULL;
    size_t len = 0;
    struct err err = {0};
    enum rc rc = message_render_template(&in, &text, &len, &err);
    if (rc != RC_OK || strcmp(text, c->expected) != 0 || strlen(text) != len)
        fail_msg("%s: \"%s\", expected \"%s\" (%s)", c->name, text ? text : "-", c->expected,
                 err.message);
    free(text);
    json_doc_free(data);
    json_doc_free(partials);
}

static void every_rule_of_the_specification_holds(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof spec_cases / sizeof *spec_cases; i++)
        run_case(&spec_cases[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_of_the_specification_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
