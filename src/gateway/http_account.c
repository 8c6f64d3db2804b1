/* The account at an SMS provider: checks what pps.json and the preset say before a socket is
 * opened, and says what the preset makes possible. Must not open connections. Serves whoever builds
 * the gateways. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "http.h"

static void http_free(struct gateway *gateway)
{
    struct http *http = (struct http *)gateway;
    preset_fini(&http->preset);
    free(http->base_url);
    free(http->scheme);
    free(http->user);
    free(http->sender);
    free(http->ca_file);
    wipe_free(http->password);
    secrets_fini(&http->secrets);
    free(http);
}

static struct gateway_powers http_powers(const struct gateway *gateway)
{
    const struct preset *preset = &((const struct http *)gateway)->preset;
    return (struct gateway_powers){.asks = preset->status.path != NULL,
                                   .repeat_sec = preset->repeat_minutes * 60};
}

static const struct gateway_ops http_ops = {
    .deliver = http_deliver,
    .free = http_free,
    .powers = http_powers,
    .ask = http_ask,
};

/* Without TLS the login and every text could be read on the way, so only where there is no way. */
static bool is_loopback(const char *host)
{
    struct in_addr v4;
    if (inet_pton(AF_INET, host, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == 127;
    return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0;
}

static char *url_part(CURLU *url, CURLUPart part)
{
    char *got = NULL;
    if (curl_url_get(url, part, &got, 0) != CURLUE_OK)
        return NULL;
    char *copy = xstrdup(got);
    curl_free(got);
    return copy;
}

static enum rc check_url(const char *scheme, const char *host, const char *path, bool more,
                         struct err *err)
{
    bool tls = str_eq(scheme, "https");
    if (!tls && !(str_eq(scheme, "http") && is_loopback(str_or(host, ""))))
        return err_set(err, RC_CONFIG,
                       "the SMS gateway's \"url\" must begin with https:// (http:// "
                       "only for this machine itself)");
    if (more || !(str_empty(path) || str_eq(path, "/")))
        return err_set(err, RC_CONFIG,
                       "the SMS gateway's \"url\" must hold scheme, host and port "
                       "only: the preset has the path, \"user\" the login");
    return RC_OK;
}

/* Reads the URL as libcurl will, so that no spelling of it can mean two things. */
static enum rc read_url(struct http *http, const char *text, struct err *err)
{
    CURLU *url = curl_url();
    enum rc rc = RC_OK;
    if (url == NULL || curl_url_set(url, CURLUPART_URL, str_or(text, ""), 0) != CURLUE_OK) {
        curl_url_cleanup(url);
        return err_set(err, RC_CONFIG, "the SMS gateway's \"url\" is not a URL");
    }
    char *host = url_part(url, CURLUPART_HOST), *path = url_part(url, CURLUPART_PATH);
    char *port = url_part(url, CURLUPART_PORT);
    static const CURLUPart unwanted[] = {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS,
                                         CURLUPART_QUERY, CURLUPART_FRAGMENT};
    bool more = false;
    for (size_t i = 0; i < sizeof unwanted / sizeof unwanted[0]; i++) {
        char *part = url_part(url, unwanted[i]);
        more = more || part != NULL;
        wipe_free(part);
    }
    http->scheme = url_part(url, CURLUPART_SCHEME);
    rc = check_url(http->scheme, host, path, more, err);
    if (rc == RC_OK)
        http->base_url =
            xasprintf("%s://%s%s%s", http->scheme, host, port != NULL ? ":" : "", str_or(port, ""));
    free(host);
    free(path);
    free(port);
    curl_url_cleanup(url);
    return rc;
}

static bool needs(const struct http *http, enum placeholder place)
{
    return preset_uses(&http->preset.send, place) || preset_uses(&http->preset.status, place);
}

/* What the preset sends must be there, or the provider would refuse every message. */
static enum rc check_account(const struct http *http, const char *preset_name, struct err *err)
{
    if (needs(http, PLACE_USER) && str_empty(http->user))
        return err_set(err, RC_CONFIG, "the SMS preset %s needs a \"user\"", preset_name);
    if (needs(http, PLACE_PASSWORD) && str_empty(http->password))
        return err_set(err, RC_CONFIG, "the SMS preset %s needs a password", preset_name);
    if (http->max_parts < 1)
        return err_set(err, RC_CONFIG, "\"max_parts\" of the SMS gateway must be at least 1");
    return RC_OK;
}

/* A page that shows the request shows the password as it stands in the URL. */
static void remember_secrets(struct http *http)
{
    if (str_empty(http->password))
        return;
    char *escaped = curl_easy_escape(NULL, http->password, 0);
    if (escaped != NULL) {
        secrets_take(&http->secrets, xstrdup(escaped));
        explicit_bzero(escaped, strlen(escaped));
    }
    curl_free(escaped);
    secrets_take(&http->secrets, xstrdup(http->password));
}

enum rc gateway_http_new(const struct sms_http_config *config, const char *password,
                         const char *preset_text, size_t preset_len, const char *preset_name,
                         struct gateway **ret, struct err *err)
{
    struct http *http = xcalloc(1, sizeof *http);
    http->base.ops = &http_ops;
    http->user = xstrdup(config->user);
    http->password = xstrdup(password);
    http->sender = xstrdup(config->sender);
    http->ca_file = xstrdup(config->ca_file);
    http->max_parts = config->max_parts;
    enum rc rc = preset_parse(preset_text, preset_len, preset_name, &http->preset, err);
    if (rc == RC_OK)
        rc = read_url(http, config->url, err);
    if (rc == RC_OK)
        rc = check_account(http, preset_name, err);
    if (rc != RC_OK) {
        http_free(&http->base);
        return rc;
    }
    remember_secrets(http);
    *ret = &http->base;
    return RC_OK;
}
