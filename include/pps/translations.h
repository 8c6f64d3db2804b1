/* What the agency calls itself, its people and their positions, its clients and where they go, in other languages. It writes
 * them once, in its own; who reads another alphabet gets what pps.json says instead, or the same in Latin letters. Pure. */
#ifndef PPS_TRANSLATIONS_H
#define PPS_TRANSLATIONS_H

#include <stdbool.h>
#include <stddef.h>

struct translation {
    char *lang; /* of the reader: "en" */
    char *text; /* as the agency writes it: "Тёплые страны" */
    char *said; /* "Warm Countries" */
};
struct translations {
    struct translation *v;
    size_t n, cap;
};
void translations_fini(struct translations *t);

/* A name or an address as a reader of `lang` gets it: translated, else in Latin letters for who does not read Cyrillic, else
 * as it is. own: the language in which it was written, which says how letters are rendered. lang NULL: a colleague, who reads
 * everything as it is. text may be NULL. New string. */
char *name_for_reader(const struct translations *t, const char *own, const char *lang,
                      const char *text);
/* Nobody has said how it reads in that language, so that name_for_reader makes it up, as it can. text may be NULL. */
bool name_is_made_up(const struct translations *t, const char *lang, const char *text);
/* The same of how somebody is addressed, with what is no name in English: "г-жа Ким" is "Ms Kim", "Мария и Пётр" "Mariia and
 * Petr". New string. */
char *address_for_reader(const struct translations *t, const char *own, const char *lang,
                         const char *address);
/* The same of words ("директор"), which nobody understands in other letters: "" when they are not translated. New string. */
char *words_for_reader(const struct translations *t, const char *lang, const char *text);

#endif
