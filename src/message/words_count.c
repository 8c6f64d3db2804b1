/* Counted nouns: a number and its noun in the form that the language wants. The rules are those of CLDR 44, "Language
 * Plural Rules", cardinal, for whole numbers:
 *   ru  one: i % 10 = 1 and i % 100 != 11 (1, 21, 101); few: i % 10 = 2..4 and i % 100 != 12..14 (2, 23); many: the rest
 *   en  one: i = 1; other
 *   bg  one: n = 1; other
 * Blanks are ordinary here: an SMS pays for the other kind, and typography.c puts it into letters. Serves context.c. */
#include <string.h>

#include <pps/str.h>

#include "words.h"

enum { FORMS = 3 };
typedef int plural_fn(long n);

static int plural_ru(long n)
{
    if (n % 10 == 1 && n % 100 != 11)
        return 0;
    return n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14) ? 1 : 2;
}

static int plural_one(long n)
{
    return n == 1 ? 0 : 1;
}

static const struct counted {
    const char *lang;
    plural_fn *form;
    const char *and;
    const char *nouns[NOUN_COUNT][FORMS];
} all_counted[] = {
    {.lang = "ru",
     .form = plural_ru,
     .and = "и",
     .nouns = {[NOUN_DAY] = {"день", "дня", "дней"},
               [NOUN_NIGHT] = {"ночь", "ночи", "ночей"},
               [NOUN_WEEK] = {"неделя", "недели", "недель"},
               [NOUN_TRIP] = {"поездка", "поездки", "поездок"},
               [NOUN_ADULT] = {"взрослый", "взрослых", "взрослых"},
               [NOUN_CHILD] = {"ребёнок", "ребёнка", "детей"}}},
    {.lang = "en",
     .form = plural_one,
     .and = "and",
     .nouns = {[NOUN_DAY] = {"day", "days"},
               [NOUN_NIGHT] = {"night", "nights"},
               [NOUN_WEEK] = {"week", "weeks"},
               [NOUN_TRIP] = {"trip", "trips"},
               [NOUN_ADULT] = {"adult", "adults"},
               [NOUN_CHILD] = {"child", "children"}}},
    {.lang = "bg",
     .form = plural_one,
     .and = "и",
     .nouns = {[NOUN_DAY] = {"ден", "дни"},
               [NOUN_NIGHT] = {"нощувка", "нощувки"},
               [NOUN_WEEK] = {"седмица", "седмици"},
               [NOUN_TRIP] = {"пътуване", "пътувания"},
               [NOUN_ADULT] = {"възрастен", "възрастни"},
               [NOUN_CHILD] = {"дете", "деца"}}},
};

static const struct counted *find_counted(const char *lang)
{
    for (size_t i = 0; i < sizeof all_counted / sizeof *all_counted; i++) {
        if (strcmp(all_counted[i].lang, lang) == 0)
            return &all_counted[i];
    }
    return NULL;
}

char *words_count(const char *lang, long n, enum noun noun)
{
    const struct counted *c = find_counted(lang);
    if (c == NULL || n < 1)
        return xstrdup("");
    return xasprintf("%ld %s", n, c->nouns[noun][c->form(n)]);
}

char *words_party(const char *lang, int adults, int children)
{
    const struct counted *c = find_counted(lang);
    if (c == NULL || adults < 1)
        return xstrdup("");
    const char *grown = c->nouns[NOUN_ADULT][c->form(adults)];
    if (children < 1)
        return xasprintf("%d %s", adults, grown);
    return xasprintf("%d %s %s %d %s", adults, grown, c->and, children,
                     c->nouns[NOUN_CHILD][c->form(children)]);
}
