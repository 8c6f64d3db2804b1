/* Strings and memory.
 *
 * The x… allocators never return NULL: a process that is out of memory says so and exits with 75
 * (EX_TEMPFAIL). This is safe at any instant, because a tick survives being killed at any instant.
 */
#ifndef PPS_STR_H
#define PPS_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* Says that there is no memory, and ends the process with 75: for what a library could not have. */
_Noreturn void out_of_memory(void);
void *xmalloc(size_t bytes);
void *xcalloc(size_t n, size_t bytes);
void *xrealloc(void *p, size_t bytes);
char *xstrdup(const char *s); /* NULL gives NULL */
char *xstrndup(const char *s, size_t n);
char *str_base64(const char *bytes, size_t len); /* RFC 4648, one line; new string */
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Grows an array by doubling so that index n fits: `vec_reserve(&v->v, v->n, &v->cap, sizeof
 * *v->v)`. */
void vec_reserve(void *array_of_any, size_t n, size_t *cap, size_t element_bytes);

/* A growing string. Zero-initialise it; s is NULL until something is added. */
struct sb {
    char *s; /* always NUL-terminated when not NULL */
    size_t len, cap;
};
void sb_add(struct sb *sb, const char *s);
void sb_addn(struct sb *sb, const char *s, size_t n);
void sb_addc(struct sb *sb, char c);
void sb_addf(struct sb *sb, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void sb_vaddf(struct sb *sb, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
/* Ends the builder: gives its string (never NULL) to the caller and leaves the builder empty. */
char *sb_take(struct sb *sb);
const char *sb_str(const struct sb *sb); /* "" when empty */
void sb_clear(struct sb *sb);            /* keeps the memory */
void sb_fini(struct sb *sb);

bool str_eq(const char *a, const char *b);                /* NULL equals NULL only */
bool str_empty(const char *s);                            /* NULL or "" */
const char *str_or(const char *s, const char *otherwise); /* otherwise when s is NULL or "" */
bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);
/* Whether it is one of n words, sign for sign; STR_AMONG takes an array of known length. */
bool str_among(const char *word, const char *const *words, size_t n);
#define STR_AMONG(word, words) str_among(word, words, sizeof(words) / sizeof *(words))
/* Strips ASCII white space at both ends in place and returns s. */
char *str_trim(char *s);

/* The candidate nearest to word by edit distance, or NULL when none is near enough to suggest. */
const char *str_nearest(const char *word, const char *const *candidates, size_t n);

#endif
