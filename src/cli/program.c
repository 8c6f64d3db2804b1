/* Runs another program and waits for it: without a shell, with the signals that we ignore set back, and with nothing of
 * ours open but what it is given. Serves preview --open and templates diff. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <pps/str.h>

#include "program.h"

enum { FIRST_GIVEN = 3 };

extern char **environ;

/* The descriptors of a child: its output, and what it is given. */
static int set_up(posix_spawn_file_actions_t *files, const int *in, size_t n_in, int out)
{
    int rc = posix_spawn_file_actions_adddup2(files, out, STDOUT_FILENO);
    for (size_t i = 0; i < n_in && rc == 0; i++)
        rc = posix_spawn_file_actions_adddup2(files, in[i], FIRST_GIVEN + (int)i);
    return rc;
}

static int set_signals(posix_spawnattr_t *how)
{
    sigset_t back, none;
    (void)sigemptyset(&none);
    (void)sigemptyset(&back);
    (void)sigaddset(&back, SIGPIPE);
    (void)sigaddset(&back, SIGXFSZ);
    int rc = posix_spawnattr_setsigdefault(how, &back);
    if (rc == 0)
        rc = posix_spawnattr_setsigmask(how, &none);
    return rc != 0 ? rc
                   : posix_spawnattr_setflags(
                         how, (short)(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK));
}

/* 0, or an errno. */
static int start(const char *const *argv, const int *in, size_t n_in, int out, pid_t *ret)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    int rc = posix_spawn_file_actions_init(&files);
    if (rc != 0)
        return rc;
    rc = posix_spawnattr_init(&how);
    if (rc == 0) {
        rc = set_up(&files, in, n_in, out);
        if (rc == 0)
            rc = set_signals(&how);
        if (rc == 0)
            rc = posix_spawnp(ret, argv[0], &files, &how, (char *const *)(uintptr_t)argv, environ);
        (void)posix_spawnattr_destroy(&how);
    }
    (void)posix_spawn_file_actions_destroy(&files);
    return rc;
}

static char *read_all(int fd)
{
    struct sb text = {0};
    char buf[4096];
    ssize_t n;
    while ((n = read(fd, buf, sizeof buf)) > 0 || (n < 0 && errno == EINTR)) {
        if (n > 0)
            sb_addn(&text, buf, (size_t)n);
    }
    return sb_take(&text);
}

static int wait_for(pid_t pid)
{
    enum { DIED = 128 };
    int status;
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR)
            return DIED;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : DIED;
}

enum rc program_run(const char *const *argv, const int *in, size_t n_in, char **ret_out,
                    int *ret_status, struct err *err)
{
    int pipes[2] = {-1, -1};
    pid_t pid;
    if (ret_out != NULL && pipe2(pipes, O_CLOEXEC) != 0)
        return err_set(err, RC_IO, "cannot run %s: %s", argv[0], strerror(errno));
    int why = start(argv, in, n_in, ret_out != NULL ? pipes[1] : STDERR_FILENO, &pid);
    if (pipes[1] >= 0)
        close(pipes[1]);
    if (why == 0 && ret_out != NULL)
        *ret_out = read_all(pipes[0]);
    if (pipes[0] >= 0)
        close(pipes[0]);
    if (why != 0)
        return err_set(err, why == ENOENT ? RC_NOTFOUND : RC_IO, "cannot run %s: %s", argv[0],
                       strerror(why));
    *ret_status = wait_for(pid);
    return RC_OK;
}

int program_text(const char *bytes, size_t len)
{
    int fd = memfd_create("text", MFD_CLOEXEC);
    for (size_t done = 0; fd >= 0 && done < len;) {
        ssize_t n = write(fd, bytes + done, len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            close(fd);
            return -1;
        }
        done += (size_t)n;
    }
    return fd;
}
