/* From the nouns of the domain to the variables of a template. The only door for data: everything
 * passes one_line() here, so no template and no escape function ever meets a control character. A
 * template can reach what is listed here and nothing else: no configuration, no other client.
 * Serves letter, sms, script. */
#include <stdlib.h>
#include <string.h>

#include <pps/contact.h>
#include <pps/str.h>

#include "context.h"
#include "context_known.h"
#include "escape.h"
#include "words.h"

static void set_text(struct value *object, const char *key, const char *data)
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
static void set_phone(struct value *object, const char *key, const char *phone)
{
    char grouped[32];
    bool is_e164 = !str_empty(phone) && phone[0] == '+' && strlen(phone) < PHONE_BYTES &&
                   strspn(phone + 1, "0123456789") == strlen(phone + 1);
    if (is_e164)
        phone_format(phone, grouped);
    set_text(object, key, is_e164 ? grouped : phone);
}

static struct value *client_value(const struct client *client)
{
    struct value *v = value_object();
    set_text(v, "name", client->name);
    set_text(v, "salutation", str_or(client->salutation, client->name));
    set_phone(v, "phone", client->phone);
    set_text(v, "email", client->email);
    return v;
}

static struct value *trip_value(const struct occasion *occasion, const char *lang, civil_day today)
{
    struct value *v = value_object();
    set_text(v, "destination", occasion->title);
    set_taken(v, "departure", words_date(lang, occasion->when[ANCHOR_DEPARTURE].day, today));
    set_taken(v, "departure_time", words_time(occasion->when[ANCHOR_DEPARTURE].minute));
    set_taken(v, "return", words_date(lang, occasion->when[ANCHOR_RETURN].day, today));
    set_taken(v, "return_time", words_time(occasion->when[ANCHOR_RETURN].minute));
    return v;
}

static struct value *visit_value(const struct occasion *occasion, const char *lang, civil_day today)
{
    struct value *v = value_object();
    set_taken(v, "date", words_date(lang, occasion->when[ANCHOR_VISIT].day, today));
    set_taken(v, "time", words_time(occasion->when[ANCHOR_VISIT].minute));
    return v;
}

static struct value *agency_value(const struct config *config)
{
    struct value *v = value_object();
    set_text(v, "name", config->agency.name);
    set_phone(v, "phone", config->agency.phone);
    set_text(v, "email", config->agency.email);
    set_text(v, "site", config->agency.site);
    set_text(v, "address", config->agency.address);
    set_text(v, "hashtag", config->agency.hashtag);
    set_text(v, "survey_url", config->agency.survey_url);
    return v;
}

/* person may be NULL: then the agency stands in with its name. */
static struct value *staff_value(const struct staff *person, const struct config *config)
{
    struct value *v = value_object();
    set_text(v, "name", str_or(person ? person->name : NULL, config->agency.name));
    set_text(v, "position", person ? person->position : NULL);
    set_phone(v, "phone", person ? person->phone : NULL);
    set_text(v, "email", person ? person->email : NULL);
    return v;
}

static struct value *merged_value(const struct message_input *in)
{
    struct value *v = value_object();
    for (size_t i = 0; i < in->n_merged; i++)
        value_set(v, in->merged[i], value_flag(true));
    value_set_others(v, value_flag(false));
    return v;
}

static void set_flags(struct value *root, const struct message_input *in)
{
    civil_day departure = in->occasion->when[ANCHOR_DEPARTURE].day, back = in->occasion->when[ANCHOR_RETURN].day;
    bool leaves = departure != CIVIL_NONE;
    value_set(root, "departs_today", value_flag(leaves && departure == in->today));
    value_set(root, "departs_tomorrow", value_flag(leaves && departure == in->today + 1));
    value_set(root, "returns_today", value_flag(back != CIVIL_NONE && back == in->today));
}

/* Feedback and complaints are about a trip. */
static int64_t trip_of(const struct occasion *occasion)
{
    return occasion->kind == KIND_TRIP ? occasion->id : occasion->about_id;
}

struct value *context_new(const struct message_input *in, const char *lang)
{
    struct value *root = value_object();
    value_set(root, "client", client_value(in->client));
    value_set(root, "trip", trip_value(in->occasion, lang, in->today));
    value_set(root, "visit", visit_value(in->occasion, lang, in->today));
    value_set(root, "agency", agency_value(in->config));
    value_set(root, "manager", staff_value(in->manager, in->config));
    value_set(root, "signer", staff_value(in->signer, in->config));
    value_set(root, "merged", merged_value(in));
    set_flags(root, in);
    context_add_known(root, in->known, trip_of(in->occasion));
    set_text(root, "lang", lang);
    return root;
}

struct value *context_new_sample(const char *lang)
{
    struct config config = {.agency = {.name = "Agency Ltd.",
                                       .phone = "+7 495 000-00-00",
                                       .email = "info@agency.example",
                                       .site = "https://agency.example/",
                                       .address = "1, Sample street",
                                       .hashtag = "#sample_tag",
                                       .survey_url = "https://agency.example/?survey=1&lang=en"}};
    struct client client = {.name = "Sample Client Jr.",
                            .salutation = "Sample (Client)",
                            .phone = "+79031234567",
                            .email = "client@example.org"};
    struct occasion occasion = {.title = "Sample (Island)",
                        .when[ANCHOR_DEPARTURE] = {.day = 20000, .minute = 400},
                        .when[ANCHOR_RETURN] = {.day = 20010, .minute = 1200},
                        .when[ANCHOR_VISIT] = {.day = 20012, .minute = 900}};
    struct staff staff = {.name = "Sample Manager",
                          .position = "manager",
                          .email = "manager@agency.example",
                          .phone = "+79031234568"};
    struct message_input in = {.config = &config,
                               .client = &client,
                               .occasion = &occasion,
                               .manager = &staff,
                               .signer = &staff,
                               .today = 19999};
    struct value *root = context_new(&in, lang);
    struct value *merged = value_object();
    value_set_others(merged, value_flag(true));
    value_set(root, "merged", merged);
    value_set(root, "departs_today", value_flag(true));
    value_set(root, "departs_tomorrow", value_flag(true));
    value_set(root, "returns_today", value_flag(true));
    context_add_known_sample(root);
    return root;
}
