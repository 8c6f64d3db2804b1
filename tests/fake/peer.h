/* For tests: starts a scripted server of this folder, and reads what it saw. */
#ifndef PPS_TESTS_PEER_H
#define PPS_TESTS_PEER_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <pps/file.h>
#include <pps/str.h>

enum { PEER_ARGS_MAX = 64 };

struct peer {
    char dir[32]; /* scratch folder, removed at the end */
    int port;
    char *log; /* what the server saw; read by peer_stop */
    pid_t pid;
    int in, out;
};

/* Creates the scratch folder only, so that its name can stand among the arguments. */
static inline void peer_init(struct peer *peer)
{
    *peer = (struct peer){.dir = "/tmp/pps-peer-XXXXXX"};
    if (mkdtemp(peer->dir) == NULL)
        abort();
}

/* args ends with NULL. "DIR" among them stands for the scratch folder. */
static inline void peer_start(struct peer *peer, const char *script, const char *const *args)
{
    int in[2], out[2];
    if (pipe(in) != 0 || pipe(out) != 0)
        abort();
    char *log = file_join(peer->dir, "log");
    char *argv[PEER_ARGS_MAX] = {(char *)"/usr/bin/python3", (char *)"-BSE", (char *)script, log};
    size_t n = 4;
    for (; *args != NULL && n < PEER_ARGS_MAX - 1; args++)
        argv[n++] = strcmp(*args, "DIR") == 0 ? peer->dir : (char *)*args;
    peer->pid = fork();
    if (peer->pid == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        close(in[0]), close(in[1]), close(out[0]), close(out[1]);
        execv(argv[0], argv);
        _exit(127);
    }
    free(log);
    close(in[0]);
    close(out[1]);
    peer->in = in[1];
    peer->out = out[0];
    char line[16] = "";
    for (size_t i = 0; i + 1 < sizeof line && read(peer->out, line + i, 1) == 1 && line[i] != '\n';)
        i++;
    peer->port = atoi(line);
    if (peer->port == 0)
        abort();
}

/* Whether a server that still runs has logged it already. */
static inline bool peer_has_logged(const struct peer *peer, const char *what)
{
    char *path = file_join(peer->dir, "log"), *log = NULL;
    size_t len;
    struct err err;
    if (file_read(path, 100 << 20, &log, &len, &err) != RC_OK)
        abort();
    bool found = strstr(log, what) != NULL;
    free(log);
    free(path);
    return found;
}

/* Waits until the server has seen all and is gone; peer->log is complete then. */
static inline void peer_stop(struct peer *peer)
{
    int status = -1;
    size_t len;
    struct err err;
    close(peer->in);
    close(peer->out);
    if (waitpid(peer->pid, &status, 0) != peer->pid || status != 0)
        abort();
    char *path = file_join(peer->dir, "log");
    if (file_read(path, 100 << 20, &peer->log, &len, &err) != RC_OK)
        abort();
    free(path);
}

static inline void peer_fini(struct peer *peer)
{
    char *command = xasprintf("rm -rf -- %s", peer->dir);
    if (system(command) != 0)
        abort();
    free(command);
    free(peer->log);
}

static inline size_t peer_count(const struct peer *peer, const char *what)
{
    size_t n = 0;
    for (const char *p = peer->log; (p = strstr(p, what)) != NULL; p += strlen(what))
        n++;
    return n;
}

static inline bool peer_saw(const struct peer *peer, const char *what)
{
    return peer_count(peer, what) > 0;
}

#endif
