/* The properties that hold for every plan (plan_rules.h), on thousands of random sales. */
#include "plan_sales.h"

enum { SEED = 20261121, ROUNDS = 6000 };

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static int below(uint32_t *seed, int n)
{
    return (int)(next_random(seed) % (uint32_t)n);
}

static struct civil random_hour(uint32_t *seed, civil_day on)
{
    int16_t minute = below(seed, 3) == 0 ? MINUTE_NONE : (int16_t)below(seed, 1440);
    return (struct civil){on, minute};
}

static struct plan_input random_input(uint32_t *seed, const struct playbook *playbook,
                                      const struct workcal *calendar, struct plan_past *past)
{
    static const char *const zones[] = {"Europe/Moscow",      "Europe/Berlin", "Asia/Kamchatka",
                                        "Europe/Kaliningrad", "Europe/Sofia",  "UTC"};
    static const int leads[] = {0, 0, 1, 1, 2, 3, 4, 5, 10, 14, 15, 16, 17, 60, 200};
    static const int lengths[] = {0, 1, 2, 3, 7, 14, 30};
    struct plan_input in = {
        .playbook = playbook, .calendar = calendar, .paused_until = CIVIL_NONE, .past = past};
    for (int i = 0; i < ANCHOR_COUNT; i++)
        in.when[i] = (struct civil){CIVIL_NONE, MINUTE_NONE};
    in.zone = zone_named(zones[below(seed, (int)COUNT(zones))]);
    in.when[ANCHOR_PURCHASE].day = day("2026-06-01") + below(seed, 700);
    in.when[ANCHOR_DEPARTURE] =
        random_hour(seed, in.when[ANCHOR_PURCHASE].day + leads[below(seed, (int)COUNT(leads))]);
    in.when[ANCHOR_RETURN] = random_hour(seed, in.when[ANCHOR_DEPARTURE].day +
                                                   lengths[below(seed, (int)COUNT(lengths))]);
    if (in.when[ANCHOR_RETURN].day == in.when[ANCHOR_DEPARTURE].day &&
        in.when[ANCHOR_RETURN].minute <= in.when[ANCHOR_DEPARTURE].minute)
        in.when[ANCHOR_RETURN].minute = MINUTE_NONE;
    in.when[ANCHOR_VISIT] = below(seed, 4) != 0
                                ? (struct civil){CIVIL_NONE, MINUTE_NONE}
                                : random_hour(seed, in.when[ANCHOR_RETURN].day + below(seed, 20));
    in.has_phone = below(seed, 4) != 0;
    in.has_email = !in.has_phone || below(seed, 4) != 0;
    /* Entered on the day of the sale as a rule; else at any time around the trip. */
    int span = in.when[ANCHOR_RETURN].day - in.when[ANCHOR_PURCHASE].day + 40;
    civil_day entered = in.when[ANCHOR_PURCHASE].day + (below(seed, 2) ? 0 : below(seed, span));
    in.now =
        zone_to_utc(in.zone, (struct civil){entered, (int16_t)below(seed, 1440)}) + below(seed, 60);
    in.agency_today = zone_to_local(zone_named(zones[below(seed, (int)COUNT(zones))]), in.now).day;
    for (size_t i = 0; i < playbook->n_steps; i++) {
        if (below(seed, 12) == 0)
            past[in.n_past++] = over(playbook->steps[i].key);
    }
    return in;
}

static char *describe(const struct plan_input *in, int round)
{
    char bought[CIVIL_TEXT_BYTES], flies[CIVIL_TEXT_BYTES], back[CIVIL_TEXT_BYTES];
    civil_format_day(in->when[ANCHOR_PURCHASE].day, bought);
    civil_format(in->when[ANCHOR_DEPARTURE], flies);
    civil_format(in->when[ANCHOR_RETURN], back);
    struct sb sb = {0};
    sb_addf(&sb, "seed %d, round %d: bought %s, flies %s, back %s, %s%s%s, entered ", (int)SEED,
            round, bought, flies, back, zone_name(in->zone), in->has_phone ? ", phone" : "",
            in->has_email ? ", e-mail" : "");
    add_instant(&sb, in->zone, in->now);
    for (size_t i = 0; i < in->n_past; i++)
        sb_addf(&sb, "%s%s", i ? ", " : "; over: ", in->past[i].step);
    return sb_take(&sb);
}

static void whatever_is_sold(void **state)
{
    (void)state;
    struct playbook playbook = shipped_playbook();
    static const struct sale kinds[] = {
        {.calendar = WEEKDAYS}, {.calendar = NEW_YEAR}, {.calendar = CLOSED}};
    struct workcal calendars[] = {calendar_of(&kinds[0]), calendar_of(&kinds[1]),
                                  calendar_of(&kinds[2])};
    struct plan_past *past = xcalloc(playbook.n_steps, sizeof *past);
    uint32_t seed = SEED;
    int active = 0, merged = 0, late = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct workcal *calendar = &calendars[below(&seed, (int)COUNT(calendars))];
        struct plan_input in = random_input(&seed, &playbook, calendar, past);
        struct err err;
        assert_ok(plan_check_dates(in.when[ANCHOR_PURCHASE].day, in.when[ANCHOR_DEPARTURE],
                                   in.when[ANCHOR_RETURN], &err));
        char *about = describe(&in, round);
        struct plan plan;
        plan_make(&in, &plan);
        check_shipped(&in, &plan, about);
        for (size_t i = 0; i < plan.n; i++) {
            active += plan.items[i].verdict == PLAN_ACTIVE;
            merged += plan.items[i].verdict == PLAN_MERGED;
            late += plan.items[i].verdict == PLAN_ACTIVE && plan.items[i].late;
        }
        plan_fini(&plan);
        free(about);
    }
    /* The generator reaches what the rules are about. */
    assert_true(active > ROUNDS && merged > ROUNDS / 20 && late > ROUNDS / 20);
    free(past);
    playbook_fini(&playbook);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_sold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
