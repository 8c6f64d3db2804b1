/* The mail account: checks what pps.json says before a socket is opened, and keeps it in the form
 * in which libcurl takes it. Nothing that comes from outside may reach the URL unchecked. Must not
 * open connections. Serves whoever builds the gateways. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <pps/contact.h>
#include <pps/str.h>

#include "smtp.h"

/* Short before the point of no return, where breaking off costs nothing; long after it, where it
 * makes a doubt (RFC 5321 §4.5.3.2.6 asks for 10 minutes). */
static const struct smtp_deadlines default_deadlines = {
    .connect_sec = 30, .silence_sec = 60, .verdict_sec = 600, .quit_sec = 2, .total_sec = 900};

static const struct {
    const char *scheme;
    int port;
} securities[] = {
    [SMTP_TLS] = {"smtps", 465},
    [SMTP_STARTTLS] = {"smtp", 587},
    [SMTP_PLAIN] = {"smtp", 25},
};

static bool only(const char *s, const char *also)
{
    for (; *s != '\0'; s++) {
        if (!isalnum((unsigned char)*s) && strchr(also, *s) == NULL)
            return false;
    }
    return true;
}

/* A name, an IPv4 address or an IPv6 address, with or without its brackets. */
static bool is_host(const char *s)
{
    return !str_empty(s) && strlen(s) <= 255 && (only(s, ".-") || only(s, ":.[]"));
}

/* What may stand after EHLO (RFC 5321 §4.1.1.1): a domain or an address literal. */
static bool is_ehlo(const char *s)
{
    return !str_empty(s) && strlen(s) <= 255 && only(s, ".-:[]");
}

/* The forms in which a server may echo the password: as it is, and as AUTH LOGIN and AUTH PLAIN
 * carry it. */
static void remember_secrets(struct smtp *smtp)
{
    struct sb plain = {0};
    sb_addc(&plain, '\0');
    sb_add(&plain, smtp->user);
    sb_addc(&plain, '\0');
    sb_add(&plain, smtp->password);
    secrets_take(&smtp->secrets, str_base64(plain.s, plain.len));
    secrets_take(&smtp->secrets, str_base64(smtp->password, strlen(smtp->password)));
    secrets_take(&smtp->secrets, xstrdup(smtp->password));
    explicit_bzero(plain.s, plain.len);
    sb_fini(&plain);
}

static void smtp_free(struct gateway *gateway)
{
    struct smtp *smtp = (struct smtp *)gateway;
    free(smtp->url);
    free(smtp->peer);
    free(smtp->from);
    free(smtp->user);
    free(smtp->ca_file);
    wipe_free(smtp->password);
    secrets_fini(&smtp->secrets);
    free(smtp);
}

static const struct gateway_ops smtp_ops = {
    .deliver = smtp_deliver,
    .free = smtp_free,
};

void gateway_smtp_set_deadlines(struct gateway *gateway, const struct smtp_deadlines *deadlines)
{
    ((struct smtp *)gateway)->deadlines = *deadlines;
}

static enum rc check(const struct smtp_config *config, const char *password, struct err *err)
{
    if (!is_host(config->host))
        return err_set(err, RC_CONFIG,
                       "the mail server's \"host\" must be a name or an address, "
                       "nothing else");
    if (config->port < 0 || config->port > 65535)
        return err_set(err, RC_CONFIG, "the mail server's port %d does not exist", config->port);
    if (config->ehlo != NULL && !is_ehlo(config->ehlo))
        return err_set(err, RC_CONFIG, "the mail server's \"ehlo\" must be a host name");
    if (config->user != NULL && config->security == SMTP_PLAIN)
        return err_set(err, RC_CONFIG,
                       "a mail login is never sent without TLS: set \"security\" to "
                       "\"tls\" or \"starttls\"");
    if (config->user != NULL && str_empty(password))
        return err_set(err, RC_CONFIG, "the mail login has a user and no password");
    if (config->user != NULL && strpbrk(config->user, "\r\n") != NULL)
        return err_set(err, RC_CONFIG, "the mail login's user must be one line");
    return RC_OK;
}

/* The path of an smtp: URL is the name that libcurl says in EHLO; without it the name of this
 * machine would be told to the server. */
static void set_address(struct smtp *smtp, const struct smtp_config *config)
{
    const char *ehlo = config->ehlo != NULL ? config->ehlo : strchr(smtp->from, '@') + 1;
    int port = config->port > 0 ? config->port : securities[config->security].port;
    bool bare_ipv6 = strchr(config->host, ':') != NULL && config->host[0] != '[';
    smtp->scheme = securities[config->security].scheme;
    smtp->peer = xasprintf(bare_ipv6 ? "[%s]:%d" : "%s:%d", config->host, port);
    smtp->url = xasprintf("%s://%s/%s", smtp->scheme, smtp->peer, ehlo);
}

enum rc gateway_smtp_new(const struct smtp_config *config, const char *from, const char *password,
                         struct gateway **ret, struct err *err)
{
    char *sender = NULL;
    enum rc rc = check(config, password, err);
    if (rc != RC_OK)
        return rc;
    if (email_parse(from, &sender, err) != RC_OK)
        return err_prefix(err, RC_CONFIG, "the sender of e-mail");
    struct smtp *smtp = xcalloc(1, sizeof *smtp);
    smtp->base.ops = &smtp_ops;
    smtp->from = sender;
    smtp->security = config->security;
    smtp->ca_file = xstrdup(config->ca_file);
    smtp->deadlines = default_deadlines;
    if (config->user != NULL) {
        smtp->user = xstrdup(config->user);
        smtp->password = xstrdup(password);
        remember_secrets(smtp);
    }
    set_address(smtp, config);
    *ret = &smtp->base;
    return RC_OK;
}
