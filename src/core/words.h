/* Private: the lists of words of pps.json. */
#ifndef PPS_CORE_WORDS_H
#define PPS_CORE_WORDS_H

#include <pps/json.h>
#include <pps/wordlist.h>

/* The list under this key, when there is one in the file. */
enum rc word_list_read(const struct json_doc *doc, const struct json *root, const char *key,
                       struct word_list *ret, struct err *err) MUST_CHECK;
/* What is usual, in each language; every one ends with NULL. */
struct usual_words {
    const char *const *ru, *const *bg, *const *en; /* en for all other languages */
};
extern const struct usual_words usual_reasons, usual_causes;
/* Fills a list that is empty. */
void word_list_default(struct word_list *io, const struct usual_words *usual, const char *lang);

#endif
