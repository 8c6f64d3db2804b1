/* Compiled zones: the rules of RFC 8536, and bytes that are no zone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pps/str.h>

#include "../../src/core/tzif.h"

static void add_number(struct sb *sb, int64_t n, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--)
        sb_addc(sb, (char)((uint64_t)n >> (8 * i) & 0xFF));
}

/* A file with an empty first block, types {0 s, 3600 s} and the given transitions to alternating
 * types, beginning with the second. */
static struct sb file_of(const int64_t *at, size_t n, const char *footer)
{
    struct sb sb = {0};
    for (int block = 0; block < 2; block++) {
        size_t times = block ? n : 0, types = block ? 2 : 0;
        sb_addn(&sb, "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
        const size_t counts[] = {0, 0, 0, times, types, 4 * (types > 0)};
        for (size_t i = 0; i < 6; i++)
            add_number(&sb, (int64_t)counts[i], 4);
        for (size_t i = 0; i < times; i++)
            add_number(&sb, at[i], 8);
        for (size_t i = 0; i < times; i++)
            sb_addc(&sb, (char)(1 - i % 2));
        for (size_t i = 0; i < types; i++) {
            add_number(&sb, i ? 3600 : 0, 4);
            add_number(&sb, 0, 2);
        }
        if (types > 0)
            sb_addn(&sb, "XYZ", 4);
    }
    sb_addf(&sb, "\n%s\n", footer);
    return sb;
}

static bool parses(const char *footer)
{
    struct sb file = file_of(NULL, 0, footer);
    struct tzif tz = {0};
    bool fine = tzif_parse(file.s, file.len, &tz);
    tzif_fini(&tz);
    sb_fini(&file);
    return fine;
}

static void the_last_transition_before_an_instant_counts(void **state)
{
    (void)state;
    static const int64_t at[] = {-100, 0, 1000, 5000000000};
    static const struct {
        int64_t utc;
        int32_t offset;
    } cases[] = {
        {-101, 0},      {-100, 3600}, {-1, 3600},         {0, 0},          {999, 0},
        {1000, 3600},   {1001, 3600}, {4999999999, 3600}, {5000000000, 0}, {INT64_C(6000000000), 0},
        {INT64_MIN, 0},
    };
    struct sb file = file_of(at, 4, "");
    struct tzif tz;
    assert_true(tzif_parse(file.s, file.len, &tz));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(tzif_offset(&tz, cases[i].utc), cases[i].offset);
    tzif_fini(&tz);
    tzif_fini(NULL);
    sb_fini(&file);
}

#define H 3600
/* 2026-01-01, 2028-01-01 (a leap year) in UTC */
#define Y2026 INT64_C(1767225600)
#define Y2028 INT64_C(1830297600)
#define D(n) ((n)*INT64_C(86400))

static void the_rule_holds_after_the_table(void **state)
{
    (void)state;
    static const struct {
        const char *footer;
        int64_t change; /* an instant at which the offset changes */
        int32_t before, after;
    } cases[] = {
        /* last Sundays of March and October: 29 March and 25 October 2026, 01:00 UTC */
        {"CET-1CEST,M3.5.0,M10.5.0/3", Y2026 + D(87) + H, H, 2 * H},
        {"CET-1CEST,M3.5.0,M10.5.0/3", Y2026 + D(297) + H, 2 * H, H},
        /* southern: first Sundays of October and April, 4 October and 5 April 2026, 16:00 UTC the
           day before */
        {"AEST-10AEDT,M10.1.0,M4.1.0/3", Y2026 + D(275) + 16 * H, 10 * H, 11 * H},
        {"AEST-10AEDT,M10.1.0,M4.1.0/3", Y2026 + D(93) + 16 * H, 11 * H, 10 * H},
        /* "summer" behind "standard" time, as Ireland has it */
        {"IST-1GMT0,M10.5.0,M3.5.0/1", Y2026 + D(87) + H, 0, H},
        {"IST-1GMT0,M10.5.0,M3.5.0/1", Y2026 + D(297) + H, H, 0},
        /* half hours, negative and long times of day, quoted names */
        {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", Y2026 + D(275) + 15 * H + H / 2, 10 * H + H / 2,
         11 * H},
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", Y2026 + D(87) + H, -2 * H, -H},
        {"EET-2EEST,M3.4.4/50,M10.4.4/50", Y2026 + D(86), 2 * H, 3 * H},
        /* the 60th day without 29 February, in a common and a leap year; the 59th from 0 */
        {"AAA0BBB,J60/0,J300/0", Y2026 + D(59), 0, H},
        {"AAA0BBB,J60/0,J300/0", Y2028 + D(60), 0, H},
        {"AAA0BBB,59/0,300/0", Y2028 + D(59), 0, H},
        {"AAA0BBB-2,59/0,300/0", Y2028 + D(59), 0, 2 * H},
        /* the last Thursday of February 2028 is the 24th; the fourth too */
        {"AAA0BBB,M2.5.4/0,M3.1.0/0", Y2028 + D(54), 0, H},
        {"AAA0BBB,M2.5.2/0,M3.1.0/0", Y2028 + D(59), 0, H}, /* Tuesday the 29th */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct sb file = file_of(NULL, 0, cases[i].footer);
        struct tzif tz;
        assert_true(tzif_parse(file.s, file.len, &tz));
        assert_int_equal(tzif_offset(&tz, cases[i].change - 1), cases[i].before);
        assert_int_equal(tzif_offset(&tz, cases[i].change), cases[i].after);
        tzif_fini(&tz);
        sb_fini(&file);
    }
}

static void summer_all_year_is_summer_every_hour(void **state)
{
    (void)state;
    struct sb file = file_of(
        NULL, 0, "XXX3<+02>-2,0/0,J365/29"); /* 29 h by the summer clock is 24 h of winter's */
    struct tzif tz;
    assert_true(tzif_parse(file.s, file.len, &tz));
    for (int64_t utc = Y2026; utc < Y2028; utc += H)
        assert_int_equal(tzif_offset(&tz, utc), 2 * H);
    tzif_fini(&tz);
    sb_fini(&file);
}

static void a_wrong_rule_is_refused(void **state)
{
    (void)state;
    assert_true(parses(""));
    assert_true(parses("MSK-3"));
    static const char *const cases[] = {
        "MSK",
        "M-3",
        "-3",
        "MSK-25",
        "MSK-3:60",
        "MSK-3x",
        "<+03-3",
        "CET-1CEST",
        "CET-1CEST,M3.5.0",
        "CET-1CEST,M3.5.0,",
        "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M0.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.0.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,M3.5.0/168,M10.5.0",
        "CET-1CEST,J0,J300",
        "CET-1CEST,J366,J300",
        "CET-1CEST,366,J300",
        "CET-1CEST,M3.5.0,M10.5.0 ",
        "CET-99999999999999999999",
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (parses(cases[i]))
            fail_msg("accepted: %s", cases[i]);
}

static void damaged_bytes_are_refused(void **state)
{
    (void)state;
    static const int64_t at[] = {-100, 0, 1000};
    struct sb file = file_of(at, 3, "MSK-3");
    struct tzif tz;
    assert_true(tzif_parse(file.s, file.len, &tz));
    tzif_fini(&tz);
    for (size_t n = 0; n < file.len;
         n++) { /* every shorter file; its own memory, so that reads past it show */
        char *part = xmalloc(n);
        memcpy(part, file.s, n);
        assert_false(tzif_parse(part, n, &tz));
        free(part);
    }
    static const struct {
        size_t at;
        char byte;
    } cases[] = {
        {0, 'X'},       /* magic */
        {4, '1'},       /* version 1 */
        {44 + 4, '\0'}, /* the same in the second header */
        {44 + 36, 1},   /* far too many types */
        {88, 1},        /* the first transition after the second */
        {88 + 24, 2},   /* a type that is not there */
        {88 + 27, 1},   /* an offset of half a year */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char old = file.s[cases[i].at];
        file.s[cases[i].at] = cases[i].byte;
        assert_false(tzif_parse(file.s, file.len, &tz));
        file.s[cases[i].at] = old;
    }
    static const int64_t twice[] = {0, 0};
    sb_fini(&file);
    file = file_of(twice, 2, "");
    assert_false(tzif_parse(file.s, file.len, &tz));
    sb_fini(&file);
}

static void a_clock_that_counts_leap_seconds_is_refused(void **state)
{
    (void)state;
    static const char record[12] = {0};
    struct sb file = file_of(NULL, 0, "MSK-3"), leap = {0};
    size_t footer = file.len - strlen("\nMSK-3\n");
    struct tzif tz;
    sb_addn(&leap, file.s, footer);
    sb_addn(&leap, record, sizeof record);
    sb_add(&leap, file.s + footer);
    assert_false(tzif_parse(leap.s, leap.len, &tz)); /* a stray record */
    leap.s[44 + 31] = 1;                             /* announced: whole, but not UTC */
    assert_false(tzif_parse(leap.s, leap.len, &tz));
    sb_fini(&leap);
    sb_fini(&file);
}

static void random_damage_is_survived(void **state)
{
    (void)state;
    static const int64_t at[] = {-100, 0, 1000, 5000000000};
    struct sb file = file_of(at, 4, "CET-1CEST,M3.5.0,M10.5.0/3");
    unsigned seed = 8536, parsed = 0;
    print_message("seed %u\n", seed);
    srand(seed);
    for (int round = 0; round < 50000; round++) {
        char *copy = xmalloc(file.len);
        memcpy(copy, file.s, file.len);
        for (int k = rand() % 3; k >= 0; k--)
            copy[(size_t)rand() % file.len] = (char)rand();
        struct tzif tz;
        if (tzif_parse(copy, file.len, &tz)) {
            parsed++;
            (void)tzif_offset(&tz, Y2028 + rand());
            tzif_fini(&tz);
        }
        free(copy);
    }
    assert_true(parsed > 0 && parsed < 50000);
    sb_fini(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_transition_before_an_instant_counts),
        cmocka_unit_test(the_rule_holds_after_the_table),
        cmocka_unit_test(summer_all_year_is_summer_every_hour),
        cmocka_unit_test(a_wrong_rule_is_refused),
        cmocka_unit_test(damaged_bytes_are_refused),
        cmocka_unit_test(a_clock_that_counts_leap_seconds_is_refused),
        cmocka_unit_test(random_damage_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
