/* Whether a word is what somebody of that first name is called: Саша of Александра, Танечка of Татьяна. A salutation that
 * a colleague entered tells nothing of Саша, but the card's name does. Serves person.c. */
#include <string.h>

#include <pps/str.h>

#include "full_name.h"

/* Folded. Short forms that begin otherwise than the name, and what the name holds. */
static const struct {
    const char *short_form, *within;
} others[] = {
    {"саш", "алекс"},    {"саш", "олекс"},   {"сан", "алекс"},    {"шур", "алекс"},
    {"женя", "евген"},   {"женеч", "евген"}, {"жек", "евген"},    {"женя", "євген"},
    {"слав", "слав"},    {"тони", "тон"},    {"тош", "антон"},    {"ваня", "иван"},
    {"ванеч", "иван"},   {"ванюш", "иван"},  {"тома", "тамар"},   {"томоч", "тамар"},
    {"сима", "серафим"}, {"сима", "максим"}, {"ника", "вероник"}, {"сева", "всевол"},
};

enum { SAME_LETTERS = 2 };

/* The first two letters, of one byte or of two. */
static size_t beginning_of(const char *word)
{
    size_t at = 0;
    for (int letters = 0; letters < SAME_LETTERS && word[at] != '\0'; letters++)
        for (at++; ((unsigned char)word[at] & 0xC0) == 0x80; at++) {
        }
    return at;
}

bool name_is_fond(const char *folded)
{
    static const char *const endings[] = {"ечка", "очка", "енька", "онька", "ушка", "юшка",
                                          "уша",  "юша",  "уня",   "юня",   NULL};
    return name_ends(folded, endings);
}

bool name_is_short_for(const char *folded, const char *first_name)
{
    if (strncmp(folded, first_name, beginning_of(first_name)) == 0)
        return true;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (str_starts(folded, others[i].short_form) &&
            strstr(first_name, others[i].within) != NULL)
            return true;
    }
    return false;
}
