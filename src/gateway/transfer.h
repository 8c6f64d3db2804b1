/* Private to the room: one transfer of libcurl, with what every one of them needs. */
#ifndef PPS_GATEWAY_TRANSFER_H
#define PPS_GATEWAY_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>

#include <curl/curl.h>

#include "gateway.h"
#include "reply.h"

/* Must not be copied or moved while it lives: libcurl keeps its address. */
enum { TRANSFER_SOCKETS_MAX = 8 }; /* it tries two addresses at once */
struct transfer {
    CURL *easy;
    char errbuf[CURL_ERROR_SIZE]; /* "" or why it failed */
    curl_socket_t sockets[TRANSFER_SOCKETS_MAX];
    size_t n_sockets; /* open now */
};

/* Sets the options that hold for every transfer: one scheme, one fresh connection, TLS verified, no
 * proxy, no .netrc, nothing from the environment. False when libcurl cannot; to be ended all the same. */
bool transfer_begin(struct transfer *t, const char *scheme, const char *ca_file);
/* Performs it to its end. A connection cut by the peer never kills the process, and a transfer that cannot be brought to its
 * end is cut off before libcurl can say anything more on it. */
CURLcode transfer_perform(struct transfer *t);
void transfer_end(struct transfer *t); /* of one that is all zeros, too */

/* The connection, or CURL_SOCKET_BAD when there is none, or not yet one alone. */
curl_socket_t transfer_socket(const struct transfer *t);

/* For the progress callbacks: true when the transfer is to be broken off, because the program has been asked to end
 * and nothing is at risk yet, or because before_risk() said no. */
bool transfer_stopping(const struct delivery_hooks *hooks, enum risk *risk);

/* The class of a transfer that failed before anything was at risk and without a word from the other
 * side: NOT_SENT, or CONFIG when it will fail again until somebody mends the set-up (certificates,
 * login). */
struct delivery transfer_failed(const struct transfer *t, CURLcode code, const char *peer,
                                int last_code, const struct secrets *secrets);

#endif
