/* Guards: when does a tick hold everything? Tables over the facts: where the database is against its sent log, and the clock
 * against the time that has passed. */
#include "support.h"

#include "../../src/dispatch/internal.h"

static struct place place(const char *instance, const char *machine, int64_t inode, int64_t seq)
{
    struct place p = {.inode = inode, .seq = seq};
    (void)snprintf(p.instance, sizeof p.instance, "%s", instance);
    (void)snprintf(p.machine, sizeof p.machine, "%s", machine);
    return p;
}

static void the_place(void **state)
{
    (void)state;
    const struct place log = place("db1", "m1", 7, 40);
    const struct {
        struct place here;
        enum hold hold;
    } rows[] = {
        {place("db1", "m1", 7, 40), HOLD_NONE},
        {place("db1", "m1", 7, 41), HOLD_NONE}, /* died between commit and line */
        {place("db1", "m1", 7, 42), HOLD_LOG_OLDER},
        {place("db1", "m1", 7, 39), HOLD_OLDER}, /* a backup copied over it */
        {place("db1", "m1", 7, 0), HOLD_OLDER},
        {place("db1", "m2", 8, 39), HOLD_OLDER}, /* adopting it would send again */
        {place("db1", "m1", 8, 40), HOLD_MOVED}, /* a copy on the same machine */
        {place("db1", "m2", 7, 40), HOLD_MOVED},
        {place("db1", "-", 7, 40), HOLD_MOVED},
        {place("db2", "m1", 7, 40), HOLD_OTHER_LOG},
        {place("", "m1", 7, 0), HOLD_OTHER_LOG}, /* a new database beside an old log */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (guard_place(&log, &rows[i].here) != rows[i].hold)
            fail_msg("row %zu: %d", i, guard_place(&log, &rows[i].here));
    }
    const struct place fresh = place("", "m1", 7, 0), used = place("db1", "m1", 7, 1);
    assert_int_equal(guard_place(NULL, &fresh), HOLD_NONE);
    assert_int_equal(guard_place(NULL, &used), HOLD_NO_LOG);
    struct place ticked = fresh;
    ticked.logged = true; /* it has had a log, so that this one may be a backup */
    assert_int_equal(guard_place(NULL, &ticked), HOLD_NO_LOG);
    /* What was entered into it is missing: adopting it would bring back what was cancelled. */
    struct place behind = log, other = place("db2", "m1", 7, 40);
    behind.behind = other.behind = true;
    assert_int_equal(guard_place(&log, &behind), HOLD_OLDER);
    assert_int_equal(guard_place(NULL, &behind), HOLD_OLDER);
    assert_int_equal(guard_place(&log, &other), HOLD_OTHER_LOG);
    /* It was given a new name, and the log could not be told. */
    struct place renamed = place("db2", "m1", 7, 42);
    (void)snprintf(renamed.ancestors[0], INSTANCE_BYTES, "db0");
    (void)snprintf(renamed.ancestors[1], INSTANCE_BYTES, "db1");
    renamed.n_ancestors = 2;
    assert_int_equal(guard_place(&log, &renamed), HOLD_NO_LOG);
}

static void the_clock(void **state)
{
    (void)state;
    enum { T = 1796000000, HOUR = 3600, DAY = 86400 };
    static const struct {
        const char *boot;
        int64_t passed, up; /* on the wall; since the boot */
        bool kept;
        enum hold hold;
    } rows[] = {
        {"b1", 600, 600, false, HOLD_NONE},
        {"b1", 0, 0, false, HOLD_NONE},
        {"b1", -299, 1, false, HOLD_NONE}, /* NTP sets it right */
        {"b1", -301, 1, false, HOLD_CLOCK_BACK},
        {"b1", -301, 1, true, HOLD_CLOCK_BACK},
        {"b2", -301, 1, true, HOLD_CLOCK_BACK},
        {"b1", 600 + HOUR, 600, false, HOLD_NONE},
        {"b1", 601 + HOUR, 600, false, HOLD_CLOCK_AHEAD},
        {"b1", 20 * 365 * (int64_t)DAY, 600, true, HOLD_CLOCK_AHEAD}, /* nobody sleeps so long */
        {"b1", 30 * DAY, 30 * DAY, false, HOLD_NONE},                 /* a laptop that slept */
        {"b2", 3 * DAY, 60, false, HOLD_NONE},                        /* switched off */
        {"b2", 3 * DAY + 1, 60, false, HOLD_CLOCK_AHEAD},
        {"b2", 14 * DAY, 60, true, HOLD_NONE}, /* the holidays, and NTP vouches for the clock */
        {"", 3 * DAY + 1, 3 * DAY + 1, false, HOLD_CLOCK_AHEAD}, /* no boot id: as another boot */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct clock_mark last = {.wall = T, .uptime = 5000},
                          now = {.wall = T + rows[i].passed, .uptime = 5000 + rows[i].up};
        (void)snprintf(last.boot, sizeof last.boot, "%s", rows[i].boot[0] ? "b1" : "");
        (void)snprintf(now.boot, sizeof now.boot, "%s", rows[i].boot);
        if (guard_clock(&last, &now, rows[i].kept) != rows[i].hold)
            fail_msg("row %zu: %d", i, guard_clock(&last, &now, rows[i].kept));
    }
    const struct clock_mark never = {0}, now = {.wall = T};
    assert_int_equal(guard_clock(&never, &now, false), HOLD_NONE);
}

static void every_hold_says_what_to_do(void **state)
{
    (void)state;
    assert_string_equal(hold_reason(HOLD_NONE), "");
    for (int h = HOLD_OLDER; h <= HOLD_NO_SPACE; h++)
        assert_true(strstr(hold_reason((enum hold)h), "pps ") != NULL || h == HOLD_NO_SPACE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_place),
        cmocka_unit_test(the_clock),
        cmocka_unit_test(every_hold_says_what_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
