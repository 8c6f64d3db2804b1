/* Being asked to end, by SIGTERM, SIGINT or SIGHUP. The signals are blocked, to the end of the program, and looked at: so
 * nothing is broken off at a bad moment, and no handler is needed. Serves commands that work for longer than a moment. */
#include <signal.h>

#include "app.h"

static void signals_to_end(sigset_t *ret)
{
    (void)sigemptyset(ret);
    (void)sigaddset(ret, SIGTERM);
    (void)sigaddset(ret, SIGINT);
    (void)sigaddset(ret, SIGHUP);
}

void ending_watch(void)
{
    sigset_t ours;
    signals_to_end(&ours);
    (void)sigprocmask(SIG_BLOCK, &ours, NULL);
}

bool ending_is_asked(void *ctx)
{
    sigset_t pending;
    (void)ctx;
    if (sigpending(&pending) != 0)
        return false;
    return sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1 ||
           sigismember(&pending, SIGHUP) == 1;
}
