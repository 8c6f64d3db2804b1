/* Preloaded into a program, lets its input and output fail at random: NOISE=SEED:PERMILLE:NAME. From the moment on at which
 * a file is opened whose path ends in that name, each call fails with that likelihood, or carries out a part of its work,
 * as a kernel may. What it says on standard error gets through. NOISE_LOG is a file that gets a byte for each failure, by
 * which the test tells noise from silence. Built by noise.py; no part of pps. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

static uint64_t state;
static unsigned permille;
static const char *name_to_begin = "";
static bool begun;
static int failures = -1;

static uint32_t next_random(void)
{
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ (z >> 31)) >> 32);
}

static void *real(const char *name)
{
    void *function = dlsym(RTLD_NEXT, name);
    if (function == NULL)
        abort();
    return function;
}

#define REAL(type, name, ...) ((type(*)(__VA_ARGS__))(uintptr_t)real(#name))

__attribute__((constructor)) static void begin(void)
{
    const char *how = getenv("NOISE"), *log = getenv("NOISE_LOG");
    char *end = NULL;
    if (how == NULL || log == NULL)
        return;
    state = strtoull(how, &end, 10);
    permille = (unsigned)strtoul(end + 1, &end, 10);
    name_to_begin = end + 1;
    failures = REAL(int, open, const char *, int,
                    ...)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* One of the errors of this call, drawn; false: it shall go well. */
static bool fails(const int *errors, size_t n)
{
    if (!begun || next_random() % 1000 >= permille)
        return false;
    if (REAL(ssize_t, write, int, const void *, size_t)(failures, "x", 1) != 1)
        abort();
    errno = errors[next_random() % n];
    return true;
}

#define FAILS(...)                                                                                 \
    fails((const int[]){__VA_ARGS__}, sizeof((const int[]){__VA_ARGS__}) / sizeof(int))

/* How much of it is done. */
static size_t part(size_t n)
{
    if (!begun || n < 2 || next_random() % 1000 >= permille)
        return n;
    return 1 + next_random() % (n - 1);
}

/* ---- files ---- */

static void look_at(const char *path)
{
    size_t n = strlen(path), m = strlen(name_to_begin);
    begun = begun || (permille > 0 && n >= m && strcmp(path + n - m, name_to_begin) == 0);
}

static mode_t mode_of(int flags, va_list ap)
{
    return flags & O_CREAT ? va_arg(ap, mode_t) : 0;
}

#define OPEN(name)                                                                                 \
    int name(const char *path, int flags, ...)                                                     \
    {                                                                                              \
        va_list ap;                                                                                \
        va_start(ap, flags);                                                                       \
        mode_t mode = mode_of(flags, ap);                                                          \
        va_end(ap);                                                                                \
        look_at(path);                                                                             \
        return FAILS(EIO, EMFILE, ENOSPC, EACCES)                                                  \
                   ? -1                                                                            \
                   : REAL(int, name, const char *, int, ...)(path, flags, mode);                   \
    }

OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                               \
    int name(int at, const char *path, int flags, ...)                                             \
    {                                                                                              \
        va_list ap;                                                                                \
        va_start(ap, flags);                                                                       \
        mode_t mode = mode_of(flags, ap);                                                          \
        va_end(ap);                                                                                \
        if (FAILS(EIO, EMFILE, ENOSPC, EACCES))                                                    \
            return -1;                                                                             \
        return REAL(int, name, int, const char *, int, ...)(at, path, flags, mode);                \
    }

OPENAT(openat)
OPENAT(openat64)

ssize_t read(int fd, void *buf, size_t n)
{
    return FAILS(EIO, EINTR) ? -1 : REAL(ssize_t, read, int, void *, size_t)(fd, buf, part(n));
}

ssize_t pread64(int fd, void *buf, size_t n, off64_t at)
{
    return FAILS(EIO, EINTR)
               ? -1
               : REAL(ssize_t, pread64, int, void *, size_t, off64_t)(fd, buf, part(n), at);
}

ssize_t pread(int fd, void *buf, size_t n, off_t at)
{
    return pread64(fd, buf, n, at);
}

ssize_t write(int fd, const void *buf, size_t n)
{
    if (fd != STDERR_FILENO && FAILS(EIO, ENOSPC, EINTR))
        return -1;
    return REAL(ssize_t, write, int, const void *, size_t)(fd, buf,
                                                           fd == STDERR_FILENO ? n : part(n));
}

ssize_t pwrite64(int fd, const void *buf, size_t n, off64_t at)
{
    if (FAILS(EIO, ENOSPC, EINTR))
        return -1;
    return REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t)(fd, buf, part(n), at);
}

ssize_t pwrite(int fd, const void *buf, size_t n, off_t at)
{
    return pwrite64(fd, buf, n, at);
}

int fsync(int fd)
{
    return FAILS(EIO, ENOSPC) ? -1 : REAL(int, fsync, int)(fd);
}

int fdatasync(int fd)
{
    return FAILS(EIO, ENOSPC) ? -1 : REAL(int, fdatasync, int)(fd);
}

int ftruncate64(int fd, off64_t n)
{
    return FAILS(EIO, ENOSPC) ? -1 : REAL(int, ftruncate64, int, off64_t)(fd, n);
}

int ftruncate(int fd, off_t n)
{
    return ftruncate64(fd, n);
}

int fallocate(int fd, int mode, off_t at, off_t n)
{
    return FAILS(EIO, ENOSPC) ? -1 : REAL(int, fallocate, int, int, off_t, off_t)(fd, mode, at, n);
}

int unlink(const char *path)
{
    return FAILS(EIO) ? -1 : REAL(int, unlink, const char *)(path);
}

int unlinkat(int at, const char *path, int flags)
{
    return FAILS(EIO) ? -1 : REAL(int, unlinkat, int, const char *, int)(at, path, flags);
}

int renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags)
{
    if (FAILS(EIO, ENOSPC))
        return -1;
    return REAL(int, renameat2, int, const char *, int, const char *, unsigned)(from_at, from,
                                                                                to_at, to, flags);
}

/* ---- the network ---- */

int socket(int domain, int type, int protocol)
{
    return FAILS(EMFILE, ENOMEM) ? -1 : REAL(int, socket, int, int, int)(domain, type, protocol);
}

int connect(int fd, const struct sockaddr *to, socklen_t n)
{
    return FAILS(ENETUNREACH, ETIMEDOUT)
               ? -1
               : REAL(int, connect, int, const struct sockaddr *, socklen_t)(fd, to, n);
}

ssize_t send(int fd, const void *buf, size_t n, int flags)
{
    if (FAILS(ECONNRESET, EPIPE))
        return -1;
    return REAL(ssize_t, send, int, const void *, size_t, int)(fd, buf, part(n), flags);
}

ssize_t recv(int fd, void *buf, size_t n, int flags)
{
    return FAILS(ECONNRESET)
               ? -1
               : REAL(ssize_t, recv, int, void *, size_t, int)(fd, buf, part(n), flags);
}

int poll(struct pollfd *fds, nfds_t n, int ms)
{
    return FAILS(EINTR, ENOMEM) ? -1 : REAL(int, poll, struct pollfd *, nfds_t, int)(fds, n, ms);
}
