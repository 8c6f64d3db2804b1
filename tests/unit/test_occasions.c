/* What letters and scripts of each kind of occasion may say: the words that only one kind has, and the shipped templates
 * of every step, with everything known and with as little as possible. */
#include <pps/playbook.h>
#include <pps/sms.h>

#include "message_fixture.h"

/* Renders what stands in sms/ru/hello.txt; NULL: it fails with this line. */
static char *said(struct fixture *f, const char *text, const char *wrong)
{
    struct rendered out = {0};
    struct err err = {0};
    put(f, "sms/ru/hello.txt", text);
    f->in.channel = CHANNEL_SMS;
    enum rc rc = message_render_sms(&f->in, &out, &err);
    if (wrong != NULL) {
        assert_int_equal(rc, RC_INVALID);
        assert_non_null(strstr(err.message, wrong));
        return NULL;
    }
    if (rc != RC_OK)
        fail_msg("%s: %s", text, err.message);
    char *bytes = xstrdup(out.bytes);
    rendered_fini(&out);
    return bytes;
}

static void says(struct fixture *f, const char *text, const char *expected)
{
    char *got = said(f, text, NULL);
    assert_string_equal(got, expected);
    free(got);
}

static char price[] = "цена", dear[] = "дорого", vera[] = "Вера", plus[] = "вид на море",
            fine[] = "всё хорошо", late[] = "ждали два часа", transfer[] = "трансфер",
            money[] = "вернули деньги", paid[] = "возмещено", island[] = "Кипр";

static void a_complaint(void **state)
{
    struct fixture *f = *state;
    struct known k = {
        .about.complaint = {
            .occasion_id = 1, .words = late, .cause = transfer, .actions = money, .outcome = paid}};
    f->in.known = &k;
    f->occasion.kind = KIND_COMPLAINT;
    f->occasion.when[ANCHOR_PROMISED].day = day_of(2026, 12, 20);
    says(f, "{{complaint.title}}, {{complaint.words}}, {{complaint.promised}}",
         "Тенерифе, ждали два часа, 20 декабря");
    says(f, "{{complaint.cause}}: {{complaint.actions}}, {{complaint.outcome}}",
         "трансфер: вернули деньги, возмещено");
    /* The title of a complaint is no destination, and its trip is the one that it is about. */
    says(f,
         "{{#trip.destination}}-{{/trip.destination}}{{^trip.destination}}no "
         "trip{{/trip.destination}}",
         "no trip");
    k.about.trip = (struct occasion){.id = 7, .title = island};
    occasion_clear_dates(&k.about.trip);
    k.about.trip.when[ANCHOR_DEPARTURE].day = f->in.today + 1;
    says(f, "{{trip.destination}}{{#departs_tomorrow}} tomorrow{{/departs_tomorrow}}",
         "Кипр tomorrow");
    f->occasion.when[ANCHOR_PROMISED].day = CIVIL_NONE;
    says(f, "{{^complaint.promised}}not yet{{/complaint.promised}}", "not yet");
    (void)said(f, "{{complaint.promised}}", "\"complaint.promised\" is empty here");
    f->in.known = NULL;
    says(f, "{{complaint.title}}{{#complaint.words}}-{{/complaint.words}}", "Тенерифе");
}

static void an_answer(void **state)
{
    struct fixture *f = *state;
    struct known k = {
        .about.feedback = {.occasion_id = 1, .csat = 5, .nps = 10, .plus = plus, .words = fine}};
    f->in.known = &k;
    f->occasion.kind = KIND_FEEDBACK;
    says(f, "{{feedback.csat}} {{feedback.nps}} {{feedback.plus}} {{feedback.words}}",
         "5 10 вид на море всё хорошо");
    says(f,
         "{{#feedback.promoter}}+{{/feedback.promoter}}{{#feedback.unhappy}}-{{/feedback.unhappy}}",
         "+");
    k.about.feedback.nps = 0;
    says(f,
         "{{feedback.nps}}{{#feedback.promoter}}+{{/feedback.promoter}}"
         "{{#feedback.unhappy}}-{{/feedback.unhappy}}",
         "0-");
    k.about.feedback.nps = NO_GRADE;
    says(f, "{{^feedback.nps}}not asked{{/feedback.nps}}", "not asked");
    k.about.feedback.occasion_id = 0; /* nobody has answered: neither happy nor unhappy */
    f->occasion.kind = KIND_TRIP;
    says(f,
         "{{^feedback.csat}}no{{/feedback.csat}}{{#feedback.unhappy}}-{{/feedback.unhappy}}"
         "{{#feedback.promoter}}+{{/feedback.promoter}}",
         "no");
}

static void a_lost_sale(void **state)
{
    struct fixture *f = *state;
    struct known k = {.about = {.lost = {.occasion_id = 1, .reason = price, .words = dear},
                                .lost_by = vera}};
    f->in.known = &k;
    f->occasion.kind = KIND_LOST;
    says(f, "{{lost.destination}} {{lost.departure}} {{lost.reason}} {{lost.words}}",
         "Тенерифе 10 декабря цена дорого");
    assert_null(said(f, "{{lost.by}}", "does not name who failed to sell: take it out")); /* but in a script */
    /* Their trip with somebody else is none of ours. */
    says(f,
         "{{^trip.destination}}no "
         "trip{{/trip.destination}}{{#departs_tomorrow}}!{{/departs_tomorrow}}",
         "no trip");
    f->occasion.when[ANCHOR_DEPARTURE].day = CIVIL_NONE;
    says(f, "{{^lost.departure}}no idea{{/lost.departure}}", "no idea");
}

static void a_greeting(void **state)
{
    struct fixture *f = *state;
    f->occasion.kind = KIND_GREETING;
    f->occasion.when[ANCHOR_DAY].day = day_of(2027, 3, 12);
    says(f, "{{greeting.date}}{{#trip.destination}}-{{/trip.destination}}", "12 марта 2027 года");
}

/* ---- the shipped words ---- */

static void render(struct message_input *in, const char *lang, const char *about)
{
    struct rendered out = {0};
    struct err err = {0};
    struct mail_identity identity = {"a1@x.example", "=_b", 1796000000, 0};
    char *text = NULL;
    enum rc rc = in->channel == CHANNEL_EMAIL ? message_render_email(in, &identity, &out, &err)
                 : in->channel == CHANNEL_SMS ? message_render_sms(in, &out, &err)
                                              : message_render_script(in, &text, &err);
    if (rc != RC_OK)
        fail_msg("%s by %s in %s, %s: %s", in->step, channel_name(in->channel), lang, about,
                 err.message);
    if (in->channel == CHANNEL_SMS && str_eq(lang, "ru") && sms_measure(out.bytes).parts > 2)
        fail_msg("%s: %zu parts: %s", in->step, sms_measure(out.bytes).parts, out.bytes);
    rendered_fini(&out);
    free(text);
}

static void render_step(struct message_input *in, const struct step *step, const char *lang,
                        const char *about)
{
    in->step = step->key;
    for (size_t i = 0; i <= step->n_otherwise; i++) {
        in->channel = i == 0 ? step->channel : step->otherwise[i - 1];
        render(in, lang, about);
    }
    if (step->has_fallback) {
        in->channel = step->fallback_channel;
        render(in, lang, about);
    }
}

static void fill_dates(struct occasion *o, enum kind kind, civil_day today)
{
    o->kind = kind;
    for (int i = 0; i < ANCHOR_COUNT; i++)
        o->when[i] = (struct civil){today + 1 + i, 600};
}

static struct playbook built_in_playbook(void)
{
    const struct embedded_file *file = embedded_find("templates/playbook.json");
    struct playbook p = {0};
    struct err err = {0};
    if (playbook_parse(file->text, file->len, file->name, &p, &err) != RC_OK)
        fail_msg("%s", err.message);
    return p;
}

static void every_step_has_its_words(void **state)
{
    struct fixture *f = *state;
    struct playbook p = built_in_playbook();
    struct known all = {.about = {
        .trip = {.id = 7, .title = island},
        .feedback = {.occasion_id = 1, .csat = 5, .nps = 10, .plus = plus, .words = fine},
        .complaint =
            {.occasion_id = 1, .words = late, .cause = transfer, .actions = money, .outcome = paid},
        .lost = {.occasion_id = 1, .reason = price, .words = dear},
        .lost_by = vera}};
    struct known none = {.about.feedback = {.csat = NO_GRADE, .nps = NO_GRADE}};
    static const char *const langs[] = {"ru", "en"};
    for (size_t i = 0; i < p.n_steps; i++) {
        for (size_t k = 0; k < sizeof langs / sizeof *langs; k++) {
            char lang[3];
            memcpy(lang, langs[k], sizeof lang);
            struct message_input in = f->in;
            struct occasion full = f->occasion, bare = f->occasion;
            struct client client = f->client;
            struct config config = f->config;
            client.lang = lang;
            in.client = &client;
            in.templates_dir = NULL;
            fill_dates(&full, p.steps[i].series, in.today);
            fill_dates(&all.about.trip, KIND_TRIP, in.today);
            in.occasion = &full;
            in.known = &all;
            render_step(&in, &p.steps[i], lang, "everything is known");

            /* The dates of a trip are always there; and of the rest the one from which the step is planned. */
            occasion_clear_dates(&bare);
            bare.kind = p.steps[i].series;
            bare.title = NULL;
            for (int a = 0; a < ANCHOR_COUNT; a++) {
                bool there = a == (int)p.steps[i].at.anchor ||
                             (bare.kind == KIND_TRIP && a <= ANCHOR_RETURN);
                bare.when[a].day = there ? in.today + 40 + a : CIVIL_NONE;
            }
            config.agency.phone = config.agency.site = config.agency.hashtag = NULL;
            config.agency.survey_url = config.agency.address = config.agency.email = NULL;
            client.salutation = NULL;
            in.config = &config;
            in.occasion = &bare;
            in.known = &none;
            in.manager = in.signer = NULL;
            render_step(&in, &p.steps[i], lang, "nothing is known");
        }
    }
    playbook_fini(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_complaint, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(an_answer, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_lost_sale, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_greeting, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(every_step_has_its_words, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
