/* Fuzz target: any template with any data. The input is one character for the kind (its bits: plain,
 * Markdown or HTML; strict or lenient; HTML of Markdown), the template, a zero, and the data as JSON.
 *
 * What must hold: no memory error; valid UTF-8, bounded in length; the same twice; every error is one
 * line; what the check has passed names nothing unknown; and no value is seen in HTML as it is. */
#include <pps/message.h>

#include "../../src/message/mustache.h"
#include "fuzz.h"

static const char default_data[] =
    "{\"a\":\"x\",\"b\":{\"c\":\"\"},\"d\":[{\"a\":1},{\"a\":2}],\"e\":true}";

static enum rc part(void *ctx, const char *name, char **ret_name, char **ret_text, struct err *err)
{
    if (strcmp(name, "p") != 0)
        return err_set(err, RC_NOTFOUND, "there is no such part");
    *ret_name = xstrdup("p");
    *ret_text = xstrdup(ctx);
    return RC_OK;
}

/* Through the door of the room, twice. */
static void render(const char *template, size_t len, const struct json *data, unsigned kind)
{
    struct template_input in = {.name = "t",
                                .text = template,
                                .len = len,
                                .data = data,
                                .kind = (enum template_kind)(kind % 3),
                                .lenient = (kind & 8) != 0,
                                .part = part,
                                .part_ctx = (void *)(uintptr_t) template};
    in.to_html = in.kind == TEMPLATE_MARKDOWN && (kind & 16) != 0;
    char *text = NULL, *again = NULL;
    size_t text_len = 0, again_len = 0;
    struct err err = {0}, err_again = {0};
    enum rc rc = message_render_template(&in, &text, &text_len, &err);
    PROMISE(rc == message_render_template(&in, &again, &again_len, &err_again));
    PROMISE(strcmp(err.message, err_again.message) == 0);
    if (rc == RC_OK) {
        PROMISE(is_sound(text, text_len));
        PROMISE(in.to_html || text_len <= MUSTACHE_MAX_OUTPUT);
        PROMISE(text_len == again_len && memcmp(text, again, text_len) == 0);
        PROMISE(!in.to_html || strstr(text, "<script") == NULL);
    } else {
        PROMISE(text == NULL && is_line(&err));
    }
    free(text);
    free(again);
}

/* Every name there is stands for the canary, so that the template goes far. */
static struct value *canaries(void)
{
    struct value *all = value_object(), *list = value_list(), *object = value_object();
    value_set(object, "a", value_text(CANARY));
    value_set_others(object, value_text(CANARY));
    value_push(list, object);
    value_set(all, "d", list);
    value_set(all, "e", value_flag(true));
    value_set_others(all, value_text(CANARY));
    return all;
}

static void note(void *ctx, const struct err *fault)
{
    PROMISE(is_line(fault));
    ++*(size_t *)ctx;
}

static void look_for_canaries(const char *template, size_t len, enum place_language language,
                              escape_fn *escape)
{
    if (memmem(template, len, "cnry", 4) != NULL || utf8_valid_until(template, len) < len)
        return;
    size_t faults = 0;
    struct mustache_options options = {.escape = escape,
                                       .partial = part,
                                       .partial_ctx = (void *)(uintptr_t) template,
                                       .report = note,
                                       .report_ctx = &faults};
    struct mustache *m = NULL;
    struct value *data = canaries();
    struct err err = {0};
    char *text = NULL;
    if (mustache_parse(
            &(struct mustache_source){
                .name = "t", .text = template, .len = len, .language = language},
            &m, &err) == RC_OK) {
        enum rc checked = mustache_check(m, data, &options, &err);
        PROMISE((checked == RC_OK) == (faults == 0));
        enum rc rc = mustache_render(m, data, &options, &text, NULL, &err);
        PROMISE(rc == RC_OK || is_line(&err));
        PROMISE(rc == RC_OK || checked != RC_OK || strstr(err.message, ": unknown ") == NULL);
        PROMISE(rc != RC_OK || language == PLACE_PLAIN || strstr(text, CANARY_BARE) == NULL);
    }
    free(text);
    mustache_free(m);
    value_free(data);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size < 2 || size > 20000)
        return 0;
    char *input = xstrndup((const char *)bytes + 1, size - 1); /* as far as the first zero */
    size_t len = strlen(input);
    const char *json = len + 2 <= size ? (const char *)bytes + len + 2 : default_data;
    size_t json_len = json == default_data ? strlen(json) : size - len - 2;
    struct json_doc *doc = NULL;
    struct err err = {0};
    if (json_parse(json, json_len, "data", false, &doc, &err) != RC_OK) {
        PROMISE(is_line(&err));
        PROMISE(json_parse(default_data, strlen(default_data), "data", false, &doc, &err) == RC_OK);
    }
    json_keep_numbers(doc);
    render(input, len, json_root(doc), bytes[0]);
    look_for_canaries(input, len, PLACE_HTML, escape_html);
    look_for_canaries(input, len, PLACE_MARKDOWN, escape_markdown);
    json_doc_free(doc);
    free(input);
    return 0;
}
