/* From the configuration to an open gateway: which kind, where its secret is, which preset. Serves
 * the tick. */
#include <stdlib.h>
#include <string.h>

#include <pps/file.h>
#include <pps/gateway.h>
#include <pps/str.h>

#include "app.h"

enum { PRESET_MAX_BYTES = 64 * 1024 };

/* *ret_secret NULL when none is configured; wipe and free it. */
static enum rc read_secret(const struct app *app, const struct secret_ref *ref, char **ret_secret,
                           struct err *err)
{
    *ret_secret = NULL;
    if (ref->file != NULL) {
        char *path = file_join(app->config_dir, ref->file);
        enum rc rc = file_read_secret(path, ret_secret, err);
        free(path);
        return rc;
    }
    if (ref->env != NULL) {
        const char *value = getenv(ref->env);
        if (str_empty(value))
            return err_set(err, RC_CONFIG,
                           "the environment variable %s, which should hold a password, is not set",
                           ref->env);
        *ret_secret = xstrdup(value);
    }
    return RC_OK;
}

static void forget(char *secret)
{
    if (secret != NULL)
        explicit_bzero(secret, strlen(secret));
    free(secret);
}

static enum rc open_smtp(const struct app *app, struct gateway **ret, struct err *err)
{
    char *password;
    enum rc rc = read_secret(app, &app->config.email.smtp.password, &password, err);
    if (rc != RC_OK)
        return rc;
    struct smtp_config smtp = app->config.email.smtp;
    char *ca = smtp.ca_file ? file_join(app->config_dir, smtp.ca_file) : NULL;
    smtp.ca_file = ca;
    rc = gateway_global_init(err);
    if (rc == RC_OK)
        rc = gateway_smtp_new(&smtp, app->config.email.from, password, ret, err);
    free(ca);
    forget(password);
    return rc;
}

/* The agency's own preset first, then the built-in one. */
static enum rc read_preset(const struct app *app, const char *preset, char **ret_text,
                           size_t *ret_len, struct err *err)
{
    char *name = xasprintf("gateways/%s.json", preset);
    char *path = file_join(app->templates_dir, name);
    enum rc rc = file_read(path, PRESET_MAX_BYTES, ret_text, ret_len, err);
    if (rc == RC_NOTFOUND) {
        char *built_in = xasprintf("templates/%s", name);
        const struct embedded_file *file = embedded_find(built_in);
        free(built_in);
        if (file != NULL) {
            *ret_text = xstrdup(file->text);
            *ret_len = file->len;
            rc = RC_OK;
        } else {
            rc = err_set(err, RC_CONFIG,
                         "there is no gateway preset \"%s\" (neither built in nor at %s)", preset,
                         path);
        }
    }
    free(path);
    free(name);
    return rc;
}

static enum rc open_sms_http(const struct app *app, struct gateway **ret, struct err *err)
{
    struct sms_http_config http = app->config.sms.http;
    char *text = NULL, *password = NULL, *ca = NULL;
    size_t len = 0;
    enum rc rc = read_preset(app, http.preset, &text, &len, err);
    if (rc == RC_OK)
        rc = read_secret(app, &http.password, &password, err);
    if (rc == RC_OK) {
        ca = http.ca_file ? file_join(app->config_dir, http.ca_file) : NULL;
        http.ca_file = ca;
        rc = gateway_global_init(err);
    }
    if (rc == RC_OK)
        rc = gateway_http_new(&http, password, text, len, http.preset, ret, err);
    free(ca);
    free(text);
    forget(password);
    return rc;
}

enum rc app_open_gateway(void *ctx, enum channel channel, struct gateway **ret, struct err *err)
{
    const struct app *app = ctx;
    if (channel == CHANNEL_EMAIL && app->config.email.gateway == MAIL_SMTP)
        return open_smtp(app, ret, err);
    if (channel == CHANNEL_SMS && app->config.sms.gateway == SMS_HTTP)
        return open_sms_http(app, ret, err);
    return gateway_outbox_new(app->outbox_dir, channel, ret, err);
}

struct dispatcher app_dispatcher(struct app *app)
{
    return (struct dispatcher){
        .store = app->store,
        .config = &app->config,
        .clock = &app->clock,
        .zone = app->zone,
        .templates_dir = app->templates_dir,
        .actor = app->actor,
        .db_path = app->db_path,
        .lock_path = app->lock_path,
        .sent_path = app->sent_path,
        .open_gateway = app_open_gateway,
        .gateway_ctx = app,
    };
}
