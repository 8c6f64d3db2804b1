/* The built-in templates in one's own hands: written out, compared, put back. Beside the files stands what they came from,
 * .pps-base/ with a copy of each and .pps-templates.json with their hashes, so that after an upgrade it is known what the
 * agency has changed and what the program has. No database. */
#ifndef PPS_TEMPLATES_H
#define PPS_TEMPLATES_H

#include <stdbool.h>
#include <stddef.h>

#include <pps/err.h>

enum template_state {
    TEMPLATE_BUILT_IN,        /* the folder has none: the built-in one is used */
    TEMPLATE_AS_SHIPPED,      /* the same as the built-in one */
    TEMPLATE_CHANGED,         /* by the agency */
    TEMPLATE_SHIPPED_CHANGED, /* by the program since then, and not by the agency */
    TEMPLATE_BOTH_CHANGED,
    TEMPLATE_OWN,         /* the program has none of this name */
    TEMPLATE_NOT_SHIPPED, /* came with the program, which has it no more */
    TEMPLATE_STATES
};
const char *
template_state_name(enum template_state state); /* "built-in" "as-shipped" "changed" … */
const char *template_state_words(enum template_state state); /* for people */

struct template_copy {
    char *text; /* NULL: there is none, or only its hash is known */
    size_t len;
    char hash[24]; /* "": there is none */
};
struct template_file {
    char *name; /* "letters/ru/packing.md" */
    enum template_state state;
    struct template_copy yours, base, shipped;
};
struct template_files {
    struct template_file *v; /* by name */
    size_t n, cap;
};
void template_files_fini(struct template_files *files);
/* Everything that the folder or the program has. A folder that is not there is empty. */
enum rc templates_list(const char *dir, struct template_files *ret, struct err *err) MUST_CHECK;
/* The one of this name, also with the folder before it; borrowed of files. RC_NOTFOUND: there is none. */
enum rc templates_find(const struct template_files *files, const char *dir, const char *name,
                       const struct template_file **ret, struct err *err) MUST_CHECK;

struct templates_export {
    const char *lang; /* only this language; NULL: all */
    bool force;       /* also over what the agency has changed; its file is kept as NAME~ */
    bool everything;  /* the playbook and the presets of gateways, too */
};
struct templates_exported {
    int written, updated, same;
    struct template_files kept;     /* changed by the agency, and left alone */
    struct template_files replaced; /* with force */
};
/* RC_NOTFOUND: there is nothing in this language. */
enum rc templates_export(const char *dir, const struct templates_export *how,
                         struct templates_exported *ret, struct err *err) MUST_CHECK;
void templates_exported_fini(struct templates_exported *exported);

/* Puts the built-in ones back; what was there is kept as NAME~. back: the other way round, once more each time. All that
 * are named, or none that is not known. ret: as they are now. */
enum rc templates_reset(const char *dir, const char *const *names, size_t n, bool back,
                        struct template_files *ret, struct err *err) MUST_CHECK;

#endif
