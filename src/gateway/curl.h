/* Private to the room: libcurl is loaded when it is needed, and not with the program. */
#ifndef PPS_GATEWAY_CURL_H
#define PPS_GATEWAY_CURL_H

#include <pps/err.h>

/* Before the first of libcurl's functions is called; again is fine. RC_CONFIG when it is not there: nothing of it may be
 * called then. */
enum rc curl_load(struct err *err) MUST_CHECK;

#endif
