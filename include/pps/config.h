/* pps.json: what one agency sets once. Pure: text in, values out; cli/ reads the file.
 *
 * Every key has a default; the defaults work with no account anywhere (the outbox gateway). Unknown
 * keys are errors with a suggestion; every error names file, line and column. Secrets are never in
 * it, only the name of a 0600 file or of an environment variable. */
#ifndef PPS_CONFIG_H
#define PPS_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include <pps/civil.h>
#include <pps/decent.h>
#include <pps/err.h>
#include <pps/greeting.h>
#include <pps/sms.h>
#include <pps/translations.h>
#include <pps/wordlist.h>
#include <pps/workcal.h>

enum mail_gateway { MAIL_OUTBOX, MAIL_SMTP };
enum sms_gateway { SMS_OUTBOX, SMS_HTTP };
enum smtp_security { SMTP_TLS, SMTP_STARTTLS, SMTP_PLAIN };

/* Where a secret is kept; at most one is set. */
struct secret_ref {
    char *file; /* relative to the folder of pps.json */
    char *env;
};

struct smtp_config {
    char *host;
    int port;                    /* default 465 (tls), 587 (starttls), 25 (plain) */
    enum smtp_security security; /* plain is refused together with a user */
    char *user;                  /* NULL: no authentication */
    struct secret_ref password;
    char *ca_file; /* NULL: the system's */
    char *ehlo;    /* name said in EHLO; NULL: the domain of `from` */
};

struct sms_http_config {
    char *preset; /* name of templates/gateways/NAME.json */
    char *url;    /* scheme, host, port; no path. http:// only to a loopback address */
    char *user, *sender;
    struct secret_ref password;
    char *ca_file;
    int max_parts; /* default 3; longer texts are refused, never cut */
};

/* How much may go out; 0: no limit. */
struct limits {
    int per_day;    /* on this channel, by the agency's day */
    int per_minute; /* on this channel */
};

struct config {
    struct {
        char *name, *phone, *email, *site, *address, *hashtag, *survey_url;
        char *lang;     /* default "ru" */
        char *tz;       /* default "Europe/Moscow" */
        char *country;  /* default "RU": what a phone number without '+' means */
        char *currency; /* default "RUB": three capital letters */
        char *sms_name; /* what SMS call it, which have little room; NULL: name */
        struct translations translations; /* of its name, address and people, for other readers */
        char *color;    /* of its letters: "#0b5cad", seven characters */
    } agency;
    struct workcal calendar; /* default Monday to Friday */
    char *
        calendar_file; /* more days of it, see workcal_read; relative to the folder of pps.json; NULL: none */
    struct {
        enum mail_gateway gateway;
        char
            *from; /* envelope sender and From: address; default info@pps.invalid with the outbox */
        struct smtp_config smtp;
        struct limits limits;
        struct decent_hours
            hours; /* when a letter that is late may go, by the client's clock; default 07:00 to 22:00 */
        /* How a reader of marketing letters stops them, and where bounces go; "{token}" stands where <pps/token.h> has its
         * part. NULL: none. */
        char *unsubscribe_url; /* https://…{token}…, which takes a POST (RFC 8058) */
        char *unsubscribe_to;  /* the address to which one may write instead; NULL: where answers go */
        char *verp;            /* the envelope sender: "bounce+{token}@agency.example" */
    } email;
    struct {
        enum sms_gateway gateway;
        struct decent_hours
            hours; /* when an SMS may ring at the client's; default 08:00 to 21:30 */
        struct sms_http_config http;
        struct limits limits;
        struct sms_price price; /* of one part; default: not known */
    } sms;
    struct {
        struct decent_hours
            hours; /* when people call clients, by the agency's clock; default 10:00 to 20:00 */
    } calls;
    bool
        marketing_needs_consent; /* nothing but what is about a trip goes to who has not asked for it */
    enum feb29 birthday_feb29; /* default 28 February */
    int holiday_years;         /* holidays are for whose last trip is not longer ago; default 3 */
    struct {
        int16_t at; /* minute of the agency's working days from which on the list of the morning goes to colleagues by
                     * e-mail; MINUTE_NONE, the default: never */
    } digest;
    int per_client_per_day; /* messages to one client; default 2. More only for what has no other day */
    struct word_list complaint_causes; /* why complaints come; default: usual ones in agency.lang */
    char *outbox;                      /* folder; NULL: "outbox" beside the database */
    char *templates;                   /* folder; NULL: "templates" beside pps.json */
    struct word_list lost_reasons;     /* why people did not buy; the same */
};

/* A list of the morning that has not gone by then, in minutes of the day, is of no use any more. */
enum { DIGEST_END_MINUTE = 14 * 60 };

/* text is the file's, name is what errors call it. NULL text gives the defaults. */
enum rc config_parse(const char *text, size_t len, const char *name, struct config *ret,
                     struct err *err) MUST_CHECK;
void config_fini(struct config *config);
/* A value of email.unsubscribe_url or email.verp with its token. New string. */
char *config_with_token(const char *pattern, const char *token);

/* Whether url is http:// to this machine itself, the only place where a password may travel
 * unencrypted. */
bool config_url_is_loopback(const char *url);

#endif
