/* UTF-8: the one place that knows how text is coded, how wide it is on a terminal, how it is folded
 * for searching and what in it is unsafe to show. It must not depend on the locale of the process
 * (cron has none). Serves every room. */
#include <locale.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#include <pps/str.h>
#include <pps/utf8.h>

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */
#define QUOTE_CHARACTERS 60

struct range {
    uint32_t first, last;
};

/* Characters that take no column: marks (Mn, Me), format characters (Cf, but the soft hyphen, which
 * terminals draw, and the Arabic signs that enclose numbers) and the medial vowels of Hangul.
 * Unicode 14; above U+FFFF only what living texts contain. */
static const struct range zero_width[] = {
    {0x300, 0x36F},   {0x483, 0x489},     {0x591, 0x5BD},     {0x5BF, 0x5BF},    {0x5C1, 0x5C2},
    {0x5C4, 0x5C5},   {0x5C7, 0x5C7},     {0x610, 0x61A},     {0x61C, 0x61C},    {0x64B, 0x65F},
    {0x670, 0x670},   {0x6D6, 0x6DC},     {0x6DF, 0x6E4},     {0x6E7, 0x6E8},    {0x6EA, 0x6ED},
    {0x711, 0x711},   {0x730, 0x74A},     {0x7A6, 0x7B0},     {0x7EB, 0x7F3},    {0x7FD, 0x7FD},
    {0x816, 0x819},   {0x81B, 0x823},     {0x825, 0x827},     {0x829, 0x82D},    {0x859, 0x85B},
    {0x898, 0x89F},   {0x8CA, 0x8E1},     {0x8E3, 0x902},     {0x93A, 0x93A},    {0x93C, 0x93C},
    {0x941, 0x948},   {0x94D, 0x94D},     {0x951, 0x957},     {0x962, 0x963},    {0x981, 0x981},
    {0x9BC, 0x9BC},   {0x9C1, 0x9C4},     {0x9CD, 0x9CD},     {0x9E2, 0x9E3},    {0x9FE, 0xA02},
    {0xA3C, 0xA3C},   {0xA41, 0xA51},     {0xA70, 0xA71},     {0xA75, 0xA75},    {0xA81, 0xA82},
    {0xABC, 0xABC},   {0xAC1, 0xAC8},     {0xACD, 0xACD},     {0xAE2, 0xAE3},    {0xAFA, 0xB01},
    {0xB3C, 0xB3C},   {0xB3F, 0xB3F},     {0xB41, 0xB44},     {0xB4D, 0xB56},    {0xB62, 0xB63},
    {0xB82, 0xB82},   {0xBC0, 0xBC0},     {0xBCD, 0xBCD},     {0xC00, 0xC00},    {0xC04, 0xC04},
    {0xC3C, 0xC3C},   {0xC3E, 0xC40},     {0xC46, 0xC56},     {0xC62, 0xC63},    {0xC81, 0xC81},
    {0xCBC, 0xCBC},   {0xCBF, 0xCBF},     {0xCC6, 0xCC6},     {0xCCC, 0xCCD},    {0xCE2, 0xCE3},
    {0xD00, 0xD01},   {0xD3B, 0xD3C},     {0xD41, 0xD44},     {0xD4D, 0xD4D},    {0xD62, 0xD63},
    {0xD81, 0xD81},   {0xDCA, 0xDCA},     {0xDD2, 0xDD6},     {0xE31, 0xE31},    {0xE34, 0xE3A},
    {0xE47, 0xE4E},   {0xEB1, 0xEB1},     {0xEB4, 0xEBC},     {0xEC8, 0xECD},    {0xF18, 0xF19},
    {0xF35, 0xF35},   {0xF37, 0xF37},     {0xF39, 0xF39},     {0xF71, 0xF7E},    {0xF80, 0xF84},
    {0xF86, 0xF87},   {0xF8D, 0xFBC},     {0xFC6, 0xFC6},     {0x102D, 0x1030},  {0x1032, 0x1037},
    {0x1039, 0x103A}, {0x103D, 0x103E},   {0x1058, 0x1059},   {0x105E, 0x1060},  {0x1071, 0x1074},
    {0x1082, 0x1082}, {0x1085, 0x1086},   {0x108D, 0x108D},   {0x109D, 0x109D},  {0x1160, 0x11FF},
    {0x135D, 0x135F}, {0x1712, 0x1714},   {0x1732, 0x1733},   {0x1752, 0x1753},  {0x1772, 0x1773},
    {0x17B4, 0x17B5}, {0x17B7, 0x17BD},   {0x17C6, 0x17C6},   {0x17C9, 0x17D3},  {0x17DD, 0x17DD},
    {0x180B, 0x180F}, {0x1885, 0x1886},   {0x18A9, 0x18A9},   {0x1920, 0x1922},  {0x1927, 0x1928},
    {0x1932, 0x1932}, {0x1939, 0x193B},   {0x1A17, 0x1A18},   {0x1A1B, 0x1A1B},  {0x1A56, 0x1A56},
    {0x1A58, 0x1A60}, {0x1A62, 0x1A62},   {0x1A65, 0x1A6C},   {0x1A73, 0x1A7F},  {0x1AB0, 0x1B03},
    {0x1B34, 0x1B34}, {0x1B36, 0x1B3A},   {0x1B3C, 0x1B3C},   {0x1B42, 0x1B42},  {0x1B6B, 0x1B73},
    {0x1B80, 0x1B81}, {0x1BA2, 0x1BA5},   {0x1BA8, 0x1BA9},   {0x1BAB, 0x1BAD},  {0x1BE6, 0x1BE6},
    {0x1BE8, 0x1BE9}, {0x1BED, 0x1BED},   {0x1BEF, 0x1BF1},   {0x1C2C, 0x1C33},  {0x1C36, 0x1C37},
    {0x1CD0, 0x1CD2}, {0x1CD4, 0x1CE0},   {0x1CE2, 0x1CE8},   {0x1CED, 0x1CED},  {0x1CF4, 0x1CF4},
    {0x1CF8, 0x1CF9}, {0x1DC0, 0x1DFF},   {0x200B, 0x200F},   {0x202A, 0x202E},  {0x2060, 0x206F},
    {0x20D0, 0x20F0}, {0x2CEF, 0x2CF1},   {0x2D7F, 0x2D7F},   {0x2DE0, 0x2DFF},  {0x302A, 0x302D},
    {0x3099, 0x309A}, {0xA66F, 0xA672},   {0xA674, 0xA67D},   {0xA69E, 0xA69F},  {0xA6F0, 0xA6F1},
    {0xA802, 0xA802}, {0xA806, 0xA806},   {0xA80B, 0xA80B},   {0xA825, 0xA826},  {0xA82C, 0xA82C},
    {0xA8C4, 0xA8C5}, {0xA8E0, 0xA8F1},   {0xA8FF, 0xA8FF},   {0xA926, 0xA92D},  {0xA947, 0xA951},
    {0xA980, 0xA982}, {0xA9B3, 0xA9B3},   {0xA9B6, 0xA9B9},   {0xA9BC, 0xA9BD},  {0xA9E5, 0xA9E5},
    {0xAA29, 0xAA2E}, {0xAA31, 0xAA32},   {0xAA35, 0xAA36},   {0xAA43, 0xAA43},  {0xAA4C, 0xAA4C},
    {0xAA7C, 0xAA7C}, {0xAAB0, 0xAAB0},   {0xAAB2, 0xAAB4},   {0xAAB7, 0xAAB8},  {0xAABE, 0xAABF},
    {0xAAC1, 0xAAC1}, {0xAAEC, 0xAAED},   {0xAAF6, 0xAAF6},   {0xABE5, 0xABE5},  {0xABE8, 0xABE8},
    {0xABED, 0xABED}, {0xFB1E, 0xFB1E},   {0xFE00, 0xFE0F},   {0xFE20, 0xFE2F},  {0xFEFF, 0xFEFF},
    {0xFFF9, 0xFFFB}, {0x1D167, 0x1D169}, {0x1D173, 0x1D182}, {0xE0001, 0xE01EF}};

/* East Asian wide and full-width characters, emoji among them. Unicode 14. */
static const struct range double_width[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},
    {0x23F0, 0x23F0},   {0x23F3, 0x23F3},   {0x25FD, 0x25FE},   {0x2614, 0x2615},
    {0x2648, 0x2653},   {0x267F, 0x267F},   {0x2693, 0x2693},   {0x26A1, 0x26A1},
    {0x26AA, 0x26AB},   {0x26BD, 0x26BE},   {0x26C4, 0x26C5},   {0x26CE, 0x26CE},
    {0x26D4, 0x26D4},   {0x26EA, 0x26EA},   {0x26F2, 0x26F3},   {0x26F5, 0x26F5},
    {0x26FA, 0x26FA},   {0x26FD, 0x26FD},   {0x2705, 0x2705},   {0x270A, 0x270B},
    {0x2728, 0x2728},   {0x274C, 0x274C},   {0x274E, 0x274E},   {0x2753, 0x2755},
    {0x2757, 0x2757},   {0x2795, 0x2797},   {0x27B0, 0x27B0},   {0x27BF, 0x27BF},
    {0x2B1B, 0x2B1C},   {0x2B50, 0x2B50},   {0x2B55, 0x2B55},   {0x2E80, 0x3029},
    {0x302E, 0x303E},   {0x3041, 0x3096},   {0x309B, 0x3247},   {0x3250, 0x4DBF},
    {0x4E00, 0xA4C6},   {0xA960, 0xA97C},   {0xAC00, 0xD7A3},   {0xF900, 0xFAD9},
    {0xFE10, 0xFE19},   {0xFE30, 0xFE6B},   {0xFF01, 0xFF60},   {0xFFE0, 0xFFE6},
    {0x16FE0, 0x16FE3}, {0x16FF0, 0x1B2FB}, {0x1F004, 0x1F004}, {0x1F0CF, 0x1F0CF},
    {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A}, {0x1F200, 0x1F320}, {0x1F32D, 0x1F335},
    {0x1F337, 0x1F37C}, {0x1F37E, 0x1F393}, {0x1F3A0, 0x1F3CA}, {0x1F3CF, 0x1F3D3},
    {0x1F3E0, 0x1F3F0}, {0x1F3F4, 0x1F3F4}, {0x1F3F8, 0x1F43E}, {0x1F440, 0x1F440},
    {0x1F442, 0x1F4FC}, {0x1F4FF, 0x1F53D}, {0x1F54B, 0x1F54E}, {0x1F550, 0x1F567},
    {0x1F57A, 0x1F57A}, {0x1F595, 0x1F596}, {0x1F5A4, 0x1F5A4}, {0x1F5FB, 0x1F64F},
    {0x1F680, 0x1F6C5}, {0x1F6CC, 0x1F6CC}, {0x1F6D0, 0x1F6D2}, {0x1F6D5, 0x1F6DF},
    {0x1F6EB, 0x1F6EC}, {0x1F6F4, 0x1F6FC}, {0x1F7E0, 0x1F7F0}, {0x1F90C, 0x1F93A},
    {0x1F93C, 0x1F945}, {0x1F947, 0x1F9FF}, {0x1FA70, 0x1FAF6}, {0x20000, 0x3FFFD}};

/* What RFC 3629 allows after each kind of first byte. */
static const struct lead {
    unsigned char first, last; /* the first byte */
    unsigned char length;
    unsigned char second_first, second_last; /* closes overlong forms, surrogates, > U+10FFFF */
} leads[] = {
    {0xC2, 0xDF, 2, 0x80, 0xBF}, {0xE0, 0xE0, 3, 0xA0, 0xBF}, {0xE1, 0xEC, 3, 0x80, 0xBF},
    {0xED, 0xED, 3, 0x80, 0x9F}, {0xEE, 0xEF, 3, 0x80, 0xBF}, {0xF0, 0xF0, 4, 0x90, 0xBF},
    {0xF1, 0xF3, 4, 0x80, 0xBF}, {0xF4, 0xF4, 4, 0x80, 0x8F},
};

static const struct lead *lead_of(unsigned char byte)
{
    for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++)
        if (byte >= leads[i].first && byte <= leads[i].last)
            return &leads[i];
    return NULL;
}

/* How many of the first bytes can begin a character; the whole character when *ret_whole. */
static size_t good_bytes(const unsigned char *s, size_t n, bool *ret_whole)
{
    *ret_whole = false;
    if (n == 0)
        return 0;
    if (s[0] < 0x80) {
        *ret_whole = true;
        return 1;
    }
    const struct lead *lead = lead_of(s[0]);
    if (lead == NULL)
        return 0;
    if (n < 2 || s[1] < lead->second_first || s[1] > lead->second_last)
        return 1;
    for (size_t i = 2; i < lead->length; i++)
        if (i >= n || (s[i] & 0xC0) != 0x80)
            return i;
    *ret_whole = true;
    return lead->length;
}

size_t utf8_decode(const char *s, size_t n, uint32_t *ret_cp)
{
    const unsigned char *u = (const unsigned char *)s;
    bool whole;
    size_t length = good_bytes(u, n, &whole);
    if (!whole)
        return 0;
    uint32_t cp = length == 1 ? u[0] : u[0] & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++)
        cp = cp << 6 | (u[i] & 0x3Fu);
    *ret_cp = cp;
    return length;
}

size_t utf8_encode(uint32_t cp, char buf[4])
{
    static const unsigned char marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
    if (cp < 0x80) {
        buf[0] = (char)cp;
        return 1;
    }
    size_t length = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--, cp >>= 6)
        buf[i] = (char)(unsigned char)(0x80 | (cp & 0x3F));
    buf[0] = (char)(unsigned char)(marks[length] | cp);
    return length;
}

size_t utf8_valid_until(const char *s, size_t n)
{
    size_t at = 0;
    while (at < n) {
        uint32_t cp;
        size_t length = utf8_decode(s + at, n - at, &cp);
        if (length == 0)
            break;
        at += length;
    }
    return at;
}

static bool in_ranges(uint32_t cp, const struct range *ranges, size_t n)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (cp > ranges[middle].last)
            low = middle + 1;
        else if (cp < ranges[middle].first)
            high = middle;
        else
            return true;
    }
    return false;
}
#define IN(cp, ranges) in_ranges((cp), (ranges), sizeof(ranges) / sizeof(ranges)[0])

bool utf8_is_unsafe(uint32_t cp)
{
    static const struct range unsafe[] = {
        {0x00, 0x08},     {0x0B, 0x1F},     {0x7F, 0x9F},     {0x61C, 0x61C},
        {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069},
    };
    return IN(cp, unsafe);
}

static size_t columns_of(uint32_t cp)
{
    if (cp < 0x300)
        return 1;
    return IN(cp, zero_width) ? 0 : IN(cp, double_width) ? 2 : 1;
}

/* The next character of a string that should be valid; a stray byte counts as one narrow character.
 */
static size_t next(const char *s, size_t n, uint32_t *ret_cp)
{
    size_t length = utf8_decode(s, n, ret_cp);
    if (length > 0)
        return length;
    *ret_cp = 0xFFFD;
    return 1;
}

size_t utf8_width(const char *s)
{
    size_t n = strlen(s), width = 0;
    for (size_t at = 0; at < n;) {
        uint32_t cp;
        at += next(s + at, n - at, &cp);
        width += columns_of(cp);
    }
    return width;
}

size_t utf8_prefix_bytes(const char *s, size_t columns)
{
    size_t n = strlen(s), at = 0, width = 0;
    while (at < n) {
        uint32_t cp;
        size_t length = next(s + at, n - at, &cp);
        width += columns_of(cp);
        if (width > columns)
            break;
        at += length;
    }
    return at;
}

bool utf8_is_visible(const char *s)
{
    /* Blanks of all widths, and signs that leave their place empty: soft hyphen, fillers of Hangul, Braille without dots. */
    static const uint32_t blanks[][2] = {
        {0, 0x20},        {0x7F, 0xA0},     {0xAD, 0xAD},     {0x115F, 0x1160}, {0x1680, 0x1680},
        {0x2000, 0x200F}, {0x2028, 0x202F}, {0x205F, 0x206F}, {0x2800, 0x2800}, {0x3000, 0x3000},
        {0x3164, 0x3164}, {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}};
    size_t n = strlen(s);
    for (size_t at = 0; at < n;) {
        uint32_t cp;
        at += next(s + at, n - at, &cp);
        bool blank = columns_of(cp) == 0;
        for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++)
            blank = blank || (cp >= blanks[i][0] && cp <= blanks[i][1]);
        if (!blank)
            return true;
    }
    return false;
}

/* The offset after the first `characters` characters, or the end. */
static size_t offset_of(const char *s, size_t n, size_t characters)
{
    size_t at = 0;
    for (uint32_t cp; at < n && characters > 0; characters--)
        at += next(s + at, n - at, &cp);
    return at;
}

size_t utf8_length(const char *s)
{
    size_t n = strlen(s), length = 0;
    uint32_t cp;
    for (size_t at = 0; at < n; length++)
        at += next(s + at, n - at, &cp);
    return length;
}

/* The C library's case tables. Opened once and kept: a locale object never changes, so that threads
 * may share it, and it is not the locale of the process. NULL when the C library has no such
 * locale. */
static locale_t case_tables(void)
{
    static _Atomic(locale_t) kept;
    locale_t tables = atomic_load(&kept);
    if (tables != NULL)
        return tables;
    tables = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);
    locale_t nobody = NULL;
    if (tables != NULL && !atomic_compare_exchange_strong(&kept, &nobody, tables)) {
        freelocale(tables);
        tables = nobody;
    }
    return tables;
}

bool utf8_is_letter(uint32_t cp)
{
    locale_t tables = case_tables();
    if (tables != NULL)
        return iswalpha_l((wint_t)cp, tables) != 0;
    return (cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z') || (cp >= 0xC0 && cp <= 0x52F);
}

static uint32_t fold_one(uint32_t cp, locale_t tables)
{
    if (tables != NULL)
        cp = (uint32_t)towlower_l((wint_t)cp, tables);
    else if ((cp >= 'A' && cp <= 'Z') || (cp >= 0x410 && cp <= 0x42F))
        cp += 0x20;
    else if (cp >= 0x400 && cp <= 0x40F)
        cp += 0x50;
    return cp == 0x451 ? 0x435 : cp; /* ё is written е as often as not */
}

/* Some systems write «й» and «ё» as two characters. What the mark makes of the letter before it, or
 * 0. */
static uint32_t joined(uint32_t letter, uint32_t mark)
{
    if (letter == 0x438 && mark == 0x306)
        return 0x439; /* й */
    return letter == 0x435 && mark == 0x308 ? 0x435 : 0;
}

char *utf8_fold(const char *s)
{
    struct sb sb = {0};
    size_t n = strlen(s);
    uint32_t before = 0;
    for (size_t at = 0; at < n;) {
        uint32_t cp;
        size_t length = utf8_decode(s + at, n - at, &cp);
        if (length == 0) {
            sb_addc(&sb, s[at++]); /* not ours to mend: searching compares bytes */
            before = 0;
            continue;
        }
        at += length;
        cp = fold_one(cp, case_tables());
        uint32_t one = joined(before, cp);
        if (one != 0) {
            sb.len -= 2; /* Cyrillic letters take two bytes */
            cp = one;
        }
        char bytes[4];
        sb_addn(&sb, bytes, utf8_encode(cp, bytes));
        before = cp;
    }
    return sb_take(&sb);
}

static void add_printable(struct sb *sb, const char *s, size_t n, bool one_line)
{
    for (size_t at = 0; at < n;) {
        uint32_t cp;
        size_t length = utf8_decode(s + at, n - at, &cp);
        if (length == 0) {
            bool whole;
            size_t good = good_bytes((const unsigned char *)s + at, n - at, &whole);
            at += good > 0 ? good : 1;
            sb_add(sb, REPLACEMENT);
            continue;
        }
        if (utf8_is_unsafe(cp))
            sb_add(sb, REPLACEMENT);
        else if (one_line && (cp == '\t' || cp == '\n'))
            sb_addc(sb, ' ');
        else
            sb_addn(sb, s + at, length);
        at += length;
    }
}

char *utf8_printable(const char *s, bool one_line)
{
    struct sb sb = {0};
    add_printable(&sb, s, strlen(s), one_line);
    return sb_take(&sb);
}

char *utf8_quote(const char *s)
{
    struct sb sb = {0};
    size_t n = strlen(s);
    size_t shown = offset_of(s, n, QUOTE_CHARACTERS);
    sb_addc(&sb, '"');
    add_printable(&sb, s, shown, true);
    sb_add(&sb, shown < n ? "…\"" : "\"");
    return sb_take(&sb);
}
