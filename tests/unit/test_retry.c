/* The back-off: 5, 10, 20, 40 minutes, then an hour; a fifth of jitter either way. */
#include "support.h"

#include <pps/retry.h>

static const struct {
    int attempts;
    int32_t delay; /* without jitter */
} steps[] = {
    {1, 300},  {2, 600},  {3, 1200},  {4, 2400},       {5, 3600},
    {6, 3600}, {7, 3600}, {64, 3600}, {1000000, 3600},
};

static void it_doubles_up_to_an_hour(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(steps); i++) {
        int32_t fifth = steps[i].delay / 5;
        /* noise walks through the whole range, from the shortest to the longest, and around. */
        assert_int_equal(retry_delay_sec(steps[i].attempts, 0), steps[i].delay - fifth);
        assert_int_equal(retry_delay_sec(steps[i].attempts, (uint32_t)fifth), steps[i].delay);
        assert_int_equal(retry_delay_sec(steps[i].attempts, (uint32_t)(2 * fifth)),
                         steps[i].delay + fifth);
        assert_int_equal(retry_delay_sec(steps[i].attempts, (uint32_t)(2 * fifth) + 1),
                         steps[i].delay - fifth);
    }
}

static void whatever_the_noise_it_stays_in_bounds(void **state)
{
    (void)state;
    enum { SEED = 7, ROUNDS = 20000 };
    uint32_t noise = SEED;
    for (int round = 0; round < ROUNDS; round++) {
        noise = noise * 1664525u + 1013904223u;
        for (size_t i = 0; i < COUNT(steps); i++) {
            int32_t delay = retry_delay_sec(steps[i].attempts, noise);
            if (delay < steps[i].delay * 4 / 5 || delay > steps[i].delay * 6 / 5)
                fail_msg("seed %d, noise %u: %d after %d attempts", SEED, noise, delay,
                         steps[i].attempts);
        }
    }
    assert_in_range(retry_delay_sec(1, UINT32_MAX), 240, 360);
}

/* A thousand letters refused together do not come back together. */
static void ids_in_a_row_spread(void **state)
{
    (void)state;
    int at[361] = {0};
    for (uint32_t id = 1; id <= 1000; id++)
        at[retry_delay_sec(1, id * 2654435761u)]++;
    for (size_t i = 0; i < COUNT(at); i++)
        assert_in_range(at[i], 0, 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_doubles_up_to_an_hour),
        cmocka_unit_test(whatever_the_noise_it_stays_in_bounds),
        cmocka_unit_test(ids_in_a_row_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
