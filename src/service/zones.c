/* The law of a time zone has changed: the system's tzdata is a newer one, and what waits by the clock of that zone is planned
 * anew, so that "10:00" stays 10:00 where the client lives. What has gone stays gone. Run before a tick; as long as the
 * tzdata is the one of the last tick it reads one line of it and no more. */
#include <stdio.h>
#include <stdlib.h>

#include <pps/str.h>

#include "time.h"

#define KNOWN_TZDATA "tzdata" /* the version by which everything was planned */
#define NOT_ALL_READ "?"      /* is no version */
#define KNOWN_ZONE "zone:%s"  /* the same of one zone, as zone_print */

/* Whether it is another one than it was; remembers it. What is met for the first time was planned just now, or by a tzdata
 * of which nothing was kept: planning it once more does no harm. */
static enum rc zone_changed(const struct desk *desk, const struct zone *zone, bool *ret,
                            struct err *err)
{
    char print[20], *was = NULL, *key = xasprintf(KNOWN_ZONE, zone_name(zone));
    (void)snprintf(print, sizeof print, "%016llx", (unsigned long long)zone_print(zone));
    enum rc rc = store_setting_get(desk->store, key, &was, err);
    *ret = rc == RC_OK && !str_eq(was, print);
    if (*ret)
        rc = store_setting_set(desk->store, key, print, err);
    free(was);
    free(key);
    return rc;
}

/* One that cannot be read keeps its work waiting, doctor says so, and it is looked at again before every tick. */
static enum rc look_at(const struct desk *desk, const char *tz, bool first, bool *ret_read,
                       struct err *err)
{
    const struct zone *zone;
    bool changed = false;
    *ret_read = zone_find(tz, &zone, NULL) == RC_OK;
    if (!*ret_read)
        return RC_OK;
    enum rc rc = zone_changed(desk, zone, &changed, err);
    if (rc != RC_OK || !changed || first)
        return rc;
    rc = store_zone_stale(desk->store, tz, err);
    return rc == RC_OK ? audit(desk, "zone-changed", 0, 0, 0, tz, err) : rc;
}

static enum rc look_at_all(const struct desk *desk, const char *version, bool first,
                           struct err *err)
{
    struct zone_use_list zones;
    bool all_read = true, read;
    enum rc rc = store_zones_of_open_work(desk->store, &zones, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < zones.n && rc == RC_OK; i++) {
        rc = look_at(desk, zones.v[i].tz, first, &read, err);
        all_read = all_read && read;
    }
    zone_use_list_fini(&zones);
    if (rc != RC_OK)
        return rc;
    return store_setting_set(desk->store, KNOWN_TZDATA, all_read ? version : NOT_ALL_READ, err);
}

enum rc zones_follow(const struct desk *desk, struct err *err)
{
    char version[ZONE_VERSION_BYTES], *was = NULL;
    zone_version(version);
    enum rc rc = store_setting_get(desk->store, KNOWN_TZDATA, &was, err);
    bool first = was == NULL;
    if (rc == RC_OK && !str_eq(was, version)) {
        rc = store_begin(desk->store, err);
        if (rc == RC_OK)
            rc = store_finish(desk->store, look_at_all(desk, version, first, err), err);
    }
    free(was);
    return rc;
}
