/* The desk: now, today, and the line in the audit log that every use case writes. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "internal.h"

int64_t desk_now(const struct desk *desk)
{
    return clock_now(desk->clock);
}

civil_day desk_today(const struct desk *desk)
{
    return zone_to_local(desk->zone, desk_now(desk)).day;
}

enum rc client_zone(const struct desk *desk, const struct client *client, const struct zone **ret,
                    struct err *err)
{
    if (client->tz == NULL) {
        *ret = desk->zone;
        return RC_OK;
    }
    return zone_find(client->tz, ret, err);
}

enum rc desk_for_several(const struct desk *desk, size_t n, struct desk *ret, struct err *err)
{
    const struct audit_query last = {.limit = 1};
    struct audit_list list;
    *ret = *desk;
    if (n < 2)
        return RC_OK;
    enum rc rc = store_audit_list(desk->store, &last, &list, err);
    if (rc != RC_OK)
        return rc;
    ret->batch = list.n > 0 ? list.v[0].id + 1 : 1;
    audit_list_fini(&list);
    return RC_OK;
}

/* {"was":"pending"} -> {"was":"pending","batch":17}. What has only words for people, undo does not know. New string. */
static char *with_batch(const struct desk *desk, const char *detail)
{
    size_t n = detail != NULL ? strlen(detail) : 0;
    if (desk->batch == 0 || n < 3 || detail[0] != '{' || detail[n - 1] != '}')
        return xstrdup(detail);
    return xasprintf("%.*s,\"" UNDO_BATCH "\":%lld}", (int)(n - 1), detail,
                     (long long)desk->batch);
}

enum rc audit(const struct desk *desk, const char *verb, int64_t client_id, int64_t occasion_id,
              int64_t action_id, const char *detail, struct err *err)
{
    enum rc rc = client_id != 0 ? require_known(desk, client_id, err) : RC_OK;
    return rc == RC_OK ? audit_anyway(desk, verb, client_id, occasion_id, action_id, detail, err) : rc;
}

enum rc audit_anyway(const struct desk *desk, const char *verb, int64_t client_id,
                     int64_t occasion_id, int64_t action_id, const char *detail, struct err *err)
{
    struct audit_entry entry = {
        .at = desk_now(desk),
        .actor = (char *)(uintptr_t)desk->actor,
        .verb = (char *)(uintptr_t)verb,
        .detail = with_batch(desk, detail),
        .client_id = client_id,
        .occasion_id = occasion_id,
        .action_id = action_id,
    };
    enum rc rc = store_audit_add(desk->store, &entry, err);
    free(entry.detail);
    return rc;
}

enum rc audit_unchanged(const struct desk *desk, const char *command, int64_t client_id,
                        int64_t occasion_id, struct err *err)
{
    return audit(desk, UNCHANGED, client_id, occasion_id, 0, command, err);
}

enum rc client_goes_on(const struct desk *desk, enum rc rc, int64_t client_id,
                       const struct err *err)
{
    char name[ID_TEXT_BYTES];
    id_format('C', client_id, name);
    return troubles_note(desk->troubles, rc, name, err);
}

enum rc occasion_goes_on(const struct desk *desk, enum rc rc, int64_t occasion_id,
                         const struct err *err)
{
    char name[ID_TEXT_BYTES];
    struct occasion o = {0};
    struct err none;
    if (rc_is_its_own(rc) && store_occasion_get(desk->store, occasion_id, &o, &none) != RC_OK)
        o.kind = KIND_TRIP; /* only its letter is not known */
    occasion_id_format(o.kind, occasion_id, name);
    occasion_fini(&o);
    return troubles_note(desk->troubles, rc, name, err);
}

char *kept_date(struct civil date)
{
    char text[CIVIL_TEXT_BYTES];
    if (date.day == CIVIL_NONE)
        return NULL;
    civil_format(date, text);
    return xstrdup(text);
}
