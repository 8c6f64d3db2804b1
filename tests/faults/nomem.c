/* Preloaded into a program, fails one of its allocations, or all from one on, as a machine does that has no memory left.
 * Which, the environment says: NOMEM=7 the seventh, NOMEM=7+ from the seventh on. With NOMEM_SITES=FILE nothing fails,
 * and the file gets a line for each allocation: a hash of the calls that led to it, by which memory.py knows those that
 * are alike.
 *
 * Counts what goes through malloc, calloc, realloc, reallocarray, posix_memalign and aligned_alloc, from the first
 * instruction on, also that of the libraries. Built by memory.py; no part of pps. */
#define _GNU_SOURCE
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

enum { DEPTH = 24, ENOUGH = 1000 };

static long count, failed, fail_at = -1;
static bool from_there_on;
static int sites = -1;
static __thread bool busy; /* what we do ourselves is not counted */

static void note_site(void)
{
    void *calls[DEPTH];
    char line[32];
    uint64_t hash = 14695981039346656037u;
    int n = backtrace(calls, DEPTH);
    for (int i = 2; i < n; i++)
        hash = (hash ^ (uintptr_t)calls[i]) * 1099511628211u;
    int len = snprintf(line, sizeof line, "%016llx\n", (unsigned long long)hash);
    if (write(sites, line, (size_t)len) != len)
        abort();
}

static bool fails(void)
{
    if (busy)
        return false;
    long n = __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED);
    if (sites >= 0) {
        busy = true;
        note_site();
        busy = false;
    }
    if (fail_at < 0 || (n != fail_at && !(from_there_on && n > fail_at)))
        return false;
    /* GLib wants memory to say that there is none, and again to say that, until its stack is full. That is an abort, too,
     * and shall not be taken for a crash. */
    if (++failed > ENOUGH)
        abort();
    errno = ENOMEM;
    return true;
}

__attribute__((constructor)) static void begin(void)
{
    const char *which = getenv("NOMEM"), *file = getenv("NOMEM_SITES");
    void *calls[1];
    busy = true;
    (void)backtrace(calls, 1); /* which loads what it needs */
    if (file != NULL)
        sites = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    busy = false;
    count = 0;
    if (which != NULL) {
        char *end;
        fail_at = strtol(which, &end, 10);
        from_there_on = *end == '+';
    }
}

void *malloc(size_t bytes)
{
    return fails() ? NULL : __libc_malloc(bytes);
}

void *calloc(size_t n, size_t bytes)
{
    return fails() ? NULL : __libc_calloc(n, bytes);
}

void *realloc(void *p, size_t bytes)
{
    return fails() ? NULL : __libc_realloc(p, bytes);
}

void *reallocarray(void *p, size_t n, size_t bytes)
{
    size_t all;
    if (__builtin_mul_overflow(n, bytes, &all) || fails())
        return NULL;
    return __libc_realloc(p, all);
}

int posix_memalign(void **ret, size_t alignment, size_t bytes)
{
    void *p = fails() ? NULL : __libc_memalign(alignment, bytes);
    if (p == NULL)
        return ENOMEM;
    *ret = p;
    return 0;
}

void *aligned_alloc(size_t alignment, size_t bytes)
{
    return fails() ? NULL : __libc_memalign(alignment, bytes);
}
