/* What the next tick would do, found out by doing it: on a copy of the database, with its own planning and its own turns,
 * and with no way out. Serves tick --dry-run, and adopt, which says what goes out next. */
#include <pps/digests.h>

#include "app.h"

enum rc app_before_tick(void *ctx, struct err *err)
{
    struct desk desk = *(const struct desk *)ctx;
    desk.actor = "tick"; /* it does that by itself, whoever starts it */
    return service_before_tick(&desk, err);
}

enum rc app_write_digest(void *ctx, const struct staff *colleague, struct rendered *ret,
                         bool *ret_nothing, struct err *err)
{
    return service_digest(ctx, colleague, ret, ret_nothing, err);
}

/* Whether a real tick would find its way out: its password, its preset. Nothing is connected. An outbox makes its folder when
 * it is opened, and is not. */
static enum rc look_for_gateway(void *ctx, enum channel channel, struct gateway **ret,
                                struct err *err)
{
    const struct app *app = ctx;
    bool files = channel == CHANNEL_EMAIL ? app->config.email.gateway == MAIL_OUTBOX
                                          : app->config.sms.gateway == SMS_OUTBOX;
    *ret = NULL;
    return files ? RC_OK : app_open_gateway(ctx, channel, ret, err);
}

enum rc app_foresee(const struct app *app, struct dispatcher d, struct desk *desk,
                    struct tick_summary *ret, struct err *err)
{
    d.store = desk->store;
    d.replan = app_before_tick;
    d.replan_ctx = desk;
    d.write_digest = app_write_digest;
    d.digest_ctx = desk;
    d.open_gateway = look_for_gateway;
    d.gateway_ctx = (void *)(uintptr_t)app;
    return dispatch_dry_run(&d, ret, err);
}
