/* What is said of a name that the data do not have: the one that was meant, or what there is. Serves mustache.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "mustache_ops.h"
#include "value.h"

enum { LIST_BYTES = 240 }; /* so much of what there is */

struct names {
    char **v;
    size_t n, cap;
};

/* Only a text can be meant where a value is wanted. */
static void collect_names(const struct value *object, const char *prefix, bool texts_only,
                          struct names *names)
{
    if (value_kind(object) != VALUE_OBJECT)
        return;
    for (size_t i = 0; i < value_count(object); i++) {
        char *name = xasprintf("%s%s", prefix, value_key_at(object, i));
        const struct value *member = value_at(object, i);
        if (value_kind(member) == VALUE_OBJECT) {
            char *deeper = xasprintf("%s.", name);
            collect_names(member, deeper, texts_only, names);
            free(deeper);
        }
        if (texts_only && value_kind(member) != VALUE_TEXT) {
            free(name);
            continue;
        }
        vec_reserve(&names->v, names->n, &names->cap, sizeof *names->v);
        names->v[names->n++] = name;
    }
}

/* Of all names the nearest; else the one whose last part is nearest to what was written without its first: "destination" is
 * "trip.destination". Of a short word that could be anything. NULL: none. */
static const char *nearest_name(const char *name, const struct names *names)
{
    enum { PART_MIN = 4 };
    const char *nearest = str_nearest(name, (const char *const *)names->v, names->n);
    if (nearest != NULL || strlen(name) < PART_MIN || strchr(name, '.') != NULL)
        return nearest;
    const char **parts = xcalloc(names->n + 1, sizeof *parts);
    for (size_t i = 0; i < names->n; i++) {
        const char *dot = strrchr(names->v[i], '.');
        parts[i] = dot != NULL ? dot + 1 : names->v[i];
    }
    const char *part = str_nearest(name, parts, names->n);
    for (size_t i = 0; i < names->n && part != NULL; i++) {
        if (parts[i] == part)
            nearest = names->v[i];
    }
    free(parts);
    return nearest;
}

static bool is_ascii(const char *s)
{
    while (*s != '\0' && (unsigned char)*s < 0x80)
        s++;
    return *s == '\0';
}

/* "agency.…, client.…": the groups in which names stand, and the names that stand alone. */
static void add_top(const struct value *data, bool names_too, struct sb *sb)
{
    for (size_t i = 0; value_kind(data) == VALUE_OBJECT && i < value_count(data); i++) {
        bool group = value_kind(value_at(data, i)) == VALUE_OBJECT;
        if (sb->len < LIST_BYTES && (group || (names_too && value_kind(value_at(data, i)) == VALUE_TEXT)))
            sb_addf(sb, "%s%s%s", sb->len > 0 ? ", " : ": there are ", value_key_at(data, i),
                    group ? ".…" : "");
    }
}

/* "client has name, email": of the group in which the name would stand. */
static void add_members(const char *name, const struct names *names, struct sb *sb)
{
    const char *dot = strrchr(name, '.');
    size_t len = dot != NULL ? (size_t)(dot - name) + 1 : 0;
    for (size_t i = 0; i < names->n && len > 0; i++) {
        const char *there = names->v[i];
        if (strncmp(there, name, len) != 0 || strchr(there + len, '.') != NULL)
            continue;
        if (sb->len > LIST_BYTES) {
            sb_add(sb, ", …");
            return;
        }
        if (sb->len == 0)
            sb_addf(sb, ": %.*s has %s", (int)len - 1, name, there + len);
        else
            sb_addf(sb, ", %s", there + len);
    }
}

char *mustache_instead(const struct value *data, const struct value *here, const char *name,
                       bool asked)
{
    struct names names = {0};
    struct sb sb = {0};
    collect_names(data, "", !asked, &names);
    if (here != data)
        collect_names(here, "", !asked, &names);
    const char *nearest = nearest_name(name, &names);
    if (nearest != NULL)
        sb_addf(&sb, ": did you mean \"%s\"?%s", nearest,
                is_ascii(nearest) && !is_ascii(name) /* they may look alike */
                    ? " Type it anew, in Latin letters"
                    : "");
    else
        add_members(name, &names, &sb);
    if (sb.len == 0) {
        if (here != data)
            add_top(here, !asked, &sb);
        add_top(data, !asked, &sb);
    }
    for (size_t i = 0; i < names.n; i++)
        free(names.v[i]);
    free(names.v);
    return sb_take(&sb);
}
