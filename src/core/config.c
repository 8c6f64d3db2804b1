/* pps.json -> struct config: defaults, checks, and errors that name the place. Pure: it opens no
 * file and follows no reference to a secret. Serves cli/, which reads the file, and everybody who
 * is given the result. */
#include <stdlib.h>
#include <string.h>

#include <pps/config.h>
#include <pps/contact.h>
#include <pps/sms.h>
#include <pps/str.h>
#include <pps/token.h>
#include <pps/zone.h>

#include "config_agency.h"
#include "read.h"
#include "words.h"

static const char *const weekday_names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

static int compare_days(const void *a, const void *b)
{
    civil_day x = *(const civil_day *)a, y = *(const civil_day *)b;
    return (x > y) - (x < y);
}

static enum rc read_days(const struct json_doc *doc, const struct json *o, const char *key,
                         civil_day **ret, size_t *ret_n, struct err *err)
{
    const struct json *list = json_get(o, key);
    if (list == NULL)
        return RC_OK;
    TRY(json_expect(doc, list, JSON_ARRAY, key, err));
    size_t cap = 0;
    for (const struct json *v = json_first(list); v != NULL; v = json_next(v)) {
        struct err why = {0};
        struct civil day;
        TRY(json_expect(doc, v, JSON_STRING, key, err));
        const char *text = json_string(v);
        bool relative = strpbrk(text, "+abcdefghijklmnopqrstuvwxyz") != NULL;
        if (!relative && civil_parse(text, CIVIL_NONE, &day, &why) != RC_OK)
            return json_fail(doc, v, RC_INVALID, err, "%s", why.message);
        if (relative || day.minute != MINUTE_NONE)
            return json_fail(doc, v, RC_INVALID, err,
                             "\"%s\" are dates, such as 2027-01-07 or 07.01.2027", key);
        vec_reserve(ret, *ret_n, &cap, sizeof **ret);
        (*ret)[(*ret_n)++] = day.day;
    }
    if (*ret_n > 0)
        qsort(*ret, *ret_n, sizeof **ret, compare_days);
    return RC_OK;
}

static enum rc read_calendar(const struct json_doc *doc, const struct json *root, struct config *c,
                             struct err *err)
{
    static const char *const known[] = {"working_days", "holidays", "extra_working_days", "file"};
    const struct json *o;
    TRY(read_section(doc, root, "calendar", known, COUNT(known), &o, err));
    if (o == NULL)
        return RC_OK;
    const struct json *days = json_get(o, "working_days");
    if (days != NULL) {
        TRY(json_expect(doc, days, JSON_ARRAY, "working_days", err));
        c->calendar.weekdays = 0;
        for (const struct json *v = json_first(days); v != NULL; v = json_next(v)) {
            size_t i = 0;
            while (i < COUNT(weekday_names) && !str_eq(json_string(v), weekday_names[i]))
                i++;
            if (i == COUNT(weekday_names))
                return json_fail(doc, v, RC_INVALID, err,
                                 "a working day must be one of mon, tue, wed, thu, fri, sat, sun");
            c->calendar.weekdays |= 1u << i;
        }
    }
    TRY(json_read_string(doc, o, "file", &c->calendar_file, err));
    TRY(read_days(doc, o, "holidays", &c->calendar.holidays, &c->calendar.n_holidays, err));
    return read_days(doc, o, "extra_working_days", &c->calendar.extra, &c->calendar.n_extra, err);
}

static enum rc read_secret_ref(const struct json_doc *doc, const struct json *o,
                               struct secret_ref *ret, struct err *err)
{
    TRY(json_read_string(doc, o, "password_file", &ret->file, err));
    TRY(json_read_string(doc, o, "password_env", &ret->env, err));
    if (ret->file != NULL && ret->env != NULL)
        return json_fail(doc, json_get(o, "password_env"), RC_INVALID, err,
                         "give either \"password_file\" or \"password_env\", not both");
    return RC_OK;
}

/* A password in pps.json is a mistake that deserves its own words. */
static enum rc refuse_password(const struct json_doc *doc, const struct json *o, struct err *err)
{
    const struct json *v = json_get(o, "password");
    if (v == NULL)
        return RC_OK;
    return json_fail(doc, v, RC_INVALID, err,
                     "a password does not belong here: put it into a file of mode 0600 and name it "
                     "in \"password_file\", or name an environment variable in \"password_env\"");
}

static enum rc read_smtp(const struct json_doc *doc, const struct json *email,
                         struct smtp_config *s, struct err *err)
{
    static const char *const known[] = {"host",    "port",          "security",
                                        "user",    "password_file", "password_env",
                                        "ca_file", "ehlo",          "password"};
    static const char *const securities[] = {"tls", "starttls", "none"};
    static const int ports[] = {465, 587, 25};
    const struct json *o;
    TRY(read_section(doc, email, "smtp", known, COUNT(known), &o, err));
    if (o == NULL)
        return json_fail(doc, email, RC_INVALID, err,
                         "the gateway \"smtp\" needs \"smtp\": {\"host\": …}");
    TRY(refuse_password(doc, o, err));
    TRY(json_read_string(doc, o, "host", &s->host, err));
    if (str_empty(s->host) || strpbrk(s->host, "/@: \t\r\n") != NULL)
        return json_fail(doc, str_empty(s->host) ? o : json_get(o, "host"), RC_INVALID, err,
                         "\"smtp\" needs \"host\": the name of the mail server, nothing else");
    int security = SMTP_TLS;
    TRY(json_read_choice(doc, o, "security", securities, COUNT(securities), &security, err));
    s->security = (enum smtp_security)security;
    s->port = ports[security];
    TRY(json_read_int(doc, o, "port", 1, 65535, &s->port, err));
    TRY(json_read_string(doc, o, "user", &s->user, err));
    TRY(json_read_string(doc, o, "ca_file", &s->ca_file, err));
    TRY(json_read_string(doc, o, "ehlo", &s->ehlo, err));
    TRY(read_secret_ref(doc, o, &s->password, err));
    bool has_password = s->password.file != NULL || s->password.env != NULL;
    if ((s->user != NULL) != has_password)
        return json_fail(doc, o, RC_INVALID, err,
                         "\"user\" and \"password_file\" or \"password_env\" belong together");
    if (s->user != NULL && s->security == SMTP_PLAIN)
        return json_fail(
            doc, json_get(o, "security"), RC_INVALID, err,
            "a password is never sent without encryption: use \"tls\" or \"starttls\"");
    return RC_OK;
}

static enum rc read_limits(const struct json_doc *doc, const struct json *channel,
                           struct limits *limits, struct err *err)
{
    TRY(json_read_int(doc, channel, "per_day", 0, 1000000, &limits->per_day, err));
    return json_read_int(doc, channel, "per_minute", 0, 100000, &limits->per_minute, err);
}

/* ---- what has a token in it ---- */

static const char token_mark[] = "{token}";

char *config_with_token(const char *pattern, const char *token)
{
    const char *at = strstr(pattern, token_mark);
    if (at == NULL)
        return xstrdup(pattern);
    return xasprintf("%.*s%s%s", (int)(at - pattern), pattern, token, at + strlen(token_mark));
}

static bool has_one_token(const char *pattern)
{
    const char *at = strstr(pattern, token_mark);
    return at != NULL && strpbrk(at + strlen(token_mark), "{}") == NULL &&
           strcspn(pattern, "{}") == (size_t)(at - pattern);
}

/* It becomes part of a header and of a link, so only what may stand in a URL as it is. */
static bool is_token_url(const char *url)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                "-._~:/?#[]@!$&*+;=%{}";
    return str_starts(url, "https://") && strlen(url) <= 300 && has_one_token(url) &&
           strspn(url, plain) == strlen(url) && url[strlen("https://")] != '/' &&
           strstr(url, token_mark) > url + strlen("https://");
}

/* An address as long as it can become; the token must not be in its domain. */
static enum rc check_verp(const char *verp, struct err *err)
{
    char longest[TOKEN_BYTES], *address = NULL;
    if (!has_one_token(verp) || strchr(strstr(verp, token_mark), '@') == NULL)
        return err_set(err, RC_INVALID,
                       "\"verp\" must be an address with {token} before the @, such as "
                       "\"bounce+{token}@agency.example\"");
    token_make("", TOKEN_BOUNCE, 9999999999, longest);
    char *sample = config_with_token(verp, longest);
    struct err why = {0};
    enum rc rc = email_parse(sample, &address, &why);
    if (rc != RC_OK)
        rc = err_set(err, RC_INVALID, "\"verp\", with a token in it: %s", why.message);
    free(sample);
    free(address);
    return rc;
}

static enum rc read_tokens(const struct json_doc *doc, const struct json *o, struct config *c,
                           struct err *err)
{
    struct err why = {0};
    TRY(json_read_string(doc, o, "unsubscribe_url", &c->email.unsubscribe_url, err));
    TRY(json_read_string(doc, o, "unsubscribe_to", &c->email.unsubscribe_to, err));
    TRY(json_read_string(doc, o, "verp", &c->email.verp, err));
    if (!str_empty(c->email.unsubscribe_url) && !is_token_url(c->email.unsubscribe_url))
        return json_fail(doc, json_get(o, "unsubscribe_url"), RC_INVALID, err,
                         "\"unsubscribe_url\" must be an https:// address with {token} after the "
                         "host, such as \"https://agency.example/stop/{token}\"");
    if (!str_empty(c->email.unsubscribe_to)) {
        char *address = NULL;
        if (email_parse(c->email.unsubscribe_to, &address, &why) != RC_OK)
            return json_fail(doc, json_get(o, "unsubscribe_to"), RC_INVALID, err, "%s",
                             why.message);
        free(c->email.unsubscribe_to);
        c->email.unsubscribe_to = address;
    }
    if (!str_empty(c->email.verp) && check_verp(c->email.verp, &why) != RC_OK)
        return json_fail(doc, json_get(o, "verp"), RC_INVALID, err, "%s", why.message);
    return RC_OK;
}

/* "hours": {"from": "08:00", "to": "21:30"} */
static enum rc read_hours(const struct json_doc *doc, const struct json *channel,
                          struct decent_hours *hours, struct err *err)
{
    static const char *const known[] = {"from", "to"};
    const struct json *o;
    TRY(read_section(doc, channel, "hours", known, COUNT(known), &o, err));
    if (o == NULL)
        return RC_OK;
    TRY(read_minute(doc, o, "from", &hours->from, err));
    TRY(read_minute(doc, o, "to", &hours->to, err));
    if (hours->from >= hours->to)
        return json_fail(doc, o, RC_INVALID, err, "\"from\" must be earlier than \"to\"");
    return RC_OK;
}

static enum rc read_email(const struct json_doc *doc, const struct json *root, struct config *c,
                          struct err *err)
{
    static const char *const known[] = {"gateway",         "from",           "smtp", "per_day", "per_minute",
                                        "unsubscribe_url", "unsubscribe_to", "verp", "hours"};
    static const char *const gateways[] = {"outbox", "smtp"};
    const struct json *o;
    TRY(read_section(doc, root, "email", known, COUNT(known), &o, err));
    if (o == NULL)
        return RC_OK;
    int gateway = MAIL_OUTBOX;
    TRY(json_read_choice(doc, o, "gateway", gateways, COUNT(gateways), &gateway, err));
    c->email.gateway = (enum mail_gateway)gateway;
    TRY(json_read_string(doc, o, "from", &c->email.from, err));
    TRY(read_limits(doc, o, &c->email.limits, err));
    TRY(read_hours(doc, o, &c->email.hours, err));
    TRY(read_tokens(doc, o, c, err));
    const struct json *from = json_get(o, "from");
    if (from != NULL) {
        struct err why = {0};
        char *address = NULL;
        if (email_parse(c->email.from, &address, &why) != RC_OK)
            return json_fail(doc, from, RC_INVALID, err, "%s", why.message);
        free(c->email.from);
        c->email.from = address;
    }
    /* What is written is checked, also while the outbox is still in use. */
    if (c->email.gateway != MAIL_SMTP && json_get(o, "smtp") == NULL)
        return RC_OK;
    if (from == NULL && c->email.gateway == MAIL_SMTP)
        return json_fail(doc, o, RC_INVALID, err,
                         "\"email\" needs \"from\": the agency's address on every letter");
    return read_smtp(doc, o, &c->email.smtp, err);
}

/* What follows the host in a URL that has no path: nothing, or a port. "127.0.0.1:80@elsewhere" has neither. */
static bool ends_after_host(const char *rest)
{
    if (*rest == ':')
        rest += 1 + strspn(rest + 1, "0123456789");
    return *rest == '\0' || strcmp(rest, "/") == 0;
}

bool config_url_is_loopback(const char *url)
{
    static const char *const hosts[] = {"localhost", "[::1]"};
    if (!str_starts(url, "http://"))
        return false;
    const char *host = url + strlen("http://");
    for (size_t i = 0; i < COUNT(hosts); i++) {
        if (str_starts(host, hosts[i]) && ends_after_host(host + strlen(hosts[i])))
            return true;
    }
    return str_starts(host, "127.") && ends_after_host(host + strspn(host, "0123456789."));
}

static enum rc read_sms_http(const struct json_doc *doc, const struct json *sms,
                             struct sms_http_config *h, struct err *err)
{
    static const char *const known[] = {"preset",  "url",           "user",
                                        "sender",  "password_file", "password_env",
                                        "ca_file", "max_parts",     "password"};
    const struct json *o;
    TRY(read_section(doc, sms, "http", known, COUNT(known), &o, err));
    if (o == NULL)
        return json_fail(doc, sms, RC_INVALID, err,
                         "the gateway \"http\" needs \"http\": {\"preset\": …, \"url\": …}");
    TRY(refuse_password(doc, o, err));
    TRY(json_read_string(doc, o, "preset", &h->preset, err));
    TRY(json_read_string(doc, o, "url", &h->url, err));
    TRY(json_read_string(doc, o, "user", &h->user, err));
    TRY(json_read_string(doc, o, "sender", &h->sender, err));
    TRY(json_read_string(doc, o, "ca_file", &h->ca_file, err));
    TRY(json_read_int(doc, o, "max_parts", 1, 10, &h->max_parts, err));
    TRY(read_secret_ref(doc, o, &h->password, err));
    const char *name_letters = "abcdefghijklmnopqrstuvwxyz0123456789-";
    if (str_empty(h->preset) || strspn(h->preset, name_letters) != strlen(h->preset))
        return json_fail(doc, str_empty(h->preset) ? o : json_get(o, "preset"), RC_INVALID, err,
                         "\"http\" needs \"preset\": the name of a gateway preset, such as kannel");
    if (str_empty(h->url))
        return json_fail(doc, o, RC_INVALID, err,
                         "\"http\" needs \"url\": where the gateway listens");
    if (!str_starts(h->url, "https://") && !config_url_is_loopback(h->url))
        return json_fail(doc, json_get(o, "url"), RC_INVALID, err,
                         "\"url\" must begin with https:// (http:// only for this machine itself)");
    return RC_OK;
}

/* "price": "3.70": what a part costs, in the agency's currency unless another one is named. */
static enum rc read_price(const struct json_doc *doc, const struct json *sms, struct config *c,
                          struct err *err)
{
    const struct json *v = json_get(sms, "price");
    struct err why = {0};
    if (v == NULL)
        return RC_OK;
    TRY(json_expect(doc, v, JSON_STRING, "price", err));
    if (sms_price_parse(json_string(v), c->agency.currency, &c->sms.price, &why) != RC_OK)
        return json_fail(doc, v, RC_INVALID, err, "%s", why.message);
    return RC_OK;
}

static enum rc read_sms(const struct json_doc *doc, const struct json *root, struct config *c,
                        struct err *err)
{
    static const char *const known[] = {"gateway", "hours",      "http",
                                        "per_day", "per_minute", "price"};
    static const char *const gateways[] = {"outbox", "http"};
    const struct json *o;
    TRY(read_section(doc, root, "sms", known, COUNT(known), &o, err));
    if (o == NULL)
        return RC_OK;
    int gateway = SMS_OUTBOX;
    TRY(json_read_choice(doc, o, "gateway", gateways, COUNT(gateways), &gateway, err));
    c->sms.gateway = (enum sms_gateway)gateway;
    TRY(read_hours(doc, o, &c->sms.hours, err));
    TRY(read_price(doc, o, c, err));
    TRY(read_limits(doc, o, &c->sms.limits, err));
    bool has_http = c->sms.gateway == SMS_HTTP || json_get(o, "http") != NULL;
    return has_http ? read_sms_http(doc, o, &c->sms.http, err) : RC_OK;
}

/* "calls": {"hours": {"from": "10:00", "to": "20:00"}} */
static enum rc read_calls(const struct json_doc *doc, const struct json *root, struct config *c,
                          struct err *err)
{
    static const char *const known[] = {"hours"};
    const struct json *o;
    TRY(read_section(doc, root, "calls", known, COUNT(known), &o, err));
    return o != NULL ? read_hours(doc, o, &c->calls.hours, err) : RC_OK;
}

/* "digest": {"at": "08:30"}; "" is the same as not there. */
static enum rc read_digest(const struct json_doc *doc, const struct json *root, struct config *c,
                           struct err *err)
{
    static const char *const known[] = {"at"};
    const struct json *o;
    TRY(read_section(doc, root, "digest", known, COUNT(known), &o, err));
    if (o == NULL || str_eq(json_string(json_get(o, "at")), ""))
        return RC_OK;
    TRY(read_minute(doc, o, "at", &c->digest.at, err));
    if (c->digest.at != MINUTE_NONE && c->digest.at >= DIGEST_END_MINUTE)
        return json_fail(doc, json_get(o, "at"), RC_INVALID, err,
                         "the list is one of the morning: \"at\" must be before %02d:%02d",
                         DIGEST_END_MINUTE / 60, DIGEST_END_MINUTE % 60);
    return RC_OK;
}

/* "consent": {"marketing": "opt_in"} */
static enum rc read_consent(const struct json_doc *doc, const struct json *root, struct config *c,
                            struct err *err)
{
    static const char *const known[] = {"marketing"};
    static const char *const words[] = {"opt_out", "opt_in"};
    const struct json *o;
    int marketing = 0;
    TRY(read_section(doc, root, "consent", known, COUNT(known), &o, err));
    if (o == NULL)
        return RC_OK;
    TRY(json_read_choice(doc, o, "marketing", words, COUNT(words), &marketing, err));
    c->marketing_needs_consent = marketing != 0;
    return RC_OK;
}

/* When clients are greeted, and who. */
static enum rc read_greetings(const struct json_doc *doc, const struct json *root, struct config *c,
                              struct err *err)
{
    static const char *const words[] = {"feb28", "mar1"};
    int feb29 = FEB29_ON_FEB28;
    TRY(json_read_choice(doc, root, "birthday_feb29", words, COUNT(words), &feb29, err));
    c->birthday_feb29 = (enum feb29)feb29;
    return json_read_int(doc, root, "holiday_years", 1, 50, &c->holiday_years, err);
}

static enum rc read_root(const struct json_doc *doc, struct config *c, struct err *err)
{
    static const char *const known[] = {"agency", "calendar", "email",    "per_client_per_day",
                                        "sms",    "outbox",   "templates", "consent",
                                        "lost_reasons", "complaint_causes", "birthday_feb29",
                                        "holiday_years", "calls", "digest"};
    const struct json *root = json_root(doc);
    if (json_type_of(root) != JSON_OBJECT)
        return json_fail(doc, root, RC_INVALID, err, "the configuration must be an object: { … }");
    TRY(json_check_keys(doc, root, known, COUNT(known), err));
    TRY(config_read_agency(doc, root, c, err));
    TRY(read_calendar(doc, root, c, err));
    TRY(read_email(doc, root, c, err));
    TRY(read_sms(doc, root, c, err));
    TRY(read_consent(doc, root, c, err));
    TRY(word_list_read(doc, root, "lost_reasons", &c->lost_reasons, err));
    TRY(word_list_read(doc, root, "complaint_causes", &c->complaint_causes, err));
    TRY(read_greetings(doc, root, c, err));
    TRY(read_calls(doc, root, c, err));
    TRY(read_digest(doc, root, c, err));
    TRY(json_read_int(doc, root, "per_client_per_day", 1, 100, &c->per_client_per_day, err));
    TRY(json_read_string(doc, root, "outbox", &c->outbox, err));
    return json_read_string(doc, root, "templates", &c->templates, err);
}

static void set_defaults(struct config *c)
{
    *c = (struct config){
        .agency = {.name = xstrdup("Travel agency"),
                   .lang = xstrdup("ru"),
                   .tz = xstrdup("Europe/Moscow"),
                   .country = xstrdup("RU"),
                   .currency = xstrdup("RUB"),
                   .color = xstrdup("#0b5cad")},
        .calendar.weekdays = WORKCAL_MONDAY_TO_FRIDAY,
        .email = {.from = xstrdup("info@pps.invalid"), .hours = {.from = 7 * 60, .to = 22 * 60}},
        .calls.hours = {.from = 10 * 60, .to = 20 * 60},
        .digest.at = MINUTE_NONE,
        .per_client_per_day = 2,
        .holiday_years = 3,
        .sms = {.hours = {.from = 8 * 60, .to = 21 * 60 + 30},
                .http.max_parts = 3,
                .limits.per_day = 500},
    };
}

enum rc config_parse(const char *text, size_t len, const char *name, struct config *ret,
                     struct err *err)
{
    struct config c;
    set_defaults(&c);
    if (text != NULL) {
        struct json_doc *doc;
        enum rc rc = json_parse(text, len, name, true, &doc, err);
        if (rc == RC_OK) {
            rc = read_root(doc, &c, err);
            json_doc_free(doc);
        }
        if (rc != RC_OK) {
            config_fini(&c);
            return rc == RC_IO ? rc : RC_CONFIG;
        }
    }
    word_list_default(&c.lost_reasons, &usual_reasons, c.agency.lang);
    word_list_default(&c.complaint_causes, &usual_causes, c.agency.lang);
    *ret = c;
    return RC_OK;
}

static void secret_ref_fini(struct secret_ref *ref)
{
    free(ref->file);
    free(ref->env);
}

void config_fini(struct config *c)
{
    config_agency_fini(c);
    free(c->email.unsubscribe_url);
    free(c->email.unsubscribe_to);
    free(c->email.verp);
    workcal_fini(&c->calendar);
    free(c->calendar_file);
    free(c->email.from);
    free(c->email.smtp.host);
    free(c->email.smtp.user);
    secret_ref_fini(&c->email.smtp.password);
    free(c->email.smtp.ca_file);
    free(c->email.smtp.ehlo);
    free(c->sms.http.preset);
    free(c->sms.http.url);
    free(c->sms.http.user);
    free(c->sms.http.sender);
    secret_ref_fini(&c->sms.http.password);
    free(c->sms.http.ca_file);
    word_list_fini(&c->complaint_causes);
    free(c->outbox);
    free(c->templates);
    word_list_fini(&c->lost_reasons);
    *c = (struct config){0};
}
