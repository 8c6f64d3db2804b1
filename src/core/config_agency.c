/* The section "agency" of pps.json: who writes, and where from. Serves config.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/contact.h>
#include <pps/language.h>
#include <pps/str.h>
#include <pps/zone.h>

#include "config_agency.h"
#include "read.h"
#include "translations.h"

static bool is_capitals(const char *text, size_t n)
{
    return strlen(text) == n && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == n;
}

/* "#0b5cad" */
static bool is_color(const char *text)
{
    return text[0] == '#' && strlen(text) == 7 &&
           strspn(text + 1, "0123456789abcdefABCDEF") == 6;
}

enum rc config_read_agency(const struct json_doc *doc, const struct json *root, struct config *c,
                           struct err *err)
{
    static const char *const known[] = {"name",       "phone", "email", "site",    "address",  "hashtag",
                                        "survey_url", "lang",  "tz",    "country", "currency",
                                        "color",      "sms_name", "translations"};
    const struct json *o;
    TRY(read_section(doc, root, "agency", known, COUNT(known), &o, err));
    if (o == NULL)
        return RC_OK;
    char **const into[] = {&c->agency.name,       &c->agency.phone,   &c->agency.email,
                           &c->agency.site,       &c->agency.address, &c->agency.hashtag,
                           &c->agency.survey_url, &c->agency.lang,    &c->agency.tz,
                           &c->agency.country,    &c->agency.currency, &c->agency.color,
                           &c->agency.sms_name};
    for (size_t i = 0; i < COUNT(into); i++)
        TRY(json_read_string(doc, o, known[i], into[i], err));
    TRY(translations_read(doc, o, &c->agency.translations, err));

    struct err why = {0};
    const struct zone *zone;
    enum rc rc = zone_find(c->agency.tz, &zone, &why);
    if (rc == RC_IO) /* the name may be right: it is no fault of the text */
        return err_set(err, rc, "%s", why.message);
    if (rc != RC_OK)
        return json_fail(doc, json_get(o, "tz"), RC_INVALID, err, "%s", why.message);
    if (str_empty(c->agency.name))
        return json_fail(doc, json_get(o, "name"), RC_INVALID, err, "the agency needs a name");
    if (strspn(c->agency.lang, "abcdefghijklmnopqrstuvwxyz") != strlen(c->agency.lang) ||
        strlen(c->agency.lang) != 2)
        return json_fail(doc, json_get(o, "lang"), RC_INVALID, err,
                         "\"lang\" must be two letters, such as ru, en or bg");
    const char *meant = language_meant(c->agency.lang);
    if (meant != NULL)
        return json_fail(doc, json_get(o, "lang"), RC_INVALID, err,
                         "\"%s\" is a country; did you mean \"%s\"?", c->agency.lang, meant);
    if (!is_capitals(c->agency.country, 2))
        return json_fail(doc, json_get(o, "country"), RC_INVALID, err,
                         "\"country\" must be two capital letters, such as RU or BG");
    if (!is_capitals(c->agency.currency, 3))
        return json_fail(doc, json_get(o, "currency"), RC_INVALID, err,
                         "\"currency\" must be three capital letters, such as RUB or EUR");
    if (!is_color(c->agency.color))
        return json_fail(doc, json_get(o, "color"), RC_INVALID, err,
                         "\"color\" must be a # and six digits of base 16, such as \"#0b5cad\"");
    char *address = NULL, phone[PHONE_BYTES];
    if (!str_empty(c->agency.phone) && c->agency.phone[0] != '+' &&
        phone_parse(c->agency.phone, c->agency.country, phone, NULL) == RC_OK) {
        free(c->agency.phone);
        c->agency.phone = xstrdup(phone); /* to be dialled from abroad, too */
    }
    if (!str_empty(c->agency.email) && email_parse(c->agency.email, &address, &why) != RC_OK)
        return json_fail(doc, json_get(o, "email"), RC_INVALID, err, "%s", why.message);
    free(address);
    return RC_OK;
}

void config_agency_fini(struct config *c)
{
    free(c->agency.name);
    free(c->agency.phone);
    free(c->agency.email);
    free(c->agency.site);
    free(c->agency.address);
    free(c->agency.hashtag);
    free(c->agency.survey_url);
    free(c->agency.lang);
    free(c->agency.tz);
    free(c->agency.country);
    free(c->agency.currency);
    free(c->agency.color);
    free(c->agency.sms_name);
    translations_fini(&c->agency.translations);
}
