/* Lists of words: above all the short ones by which an agency counts things, why people did not buy, what complaints come
 * from, which stand in pps.json or are usual ones in the agency's language. Pure. */
#ifndef PPS_WORDLIST_H
#define PPS_WORDLIST_H

#include <stdbool.h>
#include <stddef.h>

struct word_list {
    char **v;
    size_t n; /* at least 1 in a configuration */
};
/* Whether two are the same word: letter case, and ё or е, make no other. Empty ones are the same as nothing. */
bool word_list_same(const char *a, const char *b);
/* As the list spells it, however it was typed; NULL: it is none of them. Borrowed from the list. */
const char *word_list_find(const struct word_list *list, const char *text);
const char *word_list_near(const struct word_list *list,
                           const char *text);       /* perhaps meant; or NULL */
char *word_list_text(const struct word_list *list); /* "price, hotel, dates …". New string. */
void word_list_fini(struct word_list *list);

#endif
