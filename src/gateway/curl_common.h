/* Private to the room: what the gateways that use libcurl share. */
#ifndef PPS_GATEWAY_CURL_COMMON_H
#define PPS_GATEWAY_CURL_COMMON_H

#include <stdbool.h>
#include <stddef.h>

#include <curl/curl.h>

#include "gateway.h"

/* Strings that must never be shown; NULL and very short ones are ignored. */
enum { SECRETS_MAX = 4 };
struct secrets {
    char *v[SECRETS_MAX];
    size_t n;
};
void secrets_take(struct secrets *secrets, char *secret); /* from malloc; owned from now on */
void secrets_fini(struct secrets *secrets);               /* wipes and frees */
void wipe_free(char *secret);                             /* NULL is fine */

/* One line that is safe to show and to log, made of what the other side said: secrets, e-mail
 * addresses and long numbers are masked, unsafe characters neutralised. Takes at most 300 bytes.
 * New string. For ids, which are often long numbers, these can be left as they are. */
enum mask { MASK_NUMBERS, KEEP_NUMBERS };
char *reply_sanitise(const char *raw, size_t len, const struct secrets *secrets, enum mask mask);

/* The options that hold for every transfer: one scheme, one fresh connection, TLS verified, no
 * proxy, no .netrc, nothing from the environment. NULL when libcurl cannot. errbuf lives as long as
 * the handle. */
CURL *transfer_new(const char *scheme, const char *ca_file, char errbuf[CURL_ERROR_SIZE]);
/* As curl_easy_perform and curl_easy_cleanup, but a connection cut by the peer never kills the
 * process. */
CURLcode transfer_perform(CURL *easy);
void transfer_free(CURL *easy);

/* For the progress callbacks: true when the transfer is to be broken off, because the program has been asked to end
 * and nothing is at risk yet, or because before_risk() said no. */
bool transfer_stopping(const struct delivery_hooks *hooks, enum risk *risk);

/* The class of a transfer that failed before anything was at risk and without a word from the other
 * side: NOT_SENT, or CONFIG when it will fail again until somebody mends the set-up (certificates,
 * login). */
struct delivery transfer_failed(CURLcode code, const char *errbuf, const char *peer, int last_code,
                                const struct secrets *secrets);

#endif
