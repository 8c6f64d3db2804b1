/* One transfer of libcurl: the options that keep it from doing more than it was told, and the loop that brings it to its
 * end. Must not know SMTP or a provider. Serves smtp.c and http.c. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/socket.h>

#include <pps/str.h>

#include "curl.h"
#include "transfer.h"

enum { PROGRESS_MS = 1000 }; /* so long at most between two calls of the progress callbacks */

enum rc gateway_global_init(struct err *err)
{
    /* Some builds of TLS write the session keys of every connection to the file it names. */
    (void)unsetenv("SSLKEYLOGFILE");
    enum rc rc = curl_load(err);
    if (rc == RC_OK && curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return err_set(err, RC_CONFIG, "nothing can be sent over the network: libcurl does not start");
    return rc;
}

void gateway_global_fini(void)
{
    curl_global_cleanup();
}

/* ---- the sockets ---- */

/* Never blocks, from its first moment on: libcurl would not notice that a later call which says so failed, and wait for the
 * other side beyond every time limit. */
static curl_socket_t on_open(void *ctx, curlsocktype purpose, struct curl_sockaddr *to)
{
    (void)purpose;
    struct transfer *t = ctx;
    if (t->n_sockets == TRANSFER_SOCKETS_MAX)
        return CURL_SOCKET_BAD;
    int fd = socket(to->family, to->socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, to->protocol);
    if (fd < 0)
        return CURL_SOCKET_BAD;
    t->sockets[t->n_sockets++] = fd;
    return fd;
}

static int on_close(void *ctx, curl_socket_t socket)
{
    struct transfer *t = ctx;
    for (size_t i = 0; i < t->n_sockets; i++) {
        if (t->sockets[i] == socket) {
            t->sockets[i] = t->sockets[--t->n_sockets];
            break;
        }
    }
    return close(socket);
}

curl_socket_t transfer_socket(const struct transfer *t)
{
    return t->n_sockets == 1 ? t->sockets[0] : CURL_SOCKET_BAD;
}

/* ---- one transfer ---- */

static bool keep_sockets(struct transfer *t)
{
    return curl_easy_setopt(t->easy, CURLOPT_OPENSOCKETFUNCTION, on_open) == CURLE_OK &&
           curl_easy_setopt(t->easy, CURLOPT_OPENSOCKETDATA, t) == CURLE_OK &&
           curl_easy_setopt(t->easy, CURLOPT_CLOSESOCKETFUNCTION, on_close) == CURLE_OK &&
           curl_easy_setopt(t->easy, CURLOPT_CLOSESOCKETDATA, t) == CURLE_OK;
}

/* Without QUICK_EXIT libcurl would wait, beyond every time limit, for a name server that does not answer. The thread that
 * asks it is left behind: at most a few of them, since a channel that fails is closed, and the program ends soon. */
bool transfer_begin(struct transfer *t, const char *scheme, const char *ca_file)
{
    CURL *easy = curl_easy_init();
    *t = (struct transfer){.easy = easy};
    if (easy == NULL)
        return false;
    bool ok = keep_sockets(t) &&
              curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, t->errbuf) == CURLE_OK &&
              curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, scheme) == CURLE_OK &&
              curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, scheme) == CURLE_OK &&
              curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
              curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
              curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK &&
              curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
              curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) == CURLE_OK &&
              curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L) == CURLE_OK &&
              curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L) == CURLE_OK &&
              curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
              curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
              curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK;
    if (ok && ca_file != NULL)
        ok = curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file) == CURLE_OK &&
             curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) == CURLE_OK;
    return ok;
}

/* CURLOPT_NOSIGNAL also switches off libcurl's own care for SIGPIPE, and not every TLS library
 * writes with MSG_NOSIGNAL. So it is blocked for this thread, and one that came is taken away
 * again. */
static bool pipe_signal_block(sigset_t *old)
{
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    return pthread_sigmask(SIG_BLOCK, &pipe, old) == 0 && sigismember(old, SIGPIPE) == 0;
}

static void pipe_signal_restore(const sigset_t *old)
{
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    const struct timespec at_once = {0};
    while (sigtimedwait(&pipe, NULL, &at_once) == SIGPIPE)
        ;
    (void)pthread_sigmask(SIG_SETMASK, old, NULL);
}

/* libcurl ends a letter when it lets go of it, even one of which only the half was said (smtp_done() in 7.88 asks for the
 * result, which is good until then). So when it cannot go on by itself, the connection goes first. */
static void cut_off(const struct transfer *t)
{
    for (size_t i = 0; i < t->n_sockets; i++)
        (void)shutdown(t->sockets[i], SHUT_RDWR);
}

static CURLMcode run_to_its_end(CURLM *multi)
{
    int running = 1;
    CURLMcode code = CURLM_OK;
    while (code == CURLM_OK && running > 0) {
        code = curl_multi_perform(multi, &running);
        if (code == CURLM_OK && running > 0)
            code = curl_multi_poll(multi, NULL, 0, PROGRESS_MS, NULL);
    }
    return code;
}

static CURLcode result_of(CURLM *multi)
{
    int left = 0;
    const CURLMsg *done = curl_multi_info_read(multi, &left);
    return done != NULL && done->msg == CURLMSG_DONE ? done->data.result : CURLE_FAILED_INIT;
}

static CURLcode perform(struct transfer *t)
{
    CURLM *multi = curl_multi_init();
    if (multi == NULL)
        return CURLE_OUT_OF_MEMORY;
    CURLcode result = CURLE_OUT_OF_MEMORY;
    CURLMcode code = curl_multi_add_handle(multi, t->easy);
    if (code == CURLM_OK) {
        code = run_to_its_end(multi);
        if (code == CURLM_OK)
            result = result_of(multi);
        else
            cut_off(t);
        (void)curl_multi_remove_handle(multi, t->easy);
    }
    if (code != CURLM_OK)
        text_copy(t->errbuf, sizeof t->errbuf, curl_multi_strerror(code));
    (void)curl_multi_cleanup(multi);
    return result;
}

CURLcode transfer_perform(struct transfer *t)
{
    sigset_t old;
    bool blocked = pipe_signal_block(&old);
    CURLcode code = perform(t);
    if (blocked)
        pipe_signal_restore(&old);
    return code;
}

void transfer_end(struct transfer *t)
{
    if (t->easy == NULL)
        return;
    sigset_t old;
    bool blocked = pipe_signal_block(&old);
    curl_easy_cleanup(t->easy);
    if (blocked)
        pipe_signal_restore(&old);
    t->easy = NULL;
}

bool transfer_stopping(const struct delivery_hooks *hooks, enum risk *risk)
{
    if (*risk == RISK_NONE && delivery_stopping(hooks))
        *risk = RISK_DENIED;
    return *risk == RISK_DENIED;
}

/* Failures that time does not heal. A handshake that broke off (35) is not among them: it may have
 * been the network. */
static bool needs_a_person(CURLcode code)
{
    static const CURLcode codes[] = {
        CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT,
        CURLE_NOT_BUILT_IN,         CURLE_PEER_FAILED_VERIFICATION,
        CURLE_USE_SSL_FAILED,       CURLE_LOGIN_DENIED,
        CURLE_SSL_CACERT_BADFILE,   CURLE_SSL_ISSUER_ERROR,
        CURLE_SSL_CERTPROBLEM,      CURLE_SSL_CIPHER,
        CURLE_SSL_ENGINE_NOTFOUND,  CURLE_SSL_INVALIDCERTSTATUS,
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (codes[i] == code)
            return true;
    }
    return false;
}

struct delivery transfer_failed(const struct transfer *t, CURLcode code, const char *peer,
                                int last_code, const struct secrets *secrets)
{
    const char *why = t->errbuf[0] != '\0' ? t->errbuf : curl_easy_strerror(code);
    char *shown = reply_sanitise(why, strlen(why), secrets, MASK_NUMBERS);
    struct delivery d = delivery_make(needs_a_person(code) ? DELIVERY_CONFIG : DELIVERY_NOT_SENT,
                                      last_code, "%s: %s", peer, shown);
    free(shown);
    return d;
}
