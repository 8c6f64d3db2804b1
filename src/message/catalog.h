/* Where the text of a template is found: the agency's folder, then what is built into the program.
 */
#ifndef PPS_MESSAGE_CATALOG_H
#define PPS_MESSAGE_CATALOG_H

#include <stdbool.h>

#include <stdint.h>

#include <pps/message.h>

#define TEMPLATE_MAX_BYTES ((size_t)64 << 10)
#define TEMPLATE_MAX_LANG 16

struct template_text {
    char *name; /* what errors call it: the path of the file, or "built-in letters/ru/packing.md" */
    char *text; /* checked UTF-8, "\n" line ends, no byte order mark */
    char *lang; /* of the folder in which it was found; NULL for a layout */
};
void template_text_fini(struct template_text *text);

/* A file of the agency's folder, path below it; *ret_name, what errors call it, is a new string, set in any case. Errors are
 * those of file_read, and RC_IO for a link that leads out of the folder: whoever may write there could send any file that the
 * tick can read. */
enum rc catalog_read(const char *templates_dir, const char *path, size_t max_bytes, char **ret_name,
                     char **ret_text, size_t *ret_len, struct err *err) MUST_CHECK;

/* Where templates of a kind stand: an enum channel, or that of the lists of the morning, which go to no client. */
enum { SHELF_DIGESTS = CHANNEL_COUNT, SHELF_COUNT };

/* Whether this may be a step key or the name of a part: a-z, 0-9 and '-', at most 64. */
bool catalog_is_key(const char *key);

/* Tries the languages in this order: each of `langs` (NULL entries are skipped), "en", then any
 * that there is, in alphabetical order. Errors: RC_NOTFOUND naming the file that was expected,
 * RC_INVALID. */
enum rc catalog_find(const char *templates_dir, unsigned shelf, const char *step,
                     const char *const *langs, size_t n_langs, struct template_text *ret,
                     struct err *err) MUST_CHECK;
/* In exactly this language. */
enum rc catalog_find_exact(const char *templates_dir, unsigned shelf, const char *step,
                           const char *lang, struct template_text *ret, struct err *err) MUST_CHECK;
/* A part that {{> name}} includes: "partials/NAME" in the folder of its language. */
enum rc catalog_find_partial(const char *templates_dir, unsigned shelf, const char *name,
                             const char *lang, struct template_text *ret,
                             struct err *err) MUST_CHECK;
/* layout/FILE. */
enum rc catalog_find_layout(const char *templates_dir, const char *file, struct template_text *ret,
                            struct err *err) MUST_CHECK;

/* Not characters that steer what shows a text: controls, and those that turn words round. The marks of Hebrew and Arabic that
 * take one side may stand. */
bool template_may_hold(uint32_t cp);

/* Line and column, from 1, of a byte of the text. */
void template_place(const char *text, size_t at, size_t *ret_line, size_t *ret_column);

#endif
