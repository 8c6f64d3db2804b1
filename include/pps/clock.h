/* The clock: the only place where the program learns what time it is. `--now` fixes it. */
#ifndef PPS_CLOCK_H
#define PPS_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct clock {
    bool fixed;
    int64_t at; /* UTC seconds since 1970; used only when fixed */
};

struct clock clock_system(void);
struct clock clock_fixed(int64_t at);
int64_t clock_now(const struct clock *clock); /* UTC seconds since 1970 */

#endif
