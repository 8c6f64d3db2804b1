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

/* What tells a jump of the wall clock from time that has passed. */
struct clock_mark {
    int64_t wall; /* UTC seconds since 1970 */
    char boot
        [40]; /* the kernel's id of this boot (proc(5): random/boot_id); "" when there is none */
    int64_t uptime; /* seconds since that boot, those of sleep included (CLOCK_BOOTTIME) */
};
struct clock_mark clock_mark_now(void);
/* Whether the kernel says that something (NTP) keeps the clock right (adjtimex(2)). */
bool clock_is_kept(void);
/* Milliseconds that only ever grow, for measuring how long something took. */
int64_t clock_ticking_ms(void);
/* Waits; a signal may end it early. */
void clock_sleep_ms(int64_t ms);

#endif
