/* Private: a name taken apart, and what its words look like (full_name.c); a name without what stands on a card besides
 * (plain_name.c); first names by table (first_names.c, first_names_latin.c); short forms of them (short_name.c); how an
 * owner of such a name is addressed (address.c, address_latin.c); capitals (capitals.c) */
#ifndef PPS_CORE_FULL_NAME_H
#define PPS_CORE_FULL_NAME_H

#include <pps/person.h>

enum { NAME_MAX_WORDS = 6 };

/* Of all letters of a name. NONE: of several, or something stands in it that stands in no name of a person (a digit, a
 * quotation mark), or it has too many words. */
enum alphabet { ALPHABET_NONE, ALPHABET_CYRILLIC, ALPHABET_LATIN };

struct full_name {
    char *text;                        /* without remarks; surname and first name in the order of speech */
    const char *as_is[NAME_MAX_WORDS]; /* into the text */
    size_t len[NAME_MAX_WORDS];
    char *folded[NAME_MAX_WORDS]; /* small letters, е for ё, ' for every apostrophe */
    /* What the table of first names says. A word that is a surname as often (Роман, Бойко) is none beside another one. */
    enum gender given[NAME_MAX_WORDS];
    size_t n;
    enum alphabet alphabet;
};
void full_name_take_apart(const char *name, struct full_name *ret);
void full_name_fini(struct full_name *w);
/* "Иванова, Мария (VIP)" -> "Мария Иванова". All of it when nothing else would be left. New string. */
char *name_without_remarks(const char *name);
/* Words `first` to `last` as they stand in the name. New string. */
char *full_name_part(const struct full_name *w, size_t first, size_t last);
/* A firm, a family, people together, or nothing that could be a name: no single person. */
bool full_name_is_nobody(const struct full_name *w);
/* Somebody with a word that is no name: г-жа, тётя, доктор. */
bool full_name_has_role(const struct full_name *w);

/* Whether the word has one of the endings (a list that ends with NULL). One of several letters needs two more before
 * it. */
bool name_ends(const char *word, const char *const *endings);
bool name_is_one_of(const char *word, const char *const *list);

/* How the letters of a word are written. */
enum shape { SHAPE_SMALL, SHAPE_TITLE, SHAPE_CAPITALS, SHAPE_MIXED };
enum shape name_shape(const char *word, size_t len);
/* The text with words of nothing but small letters or nothing but capitals written as names are. New string. */
char *name_with_capitals(const char *text);
/* Words that stay small inside a name: де, van. */
bool name_is_particle(const char *folded);

/* First names of one alphabet, folded: of women, of men, and what anybody may be called. Lists that end with NULL. */
struct first_names {
    const char *const *female, *const *male, *const *anybody;
};
extern const struct first_names first_names_cyrillic, first_names_latin;
bool first_name_is_surname_too(const char *folded);
/* Танечка, Андрюша: what people of some name are called fondly. Folded. */
bool name_is_fond(const char *folded);
/* Whether anybody of this first name may be called so: Саша of Александра, Таня of Татьяна. Both folded. */
bool name_is_short_for(const char *folded, const char *first_name);

/* Which word is the patronymic, and what it tells; n: none. One of the east (кызы, оглы) follows the father's name. */
size_t patronymic_of(const struct full_name *w, enum gender *ret);
bool is_patronymic_of_the_east(const char *folded);
/* What word i tells as a surname: GENDER_NOT_SAID when it does not look like one; GENDER_UNKNOWN when another word
 * speaks against it. And of all surnames together. */
enum gender surname_gender(const struct full_name *w, size_t i);
enum gender surnames_gender(const struct full_name *w);
/* Whether the word ends as surnames do, whoever's. */
bool is_like_a_surname(const char *folded);

/* How the owner is addressed, as it stands in the name; NULL when only all of it is certain. New string. */
char *address_in_latin(const struct full_name *w);

#endif
