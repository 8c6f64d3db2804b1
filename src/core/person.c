/* What a name tells of a person. "Дорогой" to a woman is worse than no "Дорогая" at all, so every rule here says what it
 * knows and what would make it doubtful, and doubt ends in "not said". Serves the salutation of letters. */
#include <stdlib.h>
#include <string.h>

#include <pps/person.h>
#include <pps/str.h>

#include "full_name.h"

/* A firm, a family, people together: no single person. Of Latin letters nothing is told. */
static bool is_no_person(const struct full_name *w)
{
    return w->alphabet != ALPHABET_CYRILLIC || full_name_is_nobody(w);
}

static bool some_first_name_is(const struct full_name *w, size_t except, enum gender gender)
{
    for (size_t i = 0; i < w->n; i++) {
        if (i != except && w->given[i] == gender)
            return true;
    }
    return false;
}

/* Some other word ends so that it is hardly a name of a man's, or a woman's. */
static bool some_word_ends(const struct full_name *w, size_t except, const char *const *endings)
{
    for (size_t i = 0; i < w->n; i++) {
        if (i != except && name_ends(w->folded[i], endings) && w->given[i] == GENDER_NOT_SAID)
            return true;
    }
    return false;
}

static const char *const soft[] = {"а", "я", "о", "е", "и", "у", "ю", "э", "ы", "ь", NULL};
static const char *const a_or_ya[] = {"а", "я", NULL};
static const char *const in_o[] = {"о", NULL};

/* ---- the patronymic ---- */

static const char *const his_of_the_east[] = {"оглы", "оглу", "улы", "уулу", NULL};
static const char *const hers_of_the_east[] = {"кызы", "кизи", "гызы", NULL};

bool is_patronymic_of_the_east(const char *folded)
{
    return name_is_one_of(folded, his_of_the_east) || name_is_one_of(folded, hers_of_the_east);
}

/* -вич is a surname as well (Рабинович), of women too: it counts after a first name of a man's, or one that is not known
 * and sounds like a man's. */
static bool is_his(const struct full_name *w, size_t i)
{
    static const char *const by_ending[] = {"ович", "евич", "ыч", NULL};
    static const char *const others[] = {"ильич",  "кузьмич", "лукич", "фомич", "никитич",
                                         "саввич", "силыч",   "ілліч", NULL};
    if (i > 0 && name_is_one_of(w->folded[i], his_of_the_east))
        return true;
    if (i == 0 || !(name_ends(w->folded[i], by_ending) || name_is_one_of(w->folded[i], others)))
        return false;
    if (w->given[i - 1] != GENDER_NOT_SAID)
        return w->given[i - 1] == GENDER_MALE;
    return !name_ends(w->folded[i - 1], soft) && !some_first_name_is(w, i, GENDER_FEMALE);
}

static bool is_hers(const char *word)
{
    static const char *const by_ending[] = {"овна", "евна", "ична", "івна", "ївна", NULL};
    return name_ends(word, by_ending) || name_is_one_of(word, hers_of_the_east);
}

size_t patronymic_of(const struct full_name *w, enum gender *ret)
{
    for (size_t i = 0; i < w->n; i++) {
        if (is_hers(w->folded[i])) {
            *ret = GENDER_FEMALE;
            return i;
        }
    }
    for (size_t i = 0; i < w->n; i++) {
        if (is_his(w, i)) {
            *ret = GENDER_MALE;
            return i;
        }
    }
    *ret = GENDER_NOT_SAID;
    return w->n;
}

/* ---- surnames ---- */

static const char *const hers[] = {"ова", "ева",  "ская", "цкая", "ска",
                                   "цка", "ська", "цька", "зька", NULL};
static const char *const his[] = {"ов",  "ев",    "ский",  "цкий",  "ской", "ски",
                                  "цки", "ський", "цький", "зький", NULL};
static const char *const hers_perhaps[] = {"ина", "ына", NULL};
static const char *const his_perhaps[] = {"ин", "ын", NULL};

/* Foreign men are called Казанова and Молина, foreign women Чаплин, and women abroad keep their husband's Иванов: the first
 * name must not speak against it, and for -ин and -ина it must not be silent either. */
static enum gender one_surname(const struct full_name *w, size_t i, const char *part)
{
    if (strcmp(part, "казанова") == 0)
        return GENDER_NOT_SAID;
    bool he = some_first_name_is(w, i, GENDER_MALE), she = some_first_name_is(w, i, GENDER_FEMALE);
    if (name_ends(part, hers))
        return he || some_word_ends(w, i, in_o) ? GENDER_UNKNOWN : GENDER_FEMALE;
    if (name_ends(part, his))
        return she || some_word_ends(w, i, a_or_ya) ? GENDER_UNKNOWN : GENDER_MALE;
    if (name_ends(part, hers_perhaps) && she && !he)
        return GENDER_FEMALE;
    if (name_ends(part, his_perhaps) && he && !she)
        return GENDER_MALE;
    return GENDER_NOT_SAID;
}

/* All that say something must say the same: else GENDER_UNKNOWN. */
static enum gender both(enum gender a, enum gender b)
{
    if (a == GENDER_NOT_SAID || a == b)
        return b;
    return b == GENDER_NOT_SAID ? a : GENDER_UNKNOWN;
}

enum gender surname_gender(const struct full_name *w, size_t i)
{
    enum gender found = GENDER_NOT_SAID;
    if (w->given[i] != GENDER_NOT_SAID)
        return GENDER_NOT_SAID;
    for (const char *part = w->folded[i]; part != NULL; part = strchr(part, '-')) {
        part += *part == '-';
        char *one = xstrndup(part, strcspn(part, "-"));
        found = both(found, one_surname(w, i, one));
        free(one);
    }
    return found;
}

/* Surnames alone, one or several, are too little to be familiar. */
enum gender surnames_gender(const struct full_name *w)
{
    enum gender found = GENDER_NOT_SAID;
    bool alone = true;
    for (size_t i = 0; i < w->n; i++) {
        enum gender gender = surname_gender(w, i);
        alone = alone && gender != GENDER_NOT_SAID;
        found = both(found, gender);
    }
    return alone ? GENDER_NOT_SAID : found;
}

bool is_like_a_surname(const char *folded)
{
    static const char *const others[] = {"ко",  "ук",  "юк",  "ич",  "ец",  "ых",  "их",
                                         "ый",  "ой",  "ник", "ян",  "янц", "дзе", "швили",
                                         "ман", "сон", "ло",  "аго", "ово", NULL};
    return name_ends(folded, hers) || name_ends(folded, his) || name_ends(folded, hers_perhaps) ||
           name_ends(folded, his_perhaps) || name_ends(folded, others);
}

static enum gender by_first_names(const struct full_name *w)
{
    bool he = some_first_name_is(w, w->n, GENDER_MALE);
    bool she = some_first_name_is(w, w->n, GENDER_FEMALE);
    if (he == she)
        return GENDER_NOT_SAID;
    return he ? GENDER_MALE : GENDER_FEMALE;
}

/* ---- what is asked ---- */

static enum gender gender_of(const struct full_name *w)
{
    enum gender gender;
    if (is_no_person(w))
        return GENDER_NOT_SAID;
    (void)patronymic_of(w, &gender);
    if (gender == GENDER_NOT_SAID)
        gender = surnames_gender(w);
    if (gender == GENDER_NOT_SAID)
        gender = by_first_names(w);
    return gender == GENDER_UNKNOWN ? GENDER_NOT_SAID : gender;
}

enum gender person_gender(const char *name)
{
    struct full_name w;
    full_name_take_apart(str_or(name, ""), &w);
    enum gender gender = gender_of(&w);
    full_name_fini(&w);
    return gender;
}

/* Whether every word of a stands in b. */
static bool is_within(const char *a, const char *b)
{
    struct full_name x, y;
    full_name_take_apart(a, &x);
    full_name_take_apart(b, &y);
    bool within = true;
    for (size_t i = 0; i < x.n; i++) {
        bool found = false;
        for (size_t k = 0; k < y.n; k++)
            found = found || strcmp(x.folded[i], y.folded[k]) == 0;
        within = within && found;
    }
    full_name_fini(&x);
    full_name_fini(&y);
    return within;
}

/* One word that is short for a first name on the card: Саша of Александра Иванова. */
static bool is_short_for(const char *salutation, const char *name)
{
    struct full_name x, y;
    full_name_take_apart(salutation, &x);
    full_name_take_apart(name, &y);
    bool is = false;
    bool a_name = x.n == 1 && (x.given[0] != GENDER_NOT_SAID || name_is_fond(x.folded[0]));
    for (size_t i = 0; i < y.n && a_name; i++)
        is = is || (y.given[i] != GENDER_NOT_SAID && name_is_short_for(x.folded[0], y.folded[i]));
    full_name_fini(&x);
    full_name_fini(&y);
    return is;
}

enum gender client_gender(const struct client *client)
{
    if (client->gender != GENDER_NOT_SAID)
        return client->gender;
    if (str_empty(client->salutation))
        return person_gender(client->name);
    enum gender gender = person_gender(client->salutation);
    if (gender == GENDER_NOT_SAID && (is_within(client->salutation, client->name) ||
                                      is_short_for(client->salutation, client->name)))
        gender = person_gender(client->name);
    return gender;
}

char *client_address(const struct client *client)
{
    return str_empty(client->salutation) ? person_address(client->name)
                                         : xstrdup(client->salutation);
}

/* There is a name that is known to be one from word `first` up to `end`. */
static bool has_name(const struct full_name *w, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        if (w->given[i] != GENDER_NOT_SAID || is_hers(w->folded[i]) || (i > first && is_his(w, i)))
            return true;
    }
    return false;
}

bool person_is_pair(const char *name)
{
    struct full_name w;
    full_name_take_apart(str_or(name, ""), &w);
    bool pair = false;
    for (size_t i = 1; i + 1 < w.n && w.alphabet == ALPHABET_CYRILLIC; i++) {
        if (strcmp(w.folded[i], "и") == 0)
            pair = has_name(&w, 0, i) && has_name(&w, i + 1, w.n);
    }
    full_name_fini(&w);
    return pair;
}
