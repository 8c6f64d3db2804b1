/* A layout before its spelling can hide anything: the tags of Mustache are carried out for every case at once, and references
 * to characters are turned into characters. Judges nothing. Serves layout.c. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "layout_flat.h"
#include "mustache_ops.h"

struct flattening {
    const struct template_job *job;
    struct sb out;
    struct mustache_places places;
    size_t depth, steps;
};

void layout_flat_fini(struct layout_flat *flat)
{
    free(flat->text);
    mustache_places_fini(&flat->places);
    *flat = (struct layout_flat){0};
}

static void flatten(struct flattening *f, const struct mustache *m, const struct ops *ops);

static void add_partial(struct flattening *f, const struct op *op)
{
    const struct template_job *job = f->job;
    struct template_text found = {0};
    struct mustache *partial = NULL;
    if (catalog_find_partial(job->templates_dir, job->shelf, op->name, job->source.lang, &found,
                             NULL) != RC_OK)
        return;
    struct mustache_source source = {
        .name = found.name, .text = found.text, .len = strlen(found.text)};
    if (mustache_parse(&source, &partial, NULL) == RC_OK)
        flatten(f, partial, &partial->ops);
    mustache_free(partial);
    template_text_fini(&found);
}

static void add_text(struct flattening *f, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] == FLAT_BORDER) /* keeps the places of what follows */
            sb_addc(&f->out, ' ');
        else
            sb_addc(&f->out, text[i]);
    }
}

static void flatten_op(struct flattening *f, const struct mustache *m, const struct op *op)
{
    mustache_places_add(&f->places, f->out.len, m, op);
    switch (op->kind) {
    case OP_TEXT:
        add_text(f, m->text + op->at, op->len);
        break;
    case OP_VALUE:
        sb_addf(&f->out, "{{%s}}", op->name);
        break;
    case OP_RAW_VALUE:
        sb_addf(&f->out, FLAT_RAW "%s}}", op->name);
        break;
    case OP_SECTION:
    case OP_INVERTED:
        sb_addc(&f->out, FLAT_BORDER);
        flatten(f, m, &op->body);
        mustache_places_add(&f->places, f->out.len, m, op);
        sb_addc(&f->out, FLAT_BORDER);
        break;
    case OP_PARTIAL:
        add_partial(f, op);
        break;
    }
}

static void flatten(struct flattening *f, const struct mustache *m, const struct ops *ops)
{
    f->depth++;
    for (size_t i = 0; i < ops->n; i++) {
        if (f->depth > MUSTACHE_MAX_DEPTH + 1 || ++f->steps > MUSTACHE_MAX_STEPS ||
            f->out.len > MUSTACHE_MAX_OUTPUT)
            break; /* who fills it is told, and nothing comes of it */
        flatten_op(f, m, &ops->v[i]);
    }
    f->depth--;
}

bool layout_flat(const struct template_job *job, const struct template_text *layout,
                 struct layout_flat *ret)
{
    struct mustache_source source = {
        .name = layout->name, .text = layout->text, .len = strlen(layout->text)};
    struct flattening f = {.job = job};
    struct mustache *m = NULL;
    if (mustache_parse(&source, &m, NULL) != RC_OK)
        return false;
    flatten(&f, m, &m->ops);
    mustache_free(m);
    size_t len = f.out.len;
    *ret = (struct layout_flat){.text = sb_take(&f.out), .len = len, .places = f.places};
    return true;
}

/* ---- characters ---- */

void layout_decoded_fini(struct layout_decoded *decoded)
{
    free(decoded->s);
    free(decoded->from);
    *decoded = (struct layout_decoded){0};
}

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* "&#106;", "&#x6a" (the sign at its end may be missing): its bytes, 0 when it is none. */
static size_t numeric_at(const char *s, size_t len, uint32_t *ret)
{
    bool hex = len > 2 && (s[2] == 'x' || s[2] == 'X');
    size_t i = hex ? 3 : 2, first = i;
    uint32_t c = 0;
    if (len < 3 || s[0] != '&' || s[1] != '#')
        return 0;
    for (; i < len; i++) {
        const char *digits = "0123456789abcdef", *digit = strchr(digits, small(s[i]));
        if (s[i] == '\0' || digit == NULL || (!hex && digit - digits > 9))
            break;
        if (c < 0x110000)
            c = c * (hex ? 16 : 10) + (uint32_t)(digit - digits);
    }
    *ret = c;
    return i == first ? 0 : i + (i < len && s[i] == ';');
}

/* "&amp;": its bytes, 0 when it is none; *ret: 0 when it is one that is not known here. */
static size_t named_at(const char *s, size_t len, uint32_t *ret)
{
    static const struct {
        const char *name;
        uint32_t character;
    } known[] = {{"amp", '&'}, {"quot", '"'}, {"apos", '\''},
                 {"lt", '<'},  {"gt", '>'},   {"nbsp", 0xA0}};
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    if (len < 3 || s[0] != '&')
        return 0;
    size_t n = strspn(s + 1, letters);
    if (n == 0 || n + 1 >= len || s[n + 1] != ';')
        return 0;
    *ret = 0;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strlen(known[i].name) == n && memcmp(s + 1, known[i].name, n) == 0)
            *ret = known[i].character;
    }
    return n + 2;
}

void layout_decode(const struct layout_flat *flat, size_t at, size_t len, bool entities,
                   struct layout_decoded *ret)
{
    struct sb out = {0};
    size_t *from = NULL, n = 0, cap = 0, odd = SIZE_MAX;
    for (size_t i = at; i < at + len;) {
        const char *s = flat->text + i;
        size_t left = at + len - i, step = 1;
        char bytes[4] = {small(*s)};
        size_t size = *s != FLAT_BORDER;
        uint32_t c = 0;
        size_t reference = entities ? numeric_at(s, left, &c) : 0;
        if (entities && reference == 0)
            reference = named_at(s, left, &c);
        if (reference > 0 && c == 0 && odd == SIZE_MAX)
            odd = i;
        if (reference > 0 && c != 0) {
            size = utf8_encode(c < 0x110000 && (c < 0xD800 || c > 0xDFFF) ? c : 0xFFFD, bytes);
            bytes[0] = small(bytes[0]);
            step = reference;
        }
        for (size_t k = 0; k < size; k++) {
            vec_reserve(&from, n, &cap, sizeof *from);
            from[n++] = i;
        }
        sb_addn(&out, bytes, size);
        i += step;
    }
    vec_reserve(&from, n, &cap, sizeof *from);
    from[n] = at + len;
    size_t size = out.len;
    *ret = (struct layout_decoded){.s = sb_take(&out), .len = size, .from = from, .odd = odd};
}
