/* Time zones: between the clock on a wall and UTC. Everything rests on one question, the offset at
 * an instant, which tzif.c answers from the system's tzdata. It reads no clock and asks no
 * environment (TZ, TZDIR): a zone is always named. Serves every room that turns dates into
 * instants. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/file.h>
#include <pps/str.h>
#include <pps/utf8.h>
#include <pps/zone.h>

#include "tzif.h"

#define ZONEINFO "/usr/share/zoneinfo"
#define DAY ((int64_t)86400)
#define INSTANT_END ((int64_t)(CIVIL_MAX + 1) * DAY)
enum { NAME_BYTES_MAX = 64, FILE_BYTES_MAX = 1 << 20 };

struct zone {
    struct zone *next; /* set before the zone is shown to anybody, never changed after */
    char *name;
    struct tzif tz;
};

/* Zones that were asked for. Values never change and are never freed, so that pointers to them may
 * be kept; the list only grows at its head, by compare and swap, and is seen by nobody outside. */
static _Atomic(struct zone *) known_zones;

/* Letters, digits, '_', '+', '-' between single slashes: no way out of the tzdata folder. */
static bool is_name(const char *name)
{
    static const char alphabet[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/";
    size_t n = strlen(name);
    return n > 0 && n <= NAME_BYTES_MAX && strspn(name, alphabet) == n && name[0] != '/' &&
           name[n - 1] != '/' && strstr(name, "//") == NULL;
}

static struct zone *known(const char *name)
{
    struct zone *zone = atomic_load(&known_zones);
    while (zone != NULL && strcmp(zone->name, name) != 0)
        zone = zone->next;
    return zone;
}

/* Its name is right, its file is not. To whoever lives there it is as if the zone were unknown; the others go on. */
static enum rc broken(const char *name, struct err *err)
{
    return err_set(err, RC_INVALID,
                   "time zone \"%s\": its file " ZONEINFO "/%s is missing or damaged: install the package tzdata anew",
                   name, name);
}

/* RC_NOTFOUND when the system has no zone of that name: nothing, a folder of zones ("Europe"), or a file that is no
 * zone. RC_INVALID when its file is damaged. RC_IO when it could not be read: it may be there, and its name be right. */
static enum rc read_zone(const char *name, struct tzif *ret, struct err *err)
{
    char path[sizeof ZONEINFO + NAME_BYTES_MAX + 4], *bytes;
    size_t n;
    (void)snprintf(path, sizeof path, ZONEINFO "/%s/.", name);
    if (file_exists(path))
        return RC_NOTFOUND;
    (void)snprintf(path, sizeof path, ZONEINFO "/%s", name);
    enum rc rc = file_read(path, FILE_BYTES_MAX, &bytes, &n, err);
    if (rc != RC_OK)
        return rc == RC_NOTFOUND ? rc : err_prefix(err, RC_IO, "time zone \"%s\"", name);
    if (!tzif_parse(bytes, n, ret))
        rc = n > 0 && str_starts(bytes, "TZif") ? broken(name, err) : RC_NOTFOUND;
    free(bytes);
    return rc;
}

/* UTC needs no tzdata. */
static enum rc load(const char *name, struct zone **ret, struct err *err)
{
    struct tzif tz = {0};
    struct err why = {0};
    enum rc rc = strcmp(name, "UTC") == 0 ? RC_OK : read_zone(name, &tz, &why);
    if (rc != RC_OK)
        return err_set(err, rc, "%s", why.message);
    *ret = xcalloc(1, sizeof **ret);
    (*ret)->name = xstrdup(name);
    (*ret)->tz = tz;
    return RC_OK;
}

static void remember(struct zone *zone)
{
    zone->next = atomic_load(&known_zones);
    while (!atomic_compare_exchange_weak(&known_zones, &zone->next, zone))
        ;
}

/* ---- What to say about an unknown name ---- */

static bool same_letters(const char *a, const char *b)
{
    char *x = utf8_fold(a), *y = utf8_fold(b);
    bool same = strcmp(x, y) == 0;
    free(x);
    free(y);
    return same;
}

/* The third column of zone.tab, cut out of the text in place. Returns how many. */
static size_t zone_tab_names(char *text, const char ***ret_names)
{
    const char **names = NULL;
    size_t n = 0, cap = 0;
    for (char *save = NULL, *line = strtok_r(text, "\n", &save); line != NULL;
         line = strtok_r(NULL, "\n", &save)) {
        char *field = line[0] == '#' ? NULL : strchr(line, '\t');
        field = field ? strchr(field + 1, '\t') : NULL;
        if (field == NULL)
            continue;
        field++;
        field[strcspn(field, "\t")] = '\0';
        vec_reserve(&names, n, &cap, sizeof *names);
        names[n++] = field;
    }
    *ret_names = names;
    return n;
}

/* "Moscow" and "europe/moscow" mean Europe/Moscow; else a slip of a few letters. */
static const char *nearest_name(const char *name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *city = strrchr(names[i], '/');
        if (same_letters(name, names[i]) || (city != NULL && same_letters(name, city + 1)))
            return names[i];
    }
    return str_nearest(name, names, n);
}

static enum rc unknown(const char *name, struct err *err)
{
    char *table = NULL, *quoted = utf8_quote(name);
    const char **names = NULL, *near = NULL;
    size_t bytes;
    enum rc rc;
    if (file_read(ZONEINFO "/zone.tab", FILE_BYTES_MAX, &table, &bytes, NULL) == RC_OK) {
        size_t n = zone_tab_names(table, &names);
        near = nearest_name(name, names, n);
    }
    if (!file_exists(ZONEINFO "/Europe"))
        rc = err_set(err, RC_IO,
                     "time zone %s: there are no zones in " ZONEINFO ": install the package tzdata", quoted);
    else if (near != NULL && strcmp(near, name) == 0)
        rc = broken(name, err);
    else if (near != NULL)
        rc = err_set(err, RC_INVALID, "unknown time zone %s: did you mean %s?", quoted, near);
    else
        rc = err_set(err, RC_INVALID, "unknown time zone %s: use a name such as Europe/Moscow",
                     quoted);
    free(names);
    free(table);
    free(quoted);
    return rc;
}

enum rc zone_find(const char *name, const struct zone **ret_zone, struct err *err)
{
    name = str_or(name, "");
    struct zone *zone = known(name);
    if (zone == NULL) {
        enum rc rc = is_name(name) ? load(name, &zone, err) : RC_NOTFOUND;
        if (rc != RC_OK)
            return rc == RC_NOTFOUND ? unknown(name, err) : rc;
        remember(zone);
    }
    *ret_zone = zone;
    return RC_OK;
}

const char *zone_name(const struct zone *zone)
{
    return zone->name;
}

/* ---- Which law it is ---- */

/* FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv: it is compared with itself only. */
static void mix(uint64_t *print, int64_t value)
{
    for (int i = 0; i < 64; i += 8)
        *print = (*print ^ ((uint64_t)value >> i & 0xff)) * 0x100000001b3u;
}

static void mix_change(uint64_t *print, const struct tzif_change *c)
{
    int64_t parts[] = {c->form, c->month, c->week, c->weekday, c->day, c->seconds};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        mix(print, parts[i]);
}

uint64_t zone_print(const struct zone *zone)
{
    uint64_t print = 0xcbf29ce484222325u;
    const struct tzif *tz = &zone->tz;
    mix(&print, tz->before);
    for (size_t i = 0; i < tz->n; i++) {
        mix(&print, tz->at[i]);
        mix(&print, tz->offset[i]);
    }
    mix(&print, tz->rule.standard);
    mix(&print, tz->rule.summer);
    mix_change(&print, &tz->rule.to_summer);
    mix_change(&print, &tz->rule.to_standard);
    return print;
}

void zone_version(char buf[ZONE_VERSION_BYTES])
{
    static const char begin[] = "# version ";
    char *text;
    size_t len;
    buf[0] = '\0';
    if (file_read(ZONEINFO "/tzdata.zi", FILE_BYTES_MAX, &text, &len, NULL) != RC_OK)
        return;
    if (str_starts(text, begin)) {
        const char *version = text + strlen(begin);
        int n = (int)strcspn(version, "\r\n");
        (void)snprintf(buf, ZONE_VERSION_BYTES, "%.*s", n, version);
    }
    free(text);
}

/* ---- Between local and UTC ---- */

int32_t zone_offset(const struct zone *zone, int64_t utc)
{
    return tzif_offset(&zone->tz, utc);
}

/* No offset exceeds a day, so that a day before and a day after the wall's reading taken as UTC lie
 * on both sides of the moment sought, and no zone changes twice within such a span. */
int64_t zone_to_utc(const struct zone *zone, struct civil local)
{
    int64_t wall = (int64_t)local.day * DAY + (local.minute > 0 ? local.minute * 60 : 0);
    int64_t by_old = wall - zone_offset(zone, wall - DAY);
    int64_t by_new = wall - zone_offset(zone, wall + DAY);
    bool old_holds = by_old + zone_offset(zone, by_old) == wall;
    bool new_holds = by_new + zone_offset(zone, by_new) == wall;
    if (old_holds && new_holds)
        return by_old < by_new ? by_old : by_new; /* the hour that happens twice */
    return new_holds ? by_new : by_old; /* in a gap neither: by the clock before the jump */
}

/* Floor division: the day of an instant just before 1970 is -1. */
static int64_t day_of(int64_t seconds)
{
    return seconds / DAY - (seconds % DAY < 0);
}

static struct civil civil_at(int64_t seconds)
{
    int64_t day = day_of(seconds);
    int64_t minute = (seconds - day * DAY) / 60;
    /* the last hours of 2199 and the first of 1970 may lie outside the calendar by the wall's clock
     */
    if (day < CIVIL_MIN)
        return (struct civil){.day = CIVIL_MIN, .minute = 0};
    if (day > CIVIL_MAX)
        return (struct civil){.day = CIVIL_MAX, .minute = 1439};
    return (struct civil){.day = (civil_day)day, .minute = (int16_t)minute};
}

struct civil zone_to_local(const struct zone *zone, int64_t utc)
{
    return civil_at(utc + zone_offset(zone, utc));
}

/* ---- RFC 3339 ---- */

void instant_format(const struct zone *zone, int64_t utc, char buf[INSTANT_TEXT_BYTES])
{
    int offset = zone_offset(zone, utc) / 60; /* RFC 3339 knows no seconds of offset */
    int64_t local = utc + offset * 60;
    struct civil c = civil_at(local);
    struct ymd d = civil_to_ymd(c.day);
    int east = offset < 0 ? -offset : offset;
    (void)snprintf(buf, INSTANT_TEXT_BYTES, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d",
                   d.year % 10000, d.month % 100, d.day % 100, c.minute / 60 % 24, c.minute % 60,
                   (int)(local - day_of(local) * DAY) % 60, offset < 0 ? '-' : '+', east / 60 % 100,
                   east % 60);
}

static bool two_digits(const char *p, int max, int *ret)
{
    if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
        return false;
    *ret = (p[0] - '0') * 10 + (p[1] - '0');
    return *ret <= max;
}

/* Cuts "Z" or "+03:00" off the end of a text that has a time. */
static bool cut_offset(char *text, int32_t *ret_offset)
{
    size_t n = strlen(text);
    int hours, minutes;
    if (n < 6 || strchr(text, ':') == NULL)
        return false;
    char *end = text + n;
    if (end[-1] == 'Z' || end[-1] == 'z') {
        end[-1] = '\0';
        *ret_offset = 0;
        return true;
    }
    if ((end[-6] != '+' && end[-6] != '-') || end[-3] != ':' || !two_digits(end - 5, 23, &hours) ||
        !two_digits(end - 2, 59, &minutes))
        return false;
    *ret_offset = (hours * 3600 + minutes * 60) * (end[-6] == '-' ? -1 : 1);
    end[-6] = '\0';
    return true;
}

/* Cuts ":SS", and a fraction after it, off a text that ends in HH:MM:SS; the seconds, else 0. */
static int cut_seconds(char *text)
{
    char *first = strchr(text, ':');
    char *second = first ? strchr(first + 1, ':') : NULL;
    int seconds;
    if (second == NULL || !two_digits(second + 1, 59, &seconds))
        return 0;
    const char *rest = second + 3;
    if (*rest == '.' && rest[1] != '\0')
        rest += 1 + strspn(rest + 1, "0123456789");
    if (*rest != '\0')
        return 0;
    *second = '\0';
    return seconds;
}

enum rc instant_parse(const char *text, const struct zone *zone, civil_day today, int64_t *ret_utc,
                      struct err *err)
{
    char *copy = str_trim(xstrdup(str_or(text, "")));
    char *quoted = utf8_quote(copy);
    int32_t offset = 0;
    bool has_offset = cut_offset(copy, &offset);
    int seconds = cut_seconds(copy);
    struct civil local;
    int64_t utc = 0;
    enum rc rc = civil_parse(copy, today, &local, err);
    if (rc != RC_OK)
        goto out;
    if (local.minute == MINUTE_NONE) {
        if (has_offset) {
            rc = err_set(err, RC_INVALID,
                         "%s has an offset but no time: write 2026-12-10T06:40:00Z", quoted);
            goto out;
        }
        local.minute = 12 * 60;
    }
    if (has_offset)
        utc = local.day * DAY + local.minute * 60 - offset + seconds;
    else
        utc = zone_to_utc(zone, local) + seconds;
    if (utc < 0 || utc >= INSTANT_END) {
        rc = err_set(err, RC_INVALID, "%s is not between the years 1970 and 2199 in UTC", quoted);
        goto out;
    }
    *ret_utc = utc;
out:
    free(quoted);
    free(copy);
    return rc;
}
