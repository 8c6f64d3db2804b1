/* The properties that hold for every plan (plan_rules.h), on thousands of random sales, and of occasions of every kind
 * with everything that may be known. */
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

/* ---- whatever is known ---- */

struct knowledge {
    struct plan_past *past;
    struct plan_had had[2];
    struct plan_span away[2];
};

static struct civil random_day(uint32_t *seed, civil_day from, int days)
{
    if (below(seed, 3) == 0)
        return (struct civil){CIVIL_NONE, MINUTE_NONE};
    return random_hour(seed, from + below(seed, days));
}

/* An occasion of any kind: its own dates, near the sale's, some of them not known yet. */
static void random_occasion(uint32_t *seed, struct plan_input *in)
{
    static const enum anchor first[KIND_COUNT] = {ANCHOR_PURCHASE, ANCHOR_LEARNED, ANCHOR_ANSWERED,
                                                  ANCHOR_OPENED, ANCHOR_DAY};
    static const char *const greetings[] = {"birthday", "new-year", "easter"};
    civil_day from = in->when[ANCHOR_PURCHASE].day;
    in->kind = (enum kind)below(seed, KIND_COUNT + 3);
    if (in->kind >= KIND_COUNT)
        in->kind = KIND_TRIP;
    if (in->kind == KIND_TRIP) {
        in->when[ANCHOR_MOVED] = random_day(seed, from, 40);
        return;
    }
    for (int i = 0; i < ANCHOR_COUNT; i++)
        in->when[i] = random_day(seed, from, 60);
    in->when[first[in->kind]] = random_hour(seed, from);
    in->greeting = greetings[below(seed, (int)COUNT(greetings))];
}

static void random_past(uint32_t *seed, struct plan_input *in, struct plan_past *past)
{
    in->n_past = 0;
    in->past = past;
    for (size_t i = 0; i < in->playbook->n_steps; i++) {
        const struct step *step = &in->playbook->steps[i];
        civil_day today = zone_to_local(in->zone, in->now).day;
        if (below(seed, 3) != 0)
            continue;
        struct plan_past p = {.step = step->key,
                              .occurrence = below(seed, 3),
                              .over = below(seed, 2) == 0,
                              .anchor_at = random_day(seed, today - 5, 10),
                              .moved_to = {CIVIL_NONE, MINUTE_NONE},
                              .approved = below(seed, 2) == 0};
        if (below(seed, 2) == 0)
            p.anchor_at = in->when[step->at.anchor];
        if (below(seed, 4) == 0)
            p.moved_to = (struct civil){today - 2 + below(seed, 12), (int16_t)below(seed, 1440)};
        if (below(seed, 4) == 0)
            p.missed_due = in->now - (int64_t)below(seed, 30) * 43200;
        past[in->n_past++] = p;
    }
}

static void random_knowledge(uint32_t *seed, struct plan_input *in, struct knowledge *k)
{
    static const char *const products[] = {NULL, "mass", "premium", "other"};
    static const char *const places[] = {"Asia/Yekaterinburg", "Europe/Kaliningrad"};
    civil_day from = in->when[ANCHOR_PURCHASE].day;
    random_occasion(seed, in);
    random_past(seed, in, k->past);
    in->facts = below(seed, 2) == 0 ? 0 : (unsigned)below(seed, 1 << FACT_COUNT);
    for (int i = 0; i < 2; i++)
        in->denied[i] = below(seed, 3) != 0 ? 0 : (unsigned)below(seed, 4); /* e-mail, SMS, both */
    in->paused_until = below(seed, 3) != 0 ? CIVIL_NONE : from + below(seed, 60);
    in->refused_signers = below(seed, 4) != 0 ? 0 : 1u << below(seed, ROLE_COUNT);
    in->waiting_signers = below(seed, 4) != 0 ? 0 : 1u << below(seed, ROLE_COUNT);
    in->lost_id = in->waiting_signers ? 7 : 0;
    in->product = products[below(seed, (int)COUNT(products))];
    in->departure_zone = below(seed, 2) ? NULL : zone_named(places[below(seed, 2)]);
    in->phone_wrong = !in->has_phone && below(seed, 2) == 0;
    for (in->n_had = 0; in->n_had < (size_t)below(seed, 3); in->n_had++)
        k->had[in->n_had] = (struct plan_had){
            .step = in->playbook->steps[below(seed, (int)in->playbook->n_steps)].key,
            .at = in->now + (below(seed, 1000) - 700) * 86400LL};
    in->had = k->had;
    for (in->n_away = 0; in->n_away < (size_t)below(seed, 3); in->n_away++) {
        civil_day off = from + below(seed, 400);
        k->away[in->n_away] = (struct plan_span){off, off + below(seed, 30)};
    }
    in->away = k->away;
}

/* Three ways in which more knowledge may only take away: what was not to be done stays so. */
static void less_is_sent(const struct plan_input *in, const struct plan *plan, const char *about)
{
    for (int way = 0; way < 3; way++) {
        struct plan_input stricter = *in;
        struct plan other;
        if (way == 0)
            stricter.denied[CLASS_SERVICE] = stricter.denied[CLASS_MARKETING] = 3;
        else if (way == 1)
            stricter.facts |= FACT_BIT(FACT_COMPLAINT);
        else
            stricter.paused_until = CIVIL_MAX;
        plan_make(&stricter, &other);
        for (size_t i = 0; i < other.n; i++) {
            const struct plan_item *item = &other.items[i];
            bool selling = item->step->class == CLASS_MARKETING;
            bool message = !channel_is_human(item->channel);
            if (item->verdict == PLAN_ACTIVE && message && (way == 0 || selling)) {
                show_plan(plan, in->zone);
                fail_msg("%s: %s goes, way %d", about, item->step->key, way);
            }
            if (way == 0)
                assert_int_equal(item->fallback_at, 0);
        }
        check_plan(&stricter, &other, about);
        plan_fini(&other);
    }
}

static void whatever_is_known(void **state)
{
    (void)state;
    struct playbook playbook = shipped_playbook();
    static const struct sale weekdays = {.calendar = WEEKDAYS};
    struct workcal calendar = calendar_of(&weekdays);
    struct knowledge k = {.past = xcalloc(playbook.n_steps, sizeof *k.past)};
    uint32_t seed = SEED + 1;
    int verdicts[PLAN_SUPPRESSED + 1] = {0}, again = 0, holds[CAUSE_COUNT] = {0};
    int causes[CAUSE_COUNT] = {0};
    for (int round = 0; round < ROUNDS; round++) {
        struct plan_input in = random_input(&seed, &playbook, &calendar, k.past);
        random_knowledge(&seed, &in, &k);
        char *about = describe(&in, round);
        struct plan plan;
        plan_make(&in, &plan);
        check_plan(&in, &plan, about);
        for (size_t i = 0; i < plan.n; i++) {
            const struct plan_item *item = &plan.items[i];
            const struct check c = {&in, &plan, about};
            check_grace(&c, item);
            verdicts[item->verdict]++;
            holds[item->verdict == PLAN_HELD ? item->hold : CAUSE_NONE]++;
            causes[item->cause]++;
            again += is_settled(&in, item->step->key);
        }
        if (round % 10 == 0)
            less_is_sent(&in, &plan, about);
        plan_fini(&plan);
        free(about);
    }
    /* The generator reaches what the rules are about. */
    for (size_t i = 0; i < COUNT(verdicts); i++)
        assert_true(verdicts[i] > ROUNDS / 50);
    assert_true(again > ROUNDS / 40);
    assert_true(holds[CAUSE_COMPLAINT] > ROUNDS / 50 && holds[CAUSE_PAUSED] > ROUNDS / 50 &&
                holds[CAUSE_APPROVAL] > ROUNDS / 200 && holds[CAUSE_LOST_SALE] > ROUNDS / 50);
    assert_true(causes[CAUSE_CONDITION] > ROUNDS / 20 && causes[CAUSE_HAD_IT] > ROUNDS / 200 &&
                causes[CAUSE_SIGNER] > ROUNDS / 50 && causes[CAUSE_NO_CONSENT] > ROUNDS / 20);
    free(k.past);
    playbook_fini(&playbook);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_sold),
        cmocka_unit_test(whatever_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
