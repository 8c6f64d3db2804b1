/* Strings and memory that cannot fail half-way. Serves every room. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pps/str.h>

void out_of_memory(void)
{
    static const char text[] = "pps: out of memory; nothing was half-done, try again\n";
    ssize_t ignored = write(2, text, sizeof text - 1);
    (void)ignored;
    _exit(75);
}

void *xmalloc(size_t bytes)
{
    void *p = malloc(bytes ? bytes : 1);
    if (p == NULL)
        out_of_memory();
    return p;
}

void *xcalloc(size_t n, size_t bytes)
{
    void *p = calloc(n ? n : 1, bytes ? bytes : 1);
    if (p == NULL)
        out_of_memory();
    return p;
}

void *xrealloc(void *p, size_t bytes)
{
    p = realloc(p, bytes ? bytes : 1);
    if (p == NULL)
        out_of_memory();
    return p;
}

char *xstrdup(const char *s)
{
    return s ? xstrndup(s, strlen(s)) : NULL;
}

char *xstrndup(const char *s, size_t n)
{
    char *copy = xmalloc(n + 1);
    memcpy(copy, s, n);
    copy[n] = '\0';
    return copy;
}

char *str_base64(const char *bytes, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *text = xmalloc((len + 2) / 3 * 4 + 1), *out = text;
    for (size_t i = 0; i < len; i += 3) {
        uint32_t group = (uint32_t)(unsigned char)bytes[i] << 16;
        if (i + 1 < len)
            group |= (uint32_t)(unsigned char)bytes[i + 1] << 8;
        if (i + 2 < len)
            group |= (unsigned char)bytes[i + 2];
        *out++ = digits[group >> 18];
        *out++ = digits[group >> 12 & 63];
        *out++ = i + 1 < len ? digits[group >> 6 & 63] : '=';
        *out++ = i + 2 < len ? digits[group & 63] : '=';
    }
    *out = '\0';
    return text;
}

char *xasprintf(const char *fmt, ...)
{
    struct sb sb = {0};
    va_list ap;
    va_start(ap, fmt);
    sb_vaddf(&sb, fmt, ap);
    va_end(ap);
    return sb_take(&sb);
}

void vec_reserve(void *array_of_any, size_t n, size_t *cap, size_t element_bytes)
{
    if (n < *cap)
        return;
    size_t want = *cap ? *cap * 2 : 8;
    while (want <= n)
        want *= 2;
    if (want > SIZE_MAX / element_bytes)
        out_of_memory();
    void *old;
    memcpy(&old, array_of_any, sizeof old);
    old = xrealloc(old, want * element_bytes);
    memcpy(array_of_any, &old, sizeof old);
    *cap = want;
}

static void sb_room(struct sb *sb, size_t more)
{
    if (more >= SIZE_MAX / 2 - sb->len)
        out_of_memory();
    if (sb->s != NULL && sb->len + more < sb->cap)
        return;
    size_t cap = sb->cap ? sb->cap : 64;
    while (cap <= sb->len + more)
        cap *= 2;
    sb->s = xrealloc(sb->s, cap);
    sb->cap = cap;
}

void sb_addn(struct sb *sb, const char *s, size_t n)
{
    sb_room(sb, n);
    memcpy(sb->s + sb->len, s, n);
    sb->len += n;
    sb->s[sb->len] = '\0';
}

void sb_add(struct sb *sb, const char *s)
{
    sb_addn(sb, s, strlen(s));
}

void sb_addc(struct sb *sb, char c)
{
    sb_addn(sb, &c, 1);
}

void sb_vaddf(struct sb *sb, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    if (n < 0)
        out_of_memory();
    sb_room(sb, (size_t)n);
    (void)vsnprintf(sb->s + sb->len, (size_t)n + 1, fmt, again);
    sb->len += (size_t)n;
    va_end(again);
}

void sb_addf(struct sb *sb, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    sb_vaddf(sb, fmt, ap);
    va_end(ap);
}

char *sb_take(struct sb *sb)
{
    char *s = sb->s ? sb->s : xstrdup("");
    *sb = (struct sb){0};
    return s;
}

const char *sb_str(const struct sb *sb)
{
    return sb->s ? sb->s : "";
}

void sb_clear(struct sb *sb)
{
    sb->len = 0;
    if (sb->s)
        sb->s[0] = '\0';
}

void sb_fini(struct sb *sb)
{
    free(sb->s);
    *sb = (struct sb){0};
}

bool str_eq(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool str_empty(const char *s)
{
    return s == NULL || *s == '\0';
}

const char *str_or(const char *s, const char *otherwise)
{
    return str_empty(s) ? otherwise : s;
}

bool str_starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_ends(const char *s, const char *suffix)
{
    size_t n = strlen(s), m = strlen(suffix);
    return n >= m && strcmp(s + n - m, suffix) == 0;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool str_among(const char *word, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(word, words[i]) == 0)
            return true;
    }
    return false;
}

char *str_trim(char *s)
{
    size_t n = strlen(s), start = 0;
    while (n > 0 && is_space(s[n - 1]))
        n--;
    while (start < n && is_space(s[start]))
        start++;
    memmove(s, s + start, n - start);
    s[n - start] = '\0';
    return s;
}

/* Levenshtein with neighbouring swaps as one edit; words are short, so one small table will do. */
static size_t edit_distance(const char *a, const char *b)
{
    enum { MAX = 32 };
    size_t n = strlen(a), m = strlen(b);
    if (n > MAX || m > MAX)
        return SIZE_MAX;
    size_t d[MAX + 1][MAX + 1];
    for (size_t i = 0; i <= n; i++)
        d[i][0] = i;
    for (size_t j = 0; j <= m; j++)
        d[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        for (size_t j = 1; j <= m; j++) {
            size_t best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            if (d[i - 1][j] + 1 < best)
                best = d[i - 1][j] + 1;
            if (d[i][j - 1] + 1 < best)
                best = d[i][j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                d[i - 2][j - 2] + 1 < best)
                best = d[i - 2][j - 2] + 1;
            d[i][j] = best;
        }
    }
    return d[n][m];
}

const char *str_nearest(const char *word, const char *const *candidates, size_t n)
{
    const char *best = NULL;
    size_t best_distance = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        size_t distance = edit_distance(word, candidates[i]);
        if (distance < best_distance) {
            best_distance = distance;
            best = candidates[i];
        }
    }
    size_t limit = strlen(word) <= 3 ? 1 : strlen(word) <= 7 ? 2 : 3;
    return best_distance <= limit ? best : NULL;
}
