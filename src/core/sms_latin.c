/* The words of an SMS in Latin letters: a part then holds 160 characters instead of 70. Two standards that people know:
 *
 * Russian (and whatever else is written in Cyrillic): ICAO Doc 9303, part 3, the one of passports and so of the tickets in
 * the client's hand: «Мария Хохлова» is Mariia Khokhlova there, too. GOST 7.79-2000 B can be read back letter for letter, but
 * writes ы, э, ъ and ь with apostrophes and backticks, which nobody reads well, and a backtick is not even in GSM-7.
 * Bulgarian: the law on transliteration of 2009, by which every road sign is written: final «ия» is "ia", and Bulgaria keeps
 * its name.
 *
 * What comes out is GSM-7 and nothing else. Serves the templates that ask for it, and whoever counts what a text would cost
 * without its expensive characters. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <pps/sms.h>
#include <pps/str.h>
#include <pps/utf8.h>

/* а to я, U+0430 to U+044F. */
static const char *const icao[32] = {
    "a", "b", "v", "g", "d", "e",  "zh", "z",  "i",  "i",    "k",  "l", "m", "n", "o",  "p",
    "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "ie", "y", "",  "e", "iu", "ia"};
static const char *const law[32] = {"a",  "b",  "v",  "g",   "d", "e", "zh", "z", "i",  "y", "k",
                                    "l",  "m",  "n",  "o",   "p", "r", "s",  "t", "u",  "f", "h",
                                    "ts", "ch", "sh", "sht", "a", "y", "y",  "e", "yu", "ya"};

struct other {
    uint32_t cp;
    const char *latin;
};

/* Small letters of other languages, and Latin ones with marks that GSM-7 does not have; the European Cyrillic ones by Doc 9303. */
static const struct other letters[] = {
    {0x451, "e"}, {0x454, "ie"}, {0x456, "i"}, {0x457, "i"},  {0x491, "g"},  {0x45E, "u"},
    {0x45D, "i"}, {0x450, "e"},  {0x458, "j"}, {0x459, "lj"}, {0x45A, "nj"}, {0x452, "d"},
    {0x45B, "c"}, {0x45F, "dz"}, {0x4D9, "a"}, {0x4A3, "n"},  {0x493, "g"},  {0x4B1, "u"},
    {0x4AF, "u"}, {0x49B, "k"},  {0x4E9, "o"}, {0x4BB, "h"},  {0xE1, "a"},   {0xE2, "a"},
    {0xE3, "a"},  {0xE7, "c"},   {0xEA, "e"},  {0xEB, "e"},   {0xED, "i"},   {0xEE, "i"},
    {0xEF, "i"},  {0xF0, "d"},   {0xF3, "o"},  {0xF4, "o"},   {0xF5, "o"},   {0xFA, "u"},
    {0xFB, "u"},  {0xFD, "y"},   {0xFE, "th"}, {0xFF, "y"},   {0x101, "a"},  {0x103, "a"},
    {0x105, "a"}, {0x107, "c"},  {0x109, "c"}, {0x10B, "c"},  {0x10D, "c"},  {0x10F, "d"},
    {0x111, "d"}, {0x113, "e"},  {0x117, "e"}, {0x119, "e"},  {0x11B, "e"},  {0x11F, "g"},
    {0x123, "g"}, {0x12B, "i"},  {0x12F, "i"}, {0x131, "i"},  {0x137, "k"},  {0x13C, "l"},
    {0x13E, "l"}, {0x142, "l"},  {0x144, "n"}, {0x146, "n"},  {0x148, "n"},  {0x14D, "o"},
    {0x151, "o"}, {0x153, "oe"}, {0x159, "r"}, {0x15B, "s"},  {0x15F, "s"},  {0x161, "s"},
    {0x163, "t"}, {0x165, "t"},  {0x16B, "u"}, {0x16F, "u"},  {0x171, "u"},  {0x173, "u"},
    {0x17A, "z"}, {0x17C, "z"},  {0x17E, "z"}, {0x219, "s"},  {0x21B, "t"},
};

/* Signs. "" drops one. */
static const struct other signs[] = {
    {'\t', " "},     {'`', "'"},      {0xA0, " "},     {0xA9, "(c)"},   {0xAB, "\""},
    {0xAD, ""},      {0xAE, "(r)"},   {0xB0, ""},      {0xB1, "+/-"},   {0xB4, "'"},
    {0xB7, "-"},     {0xBB, "\""},    {0xBD, "1/2"},   {0xD7, "x"},     {0x2B9, "'"},
    {0x2BC, "'"},    {0x2010, "-"},   {0x2011, "-"},   {0x2012, "-"},   {0x2013, "-"},
    {0x2014, "-"},   {0x2015, "-"},   {0x2018, "'"},   {0x2019, "'"},   {0x201A, "'"},
    {0x201B, "'"},   {0x201C, "\""},  {0x201D, "\""},  {0x201E, "\""},  {0x201F, "\""},
    {0x2022, "-"},   {0x2024, "."},   {0x2025, ".."},  {0x2026, "..."}, {0x202F, " "},
    {0x2032, "'"},   {0x2033, "\""},  {0x2039, "'"},   {0x203A, "'"},   {0x20AE, "MNT"},
    {0x20AA, "ILS"}, {0x20B4, "UAH"}, {0x20B8, "KZT"}, {0x20BA, "TRY"}, {0x20BC, "AZN"},
    {0x20BD, "RUB"}, {0x20BE, "GEL"}, {0x2116, "No."}, {0x2122, "(tm)"},
    {0x2190, "<-"},  {0x2192, "->"},  {0x2212, "-"},   {0x2248, "~"},   {0x3000, " "},
};

static const char *look_up(const struct other *table, size_t n, uint32_t cp)
{
    for (size_t i = 0; i < n; i++) {
        if (table[i].cp == cp)
            return table[i].latin;
    }
    return NULL;
}

/* The small letter; *ret_capital: it was a capital one. */
static uint32_t small(uint32_t cp, bool *ret_capital)
{
    char text[5] = "";
    uint32_t folded = cp;
    text[utf8_encode(cp, text)] = '\0';
    *ret_capital = false;
    if (cp >= 0x410 &&
        cp <= 0x42F) /* the two that folding would change beyond their case stay what they are */
        folded = cp + 0x20;
    else if (cp == 0x401)
        folded = 0x451;
    else if (cp == 0x130) /* İ has a dot too many, ı has none: both are an i */
        folded = 0x131;
    else if (utf8_is_letter(cp) && cp != 0x451) {
        char *low = utf8_fold(text);
        (void)utf8_decode(low, strlen(low), &folded);
        free(low);
    }
    *ret_capital = folded != cp;
    return folded;
}

static const char *latin_of(uint32_t letter, bool bulgarian)
{
    if (letter >= 0x430 && letter <= 0x44F)
        return (bulgarian ? law : icao)[letter - 0x430];
    return look_up(letters, sizeof letters / sizeof *letters, letter);
}

static bool in_gsm7(uint32_t cp)
{
    char text[5] = "";
    text[utf8_encode(cp, text)] = '\0';
    return cp != 0 && sms_measure(text).alphabet == SMS_GSM7;
}

/* Pictures, what joins and colours them, marks over letters, and what takes no room. */
static bool is_dropped(uint32_t cp)
{
    static const uint32_t ranges[][2] = {{0x300, 0x36F},     {0x200B, 0x200F},  {0x202A, 0x202E},
                                         {0x2060, 0x206F},   {0x20D0, 0x20FF},  {0x2100, 0x214F},
                                         {0x2190, 0x2BFF},   {0xFE00, 0xFE0F},  {0xFEFF, 0xFEFF},
                                         {0x1F000, 0x1FAFF}, {0xE0000, 0xE01EF}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (cp >= ranges[i][0] && cp <= ranges[i][1])
            return true;
    }
    return cp < ' ' || cp == 0x7F;
}

static const char *sign_of(uint32_t cp)
{
    const char *sign = look_up(signs, sizeof signs / sizeof *signs, cp);
    if (sign != NULL)
        return sign;
    if (cp >= 0x2000 && cp <= 0x200A)
        return " ";
    return is_dropped(cp) ? "" : "?";
}

/* ---- writing ---- */

struct letters_at {
    const char *s, *end;
    bool bulgarian;
    bool whole;         /* nothing has become "?" */
    bool after_capital; /* the letter before was a capital one of the same word */
    struct sb out;
};

static uint32_t peek(const struct letters_at *w, const char *s)
{
    uint32_t cp = 0;
    if (s < w->end && utf8_decode(s, (size_t)(w->end - s), &cp) == 0)
        cp = 0xFFFD;
    return cp;
}

/* ЩУКА is SHTUKA, Щука is Shtuka. */
static void add_capital(struct letters_at *w, const char *latin, const char *next)
{
    bool next_capital;
    uint32_t cp = peek(w, next);
    (void)small(cp, &next_capital);
    bool all = next_capital || (w->after_capital && !utf8_is_letter(cp));
    for (size_t i = 0; latin[i] != '\0'; i++)
        sb_addc(&w->out, i == 0 || all ? (char)(latin[i] - 'a' + 'A') : latin[i]);
}

/* Bulgarian: «ия» at the end of a word is "ia"; returns how many bytes it takes, 0: it is not that. */
static size_t add_final_ia(struct letters_at *w, bool after_letter)
{
    bool capital;
    const char *next = w->s + strlen("и"), *after = next + strlen("я");
    if (!w->bulgarian || after > w->end || !after_letter ||
        small(peek(w, w->s), &capital) != 0x438 || small(peek(w, next), &capital) != 0x44F ||
        utf8_is_letter(peek(w, after)))
        return 0;
    sb_add(&w->out, capital ? "IA" : "ia");
    return strlen("ия");
}

static size_t add_name(struct letters_at *w, bool after_letter)
{
    static const char *const names[][2] = {{"България", "Bulgaria"}, {"БЪЛГАРИЯ", "BULGARIA"}};
    for (size_t i = 0; i < 2; i++) {
        size_t len = strlen(names[i][0]);
        if (w->bulgarian && !after_letter && str_starts(w->s, names[i][0]) &&
            !utf8_is_letter(peek(w, w->s + len))) {
            sb_add(&w->out, names[i][1]);
            return len;
        }
    }
    return 0;
}

static void add_sign(struct letters_at *w, const char *sign, const char *next)
{
    bool gap = sign[0] == '\0' && w->out.len > 0 && w->out.s[w->out.len - 1] == ' ';
    w->whole = w->whole && strcmp(sign, "?") != 0;
    sb_add(&w->out, sign);
    if (gap && (peek(w, next) == ' ' || next == w->end)) /* no two blanks where a picture was */
        w->out.s[--w->out.len] = '\0';
}

static void add_one(struct letters_at *w, uint32_t cp, const char *next)
{
    bool capital;
    uint32_t letter = small(cp, &capital);
    const char *latin = in_gsm7(cp) ? NULL : latin_of(letter, w->bulgarian);
    if (latin != NULL && capital)
        add_capital(w, latin, next);
    else if (latin != NULL)
        sb_add(&w->out, latin);
    else if (in_gsm7(cp))
        sb_addn(&w->out, w->s, (size_t)(next - w->s));
    else
        add_sign(w, sign_of(cp), next);
    w->after_capital = capital;
}

/* In Latin letters it would be somebody else's. (A hashtag belongs to nobody, and who reads only Latin letters can type it.) */
static bool is_address(const char *word, size_t len)
{
    static const char *const within[] = {"://", "@", ".рф", ".бг", ".бел", ".укр", ".срб"};
    char *s = xstrndup(word, len);
    bool found = false;
    for (size_t i = 0; i < sizeof within / sizeof *within && !found; i++)
        found = strstr(s, within[i]) != NULL;
    free(s);
    return found;
}

static bool is_gsm7(const char *s, size_t len)
{
    for (size_t i = 0, n = 0; i < len; i += n) {
        uint32_t cp;
        n = utf8_decode(s + i, len - i, &cp);
        if (n == 0 || !in_gsm7(cp))
            return false;
    }
    return true;
}

/* Whether an address in it has letters that GSM-7 does not have. */
static bool has_other_address(const char *text)
{
    static const char blanks[] = " \t\r\n";
    for (const char *s = text + strspn(text, blanks); *s != '\0'; s += strspn(s, blanks)) {
        size_t len = strcspn(s, blanks);
        if (is_address(s, len) && !is_gsm7(s, len))
            return true;
        s += len;
    }
    return false;
}

char *sms_latin(const char *text, const char *lang, bool *ret_whole)
{
    struct letters_at w = {
        .whole = true, .s = text, .end = text + strlen(text), .bulgarian = str_eq(lang, "bg")};
    bool after_letter = false;
    while (w.s < w.end) {
        size_t done = add_name(&w, after_letter);
        if (done == 0)
            done = add_final_ia(&w, after_letter);
        if (done > 0) {
            w.s += done;
            w.after_capital = false;
            after_letter = true;
            continue;
        }
        uint32_t cp;
        size_t len = utf8_decode(w.s, (size_t)(w.end - w.s), &cp);
        if (len == 0) {
            len = 1;
            cp = 0xFFFD;
        }
        add_one(&w, cp, w.s + len);
        after_letter = utf8_is_letter(cp);
        w.s += len;
    }
    if (ret_whole != NULL)
        *ret_whole = w.whole && !has_other_address(text);
    return sb_take(&w.out);
}
