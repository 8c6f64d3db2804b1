/* The few words that the program itself says in letters, by language. Texts say everything else. */
#ifndef PPS_MESSAGE_WORDS_H
#define PPS_MESSAGE_WORDS_H

#include <pps/civil.h>
#include <pps/heed.h>
#include <pps/model.h>

/* "10 декабря", "10 December", "10 декември"; with the year when it is not that of `today`. An
 * unknown language gives "2026-12-10", no date gives "". New string. */
char *words_date(const char *lang, civil_day day, civil_day today);
/* Whether the folded word is a month as it stands after a day. */
bool words_is_month(const char *lang, const char *folded);
/* "06:40", or "" when there is no time. New string. */
char *words_time(int16_t minute);
/* "в четверг", "on Thursday", "в четвъртък"; "" when there is no day or the language is unknown. New string. */
char *words_weekday(const char *lang, civil_day day);

/* What is counted. */
enum noun { NOUN_DAY, NOUN_NIGHT, NOUN_WEEK, NOUN_TRIP, NOUN_ADULT, NOUN_CHILD, NOUN_COUNT };
/* "7 ночей", "1 night", "3 нощувки"; "" when n is below 1 or the language is unknown. New string. */
char *words_count(const char *lang, long n, enum noun noun);
/* "2 взрослых и 1 ребёнок", "2 adults and 1 child"; "" when there are no adults or the language is unknown. New string. */
char *words_party(const char *lang, int adults, int children);

/* The opening of a letter without its end mark: "Дорогая Мария Ивановна", "Здравствуйте, Саша", "Dear Maria", "Скъпи
 * Петър", and with a title "Уважаемая госпожа Иванова"; in an unknown language only how the client is addressed. New
 * string. address: how the client is addressed, as a reader of lang gets it. */
char *words_dear(const char *lang, const struct client *client, const char *address);
/* What people typed, to stand as a sentence: with a full stop unless it has an end of its own. "" stays. text may be NULL.
 * New string. */
char *words_sentence(const char *text);
/* What stands before the name under a letter: "С теплом,". "" in an unknown language. */
const char *words_sign_off(const char *lang);

/* Why something waits, of what the program says beside its cause: in an unknown language, and of what people and servers
 * said, the reason as it is. reason may be NULL. New string. */
char *words_reason(const char *lang, enum cause cause, const char *reason);
/* "не беспокоить до 15 декабря; открыта жалоба P2"; in an unknown language as heed_words. NULL: nothing. New string. */
char *words_heed(const char *lang, const struct heed *heed, civil_day today);

#endif
