/* The second half of the Mustache engine: tree of operations + data -> text. One walk serves
 * rendering and checking, so that what the check accepts is what the rendering looks up. Every walk
 * is bounded: depth, steps, bytes. Must not read a value twice: what a value holds is never taken
 * for a tag. Serves the whole room. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "mustache_ops.h"

enum {
    BYTES_PER_STEP = 256,
    KEYS_PER_STEP = 256,
    MAX_PARTIAL = 1 << 20 /* bytes, with its indentation */
};

struct lines {
    char **v;
    size_t n, cap;
};

struct run {
    const struct mustache_options *options;
    bool check; /* go everywhere, print nothing */
    bool over;  /* a bound was met: nothing goes on */
    const struct value *stack[MUSTACHE_MAX_DEPTH + 2];
    size_t n_stack;
    size_t depth, steps;
    size_t keys; /* that were looked at and are not in the steps yet */
    struct sb out;
    struct err *err;
    size_t blind;        /* sections around this place of which nothing is known */
    struct lines faults; /* that were reported */
};

static enum rc run_ops(struct run *run, const struct mustache *m, const struct ops *ops);

static void lines_take(struct lines *lines, char *line)
{
    vec_reserve(&lines->v, lines->n, &lines->cap, sizeof *lines->v);
    lines->v[lines->n++] = line;
}

static void lines_fini(struct lines *lines)
{
    for (size_t i = 0; i < lines->n; i++)
        free(lines->v[i]);
    free(lines->v);
}

/* --- names ------------------------------------------------------------------------------------ */

/* Counts as work: data that somebody else wrote may have very many keys. */
static const struct value *find_member(struct run *run, const struct value *object, const char *key,
                                       size_t len)
{
    run->keys += value_kind(object) == VALUE_OBJECT ? value_count(object) : 0;
    run->steps += run->keys / KEYS_PER_STEP;
    run->keys %= KEYS_PER_STEP;
    return value_member(object, key, len);
}

static const struct value *find_first(struct run *run, const char *key, size_t len)
{
    for (size_t i = run->n_stack; i-- > 0;) {
        const struct value *found = find_member(run, run->stack[i], key, len);
        if (found != NULL)
            return found;
    }
    return NULL;
}

/* NULL when there is no such name. Only the first part of a dotted name climbs the stack. */
static const struct value *resolve(struct run *run, const char *name)
{
    const struct value *top = run->stack[run->n_stack - 1];
    if (strcmp(name, ".") == 0)
        return top;
    const struct value *value = NULL;
    if (name[0] == '.') {
        value = top;
        name++;
    } else {
        size_t len = strcspn(name, ".");
        value = find_first(run, name, len);
        name += len + (name[len] == '.');
    }
    while (value != NULL && name[0] != '\0') {
        size_t len = strcspn(name, ".");
        value = find_member(run, value, name, len);
        name += len + (name[len] == '.');
    }
    return value;
}

static enum rc fail_unknown(const struct run *run, const struct mustache *m, const struct op *op)
{
    if (run->blind > 0)
        return RC_OK;
    bool asked = op->kind == OP_SECTION || op->kind == OP_INVERTED;
    char *remedy = mustache_instead(run->stack[0], run->stack[run->n_stack - 1], op->name, asked);
    enum rc rc = mustache_fail(m, op->at, run->err, "unknown %s \"%s\"%s",
                               asked ? "section" : "variable", op->name, remedy);
    free(remedy);
    return rc;
}

/* --- operations ------------------------------------------------------------------------------- */

/* What a value prints. Only a text prints itself; as the specification has it, a flag is a word, too. */
static const char *printed(const struct run *run, const struct value *value)
{
    if (value == NULL)
        return "";
    if (value_kind(value) == VALUE_FLAG && run->options->lenient)
        return value_is_true(value) ? "true" : "false";
    return value_get_text(value);
}

static enum rc check_value(const struct run *run, const struct mustache *m, const struct op *op,
                           const struct value *value)
{
    if (value == NULL && strchr(op->name, '|') != NULL)
        return mustache_fail(m, op->at, run->err, "put a space before and behind the |: \"%s\"",
                             op->name);
    if (value == NULL)
        return fail_unknown(run, m, op);
    if (value_kind(value) != VALUE_TEXT)
        return mustache_fail(m, op->at, run->err,
                             "\"%s\" is not a text; it can only be asked: {{#%s}}...{{/%s}}",
                             op->name, op->name, op->name);
    if (value_refused(value) != NULL)
        return mustache_fail(m, op->at, run->err, "%s", value_refused(value));
    if (!run->check && !value_is_true(value) && op->otherwise == NULL)
        return mustache_fail(m, op->at, run->err, "\"%s\" is empty here", op->name);
    return RC_OK;
}

static enum rc run_value(struct run *run, const struct mustache *m, const struct op *op)
{
    bool raw = op->kind == OP_RAW_VALUE;
    if (raw && !run->options->allow_raw)
        return mustache_fail(m, op->at, run->err, "write {{%s}}: unescaped values are not allowed",
                             op->name);
    const struct value *value = resolve(run, op->name);
    enum rc rc = run->options->lenient ? RC_OK : check_value(run, m, op, value);
    if (rc != RC_OK)
        return rc;
    if (value != NULL && value == run->options->whole && !raw)
        return mustache_fail(m, op->at, run->err,
                             "write {{{%s}}}, with three braces: with two the reader sees its tags",
                             op->name);
    const char *text = str_or(printed(run, value), str_or(op->otherwise, ""));
    const char *fault = raw || run->options->lenient ? NULL : place_refuses(op->place, text);
    if (fault != NULL)
        return mustache_fail(m, op->at, run->err, "\"%s\": %s", op->name, fault);
    if (run->check)
        return RC_OK;
    if (value != NULL && value == run->options->whole)
        ++*run->options->times;
    if (run->options->places != NULL)
        mustache_places_add(run->options->places, run->out.len, m, op);
    if (raw)
        escape_none(&run->out, text);
    else
        place_escape(op->place, run->options->escape, &run->out, text);
    return RC_OK;
}

static enum rc run_body(struct run *run, const struct mustache *m, const struct op *op,
                        const struct value *context)
{
    run->stack[run->n_stack++] = context;
    enum rc rc = run_ops(run, m, &op->body);
    run->n_stack--;
    return rc;
}

/* The body of a section in a check, when nothing is known of what it stands for. */
static enum rc check_blindly(struct run *run, const struct mustache *m, const struct op *op)
{
    run->blind++;
    enum rc rc = run_ops(run, m, &op->body);
    run->blind--;
    return rc;
}

/* What a check does about a fault: tells it, if it was not told yet (a partial may be included
 * twice), and goes on; or ends. */
static enum rc tell(struct run *run, enum rc rc)
{
    const struct mustache_options *o = run->options;
    if (rc == RC_OK || !run->check || run->over || o->report == NULL)
        return rc;
    run->over = run->faults.n == MUSTACHE_MAX_FAULTS;
    if (run->over)
        return rc;
    for (size_t i = 0; i < run->faults.n; i++) {
        if (strcmp(run->faults.v[i], run->err->message) == 0)
            return RC_OK;
    }
    lines_take(&run->faults, xstrdup(run->err->message));
    o->report(o->report_ctx, run->err);
    return RC_OK;
}

static enum rc run_section(struct run *run, const struct mustache *m, const struct op *op)
{
    const struct value *value = resolve(run, op->name);
    if (value == NULL && !run->options->lenient) {
        enum rc rc = tell(run, fail_unknown(run, m, op));
        return rc == RC_OK ? check_blindly(run, m, op) : rc;
    }
    bool is_true = value != NULL && value_is_true(value);
    if (op->kind == OP_INVERTED)
        return run->check || !is_true ? run_ops(run, m, &op->body) : RC_OK;
    if (!is_true && !run->check)
        return RC_OK;
    if (value == NULL || value_kind(value) != VALUE_LIST)
        return run_body(run, m, op, value != NULL ? value : run->stack[run->n_stack - 1]);
    enum rc rc = RC_OK;
    if (value_count(value) == 0)
        rc = check_blindly(run, m, op);
    for (size_t i = 0; i < value_count(value) && rc == RC_OK; i++)
        rc = run_body(run, m, op, value_at(value, i));
    return rc;
}

/* The specification wants the indentation in the text of the partial, before its tags are looked
 * at. NULL: it would grow over all bounds. */
static char *indented(const char *text, const char *indent)
{
    struct sb out = {0};
    while (*text != '\0') {
        if (out.len > MAX_PARTIAL) {
            sb_fini(&out);
            return NULL;
        }
        size_t len = strcspn(text, "\n");
        len += text[len] == '\n';
        sb_add(&out, indent);
        sb_addn(&out, text, len);
        text += len;
    }
    return sb_take(&out);
}

static enum rc run_partial(struct run *run, const struct mustache *m, const struct op *op)
{
    const struct mustache_options *o = run->options;
    char *name = NULL, *text = NULL, *ready = NULL;
    struct mustache *partial = NULL;
    struct err why = {.message = "there are no partials"};
    enum rc rc =
        o->partial == NULL ? RC_NOTFOUND : o->partial(o->partial_ctx, op->name, &name, &text, &why);
    if (rc == RC_NOTFOUND && o->lenient)
        return RC_OK;
    if (rc != RC_OK)
        return mustache_fail(m, op->at, run->err, "cannot include \"%s\": %s", op->name,
                             why.message);
    ready = indented(text, str_or(op->indent, ""));
    if (ready == NULL) {
        rc = mustache_fail(m, op->at, run->err, "\"%s\" grows over %d bytes by its indentation",
                           op->name, MAX_PARTIAL);
    } else {
        run->steps += strlen(ready) / BYTES_PER_STEP; /* it is read anew each time */
        rc = mustache_parse_partial(
            &(struct mustache_source){.name = name, .text = ready, .len = strlen(ready)}, op,
            &partial, run->err);
    }
    if (rc == RC_OK)
        rc = run_ops(run, partial, &partial->ops);
    mustache_free(partial);
    free(ready);
    free(text);
    free(name);
    return rc;
}

static bool is_known(void *ctx, const char *name, size_t len)
{
    char *copy = xstrndup(name, len);
    bool known = strcmp(copy, ".") != 0 && resolve(ctx, copy) != NULL;
    free(copy);
    return known;
}

static enum rc fail_leftover(const struct run *run, const struct mustache *m,
                             const struct leftover *left)
{
    size_t at = (size_t)(left->at - m->text);
    if (left->name == NULL)
        return mustache_fail(m, at, run->err,
                             "\"%.*s\" would be seen by the reader: names are written {{name}}",
                             (int)left->len, left->at);
    return mustache_fail(m, at, run->err, "\"%.*s\" would be seen by the reader: write {{%.*s}}",
                         (int)left->len, left->at, (int)left->name_len, left->name);
}

/* A template with delimiters of its own may mean its braces. */
static enum rc run_text(struct run *run, const struct mustache *m, const struct op *op)
{
    struct leftover left;
    const char *text = m->text + op->at, *end = text + op->len;
    enum leftover_watch watch = m->own_delimiters ? LEFTOVER_ANYTHING : run->options->watch;
    for (const char *s = text; leftover_find(s, (size_t)(end - s), watch, is_known, run, &left);
         s = left.at + left.len) {
        enum rc rc = tell(run, fail_leftover(run, m, &left));
        if (rc != RC_OK)
            return rc;
    }
    if (run->check)
        return RC_OK;
    if (run->options->places != NULL)
        mustache_places_add(run->options->places, run->out.len, m, op);
    sb_addn(&run->out, text, op->len);
    return RC_OK;
}

static enum rc run_op(struct run *run, const struct mustache *m, const struct op *op)
{
    switch (op->kind) {
    case OP_TEXT:
        return run_text(run, m, op);
    case OP_VALUE:
    case OP_RAW_VALUE:
        return run_value(run, m, op);
    case OP_SECTION:
    case OP_INVERTED:
        return run_section(run, m, op);
    case OP_PARTIAL:
        return run_partial(run, m, op);
    }
    return RC_INTERNAL;
}

static enum rc check_bounds(struct run *run, const struct mustache *m, const struct op *op)
{
    enum rc rc = RC_OK;
    if (run->depth > MUSTACHE_MAX_DEPTH + 1)
        rc = mustache_fail(m, op->at, run->err, "nested more than %d deep", MUSTACHE_MAX_DEPTH);
    else if (++run->steps > MUSTACHE_MAX_STEPS)
        rc = mustache_fail(m, op->at, run->err, "the template repeats itself without end");
    run->over = run->over || rc != RC_OK;
    return rc;
}

static enum rc run_ops(struct run *run, const struct mustache *m, const struct ops *ops)
{
    enum rc rc = RC_OK;
    run->depth++;
    for (size_t i = 0; i < ops->n && rc == RC_OK; i++) {
        const struct op *op = &ops->v[i];
        rc = check_bounds(run, m, op);
        if (rc == RC_OK)
            rc = tell(run, run_op(run, m, op));
        if (rc == RC_OK && run->out.len > MUSTACHE_MAX_OUTPUT)
            rc = mustache_fail(m, op->at, run->err, "the text grows over %zu bytes here",
                               MUSTACHE_MAX_OUTPUT);
    }
    run->depth--;
    return rc;
}

enum rc mustache_render(const struct mustache *m, const struct value *data,
                        const struct mustache_options *options, char **ret_text, size_t *ret_len,
                        struct err *err)
{
    struct run run = {.options = options, .stack = {data}, .n_stack = 1, .err = err};
    enum rc rc = run_ops(&run, m, &m->ops);
    if (rc == RC_OK) {
        if (ret_len != NULL)
            *ret_len = run.out.len;
        *ret_text = sb_take(&run.out);
    }
    sb_fini(&run.out);
    return rc;
}

enum rc mustache_check(const struct mustache *m, const struct value *data,
                       const struct mustache_options *options, struct err *err)
{
    struct err fault = {0}; /* err may be NULL; the faults are told apart by their lines */
    struct run run = {
        .options = options, .check = true, .stack = {data}, .n_stack = 1, .err = &fault};
    enum rc rc = run_ops(&run, m, &m->ops);
    if (rc != RC_OK && options->report != NULL)
        options->report(options->report_ctx, &fault); /* a bound */
    if (run.faults.n > 0)
        rc = err_set(err, RC_INVALID, "%s", run.faults.v[0]);
    else if (rc != RC_OK)
        rc = err_set(err, rc, "%s", fault.message);
    lines_fini(&run.faults);
    sb_fini(&run.out);
    return rc;
}
