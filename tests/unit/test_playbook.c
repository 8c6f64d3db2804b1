/* playbook.json: the shipped one holds the steps of the method, and what is right is read as it stands. */
#include "support.h"

static enum rc parse(const char *text, struct playbook *ret, struct err *err)
{
    return playbook_parse(text, strlen(text), "playbook.json", ret, err);
}

/* ---- the shipped playbook ---- */

static void the_shipped_steps_are_those_of_the_method(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        enum kind series;
        enum channel channel;
        enum anchor anchor;
        int days;
        const char *time; /* NULL: no hour */
        enum late_policy if_late;
        enum role signed_by;
        enum step_class class;
    } wanted[] = {
        /* clang-format off */
        {"thank-you", KIND_TRIP, CHANNEL_EMAIL, ANCHOR_PURCHASE, 0, NULL, LATE_SEND_NOW, ROLE_DIRECTOR, CLASS_SERVICE},
        {"packing", KIND_TRIP, CHANNEL_EMAIL, ANCHOR_PURCHASE, 2, "10:00", LATE_MERGE, ROLE_MANAGER, CLASS_SERVICE},
        {"challenge", KIND_TRIP, CHANNEL_EMAIL, ANCHOR_DEPARTURE, -2, "10:00", LATE_SKIP, ROLE_MANAGER, CLASS_MARKETING},
        {"preflight", KIND_TRIP, CHANNEL_CALL, ANCHOR_DEPARTURE, -1, "10:00", LATE_SEND_NOW, ROLE_MANAGER, CLASS_SERVICE},
        {"bon-voyage", KIND_TRIP, CHANNEL_SMS, ANCHOR_DEPARTURE, 0, "08:00", LATE_SKIP, ROLE_MANAGER, CLASS_SERVICE},
        {"welcome-back", KIND_TRIP, CHANNEL_SMS, ANCHOR_RETURN, 0, "12:00", LATE_SKIP, ROLE_MANAGER, CLASS_SERVICE},
        {"welcome-home", KIND_TRIP, CHANNEL_EMAIL, ANCHOR_RETURN, 1, "10:00", LATE_SKIP, ROLE_MANAGER, CLASS_MARKETING},
        {"office-call", KIND_TRIP, CHANNEL_CALL, ANCHOR_RETURN, 2, "11:00", LATE_SEND_NOW, ROLE_MANAGER, CLASS_SERVICE},
        {"office-visit", KIND_TRIP, CHANNEL_VISIT, ANCHOR_VISIT, 0, "11:00", LATE_SEND_NOW, ROLE_MANAGER, CLASS_SERVICE},
        {"loyalty", KIND_TRIP, CHANNEL_EMAIL, ANCHOR_RETURN, 3, "10:00", LATE_SKIP, ROLE_DIRECTOR, CLASS_MARKETING},
        {"referral-story", KIND_TRIP, CHANNEL_EMAIL, ANCHOR_RETURN, 5, "10:00", LATE_SKIP, ROLE_MANAGER, CLASS_MARKETING},
        {"tell-friends", KIND_TRIP, CHANNEL_EMAIL, ANCHOR_RETURN, 7, "10:00", LATE_SKIP, ROLE_DIRECTOR, CLASS_MARKETING},
        {"correction", KIND_TRIP, CHANNEL_SMS, ANCHOR_MOVED, 0, NULL, LATE_SEND_NOW, ROLE_MANAGER, CLASS_SERVICE},
        {"second-survey", KIND_TRIP, CHANNEL_EMAIL, ANCHOR_RETURN, 90, "10:00", LATE_SKIP, ROLE_DIRECTOR, CLASS_MARKETING},
        {"next-trip", KIND_TRIP, CHANNEL_EMAIL, ANCHOR_RETURN, 240, "10:00", LATE_SKIP, ROLE_MANAGER, CLASS_MARKETING},
        {"anniversary", KIND_TRIP, CHANNEL_EMAIL, ANCHOR_DEPARTURE, 365, "10:00", LATE_SKIP, ROLE_MANAGER, CLASS_MARKETING},
        {"birthday", KIND_GREETING, CHANNEL_EMAIL, ANCHOR_DAY, 0, "10:00", LATE_SKIP, ROLE_DIRECTOR, CLASS_MARKETING},
        {"new-year", KIND_GREETING, CHANNEL_EMAIL, ANCHOR_DAY, 0, "10:00", LATE_SKIP, ROLE_DIRECTOR, CLASS_MARKETING},
        {"lost-happy-trip", KIND_LOST, CHANNEL_EMAIL, ANCHOR_LEARNED, 0, NULL, LATE_SEND_NOW, ROLE_SERVICE, CLASS_MARKETING},
        {"lost-offended", KIND_LOST, CHANNEL_EMAIL, ANCHOR_LEARNED, 4, "10:00", LATE_SKIP, ROLE_SERVICE, CLASS_MARKETING},
        {"lost-personal-call", KIND_LOST, CHANNEL_CALL, ANCHOR_LEARNED, 10, "11:00", LATE_SEND_NOW, ROLE_SERVICE, CLASS_MARKETING},
        {"lost-next-season", KIND_LOST, CHANNEL_EMAIL, ANCHOR_LEARNED, 322, "10:00", LATE_SKIP, ROLE_SERVICE, CLASS_MARKETING},
        {"feedback-thanks", KIND_FEEDBACK, CHANNEL_EMAIL, ANCHOR_ANSWERED, 0, NULL, LATE_SEND_NOW, ROLE_DIRECTOR, CLASS_SERVICE},
        {"ask-promoter", KIND_FEEDBACK, CHANNEL_EMAIL, ANCHOR_ANSWERED, 2, "10:00", LATE_SKIP, ROLE_DIRECTOR, CLASS_MARKETING},
        {"unhappy-call", KIND_FEEDBACK, CHANNEL_CALL, ANCHOR_ANSWERED, 0, NULL, LATE_SEND_NOW, ROLE_DIRECTOR, CLASS_SERVICE},
        {"complaint-thanks", KIND_COMPLAINT, CHANNEL_EMAIL, ANCHOR_OPENED, 0, NULL, LATE_SEND_NOW, ROLE_DIRECTOR, CLASS_SERVICE},
        {"complaint-assign", KIND_COMPLAINT, CHANNEL_TASK, ANCHOR_OPENED, 0, NULL, LATE_SEND_NOW, ROLE_MANAGER, CLASS_SERVICE},
        {"complaint-promise", KIND_COMPLAINT, CHANNEL_TASK, ANCHOR_OPENED, 1, "12:00", LATE_SEND_NOW, ROLE_MANAGER, CLASS_SERVICE},
        {"complaint-day", KIND_COMPLAINT, CHANNEL_CALL, ANCHOR_MOVED, 0, NULL, LATE_SEND_NOW, ROLE_MANAGER, CLASS_SERVICE},
        {"complaint-due", KIND_COMPLAINT, CHANNEL_TASK, ANCHOR_PROMISED, 0, "10:00", LATE_SEND_NOW, ROLE_MANAGER, CLASS_SERVICE},
        {"complaint-solved", KIND_COMPLAINT, CHANNEL_EMAIL, ANCHOR_RESOLVED, 0, NULL, LATE_SEND_NOW, ROLE_DIRECTOR, CLASS_SERVICE},
        {"complaint-check", KIND_COMPLAINT, CHANNEL_CALL, ANCHOR_RESOLVED, 7, "11:00", LATE_SEND_NOW, ROLE_DIRECTOR, CLASS_SERVICE},
        /* clang-format on */
    };
    struct playbook p = shipped_playbook();
    assert_string_equal(p.name, "main");
    assert_int_equal(p.n_steps, COUNT(wanted));
    for (size_t i = 0; i < COUNT(wanted); i++) {
        const struct step *s = &p.steps[i];
        assert_string_equal(s->key, wanted[i].key);
        assert_ptr_equal(playbook_step(&p, wanted[i].key), s);
        assert_int_equal(s->series, wanted[i].series);
        assert_int_equal(s->channel, wanted[i].channel);
        assert_true(s->at.set);
        assert_int_equal(s->at.anchor, wanted[i].anchor);
        assert_int_equal(s->at.days, wanted[i].days);
        int16_t minute = MINUTE_NONE;
        struct err err;
        if (wanted[i].time != NULL)
            assert_ok(minute_parse(wanted[i].time, &minute, &err));
        assert_int_equal(s->at.minute, minute);
        assert_int_equal(s->if_late, wanted[i].if_late);
        assert_int_equal(s->signed_by, wanted[i].signed_by);
        assert_int_equal(s->class, wanted[i].class);
        assert_string_not_equal(s->title, s->key);
        assert_true(s->series != KIND_TRIP || strlen(s->column) <= 10); /* of the checklist */
    }
    assert_null(playbook_step(&p, "thank-yo"));
    playbook_fini(&p);
    assert_null(p.steps);
}

/* The rules that the method adds to a step's moment. */
static void the_shipped_rules_are_those_of_the_method(void **state)
{
    (void)state;
    struct playbook p = shipped_playbook();
    const struct step *packing = playbook_step(&p, "packing");
    assert_string_equal(packing->merge_into, "thank-you");
    assert_int_equal(packing->not_before.anchor, ANCHOR_DEPARTURE);
    assert_int_equal(packing->not_before.days, -14);
    assert_int_equal(packing->not_after.days, -1);

    const struct step *call = playbook_step(&p, "preflight");
    assert_true(call->has_fallback);
    assert_int_equal(call->fallback_channel, CHANNEL_SMS);
    assert_int_equal(call->fallback_at.days, -1);
    assert_int_equal(call->fallback_at.minute, 16 * 60);
    assert_int_equal(call->working_day, SHIFT_EARLIER);
    assert_int_equal(playbook_step(&p, "office-call")->working_day, SHIFT_LATER);

    /* Never a call, never after the take-off, never on the next day. */
    static const char *const never_calls[] = {"bon-voyage", "welcome-back"};
    for (size_t i = 0; i < COUNT(never_calls); i++) {
        const struct step *s = playbook_step(&p, never_calls[i]);
        for (size_t k = 0; k < s->n_otherwise; k++)
            assert_false(channel_is_human(s->otherwise[k]));
        assert_false(s->has_fallback);
        assert_int_equal(s->grace_days, 0);
    }
    const struct step *voyage = playbook_step(&p, "bon-voyage");
    assert_true(voyage->not_after.has_offset && voyage->not_after.offset < 0);
    const struct step *back = playbook_step(&p, "welcome-back");
    assert_int_equal(back->not_after.anchor, ANCHOR_RETURN);
    assert_int_equal(back->not_after.days, 0);
    assert_false(back->not_after.has_offset);

    /* Told a date that is not true any more, they are told the new one. */
    assert_true(call->again_if_moved);
    const struct step *correction = playbook_step(&p, "correction");
    assert_int_equal(correction->only_if, FACT_BIT(FACT_REMINDED));
    assert_true(correction->again_if_moved);
    assert_true(voyage->departure_zone);
    assert_false(back->departure_zone); /* they land at home */
    playbook_fini(&p);
}

/* Who is asked for what, and who is not. */
static void the_shipped_conditions_are_those_of_the_method(void **state)
{
    (void)state;
    struct playbook p = shipped_playbook();
    static const char *const selling[] = {"loyalty", "referral-story", "tell-friends", "next-trip",
                                          "anniversary"};
    for (size_t i = 0; i < COUNT(selling); i++) {
        const struct step *s = playbook_step(&p, selling[i]);
        assert_true((s->unless & FACT_BIT(FACT_UNHAPPY)) != 0);
        assert_int_equal(s->class, CLASS_MARKETING); /* and so held while a complaint is open */
    }
    assert_int_equal(playbook_step(&p, "loyalty")->once_days, 730);
    assert_true((playbook_step(&p, "next-trip")->unless & FACT_BIT(FACT_BOUGHT_AGAIN)) != 0);
    assert_int_equal(playbook_step(&p, "unhappy-call")->only_if, FACT_BIT(FACT_UNHAPPY));
    assert_int_equal(playbook_step(&p, "complaint-due")->unless, FACT_BIT(FACT_SOLVED));
    assert_int_equal(playbook_step(&p, "correction")->priority, PRIORITY_URGENT);
    assert_int_equal(playbook_step(&p, "feedback-thanks")->priority, PRIORITY_SURVEY);
    assert_int_equal(playbook_step(&p, "ask-promoter")->only_if, FACT_BIT(FACT_PROMOTER));
    assert_string_equal(playbook_step(&p, "ask-promoter")->same_as, "tell-friends");
    for (size_t i = 0; i < p.n_steps; i++) {
        const struct step *s = &p.steps[i];
        if (s->series == KIND_LOST)
            assert_int_equal(s->signed_by, ROLE_SERVICE);
        if (s->series == KIND_GREETING) {
            assert_true((s->unless & FACT_BIT(FACT_TRAVELLING)) != 0);
            assert_int_equal(s->grace_days, 1);
            assert_int_equal(s->priority, PRIORITY_GREETING);
        }
        /* A complaint does not hold its own letters, nor the thanks for an answer; but whoever has one is asked nothing. */
        if (s->series == KIND_COMPLAINT || s->series == KIND_FEEDBACK)
            assert_int_equal(s->class, str_eq(s->key, "ask-promoter") ? CLASS_MARKETING : CLASS_SERVICE);
        if (s->series == KIND_COMPLAINT && !channel_is_human(s->channel))
            assert_int_equal(s->priority, PRIORITY_URGENT);
    }
    const struct step *survey = playbook_step(&p, "second-survey");
    assert_int_equal(survey->n_by_product, 2);
    assert_int_equal(survey->priority, PRIORITY_SURVEY);
    assert_false(survey->approve);
    assert_int_equal(survey->n_approve_products, 1);
    assert_string_equal(survey->approve_products[0], "premium");
    assert_int_equal(p.n_holidays, 1);
    assert_string_equal(p.holidays[0].key, "new-year");
    assert_string_equal(p.holidays[0].month_day, "12-30");
    playbook_fini(&p);
}

static void the_built_in_copy_is_the_file(void **state)
{
    (void)state;
    size_t len;
    char *text = read_text("templates/playbook.json", &len);
    const struct embedded_file *built_in = embedded_find("templates/playbook.json");
    assert_non_null(built_in);
    assert_int_equal(built_in->len, len);
    assert_string_equal(built_in->text, text);
    assert_null(embedded_find("templates/playbook.jso"));
    free(text);
}

/* ---- the document ---- */

/* Without blanks and comments, which the file and the document lay out differently. No word of a playbook holds "//". */
static char *bare(const char *text)
{
    struct sb sb = {0};
    for (const char *p = text; *p != '\0'; p++) {
        if (p[0] == '/' && p[1] == '/')
            p += strcspn(p, "\n");
        if (*p != ' ' && *p != '\n')
            sb_addc(&sb, *p);
    }
    return sb_take(&sb);
}

/* The next example: lines that are indented by four; NULL: there is no more. */
static char *next_example(const char **at)
{
    struct sb sb = {0};
    while (**at != '\0') {
        size_t len = strcspn(*at, "\n");
        bool inside = strncmp(*at, "    ", 4) == 0;
        if (!inside && sb.len > 0)
            break;
        if (inside)
            sb_addf(&sb, "%.*s\n", (int)len, *at);
        *at += len + ((*at)[len] == '\n');
    }
    if (sb.len > 0)
        return sb_take(&sb);
    sb_fini(&sb);
    return NULL;
}

/* What docs/playbook.md shows can be put into a playbook; and what it shows of the shipped one stands there. */
static void the_examples_of_the_document_are_right(void **state)
{
    (void)state;
    char *document = read_text("docs/playbook.md", NULL);
    char *file = read_text("templates/playbook.json", NULL), *shipped = bare(file);
    const char *at = document;
    char *example, *holidays = NULL;
    int steps = 0, as_shipped = 0;
    while ((example = next_example(&at)) != NULL) {
        char *text = bare(example), *whole = NULL;
        if (str_starts(text, "\"holidays\"")) {
            holidays = xstrdup(text);
            whole = xasprintf("{\"steps\":[{\"key\":\"a\",\"channel\":\"call\",\"at\":{\"anchor\":"
                              "\"visit\"}}],%s}",
                              text);
        } else if (text[0] == '{') {
            whole =
                xasprintf("{\"steps\":[%s]%s%s}", text, holidays ? "," : "", str_or(holidays, ""));
            steps++;
        }
        struct playbook p = {0};
        struct err err;
        if (whole != NULL) {
            /* What is merged needs the step into which it is. */
            bool alone = strstr(text, "merge_into") == NULL;
            if (alone)
                assert_ok(parse(whole, &p, &err));
            as_shipped += strstr(shipped, text) != NULL;
            playbook_fini(&p);
        }
        free(whole);
        free(text);
        free(example);
    }
    assert_non_null(holidays);
    assert_int_equal(steps, 6);
    assert_int_equal(as_shipped, steps - 1); /* all but Easter */
    free(holidays);
    free(shipped);
    free(file);
    free(document);
}

/* ---- what is read ---- */

static void every_key_is_read(void **state)
{
    (void)state;
    static const char text[] =
        "// An agency's own.\n"
        "{\"name\": \"свой\", \"steps\": [\n"
        "  {\"key\": \"a-1\", \"title\": \"Первый\", \"column\": \"п\", \"channel\": \"call\",\n"
        "   \"titles\": {\"en\": \"The first\", \"bg\": \"\"},\n"
        "   \"otherwise\": [\"sms\", \"email\"],\n"
        "   \"at\": {\"anchor\": \"visit\", \"days\": -366, \"time\": \"23:59\"},\n"
        "   \"or_at\": {\"anchor\": \"return\", \"days\": 366, \"time\": \"00:00\"},\n"
        "   \"not_before\": {\"anchor\": \"departure\", \"minutes\": -10080},\n"
        "   \"not_after\": {\"anchor\": \"purchase\", \"minutes\": 10080},\n"
        "   \"grace\": {\"days\": 366, \"time\": \"20:30\"}, // and more\n"
        "   \"if_late\": \"send_now\", \"working_day\": \"later\", \"signed_by\": \"service\",\n"
        "   \"class\": \"marketing\",\n"
        "   \"fallback\": {\"channel\": \"email\", \"at\": {\"anchor\": \"visit\"}}},\n"
        "  {\"key\": \"b\", \"channel\": \"email\", \"at\": {\"anchor\": \"purchase\"},\n"
        "   \"grace\": {}, \"if_late\": \"merge\", \"merge_into\": \"a-1\"},\n"
        "  {\"key\": \"c\", \"channel\": \"visit\", \"at\": {\"anchor\": \"visit\"}}\n"
        "]}\n";
    struct playbook p;
    struct err err;
    assert_ok(parse(text, &p, &err));
    assert_string_equal(p.name, "свой");
    assert_int_equal(p.n_steps, 3);
    const struct step *a = &p.steps[0], *b = &p.steps[1], *c = &p.steps[2];
    assert_string_equal(a->key, "a-1");
    assert_string_equal(a->title, "Первый");
    assert_string_equal(step_title_in(a, "en"), "The first");
    assert_string_equal(step_title_in(a, "bg"), "Первый");
    assert_string_equal(step_title_in(a, NULL), "Первый");
    assert_string_equal(a->column, "п");
    assert_int_equal(a->channel, CHANNEL_CALL);
    assert_int_equal(a->n_otherwise, 2);
    assert_int_equal(a->otherwise[0], CHANNEL_SMS);
    assert_int_equal(a->otherwise[1], CHANNEL_EMAIL);
    assert_true(a->at.set && a->or_at.set && a->not_before.set && a->not_after.set);
    assert_int_equal(a->at.anchor, ANCHOR_VISIT);
    assert_int_equal(a->at.days, -366);
    assert_int_equal(a->at.minute, 23 * 60 + 59);
    assert_false(a->at.has_offset);
    assert_int_equal(a->or_at.anchor, ANCHOR_RETURN);
    assert_int_equal(a->or_at.days, 366);
    assert_int_equal(a->or_at.minute, 0);
    assert_int_equal(a->not_before.anchor, ANCHOR_DEPARTURE);
    assert_true(a->not_before.has_offset);
    assert_int_equal(a->not_before.offset, -10080);
    assert_int_equal(a->not_before.minute, MINUTE_NONE);
    assert_int_equal(a->not_after.anchor, ANCHOR_PURCHASE);
    assert_int_equal(a->not_after.offset, 10080);
    assert_true(a->expires);
    assert_int_equal(a->grace_days, 366);
    assert_int_equal(a->grace_minute, 20 * 60 + 30);
    assert_int_equal(a->if_late, LATE_SEND_NOW);
    assert_int_equal(a->working_day, SHIFT_LATER);
    assert_int_equal(a->signed_by, ROLE_SERVICE);
    assert_int_equal(a->class, CLASS_MARKETING);
    assert_true(a->has_fallback);
    assert_int_equal(a->fallback_channel, CHANNEL_EMAIL);
    assert_int_equal(a->fallback_at.anchor, ANCHOR_VISIT);
    assert_null(a->merge_into);

    assert_string_equal(b->merge_into, "a-1");
    assert_int_equal(b->if_late, LATE_MERGE);
    assert_true(b->expires);
    assert_int_equal(b->grace_days, 0);
    assert_int_equal(b->grace_minute, 21 * 60); /* the default */

    /* Everything that need not be said. */
    assert_string_equal(c->title, "c");
    assert_string_equal(c->column, "c");
    assert_int_equal(c->n_otherwise, 0);
    assert_false(c->expires || c->has_fallback || c->or_at.set || c->not_before.set);
    assert_int_equal(c->if_late, LATE_SKIP);
    assert_int_equal(c->working_day, SHIFT_NONE);
    assert_int_equal(c->signed_by, ROLE_MANAGER);
    assert_int_equal(c->class, CLASS_SERVICE);
    playbook_fini(&p);
}

static const char new_keys[] =
    "{\"steps\": [\n"
    "  {\"key\": \"a\", \"series\": \"greeting\", \"greeting\": \"easter\", \"channel\": "
    "\"email\",\n"
    "   \"at\": {\"anchor\": \"day\"}, \"grace\": {}, \"mode\": \"approve\",\n"
    "   \"only_if\": [\"promoter\", \"rated\"], \"unless\": [\"travelling\", \"complaint\", "
    "\"unhappy\",\n"
    "    \"first_trip\", \"bought_again\", \"reminded\", \"solved\", \"promised\", \"asked_in_writing\",\n"
    "    \"assigned\", \"refused\"]},\n"
    "  {\"key\": \"b\", \"series\": \"lost\", \"channel\": \"call\", \"tries\": 9, \"once_days\": "
    "3660,\n"
    "   \"at\": {\"anchor\": \"learned\"}, \"signed_by\": \"director\"},\n"
    "  {\"key\": \"c\", \"channel\": \"sms\", \"at\": {\"anchor\": \"moved\"}, \"grace\": {},\n"
    "   \"if_moved\": \"again\", \"zone\": \"departure\", \"mode\": \"auto\", \"column\": \"\",\n"
    "   \"approve_products\": [\"premium\", \"люкс\"], \"days_by_product\": {\"mass\": -366, "
    "\"люкс\": 366}},\n"
    "  {\"key\": \"d\", \"series\": \"feedback\", \"channel\": \"task\", \"at\": {\"anchor\": "
    "\"answered\"}},\n"
    "  {\"key\": \"e\", \"series\": \"complaint\", \"channel\": \"task\", \"at\": {\"anchor\": "
    "\"promised\"},\n"
    "   \"not_before\": {\"anchor\": \"opened\"}, \"not_after\": {\"anchor\": \"resolved\"}}],\n"
    " \"holidays\": {\"easter\": [\"2027-05-02\", \"2028-04-16\"], \"leap-day\": \"02-29\"}}\n";

static void the_keys_of_the_whole_method_are_read(void **state)
{
    (void)state;
    struct playbook p;
    struct err err;
    assert_ok(parse(new_keys, &p, &err));
    assert_int_equal(p.n_steps, 5);
    const struct step *a = &p.steps[0], *b = &p.steps[1], *c = &p.steps[2], *d = &p.steps[3];
    assert_int_equal(a->series, KIND_GREETING);
    assert_string_equal(a->greeting, "easter");
    assert_int_equal(a->at.anchor, ANCHOR_DAY);
    assert_true(a->approve);
    assert_int_equal(a->only_if, FACT_BIT(FACT_PROMOTER) | FACT_BIT(FACT_RATED));
    assert_int_equal(a->unless, (FACT_BIT(FACT_COUNT) - 1) & ~a->only_if);
    assert_int_equal(b->series, KIND_LOST);
    assert_int_equal(b->tries, 9);
    assert_int_equal(b->once_days, 3660);
    assert_true(c->again_if_moved && c->departure_zone);
    assert_false(c->approve);
    assert_string_equal(c->column, ""); /* no column in the checklist */
    assert_int_equal(c->n_approve_products, 2);
    assert_string_equal(c->approve_products[1], "люкс");
    assert_int_equal(c->n_by_product, 2);
    assert_string_equal(c->by_product[0].product, "mass");
    assert_int_equal(c->by_product[0].days, -366);
    assert_int_equal(c->by_product[1].days, 366);
    assert_int_equal(d->series, KIND_FEEDBACK);
    assert_int_equal(d->channel, CHANNEL_TASK);
    /* Everything that need not be said. */
    assert_false(d->approve || d->again_if_moved || d->departure_zone);
    assert_int_equal(d->only_if | d->unless, 0);
    assert_int_equal(d->tries, 3);
    assert_int_equal(d->once_days, 0);
    assert_null(d->greeting);
    assert_int_equal(p.steps[4].series, KIND_COMPLAINT);
    assert_int_equal(p.n_holidays, 2);
    assert_string_equal(p.holidays[0].key, "easter");
    assert_null(p.holidays[0].month_day);
    assert_int_equal(p.holidays[0].n_dates, 2);
    assert_int_equal(p.holidays[0].dates[1], day("2028-04-16"));
    assert_string_equal(p.holidays[1].month_day, "02-29");
    playbook_fini(&p);
}

static void facts_have_names_and_words(void **state)
{
    (void)state;
    for (int i = 0; i < FACT_COUNT; i++) {
        assert_true(strlen(fact_name((enum fact)i)) > 0 && strlen(fact_words((enum fact)i)) > 0);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(fact_name((enum fact)i), fact_name((enum fact)j));
    }
}

static void anchors_have_names(void **state)
{
    (void)state;
    assert_string_equal(anchor_name(ANCHOR_PURCHASE), "purchase");
    assert_string_equal(anchor_name(ANCHOR_DEPARTURE), "departure");
    assert_string_equal(anchor_name(ANCHOR_RETURN), "return");
    assert_string_equal(anchor_name(ANCHOR_VISIT), "visit");
}

#define AT "\"at\": {\"anchor\": \"purchase\"}"

static void sixty_four_steps_and_no_more(void **state)
{
    (void)state;
    for (int n = 64; n <= 65; n++) {
        struct sb sb = {0};
        sb_add(&sb, "{\"steps\": [");
        for (int i = 0; i < n; i++)
            sb_addf(&sb, "%s\n{\"key\": \"s%d\", \"channel\": \"call\", " AT "}", i ? "," : "", i);
        sb_add(&sb, "]}");
        struct playbook p = {0};
        struct err err;
        if (n == 64) {
            assert_ok(parse(sb_str(&sb), &p, &err));
            assert_int_equal(p.n_steps, 64);
            assert_string_equal(p.steps[63].key, "s63");
        } else {
            assert_fails(parse(sb_str(&sb), &p, &err), RC_INVALID,
                         "playbook.json:66:1: more than 64 steps");
        }
        playbook_fini(&p);
        sb_fini(&sb);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_steps_are_those_of_the_method),
        cmocka_unit_test(the_shipped_rules_are_those_of_the_method),
        cmocka_unit_test(the_shipped_conditions_are_those_of_the_method),
        cmocka_unit_test(the_built_in_copy_is_the_file),
        cmocka_unit_test(the_examples_of_the_document_are_right),
        cmocka_unit_test(every_key_is_read),
        cmocka_unit_test(the_keys_of_the_whole_method_are_read),
        cmocka_unit_test(facts_have_names_and_words),
        cmocka_unit_test(anchors_have_names),
        cmocka_unit_test(sixty_four_steps_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
