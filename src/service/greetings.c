/* Greetings: birthdays, and the holidays of the playbook. Before a tick looks at what is due, the greetings of today and of
 * the next days become occasions of their own, once a client, greeting and year, in batches that are each one transaction;
 * one that dies is taken up by the next tick. Serves service_before_tick. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/dispatch.h>
#include <pps/greeting.h>
#include <pps/store_time.h>
#include <pps/str.h>

#include "time.h"

enum {
    BATCH = 500,        /* clients in one transaction */
    BATCHES_EARLY = 10, /* of a holiday that is still ahead, in one tick: the others have time */
    DAYS_AHEAD = 2
};

/* The last day on which the greetings were looked through to the end. */
#define LAST_DAY "greeted_until"

/* One greeting on one day. */
struct greeting {
    const char *key;
    civil_day day;
    struct greeting_ways ways;
    const char *birthdays[2]; /* NULL: a holiday */
    char *progress; /* the name of the setting that remembers how far a holiday is; NULL: none */
    const char *playbook; /* its text */
};

/* ---- one client ---- */

/* Planned as if a tick had run the day before: what is due today is due, however late this one is, and goes as long as
 * the grace of the step allows. */
static enum rc plan_in_time(const struct desk *desk, int64_t occasion_id, civil_day day,
                            struct err *err)
{
    enum { EARLIER_SEC = 15 * 3600 }; /* the day begins so much earlier elsewhere, at most */
    int64_t before = zone_to_utc(desk->zone, (struct civil){day, 0}) - EARLIER_SEC;
    int64_t now = desk_now(desk);
    struct clock clock = clock_fixed(now < before ? now : before);
    struct desk then = *desk;
    then.clock = &clock;
    return planning_of_occasion(&then, occasion_id, NULL, NULL, err);
}

/* Whether it could still go where the client lives. Who was entered late in the evening of their birthday has missed
 * nothing. */
static enum rc is_in_time(const struct desk *desk, const struct greeting *g, int64_t client_id,
                          bool *ret, struct err *err)
{
    struct client client;
    const struct zone *zone;
    enum rc rc = store_client_get(desk->store, client_id, &client, err);
    if (rc != RC_OK)
        return rc;
    rc = client_zone(desk, &client, &zone, err);
    client_fini(&client);
    if (rc != RC_OK)
        return rc;
    struct civil end = {g->day + g->ways.grace_days, g->ways.grace_minute};
    *ret = desk_now(desk) < zone_to_utc(zone, end);
    return RC_OK;
}

static enum rc greet_one(const struct desk *desk, const struct greeting *g,
                         const struct to_greet *whom, int64_t version, struct err *err)
{
    bool in_time;
    enum rc rc = is_in_time(desk, g, whom->client_id, &in_time, err);
    if (rc != RC_OK || !in_time)
        return rc;
    struct occasion o = {.client_id = whom->client_id,
                         .kind = KIND_GREETING,
                         .title = xstrdup(g->key),
                         .manager_id = whom->manager_id,
                         .playbook_version = version,
                         .created_at = desk_now(desk)};
    occasion_clear_dates(&o);
    o.when[ANCHOR_DAY].day = g->day;
    rc = store_occasion_add(desk->store, &o, &o.id, err);
    if (rc == RC_OK)
        rc = audit(desk, "greeting", o.client_id, o.id, 0, g->key, err);
    if (rc == RC_OK)
        rc = plan_in_time(desk, o.id, g->day, err);
    occasion_fini(&o);
    return rc;
}

/* ---- a batch ---- */

static enum rc read_progress(const struct desk *desk, const struct greeting *g, int64_t *ret,
                             struct err *err)
{
    char *value = NULL, day[CIVIL_TEXT_BYTES];
    *ret = 0;
    if (g->progress == NULL)
        return RC_OK;
    enum rc rc = store_setting_get(desk->store, g->progress, &value, err);
    civil_format_day(g->day, day);
    if (rc == RC_OK && value != NULL && str_starts(value, day))
        *ret = strtoll(value + strlen(day), NULL, 10);
    free(value);
    return rc;
}

static enum rc write_progress(const struct desk *desk, const struct greeting *g, int64_t client_id,
                              struct err *err)
{
    char day[CIVIL_TEXT_BYTES];
    if (g->progress == NULL)
        return RC_OK;
    civil_format_day(g->day, day);
    char *value = xasprintf("%s %lld", day, (long long)client_id);
    enum rc rc = store_setting_set(desk->store, g->progress, value, err);
    free(value);
    return rc;
}

/* Clients from `from` on, up to `to`, in one transaction. */
static enum rc greet_some(const struct desk *desk, const struct greeting *g,
                          const struct to_greet_list *list, size_t from, size_t to, struct err *err)
{
    int64_t version = 0;
    enum rc rc = store_begin(desk->store, err);
    if (rc != RC_OK)
        return rc;
    rc = store_playbook_put(desk->store, g->playbook, desk_now(desk), &version, err);
    for (size_t i = from; i < to && rc == RC_OK; i++)
        rc = greet_one(desk, g, &list->v[i], version, err);
    if (rc == RC_OK)
        rc = write_progress(desk, g, list->v[to - 1].client_id, err);
    return store_finish(desk->store, rc, err);
}

/* One client who cannot be planned, because their time zone is not known here, stops nobody else. */
static enum rc greet_batch(const struct desk *desk, const struct greeting *g,
                           const struct to_greet_list *list, struct err *err)
{
    enum rc rc = greet_some(desk, g, list, 0, list->n, err);
    if (!rc_is_its_own(rc))
        return rc;
    for (size_t i = 0; i < list->n; i++) {
        rc = greet_some(desk, g, list, i, i + 1, err);
        rc = client_goes_on(desk, rc, list->v[i].client_id, err);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

static civil_day trips_since(const struct desk *desk, const struct greeting *g)
{
    if (g->birthdays[0] != NULL)
        return CIVIL_NONE;
    struct ymd d = civil_to_ymd(g->day);
    civil_day since;
    d.year -= desk->config->holiday_years;
    if (d.month == 2 && d.day == 29)
        d.day = 28;
    return civil_from_ymd(d, &since) ? since : CIVIL_MIN;
}

static enum rc greet(const struct desk *desk, const struct greeting *g, struct err *err)
{
    struct greet_query query = {
        .key = g->key,
        .day = g->day,
        .birthdays = {g->birthdays[0], g->birthdays[1]},
        .email = g->ways.email,
        .phone = g->ways.phone,
        .any = g->ways.any,
        .trip_since = trips_since(desk, g),
        .limit = BATCH,
    };
    bool early = g->birthdays[0] == NULL && g->day > desk_today(desk);
    enum rc rc = read_progress(desk, g, &query.after, err);
    for (int n = 0; rc == RC_OK && !(early && n == BATCHES_EARLY); n++) {
        struct to_greet_list list;
        rc = store_list_to_greet(desk->store, &query, &list, err);
        if (rc != RC_OK || list.n == 0)
            break;
        rc = greet_batch(desk, g, &list, err);
        query.after = list.v[list.n - 1].client_id;
        to_greet_list_fini(&list);
    }
    return rc;
}

/* ---- a day ---- */

static enum rc greet_birthdays(const struct desk *desk, struct greeting g, struct err *err)
{
    char month_days[2][MONTH_DAY_BYTES];
    (void)birthdays_kept_on(g.day, desk->config->birthday_feb29, month_days);
    g.key = GREETING_BIRTHDAY;
    g.birthdays[0] = month_days[0];
    g.birthdays[1] = month_days[1];
    return greet(desk, &g, err);
}

static enum rc greet_holiday(const struct desk *desk, struct greeting g, const char *key,
                             struct err *err)
{
    g.key = key;
    g.progress = xasprintf("greeted_%s", key);
    enum rc rc = greet(desk, &g, err);
    free(g.progress);
    return rc;
}

/* Is it early enough for this greeting? A day that is over counts as long as the greeting may still go; to the minute it is
 * looked at for each client. What could have gone before a backup was put back is not made once more: none is better than
 * a second one. */
static bool has_time(const struct desk *desk, const struct greeting_ways *ways, civil_day day,
                     civil_day recovered)
{
    return day + ways->grace_days >= desk_today(desk) && day - ways->lead_days > recovered;
}

static enum rc greet_on(const struct desk *desk, const struct playbook *playbook, const char *text,
                        civil_day day, civil_day recovered, struct err *err)
{
    struct greeting g = {.day = day, .playbook = text};
    enum rc rc = RC_OK;
    if (greeting_ways(playbook, GREETING_BIRTHDAY, &g.ways) &&
        has_time(desk, &g.ways, day, recovered))
        rc = greet_birthdays(desk, g, err);
    for (size_t i = 0; i < playbook->n_holidays && rc == RC_OK; i++) {
        const struct holiday *h = &playbook->holidays[i];
        if (holiday_falls_on(h, day) && greeting_ways(playbook, h->key, &g.ways) &&
            has_time(desk, &g.ways, day, recovered))
            rc = greet_holiday(desk, g, h->key, err);
    }
    return rc;
}

/* ---- all of it ---- */

/* The day after the last one on which a tick came this far, if that was not today: its greetings may be late. */
static enum rc first_day(const struct desk *desk, civil_day *ret, struct err *err)
{
    char *value = NULL;
    civil_day today = desk_today(desk);
    struct civil last;
    *ret = today;
    enum rc rc = store_setting_get(desk->store, LAST_DAY, &value, err);
    if (rc == RC_OK && value != NULL && civil_parse(value, CIVIL_NONE, &last, NULL) == RC_OK &&
        last.day < today)
        *ret = last.day + 1;
    free(value);
    return rc;
}

/* The day on which a backup was put back last; CIVIL_NONE: none was. */
static enum rc recovered_on(const struct desk *desk, civil_day *ret, struct err *err)
{
    char *value = NULL;
    *ret = CIVIL_NONE;
    enum rc rc = store_setting_get(desk->store, SETTING_RECOVERED_AT, &value, err);
    if (rc == RC_OK && value != NULL)
        *ret = zone_to_local(desk->zone, strtoll(value, NULL, 10)).day;
    free(value);
    return rc;
}

static enum rc note_today(const struct desk *desk, struct err *err)
{
    char today[CIVIL_TEXT_BYTES], *before = NULL;
    civil_format_day(desk_today(desk), today);
    enum rc rc = store_setting_get(desk->store, LAST_DAY, &before, err);
    bool noted = str_eq(before, today);
    free(before);
    if (rc != RC_OK || noted)
        return rc;
    rc = store_begin(desk->store, err);
    if (rc != RC_OK)
        return rc;
    return store_finish(desk->store, store_setting_set(desk->store, LAST_DAY, today, err), err);
}

static bool greets_anybody(const struct playbook *playbook)
{
    for (size_t i = 0; i < playbook->n_steps; i++) {
        if (playbook->steps[i].series == KIND_GREETING)
            return true;
    }
    return false;
}

enum rc greet_all(const struct desk *desk, struct err *err)
{
    static const char tick[] = "tick";
    const struct playbook *playbook;
    char *text;
    civil_day day, recovered = CIVIL_NONE;
    struct desk by_itself = *desk; /* whoever starts the tick, it greets by itself */
    by_itself.actor = tick;
    enum rc rc = planning_read_current(desk, &playbook, &text, err);
    if (rc != RC_OK)
        return rc;
    if (greets_anybody(playbook)) {
        rc = first_day(desk, &day, err);
        if (rc == RC_OK)
            rc = recovered_on(desk, &recovered, err);
        for (; rc == RC_OK && day <= desk_today(desk) + DAYS_AHEAD; day++)
            rc = greet_on(&by_itself, playbook, text, day, recovered, err);
    }
    if (rc == RC_OK)
        rc = note_today(desk, err);
    free(text);
    return rc;
}

/* ---- a birthday is corrected ---- */

static bool has_gone(const struct actions *actions)
{
    for (size_t i = 0; i < actions->n; i++) {
        enum action_state s = actions->v[i].state;
        if (s == STATE_SENT || s == STATE_AT_RISK || s == STATE_IN_DOUBT || s == STATE_DONE)
            return true;
    }
    return false;
}

/* Moves a greeting of this year to the right day, or ends it when there is none any more. */
static enum rc follow(const struct desk *desk, const struct client *client, struct occasion *o,
                      struct err *err)
{
    struct actions actions;
    int stopped;
    enum rc rc = store_actions_of_occasion(desk->store, o->id, &actions, err);
    if (rc != RC_OK)
        return rc;
    bool gone = has_gone(&actions);
    actions_fini(&actions);
    if (gone)
        return RC_OK; /* once a year */
    int year = civil_to_ymd(o->when[ANCHOR_DAY].day).year;
    if (birthday_in_year(client->birthday, year, desk->config->birthday_feb29,
                         &o->when[ANCHOR_DAY].day))
        return store_occasion_update(desk->store, o, err);
    return occasion_end(desk, o, NULL, "the birthday was taken off the card", &stopped, err);
}

enum rc greetings_follow(const struct desk *desk, const struct client *client, struct err *err)
{
    enum { OLDEST_DAYS = 31 };
    struct occasion_list list;
    enum rc rc = store_occasions_of_client(desk->store, client->id, &list, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < list.n && rc == RC_OK; i++) {
        struct occasion *o = &list.v[i];
        if (o->kind == KIND_GREETING && !o->ended && str_eq(o->title, GREETING_BIRTHDAY) &&
            o->when[ANCHOR_DAY].day + OLDEST_DAYS >= desk_today(desk))
            rc = follow(desk, client, o, err);
    }
    occasion_list_fini(&list);
    return rc;
}
