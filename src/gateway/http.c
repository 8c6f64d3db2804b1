/* SMS over HTTP: one request for one text to one number, or for the question what became of it, on
 * one fresh connection, in the form that a preset describes. libcurl may repeat a request on its own
 * when a connection dies, so the callback before the request asks before_risk() once and stops every
 * further one. Redirects are never followed: they would carry the login elsewhere. The URL holds
 * secrets and is never shown. Serves dispatch/; knows no database. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/utf8.h>

#include "http.h"

enum { CONNECT_SEC = 15, TOTAL_SEC = 60, BODY_BYTES_MAX = 65536, RETRY_AFTER_SEC_MAX = 86400 };

/* One request and what came back. */
struct exchange {
    struct transfer transfer;
    const struct delivery_hooks *hooks;
    bool question;  /* puts nothing at risk, and may be broken off at any time */
    enum risk risk; /* TAKEN: the request may be out */
    CURLcode code;
    int status; /* 0: no answer */
    int32_t retry_after_sec;
    struct sb body;
    bool oversized;
};

/* ---- callbacks of libcurl ---- */

static int on_request(void *ctx, char *ip, char *local_ip, int port, int local_port)
{
    (void)ip, (void)local_ip, (void)port, (void)local_port;
    struct exchange *x = ctx;
    if (x->risk != RISK_NONE)
        return CURL_PREREQFUNC_ABORT; /* a hidden repetition */
    x->risk = x->question ? RISK_TAKEN : delivery_risk(x->hooks);
    return x->risk == RISK_TAKEN ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

/* Called about once a second, and more often while something moves. */
static int on_progress(void *ctx, curl_off_t dltotal, curl_off_t dlnow, curl_off_t ultotal,
                       curl_off_t ulnow)
{
    (void)dltotal, (void)dlnow, (void)ultotal, (void)ulnow;
    struct exchange *x = ctx;
    if (x->question && delivery_stopping(x->hooks))
        x->risk = RISK_NONE; /* nothing hangs on the answer */
    return transfer_stopping(x->hooks, &x->risk);
}

/* Failing here would turn an accepted SMS into a doubt: the rest is read and thrown away. */
static size_t on_body(char *data, size_t size, size_t n, void *ctx)
{
    struct exchange *x = ctx;
    size_t len = size * n, room = BODY_BYTES_MAX - x->body.len;
    x->oversized = x->oversized || len > room;
    sb_addn(&x->body, data, len < room ? len : room);
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

static char *build_url(CURL *easy, const struct http *http, const struct preset_query *query,
                       const char *const values[PLACE_COUNT])
{
    struct sb url = {0};
    sb_add(&url, http->base_url);
    sb_add(&url, query->path);
    bool ok = true, first = true;
    for (size_t i = 0; i < query->n_params && ok; i++) {
        size_t before = url.len;
        ok = add_param(easy, &query->params[i], values, &url, first ? '?' : '&');
        first = first && url.len == before;
    }
    char *text = sb_take(&url);
    if (ok)
        return text;
    wipe_free(text);
    return NULL;
}

static bool set_request(const char *url, struct exchange *x)
{
    CURL *easy = x->transfer.easy;
    return curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SEC) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)TOTAL_SEC) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_USERAGENT, "pps") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_request) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PREREQDATA, x) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_XFERINFODATA, x) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, x) == CURLE_OK;
}

static void read_head(struct exchange *x)
{
    long status = 0;
    curl_off_t after = 0;
    (void)curl_easy_getinfo(x->transfer.easy, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(x->transfer.easy, CURLINFO_RETRY_AFTER, &after);
    x->status = (int)status;
    x->retry_after_sec = (int32_t)(after < RETRY_AFTER_SEC_MAX ? after : RETRY_AFTER_SEC_MAX);
}

static void perform(const struct http *http, const struct preset_query *query,
                    const char *const values[PLACE_COUNT], struct exchange *x)
{
    struct transfer *t = &x->transfer;
    bool begun = transfer_begin(t, http->scheme, http->ca_file);
    x->code = CURLE_FAILED_INIT;
    char *url = begun ? build_url(t->easy, http, query, values) : NULL;
    if (url != NULL && set_request(url, x)) {
        x->code = transfer_perform(t);
        read_head(x);
    }
    transfer_end(t);
    wipe_free(url);
}

/* ---- what came back ---- */

static struct http_reply reply_of(const struct exchange *x)
{
    return (struct http_reply){.status = x->status,
                               .body = sb_str(&x->body),
                               .len = x->body.len,
                               .whole = x->code == CURLE_OK && !x->oversized};
}

/* Why there was no request. */
static struct delivery not_connected(const struct http *http, const struct exchange *x)
{
    return transfer_failed(&x->transfer, x->code, http->preset.name, 0, &http->secrets);
}

/* New string. */
static char *said(const struct http *http, const struct exchange *x)
{
    if (x->status == 0)
        return xasprintf("%s did not answer the request", http->preset.name);
    char *text = reply_sanitise(sb_str(&x->body), x->body.len, &http->secrets, MASK_NUMBERS);
    char *line = xasprintf("%s answered %d%s%s", http->preset.name, x->status,
                           text[0] != '\0' ? ": " : ", and no words", text);
    free(text);
    return line;
}

static struct delivery conclude(const struct http *http, const struct exchange *x)
{
    if (x->risk == RISK_DENIED)
        return delivery_make(DELIVERY_STOPPED, 0, "stopped before the request");
    if (x->risk == RISK_NONE)
        return not_connected(http, x);
    struct http_reply reply = reply_of(x);
    char id[128], *line = said(http, x);
    enum delivery_class class = preset_classify(&http->preset, &reply, id);
    struct delivery d = delivery_make(class, x->status, "%s", line);
    free(line);
    text_copy(d.provider_id, sizeof d.provider_id, id);
    if (class == DELIVERY_REFUSED_TEMP && x->retry_after_sec > 0)
        d.retry_after_sec = x->retry_after_sec;
    return d;
}

static struct inquiry findings(const struct http *http, const struct exchange *x)
{
    if (x->risk == RISK_DENIED)
        return inquiry_make(FINDING_NO_ANSWER, "stopped before the answer");
    if (x->risk == RISK_NONE)
        return inquiry_make(FINDING_NO_ANSWER, "%s", not_connected(http, x).reason);
    struct http_reply reply = reply_of(x);
    char id[128], *line = said(http, x);
    enum finding finding = preset_find(&http->preset, &reply, id);
    const char *before = "";
    if (finding == FINDING_NO_ANSWER && x->status != 0)
        before = reply.whole ? "an answer that the preset does not know: "
                             : "an answer that is cut or too long: ";
    struct inquiry q = inquiry_make(finding, "%s%s", before, line);
    free(line);
    text_copy(q.provider_id, sizeof q.provider_id, id);
    return q;
}

/* ---- one delivery, one question ---- */

static bool is_e164(const char *phone)
{
    size_t n = phone[0] == '+' ? strspn(phone + 1, "0123456789") : 0;
    return n >= 8 && n <= 15 && phone[n + 1] == '\0';
}

/* What the text and the question about it have in common. */
static void set_values(const struct http *http, const struct parcel *parcel,
                       const char *values[PLACE_COUNT])
{
    values[PLACE_USER] = http->user;
    values[PLACE_PASSWORD] = http->password;
    values[PLACE_SENDER] = http->sender;
    values[PLACE_PHONE] = parcel->recipient;
    values[PLACE_PHONE_DIGITS] = parcel->recipient + 1;
    values[PLACE_IDEM_KEY] = parcel->idem_key;
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
    const char *values[PLACE_COUNT] = {
        [PLACE_TEXT] = text,
        [PLACE_CODING] = http->preset.coding[size.alphabet],
        [PLACE_VALIDITY_MINUTES] = minutes,
    };
    set_values(http, parcel, values);
    struct exchange x = {.hooks = hooks};
    perform(http, &http->preset.send, values, &x);
    struct delivery d = conclude(http, &x);
    if (d.class == DELIVERY_SENT)
        hooks->accepted(hooks->ctx, &d);
    sb_fini(&x.body);
    return d;
}

struct delivery http_deliver(struct gateway *gateway, const struct parcel *parcel,
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

/* Without its key the question would be about no message, or about any. */
struct inquiry http_ask(struct gateway *gateway, const struct parcel *parcel,
                        const struct delivery_hooks *hooks)
{
    const struct http *http = (const struct http *)gateway;
    if (!is_e164(parcel->recipient) || str_empty(parcel->idem_key))
        return inquiry_make(FINDING_CANNOT_TELL,
                            "the message has no phone number or no key to ask by");
    const char *values[PLACE_COUNT] = {NULL};
    set_values(http, parcel, values);
    struct exchange x = {.hooks = hooks, .question = true};
    perform(http, &http->preset.status, values, &x);
    struct inquiry q = findings(http, &x);
    sb_fini(&x.body);
    return q;
}
