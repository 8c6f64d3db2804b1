/* One tick at a time, by flock(2) on a file beside the database (never on the database itself:
 * closing any descriptor of it would drop SQLite's own locks). */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "internal.h"

enum rc lock_take(const char *path, int *ret_fd, int64_t *ret_pid, struct err *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return err_set(err, RC_IO, "cannot open the lock %s: %s", path, strerror(errno));
    char pid[24] = "";
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        enum rc rc = RC_OK;
        if (errno != EWOULDBLOCK)
            rc = err_set(err, RC_IO, "cannot lock %s: %s", path, strerror(errno));
        ssize_t n = pread(fd, pid, sizeof pid - 1, 0);
        pid[n > 0 ? n : 0] = '\0';
        *ret_pid = strtoll(pid, NULL, 10);
        *ret_fd = -1;
        close(fd);
        return rc;
    }
    /* The number is for people only; that it could not be written is no reason to stop. */
    int n = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
    if (ftruncate(fd, 0) != 0 || pwrite(fd, pid, (size_t)n, 0) != n)
        errno = 0;
    *ret_fd = fd;
    return RC_OK;
}

void lock_release(int fd)
{
    if (fd >= 0)
        close(fd);
}

bool lock_try(int fd)
{
    return flock(fd, LOCK_EX | LOCK_NB) == 0;
}

bool lock_is_held(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool held = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (fd >= 0)
        close(fd);
    return held;
}

bool lock_is_there(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 && st.st_nlink > 0;
}
