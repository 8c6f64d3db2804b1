/* A transfer that libcurl cannot bring to its end, because the system lets it down. libcurl would then end the letter, of
 * which the server has a part, as if that were all of it. */
#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <unistd.h>

#include <sys/syscall.h>

#include "smtp_fixture.h"

/* Instead of the C library's: the kernel has no memory for those who wait until a socket takes more. */
static atomic_bool no_memory;
static atomic_int failed;

int poll(struct pollfd *fds, nfds_t n, int timeout_ms)
{
    const volatile struct pollfd *asked = fds; /* its header calls it write-only */
    for (nfds_t i = 0; i < n && atomic_load(&no_memory); i++) {
        if ((asked[i].events & POLLOUT) != 0) {
            atomic_fetch_add(&failed, 1);
            errno = ENOMEM;
            return -1;
        }
    }
    return (int)syscall(SYS_poll, fds, n, timeout_ms);
}

static bool fail_from_the_letter_on(const struct witness *w)
{
    if (peer_has_logged(w->peer, w->logged))
        atomic_store(&no_memory, true);
    return false;
}

static void half_a_letter_is_never_ended(void **state)
{
    (void)state;
    struct sb big = big_letter();
    struct peer peer;
    struct witness w = {
        .stop = fail_from_the_letter_on, .peer = &peer, .logged = "{\"command\": \"DATA\""};
    peer_init(&peer);
    peer_start(&peer, SMTP_SERVER, (const char *[]){NULL});
    struct gateway *gateway = account(&peer, SMTP_PLAIN, false, "127.0.0.1", false);
    atomic_store(&failed, 0);
    struct delivery d = deliver_bytes(gateway, &w, big.s, big.len);
    atomic_store(&no_memory, false);
    gateway_free(gateway);
    peer_stop(&peer);
    assert_true(atomic_load(&failed) > 0);
    assert_int_equal(d.class, DELIVERY_NOT_SENT);
    assert_string_equal(w.events, "");
    assert_false(peer_saw(&peer, "\"accepted\""));
    assert_true(peer_saw(&peer, "\"partial\""));
    peer_fini(&peer);
    sb_fini(&big);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(half_a_letter_is_never_ended)};
    return cmocka_run_group_tests(tests, gateways_start, gateways_finish);
}
