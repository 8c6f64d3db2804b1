/* Typography of a letter's words; what it does stands in the header. It works on characters, one for one wherever it can,
 * so that pieces of a paragraph keep their borders. Every rule takes both forms of what it makes (a blank and one that does
 * not break, a hyphen and a dash, straight and curved marks) for the same, so that a second time changes nothing.
 *
 * For letters only: in an SMS each of these characters may cost a part, and a script is read on a terminal. Serves letter.c
 * and markdown.c. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "typography.h"
#include "words.h"

enum {
    BREAK = 0xFDD0,
    CODE = 0xFDD1,
    NBSP = 0xA0,
    EN_DASH = 0x2013,
    EM_DASH = 0x2014,
    ELLIPSIS = 0x2026,
    APOSTROPHE = 0x2019,
    NUMERO = 0x2116,
    DELETED = 0,
    MAX_WORD = 16 /* characters of a word that any rule looks at */
};
#define NONE SIZE_MAX

/* Letters and what stands in lists is folded. A word that ends with * is the beginning of one. */
static const struct rules {
    const char *lang;
    uint32_t open[2], close[2]; /* outer marks, and those within them */
    uint32_t dash;
    bool apostrophe;
    const char *const *clings; /* short words that do not stand at the end of a line */
    const char *const *units;
} all_rules[] = {
    {.lang = "ru",
     .open = {0xAB, 0x201E},
     .close = {0xBB, 0x201C},
     .dash = EM_DASH,
     .clings =
         (const char *const[]){"в",  "к",  "с",  "о",  "у",  "и",  "а",  "во", "ко", "со", "об",
                               "на", "за", "из", "от", "до", "по", "не", "ни", "но", NULL},
     .units = (const char *const[]){"г",       "гг",      "год*",     "лет",    "век*",  "недел*",
                                    "день",    "дня",     "дней",     "дням",   "днями", "ноч*",
                                    "ч",       "час*",    "мин",      "минут*", "сек*",  "кг",
                                    "км",      "м",       "см",       "л",      "мл",    "руб*",
                                    "евро",    "доллар*", "тыс*",     "млн",    "млрд",  "взросл*",
                                    "ребен*",  "дет*",    "человек*", "звезд*", "раз*",  "поездк*",
                                    "поездок", "балл*",   "процент*", NULL}},
    {.lang = "en",
     .open = {0x201C, 0x2018},
     .close = {0x201D, 0x2019},
     .dash = EN_DASH,
     .apostrophe = true,
     .clings = (const char *const[]){NULL},
     .units = (const char *const[]){"day*",     "night*",  "week*",  "month*", "year*",   "hour*",
                                    "minute*",  "min",     "h",      "am",     "pm",      "kg",
                                    "km",       "m",       "cm",     "l",      "ml",      "mile*",
                                    "euro*",    "dollar*", "pound*", "adult*", "child*",  "people",
                                    "person*",  "star*",   "time*",  "trip*",  "percent", "million",
                                    "thousand", NULL}},
    /* Level 2 is the same as level 1: Formex of the Publications Office of the EU, table of quotation marks. */
    {.lang = "bg",
     .open = {0x201E, 0x201E},
     .close = {0x201C, 0x201C},
     .dash = EN_DASH,
     .clings = (const char *const[]){"в", "с", "и", "а", "о", "на", "за", "по", "до", "от", "из",
                                     "не", "но", "да", "че", "ще", NULL},
     .units = (const char *const[]){"г",      "год*",   "век*", "нощувк*",  "седмиц*", "ден",
                                    "дни",    "дена",   "нощ*", "ч",        "час*",    "мин",
                                    "минут*", "сек*",   "кг",   "км",       "м",       "см",
                                    "л",      "мл",     "лв",   "лева",     "евро",    "долар*",
                                    "хил*",   "млн",    "млрд", "възраст*", "дете",    "деца",
                                    "човек*", "звезд*", "път*", "процент*", NULL}},
};

/* A text as characters. */
struct page {
    const struct rules *rules;
    uint32_t *c;
    size_t n;
    bool *foreign;    /* within an address or a hashtag, without the punctuation around it */
    bool *of_foreign; /* the same, with it */
};

static const struct rules *find_rules(const char *lang)
{
    for (size_t i = 0; i < sizeof all_rules / sizeof *all_rules; i++) {
        if (str_eq(all_rules[i].lang, lang))
            return &all_rules[i];
    }
    return NULL;
}

/* ---- kinds of characters ---- */

static bool is_space(uint32_t c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == NBSP || c == 0x202F;
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_ascii_word(uint32_t c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_capital(uint32_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 0x410 && c <= 0x42F) || c == 0x401;
}

static bool is_dash(uint32_t c)
{
    return c == EN_DASH || c == EM_DASH;
}

static bool is_mark(uint32_t c)
{
    return c == '"' || c == 0xAB || c == 0xBB || (c >= 0x2018 && c <= 0x201F);
}

/* ---- neighbours; NONE at the ends ---- */

static size_t before(const struct page *p, size_t i)
{
    while (i-- > 0) {
        if (p->c[i] != BREAK && p->c[i] != DELETED)
            return i;
    }
    return NONE;
}

static size_t after(const struct page *p, size_t i)
{
    while (++i < p->n) {
        if (p->c[i] != BREAK && p->c[i] != DELETED)
            return i;
    }
    return NONE;
}

static uint32_t at(const struct page *p, size_t i)
{
    return i == NONE ? DELETED : p->c[i];
}

/* A blank, the end, or what opens: where a word or a number can begin. */
static bool begins_after(uint32_t c)
{
    return c == DELETED || is_space(c) || is_mark(c) || is_dash(c) ||
           (c < 0x80 && strchr("([{~=", (int)c) != NULL) || c == NUMERO;
}

/* ---- addresses ---- */

static bool starts(const struct page *p, size_t from, size_t to, const char *ascii)
{
    for (; *ascii != '\0'; ascii++, from++) {
        if (from >= to || p->c[from] != (unsigned char)*ascii)
            return false;
    }
    return true;
}

static bool is_foreign(const struct page *p, size_t from, size_t to)
{
    if (starts(p, from, to, "www.") || starts(p, from, to, "tel:") || at(p, from) == '#')
        return true;
    for (size_t i = from; i < to; i++) {
        bool host = p->c[i] == '.' && i > from && i + 1 < to && is_ascii_word(p->c[i - 1]) &&
                    is_ascii_word(p->c[i + 1]) && !is_digit(p->c[i + 1]);
        if (p->c[i] == '@' || p->c[i] == CODE || host || starts(p, i, to, "://"))
            return true;
    }
    return false;
}

static bool is_around(uint32_t c)
{
    return is_mark(c) || c == BREAK || c == ELLIPSIS ||
           (c < 0x80 && strchr("()[]{}<>,.!?:;'", (int)c) != NULL);
}

/* Finds what between two blanks is an address. */
static void find_foreign(struct page *p)
{
    for (size_t i = 0; i < p->n; i++) {
        size_t end = i;
        while (end < p->n && !is_space(p->c[end]))
            end++;
        size_t from = i, to = end;
        while (from < to && is_around(p->c[from]))
            from++;
        while (to > from && is_around(p->c[to - 1]))
            to--;
        if (is_foreign(p, from, to)) {
            memset(p->foreign + from, true, (to - from) * sizeof *p->foreign);
            memset(p->of_foreign + i, true, (end - i) * sizeof *p->of_foreign);
        }
        i = end;
    }
}

/* ---- quotation marks ---- */

/* For each character the next one, or the one before, that is no mark: of `"«a` both marks stand before the a. */
static void skip_marks(const struct page *p, uint32_t *left, uint32_t *right)
{
    uint32_t last = DELETED;
    for (size_t i = 0; i < p->n; i++) {
        left[i] = last;
        if (!is_mark(p->c[i]) && p->c[i] != BREAK)
            last = p->c[i];
    }
    last = DELETED;
    for (size_t i = p->n; i-- > 0;) {
        right[i] = last;
        if (!is_mark(p->c[i]) && p->c[i] != BREAK)
            last = p->c[i];
    }
}

static bool in_ascii(uint32_t c, const char *list)
{
    return c > 0 && c < 0x80 && strchr(list, (int)c) != NULL;
}

static bool may_open(uint32_t left, uint32_t right)
{
    bool edge = left == DELETED || is_space(left) || is_dash(left) || in_ascii(left, "([{-/");
    return edge && right != DELETED && !is_space(right) && right != ELLIPSIS &&
           !in_ascii(right, ".,!?:;)]}");
}

static bool may_close(uint32_t left, uint32_t right)
{
    bool edge = right == DELETED || is_space(right) || is_dash(right) || right == ELLIPSIS ||
                in_ascii(right, ".,!?:;)]}-/");
    return edge && left != DELETED && !is_space(left) && !in_ascii(left, "([{");
}

/* Straight marks and the curved ones that are there already are paired each for themselves, so that what was made of
 * straight ones leaves the pairs of the others alone. depth[i]: +1 an opening mark with a partner, -1 a closing one. */
struct pairs {
    uint32_t *left, *right;
    size_t *straight, *curved; /* stacks of opening marks */
    size_t n_straight, n_curved;
    signed char *depth;
};

static void pair_up(size_t *stack, size_t *n, struct pairs *pairs, size_t closing)
{
    if (*n == 0)
        return;
    pairs->depth[stack[--*n]] = 1;
    pairs->depth[closing] = -1;
}

static void pair_straight(struct pairs *pairs, size_t i)
{
    bool opens = may_open(pairs->left[i], pairs->right[i]);
    bool closes = may_close(pairs->left[i], pairs->right[i]);
    if (closes && (!opens || pairs->n_straight > 0))
        pair_up(pairs->straight, &pairs->n_straight, pairs, i);
    else if (opens)
        pairs->straight[pairs->n_straight++] = i;
}

/* “ closes „ and opens for ”. */
static void pair_curved(const struct page *p, struct pairs *pairs, size_t i)
{
    uint32_t c = p->c[i];
    bool low = pairs->n_curved > 0 && p->c[pairs->curved[pairs->n_curved - 1]] == 0x201E;
    if (c == 0xAB || c == 0x201E || (c == 0x201C && !low))
        pairs->curved[pairs->n_curved++] = i;
    else if (c == 0xBB || c == 0x201C || c == 0x201D)
        pair_up(pairs->curved, &pairs->n_curved, pairs, i);
}

static void set_marks(struct page *p)
{
    struct pairs pairs = {.left = xcalloc(p->n, sizeof *pairs.left),
                          .right = xcalloc(p->n, sizeof *pairs.right),
                          .straight = xcalloc(p->n, sizeof *pairs.straight),
                          .curved = xcalloc(p->n, sizeof *pairs.curved),
                          .depth = xcalloc(p->n, sizeof *pairs.depth)};
    skip_marks(p, pairs.left, pairs.right);
    for (size_t i = 0; i < p->n; i++) {
        if (p->c[i] == '"' && !p->foreign[i])
            pair_straight(&pairs, i);
        else if (is_mark(p->c[i]))
            pair_curved(p, &pairs, i);
    }
    int level = 0;
    for (size_t i = 0; i < p->n; i++) {
        if (pairs.depth[i] < 0)
            level--;
        if (pairs.depth[i] != 0 && p->c[i] == '"')
            p->c[i] = pairs.depth[i] > 0 ? p->rules->open[level % 2] : p->rules->close[level % 2];
        if (pairs.depth[i] > 0)
            level++;
    }
    free(pairs.left);
    free(pairs.right);
    free(pairs.straight);
    free(pairs.curved);
    free(pairs.depth);
}

/* ---- single signs ---- */

static void set_signs(struct page *p)
{
    for (size_t i = 0; i < p->n; i++) {
        if (p->of_foreign[i])
            continue;
        bool three = starts(p, i, p->n, "...") && (i == 0 || p->c[i - 1] != '.') &&
                     (i + 3 == p->n || p->c[i + 3] != '.');
        if (three) {
            p->c[i] = ELLIPSIS;
            p->c[i + 1] = p->c[i + 2] = DELETED;
        } else if (p->c[i] == '\'' && p->rules->apostrophe && utf8_is_letter(at(p, before(p, i))) &&
                   utf8_is_letter(at(p, after(p, i)))) {
            p->c[i] = APOSTROPHE;
        }
    }
}

/* Whether words stand on both sides of the blanks around it. */
static bool is_between_words(const struct page *p, size_t first, size_t last)
{
    size_t left = before(p, first), right = after(p, last);
    if (!is_space(at(p, left)) || !is_space(at(p, right)))
        return false;
    uint32_t a = at(p, before(p, left)), b = at(p, after(p, right));
    return a != DELETED && b != DELETED && !is_space(a) && !is_space(b);
}

static void set_dashes(struct page *p)
{
    for (size_t i = 0; i < p->n; i++) {
        bool two = starts(p, i, p->n, "--");
        if (p->c[i] != '-' || !is_between_words(p, i, i + two))
            continue;
        p->c[i] = p->rules->dash;
        if (two)
            p->c[i + 1] = DELETED;
    }
}

/* ---- blanks ---- */

static bool is_listed(const char *const *list, const char *folded)
{
    for (; *list != NULL; list++) {
        size_t n = strlen(*list);
        bool stem = (*list)[n - 1] == '*';
        if (stem ? strncmp(folded, *list, n - 1) == 0 : strcmp(folded, *list) == 0)
            return true;
    }
    return false;
}

/* n characters as a folded word. New string. */
static char *fold(const uint32_t *c, size_t n)
{
    struct sb sb = {0};
    for (size_t i = 0; i < n; i++) {
        char bytes[4];
        sb_addn(&sb, bytes, utf8_encode(c[i], bytes));
    }
    char *word = sb_take(&sb), *folded = utf8_fold(word);
    free(word);
    return folded;
}

/* The blank follows a short word that clings to the next one. */
static bool follows_short_word(const struct page *p, size_t blank)
{
    enum { SHORT = 2 };
    uint32_t word[SHORT];
    size_t n = 0, i = before(p, blank);
    for (; i != NONE && utf8_is_letter(p->c[i]) && n < SHORT; i = before(p, i))
        word[SHORT - ++n] = p->c[i];
    if (n == 0 || !begins_after(at(p, i)))
        return false;
    char *folded = fold(word + SHORT - n, n);
    bool clings = is_listed(p->rules->clings, folded);
    free(folded);
    return clings;
}

/* Whether a unit, a month or a sign stands there. */
static bool is_unit_at(const struct page *p, size_t i)
{
    uint32_t word[MAX_WORD], first = at(p, i);
    size_t n = 0;
    if (first == '%' || first == 0x2030 || first == 0xB0 || first == '$' || first == 0xA3 ||
        (first >= 0x20A0 && first <= 0x20CF))
        return true;
    for (; i != NONE && utf8_is_letter(p->c[i]) && n < MAX_WORD; i = after(p, i))
        word[n++] = p->c[i];
    if (n == 0)
        return false;
    char *folded = fold(word, n);
    bool unit = is_listed(p->rules->units, folded) || words_is_month(p->rules->lang, folded);
    free(folded);
    return unit;
}

/* The number that ends at `last`, "15", "1,5", "10:30", "5-7": where it begins, NONE when there is none; *ret_plain: it is
 * digits only. */
static size_t number_before(const struct page *p, size_t last, size_t *ret_digits, bool *ret_plain)
{
    size_t i = last, first = NONE, length = 0;
    *ret_plain = true;
    for (; i != NONE && length < MAX_WORD; i = before(p, i), length++) {
        if (is_digit(p->c[i]))
            first = i;
        else if (length > 0 && (in_ascii(p->c[i], ",.:-") || p->c[i] == EN_DASH))
            *ret_plain = false;
        else
            break;
    }
    *ret_digits = length;
    return first != NONE && is_digit(at(p, last)) && begins_after(at(p, i)) ? first : NONE;
}

/* The blank stands between a number and what it counts, or within such a number: 15 000 ₽. */
static void bind_number(struct page *p, size_t blank)
{
    size_t digits;
    bool plain;
    if (!is_unit_at(p, after(p, blank)))
        return;
    size_t first = number_before(p, before(p, blank), &digits, &plain);
    while (first != NONE) {
        p->c[blank] = NBSP;
        blank = before(p, first);
        if (!plain || digits != 3 || !is_space(at(p, blank)))
            return;
        first = number_before(p, before(p, blank), &digits, &plain);
        if (!plain || digits > 3)
            return;
    }
}

/* "И. Иванов", "т. е." */
static bool is_between_initials(const struct page *p, size_t blank)
{
    size_t dot = before(p, blank), next = after(p, blank);
    if (at(p, dot) != '.')
        return false;
    size_t letter = before(p, dot);
    uint32_t c = at(p, letter), before_it = letter == NONE ? DELETED : at(p, before(p, letter));
    if (!utf8_is_letter(c) || !(begins_after(before_it) || before_it == '.'))
        return false;
    if (is_capital(c))
        return is_capital(at(p, next));
    return utf8_is_letter(at(p, next)) && !is_capital(at(p, next)) && at(p, after(p, next)) == '.';
}

static void set_blanks(struct page *p)
{
    for (size_t i = 0; i < p->n; i++) {
        size_t left = before(p, i), right = after(p, i);
        if ((p->c[i] != ' ' && p->c[i] != '\n' && p->c[i] != NBSP) || left == NONE ||
            right == NONE || is_space(at(p, left)) || is_space(at(p, right)))
            continue;
        bool numero = at(p, right) == NUMERO || (at(p, left) == NUMERO && is_digit(at(p, right)));
        bool dash = is_dash(at(p, right)) && is_between_words(p, right, right);
        if (numero || dash || follows_short_word(p, i) || is_between_initials(p, i))
            p->c[i] = NBSP;
        else
            bind_number(p, i);
    }
}

/* ---- all of it ---- */

/* False: the text is not UTF-8. */
static bool read_page(const char *text, struct page *p)
{
    size_t bytes = strlen(text);
    p->c = xcalloc(bytes + 1, sizeof *p->c);
    p->foreign = xcalloc(bytes + 1, sizeof *p->foreign);
    p->of_foreign = xcalloc(bytes + 1, sizeof *p->of_foreign);
    for (size_t i = 0; i < bytes;) {
        size_t length = utf8_decode(text + i, bytes - i, &p->c[p->n]);
        if (length == 0)
            return false;
        i += length;
        p->n++;
    }
    return true;
}

char *typography(const char *text, const char *lang)
{
    struct page p = {.rules = find_rules(lang)};
    if (p.rules == NULL)
        return xstrdup(text);
    struct sb sb = {0};
    bool good = read_page(text, &p);
    if (good) {
        find_foreign(&p);
        set_marks(&p);
        set_signs(&p);
        set_dashes(&p);
        set_blanks(&p);
    }
    for (size_t i = 0; i < p.n && good; i++) {
        char bytes[4];
        if (p.c[i] != DELETED)
            sb_addn(&sb, bytes, utf8_encode(p.c[i], bytes));
    }
    free(p.c);
    free(p.foreign);
    free(p.of_foreign);
    return good ? sb_take(&sb) : xstrdup(text);
}

char *typography_plain(char *text)
{
    char *to = text;
    for (const char *s = text; *s != '\0';) {
        bool hard = s[0] == '\xC2' && s[1] == '\xA0';
        *to++ = hard ? ' ' : *s;
        s += hard ? 2 : 1;
    }
    *to = '\0';
    return text;
}
