/* How the owner of a name is addressed in a letter, an SMS, or on the telephone: by first name and patronymic, or by
 * the first name. What is not certain stays the whole name: better stiff than somebody else's. Serves the templates'
 * client.salutation and client.dear. */
#include <stdlib.h>

#include <pps/person.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "full_name.h"

/* "Иванова Мария Петровна" and "Мария Петровна Иванова", but "Лейла" of "Алиева Лейла Тофик кызы". NULL: unclear. */
static char *with_patronymic(const struct full_name *w, size_t i)
{
    if (is_patronymic_of_the_east(w->folded[i]))
        return i >= 2 && w->n <= 4 ? full_name_part(w, i - 2, i - 2) : NULL;
    if (i == 0 || w->n > 4 || (w->n == 4 && w->given[i - 1] == GENDER_NOT_SAID))
        return NULL;
    return full_name_part(w, i - 1, i);
}

/* Of two words one is the first name when it is known as such. Of more the others must look like surnames ("Мария
 * Димитрова Петрова"), or it stands first, before one, or before a particle ("Мария де Соуза"). */
static bool is_the_only_one(const struct full_name *w, size_t given)
{
    bool surnames = true;
    for (size_t i = 0; i < w->n; i++)
        surnames = surnames && (i == given || is_like_a_surname(w->folded[i]));
    if (w->n <= 2 || surnames)
        return true;
    return given == 0 &&
           (name_is_particle(w->folded[1]) || (w->n == 3 && is_like_a_surname(w->folded[1])));
}

/* Whether all words are written in this way. */
static bool all_are(const struct full_name *w, enum shape shape)
{
    for (size_t i = 0; i < w->n; i++) {
        if (name_shape(w->as_is[i], w->len[i]) != shape)
            return false;
    }
    return true;
}

/* A word that no table knows, beside surnames that tell women from men: a first name, unless it does not look like
 * one. */
static bool may_be_first_name(const struct full_name *w, size_t i)
{
    enum shape shape = name_shape(w->as_is[i], w->len[i]);
    return (shape == SHAPE_TITLE || all_are(w, SHAPE_CAPITALS)) && utf8_length(w->folded[i]) >= 3 &&
           !is_like_a_surname(w->folded[i]);
}

/* Which word is none of the surnames, when they agree; n: unclear. */
static size_t beside_surnames(const struct full_name *w)
{
    enum gender gender = surnames_gender(w);
    if (w->n > 3 || (gender != GENDER_FEMALE && gender != GENDER_MALE))
        return w->n;
    size_t found = w->n;
    for (size_t i = 0; i < w->n; i++) {
        if (surname_gender(w, i) == gender)
            continue;
        if (found != w->n)
            return w->n;
        found = i;
    }
    return found < w->n && may_be_first_name(w, found) ? found : w->n;
}

/* Which word is the first name; n: unclear. */
static size_t first_name_of(const struct full_name *w)
{
    size_t known = 0, given = w->n;
    for (size_t i = 0; i < w->n; i++) {
        if (w->given[i] != GENDER_NOT_SAID) {
            known++;
            given = i;
        }
    }
    if (known == 0)
        return beside_surnames(w);
    return known == 1 && is_the_only_one(w, given) ? given : w->n;
}

static char *address_in_cyrillic(const struct full_name *w)
{
    enum gender gender;
    size_t i = patronymic_of(w, &gender);
    if (i < w->n)
        return with_patronymic(w, i);
    i = first_name_of(w);
    return i < w->n ? full_name_part(w, i, i) : NULL;
}

/* A whole name is mended only when all of it is written alike, and when it is people's: what stands in capitals
 * beside other words may be meant to (ГУП Цветов). */
static bool is_to_mend(const struct full_name *w, const char *name)
{
    bool alike = all_are(w, SHAPE_CAPITALS) || all_are(w, SHAPE_SMALL);
    return (alike && person_gender(name) != GENDER_NOT_SAID) || person_is_pair(name);
}

char *person_address(const char *name)
{
    struct full_name w;
    char *part = NULL;
    name = str_or(name, "");
    full_name_take_apart(name, &w);
    if (!full_name_is_nobody(&w) && !full_name_has_role(&w))
        part = w.alphabet == ALPHABET_LATIN ? address_in_latin(&w) : address_in_cyrillic(&w);
    const char *whole =
        w.alphabet == ALPHABET_NONE ? name : w.text; /* whatever that may be, stays */
    bool mend = part != NULL || is_to_mend(&w, name);
    char *address = mend ? name_with_capitals(part ? part : whole) : xstrdup(whole);
    full_name_fini(&w);
    free(part);
    return address;
}
