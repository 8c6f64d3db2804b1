/* The back-off rule. A lost connection in the morning is mended within minutes, so the first tries
 * are close; a mailbox over quota is not, so the later ones are an hour apart. Bounded by the
 * message's own expiry, which the caller checks. */
#include <pps/retry.h>

int32_t retry_delay_sec(int attempts, uint32_t noise)
{
    enum { FIRST = 300, LONGEST = 3600 };
    int32_t delay = FIRST;
    for (int i = 1; i < attempts && delay < LONGEST; i++)
        delay *= 2;
    if (delay > LONGEST)
        delay = LONGEST;
    int32_t fifth = delay / 5;
    return delay - fifth + (int32_t)(noise % (uint32_t)(2 * fifth + 1));
}
