/* How many parts a text takes as an SMS, counted as the network counts. It decides nothing about
 * money or wording; lint, previews and the gateway's report read its answer. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <pps/sms.h>
#include <pps/str.h>
#include <pps/utf8.h>

/* 3GPP TS 23.038 §6.2.1, the default alphabet: the index is the code. 0 stands for ESC.
 * Sixteen a row, as the standard prints it. */
/* clang-format off */
static const uint16_t gsm7[128] = {
    '@',   0xA3,  '$',   0xA5,  0xE8,  0xE9,  0xF9,  0xEC,  0xF2,  0xC7,  '\n',  0xD8,  0xF8,  '\r',  0xC5,  0xE5,
    0x394, '_',   0x3A6, 0x393, 0x39B, 0x3A9, 0x3A0, 0x3A8, 0x3A3, 0x398, 0x39E, 0,     0xC6,  0xE6,  0xDF,  0xC9,
    ' ',   '!',   '"',   '#',   0xA4,  '%',   '&',   '\'',  '(',   ')',   '*',   '+',   ',',   '-',   '.',   '/',
    '0',   '1',   '2',   '3',   '4',   '5',   '6',   '7',   '8',   '9',   ':',   ';',   '<',   '=',   '>',   '?',
    0xA1,  'A',   'B',   'C',   'D',   'E',   'F',   'G',   'H',   'I',   'J',   'K',   'L',   'M',   'N',   'O',
    'P',   'Q',   'R',   'S',   'T',   'U',   'V',   'W',   'X',   'Y',   'Z',   0xC4,  0xD6,  0xD1,  0xDC,  0xA7,
    0xBF,  'a',   'b',   'c',   'd',   'e',   'f',   'g',   'h',   'i',   'j',   'k',   'l',   'm',   'n',   'o',
    'p',   'q',   'r',   's',   't',   'u',   'v',   'w',   'x',   'y',   'z',   0xE4,  0xF6,  0xF1,  0xFC,  0xE0,
};
/* clang-format on */

/* TS 23.038 §6.2.1.1, the extension table: each costs an escape and a code. */
static const uint16_t gsm7_extension[] = {'\f', '^', '{', '}', '\\', '[', '~', ']', '|', 0x20AC};

struct room {
    size_t single, part; /* units in a message that is alone; in each part of a longer one */
};
static const struct room rooms[] = {
    [SMS_GSM7] = {.single = 160, .part = 153},
    [SMS_UCS2] = {.single = 70, .part = 67},
};

static bool holds(const uint16_t *table, size_t n, uint32_t cp)
{
    for (size_t i = 0; i < n; i++)
        if (table[i] == cp)
            return true;
    return false;
}

/* Septets of a character, 0 when the alphabet has no such character. */
static size_t septets(uint32_t cp)
{
    if (cp == 0)
        return 0;
    if (holds(gsm7, sizeof gsm7 / sizeof gsm7[0], cp))
        return 1;
    return holds(gsm7_extension, sizeof gsm7_extension / sizeof gsm7_extension[0], cp) ? 2 : 0;
}

static size_t utf16_units(uint32_t cp)
{
    return cp > 0xFFFF ? 2 : 1;
}

static uint32_t next_character(const char **s, const char *end)
{
    uint32_t cp;
    size_t length = utf8_decode(*s, (size_t)(end - *s), &cp);
    *s += length > 0 ? length : 1;
    return length > 0 ? cp : 0xFFFD;
}

static uint32_t first_outside_gsm7(const char *s, const char *end)
{
    while (s < end) {
        uint32_t cp = next_character(&s, end);
        if (septets(cp) == 0)
            return cp;
    }
    return 0;
}

struct sms_size sms_measure(const char *text)
{
    const char *end = text + strlen(text);
    struct sms_size size = {.parts = 1, .first_ucs2 = first_outside_gsm7(text, end)};
    size.alphabet = size.first_ucs2 == 0 ? SMS_GSM7 : SMS_UCS2;
    const struct room *room = &rooms[size.alphabet];
    size_t in_part = 0, parts = 1;
    for (const char *s = text; s < end;) {
        uint32_t cp = next_character(&s, end);
        size_t units = size.alphabet == SMS_GSM7 ? septets(cp) : utf16_units(cp);
        if (in_part + units > room->part) { /* what would be split moves to the next part whole */
            parts++;
            in_part = 0;
        }
        in_part += units;
        size.units += units;
    }
    if (size.units > room->single)
        size.parts = parts;
    return size;
}

/* ---- what makes it expensive ---- */

static void add_culprit(struct sms_culprits *list, uint32_t cp, size_t at)
{
    for (size_t i = 0; i < list->n; i++) {
        if (list->v[i].character == cp) {
            list->v[i].times++;
            return;
        }
    }
    vec_reserve(&list->v, list->n, &list->cap, sizeof *list->v);
    list->v[list->n++] = (struct sms_culprit){.character = cp, .at = at, .times = 1};
}

void sms_find_culprits(const char *text, struct sms_culprits *ret)
{
    const char *end = text + strlen(text);
    size_t cheap = first_outside_gsm7(text, end) == 0 ? 1 : 0;
    struct sms_culprits list = {0};
    for (const char *s = text; s < end;) {
        size_t at = (size_t)(s - text);
        uint32_t cp = next_character(&s, end);
        size_t units = septets(cp);
        if (cheap ? units > 1 : units == 0)
            add_culprit(&list, cp, at);
    }
    *ret = list;
}

void sms_culprits_fini(struct sms_culprits *culprits)
{
    free(culprits->v);
    *culprits = (struct sms_culprits){0};
}

size_t sms_parts_without(const char *text, const char *lang)
{
    struct sms_size size = sms_measure(text);
    if (size.alphabet == SMS_UCS2) {
        bool whole;
        char *plain = sms_latin(text, lang, &whole);
        if (whole)
            size = sms_measure(plain);
        free(plain);
        return size.parts;
    }
    size_t n = utf8_length(text);
    const struct room *room = &rooms[SMS_GSM7];
    return n <= room->single ? 1 : (n + room->part - 1) / room->part;
}
