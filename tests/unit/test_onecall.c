/* One person gets one call: which of the calls to one number is made, and for which others it is made. */
#include "support.h"

#include <pps/calls.h>

enum { TODAY = 100, NOON = 1000, LATER = 2000 };

/* Two calls of one flight, due on one day; each row of the table changes a little of it. */
static struct call_row call(int64_t id)
{
    return (struct call_row){.id = id,
                             .step = "preflight",
                             .trip = "2026-12-10 2026-12-20 анталья",
                             .day = TODAY,
                             .anchor = TODAY + 1,
                             .cut_off = NOON};
}

static void assert_into(struct call_row *rows, size_t n, const int64_t *into, const char *about)
{
    calls_join(rows, n, TODAY);
    for (size_t i = 0; i < n; i++) {
        if (rows[i].into != into[i])
            fail_msg("%s: call %lld goes into %lld, not into %lld", about, (long long)rows[i].id,
                     (long long)rows[i].into, (long long)into[i]);
    }
}

static void the_oldest_is_made_for_all(void **state)
{
    (void)state;
    struct call_row rows[] = {call(3), call(5), call(8), call(9), call(12)};
    assert_into(rows, 5, (const int64_t[]){0, 3, 3, 3, 3}, "a family of five");
    assert_into(rows, 1, (const int64_t[]){0}, "one alone");
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init" /* a row says in what it differs */
/* What differs between two calls, and whether the first is made for the second as well. */
static void two_calls(void **state)
{
    (void)state;
    static const struct {
        const char *about;
        struct call_row first, second;
        bool one;
    } rows[] = {
#define CALL .trip = "a", .day = TODAY, .anchor = TODAY + 1, .cut_off = NOON
        {"another step", {.step = "x", CALL}, {.step = "y", CALL}, false},
        {"another day", {.step = "x", CALL}, {.step = "x", CALL, .day = TODAY + 1}, false},
        {"another flight of that day", {.step = "x", CALL}, {.step = "x", CALL, .trip = "b"}, true},
        {"another flight, whose message goes earlier",
         {.step = "x", CALL, .cut_off = LATER},
         {.step = "x", CALL, .trip = "b"},
         false},
        {"the same flight: its message may go later",
         {.step = "x", CALL, .cut_off = LATER},
         {.step = "x", CALL},
         true},
        {"no message goes instead of the first",
         {.step = "x", CALL, .cut_off = 0},
         {.step = "x", CALL},
         false},
        {"neither has a message",
         {.step = "x", CALL, .cut_off = 0},
         {.step = "x", CALL, .cut_off = 0},
         true},
        {"a number that is wrong on one card only",
         {.step = "x", CALL, .wrong = true},
         {.step = "x", CALL},
         false},
        {"a wrong number",
         {.step = "x", CALL, .wrong = true},
         {.step = "x", CALL, .wrong = true},
         true},
        {"tried already, both",
         {.step = "x", CALL, .tried = true},
         {.step = "x", CALL, .tried = true},
         false},
        {"both are on the list of today, of one date",
         {.step = "x", CALL, .day = TODAY - 1},
         {.step = "x", CALL},
         true},
        {"both are on the list of today, of two dates",
         {.step = "x", CALL, .day = TODAY - 1},
         {.step = "x", CALL, .anchor = TODAY + 5},
         false},
        {"made, and not for the second",
         {.step = "x", CALL, .over = true},
         {.step = "x", CALL},
         false},
        {"made for the second",
         {.step = "x", CALL, .over = true, .day = TODAY - 3},
         {.step = "x", CALL, .joined = 1},
         true},
        {"put off, with the second",
         {.step = "x", CALL, .day = TODAY + 2, .tried = true, .put_off = true},
         {.step = "x", CALL, .joined = 1},
         true},
        {"put off before there was a second",
         {.step = "x", CALL, .day = TODAY + 2, .tried = true, .put_off = true},
         {.step = "x", CALL},
         false},
        {"refused, and not asked for the second",
         {.step = "x", CALL, .refused = true},
         {.step = "x", CALL},
         false},
        {"refused when it was made for the second as well",
         {.step = "x", CALL, .refused = true},
         {.step = "x", CALL, .joined = 1},
         true},
        {"the second was refused: its message goes",
         {.step = "x", CALL},
         {.step = "x", CALL, .refused = true},
         false},
#undef CALL
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct call_row pair[] = {rows[i].first, rows[i].second};
        pair[0].id = 1;
        pair[1].id = 2;
        assert_into(pair, 2, (const int64_t[]){0, rows[i].one ? 1 : 0}, rows[i].about);
    }
}

#pragma GCC diagnostic pop

static void what_was_tried_leads(void **state)
{
    (void)state;
    struct call_row rows[] = {call(3), call(5), call(8)};
    rows[1].tried = true;
    assert_into(rows, 3, (const int64_t[]){5, 0, 5}, "the second was tried");
    struct call_row stays[] = {call(3), call(5), call(8)};
    stays[0].tried = stays[1].tried = true;
    stays[2].joined = 5;
    assert_into(stays, 3, (const int64_t[]){0, 0, 5},
                "it stays with the call that it was merged into");
}

/* Whoever leads is called itself, and nobody is left without a call. */
static void a_call_that_stands_for_others_is_made(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits < 1u << 16; bits++) {
        struct call_row rows[] = {call(1), call(2), call(3), call(4)};
        for (unsigned i = 0; i < 4; i++) {
            rows[i].tried = bits >> (3 * i) & 1;
            rows[i].day += (civil_day)(bits >> (3 * i + 1) & 1);
            rows[i].refused = bits >> (12 + i) & 1;
            rows[i].joined = bits >> (3 * i + 2) & 1 ? (int64_t)((i + 1) % 4 + 1) : 0;
        }
        calls_join(rows, 4, TODAY);
        for (size_t i = 0; i < 4; i++) {
            if (rows[i].into != 0)
                assert_int_equal(rows[rows[i].into - 1].into, 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_oldest_is_made_for_all),
        cmocka_unit_test(two_calls),
        cmocka_unit_test(what_was_tried_leads),
        cmocka_unit_test(a_call_that_stands_for_others_is_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
