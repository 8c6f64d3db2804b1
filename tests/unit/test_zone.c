/* Zones: the odd hours of the year, the whole of tzdata against the C library (through date(1)),
 * and instants as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <ftw.h>
#include <sys/resource.h>

#include <cmocka.h>

#include <pps/str.h>
#include <pps/zone.h>

#define DAY INT64_C(86400)
#define WEEK (7 * DAY)
#define END_OF_TIME (84006 * DAY) /* 2200-01-01 */

static const struct zone *zone_of(const char *name)
{
    const struct zone *zone = NULL;
    struct err err = {0};
    if (zone_find(name, &zone, &err) != RC_OK)
        fail_msg("%s", err.message);
    return zone;
}

static struct civil civil_of(const char *text)
{
    struct civil c;
    assert_int_equal(civil_parse(text, 0, &c, NULL), RC_OK);
    return c;
}

static void local_times_become_the_right_instant(void **state)
{
    (void)state;
    static const struct {
        const char *zone, *local, *instant; /* the instant as that zone writes it */
    } cases[] = {
        {"UTC", "2026-12-10 06:40", "2026-12-10T06:40:00+00:00"},
        {"Europe/Moscow", "2026-12-10 06:40", "2026-12-10T06:40:00+03:00"},
        {"Europe/Moscow", "2026-12-10", "2026-12-10T00:00:00+03:00"}, /* no time: midnight */
        {"Asia/Kathmandu", "2026-12-10 06:40", "2026-12-10T06:40:00+05:45"},
        {"Asia/Kamchatka", "2026-12-10 00:00", "2026-12-10T00:00:00+12:00"},
        /* gaps: as far after the jump */
        {"Europe/Berlin", "2026-03-29 01:59", "2026-03-29T01:59:00+01:00"},
        {"Europe/Berlin", "2026-03-29 02:00", "2026-03-29T03:00:00+02:00"},
        {"Europe/Berlin", "2026-03-29 02:30", "2026-03-29T03:30:00+02:00"},
        {"Europe/Berlin", "2026-03-29 03:00", "2026-03-29T03:00:00+02:00"},
        {"Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-04T02:45:00+11:00"}, /* half an hour */
        {"Africa/Cairo", "2025-04-25 00:30",
         "2025-04-25T01:30:00+03:00"}, /* a day without midnight */
        {"Africa/Cairo", "2025-04-25", "2025-04-25T01:00:00+03:00"},
        {"Pacific/Apia", "2011-12-30 12:00",
         "2011-12-31T12:00:00+14:00"}, /* a day that never was */
        {"Pacific/Apia", "2011-12-30 00:00", "2011-12-31T00:00:00+14:00"},
        {"Pacific/Apia", "2011-12-29 23:59", "2011-12-29T23:59:00-10:00"},
        {"Europe/Moscow", "2011-03-27 02:30", "2011-03-27T03:30:00+04:00"},
        /* overlaps: the first */
        {"Europe/Berlin", "2026-10-25 01:59", "2026-10-25T01:59:00+02:00"},
        {"Europe/Berlin", "2026-10-25 02:00", "2026-10-25T02:00:00+02:00"},
        {"Europe/Berlin", "2026-10-25 02:59", "2026-10-25T02:59:00+02:00"},
        {"Europe/Berlin", "2026-10-25 03:00", "2026-10-25T03:00:00+01:00"},
        {"Europe/Moscow", "2014-10-26 01:30", "2014-10-26T01:30:00+04:00"},
        {"Europe/Moscow", "2014-10-26 02:00", "2014-10-26T02:00:00+03:00"},
        {"Europe/Dublin", "2025-10-26 01:30", "2025-10-26T01:30:00+01:00"},
        {"Africa/Casablanca", "2025-02-23 02:30", "2025-02-23T02:30:00+01:00"}, /* Ramadan */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct zone *zone = zone_of(cases[i].zone);
        char text[INSTANT_TEXT_BYTES];
        instant_format(zone, zone_to_utc(zone, civil_of(cases[i].local)), text);
        assert_string_equal(text, cases[i].instant);
    }
}

/* Offsets by another implementation on the same tzdata: the C library, asked through date(1). */
static void compare_with_the_c_library(const char *name, const int64_t *at, size_t n)
{
    char path[] = "/tmp/pps-zone-XXXXXX", command[160], line[64];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    FILE *questions = fdopen(fd, "w");
    for (size_t i = 0; i < n; i++)
        (void)fprintf(questions, "@%lld\n", (long long)at[i]);
    assert_int_equal(fclose(questions), 0);
    (void)snprintf(command, sizeof command, "LC_ALL=C TZ=%s date -f %s +%%::z", name, path);
    FILE *answers = popen(command, "r");
    assert_non_null(answers);
    const struct zone *zone = zone_of(name);
    for (size_t i = 0; i < n; i++) {
        assert_non_null(fgets(line, sizeof line, answers));
        int h, m, s;
        assert_int_equal(sscanf(line + 1, "%d:%d:%d", &h, &m, &s), 3);
        int32_t want = (h * 3600 + m * 60 + s) * (line[0] == '-' ? -1 : 1);
        if (zone_offset(zone, at[i]) != want)
            fail_msg("%s at %lld: %d, not %d", name, (long long)at[i], zone_offset(zone, at[i]),
                     want);
    }
    assert_int_equal(pclose(answers), 0);
    (void)unlink(path);
}

static int64_t random_instant(void)
{
    return (int64_t)(((uint64_t)rand() << 31 | (uint64_t)rand()) % (uint64_t)END_OF_TIME);
}

/* The last second before the offset changes between low and high. */
static int64_t last_before_change(const struct zone *zone, int64_t low, int64_t high)
{
    int32_t offset = zone_offset(zone, low);
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (zone_offset(zone, middle) == offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static void offsets_agree_with_the_c_library(void **state)
{
    (void)state;
    enum { RANDOM = 400, MAX = 15000 };
    static const char *const names[] = {
        "Europe/Moscow",
        "Europe/Kaliningrad",
        "Asia/Kamchatka",
        "Europe/Sofia",
        "Africa/Cairo",
        "Africa/Casablanca",
        "Asia/Gaza",
        "Europe/Dublin",
        "America/St_Johns",
        "America/Nuuk",
        "America/Santiago",
        "Pacific/Easter",
        "Pacific/Apia",
        "Pacific/Chatham",
        "Australia/Lord_Howe",
        "Antarctica/Troll",
        "Asia/Kathmandu",
        "Africa/Monrovia",
        "W-SU",
        "EST5EDT",
    };
    static int64_t at[MAX];
    unsigned seed = 1970;
    print_message("seed %u\n", seed);
    srand(seed);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct zone *zone = zone_of(names[i]);
        size_t n = 0;
        for (; n < RANDOM; n++)
            at[n] = random_instant();
        for (int64_t utc = 0; utc + WEEK < END_OF_TIME && n + 3 < MAX; utc += WEEK) {
            at[n++] = utc;
            if (zone_offset(zone, utc) == zone_offset(zone, utc + WEEK))
                continue;
            at[n++] = last_before_change(zone, utc, utc + WEEK);
            at[n] = at[n - 1] + 1;
            n++;
        }
        compare_with_the_c_library(names[i], at, n);
    }
}

/* ---- every zone of the system ---- */

#define ZONEINFO "/usr/share/zoneinfo/"

static struct {
    char *v[2048];
    size_t n;
} compiled;

/* Takes the names of compiled zones. right/ counts leap seconds, which is refused; posix/ is all of it once more; and
 * localtime is the machine's, not tzdata's. */
static int take_name(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info, (void)where;
    const char *name = path + strlen(ZONEINFO);
    char magic[4] = "";
    if ((kind != FTW_F && kind != FTW_SL) || strncmp(name, "right/", 6) == 0 ||
        strncmp(name, "posix/", 6) == 0 || strcmp(name, "localtime") == 0)
        return 0;
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    bool fits =
        fread(magic, 1, sizeof magic, file) == sizeof magic && memcmp(magic, "TZif", 4) == 0;
    assert_int_equal(fclose(file), 0);
    assert_true(compiled.n < sizeof compiled.v / sizeof compiled.v[0]);
    if (fits)
        compiled.v[compiled.n++] = xstrdup(name);
    return 0;
}

static void assert_offset(const struct zone *zone, int64_t at)
{
    time_t t = at;
    struct tm local;
    assert_non_null(localtime_r(&t, &local));
    if (zone_offset(zone, at) != local.tm_gmtoff)
        fail_msg("%s at %lld: %d, not %ld", zone_name(zone), (long long)at, zone_offset(zone, at),
                 local.tm_gmtoff);
}

/* Around each change from one fortnight to the next, and at a few instants besides. */
static size_t compare_inside(const struct zone *zone)
{
    enum { RANDOM = 20, FORTNIGHT = 14 };
    size_t changes = 0;
    for (int64_t utc = 0; utc + FORTNIGHT * DAY < END_OF_TIME; utc += FORTNIGHT * DAY) {
        if (zone_offset(zone, utc) == zone_offset(zone, utc + FORTNIGHT * DAY))
            continue;
        int64_t last = last_before_change(zone, utc, utc + FORTNIGHT * DAY);
        assert_offset(zone, last);
        assert_offset(zone, last + 1);
        changes++;
    }
    for (int i = 0; i < RANDOM; i++)
        assert_offset(zone, random_instant());
    return changes;
}

/* Without date(1) between them: that would be a process for each zone. */
static void every_zone_agrees_with_the_c_library(void **state)
{
    (void)state;
    size_t changes = 0;
    srand(598);
    assert_int_equal(nftw(ZONEINFO, take_name, 8, FTW_PHYS), 0);
    for (size_t i = 0; i < compiled.n; i++) {
        assert_int_equal(setenv("TZ", compiled.v[i], 1), 0);
        tzset();
        changes += compare_inside(zone_of(compiled.v[i]));
        free(compiled.v[i]);
    }
    assert_int_equal(unsetenv("TZ"), 0);
    tzset();
    print_message("%zu zones, %zu changes\n", compiled.n, changes);
    assert_true(compiled.n > 300 && changes > 30000);
}

/* There and back: the same minute, or its first occurrence when the wall shows it twice. */
static void local_and_back_is_the_same_minute(void **state)
{
    (void)state;
    static const char *const names[] = {"Europe/Moscow", "Europe/Berlin",  "America/New_York",
                                        "Pacific/Apia",  "Asia/Kolkata",   "Australia/Lord_Howe",
                                        "Africa/Cairo",  "America/Havana", "UTC"};
    unsigned seed = 42, twice = 0;
    print_message("seed %u\n", seed);
    srand(seed);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct zone *zone = zone_of(names[i]);
        for (int round = 0; round < 50000; round++) {
            int64_t utc = 86400 + random_instant() % (END_OF_TIME - 2 * 86400);
            utc -= utc % 60 + zone_offset(zone, utc) % 60;
            struct civil local = zone_to_local(zone, utc);
            int64_t back = zone_to_utc(zone, local);
            if (back == utc)
                continue;
            struct civil again = zone_to_local(zone, back);
            assert_true(back < utc && utc - back <= 7200);
            assert_int_equal(again.day, local.day);
            assert_int_equal(again.minute, local.minute);
            twice++;
        }
    }
    assert_true(twice > 0);
}

static void later_on_the_wall_is_never_earlier_in_time(void **state)
{
    (void)state;
    static const char *const names[] = {"Europe/Berlin", "Africa/Cairo", "Pacific/Apia"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct zone *zone = zone_of(names[i]);
        civil_day first = civil_of("2011-01-01").day;
        int64_t before = 0;
        for (civil_day day = first; day < first + 366; day++) {
            int64_t noon = zone_to_utc(zone, (struct civil){day, 720});
            assert_true(noon >= before); /* equal for the day that never was and the one after it */
            before = noon;
        }
    }
}

static void the_edges_of_the_calendar_do_not_wrap(void **state)
{
    (void)state;
    struct civil c = zone_to_local(zone_of("America/New_York"), 0); /* still 1969 there */
    assert_int_equal(c.day, CIVIL_MIN);
    assert_int_equal(c.minute, 0);
    c = zone_to_local(zone_of("Europe/Moscow"), END_OF_TIME - 1); /* 2200 already */
    assert_int_equal(c.day, CIVIL_MAX);
    assert_int_equal(c.minute, 1439);
}

static void a_zone_is_found_once_and_stays(void **state)
{
    (void)state;
    const struct zone *a = zone_of("Europe/Moscow"), *b = zone_of("Europe/Moscow");
    assert_ptr_equal(a, b);
    assert_string_equal(zone_name(a), "Europe/Moscow");
    assert_string_equal(zone_name(zone_of("W-SU")), "W-SU"); /* an alias keeps its name */
    assert_int_equal(zone_offset(zone_of("UTC"), 1800000000), 0);
}

static void another_law_has_another_print(void **state)
{
    (void)state;
    assert_true(zone_print(zone_of("Europe/Moscow")) == zone_print(zone_of("W-SU")));
    assert_true(zone_print(zone_of("Europe/Sofia")) != zone_print(zone_of("Europe/Athens"))); /* until the seventies */
    assert_true(zone_print(zone_of("Asia/Tokyo")) != zone_print(zone_of("UTC")));
    char version[ZONE_VERSION_BYTES];
    zone_version(version); /* such as 2025b */
    assert_int_equal(strspn(version, "0123456789"), 4);
    assert_true(version[4] >= 'a' && version[4] <= 'z');
}

static void an_unknown_zone_is_named_and_the_remedy_told(void **state)
{
    (void)state;
    static const struct {
        const char *name, *message;
    } cases[] = {
        {"Europe/Moskow", "unknown time zone \"Europe/Moskow\": did you mean Europe/Moscow?"},
        {"Moscow", "unknown time zone \"Moscow\": did you mean Europe/Moscow?"},
        {"europe/moscow", "unknown time zone \"europe/moscow\": did you mean Europe/Moscow?"},
        {"Nowhere/At_All",
         "unknown time zone \"Nowhere/At_All\": use a name such as Europe/Moscow"},
        {"", "unknown time zone \"\": use a name such as Europe/Moscow"},
        {"Europe", "unknown time zone \"Europe\": use a name such as Europe/Moscow"},
        {"zone.tab", "unknown time zone \"zone.tab\": use a name such as Europe/Moscow"},
        {"../../../etc/passwd",
         "unknown time zone \"../../../etc/passwd\": use a name such as Europe/Moscow"},
        {"/etc/localtime",
         "unknown time zone \"/etc/localtime\": use a name such as Europe/Moscow"},
        {"Europe/../Europe/Moscow",
         "unknown time zone \"Europe/../Europe/Moscow\": use a name such as Europe/Moscow"},
        {"UTC\n", "unknown time zone \"UTC \": use a name such as Europe/Moscow"},
        {"\x1B[2J", "unknown time zone \"\uFFFD[2J\": use a name such as Europe/Moscow"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = {0};
        const struct zone *zone = NULL;
        assert_int_equal(zone_find(cases[i].name, &zone, &err), RC_INVALID);
        assert_string_equal(err.message, cases[i].message);
        assert_null(zone);
    }
    assert_int_equal(zone_find(NULL, &(const struct zone *){NULL}, NULL), RC_INVALID);
}

/* Nothing was read yet of the zone asked for: what is known is not read again. */
static void a_zone_that_cannot_be_read_is_no_unknown_zone(void **state)
{
    (void)state;
    struct err err = {0};
    const struct zone *zone = NULL;
    struct rlimit was, none;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
    none = (struct rlimit){.rlim_cur = 0, .rlim_max = was.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    enum rc rc = zone_find("Europe/Moscow", &zone, &err);
    enum rc utc = zone_find("UTC", &zone, &err);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
    assert_string_equal(err.message, "time zone \"Europe/Moscow\": cannot open " ZONEINFO
                                     "Europe/Moscow: Too many open files");
    assert_int_equal(rc, RC_IO);
    assert_int_equal(utc, RC_OK); /* needs no file */
    assert_string_equal(zone_name(zone_of("Europe/Moscow")), "Europe/Moscow");
}

static void instants_are_written_after_rfc_3339(void **state)
{
    (void)state;
    static const struct {
        const char *zone;
        int64_t utc;
        const char *text;
    } cases[] = {
        {"UTC", 0, "1970-01-01T00:00:00+00:00"},
        {"Europe/Moscow", 1796874000, "2026-12-10T06:40:00+03:00"},
        {"Europe/Moscow", 1796874059, "2026-12-10T06:40:59+03:00"},
        {"America/St_Johns", 1796874000, "2026-12-10T00:10:00-03:30"},
        {"Africa/Monrovia", 31536000, "1970-12-31T23:16:00-00:44"}, /* -00:44:30 */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[INSTANT_TEXT_BYTES];
        instant_format(zone_of(cases[i].zone), cases[i].utc, text);
        assert_string_equal(text, cases[i].text);
        int64_t back = -1;
        assert_int_equal(instant_parse(text, zone_of("UTC"), 0, &back, NULL), RC_OK);
        assert_int_equal(back, cases[i].utc);
    }
}

static void instants_are_read_in_all_forms(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want; /* in Europe/Moscow; today is 2026-11-21 */
    } cases[] = {
        {"2026-12-10T06:40:00Z", "2026-12-10T09:40:00+03:00"},
        {"2026-12-10T06:40:17z", "2026-12-10T09:40:17+03:00"},
        {"2026-12-10T06:40Z", "2026-12-10T09:40:00+03:00"},
        {"2026-12-10 06:40:00Z", "2026-12-10T09:40:00+03:00"},
        {"2026-12-10T06:40:00+05:30", "2026-12-10T04:10:00+03:00"},
        {"2026-12-10T06:40:00-05:00", "2026-12-10T14:40:00+03:00"},
        {"2026-12-10T06:40-00:00", "2026-12-10T09:40:00+03:00"},
        {"2026-12-10T06:40:00.999+03:00", "2026-12-10T06:40:00+03:00"},
        {"2026-12-10T06:40:05", "2026-12-10T06:40:05+03:00"},
        {"2026-12-10T06:40", "2026-12-10T06:40:00+03:00"},
        {"10.12.2026 6:40", "2026-12-10T06:40:00+03:00"},
        {"2026-12-10", "2026-12-10T12:00:00+03:00"}, /* a date alone: noon */
        {" today ", "2026-11-21T12:00:00+03:00"},
        {"+3d", "2026-11-24T12:00:00+03:00"},
        {"-3d 08:15", "2026-11-18T08:15:00+03:00"},
    };
    const struct zone *zone = zone_of("Europe/Moscow");
    civil_day today = civil_of("2026-11-21").day;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t utc = 0;
        char text[INSTANT_TEXT_BYTES];
        assert_int_equal(instant_parse(cases[i].text, zone, today, &utc, NULL), RC_OK);
        instant_format(zone, utc, text);
        assert_string_equal(text, cases[i].want);
    }
}

static void a_wrong_instant_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        "now",
        "2026-02-30T06:40:00Z",
        "2026-12-10T24:00:00Z",
        "2026-12-10T06:40:60Z",
        "2026-12-10T06:40:5Z",
        "2026-12-10T06:40:00.Z",
        "2026-12-10T06:40:00.5x",
        "2026-12-10T06:40:00+24:00",
        "2026-12-10T06:40:00+03:60",
        "2026-12-10T06:40:00+0300",
        "2026-12-10T06:40:00ZZ",
        "2026-12-10T06:40:00:00",
        "2026-12-10Z",
        "2026-12-10+03:00",
        "1970-01-01T00:00:00+03:00",
        "2199-12-31T23:00:00-03:00",
    };
    const struct zone *zone = zone_of("Europe/Moscow");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = {0};
        int64_t utc = 77;
        if (instant_parse(cases[i], zone, 20000, &utc, &err) != RC_INVALID)
            fail_msg("accepted: %s", cases[i]);
        assert_true(err.message[0] == '"');
        assert_int_equal(utc, 77);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_zone_that_cannot_be_read_is_no_unknown_zone), /* first */
        cmocka_unit_test(local_times_become_the_right_instant),
        cmocka_unit_test(offsets_agree_with_the_c_library),
        cmocka_unit_test(every_zone_agrees_with_the_c_library),
        cmocka_unit_test(local_and_back_is_the_same_minute),
        cmocka_unit_test(later_on_the_wall_is_never_earlier_in_time),
        cmocka_unit_test(the_edges_of_the_calendar_do_not_wrap),
        cmocka_unit_test(a_zone_is_found_once_and_stays),
        cmocka_unit_test(another_law_has_another_print),
        cmocka_unit_test(an_unknown_zone_is_named_and_the_remedy_told),
        cmocka_unit_test(instants_are_written_after_rfc_3339),
        cmocka_unit_test(instants_are_read_in_all_forms),
        cmocka_unit_test(a_wrong_instant_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
