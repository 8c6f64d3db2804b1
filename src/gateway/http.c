/* SMS over HTTP: one request for one text to one number, on one fresh connection, in the form that
 * a preset describes. libcurl may repeat a request on its own when a connection dies, so the
 * callback before the request asks before_risk() once and stops every further one. Redirects are
 * never followed: they would carry the login elsewhere. The URL holds secrets and is never shown.
 * Serves dispatch/; knows no database. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/utf8.h>

#include "curl_common.h"
#include "preset.h"

enum { CONNECT_SEC = 15, TOTAL_SEC = 60, BODY_BYTES_MAX = 65536, RETRY_AFTER_SEC_MAX = 86400 };

struct http {
    struct gateway base;
    struct preset preset;
    char *base_url, *scheme; /* scheme, host and port */
    char *user, *password, *sender, *ca_file;
    int max_parts;
    struct secrets secrets;
};

enum risk { RISK_NONE, RISK_DENIED, RISK_TAKEN };

/* One delivery. */
struct request {
    const struct delivery_hooks *hooks;
    enum risk risk;
    struct sb body;
    bool oversized;
};

/* ---- callbacks of libcurl ---- */

static int on_request(void *ctx, char *ip, char *local_ip, int port, int local_port)
{
    (void)ip, (void)local_ip, (void)port, (void)local_port;
    struct request *r = ctx;
    if (r->risk != RISK_NONE)
        return CURL_PREREQFUNC_ABORT; /* a hidden repetition */
    r->risk = r->hooks->before_risk(r->hooks->ctx) ? RISK_TAKEN : RISK_DENIED;
    return r->risk == RISK_TAKEN ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

/* Failing here would turn an accepted SMS into a doubt: the rest is read and thrown away. */
static size_t on_body(char *data, size_t size, size_t n, void *ctx)
{
    struct request *r = ctx;
    size_t len = size * n, room = BODY_BYTES_MAX - r->body.len;
    r->oversized = r->oversized || len > room;
    sb_addn(&r->body, data, len < room ? len : room);
    return len;
}

/* ---- the request ---- */

/* Percent-encodes the expanded template. Parameters that expand to nothing are left out. */
static bool add_param(CURL *easy, const struct preset_param *param,
                      const char *const values[PLACE_COUNT], struct sb *url, char mark)
{
    struct sb value = {0};
    preset_expand(param->value, values, &value);
    if (value.len == 0) {
        sb_fini(&value);
        return true;
    }
    char *k = curl_easy_escape(easy, param->key, 0);
    char *v = curl_easy_escape(easy, value.s, (int)value.len);
    bool ok = k != NULL && v != NULL;
    if (ok)
        sb_addf(url, "%c%s=", mark, k), sb_add(url, v);
    if (v != NULL)
        explicit_bzero(v, strlen(v));
    explicit_bzero(value.s, value.len);
    curl_free(k);
    curl_free(v);
    sb_fini(&value);
    return ok;
}

static char *build_url(CURL *easy, const struct http *http, const char *const values[PLACE_COUNT])
{
    struct sb url = {0};
    sb_add(&url, http->base_url);
    sb_add(&url, http->preset.path);
    bool ok = true, first = true;
    for (size_t i = 0; i < http->preset.n_params && ok; i++) {
        size_t before = url.len;
        ok = add_param(easy, &http->preset.params[i], values, &url, first ? '?' : '&');
        first = first && url.len == before;
    }
    char *text = sb_take(&url);
    if (ok)
        return text;
    wipe_free(text);
    return NULL;
}

static bool set_request(CURL *easy, const char *url, struct request *r)
{
    return curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SEC) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)TOTAL_SEC) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_USERAGENT, "pps") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_request) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PREREQDATA, r) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, r) == CURLE_OK;
}

/* ---- the verdict ---- */

static struct delivery judge(const struct http *http, const struct request *r, int status,
                             bool whole)
{
    struct http_reply reply = {.status = status,
                               .body = sb_str(&r->body),
                               .len = r->body.len,
                               .whole = whole && !r->oversized};
    char id[128];
    enum delivery_class class = preset_classify(&http->preset, &reply, id);
    if (status == 0)
        return delivery_make(DELIVERY_IN_DOUBT, 0, "%s did not answer the request",
                             http->preset.name);
    char *text = reply_sanitise(reply.body, reply.len, &http->secrets, MASK_NUMBERS);
    struct delivery d = delivery_make(class, status, "%s answered %d%s%s", http->preset.name,
                                      status, text[0] != '\0' ? ": " : ", and no words", text);
    free(text);
    text_copy(d.provider_id, sizeof d.provider_id, id);
    return d;
}

static struct delivery conclude(const struct http *http, const struct request *r, CURL *easy,
                                CURLcode code, const char *errbuf)
{
    if (r->risk == RISK_DENIED)
        return delivery_make(DELIVERY_NOT_SENT, 0, "stopped before the request");
    if (r->risk == RISK_NONE)
        return transfer_failed(code, errbuf, http->preset.name, 0, &http->secrets);
    long status = 0;
    curl_off_t after = 0;
    (void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &after);
    struct delivery d = judge(http, r, (int)status, code == CURLE_OK);
    if (after > RETRY_AFTER_SEC_MAX)
        after = RETRY_AFTER_SEC_MAX;
    if (d.class == DELIVERY_REFUSED_TEMP && after > 0)
        d.retry_after_sec = (int32_t)after;
    return d;
}

static struct delivery ask(const struct http *http, const char *const values[PLACE_COUNT],
                           const struct delivery_hooks *hooks)
{
    char errbuf[CURL_ERROR_SIZE] = "";
    CURLcode code = CURLE_FAILED_INIT;
    struct request r = {.hooks = hooks};
    CURL *easy = transfer_new(http->scheme, http->ca_file, errbuf);
    char *url = easy != NULL ? build_url(easy, http, values) : NULL;
    if (url != NULL && set_request(easy, url, &r))
        code = transfer_perform(easy);
    struct delivery d = conclude(http, &r, easy, code, errbuf);
    if (d.class == DELIVERY_SENT)
        hooks->accepted(hooks->ctx, &d);
    transfer_free(easy);
    wipe_free(url);
    sb_fini(&r.body);
    return d;
}

/* ---- one delivery ---- */

static bool is_e164(const char *phone)
{
    size_t n = phone[0] == '+' ? strspn(phone + 1, "0123456789") : 0;
    return n >= 8 && n <= 15 && phone[n + 1] == '\0';
}

static struct delivery send_text(const struct http *http, const struct parcel *parcel,
                                 const char *text, const struct delivery_hooks *hooks)
{
    struct sms_size size = sms_measure(text);
    int max = http->max_parts < http->preset.max_parts ? http->max_parts : http->preset.max_parts;
    if (size.parts > (size_t)max)
        return delivery_make(DELIVERY_REFUSED_PERM, 0,
                             "the text takes %zu SMS parts, at most %d are allowed", size.parts,
                             max);
    char minutes[24] = "";
    if (parcel->expires_at > 0) {
        int64_t left = (parcel->expires_at - parcel->now) / 60;
        (void)snprintf(minutes, sizeof minutes, "%lld", (long long)(left > 1 ? left : 1));
    }
    const char *const values[PLACE_COUNT] = {
        [PLACE_USER] = http->user,
        [PLACE_PASSWORD] = http->password,
        [PLACE_SENDER] = http->sender,
        [PLACE_PHONE] = parcel->recipient,
        [PLACE_PHONE_DIGITS] = parcel->recipient + 1,
        [PLACE_TEXT] = text,
        [PLACE_CODING] = http->preset.coding[size.alphabet],
        [PLACE_VALIDITY_MINUTES] = minutes,
        [PLACE_IDEM_KEY] = parcel->idem_key,
    };
    return ask(http, values, hooks);
}

static struct delivery http_deliver(struct gateway *gateway, const struct parcel *parcel,
                                    const struct delivery_hooks *hooks)
{
    const struct http *http = (const struct http *)gateway;
    if (!is_e164(parcel->recipient))
        return delivery_make(DELIVERY_REFUSED_PERM, 0, "the phone number cannot be written to");
    if (parcel->len == 0 || memchr(parcel->bytes, '\0', parcel->len) != NULL ||
        utf8_valid_until(parcel->bytes, parcel->len) < parcel->len)
        return delivery_make(DELIVERY_REFUSED_PERM, 0, "the text is empty or is not UTF-8");
    char *text = xstrndup(parcel->bytes, parcel->len);
    struct delivery d = send_text(http, parcel, text, hooks);
    free(text);
    return d;
}

/* ---- the account ---- */

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

static const struct gateway_ops http_ops = {
    .deliver = http_deliver,
    .free = http_free,
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

/* What the preset sends must be there, or the provider would refuse every message. */
static enum rc check_account(const struct http *http, const char *preset_name, struct err *err)
{
    if (preset_uses(&http->preset, PLACE_USER) && str_empty(http->user))
        return err_set(err, RC_CONFIG, "the SMS preset %s needs a \"user\"", preset_name);
    if (preset_uses(&http->preset, PLACE_PASSWORD) && str_empty(http->password))
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
