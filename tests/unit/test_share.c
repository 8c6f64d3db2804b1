/* One person, one message: when has somebody who got the other message no need of this one? A table, and the same question
 * asked from both sides. */
#include "support.h"

#include "../../src/dispatch/share.h"

struct side {
    enum kind kind;
    int64_t client;
    const char *title, *departure, *back, *anchor;
    const char *merged; /* a step whose words it carries; NULL: none */
};

static const struct step SERVICE = {.class = CLASS_SERVICE, .at.anchor = ANCHOR_PURCHASE};
static const struct step DATED = {.class = CLASS_SERVICE, .at.anchor = ANCHOR_DEPARTURE};
static const struct step MARKETING = {.class = CLASS_MARKETING, .at.anchor = ANCHOR_RETURN};
static char birthday[] = "birthday", new_year[] = "new-year";
static const struct step BIRTHDAY = {.class = CLASS_MARKETING, .greeting = birthday};
static const struct step NEW_YEAR = {.class = CLASS_MARKETING, .greeting = new_year};

#define TRIP                                                                                       \
    {                                                                                              \
        KIND_TRIP, 1, "Анталья", "2026-12-10 06:40", "2026-12-20", "2026-12-10 06:40", NULL        \
    }

static const struct {
    const char *what;
    const struct step *step;
    struct side mine, other;
    bool same;
} rows[] = {
    {"the same flight, two people",
     &SERVICE,
     TRIP,
     {KIND_TRIP, 2, "Анталья", "2026-12-10 06:40", "2026-12-20", NULL, NULL},
     true},
    {"the place in other letters",
     &SERVICE,
     TRIP,
     {KIND_TRIP, 2, "АНТАЛЬЯ", "2026-12-10 06:40", "2026-12-20", NULL, NULL},
     true},
    {"another day",
     &SERVICE,
     TRIP,
     {KIND_TRIP, 2, "Анталья", "2026-12-11 06:40", "2026-12-20", NULL, NULL},
     false},
    {"another hour",
     &SERVICE,
     TRIP,
     {KIND_TRIP, 2, "Анталья", "2026-12-10 11:40", "2026-12-20", NULL, NULL},
     false},
    {"an hour that is not known",
     &SERVICE,
     TRIP,
     {KIND_TRIP, 2, "Анталья", "2026-12-10", "2026-12-20", NULL, NULL},
     false},
    {"another way back",
     &SERVICE,
     TRIP,
     {KIND_TRIP, 2, "Анталья", "2026-12-10 06:40", "2026-12-21", NULL, NULL},
     false},
    {"another place",
     &SERVICE,
     TRIP,
     {KIND_TRIP, 2, "Дубай", "2026-12-10 06:40", "2026-12-20", NULL, NULL},
     false},
    {"a place that is not known",
     &SERVICE,
     TRIP,
     {KIND_TRIP, 2, NULL, "2026-12-10 06:40", "2026-12-20", NULL, NULL},
     false},
    {"no place is known of either",
     &SERVICE,
     {KIND_TRIP, 1, NULL, "2026-12-10", "2026-12-20", NULL, NULL},
     {KIND_TRIP, 2, NULL, "2026-12-10", "2026-12-20", NULL, NULL},
     true},
    {"two trips of one client",
     &SERVICE,
     TRIP,
     {KIND_TRIP, 1, "Анталья", "2026-12-10 06:40", "2026-12-20", NULL, NULL},
     true},
    {"a reminder of the date before it moved",
     &DATED,
     TRIP,
     {KIND_TRIP, 2, "Анталья", "2026-12-10 06:40", "2026-12-20", "2026-12-09 06:40", NULL},
     false},
    {"a reminder of the same date",
     &DATED,
     TRIP,
     {KIND_TRIP, 2, "Анталья", "2026-12-10 06:40", "2026-12-20", "2026-12-10 06:40", NULL},
     true},
    {"mine carries words that the other does not",
     &SERVICE,
     {KIND_TRIP, 1, "Анталья", "2026-12-10", "2026-12-20", NULL, "packing"},
     {KIND_TRIP, 2, "Анталья", "2026-12-10", "2026-12-20", NULL, NULL},
     false},
    {"the other carries more words",
     &SERVICE,
     {KIND_TRIP, 1, "Анталья", "2026-12-10", "2026-12-20", NULL, NULL},
     {KIND_TRIP, 2, "Анталья", "2026-12-10", "2026-12-20", NULL, "packing"},
     true},
    {"both carry the same words",
     &SERVICE,
     {KIND_TRIP, 1, "Анталья", "2026-12-10", "2026-12-20", NULL, "packing"},
     {KIND_TRIP, 2, "Анталья", "2026-12-10", "2026-12-20", NULL, "packing"},
     true},
    {"marketing about quite another trip",
     &MARKETING,
     TRIP,
     {KIND_TRIP, 2, "Дубай", "2026-11-10", "2026-11-20", NULL, NULL},
     true},
    {"two complaints, about service",
     &SERVICE,
     {KIND_COMPLAINT, 1, "номер", NULL, NULL, NULL, NULL},
     {KIND_COMPLAINT, 2, "номер", NULL, NULL, NULL, NULL},
     false},
    {"a trip and a complaint",
     &MARKETING,
     TRIP,
     {KIND_COMPLAINT, 2, "номер", NULL, NULL, NULL, NULL},
     false},
    {"twins have one birthday and are two people",
     &BIRTHDAY,
     {KIND_GREETING, 1, "birthday", NULL, NULL, NULL, NULL},
     {KIND_GREETING, 2, "birthday", NULL, NULL, NULL, NULL},
     false},
    {"one New Year for the family",
     &NEW_YEAR,
     {KIND_GREETING, 1, "new-year", NULL, NULL, NULL, NULL},
     {KIND_GREETING, 2, "new-year", NULL, NULL, NULL, NULL},
     true},
    {"a step that the playbook does not know", NULL, TRIP, TRIP, false},
};

/* One occasion with its message, in memory that is all its own. */
struct built {
    struct occasion occasion;
    struct action v[2];
    struct actions actions;
};

static void build(const struct side *s, struct built *b)
{
    static char step[] = "thank-you", merged[] = "packing";
    *b = (struct built){.occasion = {.kind = s->kind, .client_id = s->client}};
    occasion_clear_dates(&b->occasion);
    b->occasion.title = (char *)(uintptr_t)s->title;
    if (s->departure != NULL)
        b->occasion.when[ANCHOR_DEPARTURE] = when(s->departure);
    if (s->back != NULL)
        b->occasion.when[ANCHOR_RETURN] = when(s->back);
    b->v[0] = (struct action){.step = step, .anchor_at = {CIVIL_NONE, MINUTE_NONE}};
    if (s->anchor != NULL)
        b->v[0].anchor_at = when(s->anchor);
    b->v[1] = (struct action){.step = merged,
                              .state = STATE_CANCELLED,
                              .cause = s->merged != NULL ? CAUSE_MERGED : CAUSE_LATE,
                              .merged_into = step};
    b->actions = (struct actions){.v = b->v, .n = 2};
}

static bool is_same(const struct step *step, const struct side *mine, const struct side *other)
{
    struct built a, b;
    build(mine, &a);
    build(other, &b);
    return share_is_same(step, &(struct share_side){&a.v[0], &a.occasion, &a.actions},
                         &(struct share_side){&b.v[0], &b.occasion, &b.actions});
}

static void every_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (is_same(rows[i].step, &rows[i].mine, &rows[i].other) != rows[i].same)
            fail_msg("%s: it should%s be the same", rows[i].what, rows[i].same ? "" : " not");
    }
}

/* Who comes first makes no difference, but for merged words. */
static void from_both_sides(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (str_eq(rows[i].mine.merged, rows[i].other.merged) &&
            is_same(rows[i].step, &rows[i].other, &rows[i].mine) != rows[i].same)
            fail_msg("%s, the other way round", rows[i].what);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row),
        cmocka_unit_test(from_both_sides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
