/* Fuzz target: what people and other programs write, and we read. The first character of the input says what the rest is:
 * (c)onfiguration, (p)laybook, (g)ateway preset with a reply after a zero, (h)olidays, (s)urvey table, (w)ord that somebody
 * typed, (r)eply of a server, (z)one of the tzdata, (j)son.
 *
 * What must hold: no memory error; every error is one line; what was read is sound, and reads back as itself; what is shown
 * of a server's words is one line without secrets. */
#include <pps/civil.h>
#include <pps/config.h>
#include <pps/contact.h>
#include <pps/csv.h>
#include <pps/json.h>
#include <pps/money.h>
#include <pps/playbook.h>
#include <pps/token.h>
#include <pps/workcal.h>

#include "../../src/core/tzif.h"
#include "../../src/gateway/preset.h"
#include "../../src/gateway/reply.h"
#include "fuzz.h"

enum { TODAY = 20800 }; /* in December 2026 */
#define SECRET "hunter2-canary"

static void read_config(const char *s, size_t n)
{
    struct config config;
    struct err err = {0};
    if (config_parse(s, n, "pps.json", &config, &err) != RC_OK) {
        PROMISE(is_line(&err));
        return;
    }
    PROMISE(config.agency.tz != NULL && config.agency.lang != NULL);
    config_fini(&config);
}

static void read_playbook(const char *s, size_t n)
{
    struct playbook book;
    struct err err = {0};
    if (playbook_parse(s, n, "playbook.json", &book, &err) != RC_OK)
        PROMISE(is_line(&err));
    else
        playbook_fini(&book);
}

static void read_preset(const char *s, size_t n)
{
    static const char *const values[PLACE_COUNT] = {"{password}", SECRET, "{text}", "+7903", "7903",
                                                    "{user}",     "0",    "60",     "key"};
    const char *end = memchr(s, '\0', n);
    size_t len = end != NULL ? (size_t)(end - s) : n;
    struct http_reply reply = {
        .status = (int)(n % 700), .body = s + len, .len = n - len, .whole = n % 2 == 0};
    struct preset preset;
    struct err err = {0};
    char id[128];
    if (preset_parse(s, len, "preset.json", &preset, &err) != RC_OK) {
        PROMISE(is_line(&err));
        return;
    }
    (void)preset_classify(&preset, &reply, id);
    PROMISE(memchr(id, '\0', sizeof id) != NULL);
    (void)preset_find(&preset, &reply, id);
    PROMISE(memchr(id, '\0', sizeof id) != NULL);
    struct sb sb = {0};
    preset_expand("{user}{text}", values, &sb); /* values are not looked into */
    char *text = sb_take(&sb);
    PROMISE(strcmp(text, "{password}{user}") == 0);
    free(text);
    preset_fini(&preset);
}

static void read_holidays(const char *s, size_t n)
{
    struct workcal cal = {.weekdays = WORKCAL_MONDAY_TO_FRIDAY};
    struct err err = {0};
    if (workcal_read(s, n, "holidays", &cal, &err) != RC_OK)
        PROMISE(is_line(&err));
    civil_day later = workcal_later(&cal, TODAY), earlier = workcal_earlier(&cal, TODAY);
    PROMISE(later >= TODAY && later <= TODAY + 366 && earlier <= TODAY && earlier >= TODAY - 366);
    workcal_fini(&cal);
}

static void read_table(const char *s, size_t n)
{
    struct csv_table table;
    struct err err = {0};
    if (csv_table_read(s, n, "answers.csv", &table, &err) != RC_OK) {
        PROMISE(is_line(&err));
        return;
    }
    for (size_t i = 0; i < table.n; i++) {
        PROMISE(table.v[i].line > 0);
        for (size_t k = 0; k <= table.v[i].n; k++) {
            const char *cell = csv_cell(&table.v[i], k);
            PROMISE(is_sound(cell, strlen(cell)));
        }
    }
    csv_table_fini(&table);
}

static void read_date(const char *word, struct err *err)
{
    struct civil c, again;
    char text[CIVIL_TEXT_BYTES];
    int16_t minute;
    if (civil_parse(word, TODAY, &c, err) != RC_OK) {
        PROMISE(is_line(err));
    } else {
        civil_format(c, text);
        PROMISE(civil_parse(text, TODAY, &again, err) == RC_OK);
        PROMISE(c.day == again.day && c.minute == again.minute);
    }
    if (minute_parse(word, &minute, err) != RC_OK)
        PROMISE(is_line(err));
    else
        PROMISE(minute >= 0 && minute < 1440);
}

static void read_address(const char *word, struct err *err)
{
    static const char *const countries[] = {"RU", "BG", "GB"};
    char phone[PHONE_BYTES], same[PHONE_BYTES], *address, *again;
    for (size_t i = 0; i < 3; i++) {
        if (phone_parse(word, countries[i], phone, err) != RC_OK) {
            PROMISE(is_line(err));
            continue;
        }
        size_t digits = strspn(phone + 1, "0123456789");
        PROMISE(phone[0] == '+' && phone[1 + digits] == '\0' && digits >= 8 && digits <= 15);
        PROMISE(phone_parse(phone, "GB", same, err) == RC_OK && strcmp(phone, same) == 0);
    }
    if (email_parse(word, &address, err) != RC_OK) {
        PROMISE(is_line(err));
        return;
    }
    PROMISE(strpbrk(address, " \r\n<>,;\"") == NULL && strlen(address) <= 254);
    PROMISE(email_parse(address, &again, err) == RC_OK && strcmp(address, again) == 0);
    free(again);
    free(address);
}

static void read_word(const char *s, size_t n)
{
    static const char key[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    char *word = xstrndup(s, n), text[MONEY_TEXT_BYTES], token[TOKEN_BYTES];
    struct err err = {0};
    int64_t sum, again, id;
    read_date(word, &err);
    read_address(word, &err);
    if (money_parse(word, &sum, &err) != RC_OK) {
        PROMISE(is_line(&err));
    } else {
        money_format(sum, text);
        PROMISE(money_parse(text, &again, &err) == RC_OK && again == sum);
    }
    if (token_read(key, TOKEN_UNSUBSCRIBE, word, &id)) {
        token_make(key, TOKEN_UNSUBSCRIBE, id, token);
        PROMISE(strcasecmp(token, word) == 0); /* only what we made */
    }
    free(word);
}

static void read_reply(const char *s, size_t n)
{
    struct secrets secrets = {.v = {(char[]){SECRET}}, .n = 1};
    char *whole = xcalloc(n + sizeof SECRET, 1);
    memcpy(whole, s, n / 2);
    memcpy(whole + n / 2, SECRET, sizeof SECRET - 1);
    memcpy(whole + n / 2 + sizeof SECRET - 1, s + n / 2, n - n / 2);
    char *shown = reply_sanitise(whole, n + sizeof SECRET - 1, &secrets, MASK_NUMBERS);
    PROMISE(is_sound(shown, strlen(shown)) && strpbrk(shown, "\r\n\t\033\177") == NULL);
    PROMISE(strstr(shown, SECRET) == NULL);
    free(shown);
    free(whole);
}

static void read_zone(const char *s, size_t n)
{
    struct tzif tz;
    if (!tzif_parse(s, n, &tz))
        return;
    for (int64_t at = 0; at < INT64_C(7258118400); at += INT64_C(123456789)) { /* until 2200 */
        int32_t offset = tzif_offset(&tz, at);
        PROMISE(offset > -93600 && offset < 93600);
    }
    tzif_fini(&tz);
}

static void read_json(const char *s, size_t n)
{
    struct json_doc *doc = NULL;
    struct err err = {0};
    if (json_parse(s, n, "data", false, &doc, &err) != RC_OK) {
        PROMISE(is_line(&err));
        return;
    }
    char *text = json_print(json_root(doc), false);
    PROMISE(is_sound(text, strlen(text)));
    free(text);
    json_doc_free(doc);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const struct {
        char kind;
        void (*read)(const char *s, size_t n);
    } readers[] = {{'c', read_config},   {'p', read_playbook}, {'g', read_preset},
                   {'h', read_holidays}, {'s', read_table},    {'w', read_word},
                   {'r', read_reply},    {'z', read_zone},     {'j', read_json}};
    for (size_t i = 0; i < sizeof readers / sizeof *readers && size > 0; i++) {
        if (readers[i].kind != (char)bytes[0])
            continue;
        char *rest =
            xcalloc(size, 1); /* its end is seen by the sanitiser, and a zero stands behind it */
        memcpy(rest, bytes + 1, size - 1);
        readers[i].read(rest, size - 1);
        free(rest);
    }
    return 0;
}
