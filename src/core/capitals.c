/* Writes names as names are written: cards that were typed in a hurry, or come from another program, have МАРИЯ
 * ИВАНОВА and иванова мария, and a letter that shouts a name reads like a reminder to pay. What mixes both (DeVito,
 * МакДональд) was meant so and stays. Serves address.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "full_name.h"

/* One character in small letters, ё as ё. */
static void add_small(struct sb *sb, const char *s, size_t len, uint32_t cp)
{
    if (cp == 0x401 || cp == 0x451) {
        sb_add(sb, "ё");
        return;
    }
    char *one = xstrndup(s, len);
    char *folded = utf8_fold(one);
    sb_add(sb, folded);
    free(one);
    free(folded);
}

static bool is_capital(const char *s, size_t len, uint32_t cp)
{
    struct sb small = {0};
    add_small(&small, s, len, cp);
    bool capital = small.len != len || memcmp(small.s, s, len) != 0;
    sb_fini(&small);
    return capital;
}

/* Of Cyrillic and western letters; others stay as they are. */
static uint32_t capital_of(uint32_t cp)
{
    bool follows_by_32 = (cp >= 'a' && cp <= 'z') || (cp >= 0x430 && cp <= 0x44F) ||
                         (cp >= 0xE0 && cp <= 0xFE && cp != 0xF7);
    if (follows_by_32)
        return cp - 0x20;
    if (cp >= 0x450 && cp <= 0x45F)
        return cp - 0x50;
    return cp == 0x491 ? 0x490 : cp;
}

enum shape name_shape(const char *word, size_t len)
{
    size_t capitals = 0, letters = 0;
    bool first = false;
    for (size_t at = 0; at < len;) {
        uint32_t cp = 0;
        size_t length = utf8_decode(word + at, len - at, &cp);
        if (length == 0)
            return SHAPE_MIXED;
        if (utf8_is_letter(cp)) {
            bool capital = is_capital(word + at, length, cp);
            first = letters == 0 ? capital : first;
            capitals += capital;
            letters++;
        }
        at += length;
    }
    if (capitals == 0)
        return SHAPE_SMALL;
    if (capitals == letters && letters > 1)
        return SHAPE_CAPITALS;
    return first && capitals == 1 ? SHAPE_TITLE : SHAPE_MIXED;
}

bool name_is_particle(const char *folded)
{
    static const char *const particles[] = {
        "де",  "да",  "ди",  "дю",  "дель", "фон",  "ван",  "дер",  "ден",  "ла",  "ле",
        "аль", "эль", "ибн", "бин", "оглы", "оглу", "кызы", "кизи", "гызы", "улы", "уулу",
        "и",   "de",  "da",  "di",  "du",   "del",  "dos",  "van",  "von",  "der", "den",
        "ten", "la",  "le",  "al",  "el",   "ibn",  "bin",  "y",    "e",    "and", NULL};
    return name_is_one_of(folded, particles);
}

/* Who comes along, in "Анна и Олег с детьми": no names. */
static bool is_company(const char *folded)
{
    static const char *const words[] = {
        "с",        "со",     "дети",   "детьми",  "ребенком", "малышом", "внуками",   "внуком",
        "внучкой",  "сыном",  "дочкой", "дочерью", "мужем",    "женой",   "мамой",     "папой",
        "бабушкой", "семьей", "деца",   "децата",  "дете",     "детето",  "семейство", NULL};
    return name_is_one_of(folded, words);
}

/* Their hyphens are no hyphens of names. */
static bool is_abbreviated_title(const char *folded)
{
    static const char *const titles[] = {"г-н", "г-жа", "д-р", NULL};
    return name_is_one_of(folded, titles);
}

static bool is_apostrophe(uint32_t cp)
{
    return cp == '\'' || cp == 0x2019 || cp == 0x2018 || cp == 0x2BC;
}

/* Whether a capital stands here in a part of a name (between hyphens): at its beginning, in O'Neill, Д'Арк, McDonald,
 * but not in В'ячеслав. `letters` stand before it in the part, which begins at `part`; `before` is the character
 * before it. */
static bool begins_here(const char *part, const char *at, size_t letters, uint32_t before)
{
    static const char *const iotated[] = {"я", "ю", "є", "ї", "Я", "Ю", "Є", "Ї", NULL};
    if (letters == 0)
        return true;
    if (letters == 1 && is_apostrophe(before)) {
        for (const char *const *one = iotated; *one != NULL; one++) {
            if (str_starts(at, *one))
                return false;
        }
        return true;
    }
    bool after_mc = letters == 2 && (part[0] == 'm' || part[0] == 'M') &&
                    (part[1] == 'c' || part[1] == 'C') && at == part + 2;
    return after_mc && strcspn(at, "- ") >= 3;
}

static void add_word(struct sb *sb, const char *word)
{
    const char *part = word;
    size_t letters = 0, length;
    uint32_t before = 0;
    for (const char *s = word; *s != '\0'; s += length) {
        uint32_t cp = 0;
        length = utf8_decode(s, strlen(s), &cp);
        bool letter = utf8_is_letter(cp);
        if (letter && begins_here(part, s, letters, before)) {
            char bytes[4];
            sb_addn(sb, bytes, utf8_encode(is_capital(s, length, cp) ? cp : capital_of(cp), bytes));
        } else {
            add_small(sb, s, length, cp);
        }
        letters += letter;
        if (cp == '-') {
            part = s + 1;
            letters = 0;
        }
        before = cp;
    }
}

char *name_with_capitals(const char *text)
{
    struct sb sb = {0};
    bool first = true;
    for (const char *s = text; *s != '\0';) {
        size_t blanks = strspn(s, " "), len = strcspn(s + blanks, " ");
        sb_addn(&sb, s, blanks);
        char *word = xstrndup(s + blanks, len);
        char *folded = utf8_fold(word);
        enum shape shape = name_shape(word, len);
        bool mend = shape == SHAPE_SMALL || shape == SHAPE_CAPITALS;
        bool one_letter =
            utf8_length(word) == 1; /* И: no shape tells whether all was meant to be capitals */
        bool small = name_is_particle(folded) || is_company(folded);
        bool inside = (mend || one_letter) && !first && small;
        if (inside || (mend && is_abbreviated_title(folded)))
            sb_add(&sb, folded);
        else if (mend)
            add_word(&sb, word);
        else
            sb_add(&sb, word);
        first = first && len == 0;
        free(word);
        free(folded);
        s += blanks + len;
    }
    return sb_take(&sb);
}
