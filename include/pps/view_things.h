/* The JSON form of what is known of a client, as <pps/views.h> has it for the other nouns. */
#ifndef PPS_VIEW_THINGS_H
#define PPS_VIEW_THINGS_H

#include <pps/known.h>
#include <pps/views.h>

/* Adds an object under key (or as an element when parent is an array and key is NULL). owner: login, or NULL. */
struct json *view_thing(struct json *parent, const char *key, const struct thing *thing,
                        const char *owner, const struct zone *zone);
/* Adds "marks": ["loyal"] */
void view_marks(struct json *object, unsigned marks);
/* Adds "facts": [{"key", "value"}] */
void view_facts(struct json *object, const struct client_facts *facts);
/* A sum as text, "1500.00"; below 0: null. */
void view_money(struct json *object, const char *key, int64_t hundredths);
/* "visit": the agreed day, with its hour when there is one; null: none is agreed. */
void view_visit(struct json *parent, struct civil visit);

#endif
