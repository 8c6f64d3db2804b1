/* What enrolling a sale shares with the other use cases that enter a person. */
#ifndef PPS_SERVICE_ENROL_H
#define PPS_SERVICE_ENROL_H

#include "internal.h"

/* The fields of a client, checked; the caller frees what is in ret even after a failure. */
enum rc enrol_read_client(const struct desk *desk, const struct sale *sale, struct client *ret,
                          struct err *err) MUST_CHECK;
/* Whose work it is: as given, else whoever enters it when they are on the staff; 0: nobody's. */
enum rc enrol_pick_manager(const struct desk *desk, const char *login, int64_t *ret_id,
                           struct err *err) MUST_CHECK;
bool enrol_same_name(const char *a, const char *b);

#endif
