/* Any template with any data, without a client, a step or a catalogue: for authors who try something
 * out, and for tests. What values go through, and how they are bounded, is as in the messages
 * themselves. Must not touch the disk: whoever calls gives the texts. Serves cli through
 * <pps/message.h>. */
#include <stdlib.h>
#include <string.h>

#include <pps/message.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "markdown.h"
#include "mustache.h"

static char *text_of(const struct json *v, enum template_kind kind)
{
    const char *s = str_or(json_type_of(v) == JSON_NUMBER ? json_written(v) : json_string(v), "");
    return kind == TEMPLATE_MARKDOWN ? one_line(s) : xstrdup(s); /* as context.c does it */
}

/* Nothing (null) is a text that is empty: it is there, and hides what is further outside. */
static struct value *value_of(const struct json *v, enum template_kind kind)
{
    bool flag = false;
    if (json_bool(v, &flag))
        return value_flag(flag);
    enum json_type type = json_type_of(v);
    if (type != JSON_OBJECT && type != JSON_ARRAY) {
        char *text = text_of(v, kind);
        struct value *value = value_text(text);
        free(text);
        return value;
    }
    struct value *all = type == JSON_OBJECT ? value_object() : value_list();
    for (const struct json *c = json_first(v); c != NULL; c = json_next(c)) {
        if (type == JSON_OBJECT) /* whose keys are told apart when it is read */
            value_add(all, json_key(c), value_of(c, kind));
        else
            value_push(all, value_of(c, kind));
    }
    return all;
}

static enum rc check_text(const struct template_input *in, struct err *err)
{
    size_t valid = utf8_valid_until(in->text, in->len);
    const char *nul = memchr(in->text, '\0', in->len);
    size_t line = 1;
    if (valid == in->len && nul == NULL)
        return RC_OK;
    size_t at = nul != NULL && (size_t)(nul - in->text) < valid ? (size_t)(nul - in->text) : valid;
    for (size_t i = 0; i < at; i++)
        line += in->text[i] == '\n';
    return err_set(err, RC_INVALID,
                   at == valid ? "%s:%zu: the text is not UTF-8 here: save it as UTF-8"
                               : "%s:%zu: a NUL byte",
                   in->name, line);
}

static enum rc fill(const struct template_input *in, char **ret_text, size_t *ret_len,
                    struct err *err)
{
    static const struct {
        escape_fn *escape;
        enum place_language language;
    } ways[] = {
        [TEMPLATE_PLAIN] = {escape_none, PLACE_PLAIN},
        [TEMPLATE_MARKDOWN] = {escape_markdown, PLACE_MARKDOWN},
        [TEMPLATE_HTML] = {escape_html, PLACE_HTML},
    };
    const struct mustache_source source = {
        .name = in->name, .text = in->text, .len = in->len, .language = ways[in->kind].language};
    const struct mustache_options options = {.escape = ways[in->kind].escape,
                                             .allow_raw = in->lenient || in->kind == TEMPLATE_HTML,
                                             .lenient = in->lenient,
                                             .partial = in->part,
                                             .partial_ctx = in->part_ctx};
    struct mustache *mustache = NULL;
    enum rc rc = mustache_parse(&source, &mustache, err);
    if (rc != RC_OK)
        return rc;
    struct value *data = value_of(in->data, in->kind);
    rc = mustache_render(mustache, data, &options, ret_text, ret_len, err);
    value_free(data);
    mustache_free(mustache);
    return rc;
}

enum rc message_render_template(const struct template_input *in, char **ret_text, size_t *ret_len,
                                struct err *err)
{
    char *text = NULL;
    size_t len = 0;
    struct markdown_parts parts = {0};
    enum rc rc = check_text(in, err);
    if (rc == RC_OK)
        rc = fill(in, &text, &len, err);
    if (rc == RC_OK && in->to_html) {
        rc = markdown_render(text, &parts, err);
        if (rc != RC_OK)
            rc = err_prefix(err, rc, "%s", in->name);
        free(text);
        text = parts.html;
        len = text == NULL ? 0 : strlen(text);
        parts.html = NULL; /* it is text's now */
        markdown_parts_fini(&parts);
    }
    if (rc == RC_OK) {
        *ret_text = text;
        *ret_len = len;
    }
    return rc;
}
