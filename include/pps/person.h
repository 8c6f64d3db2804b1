/* What a name tells of a person: how letters may address them. It never guesses: what a name does not say beyond doubt is
 * not known, and then the words are neutral. Whether it is a woman or a man: of names in Cyrillic only. Pure. */
#ifndef PPS_PERSON_H
#define PPS_PERSON_H

#include <stdbool.h>

#include <pps/model.h>

/* GENDER_FEMALE, GENDER_MALE, or GENDER_NOT_SAID. By the patronymic (Ивановна, Ильич, кызы), then the surnames (Иванова,
 * Ковалевский, Димитров), then a table of first names that only women or only men have. A firm, a family and two people
 * have none. */
enum gender person_gender(const char *name);

/* Two people named together: "Мария и Пётр". Both sides must be names that are known to be such. */
bool person_is_pair(const char *name);

/* The part of a card's name with which a letter addresses its owner: "Иванова Мария Петровна" -> "Мария Петровна", "МАРИЯ
 * ШЕВЧУК" -> "Мария", "John Smith" -> "John", "Mr John Smith" -> "Mr Smith"; all of it when in doubt. New string. */
char *person_address(const char *name);

/* The same of a client: what a person entered, else what the salutation tells, else the name, unless the salutation is
 * somebody else's ("colleagues"). And how they are addressed: the salutation, else by the name. New string. */
enum gender client_gender(const struct client *client);
char *client_address(const struct client *client);

#endif
