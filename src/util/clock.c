/* The clock: the system's, or one fixed by --now. No other file asks the system for the time. */
#include <fcntl.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include <pps/clock.h>

struct clock clock_system(void)
{
    return (struct clock){.fixed = false};
}

struct clock clock_fixed(int64_t at)
{
    return (struct clock){.fixed = true, .at = at};
}

int64_t clock_now(const struct clock *clock)
{
    return clock->fixed ? clock->at : (int64_t)time(NULL);
}

static void read_boot_id(char *buf, size_t size)
{
    buf[0] = '\0';
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    ssize_t n = read(fd, buf, size - 1);
    buf[n > 0 ? n : 0] = '\0';
    buf[strcspn(buf, "\n ")] = '\0';
    close(fd);
}

struct clock_mark clock_mark_now(void)
{
    struct clock_mark mark = {.wall = (int64_t)time(NULL)};
    struct timespec up;
    read_boot_id(mark.boot, sizeof mark.boot);
    if (clock_gettime(CLOCK_BOOTTIME, &up) == 0)
        mark.uptime = (int64_t)up.tv_sec;
    return mark;
}

bool clock_is_kept(void)
{
    struct timex state = {0};
    int rc = adjtimex(&state);
    return rc >= 0 && rc != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
}

int64_t clock_ticking_ms(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void clock_sleep_ms(int64_t ms)
{
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = (ms % 1000) * 1000000};
    if (ms > 0)
        (void)nanosleep(&t, NULL);
}
