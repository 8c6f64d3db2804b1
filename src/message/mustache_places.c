/* Remembers from where in the templates each piece of a filled text comes, so that what is found wrong only afterwards, in
 * its Markdown, can be told with the line that somebody has to mend. Serves mustache.c, which fills it, and letter.c. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "mustache_ops.h"

struct mustache_piece {
    size_t at; /* where it begins in the filled text; the next one ends it */
    const char *name;
    size_t line, column, indent;
    bool value;
};

void mustache_places_fini(struct mustache_places *places)
{
    for (size_t i = 0; i < places->n_names; i++)
        free(places->names[i]);
    free(places->names);
    free(places->v);
    *places = (struct mustache_places){0};
}

/* Files follow each other for long stretches, so looking at the last name is enough. */
static const char *keep_name(struct mustache_places *p, const char *name)
{
    if (p->n_names == 0 || strcmp(p->names[p->n_names - 1], name) != 0) {
        vec_reserve(&p->names, p->n_names, &p->cap_names, sizeof *p->names);
        p->names[p->n_names++] = xstrdup(name);
    }
    return p->names[p->n_names - 1];
}

void mustache_places_add(struct mustache_places *p, size_t at, const struct mustache *m,
                         const struct op *op)
{
    vec_reserve(&p->v, p->n, &p->cap, sizeof *p->v);
    p->v[p->n++] = (struct mustache_piece){.at = at,
                                           .name = keep_name(p, m->name),
                                           .line = op->line,
                                           .column = op->column,
                                           .indent = m->indent,
                                           .value = op->kind != OP_TEXT};
}

bool mustache_place_of(const struct mustache_places *p, const char *filled, size_t at,
                       const char **ret_name, size_t *ret_line, size_t *ret_column)
{
    size_t i = 0;
    while (i < p->n && p->v[i].at <= at)
        i++;
    if (i == 0)
        return false;
    const struct mustache_piece *piece = &p->v[i - 1];
    size_t line = piece->line, column = piece->column;
    for (size_t k = piece->at; k < at && !piece->value; k++) {
        if (filled[k] == '\n') {
            line++;
            column = 1;
        } else if (((unsigned char)filled[k] & 0xC0) != 0x80) {
            column++;
        }
    }
    *ret_name = piece->name;
    *ret_line = line;
    *ret_column = column > piece->indent ? column - piece->indent : 1;
    return true;
}

bool mustache_has_value(const struct mustache_places *p, size_t at, size_t end, size_t *ret_at)
{
    for (size_t i = 0; i < p->n; i++) {
        size_t next = i + 1 < p->n ? p->v[i + 1].at : SIZE_MAX;
        if (p->v[i].value && p->v[i].at < end && next > at) {
            *ret_at = p->v[i].at > at ? p->v[i].at : at;
            return true;
        }
    }
    return false;
}
