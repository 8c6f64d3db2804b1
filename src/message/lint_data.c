/* Clients that do not exist, for the checks of templates: one of whom only that is known which the step cannot do without, and
 * one of whom everything is known and whose names are long. The agency is the real one: what is not set in pps.json is empty
 * for everybody. Serves the other files of the lint. */
#include <string.h>

#include <pps/str.h>

#include "lint.h"
#include "sheet.h"

enum {
    DEPARTURE_DAY = 20723, /* 27 September 2026: the longest names of a month */
    RETURN_DAY = DEPARTURE_DAY + 3,
    WEEKS_AHEAD = 30,
    TEN_TO_ELEVEN = 22 * 60 + 50,
};

/* Fifteen letters, as most full forms of address are shorter. */
static const char *long_name(const char *lang)
{
    if (str_eq(lang, "ru"))
        return "Анна Михайловна";
    return str_eq(lang, "bg") ? "Елена Георгиева" : "Maria-Alexandra";
}

static bool is_anchored(const struct step *step, enum anchor anchor)
{
    return step->at.anchor == anchor || (step->not_after.set && step->not_after.anchor == anchor);
}

/* The dates without which there would be no such step. */
static void set_dates(const struct step *step, struct occasion *o)
{
    static const enum anchor always[KIND_COUNT][3] = {
        [KIND_TRIP] = {ANCHOR_PURCHASE, ANCHOR_DEPARTURE, ANCHOR_RETURN},
        [KIND_LOST] = {ANCHOR_LEARNED, ANCHOR_LEARNED, ANCHOR_LEARNED},
        [KIND_FEEDBACK] = {ANCHOR_ANSWERED, ANCHOR_ANSWERED, ANCHOR_ANSWERED},
        [KIND_COMPLAINT] = {ANCHOR_OPENED, ANCHOR_OPENED, ANCHOR_OPENED},
        [KIND_GREETING] = {ANCHOR_DAY, ANCHOR_DAY, ANCHOR_DAY},
    };
    occasion_clear_dates(o);
    for (size_t i = 0; i < 3; i++)
        o->when[always[step->series][i]].day = DEPARTURE_DAY;
    if (step->series == KIND_TRIP)
        o->when[ANCHOR_RETURN].day = RETURN_DAY;
    if (o->when[step->at.anchor].day == CIVIL_NONE)
        o->when[step->at.anchor].day = DEPARTURE_DAY;
    if (step->series == KIND_TRIP)
        o->when[ANCHOR_PURCHASE].day = DEPARTURE_DAY - WEEKS_AHEAD;
    bool promised = is_anchored(step, ANCHOR_PROMISED) ||
                    (step->only_if & FACT_BIT(FACT_PROMISED)) ||
                    (step->series == KIND_COMPLAINT && is_anchored(step, ANCHOR_MOVED));
    if (promised)
        o->when[ANCHOR_PROMISED].day = RETURN_DAY;
}

static void set_address(const struct lint_page *page, struct client *client)
{
    static char phone[] = "+79031234567", email[] = "client@agency.example";
    if (page->channel != CHANNEL_EMAIL)
        client->phone = phone;
    if (page->channel == CHANNEL_EMAIL)
        client->email = email;
}

/* On the day of the step, as it is planned. */
static void finish(const struct lint_page *page, struct lint_client *c)
{
    const struct moment *at = &page->step->at;
    c->in = (struct message_input){
        .config = &c->config,
        .client = &c->client,
        .occasion = &c->occasion,
        .known = &c->known,
        .step = page->step->key,
        .channel = page->channel,
        .today = c->occasion.when[at->anchor].day + at->days,
        .templates_dir = page->lint->in->templates_dir,
    };
}

/* A complaint is resolved with its cause, what was done, and what came of it. */
static void set_end(const struct step *step, struct complaint *c)
{
    static char words[] = "Late", solved[] = "solved";
    c->occasion_id = 1;
    if (is_anchored(step, ANCHOR_RESOLVED)) {
        c->cause = c->actions = words;
        c->outcome = solved;
    }
}

void lint_least(const struct lint_page *page, struct lint_client *ret)
{
    static char name[] = "A. Client", title[] = "Delay";
    const struct step *step = page->step;
    struct feedback none = {.csat = NO_GRADE, .nps = NO_GRADE};
    *ret = (struct lint_client){.config = *page->lint->in->config,
                                .client = {.name = name, .lang = page->source.lang},
                                .occasion = {.id = 1, .kind = step->series}};
    set_dates(step, &ret->occasion);
    set_address(page, &ret->client);
    if (step->series == KIND_COMPLAINT || step->series == KIND_GREETING)
        ret->occasion.title = title;
    ret->known.about.feedback = none;
    if (step->only_if & FACT_BIT(FACT_PROMOTER))
        ret->known.about.feedback =
            (struct feedback){.occasion_id = 1, .csat = NO_GRADE, .nps = 10};
    if (step->series == KIND_COMPLAINT)
        set_end(step, &ret->known.about.complaint);
    ret->known.trip_number = step->series == KIND_TRIP ? 2 : 0;
    finish(page, ret);
}

/* Words as people say them, not the longest that fit: what a complaint holds is not for an SMS. Each kind of occasion is
 * about its own: a trip knows no complaint, and a greeting knows nothing. */
static void fill_known(enum kind series, struct known *known)
{
    static char words[] = "Better food", price[] = "price", name[] = "B. Manager",
                solved[] = "solved";
    struct details *d = &known->about;
    if (series == KIND_TRIP || series == KIND_FEEDBACK)
        d->feedback = (struct feedback){
            .occasion_id = 1, .csat = 5, .nps = 10, .plus = words, .words = words};
    if (series == KIND_COMPLAINT)
        d->complaint = (struct complaint){
            .occasion_id = 1, .words = words, .cause = price, .actions = words, .outcome = solved};
    if (series == KIND_LOST) {
        d->lost = (struct lost){.occasion_id = 1, .reason = price, .words = words};
        d->lost_by = name;
    }
    if (series == KIND_FEEDBACK || series == KIND_COMPLAINT) {
        d->trip = (struct occasion){.id = 2, .title = words, .adults = 2, .children = 1};
        occasion_clear_dates(&d->trip);
        d->trip.when[ANCHOR_DEPARTURE] =
            (struct civil){.day = DEPARTURE_DAY, .minute = TEN_TO_ELEVEN};
        d->trip.when[ANCHOR_RETURN] = (struct civil){.day = RETURN_DAY, .minute = TEN_TO_ELEVEN};
    }
    known->trip_number = series == KIND_LOST || series == KIND_GREETING ? 0 : 1;
}

/* A letter that goes under the agency's name has no signer, whoever has the role. */
static bool is_from_agency(const struct lint_page *page)
{
    struct sheet sheet;
    return page->channel == CHANNEL_EMAIL && page->digest == NULL &&
           sheet_take_apart(&page->source, &sheet, NULL) == RC_OK && sheet.from_agency;
}

void lint_most(const struct lint_page *page, struct lint_client *ret)
{
    static char title[] = "Sharm el Sheikh", email[] = "manager@agency.example";
    static char phone[] = "+79031234568";
    static const struct message_file file = {.name = "Voucher.pdf"};
    char *name = (char *)(uintptr_t)long_name(page->source.lang);
    lint_least(page, ret);
    struct message_input in = ret->in;
    ret->client = (struct client){.name = name,
                                  .salutation = name,
                                  .phone = phone,
                                  .email = email,
                                  .lang = page->source.lang};
    ret->occasion.title = title;
    enum kind series = page->step->series;
    for (int i = 0; i < ANCHOR_COUNT; i++) {
        if (kind_has_anchor(series, (enum anchor)i))
            ret->occasion.when[i] = (struct civil){
                .day = i == ANCHOR_RETURN ? RETURN_DAY : DEPARTURE_DAY, .minute = TEN_TO_ELEVEN};
    }
    if (series == KIND_TRIP) {
        ret->occasion.adults = 2;
        ret->occasion.children = 1;
    }
    ret->staff =
        (struct staff){.id = 1, .name = name, .position = title, .email = email, .phone = phone};
    fill_known(series, &ret->known);
    in.manager = &ret->staff;
    in.signer = is_from_agency(page) ? NULL : &ret->staff;
    in.today = DEPARTURE_DAY - 1; /* a date that is not of this year would be longer, and is rare */
    in.also = channel_is_human(page->channel) ? name : NULL;
    in.files = &file;
    in.n_files = page->channel == CHANNEL_EMAIL;
    ret->in = in;
}

void lint_most_on_its_day(const struct lint_page *page, struct lint_client *ret)
{
    enum anchor anchor = page->step->at.anchor;
    lint_most(page, ret);
    if (page->step->series == KIND_TRIP && (anchor == ANCHOR_DEPARTURE || anchor == ANCHOR_RETURN))
        ret->in.today = ret->occasion.when[anchor].day + page->step->at.days;
}
