/* The few words that the program itself says in letters, by language. Texts say everything else. */
#ifndef PPS_MESSAGE_WORDS_H
#define PPS_MESSAGE_WORDS_H

#include <pps/civil.h>

/* "10 декабря", "10 December", "10 декември"; with the year when it is not that of `today`. An
 * unknown language gives "2026-12-10", no date gives "". New string. */
char *words_date(const char *lang, civil_day day, civil_day today);
/* "06:40", or "" when there is no time. New string. */
char *words_time(int16_t minute);
/* What stands before the name under a letter: "С теплом,". "" in an unknown language. */
const char *words_sign_off(const char *lang);

#endif
