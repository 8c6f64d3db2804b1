/* Money as people write it, in hundredths of the agency's currency. Pure. */
#ifndef PPS_MONEY_H
#define PPS_MONEY_H

#include <stdint.h>

#include <pps/err.h>

#define MONEY_TEXT_BYTES 32

/* "1500", "1500.00", "1 500,00": groups of three may stand apart, one or two digits follow a comma or a point. Not
 * below 0, at most 10 digits before the comma. RC_INVALID. */
enum rc money_parse(const char *text, int64_t *ret, struct err *err) MUST_CHECK;
/* "1500.00" */
void money_format(int64_t hundredths, char buf[MONEY_TEXT_BYTES]);

#endif
