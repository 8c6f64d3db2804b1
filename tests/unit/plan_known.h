/* Tables of what is known: a step or two, what is known of a client, and what becomes of it. For the tests of the
 * planner; the lines of a plan are those of plan_sales.h. */
#ifndef TESTS_PLAN_KNOWN_H
#define TESTS_PLAN_KNOWN_H

#include "plan_sales.h"

struct known {
    const char *about;
    const char *steps; /* JSON; NULL: the shipped playbook */
    const char *expected;
    const char *now; /* NULL: 2026-12-01 12:00 in Moscow */
    enum kind kind;
    const char
        *dates; /* "opened 2026-12-01, promised 2026-12-05"; NULL: a trip of 10 to 20 December */
    const char *contacts; /* NULL: "phone e-mail" */
    unsigned facts;
    unsigned no_service, no_marketing; /* WAY bits: by which they want nothing */
    const char *paused_until, *product, *greeting, *starts_at;
    const char *away[2];
    unsigned refused; /* 1 << role */
    struct plan_past past;
    struct plan_had had;
};

#define WAY(channel) (1u << (channel))
#define NOTHING_YET                                                                                \
    {                                                                                              \
        CIVIL_NONE, MINUTE_NONE                                                                    \
    }
#define FACT(name) FACT_BIT(FACT_##name)

static inline void set_dates(struct plan_input *in, const char *dates)
{
    char *all = xstrdup(dates), *save = NULL;
    for (int i = 0; i < ANCHOR_COUNT; i++)
        in->when[i] = (struct civil){CIVIL_NONE, MINUTE_NONE};
    for (char *one = strtok_r(all, ",", &save); one; one = strtok_r(NULL, ",", &save)) {
        one += strspn(one, " ");
        char *space = strchr(one, ' ');
        enum anchor anchor;
        assert_non_null(space);
        *space = '\0';
        assert_true(anchor_from_name(one, &anchor));
        in->when[anchor] = when(space + 1);
    }
    free(all);
}

static inline struct playbook playbook_of(const char *steps)
{
    struct playbook playbook;
    struct err err;
    if (steps == NULL)
        return shipped_playbook();
    char *text = xasprintf("{\"steps\": [%s], \"holidays\": {\"easter\": \"05-02\"}}", steps);
    assert_ok(playbook_parse(text, strlen(text), "playbook.json", &playbook, &err));
    free(text);
    return playbook;
}

/* The input refers to k and to away. */
static inline struct plan_input known_input(const struct known *k, const struct playbook *playbook,
                                            const struct workcal *calendar, struct plan_span *away)
{
    const char *contacts = str_or(k->contacts, "phone e-mail");
    struct plan_input in = {
        .playbook = playbook,
        .kind = k->kind,
        .zone = zone_named("Europe/Moscow"),
        .departure_zone = k->starts_at ? zone_named(k->starts_at) : NULL,
        .calendar = calendar,
        .has_phone = strstr(contacts, "phone") != NULL,
        .phone_wrong = strstr(contacts, "wrong") != NULL,
        .has_email = strstr(contacts, "e-mail") != NULL,
        .facts = k->facts,
        .denied = {[CLASS_SERVICE] = k->no_service, [CLASS_MARKETING] = k->no_marketing},
        .paused_until = k->paused_until ? day(k->paused_until) : CIVIL_NONE,
        .refused_signers = k->refused,
        .product = k->product,
        .greeting = k->greeting,
        .past = &k->past,
        .n_past = k->past.step != NULL,
        .had = &k->had,
        .n_had = k->had.step != NULL,
    };
    in.now = instant("Europe/Moscow", str_or(k->now, "2026-12-01 12:00"));
    in.agency_today = zone_to_local(in.zone, in.now).day;
    set_dates(&in, str_or(k->dates, "purchase 2026-12-01, departure 2026-12-10 06:40, "
                                    "return 2026-12-20"));
    if (k->away[0] != NULL) {
        *away = (struct plan_span){day(k->away[0]), day(k->away[1])};
        in.away = away;
        in.n_away = 1;
    }
    return in;
}

/* Every line of expected is a line of the plan; an empty one says that nothing is planned at all. */
static inline void run_known(const struct known *all, size_t n)
{
    struct sale weekdays = {.calendar = WEEKDAYS};
    struct workcal calendar = calendar_of(&weekdays);
    for (size_t i = 0; i < n; i++) {
        struct playbook playbook = playbook_of(all[i].steps);
        struct plan_span away;
        struct plan_input in = known_input(&all[i], &playbook, &calendar, &away);
        struct sale sale = {.about = all[i].about, .expected = all[i].expected};
        struct plan plan;
        plan_make(&in, &plan);
        if (*all[i].expected != '\0') {
            compare(&sale, &plan, in.zone);
        } else if (plan.n > 0) {
            show_plan(&plan, in.zone);
            fail_msg("%s: wanted nothing", all[i].about);
        }
        check_plan(&in, &plan, all[i].about);
        plan_fini(&plan);
        playbook_fini(&playbook);
    }
}

#endif
