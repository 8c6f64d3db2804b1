/* The first half of the Mustache engine: text -> tree of operations. Knows the syntax and the rule
 * of the specification that a tag alone on its line takes the whole line with it; knows no data.
 * Serves mustache.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "mustache_ops.h"

enum { MAX_DELIMITER = 8 };

struct parser {
    struct mustache *m;
    size_t at; /* everything before is in the tree */
    size_t seen, line, column; /* the place up to which lines were counted */
    char open[MAX_DELIMITER + 1], close[MAX_DELIMITER + 1];
    struct op *sections[MUSTACHE_MAX_DEPTH]; /* the open ones, outermost first */
    size_t depth;
    struct place_scan scan;
    struct err *err;
};

struct tag {
    size_t start, end; /* with the delimiters */
    char sigil;        /* # ^ / > ! = { & or 0 for {{name}} */
    size_t content, content_len;
    bool alone; /* on its line */
    size_t line_start, line_end;
};

enum rc mustache_fail(const struct mustache *m, size_t at, struct err *err, const char *fmt, ...)
{
    char what[ERR_MESSAGE_BYTES];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    size_t line = m->line, column = m->column;
    for (size_t i = 0; i < at; i++) {
        if (m->text[i] == '\n') {
            line++;
            column = 1;
        } else if (((unsigned char)m->text[i] & 0xC0) != 0x80) {
            column++;
        }
    }
    column = column > m->indent ? column - m->indent : 1;
    return err_set(err, RC_INVALID, "%s:%zu:%zu: %s", m->name, line, column, what);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Bytes of the blank with which s begins; 0: none. In a tag one that does not break is a blank, too: word processors put
 * it there, and nobody sees it. */
static size_t blank_at(const char *s, const char *end)
{
    static const char *const hard[] = {"\u00A0", "\u202F"};
    if (s < end && is_space(*s))
        return 1;
    for (size_t i = 0; i < sizeof hard / sizeof *hard; i++) {
        size_t n = strlen(hard[i]);
        if ((size_t)(end - s) >= n && memcmp(s, hard[i], n) == 0)
            return n;
    }
    return 0;
}

static const char *skip_blanks(const char *s, const char *end)
{
    for (size_t n; (n = blank_at(s, end)) > 0;)
        s += n;
    return s;
}

/* The end of what stands before the blanks at the end. */
static const char *trim_blanks(const char *s, const char *end)
{
    const char *last = s;
    while (s < end) {
        size_t n = blank_at(s, end);
        s += n > 0 ? n : 1;
        last = n > 0 ? last : s;
    }
    return last;
}

/* The offset of needle at or after `from`, or len when there is none. */
static size_t find(const struct mustache *m, size_t from, const char *needle)
{
    const char *at = memmem(m->text + from, m->len - from, needle, strlen(needle));
    return at == NULL ? m->len : (size_t)(at - m->text);
}

static struct ops *current_ops(struct parser *p)
{
    return p->depth == 0 ? &p->m->ops : &p->sections[p->depth - 1]->body;
}

/* Operations are met in the order of the text, so each byte is counted once. */
static void count_lines(struct parser *p, size_t to)
{
    for (; p->seen < to; p->seen++) {
        char c = p->m->text[p->seen];
        if (c == '\n') {
            p->line++;
            p->column = 1;
        } else if (((unsigned char)c & 0xC0) != 0x80) {
            p->column++;
        }
    }
}

static struct op *add_op(struct parser *p, struct op op)
{
    count_lines(p, op.at);
    op.line = p->line;
    op.column = p->column;
    struct ops *ops = current_ops(p);
    vec_reserve(&ops->v, ops->n, &ops->cap, sizeof *ops->v);
    ops->v[ops->n] = op;
    return &ops->v[ops->n++];
}

static void add_text(struct parser *p, size_t end)
{
    if (end <= p->at)
        return;
    add_op(p, (struct op){.kind = OP_TEXT, .at = p->at, .len = end - p->at});
    place_text(&p->scan, p->m->text + p->at, end - p->at);
}

static void find_line(const struct mustache *m, struct tag *tag)
{
    const char *s = m->text;
    size_t start = tag->start, end = tag->end;
    while (start > 0 && (s[start - 1] == ' ' || s[start - 1] == '\t'))
        start--;
    while (end < m->len && (s[end] == ' ' || s[end] == '\t' || s[end] == '\r'))
        end++;
    tag->alone = (start == 0 || s[start - 1] == '\n') && (end == m->len || s[end] == '\n');
    tag->line_start = start;
    tag->line_end = end < m->len ? end + 1 : end;
}

/* Reads the tag that opens at `start`. */
static enum rc read_tag(struct parser *p, size_t start, struct tag *ret)
{
    const struct mustache *m = p->m;
    struct tag tag = {.start = start};
    const char *text = m->text, *end = m->text + m->len;
    size_t from = (size_t)(skip_blanks(text + start + strlen(p->open), end) - text);
    if (from < m->len && strchr("#^/>!={&", m->text[from]) != NULL && m->text[from] != '\0')
        tag.sigil = m->text[from++];
    char close[MAX_DELIMITER + 2];
    const char *prefix = tag.sigil == '{' ? "}" : tag.sigil == '=' ? "=" : "";
    (void)snprintf(close, sizeof close, "%s%s", prefix, p->close);
    size_t to = find(m, from, close);
    bool names = tag.sigil != '!' && tag.sigil != '=';
    bool another = names && find(m, from, p->open) < to; /* the end is that one's */
    if (to == m->len || another)
        return mustache_fail(m, start, p->err, "the tag is not closed: \"%s\" is missing", close);
    tag.end = to + strlen(close);
    const char *content = skip_blanks(text + from, text + to);
    tag.content = (size_t)(content - text);
    tag.content_len = (size_t)(trim_blanks(content, text + to) - content);
    if (tag.sigil != '\0' && strchr("#^/>!=", tag.sigil) != NULL)
        find_line(m, &tag);
    *ret = tag;
    return RC_OK;
}

static enum rc set_delimiters(struct parser *p, const struct tag *tag)
{
    char *content = xstrndup(p->m->text + tag->content, tag->content_len);
    char *save = NULL;
    const char *open = strtok_r(content, " \t\r\n", &save);
    const char *close = strtok_r(NULL, " \t\r\n", &save);
    bool good = open != NULL && close != NULL && strtok_r(NULL, " \t\r\n", &save) == NULL &&
                strlen(open) <= MAX_DELIMITER && strlen(close) <= MAX_DELIMITER &&
                strchr(open, '=') == NULL && strchr(close, '=') == NULL;
    if (good) {
        (void)snprintf(p->open, sizeof p->open, "%s", open);
        (void)snprintf(p->close, sizeof p->close, "%s", close);
    }
    free(content);
    p->m->own_delimiters = true;
    if (!good)
        return mustache_fail(p->m, tag->start, p->err,
                             "delimiters are set like {{=<%% %%>=}}: two, of at most %d characters",
                             MAX_DELIMITER);
    return RC_OK;
}

static enum rc close_section(struct parser *p, const struct tag *tag, const char *name)
{
    if (p->depth == 0)
        return mustache_fail(p->m, tag->start, p->err, "section \"%s\" is closed but never opened",
                             name);
    const struct op *section = p->sections[p->depth - 1];
    if (strcmp(section->name, name) != 0)
        return mustache_fail(p->m, tag->start, p->err,
                             "section \"%s\" is closed while \"%s\" is still open", name,
                             section->name);
    p->depth--;
    return RC_OK;
}

/* {{#x}}..{{/x}}{{^x}}..{{/x}}: only one of them is printed, so that the second stands where the first
 * began. */
static const struct place_scan *scan_before(struct parser *p, const struct op *op)
{
    const struct ops *ops = current_ops(p);
    const struct op *last = ops->n > 0 ? &ops->v[ops->n - 1] : NULL;
    bool other = last != NULL && last->kind != op->kind &&
                 (last->kind == OP_SECTION || last->kind == OP_INVERTED) &&
                 strcmp(last->name, op->name) == 0;
    return other ? last->scan : &p->scan;
}

static struct place_scan *new_scan(const struct place_scan *scan)
{
    struct place_scan *copy = xmalloc(sizeof *copy);
    *copy = *scan;
    return copy;
}

static void place_op(struct parser *p, const struct tag *tag, struct op *op)
{
    const char *s = p->m->text + tag->end;
    bool tag_follows = strncmp(s, p->open, strlen(p->open)) == 0;
    switch (op->kind) {
    case OP_VALUE:
    case OP_RAW_VALUE:
        op->place = place_value(&p->scan, tag_follows ? '\0' : *s);
        break;
    case OP_SECTION:
    case OP_INVERTED:
        op->scan = new_scan(scan_before(p, op));
        p->scan = *op->scan;
        break;
    case OP_PARTIAL:
        op->scan = new_scan(&p->scan);
        break;
    case OP_TEXT:
        break;
    }
}

static enum rc add_tag(struct parser *p, const struct tag *tag, enum op_kind kind, char **name,
                       char **otherwise)
{
    struct op op = {.kind = kind, .at = tag->start, .len = tag->end - tag->start};
    bool opens = kind == OP_SECTION || kind == OP_INVERTED;
    if (opens && p->depth == MUSTACHE_MAX_DEPTH)
        return mustache_fail(p->m, tag->start, p->err, "sections are nested more than %d deep",
                             MUSTACHE_MAX_DEPTH);
    if (kind == OP_PARTIAL && tag->alone)
        op.indent = xstrndup(p->m->text + tag->line_start, tag->start - tag->line_start);
    op.name = *name;
    op.otherwise = *otherwise;
    *name = *otherwise = NULL;
    place_op(p, tag, &op);
    struct op *added = add_op(p, op);
    if (opens)
        p->sections[p->depth++] =
            added; /* stays put: nothing is added beside it while it is open */
    return RC_OK;
}

static enum op_kind kind_of(char sigil)
{
    switch (sigil) {
    case '{':
    case '&':
        return OP_RAW_VALUE;
    case '#':
        return OP_SECTION;
    case '^':
        return OP_INVERTED;
    case '>':
        return OP_PARTIAL;
    default:
        return OP_VALUE;
    }
}

/* What a tag says: "name" or "name | words". */
struct content {
    const char *name;
    size_t len;
    const char *bar, *end; /* the bar is the end when there is nothing behind the name */
};

static struct content content_of(const struct parser *p, const struct tag *tag)
{
    struct content c = {.name = p->m->text + tag->content};
    c.end = c.name + tag->content_len;
    while (c.name + c.len < c.end && blank_at(c.name + c.len, c.end) == 0)
        c.len++;
    c.bar = skip_blanks(c.name + c.len, c.end);
    return c;
}

static enum rc check_content(const struct parser *p, const struct tag *tag, const struct content *c)
{
    bool more = c->bar < c->end;
    bool bar = more && (*c->bar == '|' || memchr(c->name, '|', c->len) != NULL);
    bool is_value = tag->sigil == '\0' || tag->sigil == '{' || tag->sigil == '&';
    if (c->len == 0)
        return mustache_fail(p->m, tag->start, p->err, "the tag is empty");
    if (bar && is_value && *c->bar == '|' && c->bar + 1 == c->end)
        return mustache_fail(p->m, tag->start, p->err,
                             "behind the | stand the words for an empty value: {{%.*s | words}}",
                             (int)c->len, c->name);
    if (!more || (is_value && *c->bar == '|' && blank_at(c->bar + 1, c->end) > 0))
        return RC_OK;
    char *all = xstrndup(c->name, tag->content_len);
    char *line = one_line(all);
    enum rc rc =
        !bar ? mustache_fail(p->m, tag->start, p->err, "a name cannot have a space in it: \"%s\"",
                             line)
        : is_value
            ? mustache_fail(p->m, tag->start, p->err, "put a space before and behind the |: \"%s\"",
                            line)
            : mustache_fail(p->m, tag->start, p->err,
                            "only {{name | words}} has words for an empty value: \"%s\"", line);
    free(line);
    free(all);
    return rc;
}

static enum rc handle_tag(struct parser *p, const struct tag *tag)
{
    if (tag->sigil == '!')
        return RC_OK;
    if (tag->sigil == '=')
        return set_delimiters(p, tag);
    const struct content c = content_of(p, tag);
    enum rc rc = check_content(p, tag, &c);
    if (rc != RC_OK)
        return rc;
    char *name = xstrndup(c.name, c.len);
    char *words = c.bar == c.end ? NULL : xstrndup(c.bar + 1, (size_t)(c.end - c.bar - 1));
    char *otherwise = words == NULL ? NULL : one_line(words);
    rc = tag->sigil == '/' ? close_section(p, tag, name)
                           : add_tag(p, tag, kind_of(tag->sigil), &name, &otherwise);
    free(otherwise);
    free(words);
    free(name);
    return rc;
}

static enum rc parse_all(struct parser *p)
{
    const struct mustache *m = p->m;
    while (p->at < m->len) {
        size_t start = find(m, p->at, p->open);
        if (start == m->len)
            break;
        struct tag tag = {0};
        enum rc rc = read_tag(p, start, &tag);
        if (rc != RC_OK)
            return rc;
        add_text(p, tag.alone ? tag.line_start : start);
        p->at = tag.alone ? tag.line_end : tag.end;
        rc = handle_tag(p, &tag);
        if (rc != RC_OK)
            return rc;
    }
    if (p->depth > 0)
        return mustache_fail(m, p->sections[p->depth - 1]->at, p->err,
                             "section \"%s\" is never closed", p->sections[p->depth - 1]->name);
    add_text(p, m->len);
    return RC_OK;
}

static enum rc parse(const struct mustache_source *source, size_t indent,
                     const struct place_scan *scan, struct mustache **ret, struct err *err)
{
    struct mustache *m = xcalloc(1, sizeof *m);
    m->name = xstrdup(source->name);
    m->text = xstrndup(source->text, source->len);
    m->len = strlen(m->text);
    m->line = source->line > 0 ? source->line : 1;
    m->column = source->column > 0 ? source->column : 1;
    m->indent = indent;
    struct parser p = {.m = m,
                       .line = m->line,
                       .column = m->column,
                       .open = "{{",
                       .close = "}}",
                       .scan = *scan,
                       .err = err};
    enum rc rc = parse_all(&p);
    if (rc == RC_OK)
        *ret = m;
    else
        mustache_free(m);
    return rc;
}

enum rc mustache_parse(const struct mustache_source *source, struct mustache **ret, struct err *err)
{
    struct place_scan scan;
    place_begin(&scan, source->language);
    return parse(source, 0, &scan, ret, err);
}

enum rc mustache_parse_partial(const struct mustache_source *source, const struct op *op,
                               struct mustache **ret, struct err *err)
{
    return parse(source, op->indent == NULL ? 0 : strlen(op->indent), op->scan, ret, err);
}

static void ops_fini(struct ops *ops)
{
    for (size_t i = 0; i < ops->n; i++) {
        free(ops->v[i].name);
        free(ops->v[i].otherwise);
        free(ops->v[i].scan);
        free(ops->v[i].indent);
        ops_fini(&ops->v[i].body);
    }
    free(ops->v);
}

void mustache_free(struct mustache *m)
{
    if (m == NULL)
        return;
    ops_fini(&m->ops);
    free(m->name);
    free(m->text);
    free(m);
}
