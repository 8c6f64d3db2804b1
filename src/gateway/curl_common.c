/* What every transfer has in common: the options of libcurl that keep it from doing more than it
 * was told, and the cleaning of everything that another machine says before a person or a log sees
 * it. Must not know SMTP or a provider. Serves smtp.c and http.c. */
#include <ctype.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "curl_common.h"

enum {
    REPLY_SHOWN_BYTES = 300,
    DIGITS_SHOWN = 6,     /* longer runs may be a phone number */
    SECRET_BYTES_MIN = 3, /* masking one or two letters would only garble the text */
};

void gateway_global_init(void)
{
    /* Some builds of TLS write the session keys of every connection to the file it names. */
    (void)unsetenv("SSLKEYLOGFILE");
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

void gateway_global_fini(void)
{
    curl_global_cleanup();
}

/* ---- secrets ---- */

void wipe_free(char *secret)
{
    if (secret != NULL)
        explicit_bzero(secret, strlen(secret));
    free(secret);
}

void secrets_take(struct secrets *secrets, char *secret)
{
    if (secret != NULL && secrets->n < SECRETS_MAX)
        secrets->v[secrets->n++] = secret;
    else
        wipe_free(secret);
}

void secrets_fini(struct secrets *secrets)
{
    for (size_t i = 0; i < secrets->n; i++)
        wipe_free(secrets->v[i]);
    *secrets = (struct secrets){0};
}

/* The length of the longest secret that stands at p, or 0. */
static size_t secret_at(const char *p, const struct secrets *secrets)
{
    size_t longest = 0;
    for (size_t i = 0; i < secrets->n; i++) {
        size_t len = strlen(secrets->v[i]);
        if (len >= SECRET_BYTES_MIN && len > longest && strncmp(p, secrets->v[i], len) == 0)
            longest = len;
    }
    return longest;
}

static char *mask_secrets(const char *s, const struct secrets *secrets)
{
    struct sb out = {0};
    while (*s != '\0') {
        size_t len = secret_at(s, secrets);
        if (len > 0)
            sb_add(&out, "[secret]");
        else
            sb_addc(&out, *s);
        s += len > 0 ? len : 1;
    }
    return sb_take(&out);
}

/* ---- addresses and numbers ---- */

/* Characters of a local part (RFC 5322 atext, dots, and UTF-8 as in RFC 6531). */
static bool in_local_part(char c)
{
    return (c & 0x80) != 0 || isalnum((unsigned char)c) ||
           (c != '\0' && strchr(".!#$%&'*+/=?^_`{|}~-", c) != NULL);
}

static bool in_domain(char c)
{
    return (c & 0x80) != 0 || isalnum((unsigned char)c) || c == '.' || c == '-';
}

static size_t run(const char *s, bool (*in)(char))
{
    size_t n = 0;
    while (s[n] != '\0' && in(s[n]))
        n++;
    return n;
}

static void add_run(struct sb *out, const char *s, size_t n, enum mask mask)
{
    for (size_t i = 0; i < n;) {
        size_t digits = 0;
        while (i + digits < n && isdigit((unsigned char)s[i + digits]))
            digits++;
        if (digits > DIGITS_SHOWN && mask == MASK_NUMBERS)
            sb_add(out, "[number]");
        else
            sb_addn(out, s + i, digits > 0 ? digits : 1);
        i += digits > 0 ? digits : 1;
    }
}

static char *mask_people(const char *s, enum mask mask)
{
    struct sb out = {0};
    while (*s != '\0') {
        size_t local = run(s, in_local_part);
        size_t domain = s[local] == '@' ? run(s + local + 1, in_domain) : 0;
        if (local > 0 && domain > 0) {
            sb_add(&out, "[address]");
            s += local + 1 + domain;
        } else {
            size_t n = local > 0 ? local : 1;
            add_run(&out, s, n, mask);
            s += n;
        }
    }
    return sb_take(&out);
}

char *reply_sanitise(const char *raw, size_t len, const struct secrets *secrets, enum mask mask)
{
    char *text = xstrndup(raw, len); /* ends at a NUL byte, as a person's view of it would */
    char *masked = mask_secrets(text, secrets);
    char *people = mask_people(masked, mask);
    char *line = utf8_printable(people, true);
    if (strlen(line) > REPLY_SHOWN_BYTES) {
        char *cut = xmalloc(REPLY_SHOWN_BYTES + 1);
        text_copy(cut, REPLY_SHOWN_BYTES + 1, line);
        free(line);
        line = cut;
    }
    /* The raw text may hold a secret. */
    wipe_free(text);
    free(masked);
    free(people);
    return str_trim(line);
}

/* ---- transfers ---- */

/* Without QUICK_EXIT libcurl would wait, beyond every time limit, for a name server that does not answer. The thread that
 * asks it is left behind: at most a few of them, since a channel that fails is closed, and the program ends soon. */
CURL *transfer_new(const char *scheme, const char *ca_file, char errbuf[CURL_ERROR_SIZE])
{
    CURL *easy = curl_easy_init();
    if (easy == NULL)
        return NULL;
    errbuf[0] = '\0';
    bool ok = curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, errbuf) == CURLE_OK &&
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
    if (!ok) {
        curl_easy_cleanup(easy);
        return NULL;
    }
    return easy;
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

CURLcode transfer_perform(CURL *easy)
{
    sigset_t old;
    bool blocked = pipe_signal_block(&old);
    CURLcode code = curl_easy_perform(easy);
    if (blocked)
        pipe_signal_restore(&old);
    return code;
}

void transfer_free(CURL *easy)
{
    if (easy == NULL)
        return;
    sigset_t old;
    bool blocked = pipe_signal_block(&old);
    curl_easy_cleanup(easy);
    if (blocked)
        pipe_signal_restore(&old);
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

struct delivery transfer_failed(CURLcode code, const char *errbuf, const char *peer, int last_code,
                                const struct secrets *secrets)
{
    const char *why = errbuf[0] != '\0' ? errbuf : curl_easy_strerror(code);
    char *shown = reply_sanitise(why, strlen(why), secrets, MASK_NUMBERS);
    struct delivery d = delivery_make(needs_a_person(code) ? DELIVERY_CONFIG : DELIVERY_NOT_SENT,
                                      last_code, "%s: %s", peer, shown);
    free(shown);
    return d;
}
