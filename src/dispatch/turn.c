/* Whose turn is it? A message that is due may have to wait: for a decent hour, because the client had enough that day, or
 * because the channel may take only so many a day or a minute. It only reads. */
#include <stdlib.h>

#include <pps/correction.h>
#include <pps/str.h>

#include "internal.h"

enum rc zone_of_client(const struct dispatcher *d, const struct client *client,
                       const struct zone **ret, struct err *err)
{
    struct err why;
    *ret = d->zone;
    enum rc rc = client->tz != NULL ? zone_find(client->tz, ret, &why) : RC_OK;
    if (rc == RC_INVALID)
        return err_set(err, rc,
                       "the time zone %s of C%lld is not known here: pps edit-client C%lld --tz …",
                       client->tz, (long long)client->id, (long long)client->id);
    return rc == RC_OK ? rc : err_set(err, rc, "%s", why.message);
}

/* The one of its client, for an action whose own is not known. */
static enum rc zone_of_its_client(const struct dispatcher *d, const struct action *a,
                                  const struct zone **ret, struct err *err)
{
    struct occasion occasion;
    struct client client;
    enum rc rc = store_occasion_get(d->store, a->occasion_id, &occasion, err);
    if (rc != RC_OK)
        return rc;
    rc = store_client_get(d->store, occasion.client_id, &client, err);
    occasion_fini(&occasion);
    if (rc != RC_OK)
        return rc;
    rc = zone_of_client(d, &client, ret, err);
    client_fini(&client);
    return rc;
}

enum rc action_zone(const struct dispatcher *d, const struct action *a, const struct zone **ret,
                    struct err *err)
{
    struct err why;
    enum rc rc = zone_find(a->tz, ret, &why);
    if (rc == RC_INVALID)
        return zone_of_its_client(d, a, ret, err);
    return rc == RC_OK ? rc : err_set(err, rc, "%s", why.message);
}

enum rc becomes_message(const struct dispatcher *d, struct action *a, struct err *err)
{
    const struct zone *zone;
    enum rc rc = zone_of_its_client(d, a, &zone, err);
    if (rc != RC_OK)
        return rc;
    a->channel = a->fallback_channel;
    a->local_due = zone_to_local(zone, a->due_at);
    free(a->tz);
    a->tz = xstrdup(zone_name(zone));
    return RC_OK;
}

static int64_t day_start(const struct zone *zone, civil_day day)
{
    return zone_to_utc(zone, (struct civil){day, 0});
}

static const struct decent_hours *hours_of(const struct run *r, enum channel channel)
{
    return channel == CHANNEL_SMS ? &r->d->config->sms.hours : &r->d->config->email.hours;
}

/* A letter waits for a decent hour only when it is late: the hour that was planned for it, and the minute after a sale, are
 * as they should be. And it waits once: where ticks come at night alone, its hour has come and gone without one. */
static bool waits_for_hours(const struct run *r, const struct action *a, const struct zone *zone)
{
    enum { LATE_SEC = 3600 };
    int64_t then = a->next_attempt_at;
    bool late = clock_now(r->d->clock) > a->due_at + LATE_SEC;
    bool waited = then > a->due_at && decent_instant(zone, *hours_of(r, a->channel), then) == then;
    return a->channel == CHANNEL_SMS || (late && !waited && a->priority != PRIORITY_URGENT);
}

/* The hour at which it was due, or the first decent one, on the day after today by the clock of `days`, or, when it is not
 * for travellers, on the day after their next return. */
static enum rc next_day(const struct run *r, const struct action *a, const struct zone *zone,
                        const struct zone *days, int64_t *ret, struct err *err)
{
    const struct decent_hours *hours = hours_of(r, a->channel);
    civil_day day, today = zone_to_local(days, clock_now(r->d->clock)).day;
    int16_t minute = a->local_due.minute == MINUTE_NONE ? 0 : a->local_due.minute;
    if (minute < hours->from || minute >= hours->to)
        minute = hours->from;
    enum rc rc = home_from(r->d, a, today + 1, &day, err);
    if (rc == RC_OK)
        *ret = zone_to_utc(zone, (struct civil){day, minute});
    return rc;
}

static enum rc had_today(const struct run *r, const struct action *a, int64_t since, int64_t *ret,
                         struct err *err)
{
    struct occasion occasion;
    struct client client;
    enum rc rc = store_occasion_get(r->d->store, a->occasion_id, &occasion, err);
    if (rc != RC_OK)
        return rc;
    rc = store_client_get(r->d->store, occasion.client_id, &client, err);
    occasion_fini(&occasion);
    if (rc != RC_OK)
        return rc;
    rc = store_handed_over_to(r->d->store, client.phone, client.email, since, ret, err);
    client_fini(&client);
    return rc;
}

/* After an outage a client must not get everything at once: what can wait waits for another day, at the hour at which it
 * was due. Service goes all the same when it has no other day. */
static enum rc crowded(const struct run *r, const struct action *a, const struct zone *zone,
                       int64_t *ret_at, char **ret_reason, struct err *err)
{
    int64_t now = clock_now(r->d->clock), had = 0;
    civil_day today = zone_to_local(zone, now).day;
    if (channel_is_human(a->planned_channel))
        return RC_OK; /* instead of a call that should have been made by now */
    if (a->moved_to.day == today || a->priority == PRIORITY_URGENT)
        return RC_OK; /* a person chose this day for it, or it cannot wait */
    enum rc rc = had_today(r, a, day_start(zone, today), &had, err);
    if (rc != RC_OK || had < r->d->config->per_client_per_day)
        return rc;
    int64_t tomorrow;
    rc = next_day(r, a, zone, zone, &tomorrow, err);
    if (rc != RC_OK)
        return rc;
    if (a->priority == PRIORITY_SERVICE && tomorrow >= a->expires_at)
        return RC_OK;
    *ret_at = tomorrow;
    *ret_reason = xasprintf("waits for another day: %lld message%s went to this client today",
                            (long long)had, had == 1 ? "" : "s");
    return RC_OK;
}

/* A channel takes so many a day; what is over waits for tomorrow, whatever it is: the limit guards the purse. */
static const struct limits *limits_of(const struct run *r, enum channel channel)
{
    return channel == CHANNEL_SMS ? &r->d->config->sms.limits : &r->d->config->email.limits;
}

static enum rc count_today(struct run *r, enum channel channel, struct err *err)
{
    if (r->handed_over[channel] >= 0)
        return RC_OK;
    civil_day today = zone_to_local(r->d->zone, clock_now(r->d->clock)).day;
    return store_handed_over_on(r->d->store, channel, day_start(r->d->zone, today),
                                &r->handed_over[channel], err);
}

static enum rc full_channel(struct run *r, const struct action *a, const struct zone *zone,
                            int64_t *ret_at, char **ret_reason, struct err *err)
{
    int per_day = limits_of(r, a->channel)->per_day;
    enum rc rc = per_day > 0 ? count_today(r, a->channel, err) : RC_OK;
    if (rc != RC_OK || per_day == 0 || r->handed_over[a->channel] < per_day)
        return rc;
    rc = next_day(r, a, zone, r->d->zone, ret_at, err);
    if (rc != RC_OK)
        return rc;
    *ret_reason = xasprintf("waits for tomorrow: the limit of %d a day is reached (%s.per_day)",
                            per_day, channel_name(a->channel));
    return RC_OK;
}

enum rc turn_of_repeat(struct run *r, const struct action *a, int64_t *ret_at, char **ret_reason,
                       struct err *err)
{
    const struct zone *zone;
    int64_t now = clock_now(r->d->clock);
    *ret_at = now;
    *ret_reason = NULL;
    enum rc rc = action_zone(r->d, a, &zone, err);
    if (rc != RC_OK)
        return rc;
    /* A message that would ring at night waits for the morning, unless it would then be too late. */
    if (waits_for_hours(r, a, zone))
        *ret_at = decent_turn(zone, *hours_of(r, a->channel), now, correction_deadline(a, zone));
    if (*ret_at > now)
        return RC_OK;
    return full_channel(r, a, zone, ret_at, ret_reason, err);
}

enum rc turn_of(struct run *r, const struct action *a, int64_t *ret_at, char **ret_reason,
                struct err *err)
{
    const struct zone *zone;
    enum rc rc = turn_of_repeat(r, a, ret_at, ret_reason, err);
    if (rc == RC_OK)
        rc = action_zone(r->d, a, &zone, err);
    if (rc != RC_OK || *ret_at > clock_now(r->d->clock))
        return rc;
    return crowded(r, a, zone, ret_at, ret_reason, err);
}

/* ---- a channel ---- */

/* Only so many a minute: waits for the rest of the time that one takes. False when the tick must end first. */
bool turn_of_channel(struct run *r, enum channel channel)
{
    enum { STEP_MS = 200 };
    int per_minute = limits_of(r, channel)->per_minute;
    if (per_minute == 0 || r->last_ms[channel] == 0 || r->dry)
        return true;
    int64_t due = r->last_ms[channel] + 60000 / per_minute;
    for (int64_t left; (left = due - clock_ticking_ms()) > 0;) {
        if (run_stopping(r) || run_out_of_time(r))
            return false;
        clock_sleep_ms(left < STEP_MS ? left : STEP_MS);
    }
    return true;
}
