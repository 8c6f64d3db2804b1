/* How the owner of a name in Latin letters is addressed: "John Smith" by the first name, "Mr John Smith" as it was
 * begun, "Mr Smith". The first name stands first, unless a Slavic surname does, as in passports: "IVANOVA MARIA".
 * Serves address.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "full_name.h"

/* The word without the dot at its end stands in the list. */
static bool is_abbreviated(const char *folded, const char *const *list)
{
    char *plain = xstrndup(folded, strcspn(folded, "."));
    bool is = name_is_one_of(plain, list);
    free(plain);
    return is;
}

static bool is_title(const char *folded)
{
    static const char *const titles[] = {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", NULL};
    return is_abbreviated(folded, titles);
}

/* "F." or "F". */
static bool is_initial(const char *folded)
{
    return folded[0] != '\0' && (folded[1] == '\0' || strcmp(folded + 1, ".") == 0);
}

static bool is_slavic_surname(const char *folded)
{
    static const char *const endings[] = {"ova",  "eva",  "ov",   "ev",     "ska",    "ski",
                                          "sky",  "skyi", "skiy", "skii",   "skaya",  "skaia",
                                          "enko", "chuk", "iuk",  "yuk",    "shvili", "dze",
                                          "tska", "tski", "tsky", "tskaya", NULL};
    return name_ends(folded, endings);
}

static bool is_given(const struct full_name *w, size_t i)
{
    return w->given[i] != GENDER_NOT_SAID;
}

/* How many words are left without "Jr." and the like at the end. */
static size_t without_suffixes(const struct full_name *w)
{
    static const char *const suffixes[] = {"jr", "sr", "ii", "iii", "iv", "phd", "md", "esq", NULL};
    size_t n = w->n;
    while (n > 1 && is_abbreviated(w->folded[n - 1], suffixes))
        n--;
    return n;
}

/* "Mr John F. Smith" -> "Mr Smith". A first name that we do not know may be a surname: NULL. */
static char *with_title(const struct full_name *w, size_t n)
{
    if (n <= 2)
        return n == 2 ? full_name_part(w, 0, 1) : NULL;
    size_t surname = 2;
    while (surname + 1 < n && is_initial(w->folded[surname]))
        surname++;
    bool sure =
        (is_given(w, 1) || is_initial(w->folded[1])) && (surname + 1 == n || !is_given(w, surname));
    if (!sure)
        return NULL;
    char *title = full_name_part(w, 0, 0), *rest = full_name_part(w, surname, n - 1);
    char *address = xasprintf("%s %s", title, rest);
    free(title);
    free(rest);
    return address;
}

/* "Ivanova Maria Petrovna" -> "Maria Petrovna". -vich is a surname as well, but not behind another one. */
static char *with_patronymic_in_latin(const struct full_name *w, size_t n)
{
    static const char *const hers[] = {"ovna", "evna", "ichna", NULL};
    static const char *const his[] = {"ovich", "evich", NULL};
    for (size_t i = 1; i < n && n <= 3; i++) {
        bool is = name_ends(w->folded[i], hers) || (n == 3 && name_ends(w->folded[i], his));
        if (is && is_given(w, i - 1))
            return full_name_part(w, i - 1, i);
    }
    return NULL;
}

/* Which word is the first name; n: unclear. */
static size_t first_name_in_latin(const struct full_name *w, size_t n)
{
    if (n == 2 && !is_given(w, 0) && is_given(w, 1))
        return is_slavic_surname(w->folded[0]) ? 1 : n;
    if (n > 4 || !is_given(w, 0))
        return n;
    if (n == 1)
        return 0;
    if (n ==
        2) { /* women's names are no surnames of men: "Martin Maria" has the surname first, or is two people */
        bool doubtful = w->given[0] == GENDER_MALE && w->given[1] == GENDER_FEMALE;
        return doubtful ? n : 0;
    }
    bool goes_on = is_initial(w->folded[1]) || name_is_particle(w->folded[1]) ||
                   (n == 3 && is_slavic_surname(w->folded[1]));
    return !is_given(w, 1) && goes_on ? 0 : n;
}

char *address_in_latin(const struct full_name *w)
{
    size_t n = without_suffixes(w);
    if (is_title(w->folded[0]))
        return with_title(w, n);
    char *address = with_patronymic_in_latin(w, n);
    if (address != NULL)
        return address;
    size_t i = first_name_in_latin(w, n);
    return i < n ? full_name_part(w, i, i) : NULL;
}
