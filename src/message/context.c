/* From the nouns of the domain to the variables of a template. The only door for data: everything
 * passes one_line() here, so no template and no escape function ever meets a control character. A
 * template can reach what is listed here and nothing else: no configuration, no other client.
 * Serves letter, sms, script. */
#include <stdlib.h>
#include <string.h>

#include <pps/contact.h>
#include <pps/correction.h>
#include <pps/person.h>
#include <pps/str.h>

#include "context.h"
#include "context_known.h"
#include "escape.h"
#include "words.h"

void context_text(struct value *object, const char *key, const char *data)
{
    char *clean = one_line(data);
    value_set(object, key, value_text(clean));
    free(clean);
}

/* Takes `text`. */
static void set_taken(struct value *object, const char *key, char *text)
{
    value_set(object, key, value_text(text));
    free(text);
}

/* People read numbers in groups; what is not E.164 stays as it was typed. */
void context_phone(struct value *object, const char *key, const char *phone)
{
    char grouped[32];
    bool is_e164 = !str_empty(phone) && phone[0] == '+' && strlen(phone) < PHONE_BYTES &&
                   strspn(phone + 1, "0123456789") == strlen(phone + 1);
    if (is_e164)
        phone_format(phone, grouped);
    context_text(object, key, is_e164 ? grouped : phone);
}

/* A name of ours, or on a card, as a reader of this language gets it. */
static void set_name(struct value *object, const char *key, const struct config *config,
                     const char *lang, const char *name)
{
    char *read = name_for_reader(&config->agency.translations, config->agency.lang, lang, name);
    context_text(object, key, read);
    free(read);
}

/* Who reads what stands on cards: a colleague, with the words of a call, finds it there as it is. */
static const char *reader_of_cards(const struct message_input *in, const char *lang)
{
    return channel_is_human(in->channel) ? NULL : lang;
}

static struct value *client_value(const struct message_input *in, const char *lang)
{
    const struct config *config = in->config;
    const struct client *client = in->client;
    const char *reader = reader_of_cards(in, lang);
    char *own = client_address(client);
    char *address =
        address_for_reader(&config->agency.translations, config->agency.lang, reader, own);
    char *dear = words_dear(lang, client, address);
    struct value *v = value_object();
    set_name(v, "name", config, reader, client->name);
    context_text(v, "salutation", address);
    context_text(v, "dear", dear);
    context_phone(v, "phone", client->phone);
    context_text(v, "email", client->email);
    free(dear);
    free(address);
    free(own);
    return v;
}

/* The trip that this is about; NULL: none, and its words are empty. */
static const struct occasion *trip_of(const struct message_input *in)
{
    if (in->occasion->kind == KIND_TRIP)
        return in->occasion;
    return in->known != NULL && in->known->about.trip.id != 0 ? &in->known->about.trip : NULL;
}

/* From one day to another; 0 when one of them is not known. */
static long days_between(civil_day from, civil_day to)
{
    return from == CIVIL_NONE || to == CIVIL_NONE ? 0 : (long)to - from;
}

/* Who travels: in words, and as what a letter may ask. */
static void set_party(struct value *v, const struct occasion *t, const char *lang)
{
    set_taken(v, "party", words_party(lang, t->adults, t->children));
    value_set(v, "with_children", value_flag(t->adults > 0 && t->children > 0));
    value_set(v, "alone", value_flag(t->adults == 1 && t->children == 0));
    value_set(v, "couple", value_flag(t->adults == 2 && t->children == 0));
}

/* They are back: since another day, or today, as far as the hour is known. */
static bool is_over(const struct occasion *t, const struct message_input *in)
{
    struct civil back = t->when[ANCHOR_RETURN];
    return back.day != CIVIL_NONE &&
           (back.day < in->today ||
            (back.day == in->today && back.minute != MINUTE_NONE && back.minute <= in->minute));
}

static struct value *trip_value(const struct occasion *trip, const char *lang,
                                const struct message_input *in)
{
    civil_day today = in->today;
    struct value *v = value_object();
    struct occasion none = {0};
    occasion_clear_dates(&none);
    const struct occasion *t = trip ? trip : &none;
    civil_day leaves = t->when[ANCHOR_DEPARTURE].day, returns = t->when[ANCHOR_RETURN].day;
    set_name(v, "destination", in->config, reader_of_cards(in, lang), t->title);
    set_taken(v, "departure", words_date(lang, leaves, today));
    set_taken(v, "departure_time", words_time(t->when[ANCHOR_DEPARTURE].minute));
    set_taken(v, "return", words_date(lang, returns, today));
    set_taken(v, "return_time", words_time(t->when[ANCHOR_RETURN].minute));
    set_taken(v, "departure_weekday", words_weekday(lang, leaves));
    set_taken(v, "return_weekday", words_weekday(lang, returns));
    set_taken(v, "nights", words_count(lang, days_between(leaves, returns), NOUN_NIGHT));
    set_taken(v, "days_left", words_count(lang, days_between(today, leaves), NOUN_DAY));
    set_party(v, t, lang);
    value_set(v, "over", value_flag(is_over(t, in)));
    return v;
}

static struct value *complaint_value(const struct message_input *in, const char *lang)
{
    static const struct complaint none;
    const struct occasion *o = in->occasion;
    const struct complaint *c = in->known != NULL ? &in->known->about.complaint : &none;
    bool is_one = o->kind == KIND_COMPLAINT;
    struct value *v = value_object();
    context_text(v, "title", is_one ? o->title : NULL);
    set_taken(v, "promised",
              words_date(lang, is_one ? o->when[ANCHOR_PROMISED].day : CIVIL_NONE, in->today));
    context_text(v, "words", c->words);
    context_text(v, "cause", c->cause);
    context_text(v, "actions", c->actions);
    char *sentence = words_sentence(c->actions);
    context_text(v, "actions_sentence", sentence);
    free(sentence);
    context_text(v, "outcome", c->outcome);
    value_set(v, "rejected", value_flag(str_eq(c->outcome, "rejected")));
    value_set(v, "open", value_flag(in->known != NULL && in->known->complaint_open));
    return v;
}

static void set_grade(struct value *object, const char *key, int grade)
{
    set_taken(object, key, grade == NO_GRADE ? NULL : xasprintf("%d", grade));
}

/* What they answered: of feedback itself, of a trip the last about it. */
static struct value *feedback_value(const struct message_input *in)
{
    static const struct feedback none = {.csat = NO_GRADE, .nps = NO_GRADE};
    const struct details *d = in->known != NULL ? &in->known->about : NULL;
    const struct feedback *f = d != NULL && d->feedback.occasion_id != 0 ? &d->feedback : &none;
    struct value *v = value_object();
    set_grade(v, "csat", f->csat);
    set_grade(v, "nps", f->nps);
    context_text(v, "plus", f->plus);
    context_text(v, "words", f->words);
    value_set(v, "in_words", value_flag(!str_empty(f->plus) || !str_empty(f->words)));
    value_set(v, "unhappy", value_flag(feedback_is_unhappy(f)));
    value_set(v, "promoter", value_flag(feedback_is_promoter(f)));
    return v;
}

static struct value *lost_value(const struct message_input *in, const char *lang)
{
    static const struct details none;
    const struct occasion *o = in->occasion;
    const struct details *d = in->known != NULL ? &in->known->about : &none;
    bool is_one = o->kind == KIND_LOST;
    struct value *v = value_object();
    set_name(v, "destination", in->config, reader_of_cards(in, lang), is_one ? o->title : NULL);
    set_taken(v, "departure",
              words_date(lang, is_one ? o->when[ANCHOR_DEPARTURE].day : CIVIL_NONE, in->today));
    context_text(v, "reason", d->lost.reason);
    context_text(v, "words", d->lost.words);
    context_text(v, "by", d->lost_by);
    return v;
}

static struct value *greeting_value(const struct message_input *in, const char *lang)
{
    const struct occasion *o = in->occasion;
    bool is_one = o->kind == KIND_GREETING;
    struct value *v = value_object();
    set_taken(v, "date",
              words_date(lang, is_one ? o->when[ANCHOR_DAY].day : CIVIL_NONE, in->today));
    return v;
}

static struct value *visit_value(const struct occasion *occasion, const char *lang, civil_day today)
{
    struct value *v = value_object();
    set_taken(v, "date", words_date(lang, occasion->when[ANCHOR_VISIT].day, today));
    set_taken(v, "time", words_time(occasion->when[ANCHOR_VISIT].minute));
    return v;
}

/* Of a correction: what is not as the client was told before. */
static struct value *moved_value(unsigned moved)
{
    struct value *v = value_object();
    value_set(v, "departure", value_flag((moved & ANCHOR_BIT(ANCHOR_DEPARTURE)) != 0));
    value_set(v, "return", value_flag((moved & ANCHOR_BIT(ANCHOR_RETURN)) != 0));
    return v;
}

/* A site as people read it: "https://more.example/" is "more.example". New string. */
static char *site_words(const char *site)
{
    const char *shown = str_or(site, "");
    if (str_starts(shown, "https://") || str_starts(shown, "http://"))
        shown = strstr(shown, "://") + 3;
    size_t len = strlen(shown);
    char *words = xstrndup(shown, len > 0 && shown[len - 1] == '/' ? len - 1 : len);
    char *clean = one_line(words);
    free(words);
    return clean;
}

struct value *context_agency(const struct config *config, const char *lang)
{
    struct value *v = value_object();
    set_name(v, "name", config, lang, config->agency.name);
    context_phone(v, "phone", config->agency.phone);
    context_text(v, "email", config->agency.email);
    context_text(v, "site", config->agency.site);
    set_taken(v, "site_words", site_words(config->agency.site));
    set_name(v, "address", config, lang, config->agency.address);
    context_text(v, "hashtag", config->agency.hashtag);
    context_text(v, "survey_url", config->agency.survey_url);
    return v;
}

struct value *context_staff(const struct staff *person, const struct config *config, const char *lang)
{
    struct value *v = value_object();
    char *position =
        words_for_reader(&config->agency.translations, lang, person ? person->position : NULL);
    set_name(v, "name", config, lang, str_or(person ? person->name : NULL, config->agency.name));
    context_text(v, "position", position);
    free(position);
    context_phone(v, "phone", person ? person->phone : NULL);
    context_text(v, "email", person ? person->email : NULL);
    return v;
}

/* An SMS has little room: it calls the agency by its short name. */
static struct value *agency_value(const struct message_input *in, const char *lang)
{
    struct value *v = context_agency(in->config, lang);
    if (in->channel == CHANNEL_SMS && !str_empty(in->config->agency.sms_name))
        set_name(v, "name", in->config, lang, in->config->agency.sms_name);
    return v;
}

/* {{#manager}} asks whether there is one; manager.name can be said in any case. */
static struct value *manager_value(const struct message_input *in, const char *lang)
{
    struct value *v = context_staff(in->manager, in->config, lang);
    if (in->manager == NULL)
        value_set_absent(v);
    return v;
}

/* Where the client reaches us: the manager's own line, else the agency's. */
static struct value *our_value(const struct message_input *in)
{
    struct value *v = value_object();
    const char *own = in->manager != NULL ? in->manager->phone : NULL;
    context_phone(v, "phone", str_or(own, in->config->agency.phone));
    return v;
}

/* Files as people call them: without the ending, one after the other. A template that brings files along itself says so
 * itself. New string. */
static char *attached_words(const struct message_input *in)
{
    enum { ENDING_MAX = 7 }; /* ".pkpass" */
    struct sb names = {0};
    for (size_t i = 0; i < in->n_files; i++) {
        const char *name = in->files[i].name, *dot = strrchr(name, '.');
        bool ending = dot != NULL && dot > name && strlen(dot) <= ENDING_MAX &&
                      strspn(dot + 1, "0123456789") < strlen(dot + 1);
        size_t len = ending ? (size_t)(dot - name) : strlen(name);
        sb_addf(&names, "%s%.*s", names.len ? ", " : "", (int)len, name);
    }
    return sb_take(&names);
}

static struct value *merged_value(const struct message_input *in)
{
    struct value *v = value_object();
    for (size_t i = 0; i < in->n_merged; i++)
        value_set(v, in->merged[i], value_flag(true));
    value_set_others(v, value_flag(false));
    return v;
}

/* Whether "I" may stand in the letter, and whether who says it also looks after the client. An agency that has entered
 * itself as its own director is no person either. */
static void set_who_signs(struct value *root, const struct message_input *in)
{
    const struct staff *signer = in->signer;
    bool person = signer != NULL && !str_eq(signer->name, in->config->agency.name);
    value_set(root, "signed_by_agency", value_flag(!person));
    value_set(root, "signed_by_manager",
              value_flag(person && in->manager != NULL && signer->id != 0 &&
                         signer->id == in->manager->id));
}

/* Who flies at half past midnight leaves home on the day before, and "tomorrow" would make them miss the flight. */
static bool is_at_night(struct civil departure)
{
    enum { NIGHT_ENDS = 5 * 60 };
    return departure.day != CIVIL_NONE && departure.minute != MINUTE_NONE &&
           departure.minute < NIGHT_ENDS;
}

static void set_flags(struct value *root, const struct message_input *in)
{
    const struct occasion *trip = trip_of(in);
    civil_day departure = trip ? trip->when[ANCHOR_DEPARTURE].day : CIVIL_NONE;
    civil_day back = trip ? trip->when[ANCHOR_RETURN].day : CIVIL_NONE;
    bool leaves = departure != CIVIL_NONE;
    value_set(root, "departs_today", value_flag(leaves && departure == in->today));
    value_set(root, "departs_tomorrow", value_flag(leaves && departure == in->today + 1));
    value_set(root, "departs_at_night",
              value_flag(trip != NULL && is_at_night(trip->when[ANCHOR_DEPARTURE])));
    value_set(root, "returns_today", value_flag(back != CIVIL_NONE && back == in->today));
    set_who_signs(root, in);
}

void context_refuse_loser(struct value *root, enum kind series, enum channel channel)
{
    if (series != KIND_LOST || channel_is_human(channel))
        return;
    const struct value *lost = value_member(root, "lost", strlen("lost"));
    const struct value *by = value_member(lost, "by", strlen("by"));
    /* the tree is ours, and only the way to its members is const */
    value_refuse((struct value *)(uintptr_t)by,
                 "a letter after a lost sale does not name who failed to sell: take it out");
}

struct value *context_new(const struct message_input *in, const char *lang)
{
    struct value *root = value_object();
    const struct occasion *trip = trip_of(in);
    value_set(root, "client", client_value(in, lang));
    value_set(root, "trip", trip_value(trip, lang, in));
    value_set(root, "visit", visit_value(in->occasion, lang, in->today));
    value_set(root, "moved", moved_value(in->moved));
    value_set(root, "complaint", complaint_value(in, lang));
    value_set(root, "feedback", feedback_value(in));
    value_set(root, "lost", lost_value(in, lang));
    value_set(root, "greeting", greeting_value(in, lang));
    value_set(root, "agency", agency_value(in, lang));
    value_set(root, "manager", manager_value(in, lang));
    value_set(root, "our", our_value(in));
    value_set(root, "signer", context_staff(in->signer, in->config, lang));
    value_set(root, "merged", merged_value(in));
    char *attached = attached_words(in);
    context_text(root, "attached", attached);
    free(attached);
    set_flags(root, in);
    context_add_known(root, in->known, trip != NULL ? trip->id : in->occasion->about_id);
    context_text(root, "also", in->also);
    context_text(root, "lang", lang);
    context_refuse_loser(root, in->occasion->kind, in->channel);
    return root;
}

/* What only some kinds of occasions have, filled for all. */
static void set_samples(struct value *root, const struct message_input *in, const char *lang)
{
    struct known known = {
        .about = {.feedback =
                      {.occasion_id = 1, .csat = 5, .nps = 10, .plus = "Nothing", .words = "Fine"},
                  .complaint = {.occasion_id = 1,
                                .words = "Late",
                                .cause = "transfer",
                                .actions = "Asked why",
                                .outcome = "compensated"},
                  .lost = {.occasion_id = 1, .reason = "price", .words = "Too dear"},
                  .lost_by = (char[]){"Sample Manager"}}};
    struct occasion occasion = *in->occasion;
    struct message_input other = *in;
    other.occasion = &occasion;
    other.known = &known;
    occasion.when[ANCHOR_PROMISED] = occasion.when[ANCHOR_DAY] = occasion.when[ANCHOR_VISIT];
    struct value *feedback = feedback_value(&other);
    value_set(feedback, "unhappy", value_flag(true));
    value_set(root, "feedback", feedback);
    occasion.kind = KIND_COMPLAINT;
    struct value *complaint = complaint_value(&other, lang);
    value_set(complaint, "open", value_flag(true));
    value_set(complaint, "rejected", value_flag(true));
    value_set(root, "complaint", complaint);
    occasion.kind = KIND_LOST;
    value_set(root, "lost", lost_value(&other, lang));
    occasion.kind = KIND_GREETING;
    value_set(root, "greeting", greeting_value(&other, lang));
}

void context_set_agency(struct value *root, const struct config *config, const char *lang, bool all)
{
    struct value *own = context_agency(config, lang);
    struct value *sample =
        (struct value *)(uintptr_t)value_member(root, "agency", strlen("agency"));
    for (size_t i = 0; i < value_count(own); i++) {
        if (all || value_is_true(value_at(own, i)))
            value_set(sample, value_key_at(own, i), value_text(value_get_text(value_at(own, i))));
    }
    value_free(own);
}

/* No name in it could be taken for an address, but for facts, which may hold one. */
struct value *context_new_sample(const char *lang)
{
    struct config config = {.agency = {.name = "Agency (Ltd)",
                                       .phone = "+7 495 000-00-00",
                                       .email = "info@agency.example",
                                       .site = "https://agency.example/",
                                       .address = "1, Sample street",
                                       .hashtag = "#sample_tag",
                                       .survey_url = "https://agency.example/?survey=1&lang=en"}};
    struct client client = {.name = "Sample Client (Jr)",
                            .salutation = "Sample (Client)",
                            .phone = "+79031234567",
                            .email = "client@example.org"};
    struct occasion occasion = {.title = "Sample (Island)",
                                .adults = 2,
                                .children = 1,
                                .when[ANCHOR_DEPARTURE] = {.day = 20000, .minute = 400},
                                .when[ANCHOR_RETURN] = {.day = 20010, .minute = 1200},
                                .when[ANCHOR_VISIT] = {.day = 20012, .minute = 900}};
    struct staff staff = {.name = "Sample Manager",
                          .position = "manager",
                          .email = "manager@agency.example",
                          .phone = "+79031234568"};
    struct staff signer = staff;
    signer.name = CONTEXT_SAMPLE_SIGNER;
    const struct message_file file = {.name = "Sample (voucher).pdf"};
    struct message_input in = {.config = &config,
                               .client = &client,
                               .occasion = &occasion,
                               .manager = &staff,
                               .signer = &signer,
                               .also = "Sample Child",
                               .files = &file,
                               .n_files = 1,
                               .moved = ANCHOR_BIT(ANCHOR_DEPARTURE) | ANCHOR_BIT(ANCHOR_RETURN),
                               .today = 19999};
    struct value *root = context_new(&in, lang);
    set_samples(root, &in, lang);
    struct value *merged = value_object();
    value_set_others(merged, value_flag(true));
    value_set(root, "merged", merged);
    static const char *const flags[] = {"departs_today", "departs_tomorrow", "departs_at_night",
                                        "returns_today", "signed_by_agency", "signed_by_manager"};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        value_set(root, flags[i], value_flag(true));
    context_add_known_sample(root);
    return root;
}
