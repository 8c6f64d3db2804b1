/* Codes of languages, as people give them. Pure. */
#ifndef PPS_LANGUAGE_H
#define PPS_LANGUAGE_H

/* The code that is meant by one that is a country's and no language's, "uk" by "ua"; NULL: it may be a language's. Static. */
const char *language_meant(const char *code);

#endif
